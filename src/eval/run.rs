//! [`run`]: every case through the pipeline, scored; and the baseline it must not fall below.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::desk::Desk;
use super::score::{Mark, Score, What, score};
use crate::pipeline::{Failure, Pipeline};
use crate::prompt::ModelRequest;

/// How one case went.
#[derive(Debug, Clone, Serialize)]
pub struct CaseResult {
    pub name: String,
    /// Name of the outcome, or why there was none.
    pub outcome: String,
    /// `None`: no brief was written, and every expectation counts as missed.
    pub score: Option<Score>,
}

/// How all cases went.
#[derive(Debug, Clone, Serialize)]
pub struct Results {
    pub engine: String,
    pub model: String,
    pub prompt: String,
    pub cases: Vec<CaseResult>,
    /// Share of expectations met, 0 to 1, by what they are about.
    pub scores: BTreeMap<What, f64>,
    /// Values where nobody stated any: worse than a missing one.
    pub invented: usize,
    /// Cases that gave no brief.
    pub failed: usize,
}

/// What a run must reach: committed in `eval/baselines/<engine>.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    pub scores: BTreeMap<What, f64>,
    pub invented: usize,
    pub failed: usize,
}

/// Runs the cases one after the other: the order of the results is that of the cases.
pub async fn run(pipeline: &Pipeline, cases: &[Case]) -> Results {
    let mut results = Vec::new();
    for case in cases {
        results.push(run_case(pipeline, case).await);
    }
    let lines = || results.iter().filter_map(|result| result.score.as_ref()).flat_map(|score| &score.lines);
    let mut totals = BTreeMap::<What, (usize, usize)>::new();
    for line in lines() {
        let (hits, all) = totals.entry(line.what).or_default();
        *all += 1;
        *hits += usize::from(line.mark == Mark::Hit);
    }
    Results {
        engine: pipeline.model.engine().to_owned(),
        model: pipeline.model.model().to_owned(),
        prompt: format!("{}/{}", pipeline.prompt.name, pipeline.prompt.version),
        invented: lines().filter(|line| line.mark == Mark::Invented).count(),
        failed: results.iter().filter(|result| result.score.is_none()).count(),
        scores: totals.into_iter().map(|(what, (hits, all))| (what, hits as f64 / all as f64)).collect(),
        cases: results,
    }
}

/// What the model would be asked for a case's brief, without asking it. `None`: there is nothing to ask. Where a map step
/// comes first, the request is the one by rank alone: what will be picked is not known.
pub async fn request(pipeline: &Pipeline, case: &Case) -> Result<Option<ModelRequest>, Failure> {
    let pipeline = Pipeline { store: Arc::new(Desk::new(case.handoff())), ..pipeline.clone() };
    Ok(pipeline.plan(&case.event).await?.requests().pop().cloned())
}

async fn run_case(pipeline: &Pipeline, case: &Case) -> CaseResult {
    let desk = Arc::new(Desk::new(case.handoff()));
    let pipeline = Pipeline { store: Arc::clone(&desk) as Arc<_>, ..pipeline.clone() };
    let outcome = pipeline.process_event(&case.event, Timestamp::now()).await;
    let written = desk.take_written();
    CaseResult {
        name: case.name.clone(),
        outcome: outcome.map_or_else(|failure| failure.to_string(), |outcome| outcome.name().to_owned()),
        score: written.map(|document| score(&case.expectation, (&document).into())),
    }
}

impl Results {
    /// What would be committed as the new baseline.
    pub fn as_baseline(&self) -> Baseline {
        Baseline { scores: self.scores.clone(), invented: self.invented, failed: self.failed }
    }

    /// Where the results are below a baseline, one line each. Empty: fine.
    pub fn shortfalls(&self, baseline: &Baseline) -> Vec<String> {
        let mut lines = Vec::new();
        for (what, least) in &baseline.scores {
            let reached = self.scores.get(what).copied().unwrap_or(0.0);
            // Scores are ratios of small integers: the tolerance is for JSON's rounding only.
            if reached < least - 1e-9 {
                lines.push(format!("{}: {reached:.3}, the baseline is {least:.3}", what.name()));
            }
        }
        for (name, count, most) in [("invented", self.invented, baseline.invented), ("failed", self.failed, baseline.failed)] {
            if count > most {
                lines.push(format!("{name}: {count}, the baseline is {most}"));
            }
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn results(field: f64, invented: usize) -> Results {
        Results {
            engine: String::new(),
            model: String::new(),
            prompt: String::new(),
            cases: Vec::new(),
            scores: BTreeMap::from([(What::Field, field)]),
            invented,
            failed: 0,
        }
    }

    #[test]
    fn falling_below_the_baseline_is_named() {
        let baseline = results(0.9, 1).as_baseline();
        assert!(results(0.9, 1).shortfalls(&baseline).is_empty());
        assert!(results(0.95, 0).shortfalls(&baseline).is_empty());
        assert_eq!(
            results(0.8, 2).shortfalls(&baseline),
            ["field: 0.800, the baseline is 0.900", "invented: 2, the baseline is 1"]
        );
        let nothing = Results { scores: BTreeMap::new(), ..results(0.9, 1) };
        assert_eq!(nothing.shortfalls(&baseline), ["field: 0.000, the baseline is 0.900"]);
    }
}
