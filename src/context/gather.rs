//! [`gather`]: all sources of a handoff → [`Material`].

use std::collections::HashSet;

use super::copies::drop_copies;
use super::language::language;
use super::material::{Gathering, Limits, Material, Message, Passage};
use super::origin::Origin;
use super::people::People;
use super::reading::{Draft, Reading, read};
use super::spoken::{SourceWords, Spoken};
use super::tokens;
use crate::domain::brief::SourceReceipt;
use crate::domain::event::{HandoffData, SourceType};
use crate::domain::handoff::{Handoff, OversizedSource, Source};

/// Id of the source that [`gather`] makes of the event's own fields.
pub const EVENT_FIELDS: &str = "event-fields";
/// Format of a source that was not read.
const NOT_DETECTED: &str = "not detected";

/// Reads every source of a handoff. Never fails: what cannot be read is in the receipts.
pub fn gather(handoff: &Handoff, gathering: &Gathering) -> Material {
    let fields = event_fields(handoff);
    let mut sources: Vec<&Source> = handoff.sources.iter().chain(&fields).collect();
    sources.sort_by(|a, b| (&a.id, a.source_type, &a.body).cmp(&(&b.id, b.source_type, &b.body)));
    let bytes_left_there: usize = handoff.oversized_sources.iter().map(|source| source.bytes).sum();
    let bytes_original = sources.iter().map(|source| source.body.len()).sum::<usize>() + bytes_left_there;

    let (mut readings, words): (Vec<Reading>, Vec<SourceWords>) = read_within_limits(&sources, gathering).into_iter().unzip();
    let drafts = readings.iter().flat_map(|reading| &reading.drafts);
    let people = People::learn(&handoff.event.data, &gathering.our_domains, drafts);
    let spoken =
        sources.iter().zip(&mut readings).zip(&words).map(|((source, reading), words)| Spoken { source, reading, words });
    drop_copies(&mut spoken.collect::<Vec<_>>(), &people);
    drop(words);
    let mut messages = Vec::new();
    let mut receipts = not_fetched(handoff, &gathering.limits);
    for (source, reading) in sources.iter().zip(readings) {
        receipts.push(receipt(source, &reading));
        let filled = reading.drafts.into_iter().filter(|draft| !draft.passages.is_empty());
        messages.extend(filled.map(|draft| message(source, draft, &reading.origin, &people)));
    }
    receipts.sort_by(|a, b| a.id.cmp(&b.id));
    // Stable: within one source and time the order of the source stays.
    messages.sort_by(|(a, _), (b, _)| (a.at.is_none(), a.at, &a.source).cmp(&(b.at.is_none(), b.at, &b.source)));
    let messages = with_signatures(messages, &mut receipts);
    Material {
        messages,
        receipts,
        tokens_original: tokens::estimate(bytes_original),
        bytes_original,
        event_time: Some(handoff.event.time),
        people: named(&handoff.event.data),
        encoding: gathering.encoding.clone(),
    }
}

/// Whom the event names, mail addresses and user names left out.
fn named(data: &HandoffData) -> Vec<String> {
    let owners = [&data.from.owner, &data.to.owner].into_iter().flatten();
    let all = data.participants.iter().map(|one| &one.name).chain(owners);
    all.filter(|name| !name.contains('@')).cloned().collect()
}

/// The event's own fields as one more source.
fn event_fields(handoff: &Handoff) -> Option<Source> {
    let event = &handoff.event;
    let body = (!event.data.fields.is_empty()).then(|| serde_json::to_vec(&event.data.fields).ok()).flatten()?;
    Some(Source {
        id: EVENT_FIELDS.to_owned(),
        source_type: SourceType::CrmSnapshot,
        format: Some("application/json".to_owned()),
        occurred_at: Some(event.time),
        title: None,
        body,
    })
}

