//! [`separator`]: lines that part an answer from the message below it: `-----Original Message-----`, `Begin forwarded
//! message:`, `Reply above this line`, rulers above a header block.

use std::sync::LazyLock;

use regex::Regex;

use super::Head;
use super::attribution::{Introduction, IntroductionKind};
use super::block::{Evidence, block};
use super::vocabulary::{begins_forward, is_separator, lower, names_forward, plain};
use super::{author, dates};
use crate::context::lines::Line;

/// A separator has no more bytes.
const LONGEST: usize = 300;

/// A separator at the start of `lines`; a header block right below belongs to it.
pub(super) fn separator(text: &str, lines: &[Line], zone_seconds: i32) -> Option<Introduction> {
    let raw = lines.first()?.text(text).trim();
    if raw.len() > LONGEST || !could_be(raw) {
        return None;
    }
    let line = plain(raw);
    let kind = kind(&line)?;
    let depth = lines[0].depth;
    let blank = lines[1..].iter().take_while(|next| next.is_blank(text)).take(3).count();
    let below = lines.get(1 + blank..).filter(|below| below.first().is_some_and(|next| next.depth == depth));
    if let Some(found) = below.and_then(|below| block(text, below, Evidence::Announced, zone_seconds)) {
        return Some(Introduction::of(found.head, &lines[..1 + blank + found.lines]));
    }
    match kind {
        Kind::Ruler => None,
        Kind::Known => Some(Introduction::of(Head { zone_seconds, ..Head::default() }, &lines[..1])),
        Kind::Marker => {
            let head = Head { zone_seconds, ..Head::default() };
            Some(Introduction { kind: IntroductionKind::Marker, ..Introduction::of(head, &lines[..1]) })
        }
        Kind::Attributed => Some(Introduction::of(author::head(line.trim_matches(is_dash), zone_seconds), &lines[..1])),
        Kind::Notes => Some(Introduction::of(notes_head(&line, zone_seconds), &lines[..1])),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The words are known: it parts messages whatever follows.
    Known,
    /// A ruler, or unknown words between dashes: only above a header block.
    Ruler,
    /// `-----Dana Keller <d@x> wrote: -----`.
    Attributed,
    /// Lotus Notes: `Dana Keller---05/04/2026 03:07:09 PM---Hello Lee`.
    Notes,
    /// "Reply above this line".
    Marker,
}

/// A cheap look before any pattern: a separator begins with a dash or the like, or ends with a colon, or names a line.
fn could_be(raw: &str) -> bool {
    let bytes = raw.as_bytes();
    let begins =
        bytes.first().is_some_and(|byte| matches!(byte, b'-' | b'_' | b'=' | b'*' | b'~' | b'+' | b'#' | b'<' | b'[' | 0xe2));
    begins
        || bytes.ends_with(b":")
        || raw.ends_with('：')
        || bytes.contains(&b'-') && raw.contains("---")
        || ends_like_marker(raw)
}

/// Whether a line is a mark such as "Reply above this line".
pub(super) fn is_marker(raw: &str) -> bool {
    raw.len() <= LONGEST && could_be(raw.trim()) && kind(&plain(raw)) == Some(Kind::Marker)
}

/// Whether the lines that introduce a message say that it was sent on, and not that it is answered.
pub(super) fn is_forward(text: &str, header: &[Line]) -> bool {
    header.first().is_some_and(|line| {
        let raw = line.text(text);
        raw.len() <= LONGEST && could_be(raw.trim()) && names_forward(&lower(&plain(raw)))
    })
}

/// Whether a line ends with the word for a line: "Please reply above this line".
fn ends_like_marker(raw: &str) -> bool {
    let bare = raw.trim_end_matches(['.', ':', '!', ' ']);
    raw.len() <= 120 && MARKER_ENDS.iter().any(|word| bare.ends_with(word))
}

const MARKER_ENDS: [&str; 15] = [
    "reply", "line", "LINE", "Line", "below", "Zeile", "Linie", "ligne", "ínea", "linha", "riga", "regel", "lijn", "linii",
    "linje",
];

fn kind(line: &str) -> Option<Kind> {
    let words = lower(line.trim_matches(is_dash).trim_end_matches(':').trim_matches(is_dash));
    let dashes = line.chars().take_while(|c| is_dash(*c) && *c != ' ').count();
    if dashes >= 2 && (is_separator(&words) || FORWARDED_BY.is_match(&words)) || line.ends_with(':') && begins_forward(&words) {
        return Some(Kind::Known);
    }
    if MARKER.is_match(line) {
        return Some(Kind::Marker);
    }
    if dashes >= 3 {
        let is_attributed = ATTRIBUTED.is_match(line);
        let is_ruler = words.is_empty() && dashes >= 4 || ANY_WORDS.is_match(line);
        return is_attributed.then_some(Kind::Attributed).or(is_ruler.then_some(Kind::Ruler));
    }
    // `*****` and `* * *` are rulers too; so are words that a program puts alone above a block.
    let is_alone = is_separator(&words) && words.contains(' ') && words.chars().count() + 3 >= line.chars().count();
    (line.contains("---") && NOTES.is_match(line)).then_some(Kind::Notes).or(is_alone.then_some(Kind::Ruler))
}

fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '_'
            | '='
            | '*'
            | '~'
            | '+'
            | '#'
            | '>'
            | '<'
            | ' '
            | '‐'
            | '‑'
            | '‒'
            | '–'
            | '—'
            | '―'
            | '─'
            | '━'
            | '|'
            | '['
            | ']'
            | '…'
    )
}

