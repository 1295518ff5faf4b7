//! The judge: a second model call that looks at the claims of a brief. What it may do, and what it must never do.

use std::sync::Arc;

use baton::domain::brief::{BriefDocument, Confidence, Finding, Severity};
use baton::domain::claim::Judged;
use baton::domain::value::{Period, Value};
use baton::pipeline::{JudgeStep, Pipeline};
use baton::prompt::PromptVersion;
use serde_json::{Value as Json, json};

use crate::support::model_server::{ModelServer, Script};
use crate::support::world::{World, envelope, event, honest_reply, record};

fn judging(mut pipeline: Pipeline, judged: Judged) -> Pipeline {
    pipeline.judge = Some(JudgeStep { prompt: Arc::new(PromptVersion::bundled("claim_judge", "v1").unwrap()), judged });
    pipeline
}

fn always(world: &World, server: &ModelServer) -> Pipeline {
    judging(world.scripted(server), Judged::All)
}

fn is_judge(request: &Json) -> bool {
    request["response_format"]["json_schema"]["name"].as_str().unwrap().starts_with("judge_")
}

/// One claim of a judge's request.
#[derive(Debug)]
struct Asked {
    n: u64,
    about: String,
    text: String,
    /// Each stretch: its head, and its text.
    stretches: Vec<(String, String)>,
}

/// What a judge is asked, read by the lines that begin with the marker and nothing else.
fn asked(request: &Json) -> Vec<Asked> {
    let user = request["messages"][1]["content"].as_str().unwrap();
    let marker = user.split('`').nth(1).unwrap();
    let mut claims: Vec<Asked> = Vec::new();
    for line in user.lines() {
        let ours = line.get(1..).and_then(|rest| rest.strip_prefix(marker)).map(str::trim);
        match (line.chars().next(), ours) {
            (Some('@'), Some(head)) => {
                let Some((n, about)) = head.split_once(" | ") else { continue };
                let n = n.parse().unwrap();
                claims.push(Asked { n, about: about.to_owned(), text: String::new(), stretches: Vec::new() });
            }
            (Some('='), Some(text)) => claims.last_mut().unwrap().text = text.to_owned(),
            (Some('#'), Some(head)) => claims.last_mut().unwrap().stretches.push((head.to_owned(), String::new())),
            _ => {
                if let Some((_, text)) = claims.last_mut().and_then(|claim| claim.stretches.last_mut()) {
                    *text += line;
                }
            }
        }
    }
    claims
}

/// A reply in which `verdict` decides about each claim.
fn judged(request: &Json, verdict: impl Fn(&Asked) -> (&'static str, &'static str)) -> String {
    let judgement = |claim: &Asked| {
        let (verdict, reason) = verdict(claim);
        json!({ "claim": claim.n, "reason": reason, "verdict": verdict })
    };
    json!({ "judgements": asked(request).iter().map(judgement).collect::<Vec<_>>() }).to_string()
}

fn agreeing() -> Script {
    Script::Computed(Arc::new(|request| match is_judge(request) {
        true => judged(request, |_| ("supported", "none")),
        false => honest_reply(request),
    }))
}

fn honest() -> Script {
    Script::Computed(Arc::new(honest_reply))
}

async fn brief(world: &World, id: &str) -> BriefDocument {
    world.store.store.read_brief(&record(id), "sdr_to_ae").await.unwrap().unwrap()
}

fn of_the_judge(brief: &BriefDocument) -> Vec<&Finding> {
    brief.findings.iter().filter(|finding| finding.check == "claims_are_supported").collect()
}

#[tokio::test]
async fn every_claim_is_judged_by_its_own_quote_with_speaker_side_and_time() {
    let world = World::sqlite().await;
    let server = ModelServer::start(agreeing()).await;
    let pipeline = always(&world, &server);
    world.submit(vec![envelope(&event("deal-1"))]).await;
    assert_eq!(world.drain(&pipeline).await.outcomes, [("published", 1)].into());
    assert_eq!(server.count(), 2);
    let request = server.seen()[1].json();
    let claims = asked(&request);
    let shown: Vec<(u64, &str, &str)> = claims.iter().map(|claim| (claim.n, claim.about.as_str(), claim.text.as_str())).collect();
    assert_eq!(shown, [(1, "headline", "They can spend 45k a year."), (2, "field budget", "45000 a year")]);
    let [question, answer] = &claims[1].stretches[..] else { panic!("{claims:?}") };
    assert_eq!(question.1, "What could you spend on this?", "an answer is read with its question");
    assert_eq!(answer.1, "We can spend 45k a year.");
    assert_eq!(answer.0, "call | Karen Doyle | customer | Monday 2026-05-04 10:00 UTC");
    assert!(!request["messages"][1]["content"].as_str().unwrap().contains("the offer on Friday"), "what no claim rests on");

    let brief = brief(&world, "deal-1").await;
    assert_eq!(of_the_judge(&brief), Vec::<&Finding>::new(), "agreement adds nothing");
    let provenance = &brief.provenance;
    assert_eq!((provenance.attempts, provenance.usage.prompt_tokens, provenance.usage.completion_tokens), (2, 2400, 600));
    assert!((provenance.cost_usd.unwrap() - 0.0036).abs() < 1e-9);
    world.submit(vec![envelope(&event("deal-1"))]).await;
    assert_eq!(world.drain(&pipeline).await.outcomes, [("already_current", 1)].into());
    assert_eq!(server.count(), 2);
    world.remove().await;
}

#[tokio::test]
async fn a_disagreement_warns_and_lowers_the_confidence_and_changes_nothing_else() {
    let world = World::sqlite().await;
    let verdicts = |request: &Json| {
        judged(request, |claim| match claim.about.as_str() {
            "field budget" => ("contradicted", "wrong_number"),
            _ => ("cannot_tell", "none"),
        })
    };
    let server = ModelServer::start_with(vec![honest(), Script::Computed(Arc::new(verdicts))]).await;
    world.submit(vec![envelope(&event("deal-1"))]).await;
    assert_eq!(world.drain(&always(&world, &server)).await.outcomes, [("published", 1)].into());
    let brief = brief(&world, "deal-1").await;
    let [headline, budget] = of_the_judge(&brief)[..] else { panic!("{:?}", brief.findings) };
    assert_eq!((budget.severity, budget.field.as_deref()), (Severity::Warn, Some("budget")));
    assert_eq!(budget.message, "a second model reads the sources otherwise (the number is another): \"45000 a year\"");
    assert_eq!((headline.severity, headline.field.as_deref()), (Severity::Info, Some("headline")));
    assert!(headline.message.starts_with("a second model cannot tell"), "{}", headline.message);
    let answer = brief.brief.field("budget").unwrap();
    assert_eq!(answer.confidence, Confidence::Medium, "it was high");
    let said = Value::Money { amount: 45_000.0, up_to: None, currency: None, period: Some(Period::Year) };
    assert_eq!(answer.value, Some(said.clone()));
    let live = world.store.store.live_values(&record("deal-1")).await.unwrap();
    assert_eq!(live["budget"].value, said);
    world.remove().await;
}
