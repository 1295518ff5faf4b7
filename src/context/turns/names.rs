//! Names of speakers, and how they are told from other labels.

/// The name before a colon, and where the text after it begins. A time behind the name is part of it.
pub(in crate::context) fn inline_speaker(text: &str) -> Option<(&str, usize)> {
    let (label, text_from) = label(text)?;
    let bare = without_time(label);
    is_name(bare).then_some((bare, text_from))
}

/// Whether a line begins with a label that notes have: `Next steps:`.
pub(super) fn has_note_label(line: &str) -> bool {
    label(line).is_some_and(|(label, _)| NOT_NAMES.iter().any(|known| label.eq_ignore_ascii_case(known)))
}

/// `[Name] text`, `[Name]: text` or `(Name) text`: the name, and where the text begins.
pub(in crate::context) fn bracketed_speaker(text: &str) -> Option<(&str, usize)> {
    let lead = text.len() - text.trim_start().len();
    let inner = text[lead..].strip_prefix(['[', '('])?;
    let end = inner[..inner.floor_char_boundary(inner.len().min(64))].find([']', ')'])?;
    let after = inner[end + 1..].trim_start_matches([':', ' ']);
    let is_sound = SOUNDS.iter().any(|sound| inner[..end].trim().eq_ignore_ascii_case(sound));
    (is_name(&inner[..end]) && !is_sound).then(|| (inner[..end].trim(), text.len() - after.len()))
}

/// What stands before the first colon that can end a name, whatever it is, and where the text after it begins.
pub(super) fn label(text: &str) -> Option<(&str, usize)> {
    let lead = text.len() - text.trim_start_matches([' ', '\t', '*', '>', '_', '\u{a0}', '\u{feff}']).len();
    let stop = text.floor_char_boundary(text.len().min(lead + LONGEST_LABEL));
    let colon = colon_after_name(&text[lead..stop])? + lead;
    let after = &text[colon..];
    let after = after.strip_prefix(':').or_else(|| after.strip_prefix('：'))?;
    let is_speech =
        after.is_empty() || after.starts_with([' ', '\t', '*', '_', '\u{a0}', '\u{3000}']) || text[colon..].starts_with('：');
    let markers = after.len() - after.trim_start_matches(['*', '_']).len();
    let name = text[lead..colon].trim_matches(['*', ' ', '\t', '_', '\u{a0}']);
    is_speech.then_some((name, text.len() - after.len() + markers))
}

/// Bytes within which a label must end: 48 characters and a time.
const LONGEST_LABEL: usize = 80;

/// The colon that ends the name: not one within a time such as `(00:05)`.
fn colon_after_name(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    let ascii = bytes
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == b':')
        .map(|(at, _)| at)
        .find(|at| !(is_digit(at.checked_sub(1)) && is_digit(Some(at + 1))));
    ascii.or_else(|| if text.is_ascii() { None } else { text.find('：') })
}

/// A label without the time behind it: `Name (00:05)` → `Name`.
pub(super) fn without_time(label: &str) -> &str {
    match super::times::at_end(label) {
        Some((_, before)) => before.trim_end_matches([' ', '\t', '-', '–', '|', ',', '\u{a0}']),
        None => label,
    }
}

/// Whether a label can be a person: up to five words, all but particles with a capital or a digit, and no usual label
/// of notes.
pub(in crate::context) fn is_name(label: &str) -> bool {
    let bare = label.split('(').next().unwrap_or_default().trim();
    if bare.is_empty() || label.len() > 200 || label.chars().count() > 48 || bare.bytes().any(|b| NEVER_IN_NAMES.contains(&b)) {
        return false;
    }
    let mut words = 0;
    let mut are_cased = true;
    for word in bare.split_whitespace().filter(|word| !matches!(*word, "-" | "–" | "|" | "&" | "+")) {
        // A year: this is a date.
        if word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit()) {
            return false;
        }
        words += 1;
        are_cased = are_cased && (is_cased(word) || PARTICLES.iter().any(|particle| word.eq_ignore_ascii_case(particle)));
    }
    (1..=5).contains(&words)
        && bare.chars().any(char::is_alphabetic)
        && !bare.ends_with(['.', ',', '!', '?', '…', '。'])
        && (are_cased || is_small(bare, words))
        && !NOT_NAMES.iter().any(|label| bare.eq_ignore_ascii_case(label))
}

const NEVER_IN_NAMES: &[u8] = b"@\\?!;:=<>\"[]{}";

fn is_cased(word: &str) -> bool {
    let first = word.trim_start_matches(['"', '\'', '(', '#']).chars().next();
    first.is_some_and(|c| c.is_alphanumeric() && !c.is_lowercase())
}

/// A single word such as `dana` or `spk_0`, or `speaker 1`.
fn is_small(bare: &str, words: usize) -> bool {
    let is_word =
        |text: &str| text.chars().count() <= 12 && text.chars().all(|c| c.is_lowercase() || c.is_ascii_digit() || c == '_');
    let is_numbered = || {
        let (word, number) = bare.split_once(' ').unwrap_or_default();
        ["speaker", "participant", "caller", "channel", "person"].contains(&word) && number.bytes().all(|b| b.is_ascii_digit())
    };
    words == 1 && is_word(bare) && !bare.starts_with(|c: char| c.is_ascii_digit()) || words == 2 && is_numbered()
}

