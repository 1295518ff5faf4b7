//! What a person who decides on briefs reads. What they decide is written as any brief is: with a `WriteBack`.

use jiff::Timestamp;

use super::Store;
use super::cells::{Arg, Cells};
use super::queries::key;
use crate::domain::brief::{BriefDocument, Origin};
use crate::domain::decision::{Decision, StandingBrief, Verdict};
use crate::domain::event::RecordRef;
use crate::domain::handoff::HumanValue;
use crate::ports::StoreError;

/// A brief that waits for a person.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub document: BriefDocument,
    /// When it was first held.
    pub since: Timestamp,
    /// Version of the record.
    pub version: i64,
}

/// How often people decided how about one part of the briefs of one maker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionCount {
    pub kind: String,
    /// For example `handoff_brief/v1`.
    pub prompt: String,
    pub engine: String,
    pub model: String,
    /// A field or axis, `headline`, `commitments`, `open_questions`.
    pub part: String,
    pub verdict: Verdict,
    pub count: u64,
}

impl Store {
    /// Drafts that wait for a person, those that wait longest first; at most `limit`.
    pub async fn drafts(&self, kind: Option<&str>, limit: u32) -> Result<Vec<Draft>, StoreError> {
        let args = vec![Arg::MaybeText(kind.map(str::to_owned)), Arg::Int(i64::from(limit))];
        let rows = self.read("listed drafts", DRAFTS, args).await?;
        let read = |mut row: Cells| Ok(Draft { document: row.json()?, since: row.time()?, version: row.int()? });
        rows.into_iter().map(read).collect()
    }

    /// The newest brief of a record and kind with all that a decision on it must know.
    ///
    /// The version is read first: whatever changes while the rest is read has raised it, and the decision conflicts.
    pub async fn standing_brief(&self, record: &RecordRef, kind: &str) -> Result<Option<StandingBrief>, StoreError> {
        let mut args = key(record);
        args.push(Arg::from(kind));
        let rows = self.read("read a brief to decide on", STANDING_BRIEF, args).await?;
        let Some(mut row) = rows.into_iter().next() else { return Ok(None) };
        let (version, document, event) = (row.int()?, row.json()?, row.json()?);
        let mut standing =
            StandingBrief { event, document, version, human_values: Default::default(), machine_values: Default::default() };
        for (field, live) in self.live_values(record).await? {
            match (live.origin, live.by) {
                (Origin::Human, by) => {
                    let by = by.unwrap_or_default();
                    standing.human_values.insert(field, HumanValue { value: live.value, by, at: live.at });
                }
                (Origin::Machine, _) => {
                    standing.machine_values.insert(field, live.value);
                }
            }
        }
        Ok(Some(standing))
    }

    /// All decisions about briefs of a record, of all kinds, oldest first.
    pub async fn decisions_of(&self, record: &RecordRef) -> Result<Vec<Decision>, StoreError> {
        let rows = self.read("read decisions", DECISIONS_OF, key(record)).await?;
        rows.into_iter().map(|mut row| row.json()).collect()
    }

    /// Record and kind of every brief that people decided on.
    pub async fn decided_briefs(&self) -> Result<Vec<(RecordRef, String)>, StoreError> {
        let rows = self.read("listed decided briefs", DECIDED_BRIEFS, Vec::new()).await?;
        let read = |mut row: Cells| Ok((RecordRef { record_type: row.text()?, id: row.text()?, name: None }, row.text()?));
        rows.into_iter().map(read).collect()
    }

    /// What became of what each maker wrote: the last decision for each part of each brief.
    pub async fn count_decisions(&self) -> Result<Vec<DecisionCount>, StoreError> {
        let rows = self.read("counted decisions", COUNT_DECISIONS, Vec::new()).await?;
        let read = |mut row: Cells| {
            Ok(DecisionCount {
                kind: row.text()?,
                prompt: row.text()?,
                engine: row.text()?,
                model: row.text()?,
                part: row.text()?,
                verdict: row.named()?,
                count: row.unsigned()?,
            })
        };
        rows.into_iter().map(read).collect()
    }
}

/// A brief that was decided on is another version of the same draft: it waits since the first.
const DRAFTS: &str = "
    select cast(b.document as text),
        (select min(x.created_at) from briefs x
            where x.record_type = b.record_type and x.record_id = b.record_id and x.kind = b.kind and x.stamp = b.stamp
                and x.event_id = b.event_id and x.publication = 'held_for_review') as since,
        r.version
    from briefs b
    join current_briefs c on c.record_type = b.record_type and c.record_id = b.record_id and c.kind = b.kind and c.brief = b.id
    join records r on r.record_type = b.record_type and r.record_id = b.record_id
    where b.publication = 'held_for_review' and ($1 is null or b.kind = $1)
    order by since, b.id
    limit $2";

const STANDING_BRIEF: &str = "
    select r.version, cast(b.document as text), h.event
    from current_briefs c
    join briefs b on b.id = c.brief
    join records r on r.record_type = c.record_type and r.record_id = c.record_id
    join handoffs h on h.event_source = c.event_source and h.event_id = c.event_id
    where c.record_type = $1 and c.record_id = $2 and c.kind = $3";

const DECISIONS_OF: &str = "
    select cast(decision as text) from decisions where record_type = $1 and record_id = $2 order by id";

const DECIDED_BRIEFS: &str = "
    select distinct record_type, record_id, kind from decisions order by record_type, record_id, kind";

/// Promises and questions have no name of their own: each decision about one counts.
const COUNT_DECISIONS: &str = "
    select d.kind, d.prompt, d.engine, d.model, d.part, d.verdict, count(*) from decisions d
    where d.part in ('commitments', 'open_questions') or not exists (select 1 from decisions x
        where x.record_type = d.record_type and x.record_id = d.record_id and x.kind = d.kind and x.stamp = d.stamp
            and x.part = d.part and x.id > d.id)
    group by d.kind, d.prompt, d.engine, d.model, d.part, d.verdict
    order by d.kind, d.prompt, d.engine, d.model, d.part, d.verdict";
