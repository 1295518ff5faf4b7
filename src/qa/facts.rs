//! The numbers and days that a text holds, for asking whether a claim's stand there.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::index::for_each_word;
use crate::domain::mention::{self, DateMention, DurationMention, MoneyMention, NumberMention};

/// What one text mentions.
#[derive(Debug, Default)]
pub(super) struct Mentions {
    pub(super) numbers: Vec<NumberMention>,
    pub(super) money: Vec<MoneyMention>,
    pub(super) durations: Vec<DurationMention>,
    pub(super) dates: Vec<DateMention>,
}

impl Mentions {
    pub(super) fn of(text: &str, said_on: Option<Date>) -> Self {
        Self {
            numbers: mention::numbers(text),
            money: mention::money(text),
            durations: mention::durations(text),
            dates: mention::dates(text, said_on),
        }
    }

    /// Every number in every reading: `$45k` gives 45,000, and 45 comes from [`plain_numbers`].
    fn all_numbers(&self) -> impl Iterator<Item = f64> {
        let numbers = self.numbers.iter().flat_map(|one| [Some(one.number), one.up_to]);
        let money = self.money.iter().flat_map(|one| [Some(one.amount), one.up_to]);
        let durations = self.durations.iter().flat_map(|one| [Some(one.amount), one.up_to]);
        numbers.chain(money).chain(durations).flatten()
    }
}

/// Numbers and days of a set of texts. Generous: it is better to accept a number too many than to block a right brief.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) mentions: Vec<Mentions>,
    numbers: Vec<f64>,
    days: Vec<Date>,
    /// All texts in lower case: finds days by their words.
    words: String,
}

impl Facts {
    pub(super) fn of<'a>(texts: impl IntoIterator<Item = (&'a str, Option<Date>)>) -> Self {
        let mut facts = Self::default();
        for (text, said_on) in texts {
            let mentions = Mentions::of(text, said_on);
            facts.numbers.extend(mentions.all_numbers().chain(plain_numbers(text)));
            facts.days.extend(mentions.dates.iter().filter_map(|mention| mention.date));
            if !mentions.dates.is_empty() {
                facts.days.extend(days_beside(text, said_on));
            }
            if text.contains(" - ") {
                // Recognisers write "twenty - five".
                facts.numbers.extend(mention::numbers(&text.replace(" - ", "-")).iter().map(|one| one.number));
            }
            facts.mentions.push(mentions);
            for_each_word(text, |word, _| {
                facts.words.push_str(word);
                facts.words.push(' ');
            });
        }
        facts.numbers.sort_unstable_by(f64::total_cmp);
        facts.days.sort_unstable();
        facts
    }

    /// Also "twelve euros and fifty" for 12.50: prices are said in two numbers.
    pub(super) fn has_number(&self, number: f64) -> bool {
        let hundredths = (number * 100.0).round() - number.trunc() * 100.0;
        let is_price = number > 1.0 && hundredths >= 10.0 && same((number * 100.0).round(), number * 100.0);
        self.stands(number) || is_price && self.stands(number.trunc()) && self.stands(hundredths)
    }

    fn stands(&self, number: f64) -> bool {
        let from = self.numbers.partition_point(|one| *one < number - tolerance(number));
        self.numbers.get(from).is_some_and(|one| same(*one, number))
    }

    pub(super) fn has_day(&self, day: Date) -> bool {
        self.days.binary_search(&day).is_ok()
    }

    /// A day of any year.
    pub(super) fn has_day_of_year(&self, day: Date) -> bool {
        self.days.iter().any(|one| (one.month(), one.day()) == (day.month(), day.day()))
    }

    /// Whether the sources speak of the same quarter in words: `Q2` for "second quarter", and the reverse.
    pub(super) fn has_quarter(&self, text: &str) -> bool {
        const QUARTERS: [(&str, &str); 4] =
            [("q1", "first quarter"), ("q2", "second quarter"), ("q3", "third quarter"), ("q4", "fourth quarter")];
        let lower = text.to_lowercase();
        let named = QUARTERS.iter().filter(|(short, long)| lower.contains(short) || lower.contains(long));
        named.into_iter().any(|(short, long)| self.has_words(short) || self.has_words(long))
    }

    /// Whether these words stand somewhere in this order, whatever stands between them but letters.
    pub(super) fn has_words(&self, text: &str) -> bool {
        let mut wanted = String::new();
        for_each_word(text, |word, _| {
            wanted.push_str(word);
            wanted.push(' ');
        });
        let starts_word = |at: usize| at == 0 || self.words.as_bytes()[at - 1] == b' ';
        !wanted.is_empty() && self.words.match_indices(&wanted).any(|(at, _)| starts_word(at))
    }
}

/// Equal but for rounding.
pub(super) fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= tolerance(b)
}

fn tolerance(number: f64) -> f64 {
    1e-9 * number.abs().max(1.0)
}

/// Every number a reader could find in a text, in any reading: `$45k` gives 45 and 45,000.
pub(super) fn all_numbers(text: &str) -> Vec<f64> {
    Mentions {
        numbers: mention::numbers(text),
        money: mention::money(text),
        durations: mention::durations(text),
        dates: Vec::new(),
    }
    .all_numbers()
    .chain(plain_numbers(text))
    .collect()
}

/// Runs of digits with their separators, read both as thousands and as decimals.
fn plain_numbers(text: &str) -> Vec<f64> {
    let runs = text.split(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ','));
    let runs = runs.map(|run| run.trim_matches(['.', ','])).filter(|run| !run.is_empty());
    runs.flat_map(|run| [run.replace(',', ""), run.replace('.', "").replace(',', "."), run.replace(['.', ','], "")])
        .filter_map(|run| run.parse().ok())
        .collect()
}

/// The days a text names if it was said on the other side of midnight: the speaker's zone is not known.
fn days_beside(text: &str, said_on: Option<Date>) -> Vec<Date> {
    let days = |on| mention::dates(text, Some(on)).into_iter().filter_map(|mention| mention.date);
    neighbours(said_on).flat_map(days).collect()
}

/// The day before and the day after.
pub(super) fn neighbours(day: Option<Date>) -> impl Iterator<Item = Date> {
    [-1, 1].into_iter().filter_map(move |step: i64| day?.checked_add(step.days()).ok())
}

#[cfg(test)]
mod tests {
    use super::plain_numbers;

    #[test]
    fn digits_are_read_with_either_separator() {
        assert!(plain_numbers("about 1,250.50.").contains(&1250.5));
        assert!(plain_numbers("etwa 1.250 Euro").contains(&1250.0));
        assert!(plain_numbers("no digits").is_empty());
    }
}
