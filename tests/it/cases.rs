//! The bundled handoffs through the production pipeline with the built-in engine, against what people expect of them:
//! every field, label, promise, verdict, missing field, route and finding, written by hand in `eval/cases/*/expected.toml`.

use std::fmt::Write as _;
use std::sync::Arc;

use baton::adapters::extractive::Extractive;
use baton::context::{Gathering, Limits};
use baton::domain::contract;
use baton::eval::{self, case};
use baton::pipeline::{Pipeline, Settings};
use baton::prompt::PromptVersion;

pub(crate) fn pipeline() -> Pipeline {
    let contracts = contract::bundled().unwrap().into_iter().map(|contract| (contract.kind.clone(), Arc::new(contract)));
    Pipeline {
        store: eval::no_store(),
        model: Arc::new(Extractive::new()),
        contracts: Arc::new(contracts.collect()),
        prompt: Arc::new(PromptVersion::bundled("handoff_brief", "v1").unwrap()),
        map_step: None,
        judge: None,
        settings: Settings {
            max_message_bytes: 1 << 20,
            gathering: Gathering {
                limits: Limits { source_bytes: 1 << 20, handoff_bytes: 4 << 20, ..Limits::DEFAULT },
                our_domains: case::OUR_DOMAINS.map(str::to_owned).into(),
                encoding: "o200k_base".to_owned(),
            },
            token_budget: 24_000,
            output_tokens: 4096,
            max_corrections: 1,
            max_handoff_tokens: 200_000,
            max_daily_usd: None,
        },
    }
}

#[tokio::test]
async fn the_briefs_of_the_bundled_handoffs_are_right() {
    let cases = case::bundled().unwrap();
    let results = eval::run(&pipeline(), &cases).await;
    let mut wrong = String::new();
    let mut expectations = 0;
    for result in &results.cases {
        let score = result.score.as_ref().unwrap_or_else(|| panic!("{}: {}", result.name, result.outcome));
        expectations += score.lines.len();
        for line in score.misses() {
            let (what, name) = (line.what.name(), &line.name);
            writeln!(wrong, "{}: {what} {name}\n  expected {}\n  found    {}", result.name, line.expected, line.found).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert_eq!(results.cases.len(), 12);
    assert!(expectations > 250, "only {expectations} expectations were compared");
}
