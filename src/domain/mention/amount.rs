//! Amounts: numbers in digits or words and ranges of them, whatever they count.
//!
//! Money, numbers and lengths of time are amounts with the right neighbours.

use super::languages::numerals;
use super::spelled::spelled_at;
use super::words::{Scale, Term, Words};

/// A number or a range, by the words it is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Amount {
    pub(super) first: usize,
    pub(super) end: usize,
    pub(super) value: f64,
    pub(super) up_to: Option<f64>,
    /// `thousand`, `k`, `million` was written.
    pub(super) is_scaled: bool,
}

/// One number, by the word after it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quantity {
    pub(super) end: usize,
    pub(super) value: f64,
    /// Value without its last scale word.
    pub(super) mantissa: f64,
    pub(super) scale: Option<f64>,
}

/// All amounts, in order. Versions, phone numbers, times of day with a colon, fractions and ids are none.
pub(super) fn amounts(words: &Words<'_>) -> Vec<Amount> {
    let mut found: Vec<Amount> = Vec::new();
    let mut i = 0;
    while i < words.len() {
        if !may_start(words, i) {
            i += 1;
        } else if let Some(end) = phone_end(words, i) {
            i = end;
        } else if let Some(amount) = amount_at(words, i) {
            i = amount.end;
            found.push(amount);
        } else {
            i = numeral_run(words, i).max(i + 1);
        }
    }
    drop_spelled_ids(&mut found);
    join_cents(words, &mut found);
    found
}

/// "Twelve euros and fifty cents", "twelve euro fifty": one amount.
fn join_cents(words: &Words<'_>, found: &mut Vec<Amount>) {
    let mut joined: Vec<Amount> = Vec::with_capacity(found.len());
    for amount in found.drain(..) {
        match joined.last_mut().and_then(|whole| Some((cents_end(words, whole, &amount)?, whole))) {
            Some((end, whole)) => {
                whole.value += amount.value / 100.0;
                whole.end = end;
            }
            None => joined.push(amount),
        }
    }
    *found = joined;
}

/// The word after `cents`, if they are the cents of `whole`.
fn cents_end(words: &Words<'_>, whole: &Amount, cents: &Amount) -> Option<usize> {
    const CENTS: [&str; 8] = ["cent", "cents", "centimes", "centime", "pence", "penny", "pennies", "céntimos"];
    let is_plain = |amount: &Amount| amount.up_to.is_none() && amount.value.fract() == 0.0;
    let is_cents = cents.value < 100.0 && is_plain(cents) && is_plain(whole) && !whole.is_scaled;
    if !is_cents || !matches!(words.term(whole.end), Term::Currency(_)) {
        return None;
    }
    let is_named = words.is_any(cents.end, &CENTS);
    let is_next = cents.first == whole.end + 1;
    let is_after_and = cents.first == whole.end + 2 && words.is_any(whole.end + 1, &["and"]);
    if is_named && (is_next || is_after_and) {
        return Some(cents.end + 1);
    }
    let counts_something = words.is_letters(cents.end) && !words.is_function(cents.end);
    let is_short = is_next && words.is_letters(cents.first) && cents.value >= 10.0 && !counts_something;
    is_short.then_some(cents.end)
}

/// Whether an amount or a phone number may start here.
fn may_start(words: &Words<'_>, i: usize) -> bool {
    match words.term(i) {
        Term::Small(_) | Term::Tens(_) | Term::Hundred | Term::Cardinal | Term::Article | Term::Lead => true,
        Term::Scale(_) => words.is_foreign(),
        Term::Other => words.is_digits(i) || words.is_symbol(i, &['+', '(']),
        _ => false,
    }
}

/// A digit run with separators inside: `1,250.50`, `12:30`, `1.2.3`.
fn numeral_run(words: &Words<'_>, i: usize) -> usize {
    let mut end = i;
    if words.is_digits(i) {
        end = i + 1;
        while words.is_glued(end - 1)
            && words.is_symbol(end, &['.', ',', ':', '/', '\'', '’'])
            && words.is_glued(end)
            && words.is_digits(end + 1)
        {
            end += 2;
        }
    }
    end
}

