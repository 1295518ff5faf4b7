//! Sources and handoffs for the tests of this module.

use super::material::{Gathering, Limits, Material};
use crate::domain::event::{HandoffData, HandoffEvent, Party, RecordRef, SourceType};
use crate::domain::handoff::{Handoff, Source};

pub(super) fn source(id: &str, source_type: SourceType, content: impl AsRef<[u8]>) -> Source {
    Source { id: id.into(), source_type, format: None, occurred_at: None, title: None, body: content.as_ref().to_vec() }
}

/// A source from 16:00 on a day of April 2026.
pub(super) fn source_on(day: u8, id: &str, source_type: SourceType, content: impl AsRef<[u8]>) -> Source {
    let at = format!("2026-04-{day:02}T16:00:00Z").parse().unwrap();
    Source { occurred_at: Some(at), ..source(id, source_type, content) }
}

pub(super) fn handoff(sources: Vec<Source>) -> Handoff {
    let data = HandoffData {
        kind: "sdr_to_ae".into(),
        record: RecordRef { record_type: "deal".into(), id: "1".into(), name: None },
        from: Party { team: None, owner: Some("lee".into()) },
        to: Party::default(),
        fields: Default::default(),
        participants: Vec::new(),
        sources: Vec::new(),
    };
    let event = HandoffEvent {
        specversion: "1.0".into(),
        id: "evt-1".into(),
        source: "crm".into(),
        event_type: "baton.handoff.requested.v1".into(),
        time: "2026-05-04T15:00:00Z".parse().unwrap(),
        data,
        extensions: Default::default(),
    };
    Handoff {
        event,
        sources,
        missing_sources: Vec::new(),
        oversized_sources: Vec::new(),
        human_values: Default::default(),
        decisions: Vec::new(),
        version: 0,
        current: None,
    }
}

pub(super) fn gathering() -> Gathering {
    Gathering {
        limits: Limits { source_bytes: 1 << 20, handoff_bytes: 4 << 20, ..Limits::DEFAULT },
        our_domains: vec!["us.example".to_owned()].into(),
        encoding: "o200k_base".to_owned(),
    }
}

pub(super) fn gather(sources: Vec<Source>) -> Material {
    super::gather(&handoff(sources), &gathering())
}
