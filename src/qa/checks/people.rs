//! `people_fit_their_quotes`: whom an answer names spoke, or is spoken of, where it is quoted.
//!
//! Models seldom invent a name: they tie a name of the sources to what somebody else said or does.

use super::negation::clauses;
use super::promiser::{Doer, doers};
use super::quoted::{Quote, Quotes};
use super::speakers::side_of;
use super::units::quotes_of_numbers;
use super::{Claim, ClaimKind, Context, Found, claims, commitment_name};
use crate::context::Unit;
use crate::domain::brief::{Brief, FieldStatus, Firmness, Severity};
use crate::domain::event::{Side, SourceType};
use crate::domain::value::Value;
use crate::qa::index::{content_words, for_each_word, is_stop_word, stem};

use Severity::{Block, Warn};

type Problem = (Severity, String);

pub(super) fn people_fit_their_quotes(context: &Context<'_>, brief: &Brief) -> Vec<Found> {
    let mut found = Vec::new();
    for answer in brief.fields.iter().filter(|answer| answer.status == FieldStatus::Stated) {
        let quotes = Quotes::of(context, &answer.evidence);
        let problem = match &answer.value {
            Some(Value::Person { name, role: _ }) => name_problem(&quotes, context, name),
            Some(Value::Commitment { who: Some(who), .. }) => doer_problem(&quotes, context, who),
            _ => None,
        };
        let place = format!("fields.{}.value", answer.name);
        found.extend(problem.map(|(severity, message)| Found::new(severity, &answer.name, message).mend_at(place)));
    }
    for (i, promise) in brief.commitments.iter().enumerate() {
        let Some(who) = promise.who.as_deref() else { continue };
        let quotes = Quotes::of(context, &promise.evidence);
        let problem = match promise.firmness {
            // What somebody takes for granted is in another's mouth.
            Firmness::Implied => name_problem(&quotes, context, who),
            Firmness::Firm | Firmness::Hedged => doer_problem(&quotes, context, who),
        };
        let part = commitment_name(i);
        let place = format!("{part}.who");
        found.extend(problem.map(|(severity, message)| Found::new(severity, &part, message).mend_at(place)));
    }
    let people = People::of(context, brief);
    for claim in claims(brief) {
        let names = strangers(context, brief, &people, &claim);
        let message = |name| format!("{name} neither says nor is named in what \"{}\" rests on", short(claim.text));
        found.extend(names.into_iter().map(|name| Found::new(Warn, &claim.part, message(name)).mend_at(&claim.place)));
    }
    found
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Words of the names of everybody who speaks in the sources or whom the brief takes for a person.
struct People(Vec<String>);

impl People {
    fn of(context: &Context<'_>, brief: &Brief) -> Self {
        let mut words = Vec::new();
        let mut add = |name: &str| {
            for_each_word(name, |word, span| {
                let is_name = name[span.start..].starts_with(char::is_uppercase) && word.len() > 2;
                if is_name && !is_stop_word(word) && !NO_PEOPLE.contains(&word) {
                    words.push(stem(word).to_owned());
                }
            });
        };
        // "Ann Lee (Acme)": the company is no person.
        let bare = |name: &'_ str| name.split(['(', '|', '/']).next().unwrap_or_default().to_owned();
        let is_company = |name: &&(&str, Side)| name.0.split(' ').any(|word| COMPANY_FORMS.contains(&word.trim_end_matches('.')));
        context.speakers().iter().filter(|name| !is_company(name)).for_each(|(name, _)| add(&bare(name)));
        for promise in &brief.commitments {
            promise.who.iter().chain(&promise.to_whom).for_each(|name| add(name));
        }
        for answer in &brief.fields {
            match &answer.value {
                Some(Value::Person { name, role: _ }) => add(name),
                Some(Value::Commitment { who: Some(who), .. }) => add(who),
                _ => {}
            }
        }
        words.sort_unstable();
        words.dedup();
        Self(words)
    }

    fn has(&self, stem: &str) -> bool {
        self.0.binary_search_by(|one| one.as_str().cmp(stem)).is_ok()
    }

    /// The names of people in a text: stems of the words of each, and as written.
    fn named_in<'t>(&self, text: &'t str) -> Vec<(Vec<String>, &'t str)> {
        let mut names: Vec<(Vec<String>, usize, usize)> = Vec::new();
        for_each_word(text, |word, span| {
            if !text[span.start..].starts_with(char::is_uppercase) || !self.has(stem(word)) || is_stop_word(word) {
                return;
            }
            match names.last_mut() {
                Some((words, _, end)) if &text[*end..span.start] == " " => {
                    words.push(stem(word).to_owned());
                    *end = span.end;
                }
                _ => names.push((vec![stem(word).to_owned()], span.start, span.end)),
            }
        });
        names.into_iter().map(|(words, start, end)| (words, &text[start..end])).collect()
    }
}

/// What stands where a name could in labels of speakers, and in `who`.
const NO_PEOPLE: [&str; 18] = [
    "team",
    "support",
    "sales",
    "customer",
    "client",
    "speaker",
    "caller",
    "agent",
    "guest",
    "host",
    "user",
    "finance",
    "legal",
    "engineering",
    "marketing",
    "colleague",
    "procurement",
    "delivery",
];

const COMPANY_FORMS: [&str; 14] = ["AB", "AG", "AS", "BV", "B.V", "Co", "GmbH", "Inc", "KG", "LLC", "Ltd", "Oy", "plc", "SA"];

/// Names of a claim that its best quotes (or, without quotes, the passages most like it) know nothing of.
fn strangers<'t>(context: &Context<'_>, brief: &Brief, people: &People, claim: &Claim<'t>) -> Vec<&'t str> {
    let names = people.named_in(claim.text);
    if names.is_empty() {
        return Vec::new();
    }
    let quotes = Quotes::of(context, claim.evidence);
    let mut strangers = Vec::new();
    for (words, written) in &names {
        let others = names.iter().map(|(words, _)| &words[..]).filter(|other| other != words).collect();
        let name = Name { words, others, acts: claim.kind.has_quotes() && acts(claim.text, written) };
        let wanted = said_of(people, claim.text, written);
        let is_known = match claim.kind {
            ClaimKind::Headline => {
                let with_numbers = headline_quotes(context, brief, claim.text, written);
                let is_known = |quotes: &[Quote<'_>]| quotes.iter().any(|quote| knows(context, people, quote, &wanted, &name));
                match with_numbers.is_empty() {
                    true => is_known_near(context, people, &wanted, &name) || is_known(&like_quotes(context, brief, &wanted)),
                    false => is_known(&with_numbers),
                }
            }
            ClaimKind::Saying | ClaimKind::Item | ClaimKind::Question => {
                let is_said = claim.kind == ClaimKind::Saying && quotes.found.iter().any(|quote| names_one(quote.around, words));
                quotes.found.is_empty()
                    || is_said
                    || best(&quotes, &wanted).any(|quote| knows(context, people, quote, &wanted, &name))
            }
        };
        if !is_known && !strangers.contains(written) {
            strangers.push(*written);
        }
    }
    strangers
}

/// A name of a claim.
struct Name<'a> {
    /// Stems.
    words: &'a [String],
    /// The claim's other names.
    others: Vec<&'a [String]>,
    /// "Ann sends it", "from Ann": the name is not whom something is done for.
    acts: bool,
}

/// Whether a name opens its clause, or stands behind "by" or "from".
fn acts(text: &str, name: &str) -> bool {
    let clause = clauses(text).find(|clause| clause.contains(name)).unwrap_or(text);
    let before = clause.split(name).next().unwrap_or_default().trim_end();
    before.is_empty() && clause.trim_start().len() > name.len() || before.ends_with(" by") || before.ends_with(" from")
}

/// The quotes of the brief with the numbers of a name's clause.
fn headline_quotes<'a>(context: &'a Context<'_>, brief: &'a Brief, text: &str, name: &str) -> Vec<Quote<'a>> {
    let clause = clauses(text).find(|clause| clause.contains(name)).unwrap_or(text);
    quotes_of_numbers(context, brief, clause)
}

