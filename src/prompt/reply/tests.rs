use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{ReplyError, parse_reply};
use crate::context::Excerpt;
use crate::domain::brief::{AxisLabel, Brief, Confidence, FieldStatus, Firmness, Origin};
use crate::domain::event::Side;
use crate::domain::value::{DurationUnit, Period, Value};
use crate::prompt::reply_schema;
use crate::prompt::testing::{contracts, every_type, excerpt};

const UNITS: [&str; 2] = ["We can spend 45k a year, 120 seats, live by May 12.", "I'll send the form on Friday. Who signs?"];

fn units() -> Excerpt {
    excerpt(&UNITS)
}

/// A whole reply for the contract with one field of every type.
fn whole() -> Json {
    let stated = |value: Json| json!({ "evidence": [{ "unit": 1, "quote": "45k a year" }], "status": "stated", "value": value, "alternatives": [] });
    json!({
        "headline": "They can spend 45k a year.",
        "fields": {
            "a_text": stated(json!({ "text": "  They can spend 45k. " })),
            "a_money": stated(json!({ "amount": 45000, "up_to": null, "currency": "eur", "period": "year" })),
            "a_number": stated(json!({ "number": 120, "up_to": 140.5, "unit": "seats" })),
            "a_date": stated(json!({ "said": "by May 12", "date": "2026-05-12" })),
            "a_duration": stated(json!({ "amount": 2, "up_to": null, "unit": "week" })),
            "a_person": stated(json!({ "name": "Ana Ruiz", "role": "N/A" })),
            "a_choice": stated(json!({ "choice": "red" })),
            "a_list": stated(json!({ "items": ["one", "two"] })),
            "a_commitment": stated(json!({ "what": "send the form", "who": "Ana", "due": "2026-05-08" })),
        },
        "axes": { "urgency": { "evidence": [{ "unit": 1, "quote": "live by May 12" }], "label": "high" } },
        "commitments": [{
            "evidence": [{ "unit": 2, "quote": "I'll send the form on Friday." }], "who": "Ana Ruiz", "side": "customer",
            "to_whom": null, "what": "send the form", "due": "2026-05-08", "firmness": "firm"
        }],
        "open_questions": [{ "evidence": [{ "unit": 2, "quote": "Who signs?" }], "question": "Who signs?" }]
    })
}

fn read(reply: &Json) -> Result<Brief, Vec<ReplyError>> {
    parse_reply(&reply.to_string(), &every_type(), &units())
}

/// The whole reply with one place changed, as lines of breaks.
fn breaks(pointer: &str, to: Json) -> String {
    let mut reply = whole();
    *reply.pointer_mut(pointer).unwrap() = to;
    let lines: Vec<String> = read(&reply).unwrap_err().iter().map(ToString::to_string).collect();
    lines.join("\n")
}

#[test]
fn a_whole_reply_becomes_a_typed_brief() {
    let brief = read(&whole()).unwrap();
    let value = |name: &str| brief.field(name).unwrap().value.clone().unwrap();
    assert_eq!(value("a_text"), Value::Text { text: "They can spend 45k.".to_owned() });
    let (currency, period) = (Some("EUR".to_owned()), Some(Period::Year));
    assert_eq!(value("a_money"), Value::Money { amount: 45000.0, up_to: None, currency, period });
    assert_eq!(value("a_number"), Value::Number { number: 120.0, up_to: Some(140.5), unit: Some("seats".to_owned()) });
    let date = jiff::civil::date(2026, 5, 12);
    assert_eq!(value("a_date"), Value::Date { date, said: "by May 12".to_owned() });
    assert_eq!(value("a_duration"), Value::Duration { amount: 2.0, up_to: None, unit: DurationUnit::Week });
    assert_eq!(value("a_person"), Value::Person { name: "Ana Ruiz".to_owned(), role: None });
    assert_eq!(value("a_choice"), Value::Choice { choice: "red".to_owned() });
    assert_eq!(value("a_list"), Value::List { items: vec!["one".to_owned(), "two".to_owned()] });
    assert_eq!(brief.axis("urgency").unwrap().label, AxisLabel::Label("high".to_owned()));
    assert_eq!(brief.commitments[0].firmness, Firmness::Firm);
    assert_eq!(brief.open_questions[0].question, "Who signs?");
    let names: Vec<&String> = brief.fields.iter().map(|answer| &answer.name).collect();
    assert_eq!(names, every_type().fields.iter().map(|field| &field.name).collect::<Vec<_>>());
    assert!(brief.fields.iter().all(|answer| (answer.confidence, answer.origin) == (Confidence::Medium, Origin::Machine)));
}

