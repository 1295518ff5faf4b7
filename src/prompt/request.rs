//! [`prepare`]: the request and its stamp.

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value as Json;

use crate::context::Excerpt;
use crate::domain::contract::Contract;
use crate::domain::handoff::Handoff;
use crate::domain::stamp::Stamp;

/// A released prompt: `prompts/<name>/<version>/`.
#[derive(Debug, Clone, PartialEq)]
pub struct PromptVersion {
    /// For example `handoff_brief`.
    pub name: String,
    /// For example `v1`.
    pub version: String,
    /// Template of the fixed part (system message): depends on the contract only.
    pub system: String,
    /// Template of the part that differs between handoffs (user message).
    pub user: String,
    /// BLAKE3 digest of all its files.
    pub digest: String,
}

/// A request together with its stamp. Made only by [`prepare`].
#[derive(Debug, Clone)]
pub struct Prepared {
    pub request: ModelRequest,
    pub stamp: Stamp,
}

/// What a language model gets. Remote models read `messages` and `schema`; built-in engines read `excerpt` and `contract`.
#[derive(Debug, Clone)]
pub struct ModelRequest {
    /// System message first: byte-equal for all handoffs of a kind, so that a provider's prompt cache works.
    pub messages: Vec<Message>,
    /// Strict JSON Schema of the reply.
    pub schema: Arc<Json>,
    /// `[a-zA-Z0-9_-]{1,64}`.
    pub schema_name: String,
    pub excerpt: Arc<Excerpt>,
    pub contract: Arc<Contract>,
    /// Digest of `messages`: the key of recorded replies.
    pub digest: String,
    /// The most tokens the reply may have. Not part of the digest or the stamp.
    pub output_tokens: u32,
}

/// Who is asked. Engine and model go into the stamp: another model would answer differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target<'a> {
    pub engine: &'a str,
    pub model: &'a str,
    pub output_tokens: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    pub role: Role,
    pub content: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    System,
    User,
    Assistant,
}

/// A prompt that cannot be rendered. Names template and line, never the text of a source.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PromptError {
    #[error("prompt `{prompt}`: template `{template}` line {line}: {what}")]
    Template { prompt: String, template: String, line: usize, what: String },
}

/// Renders the request.
pub fn prepare(
    handoff: &Handoff,
    excerpt: Arc<Excerpt>,
    contract: Arc<Contract>,
    version: &PromptVersion,
    target: Target<'_>,
) -> Result<Prepared, PromptError> {
    let _ = (handoff, excerpt, contract, version, target);
    todo!()
}

impl ModelRequest {
    /// The request of a correction round: the original, the last answer, and the findings in one line each.
    pub fn with_correction(&self, last_reply: &str, findings: &[String]) -> Self {
        let _ = (last_reply, findings);
        todo!()
    }
}
