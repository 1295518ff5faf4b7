//! [`introduction`]: the lines that introduce a quoted or forwarded message, in the languages of the mail programs.

use std::sync::LazyLock;

use regex::Regex;

use super::Head;
use super::dates;
use crate::context::lines::Line;

/// A header of a copied message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Introduction {
    pub(super) head: Head,
    /// How many lines it takes.
    pub(super) lines: usize,
}

/// The introduction at the start of `lines`, if there is one. `zone_seconds` is the clock of the mail that copies.
pub(super) fn introduction(text: &str, lines: &[Line], zone_seconds: i32) -> Option<Introduction> {
    let first = lines.first()?.text(text);
    if first.len() > 400 {
        return None;
    }
    separator(text, lines, zone_seconds)
        .or_else(|| block(text, lines, 3, zone_seconds))
        .or_else(|| wrote_line(text, lines, zone_seconds))
}

/// `-----Original Message-----` and the like; a header block right after it belongs to it.
fn separator(text: &str, lines: &[Line], zone_seconds: i32) -> Option<Introduction> {
    let line = lines[0].text(text).trim();
    let is_known = KNOWN_SEPARATOR.is_match(line);
    if !is_known && !ANY_SEPARATOR.is_match(line) {
        return None;
    }
    let blank = lines[1..].iter().take_while(|next| next.is_blank(text)).take(2).count();
    match block(text, &lines[1 + blank..], 2, zone_seconds) {
        Some(found) => Some(Introduction { head: found.head, lines: 1 + blank + found.lines }),
        None => is_known.then(|| Introduction { head: Head { zone_seconds, ..Head::default() }, lines: 1 }),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    From,
    Date,
    To,
    Subject,
    Other,
}

/// Lines of `From:`, `Sent:`, `To:`, `Subject:` in any order, at least `least` of them and one of the sender.
fn block(text: &str, lines: &[Line], least: usize, zone_seconds: i32) -> Option<Introduction> {
    let depth = lines.first()?.depth;
    let mut head = Head { zone_seconds, ..Head::default() };
    let (mut keys, mut used, mut has_sender) = (0, 0, false);
    let mut last = None;
    for line in lines.iter().take(16) {
        let raw = line.text(text);
        if line.depth != depth || line.is_blank(text) {
            break;
        }
        match key_and_value(raw) {
            Some((key, value)) => {
                keys += 1;
                has_sender |= key == Key::From;
                fill(&mut head, key, value, zone_seconds);
                last = Some((key, value));
            }
            // A list of receivers may go on in the next line.
            None if last.is_some_and(|(key, value)| goes_on(key, value, raw)) => {
                let is_sender = last.is_some_and(|(key, _)| key == Key::From);
                head.address = head.address.take().or_else(|| sender(raw).1.filter(|_| is_sender));
                last = last.map(|(key, _)| (key, raw));
            }
            None => break,
        }
        used += 1;
    }
    (has_sender && keys >= least).then_some(Introduction { head, lines: used })
}

fn goes_on(key: Key, value: &str, line: &str) -> bool {
    if key == Key::From {
        return !value.contains('@') && line.trim_start().starts_with('<');
    }
    let is_list = matches!(key, Key::To | Key::Other);
    is_list && (value.trim_end().ends_with([';', ',']) || line.starts_with([' ', '\t'])) && line.contains(['@', ';', '<'])
}

fn key_and_value(line: &str) -> Option<(Key, &str)> {
    let bare = line.trim_start_matches([' ', '\t', '*', '>', '_']);
    let colon = bare.char_indices().take(32).find(|(_, c)| *c == ':').map(|(at, _)| at)?;
    let name = bare[..colon].trim_matches([' ', '*', '\u{a0}', '_', '\t']).to_lowercase();
    let value = bare[colon + 1..].trim_matches([' ', '*', '\u{a0}', '_', '\t']);
    let key = KEYS.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(key, _)| *key)?;
    Some((key, value))
}

