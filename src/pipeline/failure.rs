//! Everything that can go wrong with an event, and its class.

use std::time::Duration;

use crate::domain::event::EventError;
use crate::ports::{ModelError, StoreError};
use crate::prompt::{PromptError, ReplyError};

/// Why an event has no outcome. Safe to log and to put into a header: never holds text of a message.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Failure {
    #[error(transparent)]
    Event(#[from] EventError),
    #[error(
        "there is no contract for the kind `{kind}`; there are: {known}. Add `{kind}.toml` to the contracts folder (`--contracts DIR`), or correct `data.kind`"
    )]
    UnknownKind { kind: String, known: String },
    #[error("the event names sources without text that the record store does not have: {}; store them, or send their `text` with the event", some_of(.ids, ", "))]
    SourcesMissing { ids: Vec<String> },
    #[error("none of the sources can be read: {}; send what they say as text (`baton read FILE` shows what can be read)", some_of(.reasons, "; "))]
    NothingReadable { reasons: Vec<String> },
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Model(#[from] ModelError),
    #[error(transparent)]
    Prompt(#[from] PromptError),
    #[error("the model declined to answer; requeue the event with another `model.name`, or write this brief by hand")]
    Declined,
    #[error(
        "the provider's content filter cut the answer; requeue the event with another `model.name`, or write this brief by hand"
    )]
    Filtered,
    #[error("the answer was cut at {tokens} tokens; raise `model.max_output_tokens`")]
    Truncated { tokens: u32 },
    #[error(
        "the answer was cut at {tokens} tokens, and another call with twice as many would pass `model.max_handoff_tokens` ({limit}); raise it"
    )]
    TruncatedWithoutRoom { tokens: u32, limit: u64 },
    #[error("the model sent no answer")]
    NoAnswer,
    #[error(
        "the answer broke the contract {rounds} times; last: {last}; requeue the event, if it happens often with another `model.name`"
    )]
    ReplyWrong { rounds: u32, last: ReplyError },
    #[error(
        "one more call for this handoff would pass `model.max_handoff_tokens` ({limit}); raise it, or lower `context.token_budget`"
    )]
    HandoffTokensUsedUp { limit: u64 },
    #[error("the day's model budget of {limit_usd} USD is spent; raise `model.max_daily_usd` or start the worker again tomorrow")]
    DailyBudgetSpent { limit_usd: f64 },
    #[error("the event was not done within {seconds} s")]
    DeadlinePassed { seconds: u64 },
    #[error("processing stopped by a defect in Baton; please report it")]
    Panicked,
}

/// What to do about a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Goes away by itself: delay ladder, then the parking lot.
    Transient {
        /// What the other side asked for.
        retry_after: Option<Duration>,
    },
    /// Would fail again: parking lot at once.
    Permanent,
    /// The message cannot be understood: parking lot before any network call.
    Poison,
    /// Every event would fail: release, stop consuming.
    Halt,
}

impl Failure {
    /// The one place that decides.
    pub fn class(&self) -> Class {
        let transient = Class::Transient { retry_after: None };
        match self {
            Self::Event(_) => Class::Poison,
            // The sender's mistake, not ours: one wrong name must not stop the queue.
            Self::UnknownKind { .. } | Self::NothingReadable { .. } => Class::Permanent,
            // An attachment may be stored a moment after its event.
            Self::SourcesMissing { .. } => transient,
            Self::Store(error) => class_of_store(error),
            Self::Model(error) => class_of_model(error),
            // The prompt is ours and the same for every event.
            Self::Prompt(_) => Class::Halt,
            Self::Declined
            | Self::Filtered
            | Self::Truncated { .. }
            | Self::TruncatedWithoutRoom { .. }
            | Self::ReplyWrong { .. }
            | Self::HandoffTokensUsedUp { .. } => Class::Permanent,
            Self::NoAnswer | Self::DeadlinePassed { .. } | Self::Panicked => transient,
            Self::DailyBudgetSpent { .. } => Class::Halt,
        }
    }

    /// Name of the class, for logs, headers and the parking lot.
    pub fn class_name(&self) -> &'static str {
        match self.class() {
            Class::Transient { .. } => "transient",
            Class::Permanent => "permanent",
            Class::Poison => "poison",
            Class::Halt => "halt",
        }
    }
}

/// The first ten, each cut to 100 characters: an event may name any number of sources.
fn some_of(all: &[String], joint: &str) -> String {
    let shown: Vec<String> = all.iter().take(10).map(|one| one.chars().take(100).collect()).collect();
    match all.len() - shown.len() {
        0 => shown.join(joint),
        more => format!("{}{joint}and {more} more", shown.join(joint)),
    }
}

fn class_of_store(error: &StoreError) -> Class {
    match error {
        StoreError::Unreachable { .. } | StoreError::VersionConflict | StoreError::Failed { .. } => {
            Class::Transient { retry_after: None }
        }
        // Nothing can be read or written until somebody mends the settings.
        StoreError::LoginRefused { .. } => Class::Halt,
        StoreError::Corrupt { .. } => Class::Permanent,
    }
}

fn class_of_model(error: &ModelError) -> Class {
    match error {
        ModelError::Timeout { .. } | ModelError::Unreachable { .. } | ModelError::NotAnAnswer { .. } => {
            Class::Transient { retry_after: None }
        }
        ModelError::Busy { retry_after, .. } | ModelError::Server { retry_after, .. } => {
            Class::Transient { retry_after: *retry_after }
        }
        // A revoked key must not empty the queue into the parking lot.
        ModelError::KeyRefused { .. } | ModelError::QuotaUsedUp { .. } | ModelError::NoSuchModel { .. } => Class::Halt,
        ModelError::ContextTooLong | ModelError::Refused { .. } | ModelError::NotRecorded => Class::Permanent,
    }
}
