//! What a text mentions: amounts of money, numbers, dates, lengths of time; and whether it denies or hedges.
//!
//! Used on both sides: the extractive engine types values with it, the checks compare values with their quotes.
//! Spans are byte offsets into the text given, in order, and never overlap within one answer. Nothing here is a language model: these are the written and spoken
//! forms of English business text, and the usual European ways to write money, numbers and dates. German, French, Dutch and Spanish
//! are read by what their words mean in English: see `languages`.

mod amount;
mod calendar;
mod date;
mod duration;
mod joined;
mod languages;
mod modality;
mod money;
mod number;
mod phrases;
mod sentence;
mod spelled;
mod vocabulary;
mod words;

use jiff::civil::Date;

pub use self::languages::Language;
use super::brief::{Firmness, Span};
use super::value::{DurationUnit, Period};

/// Money as mentioned: `$45k per year`, `40 to 60 thousand euros`, `forty-five thousand`.
#[derive(Debug, Clone, PartialEq)]
pub struct MoneyMention {
    /// From the currency or number to the currency or period after it.
    pub span: Span,
    pub amount: f64,
    /// End of a range.
    pub up_to: Option<f64>,
    /// ISO 4217 code, if the text says one. A plain `$` is taken for US dollars.
    pub currency: Option<String>,
    pub period: Option<Period>,
}

/// A number as mentioned: `120 seats`, `a hundred and twenty`, `15 %`.
#[derive(Debug, Clone, PartialEq)]
pub struct NumberMention {
    /// The number and its unit.
    pub span: Span,
    pub number: f64,
    pub up_to: Option<f64>,
    /// The noun right after it in singular or plural as written, or `percent`.
    pub unit: Option<String>,
}

/// A day as mentioned: `2026-05-12`, `May 12th`, `next Tuesday`, `end of the month`.
#[derive(Debug, Clone, PartialEq)]
pub struct DateMention {
    pub span: Span,
    /// Resolved against the day it was said; `None` if the text is relative and that day is not known, or if
    /// day and month cannot be told apart (`12/05/2026`).
    pub date: Option<Date>,
    /// The day is exact (`May 12th`, `next Tuesday`); otherwise the last day of what was named (`end of May`, `Q3`).
    pub exact: bool,
    /// The month was not said: `the 15th`. The nearest to come is taken, but another may be spoken of.
    pub lacks_month: bool,
}

/// A length of time as mentioned: `two weeks`, `30 days`, `a quarter`.
#[derive(Debug, Clone, PartialEq)]
pub struct DurationMention {
    pub span: Span,
    pub amount: f64,
    pub up_to: Option<f64>,
    pub unit: DurationUnit,
}

/// What [`numbers()`], [`money()`] and [`durations()`] find in one text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Quantities {
    pub numbers: Vec<NumberMention>,
    pub money: Vec<MoneyMention>,
    pub durations: Vec<DurationMention>,
    /// What two numbers said one behind the other may mean together: 580 for "five eighty".
    pub joined: Vec<f64>,
}

/// All quantities, with one look at the words.
pub fn quantities(text: &str) -> Quantities {
    let words = words::Words::scan(text);
    let amounts = amount::amounts(&words);
    Quantities {
        numbers: number::numbers_in(&words, &amounts),
        money: money::money_in(&words, &amounts),
        durations: duration::durations_in(&words, &amounts),
        joined: joined::said_together(&words, &amounts),
    }
}

/// All amounts of money. A bare number counts only with a currency, or with `k`/`thousand`/`million` where the words
/// around it speak of money.
pub fn money(text: &str) -> Vec<MoneyMention> {
    money::money(text)
}

/// All numbers, in digits or words, except those that are part of a date or a time of day.
/// Versions, phone numbers, links and ids are none; amounts of money are numbers too.
pub fn numbers(text: &str) -> Vec<NumberMention> {
    number::numbers(text)
}

/// All days. `said_on` is the day of the mail or call.
///
/// * A weekday is the first after `said_on`; `next Tuesday` is the Tuesday of the following week, Monday to Sunday.
/// * A day without a year is the nearest to come, unless that is over ten months away and it was at most 60 days ago.
/// * `12/05/2026` is read only where one of the two can be no month; with dots the day comes first.
/// * A month, quarter or year stands for its last day, a bare `2027` too; `next week` for its Sunday.
/// * `mid June` is the 15th, `early` the 10th, `end of the week` its Friday; these are not exact.
pub fn dates(text: &str, said_on: Option<Date>) -> Vec<DateMention> {
    date::dates(text, said_on)
}

/// All lengths of time. "A couple of weeks" is two.
pub fn durations(text: &str) -> Vec<DurationMention> {
    duration::durations(text)
}

/// The language a text is read in: English unless its words tell otherwise, so also for languages that are not read.
pub fn language(text: &str) -> Language {
    words::Words::scan(text).language()
}

/// Whether the text denies something: "not", "never", "no longer", "we don't".
pub fn is_negated(text: &str) -> bool {
    modality::is_negated(text)
}

/// The words that deny: "not", "never", "no" of "no longer".
pub fn denials(text: &str) -> Vec<Span> {
    modality::denials(text)
}

/// How firmly a sentence commits its speaker; `None` if it promises nothing.
pub fn commitment_strength(text: &str) -> Option<Firmness> {
    modality::commitment_strength(text)
}

/// Whether the text hedges: "might", "hope to", "should be able to", "probably".
pub fn is_hedged(text: &str) -> bool {
    modality::is_hedged(text)
}

