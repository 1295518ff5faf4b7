//! [`Walk`]: the records that a run still has to do, one after the other.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::Options;
use crate::domain::event::{EVENT_TYPE, HandoffData, HandoffEvent, Party, RecordRef};
use crate::pipeline::Failure;
use crate::ports::{KnownRecord, LedgerLine, RecordStore, StoreError};

/// Records fetched at once.
const PAGE: u32 = 200;
/// Ledger entry of a record that has to be tried again.
pub(super) const FAILED: &str = "failed";

/// Goes over all records of the store that the ledger does not have as done, at most `limit`.
pub(super) struct Walk<'a> {
    store: &'a dyn RecordStore,
    options: &'a Options,
    /// Type and id: a record may have got another name since.
    done: BTreeSet<(String, String)>,
    page: VecDeque<KnownRecord>,
    after: Option<RecordRef>,
    left: usize,
    /// Records of the pages so far that were done before.
    pub(super) already_done: usize,
    /// Whether every record was seen.
    pub(super) is_at_end: bool,
}

impl<'a> Walk<'a> {
    pub(super) async fn start(store: &'a dyn RecordStore, options: &'a Options) -> Result<Self, StoreError> {
        let ledger = store.ledger(&options.run).await?;
        let done = ledger.into_iter().filter(|line| line.outcome != FAILED).map(|line| identity(&line.record)).collect();
        let left = options.limit.unwrap_or(usize::MAX);
        Ok(Self { store, options, done, page: VecDeque::new(), after: None, left, already_done: 0, is_at_end: false })
    }

    /// The event of the next record.
    pub(super) async fn next(&mut self) -> Result<Option<HandoffEvent>, StoreError> {
        while self.left > 0 && !self.is_at_end {
            match self.page.pop_front() {
                Some(known) if self.done.contains(&identity(&known.record)) => self.already_done += 1,
                Some(known) => {
                    self.left -= 1;
                    return Ok(Some(event_of(known, self.options)));
                }
                None => self.turn_the_page().await?,
            }
        }
        Ok(None)
    }

    async fn turn_the_page(&mut self) -> Result<(), StoreError> {
        self.page = self.store.list_records(&self.options.kind, self.after.as_ref(), PAGE).await?.into();
        match self.page.back() {
            Some(last) => self.after = Some(last.record.clone()),
            None => self.is_at_end = true,
        }
        Ok(())
    }
}

fn identity(record: &RecordRef) -> (String, String) {
    (record.record_type.clone(), record.id.clone())
}

/// What happened to the record last, under the name it has now.
fn event_of(known: KnownRecord, options: &Options) -> HandoffEvent {
    let KnownRecord { record, newest_event } = known;
    if let Some(mut event) = newest_event {
        event.data.record = record;
        return event;
    }
    HandoffEvent {
        specversion: "1.0".to_owned(),
        id: format!("{}/{}/{}", options.run, record.record_type, record.id),
        source: "baton/backfill".to_owned(),
        event_type: EVENT_TYPE.to_owned(),
        time: options.as_of,
        data: HandoffData {
            kind: options.kind.clone(),
            record,
            from: Party::default(),
            to: Party::default(),
            fields: BTreeMap::new(),
            participants: Vec::new(),
            sources: Vec::new(),
        },
        extensions: BTreeMap::new(),
    }
}

pub(super) fn failed_line(record: RecordRef, failure: &Failure) -> LedgerLine {
    LedgerLine { record, outcome: FAILED.to_owned(), detail: Some(failure.to_string()) }
}
