//! Promises: who will do what by when.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use super::answer::{Answer, Quote};
use super::candidate::Candidate;
use super::people::Roster;
use super::saying::{Manner, Saying, pattern};
use super::words::{one_line, shorten};
use crate::domain::brief::Firmness;
use crate::domain::event::{Side, SourceType};
use crate::domain::mention;
use crate::domain::value::Value;

/// Most promises of a brief.
const PROMISES: usize = 10;
const WHAT_WORDS: usize = 30;

/// A promise in the words of its clause.
#[derive(Debug, Clone)]
pub(super) struct Promise {
    pub who: Option<String>,
    pub side: Side,
    pub to_whom: Option<String>,
    pub what: String,
    pub due: Option<Date>,
    pub firmness: Firmness,
    pub quote: Quote,
}

/// All promises in the order they were made. The same words twice count once.
pub(super) fn read_all(sayings: &[Saying<'_>], roster: &Roster) -> Vec<Promise> {
    let mut promises: Vec<Promise> = Vec::new();
    for index in 0..sayings.len() {
        for promise in read(index, sayings, roster) {
            if !promises.iter().any(|other| is_same(other, &promise)) {
                promises.push(promise);
            }
        }
    }
    promises.truncate(PROMISES);
    promises
}

/// The same words, or the same person's for the same day.
fn is_same(one: &Promise, other: &Promise) -> bool {
    let same_deed = one.who.is_some() && one.who == other.who && one.due.is_some() && one.due == other.due;
    one.what.eq_ignore_ascii_case(&other.what) || same_deed && one.quote.unit != other.quote.unit
}

fn read(index: usize, sayings: &[Saying<'_>], roster: &Roster) -> Vec<Promise> {
    let saying = &sayings[index];
    match saying.manner {
        Manner::Asks | Manner::Orders | Manner::Heads | Manner::Supposes => return Vec::new(),
        Manner::States | Manner::LeavesOpen => {}
    }
    let clauses = clauses(saying.text);
    let is_only = clauses.len() == 1;
    clauses
        .into_iter()
        .filter(|clause| PROMISED_DEED.is_match(clause) && !NO_PROMISE.is_match(clause))
        .filter_map(|clause| {
            let who = who(clause, saying, roster)?;
            let firmness = mention::commitment_strength(clause).or_else(|| spoken_for(clause, &who))?;
            let own_due = first_date(clause, saying);
            let due = own_due.or_else(|| first_date(saying.text, saying).filter(|_| is_only));
            // A day from elsewhere in the sentence needs the whole sentence as its quote.
            let words = if own_due == due { clause } else { saying.text };
            let firmness = if mention::is_hedged(words) { Firmness::Hedged } else { firmness };
            Some(Promise {
                side: side(&who, saying, roster),
                who: who.name,
                to_whom: to_whom(clause, roster),
                what: one_line(shorten(clause, WHAT_WORDS)),
                due,
                firmness,
                quote: Quote { unit: saying.unit.n, words: words.to_owned() },
            })
        })
        .collect()
}

/// Who promises: a name if one is said, and whether the speaker's own side is meant.
struct Who {
    name: Option<String>,
    own: bool,
}

fn who(clause: &str, saying: &Saying<'_>, roster: &Roster) -> Option<Who> {
    let subject = SUBJECT.captures(clause)?;
    let word = subject.get(1)?.as_str();
    match word.to_lowercase().as_str() {
        "i" => Some(Who { name: saying.speaker().map(str::to_owned), own: true }),
        "we" => Some(Who { name: None, own: true }),
        // "You'll have it by Friday" is a promise of the one who says it.
        "you" => (saying.side() == Side::Ours && YOU_GET.is_match(clause))
            .then(|| Who { name: saying.speaker().map(str::to_owned), own: true }),
        "he" | "she" | "they" | "it" => None,
        word if COLLEAGUE.is_match(word) => Some(Who { name: Some(subject.get(1)?.as_str().to_owned()), own: true }),
        _ => {
            let known = roster.names_in(word).into_iter().next().map(|named| named.name);
            // A name we do not know may be a rival's when the customer says it.
            let ours = saying.side() == Side::Ours || saying.unit.source_type == SourceType::CallNote;
            let name = known.or_else(|| (ours && is_name_like(word)).then(|| word.to_owned()))?;
            Some(Who { own: roster.side_of(&name) == Side::Unknown, name: Some(name) })
        }
    }
}

/// "Marcus will call you on Friday": who speaks for a colleague promises as firmly as by the words.
fn spoken_for(clause: &str, who: &Who) -> Option<Firmness> {
    let is_plain = who.name.is_some() && WILL_SURELY.is_match(clause) && !CONDITION.is_match(clause);
    is_plain.then(|| if mention::is_hedged(clause) { Firmness::Hedged } else { Firmness::Firm })
}

fn is_name_like(word: &str) -> bool {
    word.split_whitespace().all(|part| part.chars().next().is_some_and(char::is_uppercase)) && !NOT_A_NAME.is_match(word)
}

fn side(who: &Who, saying: &Saying<'_>, roster: &Roster) -> Side {
    match (&who.name, who.own) {
        (Some(name), false) => roster.side_of(name),
        // Notes are our own people's.
        _ if saying.unit.source_type == SourceType::CallNote => Side::Ours,
        _ => saying.side(),
    }
}

fn to_whom(clause: &str, roster: &Roster) -> Option<String> {
    let found = TO_NAME.captures(clause)?;
    let name = found.get(1)?.as_str();
    roster.names_in(name).into_iter().next().map(|named| named.name)
}

fn first_date(text: &str, saying: &Saying<'_>) -> Option<Date> {
    mention::dates(text, saying.said_on()).into_iter().find_map(|found| found.date)
}

/// A sentence cut before each new subject that promises.
fn clauses(text: &str) -> Vec<&str> {
    let starts: Vec<usize> = NEW_PROMISE.find_iter(text).map(|found| found.start()).collect();
    let mut cuts = vec![0];
    cuts.extend(starts.into_iter().filter(|start| *start > 0));
    cuts.push(text.len());
    cuts.windows(2).map(|pair| told_part(text[pair[0]..pair[1]].trim().trim_start_matches([',', ';']).trim_start())).collect()
}

/// What stands after "I told her:" or an opening quotation mark, up to the closing one.
fn told_part(clause: &str) -> &str {
    let subject = SUBJECT.find(clause).map_or(0, |found| found.start());
    let mark = |c: char| matches!(c, '“' | '"' | ':');
    let start = clause.char_indices().rfind(|(at, c)| *at <= subject && mark(*c)).map_or(0, |(at, c)| at + c.len_utf8());
    clause[start..].trim().trim_end_matches(['”', '"'])
}

/// Answers a commitment field: the candidate that says most of who, what and when; of equals the latest.
pub(super) fn answer(candidates: &[Candidate], sayings: &[Saying<'_>], roster: &Roster) -> Answer {
    let best = candidates
        .iter()
        .filter_map(|candidate| draft(candidate, sayings, roster))
        .max_by(|a, b| a.0.total_cmp(&b.0).then(a.1.saying.cmp(&b.1.saying)));
    let Some((_, draft)) = best else { return Answer::not_stated() };
    Answer::stated(Value::Commitment { what: draft.what, who: draft.who, due: draft.due }, draft.quotes)
}

struct Draft {
    saying: usize,
    what: String,
    who: Option<String>,
    due: Option<Date>,
    quotes: Vec<Quote>,
}

fn draft(candidate: &Candidate, sayings: &[Saying<'_>], roster: &Roster) -> Option<(f32, Draft)> {
    let saying = &sayings[candidate.saying];
    let promise = read(candidate.saying, sayings, roster).into_iter().next();
    let own_date = first_date(saying.text, saying);
    let proposal = saying.answers.map(|question| &sayings[question]).and_then(|question| Some((question, proposed(question)?)));
    // "Thursday's fine" says yes to the day in the question.
    let agreed = proposal.filter(|(_, (day, exact))| match own_date {
        Some(own) => *exact && own.weekday() == day.weekday(),
        None => true,
    });
    let mut quotes = vec![Quote::of(saying)];
    quotes.splice(0..0, agreed.map(|(question, _)| Quote::of(question)));
    let due = agreed.map(|(_, (day, _))| day).or(own_date);
    if promise.is_none() && due.is_none() {
        return None;
    }
    let score = candidate.score + if due.is_some() { 1.2 } else { 0.0 } + if promise.is_some() { 0.4 } else { 0.0 };
    let who = promise.and_then(|promise| promise.who).or_else(|| agreeing_speaker(saying));
    let told = agreed.filter(|_| saying.words() < 6).map_or(saying.text, |(question, _)| question.text);
    let what = one_line(shorten(told_part(told), WHAT_WORDS));
    Some((score, Draft { saying: candidate.saying, what, who, due, quotes }))
}

/// The day a question proposes, and whether it is exact.
fn proposed(question: &Saying<'_>) -> Option<(Date, bool)> {
    mention::dates(question.text, question.said_on()).into_iter().find_map(|found| Some((found.date?, found.exact)))
}

/// "I promise …", "works for me": the speaker stands for it.
fn agreeing_speaker(saying: &Saying<'_>) -> Option<String> {
    SPEAKER_ACTS.is_match(saying.text).then(|| saying.speaker().map(str::to_owned)).flatten()
}

/// Modals that promise. "Would" and "could" make offers and wishes.
const WILL: &str = r"(?:['’]ll\b|\swill\b|['’](?:m|re)\sgoing\sto\b|\s(?:am|are|is)\sgoing\sto\b|\sshould\b|\smight\b|\scan\b|\sshall\b|\spromised?\sto\b|\shope\sto\b|\stry\sto\b|\sexpect\sto\b|\splan\sto\b|\sprobably\b)";

/// The subject of a promise: I, we, a name, "my colleague".
static SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?:^|[\s,;:(“\x22])((?i:i|we|he|she|they|it|you)|\p{{Lu}}[\p{{L}}'\-]+(?:\s\p{{Lu}}[\p{{L}}'\-]+)?|(?i:a\scolleague(?:\sfrom\s\w+)?|my\scolleague|our\steam|someone|somebody)){WILL}"
    ))
});

