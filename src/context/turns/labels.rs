//! The labels of a text as a whole: which of them are speakers.

use std::collections::BTreeMap;

use super::heading::{Heading, Shape, heading};
use crate::context::lines::Line;
use crate::domain::event::SourceType;

/// Every label of a text that could be a name, and how often it is there.
#[derive(Debug, Default)]
pub(super) struct Labels {
    seen: BTreeMap<String, Seen>,
    inline: usize,
    timed: usize,
}

#[derive(Debug, Default)]
struct Seen {
    times: usize,
    timed: usize,
}

/// How often a name in small letters must be there: "so the thing is: …" is said once.
const LOWER_NAME_COMES_BACK: usize = 3;
/// More different labels than this are no people; a forged text could have millions.
const MOST_LABELS: usize = 2000;

impl Labels {
    pub(super) fn learn(content: &str, all: &[Line]) -> Self {
        let mut labels = Self::default();
        all.iter().filter_map(|line| heading(line.text(content))).for_each(|found| labels.add(&found));
        labels
    }

    pub(super) fn add(&mut self, found: &Heading<'_>) {
        match found.shape {
            Shape::Label => {
                self.inline += 1;
                self.timed += usize::from(found.shown.is_some());
            }
            Shape::LowerLabel => {}
            Shape::BracketedName | Shape::NameTime | Shape::TimeName | Shape::Stamp | Shape::Time => return,
        }
        let key = found.name.to_lowercase();
        if self.seen.len() < MOST_LABELS || self.seen.contains_key(&key) {
            let seen = self.seen.entry(key).or_default();
            seen.times += 1;
            seen.timed += usize::from(found.shown.is_some());
        }
    }

    /// How many lines begin with a label.
    pub(super) fn inline(&self) -> usize {
        self.inline
    }

    /// Notes have labels too (`Budget: 45k`). Names are told from them by coming back, by a time, or by the source being
    /// a call.
    pub(super) fn are_speakers(&self, source_type: SourceType, filled: usize) -> bool {
        let come_back = self.seen.values().filter(|seen| seen.times > 1).count();
        let lower: usize =
            self.seen.iter().filter(|(name, seen)| self.is_lower_speaker(name, seen)).map(|(_, seen)| seen.times).sum();
        let inline = self.inline + lower;
        let is_dense = inline >= 2 && inline * 3 >= filled;
        match source_type {
            SourceType::CallTranscript => inline >= 1 && (is_dense || self.timed > 0 || come_back > 0),
            SourceType::CallNote => is_dense && (self.timed * 2 >= inline || come_back >= 2 && self.seen.len() * 2 <= inline),
            SourceType::EmailThread | SourceType::CrmSnapshot => false,
        }
    }

    fn is_lower_speaker(&self, name: &str, seen: &Seen) -> bool {
        seen.times >= LOWER_NAME_COMES_BACK && super::names::is_lower_name(name)
    }

    /// Whether a line with a label begins a turn. Where the turns have times, a label without one is somebody's only if
    /// that name has a time elsewhere: "Price: too high" is said by whoever speaks.
    pub(super) fn is_speaker(&self, found: &Heading<'_>) -> bool {
        let seen = self.seen.get(&found.name.to_lowercase());
        match found.shape {
            Shape::Label => {
                let are_timed = self.timed * 2 >= self.inline && self.timed >= 2;
                !are_timed || found.shown.is_some() || seen.is_some_and(|seen| seen.timed > 0)
            }
            Shape::LowerLabel => found.shown.is_some() || seen.is_some_and(|seen| seen.times >= LOWER_NAME_COMES_BACK),
            Shape::BracketedName | Shape::NameTime | Shape::TimeName | Shape::Stamp | Shape::Time => false,
        }
    }
}
