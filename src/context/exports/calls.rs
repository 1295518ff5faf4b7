//! Transcripts of calls as JSON, of tools that have a shape of their own.

use serde_json::Value as Json;

use super::entries::{began, pieces, prose};
use super::speech::{Call, Moment, Piece, Unit, compose};
use super::voices::Directory;
use super::words;
use crate::context::dialogue::Voice;
use crate::context::material::Limits;
use crate::context::reading::Reading;
use crate::domain::handoff::Source;

/// A tool, by the shape of its export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::context) enum CallExport {
    Gong,
    Fireflies,
    HubSpot,
    GoogleMeet,
    Deepgram,
    Transcribe,
    RevAi,
    AssemblyAi,
    Whisper,
    GoogleSpeech,
}

/// The more specific shape first.
const ALL: [CallExport; 10] = [
    CallExport::Gong,
    CallExport::Fireflies,
    CallExport::HubSpot,
    CallExport::GoogleMeet,
    CallExport::Deepgram,
    CallExport::Transcribe,
    CallExport::RevAi,
    CallExport::AssemblyAi,
    CallExport::Whisper,
    CallExport::GoogleSpeech,
];

impl CallExport {
    /// For the receipt: the format and the rule that matched.
    pub(in crate::context) fn describe(self) -> &'static str {
        match self {
            Self::Gong => "Gong transcript (JSON with transcript[].sentences[] and speakerId)",
            Self::Fireflies => "Fireflies transcript (JSON with sentences[].speaker_name)",
            Self::HubSpot => "HubSpot transcript (JSON with transcriptUtterances[])",
            Self::GoogleMeet => "Google Meet transcript (JSON with transcriptEntries[])",
            Self::Deepgram => "Deepgram transcript (JSON with results.channels[] or results.utterances[])",
            Self::Transcribe => "Amazon Transcribe (JSON with results.items[] and results.transcripts[])",
            Self::RevAi => "Rev AI transcript (JSON with monologues[].elements[])",
            Self::AssemblyAi => "AssemblyAI transcript (JSON with utterances[] or words[] of a speaker)",
            Self::Whisper => "Whisper transcript (JSON with segments[] of start and text)",
            Self::GoogleSpeech => "Google Speech-to-Text (JSON with results[].alternatives[])",
        }
    }

    fn is_shape_of(self, json: &Json) -> bool {
        match self {
            Self::Gong => !gong_calls(json).is_empty(),
            Self::Fireflies => fireflies(json).is_some(),
            Self::HubSpot => utterances(json).is_some(),
            Self::GoogleMeet => list(json, "/transcriptEntries").is_some(),
            Self::Deepgram => {
                list(json, "/results/channels")
                    .is_some_and(|channels| channels[0].pointer("/alternatives/0/transcript").is_some())
                    || list(json, "/results/utterances").is_some_and(|all| all[0].get("transcript").is_some())
            }
            Self::Transcribe => list(json, "/results/items").is_some() && list(json, "/results/transcripts").is_some(),
            Self::RevAi => list(json, "/monologues").is_some_and(|all| all[0].get("elements").is_some()),
            Self::AssemblyAi => {
                let has =
                    |path, keys: [&str; 3]| list(json, path).is_some_and(|all| keys.iter().all(|key| all[0].get(*key).is_some()));
                has("/utterances", ["speaker", "text", "start"])
                    || has("/words", ["text", "start", "end"]) && json.get("text").is_some()
            }
            Self::Whisper => {
                list(json, "/segments").is_some_and(|all| ["start", "end", "text"].iter().all(|key| all[0].get(*key).is_some()))
            }
            Self::GoogleSpeech => list(json, "/results").is_some_and(|all| {
                ["/alternatives/0/words", "/alternatives/0/transcript"].iter().any(|path| all[0].pointer(path).is_some())
            }),
        }
    }
}

/// Tells a tool by the shape of its export.
pub(super) fn detect(json: &Json) -> Option<CallExport> {
    json.is_object().then(|| ALL.into_iter().find(|call| call.is_shape_of(json))).flatten()
}

