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

    /// Whether what the value is about is a placeholder: somebody called "TBD", a promise of "N/A".
    pub fn says_nothing(&self) -> bool {
        match self {
            Self::Text { text } => says_nothing(text),
            Self::Person { name, .. } => says_nothing(name),
            Self::List { items } => items.iter().all(|item| says_nothing(item)),
            Self::Commitment { what, .. } => says_nothing(what),
            // The words are those of the day: one that nobody named is none.
            Self::Date { said, .. } => says_nothing(said),
            // Whether `na` is a placeholder or North America is for the contract to say.
            Self::Choice { .. } => false,
            Self::Money { .. } | Self::Number { .. } | Self::Duration { .. } => false,
        }
    }

    /// Takes out what is a placeholder beside something said: a role "unknown", an item "-", a promise of "TBD" to send.
    pub fn drop_placeholders(&mut self) {
        let drop = |part: &mut Option<String>| *part = part.take().filter(|text| !says_nothing(text));
        match self {
            Self::Money { currency, .. } => drop(currency),
            Self::Number { unit, .. } => drop(unit),
            Self::Person { role, .. } => drop(role),
            Self::List { items } => items.retain(|item| !says_nothing(item)),
            Self::Commitment { who, .. } => drop(who),
            Self::Text { .. } | Self::Date { .. } | Self::Duration { .. } | Self::Choice { .. } => {}
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

impl DurationUnit {
    /// As people write it behind a number: `weeks`.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Minute => "minutes",
            Self::Hour => "hours",
            Self::Day => "days",
            Self::Week => "weeks",
            Self::Month => "months",
            Self::Quarter => "quarters",
            Self::Year => "years",
        }
    }
}

/// "N/A", "TBD", "unknown", "-" and the like say that something was not said. Only as the whole text: "TBD Systems Ltd"
/// and "none of the three vendors" say something.
///
/// "None" alone says nothing in any type: a value holds what there is, and contracts ask for what there is ("each special
/// term"). That somebody said there is none is a sentence: "there are no special terms".
pub fn says_nothing(text: &str) -> bool {
    let is_around = |c: char| c.is_whitespace() || "-–—_~*/?!.,:;…\"'`´‘’“”«»()[]{}<>#|".contains(c);
    let bare = text.trim_matches(is_around);
    // No placeholder is longer.
    if bare.len() > 40 {
        return false;
    }
    let lower = bare.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let plain = lower.replace(['’', '‘'], "'").replace(['.', '\\'], "");
    plain.is_empty() || NOTHING.contains(&plain.as_str()) || is_not_said(&plain)
}

/// "Not stated", "not yet discussed", "to be confirmed", "no information".
fn is_not_said(plain: &str) -> bool {
    const SAID: [&str; 24] = [
        "stated",
        "specified",
        "mentioned",
        "provided",
        "given",
        "known",
        "discussed",
        "disclosed",
        "available",
        "applicable",
        "defined",
        "determined",
        "confirmed",
        "named",
        "identified",
        "indicated",
        "recorded",
        "found",
        "shared",
        "set",
        "clear",
        "addressed",
        "supplied",
        "sure",
    ];
    const LATER: [&str; 11] = [
        "determined",
        "confirmed",
        "decided",
        "defined",
        "discussed",
        "agreed",
        "announced",
        "advised",
        "clarified",
        "specified",
        "done",
    ];
    const OF_NOTHING: [&str; 9] = ["answer", "information", "info", "data", "value", "details", "mention", "response", "idea"];
    match plain.split(' ').collect::<Vec<_>>()[..] {
        ["not", said] | ["not", "yet", said] | ["not", said, "yet"] | ["none", said] | ["not", "explicitly", said] => {
            SAID.contains(&said)
        }
        ["to", "be", later] | ["still", "to", "be", later] | ["yet", "to", "be", later] => LATER.contains(&later),
        ["no", what] | ["no", what, "given" | "available" | "provided" | "yet"] => OF_NOTHING.contains(&what),
        _ => false,
    }
}

