//! [`Recorded`]: replies stored in files, for evaluation without a model. [`Recorder`] stores them.
//!
//! One file for each request, `<digest of its messages>.json`: a changed prompt, contract or source is a miss, never a stale answer.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::{BoxFuture, ready};
use serde::{Deserialize, Serialize};

use crate::domain::brief::Usage;
use crate::ports::{LanguageModel, ModelError, ModelReply};
use crate::prompt::ModelRequest;

/// A reply and who wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recording {
    pub model: String,
    pub reply: ModelReply,
}

/// A stored reply that cannot be read or written. Never quotes it.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    #[error("the recordings in `{}` cannot be read or written ({kind})", .path.display())]
    Io { path: PathBuf, kind: std::io::ErrorKind },
    #[error("`{}` is no recording (line {line}); delete it and record it again", .path.display())]
    NotARecording { path: PathBuf, line: usize },
    #[error("`{digest}` is no digest of a request")]
    NotADigest { digest: String },
}

/// Answers from stored replies.
#[derive(Debug, Clone, Default)]
pub struct Recorded {
    model: String,
    replies: BTreeMap<String, Recording>,
}

impl Recorded {
    /// Replies by the digest of their request. The model is the one that wrote all of them, else `recorded`.
    pub fn new(replies: BTreeMap<String, Recording>) -> Self {
        let mut models = replies.values().map(|recording| &recording.model);
        let first = models.next().cloned().unwrap_or_default();
        let model = match !first.is_empty() && models.all(|model| *model == first) {
            true => first,
            false => "recorded".to_owned(),
        };
        Self { model, replies }
    }

    /// Reads all recordings of a directory. One that is not there holds none.
    pub fn load(directory: &Path) -> Result<Self, RecordingError> {
        let files = match std::fs::read_dir(directory) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::new(BTreeMap::new())),
            listed => listed.map_err(io_error(directory))?,
        };
        let mut replies = BTreeMap::new();
        for file in files {
            let path = file.map_err(io_error(directory))?.path();
            let Some(digest) = path.file_name().and_then(|name| name.to_str()?.strip_suffix(".json")) else { continue };
            let digest = checked(digest)?.to_owned();
            replies.insert(digest, load_one(&path)?);
        }
        Ok(Self::new(replies))
    }

    /// The same with more replies. One that is there already stays: it was recorded for exactly this request.
    pub fn with(mut self, more: BTreeMap<String, Recording>) -> Self {
        for (digest, recording) in more {
            self.replies.entry(digest).or_insert(recording);
        }
        Self::new(self.replies)
    }

    /// How many replies there are.
    pub fn len(&self) -> usize {
        self.replies.len()
    }

    pub fn is_empty(&self) -> bool {
        self.replies.is_empty()
    }
}

/// Stores a reply. A reader sees the old file or the new one, never half of it.
pub fn store(directory: &Path, digest: &str, recording: &Recording) -> Result<(), RecordingError> {
    let path = directory.join(format!("{}.json", checked(digest)?));
    let half = path.with_extension("json.part");
    let mut text = serde_json::to_string_pretty(recording).map_err(|error| io_error(&path)(error.into()))?;
    text.push('\n');
    std::fs::create_dir_all(directory).map_err(io_error(directory))?;
    std::fs::write(&half, text).map_err(io_error(&half))?;
    std::fs::rename(&half, &path).map_err(io_error(&path))
}

/// A model whose replies are stored as they come, so that [`Recorded`] can give them again.
pub struct Recorder {
    model: Arc<dyn LanguageModel>,
    directory: PathBuf,
    /// How many were stored, or the first that could not be.
    stored: Mutex<Result<usize, RecordingError>>,
}

impl Recorder {
    pub fn new(model: Arc<dyn LanguageModel>, directory: PathBuf) -> Self {
        Self { model, directory, stored: Mutex::new(Ok(0)) }
    }

    /// How many replies were stored; fails if one could not be.
    pub fn finish(&self) -> Result<usize, RecordingError> {
        std::mem::replace(&mut *self.stored.lock().unwrap_or_else(PoisonError::into_inner), Ok(0))
    }

    fn note(&self, digest: &str, reply: &ModelReply) {
        let recording = Recording { model: self.model.model().to_owned(), reply: reply.clone() };
        let outcome = store(&self.directory, digest, &recording);
        let mut stored = self.stored.lock().unwrap_or_else(PoisonError::into_inner);
        match (&mut *stored, outcome) {
            (Ok(count), Ok(())) => *count += 1,
            (Ok(_), Err(error)) => *stored = Err(error),
            (Err(_), _) => {}
        }
    }
}

impl LanguageModel for Recorder {
    fn engine(&self) -> &str {
        self.model.engine()
    }

    fn model(&self) -> &str {
        self.model.model()
    }