/// Whether a label can be a name where names have no capitals, as recognisers write them. It must come back to be one.
pub(super) fn is_lower_name(label: &str) -> bool {
    let is_letters = label.chars().all(|c| c.is_lowercase() || matches!(c, ' ' | '-' | '\''));
    is_letters && (2..=3).contains(&label.split(' ').filter(|word| word.len() > 1).count()) && label.len() <= 40
}

const PARTICLES: [&str; 24] = [
    "de", "da", "do", "dos", "das", "di", "du", "van", "von", "der", "den", "del", "della", "la", "le", "el", "bin", "ibn", "al",
    "af", "und", "and", "of", "y",
];

/// What captions put in brackets without being a name.
const SOUNDS: [&str; 14] = [
    "Music",
    "Applause",
    "Laughter",
    "Laughs",
    "Inaudible",
    "Crosstalk",
    "Silence",
    "Noise",
    "Pause",
    "Foreign",
    "Unintelligible",
    "Background noise",
    "Beep",
    "Sighs",
];

/// Labels of notes and of forms. A label that is here is nobody's name, however often it comes back.
#[rustfmt::skip]
const NOT_NAMES: &[&str] = &[
    "note", "notes", "nb", "ps", "p.s", "re", "fw", "fwd", "aw", "wg", "cc", "bcc", "subject", "from", "to", "date", "sent",
    "betreff", "von", "an", "datum", "http", "https", "mailto", "tel", "phone", "email", "e-mail", "fax", "mobile", "web", "website",
    "link", "links", "recording", "attachment", "attachments", "budget", "price", "pricing", "cost", "costs", "amount", "volume",
    "seats", "users", "timeline", "timing", "deadline", "close date", "start", "start date", "end", "go live", "go-live",
    "decision", "decisions", "decision maker", "decision makers", "decision criteria", "decision process", "economic buyer",
    "champion", "authority", "need", "needs", "pain", "pains", "pain point", "pain points", "identify pain", "metrics", "use case",
    "use cases", "goal", "goals", "objective", "objectives", "success criteria", "competitor", "competitors", "competition",
    "action", "actions", "action item", "action items", "next step", "next steps", "todo", "to do", "follow up", "follow-up",
    "attendees", "participants", "teilnehmer", "agenda", "summary", "overview", "context", "background", "topic", "topics",
    "thema", "risk", "risks", "blocker", "blockers", "concern", "concerns", "objection", "objections", "question", "questions",
    "open questions", "answer", "example", "examples", "important", "update", "updates", "status", "outcome", "result", "results",
    "conclusion", "duration", "time", "location", "place", "owner", "role", "title", "company", "account", "contact", "contacts",
    "industry", "stage", "source", "product", "products", "requirements", "integrations", "security", "legal", "contract",
    "transcript", "chapters", "keywords", "summary keywords", "speakers", "meeting", "meeting title", "call", "call notes", "warning", "tip", "fact",
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "today", "tomorrow", "yesterday",
    "total", "page", "step", "option", "reason", "problem", "solution", "also", "first", "second", "third", "finally",
];

#[cfg(test)]
mod tests {
    use super::{bracketed_speaker, inline_speaker, is_lower_name, is_name};

    #[test]
    fn a_name_is_told_from_other_labels() {
        let names = [
            "Dana",
            "Dana Keller",
            "Ludwig van Beethoven",
            "Speaker 1",
            "speaker 2",
            "SPEAKER_00",
            "spk_0",
            "dana",
            "José Núñez",
            "Dana (Northwind)",
            "Dana Keller | Northwind",
            "Keller, Dana",
            "SDR",
            "A",
            "山田",
        ];
        for name in names {
            assert!(is_name(name), "{name}");
        }
        let labels = [
            "One thing",
            "https",
            "Next steps",
            "a@b",
            "",
            "12",
            "What I said to them was",
            "Budget",
            "Pain points",
            "Is it",
            "We agreed.",
            "Thu, Apr 30, 2026",
        ];
        for label in labels {
            assert!(!is_name(label), "{label}");
        }
        assert!(is_lower_name("dana keller") && !is_lower_name("dana") && !is_lower_name("so what we do is"));
    }

    #[test]
    fn the_label_ends_at_a_colon_that_is_no_part_of_a_time() {
        assert_eq!(inline_speaker("**Dana (00:05):** Yes"), Some(("Dana", 17)));
        assert_eq!(inline_speaker("山田：はい"), Some(("山田", "山田：".len())));
        assert_eq!((inline_speaker("10:30 works"), inline_speaker("Dana:http"), inline_speaker("no label")), (None, None, None));
        assert_eq!(bracketed_speaker("[Dana Keller]: Yes"), Some(("Dana Keller", 15)));
        assert_eq!((bracketed_speaker("[Music] la"), bracketed_speaker("Dana")), (None, None));
        assert_eq!(bracketed_speaker("(Dana)"), Some(("Dana", 6)));
    }
}