const KEYS: [(Key, &[&str]); 5] = [
    (Key::From, &["from", "von", "de", "da", "van", "fra", "från", "od", "expéditeur", "absender", "mittente", "remitente"]),
    (
        Key::Date,
        &[
            "sent",
            "date",
            "gesendet",
            "datum",
            "envoyé",
            "envoyé le",
            "enviado",
            "enviado el",
            "enviada em",
            "fecha",
            "data",
            "inviato",
            "verzonden",
            "dato",
            "skickat",
            "sendt",
            "message du",
            "sent at",
        ],
    ),
    (Key::To, &["to", "an", "à", "a", "para", "aan", "til", "till", "do", "pour"]),
    (
        Key::Subject,
        &["subject", "betreff", "objet", "asunto", "oggetto", "assunto", "onderwerp", "emne", "ämne", "temat", "sujet"],
    ),
    (
        Key::Other,
        &[
            "cc",
            "bcc",
            "kopie",
            "copie à",
            "kopie (cc)",
            "reply-to",
            "importance",
            "attachments",
            "anlagen",
            "priority",
            "wichtigkeit",
        ],
    ),
];

fn fill(head: &mut Head, key: Key, value: &str, zone_seconds: i32) {
    match key {
        Key::From => (head.name, head.address) = sender(value),
        Key::Date => head.at = dates::parse(value, zone_seconds),
        Key::Subject => head.subject = Some(value.to_owned()).filter(|subject| !subject.is_empty()),
        Key::To | Key::Other => {}
    }
}

/// `On <date>, <name> <address> wrote:` in one line or wrapped over up to four.
fn wrote_line(text: &str, lines: &[Line], zone_seconds: i32) -> Option<Introduction> {
    let (taken, joined) = joined_wrote_line(text, lines)?;
    // "On Monday we …" may stand right before the line that is meant.
    let begins_later = (1..taken)
        .any(|from| OPENER.is_match(lines[from].text(text).trim_start()) && joined_wrote_line(text, &lines[from..]).is_some());
    (!begins_later).then(|| Introduction { head: author(&joined, zone_seconds), lines: taken })
}

fn joined_wrote_line(text: &str, lines: &[Line]) -> Option<(usize, String)> {
    let first = lines.first()?;
    let start = first.text(text).trim();
    if !OPENER.is_match(start) && !start.contains('@') {
        return None;
    }
    let mut joined = String::new();
    for (n, line) in lines.iter().take(4).enumerate() {
        let part = line.text(text).trim();
        if part.is_empty() || line.depth != first.depth || joined.len() + part.len() > 400 {
            return None;
        }
        joined.push_str(if n > 0 { " " } else { "" });
        joined.push_str(part);
        if NO_COLON.is_match(&joined) {
            return Some((n + 1, joined));
        }
        let names_somebody = joined.contains('@') || joined.bytes().any(|byte| byte.is_ascii_digit());
        if joined.ends_with(':')
            && names_somebody
            && (WROTE.is_match(&joined) || NAMED_WROTE.is_match(&joined) || DATED.is_match(&joined))
        {
            return Some((n + 1, joined));
        }
    }
    None
}

fn author(line: &str, zone_seconds: i32) -> Head {
    let bare = line.trim_end_matches(':').trim();
    let address = ADDRESS.captures(bare).map(|found| found[1].to_lowercase());
    let verb = VERB.find_iter(bare).last();
    // "schrieb Dana Keller" after the verb, or "Dana Keller wrote" before it.
    let after = verb.map(|verb| bare[verb.end()..].trim()).filter(|rest| rest.chars().any(char::is_alphabetic));
    let before = &bare[..verb.map_or(bare.len(), |verb| verb.start())];
    let said = after.unwrap_or_else(|| {
        let stop = DATE_PART.find_iter(before).last().map_or(0, |found| found.end());
        &before[stop..]
    });
    let (name, _) = sender(said);
    let at = dates::parse(before, zone_seconds).or_else(|| dates::parse(bare, zone_seconds));
    Head { name, address, at, zone_seconds, ..Head::default() }
}