/// Quotes of the brief that share a word with what is said of a name.
fn like_quotes<'a>(context: &'a Context<'_>, brief: &'a Brief, wanted: &[String]) -> Vec<Quote<'a>> {
    let evidence = brief.fields.iter().map(|answer| &answer.evidence).chain(brief.commitments.iter().map(|one| &one.evidence));
    let quotes = evidence.flat_map(|evidence| Quotes::of(context, evidence).found);
    quotes.filter(|quote| content_words(quote.around).iter().any(|word| wanted.contains(word))).collect()
}

/// What a text says of a name: the other words of its clause, or of the whole text where that is the name alone.
fn said_of(people: &People, text: &str, name: &str) -> Vec<String> {
    let words = |text: &str| {
        let mut words = content_words(text);
        words.retain(|word| !people.has(word));
        words
    };
    // "Ann: …" is a clause of its own; what she says follows.
    let mut said = Vec::new();
    for clause in clauses(text).skip_while(|clause| !clause.contains(name)) {
        said.extend(words(clause));
        if said.len() > 3 {
            return said;
        }
    }
    words(text)
}

/// The quotes that share most with a clause.
fn best<'q, 'a>(quotes: &'q Quotes<'a>, wanted: &[String]) -> impl Iterator<Item = &'q Quote<'a>> {
    let shared = |quote: &Quote<'_>| {
        let there = content_words(&quote.unit.text);
        wanted.iter().filter(|word| there.contains(word)).count()
    };
    let counts: Vec<usize> = quotes.found.iter().map(shared).collect();
    let most = counts.iter().copied().max().unwrap_or_default();
    quotes.found.iter().zip(counts).filter(move |(_, count)| *count * 2 >= most).map(|(quote, _)| quote)
}

