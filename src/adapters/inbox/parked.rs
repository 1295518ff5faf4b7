//! The parking lot: messages put aside for a person.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::{Inbox, InboxError, now};
use crate::domain::event::{Envelope, decode};
use crate::ports::{ParkReason, ParkedMessage};

/// Which parked messages are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// Those with these ids.
    These(Vec<String>),
    All,
}

impl Inbox {
    /// The `limit` parked messages that lie there longest.
    pub async fn parked_list(&self, limit: usize) -> Result<Vec<ParkedMessage>, InboxError> {
        let failing = self.failing("read the parking lot");
        let rows = sqlx::query(LIST)
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(&self.pool)
            .await
            .map_err(|error| failing.error(&error))?;
        rows.iter().map(|row| read_parked(row).map_err(|_| failing.corrupt())).collect()
    }

    pub async fn parked_show(&self, id: &str) -> Result<ParkedMessage, InboxError> {
        let failing = self.failing("read the parking lot");
        let row = sqlx::query(SHOW).bind(id).fetch_optional(&self.pool).await.map_err(|error| failing.error(&error))?;
        let row = row.ok_or_else(|| InboxError::NotParked { file: self.file.clone(), id: id.to_owned() })?;
        read_parked(&row).map_err(|_| failing.corrupt())
    }

    /// Puts messages back into the queue as if they had just been sent: the first attempt again. Returns how many.
    pub async fn parked_requeue(&self, which: &Selection) -> Result<usize, InboxError> {
        let requeued = self.change(which, REQUEUE_ALL, REQUEUE_THESE).await?;
        self.filled.notify_waiters();
        Ok(requeued)
    }

    /// Deletes messages for good. Returns how many.
    pub async fn parked_drop(&self, which: &Selection) -> Result<usize, InboxError> {
        self.change(which, DROP_ALL, DROP_THESE).await
    }

    async fn change(&self, which: &Selection, all: &'static str, these: &'static str) -> Result<usize, InboxError> {
        let query = match which {
            Selection::All => sqlx::query(all).bind(now()),
            Selection::These(ids) => sqlx::query(these).bind(now()).bind(serde_json::json!(ids).to_string()),
        };
        let inbox = self.clone();
        self.tracked(async move {
            let result = query.execute(&inbox.pool).await;
            let changed = result.map_err(|error| inbox.failing("changed the parking lot").error(&error))?.rows_affected();
            Ok(usize::try_from(changed).unwrap_or(usize::MAX))
        })
        .await
    }
}

/// Reads content type, attributes and body.
pub(super) fn read_envelope(row: &SqliteRow) -> Result<Envelope, sqlx::Error> {
    let attributes: String = row.try_get("attributes")?;
    let attributes: BTreeMap<String, String> =
        serde_json::from_str(&attributes).map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
    Ok(Envelope { content_type: row.try_get("content_type")?, attributes, body: row.try_get("body")? })
}

fn read_parked(row: &SqliteRow) -> Result<ParkedMessage, sqlx::Error> {
    let envelope = read_envelope(row)?;
    let event = decode(&envelope).ok();
    let attempt: i64 = row.try_get("park_attempt")?;
    let reason = ParkReason {
        class: row.try_get("park_class")?,
        message: row.try_get("park_message")?,
        attempt: u32::try_from(attempt).unwrap_or(u32::MAX),
    };
    Ok(ParkedMessage {
        id: row.try_get::<i64, _>("id")?.to_string(),
        reason,
        parked_at: Timestamp::from_microsecond(row.try_get("due_at")?).ok(),
        event_id: event.as_ref().map(|event| event.id.clone()),
        kind: event.as_ref().map(|event| event.data.kind.clone()),
        record: event.map(|event| format!("{}/{}", event.data.record.record_type, event.data.record.id)),
        body: envelope.body,
    })
}

const LIST: &str = "select * from inbox where state = 'parked' order by due_at, id limit $1";
/// Compared as text: whatever a person types is no error, only not there.
const SHOW: &str = "select * from inbox where state = 'parked' and cast(id as text) = $1";
const REQUEUE_ALL: &str = "
    update inbox set state = 'ready', tries = 0, due_at = $1, park_class = null, park_message = null, park_attempt = null
    where state = 'parked'";
const REQUEUE_THESE: &str = "
    update inbox set state = 'ready', tries = 0, due_at = $1, park_class = null, park_message = null, park_attempt = null
    where state = 'parked' and cast(id as text) in (select value from json_each($2))";
/// `$1` is the time, which a deletion does not need.
const DROP_ALL: &str = "delete from inbox where state = 'parked' and $1 is not null";
const DROP_THESE: &str = "
    delete from inbox where state = 'parked' and $1 is not null and cast(id as text) in (select value from json_each($2))";
