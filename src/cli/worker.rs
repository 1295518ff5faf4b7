//! `baton worker`: consumes handoff events until stopped.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio_util::sync::CancellationToken;
use tracing::info;

use super::Ending;
use super::output;
use super::world;
use crate::config::Config;
use crate::pipeline::Pipeline;
use crate::ports::Mode;
use crate::worker::{self, Ended, Options, Report, RetryPolicy};

#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  baton worker\n  baton worker --drain\n  baton --queue amqps://user:password@mq.example/sales --record postgres://user:password@db.example/records --engine openai worker\n\nSIGTERM or Ctrl-C stops taking events and finishes what runs (worker.grace_seconds); a second one ends at once."
)]
pub(super) struct Arguments {
    /// Stop when the queue is empty; events that wait for another try are counted, not waited for
    #[arg(long)]
    drain: bool,
    /// Print the report as one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(arguments: Arguments, config: Config) -> anyhow::Result<Ending> {
    let store = world::open_store(&config).await?;
    let queue = world::Queue::open_beside(&store, &config).await?;
    let pipeline = world::pipeline(&config, store.as_record_store())?;
    let stop = CancellationToken::new();
    let mode = if arguments.drain { Mode::Drain } else { Mode::UntilStopped };
    let (deliveries, consumer) = queue.consume(config.worker.concurrency, stop.clone(), mode);
    let work = worker::run(process_with(pipeline), deliveries, stop.clone(), options(&config));
    let (report, consumed) = tokio::select! {
        ended = async { tokio::join!(async { let report = work.await; stop.cancel(); report }, consumer) } => ended,
        () = second_signal(&stop) => anyhow::bail!("ended by a second signal: events that were running come again"),
    };
    store.close().await;
    let delayed = consumed?;
    tell(&report, delayed, arguments.json)?;
    match report.ended {
        Ended::Drained => Ok(Ending::Fine),
        Ended::GraceExpired { .. } => Ok(Ending::Failed),
        Ended::Halted(_) => Ok(Ending::Halted),
    }
}

/// What the worker calls for each event.
pub(super) fn process_with(
    pipeline: Pipeline,
) -> impl Fn(
    crate::domain::event::Envelope,
) -> futures_util::future::BoxFuture<'static, Result<crate::pipeline::Outcome, crate::pipeline::Failure>>
+ Send
+ Sync
+ 'static {
    let pipeline = Arc::new(pipeline);
    move |envelope| {
        let pipeline = Arc::clone(&pipeline);
        async move { pipeline.process(&envelope, jiff::Timestamp::now()).await }.boxed()
    }
}

pub(super) fn options(config: &Config) -> Options {
    Options {
        concurrency: usize::from(config.worker.concurrency),
        grace: Duration::from_secs(config.worker.grace_seconds),
        event_deadline: Duration::from_secs(config.worker.event_seconds),
        retry: RetryPolicy {
            max_attempts: config.queue.max_attempts,
            delays: config.queue.retry_seconds.iter().copied().map(Duration::from_secs).collect(),
        },
    }
}

/// Cancels `stop` at the first signal and returns at the second.
async fn second_signal(stop: &CancellationToken) {
    signal().await;
    info!("stopping: no more events are taken, running ones are finished");
    stop.cancel();
    signal().await;
}

/// SIGINT or SIGTERM.
async fn signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    // Without signals only the end of the process stops it.
    let _ = tokio::signal::ctrl_c().await;
}

fn tell(report: &Report, delayed: Option<u64>, json: bool) -> anyhow::Result<()> {
    let (ended, detail) = match &report.ended {
        Ended::Drained => ("drained", String::new()),
        Ended::GraceExpired { unfinished } => ("grace_expired", format!("{unfinished} events were cut off and come again")),
        Ended::Halted(why) => ("halted", why.clone()),
    };
    if json {
        return output::json(&serde_json::json!({
            "ended": ended, "detail": detail, "outcomes": report.outcomes, "retried": report.retried,
            "parked": report.parked, "released": report.released, "delayed": delayed,
        }));
    }
    let outcomes: Vec<String> = report.outcomes.iter().map(|(outcome, count)| format!("{count} {outcome}")).collect();
    let done = if outcomes.is_empty() { "nothing was done".to_owned() } else { outcomes.join(", ") };
    output::note(&format!("{done}; {} parked, {} to be tried again", report.parked, report.retried));
    if let Some(delayed) = delayed.filter(|count| *count > 0) {
        output::note(&format!("{delayed} events wait for another try"));
    }
    if report.parked > 0 {
        output::note("`baton parked list` shows what was put aside and why");
    }
    match &report.ended {
        Ended::Drained => {}
        Ended::GraceExpired { .. } => output::note(&format!("warning: {detail}")),
        Ended::Halted(why) => output::note(&format!("error: halted: {why}")),
    }
    Ok(())
}
