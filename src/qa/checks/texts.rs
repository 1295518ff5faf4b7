//! Numbers of a free text against the words it quotes.

use super::Context;
use super::quoted::{Quote, Quotes, has_word};
use super::values::Problem;
use crate::domain::brief::{Severity, Span};
use crate::domain::mention::{self, NumberMention};
use crate::qa::facts::{all_numbers, may_name_time, same, share_in_words, times_of_day};

use Severity::Warn;

impl Quotes<'_> {
    /// Numbers of a free text that the sources have, but not in this quote. (What the sources lack altogether is
    /// found by `numbers_are_grounded`.)
    pub(super) fn text_problems(&self, context: &Context<'_>, text: &str) -> Vec<Problem> {
        if !text.contains(|c: char| c.is_ascii_digit()) && context.quantities(text).numbers.is_empty() {
            return Vec::new();
        }
        let quantities = context.quantities(text);
        let passages: Vec<&str> = self
            .found
            .iter()
            .flat_map(|quote| [Some(quote.around), pointed_at(context, quote), next_to(context, quote)])
            .flatten()
            .collect();
        let there: Vec<f64> = passages.iter().flat_map(|one| all_numbers(one, &context.quantities(one))).collect();
        // "One person" is no number where the quote says it: there it counts nothing.
        let in_same_words = |span: Span| {
            let words = text[span.start..span.end].to_lowercase();
            self.found.iter().any(|quote| quote.around.to_lowercase().contains(&words))
        };
        // "Two weeks" for "every fortnight": small numbers in words are the writer's own counting, as in `numbers_not_in`.
        let is_counting = |one: &&NumberMention| {
            one.number < 13.0 && !text[one.span.start..one.span.end].contains(|c: char| c.is_ascii_digit())
        };
        let is_spelled = |number: f64| {
            let is_it = |word: &str| is_number_word(word, number);
            passages.iter().any(|text| has_word(text, is_it) || says_share(text, number))
        };
        let numbers =
            quantities.numbers.iter().filter(|one| !in_same_words(one.span) && !is_counting(one) && !is_spelled(one.number));
        let numbers = numbers.flat_map(|mention| [Some(mention.number), mention.up_to]).flatten();
        let elsewhere =
            numbers.filter(|number| !there.iter().any(|one| same(*one, *number)) && context.facts().has_number(*number));
        let elsewhere = elsewhere.map(|number| format!("{number} stands elsewhere in the sources, not in the quote"));
        let mut problems: Vec<Problem> = elsewhere.map(|message| (Warn, message)).collect();
        if problems.is_empty() && !self.found.is_empty() {
            let is_said = |number: f64| there.iter().any(|one| same(*one, number)) || is_spelled(number);
            let is_told = |span: &Span| {
                let numbers = quantities.numbers.iter().map(|one| (one.span, one.number));
                let mut all = numbers.chain(quantities.money.iter().map(|one| (one.span, one.amount)));
                let mut times = times_of_day(text).into_iter();
                all.any(|(of, number)| of.start <= span.start && span.end <= of.end && is_said(number))
                    || times.any(|(of, time)| {
                        of.start <= span.start && span.end <= of.end && passages.iter().any(|one| may_name_time(one, &time))
                    })
            };
            let run = digits_not_said(text, is_said, is_told);
            problems.extend(run.map(|run| (Warn, format!("{run} does not stand in the quote"))));
        }
        problems
    }
}

/// "One in five" for 20 percent.
pub(super) fn says_share(text: &str, percent: f64) -> bool {
    let words = share_in_words(percent);
    !words.is_empty() && words.iter().any(|words| text.to_lowercase().contains(words))
}

/// The sentence after a quote, of the same passage: "You went over. I've raised it to 2,000."
fn next_to<'a>(context: &Context<'a>, quote: &Quote<'_>) -> Option<&'a str> {
    let last = usize::try_from(context.sentences_of(quote.evidence)?.1).ok()?;
    let all = &context.index().sentences;
    let is_near = all.get(last)?.passage == all.get(last + 1)?.passage;
    is_near.then(|| context.sentence(last + 1))
}

/// The sentence before a quote that speaks of "it" or "that": what is meant was said there.
fn pointed_at<'a>(context: &Context<'a>, quote: &Quote<'_>) -> Option<&'a str> {
    const POINTING: [&str; 8] = ["it", "that", "this", "them", "those", "these", "so", "same"];
    if !has_word(quote.text, |word| POINTING.contains(&word)) {
        return None;
    }
    let (first, _) = context.sentences_of(quote.evidence)?;
    let before = usize::try_from(first.checked_sub(1)?).ok()?;
    Some(context.sentence(before))
}

/// The first run of digits of a text that nobody said: in versions, times and account numbers too. Days are for
/// `dates_are_grounded`; a year is the writer's way to place things.
fn digits_not_said(text: &str, is_said: impl Fn(f64) -> bool, is_told: impl Fn(&Span) -> bool) -> Option<&str> {
    let dates = mention::dates(text, None);
    let is_of_date = |at: usize| dates.iter().any(|date| date.span.start <= at && at < date.span.end);
    let start = |run: &str| run.as_ptr() as usize - text.as_ptr() as usize;
    let runs = text.split(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',')).map(|run| run.trim_matches(['.', ',']));
    let span = |run: &str| Span { start: start(run), end: start(run) + run.len() };
    // "3D", "G7": a digit in a name.
    let is_of_name = |run: &str| {
        let (before, after) = (text[..start(run)].chars().next_back(), text[start(run) + run.len()..].chars().next());
        run.len() == 1 && [before, after].into_iter().flatten().any(char::is_uppercase)
    };
    let runs = runs.filter(|run| !run.is_empty() && !is_of_date(start(run)) && !is_of_name(run));
    runs.filter(|run| !is_told(&span(run))).find(|run| {
        let readings = [run.replace(',', ""), run.replace('.', "").replace(',', "."), run.replace(['.', ','], "")];
        let mut numbers = readings.iter().filter_map(|reading| reading.parse::<f64>().ok());
        // "14:00" for "at two".
        let hours = |number: f64| [number, number - 12.0, number + 12.0].into_iter().any(&is_said);
        !numbers.any(|number| number == 0.0 || (1900.0..2100.0).contains(&number) || hours(number))
    })
}

/// "Three", "third": numbers that are said in a word, where a day or an hour is read as such and not as a number.
fn is_number_word(word: &str, number: f64) -> bool {
    const WORDS: [(&str, &str); 12] = [
        ("one", "first"),
        ("two", "second"),
        ("three", "third"),
        ("four", "fourth"),
        ("five", "fifth"),
        ("six", "sixth"),
        ("seven", "seventh"),
        ("eight", "eighth"),
        ("nine", "ninth"),
        ("ten", "tenth"),
        ("eleven", "eleventh"),
        ("twelve", "twelfth"),
    ];
    let mut words = WORDS.iter().zip(1_u32..);
    words.any(|((cardinal, ordinal), n)| same(f64::from(n), number) && (word == *cardinal || word == *ordinal))
}
