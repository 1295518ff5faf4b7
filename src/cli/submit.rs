//! `baton submit`: validates events and puts them into the queue. All or nothing: one wrong event, none is sent.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::output::{self, Usage};
use super::{Ending, world};
use crate::config::Config;
use crate::domain::event::{self, Envelope, EventError, STRUCTURED_MODE};

#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  baton submit event.json\n  baton submit events.jsonl\n  generate-events | baton submit -\n\nA file holds one event as JSON, or one event a line (JSON lines). `schemas/event.schema.json` has the format."
)]
pub(super) struct Arguments {
    /// Events as JSON or JSON lines; `-` for stdin
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Check the events, send nothing
    #[arg(long)]
    dry_run: bool,
    /// One JSON object with what was sent
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Submitted {
    events: usize,
    queue: String,
}

pub(super) async fn run(arguments: Arguments, config: Config) -> anyhow::Result<Ending> {
    let mut envelopes = Vec::new();
    let mut problems = Vec::new();
    for file in &arguments.files {
        read_events(file, &mut envelopes, &mut problems)?;
    }
    let kinds = world::contracts(&config)?;
    let limit = config.queue.max_message_bytes;
    for (place, envelope) in &envelopes {
        let bytes = envelope.body.len();
        let event = if bytes > limit { Err(EventError::TooLarge { bytes, limit }) } else { event::decode(envelope) };
        match event {
            Err(error) => problems.push(format!("{place}: {error}")),
            Ok(event) if !kinds.contains_key(&event.data.kind) => {
                let known = kinds.keys().cloned().collect::<Vec<_>>().join(", ");
                problems.push(format!("{place}: `data.kind`: there is no contract for this kind; there are: {known}"));
            }
            Ok(_) => {}
        }
    }
    if !problems.is_empty() {
        problems.iter().for_each(|problem| output::note(&format!("error: {problem}")));
        return Err(Usage(format!(
            "nothing was sent: {} of {} events are wrong",
            problems.len(),
            envelopes.len().max(problems.len())
        ))
        .into());
    }
    let events = envelopes.len();
    if arguments.dry_run {
        output::note(&format!("{events} events are fine; nothing was sent (--dry-run)"));
        return Ok(Ending::Fine);
    }
    let queue = world::Queue::open(&config).await?;
    queue.submit(envelopes.into_iter().map(|(_, envelope)| envelope).collect()).await?;
    let submitted = Submitted { events, queue: config.queue.url.to_string() };
    match arguments.json {
        true => output::json(&submitted)?,
        false => output::note(&format!(
            "{events} events are in the queue at {}; `baton worker --drain` works on them",
            submitted.queue
        )),
    }
    Ok(Ending::Fine)
}

/// One JSON document, or one a line. The bytes go into the queue as they are.
fn read_events(file: &Path, envelopes: &mut Vec<(String, Envelope)>, problems: &mut Vec<String>) -> anyhow::Result<()> {
    let name = file.display().to_string();
    let mut body = Vec::new();
    match name.as_str() {
        "-" => std::io::stdin().lock().read_to_end(&mut body),
        _ => std::fs::File::open(file).and_then(|mut file| file.read_to_end(&mut body)),
    }
    .map_err(|error| Usage(format!("`{name}` cannot be read: {error}")))?;
    let envelope = |body: &[u8]| Envelope {
        content_type: Some(STRUCTURED_MODE.to_owned()),
        attributes: std::collections::BTreeMap::new(),
        body: body.to_vec(),
    };
    let before = envelopes.len();
    // A document over several lines is no JSON lines: its first line alone is not JSON.
    let first_line = body.split(|byte| *byte == b'\n').find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
    match serde_json::from_slice::<serde::de::IgnoredAny>(first_line).is_ok() {
        false if !body.trim_ascii().is_empty() => envelopes.push((name.clone(), envelope(&body))),
        _ => {
            for (index, line) in body.split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| !line.trim_ascii().is_empty()) {
                envelopes.push((format!("{name}:{}", index + 1), envelope(line)));
            }
        }
    }
    if envelopes.len() == before {
        problems.push(format!("{name}: there is no event in it"));
    }
    Ok(())
}