    fn repeats_itself(&self) -> bool {
        self.model.repeats_itself()
    }

    fn reads_messages(&self) -> bool {
        self.model.reads_messages()
    }

    fn complete<'a>(&'a self, request: &'a ModelRequest) -> BoxFuture<'a, Result<ModelReply, ModelError>> {
        Box::pin(async {
            let reply = self.model.complete(request).await?;
            self.note(&request.digest, &reply);
            Ok(reply)
        })
    }

    fn price(&self, usage: &Usage) -> Option<f64> {
        self.model.price(usage)
    }
}

fn load_one(path: &Path) -> Result<Recording, RecordingError> {
    let bytes = std::fs::read(path).map_err(io_error(path))?;
    serde_json::from_slice(&bytes).map_err(|error| RecordingError::NotARecording { path: path.to_owned(), line: error.line() })
}

fn io_error(path: &Path) -> impl FnOnce(std::io::Error) -> RecordingError {
    move |error| RecordingError::Io { path: path.to_owned(), kind: error.kind() }
}

/// A digest becomes a file name: nothing else may.
fn checked(digest: &str) -> Result<&str, RecordingError> {
    match digest.len() == 64 && digest.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
        true => Ok(digest),
        false => Err(RecordingError::NotADigest { digest: digest.chars().take(80).collect() }),
    }
}

impl LanguageModel for Recorded {
    fn engine(&self) -> &str {
        "recorded"
    }

    fn model(&self) -> &str {
        &self.model
    }

    fn repeats_itself(&self) -> bool {
        true
    }

    fn complete<'a>(&'a self, request: &'a ModelRequest) -> BoxFuture<'a, Result<ModelReply, ModelError>> {
        let found = self.replies.get(&request.digest).map(|recording| recording.reply.clone());
        Box::pin(ready(found.ok_or(ModelError::NotRecorded)))
    }

    /// Nothing is bought, and what was paid then is not known here.
    fn price(&self, _usage: &Usage) -> Option<f64> {
        None
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Recorded, Recording, RecordingError, store};
    use crate::domain::brief::Usage;
    use crate::ports::{Finish, LanguageModel, ModelReply};

    fn recording(model: &str) -> Recording {
        let usage = Usage { prompt_tokens: 1, cached_prompt_tokens: 0, completion_tokens: 2 };
        Recording { model: model.to_owned(), reply: ModelReply { text: "{}".to_owned(), finish: Finish::Stop, usage } }
    }

    #[test]
    fn what_was_stored_is_loaded() {
        let directory = tempfile::tempdir().unwrap();
        let inside = directory.path().join("recordings");
        assert!(Recorded::load(&inside).unwrap().is_empty(), "a directory that is not there holds none");
        let digest = "ab".repeat(32);
        store(&inside, &digest, &recording("old")).unwrap();
        store(&inside, &digest, &recording("gpt-6-luna")).unwrap();
        let loaded = Recorded::load(&inside).unwrap();
        assert_eq!(loaded.replies, BTreeMap::from([(digest, recording("gpt-6-luna"))]));
        assert_eq!((loaded.model(), loaded.len()), ("gpt-6-luna", 1));
    }

    #[test]
    fn a_reply_recorded_for_the_request_goes_before_one_from_elsewhere() {
        let key = |name: &str| name.to_owned();
        let recorded = Recorded::new(BTreeMap::from([(key("a"), recording("m"))]));
        let both = recorded.with(BTreeMap::from([(key("a"), recording("n")), (key("b"), recording("n"))]));
        assert_eq!(both.replies, BTreeMap::from([(key("a"), recording("m")), (key("b"), recording("n"))]));
        assert_eq!(both.model(), "recorded");
    }

    #[test]
    fn replies_of_several_models_are_of_no_one_model() {
        let both = BTreeMap::from([("a".to_owned(), recording("m")), ("b".to_owned(), recording("n"))]);
        assert_eq!(Recorded::new(both).model(), "recorded");
        assert_eq!(Recorded::new(BTreeMap::new()).model(), "recorded");
    }

    #[test]
    fn a_broken_recording_is_named_and_not_quoted() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join(format!("{}.json", "cd".repeat(32))), "{\"model\": canary").unwrap();
        let error = Recorded::load(directory.path()).unwrap_err().to_string();
        assert!(error.contains("cdcd") && error.contains("line 1") && !error.contains("canary"), "{error}");
    }

    #[test]
    fn only_a_digest_becomes_a_file_name() {
        let directory = tempfile::tempdir().unwrap();
        for name in ["../x", "", "AB", &"g".repeat(64)] {
            let refused = store(directory.path(), name, &recording("m"));
            assert!(matches!(refused, Err(RecordingError::NotADigest { .. })), "{name}");
        }
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
    }
}