/// Reads a transcript.
pub(super) fn read(source: &Source, json: &Json, call: CallExport, limits: &Limits) -> Reading {
    let directory = Directory::learn(json);
    let one = |found: Vec<Piece>, unit: Unit| vec![Call { began: began(json), pieces: found, unit }];
    let of = |path: &str| list(json, path).map(|entries| pieces(entries, &directory)).unwrap_or_default();
    let calls = match call {
        CallExport::Gong => gong(json, &directory),
        CallExport::Fireflies => {
            let began =
                json.pointer("/data/transcript").or_else(|| json.get("transcript")).and_then(began).or_else(|| began(json));
            let sentences = fireflies(json).map(|sentences| pieces(sentences, &directory)).unwrap_or_default();
            vec![Call { began, pieces: sentences, unit: Unit::Seconds }]
        }
        CallExport::HubSpot => one(utterances(json).map(|all| pieces(all, &directory)).unwrap_or_default(), Unit::Millis),
        CallExport::GoogleMeet => one(of("/transcriptEntries"), Unit::Seconds),
        CallExport::Deepgram => one(deepgram(json, &directory), Unit::Seconds),
        CallExport::Transcribe => one(transcribe(json, &directory), Unit::Seconds),
        CallExport::RevAi => one(rev(json, &directory), Unit::Seconds),
        CallExport::AssemblyAi => match list(json, "/utterances") {
            Some(_) => one(of("/utterances"), Unit::Millis),
            None => one(list(json, "/words").map(|all| words::pieces(all, &directory, 1000.0)).unwrap_or_default(), Unit::Millis),
        },
        CallExport::Whisper => one(of("/segments"), Unit::Seconds),
        CallExport::GoogleSpeech => one(google_speech(json, &directory), Unit::Seconds),
    };
    let mut reading = compose(source, calls, limits);
    reading.left_out.extend(beside(json));
    reading
}

/// Names of fields with texts beside the transcript, such as a summary that the tool wrote. They are not what was said.
fn beside(json: &Json) -> Option<String> {
    const SAID: [&str; 12] = [
        "callTranscripts",
        "transcript",
        "sentences",
        "transcriptUtterances",
        "transcriptCreateUtterances",
        "transcriptEntries",
        "results",
        "monologues",
        "utterances",
        "words",
        "segments",
        "text",
    ];
    let holder =
        json.pointer("/data/transcript").or_else(|| json.get("transcript").filter(|holder| holder.is_object())).unwrap_or(json);
    let fields = holder.as_object()?.iter();
    let names = fields
        .filter(|(name, value)| !SAID.contains(&name.as_str()) && prose(value) > LONG_TEXT)
        .map(|(name, _)| format!("`{name}`"));
    let names: Vec<String> = names.take(8).collect();
    (!names.is_empty()).then(|| format!("fields beside the transcript: {}", names.join(", ")))
}

/// Bytes of texts beyond which a field is named in the receipt.
const LONG_TEXT: usize = 80;

/// A list with something in it.
fn list<'a>(json: &'a Json, path: &str) -> Option<&'a Vec<Json>> {
    json.pointer(path)?.as_array().filter(|items| !items.is_empty())
}

/// Gong: the calls of an export, or the export of one call.
fn gong_calls(json: &Json) -> Vec<&Json> {
    let is_gong = |call: &&Json| {
        list(call, "/transcript").is_some_and(|all| all[0].get("sentences").is_some() && all[0].get("speakerId").is_some())
    };
    let calls = list(json, "/callTranscripts").map(|calls| calls.iter().collect()).unwrap_or_else(|| vec![json]);
    calls.into_iter().filter(is_gong).collect()
}

fn gong(json: &Json, directory: &Directory) -> Vec<Call> {
    // The call itself is described in another list, under the same id.
    let described = |id: &Json| {
        let calls = list(json, "/calls")?;
        calls.iter().find(|call| call.pointer("/metaData/id").or_else(|| call.get("id")) == Some(id))
    };
    let read = |call: &Json| {
        let monologues = list(call, "/transcript").map(|all| pieces(all, directory)).unwrap_or_default();
        let began = began(call).or_else(|| began(described(call.get("callId")?)?));
        Call { began, pieces: monologues, unit: Unit::Millis }
    };
    gong_calls(json).into_iter().map(read).collect()
}

