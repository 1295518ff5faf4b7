//! What people decided about parts of briefs, and what of it holds for later briefs.
//!
//! A part is named as findings name it: a field or an axis by its name, `headline`, `commitments[0]`,
//! `open_questions[0]`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::brief::{BriefDocument, Evidence, LiveValues, Severity, Suggestion};
use super::event::HandoffEvent;
use super::handoff::HumanValue;
use super::value::Value;

/// A person's decision about one part of one brief. Never changed afterwards: another decision may follow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Decision {
    /// The kind of handoff whose brief it was made on.
    pub kind: String,
    /// The part it is about. A promise or question that was taken out no longer has a number: `commitments`.
    pub part: String,
    pub verdict: Verdict,
    /// What the machine had written there: labels as `choice`, promises as `commitment`, other words as `text`.
    /// `None`: nothing, or the checks had taken it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Suggestion>,
    /// What stands there since. `None`: rejected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// Who decided, as they named themselves.
    pub by: String,
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub at: Timestamp,
    /// Why, in the person's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// How a person decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The person stands behind what the machine wrote.
    Accepted,
    /// The person wrote something else.
    Edited,
    /// The person took it out.
    Rejected,
}

/// The newest brief of a record and kind, with all that a decision on it must know.
#[derive(Debug, Clone, PartialEq)]
pub struct StandingBrief {
    /// The event it was written for, without its sources' contents.
    pub event: HandoffEvent,
    pub document: BriefDocument,
    /// Version of the record: a decision is written only while it is current.
    pub version: i64,
    /// Live values that people own.
    pub human_values: BTreeMap<String, HumanValue>,
    /// Live values of the machine.
    pub machine_values: LiveValues,
}

impl Decision {
    /// Whether what the decision was about says the same as this value.
    fn was_about(&self, value: &Value, evidence: &[Evidence]) -> bool {
        let Some(about) = &self.about else { return false };
        says_the_same(&about.value, value) || is_free_text(&about.value, value) && is_drawn_from(evidence, &about.evidence)
    }
}

/// The rejection that keeps this value of a field or axis out. `decisions`: oldest first; the last one about the value
/// counts.
///
/// Numbers, days, names and labels are the same if they are equal. Free text is the same if its words are, or if it has
/// no other evidence than what was rejected: a model seldom words a thing twice alike.
pub fn rejection<'a>(decisions: &'a [Decision], part: &str, value: &Value, evidence: &[Evidence]) -> Option<&'a Decision> {
    let about_part = decisions.iter().rev().filter(|decision| decision.part == part);
    for decision in about_part {
        match decision.verdict {
            Verdict::Rejected if decision.was_about(value, evidence) => return Some(decision),
            Verdict::Accepted | Verdict::Edited if decision.value.as_ref().is_some_and(|v| says_the_same(v, value)) => {
                return None;
            }
            Verdict::Rejected | Verdict::Accepted | Verdict::Edited => {}
        }
    }
    None
}

/// The last decision about a headline, a promise or a question with these words: one that accepted or wrote them, or that
/// edited or rejected what was as good as them. `list`: `headline`, `commitments`, `open_questions`.
pub fn last_word<'a>(decisions: &'a [Decision], list: &str, value: &Value, evidence: &[Evidence]) -> Option<&'a Decision> {
    let of_list = decisions.iter().rev().filter(|one| one.part.split('[').next() == Some(list));
    let wrote = |one: &Decision| one.value.as_ref().is_some_and(|written| says_the_same(written, value));
    let is_it = |one: &&Decision| match one.verdict {
        Verdict::Accepted => wrote(one),
        Verdict::Edited => wrote(one) || one.was_about(value, evidence),
        Verdict::Rejected => one.was_about(value, evidence),
    };
    of_list.into_iter().find(is_it)
}

/// The last decision about a part. `decisions`: oldest first.
pub fn last_about<'a>(decisions: &'a [Decision], part: &str) -> Option<&'a Decision> {
    decisions.iter().rev().find(|decision| decision.part == part)
}

/// The parts whose blocking findings hold a brief back, in the order of the findings.
pub fn holding_parts(document: &BriefDocument) -> Vec<&str> {
    let mut parts: Vec<&str> = Vec::new();
    for finding in document.findings.iter().filter(|finding| finding.severity == Severity::Block) {
        let part = finding.field.as_deref().unwrap_or(&finding.check);
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    parts
}

/// Whether two values say the same, however they were written.
pub fn says_the_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Text { text: a }, Value::Text { text: b }) => words(a) == words(b),
        // The words that said the day may differ.
        (Value::Date { date: a, .. }, Value::Date { date: b, .. }) => a == b,
        (Value::Number { number: a, up_to: a_to, unit: a_unit }, Value::Number { number: b, up_to: b_to, unit: b_unit }) => {
            a == b && a_to == b_to && a_unit.as_deref().map(words) == b_unit.as_deref().map(words)
        }
        (Value::Person { name: a, .. }, Value::Person { name: b, .. }) => words(a) == words(b),
        (Value::List { items: a }, Value::List { items: b }) => all_words(a) == all_words(b),
        (Value::Commitment { what: a, who: a_who, due: a_due }, Value::Commitment { what: b, who: b_who, due: b_due }) => {
            words(a) == words(b) && a_due == b_due && may_be_the_same(a_who.as_deref(), b_who.as_deref())
        }
        _ => a == b,
    }
}

