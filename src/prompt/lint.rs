//! [`lint_strict`]: what providers refuse in a schema for strict structured outputs.
//!
//! Source: the "supported schemas" section of OpenAI's guide to structured outputs. Whatever is not listed there as
//! supported counts as refused.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

const PROPERTIES: usize = 5_000;
const LEVELS: usize = 10;
const ENUM_VALUES: usize = 1_000;
/// Characters of all names, enum values and constants.
const CHARACTERS: usize = 120_000;
/// An enum of more than this many strings may hold only `LONG_ENUM_CHARACTERS`.
const LONG_ENUM: usize = 250;
const LONG_ENUM_CHARACTERS: usize = 15_000;

const TYPES: [&str; 7] = ["string", "number", "integer", "boolean", "object", "array", "null"];
const FORMATS: [&str; 9] = ["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"];
const KEYWORDS: [&str; 21] = [
    "type",
    "enum",
    "const",
    "anyOf",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "$defs",
    "$ref",
    "title",
    "description",
    "pattern",
    "format",
    "multipleOf",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minItems",
    "maxItems",
];

/// Everything in a schema that the strict subset refuses, with its JSON pointer. Empty: fine.
pub fn lint_strict(schema: &Json) -> Vec<String> {
    let mut lint = Lint { root: schema, found: Vec::new(), properties: 0, enum_values: 0, characters: 0 };
    lint.root();
    lint.node(schema, "#");
    if let Some(Json::Object(definitions)) = schema.get("$defs") {
        for (name, definition) in definitions {
            lint.characters += name.chars().count();
            lint.node(definition, &format!("#/$defs/{name}"));
        }
    }
    lint.totals();
    let levels = levels(schema, schema, &mut Vec::new());
    if levels > LEVELS {
        lint.note("#", format!("is {levels} levels deep; at most {LEVELS} are allowed"));
    }
    lint.found
}

struct Lint<'a> {
    root: &'a Json,
    found: Vec<String>,
    properties: usize,
    enum_values: usize,
    characters: usize,
}

