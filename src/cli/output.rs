//! The two streams: data to stdout, words for people to stderr.

use std::io::Write as _;

use serde::Serialize;

/// A wrong call that clap cannot see. Exit code 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Usage(pub String);

/// Data. A reader that has gone away (`| head`) ends the program quietly.
pub(super) fn data(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => std::process::exit(0),
        result => Ok(result?),
    }
}

/// One JSON document, indented.
pub(super) fn json(value: &impl Serialize) -> anyhow::Result<()> {
    data(&(serde_json::to_string_pretty(value)? + "\n"))
}

/// One JSON document on one line.
pub(super) fn json_line(value: &impl Serialize) -> anyhow::Result<()> {
    data(&(serde_json::to_string(value)? + "\n"))
}

/// One line for people. Nobody can be told if stderr is gone.
pub(super) fn note(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}
