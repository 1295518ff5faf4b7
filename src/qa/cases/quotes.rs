//! `quotes_are_verbatim`: what counts as the source's own words, and what is put back.

use super::*;

/// The evidence after a review in which a label of the right brief has this quote, with what the check says.
fn settled(excerpt: &Excerpt, unit: u32, words: &str) -> (Evidence, Vec<Finding>) {
    let mut brief = right_brief();
    brief.axes[0].evidence = vec![excerpt.evidence(unit, words)];
    let reviewed = review(brief, excerpt, &contract(), &BTreeMap::new());
    let findings = reviewed.findings().iter().filter(|one| one.check == "quotes_are_verbatim").cloned().collect();
    (reviewed.brief().axes[0].evidence[0].clone(), findings)
}

/// What a quote becomes, and the worst that is said about it.
fn becomes(said: &str, quote: &str) -> (String, Option<Severity>) {
    let excerpt = with_turns([turn("Ann Lee", Side::Customer, said)]);
    let (evidence, findings) = settled(&excerpt, 8, quote);
    if let (Some(span), Some(unit)) = (evidence.span, excerpt.unit(evidence.unit)) {
        let words = &unit.text[span.start - unit.span.start..span.end - unit.span.start];
        assert_eq!(crate::context::visible(words), evidence.quote);
    }
    (evidence.quote, findings.iter().map(|one| one.severity).max())
}

#[test]
fn differences_that_no_reader_sees_raise_nothing() {
    for (said, quote) in [
        ("The o\u{fb03}ce \u{2013} all of it \u{2013} needs it", "The office - all of it - needs it"),
        ("a long\u{ad}term cost\u{2011}cut plan", "a longterm cost-cut plan"),
        ("we pay \u{ff11}\u{ff12}\u{ff10} euros", "we pay 120 euros"),
        ("Caf\u{65}\u{301}  and\u{a0}bar", "Caf\u{e9} and bar"),
        ("R&D says \"no way\"", "R&amp;D says &quot;no way&quot;"),
        ("we export it by night", "Ann Lee: we export it by night"),
        ("we export it by night", "Ann: We export it by night."),
    ] {
        assert_eq!(becomes(said, quote).1, None, "{quote:?}");
    }
}

#[test]
fn marks_case_and_hesitations_are_put_back_as_they_stand() {
    for (said, quote, expected) in [
        ("We *really* need an export", "We really need an export", "We *really* need an export"),
        ("our It Team needs an export", "our IT team needs an export", "our It Team needs an export"),
        ("We need an export \u{1f44d} by night", "We need an export by night", "We need an export \u{1f44d} by night"),
        ("We need an export by night", "> We need an **export** by night", "We need an export by night"),
        ("We need, uh, an export um by night", "We need an export by night", "We need, uh, an export um by night"),
        ("We need an export, really. By night.", "We need an export... By night", "We need an export, really. By night"),
        ("We need an export, really. By night.", "We need [\u{2026}] By night.", "We need an export, really. By night"),
        ("We need an export, really. By night.", "need an export (...) night", "need an export, really. By night"),
    ] {
        assert_eq!(becomes(said, quote), (expected.to_owned(), Some(Info)), "{quote:?}");
    }
}

#[test]
fn a_quote_with_words_changed_carries_the_distance() {
    let excerpt = with_turns([turn("Ann Lee", Side::Customer, "We need an export of all orders by night, every night.")]);
    let (evidence, findings) = settled(&excerpt, 8, "We need the export of all orders by night, every night.");
    assert_eq!(evidence.quote, "We need an export of all orders by night, every night");
    assert!(findings[0].message.contains("1 word;"), "{findings:#?}");
    assert_eq!(findings[0].severity, Warn);
}

#[test]
fn a_quote_with_somebody_elses_name_before_it_is_found() {
    let excerpt = with_turns([turn("Bo Ray", Side::Customer, "we export it by night")]);
    let (evidence, findings) = settled(&excerpt, 8, "Dana Cole: we export it by night");
    assert_eq!((evidence.speaker.as_deref(), findings[0].severity), (Some("Bo Ray"), Warn));
    assert!(findings[0].message.contains("Dana Cole"));
    let (_, findings) = settled(&excerpt, 8, "Speaker 2: we export it by night");
    assert_eq!(findings, [], "a label that names nobody we know");
}

#[test]
fn words_left_out_between_places_or_in_another_order_are_not_put_back() {
    let said = "We need an export by night. It must hold all orders.";
    assert_eq!(becomes(said, "It must hold all orders ... We need an export").1, Some(Block));
    assert_eq!(becomes(said, "We need an export ... all invoices").1, Some(Block));
    assert_eq!(becomes(said, "an export by nigh ... hold all").1, Some(Block), "half a word is none");
}

/// Paragraphs of one mail.
fn mail(paragraphs: &[&str]) -> Vec<Unit> {
    let start = conversation().len();
    let place = |(i, text): (usize, &&str)| Unit {
        source: "mail-1".to_owned(),
        source_type: SourceType::EmailThread,
        message: 40,
        original: Some(Span { start: 100 + i * 1000, end: 100 + i * 1000 + text.len() }),
        ..turn("Ann Lee", Side::Customer, text)
    };
    assert_eq!(start, 7);
    paragraphs.iter().enumerate().map(place).collect()
}

#[test]
fn a_quote_over_the_end_of_a_paragraph_has_a_place() {
    let excerpt = with_turns(mail(&["Dear Dana,", "We need an export,", "by night", "of all orders.", "Best, Ann"]));
    let (first, last) = (excerpt.unit(9).unwrap().clone(), excerpt.unit(11).unwrap().clone());
    let (evidence, findings) = settled(&excerpt, 9, "need an export, by night of all orders");
    let messages: Vec<_> = findings.iter().map(|one| (one.severity, one.message.contains("3 units"))).collect();
    assert_eq!(messages, [(Info, true)]);
    assert_eq!((evidence.unit, evidence.source.as_str()), (9, "mail-1"));
    assert_eq!(evidence.quote, "need an export,\nby night\nof all orders");
    assert_eq!(evidence.span, Some(Span { start: first.span.start + 3, end: last.span.end - 1 }));
    assert_eq!(evidence.original, Some(Span { start: 1103, end: 3113 }));
}

#[test]
fn a_quote_over_the_end_of_a_turn_or_a_gap_has_none() {
    let mut units = mail(&["We need an export", "by night"]);
    units[1].message = 41;
    assert_eq!(settled(&with_turns(units), 8, "need an export by night").1[0].severity, Block);
    let mut units = mail(&["We need an export", "by night"]);
    units[1].gap_before = true;
    assert_eq!(settled(&with_turns(units), 8, "need an export by night").1[0].severity, Block);
    let halves = mail(&["We need an ex", "port by night"]);
    assert_eq!(settled(&with_turns(halves), 8, "need an ex port by nig").1[0].severity, Block, "half a word is none");
}

#[test]
fn values_are_compared_with_what_stands_in_the_source_and_not_with_the_mended_quote() {
    let excerpt = with_turns([turn("Ann Lee", Side::Customer, "We need, uh, 150 seats for all of us here in Lyon.")]);
    let mut brief = right_brief();
    *field(&mut brief, "seats") =
        stated("seats", seats(120.0, "seats"), vec![excerpt.evidence(8, "We need 120 seats for all of us here in Lyon.")]);
    let reviewed = review(brief, &excerpt, &contract(), &BTreeMap::new());
    assert_eq!(severity_of(&reviewed, "quotes_support_values"), Some(Block), "{:#?}", reviewed.findings());
}
