//! What the checks find: errors planted, one at a time, in the right briefs that people wrote for the bundled cases.
//!
//! `cargo test mutations -- --nocapture` prints the share that is found of each kind, and what the checks say about
//! the briefs as they are.

use baton::context::{Excerpt, Gathering, Limits, fit, gather};
use baton::domain::brief::{Brief, Finding, Severity};
use baton::domain::contract::{self, Contract};
use baton::eval::case::{Case, OUR_DOMAINS, bundled};
use baton::prompt::parse_reply;
use baton::qa::review;

/// A right brief with all that a review needs.
struct Subject {
    case: Case,
    contract: Contract,
    excerpt: Excerpt,
    brief: Brief,
}

fn subjects() -> Vec<Subject> {
    let gathering = Gathering {
        limits: Limits { source_bytes: 1 << 20, handoff_bytes: 4 << 20 },
        our_domains: OUR_DOMAINS.map(str::to_owned).into(),
        encoding: "bytes".to_owned(),
    };
    let contracts = contract::bundled().unwrap();
    let subject = |case: Case| {
        let handoff = case.handoff();
        let contract = contracts.iter().find(|one| one.kind == handoff.event.data.kind).unwrap().clone();
        let excerpt = fit(&gather(&handoff, &gathering), &contract, 200_000);
        let text = case.reply.as_ref()?.reply.to_string();
        let brief = parse_reply(&text, &contract, &excerpt).unwrap_or_else(|errors| panic!("{}: {errors:?}", case.name));
        Some(Subject { case, contract, excerpt, brief })
    };
    bundled().unwrap().into_iter().filter_map(subject).collect()
}

impl Subject {
    fn findings(&self, brief: &Brief) -> Vec<Finding> {
        let reviewed = review(brief.clone(), &self.excerpt, &self.contract, &self.case.human_values);
        reviewed.findings().to_vec()
    }
}

/// What is true of a right brief too: what the contract asks for and nobody said, and what the sources disagree about.
const NO_ALARMS: [&str; 4] = ["required_fields_are_stated", "rules_hold", "commitments_are_complete", "sources_agree"];

#[test]
fn right_briefs_set_off_no_blocking_check_and_few_warnings() {
    let mut warnings = 0;
    let mut blocks = Vec::new();
    for subject in subjects() {
        for finding in subject.findings(&subject.brief) {
            let field = finding.field.as_deref().unwrap_or("-");
            println!("{} {:?} {} {field}: {}", subject.case.name, finding.severity, finding.check, finding.message);
            if NO_ALARMS.contains(&finding.check.as_str()) {
                continue;
            }
            match finding.severity {
                Severity::Block => blocks.push((subject.case.name.clone(), finding)),
                Severity::Warn => warnings += 1,
                Severity::Info => {}
            }
        }
    }
    assert!(blocks.is_empty(), "{blocks:#?}");
    assert!(warnings <= 1, "{warnings} warnings");
}
