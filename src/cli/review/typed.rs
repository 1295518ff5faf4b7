//! What a person types → a value of the part's type.

use clap::Args;
use jiff::civil::Date;

use super::super::output::Usage;
use crate::domain::brief::{BriefDocument, Span};
use crate::domain::contract::Contract;
use crate::domain::mention;
use crate::domain::value::{FieldType, Value, says_nothing};
use crate::qa;

pub(super) const EXAMPLES: &str = "\
Examples:
  baton review edit 1042 headline 'They need 120 seats by June'
  baton review edit 1042 budget '45000 EUR/year'        also '$45k a year', '40000 to 60000 GBP'
  baton review edit 1042 seats '120 seats'
  baton review edit 1042 timeline 2026-06-01
  baton review edit 1042 pilot '6 weeks'
  baton review edit 1042 champion 'Ann Lee (CFO)'
  baton review edit 1042 urgency high                   one of the names of the contract
  baton review edit 1042 competition 'Acme; Zenith'     or --item Acme --item Zenith
  baton review edit 1042 next_step 'Send the proposal' --who Dana --due 2026-05-12
  baton review edit 1042 seats --value-json '{\"type\":\"number\",\"number\":120,\"unit\":\"seats\"}'";

/// A value as it is given.
#[derive(Args)]
pub(super) struct Given {
    /// The value, written as in the examples
    #[arg(required_unless_present_any = ["item", "value_json"], conflicts_with_all = ["item", "value_json"])]
    value: Option<String>,
    /// One item of a list; may be given several times
    #[arg(long, value_name = "TEXT", conflicts_with = "value_json")]
    item: Vec<String>,
    /// Of a promise: who does it
    #[arg(long, value_name = "NAME")]
    who: Option<String>,
    /// Of a promise: by when
    #[arg(long, value_name = "YYYY-MM-DD")]
    due: Option<Date>,
    /// The exact value as in `schemas/brief.schema.json`
    #[arg(long, value_name = "JSON")]
    value_json: Option<String>,
}

/// Reads the value for a part. The error says what can be written.
pub(super) fn read(given: &Given, part: &str, document: &BriefDocument, contract: &Contract) -> Result<Value, Usage> {
    let unknown = || Usage(format!("the brief has no part `{part}`; it has: {}", qa::parts(document).join(", ")));
    let expected = qa::type_of_part(document, part, contract).ok_or_else(unknown)?;
    if expected != FieldType::Commitment && (given.who.is_some() || given.due.is_some()) {
        return Err(Usage(format!("--who and --due are for promises; `{part}` holds {}", form(expected))));
    }
    if expected != FieldType::List && !given.item.is_empty() {
        return Err(Usage(format!("--item is for lists; `{part}` holds {}", form(expected))));
    }
    if let Some(json) = &given.value_json {
        return serde_json::from_str(json).map_err(|_| {
            let name = format!("{expected:?}").to_lowercase();
            Usage(format!(
                "--value-json holds no value; it must be an object with `\"type\": \"{name}\"`, see schemas/brief.schema.json"
            ))
        });
    }
    let text = given.value.as_deref().unwrap_or_default().trim();
    let value = match expected {
        FieldType::List => list(given, text),
        FieldType::Commitment => {
            (!says_nothing(text)).then(|| Value::Commitment { what: text.to_owned(), who: given.who.clone(), due: given.due })
        }
        _ => parse(expected, text),
    };
    value.ok_or_else(|| Usage(format!("`{part}` holds {}; to take out what stands there, use `reject`", form(expected))))
}

/// What a type looks like, with an example.
fn form(expected: FieldType) -> &'static str {
    match expected {
        FieldType::Text => "a sentence or two, such as 'They build reports by hand'",
        FieldType::Money => "an amount of money, such as '45000 EUR/year' or '$40k to $60k'",
        FieldType::Number => "a number, such as '120 seats' or '15 percent'",
        FieldType::Date => "a day, such as '2026-06-01' or '1 June 2026'",
        FieldType::Duration => "a length of time, such as '6 weeks'",
        FieldType::Person => "a person, such as 'Ann Lee' or 'Ann Lee (CFO)'",
        FieldType::Choice => "one of the names in its contract (`baton contracts show`)",
        FieldType::List => "a list, such as 'Acme; Zenith' or --item Acme --item Zenith",
        FieldType::Commitment => "a promise, such as 'Send the proposal' --who Dana --due 2026-05-12",
    }
}

/// `None`: not of this type, or more than one value.
fn parse(expected: FieldType, text: &str) -> Option<Value> {
    match expected {
        FieldType::Text => (!says_nothing(text)).then(|| Value::Text { text: text.to_owned() }),
        FieldType::Money => money(text),
        FieldType::Number => number(text),
        FieldType::Date => date(text),
        FieldType::Duration => duration(text),
        FieldType::Person => person(text),
        FieldType::Choice => (!text.is_empty()).then(|| Value::Choice { choice: text.to_lowercase() }),
        FieldType::List | FieldType::Commitment => None,
    }
}

fn money(text: &str) -> Option<Value> {
    // "45000 EUR/year": the reader of prose knows "a year".
    let prose = text.replace('/', " a ");
    if let Some(found) = only(mention::money(&prose), |one| one.span, &prose) {
        return Some(Value::Money { amount: found.amount, up_to: found.up_to, currency: found.currency, period: found.period });
    }
    match number(text)? {
        Value::Number { number, up_to, unit: None } => Some(Value::Money { amount: number, up_to, currency: None, period: None }),
        _ => None,
    }
}

