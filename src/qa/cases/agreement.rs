//! `sources_agree`: what two sources, two people or one speaker's two tries say for one field.

use super::*;

fn said(words: &str) -> Unit {
    turn("Ann Lee", Side::Customer, words)
}

/// The answer for a field after a review of the right brief with more said.
#[track_caller]
fn answer_after(name: &str, more: impl IntoIterator<Item = Unit>) -> (FieldAnswer, Option<Severity>) {
    let reviewed = review(right_brief(), &with_turns(more), &contract(), &BTreeMap::new());
    (reviewed.brief().field(name).unwrap().clone(), severity_of(&reviewed, "sources_agree"))
}

#[track_caller]
fn assert_conflict(name: &str, more: &[&str], units: &[u32]) {
    let (answer, severity) = answer_after(name, more.iter().map(|words| said(words)));
    assert_eq!((answer.status, severity), (FieldStatus::Conflicting, Some(Warn)), "{more:?}: {answer:#?}");
    assert_eq!(answer.evidence.iter().map(|one| one.unit).collect::<Vec<_>>(), units, "{more:?}");
    assert_eq!(answer.alternatives.len(), units.len());
    assert!(answer.evidence.iter().all(|one| one.span.is_some() && one.speaker.is_some()));
}

#[track_caller]
fn assert_agrees(name: &str, more: &str) {
    let (answer, severity) = answer_after(name, [said(more)]);
    assert_eq!((answer.status, severity), (FieldStatus::Stated, None), "{more}: {answer:#?}");
}

#[track_caller]
fn assert_replaced(name: &str, more: &[&str], value: Value) {
    let (answer, severity) = answer_after(name, more.iter().map(|words| said(words)));
    assert_eq!((answer.value, severity), (Some(value), Some(Warn)), "{more:?}");
}

fn a_year(amount: f64) -> Value {
    money(amount, "USD", Period::Year)
}

#[test]
fn the_same_in_another_unit_or_period_agrees() {
    assert_agrees("budget", "We have set aside $3,750 a month.");
    assert_agrees("budget", "We have set aside between $40,000 and $50,000 a year.");
    assert_agrees("pilot", "A pilot of 14 days is what we said.");
    assert_agrees("timeline", "It must be live by June.");
    assert_agrees("timeline", "It has to be live by the end of the quarter.");
}

#[test]
fn another_value_in_another_unit_or_period_conflicts() {
    assert_conflict("budget", &["We have set aside $6,000 a month."], &[3, 8]);
    assert_conflict("budget", &["We have set aside $60,000."], &[3, 8]);
    assert_conflict("timeline", &["It must be live by August."], &[4, 8]);
    let note = answer_after("pilot", [note("They want a pilot of 30 days.")]);
    assert_eq!(note.0.status, FieldStatus::Conflicting, "{note:#?}");
}

#[test]
fn three_values_conflict_with_three_quotes_and_equal_ones_are_told_once() {
    let first = "We set aside $60,000 a year.";
    assert_conflict("budget", &[first, "They set aside $80,000 a year."], &[3, 8, 9]);
    assert_conflict("budget", &[first, "Yes, we set aside $60,000 a year."], &[3, 8]);
}

#[test]
fn the_last_value_stands_if_it_takes_back_all_before() {
    let sixty = "We set aside $60,000 a year.";
    assert_replaced("budget", &[sixty, "We have now set aside $75,000 a year."], a_year(75_000.0));
    assert_conflict("budget", &["We have now set aside $75,000 a year.", sixty], &[8, 9]);
    let back = answer_after("budget", [said(sixty), said("We moved back to the $45,000 a year we had set aside.")]);
    assert_eq!((back.0.value, back.1), (Some(a_year(45_000.0)), None), "the first value was said again");
}

#[test]
fn a_value_that_quotes_the_older_one_takes_it_back() {
    assert_replaced("budget", &["You have $45,000 a year, but we have set aside $60,000 a year now."], a_year(60_000.0));
    assert_replaced("seats", &["It was 120 seats, it's 150 seats now."], seats(150.0, "seats"));
    assert_agrees("seats", "The 120 seats are for Lyon, 80 seats would be for Nice.");
}

#[test]
fn a_guess_does_not_take_a_value_back() {
    assert_agrees("budget", "It might now be $60,000 a year that we set aside.");
    assert_agrees("seats", "Maybe it's 150 seats now.");
}

/// A brief that says one thing.
fn only(answer: FieldAnswer) -> Brief {
    let headline = "A talk".to_owned();
    Brief { headline, fields: vec![answer], axes: vec![], commitments: vec![], open_questions: vec![] }
}