static NEW_PROMISE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?:,\s|;\s|\s)(?:and|but|so|then)\s(?:(?i:i|we)|\p{{Lu}}[\p{{L}}'\-]+){WILL}|[;.]\s+(?:(?i:i|we)|\p{{Lu}}[\p{{L}}'\-]+){WILL}"
    ))
});

/// Verbs of deeds that somebody can wait for, close behind the modal.
static PROMISED_DEED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?ix)(?:{WILL}|\bpromise\b)(?:[\s,]+(?:be\sable\sto|[\w'’]+)){{0,3}}?[\s,]+(?:send|share|get\s(?:you|back|it|them|the|this|that|our|in\stouch|on)|give|call|ring|phone|book|set\s(?:up|it\sup)|prepare|check|confirm|ask|bring
        |provide|include|deliver|add|look\sinto|follow\sup|come\sback|be\sin\stouch|get\sin\stouch|reach\sout|contact|introduce|forward|write|schedule|invite|update|fix|escalate
        |raise|extend|refund|credit|build|have\s.{{1,60}}(?:ready|done|live|finished|by|call|back|in\splace|sent|to\syou|tested)|have\s(?:it|this|that|someone|somebody|our|the)|throw\sin|waive|support|migrate|import|train|run|join|review|sign|pay|let\s(?:you|them|him|her)\sknow
        |make\ssure|take\scare|arrange|organi[sz]e|put|pass|hand|finish|complete|launch|start|host|lead|draft|present|show|demo|order|ship|upload|talk\sto|speak\s(?:to|with)|discuss|find\sout|collect|supply|sort|handle|cover|do\s(?:that|it|this)|guarantee|keep\s(?:you|him|her|them)|transfer|connect|loop|email|mail|drop|chase|enable|activate|configure|install|document|file|log|open|quote|be\sthere|be\syour|take\s(?:it|this|that|them|you)\s(?:over|on|to|up|from|off|with|through|forward))\b"
    ))
});