fn number(text: &str) -> Option<Value> {
    let found = only(mention::numbers(text), |one| one.span, text)?;
    Some(Value::Number { number: found.number, up_to: found.up_to, unit: found.unit })
}

fn date(text: &str) -> Option<Value> {
    let of_prose = || only(mention::dates(text, None), |one| one.span, text).filter(|one| one.exact)?.date;
    let date = text.parse::<Date>().ok().or_else(of_prose)?;
    Some(Value::Date { date, said: text.to_owned() })
}

fn duration(text: &str) -> Option<Value> {
    let found = only(mention::durations(text), |one| one.span, text)?;
    Some(Value::Duration { amount: found.amount, up_to: found.up_to, unit: found.unit })
}

/// `Ann Lee`, `Ann Lee (CFO)`, `Ann Lee, CFO`.
fn person(text: &str) -> Option<Value> {
    let text = text.strip_suffix(')').unwrap_or(text);
    let (name, role) = text.split_once(['(', ',']).map_or((text, None), |(name, role)| (name, Some(role.trim().to_owned())));
    let name = name.trim().to_owned();
    (!says_nothing(&name)).then(|| Value::Person { name, role: role.filter(|role| !role.is_empty()) })
}

fn list(given: &Given, text: &str) -> Option<Value> {
    let items: Vec<&str> =
        if given.item.is_empty() { text.split(';').collect() } else { given.item.iter().map(String::as_str).collect() };
    let items: Vec<String> = items.into_iter().map(str::trim).filter(|item| !says_nothing(item)).map(str::to_owned).collect();
    (!items.is_empty()).then_some(Value::List { items })
}

/// The one mention, if it is all that the text says.
fn only<T>(mentions: Vec<T>, span: impl Fn(&T) -> Span, text: &str) -> Option<T> {
    let [one] = <[T; 1]>::try_from(mentions).ok()?;
    let Span { start, end } = span(&one);
    let rest = text[..start].chars().chain(text[end..].chars());
    rest.into_iter().all(|c| c.is_whitespace() || c.is_ascii_punctuation()).then_some(one)
}

#[cfg(test)]
mod tests {
    use jiff::civil;

    use super::parse;
    use crate::domain::value::{DurationUnit, FieldType, Period, Value};

    fn money(amount: f64, up_to: Option<f64>, currency: Option<&str>, period: Option<Period>) -> Option<Value> {
        Some(Value::Money { amount, up_to, currency: currency.map(str::to_owned), period })
    }

    fn number(number: f64, unit: Option<&str>) -> Option<Value> {
        Some(Value::Number { number, up_to: None, unit: unit.map(str::to_owned) })
    }

    #[test]
    fn money_is_read_as_people_write_it() {
        for (text, expected) in [
            ("45000 EUR/year", money(45_000.0, None, Some("EUR"), Some(Period::Year))),
            ("EUR 45,000 a year", money(45_000.0, None, Some("EUR"), Some(Period::Year))),
            ("$45k per month", money(45_000.0, None, Some("USD"), Some(Period::Month))),
            ("£40,000 to £60,000", money(40_000.0, Some(60_000.0), Some("GBP"), None)),
            ("45000", money(45_000.0, None, None, None)),
            ("about 45000 EUR I think", None),
            ("120 seats", None),
            ("lots", None),
            ("", None),
        ] {
            assert_eq!(parse(FieldType::Money, text), expected, "{text}");
        }
    }

    #[test]
    fn numbers_days_and_lengths_of_time_are_read_as_people_write_them() {
        let day = |said: &str| Some(Value::Date { date: civil::date(2026, 6, 1), said: said.to_owned() });
        let weeks = |amount: f64| Some(Value::Duration { amount, up_to: None, unit: DurationUnit::Week });
        for (field_type, text, expected) in [
            (FieldType::Number, "120 seats", number(120.0, Some("seats"))),
            (FieldType::Number, "1,200", number(1200.0, None)),
            (FieldType::Number, "15 percent", number(15.0, Some("percent"))),
            (FieldType::Number, "many seats", None),
            (FieldType::Date, "2026-06-01", day("2026-06-01")),
            (FieldType::Date, "1 June 2026", day("1 June 2026")),
            (FieldType::Date, "next Tuesday", None),
            (FieldType::Date, "2026-13-01", None),
            (FieldType::Duration, "6 weeks", weeks(6.0)),
            (FieldType::Duration, "two weeks", weeks(2.0)),
            (FieldType::Duration, "a while", None),
        ] {
            assert_eq!(parse(field_type, text), expected, "{text}");
        }
    }

    #[test]
    fn people_and_words_are_read_as_people_write_them() {
        let person = |role: Option<&str>| Some(Value::Person { name: "Ann Lee".to_owned(), role: role.map(str::to_owned) });
        for (text, expected) in [
            ("Ann Lee (CFO)", person(Some("CFO"))),
            ("Ann Lee, CFO", person(Some("CFO"))),
            ("Ann Lee", person(None)),
            ("TBD", None),
        ] {
            assert_eq!(parse(FieldType::Person, text), expected, "{text}");
        }
        assert_eq!(parse(FieldType::Text, "n/a"), None);
        assert_eq!(parse(FieldType::Choice, "High"), Some(Value::Choice { choice: "high".to_owned() }));
    }
}
