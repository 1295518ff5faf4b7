//! The two streams: data to stdout, words for people to stderr.

use std::borrow::Cow;
use std::io::Write as _;

use serde::Serialize;

use crate::context::is_invisible;

/// A wrong call that clap cannot see. Exit code 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Usage(pub String);

/// The text with nothing in it that a terminal would obey but our own colours (`view::Colour`): stored text comes from
/// outside.
fn for_terminal(text: &str) -> Cow<'_, str> {
    const OURS: [&str; 6] = ["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[2m", "\u{1b}[1;31m", "\u{1b}[1;32m", "\u{1b}[1;33m"];
    if !text.contains(is_invisible) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let is_ours = || OURS.iter().any(|colour| text[at..].starts_with(colour));
        if !is_invisible(c) || c == '\u{1b}' && is_ours() {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// JSON whose strings show every character that is not seen as an escape.
fn escaped(json: &str) -> Cow<'_, str> {
    if !json.contains(is_invisible) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match is_invisible(c) {
            true => c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out += &format!("\\u{unit:04x}")),
            false => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Data. A reader that has gone away (`| head`) ends the program quietly.
pub(super) fn data(text: &str) -> anyhow::Result<()> {
    write(&for_terminal(text))
}

fn write(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => std::process::exit(0),
        result => Ok(result?),
    }
}

/// One JSON document, indented.
pub(super) fn json(value: &impl Serialize) -> anyhow::Result<()> {
    write(&(escaped(&serde_json::to_string_pretty(value)?).into_owned() + "\n"))
}

/// One JSON document on one line.
pub(super) fn json_line(value: &impl Serialize) -> anyhow::Result<()> {
    write(&(escaped(&serde_json::to_string(value)?).into_owned() + "\n"))
}

/// One line for people. Nobody can be told if stderr is gone.
pub(super) fn note(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{}", for_terminal(text));
}

#[cfg(test)]
mod tests {
    use super::{escaped, for_terminal};

    #[test]
    fn a_terminal_obeys_nothing_but_our_colours() {
        let text = "\u{1b}[1mDeal\u{1b}[0m \u{1b}[2J\u{1b}]8;;http://evil.example\u{7}x\u{202e}gnp\u{9b}31m\n\tok";
        assert_eq!(for_terminal(text), "\u{1b}[1mDeal\u{1b}[0m [2J]8;;http://evil.examplexgnp31m\n\tok");
    }

    #[test]
    fn json_says_the_same_with_everything_to_be_seen() {
        let value = serde_json::json!({ "a": "x\u{202e}y\u{e0041}\u{7}z" });
        let shown = escaped(&value.to_string()).into_owned();
        assert_eq!(shown, "{\"a\":\"x\\u202ey\\udb40\\udc41\\u0007z\"}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), value);
    }
}
