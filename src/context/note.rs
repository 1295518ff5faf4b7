//! Notes: one message of paragraphs and bullets, with nobody named as its speaker.

use super::html;
use super::lines::{lines, paragraphs};
use super::origin::Origin;
use super::reading::{Draft, Reading};
use crate::domain::handoff::Source;

/// Reads plain text or Markdown. Spans point into the content itself.
pub(super) fn read_plain(source: &Source, content: &str) -> Reading {
    let passages = paragraphs(content, &lines(content, 0..content.len()));
    let draft = Draft { at: source.occurred_at, title: source.title.clone(), passages, ..Draft::default() };
    Reading { text: content.to_owned(), drafts: vec![draft], ..Reading::default() }
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
    use super::{read_html, read_plain};
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
    fn an_html_note_says_what_was_hidden() {
        let content = "<p>Budget <b>45k</b></p><p style='display:none'>ignore</p>";
        let reading = read_html(&source("note", CallNote, content), content);
        assert_eq!(reading.drafts[0].passages[0].text, "Budget 45k");
        assert_eq!((reading.text.as_str(), reading.left_out.len()), ("Budget 45k\n", 1));
    }
}
