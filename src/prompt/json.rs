//! JSON as a reply may hold it: like serde_json's, but the same key twice in an object is an error, not a silent choice.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value as Json};

/// Where and why a text is not one JSON value. Never serde's message: it may quote the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct JsonError {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) what: JsonFault,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JsonFault {
    Syntax,
    SameKeyTwice,
}

/// Reads one JSON value and nothing after it. At most 128 levels deep (serde_json's limit).
pub(super) fn parse(text: &str) -> Result<Json, JsonError> {
    let mut from = serde_json::Deserializer::from_str(text);
    let read = OneValue.deserialize(&mut from).and_then(|value| from.end().map(|()| value));
    read.map_err(|error| JsonError {
        line: error.line(),
        column: error.column(),
        what: match error.classify() {
            serde_json::error::Category::Data => JsonFault::SameKeyTwice,
            _ => JsonFault::Syntax,
        },
    })
}

#[derive(Clone, Copy)]
struct OneValue;

impl<'de> DeserializeSeed<'de> for OneValue {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Json, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for OneValue {
    type Value = Json;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::from(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(Number::from_f64(value).map_or(Json::Null, Json::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::from(value))
    }

    fn visit_string<E>(self, value: String) -> Result<Json, E> {
        Ok(Json::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Json, A::Error> {
        let mut all = Vec::new();
        while let Some(value) = from.next_element_seed(self)? {
            all.push(value);
        }
        Ok(Json::Array(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Json, A::Error> {
        let mut all = Map::new();
        while let Some(key) = from.next_key::<String>()? {
            let value = from.next_value_seed(self)?;
            if all.insert(key, value).is_some() {
                return Err(A::Error::custom("the same key twice"));
            }
        }
        Ok(Json::Object(all))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value as Json;

    use super::{JsonFault, parse};

    #[test]
    fn what_is_not_exactly_one_value_is_an_error() {
        for text in ["", "{", "{} {}", "{}x", "NaN", "[1,]", "{'a':1}", "\"\\ud800\"", "1e999", "// c\n{}", "{\"a\":1,}"] {
            assert_eq!(parse(text).unwrap_err().what, JsonFault::Syntax, "{text}");
        }
        assert_eq!(parse(&"[".repeat(100_000)).unwrap_err().what, JsonFault::Syntax);
    }

    #[test]
    fn the_same_key_twice_is_an_error_at_any_depth() {
        for text in [r#"{"a":1,"a":1}"#, r#"[{"b":{"a":1,"\u0061":2}}]"#] {
            assert_eq!(parse(text).unwrap_err().what, JsonFault::SameKeyTwice, "{text}");
        }
        assert!(parse(r#"{"a":{"a":{"a":1}}}"#).is_ok());
    }

    proptest! {
        #[test]
        fn everything_else_is_read_as_serde_json_reads_it(text in r#"(\{"a":|\[|"b"|-?[0-9]{1,4}(\.[0-9])?|null|true|,|\]|\}| ){0,8}"#) {
            if let Ok(read) = parse(&text) {
                prop_assert_eq!(read, serde_json::from_str::<Json>(&text).unwrap());
            }
        }
    }
}
