//! How well the findings tell wrong summaries from faithful ones, with intervals by drawing documents.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value as Json, json};

/// Counts of all summaries, of each check alone, and of each domain. "Positive" is a summary with an error.
#[derive(Default)]
pub(super) struct Scores {
    /// By document: what drawing documents needs.
    documents: BTreeMap<u64, BTreeMap<Series, Tally>>,
    checks: BTreeMap<String, usize>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Series {
    All,
    Domain(String),
    Check(usize),
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Tally {
    found: usize,
    missed: usize,
    false_alarms: usize,
    passed: usize,
}

/// Shares, in the order of [`MEASURES`]; `None`: nothing to count.
type Measured = [Option<f64>; 4];

const MEASURES: [&str; 4] = ["balanced_accuracy", "precision", "recall", "false_alarms"];
/// How often documents are drawn.
const DRAWINGS: usize = 1000;

impl Scores {
    /// Counts one summary. `checks` are those that flag it, in any order and number.
    pub(super) fn add<'a>(
        &mut self,
        document: u64,
        domain: Option<&str>,
        is_faithful: bool,
        checks: impl Iterator<Item = &'a str>,
    ) {
        let numbers: Vec<usize> = checks.map(|check| self.number(check)).collect();
        let of_document = self.documents.entry(document).or_default();
        let mut count = |series: Series, is_flagged: bool| of_document.entry(series).or_default().add(is_faithful, is_flagged);
        count(Series::All, !numbers.is_empty());
        if let Some(domain) = domain {
            count(Series::Domain(domain.to_owned()), !numbers.is_empty());
        }
        // A check that does not flag a summary is counted as the rest of all summaries.
        for number in std::collections::BTreeSet::from_iter(numbers) {
            count(Series::Check(number), true);
        }
    }

    fn number(&mut self, check: &str) -> usize {
        if let Some(number) = self.checks.get(check) {
            return *number;
        }
        let number = self.checks.len();
        self.checks.insert(check.to_owned(), number);
        number
    }

    pub(super) fn as_json(&self) -> Json {
        let all = self.score(&Series::All);
        let mut json = all.as_json();
        let named = |series: Vec<(String, Series)>| -> Json {
            series.into_iter().map(|(name, series)| (name, self.score(&series).as_json())).collect()
        };
        json["documents"] = json!(self.documents.len());
        json["checks"] = named(self.check_series());
        json["domains"] = named(self.domain_series());
        json
    }

    /// For people.
    pub(super) fn as_text(&self) -> String {
        let all = self.score(&Series::All);
        let mut text = format!(
            "{} summaries of {} documents, {} of them wrong\n\n{:28} {:>22} {:>22} {:>22} {:>22}\n",
            all.tally.all(),
            self.documents.len(),
            all.tally.found + all.tally.missed,
            "",
            "balanced accuracy",
            "precision",
            "recall",
            "false alarms"
        );
        text += &all.as_line("all");
        for (title, series) in [("\neach domain\n", self.domain_series()), ("\neach check alone\n", self.check_series())] {
            if !series.is_empty() {
                text += title;
            }
            series.into_iter().for_each(|(name, series)| text += &self.score(&series).as_line(&name));
        }
        text + "\nin brackets: 95 % intervals by drawing documents\n"
    }

    fn check_series(&self) -> Vec<(String, Series)> {
        self.checks.iter().map(|(name, number)| (name.clone(), Series::Check(*number))).collect()
    }

    fn domain_series(&self) -> Vec<(String, Series)> {
        let all = self.documents.values().flat_map(BTreeMap::keys);
        let names = all.filter_map(|series| match series {
            Series::Domain(name) => Some(name.clone()),
            Series::All | Series::Check(_) => None,
        });
        let names: std::collections::BTreeSet<String> = names.collect();
        names.into_iter().map(|name| (name.clone(), Series::Domain(name))).collect()
    }

    fn score(&self, series: &Series) -> Score {
        let tallies: Vec<Tally> = self.documents.values().map(|of_document| tally(of_document, series)).collect();
        let tally = tallies.iter().copied().fold(Tally::default(), Tally::plus);
        let mut dice = Dice(0x5eed);
        // The same documents for every series: as many as there are, each any number of times.
        let mut draw = || (0..tallies.len()).map(|_| tallies[dice.below(tallies.len())]).fold(Tally::default(), Tally::plus);
        let drawings: Vec<Measured> = (0..DRAWINGS).map(|_| draw().measured()).collect();
        let intervals = std::array::from_fn(|n| interval(drawings.iter().filter_map(|drawing| drawing[n]).collect()));
        Score { tally, measured: tally.measured(), intervals }
    }
}

/// The counts of one document for one series.
fn tally(of_document: &BTreeMap<Series, Tally>, series: &Series) -> Tally {
    let own = of_document.get(series).copied().unwrap_or_default();
    let all = of_document.get(&Series::All).copied().unwrap_or_default();
    match series {
        Series::All | Series::Domain(_) => own,
        Series::Check(_) => {
            Tally { missed: all.found + all.missed - own.found, passed: all.false_alarms + all.passed - own.false_alarms, ..own }
        }
    }
}

/// The middle 95 %.
fn interval(mut values: Vec<f64>) -> Option<[f64; 2]> {
    values.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| values.get(((values.len().checked_sub(1)?) as f64 * share).round() as usize).copied();
    Some([at(0.025)?, at(0.975)?])
}

impl Tally {
    fn add(&mut self, is_faithful: bool, is_flagged: bool) {
        match (is_faithful, is_flagged) {
            (true, true) => self.false_alarms += 1,
            (true, false) => self.passed += 1,
            (false, true) => self.found += 1,
            (false, false) => self.missed += 1,
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            found: self.found + other.found,
            missed: self.missed + other.missed,
            false_alarms: self.false_alarms + other.false_alarms,
            passed: self.passed + other.passed,
        }
    }