#[test]
fn a_correction_in_the_same_breath_is_found() {
    let first = |words: &str, value: Value, name: &str, quoted: &str| {
        let excerpt = excerpt_of(vec![said(words)]);
        let reviewed =
            review(only(stated(name, value, vec![excerpt.evidence(1, quoted)])), &excerpt, &contract(), &BTreeMap::new());
        let severity = severity_of(&reviewed, "sources_agree");
        (reviewed.brief().field(name).unwrap().clone(), severity)
    };
    let seats_of = |words: &str, number: f64, quoted: &str| first(words, seats(number, "seats"), "seats", quoted);
    for (words, quoted) in [
        ("We need sixty, no, seventy-five seats.", "We need sixty"),
        ("We need sixty seats, sorry, seventy-five seats.", "We need sixty seats"),
        ("We need 60 seats. No wait, make that 75.", "We need 60 seats."),
        ("We need 60 seats. Sorry, I meant 75 seats for Lyon.", "We need 60 seats."),
        ("We need 60 seats \u{2013} uh, no, it's 75.", "We need 60 seats"),
        ("Wir brauchen 60 seats, nein, 75.", "Wir brauchen 60 seats"),
    ] {
        let (answer, severity) = seats_of(words, 60.0, quoted);
        assert_eq!((answer.value, severity), (Some(seats(75.0, "seats")), Some(Warn)), "{words}");
        assert!(answer.evidence[0].quote.contains("75") || answer.evidence[0].quote.contains("seventy-five"));
    }
    for (words, quoted) in [
        ("We need 60 seats, no more than 75 people know.", "We need 60 seats"),
        ("We need 60 seats, I mean 40 of them are part-timers.", "We need 60 seats"),
        ("We need 60 seats. No, 75 euros is not too much.", "We need 60 seats."),
        ("We need 60 seats and 3 rooms. Actually, make that 4.", "We need 60 seats"),
        ("We need 60 seats. There is no 75 in the plan.", "We need 60 seats."),
        ("We need 75, no, 60 seats.", "60 seats."),
    ] {
        let (answer, severity) = seats_of(words, 60.0, quoted);
        assert_eq!((answer.value, severity), (Some(seats(60.0, "seats")), None), "{words}");
    }
    let (answer, severity) = seats_of("We need sixty, no, maybe seventy-five seats.", 60.0, "We need sixty");
    assert_eq!((answer.value, severity), (Some(seats(60.0, "seats")), Some(Info)), "a guess does not stand");

    let dollars = |amount: f64| Value::Money { amount, up_to: None, currency: Some("USD".to_owned()), period: None };
    let words = "We set aside $60,000, no, seventy-five thousand.";
    assert_eq!(first(words, dollars(60_000.0), "budget", "We set aside $60,000").0.value, Some(dollars(75_000.0)));
    let words = "We set aside 60 thousand dollars. Sorry, 75.";
    assert_eq!(first(words, dollars(60_000.0), "budget", "We set aside 60 thousand dollars.").0.value, Some(dollars(75_000.0)));

    let day = |month: i8, day: i8, said: &str| Value::Date { date: date(2026, month, day), said: said.to_owned() };
    let words = "It must be live by August 15th, sorry, I meant September.";
    let (answer, _) = first(words, day(8, 15, "August 15th"), "timeline", "It must be live by August 15th");
    assert_eq!(answer.value, Some(day(9, 15, "September")));
    let weeks = |amount: f64| Value::Duration { amount, up_to: None, unit: DurationUnit::Week };
    let words = "A pilot of two weeks, or rather three weeks.";
    assert_eq!(first(words, weeks(2.0), "pilot", "A pilot of two weeks").0.value, Some(weeks(3.0)));
}

#[test]
fn a_correction_in_the_next_turn_of_the_speaker_is_found() {
    let turns = |speaker: &str, words: &str| {
        [said("We need 60 seats."), turn("Dana Cole", Side::Ours, "Sixty, noted."), turn(speaker, Side::Customer, words)]
    };
    let after = |speaker: &str, words: &str| {
        let excerpt = excerpt_of(turns(speaker, words).to_vec());
        let brief = only(stated("seats", seats(60.0, "seats"), vec![excerpt.evidence(1, "We need 60 seats.")]));
        review(brief, &excerpt, &contract(), &BTreeMap::new()).brief().field("seats").unwrap().value.clone()
    };
    assert_eq!(after("Ann Lee", "Actually, make that 75."), Some(seats(75.0, "seats")));
    assert_eq!(after("Bo Ray", "Sorry, 75 people are here."), Some(seats(60.0, "seats")), "somebody else about something else");
}

