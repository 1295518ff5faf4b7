//! The reply as JSON, in the form every engine must use: the schema of [`crate::prompt::reply_schema`].

use serde_json::{Map, Value as Json, json};

use super::answer::{Answer, Quote};
use super::labels::Labelled;
use super::promise::Promise;
use super::question::Open;
use crate::domain::value::Value;

/// Everything the engine found, by name of field and axis.
pub(super) struct Findings<'c> {
    pub headline: String,
    pub fields: Vec<(&'c str, Answer)>,
    pub axes: Vec<(&'c str, Labelled)>,
    pub promises: Vec<Promise>,
    pub open_questions: Vec<Open>,
}

/// Renders the reply.
pub(super) fn render(findings: &Findings<'_>) -> String {
    let fields: Map<String, Json> = findings.fields.iter().map(|(name, answer)| ((*name).to_owned(), field(answer))).collect();
    let axes: Map<String, Json> = findings
        .axes
        .iter()
        .map(|(name, found)| ((*name).to_owned(), json!({ "evidence": evidence(&found.quotes), "label": found.label })))
        .collect();
    let commitments: Vec<Json> = findings.promises.iter().map(commitment).collect();
    let open_questions: Vec<Json> = findings
        .open_questions
        .iter()
        .map(|open| json!({ "evidence": evidence(std::slice::from_ref(&open.quote)), "question": open.question }))
        .collect();
    json!({
        "headline": findings.headline,
        "fields": fields,
        "axes": axes,
        "commitments": commitments,
        "open_questions": open_questions,
    })
    .to_string()
}

fn field(answer: &Answer) -> Json {
    json!({
        "evidence": evidence(&answer.quotes),
        "status": answer.status,
        "value": answer.value.as_ref().map(value),
        "alternatives": answer.alternatives.iter().map(value).collect::<Vec<_>>(),
    })
}

fn evidence(quotes: &[Quote]) -> Vec<Json> {
    quotes.iter().map(|quote| json!({ "unit": quote.unit, "quote": quote.words })).collect()
}

/// Every key is there, null if it was not said: the strict form has no optional keys.
fn value(value: &Value) -> Json {
    match value {
        Value::Text { text } => json!({ "text": text }),
        Value::Money { amount, up_to, currency, period } => {
            json!({ "amount": amount, "up_to": up_to, "currency": currency, "period": period })
        }
        Value::Number { number, up_to, unit } => json!({ "number": number, "up_to": up_to, "unit": unit }),
        Value::Date { date, said } => json!({ "said": said, "date": date }),
        Value::Duration { amount, up_to, unit } => json!({ "amount": amount, "up_to": up_to, "unit": unit }),
        Value::Person { name, role } => json!({ "name": name, "role": role }),
        Value::Choice { choice } => json!({ "choice": choice }),
        Value::List { items } => json!({ "items": items }),
        Value::Commitment { what, who, due } => json!({ "what": what, "who": who, "due": due }),
    }
}

fn commitment(promise: &Promise) -> Json {
    json!({
        "evidence": evidence(std::slice::from_ref(&promise.quote)),
        "who": promise.who,
        "side": promise.side,
        "to_whom": promise.to_whom,
        "what": promise.what,
        "due": promise.due,
        "firmness": promise.firmness,
    })
}
