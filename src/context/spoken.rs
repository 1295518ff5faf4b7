//! What [`copies`](super::copies) asks of a message: its words, and what is known of its sender and time.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::ops::Range;

use jiff::Timestamp;

use super::material::PassageKind;
use super::names;
use super::people::People;
use super::reading::{Draft, DraftRole, Reading, RemovedKind};
use super::words::{Place, Words};
use crate::domain::event::SourceType;
use crate::domain::handoff::Source;

/// The words of one source.
#[derive(Debug, Default)]
pub(super) struct SourceWords {
    pub(super) words: Words,
    /// All passages, in the order of the drafts.
    pub(super) places: Vec<Place>,
    drafts: Vec<DraftWords>,
    /// Headers of copied messages.
    pub(super) headers: Vec<Place>,
}

#[derive(Debug)]
struct DraftWords {
    /// Which of the places are its passages.
    places: Range<usize>,
    /// Its passages, and the signature and footer below them: quotations often keep those.
    words: Range<usize>,
}

impl SourceWords {
    /// Takes the words of a source, and its readable text with them: the passages hold what is needed of it.
    pub(super) fn take(reading: &mut Reading) -> Self {
        let below = removed_below(reading);
        let headers = reading.removed.iter().filter(|removed| removed.kind == RemovedKind::QuoteHeader);
        let headers = headers.flat_map(|removed| &removed.spans).filter_map(|span| reading.text.get(span.start..span.end));
        let headers: Vec<String> = headers.map(str::to_owned).collect();
        reading.text = String::new();
        let mut own = Self::default();
        for (draft, below) in reading.drafts.iter().zip(below) {
            let (place, word) = (own.places.len(), own.words.len());
            own.places.extend(draft.passages.iter().map(|passage| own.words.push(&passage.text)));
            for text in below {
                own.words.push(&text);
            }
            own.drafts.push(DraftWords { places: place..own.places.len(), words: word..own.words.len() });
        }
        own.headers = headers.iter().map(|header| own.words.push(header)).collect();
        own.words.shrink();
        own
    }
}

/// What was removed below each draft: the pieces that come after its last passage and before another's.
fn removed_below(reading: &Reading) -> Vec<Vec<String>> {
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
            below[owner].push(text.to_owned());
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

/// One message, for comparing.
pub(super) struct Message<'a> {
    pub(super) source: usize,
    pub(super) role: DraftRole,
    pub(super) source_type: SourceType,
    pub(super) kind: Kind,
    pub(super) who: Option<usize>,
    pub(super) is_named: bool,
    pub(super) at: Option<Timestamp>,
    pub(super) id: Option<&'a str>,
    pub(super) places: &'a [Place],
    /// Number of its first passage among the passages of all messages.
    pub(super) first: usize,
    /// Words that belong together with it: its own and those of its signature; of a turn, all of its call.
    pub(super) surroundings: Range<usize>,
    /// Place in the order of knowledge: of two copies the one with the lower rank is kept.
    pub(super) rank: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Field,
    Turn,
    Text,
}

impl Message<'_> {
    pub(super) fn weight(&self) -> usize {
        self.places.iter().map(|place| place.weight()).sum()
    }

    pub(super) fn words(&self) -> Range<usize> {
        match self.places {
            [first, .., last] => first.words().start..last.words().end,
            [only] => only.words(),
            [] => 0..0,
        }
    }

    /// Numbers of its passages.
    pub(super) fn passages(&self) -> Range<usize> {
        self.first..self.first + self.places.len()
    }
}

/// The messages of all sources, in their order.
pub(super) fn messages<'a>(sources: &'a [Spoken<'_>], people: &People) -> Vec<Message<'a>> {
    let mut messages = Vec::new();
    let mut ranked = Vec::new();
    let mut first = 0;
    for (source, spoken) in sources.iter().enumerate() {
        let call = Knowledge::of_call(spoken);
        for (draft, words) in spoken.reading.drafts.iter().zip(&spoken.words.drafts) {
            let own = Knowledge::of(draft, spoken.source.source_type);
            ranked.push((call.unwrap_or(own), messages.len()));
            let kind = match draft.passages.first() {
                _ if call.is_some() => Kind::Turn,
                Some(passage) if passage.kind == PassageKind::Field => Kind::Field,
                _ => Kind::Text,
            };
            messages.push(Message {
                source,
                role: draft.role,
                source_type: spoken.source.source_type,
                kind,
                who: people.who(draft),
                is_named: own.speaker == 0,
                at: draft.at,
                id: draft.message_id.as_deref(),
                places: &spoken.words.places[words.places.clone()],
                first: first + words.places.start,
                surroundings: if call.is_some() { 0..spoken.words.words.len() } else { words.words.clone() },
                rank: 0,
            });
        }
        first += spoken.words.places.len();
    }
    ranked.sort_unstable();
    ranked.iter().enumerate().for_each(|(rank, (_, message))| messages[*message].rank = rank);
    messages
}

/// What a copy tells beside its words. The least is the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Knowledge {
    /// 0: the name is there; 1: only `Speaker 2`; 2: nothing.
    speaker: u8,
    role: DraftRole,
    lacks_name_or_address: bool,
    is_undated: bool,
    medium: u8,
    /// Captions have a time for every turn, a text of the same call may have one.
    times: Reverse<usize>,
    /// What was written first was written by hand; later ones were pasted.
    at: Option<Timestamp>,
}

impl Knowledge {
    fn of(draft: &Draft, source_type: SourceType) -> Self {
        let speaker = match &draft.speaker {
            Some(name) if !names::is_placeholder(name) => 0,
            _ if draft.address.is_some() => 0,
            Some(_) => 1,
            None => 2,
        };
        let medium = match source_type {
            SourceType::EmailThread => 0,
            SourceType::CallTranscript => 1,
            SourceType::CallNote => 2,
            SourceType::CrmSnapshot => 3,
        };
        Self {
            speaker,
            role: draft.role,
            lacks_name_or_address: draft.speaker.is_none() || draft.address.is_none(),
            is_undated: draft.at.is_none(),
            medium,
            times: Reverse(0),
            at: draft.at,
        }
    }

    /// Of all turns of a call together: they make sense only together.
    fn of_call(spoken: &Spoken<'_>) -> Option<Self> {
        let drafts = &spoken.reading.drafts;
        let first = drafts.iter().find(|draft| draft.passages.iter().any(|passage| passage.kind == PassageKind::Turn))?;
        let each: Vec<Self> = drafts.iter().map(|draft| Self::of(draft, spoken.source.source_type)).collect();
        let named = each.iter().filter(|knowledge| knowledge.speaker == 0).count();
        let times: BTreeSet<Timestamp> = drafts.iter().filter_map(|draft| draft.at).collect();
        let speaker =
            if named * 2 >= each.len() { 0 } else { each.iter().map(|knowledge| knowledge.speaker.max(1)).min().unwrap_or(2) };
        Some(Self { speaker, times: Reverse(times.len()), ..Self::of(first, spoken.source.source_type) })
    }
}