/// Spans of the sentences, white space at their ends not included. Abbreviations, decimals, initials and addresses
/// do not end a sentence; a line break does when the next line starts a new thought (bullet, blank line).
pub fn sentences(text: &str) -> Vec<Span> {
    sentence::sentences(text)
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};
    use proptest::prelude::*;

    use super::*;

    /// Pieces that the matchers look for, glued in any order: far more often near a rule's edge than random text.
    const PIECES: [&str; 84] = [
        "may",
        "May",
        "12",
        "12th",
        "the",
        "of",
        "end",
        "next",
        "week",
        "Tuesday",
        "EOD",
        "Q3",
        "2026",
        "-",
        "–",
        ".",
        ",",
        "/",
        "$",
        "€",
        "45k",
        "k",
        "million",
        "a",
        "hundred",
        "and",
        "half",
        "point",
        "five",
        "twenty",
        "to",
        "between",
        "per",
        "month",
        "'",
        "’",
        "%",
        "in",
        "two",
        "weeks",
        "from",
        "now",
        "ago",
        "business",
        "days",
        "couple",
        "quarter",
        "first",
        "we",
        "will",
        "we'll",
        "not",
        "might",
        "?",
        "\n",
        "\n\n",
        "- ",
        "é",
        "日本",
        "\u{301}",
        "\u{a0}",
        "@",
        "a@b",
        "http://",
        "+1",
        "415",
        "555",
        "0132",
        "(",
        ")",
        "000",
        "1,250.50",
        "99999999999",
        "4294967296",
        "31",
        "29",
        "February",
        "0",
        "’s",
        "Dr.",
        "i",
        "can",
        "budget",
        "USD",
    ];

    fn assert_spans(text: &str, spans: impl IntoIterator<Item = Span>) {
        let mut floor = 0;
        for span in spans {
            assert!(floor <= span.start && span.start < span.end, "{span:?} after {floor} in {text:?}");
            let piece = text.get(span.start..span.end).unwrap_or_else(|| panic!("{span:?} splits a character of {text:?}"));
            assert_eq!(piece, piece.trim(), "{text:?}");
            floor = span.end;
        }
    }

    fn assert_all(text: &str, said_on: Option<Date>) {
        let all = quantities(text);
        assert_eq!((all.numbers, all.money, all.durations), (numbers(text), money(text), durations(text)));
        assert_spans(text, money(text).into_iter().map(|found| found.span));
        assert_spans(text, numbers(text).into_iter().map(|found| found.span));
        assert_spans(text, dates(text, said_on).into_iter().map(|found| found.span));
        assert_spans(text, durations(text).into_iter().map(|found| found.span));
        assert_spans(text, sentences(text));
        assert_spans(text, denials(text));
        let _ = (is_negated(text), is_hedged(text), commitment_strength(text));
        let ranges = money(text).into_iter().filter_map(|found| Some((found.amount, found.up_to?)));
        for (amount, up_to) in ranges.chain(numbers(text).into_iter().filter_map(|found| Some((found.number, found.up_to?)))) {
            assert!(amount < up_to, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic_and_with_spans_in_order(text in ".{0,80}", day in -3000..3000_i32) {
            let said_on = date(2026, 1, 1).checked_add(jiff::Span::new().days(day)).ok();
            assert_all(&text, said_on);
        }

        #[test]
        fn any_order_of_pieces_is_read_without_panic_and_with_spans_in_order(
            pieces in prop::collection::vec((prop::sample::select(&PIECES[..]), prop::sample::select(&["", " ", "  ", "\n"][..])), 0..24),
            day in -3000..3000_i32,
        ) {
            let text: String = pieces.into_iter().flat_map(|(piece, gap)| [piece, gap]).collect();
            let said_on = date(2026, 1, 1).checked_add(jiff::Span::new().days(day)).ok();
            assert_all(&text, said_on);
        }

        #[test]
        fn sentences_leave_out_nothing_but_white_space(text in "[a-zA-Z0-9 .!?\n-]{0,80}") {
            let spans = sentences(&text);
            let kept: String = spans.iter().map(|span| &text[span.start..span.end]).collect();
            let without_space = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
            prop_assert_eq!(without_space(&kept), without_space(&text));
        }
    }

    /// Text that makes a reader look ahead from every place must not take the square of its length.
    #[test]
    fn hostile_text_is_read_in_linear_time() {
        let start = std::time::Instant::now();
        for piece in [
            "(",
            ".",
            "1-",
            "1.",
            "1,",
            "a ",
            "half a ",
            "EOD ",
            "two weeks from ",
            "twenty ",
            "we will ",
            "\n",
            "may 12 ",
            "'",
            "www.",
            "Dr. ",
        ] {
            assert_all(&piece.repeat(20_000 / piece.len()), Some(date(2026, 4, 29)));
        }
        // Linear: about a second without optimisation. Quadratic: minutes.
        assert!(start.elapsed() < std::time::Duration::from_secs(20));
    }

    #[test]
    fn days_at_the_ends_of_the_calendar_are_not_resolved_but_do_not_panic() {
        for said_on in [Date::MIN, Date::MAX] {
            for text in [
                "tomorrow",
                "yesterday",
                "next week",
                "last week",
                "next year",
                "in 90 years",
                "May 12",
                "in 5 business days",
                "on Tuesday",
            ] {
                assert_all(text, Some(said_on));
            }
        }
    }
}
