//! The real adapter against a real HTTP server that misbehaves in every way we know of.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use baton::adapters::openai::{OpenAi, OpenAiSettings, Price, ServerProfile};
use baton::adapters::recorded::{Recorded, Recording};
use baton::context::{Gathering, Limits, fit, gather};
use baton::domain::contract::Contract;
use baton::domain::event::SourceType;
use baton::domain::handoff::{Handoff, Source};
use baton::ports::{Finish, LanguageModel, ModelError, ModelReply};
use baton::prompt::{ModelRequest, PromptVersion, Target, parse_reply, prepare};
use secrecy::SecretString;
use serde_json::{Value as Json, json};

use crate::support::model_server::{ModelServer, Script, completion};

const CANARY: &str = "canary-7f3a Ana Ruiz";
const TIMEOUT: Duration = Duration::from_secs(1);

fn request() -> ModelRequest {
    let event = json!({
        "specversion": "1.0", "id": "evt-1", "source": "crm", "type": "baton.handoff.requested.v1",
        "time": "2026-05-04T15:00:00Z", "data": { "kind": "sdr_to_ae", "record": { "type": "deal", "id": "1042" } }
    });
    let note = Source {
        id: "note-1".to_owned(),
        source_type: SourceType::CallNote,
        format: None,
        occurred_at: None,
        title: None,
        body: b"Ana said: we can spend 45k a year.".to_vec(),
    };
    let handoff = Handoff {
        event: serde_json::from_value(event).unwrap(),
        sources: vec![note],
        missing_sources: Vec::new(),
        oversized_sources: Vec::new(),
        human_values: BTreeMap::new(),
        decisions: Vec::new(),
        version: 0,
        current: None,
    };
    let gathering = Gathering {
        limits: Limits { source_bytes: 100_000, handoff_bytes: 1_000_000, ..Limits::DEFAULT },
        our_domains: Arc::from([]),
        encoding: "o200k_base".to_owned(),
    };
    let contract = Contract::parse(include_str!("../../contracts/sdr_to_ae.toml"), "sdr_to_ae.toml").unwrap();
    let excerpt = fit(&gather(&handoff, &gathering), &contract, 8_000);
    let prompt = PromptVersion::bundled("handoff_brief", "v1").unwrap();
    let target = Target { engine: "openai", model: "gpt-6-luna", output_tokens: 2_000 };
    prepare(&handoff, Arc::new(excerpt), Arc::new(contract), &prompt, target).unwrap().request
}

fn settings(base_url: &str, profile: ServerProfile) -> OpenAiSettings {
    OpenAiSettings {
        base_url: base_url.to_owned(),
        api_key: SecretString::from("sk-test"),
        model: "gpt-6-luna".to_owned(),
        profile,
        timeout: TIMEOUT,
        temperature: Some(0.0),
        reasoning_effort: None,
        price: None,
    }
}

fn model(server: &ModelServer) -> OpenAi {
    OpenAi::new(settings(&server.base_url(), ServerProfile::OpenAi)).unwrap()
}

fn refusal(code: impl Into<Json>, kind: &str) -> String {
    json!({ "error": { "message": CANARY, "type": kind, "param": null, "code": code.into() } }).to_string()
}