/// Whether a name stands in a quote's passage, is its speaker's, or is whom its pronouns can mean: where the quote names
/// somebody itself, only if the claim speaks of that one too (`others`).
fn knows(context: &Context<'_>, people: &People, quote: &Quote<'_>, wanted: &[String], name: &Name<'_>) -> bool {
    let unit = quote.unit;
    let is_named = |other: &Unit| -> bool {
        let title = other.title.as_deref();
        names_one(&other.text, name.words) || title.is_some_and(|title| names_one(title, name.words))
    };
    let speaks = |other: &Unit| other.speaker.as_deref().is_some_and(|speaker| names_one(speaker, name.words));
    if is_named(unit) {
        return !is_said_of_another(context, people, unit, wanted, name);
    }
    let is_told = matches!(unit.source_type, SourceType::CallNote | SourceType::CrmSnapshot);
    let says_it_of_oneself = quote.speaks_of_oneself() || quote.speaks_of_us();
    if speaks(unit) {
        return says_it_of_oneself || !is_told && !quote.speaks_of_him_or_her();
    }
    if quote.speaks_of_him_or_her() && before(context, unit).any(is_named) {
        return true;
    }
    let names_another =
        !people.named_in(quote.around).is_empty() && !name.others.iter().any(|other| names_one(quote.around, other));
    if names_another {
        return false;
    }
    let is_answer = !says_it_of_oneself && unit.text.split_whitespace().nth(8).is_none();
    if is_answer && before(context, unit).any(|other| is_named(other) || speaks(other)) {
        return true;
    }
    let is_asked = || doers(quote.around).contains(&Doer::Addressee);
    let is_addressed = quote.speaks_to_somebody() && (!name.acts || is_asked());
    is_addressed && listeners(context, unit).any(|other| speaks(other) || other.message == unit.message && is_named(other))
        || quote.is_by_somebody_unnamed()
}

/// Whether the sentence of a passage that a clause is most like names people, and none of the claim's.
fn is_said_of_another(context: &Context<'_>, people: &People, unit: &Unit, wanted: &[String], name: &Name<'_>) -> bool {
    let sentences = context.index().sentences_of(unit.n as usize - 1).iter().map(|one| &unit.text[one.span.start..one.span.end]);
    let shared = |sentence: &&str| {
        let there = content_words(sentence);
        wanted.iter().filter(|word| there.contains(word)).count()
    };
    let best = sentences.map(|sentence| (shared(&sentence), sentence)).max_by_key(|(count, _)| *count);
    best.is_some_and(|(count, sentence)| {
        let ours = std::iter::once(name.words).chain(name.others.iter().copied());
        count >= 2 && !people.named_in(sentence).is_empty() && !ours.into_iter().any(|words| names_one(sentence, words))
    })
}

/// The five units before, of the same source.
fn before<'c>(context: &'c Context<'_>, unit: &'c Unit) -> impl Iterator<Item = &'c Unit> {
    let units = (unit.n.saturating_sub(5)..unit.n).filter_map(|n| context.excerpt.unit(n));
    units.filter(|other| other.source == unit.source)
}

