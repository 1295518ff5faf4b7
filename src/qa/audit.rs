//! [`audit`]: checks what somebody else wrote against what it was written from, without a model: a bare summary, or a
//! brief with its sources.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization as _;

use super::checks::{ClaimKind, claims, days_not_in, names_not_in, numbers_not_in, said_on, times_not_in};
use super::claim::{
    Parting, Saying, Sources, lost_denials, opposites, other_lengths, other_prices, time_units_not_in, unheard_denials,
};
use super::index::{Index, stem};
use super::review::review;
use crate::context::{Excerpt, Material};
use crate::domain::brief::{Brief, Severity, Span};
use crate::domain::contract::Contract;
use crate::domain::handoff::HumanValue;
use crate::domain::mention;

/// What is wrong with a summary or a brief, and how much of it the sources carry.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Audit {
    pub findings: Vec<AuditFinding>,
    /// The share of its sentences (0 to 1) most of whose words stand in one stretch of the sources; `None`: it has
    /// no sentence.
    pub coverage: Option<f64>,
}

/// What a check says about one sentence of a summary, or one part of a brief.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct AuditFinding {
    /// Name of the check: the sentence that is true when it passes.
    pub check: String,
    pub severity: Severity,
    /// Of a brief: the field, axis or commitment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The sentence of the summary, or the text of the brief's part; `None`: the part has no text of its own.
    pub claim: Option<String>,
    /// Half-open range of the claim in the summary, in UTF-8 bytes; `None` for a brief.
    pub start: Option<usize>,
    pub end: Option<usize>,
    /// Of a summary: the sentence that says otherwise or comes closest. Of a brief: the part's first quote.
    pub source_span: Option<SourceSpan>,
    pub message: String,
}

/// A place in a source's readable text; of a bare document, in the document.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SourceSpan {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Half-open range in UTF-8 bytes.
    pub start: usize,
    pub end: usize,
}

/// Checks each sentence of `summary` against `document`. Only numbers block: paraphrase sets off the others,
/// and the day the document was written is not known.
pub fn audit(document: &str, summary: &str) -> Audit {
    let place = |_, span: Span| Some(SourceSpan { source: None, start: span.start, end: span.end });
    audit_summary(&Sources::of([(document, None)]), summary, place)
}

/// Checks each sentence of `summary` against all that was said in the sources.
pub fn audit_material(material: &Material, summary: &str) -> Audit {
    let passages: Vec<_> =
        material.messages.iter().flat_map(|message| message.passages.iter().map(move |passage| (message, passage))).collect();
    // Who spoke is part of what the sources say.
    let texts = passages.iter().map(|(message, passage)| (passage.text.as_str(), said_on(message.at)));
    let names = material.messages.iter().flat_map(|message| message.speaker.iter().chain(&message.title));
    let sources = Sources::of(texts.chain(names.map(|name| (name.as_str(), None))));
    audit_summary(&sources, summary, |passage, span| {
        let (message, passage) = passages.get(passage)?;
        let from = passage.span.start;
        Some(SourceSpan { source: Some(message.source.clone()), start: from + span.start, end: from + span.end })
    })
}

fn audit_summary(sources: &Sources<'_>, summary: &str, place: impl Fn(usize, Span) -> Option<SourceSpan>) -> Audit {
    let mut findings = Vec::new();
    let (mut covered, mut all) = (0, 0);
    for span in mention::sentences(summary) {
        let saying = Saying::new(&summary[span.start..span.end], sources);
        covered += usize::from(saying.is_covered());
        all += 1;
        for problem in problems(&saying) {
            let sentence = problem.sentence.or_else(|| saying.best().first().map(|(sentence, _)| *sentence));
            let (passage, inside) = sentence.map(|sentence| sources.place(sentence)).unzip();
            findings.push(AuditFinding {
                check: problem.check.to_owned(),
                severity: problem.severity,
                field: None,
                claim: Some(saying.text.to_owned()),
                start: Some(span.start),
                end: Some(span.end),
                source_span: passage.zip(inside).and_then(|(passage, inside)| place(passage, inside)),
                message: problem.message,
            });
        }
    }
    Audit { findings, coverage: share(covered, all) }
}

