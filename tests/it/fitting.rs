//! More material than a model may read: what is kept, and the map step that picks from very long material.

use std::sync::Arc;

use baton::context::{Excerpt, Gathering, Limits, Material, fit, gather, tokens};
use baton::domain::brief::BriefDocument;
use baton::domain::contract::{self, Contract};
use baton::domain::event::{HandoffEvent, SourceType, decode};
use baton::domain::handoff::{Handoff, Source};
use baton::eval::case;
use baton::pipeline::{MapStep, Pipeline, Plan};
use baton::ports::RecordStore;
use baton::prompt::{ModelRequest, PromptVersion};
use baton::worker::Ended;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::support::model_server::{ModelServer, Script, completion};
use crate::support::world::{World, envelope, event, program, record, reply, units};
use crate::world::CrashingStore;

// ---- Ranking ------------------------------------------------------------------------------------

/// Talk with the words of a contract in it, but nothing a brief needs.
const TALK: [&str; 20] = [
    "Right, and the weather has been something else over here.",
    "Sorry, I was on mute there, go on.",
    "That screen is a bit slow to load, give it a moment.",
    "We had somebody from the warehouse look at the old screens as well.",
    "Yes, the menu on the left is where most of my people live.",
    "I remember when we still printed all of that on paper.",
    "The timeline view is the one with the bars, you can drag them.",
    "The budget screen is over here, under settings, but nobody uses it.",
    "There are five tabs at the top, as you can see.",
    "Last Tuesday the whole team was out, so I caught up on mail.",
    "What did you say that button was called again?",
    "Good, good, you can see my screen again now.",
    "My colleague used something like it at the last place.",
    "The problem is usually the printer, not the program.",
    "I think we all agree that nobody likes typing.",
    "Okay, that makes sense to me.",
    "You click here and the other list opens, with all the filters.",
    "It was the same with the old one, honestly, just with more colours.",
    "We call that one the long list, don't ask me why.",
    "And here you would see the names of the drivers, with a small picture.",
];

const OURS: &str = "Dana Whitlock";
const THEIRS: &str = "Karen Doyle";

/// A call of so many turns, with these turns in place of others.
fn call(turns: usize, said: &[(usize, &str, &str)]) -> String {
    let line = |n: usize| match said.iter().find(|(at, ..)| *at == n) {
        Some((_, speaker, text)) => format!("{speaker}: {text}\n"),
        None => {
            let (one, other) = (TALK[(n * 7 + n / 20) % TALK.len()], TALK[(n * 3 + n / 7) % TALK.len()]);
            format!("{}: {one} {other}\n", if n.is_multiple_of(2) { OURS } else { THEIRS })
        }
    };
    (0..turns).map(line).collect()
}

fn handoff(text: &str) -> Handoff {
    let call = Source {
        id: "call-1".to_owned(),
        source_type: SourceType::CallTranscript,
        format: None,
        occurred_at: Some("2026-05-04T10:00:00Z".parse().unwrap()),
        title: None,
        body: text.as_bytes().to_vec(),
    };
    let mut event = event("evt-1");
    event["data"]["sources"] = json!([]);
    Handoff {
        event: serde_json::from_value(event).unwrap(),
        sources: vec![call],
        missing_sources: Vec::new(),
        oversized_sources: Vec::new(),
        human_values: Default::default(),
        decisions: Vec::new(),
        version: 0,
        current: None,
    }
}

fn gathering(encoding: &str) -> Gathering {
    Gathering {
        limits: Limits::DEFAULT,
        our_domains: Arc::from(["tallyport.example".to_owned(), "fernhollow.example".to_owned()]),
        encoding: encoding.to_owned(),
    }
}

fn contract_of(kind: &str) -> Contract {
    contract::bundled().unwrap().into_iter().find(|contract| contract.kind == kind).unwrap()
}

/// What the units cost as the budget counts them: their texts and 20 tokens each.
fn size(excerpt: &Excerpt, encoding: &str) -> usize {
    excerpt.units().iter().map(|unit| tokens::count(encoding, &unit.text) + 20).sum()
}

fn whole(material: &Material, contract: &Contract) -> Excerpt {
    fit(material, contract, usize::MAX)
}

