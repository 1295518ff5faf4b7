use std::collections::BTreeMap;

use super::super::cases::{contract, excerpt, handoff, human, provenance, right_brief};
use super::super::{acceptable_parts, plan_write, review};
use super::*;
use crate::domain::brief::{AxisLabel, Brief, Finding, Readiness, Severity};
use crate::domain::handoff::Handoff;

fn text(text: &str) -> Value {
    Value::Text { text: text.to_owned() }
}

fn seats(number: f64) -> Value {
    Value::Number { number, up_to: None, unit: Some("seats".to_owned()) }
}

fn dollars(amount: f64) -> Value {
    let (currency, period) = (Some("USD".to_owned()), Some(crate::domain::value::Period::Year));
    Value::Money { amount, up_to: None, currency, period }
}

/// The right brief with one thing changed, as it stands on its record.
fn standing(change: impl FnOnce(&mut Brief)) -> StandingBrief {
    let mut brief = right_brief();
    change(&mut brief);
    stood(brief, &handoff(BTreeMap::new()))
}

fn stood(brief: Brief, handoff: &Handoff) -> StandingBrief {
    let reviewed = review(brief, &excerpt(), &contract(), handoff);
    let write = plan_write(handoff, reviewed, Default::default(), provenance());
    let human_values = handoff.human_values.clone();
    let (event, document) = (write.event().clone(), write.document().clone());
    StandingBrief { event, document, version: 8, human_values, machine_values: LiveValues::new() }
}

/// Held by 150 seats, where the customer said 120.
fn held() -> StandingBrief {
    let held = standing(|brief| brief.fields[1].value = Some(seats(150.0)));
    assert_eq!(holding_parts(&held.document), ["seats"]);
    held
}

fn ruled(standing: StandingBrief, rulings: &[(&str, Says)]) -> Result<WriteBack, DecideError> {
    let decider = Decider { by: "lee".to_owned(), at: "2026-05-05T08:00:00Z".parse().unwrap(), note: None };
    let rulings: Vec<Ruling> =
        rulings.iter().map(|(part, says)| Ruling { part: (*part).to_owned(), says: says.clone() }).collect();
    decide(standing, &rulings, &decider, &contract())
}

/// What stands after a write, for the next decision or the next run.
fn after(write: &WriteBack) -> StandingBrief {
    let (event, document) = (write.event().clone(), write.document().clone());
    let human_values = write.human_values().clone();
    StandingBrief { event, document, version: 9, human_values, machine_values: write.live().clone() }
}

fn edit(value: Value) -> Says {
    Says::Edit(value)
}

#[test]
fn an_accepted_value_is_the_persons_and_publishes_what_it_alone_held() {
    let write = ruled(held(), &[("seats", Says::Accept)]).unwrap();
    assert_eq!(write.document().publication, Publication::Published);
    let answer = write.document().brief.field("seats").unwrap();
    assert_eq!((answer.origin, &answer.value, answer.evidence.len()), (Origin::Human, &Some(seats(150.0)), 1));
    assert_eq!(write.human_values()["seats"].by, "lee");
    assert!(!write.live().contains_key("seats") && write.live().contains_key("budget"));
    assert_eq!((write.expected_version(), write.retired().len()), (8, 0));
}

#[test]
fn an_edited_value_keeps_the_machines_beside_it_unless_a_check_blocked_that() {
    let write = ruled(held(), &[("seats", edit(seats(120.0))), ("pain", edit(text("Reports cost them Fridays")))]).unwrap();
    let brief = &write.document().brief;
    assert_eq!(brief.field("seats").unwrap().suggestion, None);
    let machine = brief.field("pain").unwrap().suggestion.as_ref().unwrap();
    assert_eq!(machine.value, text("They build reports by hand in Excel every week"));
    assert_eq!(write.decisions()[0].about.as_ref().map(|about| &about.value), Some(&machine.value), "the last field first");
    assert!(write.document().findings.iter().all(|finding| finding.field.as_deref() != Some("seats")));
}

