//! Labels against the quotes they rest on.

use super::*;
use crate::domain::brief::AxisLabel;

const LABELS: &str = r#"labels = [ { name = "high", when = "w" }, { name = "low", when = "w" } ]"#;

/// What `check` says of a label of the axis `urgency`, defined as given, that rests on one turn of a call.
fn with_axis(axis: &str, label: &str, (side, said): (Side, &str), check: &str) -> Option<Severity> {
    assert!(CONTRACT.contains(LABELS));
    let contract = Contract::parse(&CONTRACT.replace(LABELS, axis), "test.toml").unwrap();
    let speaker = if side == Side::Ours { "Dana Whitlock" } else { "Ann Lee" };
    let excerpt = with_turns([turn(speaker, side, said)]);
    let mut brief = right_brief();
    brief.axes[0].label = AxisLabel::Label(label.to_owned());
    brief.axes[0].evidence = vec![excerpt.evidence(8, said)];
    severity_of(&review(brief, &excerpt, &contract, &BTreeMap::new()), check)
}

fn fit(axis: &str, label: &str, said: (Side, &str)) -> Option<Severity> {
    with_axis(axis, label, said, "labels_fit_their_quotes")
}

#[test]
fn what_must_show_in_the_customers_words_does_not_show_in_ours() {
    let axis = format!("stated_by = \"customer\"\n{LABELS}");
    let said = "We would love to start on Monday.";
    let check = |axis: &str, side: Side| with_axis(axis, "high", (side, said), "speakers_are_right");
    assert_eq!((check(&axis, Side::Customer), check(&axis, Side::Ours)), (None, Some(Warn)));
    assert_eq!(check(LABELS, Side::Ours), None, "the contract asks for no side");
}

#[test]
fn a_label_told_by_time_needs_a_quote_that_names_one() {
    let axis = r#"labels = [ { name = "high", when = "Within 30 days." }, { name = "low", when = "Later, or no date." } ]"#;
    let check = |said: &str| fit(axis, "high", (Side::Customer, said));
    assert_eq!(check("We won the county contract."), Some(Warn));
    assert_eq!(check("It has to run before the show."), None);
    assert_eq!(check("Nobody can ship anything."), None, "what stands still is urgent");
}

#[test]
fn the_people_of_a_company_are_counted_by_any_word_for_them() {
    let axis = r#"labels = [ { name = "high", when = "More than 1000 employees." }, { name = "low", when = "Fewer than 100 employees." } ]"#;
    let check = |label: &str, said: &str| fit(axis, label, (Side::Customer, said));
    for said in ["We are about seventeen hundred people.", "1,350 FTE", "Wir sind 1350 Leute."] {
        assert_eq!((check("high", said), check("low", said)), (None, Some(Warn)), "{said}");
    }
    assert_eq!(check("low", "85 people, thirty of them drivers"), None);
    assert_eq!(check("high", "Are you talking to anybody else?"), Some(Warn));
}

#[test]
fn a_greeting_a_signature_or_our_own_question_carries_no_label() {
    let check = |side: Side, said: &str| fit(LABELS, "high", (side, said));
    assert_eq!(check(Side::Customer, "Hello Tallyport team,"), Some(Warn));
    assert_eq!(check(Side::Customer, "Ann Lee\nChief Buyer\nNorthwind Ltd"), Some(Warn));
    assert_eq!(check(Side::Ours, "And who decides in the end?"), Some(Warn));
    assert_eq!(check(Side::Customer, "And what does it cost?"), None, "what they ask shows what they want");
    assert_eq!(check(Side::Customer, "THIS IS A DISGRACE"), None);
    assert_eq!(check(Side::Customer, "You're a star, Dana."), None);
}

#[test]
fn a_cue_is_a_word_of_its_own_and_stands_in_the_quote() {
    let axis =
        r#"labels = [ { name = "high", when = "w", cues = ["asap"] }, { name = "low", when = "w", cues = ["usa", "rush*"] } ]"#;
    let check = |said: &str| fit(axis, "high", (Side::Customer, said));
    assert_eq!(check("The menusaurus is broken."), None);
    assert_eq!(check("No rushing, please."), Some(Warn));
    assert_eq!(check("No rushing, but asap would be nice, really asap."), None);
}
