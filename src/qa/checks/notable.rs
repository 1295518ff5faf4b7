//! What a next owner would want to know of: amounts, days, promises, objections, questions that nobody answered.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use super::{Context, said_on};
use crate::context::Unit;
use crate::domain::brief::{Firmness, Span};
use crate::domain::event::{Side, SourceType};
use crate::domain::mention;
use crate::qa::index::{content_words, for_each_word};

/// The kinds, what weighs most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    DatedPromise,
    Money,
    Objection,
    Promise,
    Question,
    Day,
}

impl What {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::DatedPromise => "a dated promise",
            Self::Money => "an amount of money",
            Self::Objection => "an objection",
            Self::Promise => "a promise",
            Self::Question => "a question that nobody answered",
            Self::Day => "a day",
        }
    }
}

/// Something notable of a sentence.
#[derive(Debug, PartialEq)]
pub(super) struct Notable {
    pub(super) what: What,
    pub(super) amounts: Vec<f64>,
    pub(super) days: Vec<Date>,
}

impl Notable {
    /// Notable for what is said, over several sentences as often as in one.
    pub(super) fn is_said_in_a_breath(&self) -> bool {
        match self.what {
            What::Objection | What::Promise => true,
            What::DatedPromise | What::Money | What::Question | What::Day => false,
        }
    }

    /// The same amount or day again.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.what == other.what && (!self.amounts.is_empty() || !self.days.is_empty()) && self == other
    }
}

/// Sentences worth reading for each kind: reading every sentence would cost more than all other checks together.
static MAY_NAME_MONEY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[$€£¥]|[0-9] ?[kK]|,000|(?i-u:usd|eur|gbp|chf|dollar|pound|thousand|million|grand)")
        .expect("a pattern that is part of the program")
});
static MAY_NAME_DAY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i-u)[0-9](?:st|nd|rd|th)|[0-9][./-][0-9]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec")
        .expect("a pattern that is part of the program")
});
static MAY_PROMISE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i-u)\b(?:(?:I|we)(?:'|’)ll|will|shall|going to|gonna|commit|guarantee|promise|my word)\b")
        .expect("a pattern that is part of the program")
});

/// What a sentence of a unit is notable for, what weighs most first. `position` counts from 0.
pub(super) fn notable(context: &Context<'_>, position: usize, sentence: Span) -> Vec<Notable> {
    let unit = &context.excerpt.units()[position];
    let text = &unit.text[sentence.start..sentence.end];
    let plain = |what| Notable { what, amounts: Vec::new(), days: Vec::new() };
    let mut found = Vec::new();
    // In chats a sentence may go on after its question: "does it talk to Oak? that's our till system".
    if let Some(at) = text.rfind('?') {
        let asked = Span { start: sentence.start, end: sentence.start + at + 1 };
        if is_unanswered(context, position, asked) {
            found.push(plain(What::Question));
        }
        if asked.end == sentence.end {
            return found;
        }
    }
    if MAY_NAME_MONEY.is_match(text) {
        let amounts: Vec<f64> = mention::money(text).into_iter().map(|one| one.amount).collect();
        if !amounts.is_empty() {
            found.push(Notable { what: What::Money, amounts, days: Vec::new() });
        }
    }
    let is_firm = || mention::commitment_strength(text) == Some(Firmness::Firm);
    let promises = MAY_PROMISE.is_match(text) && unit.side != Side::Unknown && is_firm();
    if MAY_NAME_DAY.is_match(text) {
        let days = mention::dates(text, said_on(unit.at)).into_iter();
        // The day of the call itself, as headings name it, is no news.
        let days = days.filter(|one| one.exact).filter_map(|one| one.date).filter(|day| Some(*day) != said_on(unit.at));
        let days: Vec<Date> = days.collect();
        if !days.is_empty() {
            let what = if promises || is_firm() { What::DatedPromise } else { What::Day };
            found.push(Notable { what, amounts: Vec::new(), days });
        }
    }
    if objects(unit, text) {
        found.push(plain(What::Objection));
    }
    if promises && says_what(text) {
        found.push(plain(What::Promise));
    }
    found
}