#[test]
fn readiness_and_route_follow_what_a_person_writes() {
    let write = ruled(held(), &[("budget", edit(dollars(120_000.0))), ("timeline", Says::Reject)]).unwrap();
    let document = write.document();
    assert_eq!(document.route.as_deref(), Some("enterprise"));
    assert!(matches!(&document.readiness, Readiness::Blocked { reasons, .. } if *reasons == ["Ask for a date."]));
    assert_eq!(document.findings.iter().filter(|finding| finding.check == "rules_hold").count(), 1);
    assert_eq!((document.publication, write.live().len()), (Publication::HeldForReview, 0), "seats still hold it");
    assert_eq!(write.human_values().keys().collect::<Vec<_>>(), ["budget"], "live all the same");
}

#[test]
fn a_rejected_value_is_taken_from_the_live_values_if_it_stands_there() {
    let mut standing = held();
    standing.machine_values.insert("seats".to_owned(), seats(150.0));
    standing.machine_values.insert("pilot".to_owned(), seats(7.0));
    let write = ruled(standing, &[("seats", Says::Reject), ("pilot", Says::Reject)]).unwrap();
    assert_eq!(write.retired(), ["seats"], "what is live of the pilot is another value");
    assert!(!write.live().contains_key("seats") && !write.live().contains_key("pilot"));
}

#[test]
fn rejecting_a_conflict_rejects_both_sides() {
    let conflict = |brief: &mut Brief| {
        let budget = &mut brief.fields[0];
        (budget.status, budget.value, budget.alternatives) =
            (FieldStatus::Conflicting, None, vec![dollars(45_000.0), dollars(60_000.0)]);
    };
    let mut standing = standing(|_| ());
    conflict(&mut standing.document.brief);
    assert!(matches!(ruled(standing.clone(), &[("budget", Says::Accept)]), Err(DecideError::Conflict { .. })));
    let write = ruled(standing, &[("budget", Says::Reject)]).unwrap();
    let about: Vec<_> = write.decisions().iter().map(|one| one.about.clone().unwrap().value).collect();
    assert_eq!(about, [dollars(45_000.0), dollars(60_000.0)]);
    // The next run says one of them.
    let handoff = Handoff { decisions: write.decisions().to_vec(), ..handoff(BTreeMap::new()) };
    let next = stood(right_brief(), &handoff);
    assert_eq!(next.document.brief.field("budget").unwrap().status, FieldStatus::NotStated);
    assert_eq!(next.document.missing[0].name, "budget");
}

#[test]
fn a_promise_that_is_taken_out_moves_the_names_of_those_after_it() {
    let mut standing = standing(|brief| brief.commitments[1].due = Some(jiff::civil::date(2031, 1, 1)));
    assert_eq!(holding_parts(&standing.document), ["commitments[1]"]);
    let write = ruled(standing.clone(), &[("commitments[0]", Says::Reject)]).unwrap();
    assert_eq!((write.document().brief.commitments.len(), holding_parts(write.document())), (1, vec!["commitments[0]"]));
    assert_eq!(write.document().decisions[0].part, "commitments");
    // Both at once, in any order; and what was decided before keeps its place.
    let both = ruled(standing.clone(), &[("commitments[0]", Says::Reject), ("commitments[1]", Says::Reject)]).unwrap();
    assert_eq!((both.document().brief.commitments.len(), both.document().publication), (0, Publication::Published));
    standing = after(&ruled(standing, &[("commitments[1]", Says::Accept)]).unwrap());
    let write = ruled(standing, &[("commitments[0]", Says::Reject)]).unwrap();
    let parts: Vec<&str> = write.document().decisions.iter().map(|one| one.part.as_str()).collect();
    assert_eq!(parts, ["commitments[0]", "commitments"]);
}

#[test]
fn a_promise_a_question_and_the_headline_can_be_mended() {
    let promise = Value::Commitment { what: "Sign in June".to_owned(), who: None, due: Some(jiff::civil::date(2026, 6, 30)) };
    let write = ruled(held(), &[("commitments[1]", edit(promise)), ("headline", edit(text("They want 120 seats")))]).unwrap();
    let brief = &write.document().brief;
    let signed = &brief.commitments[1];
    assert_eq!((signed.what.as_str(), signed.who.as_deref()), ("Sign in June", Some("Ann Lee")), "who is left out stays");
    assert_eq!(brief.headline, "They want 120 seats");
    let write = ruled(held(), &[("headline", Says::Reject)]).unwrap();
    assert_eq!(write.document().brief.headline, contract().title);
}

