//! All that Baton needs of the world: a language model, a record store, and deliveries from a queue.
//!
//! Two traits, both used as `Arc<dyn …>`. A queue is a channel of [`Delivery`]: it needs no trait.

use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

use crate::context::Limits;
use crate::domain::brief::Usage;
use crate::domain::event::{Envelope, HandoffEvent, RecordRef};
use crate::domain::handoff::Handoff;
use crate::domain::stamp::Stamp;
use crate::prompt::ModelRequest;
use crate::qa::WriteBack;

/// Writes replies. Implementations: `openai`, `extractive`, `recorded`.
pub trait LanguageModel: Send + Sync {
    /// For example `openai`. Part of the stamp.
    fn engine(&self) -> &str;

    /// For example `gpt-6-luna`. Part of the stamp.
    fn model(&self) -> &str;

    /// Whether the same request always gets the same reply, for free: no journal.
    fn repeats_itself(&self) -> bool;

    /// Whether it reads `messages` and answers by `schema`, so that it can be asked for other things than a brief. A
    /// built-in engine reads `excerpt` and `contract`, and writes briefs only.
    fn reads_messages(&self) -> bool {
        true
    }

    /// Sends one request, once: no retries inside. The deadline is the implementation's.
    fn complete<'a>(&'a self, request: &'a ModelRequest) -> BoxFuture<'a, Result<ModelReply, ModelError>>;

    /// What usage costs in US dollars; `None` if the price is not known, which is not 0.
    fn price(&self, usage: &Usage) -> Option<f64>;
}

/// What a model sent back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelReply {
    pub text: String,
    pub finish: Finish,
    pub usage: Usage,
}

/// Why a model stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finish {
    /// The reply is whole.
    Stop,
    /// Cut at the output limit: never parsed as complete.
    Length,
    /// The model declined.
    Refusal,
    /// A provider's filter cut in.
    ContentFilter,
    /// No choice, or a choice without content.
    Empty,
}

/// Why a model call gave no reply. Never holds a body: providers echo the request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    #[error("the model at `{endpoint}` did not answer within {seconds} s")]
    Timeout { endpoint: String, seconds: u64 },
    #[error("the model at `{endpoint}` cannot be reached; check `model.base_url` and the network")]
    Unreachable { endpoint: String },
    #[error("the model at `{endpoint}` is busy (HTTP {status})")]
    Busy { endpoint: String, status: u16, retry_after: Option<Duration> },
    #[error("the model at `{endpoint}` failed (HTTP {status})")]
    Server { endpoint: String, status: u16, retry_after: Option<Duration> },
    #[error("the key for `{endpoint}` was refused (HTTP {status}); set `model.api_key` or OPENAI_API_KEY to a valid key")]
    KeyRefused { endpoint: String, status: u16 },
    #[error("the quota of the key for `{endpoint}` is used up; raise it at the provider, then start the worker again")]
    QuotaUsedUp { endpoint: String },
    #[error("the model `{model}` is not there (HTTP 404); set `model.name` to one that `{endpoint}` serves")]
    NoSuchModel { endpoint: String, model: String },
    #[error("the request is too long for the model; lower `context.token_budget`")]
    ContextTooLong,
    #[error("the model at `{endpoint}` refused the request (HTTP {status}, code `{code}`)")]
    Refused { endpoint: String, status: u16, code: String },
    #[error("the answer of `{endpoint}` is no chat completion")]
    NotAnAnswer { endpoint: String },
    #[error(
        "there is no recorded reply for this request; put one into `model.recordings` as DIGEST.json (`eval/README.md` has the format)"
    )]
    NotRecorded,
}

/// Keeps records, sources, briefs and exchanges. Implementations: SQLite, PostgreSQL.
pub trait RecordStore: Send + Sync {
    /// Reads what is known for an event: contents of its sources (all within `look_back_days` of the record's if it
    /// names none), human-owned values, version, newest brief of this kind. A source that travels with the event is
    /// taken from there and stored. A record the store has never seen is created with version 0.
    ///
    /// Of the sources it pulls, it reads those within `limits`, newest first: what an event brings into memory is bounded.
    fn fetch_handoff<'a>(
        &'a self,
        event: &'a HandoffEvent,
        look_back_days: u32,
        limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Handoff, StoreError>>;

    /// One transaction: history, findings, live values, event row; only if the record's version is still
    /// `expected_version`, and no newer event has written.
    fn write_back<'a>(&'a self, write: &'a WriteBack) -> BoxFuture<'a, Result<Written, StoreError>>;

