//! The same words from several places: a mail in a thread and on its own, a quotation of a message that is there, a note
//! pasted from a mail, one call as captions and as text.
//!
//! A passage is left out only if its words stand in full in another message that is kept. Of several copies the one
//! that knows most of its sender and time is kept.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use jiff::{SignedDuration, Timestamp};

use super::overlap::{Found, Stretch, find};
use super::people::People;
use super::reading::DraftRole;
use super::spoken::{Kind, Message, SourceWords, Spoken, messages};
use super::words::Words;
use crate::domain::event::SourceType;

/// Leaves out what stands elsewhere in the handoff too. `sources` come in a fixed order, so that the result is one.
pub(super) fn drop_copies(sources: &mut [Spoken<'_>], people: &People) {
    let elsewhere = elsewhere(sources, people);
    leave_out(&elsewhere, sources);
}

/// Of every passage of every source: where its words stand, if it is left out.
fn elsewhere(sources: &[Spoken<'_>], people: &People) -> Vec<Option<Elsewhere>> {
    let messages = messages(sources, people);
    let runs = runs(&messages);
    let wanted = Wanted::of(&messages);
    let sources: Vec<&SourceWords> = sources.iter().map(|spoken| spoken.words).collect();
    let words: Vec<&Words> = sources.iter().map(|source| &source.words).collect();
    let headers = sources
        .iter()
        .enumerate()
        .flat_map(|(n, source)| source.headers.iter().map(move |place| Stretch::new(n, &place.words())));
    let found = find(&words, runs.iter().map(|run| run.stretch).chain(headers), &wanted.texts);
    let passages = wanted.passages.len();
    let mut sieve = Sieve { messages: &messages, sources, wanted, found, dropped: vec![None; passages], short: HashMap::new() };
    for run in &runs {
        run.messages.iter().for_each(|message| sieve.sift(*message));
        sieve.sift_neighbours(run);
    }
    sieve.dropped
}

/// Words in a row, and the messages whose words they are.
struct Run {
    stretch: Stretch,
    messages: Vec<usize>,
}

/// All words, those of the messages that know most first. The turns of a call are one run: tools cut it differently.
fn runs(messages: &[Message<'_>]) -> Vec<Run> {
    let mut ranked: Vec<usize> = (0..messages.len()).collect();
    ranked.sort_unstable_by_key(|message| messages[*message].rank);
    let mut runs: Vec<Run> = Vec::new();
    for n in ranked {
        let message = &messages[n];
        match runs.last_mut() {
            Some(run) if message.kind == Kind::Turn && run.stretch.source() == message.source => run.messages.push(n),
            _ => runs.push(Run { stretch: Stretch::new(message.source, &message.surroundings), messages: vec![n] }),
        }
    }
    runs
}

/// What is looked for: passages, and whole messages of short ones.
struct Wanted {
    texts: Vec<Stretch>,
    /// The text of every passage that is long enough to be looked for.
    passages: Vec<Option<u32>>,
    /// The text of every message that has passages too short alone.
    wholes: Vec<Option<u32>>,
}

impl Wanted {
    fn of(messages: &[Message<'_>]) -> Self {
        let mut wanted = Self { texts: Vec::new(), passages: Vec::new(), wholes: Vec::new() };
        let repeated = Repeated::of(messages);
        for message in messages {
            let may_be_copy = repeated.may_be_copy(message);
            for place in message.places {
                let text = (may_be_copy && place.weight() >= QUOTED).then(|| wanted.want(message.source, &place.words()));
                wanted.passages.push(text.flatten());
            }
            let has_short = message.places.len() > 1 && message.places.iter().any(|place| place.weight() < QUOTED);
            let is_wanted = may_be_copy && has_short && message.weight() >= QUOTED;
            let whole = is_wanted.then(|| wanted.want(message.source, &message.words()));
            wanted.wholes.push(whole.flatten());
        }
        wanted
    }

    fn want(&mut self, source: usize, words: &Range<usize>) -> Option<u32> {
        let number = u32::try_from(self.texts.len()).ok()?;
        self.texts.push(Stretch::new(source, words));
        Some(number)
    }
}

/// What mails have in common that may be one mail. Most mails of a large mbox are no copies, and need not be looked for.
struct Repeated<'a> {
    ids: HashMap<&'a str, usize>,
    /// When somebody's mails were sent, in steps of twice the tolerance and shifted by one.
    sent: HashMap<(usize, i64), usize>,
}

impl<'a> Repeated<'a> {
    fn of(messages: &[Message<'a>]) -> Self {
        let mut repeated = Self { ids: HashMap::new(), sent: HashMap::new() };
        for message in messages.iter().filter(|message| message.role == DraftRole::Own) {
            if let Some(id) = message.id {
                *repeated.ids.entry(id).or_default() += 1;
            }
            for step in steps(message.at) {
                *repeated.sent.entry((message.who.unwrap_or(usize::MAX), step)).or_default() += 1;
            }
        }
        repeated
    }

    fn may_be_copy(&self, message: &Message<'_>) -> bool {
        let is_own_mail = message.role == DraftRole::Own && message.source_type == SourceType::EmailThread;
        let (Some(who), true) = (message.who.filter(|_| is_own_mail), message.is_named) else { return true };
        let is_repeated = |count: Option<&usize>| count.is_some_and(|count| *count > 1);
        message.at.is_none()
            || message.id.is_some_and(|id| is_repeated(self.ids.get(id)))
            || steps(message.at)
                .any(|step| is_repeated(self.sent.get(&(who, step))) || self.sent.contains_key(&(usize::MAX, step)))
    }
}

/// Two times within the tolerance have a step in common.
fn steps(at: Option<Timestamp>) -> impl Iterator<Item = i64> {
    let width = 2 * SAME_MAIL.as_secs();
    let step = |at: Timestamp| [at.as_second().div_euclid(width) * 2, (at.as_second() + width / 2).div_euclid(width) * 2 + 1];
    at.map(step).into_iter().flatten()
}

/// Words that a quotation, or a turn of a call, must have to be known by them.
const QUOTED: usize = 5;
/// The same for what somebody wrote himself: people use the same few words again.
const WRITTEN: usize = 8;
/// The same for a value of a record: a value is a fact of its own, only a description is a text.
const RECORDED: usize = 12;
/// Mails that were delivered twice have the same date, give or take a relay.
const SAME_MAIL: SignedDuration = SignedDuration::from_secs(90);
/// The same words by the same person in a chat and in a mail, or in two transcripts of a call.
const SAME_DAY: SignedDuration = SignedDuration::from_hours(24);
/// Quotations give local times without a zone.
const SAME_QUOTED: SignedDuration = SignedDuration::from_hours(26);

/// Whether the words of `copy`, which stand in `kept`, may be left out.
fn stands_for(kept: &Message<'_>, copy: &Message<'_>, weight: usize) -> bool {
    let least = match (kept.kind, copy.kind) {
        (Kind::Field, _) | (_, Kind::Field) => RECORDED,
        (Kind::Turn, Kind::Turn) => QUOTED,
        _ if copy.role != DraftRole::Own => QUOTED,
        _ => WRITTEN,
    };
    weight >= least && (copy.role != DraftRole::Own || may_be_one(kept, copy))
}

/// Whether two texts of the same words may be one message. Who repeats himself says it twice.
fn may_be_one(kept: &Message<'_>, copy: &Message<'_>) -> bool {
    let are_mails = kept.source_type == SourceType::EmailThread && copy.source_type == SourceType::EmailThread;
    let is_near = |tolerance| is_near(kept, copy, tolerance).unwrap_or(true);
    if kept.source == copy.source && !are_mails {
        return false;
    }
    if are_mails && kept.id.is_some() && kept.id == copy.id {
        return true;
    }
    if !kept.is_named || !copy.is_named {
        return kept.source != copy.source || is_near(SAME_MAIL);
    }
    let may_be_same_person = kept.who.is_none() || copy.who.is_none() || kept.who == copy.who;
    may_be_same_person && is_near(if are_mails { SAME_MAIL } else { SAME_DAY })
}

/// Whether a message too short to be known by its words is another one: then sender and time must say it.
fn is_same_short(kept: &Message<'_>, copy: &Message<'_>) -> bool {
    let tolerance = if copy.role != DraftRole::Own { SAME_QUOTED } else { SAME_MAIL };
    let is_same_person = kept.who.is_some() && kept.who == copy.who;
    kept.id.is_some() && kept.id == copy.id || is_same_person && is_near(kept, copy, tolerance) == Some(true)
}

/// `None` if one of them has no time.
fn is_near(a: &Message<'_>, b: &Message<'_>, tolerance: SignedDuration) -> Option<bool> {
    Some(a.at?.duration_since(b.at?).abs() <= tolerance)
}

/// Where the words of a passage that was left out stand.
#[derive(Debug, Clone, Copy)]
struct Elsewhere {
    source: u32,
    /// The first of the words.
    at: u32,
    /// The message they are in; `None`: the header of a quotation.
    message: Option<u32>,
}

impl Elsewhere {
    fn new(source: usize, at: usize, message: Option<usize>) -> Self {
        // What [`Stretch`] could hold fits here too.
        let fitted = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { source: fitted(source), at: fitted(at), message: message.map(fitted) }
    }
}

/// Goes through the messages, those that know most first, and drops what stands in one that was kept.
struct Sieve<'a> {
    messages: &'a [Message<'a>],
    sources: Vec<&'a SourceWords>,
    wanted: Wanted,
    found: Found,
    /// Of every passage.
    dropped: Vec<Option<Elsewhere>>,
    /// Kept messages that are too short to be looked for, by their words.
    short: HashMap<Vec<u32>, Vec<usize>>,
}

/// Short messages of the same words that are compared by sender and time.
const MOST_SHORT: usize = 16;

impl Sieve<'_> {
    fn sift(&mut self, n: usize) {
        let message = &self.messages[n];
        let whole = self.wanted.wholes[n].and_then(|text| self.elsewhere(n, text, message.weight()));
        if let Some(whole) = whole {
            let start = message.words().start;
            for (passage, place) in message.passages().zip(message.places) {
                let offset = place.words().start - start;
                self.dropped[passage] = Some(Elsewhere { at: whole.at + u32::try_from(offset).unwrap_or(0), ..whole });
            }
            return;
        }
        for (passage, place) in message.passages().zip(message.places) {
            let text = self.wanted.passages[passage];
            self.dropped[passage] = text.and_then(|text| self.elsewhere(n, text, place.weight()));
        }
        if message.kind == Kind::Text && message.weight() < QUOTED && !message.places.is_empty() {
            self.sift_short(n);
        }
    }

    /// The first place where a text stands that may stand for it.
    fn elsewhere(&self, n: usize, text: u32, weight: usize) -> Option<Elsewhere> {
        let mut places = self.found.places(text as usize);
        places.find_map(|(source, words)| self.may_stand(n, source, words, weight))
    }

    /// Whether words may stand for `weight` words of a message: they are kept, and known better.
    fn may_stand(&self, n: usize, source: usize, words: Range<usize>, weight: usize) -> Option<Elsewhere> {
        let copy = &self.messages[n];
        let mut covered = 0;
        let mut message = None;
        for (owner, passage, place) in self.passages_in(source, &words) {
            let kept = &self.messages[owner];
            let is_better = kept.rank < copy.rank && stands_for(kept, copy, weight);
            if self.dropped[passage].is_some() || owner == n || !is_better {
                return None;
            }
            message = message.or(Some(owner));
            covered += place.end.min(words.end) - place.start.max(words.start);
        }
        // Signatures and headers are not kept, but a quotation of one is no loss.
        let is_kept = covered == words.len() || copy.role != DraftRole::Own;
        is_kept.then(|| Elsewhere::new(source, words.start, message))
    }

    /// The passages of a source that have some of these words: message, number and words.
    fn passages_in(&self, source: usize, words: &Range<usize>) -> impl Iterator<Item = (usize, usize, Range<usize>)> {
        let places = &self.sources[source].places;
        let start = places.partition_point(|place| place.words().end <= words.start);
        let end = places.partition_point(|place| place.words().start < words.end).max(start);
        let from = self.messages.partition_point(|message| message.source < source);
        let first = self.messages[from..].first().map_or(0, |message| message.first);
        (start..end).map(move |n| {
            let passage = first + n;
            let owner = self.messages.partition_point(|message| message.first <= passage) - 1;
            (owner, passage, places[n].words())
        })
    }

    fn sift_short(&mut self, n: usize) {
        let message = &self.messages[n];
        let words = self.sources[message.source].words.get(message.words()).to_vec();
        let kept = self.short.entry(words).or_default();
        match kept.iter().find(|other| is_same_short(&self.messages[**other], message)) {
            Some(other) => {
                let original = &self.messages[*other];
                let there = Elsewhere::new(original.source, original.words().start, Some(*other));
                self.dropped[message.passages()].fill(Some(there));
            }
            None if kept.len() < MOST_SHORT => kept.push(n),
            None => {}
        }
    }

    /// A short passage goes with the one before or after it if it stands there too.
    fn sift_neighbours(&mut self, run: &Run) {
        let of = |message: usize| self.messages[message].passages().map(move |passage| (message, passage));
        let passages: Vec<(usize, usize)> = run.messages.iter().copied().flat_map(of).collect();
        for pair in passages.windows(2) {
            self.sift_neighbour(pair[0], pair[1]);
        }
        for pair in passages.windows(2).rev() {
            self.sift_neighbour(pair[1], pair[0]);
        }
    }

    /// Each is a message and a passage of it.
    fn sift_neighbour(&mut self, known: (usize, usize), other: (usize, usize)) {
        let (Some(there), None) = (self.dropped[known.1], self.dropped[other.1]) else { return };
        let Some(owner) = there.message else { return };
        let words_of = |(message, passage): (usize, usize)| {
            let message = &self.messages[message];
            message.places[passage - message.first].words()
        };
        let (known_words, words) = (words_of(known), words_of(other));
        let at = there.at as usize;
        let start = if known.1 < other.1 { Some(at + known_words.len()) } else { at.checked_sub(words.len()) };
        let Some(there_words) = start.map(|start| start..start + words.len()) else { return };
        let surroundings = &self.messages[owner as usize].surroundings;
        let is_within = there_words.start >= surroundings.start && there_words.end <= surroundings.end;
        if words.is_empty() || !is_within {
            return;
        }
        let own = self.sources[self.messages[other.0].source].words.get(words);
        if own == self.sources[there.source as usize].words.get(there_words.clone()) {
            let found = self.may_stand(other.0, there.source as usize, there_words, usize::MAX);
            self.dropped[other.1] = found.map(|found| Elsewhere { message: Some(owner), ..found });
        }
    }
}

/// Takes the passages out and says so in the receipts.
fn leave_out(elsewhere: &[Option<Elsewhere>], sources: &mut [Spoken<'_>]) {
    let ids: Vec<&str> = sources.iter().map(|spoken| spoken.source.id.as_str()).collect();
    let mut next = elsewhere.iter();
    for (source, spoken) in sources.iter_mut().enumerate() {
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for draft in &mut spoken.reading.drafts {
            draft.passages.retain(|_| match next.next() {
                Some(Some(there)) => {
                    *counts.entry(there.source as usize).or_default() += 1;
                    false
                }
                Some(None) | None => true,
            });
        }
        spoken.reading.left_out.extend(receipt_lines(source, &counts, &ids));
    }
}

/// Sources that a line of a receipt names.
const MOST_NAMED: usize = 3;

fn receipt_lines(source: usize, counts: &BTreeMap<usize, usize>, ids: &[&str]) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(count) = counts.get(&source) {
        lines.push(format!("{count} × text that stands in another message of it"));
    }
    let mut others: Vec<(usize, usize)> = counts.iter().filter(|(n, _)| **n != source).map(|(n, count)| (*n, *count)).collect();
    let total: usize = others.iter().map(|(_, count)| count).sum();
    others.sort_by_key(|(n, count)| (Reverse(*count), *n));
    let named: Vec<String> = others.iter().take(MOST_NAMED).map(|(n, _)| format!("`{}`", ids[*n])).collect();
    let more = others.len().saturating_sub(MOST_NAMED);
    match (named.is_empty(), more) {
        (true, _) => {}
        (false, 0) => lines.push(format!("{total} × text that stands in {} too", named.join(", "))),
        (false, _) => lines.push(format!("{total} × text that stands in {} and {more} more sources too", named.join(", "))),
    }
    lines
}