    fn all(self) -> usize {
        self.found + self.missed + self.false_alarms + self.passed
    }

    fn measured(self) -> Measured {
        let share = |part: usize, rest: usize| (part + rest > 0).then(|| part as f64 / (part + rest) as f64);
        let recall = share(self.found, self.missed);
        let specificity = share(self.passed, self.false_alarms);
        let balanced = recall.zip(specificity).map(|(recall, specificity)| f64::midpoint(recall, specificity));
        [balanced, share(self.found, self.false_alarms), recall, share(self.false_alarms, self.passed)]
    }
}

struct Score {
    tally: Tally,
    measured: Measured,
    intervals: [Option<[f64; 2]>; 4],
}

impl Score {
    fn as_json(&self) -> Json {
        let mut json = json!({ "summaries": self.tally.all(), "wrong": self.tally.found + self.tally.missed });
        for ((name, value), interval) in MEASURES.iter().zip(self.measured).zip(self.intervals) {
            json[*name] = json!(value);
            json["intervals"][*name] = json!(interval);
        }
        json
    }

    fn as_line(&self, name: &str) -> String {
        let mut line = format!("{name:28}");
        for (value, interval) in self.measured.iter().zip(&self.intervals) {
            let percent = |share: f64| format!("{:.1}", share * 100.0);
            let value = value.map_or("-".to_owned(), |share| percent(share) + " %");
            let interval = interval.map(|[from, to]| format!(" ({} to {})", percent(from), percent(to))).unwrap_or_default();
            // Nothing can fail in writing to a text.
            let _ = write!(line, " {:>22}", value + &interval);
        }
        line + "\n"
    }
}

/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): the same drawings every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((word ^ (word >> 31)) % count as u64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::Scores;

    #[test]
    fn rows_of_one_document_stay_together() {
        let mut scores = Scores::default();
        for document in [1, 2] {
            for _ in 0..50 {
                scores.add(document, None, false, ["a"].into_iter().filter(|_| document == 1));
                scores.add(document, None, true, std::iter::empty());
            }
        }
        let json = scores.as_json();
        assert_eq!(json["recall"], 0.5);
        // Rows drawn one by one would stay near a half; a quarter of the drawings hold the same document twice.
        assert_eq!(json["intervals"]["recall"], serde_json::json!([0.0, 1.0]));
        assert_eq!(json["intervals"]["false_alarms"], serde_json::json!([0.0, 0.0]));
        assert_eq!(json["documents"], 2);
    }

    #[test]
    fn each_check_and_each_domain_is_counted_over_all_its_summaries() {
        let mut scores = Scores::default();
        scores.add(1, Some("calls"), false, ["a", "a", "b"].into_iter());
        scores.add(1, Some("calls"), true, ["b"].into_iter());
        scores.add(2, Some("mails"), false, std::iter::empty());
        scores.add(2, Some("mails"), true, std::iter::empty());
        let json = scores.as_json();
        assert_eq!((&json["checks"]["a"]["recall"], &json["checks"]["a"]["precision"]), (&0.5.into(), &1.0.into()));
        assert_eq!((&json["checks"]["b"]["false_alarms"], &json["checks"]["b"]["precision"]), (&0.5.into(), &0.5.into()));
        assert_eq!((&json["domains"]["calls"]["recall"], &json["domains"]["mails"]["recall"]), (&1.0.into(), &0.0.into()));
        assert_eq!((&json["balanced_accuracy"], &json["summaries"]), (&0.5.into(), &4.into()));
        assert!(scores.as_text().contains("each domain"));
    }

    #[test]
    fn nothing_to_count_is_not_a_share_of_nothing() {
        let json = Scores::default().as_json();
        assert!(json["recall"].is_null() && json["intervals"]["recall"].is_null());
    }
}
