//! The strict JSON Schema of a reply, made from the contract.
//!
//! Follows the strict structured-output subset: every property required, closed objects, no keyword that
//! grammar engines do not know. Evidence stands before value: models answer in the order of the keys.

use serde_json::{Map, Value as Json, json};

use super::form;
use crate::domain::contract::{Axis, Contract, Field};

/// The schema sent to the model for one contract.
pub fn reply_schema(contract: &Contract) -> Json {
    let fields = contract.fields.iter().map(|field| (field.name.as_str(), field_schema(field)));
    let axes = contract.axes.iter().map(|axis| (axis.name.as_str(), axis_schema(axis)));
    let mut schema = object([
        ("headline", json!({ "type": "string" })),
        ("fields", object(fields)),
        ("axes", object(axes)),
        ("commitments", list(reference("promise"))),
        ("open_questions", list(reference("open_question"))),
    ]);
    schema["$defs"] = definitions(contract);
    schema
}

fn field_schema(field: &Field) -> Json {
    let value = form::schema(field);
    object([
        ("evidence", reference("evidence")),
        ("status", json!({ "type": "string", "enum": form::STATUSES })),
        ("value", json!({ "anyOf": [value, { "type": "null" }] })),
        ("alternatives", list(value)),
    ])
}

fn axis_schema(axis: &Axis) -> Json {
    let labels = axis.labels.iter().map(|label| Json::from(label.name.as_str()));
    let labels: Vec<Json> = labels.chain([Json::Null]).collect();
    object([("evidence", reference("evidence")), ("label", json!({ "type": ["string", "null"], "enum": labels }))])
}

/// What several places share stands once: a third of the size.
fn definitions(contract: &Contract) -> Json {
    let text = json!({ "type": "string" });
    let text_or_null = json!({ "type": ["string", "null"] });
    let quote = object([("unit", json!({ "type": "integer" })), ("quote", text.clone())]);
    let promise = object([
        ("evidence", reference("evidence")),
        ("who", text_or_null.clone()),
        ("side", json!({ "type": "string", "enum": form::SIDES })),
        ("to_whom", text_or_null.clone()),
        ("what", text.clone()),
        ("due", text_or_null),
        ("firmness", json!({ "type": "string", "enum": form::FIRMNESS })),
    ]);
    let mut all = Map::new();
    all.insert("evidence".to_owned(), list(quote));
    all.insert("promise".to_owned(), promise);
    all.insert("open_question".to_owned(), object([("evidence", reference("evidence")), ("question", text)]));
    for field in &contract.fields {
        if let Some((name, definition)) = form::definition(field.field_type) {
            all.entry(name).or_insert(definition);
        }
    }
    Json::Object(all)
}

/// A closed object with every property required.
pub(super) fn object<'a>(properties: impl IntoIterator<Item = (&'a str, Json)>) -> Json {
    let properties: Map<String, Json> = properties.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect();
    let required: Vec<&String> = properties.keys().collect();
    json!({ "type": "object", "required": required, "additionalProperties": false, "properties": properties })
}

pub(super) fn list(items: Json) -> Json {
    json!({ "type": "array", "items": items })
}

pub(super) fn reference(name: &str) -> Json {
    json!({ "$ref": format!("#/$defs/{name}") })
}

#[cfg(test)]
mod tests {
    use super::reply_schema;
    use crate::prompt::lint_strict;
    use crate::prompt::testing::{contracts, every_type};

    #[test]
    fn the_schema_of_every_contract_is_in_the_strict_subset() {
        for contract in contracts().into_iter().chain([every_type()]) {
            assert_eq!(lint_strict(&reply_schema(&contract)), Vec::<String>::new(), "{}", contract.kind);
        }
    }

    #[test]
    fn evidence_stands_before_the_verdict() {
        let schema = reply_schema(&every_type());
        let keys = |pointer: &str| schema.pointer(pointer).unwrap().as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys("/properties"), ["headline", "fields", "axes", "commitments", "open_questions"]);
        assert_eq!(keys("/properties/fields/properties/a_money/properties"), ["evidence", "status", "value", "alternatives"]);
        assert_eq!(keys("/properties/axes/properties/urgency/properties"), ["evidence", "label"]);
        assert_eq!(keys("/$defs/promise/properties")[0], "evidence");
    }

    #[test]
    fn fields_and_labels_are_closed_lists_in_the_contracts_order() {
        let contract = every_type();
        let schema = reply_schema(&contract);
        let names: Vec<&String> = schema["properties"]["fields"]["properties"].as_object().unwrap().keys().collect();
        assert_eq!(names, contract.fields.iter().map(|field| &field.name).collect::<Vec<_>>());
        let labels = &schema["properties"]["axes"]["properties"]["urgency"]["properties"]["label"]["enum"];
        assert_eq!(labels, &serde_json::json!(["high", null]));
    }
}
