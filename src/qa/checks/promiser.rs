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
    let mut words: Vec<Word<'_>> = Vec::new();
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
        if let Some(name) = made_to_do(&words[i..]).or_else(|| spoken_of(&words[..=i], next)) {
            doers.push(Doer::Named(name));
            continue;
        }
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
            // "You'll get it": the speaker gives it.
            "you'll" | "you" if is_getting(&words[i + 1..]) => Some(Doer::SpeakersSide),
            "you'll" | "please" => Some(Doer::Addressee),
            "you" if is_modal(next) || i > 0 && is_modal(&words[i - 1].0) => Some(Doer::Addressee),
            _ => named(word, written, *opens, next),
        };
        doers.extend(doer);
    }
    doers
}

/// A word in lower case, as written, and whether it opens a sentence.
type Word<'a> = (String, &'a str, bool);

/// "I'll have Ann run it", "I will get Ann to call".
fn made_to_do<'a>(words: &[Word<'a>]) -> Option<&'a str> {
    let rest = match words {
        [(one, _, _), rest @ ..] if matches!(one.as_str(), "i'll" | "we'll") => rest,
        [(one, _, _), (modal, _, _), rest @ ..] if matches!(one.as_str(), "i" | "we") && is_modal(modal) => rest,
        _ => return None,
    };
    match rest {
        [(verb, _, _), (_, name, _), (next, _, _), ..] if name.starts_with(char::is_uppercase) && !is_no_name(name) => {
            // "I'll get Ann on the call": the speaker's own doing.
            let does = match verb.as_str() {
                "have" | "let" => !is_stop_word(next),
                "get" | "ask" => next == "to",
                _ => false,
            };
            does.then_some(*name)
        }
        _ => None,
    }
}

/// "Ann said she'd send it": whom a "she" that will do something follows in its sentence.
fn spoken_of<'a>(words: &[Word<'a>], next: &str) -> Option<&'a str> {
    /// Words before it in which the name may stand.
    const NEAR: usize = 12;
    let ((word, _, _), before) = words.split_last()?;
    let will =
        matches!(word.as_str(), "she'd" | "he'd" | "she'll" | "he'll") || matches!(word.as_str(), "she" | "he") && is_modal(next);
    if !will {
        return None;
    }
    let near = &before[before.len().saturating_sub(NEAR)..];
    let sentence = near.iter().rposition(|(_, _, opens)| *opens).unwrap_or(0);
    let is_name = |(word, written, opens): &&Word<'a>| {
        written.starts_with(char::is_uppercase) && written.len() > 2 && !opens && !is_stop_word(word) && !is_no_name(written)
    };
    near[sentence..].iter().rev().find(is_name).map(|(_, written, _)| *written)
}

/// Whether a name of a promise's text is whom it is made to: "Get back to Ann", "Send Ann the list".
pub(super) fn is_receiver(what: &str, name: &str) -> bool {
    // "Have Ann call", "Once Ann has signed": there she does something herself.
    const NO_DEEDS: [&str; 20] = [
        "have", "let", "get", "make", "ensure", "check", "confirm", "whether", "that", "once", "after", "when", "if", "as",
        "until", "while", "before", "with", "and", "by",
    ];
    const TO: [&str; 5] = ["to", "à", "an", "aan", "naar"];
    let Some((before, after)) = what.split_once(name) else { return false };
    let before: Vec<String> = before.split_whitespace().map(str::to_lowercase).collect();
    let next = after.split_whitespace().next().unwrap_or_default();
    let is_owner = after.starts_with(['\'', '’']) || after.starts_with(char::is_alphanumeric);
    let does = is_modal(next) || matches!(next, "is" | "has" | "to");
    match before.as_slice() {
        [verb] => !NO_DEEDS.contains(&verb.as_str()) && !is_owner && !does,
        [.., word] => TO.contains(&word.as_str()) && !is_owner && !does,
        [] => false,
    }
}

/// "Ann will", "Ann'll", "Ann is going to".
fn named<'a>(word: &str, written: &'a str, opens: bool, next: &str) -> Option<Doer<'a>> {
    let bare = written.strip_suffix("'ll").or_else(|| written.strip_suffix("’ll"));
    let is_doing = bare.is_some() || is_modal(next) || matches!(next, "is" | "has" | "looks" | "handles" | "to");
    let name = bare.unwrap_or(written);
    let is_name = name.starts_with(char::is_uppercase) && name.len() > 2 && !is_stop_word(word) && !is_no_name(name);
    // The first word of a sentence has a capital anyway: only a clear "will" makes it a name there.
    (is_name && is_doing && (!opens || bare.is_some() || next == "will")).then_some(Doer::Named(name))
}

fn is_modal(word: &str) -> bool {
    matches!(word, "will" | "shall" | "can" | "could" | "would" | "should" | "might" | "may" | "must")
}

/// "Get", "will have", "receive": what follows "you" in a promise to somebody.
fn is_getting(words: &[Word<'_>]) -> bool {
    const GETTING: [&str; 6] = ["get", "have", "receive", "see", "hear", "find"];
    let mut verbs = words.iter().map(|(word, _, _)| word.as_str()).filter(|word| !is_modal(word));
    verbs.next().is_some_and(|verb| GETTING.contains(&verb))
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
    use super::{doers, is_receiver};

    #[test]
    fn a_promise_may_say_whom_it_is_made_to() {
        for what in ["Send Ann the list", "Get back to Ann by noon", "Appeler Ann demain", "Mail the list to Ann and Bo"] {
            assert!(is_receiver(what, "Ann"), "{what}");
        }
        for what in ["Ann sends the list", "Have Ann call", "Meeting with Ann", "Send Ann's list", "Once Ann has signed, start"] {
            assert!(!is_receiver(what, "Ann"), "{what}");
        }
    }

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
            ("You'll get it from us.", vec![SpeakersSide]),
            ("You'll need to sign first.", vec![Addressee]),
            ("WS on Friday, Solveig to lead.", vec![Named("Solveig")]),
            ("Could you send the list?", vec![Addressee]),
            ("Please send the list.", vec![Addressee]),
            ("This will be done.", vec![]),
            ("The report is long.", vec![]),
            ("I'll have Ann run it.", vec![Named("Ann")]),
            ("I might get Ann on the call.", vec![Speaker]),
            ("They say Ann said she'd send it.", vec![Named("Ann")]),
        ] {
            assert_eq!(doers(text), expected, "{text}");
        }
    }
}
