//! Material that is not English: numbers, days and quotes are compared, words raise nothing.

use super::*;

/// A German call, or one in another language under the same places.
fn excerpt_in(language: &str, texts: [&str; 4]) -> Excerpt {
    let [pain, seats, timeline, promise] = texts;
    excerpt_of(vec![
        turn("Ann Lee", Side::Customer, pain),
        turn("Ann Lee", Side::Customer, seats),
        turn("Ann Lee", Side::Customer, timeline),
        turn("Dana Cole", Side::Ours, promise),
    ])
    .in_language("call-1", language)
}

fn german() -> Excerpt {
    excerpt_in(
        "de",
        [
            "Die Berichte bauen wir jede Woche von Hand, das ist wirklich mühsam.",
            "Wir brauchen achtundzwanzig Plätze, und mehr als elftausend Euro im Jahr haben wir nicht.",
            "Das muss am fünfzehnten Juni laufen, sonst wird es nichts.",
            "Das Angebot schicke ich Ihnen bis nächsten Freitag.",
        ],
    )
}

fn polish() -> Excerpt {
    excerpt_in(
        "pl",
        [
            "Co tydzień robimy raporty ręcznie i to jest naprawdę uciążliwe dla całego zespołu.",
            "Potrzebujemy dwadzieścia osiem miejsc, a budżet to 11 tysięcy euro rocznie.",
            "System musi działać 15 czerwca, inaczej nic z tego nie będzie.",
            "Ofertę wyślę w przyszły piątek.",
        ],
    )
}

/// The brief of both calls, quoting whole turns.
fn brief_of(excerpt: &Excerpt, headline: &str, pain: &str, what: &str, said: &str) -> Brief {
    let turn = |n: u32| vec![excerpt.evidence(n, &excerpt.unit(n).unwrap().text)];
    let mut brief = right_brief();
    brief.headline = headline.to_owned();
    brief.axes.clear();
    brief.fields = vec![
        stated("budget", money(11_000.0, "EUR", Period::Year), turn(2)),
        stated("seats", Value::Number { number: 28.0, up_to: None, unit: None }, turn(2)),
        stated("timeline", Value::Date { date: date(2026, 6, 15), said: said.to_owned() }, turn(3)),
        stated("pain", text(pain), turn(1)),
    ];
    brief.commitments = vec![Commitment {
        who: Some("Dana Cole".to_owned()),
        side: Side::Ours,
        to_whom: Some("Ann Lee".to_owned()),
        what: what.to_owned(),
        due: Some(date(2026, 5, 8)),
        firmness: Firmness::Firm,
        evidence: turn(4),
    }];
    brief
}

fn german_brief(excerpt: &Excerpt) -> Brief {
    let headline = "Ann Lee sucht 28 Plätze für höchstens 11.000 € im Jahr, Start am 15. Juni";
    brief_of(excerpt, headline, "Das Erstellen der Auswertungen kostet Zeit", "Angebot zusenden", "am fünfzehnten Juni")
}

fn alarms(brief: Brief, excerpt: &Excerpt) -> Vec<(String, Severity, String)> {
    alarms_by(brief, excerpt, &contract())
}

fn alarms_by(brief: Brief, excerpt: &Excerpt, contract: &Contract) -> Vec<(String, Severity, String)> {
    let reviewed = review(brief, excerpt, contract, &BTreeMap::new());
    let about_words = |one: &&Finding| one.severity >= Warn && one.check != "commitments_are_complete";
    let found = reviewed.findings().iter().filter(about_words);
    found.map(|one| (one.check.clone(), one.severity, one.message.clone())).collect()
}

#[test]
fn a_right_brief_over_a_german_call_raises_nothing() {
    assert_eq!(alarms(german_brief(&german()), &german()), []);
}

