//! Amounts of money: an amount with a currency beside it, or with a scale and words of money around it.

use super::MoneyMention;
use super::amount::{Amount, amounts};
use super::words::{Scale, Term, Words};
use crate::domain::value::Period;

pub(super) fn money(text: &str) -> Vec<MoneyMention> {
    let words = Words::scan(text);
    money_in(&words, &amounts(&words))
}

pub(super) fn money_in(words: &Words<'_>, amounts: &[Amount]) -> Vec<MoneyMention> {
    let mut found = Vec::new();
    let mut floor = 0;
    for (n, amount) in amounts.iter().enumerate() {
        let ceiling = amounts.get(n + 1).map_or(words.len(), |next| next.first);
        let around = Neighbours { floor, ceiling };
        if let Some((mention, end)) = mention(words, amount, &around) {
            found.push(mention);
            floor = end;
        } else {
            floor = amount.end;
        }
    }
    found
}

/// The words an amount may claim as its own: after the amount before it, before the next one.
struct Neighbours {
    floor: usize,
    ceiling: usize,
}

fn mention(words: &Words<'_>, amount: &Amount, around: &Neighbours) -> Option<(MoneyMention, usize)> {
    let before = currency_before(words, amount.first, around.floor);
    let inside = (amount.first..amount.end).find_map(|i| code_of(words, i));
    let after = currency_after(words, amount.end);
    let (first, end) = (before.map_or(amount.first, |(_, first)| first), after.map_or(amount.end, |(_, end)| end));
    let code = before.map(|(code, _)| code).or(after.map(|(code, _)| code)).or(inside);
    let (period, end) = period_after(words, end, around.ceiling).map_or((None, end), |(period, end)| (Some(period), end));
    let is_money = amount.is_scaled && speaks_of_money(words, amount, end, period) || is_foreign_rate(words, amount, period);
    if code.is_none() && !is_money {
        return None;
    }
    let period = period.or_else(|| period_around(words, first, end, around));
    let span = words.span(first, end);
    let currency = code.map(|code| code.iter().copied().map(char::from).collect());
    Some((MoneyMention { span, amount: amount.value, up_to: amount.up_to, currency, period }, end))
}

/// "Mehr als zwölfhundert im Monat": nothing is counted, so it is money.
fn is_foreign_rate(words: &Words<'_>, amount: &Amount, period: Option<Period>) -> bool {
    words.is_foreign() && amount.value >= 100.0 && period.is_some()
}

/// ISO 4217, in ASCII.
type Code = [u8; 3];

fn code_of(words: &Words<'_>, i: usize) -> Option<Code> {
    match words.text_of(i) {
        "$" => Some(*b"USD"),
        "€" => Some(*b"EUR"),
        "£" => Some(*b"GBP"),
        "¥" => Some(*b"JPY"),
        "₹" => Some(*b"INR"),
        "₦" => Some(*b"NGN"),
        // Kenya's word for its shilling; "Bob" is somebody.
        "bob" => Some(*b"KES"),
        _ => match words.term(i) {
            Term::Currency(code) => Some(code),
            _ => None,
        },
    }
}

/// The currency before an amount and the word it starts at: `$`, `US$`, `EUR`.
fn currency_before(words: &Words<'_>, first: usize, floor: usize) -> Option<(Code, usize)> {
    const BEFORE: [&str; 4] = ["rs", "ksh", "kshs", "sterling"];
    let at = first.checked_sub(1).filter(|at| *at >= floor)?;
    // "Rs. 18 lakhs".
    let is_short = at > floor && words.is_symbol(at, &['.']) && words.is_glued_before(at) && words.is_any(at - 1, &BEFORE);
    let at = if is_short { at - 1 } else { at };
    let code = code_of(words, at)?;
    if words.is_letters(at) {
        // "dollars 45" is two things; "USD 45" is one.
        let is_code = words.text_of(at).as_bytes().eq_ignore_ascii_case(&code) || words.is_any(at, &BEFORE);
        return is_code.then_some((code, at));
    }
    let has_prefix = words.is_symbol(at, &['$']) && at > floor && words.is_glued(at - 1);
    let prefixed = has_prefix.then(|| dollar_of(words.text_of(at - 1))).flatten().map(|code| (code, at - 1));
    Some(prefixed.unwrap_or((code, at)))
}

