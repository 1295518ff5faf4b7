//! The quotes of one answer, for the checks that compare the two.

use jiff::civil::Date;

use super::{Context, Reading, said_on};
use crate::context::Unit;
use crate::domain::brief::Evidence;
use crate::domain::event::Side;
use crate::domain::mention::{self, DateMention};
use crate::qa::facts::all_numbers;
use crate::qa::index::{content_words, for_each_word};

/// The quotes of one answer that stand in the sources.
pub(super) struct Quotes<'a> {
    pub(super) found: Vec<Quote<'a>>,
}

#[derive(Clone, Copy)]
pub(super) struct Quote<'a> {
    pub(super) text: &'a str,
    /// The whole sentences it stands in.
    pub(super) around: &'a str,
    pub(super) unit: &'a Unit,
    pub(super) evidence: &'a Evidence,
    pub(super) reading: Reading,
}

impl<'a> Quotes<'a> {
    pub(super) fn of<'c: 'a>(context: &Context<'c>, evidence: &'a [Evidence]) -> Self {
        let stand = evidence.iter().filter(|one| one.span.is_some());
        let found = stand.filter_map(|one| {
            let unit = context.unit_of(one)?;
            let reading = context.reading(&one.source);
            Some(Quote { text: &one.quote, around: context.around(one), unit, evidence: one, reading })
        });
        Self { found: found.collect() }
    }

    /// Whether every quote is English: only there can units and words for periods be compared.
    pub(super) fn are_english(&self) -> bool {
        self.found.iter().all(|quote| quote.reading == Reading::English)
    }

    /// The questions that quotes answer: what somebody else asked right before, of an answer given at once ("It is inside.").
    pub(super) fn questions<'b>(&'b self, context: &'b Context<'_>) -> impl Iterator<Item = &'b str> {
        let opens = |quote: &&Quote<'_>| quote.unit.text.starts_with(quote.around);
        self.found.iter().filter(opens).filter_map(|quote| {
            let before = context.excerpt.unit(quote.unit.n.checked_sub(1)?)?;
            let is_asked = before.source == quote.unit.source && before.speaker != quote.unit.speaker;
            (is_asked && before.text.trim_end().ends_with('?')).then(|| last_sentence(&before.text))
        })
    }

    /// Whether there is nothing but questions of our side, which tell what we want to know.
    pub(super) fn are_questions_of_ours(&self) -> bool {
        let asks = |quote: &Quote<'_>| quote.unit.side == Side::Ours && is_question(quote.text);
        !self.found.is_empty() && self.found.iter().all(asks)
    }

    /// How many of these words stand in a quote's sentences, or name its speaker.
    pub(super) fn shared(&self, wanted: &[String]) -> usize {
        let there: Vec<String> = self.found.iter().flat_map(|quote| content_words(quote.around)).collect();
        let speakers: Vec<String> =
            self.found.iter().filter_map(|quote| quote.unit.speaker.as_deref()).flat_map(content_words).collect();
        let is_there = |word: &&String| there.iter().any(|one| is_alike(one, word)) || speakers.contains(word);
        wanted.iter().filter(is_there).count()
    }
}

/// One sentence that asks, and does not state something first and then ask for a nod: "it's our language, no?"
fn is_question(text: &str) -> bool {
    let Some(asked) = text.trim_end().strip_suffix('?') else { return false };
    let nod = asked.rsplit(',').next().filter(|last| last.len() < asked.len());
    !asked.contains(['.', '!', '?', '\n']) && nod.is_none_or(|last| last.split_whitespace().count() > 3)
}

fn last_sentence(text: &str) -> &str {
    mention::sentences(text).last().map_or(text, |span| &text[span.start..span.end])
}

/// Of one family: "deliver" and "delivery", "integrate" and "integration".
pub(super) fn is_alike(a: &str, b: &str) -> bool {
    let same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    a == b || same >= 5 && same + 4 >= a.len().max(b.len())
}