/// Three or more bare numbers in a row are somebody reading out an id.
fn drop_spelled_ids(found: &mut Vec<Amount>) {
    let mut first = 0;
    let mut kept = Vec::with_capacity(found.len());
    while first < found.len() {
        let mut end = first + 1;
        while end < found.len() && found[end - 1].end == found[end].first {
            end += 1;
        }
        let is_plain = |amount: &Amount| !amount.is_scaled && amount.up_to.is_none();
        if end - first < 3 || !found[first..end].iter().all(is_plain) {
            kept.extend_from_slice(&found[first..end]);
        }
        first = end;
    }
    *found = kept;
}

/// The word after a phone number, or after another run of three or more numbers with hyphens.
fn phone_end(words: &Words<'_>, i: usize) -> Option<usize> {
    /// Words of the longest number that is looked at: keeps a text of nothing but brackets linear.
    const LONGEST: usize = 16;
    if words.is_letters(i) {
        return None;
    }
    let has_plus = words.is_symbol(i, &['+']);
    let opens = words.is_symbol(i, &['(']);
    if !(has_plus || opens || words.is_digits(i)) || (words.is_glued_before(i) && words.is_letters(i - 1)) {
        return None;
    }
    let mut lengths = Vec::new();
    let mut hyphens = 0;
    let mut end = i;
    let mut at = if has_plus { i + 1 } else { i };
    while at < words.len().min(i + LONGEST) {
        if words.is_digits(at) {
            lengths.push(words.text_of(at).len());
            end = at + 1;
        } else if !words.is_symbol(at, &['-', '.', '(', ')']) || (end > i && !words.is_glued(at) && !words.is_symbol(at, &[')']))
        {
            break;
        }
        hyphens += usize::from(words.is_hyphen(at));
        at += 1;
        if lengths.len() > 6 {
            break;
        }
    }
    let total: usize = lengths.iter().sum();
    let starts_with_zero = words.text_of(i).starts_with('0');
    let is_phone = match lengths.as_slice() {
        _ if has_plus => total >= 8,
        // Also a day, which is none of ours: "06-30-14".
        [_, _, _, ..] if hyphens >= 2 => true,
        [3, 3, 4] | [1, 3, 3, 4] => true,
        [_, _, ..] if starts_with_zero => (9..=14).contains(&total),
        [_, _, ..] => (6..=14).contains(&total) && is_phone_cue_before(words, i),
        _ => false,
    };
    is_phone.then_some(end)
}

fn is_phone_cue_before(words: &Words<'_>, i: usize) -> bool {
    const CUES: [&str; 9] = ["phone", "tel", "telephone", "mobile", "cell", "fax", "dial", "ext", "call"];
    (i.saturating_sub(4)..i).any(|before| words.is_any(before, &CUES))
}

fn amount_at(words: &Words<'_>, i: usize) -> Option<Amount> {
    if is_once(words, i) {
        return None;
    }
    let low = quantity_at(words, i)?;
    let single = Amount { first: i, end: low.end, value: low.value, up_to: None, is_scaled: low.scale.is_some() };
    let Some(high) = range_end(words, i, &low) else {
        return Some(single);
    };
    // "40 to 60k": the scale belongs to both.
    let value = match high.scale {
        Some(scale) if low.scale.is_none() && low.value < high.mantissa => low.value * scale,
        _ => low.value,
    };
    if value >= high.value {
        return Some(single);
    }
    Some(Amount {
        end: high.end,
        value,
        up_to: Some(high.value),
        is_scaled: high.scale.is_some() || low.scale.is_some(),
        ..single
    })
}

/// "one-time", "one-off".
fn is_once(words: &Words<'_>, i: usize) -> bool {
    let next = if words.is_symbol(i + 1, &['-']) { i + 2 } else { i + 1 };
    words.is_any(i, &["one"]) && words.is_any(next, &["time", "off"])
}

fn range_end(words: &Words<'_>, first: usize, low: &Quantity) -> Option<Quantity> {
    let mut at = low.end;
    if is_currency(words, at) || words.is_symbol(at, &['%']) {
        at += 1;
    }
    let is_between = (1..=2).any(|back| first >= back && words.is_any(first - back, &["between"]));
    let joins = words.is_symbol(at, &['-', '–', '—'])
        || words.is_any(at, &["to", "or", "through", "bis"])
        || (is_between && words.is_any(at, &["and"]));
    if !joins {
        return None;
    }
    at += 1;
    if is_currency(words, at) {
        at += 1;
    }
    let high = quantity_at(words, at)?;
    let goes_on = words.is_glued(high.end - 1) && words.is_symbol(high.end, &['-']) && words.is_digits(high.end + 1);
    (!goes_on).then_some(high)
}