#[test]
fn words_of_a_person_stand_where_the_machine_says_the_same_again() {
    let wrong = |brief: &mut Brief| {
        brief.headline = "Ann needs 150 seats".to_owned();
        brief.commitments[0].due = Some(jiff::civil::date(2031, 1, 1));
    };
    let held = standing(wrong);
    assert_eq!(holding_parts(&held.document), ["commitments[0]", "headline"]);
    let next = |write: &WriteBack| {
        let mut brief = right_brief();
        wrong(&mut brief);
        stood(brief, &Handoff { decisions: write.decisions().to_vec(), ..handoff(BTreeMap::new()) }).document
    };
    let accepted = next(&ruled(held.clone(), &[("headline", Says::Accept), ("commitments[0]", Says::Accept)]).unwrap());
    assert_eq!((accepted.publication, accepted.brief.headline.as_str()), (Publication::Published, "Ann needs 150 seats"));
    assert_eq!(accepted.decisions.len(), 2, "shown again");
    let rejected = next(&ruled(held.clone(), &[("headline", Says::Reject), ("commitments[0]", Says::Reject)]).unwrap());
    assert_eq!((rejected.publication, rejected.brief.headline.clone()), (Publication::Published, contract().title));
    assert_eq!(rejected.brief.commitments.len(), 1);
    assert_eq!(rejected.findings.iter().filter(|one| one.check == "rejected_values_stay_out").count(), 2);
    let promise = Value::Commitment { what: "Send the form".to_owned(), who: None, due: None };
    let rulings = [("headline", edit(text("Ann needs 120 seats"))), ("commitments[0]", edit(promise))];
    let edited = next(&ruled(held.clone(), &rulings).unwrap());
    assert_eq!((edited.publication, edited.brief.headline.as_str()), (Publication::Published, "Ann needs 120 seats"));
    assert_eq!((edited.brief.commitments[0].what.as_str(), edited.brief.commitments[0].due), ("Send the form", None));
    // Other words are another headline; another person's promise is another promise.
    let mut brief = right_brief();
    brief.headline = "Ann may need 150 seats".to_owned();
    brief.commitments[0].who = Some("Dana Cole".to_owned());
    let write = ruled(held, &[("headline", Says::Accept), ("commitments[0]", Says::Reject)]).unwrap();
    let other = stood(brief, &Handoff { decisions: write.decisions().to_vec(), ..handoff(BTreeMap::new()) }).document;
    assert_eq!((holding_parts(&other).contains(&"headline"), other.brief.commitments.len()), (true, 2));
}

#[test]
fn a_finding_about_nothing_in_the_brief_can_only_be_accepted() {
    let mut standing = standing(|_| ());
    let (check, message) = ("some_new_check".to_owned(), "m".to_owned());
    standing.document.findings.push(Finding { check, severity: Severity::Block, field: None, message });
    assert_eq!(acceptable_parts(&standing.document).last().map(String::as_str), Some("some_new_check"));
    let refused = ruled(standing.clone(), &[("some_new_check", Says::Reject)]);
    assert!(matches!(refused, Err(DecideError::FindingOnly { .. })));
    let write = ruled(standing, &[("some_new_check", Says::Accept)]).unwrap();
    assert_eq!(write.document().publication, Publication::Published);
}

#[test]
fn accepting_everything_leaves_nothing_to_accept() {
    let held = held();
    let all: Vec<(&str, Says)> = vec![];
    let parts = acceptable_parts(&held.document);
    let all: Vec<(&str, Says)> = parts.iter().map(|part| (part.as_str(), Says::Accept)).chain(all).collect();
    let write = ruled(held, &all).unwrap();
    assert_eq!(write.document().publication, Publication::Published);
    assert_eq!((write.live().len(), write.human_values().len()), (0, right_brief().fields.len()));
    assert_eq!(acceptable_parts(write.document()), [""; 0]);
}

