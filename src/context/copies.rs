//! The same words from several places: a mail in a thread and on its own, a quotation of a message that is there, a note
//! pasted from a mail, one call as captions and as text.
//!
//! A passage is left out only if its words stand in full in another message that is kept. Of several copies the one
//! that knows most of its sender and time is kept.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

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
    drafts: Vec<Range<usize>>,
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
            for text in below {
                own.words.push(text);
            }
            own.drafts.push(start..own.words.len());
        }
        for removed in reading.removed.iter().filter(|removed| removed.kind == RemovedKind::QuoteHeader) {
            own.headers.extend(
                removed.spans.iter().filter_map(|span| reading.text.get(span.start..span.end)).map(|text| own.words.push(text)),
            );
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
    let wanted = Wanted::of(&messages);
    let words: Vec<&Words> = sources.iter().map(|spoken| &spoken.words.words).collect();
    let stretches: Vec<Stretch> = runs.iter().map(|run| run.stretch.clone()).collect();
    let found = find(&words, &stretches, &wanted.texts);
    let mut sieve = Sieve {
        messages: &messages,
        words,
        wanted: &wanted,
        found,
        dropped: vec![None; wanted.passages.len()],
        short: HashMap::new(),
    };
    for run in &runs {
        run.messages.iter().for_each(|message| sieve.sift(*message));
        sieve.sift_neighbours(run);
    }
    let dropped = sieve.dropped;
    leave_out(&messages, &dropped, sources);
}

/// What is asked of one message when it is compared.
struct Message {
    source: usize,
    role: DraftRole,
    source_type: SourceType,
    kind: Kind,
    who: Option<usize>,
    is_named: bool,
    at: Option<Timestamp>,
    id: Option<String>,
    passages: Vec<Place>,
    /// Number of its first passage among the passages of all messages.
    first: usize,
    /// Words that belong together with it: its own and those of its signature; of a turn, all of its call.
    surroundings: Range<usize>,
    /// Place in the order of knowledge: of two copies the one with the lower rank is kept.
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