fn fireflies(json: &Json) -> Option<&Vec<Json>> {
    let sentences =
        ["/data/transcript/sentences", "/transcript/sentences", "/sentences"].iter().find_map(|path| list(json, path))?;
    sentences[0].get("speaker_name").map(|_| sentences)
}

fn utterances(json: &Json) -> Option<&Vec<Json>> {
    ["/transcriptUtterances", "/transcriptCreateUtterances"].iter().find_map(|path| list(json, path))
}

/// Deepgram: utterances if they were asked for, else paragraphs, else words. Each channel is one person.
fn deepgram(json: &Json, directory: &Directory) -> Vec<Piece> {
    if let Some(utterances) = list(json, "/results/utterances") {
        return pieces(utterances, directory);
    }
    let channels = list(json, "/results/channels").map(Vec::as_slice).unwrap_or_default();
    let mut found = Vec::new();
    for (n, channel) in channels.iter().enumerate() {
        let Some(best) = channel.pointer("/alternatives/0") else { continue };
        let mut said = match (list(best, "/paragraphs/paragraphs"), list(best, "/words")) {
            (Some(paragraphs), _) => pieces(paragraphs, directory),
            (None, Some(words)) => words::pieces(words, directory, 1.0),
            (None, None) => pieces(std::slice::from_ref(best), directory),
        };
        if channels.len() > 1 {
            said.iter_mut()
                .for_each(|piece| piece.voice = Voice { name: Some(format!("Channel {}", n + 1)), ..Voice::default() });
        }
        found.append(&mut said);
    }
    if channels.len() > 1 {
        found.sort_by(|a, b| seconds(a).total_cmp(&seconds(b)));
    }
    found
}

fn seconds(piece: &Piece) -> f64 {
    match piece.start {
        Some(Moment::Number(number)) => number,
        Some(Moment::Since(time)) => time.as_secs_f64(),
        Some(Moment::At(_)) | None => 0.0,
    }
}

/// Amazon Transcribe: segments if there are some, else items, whose speakers may stand in a list of their own.
fn transcribe(json: &Json, directory: &Directory) -> Vec<Piece> {
    if let Some(segments) = list(json, "/results/audio_segments").filter(|all| all[0].get("speaker_label").is_some()) {
        return pieces(segments, directory);
    }
    let mut items = list(json, "/results/items").cloned().unwrap_or_default();
    let labelled = list(json, "/results/speaker_labels/segments").into_iter().flatten();
    let mut labels = labelled.flat_map(|segment| list(segment, "/items").into_iter().flatten());
    // Both lists are in the order of time; punctuation has no label.
    for item in items.iter_mut().filter(|item| item.get("start_time").is_some() && item.get("speaker_label").is_none()) {
        let Some(label) = labels.by_ref().find(|label| label.get("start_time") == item.get("start_time")) else { break };
        if let (Some(speaker), Some(fields)) = (label.get("speaker_label"), item.as_object_mut()) {
            fields.insert("speaker_label".to_owned(), speaker.clone());
        }
    }
    words::pieces(&items, directory, 1.0)
}

/// Google: with speakers, the last result has the words of all; without, each result has its own.
fn google_speech(json: &Json, directory: &Directory) -> Vec<Piece> {
    let best = |result: &'_ Json| result.pointer("/alternatives/0").cloned().unwrap_or_default();
    let results = list(json, "/results").map(Vec::as_slice).unwrap_or_default();
    let last = results.last().map(best).unwrap_or_default();
    if let Some(words) = list(&last, "/words").filter(|words| words[0].get("speakerTag").is_some()) {
        return words::pieces(words, directory, 1.0);
    }
    let read = |result: &Json| {
        let best = best(result);
        list(&best, "/words")
            .map_or_else(|| pieces(std::slice::from_ref(&best), directory), |words| words::pieces(words, directory, 1.0))
    };
    results.iter().flat_map(read).collect()
}