/// A fault and what the caller must see of it.
type Case = (&'static str, Script, fn(&Result<ModelReply, ModelError>) -> bool);

fn busy(answer: &Result<ModelReply, ModelError>, wanted: u16, wait: Option<Duration>) -> bool {
    matches!(answer, Err(ModelError::Busy { status, retry_after, .. }) if (*status, *retry_after) == (wanted, wait))
}

fn finished(answer: &Result<ModelReply, ModelError>, wanted: Finish) -> bool {
    matches!(answer, Ok(reply) if reply.finish == wanted)
}

fn refused_busy() -> Vec<Case> {
    let html = || Script::status(429, format!("<html>{CANARY}</html>")).header("retry-after", "2");
    let date = "Wed, 21 Oct 2026 07:28:00 GMT";
    let later = "Wed, 21 Oct 2026 07:28:07 GMT";
    vec![
        ("429 without Retry-After", Script::status(429, refusal("rate_limit_exceeded", "requests")), |a| busy(a, 429, None)),
        ("429 with seconds", Script::status(429, refusal("x", "y")).header("retry-after", "4"), |a| {
            busy(a, 429, Some(Duration::from_secs(4)))
        }),
        ("429 with a fraction", Script::status(429, "").header("retry-after", "0.5"), |a| {
            busy(a, 429, Some(Duration::from_millis(500)))
        }),
        ("429 with a day", Script::status(429, "").header("retry-after", "86400"), |a| {
            busy(a, 429, Some(Duration::from_secs(86_400)))
        }),
        ("429 with a date", Script::status(429, "").header("date", date).header("retry-after", later), |a| {
            busy(a, 429, Some(Duration::from_secs(7)))
        }),
        ("429 with milliseconds", Script::status(429, "").header("retry-after-ms", "120"), |a| {
            busy(a, 429, Some(Duration::from_millis(120)))
        }),
        ("429 in HTML", html(), |a| busy(a, 429, Some(Duration::from_secs(2)))),
        ("429 with an integer code", Script::status(429, refusal(429, "rate_limit")), |a| busy(a, 429, None)),
        ("408", Script::status(408, CANARY), |a| busy(a, 408, None)),
        ("409", Script::status(409, CANARY), |a| busy(a, 409, None)),
        ("503", Script::status(503, refusal("overloaded", "server_error")), |a| busy(a, 503, None)),
        ("503 whose body breaks off", Script::ResetMidBody { status: 503, body: CANARY.to_owned() }, |a| busy(a, 503, None)),
        ("500", Script::status(500, refusal(Json::Null, "server_error")), |a| {
            matches!(a, Err(ModelError::Server { status: 500, retry_after: None, .. }))
        }),
        ("502 in HTML", Script::status(502, format!("<html>{CANARY}")), |a| {
            matches!(a, Err(ModelError::Server { status: 502, .. }))
        }),
        ("429 hidden in a 200", Script::status(200, refusal(429, "x")), |a| busy(a, 429, None)),
    ]
}

fn refused_for_good() -> Vec<Case> {
    let quota = |a: &Result<ModelReply, ModelError>| matches!(a, Err(ModelError::QuotaUsedUp { .. }));
    let too_long = |a: &Result<ModelReply, ModelError>| matches!(a, Err(ModelError::ContextTooLong));
    let vllm =
        json!({ "object": "error", "message": format!("This model's maximum context length is 4096. {CANARY}"), "code": 400 });
    vec![
        ("quota in the type", Script::status(429, refusal(Json::Null, "insufficient_quota")), quota),
        ("quota in the code", Script::status(429, refusal("insufficient_quota", "x")), quota),
        ("402", Script::status(402, CANARY), quota),
        ("401", Script::status(401, refusal("invalid_api_key", "x")), |a| {
            matches!(a, Err(ModelError::KeyRefused { status: 401, .. }))
        }),
        ("401 in HTML", Script::status(401, format!("<html>{CANARY}")), |a| {
            matches!(a, Err(ModelError::KeyRefused { status: 401, .. }))
        }),
        ("403", Script::status(403, json!({ "error": CANARY })), |a| {
            matches!(a, Err(ModelError::KeyRefused { status: 403, .. }))
        }),
        (
            "404",
            Script::status(404, refusal("model_not_found", "x")),
            |a| matches!(a, Err(ModelError::NoSuchModel { model, .. }) if model == "gpt-6-luna"),
        ),
        ("context too long", Script::status(400, refusal("context_length_exceeded", "x")), too_long),
        ("context too long at llama.cpp", Script::status(400, refusal(400, "exceed_context_size_error")), too_long),
        ("context too long at vLLM", Script::status(400, vllm), too_long),
        (
            "400",
            Script::status(400, refusal("unsupported_parameter", "invalid_request_error")),
            |a| matches!(a, Err(ModelError::Refused { status: 400, code, .. }) if code == "unsupported_parameter"),
        ),
        (
            "400 with a code that is a sentence",
            Script::status(400, refusal(CANARY, CANARY)),
            |a| matches!(a, Err(ModelError::Refused { status: 400, code, .. }) if code == "none"),
        ),
        ("422 with details", Script::status(422, json!({ "detail": [{ "msg": CANARY }] })), |a| {
            matches!(a, Err(ModelError::Refused { status: 422, .. }))
        }),
        ("a redirect", Script::status(307, CANARY).header("location", "http://127.0.0.1:9/"), |a| {
            matches!(a, Err(ModelError::Refused { status: 307, .. }))
        }),
    ]
}

fn no_answer() -> Vec<Case> {
    let not_an_answer = |a: &Result<ModelReply, ModelError>| matches!(a, Err(ModelError::NotAnAnswer { .. }));
    let timeout = |a: &Result<ModelReply, ModelError>| matches!(a, Err(ModelError::Timeout { .. }));
    let drip = Script::Drip { body: completion(CANARY).to_string(), every: Duration::from_millis(20) };
    let doubled = format!("{{\"choices\":[],\"choices\":[{{\"message\":\"{CANARY}\"}}]}}");
    vec![
        ("200 in HTML", Script::status(200, format!("<html>{CANARY}</html>")), not_an_answer),
        ("200 with nothing", Script::status(200, ""), not_an_answer),
        ("200 with half a body", Script::status(200, &completion(CANARY).to_string()[..60]), not_an_answer),
        ("200 without choices", Script::status(200, json!({ "text": CANARY })), not_an_answer),
        ("200 with an error", Script::status(200, json!({ "error": CANARY })), not_an_answer),
        ("the same key twice", Script::status(200, doubled), not_an_answer),
        ("an endless body", Script::status(200, completion(&"x".repeat(3 << 20))), not_an_answer),
        ("a reset mid-body", Script::ResetMidBody { status: 200, body: completion(CANARY).to_string() }, |a| {
            matches!(a, Err(ModelError::Unreachable { .. }))
        }),
        ("a hang", Script::Hang, timeout),
        (
            "an answer that comes too late",
            Script::After(Duration::from_secs(5), Box::new(Script::Reply("{}".to_owned()))),
            timeout,
        ),
        ("a slow drip", drip, timeout),
    ]
}

fn odd_endings() -> Vec<Case> {
    let choice = |message: Json, reason: &str| json!({ "choices": [{ "message": message, "finish_reason": reason }] });
    let said = |reason: &str| Script::status(200, choice(json!({ "content": CANARY }), reason));
    let refuses = choice(json!({ "content": null, "refusal": CANARY }), "stop");
    vec![
        ("no choices", Script::status(200, json!({ "choices": [] })), |a| finished(a, Finish::Empty)),
        ("no content", Script::status(200, choice(json!({ "content": null }), "stop")), |a| finished(a, Finish::Empty)),
        ("length", said("length"), |a| finished(a, Finish::Length)),
        ("content filter", said("content_filter"), |a| finished(a, Finish::ContentFilter)),
        ("content filter as a 400", Script::status(400, refusal("content_filter", "x")), |a| finished(a, Finish::ContentFilter)),
        ("refusal", Script::status(200, refuses), |a| finished(a, Finish::Refusal)),
        ("an empty finish reason", said(""), |a| finished(a, Finish::Stop)),
        ("a finish reason nobody knows", said("eos_token"), |a| finished(a, Finish::Stop)),
    ]
}

#[tokio::test]
async fn every_fault_of_a_server_is_told_apart_with_one_request_and_in_time() {
    let request = request();
    for (name, script, expected) in [refused_busy(), refused_for_good(), no_answer(), odd_endings()].into_iter().flatten() {
        let server = ModelServer::start(script).await;
        let model = model(&server);
        let started = Instant::now();
        let answer = model.complete(&request).await;
        assert!(expected(&answer), "{name}: {answer:?}");
        assert!(started.elapsed() < TIMEOUT + Duration::from_secs(3), "{name}: {:?}", started.elapsed());
        assert_eq!(server.count(), 1, "{name}");
        if let Err(error) = answer {
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("canary") && !shown.contains("Ana") && !shown.contains("sk-test"), "{name}: {shown}");
            assert!(!shown.contains("endpoint") || shown.contains(&server.endpoint()), "{name}: {shown}");
        }
    }
}