/// Whether both say something in words of their own; two promises only if one person may have made both.
fn is_free_text(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Text { .. }, Value::Text { .. }) | (Value::List { .. }, Value::List { .. }) => true,
        (Value::Commitment { who: a, .. }, Value::Commitment { who: b, .. }) => may_be_the_same(a.as_deref(), b.as_deref()),
        _ => false,
    }
}

/// "Dana" may be "Dana Whitlock", and nobody who was named anybody.
fn may_be_the_same(a: Option<&str>, b: Option<&str>) -> bool {
    let (Some(a), Some(b)) = (a.map(words), b.map(words)) else { return true };
    a.contains(&b) || b.contains(&a)
}

/// Whether every quote of `evidence` was among `earlier`.
fn is_drawn_from(evidence: &[Evidence], earlier: &[Evidence]) -> bool {
    let is_known = |quote: &str| earlier.iter().any(|one| words(&one.quote).contains(&words(quote)));
    !evidence.is_empty() && evidence.iter().all(|one| is_known(&one.quote))
}

/// Words in small letters, single blanks between them: what is left when case, punctuation and spacing do not count.
fn words(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").to_lowercase()
}

fn all_words(items: &[String]) -> Vec<String> {
    let mut all: Vec<String> = items.iter().map(|item| words(item)).collect();
    all.sort();
    all
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{Decision, Verdict, rejection, says_the_same};
    use crate::domain::brief::{Evidence, Suggestion};
    use crate::domain::event::Side;
    use crate::domain::value::Value;

    fn quoted(quote: &str) -> Vec<Evidence> {
        let (source, quote) = ("call-1".to_owned(), quote.to_owned());
        vec![Evidence { source, unit: 1, quote, span: None, original: None, speaker: None, side: Side::Unknown, at: None }]
    }

    fn decided(verdict: Verdict, about: Value, quote: &str, value: Option<Value>) -> Decision {
        Decision {
            kind: "k".to_owned(),
            part: "pain".to_owned(),
            verdict,
            about: Some(Suggestion { value: about, evidence: quoted(quote) }),
            value,
            by: "lee".to_owned(),
            at: jiff::Timestamp::UNIX_EPOCH,
            note: None,
        }
    }

    fn text(text: &str) -> Value {
        Value::Text { text: text.to_owned() }
    }

    fn seats(number: f64) -> Value {
        Value::Number { number, up_to: None, unit: Some("Seats".to_owned()) }
    }

    #[test]
    fn writing_does_not_count_and_content_does() {
        let day = |said: &str| Value::Date { date: date(2026, 6, 15), said: said.to_owned() };
        assert!(says_the_same(&text("Manual  reporting."), &text("manual reporting")));
        assert!(says_the_same(&day("June 15th"), &day("mid June")));
        assert!(says_the_same(&seats(120.0), &Value::Number { number: 120.0, up_to: None, unit: Some("seats".to_owned()) }));
        assert!(!says_the_same(&seats(120.0), &seats(12.0)));
        assert!(!says_the_same(&text("reporting"), &text("no reporting")));
        assert!(!says_the_same(&text("120"), &seats(120.0)));
        let promise =
            |who: Option<&str>| Value::Commitment { what: "Send it".to_owned(), who: who.map(str::to_owned), due: None };
        assert!(says_the_same(&promise(Some("Dana")), &promise(Some("Dana Whitlock"))));
        assert!(!says_the_same(&promise(Some("Dana")), &promise(Some("Karen"))));
    }

    #[test]
    fn a_number_is_kept_out_by_its_value_whatever_is_quoted_for_it() {
        let decisions = [decided(Verdict::Rejected, seats(100.0), "a hundred seats", None)];
        assert!(rejection(&decisions, "pain", &seats(100.0), &quoted("100 seats, as I said")).is_some());
        assert!(rejection(&decisions, "pain", &seats(120.0), &quoted("a hundred seats")).is_none());
        assert!(rejection(&decisions, "seats", &seats(100.0), &[]).is_none(), "another field");
    }

    #[test]
    fn free_text_in_other_words_needs_other_evidence() {
        let decisions = [decided(Verdict::Rejected, text("Reporting by hand"), "We build reports, by hand, in Excel", None)];
        assert!(rejection(&decisions, "pain", &text("They report manually"), &quoted("build reports by hand")).is_some());
        assert!(rejection(&decisions, "pain", &text("They report manually"), &quoted("Excel eats our Fridays")).is_none());
        assert!(rejection(&decisions, "pain", &text("They report manually"), &[]).is_none());
    }

    #[test]
    fn the_last_decision_about_a_value_counts() {
        let mut decisions = vec![decided(Verdict::Rejected, seats(100.0), "q", None)];
        decisions.push(decided(Verdict::Accepted, seats(100.0), "q", Some(seats(100.0))));
        assert!(rejection(&decisions, "pain", &seats(100.0), &[]).is_none());
        decisions.push(decided(Verdict::Rejected, seats(100.0), "q", None));
        assert!(rejection(&decisions, "pain", &seats(100.0), &[]).is_some());
        decisions.push(decided(Verdict::Edited, seats(100.0), "q", Some(seats(7.0))));
        assert!(rejection(&decisions, "pain", &seats(100.0), &[]).is_some(), "another value is no acceptance of this one");
    }
}
