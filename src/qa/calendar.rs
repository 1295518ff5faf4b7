//! Quarters of a year and lengths of time, for comparing those of two texts.

use crate::domain::value::DurationUnit;

/// The quarters that words in lower case name, with the year right beside each.
pub(super) fn quarters_in(words: &str) -> Vec<(usize, Option<&str>)> {
    const BETWEEN: [&str; 8] = ["of", "in", "for", "the", "fiscal", "full", "calendar", "year"];
    let is_year = |word: &&str| word.len() == 4 && word.starts_with("20") && word.bytes().all(|byte| byte.is_ascii_digit());
    let mut found = Vec::new();
    let mut before = ["", ""];
    let mut rest = words.split(' ');
    while let Some(word) = rest.next() {
        let ordinal = ["first", "second", "third", "fourth"].iter().zip(["1st", "2nd", "3rd", "4th"]);
        let quarter = match word {
            "q1" | "1q" => Some(1),
            "q2" | "2q" => Some(2),
            "q3" | "3q" => Some(3),
            "q4" | "4q" => Some(4),
            "quarter" | "quarters" => {
                let mut ordinals = ordinal;
                ordinals.position(|(long, short)| [*long, short].contains(&before[1])).map(|at| at + 1)
            }
            _ => None,
        };
        if let Some(quarter) = quarter {
            let next = rest.clone().take(4).find(|word| !BETWEEN.contains(word)).filter(is_year);
            let earlier = if word.starts_with("quarter") { before[0] } else { before[1] };
            found.push((quarter, next.or(Some(earlier).filter(is_year))));
        }
        before = [before[1], word];
    }
    found
}

/// Units that are counted in each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Base {
    Minutes,
    Days,
    Months,
}

/// A length in the smallest unit that it can be counted in without doubt.
pub(super) fn length_in_base(amount: f64, unit: DurationUnit) -> (f64, Base) {
    match unit {
        DurationUnit::Minute => (amount, Base::Minutes),
        DurationUnit::Hour => (amount * 60.0, Base::Minutes),
        DurationUnit::Day => (amount, Base::Days),
        DurationUnit::Week => (amount * 7.0, Base::Days),
        DurationUnit::Month => (amount, Base::Months),
        DurationUnit::Quarter => (amount * 3.0, Base::Months),
        DurationUnit::Year => (amount * 12.0, Base::Months),
    }
}

#[cfg(test)]
mod tests {
    use super::quarters_in;

    #[test]
    fn quarters_are_read_with_the_year_beside_them() {
        let all = quarters_in("in the third quarter of fiscal year 2026 after q2 and the 2025 first quarter q4 ");
        assert_eq!(all, [(3, Some("2026")), (2, None), (1, Some("2025")), (4, None)]);
    }
}