#[tokio::test]
async fn bodies_and_keys_stay_out_of_the_log_whatever_its_level() {
    let log = Log::default();
    let writer = log.clone();
    // With one subscriber alone, what a test of another thread logs first is remembered as unwanted by all.
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());
    let all = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone()).finish();
    let _guard = tracing::subscriber::set_default(all);
    let request = request();
    let answers = [Script::Reply(CANARY.to_owned()), Script::status(500, CANARY), Script::status(200, CANARY)];
    for script in answers.into_iter().chain([Script::status(401, refusal("x", "y"))]) {
        let server = ModelServer::start(script).await;
        drop(model(&server).complete(&request).await);
        assert_eq!(server.count(), 1);
    }
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("connect"), "the log was not caught:\n{log}");
    for secret in ["canary", "sk-test", "45k a year", "letter by letter"] {
        assert!(!log.contains(secret), "`{secret}` is in the log:\n{log}");
    }
}

#[derive(Clone, Default)]
struct Log(Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_cannot_be_reached() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let model = OpenAi::new(settings(&format!("http://{free}/v1"), ServerProfile::OpenAi)).unwrap();
    let error = model.complete(&request()).await.unwrap_err();
    assert_eq!(error, ModelError::Unreachable { endpoint: free.to_string() });
}

#[tokio::test]
async fn a_reply_comes_back_with_its_usage_and_price() {
    let server = ModelServer::start(Script::Reply("{\"a\":1}".to_owned())).await;
    let model = model(&server);
    let reply = model.complete(&request()).await.unwrap();
    assert_eq!((reply.text.as_str(), reply.finish), ("{\"a\":1}", Finish::Stop));
    let usage = reply.usage;
    assert_eq!((usage.prompt_tokens, usage.cached_prompt_tokens, usage.completion_tokens), (1200, 1024, 300));
    let price = model.price(&usage).unwrap();
    assert!((price - (176.0 * 0.1 + 1024.0 * 0.01 + 300.0 * 0.5) / 1e6).abs() < 1e-12, "{price}");
    let own = Price { input: 1.0, cached_input: 1.0, output: 0.0 };
    let overridden = OpenAi::new(OpenAiSettings { price: Some(own), ..settings("http://a/v1", ServerProfile::Vllm) }).unwrap();
    assert!((overridden.price(&usage).unwrap() - 1.2e-3).abs() < 1e-12);
    let local = OpenAi::new(settings("http://a/v1", ServerProfile::Ollama)).unwrap();
    assert_eq!(local.price(&usage), None, "a price that is not known is not 0");
}