/// Reviews a brief as production does, and says where each finding's part stands.
pub fn audit_brief(brief: Brief, excerpt: &Excerpt, contract: &Contract, human_values: &BTreeMap<String, HumanValue>) -> Audit {
    let sources = Sources::of(excerpt.units().iter().map(|unit| (unit.text.as_str(), said_on(unit.at))));
    let reviewed = review(brief, excerpt, contract, human_values);
    let claims = claims(reviewed.brief());
    let findings = reviewed.findings().iter().map(|finding| {
        let about = claims.iter().find(|claim| finding.field.as_ref() == Some(&claim.part));
        let quote = about.and_then(|claim| claim.evidence.iter().find_map(|one| Some((one.source.clone(), one.span?))));
        AuditFinding {
            check: finding.check.clone(),
            severity: finding.severity,
            field: finding.field.clone(),
            claim: about.map(|claim| claim.text.to_owned()),
            start: None,
            end: None,
            source_span: quote.map(|(source, span)| SourceSpan { source: Some(source), start: span.start, end: span.end }),
            message: finding.message.clone(),
        }
    });
    let sentences = claims
        .iter()
        .filter(|claim| claim.kind != ClaimKind::Question)
        .flat_map(|claim| mention::sentences(claim.text).into_iter().map(|span| &claim.text[span.start..span.end]));
    let covered: Vec<bool> = sentences.map(|text| Saying::new(text, &sources).is_covered()).collect();
    Audit { findings: findings.collect(), coverage: share(covered.iter().filter(|covered| **covered).count(), covered.len()) }
}

fn share(part: usize, all: usize) -> Option<f64> {
    (all > 0).then(|| part as f64 / all as f64)
}

struct Problem {
    check: &'static str,
    severity: Severity,
    sentence: Option<usize>,
    message: String,
}

fn problems(saying: &Saying<'_, '_>) -> Vec<Problem> {
    let (claim, facts, index) = (saying.text, saying.sources.facts(), saying.sources.index());
    let mut found = Vec::new();
    let mut add = |check, severity, message| found.push(Problem { check, severity, sentence: None, message });
    for number in numbers_not_in(claim, &mention::quantities(claim), |number| facts.has_number(number)) {
        add("numbers_are_grounded", Severity::Block, format!("{number} does not stand in the document"));
    }
    for time in times_not_in(claim, facts) {
        add("numbers_are_grounded", Severity::Warn, format!("{time} does not stand in the document"));
    }
    for (_, day) in days_not_in(claim, None, facts) {
        add("dates_are_grounded", Severity::Warn, format!("\"{day}\" does not stand in the document"));
    }
    for name in names_not_in(claim, |word| has_name(index, word)) {
        add("names_are_grounded", Severity::Warn, format!("{name} is not named in the document"));
    }
    for unit in time_units_not_in(claim, index, facts) {
        add("time_units_are_grounded", Severity::Warn, format!("the document does not speak of a {unit}"));
    }
    let part = |check| {
        move |parting: Parting| Problem { check, severity: Severity::Warn, sentence: parting.sentence, message: parting.message }
    };
    found.extend(unheard_denials(saying).into_iter().chain(lost_denials(saying)).map(part("negations_agree")));
    found.extend(other_prices(saying).into_iter().map(part("prices_agree")));
    found.extend(other_lengths(saying).into_iter().map(part("lengths_are_grounded")));
    found.extend(opposites(saying).into_iter().map(part("opposites_agree")));
    found
}

/// Whether a name stands in the document, with or without its accents, or as the country or currency that it goes with.
fn has_name(index: &Index, name: &str) -> bool {
    const CURRENCIES: [(&str, &str); 12] = [
        ("canadian", "cad"),
        ("australian", "aud"),
        ("american", "usd"),
        ("british", "gbp"),
        ("swiss", "chf"),
        ("indian", "inr"),
        ("kenyan", "kes"),
        ("swedish", "sek"),
        ("norwegian", "nok"),
        ("danish", "dkk"),
        ("polish", "pln"),
        ("japanese", "jpy"),
    ];
    let of_country = ["ian", "an", "ish", "ese"].iter().find_map(|ending| name.strip_suffix(ending));
    let country = of_country.filter(|country| country.len() > 3);
    let plain = without_accents(name);
    index.has(name)
        || CURRENCIES.iter().any(|(people, code)| *people == name && index.has(code))
        || country.is_some_and(|country| index.stems_from(country).next().is_some())
        || index.stems().any(|other| !(name.is_ascii() && other.is_ascii()) && stem(&without_accents(other)) == stem(&plain))
}

