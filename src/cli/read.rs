//! `baton read`: what Baton makes of a source.

use std::io::{BufRead, Read as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use serde::Serialize;
use serde_json::Value as Json;

use super::output::{self, Usage};
use super::view::Colour;
use super::{Ending, world};
use crate::config::Config;
use crate::context::{self, Gathering, MailHead, Material, PassageKind, RemovedKind, readable, tokens, visible};
use crate::domain::brief::Span;
use crate::domain::event::{EVENT_TYPE, HandoffData, HandoffEvent, Party, RecordRef, Side, SourceType};
use crate::domain::handoff::{Handoff, Source};

#[derive(clap::Args)]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    /// Notes, transcripts, mails, exports; `-` for stdin
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// One JSON object with every message, speaker, time and span
    #[arg(long)]
    json: bool,
    /// The files are JSON lines, each a case of its own; one result a line
    #[arg(long, conflicts_with = "json")]
    jsonl: bool,
    /// The field of a case that holds the source
    #[arg(long, value_name = "NAME", default_value = "text", requires = "jsonl")]
    text_field: String,
    /// The field holds base64
    #[arg(long, requires = "jsonl")]
    base64: bool,
    /// What the sources are; without it, a file's name and content tell
    #[arg(long = "as", value_enum, value_name = "TYPE")]
    source_type: Option<As>,
}

const HELP: &str = "\
Examples:
  baton read call.vtt thread.eml
  baton read --json notes.html | jq .messages
  baton read --jsonl --text-field raw --as email replies.jsonl > results.jsonl
  baton read --jsonl --text-field raw_base64 --base64 --as email mails.jsonl

The format is detected from the content; the rule that matched is shown. Several files are read as one handoff: what
stands in two of them is read once.

--jsonl prints for each line {id, format, reply, removed, units, tokens}, and `cues` for captions. `start` and `end` of
a unit count characters (Unicode code points) of the case's text. Where `spans_in` is `readable`, the words do not stand
in it as they are read (base64, HTML, JSON), and they count characters of the result's `readable`. A line that cannot be
read has `error` instead; the others are read all the same.";

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum As {
    #[value(aliases = ["mail", "thread", "email_thread"])]
    Email,
    #[value(aliases = ["transcript", "call_transcript"])]
    Call,
    #[value(alias = "call_note")]
    Note,
    #[value(aliases = ["crm", "crm_snapshot"])]
    Record,
}

impl From<As> for SourceType {
    fn from(given: As) -> Self {
        match given {
            As::Email => Self::EmailThread,
            As::Call => Self::CallTranscript,
            As::Note => Self::CallNote,
            As::Record => Self::CrmSnapshot,
        }
    }
}

pub(super) fn run(arguments: Arguments, config: &Config) -> anyhow::Result<Ending> {
    let gathering = world::gathering(config);
    if arguments.jsonl {
        return read_cases(&arguments, &gathering);
    }
    let mut sources = Vec::new();
    for file in &arguments.files {
        let name = file.display().to_string();
        let mut body = Vec::new();
        open(file)?.read_to_end(&mut body).map_err(|error| Usage(format!("`{name}` cannot be read: {error}")))?;
        let source_type = arguments.source_type.map_or_else(|| type_of(file), SourceType::from);
        sources.push(Source { id: name, source_type, format: None, occurred_at: None, title: None, body });
    }
    let accounts: Vec<Account> =
        sources.iter().map(|source| Account::of(Json::from(source.id.as_str()), source, &gathering)).collect();
    let material = context::gather(&handoff_of(sources), &gathering);
    match arguments.json {
        true => output::json(&Everything { sources: accounts, material })?,
        false => output::data(&text_of(&material, &accounts, Colour::of_stdout()))?,
    }
    Ok(Ending::Fine)
}

fn open(file: &Path) -> anyhow::Result<Box<dyn BufRead>> {
    if file.as_os_str() == "-" {
        return Ok(Box::new(std::io::stdin().lock()));
    }
    let opened = std::fs::File::open(file).map_err(|error| Usage(format!("`{}` cannot be read: {error}", file.display())))?;
    Ok(Box::new(std::io::BufReader::new(opened)))
}

/// What a file most likely is. The format is told from its content later; this only says what `Name: text` may mean.
fn type_of(file: &Path) -> SourceType {
    let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or_default().to_ascii_lowercase();
    match extension.as_str() {
        "eml" | "mbox" | "mail" => SourceType::EmailThread,
        "vtt" | "srt" | "sbv" => SourceType::CallTranscript,
        _ => SourceType::CallNote,
    }
}

