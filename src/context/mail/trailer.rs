//! [`strip`]: leaves out what mail programs and lawyers add below a message.

use std::sync::LazyLock;

use regex::Regex;

use crate::context::lines::{Line, spans};
use crate::context::reading::{Removed, RemovedKind};

/// Takes signatures and footers out of the lines of one message, and returns them. A message of nothing else stays as
/// it is: then it is more likely that we mistake it.
pub(super) fn strip(text: &str, lines: &mut Vec<Line>) -> Vec<Removed> {
    let mut kept = lines.clone();
    let mut removed = Vec::new();
    strip_footers(text, &mut kept, &mut removed);
    strip_delimited(text, &mut kept, &mut removed);
    strip_device_lines(text, &mut kept, &mut removed);
    strip_sign_off(text, &mut kept, &mut removed);
    if kept.iter().all(|line| line.is_blank(text)) {
        return Vec::new();
    }
    *lines = kept;
    removed
}

/// The receipt's lines about what was left out: counts, never the text.
pub(super) fn receipt_lines(removed: &[Removed]) -> Vec<String> {
    let count = |kinds: &[RemovedKind]| removed.iter().filter(|one| kinds.contains(&one.kind)).count();
    let rows = [
        (count(&[RemovedKind::Signature, RemovedKind::DeviceLine]), "signature"),
        (count(&[RemovedKind::LegalFooter, RemovedKind::ListFooter]), "legal or mailing-list footer"),
    ];
    rows.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} × {what}")).collect()
}

fn take(kind: RemovedKind, lines: &[Line], removed: &mut Vec<Removed>) {
    removed.push(Removed { kind, spans: spans(lines) });
}

/// Paragraphs of legal text, and what mailing lists and newsletters put at the end.
fn strip_footers(text: &str, lines: &mut Vec<Line>, removed: &mut Vec<Removed>) {
    let mut kept = Vec::with_capacity(lines.len());
    for paragraph in lines.chunk_by(|before, after| before.is_blank(text) == after.is_blank(text)) {
        let joined: String = paragraph.iter().flat_map(|line| [line.text(text), " "]).collect();
        let is_list_footer = is_ruler(paragraph[0].text(text)) && LIST_FOOTER.is_match(&joined);
        if LEGAL.is_match(&joined) {
            take(RemovedKind::LegalFooter, paragraph, removed);
        } else if is_list_footer || NEWSLETTER.is_match(&joined) && paragraph.len() <= 6 {
            take(RemovedKind::ListFooter, paragraph, removed);
        } else {
            kept.extend_from_slice(paragraph);
        }
    }
    *lines = kept;
}

fn is_ruler(line: &str) -> bool {
    let bare = line.trim();
    bare.len() >= 3 && bare.chars().all(|c| matches!(c, '_' | '-' | '—' | '=' | '*'))
}

/// Everything below `-- ` (RFC 3676 section 4.3) that is as short as a signature.
fn strip_delimited(text: &str, lines: &mut Vec<Line>, removed: &mut Vec<Removed>) {
    let is_delimiter = |line: &Line| matches!(line.text(text).trim_end_matches('\r'), "-- " | "--" | "—" | "– " | "__");
    let Some(at) = lines.iter().rposition(is_delimiter) else { return };
    let below = lines[at + 1..].iter().filter(|line| !line.is_blank(text));
    let (count, longest) = below.fold((0, 0), |(count, longest), line| (count + 1, longest.max(line.end - line.start)));
    if count <= 12 && longest <= 160 {
        take(RemovedKind::Signature, &lines[at..], removed);
        lines.truncate(at);
    }
}

/// "Sent from my phone" and the like.
fn strip_device_lines(text: &str, lines: &mut Vec<Line>, removed: &mut Vec<Removed>) {
    lines.retain(|line| {
        let is_device_line = line.end - line.start <= 90 && DEVICE.is_match(line.text(text).trim());
        if is_device_line {
            take(RemovedKind::DeviceLine, &[*line], removed);
        }
        !is_device_line
    });
}

