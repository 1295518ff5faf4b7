//! What reading saves: tokens kept of those that came.

use baton::context;
use baton::domain::event::SourceType;
use baton::domain::handoff::{Handoff, Source};

use super::{Result, gathering};

#[path = "../src/context/generated.rs"]
#[allow(dead_code, reason = "the benchmark does not look at the sentences")]
mod generated;

/// Tokens of the sources as they came and of what is kept of them, both counted with the model's tokenizer.
pub(super) fn tokens() -> Result<()> {
    println!("tokens: kept / raw (o200k_base)");
    let cases = baton::eval::case::bundled()?;
    let is_mail = |source: &&Source| source.source_type == SourceType::EmailThread;
    for case in &cases {
        let handoff = case.handoff();
        let mails: Vec<Source> = handoff.sources.iter().filter(is_mail).cloned().collect();
        if !mails.is_empty() {
            tell_tokens(&case.name, Handoff { sources: mails, ..handoff.clone() });
        }
    }
    let handoff = cases.first().ok_or("there are no cases")?.handoff();
    let source = |id: String, body: String| Source {
        id,
        source_type: SourceType::EmailThread,
        format: None,
        occurred_at: None,
        title: None,
        body: body.into_bytes(),
    };
    let thread = generated::thread(7, 30);
    let single: Vec<Source> =
        thread.iter().enumerate().map(|(n, mail)| source(format!("mail-{n:02}"), mail.raw.clone())).collect();
    let pasted = thread.last().and_then(|mail| mail.raw.split_once("\n\n")).map_or_else(String::new, |(_, body)| body.to_owned());
    let rows = [
        ("30 generated mails, one by one", single),
        ("the same as one mbox", vec![source("mbox".into(), generated::mbox(&thread))]),
        ("the last of them pasted as text", vec![source("pasted".into(), pasted)]),
    ];
    for (name, sources) in rows {
        tell_tokens(name, Handoff { sources, ..handoff.clone() });
    }
    Ok(())
}

fn tell_tokens(name: &str, mut handoff: Handoff) {
    handoff.event.data.fields.clear();
    let count = |text: &str| context::tokens::count("o200k_base", text);
    let raw: usize = handoff.sources.iter().map(|source| count(&String::from_utf8_lossy(&source.body))).sum();
    let material = context::gather(&handoff, &gathering());
    let kept: usize = material.messages.iter().flat_map(|message| &message.passages).map(|passage| count(&passage.text)).sum();
    println!("  {:.2}  {kept:6} of {raw:6}  {name} ({} sources)", kept as f64 / raw as f64, handoff.sources.len());
}
