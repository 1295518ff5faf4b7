use super::*;
use crate::context::Unit;
use crate::domain::brief::Span;
use crate::domain::event::{Side, SourceType};

fn contract(kind: &str) -> Contract {
    Contract::parse(&std::fs::read_to_string(format!("contracts/{kind}.toml")).unwrap(), kind).unwrap()
}

#[test]
fn probe() {
    let Ok(file) = std::env::var("PROBE") else { return };
    let kind = std::env::var("KIND").unwrap_or("sdr_to_ae".into());
    // lines: speaker|side(c/o/u)|type(c/n/m)|date|text
    let text = std::fs::read_to_string(file).unwrap();
    let units = text
        .lines()
        .filter(|l| l.contains('|'))
        .enumerate()
        .map(|(i, line)| {
            let p: Vec<&str> = line.splitn(5, '|').collect();
            Unit {
                n: i as u32 + 1,
                source: p[2].into(),
                source_type: match &p[2][..1] {
                    "n" => SourceType::CallNote,
                    "m" => SourceType::EmailThread,
                    "r" => SourceType::CrmSnapshot,
                    _ => SourceType::CallTranscript,
                },
                message: i as u32,
                title: None,
                speaker: (!p[0].is_empty()).then(|| p[0].to_owned()),
                side: match p[1] {
                    "c" => Side::Customer,
                    "o" => Side::Ours,
                    _ => Side::Unknown,
                },
                at: format!("{}T12:00:00Z", p[3]).parse().ok(),
                text: p[4].replace("\\n", "\n"),
                span: Span { start: 0, end: p[4].len() },
                gap_before: false,
            }
        })
        .collect();
    let excerpt = Excerpt::from_units(units);
    let contract = contract(&kind);
    let reply: serde_json::Value = serde_json::from_str(&Extractive::new().write(&excerpt, &contract)).unwrap();
    println!("HEADLINE {}", reply["headline"]);
    for (n, f) in reply["fields"].as_object().unwrap() {
        println!("{n}: {} {} {}\n      {}", f["status"], f["value"], f["alternatives"], f["evidence"]);
    }
    for (n, f) in reply["axes"].as_object().unwrap() {
        println!("AXIS {n}: {} {}", f["label"], f["evidence"]);
    }
    for c in reply["commitments"].as_array().unwrap() {
        println!("COMMIT {c}");
    }
    for c in reply["open_questions"].as_array().unwrap() {
        println!("OPEN {c}");
    }
}
#[test]
fn strength() {
    for t in [
        "If so, Marcus will contact you by Friday with a price.",
        "I replied with the usual: “Thanks Annelies, a colleague from sales will be in touch by Friday, in writing.”",
        "You'll have it live by the twelfth of June, I promise.",
        "You'll have it live by the twelfth of June, I promise.",
        "told her Marcus will contact her by Friday",
        "Lee will run it",
        "You'll get three templates.",
        "and I'll make sure they get the printed quick guide",
        "We'll include a training day on site.",
        "A training day in Minneapolis is included, we'll throw that in.",
        "Martin will join for the second half.",
    ] {
        println!("{:?} {t}", crate::domain::mention::commitment_strength(t));
    }
}