fn dollar_of(prefix: &str) -> Option<Code> {
    match prefix {
        "US" => Some(*b"USD"),
        "C" | "CA" | "CAD" => Some(*b"CAD"),
        "A" | "AU" => Some(*b"AUD"),
        "NZ" => Some(*b"NZD"),
        "HK" => Some(*b"HKD"),
        "S" => Some(*b"SGD"),
        _ => None,
    }
}

/// The currency after an amount and the word after it.
fn currency_after(words: &Words<'_>, end: usize) -> Option<(Code, usize)> {
    let mut at = end;
    let is_abbreviated = words.is_symbol(at, &['.']) && words.is_any_before(at, &["mio", "mrd", "tsd"]);
    if is_abbreviated || (words.is_symbol(at, &['-']) && words.is_letters(at + 1)) {
        at += 1;
    }
    if words.is_any(at, &["us", "u.s"]) && matches!(words.term(at + 1), Term::Currency(code) if code == *b"USD") {
        at += 1;
    }
    let code = code_of(words, at)?;
    // "45 $500 vouchers": the sign belongs to the number it touches.
    let touches_next = !words.is_letters(at) && words.is_glued(at) && words.is_digits(at + 1) && !words.is_glued_before(at);
    (!touches_next).then_some((code, at + 1))
}

/// `per year`, `/month`, `a quarter`, `annually`, `one-off`, also after `per seat`; and the word after it.
fn period_after(words: &Words<'_>, end: usize, ceiling: usize) -> Option<(Period, usize)> {
    let mut at = end;
    for _ in 0..3 {
        if at >= ceiling.max(end) && at != end {
            return None;
        }
        if words.is_symbol(at, &[',', '(']) && period_word(words, at + 1).is_some() {
            at += 1;
        }
        if let Some(found) = period_word(words, at) {
            return Some(found);
        }
        // "Par machine et par mois".
        if words.is_foreign() && words.is_any(at, &["and"]) && is_per(words, at + 1) {
            at += 1;
            continue;
        }
        if !is_per(words, at) {
            return None;
        }
        if let Some(period) = unit_period(words, at + 1) {
            return Some((period, at + 2));
        }
        // "À la semaine".
        if words.is_foreign() && (is_per(words, at + 1) || words.is_any(at + 1, &["the"])) {
            at += 1;
            continue;
        }
        // "per seat per month": hop over the seat.
        if !words.is_letters(at + 1) {
            return None;
        }
        at += 2;
    }
    None
}

fn is_per(words: &Words<'_>, i: usize) -> bool {
    let is_foreign_per = || {
        words.is_foreign()
            && (words.is_any(i, &["in", "and", "to", "the"]) || words.is_any(i, &["of"]))
            && unit_period(words, i + 1).is_some()
    };
    words.is_symbol(i, &['/']) || words.is_any(i, &["per", "a", "an", "each", "every", "pro"]) || is_foreign_per()
}

fn unit_period(words: &Words<'_>, i: usize) -> Option<Period> {
    use crate::domain::value::DurationUnit::{Day, Hour, Minute, Month, Quarter, Week, Year};
    match words.term(i) {
        Term::Time(Day) => Some(Period::Day),
        Term::Time(Month) => Some(Period::Month),
        Term::Time(Quarter) => Some(Period::Quarter),
        Term::Time(Year) => Some(Period::Year),
        Term::Time(Minute | Hour | Week) => None,
        _ if words.is_any(i, &["jahr", "y"]) => Some(Period::Year),
        _ if words.is_any(i, &["monat", "m"]) => Some(Period::Month),
        _ => None,
    }
}