#[test]
fn a_wrong_number_or_day_over_a_german_call_is_blocked() {
    type Change = fn(&mut Brief);
    let changes: [(&str, Change); 5] = [
        ("quotes_support_values", |brief| brief.fields[0].value = Some(money(12_000.0, "EUR", Period::Year))),
        ("quotes_support_values", |brief| {
            brief.fields[1].value = Some(Value::Number { number: 82.0, up_to: None, unit: None });
        }),
        ("quotes_support_values", |brief| {
            brief.fields[2].value = Some(Value::Date { date: date(2026, 6, 16), said: "am fünfzehnten Juni".to_owned() });
        }),
        ("numbers_are_grounded", |brief| brief.headline = "Ann Lee sucht 29 Plätze und das möglichst bald".to_owned()),
        ("dates_are_grounded", |brief| brief.headline = "Ann Lee will den Start am 16. Juni und das mit uns".to_owned()),
    ];
    for (check, change) in changes {
        let mut brief = german_brief(&german());
        change(&mut brief);
        let found = alarms(brief, &german());
        assert!(found.iter().any(|(name, severity, _)| name == check && *severity == Block), "{check}: {found:#?}");
    }
}

#[test]
fn an_english_brief_over_a_german_call_is_held_to_its_numbers_and_not_to_its_words() {
    let english =
        |headline: &str| brief_of(&german(), headline, "Reporting takes them too long", "Send the quotation", "fünfzehnten Juni");
    // A brief in a language that neither the sources nor the contract have is `texts_are_carried`'s to look at.
    let contract = Contract::parse(&CONTRACT.replace("version = 1", "version = 1\nlanguage = \"en\""), "test.toml").unwrap();
    let right = english("Ann Lee wants 28 seats for 11,000 euros a year, live on June 15");
    assert_eq!(alarms_by(right, &german(), &contract), []);
    let wrong = english("Ann Lee wants 30 seats for 11,000 euros a year, live on June 15");
    let found = alarms_by(wrong, &german(), &contract);
    assert!(found.iter().any(|(name, severity, _)| name == "numbers_are_grounded" && *severity == Block), "{found:#?}");
}

#[test]
fn what_cannot_be_read_blocks_nothing_and_digits_are_still_compared() {
    let headline = "Ann Lee szuka 28 miejsc za 11 000 euro rocznie, start 15 czerwca";
    let brief = || brief_of(&polish(), headline, "Ręczne raporty zabierają dużo czasu", "Wysłać ofertę", "15 czerwca");
    let found = alarms(brief(), &polish());
    assert!(found.iter().all(|(_, severity, _)| *severity < Block), "{found:#?}");
    let mut wrong = brief();
    wrong.fields[0].value = Some(money(17_000.0, "EUR", Period::Year));
    let found = alarms(wrong, &polish());
    assert!(found.iter().any(|(name, _, message)| name == "quotes_support_values" && message.contains("17000")), "{found:#?}");
}

#[test]
fn a_value_without_a_quote_is_blocked_in_any_language() {
    let mut brief = german_brief(&german());
    brief.fields[1].evidence.clear();
    let found = alarms(brief, &german());
    assert!(found.iter().any(|(name, severity, _)| name == "quotes_support_values" && *severity == Block), "{found:#?}");
}

#[test]
fn a_denial_or_hedge_that_no_german_words_make_is_warned_of() {
    for (what, check) in [
        ("Das Erstellen der Auswertungen kostet nicht viel Zeit, und wir haben es nicht so gesagt", "negations_agree"),
        ("Das Erstellen der Auswertungen kostet uns vielleicht etwas Zeit", "hedges_agree"),
    ] {
        let headline = "Ann Lee sucht 28 Plätze für höchstens 11.000 € im Jahr, Start am 15. Juni";
        let found = alarms(brief_of(&german(), headline, what, "Angebot zusenden", "am fünfzehnten Juni"), &german());
        assert!(found.iter().any(|(name, severity, _)| name == check && *severity == Warn), "{check}: {found:#?}");
    }
}