/// Reads JSON lines, each by itself.
fn read_cases(arguments: &Arguments, gathering: &Gathering) -> anyhow::Result<Ending> {
    let mut unreadable = 0;
    for file in &arguments.files {
        for (index, line) in open(file)?.split(b'\n').enumerate() {
            let line = line.map_err(|error| Usage(format!("`{}` cannot be read: {error}", file.display())))?;
            if line.trim_ascii().is_empty() {
                continue;
            }
            match case(&line, index + 1, arguments) {
                Ok((id, source)) => output::json_line(&Account::of(id, &source, gathering))?,
                Err((id, error)) => {
                    unreadable += 1;
                    output::json_line(&serde_json::json!({ "id": id, "line": index + 1, "error": error }))?;
                }
            }
        }
    }
    if unreadable > 0 {
        output::note(&format!("error: {unreadable} lines could not be read; their results say why"));
        return Ok(Ending::Failed);
    }
    Ok(Ending::Fine)
}

/// The source of one line; or its id, if it has one, and what is wrong.
fn case(line: &[u8], number: usize, arguments: &Arguments) -> Result<(Json, Source), (Json, String)> {
    // serde's text quotes values: the place must do.
    let at = |error: serde_json::Error| (Json::Null, format!("line {number}, column {}: not a JSON object", error.column()));
    let mut fields: serde_json::Map<String, Json> = serde_json::from_slice(line).map_err(at)?;
    let id = fields.remove("id").unwrap_or_else(|| Json::from(number));
    let field = &arguments.text_field;
    let Some(Json::String(text)) = fields.remove(field) else {
        return Err((id, format!("line {number}: `{field}` is missing or no text; name the right field with --text-field")));
    };
    let body = match arguments.base64 {
        false => text.into_bytes(),
        true => match base64::engine::general_purpose::STANDARD.decode(text.trim()) {
            Ok(body) => body,
            Err(_) => return Err((id, format!("line {number}: `{field}` is not base64 (RFC 4648)"))),
        },
    };
    let source_type = arguments.source_type.map_or(SourceType::CallNote, SourceType::from);
    Ok((id, Source { id: "case".to_owned(), source_type, format: None, occurred_at: None, title: None, body }))
}

/// Files read as one handoff.
#[derive(Serialize)]
struct Everything {
    #[serde(flatten)]
    material: Material,
    sources: Vec<Account>,
}

/// What was understood of one source.
#[derive(Serialize)]
struct Account {
    id: Json,
    format: String,
    /// Of the first mail: what its headers say.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    mail: Option<MailHead>,
    language: Option<String>,
    reply: String,
    removed: Vec<RemovedText>,
    units: Vec<UnitText>,
    tokens: Tokens,
    #[serde(skip_serializing_if = "Option::is_none")]
    cues: Option<usize>,
    left_out: Vec<String>,
    /// `content` or `readable`: what `start` and `end` count in.
    spans_in: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    readable: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

#[derive(Serialize)]
struct RemovedText {
    kind: RemovedKind,
    text: String,
}

#[derive(Serialize)]
struct UnitText {
    n: usize,
    kind: PassageKind,
    speaker: Option<String>,
    address: Option<String>,
    side: Side,
    at: Option<jiff::Timestamp>,
    title: Option<String>,
    text: String,
    start: usize,
    end: usize,
}

/// Counted with the tokenizer of the settings.
#[derive(Serialize)]
struct Tokens {
    original: usize,
    kept: usize,
}

impl Account {
    fn of(id: Json, source: &Source, gathering: &Gathering) -> Self {
        let mut read = readable(source, &gathering.limits);
        let material = context::gather(&handoff_of(vec![source.clone()]), gathering);
        let content = String::from_utf8_lossy(&source.body);
        let mut units = units(&material);
        let places: Option<Vec<Span>> =
            units.iter().map(|unit| read.origin.place(Span { start: unit.start, end: unit.end })).collect();
        let is_in_content = places.is_some() && matches!(content, std::borrow::Cow::Borrowed(_));
        let characters = Characters::of(if is_in_content { &content } else { &read.text });
        let places = places.filter(|_| is_in_content);
        for (n, unit) in units.iter_mut().enumerate() {
            let place = places.as_ref().map_or(Span { start: unit.start, end: unit.end }, |places| places[n]);
            (unit.start, unit.end) = (characters.before(place.start), characters.before(place.end));
        }
        let count = |text: &str| tokens::count(&gathering.encoding, text);
        Self {
            id,
            mail: read.mail.take(),
            language: material.receipts.iter().find_map(|receipt| receipt.language.clone()),
            reply: joined(&read.text, &read.reply),
            removed: read
                .removed
                .iter()
                .map(|removed| RemovedText { kind: removed.kind, text: joined(&read.text, &removed.spans) })
                .collect(),
            tokens: Tokens { original: count(&content), kept: units.iter().map(|unit| count(&unit.text)).sum() },
            error: read.left_out.iter().find(|why| units.is_empty() && why.starts_with("not read")).cloned(),
            units,
            cues: read.cues,
            left_out: std::mem::take(&mut read.left_out),
            spans_in: if is_in_content { "content" } else { "readable" },
            readable: (!is_in_content).then_some(read.text),
            format: read.format,
        }
    }
}

fn units(material: &Material) -> Vec<UnitText> {
    let rows = material.messages.iter().flat_map(|message| message.passages.iter().map(move |passage| (message, passage)));
    let unit = |(n, (message, passage)): (usize, (&context::Message, &context::Passage))| UnitText {
        n,
        kind: passage.kind,
        speaker: message.speaker.clone(),
        address: message.address.clone(),
        side: message.side,
        at: message.at,
        title: message.title.clone(),
        text: passage.text.clone(),
        start: passage.span.start,
        end: passage.span.end,
    };
    (1..).zip(rows).map(unit).collect()
}

/// Pieces of a text, each on lines of its own.
fn joined(text: &str, spans: &[Span]) -> String {
    let pieces: Vec<&str> = spans.iter().filter_map(|span| text.get(span.start..span.end)).collect();
    pieces.join("\n").trim().to_owned()
}

/// Places in a text: bytes → characters.
struct Characters<'a> {
    text: &'a str,
    /// Characters before each block of bytes.
    before: Vec<usize>,
}