#[test]
fn quotes_are_tied_to_their_units() {
    let brief = read(&whole()).unwrap();
    let evidence = &brief.commitments[0].evidence[0];
    assert_eq!(
        (evidence.source.as_str(), evidence.speaker.as_deref(), evidence.side),
        ("mail-1", Some("Ana Ruiz"), Side::Customer)
    );
    assert_eq!(evidence.span.map(|span| &UNITS[1][span.start..span.end]), Some("I'll send the form on Friday."));
    let mut reply = whole();
    reply["axes"]["urgency"]["evidence"][0]["unit"] = json!(99);
    let brief = read(&reply).unwrap();
    assert_eq!(brief.axes[0].evidence[0].source, "", "a unit that is not there is for the checks to speak about");
}

#[test]
fn order_of_keys_and_a_code_fence_do_not_matter() {
    let reply = whole();
    let brief = read(&reply);
    let mut turned = serde_json::Map::new();
    for (key, value) in reply.as_object().unwrap().iter().rev() {
        turned.insert(key.clone(), value.clone());
    }
    for text in [
        format!("\n ```json\n{reply}\n```\n"),
        format!("```\n{reply:#}```"),
        format!("```JSON\r\n{reply}\r\n```"),
        Json::Object(turned).to_string(),
    ] {
        assert_eq!(parse_reply(&text, &every_type(), &units()), brief, "{text}");
    }
}

#[test]
fn what_is_not_one_json_object_is_refused() {
    let reply = whole().to_string();
    for text in [
        String::new(),
        "I cannot do that.".to_owned(),
        format!("{reply}{reply}"),
        format!("Here it is: {reply}"),
        format!("{reply}\nI hope this helps!"),
        format!("```json\n{reply}\n```\n```json\n{reply}\n```"),
        format!("```yaml\n{reply}\n```"),
        reply.replace("45000", "NaN"),
        reply.replace("45000", "1e999"),
        reply.replace("45k", "\\ud83d"),
        reply[..reply.len() / 2].to_owned(),
    ] {
        let breaks = parse_reply(&text, &every_type(), &units()).unwrap_err();
        assert!(matches!(breaks[..], [ReplyError::NotJson { .. }]), "{text}: {breaks:?}");
    }
    let twice = reply.replacen("\"headline\":", "\"headline\":\"x\",\"headline\":", 1);
    let breaks = parse_reply(&twice, &every_type(), &units()).unwrap_err();
    assert!(breaks[0].to_string().contains("at its top: an object holds the same key twice (line 1, column"), "{breaks:?}");
}

#[test]
fn every_break_names_its_place() {
    let long = "x".repeat(2001);
    let all = [
        breaks("", json!([])),
        breaks("/headline", json!("TBD")),
        breaks("/headline", json!(["x"])),
        breaks("/fields/a_money/status", json!("maybe")),
        breaks("/fields/a_money/value", json!(45000)),
        breaks("/fields/a_money/value", json!(null)),
        breaks("/fields/a_money/value/amount", json!("45000")),
        breaks("/fields/a_money/value/currency", json!("euros")),
        breaks("/fields/a_money/value/period", json!("week")),
        breaks("/fields/a_money/value", json!({ "amount": 1, "secret": 2 })),
        breaks("/fields/a_money/alternatives", json!([{ "amount": 1, "up_to": null, "currency": null, "period": null }])),
        breaks("/fields/a_money/evidence/0/unit", json!(-1)),
        breaks("/fields/a_money/evidence/0/quote", json!(null)),
        breaks("/fields/a_money/evidence", json!(vec![json!({ "unit": 1, "quote": "q" }); 21])),
        breaks("/fields/a_text/status", json!("not_stated")),
        breaks("/fields/a_text/status", json!("conflicting")),
        breaks("/fields/a_text/value/text", json!(long)),
        breaks("/fields/a_text/value/text", json!("nul\u{0}")),
        breaks("/fields/a_date/value/date", json!("2026-02-30")),
        breaks("/fields/a_date/value/date", json!("2026-05-12T10:00:00Z")),
        breaks("/fields/a_duration/value/unit", json!("fortnight")),
        breaks("/fields/a_choice/value/choice", json!("green")),
        breaks("/fields/a_list/value/items", json!([1])),
        breaks("/axes/urgency/label", json!("highest")),
        breaks("/commitments/0/side", json!(null)),
        breaks("/commitments/0/what", json!("N/A")),
        breaks("/commitments/0", json!({})),
        breaks("/open_questions/0/question", json!("")),
    ];
    insta::assert_snapshot!(all.join("\n\n"));
}

