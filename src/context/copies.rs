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
    let mut known = Known::default();
    for mails in &sources {
        mails.drafts.iter().filter(|draft| draft.role == DraftRole::Own).for_each(|draft| known.learn(draft));
    }
    // Of two copies of a lost message, the one that says more about its sender is kept.
    let mut copied: Vec<(bool, bool, usize, usize)> = Vec::new();
    for (source, mails) in sources.iter().enumerate() {
        let rows = mails.drafts.iter().enumerate().filter(|(_, draft)| draft.role == DraftRole::Copied);
        copied.extend(rows.map(|(n, draft)| (draft.address.is_none() && draft.speaker.is_none(), draft.at.is_none(), source, n)));
    }
    copied.sort_unstable();
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
        self.runs.extend(word_hashes(draft).windows(RUN).map(hash));
        let short = draft.passages.iter().map(passage_hashes).filter(|words| words.len() < RUN);
        self.short.extend(short.map(|words| hash(&words)));
    }

    /// Takes the passages out that are known; returns how many. Short ones go with the rest of their message, since
    /// "Yes." says too little to be known by.
    fn drop_known(&self, draft: &mut Draft) -> usize {
        let before = draft.passages.len();
        let is_known_run = |passage: &Passage| {
            let words = passage_hashes(passage);
            (words.len() >= RUN).then(|| words.windows(RUN).all(|run| self.runs.contains(&hash(run))))
        };
        let long: Vec<bool> = draft.passages.iter().filter_map(is_known_run).collect();
        let all_long_are_known = !long.is_empty() && long.iter().all(|known| *known);
        draft.passages.retain(|passage| {
            let is_short_known = || all_long_are_known || long.is_empty() && self.short.contains(&hash(&passage_hashes(passage)));
            !is_known_run(passage).unwrap_or_else(is_short_known)
        });
        before - draft.passages.len()
    }
}

fn word_hashes(draft: &Draft) -> Vec<u64> {
    draft.passages.iter().flat_map(passage_hashes).collect()
}

/// Words without case and punctuation: a quotation is wrapped anew, but its words stay.
fn passage_hashes(passage: &Passage) -> Vec<u64> {
    let words = passage.text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| hash(&word.to_lowercase())).collect()
}

fn hash<T: Hash + ?Sized>(value: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
