//! What is private leaves the process only as a placeholder, and what is shown cannot be obeyed by a terminal.

use std::sync::Arc;

use baton::context::is_invisible;
use baton::domain::value::Value;
use baton::pipeline::{MapStep, Pipeline, Plan};
use baton::prompt::{Masking, PromptVersion};
use serde_json::{Value as Json, json};

use crate::injection::{every_type, mail_event};
use crate::support::model_server::{ModelServer, Script};
use crate::support::world::{self, World};

// ---- Masking before the model -------------------------------------------------------------------

const PHONE: &str = "+44 20 7946 0958";
const ADDRESS: &str = "karen.doyle@brightwater.example";
const CARD: &str = "4111 1111 1111 1111";
const PASSWORD: &str = "hunter\\2\"2";

fn private_mail() -> String {
    format!(
        "Ring me on {PHONE} or write to {ADDRESS}.\n\nPlease charge card {CARD} for the 120 seats.\n\nThe portal password: {PASSWORD}"
    )
}

/// A reply in which each unit that it was shown is an item and its own quote, word for word.
fn copies(request: &Json) -> String {
    let units = world::units(request);
    let stated: Vec<&(u64, String)> = units.iter().filter(|(_, text)| text.len() > 20).collect();
    world::reply(request, |reply| {
        let evidence: Vec<Json> = stated.iter().map(|(unit, text)| json!({ "unit": unit, "quote": text })).collect();
        let items: Vec<&str> = stated.iter().map(|(_, text)| text.as_str()).collect();
        reply["fields"]["a_list"] =
            json!({ "evidence": evidence, "status": "stated", "value": { "items": items }, "alternatives": [] });
    })
}

fn masking(mut pipeline: Pipeline) -> Pipeline {
    pipeline.prompt = Arc::new((*pipeline.prompt).clone().with_masking(Masking::On));
    let mut contracts = (*pipeline.contracts).clone();
    contracts.insert("every_type".to_owned(), Arc::new(every_type()));
    pipeline.contracts = Arc::new(contracts);
    pipeline
}

