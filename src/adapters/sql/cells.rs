//! Arguments and results of a statement, the same for both databases.

use jiff::Timestamp;
use serde::de::DeserializeOwned;

use crate::ports::StoreError;

/// An argument. Both databases write `$1`, `$2`, … for them.
#[derive(Debug, Clone)]
pub(super) enum Arg {
    Text(String),
    MaybeText(Option<String>),
    Int(i64),
    MaybeInt(Option<i64>),
    MaybeReal(Option<f64>),
    Bytes(Vec<u8>),
    Flag(bool),
    /// Lists are columns for `unnest`: PostgreSQL only. SQLite gets a JSON text for `json_each`.
    Texts(Vec<String>),
    MaybeTexts(Vec<Option<String>>),
    Ints(Vec<i64>),
    MaybeInts(Vec<Option<i64>>),
    BytesList(Vec<Vec<u8>>),
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Timestamp> for Arg {
    fn from(time: Timestamp) -> Self {
        Self::Int(time.as_microsecond())
    }
}

/// Unsigned numbers of ours are counts: none comes near the limit.
pub(super) fn count(number: u64) -> Arg {
    Arg::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

/// A value of a result.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Null,
    Text(String),
    Int(i64),
    Real(f64),
    Bytes(Vec<u8>),
}

/// One row of a result, read from left to right.
#[derive(Debug)]
pub(super) struct Cells {
    /// What is read, for the error.
    what: &'static str,
    left: std::vec::IntoIter<Cell>,
}

impl Cells {
    pub(super) fn new(what: &'static str, cells: Vec<Cell>) -> Self {
        Self { what, left: cells.into_iter() }
    }

    pub(super) fn text(&mut self) -> Result<String, StoreError> {
        self.maybe_text()?.ok_or_else(|| self.corrupt())
    }

    pub(super) fn maybe_text(&mut self) -> Result<Option<String>, StoreError> {
        match self.left.next() {
            Some(Cell::Text(text)) => Ok(Some(text)),
            Some(Cell::Null) => Ok(None),
            _ => Err(self.corrupt()),
        }
    }

    pub(super) fn int(&mut self) -> Result<i64, StoreError> {
        self.maybe_int()?.ok_or_else(|| self.corrupt())
    }

    pub(super) fn maybe_int(&mut self) -> Result<Option<i64>, StoreError> {
        match self.left.next() {
            Some(Cell::Int(number)) => Ok(Some(number)),
            Some(Cell::Null) => Ok(None),
            _ => Err(self.corrupt()),
        }
    }

    /// A number that our own types hold without a sign.
    pub(super) fn unsigned<T: TryFrom<i64>>(&mut self) -> Result<T, StoreError> {
        T::try_from(self.int()?).map_err(|_| self.corrupt())
    }

    pub(super) fn maybe_real(&mut self) -> Result<Option<f64>, StoreError> {
        match self.left.next() {
            Some(Cell::Real(number)) => Ok(Some(number)),
            Some(Cell::Null) => Ok(None),
            _ => Err(self.corrupt()),
        }
    }

    pub(super) fn bytes(&mut self) -> Result<Vec<u8>, StoreError> {
        self.maybe_bytes()?.ok_or_else(|| self.corrupt())
    }

    pub(super) fn maybe_bytes(&mut self) -> Result<Option<Vec<u8>>, StoreError> {
        match self.left.next() {
            Some(Cell::Bytes(bytes)) => Ok(Some(bytes)),
            Some(Cell::Null) => Ok(None),
            _ => Err(self.corrupt()),
        }
    }

    pub(super) fn time(&mut self) -> Result<Timestamp, StoreError> {
        self.maybe_time()?.ok_or_else(|| self.corrupt())
    }

    pub(super) fn maybe_time(&mut self) -> Result<Option<Timestamp>, StoreError> {
        let Some(micros) = self.maybe_int()? else { return Ok(None) };
        Timestamp::from_microsecond(micros).map(Some).map_err(|_| self.corrupt())
    }

    pub(super) fn json<T: DeserializeOwned>(&mut self) -> Result<T, StoreError> {
        self.maybe_json()?.ok_or_else(|| self.corrupt())
    }

    pub(super) fn maybe_json<T: DeserializeOwned>(&mut self) -> Result<Option<T>, StoreError> {
        let Some(text) = self.maybe_text()? else { return Ok(None) };
        serde_json::from_str(&text).map(Some).map_err(|_| self.corrupt())
    }

    /// A closed enum of ours, kept under its serde name.
    pub(super) fn named<T: DeserializeOwned>(&mut self) -> Result<T, StoreError> {
        let name = self.text()?;
        serde_json::from_value(serde_json::Value::String(name)).map_err(|_| self.corrupt())
    }

    pub(super) fn corrupt(&self) -> StoreError {
        StoreError::Corrupt { what: self.what }
    }
}

/// The serde name of a closed enum of ours, for example `held_for_review`.
pub(super) fn name_of<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        other => unreachable!("a unit variant is serialized as a string, not as {other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, Cells, name_of};
    use crate::domain::brief::Publication;
    use crate::ports::StoreError;

    #[test]
    fn a_cell_of_another_type_is_corrupt_and_names_what_was_read_not_the_value() {
        let mut cells = Cells::new("an exchange", vec![Cell::Text("secret".into()), Cell::Int(-1)]);
        assert_eq!(cells.int(), Err(StoreError::Corrupt { what: "an exchange" }));
        assert_eq!(cells.unsigned::<u32>(), Err(StoreError::Corrupt { what: "an exchange" }));
    }

    #[test]
    fn enums_are_kept_under_their_published_names() {
        let name = name_of(&Publication::HeldForReview);
        assert_eq!(name, "held_for_review");
        assert_eq!(Cells::new("", vec![Cell::Text(name)]).named::<Publication>(), Ok(Publication::HeldForReview));
    }
}
