//! Exports of other systems, as JSON. Told by their shape, not by a name.
//!
//! `calls` knows the shapes of tools that record calls, `chats` those of chats; `entries` reads any list of who said
//! what. `speech` makes turns of what they found, `words` pieces of single words, `voices` people of ids.

mod calls;
mod chats;
mod entries;
mod gmail;
mod mails;
mod speech;
mod voices;
mod words;

use serde_json::Value as Json;

use self::calls::CallExport;
use self::mails::MailExport;
use super::material::Limits;
use super::reading::Reading;
use crate::domain::handoff::Source;

/// A known export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Export {
    Call(CallExport),
    Mails(MailExport),
    /// Slack: an array of objects with `type: "message"`, or `messages` of them.
    Slack,
    /// Any array of objects with a speaker and a text.
    Entries,
}

impl Export {
    /// For the receipt: the format and the rule that matched.
    pub(super) fn describe(self) -> &'static str {
        match self {
            Self::Mails(export) => export.describe(),
            Self::Call(call) => call.describe(),
            Self::Slack => "Slack messages (JSON with type message, ts and text)",
            Self::Entries => "list of messages (JSON array of objects with a speaker and a text)",
        }
    }

    /// Whether the shape belongs to one system. The one of `Entries` may be a part of any record.
    pub(super) fn is_specific(self) -> bool {
        match self {
            Self::Call(_) | Self::Mails(_) | Self::Slack => true,
            Self::Entries => false,
        }
    }
}

/// Tells an export by its shape. The more specific shape wins.
pub(super) fn detect(json: &Json) -> Option<Export> {
    let call = || calls::detect(json).map(Export::Call);
    let mails = || mails::detect(json).map(Export::Mails);
    let slack = || chats::slack(json).map(|_| Export::Slack);
    call().or_else(mails).or_else(slack).or_else(|| entries::find(json).map(|_| Export::Entries))
}

/// Reads an export. The readable text is made.
pub(super) fn read(source: &Source, content: &str, export: Export, limits: &Limits) -> Reading {
    // Detection parsed it already; an error would mean that the two disagree, and reads as nothing.
    let json: Json = serde_json::from_str(content.trim_start_matches('\u{feff}')).unwrap_or_default();
    match export {
        Export::Mails(export) => mails::read(&json, export, limits),
        Export::Call(call) => calls::read(source, &json, call, limits),
        Export::Slack => chats::read_slack(source, &json, limits),
        Export::Entries => entries::read(source, &json, limits),
    }
}
