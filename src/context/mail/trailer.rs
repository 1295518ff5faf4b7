//! [`strip`]: leaves out what mail programs and lawyers add below a message.

use std::ops::Range;

use super::device::is_device_line;
use super::footer::{footer, is_ruler};
use super::sign_off::{is_contact_line, signature};
use crate::context::lines::{Line, lines, spans};
use crate::context::material::Passage;
use crate::context::reading::{Removed, RemovedKind};
use crate::domain::brief::Span;

/// Takes signatures and footers out of the lines of one message, and returns them. A message of nothing else stays as
/// it is: then it is more likely that we mistake it.
pub(super) fn strip(text: &str, lines: &mut Vec<Line>) -> Vec<Removed> {
    let mut kept = lines.clone();
    let mut removed = Vec::new();
    strip_footers(text, &mut kept, &mut removed);
    strip_delimited(text, &mut kept, &mut removed);
    strip_device_lines(text, &mut kept, &mut removed);
    if let Some(place) = signature(text, &kept) {
        let signature: Vec<Line> = kept.drain(place).collect();
        take(RemovedKind::Signature, &signature, &mut removed);
    }
    if kept.iter().all(|line| line.is_blank(text)) {
        // A line that a phone added is never what somebody meant to say.
        kept.clone_from(lines);
        removed.clear();
        strip_device_lines(text, &mut kept, &mut removed);
    }
    *lines = kept;
    removed
}

