//! Prompt version, contract and excerpt → the request a model gets, and its reply → a brief.

mod reply;
mod request;
mod schema;

pub use reply::{ReplyError, parse_reply};
pub use request::{Message, ModelRequest, Prepared, PromptError, PromptVersion, Role, Target, prepare};
pub use schema::{lint_strict, reply_schema};