impl Quote<'_> {
    /// Whether a quote that is not English may name a day in words that are not read, or by a weekday that may be the
    /// next or the one after it.
    pub(super) fn may_name_day(&self, day: Date) -> bool {
        if self.reading == Reading::English {
            return false;
        }
        let named = mention::dates(self.text, said_on(self.evidence.at));
        let is_relative = |one: &DateMention| !self.text[one.span.start..one.span.end].contains(|c: char| c.is_ascii_digit());
        let is_week_off = |one: &DateMention| one.date.is_some_and(|named| (named - day).get_days().unsigned_abs() == 7);
        if named.iter().any(|one| is_relative(one) && is_week_off(one)) {
            return true;
        }
        // Of a language that is not read, the number of the day must do.
        let numbers = || all_numbers(self.text, &mention::quantities(self.text));
        named.is_empty() || self.reading == Reading::Digits && numbers().contains(&f64::from(day.day()))
    }

    pub(super) fn speaks_of_oneself(&self) -> bool {
        let is_own = |word: &str| matches!(word, "i" | "i'll" | "i'm" | "i've" | "i'd" | "me" | "my" | "myself");
        self.has(is_own, |word| word.starts_with("j'") || ONESELF.contains(&word))
    }

    pub(super) fn speaks_of_us(&self) -> bool {
        let is_ours = |word: &str| matches!(word, "we" | "we'll" | "we're" | "we've" | "we'd" | "us" | "our");
        self.has(is_ours, |word| US.contains(&word))
    }

    pub(super) fn speaks_to_somebody(&self) -> bool {
        let is_yours = |word: &str| matches!(word, "you" | "you'll" | "you're" | "you've" | "you'd" | "your" | "yours");
        self.has(is_yours, |word| YOU.contains(&word))
    }

    pub(super) fn speaks_of_him_or_her(&self) -> bool {
        let pronoun = |word: &str| matches!(word, "he" | "she" | "he's" | "she's" | "he'll" | "she'll" | "him" | "her" | "his");
        self.has(pronoun, |word| HIM_OR_HER.contains(&word))
    }

    /// Whether one of its words is wanted; of a quote in another language, of that one's words.
    fn has(&self, is_wanted: fn(&str) -> bool, is_wanted_elsewhere: fn(&str) -> bool) -> bool {
        match self.reading {
            Reading::English => has_word(self.around, is_wanted),
            Reading::Numbers | Reading::Digits => has_word(self.around, |word| is_wanted(word) || is_wanted_elsewhere(word)),
        }
    }

    /// "I'll make sure" in a note that nobody signed: whose promise it is only the reader of the record can know.
    pub(super) fn is_by_somebody_unnamed(&self) -> bool {
        self.speaks_of_oneself() && self.evidence.speaker.is_none()
    }
}

/// Words for persons in German, French, Dutch and Spanish.
const ONESELF: [&str; 15] =
    ["ich", "mich", "mir", "mein", "meine", "meinem", "meinen", "je", "moi", "mon", "ik", "mij", "mijn", "yo", "mi"];
const US: [&str; 16] = [
    "wir", "uns", "unser", "unsere", "unserem", "unseren", "nous", "notre", "nos", "on", "wij", "ons", "onze", "nosotros",
    "nosotras", "nuestro",
];
const YOU: [&str; 16] =
    ["sie", "ihnen", "ihr", "ihre", "du", "dir", "dich", "vous", "votre", "vos", "tu", "te", "jullie", "jou", "usted", "le"];
const HIM_OR_HER: [&str; 15] =
    ["er", "ihn", "ihm", "sie", "ihr", "seine", "il", "elle", "lui", "hij", "hem", "zij", "haar", "ella", "él"];

pub(super) fn has_word(text: &str, is_wanted: impl Fn(&str) -> bool) -> bool {
    let mut has = false;
    for_each_word(text, |word, _| has |= is_wanted(word));
    has
}
