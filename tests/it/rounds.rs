//! The rounds of one brief: corrections, cut answers, and the budgets that no call may pass.

use std::sync::Arc;

use baton::adapters::recorded::{Recorded, Recording};
use baton::domain::brief::{BriefDocument, Publication, Severity, Usage};
use baton::domain::event::decode;
use baton::pipeline::Pipeline;
use baton::ports::{Finish, ModelReply};
use baton::prompt::ModelRequest;
use baton::worker::Ended;
use serde_json::{Value as Json, json};

use crate::support::model_server::{ModelServer, Script, completion};
use crate::support::world::{World, envelope, event, honest_reply, program, record, reply};

fn honest() -> Script {
    Script::Computed(Arc::new(honest_reply))
}

/// A brief with so many invented budgets and promises, each a blocking finding.
fn invented(count: usize) -> Script {
    Script::Computed(Arc::new(move |request: &Json| invented_reply(request, count)))
}

fn invented_reply(request: &Json, count: usize) -> String {
    reply(request, |reply| {
        reply["headline"] = format!("A call about {count} offers that nobody spoke of.").into();
        let promises = (0..count).map(|n| {
            json!({
                "evidence": [{ "unit": 1, "quote": format!("We will sign for {} seats tomorrow", 900 + n) }],
                "who": null, "side": "customer", "to_whom": null, "what": format!("Sign for {} seats", 900 + n),
                "due": null, "firmness": "firm"
            })
        });
        reply["commitments"] = promises.collect::<Vec<_>>().into();
    })
}

fn odd(pointer: &str, value: Json) -> Script {
    let mut answer = completion("{\"headline\": \"A call");
    *answer.pointer_mut(pointer).unwrap() = value;
    Script::status(200, answer)
}

fn cut() -> Script {
    odd("/choices/0/finish_reason", "length".into())
}

fn failing() -> Script {
    Script::status(503, json!({ "error": { "message": "later" } }))
}

async fn brief(world: &World, id: &str) -> BriefDocument {
    world.store.store.read_brief(&record(id), "sdr_to_ae").await.unwrap().unwrap()
}

async fn spent(world: &World) -> f64 {
    world.store.store.as_record_store().spent_since(jiff::Timestamp::UNIX_EPOCH).await.unwrap()
}

async fn request(pipeline: &Pipeline, id: &str) -> ModelRequest {
    let plan = pipeline.plan(&decode(&envelope(&event(id))).unwrap()).await.unwrap();
    plan.requests()[0].clone()
}

fn blocking(brief: &BriefDocument) -> usize {
    brief.findings.iter().filter(|finding| finding.severity == Severity::Block).count()
}

