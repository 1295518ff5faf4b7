//! `people_fit_their_quotes`: whom an answer names spoke, or is spoken of, where it is quoted.
//!
//! Models seldom invent a name: they tie a name of the sources to what somebody else said or does.

use super::displaced::is_role_of_another;
use super::promiser::{Doer, doers, is_receiver};
use super::quoted::{Quote, Quotes};
use super::speakers::side_of;
use super::strangers::{People, before, is_customer, is_described, names_one, strangers};
use super::{Context, Found, Reading, claims, commitment_name};
use crate::domain::brief::{Brief, FieldStatus, Firmness, Severity};
use crate::domain::event::Side;
use crate::domain::mention;
use crate::domain::value::Value;
use crate::qa::index::{for_each_word, is_stop_word, stem};

use Severity::{Block, Warn};

type Problem = (Severity, String);

pub(super) fn people_fit_their_quotes(context: &Context<'_>, brief: &Brief) -> Vec<Found> {
    let people = People::of(context, brief);
    let mut found = Vec::new();
    for answer in brief.fields.iter().filter(|answer| answer.status == FieldStatus::Stated) {
        let quotes = Quotes::of(context, &answer.evidence);
        let problem = match &answer.value {
            Some(Value::Person { name, role }) => {
                let is_described = || quotes.found.iter().any(|quote| is_described(context, quote, &name_words(name)));
                let problem = name_problem(&quotes, context, &people, name).filter(|_| !is_described());
                problem.or_else(|| role_problem(context, &people, name, role.as_deref()?))
            }
            Some(Value::Commitment { who: Some(who), what, .. }) => {
                receiver_problem(&people, who, None, what).or_else(|| doer_problem(&quotes, context, &people, who))
            }
            _ => None,
        };
        let place = format!("fields.{}.value", answer.name);
        found.extend(problem.map(|(severity, message)| Found::new(severity, &answer.name, message).mend_at(place)));
    }
    for (i, promise) in brief.commitments.iter().enumerate() {
        let Some(who) = promise.who.as_deref() else { continue };
        let quotes = Quotes::of(context, &promise.evidence);
        let does_it = || match promise.firmness {
            // What somebody takes for granted is in another's mouth.
            Firmness::Implied => name_problem(&quotes, context, &people, who),
            Firmness::Firm | Firmness::Hedged => doer_problem(&quotes, context, &people, who),
        };
        let problem = receiver_problem(&people, who, promise.to_whom.as_deref(), &promise.what).or_else(does_it);
        let part = commitment_name(i);
        let place = format!("{part}.who");
        found.extend(problem.map(|(severity, message)| Found::new(severity, &part, message).mend_at(place)));
    }
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

/// Whether the sources give this role to somebody else only.
fn role_problem(context: &Context<'_>, people: &People, name: &str, role: &str) -> Option<Problem> {
    let is_anothers = is_role_of_another(context, people, &name_words(name), role);
    is_anothers.then(|| (Warn, format!("somebody else than {name} is {role} in the sources")))
}

/// Nobody promises a thing to himself.
fn receiver_problem(people: &People, who: &str, to_whom: Option<&str>, what: &str) -> Option<Problem> {
    let wanted = name_words(who);
    let is_own = |name: &[String]| !wanted.is_empty() && name.iter().all(|word| wanted.contains(word));
    let is_to_oneself = to_whom.is_some_and(|whom| name_words(whom) == wanted && !wanted.is_empty());
    let mut receivers = people.named_in(what).into_iter().filter(|(_, written)| is_receiver(what, written));
    let is_told = is_to_oneself || receivers.any(|(name, _)| is_own(&name));
    is_told.then(|| (Warn, format!("{who} would promise it to themselves")))
}

/// Whether somebody else does it, by the grammar of the quotes.
fn doer_problem(quotes: &Quotes<'_>, context: &Context<'_>, people: &People, who: &str) -> Option<Problem> {
    let wanted = name_words(who);
    let mut said: Option<String> = None;
    // The grammar is that of English.
    for quote in quotes.found.iter().filter(|quote| quote.reading == Reading::English) {
        let own = doers(quote.text);
        for doer in if own.is_empty() { doers(quote.around) } else { own } {
            if opens_with(quote.text, &wanted) || may_be(context, quote, doer, who, &wanted) {
                return name_problem(quotes, context, people, who);
            }
            said = said.or_else(|| description(quote, doer));
        }
    }
    match said {
        Some(said) if !wanted.is_empty() => Some((Warn, format!("the quote says that {said} does it, not {who}"))),
        _ => name_problem(quotes, context, people, who),
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

/// "Ann gives you access. I hope it works": what a sentence opens with does what it says, whoever else the quote speaks of.
fn opens_with(text: &str, name: &[String]) -> bool {
    mention::sentences(text).into_iter().any(|span| {
        let sentence = &text[span.start..span.end];
        let Some((first, rest)) = sentence.split_once(' ') else { return false };
        // "Ann, could you": she is spoken to.
        first.ends_with(char::is_alphanumeric) && rest.starts_with(char::is_lowercase) && names_one(first, name)
    })
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
fn name_problem(quotes: &Quotes<'_>, context: &Context<'_>, people: &People, name: &str) -> Option<Problem> {
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
        let is_form = quote.unit.speaker.is_none() && quote.speaks_of_oneself();
        (quote.speaks_of_him_or_her() || is_form)
            && !is_speaker
            && !names_somebody
            && before(context, quote.unit).chain([quote.unit]).any(|other| names_one(&other.text, &wanted))
    };
    if quotes.found.iter().any(is_meant) {
        return None;
    }
    if wanted.iter().all(|word| near.contains(word)) {
        let is_about = |quote: &Quote<'_>| {
            let speaker = quote.evidence.speaker.as_deref().unwrap_or_default();
            names_one(quote.around, &wanted) || names_one(speaker, &wanted) && !speaks_of_somebody_else(people, quote)
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
        true if quotes.found.iter().any(Quote::is_by_somebody_unnamed) && !is_customer(context, &wanted) => None,
        true if wanted.iter().any(|word| near.contains(word)) => None,
        true => Some((Warn, format!("{name} is not named in the quote"))),
        false => Some((Block, format!("{name} is not named in any source"))),
    }
}

/// "She's the one pushing for this", "and Ann Lee will lead it": not about the one who says it.
fn speaks_of_somebody_else(people: &People, quote: &Quote<'_>) -> bool {
    if quote.reading != Reading::English {
        // Two words with capitals are any two German nouns; whom a sentence begins with does what it says.
        let opens = people.named_in(quote.around).first().is_some_and(|(_, name)| quote.around.starts_with(name));
        return (opens || quote.speaks_of_him_or_her()) && !quote.speaks_of_oneself() && !quote.speaks_of_us();
    }
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
