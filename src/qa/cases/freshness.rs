//! `answers_are_fresh`: what only an old source says.

use super::*;

/// The test contract with a rule for what is too old.
fn contract_of(field: &str, days: u32, rule: &str) -> Contract {
    let field = format!("name = \"{field}\"\n");
    let text = CONTRACT.replacen(&field, &format!("{field}stale_after_days = {days}\n"), 1);
    Contract::parse(&text.replacen("field timeline has a date", rule, 1), "test.toml").unwrap()
}

fn at(day: &str, unit: Unit) -> Unit {
    Unit { at: Some(format!("{day}T16:00:00Z").parse().unwrap()), ..unit }
}

fn is_stale(units: impl IntoIterator<Item = Unit>, contract: &Contract, name: &str, change: impl FnOnce(&mut Brief)) -> bool {
    let mut brief = right_brief();
    change(&mut brief);
    let reviewed = review(brief, &with_turns(units), contract, &BTreeMap::new());
    let is_stale = reviewed.brief().field(name).unwrap().stale;
    assert_eq!(severity_of(&reviewed, "answers_are_fresh"), is_stale.then_some(Warn), "{:#?}", reviewed.findings());
    is_stale
}

/// 31 days after the call of the right brief.
fn month_later(text: &str) -> Unit {
    at("2026-06-04", turn("Ann Lee", Side::Customer, text))
}

#[test]
fn an_answer_that_only_an_old_source_gives_is_stale() {
    let contract = contract_of("budget", 30, "field timeline has a date");
    assert!(is_stale([month_later("Any news from the lawyers yet.")], &contract, "budget", |_| {}));
    let excerpt = with_turns([month_later("Any news from the lawyers yet.")]);
    let reviewed = review(right_brief(), &excerpt, &contract, &BTreeMap::new());
    let finding = reviewed.findings().iter().find(|one| one.check == "answers_are_fresh").unwrap();
    assert_eq!((finding.field.as_deref(), finding.message.contains("30 days")), (Some("budget"), true), "{finding:#?}");
    assert_eq!(reviewed.brief().field("budget").unwrap().confidence, Confidence::Medium);
    assert_eq!(reviewed.readiness(), &Readiness::Ready, "stale is not missing");
}

#[test]
fn an_answer_within_the_days_or_without_a_rule_is_fresh() {
    let later = || [month_later("Any news from the lawyers yet.")];
    assert!(!is_stale(later(), &contract_of("budget", 31, "field timeline has a date"), "budget", |_| {}));
    assert!(!is_stale(later(), &contract(), "budget", |_| {}));
    assert!(!is_stale([], &contract_of("budget", 1, "field timeline has a date"), "budget", |_| {}));
}

#[test]
fn an_answer_that_was_said_again_is_fresh() {
    let budget = contract_of("budget", 14, "field timeline has a date");
    assert!(!is_stale([month_later("As I said, we set aside $45,000 a year.")], &budget, "budget", |_| {}));
    assert!(is_stale([month_later("The chairs cost $45,000 a year.")], &budget, "budget", |_| {}), "that is no budget");
    let pain = contract_of("pain", 14, "field timeline has a date");
    assert!(!is_stale([month_later("We still build reports by hand in Excel, week after week.")], &pain, "pain", |_| {}));
    assert!(is_stale([month_later("The chairs come every week.")], &pain, "pain", |_| {}));
}

#[test]
fn a_newer_quote_makes_an_answer_fresh_and_a_quote_without_a_time_has_no_age() {
    let contract = contract_of("pain", 14, "field timeline has a date");
    let said = "Our reports are a mess.";
    let also = |excerpt: Excerpt, brief: &mut Brief| field(brief, "pain").evidence.push(excerpt.evidence(8, said));
    let newer = || [month_later(said)];
    assert!(!is_stale(newer(), &contract, "pain", |brief| also(with_turns(newer()), brief)));
    let undated = || [Unit { at: None, ..turn("Ann Lee", Side::Customer, said) }, month_later("Hello.")];
    assert!(!is_stale(undated(), &contract, "pain", |brief| also(with_turns(undated()), brief)));
}

#[test]
fn a_promise_for_a_day_to_come_is_fresh() {
    let contract = contract_of("next_step", 14, "field timeline has a date");
    let later = || [month_later("Hello.")];
    assert!(is_stale(later(), &contract, "next_step", |_| {}), "May 12th is over");
    let in_may = || [at("2026-05-01", turn("Ann Lee", Side::Customer, "Hello."))];
    assert!(!is_stale(in_may(), &contract, "next_step", |_| {}));
}

#[test]
fn a_rule_can_ask_for_a_fresh_answer() {
    let contract = contract_of("timeline", 30, "field timeline is fresh");
    let blocked = review(right_brief(), &with_turns([month_later("Hello.")]), &contract, &BTreeMap::new());
    assert!(matches!(blocked.readiness(), Readiness::Blocked { .. }), "{:?}", blocked.readiness());
    let ready = review(right_brief(), &excerpt(), &contract, &BTreeMap::new());
    assert_eq!(ready.readiness(), &Readiness::Ready);
    let mut unstated = right_brief();
    without(&mut unstated, "timeline");
    let blocked = review(unstated, &excerpt(), &contract, &BTreeMap::new());
    assert!(matches!(blocked.readiness(), Readiness::Blocked { .. }), "what nobody stated is not fresh");
}

#[test]
fn a_persons_value_is_not_stale() {
    let contract = contract_of("seats", 14, "field timeline has a date");
    let people = human("seats", seats(120.0, "seats"));
    let reviewed = review(right_brief(), &with_turns([month_later("Hello.")]), &contract, &people);
    assert!(!reviewed.brief().field("seats").unwrap().stale);
}