impl Lint<'_> {
    fn note(&mut self, at: &str, what: impl std::fmt::Display) {
        self.found.push(format!("{at}: {what}"));
    }

    fn root(&mut self) {
        if self.root.get("anyOf").is_some() || self.root.get("type").and_then(Json::as_str) != Some("object") {
            self.note("#", "the root must be an object, not `anyOf` or any other type");
        }
    }

    fn totals(&mut self) {
        for (total, limit, what) in [
            (self.properties, PROPERTIES, "properties"),
            (self.enum_values, ENUM_VALUES, "enum values"),
            (self.characters, CHARACTERS, "characters in names, enum values and constants"),
        ] {
            if total > limit {
                self.note("#", format!("holds {total} {what}; at most {limit} are allowed"));
            }
        }
    }

    fn node(&mut self, schema: &Json, at: &str) {
        let Json::Object(node) = schema else { return self.note(at, "a schema must be an object") };
        for keyword in node.keys().filter(|keyword| !KEYWORDS.contains(&keyword.as_str())) {
            self.note(at, format!("`{keyword}` is not supported"));
        }
        if at != "#" && node.contains_key("$defs") {
            self.note(at, "`$defs` is allowed at the root only");
        }
        if let Some(reference) = node.get("$ref") {
            return self.reference(reference, node, at);
        }
        self.types(node, at);
        self.names(node, at);
        if let Some(format) = node.get("format").filter(|format| !format.as_str().is_some_and(|name| FORMATS.contains(&name))) {
            self.note(at, format!("format {format} is not supported"));
        }
        if let Some(branches) = node.get("anyOf") {
            self.branches(branches, at);
        }
        if has_type(node, "object") {
            self.object(node, at);
        }
        if has_type(node, "array") {
            match node.get("items") {
                Some(items) => self.node(items, &format!("{at}/items")),
                None => self.note(at, "an array needs `items`"),
            }
        }
    }

    fn reference(&mut self, reference: &Json, node: &Map<String, Json>, at: &str) {
        if node.len() > 1 {
            self.note(at, "`$ref` must stand alone");
        }
        if resolve(self.root, reference).is_none() {
            self.note(at, "`$ref` leads nowhere");
        }
    }

    fn types(&mut self, node: &Map<String, Json>, at: &str) {
        let names: Vec<&Json> = match node.get("type") {
            Some(Json::Array(names)) => names.iter().collect(),
            Some(name) => vec![name],
            None if ["enum", "const", "anyOf"].iter().any(|keyword| node.contains_key(*keyword)) => Vec::new(),
            None => return self.note(at, "a schema needs `type`, `enum`, `const`, `anyOf` or `$ref`"),
        };
        for name in names.into_iter().filter(|name| !name.as_str().is_some_and(|name| TYPES.contains(&name))) {
            self.note(at, format!("type {name} is not supported"));
        }
    }

    fn names(&mut self, node: &Map<String, Json>, at: &str) {
        if let Some(constant) = node.get("const") {
            self.characters += characters(constant);
        }
        let Some(values) = node.get("enum") else { return };
        let Some(values) = values.as_array().filter(|values| !values.is_empty()) else {
            return self.note(at, "`enum` must be a list with at least one value");
        };
        let length: usize = values.iter().map(characters).sum();
        self.enum_values += values.len();
        self.characters += length;
        if values.len() > LONG_ENUM && length > LONG_ENUM_CHARACTERS {
            self.note(at, format!("an enum of more than {LONG_ENUM} values may hold at most {LONG_ENUM_CHARACTERS} characters"));
        }
    }

    fn branches(&mut self, branches: &Json, at: &str) {
        let Some(branches) = branches.as_array().filter(|branches| !branches.is_empty()) else {
            return self.note(at, "`anyOf` must be a list with at least one schema");
        };
        for (n, branch) in branches.iter().enumerate() {
            self.node(branch, &format!("{at}/anyOf/{n}"));
        }
    }

    fn object(&mut self, node: &Map<String, Json>, at: &str) {
        if node.get("additionalProperties") != Some(&Json::Bool(false)) {
            self.note(at, "an object needs `additionalProperties`: false");
        }
        let none = Map::new();
        let properties = node.get("properties").and_then(Json::as_object).unwrap_or(&none);
        let required = node.get("required").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
        let required: BTreeSet<&str> = required.collect();
        for name in properties.keys().filter(|name| !required.contains(name.as_str())) {
            self.note(at, format!("property `{name}` must be in `required`; make it nullable instead"));
        }
        for name in required.iter().filter(|name| !properties.contains_key(**name)) {
            self.note(at, format!("`required` names `{name}`, which is no property"));
        }
        self.properties += properties.len();
        for (name, property) in properties {
            self.characters += name.chars().count();
            self.node(property, &format!("{at}/properties/{name}"));
        }
    }
}

fn has_type(node: &Map<String, Json>, wanted: &str) -> bool {
    match node.get("type") {
        Some(Json::Array(names)) => names.iter().any(|name| name == wanted),
        Some(name) => name == wanted,
        None => false,
    }
}

fn characters(value: &Json) -> usize {
    value.as_str().map_or(0, |text| text.chars().count())
}

/// The schema a `$ref` leads to: `#` or `#/$defs/NAME`.
fn resolve<'a>(root: &'a Json, reference: &Json) -> Option<&'a Json> {
    let pointer = reference.as_str()?.strip_prefix('#')?;
    (pointer.is_empty() || pointer.starts_with("/$defs/")).then(|| root.pointer(pointer))?
}