fn notes_head(line: &str, zone_seconds: i32) -> Head {
    let mut parts = line.split("---");
    let name = author::clean_name(parts.next().unwrap_or_default());
    let at = parts.next().and_then(|part| dates::parse(part, zone_seconds));
    Head { name: Some(name).filter(|name| !name.is_empty()), at, zone_seconds, ..Head::default() }
}

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern")
}

static FORWARDED_BY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:(?:forwarded|original message|message) (?:by|from) .+|weitergeleitet von .+|transféré par .+|(?:reenviado|reencaminhado|encaminhado) por .+|inoltrato da .+|doorgestuurd door .+|przesłane przez .+|vidarebefordrat av .+|.+ (?:on|am|le) .+ (?:wrote|schrieb|a écrit))$",
    )
});
static ANY_WORDS: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[-_=*~–—]{3,}\s*[^-_=*~–—].{0,80}?\s*[-_=*~–—]{3,}$"));
static ATTRIBUTED: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^-{3,}\s?.{2,120}\S+@\S+.{0,20} wrote:?\s?-{3,}$"));
static NOTES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(?:Inactive hide details for )?\p{Lu}[^-:]{2,60} ?---\s?\d{1,2}[./-]\d{1,2}[./-]\d{2,4} .{4,20}---")
});
static MARKER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^.{0,40}(?:(?-u:\b)(?:reply|respond|type|write|answer|response|comment)(?-u:\b).{0,40}(?-u:\b)(?:above|over) (?:this|the|that)(?-u:\b).{0,20}(?-u:\b)line(?-u:\b)|reply above(?-u:\b)|please do not (?:write|type|reply) below|(?:do not|don't) (?:write|edit|remove|delete|type) (?:anything )?(?:below|above|under) this|antwort.{0,40}(?:oberhalb|über) dieser (?:zeile|linie)|oberhalb dieser (?:zeile|linie)|au-dessus de cette ligne|encima de esta l[íi]nea|acima (?:desta|dessa) linha|sopra (?:questa|la) riga|boven deze (?:regel|lijn)|powyżej tej linii|ovanför (?:denna|den här) rad|over denne linje|この行より上).{0,60}$",
    )
});

#[cfg(test)]
mod tests {
    use super::separator;
    use crate::context::lines::lines;

    fn taken(text: &str) -> Option<usize> {
        separator(text, &lines(text, 0..text.len()), 0).map(|found| found.lines)
    }

    #[test]
    fn separators_of_many_languages_part_messages() {
        for line in [
            "-----Original Message-----",
            "----- Original message -----",
            "-------- Ursprüngliche Nachricht --------",
            "-------- Message d’origine --------",
            "-----Mensaje original-----",
            "-----Mensagem original-----",
            "-----Messaggio originale-----",
            "-----Oorspronkelijk bericht-----",
            "-----Wiadomość oryginalna-----",
            "-------- Oprindelig besked --------",
            "-----Opprinnelig melding-----",
            "-----Ursprungligt meddelande-----",
            "---------- Välitetty viesti ---------",
            "-----Původní zpráva-----",
            "-----Eredeti üzenet-----",
            "-----Mesaj original-----",
            "-----Özgün İleti-----",
            "-----Исходное сообщение-----",
            "-------- Αρχικό μήνυμα --------",
            "-----הודעה מקורית-----",
            "-----الرسالة الأصلية-----",
            "------------------ 原始邮件 ------------------",
            "-----Original Message-----\u{a0}",
            "-----원본 메시지-----",
            "---------- Forwarded message ---------",
            "---------------------- Forwarded by Dana Keller/North on 05/04/2026 03:07 PM ---------------------------",
            "Begin forwarded message:",
            "Début du message réexpédié :",
            "##- Please type your reply above this line -##",
            "--- Reply above this line ---",
            "##- Bitte geben Sie Ihre Antwort oberhalb dieser Zeile ein. -##",
            "-----Dana Keller <dana@n.example> wrote: -----",
            "Dana Keller ---05/04/2026 03:07:09 PM---Hello Lee, can we",
        ] {
            assert_eq!(taken(line), Some(1), "{line}");
        }
    }

    #[test]
    fn rulers_part_messages_only_above_a_header_block() {
        let block = "From: Dana Keller <dana@n.example>\nSent: 4 May 2026\n";
        for ruler in
            ["________________________________", "-----------", " ------------------------------ ", "====", "---- Zpráva ----"]
        {
            assert_eq!(taken(&format!("{ruler}\n{block}\nText")), Some(3), "{ruler}");
            assert_eq!(taken(&format!("{ruler}\nText\n")), None, "{ruler}");
        }
    }

    #[test]
    fn sentences_are_no_separator() {
        for line in [
            "The price is above the line we drew.",
            "- original message",
            "We sent the original message:",
            "--",
            "** Next steps **",
        ] {
            assert_eq!(taken(line), None, "{line}");
        }
    }
}