#[test]
fn what_a_handoff_lives_on_survives_a_budget_of_a_fifth() {
    let needles = [
        ("an amount", THEIRS, "For the second warehouse we could put in eighteen thousand on top."),
        ("a price in figures", OURS, "With the extra module you would end up at 23.400 €."),
        ("a day", THEIRS, "Whatever happens, the contract with the old vendor lapses on August 31st."),
        ("a promise", OURS, "I'll send you the order form with the delivery schedule."),
        ("a decision", THEIRS, "We decided against the mobile app, the drivers keep their paper."),
        ("an objection", THEIRS, "Honestly, I doubt that my night shift will ever work with this."),
        ("an objection in German", THEIRS, "Ehrlich gesagt haben wir Bedenken wegen der Nachtschicht."),
        ("a decision in French", THEIRS, "Nous avons décidé de garder le papier pour les chauffeurs."),
    ];
    for turns in [120, 600] {
        let said: Vec<(usize, &str, &str)> =
            needles.iter().enumerate().map(|(n, (_, speaker, text))| (turns * (n + 1) / 10, *speaker, *text)).collect();
        let material = gather(&handoff(&call(turns, &said)), &gathering("o200k_base"));
        for kind in ["sdr_to_ae", "sales_to_onboarding", "support_to_sales"] {
            let contract = contract_of(kind);
            let everything = whole(&material, &contract);
            assert_eq!(everything.units().len(), turns);
            let budget = size(&everything, "o200k_base") / 5;
            let excerpt = fit(&material, &contract, budget);
            assert!(size(&excerpt, "o200k_base") <= budget && excerpt.receipt().units_cut > turns / 2);
            for (what, _, text) in needles {
                assert!(excerpt.units().iter().any(|unit| unit.text == text), "{kind}, {turns} turns: {what} was cut");
            }
        }
    }
}

/// How much of what a careful brief quotes is still there when the budget is a share of the material.
fn quotes_kept(share: f64) -> (usize, usize) {
    let (mut kept, mut all) = (0, 0);
    for case in case::bundled().unwrap() {
        let Some(answer) = &case.reply else { continue };
        let contract = contract_of(&case.event.data.kind);
        let material = gather(&case.handoff(), &gathering("o200k_base"));
        let everything = whole(&material, &contract);
        let budget = (size(&everything, "o200k_base") as f64 * share) as usize;
        let excerpt = fit(&material, &contract, budget);
        let holds = |excerpt: &Excerpt, quote: &str| excerpt.units().iter().any(|unit| unit.text.contains(quote));
        for quote in quotes(&answer.reply).into_iter().filter(|quote| holds(&everything, quote)) {
            all += 1;
            kept += usize::from(holds(&excerpt, &quote));
        }
    }
    (kept, all)
}

fn quotes(json: &Json) -> Vec<String> {
    match json {
        Json::Object(members) => {
            let own = members.get("quote").and_then(Json::as_str).map(str::to_owned);
            own.into_iter().chain(members.values().flat_map(quotes)).collect()
        }
        Json::Array(items) => items.iter().flat_map(quotes).collect(),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => Vec::new(),
    }
}

#[test]
fn half_of_the_material_holds_most_of_what_a_careful_brief_quotes() {
    for (share, least) in [(0.5, 0.85), (0.35, 0.64), (0.2, 0.4)] {
        let (kept, all) = quotes_kept(share);
        println!("at {share} of the tokens {kept} of {all} quotes are kept");
        assert!(all > 100 && kept as f64 >= least * all as f64, "at {share} of the tokens {kept} of {all} quotes are kept");
    }
}

#[test]
fn the_receipt_says_how_many_units_of_each_source_were_cut() {
    let mut handoff = handoff(&call(100, &[]));
    handoff.sources.push(Source {
        id: "note-1".to_owned(),
        body: b"They can spend 45k a year.".to_vec(),
        ..handoff.sources[0].clone()
    });
    handoff.sources[1].source_type = SourceType::CallNote;
    let excerpt = fit(&gather(&handoff, &gathering("bytes")), &contract_of("sdr_to_ae"), 1_000);
    let receipt = excerpt.receipt();
    let cut = |id: &str| receipt.sources.iter().find(|source| source.id == id).unwrap().left_out.clone();
    assert_eq!(cut("call-1"), [format!("{} of 100 units over the token budget, ranked lowest", receipt.units_cut)]);
    assert_eq!(cut("note-1"), Vec::<String>::new());
    assert_eq!((receipt.units_kept + receipt.units_cut, receipt.units_kept), (101, excerpt.units().len()));
}