/// A word as somebody writes it who has no keys for accents; `ü` and `ue` are the same.
fn without_accents(word: &str) -> String {
    let plain: String = word.nfd().filter(|c| c.is_alphanumeric()).map(|c| if c == 'ø' { 'o' } else { c }).collect();
    let plain = plain.replace('ß', "ss").replace('æ', "a").replace('ł', "l");
    plain.replace("ae", "a").replace("oe", "o").replace("ue", "u")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{AuditFinding, audit};
    use crate::domain::brief::Severity;

    const DOCUMENT: &str = "Ann: We have set aside one hundred and twenty thousand dollars a year.\n\
        Bob: The renewal is due on March 3rd, 2026.\nBob: It is for forty desks.\n\
        Ann: We will not extend the pilot with Globex.";

    fn checks(summary: &str) -> Vec<String> {
        audit(DOCUMENT, summary).findings.into_iter().map(|finding| finding.check).collect()
    }

    #[test]
    fn a_faithful_summary_raises_nothing() {
        assert_eq!(
            checks("Ann has $120,000 per year. The renewal is due March 3, 2026. They will not extend the pilot."),
            [""; 0]
        );
    }

    #[test]
    fn each_planted_error_is_found_with_its_place() {
        assert_eq!(checks("Ann has $130,000 per year."), ["numbers_are_grounded"]);
        assert_eq!(checks("The renewal is due on March 4th, 2026."), ["dates_are_grounded"]);
        assert_eq!(checks("They end the pilot with Initech."), ["names_are_grounded"]);
        assert_eq!(checks("They have set aside money for two weeks."), ["time_units_are_grounded"]);
        assert_eq!(checks("They have not set aside money for the year."), ["negations_agree"]);
        let audited = audit(DOCUMENT, "All is well. Ann has $130,000.");
        let finding = &audited.findings[0];
        assert_eq!((finding.start, finding.end, finding.claim.as_deref()), (Some(13), Some(30), Some("Ann has $130,000.")));
    }

    /// A call and a mail with what was said in words and short; and what a summary may make of it.
    const SAID: &str = "Ann: The budget is three hundred ninety, and you ask four hundred and twelve thousand Canadian dollars. \
        It was thirty-eight the year before. A couple of hundred sites, half a million parcels, 15 percent of them late.\n\
        Renée Muñoz: The term is twelve months, it ends on the 30th of June. I'm there on 9 and 10 July, after two.\n\
        Ann: The list closes on 15th of March. Plus is CAD 2,340 a month, fifteen working days, six and a half years, \
        seven ninety a lunch, 38 grand for the third quarter, sixty quid each, 18:30 on Tuesday.";

    #[test]
    fn the_same_number_day_or_name_said_otherwise_raises_no_alarm() {
        for claim in [
            "Their budget is $390,000.",
            "The offer of 412,000 exceeds 390k.",
            "Costs rose from $38,000 to $412,000.",
            "They ship 500,000 parcels from 200 sites.",
            "Some 15% of the parcels are late.",
            "It runs for a year.",
            "It ends on June 30.",
            "It ends on 30 June.",
            "It ends on June 30th.",
            "She is there on July 9 or 10.",
            "She is there on 9 July.",
            "She is there on July 9th and 10th.",
            "The papers are due in mid-February, before March 15.",
            "The list closes on March 15th.",
            "Plus costs $2,340 monthly.",
            "Plus costs 2,340 dollars per month.",
            "Plus costs C$2,340 per month.",
            "It is done within 15 working days, or three weeks.",
            "It lasts 6.5 years.",
            "A lunch costs $7.90.",
            "They pay $38k in Q3.",
            "They pay $38,000.",
            "Each costs £60.",
            "The talk with Renee Munoz is at 6:30 pm on Tuesday.",
            "The talk is next week.",
        ] {
            let found: Vec<_> =
                audit(SAID, claim).findings.into_iter().filter(|one| FACTS.contains(&one.check.as_str())).collect();
            assert!(found.is_empty(), "{claim}: {found:?}");
        }
    }

    const FACTS: [&str; 6] = [
        "numbers_are_grounded",
        "dates_are_grounded",
        "names_are_grounded",
        "prices_agree",
        "lengths_are_grounded",
        "time_units_are_grounded",
    ];

    #[test]
    fn a_wrong_number_day_or_name_is_found_in_whatever_form() {
        for (claim, check) in [
            ("Their budget is $380,000.", "numbers_are_grounded"),
            ("The offer of 421,000 exceeds it.", "numbers_are_grounded"),
            ("Costs rose from $28,000 last year.", "numbers_are_grounded"),
            ("They ship 600,000 parcels.", "numbers_are_grounded"),
            ("Some 25% of the parcels are late.", "numbers_are_grounded"),
            ("It ends on June 29.", "dates_are_grounded"),
            ("It ends on 30 July.", "dates_are_grounded"),
            ("She is there on July 9 or 11.", "dates_are_grounded"),
            ("She is there on 8 and 10 July.", "dates_are_grounded"),
            ("The list closes on May 15th.", "dates_are_grounded"),
            ("Plus costs €2,340 monthly.", "prices_agree"),
            ("Plus costs $2,340 a year.", "prices_agree"),
            ("It lasts 7.5 years.", "numbers_are_grounded"),
            ("It is for Q2.", "dates_are_grounded"),
            ("They meet on Wednesday.", "dates_are_grounded"),
            ("They talked with Renee Moreno.", "names_are_grounded"),
        ] {
            let found: Vec<String> = audit(SAID, claim).findings.into_iter().map(|one| one.check).collect();
            assert!(found.iter().any(|one| one == check), "{claim}: {found:?}");
        }
    }

    #[derive(serde::Deserialize)]
    struct Row {
        document: String,
        summary: String,
        label: u8,
    }

    fn audited(lines: &str) -> Vec<(Row, Vec<AuditFinding>)> {
        let rows = lines.lines().map(|line| serde_json::from_str::<Row>(line).unwrap());
        let with_findings = |row: Row| {
            let found = audit(&row.document, &row.summary).findings;
            (row, found)
        };
        rows.map(with_findings).collect()
    }

    /// Recall and false alarms, in per cent of the wrong and of the right summaries.
    #[expect(clippy::cast_precision_loss, reason = "counts of rows")]
    fn rates(rows: &[(Row, Vec<AuditFinding>)], is_flagged: impl Fn(&AuditFinding) -> bool) -> (f64, f64) {
        let share = |label: u8| {
            let of_label: Vec<_> = rows.iter().filter(|(row, _)| row.label == label).collect();
            let flagged = of_label.iter().filter(|(_, findings)| findings.iter().any(&is_flagged)).count();
            100.0 * flagged as f64 / of_label.len() as f64
        };
        (share(0), share(1))
    }

    /// Public summaries with planted errors (SummEdits): what the checks find and how often they cry wolf.
    #[test]
    #[expect(clippy::print_stdout, reason = "the numbers are what this test is for")]
    fn errors_in_public_summaries_are_found_with_few_false_alarms() {
        let Ok(folder) = std::env::var("BATON_DATA_DIR") else {
            return not_run("errors_in_public_summaries_are_found_with_few_false_alarms: BATON_DATA_DIR is not set");
        };
        let file = std::fs::read_to_string(format!("{folder}/qa/summaries_dev.jsonl")).unwrap();
        let rows = audited(&file);
        let names: BTreeSet<&str> =
            rows.iter().flat_map(|(_, findings)| findings).map(|finding| finding.check.as_str()).collect();
        for name in names {
            let (recall, alarms) = rates(&rows, |finding| finding.check == name);
            println!("{name}: recall {recall:.1} %, false alarms {alarms:.1} %");
        }
        let (recall, alarms) = rates(&rows, |_| true);
        let balanced = (recall + 100.0 - alarms) / 2.0;
        println!("all: balanced accuracy {balanced:.1} %, recall {recall:.1} %, false alarms {alarms:.1} %");
        let (blocking_recall, blocking_alarms) = rates(&rows, |finding| finding.severity == Severity::Block);
        println!("blocking: recall {blocking_recall:.1} %, false alarms {blocking_alarms:.1} %");
        assert!(blocking_alarms <= 0.5 && alarms <= 4.0 && balanced > 68.0);
    }

    /// Invented calls and mails: a finding must be worth a look, so hardly any faithful summary may have one.
    #[test]
    fn faithful_summaries_of_sales_calls_and_mails_raise_next_to_nothing() {
        for file in ["sales_calls", "sales_emails"] {
            let path = format!("{}/eval/summaries/{file}.jsonl", env!("CARGO_MANIFEST_DIR"));
            let text = std::fs::read_to_string(path).unwrap();
            let rows = audited(&text);
            let (recall, alarms) = rates(&rows, |_| true);
            let (_, blocking) = rates(&rows, |finding| finding.severity == Severity::Block);
            assert!(alarms <= 2.0 && blocking <= 0.5 && recall >= 11.0, "{file}: {recall:.1} / {alarms:.1} / {blocking:.1} %");
        }
    }

    fn not_run(line: &str) {
        use std::io::Write as _;
        let Ok(path) = std::env::var("BATON_TEST_NOT_RUN") else { return };
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path).unwrap();
        writeln!(file, "{line}").unwrap();
    }
}
