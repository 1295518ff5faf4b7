//! Answers against their quotes: whom they name, how sure they are, what they deny, in which units.

use super::*;
use crate::context::{Gathering, Limits, fit, gather};
use crate::domain::handoff::Source;

/// What one check says of the right brief after a turn more, with one thing changed that quotes that turn.
fn after(said: &str, check: &str, change: impl FnOnce(&mut Brief, Vec<Evidence>)) -> Option<Severity> {
    let excerpt = with_turns([turn("Ann Lee", Side::Customer, said)]);
    let mut brief = right_brief();
    change(&mut brief, vec![excerpt.evidence(8, said)]);
    severity_of(&review(brief, &excerpt, &contract(), &BTreeMap::new()), check)
}

fn pain_of(words: &str) -> impl FnOnce(&mut Brief, Vec<Evidence>) {
    move |brief, quote| {
        let pain = field(brief, "pain");
        (pain.value, pain.evidence) = (Some(text(words)), quote);
    }
}

#[test]
fn a_hedge_that_nobody_said_and_one_that_was_left_out_are_found() {
    let said = "Every order is typed into Sage by hand.";
    let check = |words: &str| after(said, "hedges_agree", pain_of(words));
    assert_eq!(check("Every order is typed into Sage by hand"), None);
    assert_eq!(check("Every order might be typed into Sage by hand"), Some(Warn));
    let said = "Every order should probably be in Sage by May.";
    let check = |words: &str| after(said, "hedges_agree", pain_of(words));
    assert_eq!(check("Every order should be in Sage by May"), None);
    assert_eq!(check("Every order will be in Sage by May"), Some(Warn));
}

#[test]
fn a_hedge_is_found_behind_its_subject_and_beside_a_denial() {
    let said = "Bo runs the warehouse and isn't convinced. He asked twice for the keys (Lane 4?), and nobody follows him.";
    let check = |words: &str| after(said, "hedges_agree", pain_of(words));
    assert_eq!(check("Bo runs the warehouse and is not convinced"), None);
    assert_eq!(check("Bo runs the warehouse and may be not convinced"), Some(Warn));
    assert_eq!(check("Bo asked for the keys (perhaps Lane 4)"), None, "what the speaker doubts");
    assert_eq!(check("Bo may have asked twice for the keys"), Some(Warn), "the doubt is about another clause");
    assert_eq!(check("He may only ask for the keys, nobody may follow him"), None, "a permission");
}

#[test]
fn what_is_expected_or_wished_for_is_not_told_as_certain() {
    let check = |said: &str, words: &str| after(said, "hedges_agree", pain_of(words));
    let expected = "The tills should be out by June.";
    assert_eq!(check(expected, "The tills should be out by June"), None);
    assert_eq!(check(expected, "The tills will be out by June"), Some(Warn));
    let wished = "I'd like every driver to be able to sign on the first day.";
    assert_eq!(check(wished, "Every driver should be able to sign on the first day"), None);
    assert_eq!(check(wished, "Every driver will sign on the first day"), Some(Warn));
}

#[test]
fn a_firm_promise_beside_a_would_is_not_hedged() {
    let check = |said: &str, firmness: Firmness| {
        after(said, "hedges_agree", |brief, quote| {
            brief.commitments[0].firmness = firmness;
            brief.commitments[0].evidence = quote;
        })
    };
    let firm = "I'll send the security questionnaire by Friday, and what the seats would add.";
    assert_eq!((check(firm, Firmness::Firm), check(firm, Firmness::Hedged)), (None, Some(Warn)));
    let conditional = "If so, I'll send the security questionnaire by Friday.";
    assert_eq!(check(conditional, Firmness::Hedged), None);
}

#[test]
fn an_attempt_is_no_promise_and_a_test_is_no_attempt() {
    let check = |said: &str, what: &str| {
        after(said, "hedges_agree", |brief, quote| {
            brief.commitments[0].what = what.to_owned();
            brief.commitments[0].evidence = quote;
        })
    };
    let firm = "I'll come back on what the questionnaire would add.";
    assert_eq!(check(firm, "Come back on what the questionnaire would add"), None);
    assert_eq!(check(firm, "Try to come back on what the questionnaire would add"), Some(Warn));
    assert_eq!(check("I'll try the tablets on Friday.", "Try the tablets"), None);
}

#[test]
fn the_only_words_of_a_promise_that_hedge_make_it_hedged() {
    let check = |said: &str| {
        after(said, "hedges_agree", |brief, quote| {
            brief.commitments[0].firmness = Firmness::Firm;
            brief.commitments[0].evidence = quote;
        })
    };
    assert_eq!(check("I think yes, the security questionnaire too. Our day has moved to the 28th."), Some(Warn));
    assert_eq!(check("I'll send it by Friday."), None);
}