/// Rev AI: the elements of a monologue are words, and punctuation with its blanks.
fn rev(json: &Json, directory: &Directory) -> Vec<Piece> {
    let monologues = list(json, "/monologues").into_iter().flatten();
    let read = |monologue: &Json| {
        let voice = directory.speaker(monologue).unwrap_or_default();
        let found = list(monologue, "/elements").map(|elements| words::pieces(elements, directory, 1.0)).unwrap_or_default();
        found.into_iter().map(move |piece| Piece { voice: voice.clone(), ..piece }).collect::<Vec<_>>()
    };
    monologues.flat_map(read).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::{CallExport, detect, read};
    use crate::context::material::Limits;
    use crate::context::reading::Draft;
    use crate::context::testing::source_on;
    use crate::domain::event::{Side, SourceType::CallTranscript};

    fn drafts(export: CallExport, json: &Json) -> Vec<Draft> {
        assert_eq!(detect(json), Some(export));
        read(&source_on(30, "call", CallTranscript, json.to_string()), json, export, &Limits::DEFAULT).drafts
    }

    /// `mm:ss name: text` of every turn.
    fn said(export: CallExport, json: &Json) -> Vec<String> {
        let row = |draft: &Draft| {
            let texts: Vec<&str> = draft.passages.iter().map(|passage| passage.text.as_str()).collect();
            format!("{} {}: {}", &draft.at.unwrap().to_string()[14..19], draft.speaker.as_deref().unwrap_or("-"), texts.join("|"))
        };
        drafts(export, json).iter().map(row).collect()
    }

    #[test]
    fn a_gong_transcript_has_names_and_sides_from_the_parties() {
        let gong = json!({
            "callTranscripts": [{"callId": "7", "transcript": [
                {"speakerId": "11", "topic": "Price", "sentences": [
                    {"start": 5000, "end": 7000, "text": "We can spend"}, {"start": 7000, "end": 9000, "text": "45k a year."}]},
                {"speakerId": "12", "topic": null, "sentences": [{"start": 61000, "end": 63000, "text": "That works for us."}]},
                {"speakerId": "13", "topic": null, "sentences": [{"start": 64000, "end": 65000, "text": "Fine."}]}]}],
            "calls": [{"metaData": {"id": "7", "started": "2026-04-29T09:00:00Z", "duration": 65}, "parties": [
                {"id": "a", "speakerId": "11", "name": "Dana Keller", "emailAddress": "dana@north.example", "affiliation": "External"},
                {"id": "b", "speakerId": "12", "name": "Lee Ito", "emailAddress": "Lee@us.example", "affiliation": "Internal"}]}]
        });
        let expected =
            ["00:05 Dana Keller: We can spend 45k a year.", "01:01 Lee Ito: That works for us.", "01:04 Speaker 13: Fine."];
        assert_eq!(said(CallExport::Gong, &gong)[..2], expected[..2]);
        let drafts = drafts(CallExport::Gong, &gong);
        assert_eq!((drafts[0].side, drafts[1].side, drafts[2].side), (Some(Side::Customer), Some(Side::Ours), None));
        assert_eq!(
            (drafts[1].address.as_deref(), drafts[1].at.unwrap().to_string().as_str()),
            (Some("lee@us.example"), "2026-04-29T09:01:01Z")
        );
        assert!(drafts[2].speaker.is_some());
        // The same in seconds, as another description of the interface has it.
        let mut seconds = gong.clone();
        for monologue in seconds["callTranscripts"][0]["transcript"].as_array_mut().unwrap() {
            for sentence in monologue["sentences"].as_array_mut().unwrap() {
                sentence["start"] = json!(sentence["start"].as_i64().unwrap() / 1000);
                sentence["end"] = json!(sentence["end"].as_i64().unwrap() / 1000);
            }
        }
        assert_eq!(said(CallExport::Gong, &seconds), said(CallExport::Gong, &gong));
    }

    #[test]
    fn fireflies_hubspot_and_meet_are_read() {
        let sentences = json!([
            {"speaker_name": "Dana", "speaker_id": 0, "text": "We need SSO", "start_time": 1.5, "end_time": 3.0},
            {"speaker_name": "Dana", "speaker_id": 0, "text": "by May.", "start_time": 3.2, "end_time": 4.0},
            {"speaker_name": null, "speaker_id": 1, "text": "Sure.", "start_time": 65.0, "end_time": 66.0}]);
        let expected = ["00:01 Dana: We need SSO by May.", "01:05 Speaker 1: Sure."];
        assert_eq!(said(CallExport::Fireflies, &json!({"sentences": sentences})), expected);
        let summary = "Dana asked for single sign-on by May, and Lee said that it is possible for a small price.";
        let dated = json!({"data": {"transcript": {"date": 1_777_564_800_000_i64, "summary": {"overview": summary}, "sentences": sentences}}});
        let reading = read(&source_on(30, "call", CallTranscript, ""), &dated, CallExport::Fireflies, &Limits::DEFAULT);
        assert_eq!(reading.left_out, ["fields beside the transcript: `summary`"]);
        assert_eq!(drafts(CallExport::Fireflies, &dated)[1].at.unwrap().to_string(), "2026-04-30T16:01:05Z");
        let hubspot = json!({"transcriptUtterances": [
            {"id": "1", "speaker": {"id": "s1", "name": "Dana", "email": "dana@north.example"}, "text": "When?", "startTimeMillis": 2000, "endTimeMillis": 3000},
            {"id": "2", "speaker": {"id": "s2", "name": "Lee"}, "text": "In May.", "startTimeMillis": 61000, "endTimeMillis": 62000}]});
        assert_eq!(said(CallExport::HubSpot, &hubspot), ["00:02 Dana: When?", "01:01 Lee: In May."]);
        let meet = json!({
            "transcriptEntries": [
                {"name": "x", "participant": "conferenceRecords/1/participants/7", "text": "When?", "languageCode": "en-US", "startTime": "2026-04-30T16:00:04Z"},
                {"name": "y", "participant": "conferenceRecords/1/participants/8", "text": "In May.", "languageCode": "en-US", "startTime": "2026-04-30T16:00:06.5Z"}],
            "participants": [{"name": "conferenceRecords/1/participants/7", "signedinUser": {"user": "users/1", "displayName": "Dana Keller"}}]});
        assert_eq!(said(CallExport::GoogleMeet, &meet), ["00:04 Dana Keller: When?", "00:06 Participant 8: In May."]);
    }

    #[test]
    fn recognisers_with_speaker_numbers_are_read() {
        let deepgram = json!({"metadata": {}, "results": {"channels": [{"alternatives": [{"transcript": "x", "paragraphs": {"paragraphs": [
            {"speaker": 0, "start": 0.5, "end": 2.0, "sentences": [{"text": "Hello there.", "start": 0.5, "end": 1.0}, {"text": "When?", "start": 1.2, "end": 2.0}]},
            {"speaker": 1, "start": 3.0, "end": 4.0, "sentences": [{"text": "In May.", "start": 3.0, "end": 4.0}]}]}}]}]}});
        assert_eq!(said(CallExport::Deepgram, &deepgram), ["00:00 Speaker 0: Hello there. When?", "00:03 Speaker 1: In May."]);
        let word = |text: &str, speaker: Option<u8>, start: f64| json!({"word": text.to_lowercase(), "punctuated_word": text, "speaker": speaker, "start": start, "end": start + 0.3});
        let words = json!({"results": {"channels": [{"alternatives": [{"transcript": "x", "words": [word("Hello", Some(0), 1.0), word("there.", Some(0), 1.4), word("Hi.", Some(1), 2.0)]}]}]}});
        assert_eq!(said(CallExport::Deepgram, &words), ["00:01 Speaker 0: Hello there.", "00:02 Speaker 1: Hi."]);
        let channel = |words: &[Json]| json!({"alternatives": [{"transcript": "x", "words": words}]});
        let stereo = json!({"results": {"channels": [channel(&[word("When?", None, 1.0), word("Good.", None, 5.0)]), channel(&[word("May.", None, 3.0)])]}});
        assert_eq!(
            said(CallExport::Deepgram, &stereo),
            ["00:01 Channel 1: When?", "00:03 Channel 2: May.", "00:05 Channel 1: Good."]
        );
        let utterances =
            json!({"results": {"utterances": [{"speaker": 0, "start": 1.0, "end": 2.0, "transcript": "Hello there."}]}});
        assert_eq!(said(CallExport::Deepgram, &utterances), ["00:01 Speaker 0: Hello there."]);
        let assembly = json!({"utterances": [{"speaker": "A", "text": "When do you start?", "start": 1500, "end": 2500, "words": []}, {"speaker": "B", "text": "In May.", "start": 61000, "end": 62000}]});
        assert_eq!(said(CallExport::AssemblyAi, &assembly), ["00:01 Speaker A: When do you start?", "01:01 Speaker B: In May."]);
        let google = json!({"results": [{"alternatives": [{"transcript": "we need it ok"}]}, {"alternatives": [{"words": [
            {"startTime": "1.5s", "endTime": "1.8s", "word": "we", "speakerTag": 1}, {"startTime": "4s", "endTime": "4.4s", "word": "ok", "speakerTag": 2}]}]}]});
        assert_eq!(said(CallExport::GoogleSpeech, &google), ["00:01 Speaker 1: we", "00:04 Speaker 2: ok"]);
        let whisper = json!({"text": "x", "language": "en", "segments": [{"id": 0, "start": 0.0, "end": 2.0, "text": " so we need it", "speaker": "SPEAKER_00"}, {"id": 1, "start": 62.0, "end": 63.0, "text": " ok"}]});
        assert_eq!(said(CallExport::Whisper, &whisper), ["00:00 SPEAKER_00: so we need it", "01:02 -: ok"]);
    }

    #[test]
    fn words_and_punctuation_become_sentences() {
        let item = |text: &str, start: &str| json!({"type": "pronunciation", "start_time": start, "end_time": start, "alternatives": [{"content": text}]});
        let stop = json!({"type": "punctuation", "alternatives": [{"content": "."}]});
        let label = |start: &str, speaker: &str| json!({"speaker_label": speaker, "items": [{"start_time": start, "speaker_label": speaker}]});
        let transcribe = json!({"results": {
            "transcripts": [{"transcript": "We start. Good."}], "items": [item("We", "0.5"), item("start", "0.9"), stop, item("Good", "3.0"), stop],
            "speaker_labels": {"segments": [label("0.5", "spk_0"), label("0.9", "spk_0"), label("3.0", "spk_1")]}}});
        assert_eq!(said(CallExport::Transcribe, &transcribe), ["00:00 spk_0: We start.", "00:03 spk_1: Good."]);
        let rev = json!({"monologues": [{"speaker": 0, "elements": [
            {"type": "text", "value": "We", "ts": 0.5, "end_ts": 0.8}, {"type": "punct", "value": " "}, {"type": "text", "value": "start", "ts": 0.9, "end_ts": 1.2}, {"type": "punct", "value": "."}]}]});
        assert_eq!(said(CallExport::RevAi, &rev), ["00:00 Speaker 0: We start."]);
        let long: Vec<Json> =
            (0..200).map(|n| json!({"text": "word", "start": n * 400, "end": n * 400 + 300, "speaker": "A"})).collect();
        let drafts = drafts(CallExport::AssemblyAi, &json!({"text": "x", "words": long}));
        assert!(drafts.len() > 1 && drafts.iter().all(|draft| draft.passages[0].text.len() < 700));
    }

    #[test]
    fn entries_over_the_limit_are_left_out_and_said() {
        let segments: Vec<Json> = (0..9).map(|n| json!({"start": n, "end": n + 1, "text": format!("Sentence {n}.")})).collect();
        let json = json!({"segments": segments});
        let limits = Limits { parts: 3, ..Limits::DEFAULT };
        let reading = read(&source_on(30, "call", CallTranscript, json.to_string()), &json, CallExport::Whisper, &limits);
        assert_eq!(reading.drafts[0].passages[0].text, "Sentence 0. Sentence 1. Sentence 2.");
        assert_eq!(reading.left_out, ["6 × entry over the limit of 3 for one source"]);
    }
}
