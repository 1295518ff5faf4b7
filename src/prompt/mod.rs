//! Prompt version, contract and excerpt → the request a model gets, and its reply → a brief.
//!
//! [`PromptVersion`] holds the templates, [`prepare`] renders them, [`reply_schema`] says what the reply must look
//! like and [`parse_reply`] reads it. For very long material [`prepare_picks`] asks chunk by chunk first which of it the
//! brief needs, and [`prepare_judging`] asks about the claims of a brief that is there. Knows nothing of HTTP, providers or files.

mod form;
mod json;
mod judge;
mod lint;
mod mask;
mod pick;
mod reading;
mod reply;
mod request;
mod schema;
#[cfg(test)]
mod testing;
mod version;

pub use judge::{Judging, judge_schema, parse_judgements, prepare_judging};
pub use lint::lint_strict;
pub use mask::{Mask, Masking};
pub use pick::{parse_picks, pick_schema, prepare_picks};
pub use reply::{ReplyError, parse_reply};
pub use request::{Message, ModelRequest, Prepared, Role, Target, prepare};
pub use schema::reply_schema;
pub use version::{PromptError, PromptVersion};