/// Who can be meant by "you": in a call whoever speaks next to it, in a mail everybody of the thread, and whom the mail greets.
fn listeners<'c>(context: &'c Context<'_>, unit: &'c Unit) -> impl Iterator<Item = &'c Unit> {
    let is_near = |other: &&Unit| match unit.source_type {
        SourceType::EmailThread => true,
        SourceType::CallTranscript | SourceType::CallNote | SourceType::CrmSnapshot => other.n.abs_diff(unit.n) <= 2,
    };
    context.excerpt.units().iter().filter(|other| other.source == unit.source).filter(is_near)
}

/// Whether one of the words of a name stands in a text; heard names may be off by a letter (Dina for Dana).
fn names_one(text: &str, name: &[String]) -> bool {
    let mut has = false;
    for_each_word(text, |word, span| {
        has |= name.iter().any(|one| {
            one == stem(word) || text[span.start..].starts_with(char::is_uppercase) && is_heard_alike(one, stem(word))
        });
    });
    has
}

/// The same but for one letter in the middle.
fn is_heard_alike(a: &str, b: &str) -> bool {
    let same_ends = a.chars().next() == b.chars().next() && a.chars().last() == b.chars().last();
    let (count, other) = (a.chars().count(), b.chars().count());
    count >= 4 && count == other && same_ends && a.chars().zip(b.chars()).filter(|(a, b)| a != b).count() <= 1
}

/// Whether one of the passages most like a clause knows a name.
fn is_known_near(context: &Context<'_>, people: &People, wanted: &[String], name: &Name<'_>) -> bool {
    let best = context.index().best(wanted, 4);
    best.is_empty()
        || best.into_iter().any(|(number, _)| {
            let unit = &context.excerpt.units()[context.index().sentences[number].passage];
            let text = context.sentence(number);
            let evidence = context.excerpt.evidence(unit.n, text);
            let reading = context.reading(&unit.source);
            let quote = Quote { text, around: text, unit, evidence: &evidence, reading };
            knows(context, people, &quote, wanted, name)
        })
}

/// Whether somebody else does it, by the grammar of the quotes.
fn doer_problem(quotes: &Quotes<'_>, context: &Context<'_>, who: &str) -> Option<Problem> {
    let wanted = name_words(who);
    let mut said: Option<String> = None;
    for quote in &quotes.found {
        for doer in doers(quote.around) {
            if may_be(context, quote, doer, who, &wanted) {
                return name_problem(quotes, context, who);
            }
            said = said.or_else(|| description(quote, doer));
        }
    }
    match said {
        Some(said) if !wanted.is_empty() => Some((Warn, format!("the quote says that {said} does it, not {who}"))),
        _ => name_problem(quotes, context, who),
    }
}

/// Whether a name may be the one whose doing a quote speaks of.
fn may_be(context: &Context<'_>, quote: &Quote<'_>, doer: Doer<'_>, who: &str, wanted: &[String]) -> bool {
    let speaker = quote.unit.speaker.as_deref();
    let is_speaker = speaker.is_none_or(|speaker| names_one(speaker, wanted));
    match doer {
        Doer::Speaker => is_speaker,
        Doer::SpeakersSide => is_speaker || is_on_side(context, who, quote.unit.side),
        Doer::Named(name) => names_one(name, wanted),
        Doer::Addressee => !is_speaker || speaker.is_none(),
        Doer::Everybody => is_speaker || joins(quote.around, wanted),
    }
}

/// "Let's talk with your Ann."
fn joins(text: &str, name: &[String]) -> bool {
    let mut words: Vec<String> = Vec::new();
    for_each_word(text, |word, _| words.push(stem(word).to_owned()));
    let at = words.iter().position(|word| name.contains(word));
    at.is_some_and(|at| words[at.saturating_sub(3)..at].iter().any(|word| word == "with"))
}

fn is_on_side(context: &Context<'_>, who: &str, side: Side) -> bool {
    side == Side::Unknown || side_of(context, who).is_none_or(|(_, known)| known == side)
}

