//! A record store that holds one case, so that an evaluation runs the production pipeline and nothing of its own.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, ready};
use jiff::Timestamp;

use crate::context::Limits;
use crate::domain::brief::BriefDocument;
use crate::domain::event::{HandoffEvent, RecordRef};
use crate::domain::handoff::Handoff;
use crate::domain::stamp::Stamp;
use crate::ports::{Exchange, KnownRecord, LedgerLine, RecordStore, StoreError, Written};
use crate::qa::WriteBack;

/// For a pipeline that gets its store with each case.
pub fn no_store() -> Arc<dyn RecordStore> {
    Arc::new(Desk { handoff: None, written: Mutex::new(None) })
}

/// Gives out one handoff, takes one brief.
pub(super) struct Desk {
    /// `None`: there is no case, and every question fails.
    handoff: Option<Handoff>,
    written: Mutex<Option<BriefDocument>>,
}

impl Desk {
    pub(super) fn new(handoff: Handoff) -> Self {
        Self { handoff: Some(handoff), written: Mutex::new(None) }
    }

    /// The brief that was written, if one was.
    pub(super) fn take_written(&self) -> Option<BriefDocument> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

fn now<'a, T: Send + 'a>(value: T) -> BoxFuture<'a, Result<T, StoreError>> {
    ready(Ok(value)).boxed()
}

impl RecordStore for Desk {
    fn fetch_handoff<'a>(&'a self, _: &'a HandoffEvent, _: u32, _: &'a Limits) -> BoxFuture<'a, Result<Handoff, StoreError>> {
        let missing = StoreError::Unreachable { store: "of an evaluation without a case".to_owned() };
        ready(self.handoff.clone().ok_or(missing)).boxed()
    }

    fn write_back<'a>(&'a self, write: &'a WriteBack) -> BoxFuture<'a, Result<Written, StoreError>> {
        *self.written.lock().unwrap_or_else(PoisonError::into_inner) = Some(write.document().clone());
        now(Written::Done)
    }

    fn note_outcome<'a>(&'a self, _: &'a HandoffEvent, _: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        now(())
    }

    fn record_exchange<'a>(&'a self, _: &'a Exchange) -> BoxFuture<'a, Result<(), StoreError>> {
        now(())
    }

    fn recall_exchanges<'a>(&'a self, _: &'a Stamp) -> BoxFuture<'a, Result<Vec<Exchange>, StoreError>> {
        now(Vec::new())
    }

    fn spent_since<'a>(&'a self, _: Timestamp) -> BoxFuture<'a, Result<f64, StoreError>> {
        now(0.0)
    }

    fn list_records<'a>(
        &'a self,
        _: &'a str,
        _: Option<&'a RecordRef>,
        _: u32,
    ) -> BoxFuture<'a, Result<Vec<KnownRecord>, StoreError>> {
        now(Vec::new())
    }

    fn ledger<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Vec<LedgerLine>, StoreError>> {
        now(Vec::new())
    }

    fn note_ledger<'a>(&'a self, _: &'a str, _: &'a LedgerLine) -> BoxFuture<'a, Result<(), StoreError>> {
        now(())
    }
}
