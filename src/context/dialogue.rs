//! [`Dialogue`]: pieces of speech → turns of a readable text that is put together, one line a turn: `Name: text`.
//!
//! Captions and exports cut what somebody says into pieces of a few seconds. A sentence that goes over two of them
//! could not be quoted, so pieces of one speaker that follow each other become one turn.

use jiff::Timestamp;

use super::lines::{is_complete, is_sentence_end, turn};
use super::origin::Composed;
use super::reading::{Draft, Reading};
use crate::domain::brief::Span;
use crate::domain::event::Side;
use crate::domain::handoff::Source;

/// Who speaks, as far as the source says it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Voice {
    pub(super) name: Option<String>,
    pub(super) address: Option<String>,
    pub(super) side: Option<Side>,
}

/// A dialogue that is being put together.
#[derive(Default)]
pub(super) struct Dialogue {
    composed: Composed,
    open: Option<Open>,
    drafts: Vec<Draft>,
}

/// The turn that is being spoken.
struct Open {
    voice: Voice,
    at: Option<Timestamp>,
    /// Where its words begin.
    start: usize,
    has_sentences: bool,
}

/// A turn beyond this many bytes ends at the next end of a sentence, so that its time stays exact.
const LONG_TURN: usize = 500;
/// A turn without any sentence end, as recognisers without punctuation write it, ends at the next piece beyond this.
const LONG_WITHOUT_SENTENCES: usize = 300;
const LONGEST_TURN: usize = 1000;

impl Dialogue {
    /// Somebody speaks; `speak` adds the words.
    pub(super) fn say(&mut self, voice: &Voice, at: Option<Timestamp>, speak: impl FnOnce(&mut Composed)) {
        let goes_on = self.open.as_ref().is_some_and(|open| open.voice == *voice && !self.is_full(open));
        if goes_on {
            self.composed.make(" ");
        } else {
            self.pause();
            if let Some(name) = &voice.name {
                self.composed.make(name);
                self.composed.make(": ");
            }
            self.open = Some(Open { voice: voice.clone(), at, start: self.composed.len(), has_sentences: false });
        }
        let before = self.composed.len();
        speak(&mut self.composed);
        if let Some(open) = &mut self.open {
            open.has_sentences = open.has_sentences || self.composed.text()[before..].contains(is_sentence_end);
        }
    }

    /// Ends the turn, whoever speaks next.
    pub(super) fn pause(&mut self) {
        let Some(Open { voice, at, start, .. }) = self.open.take() else { return };
        let span = Span { start, end: self.composed.len() };
        let passages = turn(self.composed.text(), span);
        self.composed.make("\n");
        self.drafts.push(Draft {
            speaker: voice.name,
            address: voice.address,
            side: voice.side,
            at,
            passages,
            ..Draft::default()
        });
    }

    fn is_full(&self, open: &Open) -> bool {
        let said = &self.composed.text()[open.start..];
        said.len() >= LONGEST_TURN
            || said.len() >= LONG_TURN && is_complete(said)
            || said.len() >= LONG_WITHOUT_SENTENCES && !open.has_sentences
    }

    /// Everything that was said. Its words stand in the content where they were copied from there.
    pub(super) fn finish(mut self, source: &Source) -> Reading {
        self.pause();
        let (text, origin) = self.composed.finish();
        self.drafts.iter_mut().for_each(|draft| draft.title.clone_from(&source.title));
        Reading { text, origin, drafts: self.drafts, ..Reading::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::{Dialogue, Voice};
    use crate::context::testing::source;
    use crate::domain::event::SourceType::CallTranscript;

    fn voice(name: &str) -> Voice {
        Voice { name: Some(name.to_owned()), ..Voice::default() }
    }

    #[test]
    fn pieces_of_one_speaker_are_one_turn_until_somebody_else_speaks() {
        let mut dialogue = Dialogue::default();
        for (name, words) in [("Dana", "We can"), ("Dana", "pay 45k."), ("Lee", "Good."), ("Dana", "So.")] {
            dialogue.say(&voice(name), None, |text| text.make(words));
        }
        let reading = dialogue.finish(&source("call", CallTranscript, ""));
        assert_eq!(reading.text, "Dana: We can pay 45k.\nLee: Good.\nDana: So.\n");
        assert_eq!(
            reading.drafts.iter().map(|draft| draft.passages[0].text.as_str()).collect::<Vec<_>>(),
            ["We can pay 45k.", "Good.", "So."]
        );
    }

    #[test]
    fn speech_without_punctuation_is_cut_between_its_pieces() {
        let mut dialogue = Dialogue::default();
        let piece = "so what we would need is the audit log and single sign on by may";
        (0..30).for_each(|_| dialogue.say(&voice("Dana"), None, |text| text.make(piece)));
        let reading = dialogue.finish(&source("call", CallTranscript, ""));
        let texts: Vec<&str> =
            reading.drafts.iter().flat_map(|draft| &draft.passages).map(|passage| passage.text.as_str()).collect();
        assert!(texts.len() > 4 && texts.iter().all(|text| text.len() < 400));
        assert!(texts.iter().all(|text| text.starts_with("so what") && text.ends_with("by may")));
    }
}