/// Objects and lists inside each other; a recursion counts once.
fn levels<'a>(schema: &'a Json, root: &'a Json, open: &mut Vec<&'a str>) -> usize {
    if let Some(reference) = schema.get("$ref") {
        let name = reference.as_str().unwrap_or_default();
        let Some(target) = resolve(root, reference).filter(|_| !open.contains(&name)) else { return 0 };
        open.push(name);
        let inner = levels(target, root, open);
        open.pop();
        return inner;
    }
    let branches = schema.get("anyOf").and_then(Json::as_array).into_iter().flatten();
    let beside = branches.map(|branch| levels(branch, root, open)).max().unwrap_or(0);
    let properties = schema.get("properties").and_then(Json::as_object).into_iter().flat_map(Map::values);
    let inside: Vec<&Json> = properties.chain(schema.get("items")).collect();
    let own = usize::from(schema.get("properties").is_some() || schema.get("items").is_some());
    beside.max(own + inside.into_iter().map(|inner| levels(inner, root, open)).max().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::lint_strict;

    fn object(properties: Json) -> Json {
        let names: Vec<String> = properties.as_object().unwrap().keys().cloned().collect();
        json!({ "type": "object", "properties": properties, "required": names, "additionalProperties": false })
    }

    #[test]
    fn what_the_subset_allows_passes() {
        let mut schema = object(json!({
            "a": { "type": ["string", "null"], "pattern": "^a", "format": "date", "description": "d" },
            "b": { "anyOf": [{ "$ref": "#/$defs/b" }, { "type": "null" }] },
            "c": { "type": "array", "items": { "$ref": "#" }, "minItems": 1 },
            "d": { "type": "number", "minimum": 0, "multipleOf": 5 },
            "e": { "const": "x" },
        }));
        schema["$defs"] = json!({ "b": object(json!({ "again": { "$ref": "#/$defs/b" } })) });
        assert_eq!(lint_strict(&schema), Vec::<String>::new());
    }

    #[test]
    fn each_rule_can_fail() {
        let text = json!({ "type": "string" });
        let deep = (0..10).fold(text.clone(), |inner, _| object(json!({ "a": inner })));
        let wide: serde_json::Map<String, Json> = (0..5001).map(|n| (format!("p{n}"), json!({ "type": "null" }))).collect();
        let names: Vec<String> = (0..1001).map(|n| format!("n{n}")).collect();
        let long: Vec<String> = (0..251).map(|n| format!("{n:060}")).collect();
        let unbound = object(json!({ "a": { "type": "array" } }));
        let nested = object(json!({ "a": { "type": "string", "$defs": {} } }));
        let mut open = object(json!({}));
        open.as_object_mut().unwrap().remove("additionalProperties");
        let mut optional = object(json!({ "a": text }));
        optional["required"] = json!([]);
        let mut ghost = object(json!({}));
        ghost["required"] = json!(["b"]);
        let property = |schema: Json| lint_strict(&object(json!({ "a": schema })));
        let cases = [
            (lint_strict(&json!({ "type": "string" })), "#: the root must be an object"),
            (lint_strict(&json!({ "anyOf": [object(json!({}))] })), "#: the root must be an object"),
            (lint_strict(&open), "#: an object needs `additionalProperties`: false"),
            (lint_strict(&optional), "#: property `a` must be in `required`"),
            (lint_strict(&ghost), "#: `required` names `b`, which is no property"),
            (lint_strict(&object(json!({ "a": deep }))), "#: is 11 levels deep"),
            (lint_strict(&object(Json::Object(wide))), "#: holds 5001 properties"),
            (lint_strict(&unbound), "#/properties/a: an array needs `items`"),
            (lint_strict(&nested), "#/properties/a: `$defs` is allowed at the root only"),
            (property(json!({ "enum": names })), "#: holds 1001 enum values"),
            (property(json!({ "enum": long })), "#/properties/a: an enum of more than 250 values"),
            (property(json!({ "enum": [] })), "#/properties/a: `enum` must be a list"),
            (property(json!({ "const": "x".repeat(120_000) })), "#: holds 120001 characters"),
            (property(json!(true)), "#/properties/a: a schema must be an object"),
            (property(json!({})), "#/properties/a: a schema needs `type`"),
            (property(json!({ "type": "date" })), "#/properties/a: type \"date\" is not supported"),
            (property(json!({ "type": "string", "format": "uri" })), "#/properties/a: format \"uri\" is not supported"),
            (property(json!({ "type": "string", "maxLength": 5 })), "#/properties/a: `maxLength` is not supported"),
            (property(json!({ "type": "string", "default": "" })), "#/properties/a: `default` is not supported"),
            (property(json!({ "oneOf": [{ "type": "null" }] })), "#/properties/a: `oneOf` is not supported"),
            (property(json!({ "allOf": [{ "type": "null" }] })), "#/properties/a: `allOf` is not supported"),
            (property(json!({ "type": "null", "not": {} })), "#/properties/a: `not` is not supported"),
            (property(json!({ "anyOf": [] })), "#/properties/a: `anyOf` must be a list"),
            (property(json!({ "anyOf": [{ "type": "x" }] })), "#/properties/a/anyOf/0: type \"x\" is not supported"),
            (property(json!({ "$ref": "#/$defs/none" })), "#/properties/a: `$ref` leads nowhere"),
            (property(json!({ "$ref": "#", "title": "t" })), "#/properties/a: `$ref` must stand alone"),
        ];
        for (found, expected) in cases {
            assert!(found.iter().any(|line| line.starts_with(expected)), "{expected}: {found:?}");
        }
    }
}
