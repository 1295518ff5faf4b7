//! The same words from several places: a mail in a thread and on its own, a quotation of a message that is there.

use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use jiff::Timestamp;

use super::material::Passage;
use super::reading::{Draft, DraftRole};

/// The messages of one mail source.
pub(super) struct Mails<'a> {
    pub(super) drafts: &'a mut Vec<Draft>,
    pub(super) left_out: &'a mut Vec<String>,
}

/// Leaves out what stands elsewhere in these sources too. `sources` come in a fixed order, so that the result is one.
pub(super) fn drop_copies(mut sources: Vec<Mails<'_>>) {
    drop_repeated_mails(&mut sources);
    // Of two copies of a lost message, the one that says more about its sender is kept.
    let mut copied: Vec<(bool, bool, usize, usize)> = Vec::new();
    for (source, mails) in sources.iter().enumerate() {
        let rows = mails.drafts.iter().enumerate().filter(|(_, draft)| draft.role == DraftRole::Copied);
        copied.extend(rows.map(|(n, draft)| (draft.address.is_none() && draft.speaker.is_none(), draft.at.is_none(), source, n)));
    }
    copied.sort_unstable();
    let mut known = Known::default();
    if !copied.is_empty() {
        let own = sources.iter().flat_map(|mails| mails.drafts.iter()).filter(|draft| draft.role == DraftRole::Own);
        own.for_each(|draft| known.learn(draft));
    }
    let mut dropped = vec![0; sources.len()];
    for (_, _, source, n) in copied {
        let draft = &mut sources[source].drafts[n];
        dropped[source] += known.drop_known(draft);
        known.learn(draft);
    }
    for (mails, dropped) in sources.iter_mut().zip(dropped) {
        mails.drafts.retain(|draft| !draft.passages.is_empty());
        if dropped > 0 {
            mails.left_out.push(format!("{dropped} × quoted text that stands in another message"));
        }
    }
}

/// One mail that came twice is read once. A short answer that somebody sent twice is two mails.
fn drop_repeated_mails(sources: &mut [Mails<'_>]) {
    type Sent = Vec<(Option<String>, Option<Timestamp>)>;
    let mut seen: BTreeMap<(Option<String>, Vec<u64>), Sent> = BTreeMap::new();
    for mails in sources.iter_mut() {
        let before = mails.drafts.len();
        mails.drafts.retain(|draft| {
            if draft.role != DraftRole::Own {
                return true;
            }
            let sender = draft.address.clone().or_else(|| draft.speaker.as_ref().map(|name| name.to_lowercase()));
            let sent = seen.entry((sender, word_hashes(draft))).or_default();
            let is_same = |id: &Option<String>, at: &Option<Timestamp>| {
                id.is_some() && *id == draft.message_id || at.is_none() || draft.at.is_none() || *at == draft.at
            };
            let is_repeated = sent.iter().any(|(id, at)| is_same(id, at));
            if !is_repeated {
                sent.push((draft.message_id.clone(), draft.at));
            }
            !is_repeated
        });
        let dropped = before - mails.drafts.len();
        if dropped > 0 {
            mails.left_out.push(format!("{dropped} × mail that another source has too"));
        }
    }
}

/// Words in a row that tell one text from another.
const RUN: usize = 5;

/// What was read already.
#[derive(Default)]
struct Known {
    runs: HashSet<u64>,
    /// Passages too short for a run.
    short: HashSet<u64>,
}

impl Known {
    fn learn(&mut self, draft: &Draft) {
        let mut words = Vec::new();
        for passage in &draft.passages {
            let start = words.len();
            push_hashes(passage, &mut words);
            if words.len() - start < RUN {
                self.short.insert(hash(&words[start..]));
            }
        }
        self.runs.extend(words.windows(RUN).map(hash));
    }

    /// Takes the passages out that are known; returns how many. Short ones go with the rest of their message, since
    /// "Yes." says too little to be known by.
    fn drop_known(&self, draft: &mut Draft) -> usize {
        let before = draft.passages.len();
        let words: Vec<Vec<u64>> = draft.passages.iter().map(passage_hashes).collect();
        let is_known_run = |words: &[u64]| words.windows(RUN).all(|run| self.runs.contains(&hash(run)));
        let long: Vec<Option<bool>> = words.iter().map(|words| (words.len() >= RUN).then(|| is_known_run(words))).collect();
        let has_long = long.iter().any(Option::is_some);
        let all_long_are_known = has_long && long.iter().flatten().all(|known| *known);
        let is_short_known = |words: &[u64]| all_long_are_known || !has_long && self.short.contains(&hash(words));
        let mut known = words.iter().zip(&long).map(|(words, long)| long.unwrap_or_else(|| is_short_known(words)));
        draft.passages.retain(|_| !known.next().unwrap_or_default());
        before - draft.passages.len()
    }
}

fn word_hashes(draft: &Draft) -> Vec<u64> {
    let mut words = Vec::new();
    draft.passages.iter().for_each(|passage| push_hashes(passage, &mut words));
    words
}

fn passage_hashes(passage: &Passage) -> Vec<u64> {
    let mut words = Vec::new();
    push_hashes(passage, &mut words);
    words
}

/// Words without case and punctuation: a quotation is wrapped anew, but its words stay.
fn push_hashes(passage: &Passage, words: &mut Vec<u64>) {
    let mut lower = String::new();
    for word in passage.text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        lower.clear();
        if word.is_ascii() {
            lower.push_str(word);
            lower.make_ascii_lowercase();
        } else {
            lower.push_str(&word.to_lowercase());
        }
        words.push(hash(&lower));
    }
}

fn hash<T: Hash + ?Sized>(value: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