#[test]
fn all_breaks_are_reported_at_once_and_none_quotes_the_reply() {
    let mut reply = whole();
    reply["canary-4711"] = json!(1);
    reply["headline"] = json!({ "canary-4711": 1 });
    reply["fields"]["a_money"] = json!("canary-4711");
    reply["fields"]["a_choice"]["value"]["choice"] = json!("canary-4711");
    reply["fields"]["a_number"]["value"]["number"] = json!("canary-4711");
    reply["axes"]["urgency"]["label"] = json!("canary-4711");
    reply["commitments"][0]["due"] = json!("canary-4711");
    let breaks = read(&reply).unwrap_err();
    assert_eq!(breaks.len(), 7, "{breaks:#?}");
    let shown = format!("{breaks:?} {}", breaks.iter().map(ToString::to_string).collect::<String>());
    assert!(!shown.contains("canary"), "{shown}");
    let broken = parse_reply("{\"a\": canary-4711}", &every_type(), &units()).unwrap_err();
    assert!(!format!("{broken:?}").contains("canary"));
}

#[test]
fn a_field_of_another_contract_breaks_this_one() {
    let mut reply = whole();
    reply["fields"]["budget"] = reply["fields"]["a_money"].clone();
    reply["fields"].as_object_mut().unwrap().remove("a_text");
    let shown: Vec<String> = read(&reply).unwrap_err().iter().map(ToString::to_string).collect();
    let expected = [
        "the reply breaks the contract at /fields/a_text: is missing",
        "the reply breaks the contract at /fields: holds a key that the contract does not know",
    ];
    assert_eq!(shown, expected);
}

#[test]
fn placeholders_count_as_not_stated() {
    for (pointer, to) in [
        ("/fields/a_text/value", json!("N/A")),
        ("/fields/a_text/value/text", json!("TBD")),
        ("/fields/a_money/value", json!("unknown")),
        ("/fields/a_money/value/amount", json!(null)),
        ("/fields/a_date/value/date", json!("to be determined")),
        ("/fields/a_person/value/name", json!("not mentioned")),
        ("/fields/a_choice/value/choice", json!("n/a")),
        ("/fields/a_list/value/items", json!(["-", "N/A"])),
        ("/fields/a_list/value/items", json!([])),
        ("/fields/a_commitment/value/what", json!("none")),
    ] {
        let mut reply = whole();
        *reply.pointer_mut(pointer).unwrap() = to;
        let brief = read(&reply).unwrap_or_else(|breaks| panic!("{pointer}: {breaks:?}"));
        let answer = brief.field(pointer.split('/').nth(2).unwrap()).unwrap();
        assert_eq!((answer.status, answer.value.as_ref()), (FieldStatus::NotStated, None), "{pointer}");
    }
}

