//! What the tests of this module share.

use jiff::Timestamp;

use crate::context::{Excerpt, Unit};
use crate::domain::brief::Span;
use crate::domain::contract::Contract;
use crate::domain::event::{Side, SourceType};

pub(super) fn contracts() -> Vec<Contract> {
    [
        ("marketing_to_sales", include_str!("../../contracts/marketing_to_sales.toml")),
        ("sdr_to_ae", include_str!("../../contracts/sdr_to_ae.toml")),
        ("sales_to_onboarding", include_str!("../../contracts/sales_to_onboarding.toml")),
        ("support_to_sales", include_str!("../../contracts/support_to_sales.toml")),
        ("sales_to_delivery", include_str!("../../contracts/sales_to_delivery.toml")),
    ]
    .map(|(file, text)| Contract::parse(text, file).unwrap())
    .into()
}

/// One field of every type and one axis.
pub(super) fn every_type() -> Contract {
    let mut text = String::from("kind = \"every_type\"\nversion = 1\ntitle = \"Every type\"\npurpose = \"p\"\n");
    for name in ["text", "money", "number", "date", "duration", "person", "choice", "list", "commitment"] {
        text += &format!("[[fields]]\nname = \"a_{name}\"\ntype = \"{name}\"\ndescribe = \"d\"\n");
        if name == "choice" {
            text += "choices = [ { name = \"red\", when = \"w\" }, { name = \"blue\", when = \"w\" } ]\n";
        }
    }
    text += "[[axes]]\nname = \"urgency\"\ndescribe = \"d\"\nlabels = [ { name = \"high\", when = \"w\" } ]\n";
    Contract::parse(&text, "every_type.toml").unwrap()
}

pub(super) fn excerpt(texts: &[&str]) -> Excerpt {
    let unit = |(n, text): (u32, &&str)| Unit {
        n,
        source: "mail-1".to_owned(),
        source_type: SourceType::EmailThread,
        message: n,
        title: Some("Re: pricing".to_owned()),
        speaker: Some("Ana Ruiz".to_owned()),
        side: Side::Customer,
        at: Some(Timestamp::from_second(1_777_900_000 + i64::from(n)).unwrap()),
        text: (*text).to_owned(),
        span: Span { start: 0, end: text.len() },
        original: None,
        gap_before: false,
    };
    Excerpt::from_units((1..).zip(texts).map(unit).collect())
}