fn holds_an_original(text: &str) -> Option<&'static str> {
    [PHONE, ADDRESS, "karen@brightwater.example", CARD, "hunter"].into_iter().find(|original| text.contains(original))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_masked_handoff_leaves_the_process_without_originals_and_comes_back_with_them() {
    let world = World::sqlite().await;
    let server = ModelServer::start(Script::Computed(Arc::new(copies))).await;
    let mut event = mail_event(&private_mail());
    event["data"]["record"]["name"] = format!("Brightwater, {PHONE}").into();
    world.submit(vec![world::envelope(&event)]).await;
    world.drain(&masking(world.scripted(&server))).await;
    assert_eq!(world.outcome("mail").await.as_deref(), Some("published"));
    let sent = String::from_utf8_lossy(&server.seen()[0].body).into_owned();
    assert_eq!(holds_an_original(&sent), None, "{sent}");
    assert!(sent.contains("Ring me on [phone-1] or write to [mail-"), "{sent}");
    let document = world.store.store.read_brief(&world::record("mail"), "every_type").await.unwrap().unwrap();
    let Some(Value::List { items }) = &document.brief.field("a_list").unwrap().value else { panic!("{document:?}") };
    assert_eq!(items[0], format!("Ring me on {PHONE} or write to {ADDRESS}."));
    assert_eq!(items[1], "Please charge card [masked …1111] for the 120 seats.");
    assert!(document.brief.field("a_list").unwrap().evidence.iter().all(|one| one.span.is_some()), "the quotes are verbatim");
    let exchanges = world.store.store.as_record_store().recall_exchanges(&document.provenance.stamp).await.unwrap();
    assert_eq!(exchanges.len(), 1);
    assert_eq!(holds_an_original(&exchanges[0].reply.text), None, "the journal holds {}", exchanges[0].reply.text);
    world.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_correction_round_of_a_masked_handoff_holds_no_originals_either() {
    let world = World::sqlite().await;
    let wrong = |request: &Json| {
        let mut reply: Json = serde_json::from_str(&copies(request)).unwrap();
        reply["fields"]["a_list"]["evidence"][0]["quote"] = "Ring me on [phone-1] at any hour of the night".into();
        reply["fields"]["a_number"] = json!({ "evidence": [], "status": "stated", "alternatives": [],
            "value": { "number": 442_079_460_958_i64, "up_to": null, "unit": null } });
        reply.to_string()
    };
    let server = ModelServer::start(Script::Computed(Arc::new(wrong))).await;
    world.submit(vec![world::envelope(&mail_event(&private_mail()))]).await;
    world.drain(&masking(world.scripted(&server))).await;
    assert_eq!(server.count(), 2, "a blocking finding is sent back once");
    for request in server.seen() {
        let sent = String::from_utf8_lossy(&request.body).into_owned();
        assert_eq!(holds_an_original(&sent), None, "{sent}");
    }
    world.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn chunks_of_a_masked_handoff_hold_no_originals() {
    let world = World::sqlite().await;
    let server = ModelServer::start(Script::Computed(Arc::new(|request: &Json| {
        let is_pick = request["response_format"]["json_schema"]["name"].as_str().unwrap().starts_with("pick_");
        if is_pick { json!({ "picks": [{ "unit": 1, "for": "a_list" }] }).to_string() } else { copies(request) }
    })))
    .await;
    let mut pipeline = masking(world.scripted(&server));
    let pick = PromptVersion::bundled("handoff_pick", "v1").unwrap().with_masking(Masking::On);
    pipeline.map_step = Some(MapStep { prompt: Arc::new(pick), over: 2.0 });
    pipeline.settings.token_budget = 400;
    let long: Vec<String> = (0..60).map(|n| format!("{}\n\nShop {n} orders bread at {n} past eight.", private_mail())).collect();
    world.submit(vec![world::envelope(&mail_event(&long.join("\n\n")))]).await;
    world.drain(&pipeline).await;
    assert!(server.count() > 2, "there was no map step: {}", server.count());
    for request in server.seen() {
        let sent = String::from_utf8_lossy(&request.body).into_owned();
        assert_eq!(holds_an_original(&sent), None, "{sent}");
    }
    world.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_model_reads_decides_the_stamp() {
    let world = World::sqlite().await;
    let pipeline = masking(world.extractive());
    let open = Pipeline { prompt: Arc::new((*pipeline.prompt).clone().with_masking(Masking::Off)), ..pipeline.clone() };
    let mut stamps = Vec::new();
    for text in [private_mail(), "We need 120 seats by May 22.".to_owned()] {
        let event = serde_json::from_value(mail_event(&text)).unwrap();
        for pipeline in [&pipeline, &open] {
            let Plan::Ask(asking) = pipeline.plan(&event).await.unwrap() else { panic!("nothing to ask") };
            stamps.push(asking.prepared.stamp.clone());
        }
    }
    assert_ne!(stamps[0], stamps[1], "placeholders are another request");
    assert_eq!(stamps[2], stamps[3], "where nothing is private the request is the same");
    world.remove().await;
}

// ---- What is shown ------------------------------------------------------------------------------

/// Clears the screen, sets its title, turns the direction of writing, and hides a word.
const HOSTILE: &str = "\u{1b}[2J\u{1b}]0;owned\u{7}\u{202e}evil\u{200b}\u{9b}5m";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_command_shows_a_terminal_what_it_would_obey() {
    let world = World::sqlite().await;
    let mut hostile = world::event("shown");
    hostile["data"]["record"] = json!({ "type": "deal", "id": format!("1{HOSTILE}"), "name": format!("Deal {HOSTILE}") });
    hostile["data"]["sources"][0]["text"] = format!("Karen {HOSTILE} Doyle: We can spend 45k a year{HOSTILE}.\n").into();
    let mut unknown = world::event("parked");
    unknown["data"]["kind"] = "nothing_known".into();
    unknown["data"]["record"] = hostile["data"]["record"].clone();
    world.submit(vec![world::envelope(&hostile), world::envelope(&unknown)]).await;
    world.drain(&world.extractive()).await;
    let folder = tempfile::tempdir().unwrap();
    let parked = world.parked().await.remove(0).id;
    for arguments in [
        vec!["show"],
        vec!["show", "--json"],
        vec!["show", "shown"],
        vec!["show", "shown", "--json"],
        vec!["parked", "list"],
        vec!["parked", "list", "--json"],
        vec!["parked", "show", &parked],
        vec!["parked", "show", &parked, "--json"],
        vec!["backfill", "plan", "sdr_to_ae"],
    ] {
        let output = world::program(folder.path()).args(world.flags()).args(&arguments).output().await.unwrap();
        let shown = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(!shown.is_empty(), "{arguments:?}");
        let seen: Vec<char> = shown.chars().filter(|c| is_invisible(*c)).collect();
        assert!(seen.is_empty(), "{arguments:?} shows {seen:?} in {shown:?}");
    }
    world.remove().await;
}