fn output_tokens(server: &ModelServer) -> Vec<u64> {
    server.seen().iter().map(|seen| seen.json()["max_completion_tokens"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn a_correction_holds_the_request_the_last_answer_and_the_worst_findings_in_one_line_each() {
    let world = World::sqlite().await;
    let server = ModelServer::start_with(vec![invented(90), honest()]).await;
    world.submit(vec![envelope(&event("deal-1"))]).await;
    assert_eq!(world.drain(&world.scripted(&server)).await.outcomes, [("published", 1)].into());
    let [first, second] = &server.seen()[..] else { panic!() };
    let (first, second) = (first.json(), second.json());
    let messages = second["messages"].as_array().unwrap();
    assert_eq!((&messages[..2], messages.len()), (&first["messages"].as_array().unwrap()[..], 4));
    assert_eq!(messages[2]["role"], "assistant");
    assert_eq!(messages[2]["content"].as_str().unwrap(), invented_reply(&first, 90));
    let findings = messages[3]["content"].as_str().unwrap();
    let lines: Vec<&str> = findings.lines().filter_map(|line| line.strip_prefix("- ")).collect();
    assert_eq!(lines.len(), 21, "twenty, and how many more: {findings}");
    assert!(lines[20].starts_with("and ") && lines[20].contains(" more of the same kinds"), "{findings}");
    assert!(lines.iter().all(|line| line.chars().count() <= 200) && findings.len() < 20 * 204 + 600, "{findings}");
    let few = ModelServer::start_with(vec![invented(1), honest()]).await;
    world.submit(vec![envelope(&event("deal-2"))]).await;
    world.drain(&world.scripted(&few)).await;
    let few = few.seen()[1].json();
    assert!(few["messages"][3]["content"].as_str().unwrap().len() < findings.len());
    world.remove().await;
}

#[tokio::test]
async fn a_model_is_asked_for_no_more_corrections_than_it_may() {
    let world = World::sqlite().await;
    for corrections in 0..4 {
        let server = ModelServer::start(invented(1)).await;
        let mut pipeline = world.scripted(&server);
        pipeline.settings.max_corrections = corrections;
        let id = format!("deal-{corrections}");
        world.submit(vec![envelope(&event(&id))]).await;
        assert_eq!(world.drain(&pipeline).await.outcomes, [("held_for_review", 1)].into());
        assert_eq!(server.count(), 1 + corrections as usize);
        assert_eq!(brief(&world, &id).await.provenance.attempts, 1 + corrections);
    }
    world.remove().await;
}

#[tokio::test]
async fn a_correction_that_is_worse_does_not_replace_the_better_draft() {
    let world = World::sqlite().await;
    for (id, counts, kept) in [("worse", [1, 3], 1), ("better", [3, 1], 1), ("as good", [2, 2], 2)] {
        let server = ModelServer::start_with(counts.map(invented).into()).await;
        world.submit(vec![envelope(&event(id))]).await;
        assert_eq!(world.drain(&world.scripted(&server)).await.outcomes, [("held_for_review", 1)].into(), "{id}");
        let brief = brief(&world, id).await;
        assert_eq!((server.count(), brief.brief.commitments.len()), (2, kept), "{id}");
        assert_eq!(brief.publication, Publication::HeldForReview);
        assert!(blocking(&brief) >= kept, "{id}: {:?}", brief.findings);
        assert_eq!(brief.provenance.usage.prompt_tokens, 2400, "{id}: both were paid for");
    }
    world.remove().await;
}

#[tokio::test]
async fn a_cut_answer_is_asked_for_again_with_twice_the_room_and_uses_up_no_correction() {
    let world = World::sqlite().await;
    // A cut answer before the draft, and one after it: the correction is there in both.
    for (id, scripts) in [("before", vec![cut(), invented(1), honest()]), ("after", vec![invented(1), cut(), honest()])] {
        let server = ModelServer::start_with(scripts).await;
        world.submit(vec![envelope(&event(id))]).await;
        assert_eq!(world.drain(&world.scripted(&server)).await.outcomes, [("published", 1)].into(), "{id}");
        assert_eq!(server.count(), 3, "{id}");
        assert_eq!(brief(&world, id).await.provenance.attempts, 3, "{id}");
        let twice = [[4096, 8192, 8192], [4096, 4096, 8192]];
        assert!(twice.iter().any(|tokens| output_tokens(&server) == tokens), "{id}: {:?}", output_tokens(&server));
        let asked: Vec<usize> = server.seen().iter().map(|seen| seen.json()["messages"].as_array().unwrap().len()).collect();
        assert_eq!(asked, if id == "before" { [2, 2, 4] } else { [2, 4, 4] }, "{id}: a cut answer is not sent back");
    }
    // Without any correction allowed there is still the second try.
    let server = ModelServer::start_with(vec![cut(), honest()]).await;
    let mut pipeline = world.scripted(&server);
    pipeline.settings.max_corrections = 0;
    world.submit(vec![envelope(&event("deal-0"))]).await;
    assert_eq!((world.drain(&pipeline).await.outcomes, output_tokens(&server)), ([("published", 1)].into(), vec![4096, 8192]));
    world.remove().await;
}

#[tokio::test]
async fn an_answer_that_is_cut_twice_fails_once_and_says_what_to_raise() {
    let world = World::sqlite().await;
    let server = ModelServer::start(cut()).await;
    let mut pipeline = world.scripted(&server);
    pipeline.settings.max_corrections = 5;
    world.submit(vec![envelope(&event("deal-1"))]).await;
    assert_eq!((world.drain(&pipeline).await.parked, server.count()), (1, 2));
    let reason = world.parked().await.remove(0).reason.message;
    assert_eq!(reason, "the answer was cut at 8192 tokens; raise `model.max_output_tokens`");
    world.remove().await;
}

#[tokio::test]
async fn twice_the_room_is_not_asked_for_where_the_handoffs_budget_has_it_not() {
    let world = World::sqlite().await;
    let server = ModelServer::start(cut()).await;
    let mut pipeline = world.scripted(&server);
    let request = request(&pipeline, "deal-1").await;
    let once = pipeline.prompt_tokens(&request) + u64::from(request.output_tokens);
    // The first answer reports 1500 tokens: what is left is just too little for a second with 8192.
    pipeline.settings.max_handoff_tokens = once + 1500 + 4096 - 1;
    world.submit(vec![envelope(&event("deal-1"))]).await;
    assert_eq!((world.drain(&pipeline).await.parked, server.count()), (1, 1));
    let parked = world.parked().await.remove(0).reason;
    assert_eq!(parked.class, "permanent");
    assert!(
        parked.message.starts_with("the answer was cut at 4096 tokens, and another call with twice as many would pass")
            && parked.message.ends_with("raise it"),
        "{parked:?}"
    );
    // With that one token it is asked.
    pipeline.settings.max_handoff_tokens += 1;
    world.requeue_all().await;
    world.drain(&pipeline).await;
    assert_eq!(server.count(), 2, "the first was paid for and is not bought again");
    world.remove().await;
}

/// The dearest server there is: it reports a token for each byte of the request, and as long an answer as it may give.
async fn dearest(answers: fn(&Json) -> String) -> ModelServer {
    ModelServer::start(Script::Answered(Arc::new(move |request: &Json| {
        let bytes = |value: &Json| value.as_str().map_or_else(|| value.to_string().len(), str::len);
        let messages = request["messages"].as_array().unwrap().iter().map(|message| bytes(&message["content"])).sum::<usize>();
        let schema = bytes(&request["response_format"]["json_schema"]["schema"]);
        let mut answer = completion(&answers(request));
        answer["usage"] = json!({
            "prompt_tokens": messages + schema + 4 * request["messages"].as_array().unwrap().len() + 3,
            "completion_tokens": request["max_completion_tokens"]
        });
        answer
    })))
    .await
}

#[tokio::test]
async fn no_call_of_a_handoff_passes_its_token_budget_whatever_the_answers_cost() {
    let world = World::sqlite().await;
    let mut calls = Vec::new();
    for (n, share) in [0.5, 0.99, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0].into_iter().enumerate() {
        let server = dearest(|request| invented_reply(request, 1)).await;
        let mut pipeline = world.scripted(&server);
        pipeline.settings.max_corrections = 3;
        let id = format!("deal-{n}");
        let request = request(&pipeline, &id).await;
        let once = pipeline.prompt_tokens(&request) + u64::from(request.output_tokens);
        pipeline.settings.max_handoff_tokens = (once as f64 * share) as u64;
        world.submit(vec![envelope(&event(&id))]).await;
        world.drain(&pipeline).await;
        calls.push(server.count());
        match server.count() {
            0 => assert!(world.parked().await.iter().any(|parked| parked.reason.message.contains("`model.max_handoff_tokens`"))),
            _ => {
                let usage = brief(&world, &id).await.provenance.usage;
                let all = usage.prompt_tokens + usage.completion_tokens;
                assert!(all <= pipeline.settings.max_handoff_tokens, "{share}: {all} > {}", pipeline.settings.max_handoff_tokens);
            }
        }
    }
    assert_eq!((calls[0], calls[1], calls[2]), (0, 0, 1), "{calls:?}");
    assert!(calls.is_sorted() && calls[8] == 4, "the budget is used as far as it goes: {calls:?}");
    world.remove().await;
}

#[tokio::test]
async fn what_a_failed_event_has_paid_stays_in_the_journal_and_counts() {
    let world = World::sqlite().await;
    let server = ModelServer::start(Script::Reply("Sure!".into())).await;
    let pipeline = world.scripted(&server);
    world.submit(vec![envelope(&event("deal-1"))]).await;
    assert_eq!((world.drain(&pipeline).await.parked, server.count()), (1, 2));
    assert!((spent(&world).await - 0.0036).abs() < 1e-9, "{}", spent(&world).await);
    let store = world.store.store.as_record_store();
    let plan = pipeline.plan(&decode(&envelope(&event("deal-1"))).unwrap()).await.unwrap();
    let baton::pipeline::Plan::Ask(asking) = plan else { panic!("{plan:?}") };
    let journal = store.recall_exchanges(&asking.prepared.stamp).await.unwrap();
    let paid: Vec<(u32, u64)> = journal.iter().map(|one| (one.round, one.reply.usage.prompt_tokens)).collect();
    assert_eq!(paid, [(0, 1200), (1, 1200)]);

    // The day's budget counts what gave nothing, and so does the brief that is there in the end.
    let mended = ModelServer::start(honest()).await;
    let mut pipeline = world.scripted(&mended);
    pipeline.settings.max_daily_usd = Some(0.0036);
    world.requeue_all().await;
    assert!(matches!(world.drain(&pipeline).await.ended, Ended::Halted(_)));
    assert_eq!(mended.count(), 0);
    pipeline.settings.max_daily_usd = None;
    assert_eq!(world.drain(&pipeline).await.outcomes, [("published", 1)].into());
    let provenance = brief(&world, "deal-1").await.provenance;
    assert_eq!((provenance.attempts, provenance.usage.prompt_tokens), (3, 3600));
    assert!((provenance.cost_usd.unwrap() - 0.0054).abs() < 1e-9);
    world.remove().await;
}

#[tokio::test]
async fn rounds_go_on_where_they_were_broken_off() {
    let world = World::sqlite().await;
    let wrong = || Script::Reply("Sure!".into());
    for (id, scripts, calls, attempts) in [
        ("a wrong reply is corrected, not asked for anew", vec![wrong(), failing(), honest()], 3, 2),
        ("a cut answer is not cut at the same place again", vec![cut(), failing(), honest()], 3, 2),
        ("a correction that was asked for is not asked for twice", vec![wrong(), failing(), wrong(), honest()], 3, 2),
    ] {
        let server = ModelServer::start_with(scripts).await;
        world.submit(vec![envelope(&event(id))]).await;
        let report = world.drain(&world.scripted(&server)).await;
        assert_eq!((report.retried, server.count()), (1, calls), "{id}");
        let seen: Vec<Json> = server.seen().iter().map(|seen| seen.json()).collect();
        assert_eq!(seen[1]["messages"], seen[2]["messages"], "{id}");
        assert_eq!(seen[1]["max_completion_tokens"], seen[2]["max_completion_tokens"], "{id}");
        match report.parked {
            0 => assert_eq!(brief(&world, id).await.provenance.attempts, attempts, "{id}"),
            _ => assert!(world.parked().await[0].reason.message.contains("broke the contract 2 times"), "{id}"),
        }
    }
    world.remove().await;
}

#[tokio::test]
async fn what_a_model_answered_is_recorded_and_gives_the_same_evaluation_without_it() {
    let folder = tempfile::tempdir().unwrap();
    let judging = |request: &Json| request["response_format"]["json_schema"]["name"].as_str().unwrap().starts_with("judge_");
    let answers = move |request: &Json| match judging(request) {
        true => json!({ "judgements": [{ "claim": 1, "reason": "denied", "verdict": "contradicted" }] }).to_string(),
        // A draft that has to be corrected, and its correction.
        false if request["messages"].as_array().unwrap().len() == 2 => invented_reply(request, 1),
        false => reply(request, |reply| reply["headline"] = "They want an offer.".into()),
    };
    let server = ModelServer::start(Script::Computed(Arc::new(answers))).await;
    let evaluate = async |more: &[&str]| {
        let mut command = program(folder.path());
        command.args(["eval", "run", "--json", "--only", "sdr_to_ae-ready", "--set", "qa.judge=always"]).args(more);
        let ran = command.output().await.unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        (serde_json::from_slice::<Json>(&ran.stdout).unwrap(), String::from_utf8(ran.stderr).unwrap())
    };
    let base_url = format!("model.base_url={}", server.base_url());
    let (real, notes) =
        evaluate(&["--engine", "openai", "--record-replies", "said", "--set", &base_url, "--set", "model.api_key=k"]).await;
    assert!(notes.contains("3 replies recorded"), "{notes}");
    assert_eq!((server.count(), std::fs::read_dir(folder.path().join("said")).unwrap().count()), (3, 3));
    let (again, _) = evaluate(&["--engine", "recorded", "--set", "model.recordings=said"]).await;
    assert_eq!((&again["cases"], &again["scores"], &again["model"]), (&real["cases"], &real["scores"], &real["model"]));
    assert_eq!(server.count(), 3, "nobody was asked again");
    assert_eq!(real["cases"][0]["outcome"], "published", "the correction is recorded too: {real}");

    let refused = program(folder.path()).args(["eval", "run", "--record-replies", "said"]).output().await.unwrap();
    assert_eq!(refused.status.code(), Some(2));
}

#[tokio::test]
async fn a_call_that_fits_the_budget_by_its_tokens_is_made_though_it_does_not_by_its_bytes() {
    let world = World::sqlite().await;
    let server = ModelServer::start(honest()).await;
    let mut pipeline = world.scripted(&server);
    pipeline.settings.gathering.encoding = "o200k_base".to_owned();
    let request = request(&pipeline, "deal-1").await;
    let tokens = pipeline.prompt_tokens(&request);
    let bytes: usize = request.messages.iter().map(|message| message.content.len()).sum();
    assert!(tokens < bytes as u64, "{tokens} tokens, {bytes} bytes");
    for (short, calls) in [(1, 0), (0, 1)] {
        pipeline.settings.max_handoff_tokens = tokens + u64::from(request.output_tokens) - short;
        world.submit(vec![envelope(&event("deal-1"))]).await;
        world.drain(&pipeline).await;
        assert_eq!(server.count(), calls);
    }
    world.remove().await;
}

#[tokio::test]
async fn a_stored_reply_that_is_wrong_fails_with_what_is_wrong_and_not_for_want_of_a_correction() {
    let world = World::sqlite().await;
    let mut pipeline = world.extractive();
    let request = request(&pipeline, "deal-1").await;
    let reply = ModelReply { text: "Sure!".to_owned(), finish: Finish::Stop, usage: Usage::default() };
    let recording = Recording { model: "scripted".to_owned(), reply };
    pipeline.model = Arc::new(Recorded::new([(request.digest, recording)].into()));
    world.submit(vec![envelope(&event("deal-1"))]).await;
    assert_eq!(world.drain(&pipeline).await.parked, 1);
    let reason = world.parked().await.remove(0).reason.message;
    assert!(reason.starts_with("the answer broke the contract 1 times; last: the reply is not one JSON object"), "{reason}");
    world.remove().await;
}