#[tokio::test]
async fn each_server_gets_the_fields_it_knows() {
    let common = ["model", "messages", "response_format"];
    let request = request();
    for (profile, effort, more) in [
        (ServerProfile::OpenAi, None, vec!["max_completion_tokens", "store", "prompt_cache_key"]),
        (
            ServerProfile::OpenAi,
            Some("none"),
            vec!["max_completion_tokens", "temperature", "reasoning_effort", "store", "prompt_cache_key"],
        ),
        (ServerProfile::OpenAi, Some("low"), vec!["max_completion_tokens", "reasoning_effort", "store", "prompt_cache_key"]),
        (ServerProfile::Azure, None, vec!["max_completion_tokens"]),
        (ServerProfile::Vllm, None, vec!["max_tokens"]),
    ] {
        let server = ModelServer::start(Script::Reply("{}".to_owned())).await;
        let mut settings = settings(&server.base_url(), profile);
        settings.reasoning_effort = effort.map(str::to_owned);
        OpenAi::new(settings).unwrap().complete(&request).await.unwrap();
        let seen = server.seen().remove(0);
        let body = seen.json();
        let keys: Vec<&str> = body.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, common.into_iter().chain(more).collect::<Vec<_>>(), "{profile:?} {effort:?}");
        assert_eq!(seen.path, "/v1/chat/completions");
        assert_eq!(body["messages"][0]["role"], "system");
        assert_eq!(body["response_format"]["json_schema"]["strict"], true);
        assert_eq!(body["response_format"]["json_schema"]["schema"], *request.schema);
        assert_eq!(body["response_format"]["json_schema"]["name"], "sdr_to_ae");
    }
}

