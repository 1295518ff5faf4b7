//! How people say numbers, days and amounts: the right value raises nothing, and one that was not said is found.

use super::*;

/// The worst that the checks of numbers and days say of a brief whose only answer quotes the last of these turns.
fn worst(language: &str, said: &[&str], name: &str, value: Value) -> Option<Severity> {
    const CHECKS: [&str; 5] =
        ["quotes_support_values", "numbers_are_grounded", "dates_are_grounded", "units_fit_their_numbers", "texts_are_carried"];
    let excerpt = excerpt_of(said.iter().map(|said| turn("Ann Lee", Side::Customer, said)).collect());
    let excerpt = if language == "en" { excerpt } else { excerpt.in_language("call-1", language) };
    let last = said.len() as u32;
    let mut brief = right_brief();
    brief.headline = "Ann Lee called".to_owned();
    (brief.axes, brief.commitments) = (Vec::new(), Vec::new());
    let words = said.last().unwrap().rsplit(" | ").next().unwrap();
    brief.fields = vec![stated(name, value, vec![excerpt.evidence(last, words)])];
    let reviewed = review(brief, &excerpt, &contract(), &BTreeMap::new());
    let findings = reviewed.findings().iter().filter(|one| CHECKS.contains(&one.check.as_str()));
    findings.map(|one| one.severity).max().filter(|severity| *severity > Info)
}

fn assert_told_apart(language: &str, said: &[&str], name: &str, right: Value, wrong: Value) {
    assert_eq!(worst(language, said, name, right.clone()), None, "{said:?}: {right:?}");
    assert!(worst(language, said, name, wrong.clone()).is_some(), "{said:?}: {wrong:?} is not found");
}

#[test]
fn amounts_are_understood_as_they_are_said() {
    let rows = [
        ("en", "Rs. 18 lakhs per annum, all in", 1_800_000.0, "INR", Period::Year, 180_000.0),
        ("en", "\u{20b9}18,00,000 a year is what we have", 1_800_000.0, "INR", Period::Year, 18_000_000.0),
        ("en", "Two crore rupees a year, not more", 20_000_000.0, "INR", Period::Year, 2_000_000.0),
        ("en", "We pay KSh 250,000 a month", 250_000.0, "KES", Period::Month, 205_000.0),
        ("en", "Forty thousand shillings a month", 40_000.0, "KES", Period::Month, 14_000.0),
        ("en", "A quarter of a million dollars a year", 250_000.0, "USD", Period::Year, 25_000.0),
        ("en", "It is five eighty dollars a month", 580.0, "USD", Period::Month, 850.0),
        ("en", "Eleven-fifty pounds a month", 1150.0, "GBP", Period::Month, 1115.0),
        ("en", "One oh five dollars a month", 105.0, "USD", Period::Month, 150.0),
        ("en", "Twelve ninety-nine pounds a month each", 12.99, "GBP", Period::Month, 19.99),
        ("en", "A couple of thousand dollars a month", 2000.0, "USD", Period::Month, 3000.0),
        ("en", "Two and a quarter million dollars a year", 2_250_000.0, "USD", Period::Year, 2_500_000.0),
        ("en", "Thirty-eight grand a year, in pounds: \u{a3}38k", 38_000.0, "GBP", Period::Year, 28_000.0),
        ("de", "Mehr als anderthalb Millionen Euro im Jahr sind nicht drin", 1_500_000.0, "EUR", Period::Year, 500_000.0),
        ("de", "Wir zahlen heute 1.250,50 \u{20ac} im Monat daf\u{fc}r", 1250.5, "EUR", Period::Month, 1205.5),
        ("fr", "Nous avons pr\u{e9}vu quatre-vingt mille euros par an", 80_000.0, "EUR", Period::Year, 24_000.0),
        ("fr", "Notre budget est de 45 k\u{20ac} par an", 45_000.0, "EUR", Period::Year, 54_000.0),
        ("nl", "Wij hebben zo'n vijfentwintigduizend euro per jaar", 25_000.0, "EUR", Period::Year, 52_000.0),
        ("es", "Tenemos doce mil quinientos euros al a\u{f1}o para esto", 12_500.0, "EUR", Period::Year, 15_200.0),
    ];
    for (language, said, right, currency, period, wrong) in rows {
        assert_told_apart(language, &[said], "budget", money(right, currency, period), money(wrong, currency, period));
    }
}

#[test]
fn counts_are_understood_as_they_are_said() {
    let rows = [
        ("We are about seventeen hundred people", 1700.0, "people", 700.0),
        ("Half a dozen sites", 6.0, "sites", 12.0),
        ("Three lakh parcels go out", 300_000.0, "parcels", 30_000.0),
        ("1,20,000 parcels go out", 120_000.0, "parcels", 12_000.0),
        ("A couple hundred tickets", 200.0, "tickets", 100.0),
        ("Twenty-odd people work there", 20.0, "people", 30.0),
        ("One in five calls is lost", 20.0, "percent", 25.0),
        ("A third of the calls are lost", 33.0, "percent", 66.0),
        ("Two fifty, two hundred and fifty people", 250.0, "people", 205.0),
    ];
    for (said, right, unit, wrong) in rows {
        assert_told_apart("en", &[said], "seats", seats(right, unit), seats(wrong, unit));
    }
}

