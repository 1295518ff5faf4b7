//! The judge: a request about the claims of a brief, and its reply → a judgement for each.

use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value as Json, json};

use super::reading::{Place, Reading};
use super::reply::{ReplyError, parse_json};
use super::request::{MARKER_CHARS, MessageView, ModelRequest, Prepared, request};
use super::schema::{list, object};
use super::version::{Asks, PromptError, PromptVersion};
use crate::context::{Excerpt, visible};
use crate::domain::claim::{Claim, Judged, Judgement};
use crate::domain::contract::Contract;
use crate::domain::stamp::{self, Stamp};

/// The most claims of one request, and the most bytes of them and their text together.
const CLAIMS: usize = 60;
const CLAIM_BYTES: usize = 48 * 1024;

const VERDICTS: [&str; 4] = ["supported", "contradicted", "not_in_the_text", "cannot_tell"];
const REASONS: [&str; 12] = [
    "none",
    "wrong_number",
    "wrong_unit",
    "wrong_day",
    "wrong_person",
    "wrong_side",
    "denied",
    "hedged",
    "only_asked",
    "taken_back",
    "not_said",
    "other",
];

/// A request about some of a brief's claims.
#[derive(Debug, Clone)]
pub struct Judging {
    pub request: ModelRequest,
    /// Which of the claims, counted from 0. In the request they count from 1.
    pub claims: Range<usize>,
}

/// The requests that ask about all claims: one, unless it would be over a size.
pub fn prepare_judging(
    claims: &[Claim],
    excerpt: &Arc<Excerpt>,
    contract: &Arc<Contract>,
    version: &PromptVersion,
    output_tokens: u32,
) -> Result<Vec<Judging>, PromptError> {
    let fixed = version.fixed(contract, Asks::Judgements)?;
    let one = |range: Range<usize>| {
        let claims = &claims[range.clone()];
        let marker = marker(claims, excerpt);
        let views = (1..).zip(claims).map(|(n, claim)| ClaimView::of(n, claim, excerpt)).collect();
        let user = version.render_user(&JudgeView { marker: &marker, claims: views })?;
        let request = request(&fixed, user, Arc::clone(excerpt), Arc::clone(contract), output_tokens);
        Ok(Judging { request, claims: range })
    };
    portions(claims).into_iter().map(one).collect()
}

/// As many claims at a time as a request may hold.
fn portions(claims: &[Claim]) -> Vec<Range<usize>> {
    let bytes = |claim: &Claim| {
        let text: usize = claim.stretches.iter().map(|stretch| stretch.span.end - stretch.span.start).sum();
        claim.text.len() + text
    };
    let mut portions: Vec<Range<usize>> = Vec::new();
    let mut filled = 0;
    for (n, claim) in claims.iter().enumerate() {
        filled += bytes(claim);
        match portions.last_mut() {
            Some(last) if last.len() < CLAIMS && filled <= CLAIM_BYTES => last.end = n + 1,
            _ => {
                filled = bytes(claim);
                portions.push(n..n + 1);
            }
        }
    }
    portions
}

/// From all that stands in the request: nobody who writes a part of it, a source or the brief, can foresee it.
fn marker(claims: &[Claim], excerpt: &Excerpt) -> String {
    let texts = claims.iter().map(|claim| claim.text.as_bytes());
    let mut digest = stamp::digest([b"judge".as_slice(), excerpt.digest().as_bytes()].into_iter().chain(texts));
    digest.truncate(MARKER_CHARS);
    digest
}

impl Prepared {
    /// The same with a stamp that says who judges the brief, whatever the brief will be.
    #[must_use]
    pub fn judged_by(self, version: &PromptVersion, judged: Judged) -> Self {
        let parts = [self.stamp.0.as_str(), "judge", judged.name(), &version.digest];
        Self { stamp: Stamp(stamp::digest(parts.map(str::as_bytes))), ..self }
    }
}

/// The schema of a reply with judgements: the same for every contract.
pub fn judge_schema() -> Json {
    let one_of = |names: &[&str]| json!({ "type": "string", "enum": names });
    let judgement =
        object([("claim", json!({ "type": "integer" })), ("reason", one_of(&REASONS)), ("verdict", one_of(&VERDICTS))]);
    object([("judgements", list(judgement))])
}

/// A judgement for each of `count` claims; `None` where the reply has none, or two that differ. Judgements of claims that
/// there are not are left out.
pub fn parse_judgements(text: &str, count: usize, excerpt: &Excerpt) -> Result<Vec<Option<Judgement>>, Vec<ReplyError>> {
    let json = parse_json(text)?;
    let mut reading = Reading::new(excerpt);
    let read = read_judgements(&mut reading, &json);
    match (read, reading.into_breaks()) {
        (Some(read), breaks) if breaks.is_empty() => Ok((1..=count).map(|n| only(&read, n)).collect()),
        (_, breaks) => Err(breaks),
    }
}

/// Judgements of one reply: more than it can have claims.
const JUDGEMENTS: usize = 1_000;

fn read_judgements(reading: &mut Reading<'_>, json: &Json) -> Option<Vec<(f64, Judgement)>> {
    let top = Place::Top;
    let [judgements] = reading.object(json, top, ["judgements"])?;
    reading.list(judgements, top.key("judgements"), JUDGEMENTS, |reading, json, at| {
        let [claim, reason, verdict] = reading.object(json, at, ["claim", "reason", "verdict"])?;
        let claim = reading.number(claim, at.key("claim"));
        let reason = reading.one_of(reason, at.key("reason"), &REASONS);
        let verdict = reading.one_of(verdict, at.key("verdict"), &VERDICTS);
        Some((claim?, Judgement { reason: reason?, verdict: verdict? }))
    })
}

/// What is said of a claim, if it is said once, or always the same.
fn only(read: &[(f64, Judgement)], n: usize) -> Option<Judgement> {
    let mut of_it = read.iter().filter(|(claim, _)| *claim == n as f64).map(|(_, judgement)| *judgement);
    let first = of_it.next()?;
    of_it.all(|other| other.verdict == first.verdict).then_some(first)
}

/// What the user template of a judge sees.
#[derive(Serialize)]
struct JudgeView<'a> {
    marker: &'a str,
    claims: Vec<ClaimView<'a>>,
}

#[derive(Serialize)]
struct ClaimView<'a> {
    n: usize,
    about: &'a str,
    text: String,
    text_of: Vec<MessageView<'a>>,
}

impl<'a> ClaimView<'a> {
    fn of(n: usize, claim: &'a Claim, excerpt: &'a Excerpt) -> Self {
        // A claim is whole, on one line, and starts no line of its own.
        let text = visible(&claim.text).split_whitespace().collect::<Vec<_>>().join(" ");
        let part = |stretch: &crate::domain::claim::Stretch| {
            excerpt.unit(stretch.unit).map(|unit| MessageView::of_part(unit, stretch.span))
        };
        Self { n, about: &claim.about, text, text_of: claim.stretches.iter().filter_map(part).collect() }
    }
}
