//! The form of a typed value in a reply: that of [`Value`] without its tag. What the schema asks for and what is
//! read stand side by side, so that they cannot drift apart.

use serde_json::{Value as Json, json};

use super::reading::{Place, Reading};
use super::schema::{object, reference};
use crate::domain::contract::Field;
use crate::domain::value::{DurationUnit, FieldType, Period, Value, says_nothing};

pub(super) const STATUSES: [&str; 3] = ["stated", "not_stated", "conflicting"];
pub(super) const SIDES: [&str; 3] = ["customer", "ours", "unknown"];
pub(super) const FIRMNESS: [&str; 3] = ["firm", "hedged", "implied"];
const PERIODS: [&str; 5] = ["once", "day", "month", "quarter", "year"];
const DURATION_UNITS: [&str; 7] = ["minute", "hour", "day", "week", "month", "quarter", "year"];

/// Characters of a text value; of anything shorter, such as a name; and items of a list.
pub(super) const TEXT: usize = 2_000;
pub(super) const SHORT: usize = 500;
const ITEMS: usize = 50;

/// The schema of a field's value. Choices differ from field to field, all other types are defined once.
pub(super) fn schema(field: &Field) -> Json {
    match definition(field.field_type) {
        Some((name, _)) => reference(name),
        None => {
            let choices: Vec<&str> = field.choices.iter().map(|choice| choice.name.as_str()).collect();
            object([("choice", json!({ "type": "string", "enum": choices }))])
        }
    }
}

/// Name and schema of a type that is the same in every field; `None` for choices.
pub(super) fn definition(field_type: FieldType) -> Option<(&'static str, Json)> {
    let text = || json!({ "type": "string" });
    let text_or_null = || json!({ "type": ["string", "null"] });
    let number = || json!({ "type": "number" });
    let number_or_null = || json!({ "type": ["number", "null"] });
    let one_of = |names: &[&str]| json!({ "type": "string", "enum": names });
    Some(match field_type {
        FieldType::Choice => return None,
        FieldType::Text => ("text", object([("text", text())])),
        FieldType::Money => {
            let periods: Vec<Option<&str>> = PERIODS.into_iter().map(Some).chain([None]).collect();
            let period = json!({ "type": ["string", "null"], "enum": periods });
            let parts = [("amount", number()), ("up_to", number_or_null()), ("currency", text_or_null()), ("period", period)];
            ("money", object(parts))
        }
        FieldType::Number => ("number", object([("number", number()), ("up_to", number_or_null()), ("unit", text_or_null())])),
        FieldType::Date => ("date", object([("said", text()), ("date", text())])),
        FieldType::Duration => {
            ("duration", object([("amount", number()), ("up_to", number_or_null()), ("unit", one_of(&DURATION_UNITS))]))
        }
        FieldType::Person => ("person", object([("name", text()), ("role", text_or_null())])),
        FieldType::List => ("list", object([("items", json!({ "type": "array", "items": text() }))])),
        FieldType::Commitment => ("commitment", object([("what", text()), ("who", text_or_null()), ("due", text_or_null())])),
    })
}

/// What a value in a reply turned out to be.
#[derive(Debug)]
pub(super) enum Form {
    Value(Value),
    /// null.
    Absent,
    /// "N/A", "TBD" and the like where a value was due.
    Placeholder,
    /// Not of the field's type; what is wrong has been reported.
    Broken,
}

/// Reads a value of the field's type. Reports every break.
pub(super) fn read(reading: &mut Reading<'_>, field: &Field, json: &Json, place: Place<'_>) -> Form {
    match json {
        Json::Null => return Form::Absent,
        Json::String(text) if says_nothing(text) => return Form::Placeholder,
        _ => {}
    }
    let read = match field.field_type {
        FieldType::Text => read_text(reading, json, place),
        FieldType::Money => read_money(reading, json, place),
        FieldType::Number => read_number(reading, json, place),
        FieldType::Date => read_date(reading, json, place),
        FieldType::Duration => read_duration(reading, json, place),
        FieldType::Person => read_person(reading, json, place),
        FieldType::Choice => read_choice(reading, field, json, place),
        FieldType::List => read_list(reading, json, place),
        FieldType::Commitment => read_commitment(reading, json, place),
    };
    read.unwrap_or(Form::Broken)
}

fn read_text(reading: &mut Reading<'_>, json: &Json, place: Place<'_>) -> Option<Form> {
    let [text] = reading.object(json, place, ["text"])?;
    let text = reading.text(text, place.key("text"), TEXT)?;
    Some(unless_placeholder(&text.clone(), Value::Text { text }))
}

fn read_money(reading: &mut Reading<'_>, json: &Json, place: Place<'_>) -> Option<Form> {
    let [amount, up_to, currency, period] = reading.object(json, place, ["amount", "up_to", "currency", "period"])?;
    if is_placeholder(amount) {
        return Some(Form::Placeholder);
    }
    let amount = reading.number(amount, place.key("amount"));
    let up_to = reading.optional(up_to, |reading, json| reading.number(json, place.key("up_to")));
    let currency = reading.optional(currency, |reading, json| reading.currency(json, place.key("currency")));
    let period = reading.optional(period, |reading, json| reading.one_of::<Period>(json, place.key("period"), &PERIODS));
    Some(Form::Value(Value::Money { amount: amount?, up_to: up_to?, currency: currency?, period: period? }))
}

