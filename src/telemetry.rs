//! The log: where it goes and what may never be in it.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::TryInitError;

use crate::config::{Log, LogFormat};

/// Crates whose own lines could carry customers' text or are noise: `async_openai` logs bodies, `sqlx` statements.
const SILENCED: &str = "async_openai=off,sqlx=off,lapin=off,hyper=warn,hyper_util=warn,reqwest=warn,rustls=warn,h2=warn";

/// Starts the log on stderr. Data goes to stdout, everything else here.
pub fn start(log: &Log) -> Result<(), TryInitError> {
    use tracing_subscriber::util::SubscriberInitExt as _;
    // The silenced targets stand last: a filter cannot turn them on by accident.
    let filter = EnvFilter::builder().parse_lossy(format!("{},{SILENCED}", log.level));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    match log.format {
        LogFormat::Json => builder.json().flatten_event(true).finish().try_init(),
        LogFormat::Text => builder.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).finish().try_init(),
    }
}
