//! [`head`]: who an attribution line says wrote the message, and when.

use std::sync::LazyLock;

use regex::Regex;

use super::Head;
use super::dates;
use super::vocabulary::{WROTE_LAST, WROTE_LAST_UNSPACED, WROTE_THEN_NAME};
use crate::context::visible::is_invisible;

/// Sender and time of an attribution line in one piece.
pub(super) fn head(line: &str, zone_seconds: i32) -> Head {
    let bare = line.trim_matches([':', ' ', '*', '_', '-']);
    let at = dates::parse(bare, zone_seconds);
    let (name, address) = match ADDRESS.captures_iter(bare).last() {
        Some(found) => {
            let start = found.get_match().start();
            (name_before(&bare[..start]), Some(found[1].to_lowercase()))
        }
        None => (name_around_verb(bare), None),
    };
    Head { name, address, at, zone_seconds, ..Head::default() }
}

/// Name and address of `Dana Keller <dana@x>`, `"Keller, Dana" [mailto:dana@x]` or `dana@x`.
pub(super) fn sender(value: &str) -> (Option<String>, Option<String>) {
    let address = ADDRESS.captures(value).map(|found| found[1].to_lowercase());
    let end = value.find(['<', '[']).or_else(|| value.find('@').map(|_| 0)).unwrap_or(value.len());
    (named(&value[..end]), address)
}

fn named(words: &str) -> Option<String> {
    let name = clean_name(words);
    Some(name).filter(|name| name.chars().any(char::is_alphabetic))
}

/// The words between the date, or the verb, and the address.
fn name_before(before: &str) -> Option<String> {
    let after_verb = VERB_THEN_NAME.find_iter(before).last().map_or(0, |verb| verb.end());
    let after_date = DATE_PART.find_iter(before).last().map_or(0, |found| found.end());
    named(without_connectors(&before[after_verb.max(after_date)..]))
}

/// "schrieb Dana Keller" after the verb, or "Dana Keller wrote" before it.
fn name_around_verb(line: &str) -> Option<String> {
    let verb = VERB_LAST.find(line);
    let after = VERB_THEN_NAME.find_iter(line).last().map(|verb| line[verb.end()..].trim());
    let is_name = |rest: &&str| rest.starts_with(char::is_alphabetic) && !rest.bytes().any(|byte| byte.is_ascii_digit());
    if let (None, Some(name)) = (verb, after.filter(is_name)) {
        return named(without_connectors(name));
    }
    let before = &line[..verb.or_else(|| VERB_THEN_NAME.find(line)).map_or(line.len(), |verb| verb.start())];
    let stop = DATE_PART.find_iter(before).last().map_or(0, |found| found.end());
    named(without_connectors(&before[stop..]))
}

/// Leaves out the words between date and name: `from`, `użytkownik`, `ο χρήστης`.
fn without_connectors(mut words: &str) -> &str {
    loop {
        words = words.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '.' | '、' | '，' | '،' | '-' | ')'));
        let end = words.find(|c: char| c.is_whitespace() || c == ',').unwrap_or(words.len());
        if end == words.len() || !CONNECTORS.contains(&words[..end].to_lowercase().as_str()) {
            return words;
        }
        words = &words[end..];
    }
}

#[rustfmt::skip]
pub(super) const CONNECTORS: &[&str] = &[
    "on", "from", "by", "am", "um", "uhr", "von", "quoting", "zitat", "citando", "cytowanie", "le", "el", "il", "op", "den", "em", "по", "от", "пользователь",
    "użytkownik", "uživatel", "používateľ", "користувач", "ο", "η", "ο/η", "χρήστης", "gebruiker", "utilisateur", "usuario", "bruker", "мск", "г.", "р.", "г", "р",
    "מאת", "بواسطة", "كتب", "كتبت", "תאריך", "תמת", "تمت", "كتابة", "ما", "يلي", "пише", "dne", "dňa", "tarihinde", "klo", "kl.", "kl", "pukul", "lúc", "vào", "via", "在", "於", "于",
    "kirjoitti", "skrev", "schreef", "schrieb", "hat", "heeft", "a", "ha", "in", "w", "dniu", "dnia", "o", "godz.", "godz", "v", "la", "wiadomość", "napisana", "przez", "odesílatel", "dia", "às", "à", "alle", "ore", "com", "de", "kl", "at", "om",
];

/// A name without quotes, and with the given name first.
pub(super) fn clean_name(name: &str) -> String {
    let edge = |c: char| {
        c.is_whitespace()
            || is_invisible(c)
            || matches!(c, '"' | '\'' | ',' | ':' | ';' | '*' | '<' | '>' | '-' | '(' | '“' | '”')
    };
    let bare = name.trim_matches(edge);
    let bare = bare.strip_suffix(" via").unwrap_or(bare);
    match bare.split_once(", ") {
        Some((family, given)) if !family.contains(' ') && given.split_whitespace().count() <= 2 && !given.is_empty() => {
            format!("{} {family}", given.trim())
        }
        _ => bare.split_whitespace().collect::<Vec<_>>().join(" "),
    }
}

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern")
}

static VERB_LAST: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"(?i)(?:(?:^|[^\p{{L}}])(?:{WROTE_LAST})|{WROTE_LAST_UNSPACED})\s?$")));
static VERB_THEN_NAME: LazyLock<Regex> = LazyLock::new(|| pattern(&format!(r"(?i)(?:^|[^\p{{L}}])(?:{WROTE_THEN_NAME})\s")));
static DATE_PART: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:\d{1,2}[:h.]\d{2}(?:[:.]\d{2})?(?:\s*(?:[ap]\.?\s?m(?-u:\b)\.?|[πμ]\.?μ\.?|م|ص|CH(?-u:\b)|SA(?-u:\b)|uhr(?-u:\b)|h(?-u:\b)|分))?(?:\s*\(?(?:UTC|GMT|WET|CES?T|MES?Z|BST|IST|JST|[ECMP][SD]T)?\s?[+-]\d{1,2}(?::?\d{2})?\)?|\s*(?:UTC|GMT|WET|CES?T|MES?Z|BST|IST|JST|[ECMP][SD]T)(?-u:\b))?|(?-u:\b)\d{4}(?-u:\b)(?:\s?[гр]\.)?|\d{1,2}\s?[日일](?:\s?\([^)]*\))?|(?-u:\b)\d{1,2}[./-]\d{1,2}[./-]\d{2}(?-u:\b))[,،、，\s]*",
    )
});
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| pattern(r"<?\[?\(?(?:mailto:)?([^\s<>\[\]():;,\x22]+@[^\s<>\[\]():;,\x22]+)"));

#[cfg(test)]
mod tests {
    use super::{clean_name, sender};

    #[test]
    fn names_are_cleaned() {
        assert_eq!(clean_name("\"Keller, Dana\""), "Dana Keller");
        assert_eq!(clean_name(" 'O'Brien  Pat' "), "O'Brien Pat");
    }

    #[test]
    fn senders_have_name_and_address() {
        let pair = |name: &str, address: &str| (Some(name.to_owned()), Some(address.to_owned()));
        assert_eq!(sender("\"Keller, Dana\" [mailto:Dana@n.example]"), pair("Dana Keller", "dana@n.example"));
        assert_eq!(sender("dana@n.example"), (None, Some("dana@n.example".to_owned())));
    }
}