#[test]
fn a_permission_and_what_is_still_open_are_no_hedges_of_the_writer() {
    let check = |said: &str, words: &str| after(said, "hedges_agree", pain_of(words));
    assert_eq!(
        check("The chairmen must each see their own members only.", "The chairmen may each see only their own members"),
        None
    );
    assert_eq!(check("Larkfield tablets: still open till Bev has tried it", "The Larkfield tablets may still freeze"), None);
}

#[test]
fn what_goes_without_does_not_go_with() {
    let check = |said: &str, words: &str| after(said, "negations_agree", pain_of(words));
    let said = "He sends the vendor form by Friday, without that nothing moves.";
    assert_eq!(check(said, "Without his vendor form nothing moves"), None);
    assert_eq!(check(said, "With his vendor form nothing moves"), Some(Warn));
    let said = "They will not accept any crate without live data.";
    assert_eq!(check(said, "They refuse crates without live data"), None);
    assert_eq!(check(said, "They accept only crates with live data"), None);
    assert_eq!(check(said, "They refuse crates with live data"), Some(Warn));
}

#[test]
fn what_insists_rests_on_no_denial() {
    let check = |said: &str, words: &str| after(said, "negations_agree", pain_of(words));
    let said = "We've got another app for that and we're not changing.";
    assert_eq!(check(said, "They do not want the app"), None);
    assert_eq!(check(said, "They do want the app"), Some(Warn));
    assert_eq!(check("Nobody asked for it, they do want it", "They want it"), None);
}

#[test]
fn a_denial_of_what_the_closest_clause_says_is_found() {
    let check = |said: &str, words: &str| after(said, "negations_agree", pain_of(words));
    let plain = "Please put the three-year view on one page.";
    assert_eq!(check(plain, "They want a three-year view on one page"), None);
    assert_eq!(check(plain, "They do not want a three-year view on one page"), Some(Warn));
    let own = "You get the printed guide for the shops, at no extra cost.";
    assert_eq!(check(own, "The printed guide for the shops at no extra cost"), None, "its own denial");
}

#[test]
fn a_firm_promise_told_as_hedged_is_found() {
    assert_finds(|brief| brief.commitments[0].firmness = Firmness::Hedged, "hedges_agree", Warn);
}

#[test]
fn a_denial_is_compared_word_by_word() {
    let check = |said: &str, words: &str| after(said, "negations_agree", pain_of(words));
    let counted = "Thirty hours a week of typing. That's without the redeliveries.";
    assert_eq!(check(counted, "Thirty hours a week, not counting redeliveries"), None);
    assert_eq!(check(counted, "Thirty hours a week, counting redeliveries"), Some(Warn));
    let plain = "All the seats are taken.";
    assert_eq!(check(plain, "All seats are taken"), None);
    assert_eq!(check(plain, "All seats are not taken"), Some(Warn));
    let conditional = "If it does not pay for itself, I will not sign.";
    assert_eq!(check(conditional, "Ann signs, provided it pays for itself"), None, "what is denied under a condition");
}

#[test]
fn a_unit_of_time_in_a_text_is_that_of_its_passage() {
    let check = |words: &str| {
        let told = format!("Typing costs the order desk {words}");
        after("Typing costs the order desk thirty hours a week.", "units_fit_their_numbers", pain_of(&told))
    };
    assert_eq!((check("30 hours a week"), check("30 hours a month"), check("30 days a week")), (None, Some(Warn), Some(Warn)));
}

#[test]
fn an_amount_in_the_headline_keeps_the_currency_and_the_period_of_its_field() {
    let headline = |words: &str| {
        let reviewed = planted(|brief| brief.headline = format!("Ann needs 120 seats for {words}"));
        severity_of(&reviewed, "units_fit_their_numbers")
    };
    assert_eq!(
        (headline("$45,000 a year"), headline("€45,000 a year"), headline("$45,000 a month")),
        (None, Some(Warn), Some(Warn))
    );
}

#[test]
fn a_name_tied_to_what_somebody_else_says_is_found() {
    let said = "My people on the order desk retype every line.";
    let check = |words: &str| after(said, "people_fit_their_quotes", pain_of(words));
    assert_eq!(check("Ann's order desk retypes every line"), None);
    assert_eq!(check("Dana's order desk retypes every line"), Some(Warn));
}

