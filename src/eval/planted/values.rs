//! Values with one thing wrong.

use super::Kind::{Currency, Date, Label, Name, Number, Speaker, Unit};
use super::errors::Sort;
use super::promises::other_promiser;
use super::subject::Subject;
use super::texts;
use crate::domain::brief::FieldAnswer;
use crate::domain::value::{DurationUnit, FieldType, Period, Value};

/// The value with one thing wrong, in every way that fits its type.
pub(super) fn wrong(subject: &Subject<'_>, answer: &FieldAnswer, value: &Value) -> Vec<(Sort, Value)> {
    let part = &answer.name;
    let mut dice = subject.dice("value", part);
    let in_text = |text: &str| texts::wrong_quoted(subject, part, text, &answer.evidence);
    match value.clone() {
        Value::Money { amount, up_to, currency, period } => {
            let other = if currency.as_deref() == Some("USD") { "EUR" } else { "USD" }.to_owned();
            let other_period = if period == Some(Period::Month) { Period::Year } else { Period::Month };
            let number = dice.number(amount);
            let mut all =
                vec![((Number, "amount of money"), Value::Money { amount: number, up_to, currency: currency.clone(), period })];
            all.push(((Currency, "currency"), Value::Money { amount, up_to, currency: Some(other), period }));
            all.push(((Unit, "period of an amount"), Value::Money { amount, up_to, currency, period: Some(other_period) }));
            all
        }
        Value::Number { number, up_to, unit } => vec![
            ((Number, "number"), Value::Number { number: dice.number(number), up_to, unit }),
            ((Unit, "unit"), Value::Number { number, up_to, unit: Some("hours".to_owned()) }),
        ],
        Value::Date { date, said } => vec![((Date, "day"), Value::Date { date: dice.day(date), said })],
        Value::Duration { amount, up_to, unit } => {
            let other = if unit == DurationUnit::Week { DurationUnit::Month } else { DurationUnit::Week };
            let number = dice.number(amount);
            vec![
                ((Number, "length of time"), Value::Duration { amount: number, up_to, unit }),
                ((Unit, "unit of time"), Value::Duration { amount, up_to, unit: other }),
            ]
        }
        Value::Person { name, role } => {
            let other = subject.other_person(&mut dice, &name, "");
            other.map(|name| ((Name, "somebody else"), Value::Person { name, role })).into_iter().collect()
        }
        Value::Choice { choice } => other_choices(subject, part, &choice),
        Value::Text { text } => in_text(&text).into_iter().map(|(sort, text)| (sort, Value::Text { text })).collect(),
        Value::List { items } => {
            let wrong = items.iter().enumerate().flat_map(|(i, item)| in_text(item).into_iter().map(move |wrong| (i, wrong)));
            let list = |(i, (sort, text)): (usize, (Sort, String))| {
                let mut items = items.clone();
                items[i] = text;
                (sort, Value::List { items })
            };
            wrong.map(list).collect()
        }
        Value::Commitment { what, who, due } => {
            let mut all: Vec<(Sort, Value)> = Vec::new();
            if let Some(day) = due {
                let due = Some(dice.day(day));
                all.push(((Date, "day of a promise"), Value::Commitment { what: what.clone(), who: who.clone(), due }));
            }
            if let Some(other) = who.as_ref().and_then(|who| other_promiser(subject, part, who, &what, &answer.evidence)) {
                let value = Value::Commitment { what: what.clone(), who: Some(other), due };
                all.push(((Speaker, "promise of somebody else"), value));
            }
            all.extend(in_text(&what).into_iter().map(|(sort, what)| (sort, Value::Commitment { what, who: who.clone(), due })));
            all
        }
    }
}

fn other_choices(subject: &Subject<'_>, part: &str, choice: &str) -> Vec<(Sort, Value)> {
    let choices = subject.contract.field(part).into_iter().flat_map(|field| &field.choices);
    let others = choices.filter(|other| other.name != choice);
    others.map(|other| ((Label, "another choice"), Value::Choice { choice: other.name.clone() })).collect()
}

/// A value of the field's type that nobody stated.
pub(super) fn made_up(subject: &Subject<'_>, part: &str) -> Option<Value> {
    let field = subject.contract.field(part)?;
    Some(match field.field_type {
        FieldType::Money => Value::Money { amount: 31_000.0, up_to: None, currency: Some("EUR".to_owned()), period: None },
        FieldType::Number => Value::Number { number: 37.0, up_to: None, unit: None },
        FieldType::Date => Value::Date { date: jiff::civil::date(2026, 12, 17), said: "17 December".to_owned() },
        FieldType::Duration => Value::Duration { amount: 19.0, up_to: None, unit: DurationUnit::Month },
        FieldType::Person => {
            let people = subject.people.iter().cloned().collect();
            Value::Person { name: subject.dice("made up", part).pick(people)?, role: None }
        }
        FieldType::Choice => Value::Choice { choice: field.choices.first()?.name.clone() },
        FieldType::Text => Value::Text { text: "They are keen to move ahead quickly after a merger.".to_owned() },
        FieldType::List => Value::List { items: vec!["A merger with a competitor".to_owned()] },
        FieldType::Commitment => Value::Commitment { what: "Send a revised quote".to_owned(), who: None, due: None },
    })
}
