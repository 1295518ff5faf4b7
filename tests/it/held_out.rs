//! Right briefs of handoffs that the checks were not written on: `eval/held_out`. What a check says about them, apart
//! from what the sources themselves lack, is a false alarm.
//!
//! `cargo test held_out -- --nocapture` prints every alarm.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use baton::context::{Gathering, Limits, fit, gather};
use baton::domain::brief::{Finding, Severity};
use baton::domain::contract;
use baton::eval::case::{Case, OUR_DOMAINS};
use baton::eval::score::{What, score};
use baton::prompt::parse_reply;
use baton::qa::{Reviewed, review};

/// True of a right brief too: what nobody said, what the sources disagree about, and what was promised too vaguely.
const NO_ALARMS: [&str; 4] = ["required_fields_are_stated", "rules_hold", "commitments_are_complete", "sources_agree"];

/// Where a right brief is blocked today. A name goes when its brief is no longer blocked; none is added.
const BLOCKED: [&str; 5] = [
    "marketing_to_sales-menuiserie",
    "sales_to_delivery-ferry-films",
    "sales_to_onboarding-hotels",
    "sales_to_onboarding-kinderopvang",
    "sdr_to_ae-getraenke",
];

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("eval/held_out");
    let folders: BTreeSet<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.iter().filter(|path| path.is_dir()).map(|path| Case::load(path).unwrap()).collect()
}

/// The case's own reply, read and checked as a model's would be.
fn reviewed(case: &Case) -> Reviewed {
    let gathering = Gathering {
        limits: Limits { source_bytes: 1 << 20, handoff_bytes: 4 << 20, ..Limits::DEFAULT },
        our_domains: OUR_DOMAINS.map(str::to_owned).into(),
        encoding: "bytes".to_owned(),
    };
    let handoff = case.handoff();
    let contracts = contract::bundled().unwrap();
    let contract = contracts.iter().find(|one| one.kind == handoff.event.data.kind).unwrap();
    let excerpt = fit(&gather(&handoff, &gathering), contract, 200_000);
    let text = case.reply.as_ref().unwrap().reply.to_string();
    let brief = parse_reply(&text, contract, &excerpt).unwrap_or_else(|errors| panic!("{}: {errors:?}", case.name));
    review(brief, &excerpt, contract, &case.human_values)
}

fn is_alarm(finding: &Finding) -> bool {
    finding.severity > Severity::Info && !NO_ALARMS.contains(&finding.check.as_str())
}

#[test]
fn every_held_out_reply_says_what_its_case_expects() {
    let cases = cases();
    assert_eq!(cases.len(), 12);
    for case in &cases {
        let score = score(&case.expectation, (&reviewed(case)).into());
        let misses: Vec<_> = score.misses().filter(|line| line.what != What::Finding).collect();
        assert!(misses.is_empty(), "{}: {misses:#?}", case.name);
    }
}

#[test]
fn no_more_right_briefs_are_blocked_than_are_known() {
    let mut by_check = BTreeMap::<(Severity, String), usize>::new();
    let mut blocked = BTreeSet::new();
    for case in &cases() {
        let reviewed = reviewed(case);
        for finding in reviewed.findings().iter().filter(|finding| is_alarm(finding)) {
            let (severity, field) = (finding.severity, finding.field.as_deref().unwrap_or_default());
            println!("{severity:?}  {}  {}  {field}: {}", case.name, finding.check, finding.message);
            *by_check.entry((severity, finding.check.clone())).or_default() += 1;
            if severity == Severity::Block {
                blocked.insert(case.name.clone());
            }
        }
    }
    by_check.iter().for_each(|((severity, check), count)| println!("{count:3}  {severity:?}  {check}"));
    let new: Vec<_> = blocked.iter().filter(|name| !BLOCKED.contains(&name.as_str())).collect();
    assert!(new.is_empty(), "right briefs are blocked: {new:?}");
}
