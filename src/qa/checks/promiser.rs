//! Who does something, by the grammar of a sentence that says so.

use crate::qa::index::{for_each_word, is_stop_word};

/// Whose doing a sentence speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doer<'a> {
    /// "I'll send it", "let me check".
    Speaker,
    /// "We'll send it", "our team will".
    SpeakersSide,
    /// "Ann will send it".
    Named(&'a str),
    /// "You'll send it", "could you send it", "please send it".
    Addressee,
    /// "Let's talk on Friday".
    Everybody,
}

/// Everybody whose doing a text speaks of, in its order.
pub(super) fn doers(text: &str) -> Vec<Doer<'_>> {
    let mut words: Vec<(String, &str, bool)> = Vec::new();
    let mut after = 0;
    for_each_word(text, |word, span| {
        let between = &text[after..span.start];
        let opens = after == 0 || between.contains(['.', '!', '?', ':', '\n']);
        after = span.end;
        words.push((word.to_owned(), &text[span.start..span.end], opens));
    });
    let mut doers = Vec::new();
    for (i, (word, written, opens)) in words.iter().enumerate() {
        let next = words.get(i + 1).map_or("", |(next, _, _)| next.as_str());
        let doer = match word.as_str() {
            "i'll" | "i'd" | "myself" => Some(Doer::Speaker),
            "i" | "i'm" if !is_thinking(next) => Some(Doer::Speaker),
            "let's" => Some(Doer::Everybody),
            "let" if next == "us" => Some(Doer::Everybody),
            "let" if next == "me" => Some(Doer::Speaker),
            "from" | "it's" if next == "me" => Some(Doer::Speaker),
            "we'll" => Some(Doer::SpeakersSide),
            "we" | "we're" if !is_thinking(next) => Some(Doer::SpeakersSide),
            "our" if words[i + 1..].iter().take(3).any(|(word, _, _)| is_modal(word)) => Some(Doer::SpeakersSide),
            "you'll" | "please" => Some(Doer::Addressee),
            "you" if is_modal(next) || i > 0 && is_modal(&words[i - 1].0) => Some(Doer::Addressee),
            _ => named(word, written, *opens, next),
        };
        doers.extend(doer);
    }
    doers
}

/// "Ann will", "Ann'll", "Ann is going to".
fn named<'a>(word: &str, written: &'a str, opens: bool, next: &str) -> Option<Doer<'a>> {
    let bare = written.strip_suffix("'ll").or_else(|| written.strip_suffix("’ll"));
    let is_doing = bare.is_some() || is_modal(next) || matches!(next, "is" | "has" | "looks" | "handles");
    let name = bare.unwrap_or(written);
    let is_name = name.starts_with(char::is_uppercase) && name.len() > 2 && !is_stop_word(word) && !is_no_name(name);
    // The first word of a sentence has a capital anyway: only a clear "will" makes it a name there.
    (is_name && is_doing && (!opens || bare.is_some() || next == "will")).then_some(Doer::Named(name))
}

fn is_modal(word: &str) -> bool {
    matches!(word, "will" | "shall" | "can" | "could" | "would" | "should" | "might" | "may" | "must")
}

/// "I think", "we hear": says nothing of what will be done.
fn is_thinking(word: &str) -> bool {
    const THINKING: [&str; 14] = [
        "think",
        "mean",
        "know",
        "guess",
        "assume",
        "suppose",
        "believe",
        "see",
        "understand",
        "wonder",
        "hear",
        "heard",
        "said",
        "told",
    ];
    THINKING.contains(&word)
}

fn is_no_name(word: &str) -> bool {
    const NO_NAMES: [&str; 16] = [
        "This",
        "That",
        "It",
        "There",
        "They",
        "He",
        "She",
        "Everything",
        "Everybody",
        "Everyone",
        "Nobody",
        "Nothing",
        "What",
        "Who",
        "Which",
        "Somebody",
    ];
    NO_NAMES.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::Doer::{Addressee, Named, Speaker, SpeakersSide};
    use super::doers;

    #[test]
    fn a_sentence_says_who_will_do_it() {
        for (text, expected) in [
            ("I'll send the deck.", vec![Speaker]),
            ("I think Ann will send the deck.", vec![Named("Ann")]),
            ("Martin will join for the second half.", vec![Named("Martin")]),
            ("the demo is on Tuesday, and Lee will run it", vec![Named("Lee")]),
            ("Lee’ll run it", vec![Named("Lee")]),
            ("We'll get you the sheet.", vec![SpeakersSide]),
            ("Our engineers will look at it.", vec![SpeakersSide]),
            ("You'll get it from us.", vec![Addressee]),
            ("Could you send the list?", vec![Addressee]),
            ("Please send the list.", vec![Addressee]),
            ("This will be done.", vec![]),
            ("The report is long.", vec![]),
        ] {
            assert_eq!(doers(text), expected, "{text}");
        }
    }
}
