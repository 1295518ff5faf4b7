//! Which error is planted: the same in every run, and not another because a kind of error was added.

use jiff::ToSpan as _;
use jiff::civil::Date;

/// SplitMix64 (Steele, Lea and Flood 2014), seeded with the place of the error.
pub(super) struct Dice(u64);

impl Dice {
    /// FNV-1a over the names.
    pub(super) fn of(names: &[&str]) -> Self {
        let bytes = names.iter().flat_map(|name| name.bytes().chain([0]));
        Self(bytes.fold(0xcbf2_9ce4_8422_2325, |seed, byte| (seed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)))
    }

    fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// `None` of nothing.
    pub(super) fn pick<T>(&mut self, mut all: Vec<T>) -> Option<T> {
        let sides = u64::try_from(all.len()).ok().filter(|sides| *sides > 0)?;
        usize::try_from(self.throw() % sides).ok().map(|at| all.swap_remove(at))
    }

    /// Another number.
    pub(super) fn number(&mut self, number: f64) -> f64 {
        self.pick(vec![number * 10.0 + 10.0, number * 2.0 + 2.0, number + 1.0, (number * 1.5).round() + 1.0])
            .unwrap_or(number + 1.0)
    }

    /// Another day, near.
    pub(super) fn day(&mut self, day: Date) -> Date {
        let days = self.pick(vec![1_i64, 2, 7, 30, -1, -3]).unwrap_or(1);
        day.saturating_add(days.days())
    }
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn the_same_place_gets_the_same_error() {
        let thrown = |names: &[&str]| {
            let mut dice = Dice::of(names);
            [dice.throw(), dice.throw()]
        };
        assert_eq!(thrown(&["a", "b"]), thrown(&["a", "b"]));
        assert_ne!(thrown(&["a", "b"]), thrown(&["ab", ""]));
    }

    #[test]
    fn another_number_is_another() {
        for n in 0..200_u32 {
            let number = f64::from(n);
            assert!((Dice::of(&["x", &n.to_string()]).number(number) - number).abs() >= 1.0);
        }
    }
}
