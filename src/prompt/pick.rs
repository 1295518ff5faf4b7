//! The map step of very long material: a request for each chunk, and its reply → the units the brief needs.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value as Json, json};

use super::mask::Mask;
use super::reading::{Place, Reading};
use super::reply::{ReplyError, parse_json};
use super::request::{MessageView, ModelRequest, Prepared, marker, messages_of, request};
use super::schema::{list, object};
use super::version::{Asks, PromptError, PromptVersion};
use crate::context::Excerpt;
use crate::domain::contract::Contract;
use crate::domain::stamp::{self, Stamp};

/// What a unit may be needed for beside the fields and axes.
const COMMITMENT: &str = "commitment";
const QUESTION: &str = "question";

/// Picks of one reply: more units than a chunk can have.
const PICKS: usize = 10_000;

/// A request for each chunk, in their order. The chunk is all that a request holds of its handoff.
pub fn prepare_picks(
    chunks: Vec<Excerpt>,
    contract: &Arc<Contract>,
    version: &PromptVersion,
    output_tokens: u32,
) -> Result<Vec<ModelRequest>, PromptError> {
    let fixed = version.fixed(contract, Asks::Picks)?;
    let one = |chunk: Excerpt| {
        let mut messages = messages_of(&chunk);
        let mut mask = Mask::new(version.masking, messages.iter().flat_map(MessageView::texts));
        messages.iter_mut().for_each(|message| message.mask(&mut mask));
        let user = version.render_user(&PickView { marker: marker(&chunk), messages })?;
        let request = request(&fixed, user, Arc::new(chunk), Arc::clone(contract), output_tokens);
        Ok(ModelRequest { mask: Arc::new(mask), ..request })
    };
    chunks.into_iter().map(one).collect()
}

impl Prepared {
    /// The same with a stamp of all that is read for the brief: these requests too, whatever their replies will be.
    #[must_use]
    pub fn after_picks(self, version: &PromptVersion, requests: &[ModelRequest]) -> Self {
        let own = [self.stamp.0.as_str(), &version.digest];
        let parts = requests.iter().flat_map(|request| [request.digest.as_str(), request.excerpt.digest()]);
        let stamp = Stamp(stamp::digest(own.into_iter().chain(parts).map(str::as_bytes)));
        Self { stamp, ..self }
    }
}

/// The schema of a reply with picks.
pub fn pick_schema(contract: &Contract) -> Json {
    let pick = object([("unit", json!({ "type": "integer" })), ("for", json!({ "type": "string", "enum": wants(contract) }))]);
    object([("picks", list(pick))])
}

/// Numbers of the units picked: a list for each thing the contract wants, fields first. Units that the chunk does not
/// have are left out: a pick carries no claim.
pub fn parse_picks(text: &str, contract: &Contract, chunk: &Excerpt) -> Result<Vec<Vec<u32>>, Vec<ReplyError>> {
    let json = parse_json(text)?;
    let wants = wants(contract);
    let mut reading = Reading::new(chunk);
    let picks = read_picks(&mut reading, &json, &wants);
    match (picks, reading.into_breaks()) {
        (Some(picks), breaks) if breaks.is_empty() => {
            let of = |want: &&str| picks.iter().filter(|(_, pick)| pick == want).filter_map(|(n, _)| *n).collect();
            Ok(wants.iter().map(of).collect())
        }
        (_, breaks) => Err(breaks),
    }
}

fn read_picks(reading: &mut Reading<'_>, json: &Json, wants: &[&str]) -> Option<Vec<(Option<u32>, String)>> {
    let top = Place::Top;
    let [picks] = reading.object(json, top, ["picks"])?;
    reading.list(picks, top.key("picks"), PICKS, |reading, json, at| {
        let [unit, want] = reading.object(json, at, ["unit", "for"])?;
        let number = reading.number(unit, at.key("unit"))?;
        let want = reading.one_of::<String>(want, at.key("for"), wants)?;
        Some((reading.unit_number(number), want))
    })
}

/// Fields, axes, and what every brief holds.
fn wants(contract: &Contract) -> Vec<&str> {
    let fields = contract.fields.iter().map(|field| field.name.as_str());
    let axes = contract.axes.iter().map(|axis| axis.name.as_str());
    let mut wants: Vec<&str> = Vec::new();
    for want in fields.chain(axes).chain([COMMITMENT, QUESTION]) {
        if !wants.contains(&want) {
            wants.push(want);
        }
    }
    wants
}

