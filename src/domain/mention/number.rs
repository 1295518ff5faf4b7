//! Amounts in digits and words, and [`super::numbers`].
//!
//! [`amounts`] is shared: money and durations are amounts with the right neighbours.

use super::words::{Scale, Term, Words};
use super::{NumberMention, date};
use crate::domain::brief::Span;

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

#[derive(Debug, Clone, Copy)]
struct Quantity {
    end: usize,
    value: f64,
    /// Value without its last scale word.
    mantissa: f64,
    scale: Option<f64>,
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
    found
}

/// Whether an amount or a phone number may start here.
fn may_start(words: &Words<'_>, i: usize) -> bool {
    match words.term(i) {
        Term::Small(_) | Term::Tens(_) | Term::Hundred | Term::Article | Term::Lead => true,
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

fn phone_end(words: &Words<'_>, i: usize) -> Option<usize> {
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
    while at < words.len() {
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
        [_, _, ..] => (7..=14).contains(&total) && is_phone_cue_before(words, i),
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
    if words.is_digits(i) { digits_at(words, i) } else { spelled_at(words, i) }
}

fn digits_at(words: &Words<'_>, i: usize) -> Option<Quantity> {
    if is_part_of_id(words, i) {
        return None;
    }
    let (value, end) = grouped_by_spaces(words, i).or_else(|| written(words, i))?;
    if words.is_glued(end - 1) && words.is_letters(end) && !is_suffix(words, end) {
        return None;
    }
    Some(scaled(words, value, end))
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

/// `45k`, `30d`, `12EUR`, `3x`: letters that may stand right after digits without making them an id.
fn is_suffix(words: &Words<'_>, i: usize) -> bool {
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
    if is_plain && !is_currency(words, end) {
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
    let whole = match marks.as_slice() {
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
fn scaled(words: &Words<'_>, mantissa: f64, end: usize) -> Quantity {
    let glued = words.is_glued(end - 1);
    let factor = match words.term(end) {
        // "5 m" and "3 b" with a space are something else.
        Term::Scale(_) if !glued && words.is_any(end, &["m", "b", "mm"]) => None,
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

/// 1.1 × 1000 is 1100, not 1100.0000000000002.
fn tidy(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

/// A number in words. The grammar of English numerals, with `and`, hyphens, `a hundred`, `one point two`, `two and a half`.
fn spelled_at(words: &Words<'_>, i: usize) -> Option<Quantity> {
    if words.is_any(i, &["half"]) && words.is_any(i + 1, &["a"]) {
        return match words.term(i + 2) {
            Term::Scale(_) | Term::Dozen => Some(scaled(words, 0.5, i + 2)),
            _ => None,
        };
    }
    let starts = match words.term(i) {
        Term::Small(_) | Term::Tens(_) => true,
        Term::Hundred => !words.is_any_before(i, &["couple", "few", "several", "of"]),
        _ => words.is_any(i, &["a"]) && is_written_scale(words, i + 1),
    };
    if !starts {
        return None;
    }
    let mut numeral = Numeral::default();
    let mut end = if words.is_any(i, &["a"]) {
        numeral.current = 1.0;
        i + 1
    } else {
        i
    };
    while let Some(next) = numeral.take(words, end) {
        end = next;
    }
    Some(numeral.quantity(end))
}

fn is_written_scale(words: &Words<'_>, i: usize) -> bool {
    match words.term(i) {
        Term::Hundred | Term::Dozen => true,
        Term::Scale(_) => words.text_of(i).len() > 3 && !words.text_of(i).ends_with('s'),
        _ => false,
    }
}

/// A numeral being read.
#[derive(Debug, Default)]
struct Numeral {
    /// Finished groups: thousands, millions.
    total: f64,
    /// The group being read.
    current: f64,
    /// Smallest place that was filled in this group: 1, 10 or 100; 0 at its start.
    place: u32,
    last_scale: Option<f64>,
}

impl Numeral {
    /// Reads on at word `at`; the word after what was read, or `None` where the numeral ends.
    fn take(&mut self, words: &Words<'_>, at: usize) -> Option<usize> {
        let started = self.place != 0 || self.last_scale.is_some();
        // Transcripts also write "twenty - five".
        let is_spaced = self.place == 10 && words.gap(at) == " " && matches!(words.term(at + 1), Term::Small(1..=9));
        if started && words.is_symbol(at, &['-', '‑']) && (words.is_hyphen(at) || is_spaced) {
            return self.take_term(words.term(at + 1)).then_some(at + 2);
        }
        if started && words.is_any(at, &["and"]) {
            return self.take_after_and(words, at + 1);
        }
        if started && self.last_scale.is_none() && words.is_any(at, &["point"]) {
            return self.take_decimals(words, at + 1);
        }
        self.take_term(words.term(at)).then_some(at + 1)
    }

    fn take_after_and(&mut self, words: &Words<'_>, at: usize) -> Option<usize> {
        if words.is_any(at, &["a"]) && words.is_any(at + 1, &["half"]) {
            self.current += 0.5;
            self.place = 1;
            return Some(at + 2);
        }
        let after_hundred_or_scale = self.place == 100 || (self.place == 0 && self.last_scale.is_some());
        (after_hundred_or_scale && self.take_term(words.term(at))).then_some(at + 1)
    }

    fn take_decimals(&mut self, words: &Words<'_>, mut at: usize) -> Option<usize> {
        let first = at;
        let mut weight = 0.1;
        while let Term::Small(digit @ 0..=9) = words.term(at) {
            self.current += f64::from(digit) * weight;
            weight /= 10.0;
            at += 1;
        }
        self.place = 1;
        (at > first).then_some(at)
    }

    fn take_term(&mut self, term: Term) -> bool {
        match term {
            Term::Small(n) if self.place == 0 || self.place == 100 || (self.place == 10 && (1..10).contains(&n)) => {
                self.current += f64::from(n);
                self.place = 1;
            }
            Term::Tens(n) if self.place == 0 || self.place == 100 => {
                self.current += f64::from(n);
                self.place = 10;
            }
            Term::Hundred if self.current < 100.0 && self.place != 100 => {
                self.current = self.current.max(1.0) * 100.0;
                self.place = 100;
            }
            Term::Dozen if self.current < 100.0 && self.last_scale.is_none() => {
                self.current = self.current.max(1.0) * 12.0;
                self.place = 1;
            }
            Term::Scale(scale) if self.current > 0.0 && self.last_scale.is_none_or(|last| scale.factor() < last) => {
                self.close_group(scale)
            }
            _ => return false,
        }
        true
    }

    fn close_group(&mut self, scale: Scale) {
        self.total += self.current * scale.factor();
        self.current = 0.0;
        self.place = 0;
        self.last_scale = Some(scale.factor());
    }

    fn quantity(&self, end: usize) -> Quantity {
        let value = tidy(self.total + self.current);
        let mantissa = self.last_scale.map_or(value, |scale| value / scale);
        Quantity { end, value, mantissa, scale: self.last_scale }
    }
}

pub(super) fn numbers(text: &str) -> Vec<NumberMention> {
    let words = Words::scan(text);
    let amounts = amounts(&words);
    if amounts.is_empty() {
        return Vec::new();
    }
    let days = date::calendar_spans(&words);
    let is_day = |span: Span| days.iter().any(|day| day.start < span.end && span.start < day.end);
    amounts
        .iter()
        .filter(|amount| !is_day(words.span(amount.first, amount.end)))
        .filter(|amount| !date::is_time_of_day(&words, amount) && !is_pronoun(&words, amount) && !is_item_mark(&words, amount))
        .map(|amount| mention(&words, amount))
        .collect()
}

/// "this one", "one of them", "one-time".
fn is_pronoun(words: &Words<'_>, amount: &Amount) -> bool {
    const BEFORE: [&str; 20] = [
        "this", "that", "the", "which", "no", "any", "every", "each", "last", "first", "next", "another", "new", "some", "other",
        "only", "good", "big", "right", "wrong",
    ];
    if amount.end != amount.first + 1 || !words.is_any(amount.first, &["one"]) {
        return false;
    }
    words.is_any_before(amount.first, &BEFORE)
        || !words.is_letters(amount.end)
        || words.is_function(amount.end)
        || words.is_any(amount.end, &["on", "thing", "another", "day", "way", "else"])
}

/// "1) Send it", "2. Book it" at the start of a line.
fn is_item_mark(words: &Words<'_>, amount: &Amount) -> bool {
    if amount.end != amount.first + 1 || !words.is_glued(amount.first) || !words.is_digits(amount.first) || amount.value > 99.0 {
        return false;
    }
    let has_opening = (amount.first.saturating_sub(8)..amount.first).any(|i| words.is_symbol(i, &['(']));
    let starts_line = amount.first.checked_sub(1).is_none_or(|before| words.gap(before).contains('\n'));
    let is_followed = words.is_letters(amount.end + 1);
    (words.is_symbol(amount.end, &[')']) && !has_opening) || (words.is_symbol(amount.end, &['.']) && starts_line && is_followed)
}

fn mention(words: &Words<'_>, amount: &Amount) -> NumberMention {
    let (unit, end) = unit_after(words, amount.end);
    NumberMention { span: words.span(amount.first, end), number: amount.value, up_to: amount.up_to, unit }
}

/// The unit, and the word after it.
fn unit_after(words: &Words<'_>, at: usize) -> (Option<String>, usize) {
    const SKIPPED: [&str; 6] = ["more", "additional", "extra", "other", "new", "further"];
    const ADJECTIVES: &[&str] = &[
        "active",
        "business",
        "calendar",
        "concurrent",
        "paid",
        "full",
        "remote",
        "working",
        "review",
        "support",
        "named",
        "monthly",
        "annual",
        "daily",
        "licensed",
        "internal",
        "external",
        "different",
        "separate",
        "power",
        "sales",
        "total",
        "potential",
        "key",
        "basis",
        "single",
        "whole",
        "entire",
        "social",
        "data",
        "customer",
        "user",
    ];
    if words.is_symbol(at, &['%']) || words.is_any(at, &["percent", "pct"]) {
        return (Some("percent".to_owned()), at + 1);
    }
    if words.is_any(at, &["per"]) && words.is_any(at + 1, &["cent"]) {
        return (Some("percent".to_owned()), at + 2);
    }
    let mut noun = at;
    if words.is_hyphen(noun) {
        noun += 1;
    }
    if words.is_any(noun, &SKIPPED) && is_noun(words, noun + 1) {
        noun += 1;
    }
    if !is_noun(words, noun) {
        return (None, at);
    }
    if words.is_any(noun, ADJECTIVES) && is_noun(words, noun + 1) {
        return (Some(format!("{} {}", words.text_of(noun), words.text_of(noun + 1))), noun + 2);
    }
    (Some(words.text_of(noun).to_owned()), noun + 1)
}

fn is_noun(words: &Words<'_>, i: usize) -> bool {
    words.is_letters(i)
        && matches!(words.term(i), Term::Other | Term::Time(_) | Term::MoneyCue)
        && words.text_of(i).chars().nth(1).is_some()
}

#[cfg(test)]
mod tests {
    use super::numbers;

    /// `120 seats`, `10-12 weeks`, `15 percent`, `3 -`; several joined by `; `.
    fn rendered(text: &str) -> String {
        let one = |mention: super::NumberMention| {
            let up_to = mention.up_to.map(|up_to| format!("-{up_to}")).unwrap_or_default();
            format!("{}{up_to} {}", mention.number, mention.unit.as_deref().unwrap_or("-"))
        };
        numbers(text).into_iter().map(one).collect::<Vec<_>>().join("; ")
    }

    const ROWS: &[(&str, &str)] = &[
        ("120 seats", "120 seats"),
        ("1,200 seats", "1200 seats"),
        ("1.200 seats", "1200 seats"),
        ("12.5 points", "12.5 points"),
        ("12,5 points", "12.5 points"),
        ("0.125", "0.125 -"),
        ("a hundred and twenty seats", "120 seats"),
        ("one hundred twenty-eight", "128 -"),
        ("two hundred and five thousand three hundred and one", "205301 -"),
        ("a dozen people", "12 people"),
        ("two dozen people", "24 people"),
        ("twenty one people", "21 people"),
        ("twenty - five people", "25 people"),
        ("46 basis points", "46 basis points"),
        ("2000 seats", "2000 seats"),
        ("(about 5)", "5 -"),
        ("fifteen hundred users", "1500 users"),
        ("120k users", "120000 users"),
        ("3 million emails", "3000000 emails"),
        ("15 %", "15 percent"),
        ("15% discount", "15 percent"),
        ("fifteen per cent", "15 percent"),
        ("fifteen percent", "15 percent"),
        ("10-12%", "10-12 percent"),
        ("10% to 12%", "10-12 percent"),
        ("10 to 12 people", "10-12 people"),
        ("10-12 people", "10-12 people"),
        ("ten or twelve people", "10-12 people"),
        ("between 10 and 12 people", "10-12 people"),
        ("12 to 10", "12 -; 10 -"),
        ("3 review rounds", "3 review rounds"),
        ("20 more seats", "20 seats"),
        ("a twelve-month term", "12 month"),
        ("30 days", "30 days"),
        ("in 30 days", "30 days"),
        ("$45k per year", "45000 -"),
        ("two of our people", "2 -"),
        ("seats: 120.", "120 -"),
        ("120, 140 and 160", "120 -; 140 -; 160 -"),
        ("zero downtime", "0 downtime"),
        ("one review round", "1 review round"),
        ("in 2 offices", "2 offices"),
        ("May 12 works, for 120 seats", "120 seats"),
        ("version 3 has 4 modules", "4 modules"),
        // Not numbers.
        ("a couple of seats", ""),
        ("this one", ""),
        ("one of them", ""),
        ("no one knows", ""),
        ("a one-time fee", ""),
        ("the first call", ""),
        ("the 15th", ""),
        ("3rd party", ""),
        ("May 12th", ""),
        ("12 May 2026", ""),
        ("2026-05-12", ""),
        ("12.05.2026", ""),
        ("in Q3 2026", ""),
        ("by 2027", ""),
        ("at 3 pm", ""),
        ("3pm", ""),
        ("at 15:30", ""),
        ("at 10 on Tuesday", ""),
        ("10 o'clock", ""),
        ("9 a.m.", ""),
        ("v2.1", ""),
        ("version 2.1", ""),
        ("1.2.3", ""),
        ("192.168.0.1", ""),
        ("call +1 415 555 0132", ""),
        ("(415) 555-0132", ""),
        ("415-555-0132", ""),
        ("phone 555 0132", ""),
        ("https://example.com/a/12?b=3", ""),
        ("info24@example.com", ""),
        ("INV-2023-001", ""),
        ("ticket #1042", ""),
        ("room A12", ""),
        ("ISO 27001", ""),
        ("24/7", ""),
        ("my id is five five five one two", ""),
        ("the 1990s", ""),
        ("1) send it 2) book it", ""),
        ("1. Send it\n2. Book it", ""),
        ("06-30-14", ""),
        ("2021 results", ""),
        ("", ""),
    ];

    #[test]
    fn numbers_are_read_in_digits_and_words() {
        let wrong: Vec<_> = ROWS
            .iter()
            .map(|(text, expected)| (*text, rendered(text), *expected))
            .filter(|(_, found, expected)| found != expected)
            .collect();
        assert!(wrong.is_empty(), "(text, found, expected): {wrong:#?}");
    }

    #[test]
    fn spans_cover_number_and_unit() {
        for (text, expected) in
            [("for 120 seats.", "120 seats"), ("a hundred and twenty", "a hundred and twenty"), ("up 15 %!", "15 %")]
        {
            let span = numbers(text)[0].span;
            assert_eq!(&text[span.start..span.end], expected);
        }
    }
}