fn is_currency(words: &Words<'_>, i: usize) -> bool {
    words.is_symbol(i, &['$', '€', '£', '¥', '₹']) || matches!(words.term(i), Term::Currency(_))
}

fn quantity_at(words: &Words<'_>, i: usize) -> Option<Quantity> {
    match words.is_digits(i) {
        true => digits_at(words, i),
        false if words.is_foreign() => numerals::spelled_at(words, i),
        false => spelled_at(words, i),
    }
}

fn digits_at(words: &Words<'_>, i: usize) -> Option<Quantity> {
    if is_part_of_id(words, i) {
        return None;
    }
    let (value, end) = grouped_by_spaces(words, i).or_else(|| written(words, i))?;
    let (value, end) = with_fraction(words, value, end);
    // `Rs 18L`: of rupees only.
    if words.text_of(end) == "L" && words.is_glued(end - 1) && is_rupees_before(words, i) {
        let scale = Scale::Lakh.factor();
        return Some(Quantity { end: end + 1, value: tidy(value * scale), mantissa: value, scale: Some(scale) });
    }
    if words.is_glued(end - 1) && words.is_letters(end) && !is_suffix(words, end) {
        return None;
    }
    Some(scaled(words, value, end))
}

fn is_rupees_before(words: &Words<'_>, i: usize) -> bool {
    let at = if i > 0 && words.is_symbol(i - 1, &['.']) { i - 1 } else { i };
    words.is_any_before(at, &["rs", "inr", "₹"])
}

fn is_part_of_id(words: &Words<'_>, i: usize) -> bool {
    if words.is_any_before(i, &["version", "ver", "release", "iso", "soc", "rfc"]) {
        return true;
    }
    if !words.is_glued_before(i) {
        return false;
    }
    let before = i - 1;
    if words.is_letters(before) {
        return !matches!(words.term(before), Term::Currency(_));
    }
    let after_letters = before > 0 && words.is_glued(before - 1) && words.is_letters(before - 1);
    words.is_symbol(before, &['#']) || (words.is_symbol(before, &['-', '.', '/']) && after_letters)
}

/// `1 1/2`, `1½`.
fn with_fraction(words: &Words<'_>, value: f64, end: usize) -> (f64, usize) {
    if words.is_glued(end - 1) {
        return match words.text_of(end) {
            "½" => (value + 0.5, end + 1),
            "¼" => (value + 0.25, end + 1),
            "¾" => (value + 0.75, end + 1),
            _ => (value, end),
        };
    }
    let is_fraction = words.is_symbol(end + 1, &['/']) && words.is_glued_before(end + 1) && words.is_glued(end + 1);
    match (words.text_of(end), words.text_of(end + 2)) {
        ("1", "2") if is_fraction => (value + 0.5, end + 3),
        ("1", "4") if is_fraction => (value + 0.25, end + 3),
        ("3", "4") if is_fraction => (value + 0.75, end + 3),
        _ => (value, end),
    }
}

/// `45k`, `30d`, `12EUR`, `3x`: letters that may stand right after digits without making them an id.
fn is_suffix(words: &Words<'_>, i: usize) -> bool {
    // "3D" is a kind of model, "3d" may be three days.
    if words.text_of(i) == "D" && words.is_any_before(i, &["2", "3", "4"]) {
        return false;
    }
    matches!(words.term(i), Term::Scale(_) | Term::Currency(_) | Term::Time(_))
        || words.is_any(i, &["x", "d", "w", "y", "h", "am", "pm", "pct"])
}