/// Without dots, in lower case.
const NOTHING: [&str; 76] = [
    // English, and what programs write.
    "n/a",
    "na",
    "tbd",
    "tba",
    "tbc",
    "tbdl",
    "unknown",
    "undefined",
    "unspecified",
    "unstated",
    "none",
    "null",
    "nil",
    "nan",
    "nothing",
    "nobody",
    "no one",
    "n/d",
    "n/k",
    "xxx",
    "xx",
    "empty",
    "blank",
    "missing",
    "placeholder",
    "same as above",
    "don't know",
    "i don't know",
    "we don't know",
    "not in the sources",
    "not in sources",
    "not mentioned in the sources",
    // German
    "ka",
    "k a",
    "n / a",
    "k/a",
    "keine angabe",
    "keine angaben",
    "unbekannt",
    "nicht bekannt",
    "nicht genannt",
    "nicht angegeben",
    "keine",
    "keiner",
    "nichts",
    "offen",
    "entfällt",
    "noch offen",
    "nicht besprochen",
    // French
    "nc",
    "n/c",
    "inconnu",
    "inconnue",
    "non précisé",
    "non précisée",
    "non communiqué",
    "à définir",
    "à confirmer",
    "aucun",
    "aucune",
    "rien",
    "néant",
    // Spanish, Portuguese, Italian
    "desconocido",
    "no especificado",
    "por definir",
    "por confirmar",
    "ninguno",
    "ninguna",
    "nada",
    "a definir",
    "sconosciuto",
    "non specificato",
    "da definire",
    // Dutch
    "nvt",
    "onbekend",
    "geen",
];

#[cfg(test)]
mod tests {
    use super::{Value, says_nothing};

    #[test]
    fn placeholders_say_nothing() {
        for text in [
            "",
            " - ",
            "--",
            "N/A",
            "n.a.",
            "n/a.",
            "TBD",
            "T.B.D.",
            "<TBD>",
            "[tbc]",
            "**TBD**",
            "Unknown",
            "(not stated)",
            "?",
            "???",
            "—",
            "…",
            "to be confirmed.",
            "Not yet  discussed",
            "not discussed",
            "none given",
            "None",
            "null",
            "no information",
            "k.A.",
            "k. A.",
            "Keine Angabe",
            "n.v.t.",
            "nvt",
            "n.c.",
            "Non précisé",
            "à définir",
            "por confirmar",
            "Nicht genannt",
            "Don’t know",
        ] {
            assert!(says_nothing(text), "{text:?}");
        }
        for text in [
            "0",
            "no",
            "No.",
            "yes",
            "None of the three vendors",
            "TBD Systems Ltd",
            "No discounts",
            "not before June",
            "Nadia",
            "Nil Larsen",
            "to be signed by Ann",
            "No one but the CFO",
            "Not set in stone",
            "Keine Rabatte",
            "€",
            "5",
            "K",
            "not sure about the price",
        ] {
            assert!(!says_nothing(text), "{text:?}");
        }
    }

    #[test]
    fn a_value_about_a_placeholder_says_nothing_and_placeholders_beside_something_go() {
        let person = |name: &str, role: &str| Value::Person { name: name.to_owned(), role: Some(role.to_owned()) };
        assert!(person("TBD", "buyer").says_nothing());
        assert!(Value::List { items: vec!["-".to_owned(), "n/a".to_owned()] }.says_nothing());
        assert!(!Value::Number { number: 0.0, up_to: None, unit: None }.says_nothing());
        let mut ann = person("Ann Lee", "unknown");
        ann.drop_placeholders();
        assert_eq!(ann, Value::Person { name: "Ann Lee".to_owned(), role: None });
        let mut promise = Value::Commitment { what: "Send it".to_owned(), who: Some("tbd".to_owned()), due: None };
        promise.drop_placeholders();
        assert_eq!(promise, Value::Commitment { what: "Send it".to_owned(), who: None, due: None });
    }
}