#[test]
fn a_conflict_carries_both_values() {
    let money = |amount: u32| json!({ "amount": amount, "up_to": null, "currency": null, "period": null });
    let conflict = |alternatives: Json| {
        let mut reply = whole();
        reply["fields"]["a_money"] =
            json!({ "evidence": [], "status": "conflicting", "value": null, "alternatives": alternatives });
        read(&reply)
    };
    let brief = conflict(json!([money(40), money(30)])).unwrap();
    let amounts: Vec<f64> = brief.fields[1]
        .alternatives
        .iter()
        .map(|value| match value {
            Value::Money { amount, .. } => *amount,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!((brief.fields[1].status, amounts), (FieldStatus::Conflicting, vec![40.0, 30.0]));
    for too_few in [json!([]), json!([money(40)]), json!([money(40), money(40)]), json!([money(40), "N/A"])] {
        let breaks = conflict(too_few).unwrap_err();
        assert!(breaks[0].to_string().contains("/fields/a_money/alternatives: must hold at least two different"), "{breaks:?}");
    }
}

/// The smallest value a schema of ours allows: first branch, first name, one item.
fn smallest(schema: &Json, root: &Json) -> Json {
    if let Some(reference) = schema.get("$ref") {
        return smallest(root.pointer(&reference.as_str().unwrap()[1..]).unwrap(), root);
    }
    if let Some(branch) = schema.pointer("/anyOf/0") {
        return smallest(branch, root);
    }
    if let Some(name) = schema.pointer("/enum/0") {
        return name.clone();
    }
    match schema["type"].as_str().or(schema.pointer("/type/0").and_then(Json::as_str)).unwrap() {
        "object" => {
            let properties = schema["properties"].as_object().unwrap().iter();
            Json::Object(properties.map(|(name, inner)| (name.clone(), smallest(inner, root))).collect())
        }
        "array" => json!([smallest(&schema["items"], root)]),
        "integer" | "number" => json!(1),
        "string" => json!("2026-05-12"),
        other => panic!("{other}"),
    }
}

#[test]
fn what_the_schema_of_each_contract_allows_is_read() {
    for contract in contracts().into_iter().chain([every_type()]) {
        let schema = reply_schema(&contract);
        let mut reply = smallest(&schema, &schema);
        for (_, answer) in reply["fields"].as_object_mut().unwrap() {
            answer["alternatives"] = json!([]);
            if answer["value"].get("currency").is_some() {
                answer["value"]["currency"] = json!("USD");
            }
        }
        let brief = parse_reply(&reply.to_string(), &contract, &units());
        assert!(brief.as_ref().is_ok_and(|brief| brief.fields.len() == contract.fields.len()), "{}: {brief:?}", contract.kind);
    }
}

/// Replaces, removes or doubles some place of a reply.
fn mutate(json: &mut Json, steps: &[usize], with: &Json) {
    let Some((step, rest)) = steps.split_first() else {
        *json = with.clone();
        return;
    };
    match json {
        Json::Object(members) if !members.is_empty() => {
            let key = members.keys().nth(step % members.len()).unwrap().clone();
            match rest {
                [] if step % 3 == 0 => drop(members.remove(&key)),
                [] if step % 3 == 1 => drop(members.insert(format!("{key}x"), with.clone())),
                _ => mutate(&mut members[&key], rest, with),
            }
        }
        Json::Array(items) if !items.is_empty() => {
            let index = step % items.len();
            mutate(&mut items[index], rest, with);
        }
        _ => *json = with.clone(),
    }
}

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        ".{0,12}".prop_map(Json::from),
        Just(json!("N/A")),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Json::from),
            prop::collection::vec(("[a-z]{1,6}", inner), 0..3).prop_map(|members| members.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in ".{0,200}") {
        let _ = parse_reply(&text, &every_type(), &units());
    }

    #[test]
    fn a_changed_reply_gives_a_brief_or_breaks_that_quote_nothing(
        steps in prop::collection::vec(0_usize..12, 0..5),
        with in any_json(),
    ) {
        let mut reply = whole();
        mutate(&mut reply, &steps, &with);
        match read(&reply) {
            Ok(brief) => prop_assert_eq!(brief.fields.len(), every_type().fields.len()),
            Err(breaks) => {
                prop_assert!(!breaks.is_empty());
                prop_assert!(breaks.iter().all(|one| matches!(one, ReplyError::BreaksContract { .. })), "{:?}", breaks);
            }
        }
    }

    #[test]
    fn a_cut_reply_is_never_a_brief(at in 0.0_f64..1.0) {
        let text = whole().to_string();
        let cut = text.floor_char_boundary((text.len() as f64 * at) as usize);
        prop_assert!(parse_reply(&text[..cut], &every_type(), &units()).is_err());
    }
}