/// A period in one or a few words, without `per`.
fn period_word(words: &Words<'_>, i: usize) -> Option<(Period, usize)> {
    if words.is_any(i, &["one", "single"]) {
        let next = if words.is_symbol(i + 1, &['-']) { i + 2 } else { i + 1 };
        return words.is_any(next, &["off", "time"]).then_some((Period::Once, next + 1));
    }
    if words.is_any(i, &["p"]) && words.is_any(i + 2, &["a", "m"]) && words.is_symbol(i + 1, &['.']) {
        let period = if words.is_any(i + 2, &["a"]) { Period::Year } else { Period::Month };
        return Some((period, i + 3));
    }
    let period = match () {
        () if words.is_any(i, &["annually", "yearly", "annual", "pa", "arr", "acv", "jährlich"]) => Period::Year,
        () if words.is_any(i, &["monthly", "pcm", "mrr", "monatlich"]) => Period::Month,
        () if words.is_any(i, &["quarterly"]) => Period::Quarter,
        () if words.is_any(i, &["daily"]) => Period::Day,
        () if words.is_any(i, &["once", "oneoff", "onetime"]) && !words.is_letters(i + 1) => Period::Once,
        () => return None,
    };
    Some((period, i + 1))
}

/// A period said a few words earlier or later: "annual budget of $45k", "a $500 setup fee".
fn period_around(words: &Words<'_>, first: usize, end: usize, around: &Neighbours) -> Option<Period> {
    const REACH: usize = 6;
    let later = (end..(end + 4).min(around.ceiling)).take_while(|i| !is_clause_break(words, *i));
    if let Some(period) = later.clone().find_map(|i| fee_period(words, i)) {
        return Some(period);
    }
    let earliest = first.saturating_sub(REACH).max(around.floor);
    let earlier = (earliest..first).rev().take_while(|i| !is_clause_break(words, *i));
    earlier.clone().find_map(|i| fee_period(words, i).or_else(|| period_word(words, i).map(|(period, _)| period)))
}

fn is_clause_break(words: &Words<'_>, i: usize) -> bool {
    words.is_break(i) || words.is_symbol(i, &[',', ':', '(', ')']) || words.is_any(i, &["and", "plus", "but"])
}

/// Fees that are due once, whatever the words between.
fn fee_period(words: &Words<'_>, i: usize) -> Option<Period> {
    if words.is_any(i, &["setup", "onboarding", "implementation", "upfront"])
        && words.is_any(i + 1, &["fee", "cost", "charge", "fees", "costs"])
    {
        return Some(Period::Once);
    }
    if words.is_any(i, &["set"]) && words.is_any(i + 1, &["up"]) && words.is_any(i + 2, &["fee", "cost", "charge"]) {
        return Some(Period::Once);
    }
    if words.is_any(i, &["one"]) {
        return period_word(words, i).map(|(period, _)| period);
    }
    None
}

/// Whether an amount without a currency is money: nothing was counted, and money is spoken of nearby.
fn speaks_of_money(words: &Words<'_>, amount: &Amount, end: usize, period: Option<Period>) -> bool {
    if period.is_some() || (amount.first..amount.end).any(|i| words.is_any(i, &["grand"])) {
        return true;
    }
    // India counts people and parcels in lakhs too, but then says so.
    let is_indian = |i: usize| matches!(words.term(i), Term::Scale(Scale::Lakh | Scale::Crore));
    if is_indian(amount.end - 1) && counts_nothing(words, end) {
        return true;
    }
    counts_nothing(words, end) && (is_cue_after(words, end) || is_cue_before(words, amount.first))
}

/// "120k users" counts users; "45k budget", "45k max", "45k for" count nothing.
fn counts_nothing(words: &Words<'_>, end: usize) -> bool {
    const ALLOWED: [&str; 16] = [
        "tops", "max", "maximum", "total", "all", "annual", "yearly", "ish", "range", "ballpark", "upfront", "flat", "gross",
        "net", "give", "each",
    ];
    let has_cue_soon = words.term(end) == Term::MoneyCue || (words.is_letters(end) && words.term(end + 1) == Term::MoneyCue);
    !words.is_letters(end) || words.is_function(end) || words.is_any(end, &ALLOWED) || has_cue_soon
}

