//! The same words from several places: a mail in a thread and on its own, a quotation of a message that is there, a note
//! pasted from a mail, one call as captions and as text.
//!
//! A passage is left out only if its words stand in full in another message that is kept. Of several copies the one
//! that knows most of its sender and time is kept.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::{SignedDuration, Timestamp};

use super::material::PassageKind;
use super::names;
use super::overlap::{Found, Stretch, find};
use super::people::People;
use super::reading::{Draft, DraftRole, Reading, RemovedKind};
use super::words::{Place, Words};
use crate::domain::event::SourceType;
use crate::domain::handoff::Source;

/// The words of one source, taken while its readable text is still there.
#[derive(Debug, Default)]
pub(super) struct SourceWords {
    words: Words,
    /// The passages of each draft.
    passages: Vec<Vec<Place>>,
    /// Each draft's passages, and the signature and footer below them: quotations often keep those.
    drafts: Vec<std::ops::Range<usize>>,
    /// Headers of copied messages.
    headers: Vec<Place>,
}

impl SourceWords {
    pub(super) fn of(reading: &Reading) -> Self {
        let mut own = Self::default();
        let below = removed_below(reading);
        for (draft, below) in reading.drafts.iter().zip(below) {
            let start = own.words.len();
            own.passages.push(draft.passages.iter().map(|passage| own.words.push(&passage.text)).collect());
            below.into_iter().for_each(|text| drop(own.words.push(text)));
            own.drafts.push(start..own.words.len());
        }
        for removed in reading.removed.iter().filter(|removed| removed.kind == RemovedKind::QuoteHeader) {
            own.headers.extend(removed.spans.iter().filter_map(|span| reading.text.get(span.start..span.end)).map(|text| own.words.push(text)));
        }
        own.words.shrink();
        own
    }
}

/// What was removed below each draft: the pieces that come after its last passage and before another's.
fn removed_below(reading: &Reading) -> Vec<Vec<&str>> {
    let mut below = vec![Vec::new(); reading.drafts.len()];
    if reading.removed.is_empty() {
        return below;
    }
    let ends = |(n, draft): (usize, &Draft)| draft.passages.iter().map(move |passage| (passage.span.end, n)).collect::<Vec<_>>();
    let mut ends: Vec<(usize, usize)> = reading.drafts.iter().enumerate().flat_map(ends).collect();
    ends.sort_unstable();
    let is_trailer = |kind: RemovedKind| match kind {
        RemovedKind::Signature | RemovedKind::DeviceLine | RemovedKind::LegalFooter | RemovedKind::ListFooter => true,
        RemovedKind::Quote | RemovedKind::QuoteHeader => false,
    };
    for span in reading.removed.iter().filter(|removed| is_trailer(removed.kind)).flat_map(|removed| &removed.spans) {
        let before = ends.partition_point(|(end, _)| *end <= span.start);
        let owner = before.checked_sub(1).map(|n| ends[n].1);
        if let (Some(owner), Some(text)) = (owner, reading.text.get(span.start..span.end)) {
            below[owner].push(text);
        }
    }
    below
}

/// One source with its words.
pub(super) struct Spoken<'a> {
    pub(super) source: &'a Source,
    pub(super) reading: &'a mut Reading,
    pub(super) words: &'a SourceWords,
}

/// Leaves out what stands elsewhere in the handoff too. `sources` come in a fixed order, so that the result is one.
pub(super) fn drop_copies(sources: &mut [Spoken<'_>], people: &People) {
    let messages = messages(sources, people);
    let runs = runs(&messages, sources);
    let wanted = Wanted::of(&messages, sources);
    let words: Vec<&Words> = sources.iter().map(|spoken| &spoken.words.words).collect();
    let stretches: Vec<Stretch> = runs.iter().map(|run| run.stretch.clone()).collect();
    let found = find(&words, &stretches, &wanted.texts);
    let mut sieve = Sieve::new(&messages, sources, &words, &wanted, &found);
    for run in &runs {
        run.messages.iter().for_each(|message| sieve.sift(*message));
        sieve.sift_short_neighbours(run);
    }
    let dropped = std::mem::take(&mut sieve.dropped);
    leave_out(&messages, dropped, sources);
}

/// What is asked of one message when it is compared.
struct Message {
    source: usize,
    draft: usize,
    role: DraftRole,
    source_type: SourceType,
    kind: Kind,
    who: Option<usize>,
    is_named: bool,
    at: Option<Timestamp>,
    id: Option<String>,
    /// Number of its first passage among all passages.
    first: usize,
    passages: Vec<Place>,
    /// Place in the order of knowledge: the lower one is kept.
    rank: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Field,
    Turn,
    Text,
}

impl Message {
    fn weight(&self) -> usize {
        self.passages.iter().map(|place| place.weight).sum()
    }

    fn words(&self) -> std::ops::Range<usize> {
        let (first, last) = (self.passages.first(), self.passages.last());
        first.map_or(0, |place| place.words.start)..last.map_or(0, |place| place.words.end)
    }
}

/// Who is known best, first. Turns of one call are ranked together, since they make sense together.
type Knowledge = (u8, DraftRole, bool, bool, u8, Reverse<usize>, Option<Timestamp>, usize, usize);

fn messages(sources: &[Spoken<'_>], people: &People) -> Vec<Message> {
    let mut messages = Vec::new();
    let mut ranked: Vec<(Knowledge, usize)> = Vec::new();
    let mut first = 0;
    for (n, spoken) in sources.iter().enumerate() {
        let of_call = call_knowledge(n, spoken);
        for (draft, passages) in spoken.reading.drafts.iter().zip(&spoken.words.passages) {
            let number = ranked.len() - ranked.partition_point(|(_, at)| messages_of(&messages, *at) < n);
            let knowledge = of_call.map_or_else(|| knowledge(spoken, draft, n, number), |call| (call.0, call.1, call.2, call.3, call.4, call.5, call.6, n, number));
            ranked.push((knowledge, messages.len()));
            messages.push(message(n, number, spoken, draft, people, first, passages));
            first += passages.len();
        }
    }
    ranked.sort_unstable();
    ranked.iter().enumerate().for_each(|(rank, (_, message))| messages[*message].rank = rank);
    messages
}
