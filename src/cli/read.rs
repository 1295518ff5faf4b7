//! `baton read`: what Baton makes of a source.

use std::path::PathBuf;

use super::output::{self, Usage};
use super::view::Colour;
use super::{Ending, world};
use crate::config::Config;
use crate::context::{self, Material, visible};
use crate::domain::event::{EVENT_TYPE, HandoffData, HandoffEvent, Party, RecordRef, Side, SourceType};
use crate::domain::handoff::{Handoff, Source};

#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  baton read call.vtt thread.eml\n  baton read --json notes.html | jq .messages\n\nThe format is detected from the content; the rule that matched is shown."
)]
pub(super) struct Arguments {
    /// Notes, transcripts, mails; `-` for stdin
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// One JSON object with every message, speaker, time and span
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: Arguments, config: &Config) -> anyhow::Result<Ending> {
    let mut sources = Vec::new();
    for file in &arguments.files {
        let name = file.display().to_string();
        let body = match name.as_str() {
            "-" => std::io::Read::bytes(std::io::stdin().lock()).collect::<Result<Vec<u8>, _>>(),
            _ => std::fs::read(file),
        };
        let body = body.map_err(|error| Usage(format!("`{name}` cannot be read: {error}")))?;
        sources.push(Source { id: name, source_type: SourceType::CallNote, format: None, occurred_at: None, title: None, body });
    }
    let material = context::gather(&handoff_of(sources), &world::gathering(config));
    match arguments.json {
        true => output::json(&material)?,
        false => output::data(&text_of(&material, Colour::of_stdout()))?,
    }
    Ok(Ending::Fine)
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

fn text_of(material: &Material, colour: Colour) -> String {
    let mut text = String::new();
    for receipt in &material.receipts {
        text += &format!("{}\n", colour.bold(&visible(&receipt.id)));
        text += &format!("  {}: {} messages, {} units\n", receipt.format, receipt.messages, receipt.units);
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
