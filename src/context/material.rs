//! Everything that was said, in order of time, before any budget.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use crate::domain::brief::{SourceReceipt, Span};
use crate::domain::event::{Side, SourceType};

/// What was understood of all sources.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Material {
    /// In order of time across sources, then of source id and position. The same whatever order the sources came in.
    pub messages: Vec<Message>,
    /// What was read and left out, per source, ordered by source id.
    pub receipts: Vec<SourceReceipt>,
    /// Tokens of all sources as they came, estimated from their bytes.
    pub tokens_original: usize,
    /// Bytes of all sources as they came.
    pub bytes_original: usize,
    /// When the handoff happened. `None`: not known.
    pub event_time: Option<Timestamp>,
    /// Whom the event names as taking part or as an owner.
    #[serde(skip)]
    pub people: Vec<String>,
    /// Name of the tokenizer that [`fit`](super::fit) counts with.
    pub encoding: String,
}

/// A mail, a turn of a call, a note, a record field: one person at one time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Message {
    /// Id of the source.
    pub source: String,
    pub source_type: SourceType,
    /// Who spoke or wrote, as named in the source.
    pub speaker: Option<String>,
    /// Mail address of the speaker, if the source has it.
    pub address: Option<String>,
    pub side: Side,
    /// Absolute time: of the mail, or of the call plus the offset of the turn.
    pub at: Option<Timestamp>,
    /// Subject of a mail, name of a field.
    pub title: Option<String>,
    pub passages: Vec<Passage>,
}

/// A paragraph, bullet or whole turn: the unit that evidence points to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Passage {
    pub kind: PassageKind,
    /// Exactly the readable text of the source at `span`.
    pub text: String,
    /// Place in the source's readable text: the content itself where it is plain text, the decoded text of the
    /// MIME part or HTML note otherwise.
    pub span: Span,
    /// Place in the source as it came, from the first word to the last. `None`: the words do not stand there as they
    /// are read, because they were decoded.
    pub original: Option<Span>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PassageKind {
    Turn,
    Paragraph,
    Item,
    Field,
    /// Below a mail: who somebody is. The newest of each person is kept.
    Signature,
}

/// Size limits at the entrance. Over a limit: what is beyond it is left out, with a line in the source's receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one source.
    pub source_bytes: usize,
    /// Bytes of all sources of a handoff.
    pub handoff_bytes: usize,
    /// Parts of one source: MIME parts of its mails, mails of an mbox, entries of an export.
    pub parts: usize,
    /// Messages within messages, and multiparts within multiparts.
    pub nesting: usize,
    /// Bytes of one source after its transfer encodings and charsets are decoded.
    pub decoded_bytes: usize,
}

impl Limits {
    /// What `config.default.toml` says.
    pub const DEFAULT: Self =
        Self { source_bytes: 8 << 20, handoff_bytes: 32 << 20, parts: 10_000, nesting: 16, decoded_bytes: 32 << 20 };
}

/// What reading needs to know beside the handoff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gathering {
    pub limits: Limits,
    /// Mail domains of our own people, lower case: tells the sides apart.
    pub our_domains: Arc<[String]>,
    /// Name of the tokenizer, for example `o200k_base`.
    pub encoding: String,
}
