//! The brief: what an engine says about a handoff, and what is written back once it was checked.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::decision::Decision;
use super::event::{RecordRef, Side};
use super::stamp::Stamp;
use super::value::Value;

/// What an engine says, with every quote tied to its place. Not checked yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Brief {
    /// One sentence for the top of the record.
    pub headline: String,
    /// One answer for each field of the contract, in the contract's order.
    pub fields: Vec<FieldAnswer>,
    /// One answer for each axis of the contract, in the contract's order.
    pub axes: Vec<AxisAnswer>,
    /// Who promised what to whom.
    pub commitments: Vec<Commitment>,
    /// Questions that were asked and not answered.
    pub open_questions: Vec<OpenQuestion>,
}

impl Brief {
    /// The answer to one field.
    pub fn field(&self, name: &str) -> Option<&FieldAnswer> {
        self.fields.iter().find(|answer| answer.name == name)
    }

    /// The label of one axis.
    pub fn axis(&self, name: &str) -> Option<&AxisAnswer> {
        self.axes.iter().find(|answer| answer.name == name)
    }
}

/// The answer to one field of the contract.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FieldAnswer {
    pub name: String,
    pub status: FieldStatus,
    /// Set when `status` is `stated`.
    pub value: Option<Value>,
    /// Both sides of a conflict, newest last. Empty unless `status` is `conflicting`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<Value>,
    pub evidence: Vec<Evidence>,
    /// Said longer ago than the contract's `stale_after_days`, and not since.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stale: bool,
    /// From the checks, never from the engine's opinion.
    pub confidence: Confidence,
    pub origin: Origin,
    /// What the machine would have written where a person's value stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<Suggestion>,
}

/// The machine's value beside a person's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Suggestion {
    pub value: Value,
    pub evidence: Vec<Evidence>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldStatus {
    Stated,
    NotStated,
    Conflicting,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    Low,
    Medium,
    High,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    Machine,
    Human,
}

/// A verbatim quote and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// Id of the source; empty if the engine named a unit that does not exist.
    pub source: String,
    /// Number of the unit in the excerpt; of the first one, if the quote runs over several paragraphs of a message.
    pub unit: u32,
    /// The words as the engine gave them; after review, where `span` is set, the source's own (secrets masked).
    pub quote: String,
    /// Where the words stand in the source's readable text. `None`: not found there.
    pub span: Option<Span>,
    /// Where they stand in the source as it came; the place of the whole unit if marks stand between its words, such as
    /// `> ` of a quoted mail. `None`: not found, or decoded (base64, HTML, JSON).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<Span>,
    pub speaker: Option<String>,
    pub side: Side,
    /// When it was said or sent.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub at: Option<Timestamp>,
}

/// Half-open range of UTF-8 byte offsets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

/// The label of one category axis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AxisAnswer {
    pub name: String,
    pub label: AxisLabel,
    pub evidence: Vec<Evidence>,
}

/// `none`: no label applies. `failed`: the engine's label did not survive the checks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "is", content = "name")]
pub enum AxisLabel {
    Label(String),
    None,
    Failed,
}

/// Who, to whom, what, by when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Commitment {
    /// Who promised, as named in the sources.
    pub who: Option<String>,
    /// The side of the one who promised.
    pub side: Side,
    pub to_whom: Option<String>,
    pub what: String,
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub due: Option<Date>,
    pub firmness: Firmness,
    pub evidence: Vec<Evidence>,
}

/// How binding a promise is, from its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Firmness {
    /// "We will", "I'll send".
    Firm,
    /// "Might", "should be able to", "hope to".
    Hedged,
    /// Not said as a promise, but taken as one.
    Implied,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OpenQuestion {
    pub question: String,
    pub evidence: Vec<Evidence>,
}

/// What a check says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// Name of the check: the sentence that is true when it passes.
    pub check: String,
    pub severity: Severity,
    /// The field, axis or commitment it is about.
    pub field: Option<String>,
    /// For people who may read the record. May name values.
    pub message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Info,
    Warn,
    Block,
}

/// Whether the next owner can start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "verdict")]
pub enum Readiness {
    Ready,
    /// Required fields are missing; `Reviewed::missing` names them.
    Incomplete,
    /// An exit rule is broken, or sources conflict on something required.
    Blocked {
        /// One line each.
        reasons: Vec<String>,
        /// The same with what was said, one for each of `reasons` and in their order. Empty in briefs written before
        /// there were grounds.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        grounds: Vec<Ground>,
    },
}

