//! Numbers said without their hundreds: "five eighty" is 580, "twelve fifty" 1250 or 12.50, "one oh five" 105, "eleven nine"
//! 11,900 or 11.9.
//!
//! Only the hearer knows which: the two numbers are read as two, and what they may mean together is told beside them.

use super::amount::{Amount, tidy};
use super::words::{Term, Words};

/// What numbers that were said one behind the other may mean together.
pub(super) fn said_together(words: &Words<'_>, amounts: &[Amount]) -> Vec<f64> {
    let pairs = amounts.windows(2).filter_map(|pair| together(words, &pair[0], &pair[1]));
    pairs.chain(amounts.iter().filter_map(|amount| range(words, amount))).flatten().collect()
}

fn together(words: &Words<'_>, first: &Amount, second: &Amount) -> Option<[f64; 2]> {
    let is_plain = first.up_to.is_none() && second.up_to.is_none() && !first.is_scaled && words.is_letters(first.first);
    let has_oh = words.is_any(first.end, &["oh", "o"]) && second.first == first.end + 1 && second.value < 10.0;
    if !is_plain || !words.is_letters(second.first) || !(has_oh || second.first == first.end) {
        return None;
    }
    let scale = scale_of(words, second);
    readings(first.value, second.value / scale, has_oh).map(|all| all.map(|value| tidy(value * scale)))
}

/// "Five-eighty" looks like a range; "fifteen to eighteen hundred" is one of hundreds.
fn range(words: &Words<'_>, amount: &Amount) -> Option<[f64; 2]> {
    let high = amount.up_to.filter(|_| words.is_letters(amount.first))?;
    if words.term(amount.end - 1) == Term::Hundred && amount.value < 100.0 {
        return Some([amount.value * 100.0, high]);
    }
    let scale = scale_of(words, amount);
    let is_hyphenated = words.is_hyphen(amount.first + 1);
    let read = is_hyphenated.then(|| readings(amount.value / scale, high / scale, false)).flatten();
    read.map(|all| all.map(|value| tidy(value * scale)))
}

fn readings(first: f64, second: f64, has_oh: bool) -> Option<[f64; 2]> {
    let is_whole = first.fract() == 0.0 && second.fract() == 0.0;
    if is_whole && !has_oh && (10.0..100.0).contains(&first) && (1.0..10.0).contains(&second) {
        return Some([first * 1_000.0 + second * 100.0, first + second / 10.0]);
    }
    let fits = (1.0..100.0).contains(&first) && (if has_oh { 1.0..10.0 } else { 10.0..100.0 }).contains(&second);
    (is_whole && fits).then_some([first * 100.0 + second, first + second / 100.0])
}

fn scale_of(words: &Words<'_>, amount: &Amount) -> f64 {
    match words.term(amount.end - 1) {
        Term::Scale(scale) => scale.factor(),
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::mention::quantities;

    #[test]
    fn hundreds_that_were_not_said_are_read_beside_the_numbers() {
        for (text, expected) in [
            ("Five eighty a month", 580.0),
            ("installed it's eleven nine", 11_900.0),
            ("it's four fifty over fifty presses", 450.0),
            ("we're at four fifty", 450.0),
            ("I got two ten carved out", 210.0),
            ("two seventy-five K", 275_000.0),
            ("call it eleven-fifty a month", 1150.0),
            ("twelve ninety-nine each", 12.99),
            ("one oh five seats", 105.0),
            ("fifteen to eighteen hundred", 1500.0),
        ] {
            let joined = quantities(text).joined;
            assert!(joined.contains(&expected), "{text:?}: {joined:?}");
        }
        for text in ["five or eighty", "five seats, eighty users", "5 80", "five hundred and eighty", "six to eight weeks"] {
            assert_eq!(quantities(text).joined, Vec::<f64>::new(), "{text:?}");
        }
    }
}