    /// Notes the end of an event that wrote no brief. Idempotent.
    fn note_outcome<'a>(&'a self, event: &'a HandoffEvent, outcome: &'a str) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Journals a paid answer before it is used, so that a crash does not buy it twice.
    fn record_exchange<'a>(&'a self, exchange: &'a Exchange) -> BoxFuture<'a, Result<(), StoreError>>;

    /// The journaled replies for a stamp, in the order of their rounds.
    fn recall_exchanges<'a>(&'a self, stamp: &'a Stamp) -> BoxFuture<'a, Result<Vec<Exchange>, StoreError>>;

    /// US dollars spent on model calls since `since`. Unknown prices count as 0.
    fn spent_since<'a>(&'a self, since: Timestamp) -> BoxFuture<'a, Result<f64, StoreError>>;

    /// Records that have sources, ordered by type and id, after `after`; each with its newest event of `kind` (by time and
    /// id), without its sources' contents, if one ever ended. What a backfill walks over.
    fn list_records<'a>(
        &'a self,
        kind: &'a str,
        after: Option<&'a RecordRef>,
        limit: u32,
    ) -> BoxFuture<'a, Result<Vec<KnownRecord>, StoreError>>;

    /// Outcomes a backfill has already noted, by record.
    fn ledger<'a>(&'a self, run: &'a str) -> BoxFuture<'a, Result<Vec<LedgerLine>, StoreError>>;

    /// Notes what a backfill did with a record. Idempotent.
    fn note_ledger<'a>(&'a self, run: &'a str, line: &'a LedgerLine) -> BoxFuture<'a, Result<(), StoreError>>;
}

/// One model call and what it cost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Exchange {
    pub stamp: Stamp,
    /// 0: the first answer, 1: the first correction, …. After a map step: 0 to n - 1 for its n chunks, then the
    /// brief. From 1000000: the judge.
    pub round: u32,
    pub engine: String,
    pub model: String,
    /// Digest of the request's messages.
    pub request_digest: String,
    pub reply: ModelReply,
    pub cost_usd: Option<f64>,
    pub latency_ms: u64,
    pub at: Timestamp,
}

/// A record of the store, and the newest handoff event it had.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownRecord {
    pub record: RecordRef,
    pub newest_event: Option<HandoffEvent>,
}

/// One line of a backfill's ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerLine {
    pub record: RecordRef,
    /// Name of the outcome, or `failed`.
    pub outcome: String,
    /// For `failed`: why.
    pub detail: Option<String>,
}

/// How a write ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// The brief is on the record.
    Done,
    /// A newer event has already written: nothing was changed but the event's row.
    Superseded,
}

/// Why the record store could not do something. Never holds a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    #[error("the record store `{store}` cannot be reached; check `record.url` and that the server runs")]
    Unreachable { store: String },
    #[error("the record store `{store}` refused the login; check user and password in `record.url`")]
    LoginRefused { store: String },
    #[error("the record changed while the brief was written")]
    VersionConflict,
    #[error("the record store `{store}` failed while it {doing} ({code})")]
    Failed { store: String, doing: &'static str, code: String },
    #[error("a stored value of `{what}` cannot be read; it was written by another version of Baton")]
    Corrupt { what: &'static str },
}

/// One message from a queue, and the way to settle it.
#[derive(Debug)]
pub struct Delivery {
    pub envelope: Envelope,
    /// From 1: how often this message has been tried, this time included.
    pub attempt: u32,
    /// Exactly one settlement. A dropped sender counts as [`Settlement::Release`].
    pub reply: oneshot::Sender<Settlement>,
}

/// How long to consume a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    UntilStopped,
    /// Until the queue is empty. Messages that wait for another try are counted, not waited for.
    Drain,
}

/// What a queue does with a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settlement {
    /// Done: forget it.
    Ack,
    /// Try again, not before this time has passed.
    RetryAfter(Duration),
    /// Put it aside with its reason, for a person.
    Park(ParkReason),
    /// Give it back untouched: this worker stops.
    Release,
}

/// Why a message is in the parking lot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParkReason {
    /// For example `poison`, `permanent`, `attempts_used_up`.
    pub class: String,
    /// What happened and what to do. Never holds text of the message.
    pub message: String,
    pub attempt: u32,
}

/// One message of the parking lot, as a person looks at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParkedMessage {
    /// Names the message within its parking lot; stable while it lies there.
    pub id: String,
    pub reason: ParkReason,
    pub parked_at: Option<Timestamp>,
    /// From the event, if it can be read.
    pub event_id: Option<String>,
    pub kind: Option<String>,
    /// For example `deal/1042`.
    pub record: Option<String>,
    pub body: Vec<u8>,
}
