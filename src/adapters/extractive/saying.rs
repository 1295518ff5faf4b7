//! The excerpt, sentence by sentence: who says it, what it answers, how it is meant.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use super::cues::{CueBook, Folded, Hit};
use crate::context::{Excerpt, Unit};
use crate::domain::brief::Span;
use crate::domain::event::{Side, SourceType};
use crate::domain::mention;

/// One sentence in its place.
pub(super) struct Saying<'e> {
    pub unit: &'e Unit,
    /// Verbatim part of the unit's text.
    pub text: &'e str,
    /// Cues in it; offsets into `text`.
    pub hits: Vec<Hit>,
    pub manner: Manner,
    /// Position of the question this sentence answers.
    pub answers: Option<usize>,
    /// Position of the heading it stands under ("Next steps:").
    pub under: Option<usize>,
    /// Whether its speaker is the only one in a call whose side is not known, and all others are ours.
    across: bool,
}

/// How a sentence is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    States,
    Asks,
    /// "Let's say", "imagine": true in no world yet.
    Supposes,
    /// "Not decided", "no idea", "TBD": says that something is not known.
    LeavesOpen,
    /// Tells the reading machine what to do. Never picked.
    Orders,
    /// "Budget:" above a list.
    Heads,
}

impl Saying<'_> {
    /// The speaker's side; of a call between us and one other person, that person's is the customer's.
    pub(super) fn side(&self) -> Side {
        match (self.unit.side, self.across) {
            (Side::Unknown, true) => Side::Customer,
            (side, _) => side,
        }
    }

    /// Who speaks, by name: "Caller" and "Speaker 2" are none.
    pub(super) fn speaker(&self) -> Option<&str> {
        self.unit.speaker.as_deref().filter(|name| !LABEL.is_match(name))
    }

    /// A note, a record field or a mail whose writer is not named: it reports what others said.
    pub(super) fn reports(&self) -> bool {
        match self.unit.source_type {
            SourceType::CallNote | SourceType::CrmSnapshot => true,
            SourceType::EmailThread | SourceType::CallTranscript => self.unit.speaker.is_none(),
        }
    }

    /// The day it was said, in UTC.
    pub(super) fn said_on(&self) -> Option<Date> {
        self.unit.at.map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date())
    }

    pub(super) fn words(&self) -> usize {
        self.text.split_whitespace().count()
    }

    /// Whether the words next to the hit, in its clause, deny it: "not urgent", "we don't have a headcount".
    pub(super) fn denies(&self, hit: &Hit) -> bool {
        if hit.denies {
            return false;
        }
        let (before, after) = (&self.text[..hit.start], &self.text[hit.end..]);
        let clause = before.rfind([',', ';', ':', '–', '—', '(']).map_or(before, |at| &before[at..]);
        let words: Vec<&str> = clause.split_whitespace().collect();
        let near = words[words.len().saturating_sub(3)..].join(" ");
        mention::is_negated(&near) || BELIEVED.is_match(&near) || DENIED_AFTER.is_match(after)
    }
}

/// All sentences of an excerpt, in its order.
pub(super) fn read<'e>(excerpt: &'e Excerpt, book: &CueBook) -> Vec<Saying<'e>> {
    let mut sayings: Vec<Saying<'e>> = Vec::new();
    for unit in excerpt.units() {
        let across = is_across(excerpt, unit);
        let orders = ORDERS_MACHINE.is_match(&unit.text);
        for span in whole_sentences(&unit.text) {
            let text = &unit.text[span.start..span.end];
            let unmarked = unit.source_type == SourceType::CallTranscript && ASKS_UNMARKED.is_match(text);
            let manner = match () {
                () if orders => Manner::Orders,
                () if unmarked => Manner::Asks,
                () => manner(text),
            };
            sayings.push(Saying { unit, text, hits: find_hits(text, book), manner, answers: None, under: None, across });
        }
    }
    link_answers(&mut sayings);
    note_acceptances(&mut sayings, book);
    link_headings(&mut sayings);
    sayings
}