#[test]
fn a_correction_is_of_the_number_said_last() {
    let turns = [said("We need 60 seats in total. 43 of these are for teachers."), said("Sorry, 34, I turned the digits round.")];
    let excerpt = excerpt_of(turns.to_vec());
    let brief = only(stated("seats", seats(60.0, "seats"), vec![excerpt.evidence(1, "We need 60 seats in total.")]));
    let reviewed = review(brief, &excerpt, &contract(), &BTreeMap::new());
    assert_eq!(reviewed.brief().field("seats").unwrap().value, Some(seats(60.0, "seats")));
    assert_eq!(severity_of(&reviewed, "sources_agree"), None);
}

#[test]
fn our_offer_is_no_second_budget() {
    let offer = turn("Dana Cole", Side::Ours, "For what you have set aside we would quote $60,000 a year.");
    let (answer, severity) = answer_after("budget", [offer]);
    assert_eq!((answer.status, severity), (FieldStatus::Stated, None));
}

#[test]
fn a_required_conflict_blocks_and_an_optional_one_does_not() {
    let blocked = |words: &str| {
        let reviewed = review(right_brief(), &with_turns([said(words)]), &contract(), &BTreeMap::new());
        assert_eq!(severity_of(&reviewed, "sources_agree"), Some(Warn));
        matches!(reviewed.readiness(), Readiness::Blocked { .. })
    };
    assert!(blocked("We have set aside $60,000 a year."));
    assert!(!blocked("We need 150 seats."));
}

#[test]
fn a_corrected_day_of_a_promise_is_found() {
    let words = "I'll send the order on May 12th, no, May 14th.";
    let excerpt = excerpt_of(vec![said(words)]);
    let quote = vec![excerpt.evidence(1, "I'll send the order on May 12th")];
    let mut brief = only(stated(
        "next_step",
        Value::Commitment { what: "Send the order".to_owned(), who: Some("Ann Lee".to_owned()), due: Some(date(2026, 5, 12)) },
        quote.clone(),
    ));
    let send = promise(Some("Ann Lee"), Side::Customer, "Send the order", Firmness::Firm, quote);
    brief.commitments.push(Commitment { due: Some(date(2026, 5, 12)), ..send });
    let reviewed = review(brief, &excerpt, &contract(), &BTreeMap::new());
    assert_eq!(severity_of(&reviewed, "sources_agree"), Some(Warn));
    let step = reviewed.brief().field("next_step").unwrap().value.as_ref().and_then(Value::date);
    assert_eq!((reviewed.brief().commitments[0].due, step), (Some(date(2026, 5, 14)), Some(date(2026, 5, 14))));
}

#[test]
fn two_people_named_for_one_role_are_told() {
    let with_cue = "name = \"champion\"\ncues = [\"signs off\"]\n";
    let contract = Contract::parse(&CONTRACT.replacen("name = \"champion\"\n", with_cue, 1), "test.toml").unwrap();
    let after = |words: &str, other: &str| {
        let excerpt = with_turns([said(words), turn("Bo Ray", Side::Customer, other)]);
        let mut brief = right_brief();
        let ann = Value::Person { name: "Ann Lee".to_owned(), role: None };
        *field(&mut brief, "champion") = stated("champion", ann, vec![excerpt.evidence(8, words)]);
        let reviewed = review(brief, &excerpt, &contract, &BTreeMap::new());
        assert_eq!(reviewed.brief().field("champion").unwrap().status, FieldStatus::Stated);
        severity_of(&reviewed, "sources_agree")
    };
    let ann = "In the end Ann signs off on it.";
    assert_eq!(after(ann, "Well, Bo always signs off on it."), Some(Warn));
    for fine in
        ["Ann signs off.", "Bo signs off, then Ann Lee.", "Maybe Bo signs off.", "Does Bo sign off?", "Bo never signs off."]
    {
        assert_eq!(after(ann, fine), None, "{fine}");
    }
}

#[test]
fn a_quote_that_does_not_say_what_it_is_about_is_doubted_where_another_value_is_named_in_words() {
    let after = |other: &str| {
        let excerpt = with_turns([said("We want it for the 1st of September, all of it."), said(other)]);
        let mut brief = right_brief();
        let september = Value::Date { date: date(2026, 9, 1), said: "the 1st of September".to_owned() };
        let quote = vec![excerpt.evidence(8, "We want it for the 1st of September, all of it.")];
        // Only what is said after: the call of the right brief names a day of its own.
        *field(&mut brief, "timeline") = stated("timeline", september, quote);
        let reviewed = review(brief, &excerpt, &contract(), &BTreeMap::new());
        let answer = reviewed.brief().field("timeline").unwrap().clone();
        (answer.status, reviewed.findings().iter().find(|one| one.check == "sources_agree").map(|one| one.message.clone()))
    };
    let (status, message) = after("All shops live by December 31st will do for me.");
    assert_eq!((status, message.is_some_and(|message| message.contains("unit 9 "))), (FieldStatus::Stated, true));
    let (_, message) = after("Live by September 1st, yes.");
    assert_eq!(message, None, "somebody says the same in words");
}