/// "I'll check" alone promises nothing that a next owner could keep, and a promise with an "if" is not firm.
fn says_what(text: &str) -> bool {
    content_words(text).len() >= 4 && !CONDITIONS.is_match(text)
}

static CONDITIONS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i-u)\b(?:if|unless|once you|as soon as you|provided that|in case)\b|take (?:that|it) back")
        .expect("a pattern that is part of the program")
});

/// Doubts that a customer raises. "No concerns", "not too expensive" and "if it were too slow" raise none.
fn objects(unit: &Unit, text: &str) -> bool {
    unit.side == Side::Customer
        && OBJECTS.find(text).is_some_and(|found| !DENIES.is_match(&text[..found.start()]) && !RESOLVED.is_match(text))
}

static OBJECTS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i-u)\b(?:(?:too|very|rather|quite|a bit|pretty) (?:expensive|pricey|costly|steep)|more than we (?:can|could|want(?:ed)? to) (?:pay|spend|afford)",
        r"|(?:can(?:'|’)t|cannot|could(?:n(?:'|’)t| not)) (?:afford|justify)|over (?:our|the) budget|not (?:really |entirely |fully |quite )?(?:convinced|comfortable|happy with)",
        r"|(?:our|my|the|one|main|biggest|only|real) (?:\w+ )?(?:concern|worry|fear|objection|hesitation|reservation)s? (?:is|are|was|here|with|about|remains?)",
        r"|(?:i(?:'|’)m|i am|we(?:'|’)re|we are|still|bit|really|(?:he|she|legal|security|finance|procurement|it)(?:(?:'|’)s| is)) (?:\w+ )?(?:concerned|worried|sceptical|skeptical|hesitant|nervous|wary) (?:about|that|of|whether)",
        r"|(?:legal|security|procurement|finance|compliance|it|our board|the board|our lawyers|our cfo) (?:won(?:'|’)t|will not|would(?:n(?:'|’)t| not| never)|can(?:'|’)t|cannot) (?:accept|agree|approve|allow|sign|let)",
        r"|(?:deal|show) ?-?(?:breaker|stopper)|hard to justify|hard sell|no[- ]go for us|got burn(?:ed|t)|push(?:ed|ing)? back on|we don(?:'|’)t see the value|doesn(?:'|’)t work for us|won(?:'|’)t work for us)\b",
    ))
    .expect("a pattern that is part of the program")
});

static DENIES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:no|not|never|without|nor|isn['’]t|wasn['’]t|aren['’]t|don['’]t|if|would be|might be|thought|used to)\b[^.;:]{0,20}$")
        .expect("a pattern that is part of the program")
});

static RESOLVED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i-u)\b(?:no longer|not any ?more|resolved|settled|solved|sorted|off the table|gone now|used to be)\b")
        .expect("a pattern that is part of the program")
});

/// Content words a question must have: "Right?" and "How are you?" ask nothing that stays open.
const QUESTION_WORDS: usize = 2;
/// Words that may follow a question in its turn: "does it talk to Oak? That's our till system".
const WORDS_AFTER: usize = 8;