/// Reads sources, newest first until the handoff's limit is reached. The result is in the order of `sources`, without
/// the readable texts: the passages hold what is needed of them.
fn read_within_limits(sources: &[&Source], gathering: &Gathering) -> Vec<(Reading, SourceWords)> {
    let mut newest_first: Vec<usize> = (0..sources.len()).collect();
    newest_first.sort_by_key(|n| std::cmp::Reverse(sources[*n].occurred_at));
    let mut readings: Vec<(Reading, SourceWords)> = Vec::new();
    readings.resize_with(sources.len(), Default::default);
    let mut left = gathering.limits.handoff_bytes;
    for n in newest_first {
        let bytes = sources[n].body.len();
        let mut reading = if bytes > gathering.limits.source_bytes || bytes > left {
            Reading { format: NOT_DETECTED.to_owned(), left_out: vec![too_large(bytes, &gathering.limits)], ..Reading::default() }
        } else {
            left -= bytes;
            read(sources[n], &gathering.limits)
        };
        let words = SourceWords::take(&mut reading);
        readings[n] = (reading, words);
    }
    readings
}

/// Why a source is not read. One that is within its own limit met the limit of all sources.
fn too_large(bytes: usize, limits: &Limits) -> String {
    match bytes > limits.source_bytes {
        true => format!("not read: {bytes} bytes, over the limit of {} for one source", limits.source_bytes),
        false => format!("not read: {bytes} bytes, over the limit of {} for all sources together", limits.handoff_bytes),
    }
}

/// Receipts of the sources that stayed in the record store, or were never there.
fn not_fetched(handoff: &Handoff, limits: &Limits) -> Vec<SourceReceipt> {
    let receipt = |id: &String, why: String| SourceReceipt {
        id: id.clone(),
        format: NOT_DETECTED.to_owned(),
        messages: 0,
        units: 0,
        language: None,
        left_out: vec![why],
    };
    let missing = |id| receipt(id, "not read: the record store does not have it".to_owned());
    let oversized = |source: &OversizedSource| receipt(&source.id, too_large(source.bytes, limits));
    handoff.missing_sources.iter().map(missing).chain(handoff.oversized_sources.iter().map(oversized)).collect()
}

fn receipt(source: &Source, reading: &Reading) -> SourceReceipt {
    SourceReceipt {
        id: source.id.clone(),
        format: reading.format.clone(),
        messages: reading.drafts.iter().filter(|draft| !draft.passages.is_empty()).count(),
        units: reading.drafts.iter().map(|draft| draft.passages.len()).sum(),
        language: language(&reading.drafts),
        left_out: reading.left_out.clone(),
    }
}

/// Keeps the newest signature of each person: a brief has to say who somebody is, and often nothing else does.
fn with_signatures(messages: Vec<(Message, Option<Passage>)>, receipts: &mut [SourceReceipt]) -> Vec<Message> {
    let mut known: HashSet<String> = HashSet::new();
    let mut kept: Vec<Message> = Vec::with_capacity(messages.len());
    for (mut message, signature) in messages.into_iter().rev() {
        if let (Some(signature), Some(speaker)) = (signature, &message.speaker)
            && known.insert(speaker.clone())
        {
            message.passages.push(signature);
            receipts.iter_mut().filter(|receipt| receipt.id == message.source).for_each(|receipt| receipt.units += 1);
        }
        kept.push(message);
    }
    kept.reverse();
    kept
}

/// A message, and the signature below it.
fn message(source: &Source, mut draft: Draft, origin: &Origin, people: &People) -> (Message, Option<Passage>) {
    let (speaker, side) = people.resolve(&draft);
    let mut signature = draft.signature.take().map(|signature| *signature);
    draft.passages.iter_mut().chain(&mut signature).for_each(|passage| passage.original = origin.place(passage.span));
    let message = Message {
        source: source.id.clone(),
        source_type: source.source_type,
        // An address is better than nobody.
        speaker: speaker.or_else(|| draft.address.clone()),
        address: draft.address,
        side,
        at: draft.at,
        title: draft.title,
        passages: draft.passages,
    };
    (message, signature)
}
