//! What every fuzz target asks of reading.

use std::sync::LazyLock;

use baton::context::{self, Gathering, Limits, Origin, fit, gather, readable};
use baton::domain::contract::Contract;
use baton::domain::event::{EVENT_TYPE, HandoffData, HandoffEvent, Party, RecordRef, SourceType};
use baton::domain::handoff::{Handoff, Source};

/// Small: a contract's cues are compiled for each excerpt, and here nothing else would be measured.
const SMALL: &str = r#"
kind = "fuzz"
version = 1
title = "Fuzz"
purpose = "To be read."
look_back_days = 90

[[fields]]
name = "budget"
type = "money"
required = "ready"
describe = "What they can spend."
ask = "What can you spend?"
stated_by = "customer"
cues = ["budget", "spend"]
"#;

static CONTRACT: LazyLock<Contract> = LazyLock::new(|| Contract::parse(SMALL, "fuzz.toml").expect("a right contract"));

/// Reads one source and checks what reading promises: no panic, no budget is exceeded, and in some of the runs the places
/// of all passages.
pub fn read(source_type: SourceType, data: &[u8]) {
    // The first byte chooses between a few settings; the rest is the source.
    let (choice, body) = data.split_first().map_or((0, data), |(first, rest)| (*first, rest));
    let limits = match choice % 4 {
        0 => Limits { parts: 3, nesting: 1, decoded_bytes: 200, ..Limits::DEFAULT },
        _ => Limits::DEFAULT,
    };
    let gathering = Gathering { limits, our_domains: vec!["us.example".to_owned()].into(), encoding: "none".to_owned() };
    let source = Source {
        id: "fuzz".to_owned(),
        source_type,
        format: None,
        occurred_at: (choice % 3 > 0).then_some(jiff::Timestamp::UNIX_EPOCH),
        title: None,
        body: body.to_vec(),
    };
    // Reading twice costs as much again: only some of the runs look at the places.
    if choice % 4 == 1 {
        check_places(&source, &gathering);
    }
    let material = gather(&handoff(source), &gathering);
    let budget = usize::from(choice) * 4;
    let excerpt = fit(&material, &CONTRACT, budget);
    assert!(excerpt.units().iter().map(|unit| context::visible(&unit.text).len()).sum::<usize>() <= budget);
    assert!(excerpt.receipt().tokens_kept <= budget.max(1));
}

/// Every passage is the readable text at its span, and its words stand in the content where the origin says.
fn check_places(source: &Source, gathering: &Gathering) {
    let read = readable(source, &gathering.limits);
    let material = gather(&handoff(source.clone()), gathering);
    for passage in material.messages.iter().flat_map(|message| &message.passages) {
        assert_eq!(read.text.get(passage.span.start..passage.span.end), Some(passage.text.as_str()));
        if let (Ok(content), Origin::Content | Origin::Pieces(_)) = (std::str::from_utf8(&source.body), &read.origin) {
            let places = read.origin.places(passage.span);
            let words: Vec<&str> = places.iter().map(|place| &content[place.start..place.end]).collect();
            assert!(words.iter().all(|words| passage.text.contains(words)));
        }
    }
    for span in read.reply.iter().chain(read.removed.iter().flat_map(|removed| &removed.spans)) {
        assert!(read.text.get(span.start..span.end).is_some());
    }
}

fn handoff(source: Source) -> Handoff {
    let event = HandoffEvent {
        specversion: "1.0".to_owned(),
        id: "fuzz".to_owned(),
        source: "fuzz".to_owned(),
        event_type: EVENT_TYPE.to_owned(),
        time: jiff::Timestamp::UNIX_EPOCH,
        data: HandoffData {
            kind: "sdr_to_ae".to_owned(),
            record: RecordRef { record_type: "deal".to_owned(), id: "1".to_owned(), name: None },
            from: Party { team: None, owner: Some("lee".to_owned()) },
            to: Party::default(),
            fields: Default::default(),
            participants: Vec::new(),
            sources: Vec::new(),
        },
        extensions: Default::default(),
    };
    Handoff {
        event,
        sources: vec![source],
        missing_sources: Vec::new(),
        oversized_sources: Vec::new(),
        human_values: Default::default(),
        decisions: Vec::new(),
        version: 0,
        current: None,
    }
}