/// The place, within the lines of a mail's own words, of a message that stands below "Sent from my phone" without any
/// header: programs of phones quote so. Whatever looks like a signature or a footer is none.
pub(super) fn unmarked_quote(text: &str, lines: &[Line]) -> Option<Range<usize>> {
    let device = lines.iter().position(|line| is_device_line(line.text(text)))?;
    let has_words = |lines: &[Line]| lines.iter().any(|line| line.text(text).contains(char::is_alphanumeric));
    if !has_words(&lines[..device]) {
        return None;
    }
    let start = device + 1;
    // A gap: other messages stand between, so what follows is an answer to them.
    let end = (start..lines.len()).find(|at| lines[*at].start.saturating_sub(lines[at - 1].end) > 2).unwrap_or(lines.len());
    let mut rest = vec![lines[device]];
    rest.extend_from_slice(&lines[start..end]);
    // Below a word that stands for the answer, footers and signatures are known as such.
    let mut kept = Vec::new();
    let mut removed = Vec::new();
    strip_footers(text, &mut rest, &mut removed);
    strip_delimited(text, &mut rest, &mut removed);
    if let Some(place) = signature(text, &rest) {
        rest.drain(place);
    }
    kept.extend(rest.into_iter().filter(|line| !is_device_line(line.text(text))));
    has_words(&kept).then_some(start..end)
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

/// What a signature says of its sender: its lines below the sign-off, if there are more than a name.
pub(super) fn contact(text: &str, removed: &[Removed]) -> Option<Passage> {
    let signature = removed.iter().find(|one| one.kind == RemovedKind::Signature)?;
    let whole = signature.spans.first()?.start..signature.spans.last()?.end;
    let says_something = |line: &Line| line.text(text).contains(char::is_alphabetic);
    let mut filled = lines(text, whole.clone());
    filled.retain(says_something);
    let from = filled.iter().position(|line| !line.text(text).trim_end().ends_with(','))?;
    let block = filled.get(from..).filter(|block| (2..=MOST_CONTACT_LINES).contains(&block.len()))?;
    crate::context::lines::signature(text, Span { start: block[0].start, end: whole.end })
}

/// A longer signature is advertising.
const MOST_CONTACT_LINES: usize = 8;

fn take(kind: RemovedKind, lines: &[Line], removed: &mut Vec<Removed>) {
    removed.push(Removed { kind, spans: spans(lines) });
}

/// Footers stand in the last paragraphs of a message, with few others between; a banner stands in the first one.
const LAST_PARAGRAPHS: usize = 16;
const OTHERS_BETWEEN: usize = 3;

/// Paragraphs of legal text, and what mailing lists and newsletters put at the end.
fn strip_footers(text: &str, lines: &mut Vec<Line>, removed: &mut Vec<Removed>) {
    let paragraphs: Vec<&[Line]> = lines.chunk_by(|before, after| before.is_blank(text) == after.is_blank(text)).collect();
    let kinds = footers(text, &paragraphs);
    if kinds.iter().all(Option::is_none) {
        return;
    }
    let mut kept = Vec::with_capacity(lines.len());
    for (paragraph, kind) in paragraphs.iter().zip(kinds) {
        match kind {
            Some(kind) => take(kind, paragraph, removed),
            None => kept.extend_from_slice(paragraph),
        }
    }
    *lines = kept;
}

/// Which paragraphs are footers. Only those at the edges are looked at: it costs more than all else.
fn footers(text: &str, paragraphs: &[&[Line]]) -> Vec<Option<RemovedKind>> {
    let kind = |at: usize, before| footer(&paragraphs[at].iter().map(|line| line.text(text)).collect::<Vec<_>>(), before);
    let filled: Vec<usize> = (0..paragraphs.len()).filter(|at| !paragraphs[*at][0].is_blank(text)).collect();
    let mut kinds = vec![None; paragraphs.len()];
    let mut others = 0;
    for at in filled.iter().rev().take(LAST_PARAGRAPHS) {
        kinds[*at] = kind(*at, None);
        others = if kinds[*at].is_some() { 0 } else { others + 1 };
        if others == OTHERS_BETWEEN {
            break;
        }
    }
    if let Some(first) = filled.first().filter(|first| kinds[**first].is_none()) {
        kinds[*first] = kind(*first, None);
    }
    // Legal text goes on in paragraphs that alone would be none.
    for pair in filled.windows(2) {
        if kinds[pair[0]] == Some(RemovedKind::LegalFooter) && kinds[pair[1]].is_none() {
            kinds[pair[1]] = kind(pair[1], Some(RemovedKind::LegalFooter));
        }
    }
    kinds
}

/// Below `-- ` (RFC 3676 section 4.3) and its like stands a signature, if it is as short as one.
fn strip_delimited(text: &str, lines: &mut Vec<Line>, removed: &mut Vec<Removed>) {
    let is_delimiter = |line: &Line| {
        let bare = line.text(text).trim_end_matches(['\r', ' ', '\u{a0}']);
        matches!(bare, "--" | "---" | "—" | "–" | "__" | "___" | "-- --" | "*--*" | "──")
    };
    let is_short = |at: &usize| {
        let below = lines[at + 1..].iter().filter(|line| !line.is_blank(text));
        let (count, longest) = below.fold((0, 0), |(count, longest), line| (count + 1, longest.max(line.end - line.start)));
        count <= 15 && longest <= 200
    };
    // A ruler may part anything, but a few lines of names and numbers below it are a signature.
    let is_ruled_signature = |at: &usize| {
        let below = lines[at + 1..].iter().filter(|line| !line.is_blank(text));
        let contact = below.clone().take_while(|line| is_contact_line(line.text(text))).count();
        *at > 0 && is_ruler(lines[*at].text(text)) && (1..=8).contains(&contact) && below.count() == contact
    };
    let first_looked_at = lines.len().saturating_sub(60);
    let found = (first_looked_at..lines.len()).find(|at| is_delimiter(&lines[*at]) && is_short(at) || is_ruled_signature(at));
    let Some(at) = found else { return };
    take(RemovedKind::Signature, &lines[at..], removed);
    lines.truncate(at);
}

/// "Sent from my phone" and the like.
fn strip_device_lines(text: &str, lines: &mut Vec<Line>, removed: &mut Vec<Removed>) {
    lines.retain(|line| {
        let is_device_line = is_device_line(line.text(text));
        if is_device_line {
            take(RemovedKind::DeviceLine, &[*line], removed);
        }
        !is_device_line
    });
}

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