fn is_across(excerpt: &Excerpt, unit: &Unit) -> bool {
    if unit.source_type != SourceType::CallTranscript || unit.side != Side::Unknown || unit.speaker.is_none() {
        return false;
    }
    let mut others =
        excerpt.units().iter().filter(|other| other.source == unit.source && other.speaker != unit.speaker).peekable();
    others.peek().is_some() && others.all(|other| other.side == Side::Ours)
}

/// "Ten a.m. Eastern" is one sentence.
fn whole_sentences(text: &str) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for span in mention::sentences(text) {
        match spans.last_mut().filter(|last| HALF_DAY.is_match(&text[last.start..last.end])) {
            Some(last) => last.end = span.end,
            None => spans.push(span),
        }
    }
    spans
}

fn find_hits(text: &str, book: &CueBook) -> Vec<Hit> {
    let folded = Folded::new(text);
    let mut hits = book.hits(&folded.text);
    for hit in &mut hits {
        (hit.start, hit.end) = (folded.original(hit.start), folded.original(hit.end));
    }
    hits
}

fn manner(text: &str) -> Manner {
    let bare = text.trim_end_matches(['"', '\'', '”', '’', ')', ' ']);
    match () {
        () if bare.ends_with('?') || REQUESTS.is_match(bare) => Manner::Asks,
        () if bare.ends_with(':') && bare.split_whitespace().count() <= 5 => Manner::Heads,
        () if SUPPOSES.is_match(text) => Manner::Supposes,
        () if LEAVES_OPEN.is_match(text) => Manner::LeavesOpen,
        () => Manner::States,
    }
}

/// "Thursday's fine" to a proposed day is "works for me", whatever its words.
fn note_acceptances(sayings: &mut [Saying<'_>], book: &CueBook) {
    for index in 0..sayings.len() {
        let saying = &sayings[index];
        let Some(question) = saying.answers.map(|question| &sayings[question]) else { continue };
        let Some(accepts) = ACCEPTS.find(saying.text).filter(|_| saying.manner == Manner::States) else { continue };
        let proposes = mention::dates(question.text, question.said_on()).iter().any(|date| date.date.is_some());
        if proposes && !mention::is_negated(saying.text) {
            let found = book.like("works for me", accepts.start(), accepts.end());
            sayings[index].hits.extend(found);
        }
    }
}

/// How many units after a question its answer may begin: people interrupt each other.
const ANSWER_REACH: u32 = 4;

fn link_answers(sayings: &mut [Saying<'_>]) {
    let mut questions: Vec<usize> = Vec::new();
    for index in 0..sayings.len() {
        let (before, rest) = sayings.split_at_mut(index);
        let saying = &mut rest[0];
        if saying.manner == Manner::Asks {
            questions.push(index);
            continue;
        }
        saying.answers = questions.iter().rev().take(3).copied().find(|question| is_answered_by(&before[*question], saying));
    }
}

fn is_answered_by(question: &Saying<'_>, saying: &Saying<'_>) -> bool {
    let (asked, answering) = (question.unit, saying.unit);
    let near = answering.n.saturating_sub(asked.n) <= ANSWER_REACH && asked.source == answering.source;
    let self_answered = asked.n == answering.n && question.words() <= 4;
    near && (asked.speaker != answering.speaker || self_answered)
}

/// A heading holds for the units that follow in the same message, until the next heading.
fn link_headings(sayings: &mut [Saying<'_>]) {
    let mut heading: Option<usize> = None;
    for index in 0..sayings.len() {
        if sayings[index].manner == Manner::Heads {
            heading = Some(index);
            continue;
        }
        let same = heading.filter(|head| {
            let (head, unit) = (sayings[*head].unit, sayings[index].unit);
            head.source == unit.source && head.message == unit.message
        });
        sayings[index].under = same;
    }
}

/// Compiles a constant pattern. Word boundaries are ASCII's: with Unicode's every curly apostrophe would take the
/// matcher's slow way.
pub(super) fn pattern(text: &str) -> Regex {
    Regex::new(&text.replace(r"\b", r"(?-u:\b)")).expect("the pattern is a constant that every test compiles")
}

static DENIED_AFTER: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\s+(?:is|are|was|has|have|does|do|will|can)(?:n['’]t| not| no longer)\b"));

static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:speaker|caller|customer|client|agent|rep|representative|unknown|guest|participant|user|host|operator|me|you|support|sales|prospect|sdr|ae)[\s\d_#-]*$",
    )
});

/// Questions in captions without punctuation.
static ASKS_UNMARKED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)^(?:(?:so|and|okay|ok|well|right|alright)\s)*(?:(?:what|which|who|when|where|why|how)\b
        |(?:is|are|do|does|did|can|could|would|will|have|has|should|shall)\s(?:you|i|we|they|there|it|that|this|he|she|anybody|anyone)\b)[^.!?,:;]*$",
    )
});

