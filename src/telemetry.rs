//! The log: where it goes and what may never be in it.

use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::{SubscriberInitExt as _, TryInitError};

use crate::config::{Log, LogFormat};

/// Libraries whose own lines could carry customers' text: `async_openai` logs bodies, `sqlx` statements, `lapin` frames.
const SILENT: [&str; 3] = ["async_openai", "sqlx", "lapin"];

/// Starts the log on stderr. Data goes to stdout, everything else here.
pub fn start(log: &Log) -> Result<(), TryInitError> {
    subscriber(log, std::io::stderr).try_init()
}

/// What is wrong with a filter, if anything. A word alone that is no level would silence everything: it names a target.
pub fn check(filter: &str) -> Result<(), String> {
    let levels = ["off", "error", "warn", "info", "debug", "trace"];
    let word = filter.split(',').map(str::trim).find(|part| !part.contains(['=', '[']) && !levels.contains(part));
    let wrong = match word {
        Some(word) => format!("`{word}` is no level"),
        None if EnvFilter::builder().parse(filter).is_err() => format!("`{filter}` is no filter"),
        None => return Ok(()),
    };
    Err(format!("{wrong}; write one of {}, or `info,baton::worker=debug`", levels.join(", ")))
}

/// The log of [`start`], written somewhere else.
pub fn subscriber<W>(log: &Log, writer: W) -> Box<dyn Subscriber + Send + Sync>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt::layer().with_writer(writer).with_target(false);
    let lines = match log.format {
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
        LogFormat::Text => lines.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).boxed(),
    };
    let filter = EnvFilter::builder().parse_lossy(&log.level);
    Box::new(tracing_subscriber::registry().with(lines).with(filter).with(filter_fn(may_speak)))
}

/// Beside the filter of the settings, and stronger: a directive for one module of a library would beat one for all of it.
fn may_speak(line: &Metadata<'_>) -> bool {
    let library = line.target().split("::").next().unwrap_or_default();
    library == "baton" || (*line.level() <= Level::WARN && !SILENT.contains(&library))
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use super::{check, subscriber};
    use crate::config::{Log, LogFormat};

    #[derive(Clone, Default)]
    struct Buffer(Arc<Mutex<Vec<u8>>>);

    impl Write for Buffer {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn logged(level: &str, format: LogFormat) -> String {
        let buffer = Buffer::default();
        let writer = buffer.clone();
        let log = Log { level: level.to_owned(), format };
        tracing::subscriber::with_default(subscriber(&log, move || writer.clone()), || {
            tracing::error!(target: "async_openai::client", "body one");
            tracing::error!(target: "sqlx::query", "statement two");
            tracing::trace!(target: "hyper::proto::h1", "header three");
            tracing::warn!(target: "reqwest::connect", "library four");
            tracing::trace!(target: "baton::worker", "ours five");
        });
        let bytes = buffer.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn no_filter_makes_a_library_that_logs_texts_speak() {
        let filters = [
            "trace",
            "trace,async_openai=trace,sqlx=trace,hyper=trace",
            "async_openai::client=trace,sqlx::query=trace,hyper::proto=trace",
        ];
        for (filter, format) in filters.iter().flat_map(|filter| [(filter, LogFormat::Text), (filter, LogFormat::Json)]) {
            let log = logged(filter, format);
            for text in ["one", "two", "three"] {
                assert!(!log.contains(text), "`{filter}` lets through:\n{log}");
            }
        }
    }

    #[test]
    fn a_filter_that_would_silence_the_log_is_refused() {
        for filter in ["inof", "info,dbug", "baton=loud", "x=y=z", "warn, baton=trace", ""] {
            assert!(check(filter).unwrap_err().contains("write one of off, error"), "{filter}");
        }
        for filter in ["info", "off", "info,baton::worker=debug", "warn,baton=trace", "[handoff]=debug"] {
            assert_eq!(check(filter), Ok(()), "{filter}");
        }
    }

    #[test]
    fn our_lines_and_the_warnings_of_libraries_are_there() {
        let log = logged("trace", LogFormat::Text);
        assert!(log.contains("ours five") && log.contains("library four"), "{log}");
        assert!(!logged("info", LogFormat::Json).contains("ours five"));
    }
}