/// Why a handoff is blocked, with the words that block it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ground {
    /// The contract's rule that is broken. `None`: sources conflict.
    pub rule: Option<String>,
    /// The fields and axes it is about.
    pub fields: Vec<String>,
    pub message: String,
    /// All sides of a conflict, newest last; of a broken rule what was said for its fields. Empty: nobody said anything.
    pub evidence: Vec<Evidence>,
}

/// A required field nobody stated, and how to get it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MissingField {
    pub name: String,
    pub question: String,
    pub ask: AskWhom,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AskWhom {
    #[default]
    Customer,
    PreviousOwner,
}

/// What was read, what was cut, and why.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CoverageReceipt {
    pub sources: Vec<SourceReceipt>,
    /// Tokens of all sources as they came, estimated from their bytes.
    pub tokens_original: usize,
    /// Tokens of what the model may read.
    pub tokens_kept: usize,
    /// Whether `tokens_kept` was counted; otherwise it is estimated from the bytes, which are within the budget.
    #[serde(default)]
    pub tokens_exact: bool,
    /// Units that did not fit the token budget.
    pub units_cut: usize,
    pub units_kept: usize,
    /// For very long material: the map step in which a model picked what the brief needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picks: Option<PickReceipt>,
}

/// The map step of very long material: it is read chunk by chunk, and the units picked in each fill the token budget
/// before those that rank high.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PickReceipt {
    /// For example `handoff_pick/v1`.
    pub prompt: String,
    /// Chunks the material was cut into.
    pub chunks: usize,
    /// Chunks from which a model picked; the units of the others were ranked only.
    pub chunks_picked: usize,
    /// Units that were picked.
    pub units_picked: usize,
    /// Why chunks were ranked only, one line each: never text of a source or a reply.
    pub notes: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SourceReceipt {
    pub id: String,
    /// The format that was detected, and the rule that matched.
    pub format: String,
    pub messages: usize,
    pub units: usize,
    /// Language of what was kept, as a BCP 47 tag such as `en`. `None`: too short to tell, or not sure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// What was left out and why, one line each: never the text itself.
    pub left_out: Vec<String>,
}

/// How a brief came about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Provenance {
    pub engine: String,
    pub model: String,
    /// For example `handoff_brief/v1`.
    pub prompt: String,
    pub contract_digest: String,
    pub contract_version: u32,
    pub stamp: Stamp,
    pub usage: Usage,
    /// US dollars. `None`: the price is not known, which is not 0.
    pub cost_usd: Option<f64>,
    /// Calls made for this brief, those of the map step, corrections and the judge included.
    pub attempts: u32,
    /// If a second model call judged the brief: what it was asked. What it disagreed with are findings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judge: Option<JudgeReceipt>,
}

/// What a judge was asked and said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct JudgeReceipt {
    /// For example `claim_judge/v1`.
    pub prompt: String,
    /// Claims it was asked about. 0: there was no doubt to ask about.
    pub claims: usize,
    /// Claims that it found supported.
    pub supported: usize,
}

/// Tokens of one or more model calls.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Usage {
    pub prompt_tokens: u64,
    pub cached_prompt_tokens: u64,
    pub completion_tokens: u64,
}

impl std::ops::AddAssign for Usage {
    fn add_assign(&mut self, other: Self) {
        self.prompt_tokens += other.prompt_tokens;
        self.cached_prompt_tokens += other.cached_prompt_tokens;
        self.completion_tokens += other.completion_tokens;
    }
}

/// Whether the brief is live on the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Publication {
    /// In the record's live values.
    Published,
    /// A draft: a blocking finding stands. The live values are untouched.
    HeldForReview,
}

/// A brief as it is stored on the record and shown: the published format.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Baton brief")]
pub struct BriefDocument {
    pub kind: String,
    pub record: RecordRef,
    /// CloudEvents `source` and `id` of the event it was written for.
    pub event_source: String,
    pub event_id: String,
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub event_time: Timestamp,
    pub publication: Publication,
    pub readiness: Readiness,
    pub missing: Vec<MissingField>,
    pub brief: Brief,
    /// Where the contract's routing rules send the record.
    pub route: Option<String>,
    pub findings: Vec<Finding>,
    /// What people decided about parts of this brief, or of earlier ones where it still holds: the last for each part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<Decision>,
    pub coverage: CoverageReceipt,
    pub provenance: Provenance,
}

/// Live values of a record: what other systems read. Only published, unconflicted, machine- or human-owned values.
pub type LiveValues = BTreeMap<String, Value>;