fn description(quote: &Quote<'_>, doer: Doer<'_>) -> Option<String> {
    match doer {
        Doer::Speaker => quote.unit.speaker.clone(),
        Doer::SpeakersSide => quote.unit.speaker.as_ref().map(|speaker| format!("{speaker}'s side")),
        Doer::Named(name) => Some(name.to_owned()),
        Doer::Addressee => Some("the one spoken to".to_owned()),
        Doer::Everybody => None,
    }
}

/// A name in the quote, or of its speaker, is right. One that no source knows is invented.
fn name_problem(quotes: &Quotes<'_>, context: &Context<'_>, name: &str) -> Option<Problem> {
    if quotes.found.is_empty() {
        // `quotes_are_verbatim` has said so.
        return None;
    }
    let wanted = name_words(name);
    let speakers = quotes.found.iter().filter_map(|quote| quote.evidence.speaker.as_deref());
    let near: Vec<String> = quotes.found.iter().map(|quote| quote.around).chain(speakers).flat_map(name_words).collect();
    if !name.contains(char::is_uppercase) || wanted.is_empty() {
        // "engineering", "the vendor's team": nobody's name.
        return None;
    }
    let is_meant = |quote: &Quote<'_>| {
        let is_speaker = quote.unit.speaker.as_deref().is_some_and(|speaker| names_one(speaker, &wanted));
        let names_somebody = context.speakers().iter().any(|(name, _)| names_one(quote.around, &name_words(name)));
        quote.speaks_of_him_or_her()
            && !is_speaker
            && !names_somebody
            && before(context, quote.unit).any(|other| names_one(&other.text, &wanted))
    };
    if quotes.found.iter().any(is_meant) {
        return None;
    }
    if wanted.iter().all(|word| near.contains(word)) {
        let is_about = |quote: &Quote<'_>| {
            let speaker = quote.evidence.speaker.as_deref().unwrap_or_default();
            names_one(quote.around, &wanted) || names_one(speaker, &wanted) && !speaks_of_somebody_else(quote)
        };
        let is_another = !quotes.found.iter().any(is_about);
        return is_another.then(|| (Warn, format!("{name} says the quote, but it speaks of somebody else")));
    }
    let somewhere = |word: &String| {
        let labels = context.speakers().iter().map(|(name, _)| *name);
        let titles = context.excerpt.units().iter().filter_map(|unit| unit.title.as_deref());
        context.index().has(word) || labels.chain(titles).flat_map(name_words).any(|one| one == *word)
    };
    match wanted.iter().any(somewhere) {
        true if quotes.found.iter().any(Quote::is_by_somebody_unnamed) => None,
        true if wanted.iter().any(|word| near.contains(word)) => None,
        true => Some((Warn, format!("{name} is not named in the quote"))),
        false => Some((Block, format!("{name} is not named in any source"))),
    }
}

/// "She's the one pushing for this", "and Ann Lee will lead it": not about the one who says it.
fn speaks_of_somebody_else(quote: &Quote<'_>) -> bool {
    let around = quote.around;
    let (mut is_about_another, mut last_capital) = (quote.speaks_of_him_or_her(), None);
    for_each_word(around, |word, span| {
        let mut letters = around[span.start..span.end].chars();
        // `SAP TM` is no person.
        let is_capital = letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_lowercase);
        is_about_another |= is_capital && last_capital.is_some_and(|end: usize| end > 0 && &around[end..span.start] == " ");
        // The first word of a sentence has a capital anyway.
        let before = around[..span.start].trim_end();
        let opens = before.is_empty() || before.ends_with(['.', '!', '?']);
        last_capital = (is_capital && !(opens && is_stop_word(word))).then_some(span.end);
    });
    is_about_another && !quote.speaks_of_oneself() && !quote.speaks_of_us()
}

fn name_words(text: &str) -> Vec<String> {
    const NO_NAMES: [&str; 10] = ["we", "us", "our", "i", "the", "team", "customer", "they", "you", "side"];
    let mut words = Vec::new();
    for_each_word(text, |word, _| {
        if !NO_NAMES.contains(&word) {
            words.push(stem(word).to_owned());
        }
    });
    words
}

#[cfg(test)]
mod tests {
    use super::is_heard_alike;

    #[test]
    fn a_name_may_be_heard_with_another_letter() {
        assert!(is_heard_alike("dana", "dina"));
        assert!(!is_heard_alike("dana", "dora"));
        assert!(!is_heard_alike("ann", "amn"));
    }
}
