//! The rounds of one brief: what a reply is good for, and what is asked next. Asks nobody.
//!
//! Replies come from the model or, after a crash, from the journal: the same replies lead to the same requests.

use super::failure::Failure;
use super::process::Asking;
use crate::domain::brief::Severity;
use crate::ports::{Finish, ModelError, ModelReply};
use crate::prompt::{ModelRequest, parse_reply};
use crate::qa::{self, Reviewed};

/// How often a reply may be asked for again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Allowed {
    /// With what is wrong in the last one.
    pub corrections: u32,
    /// With twice as many tokens, since it was cut. Not a correction: the model did nothing wrong.
    pub raises: u32,
}

/// What follows from a reply.
pub(super) enum Step {
    Done(Box<Reviewed>),
    /// [`Rounds::request`] is the next one.
    Again,
    Failed(Failure),
}

/// The way from a request to a brief that passes, or to the best there is.
pub(super) struct Rounds<'a> {
    asking: &'a Asking,
    left: Allowed,
    request: ModelRequest,
    replies_wrong: u32,
    /// Parsed, but blocked: what a person gets if no reply passes.
    best: Option<Reviewed>,
    /// Tokens at which the last reply was cut.
    cut_at: Option<u32>,
    /// What was wrong with the last reply, if it is asked for again.
    last: Option<Failure>,
}

impl<'a> Rounds<'a> {
    pub(super) fn new(asking: &'a Asking, allowed: Allowed) -> Self {
        let request = asking.prepared.request.clone();
        Self { asking, left: allowed, request, replies_wrong: 0, best: None, cut_at: None, last: None }
    }

    /// What is asked next.
    pub(super) fn request(&self) -> &ModelRequest {
        &self.request
    }

    /// Takes the reply to the request.
    pub(super) fn take(&mut self, reply: &ModelReply) -> Step {
        self.cut_at = None;
        match reply.finish {
            Finish::Stop => self.read(&reply.text),
            Finish::Length => self.raise(),
            Finish::Empty => self.again(None, Failure::NoAnswer),
            // Another call could not help.
            Finish::Refusal => self.stop(Failure::Declined),
            Finish::ContentFilter => self.stop(Failure::Filtered),
        }
    }

    /// Ends the rounds: the best brief there is, or else the failure.
    pub(super) fn stop(&mut self, failure: Failure) -> Step {
        match (self.best.take(), failure, self.cut_at) {
            // A draft is paid for and parsed: a person can work with it.
            (Some(best), _, _) => Step::Done(Box::new(best)),
            (None, Failure::HandoffTokensUsedUp { limit }, Some(tokens)) => {
                Step::Failed(Failure::TruncatedWithoutRoom { tokens, limit })
            }
            // What was wrong with a stored reply says more than that there is no second one.
            (None, Failure::Model(ModelError::NotRecorded), _) => {
                Step::Failed(self.last.take().unwrap_or(ModelError::NotRecorded.into()))
            }
            (None, failure, _) => Step::Failed(failure),
        }
    }

    fn read(&mut self, text: &str) -> Step {
        let asking = self.asking;
        let restored = asking.prepared.request.mask.restore(text);
        let brief = match parse_reply(&restored, &asking.contract, &asking.excerpt) {
            Ok(brief) => brief,
            Err(errors) => {
                self.replies_wrong += 1;
                let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
                let last = errors.into_iter().next();
                let failure = last.map_or(Failure::NoAnswer, |last| Failure::ReplyWrong { rounds: self.replies_wrong, last });
                return self.again(Some((text, &lines)), failure);
            }
        };
        let reviewed = qa::review(brief, &asking.excerpt, &asking.contract, &asking.handoff);
        if !reviewed.is_blocked_by_findings() {
            return Step::Done(Box::new(reviewed));
        }
        let lines = reviewed.correctable().to_vec();
        if self.best.as_ref().is_none_or(|best| badness(&reviewed) <= badness(best)) {
            self.best = Some(reviewed);
        }
        match lines.is_empty() {
            true => self.stop(Failure::NoAnswer),
            false => self.again(Some((text, &lines)), Failure::NoAnswer),
        }
    }

    /// Asks for a correction of the reply, or for any reply at all, if that is still allowed.
    fn again(&mut self, wrong: Option<(&str, &[String])>, failure: Failure) -> Step {
        let Some(left) = self.left.corrections.checked_sub(1) else { return self.stop(failure) };
        self.left.corrections = left;
        self.last = Some(failure);
        if let Some((text, lines)) = wrong {
            let output_tokens = self.request.output_tokens;
            self.request = ModelRequest { output_tokens, ..self.asking.prepared.request.with_correction(text, lines) };
        }
        Step::Again
    }

    fn raise(&mut self) -> Step {
        let tokens = self.request.output_tokens;
        let Some(left) = self.left.raises.checked_sub(1) else { return self.stop(Failure::Truncated { tokens }) };
        self.left.raises = left;
        self.cut_at = Some(tokens);
        self.request.output_tokens = tokens.saturating_mul(2);
        Step::Again
    }
}

/// The less, the better: blocking findings first, then warnings.
fn badness(reviewed: &Reviewed) -> (usize, usize) {
    let count = |severity| reviewed.findings().iter().filter(|finding| finding.severity == severity).count();
    (count(Severity::Block), count(Severity::Warn))
}
