//! The bundled cases through the real stations with the built-in engine, against what a person expects.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use baton::adapters::extractive::Extractive;
use baton::context::{Gathering, Limits, fit, gather};
use baton::domain::contract::Contract;
use baton::eval::case::{Case, bundled};
use baton::eval::score::{Mark, Score, Scored, What, score};
use baton::ports::{Finish, LanguageModel};
use baton::prompt::{PromptVersion, Target, parse_reply, prepare};
use baton::qa::{Reviewed, review};

const OUR_DOMAINS: [&str; 2] = ["tallyport.example", "fernhollow.example"];

fn contract(kind: &str) -> Contract {
    let file = format!("{}/contracts/{kind}.toml", env!("CARGO_MANIFEST_DIR"));
    Contract::parse(&std::fs::read_to_string(&file).unwrap(), &file).unwrap()
}

fn gathering() -> Gathering {
    Gathering {
        limits: Limits { source_bytes: 1 << 20, handoff_bytes: 4 << 20 },
        our_domains: OUR_DOMAINS.map(str::to_owned).into(),
        // Counted in bytes: the tokenizer's vocabulary takes longer to load than all cases to read.
        encoding: "bytes".to_owned(),
    }
}

async fn brief(case: &Case, engine: &Extractive) -> Reviewed {
    let handoff = case.handoff();
    let contract = Arc::new(contract(&handoff.event.data.kind));
    let excerpt = Arc::new(fit(&gather(&handoff, &gathering()), &contract, 200_000));
    let version = PromptVersion::bundled("handoff_brief", "v1").unwrap();
    let target = Target { engine: engine.engine(), model: engine.model(), output_tokens: 4_000 };
    let prepared = prepare(&handoff, Arc::clone(&excerpt), Arc::clone(&contract), &version, target).unwrap();
    let reply = engine.complete(&prepared.request).await.unwrap();
    assert_eq!(reply.finish, Finish::Stop);
    let parsed = parse_reply(&reply.text, &contract, &excerpt);
    let brief = parsed.unwrap_or_else(|errors| panic!("{}: {errors:?}\n{}", case.name, reply.text));
    if std::env::var("BATON_SHOW").is_ok_and(|name| case.name.contains(&name)) {
        for unit in excerpt.units() {
            println!(
                "  #{} [{} {:?} {:?} {:?}] {:?} {}",
                unit.n, unit.source, unit.side, unit.speaker, unit.at, unit.title, unit.text
            );
        }
        println!("{}", serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(&reply.text).unwrap()).unwrap());
    }
    review(brief, &excerpt, &contract, &case.human_values)
}

async fn scores() -> Vec<(String, String, Score)> {
    let engine = Extractive::new();
    let mut scores = Vec::new();
    for case in bundled().unwrap() {
        let reviewed = brief(&case, &engine).await;
        let kind = case.event.data.kind.clone();
        scores.push((case.name.clone(), kind, score(&case.expectation, Scored::from(&reviewed))));
    }
    scores
}

/// What differs, and hits of expectations per kind of handoff.
fn table(scores: &[(String, String, Score)]) -> String {
    let mut out = String::new();
    let mut totals: BTreeMap<&str, BTreeMap<What, (usize, usize)>> = BTreeMap::new();
    for (name, kind, score) in scores {
        writeln!(out, "{name}").unwrap();
        for line in score.misses() {
            writeln!(
                out,
                "  {:?} {:?} {}\n      wanted {}\n      found  {}",
                line.mark, line.what, line.name, line.expected, line.found
            )
            .unwrap();
        }
        for what in WHATS {
            let (hits, all) = score.hits(what);
            for kind in [kind.as_str(), "all"] {
                let total = totals.entry(kind).or_default().entry(what).or_default();
                *total = (total.0 + hits, total.1 + all);
            }
        }
    }
    for (kind, by_what) in totals {
        let cells: Vec<String> = by_what.iter().map(|(what, (hits, all))| format!("{what:?} {hits}/{all}")).collect();
        writeln!(out, "{kind:22} {}", cells.join("  ")).unwrap();
    }
    out
}

const WHATS: [What; 7] = [What::Field, What::Axis, What::Commitment, What::Readiness, What::Missing, What::Route, What::Finding];

#[tokio::test]
async fn the_built_in_engine_meets_what_people_expect_of_the_bundled_cases() {
    let scores = scores().await;
    println!("{}", table(&scores));
    let sum = |mark: Mark| scores.iter().map(|(_, _, score)| score.count(What::Field, mark)).sum::<usize>();
    let (hits, all) = (sum(Mark::Hit), scores.iter().map(|(_, _, score)| score.hits(What::Field).1).sum::<usize>());
    assert!(hits * 100 >= all * 85, "{hits} of {all} fields\n{}", table(&scores));
}
