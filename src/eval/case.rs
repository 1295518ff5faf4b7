//! A case: one handoff with its sources and what a person expects of its brief.
//!
//! `eval/cases/<name>/`: `event.json`, `sources/<id>.<any extension>`, `expected.toml`, `human.json` where people
//! own values of the record already, and `reply.json` with a model's reply for the engine `recorded`.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, bail};
use base64::Engine as _;
use serde::Deserialize;

use super::score::Expectation;
use crate::domain::event::{Envelope, HandoffEvent, STRUCTURED_MODE, SourceRef, decode};
use crate::domain::handoff::{Handoff, HumanValue, Source};

mod bundle {
    include!(concat!(env!("OUT_DIR"), "/cases.rs"));
}

/// Mail domains of the sellers in the bundled cases.
pub const OUR_DOMAINS: [&str; 2] = ["tallyport.example", "fernhollow.example"];

/// One evaluation case.
#[derive(Debug, Clone)]
pub struct Case {
    /// Name of its folder.
    pub name: String,
    /// The first comment of `expected.toml`: what the case is there for.
    pub about: String,
    /// Without the contents of its sources.
    pub event: HandoffEvent,
    /// Contents by source id.
    pub contents: BTreeMap<String, Vec<u8>>,
    /// Values of the record that people own.
    pub human_values: BTreeMap<String, HumanValue>,
    pub expectation: Expectation,
    /// What the engine `recorded` answers, whatever the request looks like today.
    pub reply: Option<CaseReply>,
}

/// A reply that belongs to a case and not to one wording of its request.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseReply {
    /// Who wrote it.
    pub model: String,
    /// The JSON object in which a model would answer.
    pub reply: serde_json::Value,
}

impl Case {
    /// Reads a case from its folder.
    pub fn load(dir: &Path) -> anyhow::Result<Self> {
        let name = dir.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut files = BTreeMap::new();
        for folder in [dir.to_owned(), dir.join("sources")] {
            let entries = std::fs::read_dir(&folder).with_context(|| format!("failed to list `{}`", folder.display()))?;
            for entry in entries {
                let path = entry?.path();
                if path.is_file() {
                    let inside = path.strip_prefix(dir)?.to_string_lossy().replace('\\', "/");
                    files.insert(inside, std::fs::read(&path).with_context(|| format!("failed to read `{}`", path.display()))?);
                }
            }
        }
        Self::from_files(&name, &files).with_context(|| format!("failed to read case `{name}`"))
    }

    fn from_files(name: &str, files: &BTreeMap<String, Vec<u8>>) -> anyhow::Result<Self> {
        let text = |file: &str| {
            let bytes = files.get(file).with_context(|| format!("`{file}` is missing"))?;
            std::str::from_utf8(bytes).with_context(|| format!("`{file}` is not UTF-8"))
        };
        let body = text("event.json")?.as_bytes().to_vec();
        let event = decode(&Envelope { content_type: Some(STRUCTURED_MODE.to_owned()), attributes: BTreeMap::new(), body })
            .context("`event.json` is no event")?;
        let expected = text("expected.toml")?;
        let human_values = match files.get("human.json") {
            Some(bytes) => serde_json::from_slice(bytes).context("`human.json` does not hold human values")?,
            None => BTreeMap::new(),
        };
        let reply = files.get("reply.json").map(|bytes| serde_json::from_slice(bytes));
        let mut contents = BTreeMap::new();
        for source in &event.data.sources {
            let content = find_source(files, &source.id).or(source.inline_body()?);
            let Some(content) = content else { bail!("source `{}` has no file under `sources/`", source.id) };
            contents.insert(source.id.clone(), content);
        }
        Ok(Self {
            name: name.to_owned(),
            about: expected.lines().next().unwrap_or_default().trim_start_matches('#').trim().to_owned(),
            event,
            contents,
            human_values,
            expectation: Expectation::parse(expected).context("`expected.toml` is wrong")?,
            reply: reply.transpose().context("`reply.json` does not hold `model` and `reply`")?,
        })
    }

