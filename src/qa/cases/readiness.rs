//! Readiness: what is not stated, what is missing, and what blocks, with its quotes.

use super::*;

fn grounds(reviewed: &Reviewed) -> &[Ground] {
    let Readiness::Blocked { reasons, grounds } = reviewed.readiness() else { panic!("{:?}", reviewed.readiness()) };
    assert_eq!(reasons, &grounds.iter().map(|ground| ground.message.clone()).collect::<Vec<_>>());
    grounds
}

#[test]
fn a_conflict_that_blocks_carries_both_quotes_with_speaker_source_and_time() {
    let excerpt = with_turns([turn("Bo Ray", Side::Customer, "The most we have set aside is $60,000 a year.")]);
    let reviewed = review(right_brief(), &excerpt, &contract(), &BTreeMap::new());
    let [ground] = grounds(&reviewed) else { panic!("{:?}", reviewed.readiness()) };
    assert_eq!((ground.rule.as_deref(), &ground.fields[..]), (None, &["budget".to_owned()][..]));
    let said: Vec<_> = ground.evidence.iter().map(|one| (one.speaker.as_deref(), one.unit, one.at.is_some())).collect();
    assert_eq!(said, [(Some("Ann Lee"), 3, true), (Some("Bo Ray"), 8, true)]);
    assert!(ground.evidence[1].quote.contains("$60,000"));
}

#[test]
fn a_broken_rule_carries_the_quotes_of_the_fields_it_fails_on() {
    let rule = "field consent is refused and field timeline has a date";
    let contract = Contract::parse(&CONTRACT.replacen("field timeline has a date", rule, 1), "test.toml").unwrap();
    let reviewed = review(right_brief(), &excerpt(), &contract, &BTreeMap::new());
    let [ground] = grounds(&reviewed) else { panic!("{:?}", reviewed.readiness()) };
    assert_eq!((ground.rule.as_deref(), &ground.fields[..]), (Some("timeline_is_known"), &["consent".to_owned()][..]));
    assert_eq!(ground.evidence.iter().map(|one| one.unit).collect::<Vec<_>>(), [4], "the other part of the rule holds");
}

#[test]
fn a_hedged_promise_that_blocks_is_quoted() {
    let rule = "no commitment is hedged";
    let contract = Contract::parse(&CONTRACT.replacen("field timeline has a date", rule, 1), "test.toml").unwrap();
    let reviewed = review(right_brief(), &excerpt(), &contract, &BTreeMap::new());
    let [ground] = grounds(&reviewed) else { panic!("{:?}", reviewed.readiness()) };
    assert_eq!(ground.evidence[0].quote, "We might sign the order in May.");
}

#[test]
fn a_rule_about_what_nobody_said_has_no_quote() {
    let reviewed = planted(|brief| without(brief, "timeline"));
    let [ground] = grounds(&reviewed) else { panic!("{:?}", reviewed.readiness()) };
    assert_eq!((&ground.fields[..], ground.evidence.len()), (&["timeline".to_owned()][..], 0));
}

#[test]
fn a_blocked_brief_of_before_there_were_grounds_is_read() {
    let old = serde_json::json!({ "verdict": "blocked", "reasons": ["Ask for a date."] });
    let read: Readiness = serde_json::from_value(old.clone()).unwrap();
    assert_eq!(read, Readiness::Blocked { reasons: vec!["Ask for a date.".to_owned()], grounds: vec![] });
    assert_eq!(serde_json::to_value(read).unwrap(), old);
}

#[test]
fn placeholders_inside_typed_values_count_as_not_stated() {
    let unknown = |name: &str| Value::Person { name: name.to_owned(), role: Some("buyer".to_owned()) };
    let reviewed = planted(|brief| {
        field(brief, "champion").value = Some(unknown("TBD"));
        field(brief, "next_step").value = Some(Value::Commitment { what: "to be confirmed".to_owned(), who: None, due: None });
        field(brief, "consent").value = Some(Value::Choice { choice: "unknown".to_owned() });
        field(brief, "pain").value = Some(text("k.A."));
        brief.commitments[0].to_whom = Some("n/a".to_owned());
        brief.open_questions.push(OpenQuestion { question: "None".to_owned(), evidence: vec![] });
    });
    for name in ["champion", "next_step", "consent", "pain"] {
        assert_eq!(reviewed.brief().field(name).unwrap().status, FieldStatus::NotStated, "{name}");
    }
    assert_eq!((reviewed.brief().commitments[0].to_whom.as_ref(), reviewed.brief().open_questions.len()), (None, 0));
    assert!(!reviewed.is_blocked_by_findings(), "{:#?}", reviewed.findings());
}

#[test]
fn a_choice_that_looks_like_a_placeholder_is_one_only_where_the_contract_does_not_have_it() {
    let of = |choices: &str| Contract::parse(&CONTRACT.replacen("\"refused\"", choices, 1), "test.toml").unwrap();
    let status = |contract: &Contract| {
        let mut brief = right_brief();
        field(&mut brief, "consent").value = Some(Value::Choice { choice: "na".to_owned() });
        review(brief, &excerpt(), contract, &BTreeMap::new()).brief().field("consent").unwrap().status
    };
    assert_eq!((status(&of("\"na\"")), status(&contract())), (FieldStatus::Stated, FieldStatus::NotStated));
}

#[test]
fn a_conflict_with_a_placeholder_is_none() {
    let reviewed = planted(|brief| {
        let pain = field(brief, "pain");
        pain.alternatives = vec![text("They build reports by hand in Excel every week"), text("TBD")];
        (pain.status, pain.value) = (FieldStatus::Conflicting, None);
    });
    let pain = reviewed.brief().field("pain").unwrap();
    assert_eq!((pain.status, pain.alternatives.len(), severity_of(&reviewed, "sources_agree")), (FieldStatus::Stated, 0, None));
}
