//! Fields of a record. The readable text is made: one line per field, `name: value`.

use serde_json::{Map, Value as Json};

use super::lines::{field, lines};
use super::origin::Origin;
use super::reading::{Draft, Reading};
use crate::domain::brief::Span;
use crate::domain::handoff::Source;

/// Reads a JSON object. Nested objects give names with dots; empty values say nothing.
pub(super) fn read_json(source: &Source, content: &str) -> Reading {
    let body = content.trim_start_matches('\u{feff}');
    // Detection parsed it already; an error would mean that the two disagree, and reads as a record without fields.
    let fields: Map<String, Json> = serde_json::from_str(body).unwrap_or_default();
    let mut reading = Reading { origin: Origin::Decoded, ..Reading::default() };
    push_object(source, "", &fields, &mut reading);
    reading
}

/// Reads lines of `name: value`; other lines have no name.
pub(super) fn read_labelled(source: &Source, content: &str) -> Reading {
    let mut reading = Reading { text: content.to_owned(), ..Reading::default() };
    for line in lines(content, 0..content.len()) {
        let colon = line.text(content).find(':').filter(|at| (1..=60).contains(at));
        let name = colon.map(|at| line.text(content)[..at].trim_matches(['-', '*', ' ', '\t', '\u{feff}']).to_owned());
        let start = line.start + colon.map_or(0, |at| at + 1);
        let span = Span { start, end: line.end };
        reading.drafts.extend(draft(source, name, content, span));
    }
    reading
}

fn push_object(source: &Source, path: &str, fields: &Map<String, Json>, reading: &mut Reading) {
    for (name, value) in fields {
        let name = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        match value {
            Json::Object(nested) => push_object(source, &name, nested, reading),
            _ => push_value(source, name, &shown(value), reading),
        }
    }
}

fn push_value(source: &Source, name: String, value: &str, reading: &mut Reading) {
    if value.trim().is_empty() {
        return;
    }
    reading.text.push_str(&name);
    reading.text.push_str(": ");
    let start = reading.text.len();
    reading.text.push_str(value);
    let span = Span { start, end: reading.text.len() };
    reading.text.push('\n');
    let draft = draft(source, Some(name), &reading.text, span);
    reading.drafts.extend(draft);
}

fn draft(source: &Source, name: Option<String>, text: &str, span: Span) -> Option<Draft> {
    let passage = field(text, span)?;
    let title = name.filter(|name| !name.is_empty());
    Some(Draft { title, at: source.occurred_at, passages: vec![passage], ..Draft::default() })
}

/// A value as a person would write it.
fn shown(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::Bool(true) => "yes".to_owned(),
        Json::Bool(false) => "no".to_owned(),
        Json::Number(number) => number.to_string(),
        Json::String(text) => text.clone(),
        Json::Array(items) => items.iter().map(shown).filter(|item| !item.is_empty()).collect::<Vec<_>>().join(", "),
        Json::Object(fields) => {
            fields.iter().map(|(name, value)| format!("{name}: {}", shown(value))).collect::<Vec<_>>().join("; ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{read_json, read_labelled};
    use crate::context::reading::Reading;
    use crate::context::testing::source;
    use crate::domain::event::SourceType::CrmSnapshot;

    fn rows(reading: &Reading) -> Vec<(&str, &str)> {
        let row =
            |draft: &'_ crate::context::reading::Draft| (draft.title.clone().unwrap_or_default(), draft.passages[0].text.clone());
        let rows: Vec<_> = reading.drafts.iter().map(row).collect();
        rows.leak().iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    #[test]
    fn each_field_of_a_record_is_a_passage() {
        let content = r#"{"amount": 45000, "stage": "Closed \"won\"", "owner": {"name": "Lee"}, "tags": ["a", "b"], "empty": " ", "none": null, "nda": false}"#;
        let reading = read_json(&source("crm", CrmSnapshot, content), content);
        assert_eq!(
            rows(&reading),
            [("amount", "45000"), ("stage", "Closed \"won\""), ("owner.name", "Lee"), ("tags", "a, b"), ("nda", "no")]
        );
        assert!(reading.text.starts_with("amount: 45000\nstage: Closed \"won\"\n"));
    }

    #[test]
    fn fields_as_text_keep_their_place_in_the_content() {
        let content = "Amount: 45,000 EUR\r\nClosed: 2026-05-04\r\n\r\nno name\r\n";
        let reading = read_labelled(&source("crm", CrmSnapshot, content), content);
        assert_eq!(rows(&reading), [("Amount", "45,000 EUR"), ("Closed", "2026-05-04"), ("", "no name")]);
        assert_eq!(reading.text, content);
    }
}
