//! What the checks of security do with material that is harmless, and with published personal data. Needs
//! `BATON_DATA_DIR`; prints its numbers and holds them to a floor or a ceiling.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::cases::{contract, excerpt_of, note};
use super::review;
use crate::context::Excerpt;
use crate::domain::brief::{Brief, Confidence, Evidence, FieldAnswer, FieldStatus, Origin};
use crate::domain::mention;
use crate::domain::value::Value;

/// The folder of public data, unless there is none: then the test says so where `BATON_TEST_NOT_RUN` points to.
pub(super) fn data(test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("BATON_DATA_DIR").map(PathBuf::from);
    if folder.is_none()
        && let Some(list) = std::env::var_os("BATON_TEST_NOT_RUN")
    {
        use std::io::Write as _;
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(list).unwrap();
        writeln!(file, "{test} (BATON_DATA_DIR is not set)").unwrap();
    }
    folder
}

pub(super) fn rows<T: DeserializeOwned>(folder: &std::path::Path, file: &str) -> Vec<T> {
    let text = std::fs::read_to_string(folder.join(file)).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[derive(Deserialize)]
struct Summary {
    document: String,
    summary: String,
    label: u8,
}

/// A brief that says each sentence of a summary as an item, with the three best lines of the document as its quotes.
fn brief_of(summary: &str, excerpt: &Excerpt) -> Brief {
    let items: Vec<String> = mention::sentences(summary).iter().map(|span| summary[span.start..span.end].to_owned()).collect();
    let index = super::index::Index::of(excerpt.units().iter().map(|unit| unit.text.as_str()));
    let quotes = |item: &String| -> Vec<Evidence> {
        let best = index.best(&super::index::content_words(item), 3);
        let passages = best.into_iter().map(|(number, _)| &index.sentences[number]);
        let quote = |one: &super::index::Sentence| {
            let unit = &excerpt.units()[one.passage];
            excerpt.evidence(unit.n, &unit.text[one.span.start..one.span.end])
        };
        passages.map(quote).collect()
    };
    let evidence = items.iter().flat_map(quotes).collect();
    let answer = FieldAnswer {
        name: "competition".to_owned(),
        status: FieldStatus::Stated,
        value: Some(Value::List { items }),
        alternatives: Vec::new(),
        evidence,
        stale: false,
        confidence: Confidence::Low,
        origin: Origin::Machine,
        suggestion: None,
    };
    Brief {
        headline: summary.to_owned(),
        fields: vec![answer],
        axes: Vec::new(),
        commitments: Vec::new(),
        open_questions: Vec::new(),
    }
}

/// Public summaries (SummEdits) as if they were briefs: how much of the faithful ones is taken out.
#[test]
#[expect(clippy::print_stdout, reason = "the numbers are what this test is for")]
fn faithful_public_summaries_lose_nothing() {
    let Some(folder) = data("faithful_public_summaries_lose_nothing") else { return };
    let rows: Vec<Summary> = rows(&folder, "qa/summaries_dev.jsonl");
    let mut cut: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let faithful: Vec<&Summary> = rows.iter().filter(|row| row.label == 1).collect();
    for row in &faithful {
        let excerpt = excerpt_of(row.document.lines().filter(|line| !line.trim().is_empty()).map(note).collect());
        let reviewed = review(brief_of(&row.summary, &excerpt), &excerpt, &contract(), &BTreeMap::new());
        for check in ["texts_are_carried", "no_instructions_leak", "no_secrets"] {
            if reviewed.findings().iter().any(|finding| finding.check == check) {
                let left = format!("{:?}", reviewed.brief());
                let gone = mention::sentences(&row.summary).into_iter().map(|span| &row.summary[span.start..span.end]);
                cut.entry(check).or_default().push(gone.filter(|text| left.matches(text).count() < 2).collect());
            }
        }
    }
    let share = |check: &str| 100.0 * cut.get(check).map_or(0, Vec::len) as f64 / faithful.len() as f64;
    let carried = share("texts_are_carried");
    println!("faithful summaries of which something is taken out: {carried:.2} % of {}", faithful.len());
    assert!(carried <= 0.5 && share("no_instructions_leak") == 0.0 && share("no_secrets") == 0.0, "{cut:#?}");
}

#[derive(Deserialize)]
struct Mail {
    email: String,
}

#[test]
#[expect(clippy::print_stdout, reason = "the numbers are what this test is for")]
fn harmless_public_texts_are_not_marked_as_orders() {
    let Some(folder) = data("harmless_public_texts_are_not_marked_as_orders") else { return };
    #[derive(Deserialize)]
    struct Sentence {
        sentence: String,
    }
    let marked = |texts: Vec<String>| {
        let count = texts.len();
        let marked: Vec<String> = texts.into_iter().filter(|text| super::checks::gives_orders(text)).collect();
        (marked, count)
    };
    let mails = |file: &str| rows::<Mail>(&folder, file).into_iter().map(|mail| mail.email).collect::<Vec<_>>();
    let sentences = rows::<Sentence>(&folder, "email/requests_and_commitments_dev.jsonl");
    let summaries = rows::<Summary>(&folder, "qa/summaries_dev.jsonl");
    for (name, texts, most) in [
        ("harmless mails", mails("injection/harmless_emails_dev.jsonl"), 0.01),
        ("mails without an attack", mails("injection/emails_dev.jsonl"), 0.0),
        ("sentences of business mails", sentences.into_iter().map(|row| row.sentence).collect(), 0.002),
        ("calls and meetings", summaries.into_iter().map(|row| row.document).collect(), 0.0),
    ] {
        let (marked, count) = marked(texts);
        println!("{name} marked as orders: {} of {count}", marked.len());
        assert!(marked.len() as f64 <= most * count as f64, "{name}: {marked:#?}");
    }
}

#[derive(Deserialize)]
struct Synthetic {
    text: String,
    spans: Vec<Labelled>,
}

#[derive(Deserialize)]
struct Labelled {
    #[serde(rename = "type")]
    kind: String,
    start: usize,
    end: usize,
}

/// Published synthetic personal data: recall and precision of what is masked before the model, by type.
#[test]
#[expect(clippy::print_stdout, reason = "the numbers are what this test is for")]
fn secrets_and_contacts_of_published_texts_are_found() {
    use crate::context::{Secret, SecretKind, contacts, secrets};
    let Some(folder) = data("secrets_and_contacts_of_published_texts_are_found") else { return };
    let rows: Vec<Synthetic> = rows(&folder, "pii/synthetic_dev.jsonl");
    for (label, kind, least_recall, least_precision) in [
        ("CREDIT_CARD", SecretKind::Card, 0.85, 0.98),
        ("IBAN_CODE", SecretKind::Account, 0.98, 0.98),
        ("US_SSN", SecretKind::NationalId, 0.98, 0.98),
        ("EMAIL_ADDRESS", SecretKind::Mail, 0.98, 0.98),
        ("PHONE_NUMBER", SecretKind::Phone, 0.75, 0.9),
    ] {
        let (mut labelled, mut hit, mut found, mut right) = (0, 0, 0, 0);
        let mut wrong = Vec::new();
        for row in &rows {
            let bytes = |at: usize| row.text.char_indices().nth(at).map_or(row.text.len(), |(at, _)| at);
            let spans: Vec<(usize, usize)> =
                row.spans.iter().filter(|one| one.kind == label).map(|one| (bytes(one.start), bytes(one.end))).collect();
            let mine: Vec<Secret> =
                secrets(&row.text).into_iter().chain(contacts(&row.text)).filter(|one| one.kind == kind).collect();
            let covers = |one: &Secret, (start, end): &(usize, usize)| one.span.start <= *start && *end <= one.span.end;
            let touches = |one: &Secret, (start, end): &(usize, usize)| one.span.start < *end && *start < one.span.end;
            labelled += spans.len();
            found += mine.len();
            for span in &spans {
                let is_hit = mine.iter().any(|one| covers(one, span));
                hit += usize::from(is_hit);
                wrong.extend((!is_hit).then(|| format!("missed {}", &row.text[span.0..span.1])));
            }
            for one in &mine {
                let is_right = spans.iter().any(|span| touches(one, span));
                right += usize::from(is_right);
                wrong.extend((!is_right).then(|| format!("wrong {}", &row.text[one.span.start..one.span.end])));
            }
        }
        let (recall, precision) = (hit as f64 / labelled as f64, right as f64 / f64::max(found as f64, 1.0));
        println!("{label}: {labelled} labelled, recall {:.1} %, precision {:.1} %", recall * 100.0, precision * 100.0);
        assert!(recall >= least_recall && precision >= least_precision, "{label}: {wrong:#?}");
    }
}

/// How often something harmless would be masked as a secret in a brief.
#[test]
#[expect(clippy::print_stdout, reason = "the numbers are what this test is for")]
fn harmless_texts_hold_no_secrets() {
    let mut texts: Vec<(&str, Vec<String>)> = vec![("bundled sources", bundled_sources())];
    if let Some(folder) = data("harmless_texts_hold_no_secrets: published texts") {
        #[derive(Deserialize)]
        struct Sentence {
            sentence: String,
        }
        let mails = |file: &str| rows::<Mail>(&folder, file).into_iter().map(|mail| mail.email).collect::<Vec<_>>();
        let sentences = rows::<Sentence>(&folder, "email/requests_and_commitments_dev.jsonl");
        let documents = rows::<Summary>(&folder, "qa/summaries_dev.jsonl");
        texts.push(("harmless mails", mails("injection/harmless_emails_dev.jsonl")));
        texts.push(("mails without an attack", mails("injection/emails_dev.jsonl")));
        texts.push(("sentences of business mails", sentences.into_iter().map(|row| row.sentence).collect()));
        texts.push(("calls and meetings", documents.into_iter().map(|row| row.document).collect()));
    }
    for (name, texts) in texts {
        let masked: Vec<&String> = texts.iter().filter(|text| super::checks::mask(text) != text.as_str()).collect();
        println!("{name} with something masked: {} of {}", masked.len(), texts.len());
        let secrets: Vec<String> = masked
            .iter()
            .flat_map(|text| {
                crate::context::secrets(text)
                    .into_iter()
                    .map(|one| format!("{:?} {}", one.kind, &text[one.span.start..one.span.end]))
            })
            .collect();
        assert!(masked.len() * 1000 <= texts.len(), "{name}: {secrets:#?}");
    }
}

fn bundled_sources() -> Vec<String> {
    let cases = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/eval/cases")).unwrap();
    let sources = cases.filter_map(|case| std::fs::read_dir(case.unwrap().path().join("sources")).ok()).flatten();
    sources.map(|file| String::from_utf8_lossy(&std::fs::read(file.unwrap().path()).unwrap()).into_owned()).collect()
}