/// Name and address of `Dana Keller <dana@x>`, `"Keller, Dana" [mailto:dana@x]` or `dana@x`.
fn sender(value: &str) -> (Option<String>, Option<String>) {
    let address = ADDRESS.captures(value).map(|found| found[1].to_lowercase());
    let end = value.find(['<', '[']).or_else(|| value.find('@').map(|_| 0)).unwrap_or(value.len());
    let name = clean_name(&value[..end]);
    (Some(name).filter(|name| name.chars().any(char::is_alphabetic)), address)
}

/// A name without quotes, and with the given name first.
pub(super) fn clean_name(name: &str) -> String {
    let edge = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | ':' | ';' | '*' | '<' | '>' | '-' | '(' | '“' | '”');
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

static KNOWN_SEPARATOR: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:[-_=*> ]{2,}\s*(?:original message|original appointment|forwarded message|forwarded by.*|ursprüngliche nachricht|originalnachricht|original-nachricht|weitergeleitete nachricht|message d['’]origine|message original|message transféré|message transmis|mensaje original|mensaje reenviado|messaggio originale|messaggio inoltrato|mensagem original|mensagem encaminhada|oorspronkelijk bericht|doorgestuurd bericht|oprindelig (?:besked|meddelelse)|ursprungligt meddelande)\s*[-_=* ]{2,}|begin forwarded message:|anfang der weitergeleiteten nachricht:|début du message (?:réexpédié|transféré)\s*:|inicio del mensaje reenviado:)$",
    )
});
static ANY_SEPARATOR: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(?:-{4,}\s*[^-]+?\s*-{4,}|[-_=]{4,}[-_= ]*)$"));
static OPENER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)^(?:on|am|le|el|il|em|no dia|op|den|på|w dniu|dnia|in data|\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4})\b")
});
static WROTE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:on|am|le|el|il|em|no dia|op|den|på|w dniu|dnia|in data)\b.+(?:wrote|a écrit|escribió|ha scritto|escreveu|skrev|napisał\(?a?\)?|heeft.+geschreven|het volgende geschreven|(?:schrieb|schreef)\b.*)\s*:$",
    )
});
static NAMED_WROTE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)^[^:]*[<(]\S+@\S+[>)].*\b(?:wrote|schrieb|a écrit|escribió|ha scritto|escreveu|schreef|skrev)\b.*:$")
});
static DATED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^[^:]*\b(?:\d{4}\b.*\d{1,2}[:.]\d{2}|\d{1,2}[:.]\d{2}.*\b\d{4}\b).*<\S+@\S+>\s*:$"));
/// Some programs forget the colon. Without an address that would be a sentence.
static NO_COLON: LazyLock<Regex> = LazyLock::new(|| pattern(r"^On\b.+\b\d{4}\b.+<?\S+@\S+>? wrote$"));
static VERB: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(?:wrote|a écrit|escribió|ha scritto|escreveu|schreef|schrieb|skrev|napisał|heeft)|>wrote"));
static DATE_PART: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:\b\d{1,2}[:h.]\d{2}(?:[:.]\d{2})?(?:\s*[ap]\.?\s?m\b\.?)?(?:\s*(?:uhr\b|\(?(?:UTC|GMT|WET|CES?T|MES?Z|BST|IST|JST|[ECMP][SD]T)?\s?[+-]\d{1,2}(?::?\d{2})?\)?|(?:UTC|GMT|WET|CES?T|MES?Z|BST|IST|JST|[ECMP][SD]T)\b))?|\b\d{4}\b|^(?:on|am|le|el|il|em|op)\b)[,\s]*",
    )
});
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:mailto:)?([^\s<>\[\]():;,\x22]+@[^\s<>\[\]():;,\x22]+)"));

#[cfg(test)]
mod tests {
    use super::{clean_name, introduction};
    use crate::context::lines::lines;

    fn intro(text: &str) -> Option<(String, String, String, usize)> {
        let found = introduction(text, &lines(text, 0..text.len()), 0)?;
        let head = found.head;
        Some((
            head.name.unwrap_or_default(),
            head.address.unwrap_or_default(),
            head.at.map_or_else(String::new, |at| at.to_string()),
            found.lines,
        ))
    }

