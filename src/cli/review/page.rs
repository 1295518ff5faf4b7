//! A held brief for the person who decides: what holds it, why, and what each decision would do.

use super::super::view::{self, Colour};
use crate::context::visible;
use crate::domain::brief::{Evidence, Finding, Publication, Severity};
use crate::domain::contract::Contract;
use crate::domain::decision::{Decision, StandingBrief, holding_parts, last_about, says_the_same};
use crate::domain::value::{FieldType, Value};
use crate::qa::{self, WriteBack};

/// What is shown before a decision.
pub(super) fn page(standing: &StandingBrief, history: &[Decision], contract: &Contract, colour: Colour) -> String {
    let document = &standing.document;
    let record = &document.record;
    let mut out = String::new();
    view::line(&mut out, &colour.bold(&visible(record.name.as_deref().unwrap_or(&record.id))));
    let owner = format!("{} · {} {} · version {}", contract.title, record.record_type, record.id, standing.version);
    view::line(&mut out, &colour.dim(&visible(&owner)));
    let holding = holding_parts(document);
    match document.publication {
        Publication::HeldForReview => view::line(&mut out, &colour.red(&format!("held for review by: {}", holding.join(", ")))),
        Publication::Published => view::line(&mut out, &colour.green("published: nothing holds it (decide with --published)")),
    }
    for part in &holding {
        view::section(&mut out, part, colour);
        held_part(&mut out, part, standing, contract, colour);
    }
    other_parts(&mut out, standing, &holding, colour);
    decisions(&mut out, "Decisions about this record", history, colour);
    let hint = format!("the whole brief: baton show {}/{} --kind {}", record.record_type, record.id, document.kind);
    out.push('\n');
    view::line(&mut out, &colour.dim(&visible(&hint)));
    out
}

/// What else the brief says, by the names that decisions use.
fn other_parts(out: &mut String, standing: &StandingBrief, holding: &[&str], colour: Colour) {
    let document = &standing.document;
    let suggested = |part: &str| document.brief.field(part).and_then(|answer| answer.suggestion.as_ref());
    let is_open = |part: &str| last_about(&document.decisions, part).is_none() || suggested(part).is_some();
    let parts = qa::parts(document).into_iter().filter(|part| !holding.contains(&part.as_str()) && is_open(part));
    let said: Vec<_> = parts.filter_map(|part| Some((qa::said_in(document, &part)?, part))).collect();
    if said.is_empty() {
        return;
    }
    let title = match document.publication {
        Publication::HeldForReview => "Waits until nothing holds the brief",
        Publication::Published => "The brief says",
    };
    view::section(out, title, colour);
    for (said, part) in &said {
        view::entry(out, part, &view::value(&said.value));
        if let Some(suggestion) = suggested(part) {
            view::entry(out, "", &format!("the machine suggests (accept takes it): {}", view::value(&suggestion.value)));
            suggestion.evidence.iter().take(1).for_each(|one| view::quote(out, one, colour));
        }
    }
}

fn held_part(out: &mut String, part: &str, standing: &StandingBrief, contract: &Contract, colour: Colour) {
    let document = &standing.document;
    let said = qa::said_in(document, part);
    let sides: Vec<String> = document.brief.field(part).iter().flat_map(|answer| &answer.alternatives).map(view::value).collect();
    let text = match (&said, sides.is_empty()) {
        (Some(said), _) => view::value(&said.value),
        (None, false) => format!("conflict: {}", sides.join("  ≠  ")),
        (None, true) => "– (taken out by a check)".to_owned(),
    };
    view::entry(out, "it says", &text);
    for finding in about(&document.findings, part) {
        let severity = if finding.severity == Severity::Block { "block" } else { "warn" };
        view::entry(out, severity, &format!("{} [{}]", finding.message, finding.check));
    }
    let evidence: &[Evidence] = said.as_ref().map_or(&[], |said| &said.evidence);
    evidence.iter().take(3).for_each(|one| view::quote(out, one, colour));
    let field_type = qa::type_of_part(document, part, contract);
    let is_field = contract.field(part).is_some();
    if said.is_some() {
        let what = if is_field { "goes live as your value; no later run changes it" } else { "stands in this brief" };
        view::entry(out, "accept", what);
    }
    if let Some(field_type) = field_type {
        let what = if is_field { "goes live, and no later run changes it" } else { "stands instead" };
        view::entry(out, "edit", &format!("your own value {what}, for example {}", example(field_type)));
        view::entry(out, "reject", &rejecting(part, said.as_ref().map(|said| &said.value), standing, is_field));
    }
}

fn about<'a>(findings: &'a [Finding], part: &str) -> impl Iterator<Item = &'a Finding> {
    let is_about = move |finding: &&Finding| finding.field.as_deref() == Some(part);
    findings.iter().filter(is_about).filter(|finding| finding.severity > Severity::Info)
}

fn rejecting(part: &str, said: Option<&Value>, standing: &StandingBrief, is_field: bool) -> String {
    let live = standing.machine_values.get(part);
    match (is_field, live) {
        (true, Some(live)) if said.is_some_and(|said| says_the_same(said, live)) => {
            "not stated; the live value goes, and a later run that says the same does not bring it back".to_owned()
        }
        (true, Some(live)) => {
            format!("not stated; the live value ({}) stays until a newer brief is published", view::value(live))
        }
        (true, None) => "not stated; a later run that says the same does not bring it back".to_owned(),
        (false, _) if part == "headline" => "the title of the contract stands instead".to_owned(),
        (false, _) => "it is taken out".to_owned(),
    }
}

fn example(field_type: FieldType) -> &'static str {
    match field_type {
        FieldType::Text => "'They need 120 seats by June'",
        FieldType::Money => "'45000 EUR/year'",
        FieldType::Number => "'120 seats'",
        FieldType::Date => "2026-06-01",
        FieldType::Duration => "'6 weeks'",
        FieldType::Person => "'Ann Lee (CFO)'",
        FieldType::Choice => "one of its names (`baton contracts show`)",
        FieldType::List => "'Acme; Zenith'",
        FieldType::Commitment => "'Send the proposal' --who Dana --due 2026-05-12",
    }
}

/// Who decided what and when, oldest first.
fn decisions(out: &mut String, title: &str, decisions: &[Decision], colour: Colour) {
    if decisions.is_empty() {
        return;
    }
    view::section(out, title, colour);
    decisions.iter().for_each(|decision| view::decision(out, decision));
}

/// What a decision has done.
pub(super) fn outcome(write: &WriteBack, colour: Colour) -> String {
    let mut out = String::new();
    write.decisions().iter().for_each(|decision| view::decision(&mut out, decision));
    let document = write.document();
    if !write.human_values().is_empty() {
        let fields: Vec<&str> = write.human_values().keys().map(String::as_str).collect();
        view::entry(&mut out, "live as yours", &fields.join(", "));
    }
    if !write.retired().is_empty() {
        view::entry(&mut out, "no longer live", &write.retired().join(", "));
    }
    let others: Vec<&str> = write.live().keys().map(String::as_str).collect();
    match document.publication {
        Publication::Published => {
            view::line(&mut out, &colour.green("nothing holds the brief any more: it is published"));
            if !others.is_empty() {
                view::entry(&mut out, "live", &others.join(", "));
            }
        }
        Publication::HeldForReview => {
            let holding = holding_parts(document).join(", ");
            view::line(&mut out, &colour.yellow(&format!("still held by: {holding}")));
        }
    }
    out
}