const BLOCK: usize = 256;

impl<'a> Characters<'a> {
    fn of(text: &'a str) -> Self {
        let mut count = 0;
        let starts = text.as_bytes().chunks(BLOCK).map(|block| {
            let before = count;
            count += block.iter().filter(|byte| starts_character(**byte)).count();
            before
        });
        Self { text, before: starts.collect() }
    }

    /// Characters before a byte.
    fn before(&self, byte: usize) -> usize {
        let block = (byte / BLOCK).min(self.before.len().saturating_sub(1));
        let rest = self.text.as_bytes().get(block * BLOCK..byte).unwrap_or_default();
        self.before.get(block).copied().unwrap_or(0) + rest.iter().filter(|byte| starts_character(**byte)).count()
    }
}

fn starts_character(byte: u8) -> bool {
    byte & 0xc0 != 0x80
}

/// A handoff that is nothing but its sources.
fn handoff_of(sources: Vec<Source>) -> Handoff {
    let data = HandoffData {
        kind: String::new(),
        record: RecordRef { record_type: String::new(), id: String::new(), name: None },
        from: Party::default(),
        to: Party::default(),
        fields: std::collections::BTreeMap::new(),
        participants: Vec::new(),
        sources: Vec::new(),
    };
    let event = HandoffEvent {
        specversion: "1.0".to_owned(),
        id: "read".to_owned(),
        source: "baton/read".to_owned(),
        event_type: EVENT_TYPE.to_owned(),
        time: jiff::Timestamp::now(),
        data,
        extensions: std::collections::BTreeMap::new(),
    };
    Handoff {
        event,
        sources,
        missing_sources: Vec::new(),
        oversized_sources: Vec::new(),
        human_values: std::collections::BTreeMap::new(),
        version: 0,
        current: None,
    }
}

fn text_of(material: &Material, accounts: &[Account], colour: Colour) -> String {
    let mut text = String::new();
    for (receipt, account) in material
        .receipts
        .iter()
        .filter_map(|receipt| Some((receipt, accounts.iter().find(|account| account.id.as_str() == Some(receipt.id.as_str()))?)))
    {
        text += &format!("{}\n", colour.bold(&visible(&receipt.id)));
        text += &format!("  {}: {} messages, {} units", receipt.format, receipt.messages, receipt.units);
        text += &account.cues.map(|cues| format!(", {cues} cues")).unwrap_or_default();
        text += &receipt.language.as_ref().map(|language| format!(", language {language}")).unwrap_or_default();
        text += &format!("\n  {} tokens as it came, {} kept\n", account.tokens.original, account.tokens.kept);
        for why in &receipt.left_out {
            text += &format!("  left out: {why}\n");
        }
    }
    for message in &material.messages {
        let speaker = message.speaker.as_deref().unwrap_or("no speaker");
        let side = match message.side {
            Side::Customer => "customer",
            Side::Ours => "ours",
            Side::Unknown => "side unknown",
        };
        let at = message.at.map(|at| format!(", {}", at.strftime("%Y-%m-%d %H:%M:%S UTC"))).unwrap_or_default();
        let title = message.title.as_deref().map(|title| format!(" · {title}")).unwrap_or_default();
        text += &format!("\n{}\n", colour.dim(&visible(&format!("{speaker} ({side}{at}){title}"))));
        for passage in &message.passages {
            let words: Vec<&str> = passage.text.split_whitespace().collect();
            text += &format!("  {}\n", visible(&words.join(" ")));
        }
    }
    text
}
