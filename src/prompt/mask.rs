//! [`Mask`]: secrets and contacts of a handoff as placeholders such as `[card-1]`, and the way back.
//!
//! What leaves the process holds placeholders; what comes back is restored before it is parsed, so that quotes stay
//! verbatim and the checks compare with the originals. The originals are in memory only: what is journaled is the reply
//! as it came.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::context::{Secret, SecretKind, contacts, secrets};

/// Whether a prompt shows secrets and contacts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Masking {
    #[default]
    Off,
    /// Cards, accounts, national ids, keys, passwords, mail addresses and telephone numbers become placeholders.
    On,
}

/// The placeholders of one request. Empty where nothing is masked.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Mask {
    is_on: bool,
    originals: HashMap<String, String>,
    placeholders: HashMap<String, String>,
    /// Placeholders that the sources hold themselves: they stay what they are.
    taken: HashSet<String>,
    counts: HashMap<&'static str, usize>,
    /// Whether the last text ended within a private key.
    is_within_key: bool,
}

static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\[(card|account|id|key|password|mail|phone)-[0-9]{1,6}\]").expect("a pattern that is part of the program")
});

impl Mask {
    /// A mask for these texts. They are only looked at for what looks like a placeholder.
    pub(super) fn new<'a>(masking: Masking, texts: impl IntoIterator<Item = &'a str>) -> Self {
        if masking == Masking::Off {
            return Self::default();
        }
        let found = texts.into_iter().flat_map(|text| PLACEHOLDER.find_iter(text));
        Self { is_on: true, taken: found.map(|one| one.as_str().to_ascii_lowercase()).collect(), ..Self::default() }
    }

    /// The text with placeholders; a secret that was not met before gets its own. Texts must come in their order: a private
    /// key may run over several.
    pub(super) fn take<'a>(&mut self, text: Cow<'a, str>) -> Cow<'a, str> {
        if !self.is_on {
            return text;
        }
        let mut hidden = hidden_in(&text);
        if self.is_within_key && !text.trim().is_empty() {
            hidden = vec![(SecretKind::Key, 0..text.len())];
        }
        self.is_within_key = match (text.rfind("-----BEGIN"), text.rfind("-----END")) {
            (Some(begin), end) if text[begin..].contains("PRIVATE KEY") => end.is_none_or(|end| end < begin),
            (_, Some(_)) => false,
            _ => self.is_within_key,
        };
        if hidden.is_empty() {
            return text;
        }
        Cow::Owned(replaced(&text, &hidden, |kind, original| self.placeholder_of(kind, original)))
    }

    /// A text that was written in this process (findings, a claim to be judged) with placeholders for all that has one;
    /// other secrets and contacts are blotted out.
    pub fn hide<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if !self.is_on {
            return Cow::Borrowed(text);
        }
        let mut text = Cow::Borrowed(text);
        for (original, placeholder) in self.long_originals() {
            if text.contains(original) {
                text = Cow::Owned(text.replace(original, placeholder));
            }
        }
        let hidden = hidden_in(&text);
        if hidden.is_empty() {
            return text;
        }
        let known = |original: &str| self.placeholders.get(original).cloned().unwrap_or_else(|| "[masked]".to_owned());
        Cow::Owned(replaced(&text, &hidden, |_, original| known(original)))
    }

    /// A model's reply with the originals in the place of the placeholders, escaped as JSON strings need it.
    pub fn restore<'a>(&self, reply: &'a str) -> Cow<'a, str> {
        if self.originals.is_empty() {
            return Cow::Borrowed(reply);
        }
        PLACEHOLDER.replace_all(reply, |found: &Captures<'_>| match self.originals.get(&found[0].to_ascii_lowercase()) {
            Some(original) => in_json(original),
            None => found[0].to_owned(),
        })
    }

    /// Longest first: one may stand in another. A short one, such as a password of four letters, may be a word too.
    fn long_originals(&self) -> Vec<(&String, &String)> {
        let mut all: Vec<(&String, &String)> = self.placeholders.iter().filter(|(original, _)| original.len() >= 8).collect();
        all.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then(a.0.cmp(b.0)));
        all
    }

    fn placeholder_of(&mut self, kind: SecretKind, original: &str) -> String {
        if let Some(known) = self.placeholders.get(original) {
            return known.clone();
        }
        let count = self.counts.entry(kind.name()).or_default();
        let placeholder = loop {
            *count += 1;
            let next = format!("[{}-{count}]", kind.name());
            if !self.taken.contains(&next) {
                break next;
            }
        };
        self.originals.insert(placeholder.clone(), original.to_owned());
        self.placeholders.insert(original.to_owned(), placeholder.clone());
        placeholder
    }
}

/// How much is masked, never what.
impl fmt::Debug for Mask {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Mask").field("placeholders", &self.originals.len()).finish_non_exhaustive()
    }
}

type Hidden = (SecretKind, std::ops::Range<usize>);

