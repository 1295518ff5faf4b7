//! The built-in engine: no key, no network, the same reply every time.
//!
//! It picks the sources' own sentences by the contract's cues, types the values in them and cites them; where nothing
//! fits it answers "not stated", since a wrong value is worse than none. It invents no word. Its reply has the form
//! every engine's has and goes through the same parse and the same checks.
//!
//! Reading order: `cues` (the contract's phrases) → `saying` (the excerpt by sentences) → `candidate` (which
//! sentences may answer a field) → `typed`, `words`, `person`, `promise` (answers by type), `labels`,
//! `question` → `reply`.

mod answer;
mod candidate;
mod cues;
mod labels;
mod measure;
mod people;
mod person;
mod promise;
mod question;
mod reply;
mod saying;
mod typed;
mod words;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;

use self::answer::Answer;
use self::cues::CueBook;
use self::people::Roster;
use self::saying::Saying;
use crate::context::Excerpt;
use crate::domain::brief::Usage;
use crate::domain::contract::{Contract, Required};
use crate::domain::value::{FieldType, Value};
use crate::ports::{Finish, LanguageModel, ModelError, ModelReply};
use crate::prompt::ModelRequest;

/// The engine. Cheap to share: it keeps the compiled cues of each contract it has seen.
#[derive(Default)]
pub struct Extractive {
    /// By digest of the contract. A worker sees a handful.
    books: Mutex<BTreeMap<String, Arc<CueBook>>>,
}

impl Extractive {
    pub fn new() -> Self {
        Self::default()
    }

    /// The reply's text for an excerpt. Pure.
    pub fn write(&self, excerpt: &Excerpt, contract: &Contract) -> String {
        let book = self.book(contract);
        let sayings = saying::read(excerpt, &book);
        let roster = Roster::new(&sayings);
        let fields: Vec<(&str, Answer)> = contract
            .fields
            .iter()
            .enumerate()
            .map(|(position, field)| (field.name.as_str(), answer_field(position, contract, &sayings, &roster)))
            .collect();
        let measured = measure::read(contract, &fields, &sayings);
        let axes = contract
            .axes
            .iter()
            .enumerate()
            .map(|(position, axis)| (axis.name.as_str(), labels::label(position, axis, &sayings, &measured)))
            .collect();
        reply::render(&reply::Findings {
            headline: headline(contract, &fields),
            fields,
            axes,
            promises: promise::read_all(&sayings, &roster),
            open_questions: question::read_open(&sayings),
        })
    }

    fn book(&self, contract: &Contract) -> Arc<CueBook> {
        let mut books = self.books.lock().unwrap_or_else(PoisonError::into_inner);
        let book = books.entry(contract.digest.clone()).or_insert_with(|| Arc::new(CueBook::compile(contract)));
        Arc::clone(book)
    }
}

impl LanguageModel for Extractive {
    fn engine(&self) -> &str {
        "extractive"
    }

    fn model(&self) -> &str {
        "cues-v1"
    }

    fn repeats_itself(&self) -> bool {
        true
    }

    fn reads_messages(&self) -> bool {
        false
    }

    fn complete<'a>(&'a self, request: &'a ModelRequest) -> BoxFuture<'a, Result<ModelReply, ModelError>> {
        let text = self.write(&request.excerpt, &request.contract);
        Box::pin(std::future::ready(Ok(ModelReply { text, finish: Finish::Stop, usage: Usage::default() })))
    }

    fn price(&self, _usage: &Usage) -> Option<f64> {
        Some(0.0)
    }
}

fn answer_field(position: usize, contract: &Contract, sayings: &[Saying<'_>], roster: &Roster) -> Answer {
    let field = &contract.fields[position];
    let candidates = candidate::rank(position, field, sayings);
    match field.field_type {
        FieldType::Text => words::text_answer(&candidates, sayings),
        FieldType::List => words::list_answer(&candidates, sayings),
        FieldType::Money | FieldType::Number | FieldType::Date | FieldType::Duration | FieldType::Choice => {
            typed::answer(position, field, &candidates, sayings)
        }
        FieldType::Person => person::answer(field, &candidates, sayings, roster),
        FieldType::Commitment => promise::answer(&candidates, sayings, roster),
    }
}

/// Words of a headline, and the least of one: shorter ones lean on what follows.
const HEADLINE_WORDS: usize = 30;
const LEAST_HEADLINE_WORDS: usize = 7;

/// What the customer needs, in the words of the sources: the first required text or list that must come from the
/// customer, else the first required one, else whatever was stated.
fn headline(contract: &Contract, fields: &[(&str, Answer)]) -> String {
    let told = contract.fields.iter().zip(fields).filter_map(|(field, (_, answer))| {
        let rank = match (field.required, field.stated_by, answer.value.as_ref()?) {
            (Required::Ready, Some(_), Value::Text { .. } | Value::List { .. }) => 0,
            (Required::Ready, None, Value::Text { .. } | Value::List { .. }) => 1,
            (_, _, Value::Commitment { .. }) => 2,
            (Required::No, _, Value::Text { .. }) => 3,
            _ => return None,
        };
        Some((rank, answer))
    });
    let Some((_, answer)) = told.min_by_key(|(rank, _)| *rank) else {
        return "The sources say little of what this handoff needs.".to_owned();
    };
    let lead = answer.quotes.get(answer.lead).map(|quote| quote.words.as_str()).unwrap_or_default();
    let is_long = |text: &str| text.split_whitespace().count() >= LEAST_HEADLINE_WORDS;
    let text = match &answer.value {
        Some(Value::Text { text }) if !is_long(lead) => text.as_str(),
        _ => lead,
    };
    capitalised(&words::one_line(words::shorten(text, HEADLINE_WORDS)))
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests;