/// Figures of speech and niceties.
static NO_PROMISE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)(?:\b(?:i['’]ll|i\swill)\s(?:be\shonest|shut\sup|let\syou\sgo|start|stop|wait|keep\sit\s(?:short|brief)|have\sto|get\slaughed|admit|tell\syou|give\syou\san?\s(?:example|idea|sense)|never)\b
        |^if\syou\s(?:click|choose|have|need|wish|want|would)\b|\bsee\syou\b|\btalk\s(?:soon|later)\b|\bi\scan\s(?:see|tell|imagine|understand|hear|say|only)\b|\bwe\scan\s(?:see|only|talk)\b
        |\b(?:i|we|he|she|they|you)\s(?:can|won|couldn|wouldn|shouldn|might|don|may)(?:['’]t|not|\snot)\b|['’]ll\s(?:not|never)\b|\b(?:will|should)\s(?:not|never)\b
        |\b(?:i|we)\s(?:would|could|may|might)\s(?:like|want|need|prefer|love|have\sto)\b|\bwould\s(?:be|like|love|want|prefer)\b)",
    )
});

static WILL_SURELY: LazyLock<Regex> = LazyLock::new(|| pattern(r"['’]ll\b|\swill\b|\sis\sgoing\sto\b|\sshall\b"));

static CONDITION: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^(?:and |but |so )?(?:if (?:s[^o]|[^s])|when|once|unless|until|whether|as soon as|provided)"));

static YOU_GET: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\byou['’]ll\s(?:have|get|receive)\b|\byou\swill\s(?:have|get|receive)\b"));

static COLLEAGUE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^(?:a colleague|my colleague|our team|someone|somebody)"));

static NOT_A_NAME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:those|these|one|two|some|most|many|both|all|that|this|it|what|which|who|there|here|the|our|my|your|they|and|but|so|then|if|when|everything|everyone|nobody|nothing|people|customers?|invoice|payment|support|sales)\b",
    )
});

static TO_NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(?:to|with)\s(\p{Lu}[\p{L}'\-]+(?:\s\p{Lu}[\p{L}'\-]+)?)"));

static SPEAKER_ACTS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:works for (?:me|us)|suits (?:me|us)|i promise|i guarantee|you have my word|i['’]ll|i will|i['’]m going to)\b",
    )
});