/// Secrets first: the digits of a card are no telephone number.
fn hidden_in(text: &str) -> Vec<Hidden> {
    let place = |one: Secret| (one.kind, one.span.start..one.span.end);
    let mut all: Vec<Hidden> = secrets(text).into_iter().map(place).collect();
    let is_free =
        |one: &Hidden, all: &[Hidden]| all.iter().all(|(_, other)| one.1.end <= other.start || other.end <= one.1.start);
    for contact in contacts(text).into_iter().map(place) {
        if is_free(&contact, &all) {
            all.push(contact);
        }
    }
    all.sort_by_key(|(_, range)| range.start);
    all
}

fn replaced(text: &str, hidden: &[Hidden], mut with: impl FnMut(SecretKind, &str) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut end = 0;
    for (kind, range) in hidden {
        out += &text[end..range.start];
        out += &with(*kind, &text[range.clone()]);
        end = range.end;
    }
    out + &text[end..]
}

fn in_json(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use proptest::prelude::*;

    use super::{Mask, Masking};

    fn masked(texts: &[&str]) -> (Mask, Vec<String>) {
        let mut mask = Mask::new(Masking::On, texts.iter().copied());
        let shown = texts.iter().map(|text| mask.take(Cow::Borrowed(*text)).into_owned()).collect();
        (mask, shown)
    }

    #[test]
    fn every_kind_gets_its_placeholder_and_the_same_original_the_same_one() {
        let (mask, shown) = masked(&[
            "Card 4111 1111 1111 1111, call +49 30 1234567.",
            "Again +49 30 1234567, or ann@x.example; password: hunter22",
        ]);
        assert_eq!(shown, ["Card [card-1], call [phone-1].", "Again [phone-1], or [mail-1]; password: [password-1]"]);
        assert_eq!(mask.restore(r#"{"q":"call [phone-1] now"}"#), r#"{"q":"call +49 30 1234567 now"}"#);
        assert_eq!(mask.hide("she said +49 30 1234567 and 555-123-4567"), "she said [phone-1] and [masked]");
    }

    #[test]
    fn placeholders_of_the_sources_stay_what_they_are() {
        let (mask, shown) = masked(&["Use [card-1] or [Card-2] as a name", "card 4111 1111 1111 1111"]);
        assert_eq!(shown[1], "card [card-3]");
        assert_eq!(mask.restore("[card-1] [Card-2] [card-3] [card-9]"), "[card-1] [Card-2] 4111 1111 1111 1111 [card-9]");
    }

    #[test]
    fn what_is_restored_is_escaped_for_json() {
        let (mask, shown) =
            masked(&["password: \\ab\"x9!".trim_end(), "-----BEGIN PRIVATE KEY-----\nab\ncd\n-----END PRIVATE KEY-----"]);
        let reply = serde_json::json!({ "a": shown[0], "b": shown[1] }).to_string();
        let read: serde_json::Value = serde_json::from_str(&mask.restore(&reply)).unwrap();
        assert_eq!(read["a"], "password: \\ab\"x9!");
        assert_eq!(read["b"], "-----BEGIN PRIVATE KEY-----\nab\ncd\n-----END PRIVATE KEY-----");
    }

    #[test]
    fn a_private_key_over_several_units_is_hidden_to_its_end() {
        let (_, shown) = masked(&["key: -----BEGIN PRIVATE KEY-----", "MIIEow8AbC", "-----END PRIVATE KEY-----", "Thanks, Ann"]);
        assert_eq!(shown, ["key: [key-1]", "[key-2]", "[key-3]", "Thanks, Ann"]);
    }

    #[test]
    fn nothing_is_masked_unless_it_is_wanted() {
        let mut mask = Mask::new(Masking::Off, []);
        let text = "card 4111 1111 1111 1111, ann@x.example";
        assert_eq!(mask.take(Cow::Borrowed(text)), text);
        assert_eq!((mask.hide(text), mask.restore("[card-1]")), (Cow::Borrowed(text), Cow::Borrowed("[card-1]")));
    }

    #[test]
    fn a_mask_shows_no_original_when_it_is_printed() {
        let (mask, _) = masked(&["card 4111 1111 1111 1111"]);
        assert!(!format!("{mask:?}").contains("4111"));
    }

    proptest! {
        #[test]
        fn a_reply_that_copies_what_it_was_shown_is_restored_to_the_source(
            words in proptest::collection::vec("[a-z]{1,8}|\\[card-[0-9]\\]|[0-9]{3}-[0-9]{3}-[0-9]{4}|[a-z]{2,6}@[a-z]{2,6}\\.example|4111 1111 1111 1111|[\"\\\\{}]|password: [a-z\"]{4,9}", 0..12)
        ) {
            let text = words.join(" ");
            let (mask, shown) = masked(&[&text]);
            let reply = serde_json::Value::from(shown[0].as_str()).to_string();
            let read: serde_json::Value = serde_json::from_str(&mask.restore(&reply)).unwrap();
            prop_assert_eq!(read.as_str().unwrap(), text);
        }
    }
}