/// Whether nobody answers a question: the other side puts it off, or says nothing after it.
fn is_unanswered(context: &Context<'_>, position: usize, sentence: Span) -> bool {
    let unit = &context.excerpt.units()[position];
    let text = &unit.text[sentence.start..sentence.end];
    // A note's questions are the writer's own; who answers in it cannot be told.
    if unit.speaker.is_none() || content_words(text).len() < QUESTION_WORDS {
        return false;
    }
    // Who goes on at length answers himself, or has asked in passing.
    let asks_last = unit.text[sentence.end..].split_whitespace().count() <= WORDS_AFTER;
    let later = &context.excerpt.units()[position + 1..];
    let answer = later.iter().find(|other| other.side != unit.side || other.speaker != unit.speaker);
    match (answer, unit.source_type) {
        (Some(answer), SourceType::CallTranscript) => asks_last && (puts_off(&answer.text) || takes_leave(&answer.text)),
        (Some(answer), SourceType::EmailThread) => answer.source == unit.source && puts_off(&answer.text),
        (None, SourceType::EmailThread) => unit.side != Side::Unknown,
        (None, SourceType::CallTranscript) | (_, SourceType::CallNote | SourceType::CrmSnapshot) => false,
    }
}

/// Whether an answer begins by saying that there is none yet.
fn puts_off(answer: &str) -> bool {
    let mut words = 0;
    let mut end = answer.len();
    for_each_word(answer, |_, span| {
        words += 1;
        if words == 16 {
            end = span.end;
        }
    });
    PUTS_OFF.is_match(&answer[..end])
}

/// Whether somebody says goodbye instead of an answer.
fn takes_leave(answer: &str) -> bool {
    answer.split_whitespace().count() <= 12 && TAKES_LEAVE.is_match(answer)
}

static TAKES_LEAVE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i-u)^(?:ok(?:ay)?,? )?(?:thanks|thank you),? (?:everybody|everyone|all|for (?:joining|coming|your time))|\b(?:bye|goodbye)\b")
        .expect("a pattern that is part of the program")
});

static PUTS_OFF: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i-u)\b(?:(?:I|we)(?:(?:'|’)ll| will|(?:'|’)d| would)(?: have to| need to)? (?:check|find out|ask|get back|look into|come back to|confirm|clarify)",
        r"|let me (?:check|find out|ask|get back|look into|come back|confirm|clarify|take that)|(?:I|we) (?:need|have) to (?:check|ask|find out|clarify)",
        r"|not (?:quite |entirely |really )?sure|(?:I|we) (?:don(?:'|’)t|do not) know|no idea|off the top of my head|have(?:n(?:'|’)t| not) decided|can(?:'|’)t (?:say|tell)(?: you)? (?:yet|now|today))\b",
    ))
    .expect("a pattern that is part of the program")
});

#[cfg(test)]
mod tests {
    use super::{DENIES, OBJECTS, RESOLVED, puts_off, takes_leave};

    fn objects(text: &str) -> bool {
        OBJECTS.find(text).is_some_and(|found| !DENIES.is_match(&text[..found.start()]) && !RESOLVED.is_match(text))
    }

    #[test]
    fn objections_are_told_from_words_that_only_look_like_one() {
        for text in [
            "That is too expensive for a pilot.",
            "I'm not convinced it saves us time.",
            "Our main concern is the data location.",
            "We\u{2019}re a bit worried about the export.",
            "Legal won't accept the liability cap.",
            "It's hard to justify without numbers.",
            "We got burned with a tool like this.",
        ] {
            assert!(objects(text), "{text}");
        }
        for text in [
            "That is not too expensive.",
            "We have no concerns about that.",
            "Our main concern is resolved.",
            "If it is too expensive we stop.",
            "I thought it would be too expensive.",
            "We care about the price.",
            "The concern supplies steel.",
        ] {
            assert!(!objects(text), "{text}");
        }
    }

    #[test]
    fn an_answer_that_begins_with_not_knowing_puts_off() {
        assert!(puts_off("Good question. I'd have to check with our engineers."));
        assert!(puts_off("Hm, I don\u{2019}t know."));
        assert!(takes_leave("Thanks everybody, the recording goes out tomorrow!") && takes_leave("Okay. Bye, Ann."));
        assert!(!takes_leave("Thanks, that is what I hoped to hear."));
        assert!(!puts_off("Yes, it runs in Frankfurt, and has since the start of the year, but for backups let me check."));
    }
}