#[tokio::test]
async fn a_local_model_gets_a_temperature_and_no_key() {
    let server = ModelServer::start(Script::Reply("{}".to_owned())).await;
    let mut settings = settings(&format!("{}/", server.base_url()), ServerProfile::Ollama);
    (settings.model, settings.api_key) = ("qwen3:8b".to_owned(), SecretString::from(""));
    OpenAi::new(settings).unwrap().complete(&request()).await.unwrap();
    let seen = server.seen().remove(0);
    assert_eq!(seen.json()["temperature"], 0.0);
    assert!(!seen.headers.contains_key("authorization"), "{:?}", seen.headers);
}

#[tokio::test]
async fn a_reply_that_follows_the_schema_becomes_a_brief() {
    let compute = |body: &Json| {
        let schema = &body["response_format"]["json_schema"]["schema"]["properties"];
        let empty = json!({ "evidence": [], "status": "not_stated", "value": null, "alternatives": [] });
        let names = |part: &str| schema[part]["properties"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        let mut fields: serde_json::Map<String, Json> = names("fields").into_iter().map(|name| (name, empty.clone())).collect();
        fields["budget"] = json!({
            "evidence": [{ "unit": 1, "quote": "we can spend 45k a year" }], "status": "stated",
            "value": { "amount": 45000, "up_to": null, "currency": null, "period": "year" }, "alternatives": []
        });
        let axes: serde_json::Map<String, Json> =
            names("axes").into_iter().map(|name| (name, json!({ "evidence": [], "label": null }))).collect();
        json!({
            "headline": "They can spend 45k a year.", "fields": fields, "axes": axes, "commitments": [], "open_questions": []
        })
        .to_string()
    };
    let server = ModelServer::start(Script::Computed(Arc::new(compute))).await;
    let request = request();
    let reply = model(&server).complete(&request).await.unwrap();
    let brief = parse_reply(&reply.text, &request.contract, &request.excerpt).unwrap();
    let budget = brief.field("budget").unwrap();
    assert_eq!(budget.evidence[0].source, "note-1");
    assert!(budget.value.is_some());
    assert_eq!(brief.fields.len(), request.contract.fields.len());
}

#[tokio::test]
async fn calls_wait_for_each_other_at_no_point() {
    let last = Arc::new(tokio::sync::Barrier::new(32));
    let server = ModelServer::start(Script::Together(last, Box::new(Script::Reply("{}".to_owned())))).await;
    let patient = OpenAiSettings { timeout: Duration::from_secs(60), ..settings(&server.base_url(), ServerProfile::OpenAi) };
    let (model, request) = (OpenAi::new(patient).unwrap(), request());
    let all = futures_util::future::join_all((0..32).map(|_| model.complete(&request))).await;
    assert!(all.iter().all(Result::is_ok), "{all:?}");
    assert_eq!(server.count(), 32);
}

#[tokio::test]
async fn a_recorded_reply_is_found_by_its_request_only() {
    let request = request();
    let reply = ModelReply { text: "{}".to_owned(), finish: Finish::Stop, usage: baton::domain::brief::Usage::default() };
    let recording = Recording { model: "gpt-6-luna".to_owned(), reply: reply.clone() };
    let recorded = Recorded::new(BTreeMap::from([(request.digest.clone(), recording)]));
    assert_eq!(recorded.complete(&request).await, Ok(reply));
    let corrected = request.with_correction("{}", &["a finding".to_owned()]);
    assert_eq!(recorded.complete(&corrected).await, Err(ModelError::NotRecorded));
}