/// What the user template of a pick prompt sees.
#[derive(Serialize)]
struct PickView<'a> {
    marker: &'a str,
    messages: Vec<MessageView<'a>>,
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{parse_picks, pick_schema, prepare_picks, wants};
    use crate::prompt::testing::{contracts, every_type, excerpt};
    use crate::prompt::{ModelRequest, PromptVersion, lint_strict};

    fn requests(texts: &[&str]) -> Vec<ModelRequest> {
        let prompt = PromptVersion::bundled("handoff_pick", "v1").unwrap();
        prepare_picks(vec![excerpt(texts)], &Arc::new(contracts().remove(1)), &prompt, 500).unwrap()
    }

    #[test]
    fn the_schema_of_every_contract_is_in_the_strict_subset() {
        for contract in contracts().into_iter().chain([every_type()]) {
            assert_eq!(lint_strict(&pick_schema(&contract)), Vec::<String>::new(), "{}", contract.kind);
        }
    }

    #[test]
    fn the_system_message_names_all_that_a_unit_may_be_picked_for() {
        let prompt = PromptVersion::bundled("handoff_pick", "v1").unwrap();
        for contract in contracts() {
            let contract = Arc::new(contract);
            let request = prepare_picks(vec![excerpt(&["a"])], &contract, &prompt, 500).unwrap().remove(0);
            let system = &request.messages[0].content;
            wants(&contract).iter().for_each(|want| assert!(system.contains(&format!("- `{want}`")), "{want}: {system}"));
            contract.fields.iter().for_each(|field| assert!(system.contains(&field.describe), "{}", field.name));
            assert!(!system.contains("\n\n\n") && !system.contains("{%"), "{system}");
        }
    }

    #[test]
    fn the_request_shows_the_units_of_the_chunk_between_markers() {
        let request = requests(&["Our ceiling is 40k.", "Friday works."]).remove(0);
        let marker = request.excerpt.digest()[..10].to_owned();
        insta::assert_snapshot!(request.messages[1].content.replace(&marker, "MARKER"));
    }

    #[test]
    fn what_is_the_same_for_all_chunks_of_a_kind_is_byte_equal() {
        let (one, other) = (requests(&["a"]).remove(0), requests(&["something", "else"]).remove(0));
        assert_eq!(one.messages[0], other.messages[0]);
        assert_eq!((&one.schema, &one.schema_name), (&other.schema, &other.schema_name));
        assert_eq!(one.schema_name, "pick_sdr_to_ae");
        assert_ne!(one.digest, other.digest);
    }

    #[test]
    fn picks_are_sorted_by_what_they_are_for() {
        let (contract, chunk) = (every_type(), excerpt(&["a", "b", "c"]));
        let text = r#"```json
            {"picks": [{"unit": 3, "for": "question"}, {"unit": 1, "for": "a_money"}, {"unit": 2, "for": "a_money"},
                       {"unit": 9, "for": "urgency"}, {"unit": -1, "for": "urgency"}, {"unit": 1.5, "for": "urgency"}]}
            ```"#;
        let picks = parse_picks(text, &contract, &chunk).unwrap();
        let named: Vec<(&str, &Vec<u32>)> =
            wants(&contract).into_iter().zip(&picks).filter(|(_, list)| !list.is_empty()).collect();
        assert_eq!(named, [("a_money", &vec![1, 2]), ("question", &vec![3])]);
        assert!(parse_picks(r#"{"picks": []}"#, &contract, &chunk).unwrap().iter().all(Vec::is_empty));
    }

    #[test]
    fn a_reply_of_another_shape_is_refused_without_quoting_it() {
        let (contract, chunk) = (every_type(), excerpt(&["a"]));
        for text in [
            "canary",
            "{}",
            "[]",
            r#"{"picks": [1]}"#,
            r#"{"picks": {"unit": 1}}"#,
            r#"{"picks": [{"unit": 1}]}"#,
            r#"{"picks": [{"unit": "canary", "for": "a_money"}]}"#,
            r#"{"picks": [{"unit": 1, "for": "canary"}]}"#,
            r#"{"picks": [], "canary": 1}"#,
            r#"{"picks": [{"unit": 1, "for": "a_money"}], "picks": []}"#,
        ] {
            let errors = parse_picks(text, &contract, &chunk).unwrap_err();
            assert!(!errors.is_empty(), "{text}");
            errors.iter().for_each(|error| assert!(!error.to_string().contains("canary"), "{error}"));
        }
    }
}