    /// The handoff as a record store would give it for the first event of this record.
    pub fn handoff(&self) -> Handoff {
        let source = |source: &SourceRef| Source {
            id: source.id.clone(),
            source_type: source.source_type,
            format: source.format.clone(),
            occurred_at: source.occurred_at,
            title: source.title.clone(),
            body: self.contents.get(&source.id).cloned().unwrap_or_default(),
        };
        Handoff {
            event: self.event.clone(),
            sources: self.event.data.sources.iter().map(source).collect(),
            missing_sources: Vec::new(),
            oversized_sources: Vec::new(),
            human_values: self.human_values.clone(),
            decisions: Vec::new(),
            version: 0,
            current: None,
        }
    }

    /// The event with the contents of its sources inside, as a sender without a shared store would send it.
    pub fn whole_event(&self) -> HandoffEvent {
        let mut event = self.event.clone();
        for source in &mut event.data.sources {
            let content = self.contents.get(&source.id).cloned().unwrap_or_default();
            match String::from_utf8(content) {
                Ok(text) => source.text = Some(text),
                Err(error) => {
                    source.text_base64 = Some(base64::engine::general_purpose::STANDARD.encode(error.as_bytes()));
                }
            }
        }
        event
    }
}

/// The cases that are compiled in, by name.
pub fn bundled() -> anyhow::Result<Vec<Case>> {
    let mut by_case: BTreeMap<&str, BTreeMap<String, Vec<u8>>> = BTreeMap::new();
    for (path, content) in bundle::FILES {
        if let Some((name, file)) = path.split_once('/') {
            by_case.entry(name).or_default().insert(file.to_owned(), content.to_vec());
        }
    }
    by_case
        .into_iter()
        .map(|(name, files)| Case::from_files(name, &files).with_context(|| format!("failed to read case `{name}`")))
        .collect()
}

fn find_source(files: &BTreeMap<String, Vec<u8>>, id: &str) -> Option<Vec<u8>> {
    let stem =
        |path: &str| path.strip_prefix("sources/").map(|file| file.rsplit_once('.').map_or(file, |(stem, _)| stem).to_owned());
    files.iter().find(|(path, _)| stem(path).as_deref() == Some(id)).map(|(_, content)| content.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: &str = r#"{"specversion":"1.0","id":"e1","source":"crm","type":"baton.handoff.requested.v1","time":"2026-05-04T15:00:00Z",
        "data":{"kind":"k","record":{"type":"deal","id":"1"},"sources":[{"id":"call-1","type":"call_transcript"}]}}"#;

    fn files(list: &[(&str, &[u8])]) -> BTreeMap<String, Vec<u8>> {
        list.iter().map(|(name, content)| ((*name).to_owned(), content.to_vec())).collect()
    }

    #[test]
    fn a_source_is_found_by_its_id_and_travels_inside_the_whole_event() {
        let case = Case::from_files(
            "c",
            &files(&[
                ("event.json", EVENT.as_bytes()),
                ("expected.toml", b"# what it is for\nreadiness = \"ready\"\n"),
                ("sources/call-1.vtt", b"caf\xe9"),
            ]),
        )
        .unwrap();
        assert_eq!(case.about, "what it is for");
        assert_eq!(case.handoff().sources[0].body, b"caf\xe9");
        assert_eq!(case.whole_event().data.sources[0].inline_body().unwrap().unwrap(), b"caf\xe9");
    }

    #[test]
    fn a_case_without_the_content_of_a_source_is_an_error() {
        let files = files(&[("event.json", EVENT.as_bytes()), ("expected.toml", b"readiness = \"ready\"\n")]);
        let error = Case::from_files("c", &files).unwrap_err();
        assert!(error.to_string().contains("`call-1` has no file"), "{error}");
    }

    #[test]
    fn all_bundled_cases_can_be_read() {
        bundled().unwrap();
    }
}