static HALF_DAY: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\d?\b[ap]\.m\.$"));

/// "I thought that was included".
static BELIEVED: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\b(?:thought|assumed|hoped|wished|imagined)\b"));

/// Requests that ask without a question mark.
static REQUESTS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:(?:so|okay|ok|and|well|great|right|maybe|perhaps|then)[,\s]+)*(?:(?:could|can|would) you (?:\w+ )?(?:tell|walk|describe|explain)|tell me|walk me through|talk me through|may i ask|can i ask)\b",
    )
});

static ACCEPTS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:works|(?:is|['’]s) (?:fine|good|great|perfect|ok|okay)|sounds good|suits|perfect|see you|let['’]s do (?:that|it)|fine with me)\b",
    )
});

static SUPPOSES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:let['’]?s say|suppose|imagine|hypothetically|theoretically|in an ideal world|for instance|for example|e\.g\.)",
    )
});

static LEAVES_OPEN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)\b(?: not\s(?:yet\s|been\s)*(?:decided|sure|clear|known|agreed|defined|fixed|set|settled|approved|confirmed)
        | no\s(?:idea|clue) | (?:do\snot|don['’]t|doesn['’]t)\s(?:yet\s|really\s)?(?:know|have\s(?:a|any)\s(?:fixed\s|set\s|real\s)?(?:budget|number|figure|date|timeline|deadline|idea))
        | (?:have|has)(?:\snot|n['’]t)\s(?:yet\s)?(?:been\s)?(?:decided|set|agreed|fixed|released|approved|discussed|talked|settled|signed)
        | no\s(?:fixed|set|firm|hard|real|official)?\s?(?:date|deadline|budget|number|figure|timeline)\b
        | (?:can['’]t|cannot|can\snot|couldn['’]t)\s(?:really\s)?(?:give|say|tell|share|commit)
        | to\sbe\s(?:confirmed|determined|decided|defined|agreed|announced) | tb[dca] | not\sstated | unknown | still\sopen
        | rather\snot\s(?:say|guess) | up\sin\sthe\sair )\b",
    )
});

static ORDERS_MACHINE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)(?: \b(?:ignore|disregard|forget|override)\b .{0,30} \b(?:previous|prior|earlier|above|preceding|all|your|system)\b .{0,20}
            \b(?:instruction|prompt|rule|direction|context|guideline)s?\b
        | \b(?:ai|a\.i\.|language|llm|automated|virtual)\s(?:assistant|model|agent|system|reader|summari[sz]er|bot)s?\b .{0,80}
            \b(?:set|state|write|include|mark|add|ignore|must|should|do\snot|please|reply|respond|output|report|say|note)\b
        | \b(?:you\sare\s(?:now\s)?(?:an?\s)?(?:ai|assistant|chatbot|language\smodel|gpt|summari[sz]er)|as\san\sai\b|system\sprompt|system\smessage|system\soverride|chatgpt)
        | \b(?:include|add|insert|append|mention|put)\b .{0,40} \bin\s(?:your|the)\s(?:summary|brief|reply|response|output|answer)\b
        | \bwhen\s(?:you\s)?(?:summari[sz](?:e|ing)|processing|writing\sthe\sbrief)\b )",
    )
});
