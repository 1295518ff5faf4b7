//! `baton review`: people decide on briefs that were held, part by part.

mod page;
mod typed;

use clap::Args;
use jiff::Timestamp;
use serde_json::json;

use super::output::{self, Usage};
use super::view::Colour;
use super::{Ending, world};
use crate::adapters::sql::{Draft, Store};
use crate::config::Config;
use crate::context::visible;
use crate::domain::brief::{BriefDocument, Publication};
use crate::domain::contract::Contract;
use crate::domain::decision::{StandingBrief, holding_parts};
use crate::ports::{RecordStore as _, StoreError, Written};
use crate::qa::{self, DecideError, Decider, Ruling, Says, WriteBack};

const EXAMPLES: &str = "\
Examples:
  baton review list                                    what waits, oldest first
  baton review show 1042                               what holds it, with quotes
  baton review accept 1042 budget --by lee             what the machine wrote there is right
  baton review accept 1042 --all                       all of it is right
  baton review reject 1042 headline commitments[0]     this must not stand there
  baton review edit 1042 seats '120 seats' --note 'said again on the phone'

A part is named as `show` names it: a field, a category, `headline`, `commitments[0]`, `open_questions[0]`.";

#[derive(clap::Subcommand)]
#[command(after_help = EXAMPLES)]
pub(super) enum Command {
    /// List the briefs that wait for a person, oldest first
    List(List),
    /// Show what holds a brief, and what each decision would do
    Show(Show),
    /// Stand behind what the machine wrote: it goes live as your value
    #[command(after_help = "Examples:\n  baton review accept 1042 budget timeline --by lee\n  baton review accept 1042 --all")]
    Accept(Accept),
    /// Take out what the machine wrote: it does not go live, and does not come back
    #[command(after_help = "Example:\n  baton review reject 1042 budget --note 'that was our own price'")]
    Reject(Reject),
    /// Write your own value: it goes live, and no later run changes it
    #[command(after_help = typed::EXAMPLES)]
    Edit(Edit),
}

