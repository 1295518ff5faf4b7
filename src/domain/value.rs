//! Typed values of fields, as a brief carries them.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a field may hold. Declared in a contract, and the tag of [`Value`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    Text,
    Money,
    Number,
    Date,
    Duration,
    Person,
    Choice,
    List,
    Commitment,
}

/// A typed value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Value {
    /// A sentence or two.
    Text { text: String },
    /// An amount, or a range when `up_to` is set.
    Money {
        amount: f64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        up_to: Option<f64>,
        /// ISO 4217 code, if one was said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        currency: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        period: Option<Period>,
    },
    /// A count or a measure, or a range when `up_to` is set.
    Number {
        number: f64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        up_to: Option<f64>,
        /// For example `seats`, `percent`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unit: Option<String>,
    },
    /// A day, with the words that said it.
    Date {
        #[schemars(with = "String", extend("format" = "date"))]
        date: Date,
        said: String,
    },
    /// A length of time, or a range when `up_to` is set.
    Duration {
        amount: f64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        up_to: Option<f64>,
        unit: DurationUnit,
    },
    /// Somebody.
    Person {
        name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        role: Option<String>,
    },
    /// One of the contract's choices.
    Choice { choice: String },
    /// Several short texts.
    List { items: Vec<String> },
    /// Somebody will do something.
    Commitment {
        what: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        who: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(with = "Option<String>", extend("format" = "date"))]
        due: Option<Date>,
    },
}

impl Value {
    /// The type this value belongs to.
    pub fn field_type(&self) -> FieldType {
        match self {
            Self::Text { .. } => FieldType::Text,
            Self::Money { .. } => FieldType::Money,
            Self::Number { .. } => FieldType::Number,
            Self::Date { .. } => FieldType::Date,
            Self::Duration { .. } => FieldType::Duration,
            Self::Person { .. } => FieldType::Person,
            Self::Choice { .. } => FieldType::Choice,
            Self::List { .. } => FieldType::List,
            Self::Commitment { .. } => FieldType::Commitment,
        }
    }

    /// The day this value names, if it names one.
    pub fn date(&self) -> Option<Date> {
        match self {
            Self::Date { date, .. } => Some(*date),
            Self::Commitment { due, .. } => *due,
            _ => None,
        }
    }
}

/// How often an amount of money is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    Once,
    Day,
    Month,
    Quarter,
    Year,
}

/// Unit of a length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DurationUnit {
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

/// "N/A", "TBD", "unknown", "-" and the like say that something was not said.
pub fn says_nothing(text: &str) -> bool {
    const NOTHING: [&str; 18] = [
        "",
        "n/a",
        "na",
        "n.a.",
        "tbd",
        "tba",
        "tbc",
        "unknown",
        "not known",
        "none",
        "null",
        "nil",
        "not stated",
        "not specified",
        "not mentioned",
        "not provided",
        "to be determined",
        "to be confirmed",
    ];
    let bare = text.trim_matches(|c: char| c.is_whitespace() || "-–—?.…\"'()[]".contains(c)).to_lowercase();
    // The trim takes the last dot of "n.a." with it.
    NOTHING.contains(&bare.as_str()) || bare == "n.a"
}

#[cfg(test)]
mod tests {
    use super::says_nothing;

    #[test]
    fn placeholders_say_nothing() {
        for text in ["", " - ", "N/A", "n.a.", "TBD", "Unknown", "(not stated)", "?", "—", "to be confirmed."] {
            assert!(says_nothing(text), "{text:?}");
        }
        for text in ["0", "no", "None of the three vendors", "TBD Systems Ltd"] {
            assert!(!says_nothing(text), "{text:?}");
        }
    }
}
