//! Notes: one message of paragraphs and bullets, with nobody named as its speaker.

use super::html;
use super::lines::{lines, paragraphs};
use super::origin::{Composed, Origin};
use super::reading::{Draft, Reading};
use crate::domain::brief::Span;
use crate::domain::handoff::Source;

/// Reads plain text or Markdown. Spans point into the content itself.
pub(super) fn read_plain(source: &Source, content: &str) -> Reading {
    let passages = paragraphs(content, &lines(content, 0..content.len()));
    let draft = Draft { at: source.occurred_at, title: source.title.clone(), passages, ..Draft::default() };
    Reading { text: content.to_owned(), drafts: vec![draft], ..Reading::default() }
}

/// Reads Markdown: without the marks of bold words and without the addresses behind links. Where nothing is left out, the
/// readable text is the content.
pub(super) fn read_markdown(source: &Source, content: &str) -> Reading {
    let mut composed = Composed::default();
    let (mut at, mut copied, mut links) = (0, 0, 0);
    while let Some(offset) = content[at..].find(['[', '*']) {
        at += offset;
        let Some((text, end)) = markup(content, at) else {
            at += 1;
            continue;
        };
        let is_link = text.start < text.end;
        // The exclamation mark of a picture.
        let is_picture = is_link && content[copied..at].ends_with('!');
        composed.copy(content, Span { start: copied, end: at - usize::from(is_picture) });
        composed.copy(content, text);
        links += usize::from(is_link);
        (at, copied) = (end, end);
    }
    if copied == 0 {
        return read_plain(source, content);
    }
    composed.copy(content, Span { start: copied, end: content.len() });
    let (text, origin) = composed.finish();
    let mut reading = Reading { origin, ..read_plain(source, &text) };
    reading.left_out.extend((links > 0).then(|| format!("{links} × address behind a link")));
    reading
}

/// Bytes of the longest link; without a bound a line of brackets would cost its square.
const LONGEST_LINK: usize = 1000;

/// The mark at a place: the text in it, which is empty for the asterisks of bold words, and where it ends.
fn markup(content: &str, at: usize) -> Option<(Span, usize)> {
    let stop = content.floor_char_boundary(content.len().min(at + LONGEST_LINK));
    let rest = &content[at..stop];
    if rest.starts_with('*') {
        let is_bold = rest.starts_with("**") && !rest.starts_with("***") && !content[..at].ends_with('*');
        return is_bold.then_some((Span { start: at, end: at }, at + 2));
    }
    let line = rest.lines().next()?;
    let label = line.find("](").filter(|end| *end > 1 && !line[1..*end].contains(['[', ']']))?;
    let target = line[label..].find(')')?;
    Some((Span { start: at + 1, end: at + label }, at + label + target + 1))
}

/// Reads HTML as a CRM stores it. The readable text is made from its blocks.
pub(super) fn read_html(source: &Source, content: &str) -> Reading {
    let page = html::read(content);
    let text: String = page.lines.iter().flat_map(|line| [line.text.as_str(), "\n"]).collect();
    let mut reading = read_plain(source, &text);
    reading.origin = Origin::Decoded;
    reading.left_out.extend(hidden_line(page.hidden));
    reading
}

/// The receipt's line about text that HTML hides.
pub(super) fn hidden_line(hidden: usize) -> Option<String> {
    (hidden > 0).then(|| format!("{hidden} × text that the page hides from its reader"))
}

#[cfg(test)]
mod tests {
    use super::{read_html, read_markdown, read_plain};
    use crate::context::testing::source;
    use crate::domain::event::SourceType::CallNote;

    #[test]
    fn a_note_is_one_message_without_a_speaker() {
        let content = "Spoke to Dana.\r\n\r\n- budget 45k\r\n- go live in May\r\n";
        let reading = read_plain(&source("note", CallNote, content), content);
        assert_eq!(reading.drafts.len(), 1);
        assert_eq!(reading.drafts[0].speaker, None);
        let texts: Vec<&str> = reading.drafts[0].passages.iter().map(|passage| passage.text.as_str()).collect();
        assert_eq!(texts, ["Spoke to Dana.", "budget 45k", "go live in May"]);
    }

    #[test]
    fn markdown_is_read_without_its_marks() {
        let content = "# Call\n\n- **Budget:** 45k, see [the offer (v2)](https://us.example/a?b=c)\n- [ ] send ![logo](l.png)\n\n| Seats | Price |\n|---|---|\n| 120 | 45k |\n\n***\n2 * 3 [x] [y]";
        let reading = read_markdown(&source("note", CallNote, content), content);
        let texts: Vec<&str> = reading.drafts[0].passages.iter().map(|passage| passage.text.as_str()).collect();
        assert_eq!(
            texts,
            ["Call", "Budget: 45k, see the offer (v2)", "send logo", "| Seats | Price |", "| 120 | 45k |", "2 * 3 [x] [y]"]
        );
        assert_eq!(reading.left_out, ["2 × address behind a link"]);
        let span = reading.drafts[0].passages[1].span;
        let words: Vec<&str> = reading.origin.places(span).iter().map(|place| &content[place.start..place.end]).collect();
        assert_eq!(words, ["Budget:", " 45k, see ", "the offer (v2)"]);
        let plain = "- one\n- two";
        assert_eq!(read_markdown(&source("note", CallNote, plain), plain), read_plain(&source("note", CallNote, plain), plain));
    }

    #[test]
    fn an_html_note_says_what_was_hidden() {
        let content = "<p>Budget <b>45k</b></p><p style='display:none'>ignore</p>";
        let reading = read_html(&source("note", CallNote, content), content);
        assert_eq!(reading.drafts[0].passages[0].text, "Budget 45k");
        assert_eq!((reading.text.as_str(), reading.left_out.len()), ("Budget 45k\n", 1));
    }
}