#[derive(Args)]
pub(super) struct List {
    /// Only this kind of handoff
    #[arg(long)]
    kind: Option<String>,
    /// At most this many
    #[arg(long, default_value_t = 1000)]
    limit: u32,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(super) struct Show {
    #[command(flatten)]
    which: Which,
    /// One JSON object: the brief, its version, what holds it, all decisions about the record
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(super) struct Accept {
    #[command(flatten)]
    which: Which,
    /// Parts to accept
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    parts: Vec<String>,
    /// Everything that is stated
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    deciding: Deciding,
}

#[derive(Args)]
pub(super) struct Reject {
    #[command(flatten)]
    which: Which,
    /// Parts to reject
    #[arg(required = true)]
    parts: Vec<String>,
    #[command(flatten)]
    deciding: Deciding,
}

#[derive(Args)]
pub(super) struct Edit {
    #[command(flatten)]
    which: Which,
    /// The part to write
    part: String,
    #[command(flatten)]
    given: typed::Given,
    #[command(flatten)]
    deciding: Deciding,
}

/// Which brief.
#[derive(Args)]
struct Which {
    /// Id or name of a record, `type/id`, or the id of an event
    id: String,
    /// This kind of handoff, if the record has several
    #[arg(long)]
    kind: Option<String>,
}

/// Who decides, and on what terms.
#[derive(Args)]
struct Deciding {
    /// Who decides; without it $BATON_REVIEWER, then $USER
    #[arg(long, env = "BATON_REVIEWER", value_name = "NAME")]
    by: Option<String>,
    /// Why, in your words: kept with the decision
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Only if the record is still at this version (`show` names it)
    #[arg(long, value_name = "N")]
    if_version: Option<i64>,
    /// Correct a brief that is live already
    #[arg(long)]
    published: bool,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(command: Command, config: Config) -> anyhow::Result<Ending> {
    let store = world::open_store(&config).await?;
    let contracts = world::contracts(&config)?;
    let contract_of = |kind: &str| {
        let unknown = || Usage(format!("there is no contract for `{kind}`; give its folder with --contracts"));
        contracts.get(kind).cloned().ok_or_else(unknown)
    };
    match command {
        Command::List(arguments) => list(&store, &arguments).await?,
        Command::Show(arguments) => {
            let document = find(&store, &arguments.which, Wanted::Any).await?;
            show(&store, &document, &*contract_of(&document.kind)?, arguments.json).await?;
        }
        Command::Accept(Accept { which, parts, deciding, .. }) => {
            let document = find(&store, &which, deciding.wanted()).await?;
            let says = |part: String| Ruling { part, says: Says::Accept };
            let parts = if parts.is_empty() { qa::acceptable_parts(&document) } else { parts };
            decide(&store, &document, parts.into_iter().map(says).collect(), &deciding, &*contract_of(&document.kind)?).await?;
        }
        Command::Reject(Reject { which, parts, deciding }) => {
            let document = find(&store, &which, deciding.wanted()).await?;
            let rulings = parts.into_iter().map(|part| Ruling { part, says: Says::Reject }).collect();
            decide(&store, &document, rulings, &deciding, &*contract_of(&document.kind)?).await?;
        }
        Command::Edit(Edit { which, part, given, deciding }) => {
            let document = find(&store, &which, deciding.wanted()).await?;
            let contract = contract_of(&document.kind)?;
            let value = typed::read(&given, &part, &document, &contract)?;
            let rulings = vec![Ruling { part, says: Says::Edit(value) }];
            decide(&store, &document, rulings, &deciding, &contract).await?;
        }
    }
    store.close().await;
    Ok(Ending::Fine)
}

async fn list(store: &Store, arguments: &List) -> anyhow::Result<()> {
    let drafts = store.drafts(arguments.kind.as_deref(), arguments.limit).await?;
    if drafts.is_empty() && !arguments.json {
        output::note("no brief waits for a person");
    }
    drafts.iter().try_for_each(|draft| match arguments.json {
        true => output::json_line(&as_json(draft)),
        false => output::data(&line(draft)),
    })
}

fn line(draft: &Draft) -> String {
    let Draft { document, since, .. } = draft;
    let record = &document.record;
    let since = since.strftime("%Y-%m-%d %H:%M").to_string();
    let (name, parts) = (record.name.as_deref().unwrap_or(""), holding_parts(document).join(", "));
    let text = format!("{since}  {:22} {}/{}  {name}: {parts}", document.kind, record.record_type, record.id);
    visible(&text).into_owned() + "\n"
}

fn as_json(draft: &Draft) -> serde_json::Value {
    let Draft { document, since, version } = draft;
    json!({
        "record": document.record, "kind": document.kind, "event_id": document.event_id, "since": since, "version": version,
        "held_by": holding_parts(document), "decisions": document.decisions.len(),
    })
}

/// Which briefs a command is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Held,
    Any,
}

impl Deciding {
    fn wanted(&self) -> Wanted {
        if self.published { Wanted::Any } else { Wanted::Held }
    }

    fn decider(&self) -> Result<Decider, Usage> {
        let by = self.by.clone().or_else(|| std::env::var("USER").ok()).map(|by| by.trim().to_owned());
        let by = by.filter(|by| !by.is_empty());
        let by = by.ok_or_else(|| Usage("who decides? say it with --by NAME, or set BATON_REVIEWER".to_owned()))?;
        Ok(Decider { by, at: Timestamp::now(), note: self.note.clone() })
    }
}

/// The one brief that is meant: an exact id goes before words of a name, a held brief before a live one.
async fn find(store: &Store, which: &Which, wanted: Wanted) -> anyhow::Result<BriefDocument> {
    let id = &which.id;
    let mut found = store.find_briefs(Some(id)).await?;
    let is_exact = |brief: &BriefDocument| {
        let record = &brief.record;
        record.id == *id || format!("{}/{}", record.record_type, record.id) == *id || brief.event_id == *id
    };
    if found.iter().any(is_exact) {
        found.retain(is_exact);
    }
    found.retain(|brief| which.kind.as_ref().is_none_or(|kind| *kind == brief.kind));
    if found.is_empty() {
        let kind = which.kind.as_ref().map(|kind| format!(" of the kind `{kind}`")).unwrap_or_default();
        return Err(Usage(format!("the record store has no brief of `{id}`{kind}; `baton review list` lists what waits")).into());
    }
    let is_held = |brief: &BriefDocument| brief.publication == Publication::HeldForReview;
    match (found.iter().any(is_held), wanted) {
        (true, _) => found.retain(is_held),
        (false, Wanted::Any) => {}
        (false, Wanted::Held) => anyhow::bail!(
            "no brief of `{id}` is held for review: nothing waits for a decision (to correct a live brief, add --published)"
        ),
    }
    match <[BriefDocument; 1]>::try_from(found) {
        Ok([brief]) => Ok(brief),
        Err(several) => Err(ambiguous(id, &several).into()),
    }
}

fn ambiguous(id: &str, several: &[BriefDocument]) -> Usage {
    let name = |brief: &BriefDocument| format!("{}/{}", brief.record.record_type, brief.record.id);
    let mut records: Vec<String> = several.iter().map(name).collect();
    records.dedup();
    let text = match records.len() {
        1 => {
            let kinds: Vec<&str> = several.iter().map(|brief| brief.kind.as_str()).collect();
            format!("`{id}` has several briefs; add --kind with one of: {}", kinds.join(", "))
        }
        _ => format!("`{id}` may be any of: {}; name one of them", records.join(", ")),
    };
    Usage(text)
}

async fn show(store: &Store, document: &BriefDocument, contract: &Contract, json: bool) -> anyhow::Result<()> {
    let standing = stand(store, document).await?;
    let history = store.decisions_of(&document.record).await?;
    if json {
        return output::json(&json!({
            "version": standing.version, "held_by": holding_parts(&standing.document), "brief": standing.document,
            "parts": qa::parts(&standing.document), "decisions": history,
        }));
    }
    output::data(&page::page(&standing, &history, contract, Colour::of_stdout()))
}

async fn stand(store: &Store, document: &BriefDocument) -> anyhow::Result<StandingBrief> {
    let standing = store.standing_brief(&document.record, &document.kind).await?;
    // It was there a moment ago, and briefs are never deleted.
    standing.ok_or_else(|| StoreError::Corrupt { what: "a brief" }.into())
}

async fn decide(
    store: &Store,
    document: &BriefDocument,
    mut rulings: Vec<Ruling>,
    deciding: &Deciding,
    contract: &Contract,
) -> anyhow::Result<()> {
    let decider = deciding.decider()?;
    let standing = stand(store, document).await?;
    let is_read = standing.document == *document && deciding.if_version.is_none_or(|version| version == standing.version);
    let mut seen = Vec::new();
    rulings.retain(|ruling| {
        !seen.contains(&ruling.part) && {
            seen.push(ruling.part.clone());
            true
        }
    });
    if rulings.is_empty() {
        anyhow::bail!("nothing in this brief is left to accept; `baton review show` says what holds it");
    }
    let write = qa::decide(standing, &rulings, &decider, contract).map_err(|error| usage(&error))?;
    let written = match is_read {
        true => store.write_back(&write).await,
        false => Err(StoreError::VersionConflict),
    };
    match written {
        Ok(Written::Done) => report(&write, deciding.json),
        Ok(Written::Superseded) | Err(StoreError::VersionConflict) => anyhow::bail!(
            "the record changed meanwhile, nothing was decided; look at it again with `baton review show {}/{}`",
            document.record.record_type,
            document.record.id
        ),
        Err(error) => Err(error.into()),
    }
}

fn usage(error: &DecideError) -> Usage {
    Usage(error.to_string())
}

fn report(write: &WriteBack, json: bool) -> anyhow::Result<()> {
    let document = write.document();
    let held_by = holding_parts(document);
    let own: std::collections::BTreeMap<_, _> = write.human_values().iter().map(|(field, human)| (field, &human.value)).collect();
    if json {
        return output::json(&json!({
            "record": document.record, "kind": document.kind, "version": write.expected_version() + 1,
            "publication": document.publication, "readiness": document.readiness, "held_by": held_by,
            "decisions": write.decisions(), "live": { "human": own, "machine": write.live() }, "retired": write.retired(),
        }));
    }
    output::data(&page::outcome(write, Colour::of_stdout()))
}