    #[test]
    fn attribution_lines_of_many_languages_name_sender_and_time() {
        let rows = [
            (
                "On Wed, May 18, 2016 at 11:10 PM Steven Scott <n@hub.example>\nwrote:",
                "Steven Scott",
                "n@hub.example",
                "2016-05-18T23:10:00Z",
            ),
            ("On 9 Jan 2014, at 2:47, George Plymale wrote:", "George Plymale", "", "2014-01-09T02:47:00Z"),
            (
                "On Dec 8, 2013 2:10 PM, \"John Sullivan\" <n@hub.example> wrote:",
                "John Sullivan",
                "n@hub.example",
                "2013-12-08T14:10:00Z",
            ),
            ("Am 04.05.2026 um 15:07 schrieb Dana Keller <d@n.example>:", "Dana Keller", "d@n.example", "2026-05-04T15:07:00Z"),
            (
                "Am Mo., 4. Mai 2026 um 15:07 Uhr schrieb Dana Keller <\nd@n.example>:",
                "Dana Keller",
                "d@n.example",
                "2026-05-04T15:07:00Z",
            ),
            (
                "Le lun. 15 nov. 2021 à 19:42, Jean Petit <j@a.example>\na écrit :",
                "Jean Petit",
                "j@a.example",
                "2021-11-15T19:42:00Z",
            ),
            (
                "El lun, 4 may 2026 a las 15:07, Ana Ruiz (<ana@x.example>) escribió:",
                "Ana Ruiz",
                "ana@x.example",
                "2026-05-04T15:07:00Z",
            ),
            (
                "Il giorno lun 4 mag 2026 alle ore 15:07 Anna Rossi <anna@x.example> ha scritto:",
                "Anna Rossi",
                "anna@x.example",
                "2026-05-04T15:07:00Z",
            ),
            (
                "Em seg., 4 de mai. de 2026 às 15:07, Rui Sá <rui@x.example> escreveu:",
                "Rui Sá",
                "rui@x.example",
                "2026-05-04T15:07:00Z",
            ),
            (
                "In data 11 ottobre 2017 21:11:31 \"Anna Rossi\" <anna@x.example> ha scritto:",
                "Anna Rossi",
                "anna@x.example",
                "2017-10-11T21:11:31Z",
            ),
            ("30.09.2017, 18.30, \"Ivan Li\" <ivan@x.example>:", "Ivan Li", "ivan@x.example", "2017-09-30T18:30:00Z"),
            (
                "On Wed, 14 Nov 2018 08:14:43 -0200 Dana Keller <d@n.example> wrote",
                "Dana Keller",
                "d@n.example",
                "2018-11-14T10:14:43Z",
            ),
            (
                "Op 12 december 2016 19:05 schreef Piet Bos <\npiet@x.example>:",
                "Piet Bos",
                "piet@x.example",
                "2016-12-12T19:05:00Z",
            ),
        ];
        for (line, name, address, at) in rows {
            let expected = Some((name.to_owned(), address.to_owned(), at.to_owned(), line.lines().count()));
            assert_eq!(intro(line), expected, "{line}");
        }
    }

    #[test]
    fn sentences_are_no_attribution() {
        for line in
            ["On Monday we talked about 3 things:", "One more: on 4 May he wrote:", "From: here to there", "Le prix est de 45k:"]
        {
            assert_eq!(intro(line), None, "{line}");
        }
        let two = "On 3 May we met.\nOn 4 May 2026 at 10:00 Dana Keller wrote:";
        assert_eq!(intro(two), None);
    }

    #[test]
    fn header_blocks_are_read_with_wrapped_receivers() {
        let block = "*De :* Dana Keller [mailto:dana@n.example]\n*Envoyé :* lundi 4 mai 2026 15:07\n*À :* Lee;\n  ana@n.example\n*Objet :* Prix\n\ntexte";
        assert_eq!(
            intro(block),
            Some(("Dana Keller".to_owned(), "dana@n.example".to_owned(), "2026-05-04T15:07:00Z".to_owned(), 5))
        );
    }

    #[test]
    fn names_are_cleaned() {
        assert_eq!(clean_name("\"Keller, Dana\""), "Dana Keller");
        assert_eq!(clean_name(" 'O'Brien  Pat' "), "O'Brien Pat");
    }
}
