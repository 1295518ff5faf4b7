//! `baton parked`: looks after the messages that could not be processed.

use super::Ending;
use super::output::{self, Usage};
use super::world::{self, Which};
use crate::config::Config;
use crate::context::visible;
use crate::ports::ParkedMessage;

#[derive(clap::Subcommand)]
#[command(after_help = "Examples:\n  baton parked list\n  baton parked requeue --all\n  baton parked drop 17")]
pub(super) enum Command {
    /// What was put aside, and why
    List {
        /// At most this many
        #[arg(long, default_value_t = 100)]
        limit: usize,
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// One message with its body
    Show {
        id: String,
        /// One JSON object
        #[arg(long)]
        json: bool,
    },
    /// Put messages back into the queue, with their attempts counted anew
    Requeue(Selection),
    /// Delete messages for good
    Drop(Selection),
}

#[derive(clap::Args)]
pub(super) struct Selection {
    /// Ids as `baton parked list` shows them
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    ids: Vec<String>,
    /// All parked messages
    #[arg(long)]
    all: bool,
}

impl Selection {
    fn which(&self) -> Which {
        if self.all { Which::All } else { Which::These(self.ids.clone()) }
    }
}

pub(super) async fn run(command: Command, config: Config) -> anyhow::Result<Ending> {
    let queue = world::Queue::open(&config).await?;
    match command {
        Command::List { limit, json } => {
            let parked = queue.parked_list(limit).await?;
            if parked.is_empty() && !json {
                output::note("the parking lot is empty");
            }
            for message in &parked {
                if json { output::json_line(&as_json(message))? } else { output::data(&line(message))? }
            }
        }
        Command::Show { id, json } => {
            let message = queue.parked_show(&id).await?;
            if json { output::json(&with_body(&message))? } else { output::data(&page(&message))? }
        }
        Command::Requeue(selection) => {
            let count = queue.parked_requeue(&selection.which()).await?;
            output::note(&format!("{count} messages are back in the queue"));
            none_found(count, &selection)?;
        }
        Command::Drop(selection) => {
            let count = queue.parked_drop(&selection.which()).await?;
            output::note(&format!("{count} messages are deleted"));
            none_found(count, &selection)?;
        }
    }
    Ok(Ending::Fine)
}

fn none_found(count: usize, selection: &Selection) -> anyhow::Result<()> {
    match count < selection.ids.len() {
        true => Err(Usage("some ids are not in the parking lot; `baton parked list` shows them".to_owned()).into()),
        false => Ok(()),
    }
}

fn line(message: &ParkedMessage) -> String {
    let at = message.parked_at.map(|at| at.strftime("%Y-%m-%d %H:%M").to_string()).unwrap_or_default();
    let event = message.event_id.as_deref().unwrap_or("no event id");
    let reason = &message.reason;
    visible(&format!("{:8} {at:16} {:10} {event}: {}", message.id, reason.class, reason.message)).into_owned() + "\n"
}

fn page(message: &ParkedMessage) -> String {
    let body = String::from_utf8_lossy(&message.body);
    format!("{}attempt {}\n\n{}\n", line(message), message.reason.attempt, visible(&body))
}

fn as_json(message: &ParkedMessage) -> serde_json::Value {
    serde_json::json!({
        "id": message.id, "parked_at": message.parked_at, "event_id": message.event_id, "kind": message.kind,
        "record": message.record, "class": message.reason.class, "reason": message.reason.message,
        "attempt": message.reason.attempt,
    })
}

fn with_body(message: &ParkedMessage) -> serde_json::Value {
    let mut value = as_json(message);
    value["body"] = serde_json::Value::String(String::from_utf8_lossy(&message.body).into_owned());
    value
}