/// `1 250 €`: groups of three after no-break spaces, or after plain spaces if a currency follows.
fn grouped_by_spaces(words: &Words<'_>, i: usize) -> Option<(f64, usize)> {
    let mut digits = words.text_of(i).to_owned();
    if digits.len() > 3 || digits.starts_with('0') {
        return None;
    }
    let mut end = i + 1;
    let mut is_plain = false;
    while words.is_digits(end)
        && words.text_of(end).len() == 3
        && matches!(words.gap(end - 1), " " | "\u{a0}" | "\u{202f}" | "\u{2009}")
    {
        is_plain |= words.gap(end - 1) == " ";
        digits.push_str(words.text_of(end));
        end += 1;
    }
    if end == i + 1 {
        return None;
    }
    let has_decimals =
        words.is_glued(end - 1) && words.is_symbol(end, &[',', '.']) && words.is_glued(end) && words.is_digits(end + 1);
    if has_decimals {
        digits.push('.');
        digits.push_str(words.text_of(end + 1));
        end += 2;
    }
    if is_plain && !words.is_foreign() && !is_currency(words, end) {
        return None;
    }
    Some((digits.parse().ok()?, end))
}

/// Digits with separators. A dot or comma before exactly three digits groups thousands, unless the number starts
/// with 0 or a scale or percent sign follows (`1.250 million`).
fn written(words: &Words<'_>, i: usize) -> Option<(f64, usize)> {
    let end = numeral_run(words, i);
    let groups: Vec<&str> = (i..end).step_by(2).map(|at| words.text_of(at)).collect();
    let marks: Vec<char> = (i + 1..end).step_by(2).filter_map(|at| words.text_of(at).chars().next()).collect();
    if marks.iter().any(|mark| matches!(mark, ':' | '/')) || groups[0].len() > 9 {
        return None;
    }
    let is_fraction = groups[0] == "0" || matches!(words.term(end), Term::Scale(_)) || words.is_symbol(end, &['%']);
    let groups_thousands = |count: usize| {
        groups[0].len() <= 3 && !groups[0].starts_with('0') && groups[1..=count].iter().all(|group| group.len() == 3)
    };
    // `18,00,000`: India counts in hundreds above the thousands.
    let groups_lakhs = |count: usize| {
        count > 1
            && matches!(groups[0].len(), 1 | 2)
            && !groups[0].starts_with('0')
            && groups[1..count].iter().all(|group| group.len() == 2)
            && groups[count].len() == 3
    };
    let whole = match marks.as_slice() {
        [rest @ .., '.'] if rest.len() > 1 && rest.iter().all(|mark| *mark == ',') && groups_lakhs(rest.len()) => rest.len(),
        marks if marks.iter().all(|mark| *mark == ',') && groups_lakhs(marks.len()) => marks.len(),
        [] if groups[0].len() > 1 && groups[0].starts_with('0') => return None,
        [] => 0,
        ['.' | ','] if is_fraction || !groups_thousands(1) => 0,
        [first, rest @ ..] if rest.iter().all(|mark| mark == first) && groups_thousands(marks.len()) => marks.len(),
        [first @ (',' | '\'' | '’' | '.'), between @ .., last]
            if last != first
                && matches!(last, '.' | ',')
                && between.iter().all(|mark| mark == first)
                && groups_thousands(marks.len() - 1) =>
        {
            marks.len() - 1
        }
        _ => return None,
    };
    let mut digits = groups[..=whole].concat();
    if let Some(decimals) = groups.get(whole + 1) {
        digits.push('.');
        digits.push_str(decimals);
    }
    Some((digits.parse().ok()?, end))
}

/// Takes the scale that follows: `45k`, `1.2 million`, `38 grand`, `2 hundred`, `3 dozen`.
pub(super) fn scaled(words: &Words<'_>, mantissa: f64, end: usize) -> Quantity {
    let glued = words.is_glued(end - 1);
    let factor = match words.term(end) {
        // "5 m" and "3 b" with a space are something else.
        Term::Scale(_) if !glued && words.is_any(end, &["m", "b", "mm"]) && !is_before_symbol(words, end) => None,
        Term::Scale(scale) => Some(scale.factor()),
        Term::Hundred => Some(100.0),
        Term::Dozen => Some(12.0),
        _ => None,
    };
    match factor {
        Some(factor) => {
            Quantity { end: end + 1, value: tidy(mantissa * factor), mantissa, scale: (factor >= 1e3).then_some(factor) }
        }
        None => Quantity { end, value: mantissa, mantissa, scale: None },
    }
}

/// "5 M€", as French writes it.
fn is_before_symbol(words: &Words<'_>, i: usize) -> bool {
    words.is_foreign() && words.is_glued(i) && words.is_symbol(i + 1, &['€', '$', '£'])
}

/// 1.1 × 1000 is 1100, not 1100.0000000000002.
pub(super) fn tidy(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}
