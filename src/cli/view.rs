//! A brief for people: readiness and what is missing first, then each answer with its quote and place, findings last.

use std::fmt::Write as _;

use jiff::Timestamp;

use crate::context::visible;
use crate::domain::brief::{
    AskWhom, AxisLabel, BriefDocument, Commitment, Confidence, Evidence, FieldAnswer, FieldStatus, Finding, Firmness, Origin,
    Publication, Readiness, Severity,
};
use crate::domain::decision::{Decision, Verdict};
use crate::domain::event::Side;
use crate::domain::value::{Period, Value};

/// Columns of text; terminals wider than this are not used wider.
const WIDTH: usize = 100;
/// Where values begin.
const INDENT: usize = 24;

/// Whether the output is a terminal that shows colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    On,
    Off,
}

impl Colour {
    /// On for a terminal, unless `NO_COLOR` is set (no-color.org).
    pub fn of_stdout() -> Self {
        let wanted = std::io::IsTerminal::is_terminal(&std::io::stdout()) && std::env::var_os("NO_COLOR").is_none();
        if wanted { Self::On } else { Self::Off }
    }

    fn paint(self, code: &str, text: &str) -> String {
        match self {
            Self::On => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            Self::Off => text.to_owned(),
        }
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    pub(super) fn dim(self, text: &str) -> String {
        self.paint("2", text)
    }

    pub(super) fn red(self, text: &str) -> String {
        self.paint("1;31", text)
    }

    pub(super) fn green(self, text: &str) -> String {
        self.paint("1;32", text)
    }

    pub(super) fn yellow(self, text: &str) -> String {
        self.paint("1;33", text)
    }
}

/// The whole brief as text that ends with a line break.
pub fn brief(document: &BriefDocument, title: &str, colour: Colour) -> String {
    let mut out = String::new();
    head(&mut out, document, title, colour);
    verdict(&mut out, document, colour);
    section(&mut out, "Answers", colour);
    document
        .brief
        .fields
        .iter()
        .filter(|answer| answer.status != FieldStatus::NotStated)
        .for_each(|answer| field(&mut out, answer, colour));
    not_stated(&mut out, document);
    axes(&mut out, document, colour);
    if !document.brief.commitments.is_empty() {
        section(&mut out, "Promises", colour);
        document.brief.commitments.iter().for_each(|promise| commitment(&mut out, promise, colour));
    }
    if !document.brief.open_questions.is_empty() {
        section(&mut out, "Open questions", colour);
        for open in &document.brief.open_questions {
            entry(&mut out, "", &open.question);
            open.evidence.iter().take(1).for_each(|evidence| place_only(&mut out, evidence, colour));
        }
    }
    if !document.decisions.is_empty() {
        section(&mut out, "Decided by people", colour);
        document.decisions.iter().for_each(|decided| decision(&mut out, decided));
    }
    findings(&mut out, &document.findings, colour);
    foot(&mut out, document, colour);
    out
}

fn head(out: &mut String, document: &BriefDocument, title: &str, colour: Colour) {
    let name = document.record.name.as_deref().unwrap_or(&document.record.id);
    line(out, &colour.bold(&visible(name)));
    let owner = format!("{title} · {} {} · {}", document.record.record_type, document.record.id, time(document.event_time));
    line(out, &colour.dim(&visible(&owner)));
    out.push('\n');
    wrapped(out, &visible(&document.brief.headline), 2, WIDTH);
    out.push('\n');
}

fn verdict(out: &mut String, document: &BriefDocument, colour: Colour) {
    match &document.readiness {
        Readiness::Ready => line(out, &colour.green("✓ READY")),
        Readiness::Incomplete => line(out, &colour.yellow(&format!("○ INCOMPLETE: {}", count(document.missing.len(), "answer")))),
        Readiness::Blocked { reasons, grounds } => {
            line(out, &colour.red("✗ BLOCKED"));
            for (index, reason) in reasons.iter().enumerate() {
                entry(out, "", reason);
                grounds.get(index).into_iter().flat_map(|ground| &ground.evidence).for_each(|said| quote(out, said, colour));
            }
        }
    }
    if document.publication == Publication::HeldForReview {
        line(out, &colour.red("  held for review: a blocking finding stands, none of its machine values is live"));
        let record = &document.record;
        let hint = format!("baton review show {}/{} --kind {}", record.record_type, record.id, document.kind);
        line(out, &colour.dim(&format!("  {}", visible(&hint))));
    }
    for missing in &document.missing {
        let whom = match missing.ask {
            AskWhom::Customer => "ask the customer",
            AskWhom::PreviousOwner => "ask the previous owner",
        };
        entry(out, &missing.name, &format!("{whom}: {}", missing.question));
    }
    if let Some(route) = &document.route {
        entry(out, "route to", route);
    }
}

fn field(out: &mut String, answer: &FieldAnswer, colour: Colour) {
    let mark = match (answer.origin, answer.confidence) {
        (Origin::Human, _) => "  [a person's value]",
        (Origin::Machine, Confidence::High) => "",
        (Origin::Machine, Confidence::Medium) => "  [medium confidence]",
        (Origin::Machine, Confidence::Low) => "  [low confidence]",
    };
    match (&answer.value, answer.status) {
        (_, FieldStatus::Conflicting) => {
            let sides: Vec<String> = answer.alternatives.iter().map(value).collect();
            entry(out, &answer.name, &format!("CONFLICT: {}", sides.join("  ≠  ")));
        }
        (Some(stated), _) => {
            let stale = if answer.stale { "  [stale: ask again]" } else { "" };
            entry(out, &answer.name, &format!("{}{mark}{stale}", value(stated)));
        }
        (None, _) => entry(out, &answer.name, "–"),
    }
    if answer.origin == Origin::Machine {
        let said = answer.value.as_ref().map(value).unwrap_or_default();
        let mut last_place = String::new();
        for evidence in answer.evidence.iter().take(3) {
            let place = place(evidence);
            // A value in the source's own words need not be quoted again, nor its place be named twice.
            match said.contains(one_line(&evidence.quote).as_str()) {
                false => quote(out, evidence, colour),
                true if place == last_place => {}
                true => place_only(out, evidence, colour),
            }
            last_place = place;
        }
    }
    if let Some(suggestion) = &answer.suggestion {
        entry(out, "", &format!("the sources say instead: {}", value(&suggestion.value)));
        suggestion.evidence.iter().take(1).for_each(|evidence| quote(out, evidence, colour));
    }
}

fn not_stated(out: &mut String, document: &BriefDocument) {
    let unstated = document.brief.fields.iter().filter(|answer| answer.status == FieldStatus::NotStated);
    let names: Vec<&str> = unstated.map(|answer| answer.name.as_str()).collect();
    if !names.is_empty() {
        entry(out, "not stated", &names.join(", "));
    }
}

fn axes(out: &mut String, document: &BriefDocument, colour: Colour) {
    if document.brief.axes.is_empty() {
        return;
    }
    section(out, "Categories", colour);
    for axis in &document.brief.axes {
        let label = match &axis.label {
            AxisLabel::Label(name) => name.as_str(),
            AxisLabel::None => "–",
            AxisLabel::Failed => "– (the label did not survive the checks)",
        };
        entry(out, &axis.name, label);
        axis.evidence.iter().take(1).for_each(|evidence| quote(out, evidence, colour));
    }
}

fn commitment(out: &mut String, promise: &Commitment, colour: Colour) {
    let firmness = match promise.firmness {
        Firmness::Firm => "",
        Firmness::Hedged => ", hedged",
        Firmness::Implied => ", implied",
    };
    let who = promise.who.as_deref().unwrap_or("somebody");
    let due = promise.due.map(|due| format!(" (by {due})")).unwrap_or_default();
    entry(out, &format!("{}{firmness}", side(promise.side)), &format!("{who}: {}{due}", promise.what));
    promise.evidence.iter().take(1).for_each(|evidence| place_only(out, evidence, colour));
}

/// Who decided what and when.
pub(super) fn decision(out: &mut String, decision: &Decision) {
    let said = |value: Option<&Value>| value.map_or("nothing".to_owned(), self::value);
    let about = decision.about.as_ref().map(|about| &about.value);
    let what = match decision.verdict {
        Verdict::Accepted => format!("accepted: {}", said(decision.value.as_ref())),
        Verdict::Rejected => format!("rejected: {}", said(about)),
        Verdict::Edited => format!("{}, instead of {}", said(decision.value.as_ref()), said(about)),
    };
    let note = decision.note.as_deref().map(|note| format!(" – {note}")).unwrap_or_default();
    entry(out, &decision.part, &format!("{what} ({}, {}){note}", decision.by, time(decision.at)));
}

fn findings(out: &mut String, findings: &[Finding], colour: Colour) {
    // What is missing stands at the top already, with whom to ask.
    let mut ordered: Vec<&Finding> = findings.iter().filter(|finding| finding.check != "required_fields_are_stated").collect();
    if ordered.is_empty() {
        return;
    }
    section(out, "Findings", colour);
    ordered.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    for finding in ordered {
        let severity = match finding.severity {
            Severity::Block => "block",
            Severity::Warn => "warn",
            Severity::Info => "info",
        };
        let about = finding.field.as_deref().map(|field| format!("{field}: ")).unwrap_or_default();
        entry(out, severity, &format!("{about}{} [{}]", finding.message, finding.check));
    }
}

fn foot(out: &mut String, document: &BriefDocument, colour: Colour) {
    let coverage = &document.coverage;
    let about = if coverage.tokens_exact { "" } else { "about " };
    let read = format!(
        "read {} in {}, {about}{} of {} tokens{}",
        count(coverage.units_kept, "unit"),
        count(coverage.sources.len(), "source"),
        coverage.tokens_kept,
        coverage.tokens_original,
        if coverage.units_cut == 0 {
            String::new()
        } else {
            format!("; {} cut for the budget", count(coverage.units_cut, "unit"))
        },
    );
    let by = &document.provenance;
    let cost = by.cost_usd.map_or("unknown cost".to_owned(), |usd| format!("{usd:.4} USD"));
    let made = format!(
        "written by {} ({}), {}, contract version {}, {} tokens, {cost}, stamp {}",
        by.engine,
        by.model,
        by.prompt,
        by.contract_version,
        by.usage.prompt_tokens + by.usage.completion_tokens,
        by.stamp.0.get(..12).unwrap_or(&by.stamp.0),
    );
    out.push('\n');
    line(out, &colour.dim(&read));
    if let Some(picks) = &coverage.picks {
        let picked = format!(
            "picked {} from {} of {} ({})",
            count(picks.units_picked, "unit"),
            picks.chunks_picked,
            count(picks.chunks, "chunk"),
            picks.prompt
        );
        let lines = [picked].into_iter().chain(picks.notes.iter().cloned()).collect::<Vec<_>>();
        wrapped(out, &colour.dim(&lines.join("; ")), 0, WIDTH);
    }
    for source in coverage.sources.iter().filter(|source| !source.left_out.is_empty()) {
        wrapped(out, &colour.dim(&visible(&format!("left out of {}: {}", source.id, source.left_out.join("; ")))), 0, WIDTH);
    }
    line(out, &colour.dim(&made));
    if let Some(judge) = &by.judge {
        let judged = format!("{} found {} of {} supported", judge.prompt, judge.supported, count(judge.claims, "claim"));
        line(out, &colour.dim(&judged));
    }
}

pub(super) fn quote(out: &mut String, evidence: &Evidence, colour: Colour) {
    for text in wrap(&format!("“{}” {}", one_line(&evidence.quote), place(evidence)), WIDTH - INDENT - 2) {
        line(out, &format!("{:INDENT$}{}", "", colour.dim(&text)));
    }
}

fn one_line(text: &str) -> String {
    visible(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn place_only(out: &mut String, evidence: &Evidence, colour: Colour) {
    line(out, &format!("{:INDENT$}{}", "", colour.dim(&place(evidence))));
}

/// Who said it, where, when.
fn place(evidence: &Evidence) -> String {
    let speaker = visible(evidence.speaker.as_deref().unwrap_or("no speaker")).into_owned();
    let at = evidence.at.map(|at| format!(", {}", time(at))).unwrap_or_default();
    format!("({speaker}, {}; {} unit {}{at})", side(evidence.side), evidence.source, evidence.unit)
}

fn side(side: Side) -> &'static str {
    match side {
        Side::Customer => "customer",
        Side::Ours => "ours",
        Side::Unknown => "side unknown",
    }
}

/// A value as people write it.
pub fn value(value: &Value) -> String {
    let range = |from: f64, to: Option<f64>| match to {
        Some(to) => format!("{} to {}", number(from), number(to)),
        None => number(from),
    };
    match value {
        Value::Text { text } => text.clone(),
        Value::Money { amount, up_to, currency, period } => {
            let currency = currency.as_deref().map(|code| format!(" {code}")).unwrap_or_default();
            format!("{}{currency}{}", range(*amount, *up_to), period.map(period_name).unwrap_or_default())
        }
        Value::Number { number, up_to, unit } => {
            let unit = unit.as_deref().map(|unit| format!(" {unit}")).unwrap_or_default();
            format!("{}{unit}", range(*number, *up_to))
        }
        Value::Date { date, said } => format!("{date} (“{}”)", said.trim()),
        Value::Duration { amount, up_to, unit } => format!("{} {}", range(*amount, *up_to), unit.plural()),
        Value::Person { name, role } => role.as_deref().map_or(name.clone(), |role| format!("{name}, {role}")),
        Value::Choice { choice } => choice.clone(),
        Value::List { items } => items.join(" · "),
        Value::Commitment { what, who, due } => {
            let who = who.as_deref().map(|who| format!("{who}: ")).unwrap_or_default();
            let due = due.map(|due| format!(" (by {due})")).unwrap_or_default();
            format!("{who}{what}{due}")
        }
    }
}

fn period_name(period: Period) -> &'static str {
    match period {
        Period::Once => " once",
        Period::Day => " a day",
        Period::Month => " a month",
        Period::Quarter => " a quarter",
        Period::Year => " a year",
    }
}

/// With separators between thousands, and no decimals that say nothing.
fn number(number: f64) -> String {
    let text = format!("{number}");
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), None), |(whole, rest)| (whole, Some(rest)));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) && whole.as_bytes()[index - 1].is_ascii_digit() {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    rest.map_or(grouped.clone(), |rest| format!("{grouped}.{rest}"))
}

fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

pub(super) fn section(out: &mut String, title: &str, colour: Colour) {
    out.push('\n');
    line(out, &colour.bold(title));
}

/// A name on the left, text that keeps its indent on the right.
pub(super) fn entry(out: &mut String, name: &str, text: &str) {
    let text = visible(text);
    for (index, part) in wrap(&text, WIDTH - INDENT).iter().enumerate() {
        let left = if index == 0 { name } else { "" };
        let width = INDENT - 3;
        line(out, &format!("  {left:width$} {part}"));
    }
}

fn wrapped(out: &mut String, text: &str, indent: usize, width: usize) {
    wrap(text, width - indent).iter().for_each(|part| line(out, &format!("{:indent$}{part}", "")));
}

pub(super) fn line(out: &mut String, text: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{}", text.trim_end());
}

/// Breaks at white space. A word longer than the width stands alone.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > width {
            lines.push(String::new());
            used = 0;
        }
        if let Some(last) = lines.last_mut() {
            if used > 0 {
                last.push(' ');
                used += 1;
            }
            last.push_str(word);
            used += length;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{number, wrap};

    #[test]
    fn numbers_read_well() {
        for (given, expected) in
            [(45000.0, "45,000"), (1234567.5, "1,234,567.5"), (120.0, "120"), (-1500.0, "-1,500"), (0.05, "0.05")]
        {
            assert_eq!(number(given), expected);
        }
    }

    #[test]
    fn long_text_is_broken_at_spaces() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("", 7), [""]);
    }
}
