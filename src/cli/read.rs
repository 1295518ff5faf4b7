//! `baton read`: what Baton makes of a source.

use std::io::{BufRead, Read as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use serde::Serialize;
use serde_json::Value as Json;

use super::account::Account;
use super::output::{self, Usage};
use super::view::Colour;
use super::{Ending, world};
use crate::config::Config;
use crate::context::{self, Gathering, Material, Message, RemovedKind, visible};
use crate::domain::brief::SourceReceipt;
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

/// A handoff that is nothing but its sources.
pub(super) fn handoff_of(sources: Vec<Source>) -> Handoff {
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
        decisions: Vec::new(),
        version: 0,
        current: None,
    }
}

/// Each source with its speakers and what was taken out of it; then all messages in order of time.
fn text_of(material: &Material, accounts: &[Account], colour: Colour) -> String {
    let mut text = String::new();
    for account in accounts {
        let receipt = material.receipts.iter().find(|receipt| account.id.as_str() == Some(receipt.id.as_str()));
        text += &receipt.map_or_else(String::new, |receipt| source_text(receipt, account, colour));
    }
    for message in &material.messages {
        let at = message.at.map(|at| format!(", {}", at.strftime("%Y-%m-%d %H:%M:%S UTC"))).unwrap_or_default();
        let title = message.title.as_deref().map(|title| format!(" · {title}")).unwrap_or_default();
        let head = format!("{} ({}{at}){title}", speaker(message), side(message.side));
        text += &format!("\n{}\n", colour.dim(&visible(&head)));
        message.passages.iter().for_each(|passage| text += &format!("  {}\n", shown(&passage.text)));
    }
    text
}

fn source_text(receipt: &SourceReceipt, account: &Account, colour: Colour) -> String {
    let mut text = format!(
        "{}\n  {}: {} messages, {} units",
        colour.bold(&visible(&receipt.id)),
        receipt.format,
        receipt.messages,
        receipt.units
    );
    text += &account.cues.map(|cues| format!(", {cues} cues")).unwrap_or_default();
    text += &receipt.language.as_ref().map(|language| format!(", language {language}")).unwrap_or_default();
    text += &format!("\n  {} tokens as it came, {} kept\n", account.tokens.original, account.tokens.kept);
    let speakers: Vec<String> = account.speakers().map(|(name, units)| format!("{} ({units})", visible(name))).collect();
    if !speakers.is_empty() {
        text += &format!("  speakers: {}\n", speakers.join(", "));
    }
    receipt.left_out.iter().for_each(|why| text += &format!("  left out: {}\n", visible(why)));
    // A quotation that stands nowhere else is among the messages.
    for removed in account.removed.iter().filter(|removed| removed.kind != RemovedKind::Quote) {
        let words: String = shown(&removed.text).chars().take(LONGEST_REMOVED).collect();
        text += &format!("  {}\n", colour.dim(&format!("cut, {}: {words}", removed.kind.describe())));
    }
    text
}

/// Characters of a removed part that are shown.
const LONGEST_REMOVED: usize = 90;

fn speaker(message: &Message) -> &str {
    message.speaker.as_deref().unwrap_or("no speaker")
}

fn side(side: Side) -> &'static str {
    match side {
        Side::Customer => "customer",
        Side::Ours => "ours",
        Side::Unknown => "side unknown",
    }
}

/// A text on one line, as a person sees it.
fn shown(text: &str) -> String {
    visible(&text.split_whitespace().collect::<Vec<_>>().join(" ")).into_owned()
}