    fn words(&self) -> Range<usize> {
        self.passages.first().map_or(0..0, |first| first.words.start..self.passages[self.passages.len() - 1].words.end)
    }
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

fn messages(sources: &[Spoken<'_>], people: &People) -> Vec<Message> {
    let mut messages = Vec::new();
    let mut ranked = Vec::new();
    let mut first = 0;
    for (source, spoken) in sources.iter().enumerate() {
        let call = Knowledge::of_call(spoken);
        for (n, draft) in spoken.reading.drafts.iter().enumerate() {
            let knowledge = call.unwrap_or_else(|| Knowledge::of(draft, spoken.source.source_type));
            ranked.push((knowledge, messages.len()));
            let passages = spoken.words.passages[n].clone();
            let kind = match draft.passages.first() {
                _ if call.is_some() => Kind::Turn,
                Some(passage) if passage.kind == PassageKind::Field => Kind::Field,
                _ => Kind::Text,
            };
            let surroundings = if call.is_some() { 0..spoken.words.words.len() } else { spoken.words.drafts[n].clone() };
            messages.push(Message {
                source,
                role: draft.role,
                source_type: spoken.source.source_type,
                kind,
                who: people.who(draft),
                is_named: Knowledge::of(draft, spoken.source.source_type).speaker == 0,
                at: draft.at,
                id: draft.message_id.clone(),
                first,
                surroundings,
                rank: 0,
                passages,
            });
            first += spoken.words.passages[n].len();
        }
    }
    ranked.sort_unstable();
    ranked.iter().enumerate().for_each(|(rank, (_, message))| messages[*message].rank = rank);
    messages
}

/// Words in a row, and the messages whose words they are.
struct Run {
    stretch: Stretch,
    messages: Vec<usize>,
}

/// All words, those of the messages that know most first. The turns of a call are one run: tools cut it differently.
fn runs(messages: &[Message], sources: &[Spoken<'_>]) -> Vec<Run> {
    let mut ranked: Vec<usize> = (0..messages.len()).collect();
    ranked.sort_unstable_by_key(|message| messages[*message].rank);
    let mut runs: Vec<Run> = Vec::new();
    for n in ranked {
        let message = &messages[n];
        match runs.last_mut() {
            Some(run) if message.kind == Kind::Turn && run.stretch.source == message.source => run.messages.push(n),
            _ => {
                let stretch = Stretch { source: message.source, words: message.surroundings.clone() };
                runs.push(Run { stretch, messages: vec![n] });
            }
        }
    }
    let headers = |(source, spoken): (usize, &Spoken<'_>)| {
        let run = |place: &Place| Run { stretch: Stretch { source, words: place.words.clone() }, messages: Vec::new() };
        spoken.words.headers.iter().map(run).collect::<Vec<_>>()
    };
    runs.extend(sources.iter().enumerate().flat_map(headers));
    runs
}

/// What is looked for: passages, and whole messages of short ones.
struct Wanted {
    texts: Vec<Stretch>,
    /// Of every passage of every message: its message, its words, and its text if it is long enough to be looked for.
    passages: Vec<(usize, Range<usize>, Option<usize>)>,
    /// Of every message: its text, if it has passages that are too short alone.
    wholes: Vec<Option<usize>>,
}

impl Wanted {
    fn of(messages: &[Message]) -> Self {
        let mut wanted = Self { texts: Vec::new(), passages: Vec::new(), wholes: Vec::new() };
        for (n, message) in messages.iter().enumerate() {
            for place in &message.passages {
                let text = (place.weight >= QUOTED).then(|| wanted.want(message, place.words.clone()));
                wanted.passages.push((n, place.words.clone(), text));
            }
            let has_short = message.passages.len() > 1 && message.passages.iter().any(|place| place.weight < QUOTED);
            let whole = (has_short && message.weight() >= QUOTED).then(|| wanted.want(message, message.words()));
            wanted.wholes.push(whole);
        }
        wanted
    }

    fn want(&mut self, message: &Message, words: Range<usize>) -> usize {
        self.texts.push(Stretch { source: message.source, words });
        self.texts.len() - 1
    }
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
fn stands_for(kept: &Message, copy: &Message, weight: usize) -> bool {
    let least = match (kept.kind, copy.kind) {
        (Kind::Field, _) | (_, Kind::Field) => RECORDED,
        (Kind::Turn, Kind::Turn) => QUOTED,
        _ if copy.role != DraftRole::Own => QUOTED,
        _ => WRITTEN,
    };
    weight >= least && (copy.role != DraftRole::Own || may_be_one(kept, copy))
}

/// Whether two texts of the same words may be one message. Who repeats himself says it twice.
fn may_be_one(kept: &Message, copy: &Message) -> bool {
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
fn is_same_short(kept: &Message, copy: &Message) -> bool {
    let tolerance = if copy.role != DraftRole::Own { SAME_QUOTED } else { SAME_MAIL };
    let is_same_person = kept.who.is_some() && kept.who == copy.who;
    kept.id.is_some() && kept.id == copy.id || is_same_person && is_near(kept, copy, tolerance) == Some(true)
}

/// `None` if one of them has no time.
fn is_near(a: &Message, b: &Message, tolerance: SignedDuration) -> Option<bool> {
    Some(a.at?.duration_since(b.at?).abs() <= tolerance)
}

/// Where the words of a passage that was left out stand.
#[derive(Debug, Clone, Copy)]
struct Elsewhere {
    source: usize,
    /// The first of the words.
    at: usize,
    /// The message they are in; `None`: the header of a quotation.
    message: Option<usize>,
}

/// Goes through the messages, those that know most first, and drops what stands in one that was kept.
struct Sieve<'a> {
    messages: &'a [Message],
    words: Vec<&'a Words>,
    wanted: &'a Wanted,
    found: Found,
    /// Of every passage.
    dropped: Vec<Option<Elsewhere>>,
    /// Kept messages that are too short to be looked for, by their words.
    short: HashMap<(u64, usize), Vec<usize>>,
}

/// Short messages of the same words that are compared by sender and time.
const MOST_SHORT: usize = 16;

impl Sieve<'_> {
    fn sift(&mut self, n: usize) {
        let message = &self.messages[n];
        let whole = self.wanted.wholes[n].and_then(|text| self.elsewhere(n, text, message.words(), message.weight()));
        if let Some(whole) = whole {
            let start = message.words().start;
            for (passage, place) in (message.first..).zip(&message.passages) {
                self.dropped[passage] = Some(Elsewhere { at: whole.at + place.words.start - start, ..whole });
            }
            return;
        }
        for (passage, place) in (message.first..).zip(&message.passages) {
            let text = self.wanted.passages[passage].2;
            self.dropped[passage] = text.and_then(|text| self.elsewhere(n, text, place.words.clone(), place.weight));
        }
        if message.kind == Kind::Text && message.weight() < QUOTED && !message.passages.is_empty() {
            self.sift_short(n);
        }
    }

    /// The first place where a text stands that may stand for it.
    fn elsewhere(&self, n: usize, text: usize, words: Range<usize>, weight: usize) -> Option<Elsewhere> {
        let places = self.found.places(text).iter();
        places.filter_map(|(source, at)| self.may_stand(n, *source, *at..*at + words.len(), weight)).next()
    }

    /// Whether words may stand for `weight` words of a message: they are kept, and known better.
    fn may_stand(&self, n: usize, source: usize, words: Range<usize>, weight: usize) -> Option<Elsewhere> {
        let copy = &self.messages[n];
        let mut covered = 0;
        let mut message = None;
        for passage in self.passages_in(source, &words) {
            let (owner, place, _) = &self.wanted.passages[passage];
            let kept = &self.messages[*owner];
            let is_better = kept.rank < copy.rank && stands_for(kept, copy, weight);
            if self.dropped[passage].is_some() || *owner == n || !is_better {
                return None;
            }
            message = message.or(Some(*owner));
            covered += place.end.min(words.end) - place.start.max(words.start);
        }
        // Signatures and headers are not kept, but a quotation of one is no loss.
        let is_kept = covered == words.len() || copy.role != DraftRole::Own;
        is_kept.then_some(Elsewhere { source, at: words.start, message })
    }

    /// Numbers of the passages of a source that have some of these words.
    fn passages_in(&self, source: usize, words: &Range<usize>) -> Range<usize> {
        let passages = &self.wanted.passages;
        let source_of = |(message, ..): &(usize, Range<usize>, Option<usize>)| self.messages[*message].source;
        let start = passages.partition_point(|passage| (source_of(passage), passage.1.end) <= (source, words.start));
        let end = passages.partition_point(|passage| (source_of(passage), passage.1.start) < (source, words.end));
        start..end.max(start)
    }

    fn sift_short(&mut self, n: usize) {
        let message = &self.messages[n];
        let key = (self.words[message.source].hash(message.words()), message.words().len());
        let kept = self.short.entry(key).or_default();
        match kept.iter().find(|other| is_same_short(&self.messages[**other], message)) {
            Some(other) => {
                let original = &self.messages[*other];
                let there = Elsewhere { source: original.source, at: original.words().start, message: Some(*other) };
                self.dropped[message.first..message.first + message.passages.len()].fill(Some(there));
            }
            None if kept.len() < MOST_SHORT => kept.push(n),
            None => {}
        }
    }

    /// A short passage goes with the one before or after it if it stands there too.
    fn sift_neighbours(&mut self, run: &Run) {
        let of = |message: &usize| {
            let message = &self.messages[*message];
            message.first..message.first + message.passages.len()
        };
        let passages: Vec<usize> = run.messages.iter().flat_map(of).collect();
        for pair in passages.windows(2) {
            self.sift_neighbour(pair[0], pair[1]);
        }
        for pair in passages.windows(2).rev() {
            self.sift_neighbour(pair[1], pair[0]);
        }
    }

    fn sift_neighbour(&mut self, known: usize, passage: usize) {
        let (Some(there), None) = (self.dropped[known], self.dropped[passage]) else { return };
        let Some(owner) = there.message else { return };
        let (message, words, _) = &self.wanted.passages[passage];
        let known_words = self.wanted.passages[known].1.len();
        let start = if known < passage { Some(there.at + known_words) } else { there.at.checked_sub(words.len()) };
        let Some(there_words) = start.map(|start| start..start + words.len()) else { return };
        let surroundings = &self.messages[owner].surroundings;
        let is_within = there_words.start >= surroundings.start && there_words.end <= surroundings.end;
        let own = self.words[self.messages[*message].source];
        if is_within && own.hash(words.clone()) == self.words[there.source].hash(there_words.clone()) {
            let found = self.may_stand(*message, there.source, there_words, usize::MAX);
            self.dropped[passage] = found.map(|found| Elsewhere { message: Some(owner), ..found });
        }
    }
}

/// Takes the passages out and says so in the receipts.
fn leave_out(messages: &[Message], dropped: &[Option<Elsewhere>], sources: &mut [Spoken<'_>]) {
    let mut counts: Vec<BTreeMap<usize, usize>> = vec![BTreeMap::new(); sources.len()];
    for message in messages {
        for there in dropped[message.first..message.first + message.passages.len()].iter().flatten() {
            *counts[message.source].entry(there.source).or_default() += 1;
        }
    }
    let ids: Vec<&str> = sources.iter().map(|spoken| spoken.source.id.as_str()).collect();
    let mut next = dropped.iter();
    for (source, spoken) in sources.iter_mut().enumerate() {
        for draft in &mut spoken.reading.drafts {
            draft.passages.retain(|_| next.next().is_some_and(Option::is_none));
        }
        spoken.reading.left_out.extend(receipt_lines(source, &counts[source], &ids));
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
