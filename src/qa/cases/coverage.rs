//! `important_parts_are_covered`: what nothing in the brief mentions.

use super::*;

/// What is said to be missing of these turns after the conversation of the right brief, with its severity.
fn missing(more: Vec<Unit>) -> Vec<(Severity, String)> {
    missing_with(more, |_, _| {})
}

fn missing_with(more: Vec<Unit>, change: impl FnOnce(&Excerpt, &mut Brief)) -> Vec<(Severity, String)> {
    let excerpt = with_turns(more);
    let mut brief = right_brief();
    change(&excerpt, &mut brief);
    let reviewed = review(brief, &excerpt, &contract(), &BTreeMap::new());
    let found = reviewed.findings().iter().filter(|one| one.check == "important_parts_are_covered");
    found
        .map(|one| (one.severity, one.message.split(" has ").nth(1).unwrap().replace(" that the brief does not mention", "")))
        .collect()
}

fn customer(text: &str) -> Unit {
    turn("Ann Lee", Side::Customer, text)
}

fn ours(text: &str) -> Unit {
    turn("Dana Cole", Side::Ours, text)
}

fn one(severity: Severity, what: &str) -> Vec<(Severity, String)> {
    vec![(severity, what.to_owned())]
}

#[test]
fn a_firm_promise_without_a_day_is_noted_once_nothing_speaks_of_it() {
    let promise = "We will migrate all old invoices for you free of charge.";
    assert_eq!(missing(vec![ours(promise)]), one(Info, "a promise"));
    assert_eq!(missing(vec![customer("I'll bring our warehouse manager to the next meeting.")]), one(Info, "a promise"));
    let spoken_of = missing_with(vec![ours("About your invoices."), ours(promise)], |excerpt, brief| {
        let evidence = vec![excerpt.evidence(8, "About your invoices.")];
        brief.commitments.push(promise_of("Migrate the old invoices", evidence));
    });
    assert_eq!(spoken_of, []);
    for harmless in [
        "If you sign we will migrate all old invoices for you.",
        "We will see how the invoices arrive over time.",
        "We might migrate all old invoices for you.",
        "I'll be plain: the invoices are a mess over here.",
    ] {
        assert_eq!(missing(vec![ours(harmless)]), [], "{harmless}");
    }
    assert_eq!(missing(vec![note("We will migrate all old invoices for them.")]), [], "a note does not say who promises");
}

fn promise_of(what: &str, evidence: Vec<Evidence>) -> Commitment {
    promise(Some("Dana Cole"), Side::Ours, what, Firmness::Firm, evidence)
}

#[test]
fn a_dated_promise_that_is_not_there_is_worth_a_warning() {
    assert_eq!(missing(vec![ours("We will migrate all old invoices by May 28th.")]), one(Warn, "a dated promise"));
    assert_eq!(missing(vec![ours("The fair is on May 28th.")]), one(Info, "a day"));
    assert_eq!(missing(vec![ours("It is May 4th today.")]), [], "the day of the call is no news");
}

#[test]
fn the_same_day_or_amount_is_told_once() {
    assert_eq!(missing(vec![ours("The fair is on May 28th."), ours("May 28th, as I said.")]), one(Info, "a day"));
    let twice = vec![customer("The old tool costs $30,000."), customer("So $30,000 for a tool.")];
    assert_eq!(missing(twice), one(Warn, "an amount of money"));
}

#[test]
fn an_objection_that_is_not_there_is_noted() {
    let objection = "Honestly, I'm not convinced that the warehouse scanners will cope.";
    assert_eq!(missing(vec![customer(objection)]), one(Info, "an objection"));
    assert_eq!(missing(vec![ours(objection)]), [], "our own doubts are no objection");
    assert_eq!(missing(vec![customer("We have no concerns about the warehouse scanners.")]), []);
    let quoted = missing_with(vec![customer(objection)], |excerpt, brief| {
        field(brief, "competition")
            .evidence
            .push(excerpt.evidence(8, "I'm not convinced that the warehouse scanners will cope."));
    });
    assert_eq!(quoted, []);
}

#[test]
fn an_objection_is_worth_a_warning_where_the_field_for_it_says_that_there_is_none() {
    let with_field =
        "[[fields]]\nname = \"objections\"\ntype = \"list\"\ndescribe = \"d\"\ncues = [\"not convinced\"]\n\n[[axes]]";
    let contract = Contract::parse(&CONTRACT.replacen("[[axes]]", with_field, 1), "test.toml").unwrap();
    let excerpt = with_turns([customer("I'm not convinced that the warehouse scanners will cope.")]);
    let reviewed = review(right_brief(), &excerpt, &contract, &BTreeMap::new());
    assert_eq!(severity_of(&reviewed, "important_parts_are_covered"), Some(Warn));
}

#[test]
fn a_question_that_is_put_off_or_not_answered_by_mail_is_noted() {
    let question = "Does the connector support our old warehouse scanners?";
    let open = one(Info, "a question that nobody answered");
    assert_eq!(missing(vec![customer(question), ours("I'd have to check with our engineers.")]), open);
    assert_eq!(missing(vec![customer(question), ours("Yes, it does, all of them.")]), []);
    assert_eq!(missing(vec![customer(question)]), [], "a call that ends may have gone on elsewhere");
    assert_eq!(missing(vec![customer("Right?"), ours("I don't know.")]), []);
    let mail = |unit: Unit| Unit { source: "mail-1".to_owned(), source_type: SourceType::EmailThread, ..unit };
    assert_eq!(missing(vec![mail(customer(question))]), open);
    assert_eq!(missing(vec![mail(customer(question)), mail(ours("Yes, it does."))]), []);
    let known = missing_with(vec![mail(customer("One more thing.")), mail(customer(question))], |excerpt, brief| {
        let question = "Are old warehouse scanners supported by the connector?".to_owned();
        brief.open_questions.push(OpenQuestion { question, evidence: vec![excerpt.evidence(8, "One more thing.")] });
    });
    assert_eq!(known, []);
}

#[test]
fn what_weighs_most_comes_first_and_five_are_enough() {
    let mut turns: Vec<Unit> = (10..20).map(|day| ours(&format!("The fair is on August {day}th."))).collect();
    turns.push(ours("We will migrate all old invoices by July 28th."));
    let all = missing(turns);
    assert_eq!((all.len(), &all[0]), (5, &(Warn, "a dated promise".to_owned())));
}