fn read_number(reading: &mut Reading<'_>, json: &Json, place: Place<'_>) -> Option<Form> {
    let [number, up_to, unit] = reading.object(json, place, ["number", "up_to", "unit"])?;
    if is_placeholder(number) {
        return Some(Form::Placeholder);
    }
    let number = reading.number(number, place.key("number"));
    let up_to = reading.optional(up_to, |reading, json| reading.number(json, place.key("up_to")));
    let unit = reading.optional(unit, |reading, json| reading.text(json, place.key("unit"), SHORT));
    Some(Form::Value(Value::Number { number: number?, up_to: up_to?, unit: unit? }))
}

fn read_date(reading: &mut Reading<'_>, json: &Json, place: Place<'_>) -> Option<Form> {
    let [said, date] = reading.object(json, place, ["said", "date"])?;
    if is_placeholder(date) {
        return Some(Form::Placeholder);
    }
    let said = reading.text(said, place.key("said"), SHORT);
    let date = reading.date(date, place.key("date"));
    Some(Form::Value(Value::Date { date: date?, said: said? }))
}

fn read_duration(reading: &mut Reading<'_>, json: &Json, place: Place<'_>) -> Option<Form> {
    let [amount, up_to, unit] = reading.object(json, place, ["amount", "up_to", "unit"])?;
    if is_placeholder(amount) {
        return Some(Form::Placeholder);
    }
    let amount = reading.number(amount, place.key("amount"));
    let up_to = reading.optional(up_to, |reading, json| reading.number(json, place.key("up_to")));
    let unit = reading.one_of::<DurationUnit>(unit, place.key("unit"), &DURATION_UNITS);
    Some(Form::Value(Value::Duration { amount: amount?, up_to: up_to?, unit: unit? }))
}

fn read_person(reading: &mut Reading<'_>, json: &Json, place: Place<'_>) -> Option<Form> {
    let [name, role] = reading.object(json, place, ["name", "role"])?;
    let name = reading.text(name, place.key("name"), SHORT);
    let role = reading.optional(role, |reading, json| reading.text(json, place.key("role"), SHORT));
    let (name, role) = (name?, role?);
    Some(unless_placeholder(&name.clone(), Value::Person { name, role }))
}

fn read_choice(reading: &mut Reading<'_>, field: &Field, json: &Json, place: Place<'_>) -> Option<Form> {
    let [choice] = reading.object(json, place, ["choice"])?;
    let names: Vec<&str> = field.choices.iter().map(|choice| choice.name.as_str()).collect();
    if is_placeholder(choice) && choice.as_str().is_none_or(|name| !names.contains(&name)) {
        return Some(Form::Placeholder);
    }
    let choice = reading.one_of(choice, place.key("choice"), &names)?;
    Some(Form::Value(Value::Choice { choice }))
}

fn read_list(reading: &mut Reading<'_>, json: &Json, place: Place<'_>) -> Option<Form> {
    let [items] = reading.object(json, place, ["items"])?;
    let items = reading.list(items, place.key("items"), ITEMS, |reading, json, place| reading.text(json, place, SHORT))?;
    let items: Vec<String> = items.into_iter().filter(|item| !says_nothing(item)).collect();
    Some(match items.is_empty() {
        true => Form::Placeholder,
        false => Form::Value(Value::List { items }),
    })
}

fn read_commitment(reading: &mut Reading<'_>, json: &Json, place: Place<'_>) -> Option<Form> {
    let [what, who, due] = reading.object(json, place, ["what", "who", "due"])?;
    let what = reading.text(what, place.key("what"), TEXT);
    let who = reading.optional(who, |reading, json| reading.text(json, place.key("who"), SHORT));
    let due = reading.optional(due, |reading, json| reading.date(json, place.key("due")));
    let (what, who, due) = (what?, who?, due?);
    Some(unless_placeholder(&what.clone(), Value::Commitment { what, who, due }))
}

fn is_placeholder(json: &Json) -> bool {
    json.is_null() || json.as_str().is_some_and(says_nothing)
}

fn unless_placeholder(said: &str, value: Value) -> Form {
    match says_nothing(said) {
        true => Form::Placeholder,
        false => Form::Value(value),
    }
}

#[cfg(test)]
mod tests {
    use serde::de::DeserializeOwned;

    use super::{DURATION_UNITS, FIRMNESS, PERIODS, SIDES, STATUSES};
    use crate::domain::brief::{FieldStatus, Firmness};
    use crate::domain::event::Side;
    use crate::domain::value::{DurationUnit, Period};

    /// serde lists all names when it meets one it does not know.
    fn assert_all_names<T: DeserializeOwned + std::fmt::Debug>(names: &[&str]) {
        let error = serde_json::from_str::<T>("\"?\"").unwrap_err().to_string();
        let expected: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        assert!(error.contains(&format!("expected one of {}", expected.join(", "))), "{error}");
    }

    #[test]
    fn names_in_the_schema_are_those_of_the_brief() {
        assert_all_names::<FieldStatus>(&STATUSES);
        assert_all_names::<Side>(&SIDES);
        assert_all_names::<Firmness>(&FIRMNESS);
        assert_all_names::<Period>(&PERIODS);
        assert_all_names::<DurationUnit>(&DURATION_UNITS);
    }
}