#[test]
fn a_promise_is_theirs_whom_its_grammar_names() {
    let check = |said: &str, who: &str| {
        after(said, "people_fit_their_quotes", |brief, quote| {
            brief.commitments[0].who = Some(who.to_owned());
            brief.commitments[0].evidence = quote;
        })
    };
    assert_eq!(check("Bo Ray will send the security questionnaire by Friday.", "Bo Ray"), None);
    assert_eq!(check("Bo Ray will send the security questionnaire by Friday.", "Ann Lee"), Some(Warn));
    assert_eq!(check("You'll get the security questionnaire by Friday.", "Ann Lee"), None);
}

#[test]
fn digits_in_a_text_stand_in_its_quote_or_are_spelled_there() {
    let check = |words: &str| after("We run version nine since 2019, all three sites.", "quotes_support_values", pain_of(words));
    assert_eq!((check("Version 9 on 3 sites"), check("Version 8 on 3 sites")), (None, Some(Warn)));
}

/// A note of its own handoff, so that its language is found.
fn noted(said: &str) -> Excerpt {
    let source = Source {
        id: "note-1".to_owned(),
        source_type: SourceType::CallNote,
        format: None,
        occurred_at: Some(SAID_AT.parse().unwrap()),
        title: None,
        body: said.as_bytes().to_vec(),
    };
    let gathering = Gathering { limits: Limits::DEFAULT, our_domains: [].into(), encoding: "o200k_base".to_owned() };
    let handoff = Handoff { sources: vec![source], ..handoff(BTreeMap::new()) };
    fit(&gather(&handoff, &gathering), &contract(), 10_000)
}

#[test]
fn what_is_said_in_another_language_is_not_judged_by_english_words() {
    let numbers = |said: &str, words: &str| {
        let excerpt = noted(said);
        let mut brief = right_brief();
        brief.fields.retain(|answer| answer.name == "pain");
        (brief.axes, brief.commitments) = (vec![], vec![]);
        pain_of(words)(&mut brief, vec![excerpt.evidence(1, said)]);
        severity_of(&review(brief, &excerpt, &contract(), &BTreeMap::new()), "numbers_are_grounded")
    };
    let swedish = "Vi gör allt det där för hand, varje vecka, och det kostar hela kontoret en massa timmar i månaden.";
    assert_eq!(numbers(swedish, "Allt för hand, varje vecka: 80 timmar i månaden"), Some(Info));
    let german = "Das machen wir alles von Hand, jede Woche, und es kostet uns im Büro eine Menge Stunden im Monat.";
    assert_eq!(numbers(german, "Alles von Hand, jede Woche: 80 Stunden im Monat"), Some(Block), "German numbers are read");
    let english = "We do all of that by hand, every week, and it costs the whole office a lot of hours in a month.";
    assert_eq!(numbers(english, "All of that by hand, every week: 80 hours in a month"), Some(Block));
}

#[test]
fn the_confidence_of_a_field_follows_its_findings() {
    let confidence = |change: &dyn Fn(&mut Brief)| planted(change).brief().field("pain").unwrap().confidence;
    assert_eq!(confidence(&|_| {}), Confidence::High);
    let hedged = text("They might build reports by hand in Excel every week");
    assert_eq!(confidence(&|brief| field(brief, "pain").value = Some(hedged.clone())), Confidence::Medium, "a warning");
    let wrong = text("They build 77 reports by hand in Excel every week");
    assert_eq!(confidence(&|brief| field(brief, "pain").value = Some(wrong.clone())), Confidence::Low, "a block");
}

#[test]
fn an_answer_is_read_with_the_question_that_it_answers() {
    let check = |asks: &str, side: Side| {
        let asked = turn(asks, side, "And the printing of the walls, is it included?");
        let excerpt = with_turns([asked, turn("Dana Whitlock", Side::Ours, "It is.")]);
        let mut brief = right_brief();
        pain_of("Printed walls")(&mut brief, vec![excerpt.evidence(9, "It is.")]);
        severity_of(&review(brief, &excerpt, &contract(), &BTreeMap::new()), "quotes_speak_of_answers")
    };
    assert_eq!(check("Ann Lee", Side::Customer), None);
    assert_eq!(check("Dana Whitlock", Side::Ours), Some(Warn), "nobody answers oneself");
}

#[test]
fn a_question_of_our_side_answers_nothing() {
    let said = "And how do you type your orders today?";
    let excerpt = with_turns([turn("Dana Whitlock", Side::Ours, said)]);
    let mut brief = right_brief();
    pain_of("Orders are typed by hand")(&mut brief, vec![excerpt.evidence(8, said)]);
    assert_eq!(severity_of(&review(brief, &excerpt, &contract(), &BTreeMap::new()), "quotes_speak_of_answers"), Some(Warn));
}