#[test]
fn what_cannot_be_decided_is_refused_as_a_whole() {
    let person = stood(right_brief(), &handoff(human("pain", text("Fridays"))));
    let unstated = standing(|brief| (brief.fields[7].status, brief.fields[7].value) = (FieldStatus::NotStated, None));
    let choice = |name: &str| edit(Value::Choice { choice: name.to_owned() });
    for (standing, part, says, words) in [
        (held(), "seets", Says::Accept, "it has: headline, budget, seats"),
        (held(), "commitments[2]", Says::Accept, "the brief has no part"),
        (unstated.clone(), "pain", Says::Accept, "could be accepted"),
        (unstated, "pain", Says::Reject, "could be rejected"),
        (held(), "seats", edit(text("many")), "a value of the type `number`"),
        (held(), "consent", choice("maybe"), "it has: given, refused"),
        (held(), "urgency", choice("medium"), "it has: high, low"),
        (after(&ruled(person, &[("pain", Says::Accept)]).unwrap()), "pain", Says::Accept, "a value of lee already"),
    ] {
        let error = ruled(standing, &[("budget", Says::Accept), (part, says)]).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn the_next_run_respects_what_was_decided_and_says_so() {
    let write = ruled(held(), &[("seats", Says::Reject), ("urgency", Says::Reject), ("pain", Says::Accept)]).unwrap();
    let handoff = Handoff { decisions: write.decisions().to_vec(), ..handoff(write.human_values().clone()) };
    let mut brief = right_brief();
    brief.fields[1].value = Some(seats(150.0));
    let next = stood(brief, &handoff).document;
    assert_eq!((next.publication, next.brief.field("seats").unwrap().value.as_ref()), (Publication::Published, None));
    assert_eq!(next.brief.axis("urgency").unwrap().label, AxisLabel::None);
    let again: Vec<_> = next.findings.iter().filter(|one| one.check == "rejected_values_stay_out").collect();
    assert!(again.len() == 2 && again.iter().all(|one| one.severity == Severity::Info), "{again:?}");
    let shown: Vec<_> = next.decisions.iter().map(|one| (one.part.as_str(), one.verdict)).collect();
    assert_eq!(shown, [("seats", Verdict::Rejected), ("pain", Verdict::Accepted), ("urgency", Verdict::Rejected)]);
    // Of another kind: its axes are its own, its fields are the record's.
    let decisions = handoff.decisions.iter().map(|one| Decision { kind: "other".to_owned(), ..one.clone() }).collect();
    let mut brief = right_brief();
    brief.fields[1].value = Some(seats(150.0));
    let other = stood(brief, &Handoff { decisions, ..handoff }).document;
    assert_eq!(other.brief.field("seats").unwrap().status, FieldStatus::NotStated);
    assert_eq!(other.brief.axis("urgency").unwrap().label, AxisLabel::Label("high".to_owned()));
}

#[test]
fn a_rejected_value_is_not_even_suggested_beside_a_persons() {
    let people = human("seats", seats(77.0));
    let mut standing = stood(right_brief(), &handoff(people.clone()));
    assert_eq!(standing.document.brief.field("seats").unwrap().suggestion.as_ref().unwrap().value, seats(120.0));
    standing.human_values = people.clone();
    let write = ruled(standing, &[("seats", Says::Reject)]).unwrap();
    assert_eq!(write.document().brief.field("seats").unwrap().value, Some(seats(77.0)), "the person's value stands");
    let next = stood(right_brief(), &Handoff { decisions: write.decisions().to_vec(), ..handoff(people) });
    assert_eq!(next.document.brief.field("seats").unwrap().suggestion, None);
}

#[test]
fn a_plan_from_before_a_rejection_does_not_make_it_live() {
    let write = ruled(standing(|_| ()), &[("seats", Says::Reject)]).unwrap();
    let reviewed = review(right_brief(), &excerpt(), &contract(), &BTreeMap::new());
    let handoff = Handoff { decisions: write.decisions().to_vec(), ..handoff(BTreeMap::new()) };
    let late = plan_write(&handoff, reviewed, Default::default(), provenance());
    assert!(!late.live().contains_key("seats") && late.live().contains_key("budget"));
}