/// All is said on Monday, 4 May 2026.
#[test]
fn days_are_understood_as_they_are_said() {
    type Row = (&'static str, &'static [&'static str], &'static str, [i8; 2], [i8; 2]);
    let rows: [Row; 24] = [
        ("en", &["Let us do Wednesday the 10th"], "Wednesday the 10th", [6, 10], [5, 10]),
        ("en", &["You get the form by thirteenth"], "by thirteenth", [5, 13], [5, 30]),
        ("en", &["Do it on eighteenth, Thursday, at our office"], "on eighteenth", [6, 18], [6, 8]),
        ("en", &["Eighteenth works for us"], "Eighteenth", [5, 18], [5, 8]),
        ("en", &["We see you Friday week"], "Friday week", [5, 15], [5, 22]),
        ("en", &["A week on Tuesday is fine"], "A week on Tuesday", [5, 12], [5, 19]),
        ("en", &["Back to you a week tomorrow"], "a week tomorrow", [5, 12], [5, 21]),
        ("en", &["Two weeks on Friday we start"], "Two weeks on Friday", [5, 22], [5, 29]),
        ("en", &["Call with Craig, owner, 18/5"], "18/5", [5, 18], [5, 19]),
        ("en", &["Datasheet sent 9/6 evening"], "9/6", [6, 9], [7, 9]),
        ("en", &["Nobody has time until October 19.", "Make it the 21st"], "the 21st", [10, 21], [10, 22]),
        ("en", &["Nobody has time until October 19.", "Make it the 21st"], "the 21st", [10, 21], [11, 21]),
        ("en", &["It has to be working by end of Feb, so 26 Feb 2027"], "end of Feb", [2, 26], [3, 26]),
        ("en", &["She filled in the form on Thursday"], "Thursday", [4, 30], [4, 23]),
        ("en", &["It has been down since the 25th"], "the 25th", [4, 25], [3, 25]),
        ("de", &["Wir sehen uns am Dienstag in acht Tagen wieder"], "Dienstag in acht Tagen", [5, 12], [5, 22]),
        ("de", &["Die Sitzung ist am Mittwoch, den 10. Juni"], "den 10. Juni", [6, 10], [6, 11]),
        ("fr", &["On se revoit lundi en huit chez vous"], "lundi en huit", [5, 18], [5, 28]),
        ("fr", &["Nous signons le 1er juin avec vous"], "le 1er juin", [6, 1], [6, 11]),
        ("fr", &["Je vous envoie le dossier apr\u{e8}s-demain"], "apr\u{e8}s-demain", [5, 6], [5, 10]),
        ("nl", &["Wij beslissen vrijdag over een week"], "vrijdag over een week", [5, 15], [5, 25]),
        ("nl", &["Dat moet op 11 juni klaar zijn"], "11 juni", [6, 11], [6, 12]),
        ("es", &["Lo firmamos el lunes que viene"], "el lunes que viene", [5, 11], [5, 20]),
        ("es", &["Lo tenemos el quince de junio"], "el quince de junio", [6, 15], [6, 5]),
    ];
    for (language, said, words, right, wrong) in rows {
        let year = if right[0] < 4 { 2027 } else { 2026 };
        let day = |[month, day]: [i8; 2]| Value::Date { date: date(year, month, day), said: words.to_owned() };
        assert_told_apart(language, said, "timeline", day(right), day(wrong));
    }
}

#[test]
fn the_other_next_friday_only_warns() {
    let friday = |day: i8| Value::Date { date: date(2026, 5, day), said: "next Friday".to_owned() };
    let check = |day: i8| worst("en", &["We decide next Friday"], "timeline", friday(day));
    assert_eq!((check(15), check(8), check(22)), (None, Some(Warn), Some(Block)));
}

#[test]
fn lengths_are_understood_as_they_are_said() {
    use DurationUnit::{Day, Month, Week};
    let rows = [
        ("en", "It takes a week or two", 1.0, Some(2.0), Week, 3.0),
        ("en", "We need a fortnight", 2.0, None, Week, 3.0),
        ("en", "Your form says net 30 by card", 30.0, None, Day, 45.0),
        ("en", "It is an annual contract", 12.0, None, Month, 24.0),
        ("en", "We would go month to month", 1.0, None, Month, 6.0),
        ("en", "It runs for a month and a half", 1.5, None, Month, 2.5),
        ("fr", "Nous testons pendant quinze jours avec vous", 2.0, None, Week, 3.0),
        ("de", "Wir testen das acht Tage lang, nicht mehr", 1.0, None, Week, 2.0),
        ("de", "Wir testen das vierzehn Tage lang, nicht mehr", 14.0, None, Day, 15.0),
        ("nl", "Wij hebben anderhalve maand nodig voor de proef", 1.5, None, Month, 2.5),
    ];
    for (language, said, amount, up_to, unit, wrong) in rows {
        let length = |amount: f64, up_to: Option<f64>| Value::Duration { amount, up_to, unit };
        assert_told_apart(language, &[said], "pilot", length(amount, up_to), length(wrong, None));
    }
}

#[test]
fn texts_tell_in_digits_what_was_said_in_words() {
    let rows: [(&[&str], &str, &str); 9] = [
        (&["Over fifty presses it is four fifty each"], "450 each over fifty presses", "540 each over fifty presses"),
        (&["I can sign up to twenty-five K"], "She can sign up to 25K", "She can sign up to 35K"),
        (&["Kindly note the time is 11.30 and not 11"], "The time is 11:30", "The time is 12:30"),
        (&["Half ten on Tuesday suits us"], "10:30 on Tuesday suits them", "9:15 on Tuesday suits them"),
        (&["Quarter to three is better for us"], "2:45 is better for them", "4:45 is better for them"),
        (&["They want the report in 3D"], "They want a 3D report", "They want 3 reports in 4 layouts"),
        (&["Wednesday the 10th it is"], "It is Wednesday, June 10", "It is Wednesday, June 11"),
        (&["Call with the owner 18/5"], "Call with the owner on 18 May", "Call with the owner on 19 May"),
        (
            &["Net 30 by card is on the form.", "Net 45 by check works. | I will have billing change it."],
            "Billing changes it to net 45 by check",
            "Billing changes it to net 30 by check",
        ),
    ];
    for (said, right, wrong) in rows {
        assert_told_apart("en", said, "pain", text(right), text(wrong));
    }
}

#[test]
fn a_month_may_be_said_without_its_number() {
    let said = ["Is it month to month or a year?"];
    assert_told_apart("en", &said, "pain", text("Is it a month or a year"), text("Is it a week or a year"));
}

#[test]
fn amounts_of_the_quote_carry_an_item_in_other_words() {
    let said = ["$10,152 a year at list, 15% off the first year"];
    let excerpt = excerpt_of(said.iter().map(|said| turn("Ann Lee", Side::Customer, said)).collect());
    let item = |words: &str| {
        let mut brief = right_brief();
        (brief.axes, brief.commitments) = (Vec::new(), Vec::new());
        let items = Value::List { items: vec![words.to_owned()] };
        brief.fields = vec![stated("competition", items, vec![excerpt.evidence(1, said[0])])];
        severity_of(&review(brief, &excerpt, &contract(), &BTreeMap::new()), "texts_are_carried")
    };
    assert_eq!(item("15% discount initially; list price of $10,152 afterwards"), None);
    assert_eq!(item("Generous discount initially; public price sheet afterwards"), Some(Warn));
}

#[test]
fn a_day_that_cannot_be_told_raises_nothing() {
    let due = |said: &str, due| {
        let excerpt = with_turns([turn("Ann Lee", Side::Customer, said)]);
        let mut brief = right_brief();
        brief.commitments[0].due = Some(due);
        brief.commitments[0].evidence = vec![excerpt.evidence(8, said)];
        severity_of(&review(brief, &excerpt, &contract(), &BTreeMap::new()), "quotes_support_values")
    };
    assert_eq!(due("I'll send the security questionnaire before Thanksgiving", date(2026, 11, 25)), None);
    assert_eq!(due("I'll send the security questionnaire right after the call", date(2026, 5, 4)), None);
    assert_eq!(due("I'll send the security questionnaire right after the call", date(2026, 5, 7)), Some(Block));
    assert_eq!(due("I'll send the security questionnaire", date(2026, 5, 4)), Some(Block));
}

#[test]
fn what_is_said_at_night_in_utc_was_said_on_another_day_elsewhere() {
    let check = |at: &str, day: i8| {
        let late = Unit { at: Some(at.parse().unwrap()), ..turn("Ann Lee", Side::Customer, "We decide tomorrow") };
        let excerpt = excerpt_of(vec![late]);
        let mut brief = right_brief();
        (brief.axes, brief.commitments) = (Vec::new(), Vec::new());
        let value = Value::Date { date: date(2026, 5, day), said: "tomorrow".to_owned() };
        brief.fields = vec![stated("timeline", value, vec![excerpt.evidence(1, "We decide tomorrow")])];
        severity_of(&review(brief, &excerpt, &contract(), &BTreeMap::new()), "quotes_support_values")
    };
    assert_eq!((check("2026-05-04T22:40:00Z", 6), check("2026-05-04T15:00:00Z", 6)), (None, Some(Warn)));
    assert_eq!((check("2026-05-05T01:10:00Z", 5), check("2026-05-05T10:10:00Z", 5)), (None, Some(Warn)));
}

#[test]
fn dollars_and_crowns_are_those_that_were_named() {
    let dollars = ["It was A$400 last year.", "Not more than 350 dollars a month"];
    assert_told_apart("en", &dollars, "budget", money(350.0, "AUD", Period::Month), money(350.0, "CAD", Period::Month));
    let crowns = ["It is 6500 kr a month"];
    assert_told_apart("en", &crowns, "budget", money(6500.0, "NOK", Period::Month), money(6500.0, "GBP", Period::Month));
}