/// A sign-off at the end with names, titles and numbers below it. A sentence below it (a postscript) is kept.
fn strip_sign_off(text: &str, lines: &mut Vec<Line>, removed: &mut Vec<Removed>) {
    let filled: Vec<usize> = (0..lines.len()).filter(|at| !lines[*at].is_blank(text)).collect();
    let Some(place) = filled.iter().rposition(|at| SIGN_OFF.is_match(lines[*at].text(text).trim())) else { return };
    let block = &filled[place + 1..];
    let own_line_is_signature = lines[filled[place]].text(text).trim().ends_with(',') || !block.is_empty();
    let ends_at = block.iter().position(|at| !is_contact_line(lines[*at].text(text))).unwrap_or(block.len());
    let has_name = ends_at > 0 || block.is_empty();
    if place == 0 && block.is_empty() || !own_line_is_signature || !has_name || ends_at > 12 {
        return;
    }
    let last = if ends_at == 0 { filled[place] } else { block[ends_at - 1] };
    let signature: Vec<Line> = lines.drain(filled[place]..=last).collect();
    take(RemovedKind::Signature, &signature, removed);
}

/// A name, a title, a company, a number or an address: short, and no sentence.
fn is_contact_line(line: &str) -> bool {
    let bare = line.trim();
    let words = bare.split_whitespace().count();
    let is_postscript = bare.to_lowercase().starts_with("ps") || bare.to_lowercase().starts_with("p.s");
    let is_sentence = words >= 4 && bare.ends_with(['.', '?', '!', ':']) || bare.ends_with('?');
    let has_contact = CONTACT.is_match(bare);
    !is_postscript && !is_sentence && bare.chars().count() <= 90 && (words <= 8 || has_contact)
}

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern")
}

static DEVICE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:sent (?:from|via|with) (?:my |a |the )?[^.,;:!?<>]+|sent from (?:mail|outlook|yahoo|proton)[^,;:!?]* for \w+.*|get outlook for .+|download outlook for .+|von meinem .+ gesendet|gesendet (?:von|mit|über) (?:meinem? |outlook )?[^.,;:!?<>]+|envoyé (?:de|depuis|à partir de) (?:mon|ma|l['’]|outlook)\s?[^.,;:!?<>]+|enviado (?:desde|do|de) (?:mi|meu|o meu) [^.,;:!?<>]+|inviato (?:da|dal) (?:mio )?[^.,;:!?<>]+|verzonden (?:vanaf|met|van) (?:mijn )?[^.,;:!?<>]+|sendt fra min [^.,;:!?<>]+|skickat från min [^.,;:!?<>]+)(?: ?<[^<>\s]+>)?\.?$",
    )
});
static SIGN_OFF: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:(?:kind|best|warm|warmest|many)?\s*regards|all the best|best wishes|best|cheers|thanks(?: (?:a lot|so much|again|and regards))?|many thanks|thank you(?: very much)?|sincerely(?: yours)?|yours(?: (?:sincerely|faithfully|truly))?|respectfully|cordially|mit (?:freundlichen|besten|lieben|herzlichen) grüßen|mit freundlichem gruß|(?:viele|beste|liebe|freundliche|herzliche|schöne) grüße|(?:beste[nr]?|lieber|freundlicher) gruß|lg|vg|mfg|cordialement|bien (?:cordialement|à vous)|salutations|sincères salutations|saludos(?: cordiales)?|un saludo|atentamente|cordiali saluti|distinti saluti|saluti|atenciosamente|cumprimentos|abraços|met vriendelijke groet(?:en)?|groet(?:en|jes)?|mvg)\s*[,!.]?$",
    )
});
static CONTACT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\+?\d[\d\s()./-]{6,}|\S+@\S+\.\S+|www\.|https?://|\||·|•"));
static LEGAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\W*(?:confidentiality (?:notice|note|statement)|disclaimer\b|legal notice|important notice|(?:this|the (?:information|content)s? (?:of|in|contained in) this) (?:e-?mail|message|communication)\b.*(?:confidential|privileged|intended|property of)|the information (?:contained|transmitted)\b.*(?:confidential|privileged|intended)|diese (?:e-?mail|nachricht)\b.*vertraulich|der inhalt dieser e-?mail|ce (?:message|courriel|mail)\b.*confidentiel|este (?:mensaje|correo|e-?mail)\b.*confidencial|(?:questo messaggio|questa e-?mail)\b.*riservat|esta mensagem\b.*confidencia|dit (?:bericht|e-?mail)\b.*vertrouwelijk|please consider the environment)",
    )
});
static NEWSLETTER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\W*(?:you are receiving this|you received this (?:e-?mail|message) because|(?:click here )?to unsubscribe|unsubscribe\b|if you no longer wish to receive|view (?:this|it) (?:e-?mail )?(?:in your browser|online)|reply to this e-?mail directly or view it|manage your (?:e-?mail )?preferences|update your preferences|um sich abzumelden|vom newsletter abmelden|se désabonner|pour vous désabonner|darse de baja)",
    )
});
static LIST_FOOTER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)mailing list|/listinfo|unsubscribe|google groups|you are receiving this|reply to this e-?mail")
});