#[test]
fn a_monologue_longer_than_the_budget_is_not_lost_as_a_whole() {
    let fact = "We can spend 45k a year on this.";
    let talk = TALK.join(" ");
    let text = format!("{THEIRS}: {talk} {talk} {talk} {fact} {talk} {talk} {talk}");
    let excerpt = fit(&gather(&handoff(&text), &gathering("bytes")), &contract_of("sdr_to_ae"), 2_500);
    let unit = excerpt.units().iter().find(|unit| unit.text.contains(fact)).unwrap();
    assert_eq!(&text[unit.span.start..unit.span.end], unit.text);
    let evidence = excerpt.evidence(unit.n, fact);
    assert_eq!(evidence.span.map(|span| &text[span.start..span.end]), Some(fact));
    assert_eq!(evidence.original, evidence.span);
}

#[test]
fn a_megabyte_in_one_breath_is_fitted_in_linear_time() {
    let spoken = format!("{THEIRS}: {}", TALK.join(" ").repeat(800));
    let breathless = format!("{THEIRS}: {}", "and then we looked at it again ".repeat(33_000));
    let blob = format!("{THEIRS}: {}", "QmFzZTY0".repeat(130_000));
    for text in [spoken, breathless, blob] {
        let material = gather(&handoff(&text), &gathering("o200k_base"));
        let started = std::time::Instant::now();
        let excerpt = fit(&material, &contract_of("sdr_to_ae"), 2_000);
        assert!(size(&excerpt, "o200k_base") <= 2_000 && !excerpt.is_empty());
        assert!(started.elapsed().as_secs() < 60, "{:?} without optimisation", started.elapsed());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn the_budget_and_its_margin_are_never_exceeded(
        turns in prop::collection::vec((0..TALK.len(), 1usize..30, any::<bool>()), 1..40),
        budget in 0usize..3_000,
        margin in 0.0f64..1.5,
        is_known in any::<bool>(),
    ) {
        let text: String = turns.iter().map(|(talk, times, ours)| {
            format!("{}: {}\n", if *ours { OURS } else { THEIRS }, [TALK[*talk]; 30][..*times].join(" "))
        }).collect();
        let encoding = if is_known { "o200k_base" } else { "bytes" };
        let material = gather(&handoff(&text), &gathering(encoding));
        let excerpt = fit(&material, &contract_of("sdr_to_ae"), tokens::less_margin(budget, margin));
        let spent = size(&excerpt, encoding) as f64 * (1.0 + margin);
        prop_assert!(spent <= budget as f64 + 1e-6, "{} > {}", spent, budget);
        let kept: usize = excerpt.units().iter().map(|unit| tokens::count(encoding, &unit.text)).sum();
        if excerpt.receipt().tokens_exact {
            prop_assert_eq!(kept, excerpt.receipt().tokens_kept);
        }
        for unit in excerpt.units() {
            prop_assert_eq!(&text[unit.span.start..unit.span.end], &unit.text);
        }
    }
}

// ---- The map step -------------------------------------------------------------------------------

/// In the middle of the call, without any word that ranking looks for.
const FACT: &str = "Most of my people look at the paper with the long list first.";
/// The same words, so that the ranking is the same.
const OTHER_FACT: &str = "First most of my people look at the long list with the paper.";
const TURNS: usize = 160;
const BUDGET: usize = 3_000;

fn long_event(id: &str) -> Json {
    let mut event = event(id);
    event["data"]["sources"][0]["text"] = call(TURNS, &[(TURNS / 2 + 1, THEIRS, FACT)]).into();
    event
}

fn mapping(mut pipeline: Pipeline) -> Pipeline {
    pipeline.settings.token_budget = BUDGET;
    pipeline.map_step = Some(MapStep { prompt: Arc::new(PromptVersion::bundled("handoff_pick", "v1").unwrap()), over: 2.0 });
    pipeline
}

fn is_pick(request: &Json) -> bool {
    request["response_format"]["json_schema"]["name"].as_str().unwrap().starts_with("pick_")
}

/// Picks the fact if it is in the chunk; writes it into the brief if it is in the excerpt.
fn careful(request: &Json) -> String {
    let found = units(request).into_iter().find(|(_, text)| text == FACT).map(|(unit, _)| unit);
    match (is_pick(request), found) {
        (true, found) => {
            let picks: Vec<Json> = found.iter().map(|unit| json!({ "unit": unit, "for": "pain" })).collect();
            json!({ "picks": picks }).to_string()
        }
        (false, None) => reply(request, |_| {}),
        (false, Some(unit)) => reply(request, |reply| {
            reply["fields"]["pain"] = json!({
                "evidence": [{ "unit": unit, "quote": FACT }], "status": "stated", "value": { "text": FACT }, "alternatives": []
            });
        }),
    }
}

fn careful_model() -> Script {
    Script::Computed(Arc::new(careful))
}

fn failing() -> Script {
    Script::status(503, json!({ "error": { "message": "later" } }))
}

async fn brief(world: &World, id: &str) -> BriefDocument {
    world.store.store.read_brief(&record(id), "sdr_to_ae").await.unwrap().unwrap()
}

fn quoted(brief: &BriefDocument) -> Vec<&str> {
    brief.brief.field("pain").unwrap().evidence.iter().map(|evidence| evidence.quote.as_str()).collect()
}

fn decoded(event: &Json) -> HandoffEvent {
    decode(&envelope(event)).unwrap()
}

/// The requests for the chunks, and the one for the brief by rank alone.
async fn planned(pipeline: &Pipeline, event: &Json) -> (Vec<ModelRequest>, ModelRequest) {
    let plan = pipeline.plan(&decoded(event)).await.unwrap();
    assert!(matches!(plan, Plan::Pick(_)), "{plan:?}");
    let mut requests: Vec<ModelRequest> = plan.requests().into_iter().cloned().collect();
    let last = requests.pop().unwrap();
    (requests, last)
}

#[tokio::test]
async fn a_fact_in_the_middle_of_a_very_long_call_reaches_the_brief_with_its_own_words() {
    let world = World::sqlite().await;
    let server = ModelServer::start(careful_model()).await;
    let event = long_event("deal-1");
    let mut ranking_only = mapping(world.scripted(&server));
    ranking_only.map_step = None;
    world.submit(vec![envelope(&event)]).await;
    assert_eq!(world.drain(&ranking_only).await.outcomes, [("published", 1)].into());
    assert_eq!((server.count(), quoted(&brief(&world, "deal-1").await).len()), (1, 0), "ranked out");

    let pipeline = mapping(world.scripted(&server));
    let (chunks, _) = planned(&pipeline, &event).await;
    assert!(chunks.len() >= 4 && server.count() == 1, "a plan asks nobody");
    let read: usize = chunks.iter().map(|chunk| chunk.excerpt.units().len()).sum();
    assert_eq!(read, TURNS, "every unit is in one chunk");
    world.submit(vec![envelope(&event)]).await;
    assert_eq!(world.drain(&pipeline).await.outcomes, [("published", 1)].into());
    let calls = chunks.len() + 1;
    assert_eq!(server.count(), 1 + calls);
    let brief = brief(&world, "deal-1").await;
    let text = event["data"]["sources"][0]["text"].as_str().unwrap();
    let evidence = &brief.brief.field("pain").unwrap().evidence[0];
    let span = evidence.span.unwrap();
    assert_eq!((evidence.quote.as_str(), &text[span.start..span.end], evidence.speaker.as_deref()), (FACT, FACT, Some(THEIRS)));
    let picks = brief.coverage.picks.clone().unwrap();
    assert_eq!((picks.prompt.as_str(), picks.chunks, picks.chunks_picked), ("handoff_pick/v1", chunks.len(), chunks.len()));
    assert_eq!((picks.units_picked, picks.notes.len()), (1, 0));
    assert_eq!((brief.provenance.attempts as usize, brief.provenance.usage.prompt_tokens as usize), (calls, 1200 * calls));
    let cost = brief.provenance.cost_usd.unwrap();
    assert!((cost - 0.0018 * calls as f64).abs() < 1e-9, "{cost}");
    // The rest of the budget is filled by rank, in order.
    assert!(brief.coverage.units_kept > 10 && brief.coverage.units_kept + brief.coverage.units_cut == TURNS);

    world.submit(vec![envelope(&event)]).await;
    assert_eq!(world.drain(&pipeline).await.outcomes, [("already_current", 1)].into());
    assert_eq!(server.count(), 1 + calls);
    world.remove().await;
}

#[tokio::test]
async fn the_stamp_does_not_depend_on_what_was_picked() {
    let world = World::sqlite().await;
    let lazy = |request: &Json| if is_pick(request) { json!({ "picks": [] }).to_string() } else { careful(request) };
    let mut stamps = Vec::new();
    for script in [careful_model(), Script::Computed(Arc::new(lazy))] {
        let server = ModelServer::start(script).await;
        let store = World::sqlite().await;
        let pipeline = mapping(store.scripted(&server));
        store.submit(vec![envelope(&long_event("deal-1"))]).await;
        store.drain(&pipeline).await;
        let brief = brief(&store, "deal-1").await;
        stamps.push((brief.provenance.stamp.clone(), quoted(&brief).len()));
        store.remove().await;
    }
    assert_eq!((&stamps[0].0, stamps[0].1, stamps[1].1), (&stamps[1].0, 1, 0));
    // What a chunk says is part of it, though neither the ranked excerpt nor its request changes.
    let server = ModelServer::start(careful_model()).await;
    let pipeline = mapping(world.scripted(&server));
    let mut event = long_event("deal-1");
    let text = event["data"]["sources"][0]["text"].as_str().unwrap().replace(FACT, OTHER_FACT);
    let (_, ranked) = planned(&pipeline, &event).await;
    event["data"]["sources"][0]["text"] = text.into();
    let (_, changed) = planned(&pipeline, &event).await;
    let texts = |request: &ModelRequest| request.excerpt.units().iter().map(|unit| unit.text.clone()).collect::<Vec<_>>();
    assert_eq!(texts(&ranked), texts(&changed));
    world.submit(vec![envelope(&event)]).await;
    world.drain(&pipeline).await;
    assert_ne!(brief(&world, "deal-1").await.provenance.stamp, stamps[0].0);
    world.remove().await;
}

#[tokio::test]
async fn a_crash_between_the_chunks_or_after_them_buys_none_twice() {
    let world = World::sqlite().await;
    let chunks = {
        let server = ModelServer::start(careful_model()).await;
        planned(&mapping(world.scripted(&server)), &long_event("plan")).await.0.len()
    };
    // The failing call is one more, and is not paid for.
    for (id, fails_at) in [("first", 0), ("between", 2), ("brief", chunks)] {
        let mut scripts = vec![careful_model(); fails_at];
        scripts.extend([failing(), careful_model()]);
        let server = ModelServer::start_with(scripts).await;
        world.submit(vec![envelope(&long_event(id))]).await;
        let report = world.drain(&mapping(world.scripted(&server))).await;
        assert_eq!((report.retried, report.outcomes), (1, [("published", 1)].into()), "{id}");
        assert_eq!(server.count(), chunks + 2, "{id}");
        let brief = brief(&world, id).await;
        assert_eq!((brief.provenance.attempts as usize, quoted(&brief)), (chunks + 1, vec![FACT]), "{id}");
    }
    // The process dies after the last answer, before the write.
    let server = ModelServer::start(careful_model()).await;
    let mut pipeline = mapping(world.scripted(&server));
    pipeline.store = Arc::new(CrashingStore::new(pipeline.store.clone())) as Arc<dyn RecordStore>;
    world.submit(vec![envelope(&long_event("write"))]).await;
    let report = world.drain(&pipeline).await;
    assert_eq!((report.retried, report.outcomes, server.count()), (1, [("published", 1)].into(), chunks + 1));
    let brief = brief(&world, "write").await;
    assert_eq!((brief.provenance.attempts as usize, quoted(&brief)), (chunks + 1, vec![FACT]));
    world.remove().await;
}

#[tokio::test]
async fn a_chunk_whose_picks_cannot_be_read_is_ranked_and_the_receipt_says_so() {
    let world = World::sqlite().await;
    let mut refusal = completion("");
    refusal["choices"][0]["message"]["refusal"] = "I cannot".into();
    let mut cut = completion("{\"picks\": [");
    cut["choices"][0]["finish_reason"] = "length".into();
    let unread = [
        (Script::Reply("Sure!".into()), "the reply is not one JSON object"),
        (Script::Reply(json!({ "picks": [{ "unit": 1, "for": "the weather" }] }).to_string()), "must be one of"),
        (Script::status(200, refusal), "the model declined to answer"),
        (Script::status(200, cut), "the answer was cut"),
    ];
    for (n, (script, why)) in unread.into_iter().enumerate() {
        let id = format!("deal-{n}");
        let server = ModelServer::start_with(vec![script, careful_model()]).await;
        world.submit(vec![envelope(&long_event(&id))]).await;
        let report = world.drain(&mapping(world.scripted(&server))).await;
        assert_eq!(report.outcomes, [("published", 1)].into(), "{why}");
        let brief = brief(&world, &id).await;
        let picks = brief.coverage.picks.clone().unwrap();
        assert_eq!(
            (picks.chunks_picked, picks.chunks, server.count()),
            (picks.chunks - 1, picks.chunks, picks.chunks + 1),
            "{why}"
        );
        let [note] = &picks.notes[..] else { panic!("{picks:?}") };
        assert!(note.starts_with(&format!("chunk 1 of {} was ranked only: ", picks.chunks)) && note.contains(why), "{note}");
        assert_eq!(quoted(&brief), [FACT], "the picks of the others hold");
    }
    world.remove().await;
}

#[tokio::test]
async fn a_map_step_that_would_pass_the_tokens_of_a_handoff_is_not_begun() {
    let world = World::sqlite().await;
    let server = ModelServer::start(careful_model()).await;
    let mut pipeline = mapping(world.scripted(&server));
    let (chunks, last) = planned(&pipeline, &long_event("deal-1")).await;
    let brief_alone = pipeline.prompt_tokens(&last);
    let all = chunks.iter().map(|chunk| pipeline.prompt_tokens(chunk)).sum::<u64>() + brief_alone;
    for (id, limit) in [("deal-1", all - 1), ("deal-2", brief_alone + u64::from(last.output_tokens))] {
        pipeline.settings.max_handoff_tokens = limit;
        let before = server.count();
        world.submit(vec![envelope(&long_event(id))]).await;
        assert_eq!(world.drain(&pipeline).await.outcomes, [("published", 1)].into(), "{id}");
        assert_eq!(server.count(), before + 1, "{id}");
        let picks = brief(&world, id).await.coverage.picks.unwrap();
        assert_eq!((picks.chunks, picks.chunks_picked), (0, 0));
        assert!(picks.notes[0].contains(&format!("would pass `model.max_handoff_tokens` ({limit})")), "{:?}", picks.notes);
    }
    pipeline.settings.max_handoff_tokens = all;
    world.submit(vec![envelope(&long_event("deal-1"))]).await;
    world.drain(&pipeline).await;
    assert_eq!(quoted(&brief(&world, "deal-1").await), [FACT], "a raised limit makes a new brief");
    world.remove().await;
}

#[tokio::test]
async fn a_handoff_whose_tokens_run_out_between_the_chunks_still_gets_its_brief() {
    let world = World::sqlite().await;
    let (server, mut pipeline, limit, reserve);
    {
        let server = ModelServer::start(careful_model()).await;
        let pipeline = mapping(world.scripted(&server));
        let (chunks, last) = planned(&pipeline, &long_event("deal-1")).await;
        let brief_alone = pipeline.prompt_tokens(&last);
        limit = chunks.iter().map(|chunk| pipeline.prompt_tokens(chunk)).sum::<u64>() + brief_alone;
        reserve = brief_alone + u64::from(last.output_tokens);
    }
    let mut dear = completion("{\"picks\": []}");
    dear["usage"]["prompt_tokens"] = (limit - reserve - 1_000).into();
    dear["usage"]["completion_tokens"] = 0.into();
    server = ModelServer::start_with(vec![Script::status(200, dear), careful_model()]).await;
    pipeline = mapping(world.scripted(&server));
    pipeline.settings.max_handoff_tokens = limit;
    world.submit(vec![envelope(&long_event("deal-1"))]).await;
    assert_eq!(world.drain(&pipeline).await.outcomes, [("published", 1)].into());
    let picks = brief(&world, "deal-1").await.coverage.picks.unwrap();
    assert_eq!((server.count(), picks.chunks_picked, picks.notes.len()), (2, 1, picks.chunks - 1));
    assert!(picks.notes[0].contains("no token was left of `model.max_handoff_tokens`"), "{:?}", picks.notes);
    world.remove().await;
}

#[tokio::test]
async fn the_days_budget_halts_between_the_chunks_and_nothing_is_bought_twice() {
    let world = World::sqlite().await;
    let server = ModelServer::start(careful_model()).await;
    let mut pipeline = mapping(world.scripted(&server));
    // One call costs 0.0018 USD here.
    pipeline.settings.max_daily_usd = Some(0.003);
    world.submit(vec![envelope(&long_event("deal-1"))]).await;
    let report = world.drain_with(&pipeline, 1).await;
    assert!(matches!(&report.ended, Ended::Halted(why) if why.contains("0.003 USD is spent")), "{:?}", report.ended);
    assert_eq!((server.count(), report.parked), (2, 0));
    pipeline.settings.max_daily_usd = None;
    assert_eq!(world.drain(&pipeline).await.outcomes, [("published", 1)].into());
    let brief = brief(&world, "deal-1").await;
    assert_eq!(server.count(), brief.coverage.picks.clone().unwrap().chunks + 1);
    assert_eq!(quoted(&brief), [FACT]);
    world.remove().await;
}

#[tokio::test]
async fn a_model_that_fails_for_good_on_a_chunk_parks_the_event_with_its_reason() {
    let world = World::sqlite().await;
    let too_long = Script::status(400, json!({ "error": { "message": "too long", "code": "context_length_exceeded" } }));
    let server = ModelServer::start_with(vec![too_long, careful_model()]).await;
    let pipeline = mapping(world.scripted(&server));
    world.submit(vec![envelope(&long_event("deal-1"))]).await;
    assert_eq!(world.drain(&pipeline).await.parked, 1);
    assert!(world.parked().await[0].reason.message.contains("lower `context.token_budget`"));
    world.requeue_all().await;
    assert_eq!(world.drain(&pipeline).await.outcomes, [("published", 1)].into());
    world.remove().await;
}

#[tokio::test]
async fn material_within_two_budgets_and_the_built_in_engine_need_no_map_step() {
    let world = World::sqlite().await;
    let server = ModelServer::start(careful_model()).await;
    let mut pipeline = mapping(world.scripted(&server));
    pipeline.settings.token_budget = BUDGET * 5;
    assert!(matches!(pipeline.plan(&decoded(&long_event("deal-1"))).await.unwrap(), Plan::Ask(_)));
    let built_in = mapping(world.extractive());
    world.submit(vec![envelope(&long_event("deal-1"))]).await;
    assert_eq!(world.drain(&built_in).await.settled, 1);
    let brief = brief(&world, "deal-1").await;
    assert_eq!((brief.coverage.picks, brief.coverage.units_cut > 0, server.count()), (None, true, 0));
    world.remove().await;
}

#[tokio::test]
async fn a_budget_that_not_one_unit_fits_parks_the_event_and_says_so() {
    let world = World::sqlite().await;
    let mut pipeline = world.extractive();
    pipeline.settings.token_budget = 10;
    world.submit(vec![envelope(&long_event("deal-1"))]).await;
    assert_eq!(world.drain(&pipeline).await.parked, 1);
    let reason = &world.parked().await[0].reason;
    assert!(reason.class == "permanent" && reason.message.contains("fits `context.token_budget`, raise it"), "{reason:?}");
    world.remove().await;
}

#[tokio::test]
async fn a_forecast_counts_the_chunks_of_very_long_material() {
    let world = World::sqlite().await;
    let server = ModelServer::start(careful_model()).await;
    let pipeline = mapping(world.scripted(&server));
    let (chunks, last) = planned(&pipeline, &long_event("deal-1")).await;
    let options = baton::backfill::Options {
        kind: "sdr_to_ae".to_owned(),
        run: "r".to_owned(),
        as_of: "2026-05-05T10:00:00Z".parse().unwrap(),
        concurrency: 1,
        limit: None,
    };
    let forecast = baton::backfill::plan(&pipeline, &options).await.unwrap();
    let bytes = |request: &ModelRequest| request.messages.iter().map(|message| message.content.len() as u64).sum::<u64>();
    let expected = chunks.iter().map(bytes).sum::<u64>();
    assert_eq!((forecast.calls, server.count()), (1, 0));
    assert!(forecast.prompt_tokens > expected && forecast.prompt_tokens < expected + 2 * bytes(&last), "{forecast:?}");
    assert_eq!(forecast.completion_tokens_at_most, (chunks.len() as u64 + 1) * 4096);
    world.remove().await;
}

// ---- What is the same for all -------------------------------------------------------------------

#[tokio::test]
async fn requests_of_one_kind_are_byte_equal_up_to_the_sources_and_in_their_schema() {
    let world = World::sqlite().await;
    let server = ModelServer::start(careful_model()).await;
    let pipeline = mapping(world.scripted(&server));
    let mut other = long_event("deal-2");
    other["data"]["record"]["name"] = "Brightwater – 120 seats".into();
    other["data"]["from"] = json!({ "team": "sdr", "owner": "lee" });
    other["data"]["sources"][0]["text"] = call(TURNS + 20, &[(3, THEIRS, "We can spend 45k a year.")]).into();
    world.submit(vec![envelope(&long_event("deal-1")), envelope(&other)]).await;
    assert_eq!(world.drain(&pipeline).await.outcomes, [("published", 2)].into());
    let bodies: Vec<String> = server.seen().iter().map(|seen| String::from_utf8(seen.body.to_vec()).unwrap()).collect();
    for of_kind in [true, false] {
        let bodies: Vec<&String> =
            bodies.iter().filter(|body| is_pick(&serde_json::from_str(body).unwrap()) == of_kind).collect();
        assert!(bodies.len() >= 2);
        let parts = |body: &str| {
            let user = body.find("{\"role\":\"user\"").unwrap();
            let schema = body.find("\"response_format\"").unwrap();
            assert!(body[..user].contains("\"role\":\"system\"") && user < schema);
            (body[..user].to_owned(), body[schema..].to_owned())
        };
        let first = parts(bodies[0]);
        assert!(first.0.len() > 3_000, "the fixed part is most of a short request");
        bodies.iter().for_each(|body| assert_eq!(parts(body), first));
    }
    world.remove().await;
}

#[tokio::test]
async fn a_margin_in_the_settings_leaves_room_for_another_tokenizer() {
    let folder = tempfile::tempdir().unwrap();
    let units_with = async |margin: &str| {
        let arguments = ["--set", "context.token_budget=900", "--set", margin, "eval", "requests", "--only", "sdr_to_ae-ready"];
        let output = program(folder.path()).args(arguments).output().await.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        units(&serde_json::from_slice(&output.stdout).unwrap()).len()
    };
    let (without, with) = (units_with("context.token_margin=0").await, units_with("context.token_margin=1").await);
    assert!(with > 0 && with * 3 < without * 2, "{with} of {without}");
}

#[tokio::test]
async fn a_folder_of_prompts_may_hold_the_pick_prompt_or_leave_it_as_it_is_built_in() {
    let folder = tempfile::tempdir().unwrap();
    let bundled = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("prompts");
    let copy = |prompt: &str, files: &[&str]| {
        let to = folder.path().join("own").join(prompt).join("v1");
        std::fs::create_dir_all(&to).unwrap();
        files.iter().for_each(|file| {
            std::fs::copy(bundled.join(prompt).join("v1").join(file), to.join(file)).unwrap();
        });
    };
    let run = async || {
        let arguments = ["--prompts", "own", "eval", "requests", "--only", "sdr_to_ae-ready"];
        let output = program(folder.path()).args(arguments).output().await.unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    copy("handoff_brief", &["prompt.toml", "system.md", "user.md.j2"]);
    assert_eq!(run().await.0, Some(0), "without a pick prompt");
    copy("handoff_pick", &["prompt.toml", "system.md"]);
    let (code, error) = run().await;
    assert!(code == Some(2) && error.contains("own/handoff_pick/v1/user.md.j2"), "{code:?} {error}");
    copy("handoff_pick", &["user.md.j2"]);
    assert_eq!(run().await.0, Some(0), "with one");
}