fn is_cue_after(words: &Words<'_>, end: usize) -> bool {
    (end..(end + 8).min(words.len())).take_while(|i| !words.is_break(*i)).any(|i| words.term(i) == Term::MoneyCue)
}

fn is_cue_before(words: &Words<'_>, first: usize) -> bool {
    (first.saturating_sub(12)..first).rev().take_while(|i| !words.is_break(*i)).any(|i| words.term(i) == Term::MoneyCue)
}

#[cfg(test)]
mod tests {
    use super::money;
    use crate::domain::value::Period;

    /// `45000 USD Year`, `40000-60000 EUR -`; several joined by `; `.
    fn rendered(text: &str) -> String {
        let one = |mention: super::MoneyMention| {
            let up_to = mention.up_to.map(|up_to| format!("-{up_to}")).unwrap_or_default();
            let period = mention.period.map_or("-".to_owned(), |period| format!("{period:?}"));
            format!("{}{up_to} {} {period}", mention.amount, mention.currency.as_deref().unwrap_or("-"))
        };
        money(text).into_iter().map(one).collect::<Vec<_>>().join("; ")
    }

    const ROWS: &[(&str, &str)] = &[
        ("$45k", "45000 USD -"),
        ("45K USD", "45000 USD -"),
        ("€1.2m", "1200000 EUR -"),
        ("€1.250 million", "1250000 EUR -"),
        ("£30,000 per annum", "30000 GBP Year"),
        ("forty-five thousand dollars a year", "45000 USD Year"),
        ("about forty-five thousand a year", "45000 - Year"),
        ("40 to 60 thousand euros", "40000-60000 EUR -"),
        ("our budget is between 40 and 60k", "40000-60000 - -"),
        ("we can pay 40-60k", "40000-60000 - -"),
        ("$40k-$60k", "40000-60000 USD -"),
        ("between €40k and €60k per year", "40000-60000 EUR Year"),
        ("from 40k USD to 60k USD", "40000-60000 USD -"),
        ("38 grand", "38000 - -"),
        ("a hundred and twenty eight dollars", "128 USD -"),
        ("two thousand five hundred euros", "2500 EUR -"),
        ("half a million dollars", "500000 USD -"),
        ("one point two million pounds", "1200000 GBP -"),
        ("two and a half million dollars", "2500000 USD -"),
        ("USD 12,500/month", "12500 USD Month"),
        ("US$ 12,500 monthly", "12500 USD Month"),
        ("A$300", "300 AUD -"),
        ("45k ARR", "45000 - Year"),
        ("$45k ARR", "45000 USD Year"),
        ("$1,200 per seat", "1200 USD -"),
        ("$1,200 per seat per month", "1200 USD Month"),
        ("$15/user/month", "15 USD Month"),
        ("$99/mo", "99 USD Month"),
        ("$99 p.a.", "99 USD Year"),
        ("€500 a quarter", "500 EUR Quarter"),
        ("€500 per quarter", "500 EUR Quarter"),
        ("$20/yr", "20 USD Year"),
        ("$9,000 annually", "9000 USD Year"),
        ("a one-time fee of $500", "500 USD Once"),
        ("$500 one-off", "500 USD Once"),
        ("$500 setup fee", "500 USD Once"),
        ("an annual budget of $45k", "45000 USD Year"),
        ("a $5,000 setup fee and $300 per month", "5000 USD Once; 300 USD Month"),
        ("$300 per month plus a setup fee of $5,000", "300 USD Month; 5000 USD Once"),
        ("1.250,50 €", "1250.5 EUR -"),
        ("1.250,50€ pro Monat", "1250.5 EUR Month"),
        ("12.000 EUR", "12000 EUR -"),
        ("EUR 1.234.567,89", "1234567.89 EUR -"),
        ("1 250 €", "1250 EUR -"),
        ("1\u{a0}250,00 €", "1250 EUR -"),
        ("CHF 1'250.50", "1250.5 CHF -"),
        ("1,5 Mio. €", "1500000 EUR -"),
        ("$12.50", "12.5 USD -"),
        ("$0.125 per call", "0.125 USD -"),
        ("12€", "12 EUR -"),
        ("$1,200,000.00", "1200000 USD -"),
        ("Budget: 45k.", "45000 - -"),
        ("the budget is capped at forty five thousand", "45000 - -"),
        ("they quoted us 30k, we can afford 25k", "30000 - -; 25000 - -"),
        ("we spend roughly 20k max", "20000 - -"),
        ("a 60k contract", "60000 - -"),
        ("-$500", "500 USD -"),
        ("($500)", "500 USD -"),
        ("fifty bucks", "50 USD -"),
        ("It costs $5, $10 or $20", "5 USD -; 10-20 USD -"),
        ("twelve euros and fifty cents", "12.5 EUR -"),
        ("twelve euros fifty cents per month", "12.5 EUR Month"),
        ("not more than twelve euro fifty", "12.5 EUR -"),
        ("five dollars twenty people", "5 USD -"),
        ("100 dollars once we sign", "100 USD -"),
        ("100 dollars, once", "100 USD Once"),
        ("Rs. 18 lakhs per annum", "1800000 INR Year"),
        ("MD has told eighteen lakhs.", "1800000 - -"),
        ("₹18,00,000 all in", "1800000 INR -"),
        ("Rs 18L", "1800000 INR -"),
        ("1.5 crore rupees", "15000000 INR -"),
        ("Rs. 2.5 Cr", "25000000 INR -"),
        ("Ksh 250,000 a month", "250000 KES Month"),
        ("KSh. 45,000", "45000 KES -"),
        ("45k bob", "45000 KES -"),
        ("a quarter of a million dollars", "250000 USD -"),
        ("three quarters of a million pounds", "750000 GBP -"),
        ("half million bucks", "500000 USD -"),
        ("two and a quarter million euros", "2250000 EUR -"),
        // Not money.
        ("two lakh users", ""),
        ("a quarter of the users", ""),
        ("five figures", ""),
        ("120k users", ""),
        ("our budget covers 120k users", ""),
        ("120 seats", ""),
        ("45,000", ""),
        ("the budget is 45", ""),
        ("2026-05-12", ""),
        ("in May 2026", ""),
        ("we sent 3 million emails last year", ""),
        ("5k", ""),
        ("a 10k run", ""),
        ("version 2.1", ""),
        ("12:30", ""),
        ("", ""),
        ("$", ""),
        ("€ and £", ""),
    ];

    #[test]
    fn money_is_read_as_people_write_and_say_it() {
        let wrong: Vec<_> = ROWS
            .iter()
            .map(|(text, expected)| (*text, rendered(text), *expected))
            .filter(|(_, found, expected)| found != expected)
            .collect();
        assert!(wrong.is_empty(), "(text, found, expected): {wrong:#?}");
    }

    #[test]
    fn spans_cover_currency_amount_and_period() {
        for (text, expected) in [
            ("About $45k per year, they said", "$45k per year"),
            ("it is US$ 300/month.", "US$ 300/month"),
            ("say 40 to 60 thousand euros or so", "40 to 60 thousand euros"),
            ("a setup fee of €500", "€500"),
            ("costs 1.250,50 € now", "1.250,50 €"),
        ] {
            let span = money(text)[0].span;
            assert_eq!(&text[span.start..span.end], expected);
        }
    }

    #[test]
    fn a_period_does_not_jump_over_another_amount() {
        let periods: Vec<Option<Period>> =
            money("$5k upfront fee, then $300 per month").iter().map(|found| found.period).collect();
        assert_eq!(periods, [Some(Period::Once), Some(Period::Month)]);
    }
}