#[cfg(test)]
mod tests {
    use super::strip;
    use crate::context::lines::lines;
    use crate::context::reading::RemovedKind::{self, DeviceLine, LegalFooter, ListFooter, Signature};

    fn kept(text: &str) -> (String, Vec<RemovedKind>) {
        let mut found = lines(text, 0..text.len());
        let removed = strip(text, &mut found);
        let texts: Vec<&str> = found.iter().map(|line| line.text(text)).collect();
        (texts.join("\n").trim().to_owned(), removed.iter().map(|one| one.kind).collect())
    }

    #[test]
    fn signatures_are_left_out() {
        let rows = [
            ("Yes, 45k.\n\n-- \nDana Keller\nCFO\n", "Yes, 45k.", Signature),
            (
                "Yes, 45k.\n\nBest regards,\nDana Keller\nChief Financial Officer | Northwind\n+49 30 1234567\n",
                "Yes, 45k.",
                Signature,
            ),
            ("Ja.\n\nMit freundlichen Grüßen\n\nDana Keller\n", "Ja.", Signature),
            ("Here it is.\n\nSent from my iPhone\n", "Here it is.", DeviceLine),
            ("Here it is.\n\nGet Outlook for iOS<https://aka.example/x>\n", "Here it is.", DeviceLine),
            ("Yes.\n\nThanks,\nDana\n\nPS: we need it by 12 May.\n", "Yes.\n\n\nPS: we need it by 12 May.", Signature),
        ];
        for (text, expected, kind) in rows {
            assert_eq!(kept(text), (expected.to_owned(), vec![kind]), "{text}");
        }
    }

    #[test]
    fn content_that_resembles_a_signature_stays() {
        for text in [
            "Thanks!",
            "Sent from my desk, is much easier than my phone.",
            "A -- b\n\nthanks for the call, we go on",
            "Best,\nwe cannot do it before May. Is that fine?",
        ] {
            assert_eq!(kept(text), (text.to_owned(), Vec::new()));
        }
    }

    #[test]
    fn footers_are_left_out() {
        let text = "Price is 45k.\n\nThis e-mail and any attachments are confidential\nand intended for the addressee.\n\nMore below.\n\n____________\nlist mailing list\nhttp://x.example/listinfo\n";
        assert_eq!(kept(text), ("Price is 45k.\n\n\nMore below.".to_owned(), vec![LegalFooter, ListFooter]));
    }
}
