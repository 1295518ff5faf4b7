//! `baton show`: one brief, for people or for programs.

use super::output::{self, Usage};
use super::view::{self, Colour};
use super::{Ending, world};
use crate::config::Config;
use crate::domain::brief::{BriefDocument, Publication, Readiness};

#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  baton show 1042\n  baton show deal/1042 --kind sdr_to_ae --json\n  baton show evt-7001\n  baton show            lists all briefs"
)]
pub(super) struct Arguments {
    /// Id or name of a record, `type/id`, or the id of an event; without it, all briefs are listed
    id: Option<String>,
    /// Only this kind of handoff
    #[arg(long)]
    kind: Option<String>,
    /// One JSON object (`schemas/brief.schema.json`); with several briefs, one a line
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(arguments: Arguments, config: Config) -> anyhow::Result<Ending> {
    let store = world::open_store(&config).await?;
    let mut briefs = store.find_briefs(arguments.id.as_deref()).await?;
    briefs.retain(|brief| arguments.kind.as_ref().is_none_or(|kind| &brief.kind == kind));
    if briefs.is_empty() {
        let what = arguments.id.map_or("no brief at all".to_owned(), |id| format!("no brief of `{id}`"));
        return Err(Usage(format!(
            "the record store has {what}; `baton show` lists what there is, `baton worker --drain` writes briefs"
        ))
        .into());
    }
    let contracts = world::contracts(&config)?;
    let is_list = arguments.id.is_none();
    for brief in &briefs {
        match (arguments.json, is_list) {
            (true, _) if briefs.len() == 1 => output::json(brief)?,
            (true, _) => output::json_line(brief)?,
            (false, true) => output::data(&list_line(brief))?,
            (false, false) => {
                let title = contracts.get(&brief.kind).map_or(brief.kind.as_str(), |contract| contract.title.as_str());
                output::data(&view::brief(brief, title, Colour::of_stdout()))?;
            }
        }
    }
    Ok(Ending::Fine)
}

fn list_line(brief: &BriefDocument) -> String {
    let readiness = match brief.readiness {
        Readiness::Ready => "ready",
        Readiness::Incomplete => "incomplete",
        Readiness::Blocked { .. } => "blocked",
    };
    let name = brief.record.name.as_deref().unwrap_or("");
    let draft = match brief.publication {
        Publication::HeldForReview => "  (draft, held for review)",
        Publication::Published => "",
    };
    format!(
        "{:22} {:10} {}/{}  {}{draft}\n",
        brief.kind,
        readiness,
        brief.record.record_type,
        brief.record.id,
        crate::context::visible(name)
    )
}
