//! Chats as text: exports of WhatsApp, Telegram and Signal, saved chats of Zoom, messages copied from Teams.
//! Each message has its own date and time. Spans point into the content itself.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::lines::{Line, lines, turn};
use super::numeric_dates::{FileOrder, NO_ZONE, Written, clock, written};
use super::reading::{Draft, Reading};
use super::turns::is_name;
use crate::domain::brief::Span;
use crate::domain::handoff::Source;

/// How a chat names time and sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ChatStyle {
    /// A date, a time and a name before each message.
    Dated,
    /// `10:32:15 From Name to Everyone: text`
    FromName,
}

impl ChatStyle {
    pub(super) fn describe(self) -> &'static str {
        match self {
            Self::Dated => "chat (lines of a date, a time and a name, as WhatsApp exports them)",
            Self::FromName => "chat (lines of a time and From Name, as Zoom saves them)",
        }
    }
}

/// Whether a text is a chat: at least two messages, and most of what looks like one has a sender.
pub(super) fn style_of(text: &str) -> Option<ChatStyle> {
    let sample = &text[..text.floor_char_boundary(text.len().min(SAMPLE_BYTES))];
    let (mut heads, mut named, mut from, mut filled) = (0, 0, 0, 0);
    for line in lines(sample, 0..sample.len()) {
        filled += 1;
        if let Some(head) = head(line.text(sample)) {
            heads += 1;
            named += usize::from(head.name.is_some());
            from += usize::from(head.is_from);
        }
        if filled > LINES_BEFORE && heads == 0 {
            return None;
        }
    }
    let style = if from * 2 > heads { ChatStyle::FromName } else { ChatStyle::Dated };
    (named >= 2 && named * 2 >= heads && heads * 12 >= filled).then_some(style)
}

const SAMPLE_BYTES: usize = 64 << 10;
/// A chat begins with a message, or has a title and a few lines above it.
const LINES_BEFORE: usize = 8;

/// A line that begins a message.
struct Head<'a> {
    date: Option<Written>,
    /// `None`: the chat itself says something, such as that somebody joined.
    name: Option<&'a str>,
    is_from: bool,
    text_from: usize,
}

/// Marks of direction, which WhatsApp puts before lines and names.
const INVISIBLE: [char; 7] = ['\u{200e}', '\u{200f}', '\u{202a}', '\u{202c}', '\u{feff}', '\u{2068}', '\u{2069}'];

fn head(line: &str) -> Option<Head<'_>> {
    let bare = line.trim_start_matches(INVISIBLE).trim_start_matches(' ');
    match bare.as_bytes().first()? {
        b'[' => {
            let (date, rest) = written(&bare[1..])?;
            Some(sender(line, Some(date), rest.strip_prefix(']')?))
        }
        b'0'..=b'9' => match written(bare) {
            Some((date, rest)) => {
                let is_from = from_name(rest).is_some();
                let dash = [" - ", " – ", "\t", ": ", " | "].iter().find_map(|dash| rest.strip_prefix(*dash));
                let rest = if is_from { rest } else { dash? };
                Some(sender(line, Some(date), rest))
            }
            None => {
                let (_, _, rest) = clock(bare)?;
                from_name(rest).map(|_| sender(line, None, rest))
            }
        },
        _ => below(line),
    }
}

/// The sender after a date. Without `Name: text` or a lone name it is a notice of the chat.
fn sender<'a>(line: &'a str, date: Option<Written>, rest: &'a str) -> Head<'a> {
    if let Some((name, text)) = from_name(rest) {
        return Head { date, name: Some(name), is_from: true, text_from: line.len() - text.len() };
    }
    let rest = rest
        .trim_start_matches(INVISIBLE)
        .trim_start()
        .trim_start_matches(INVISIBLE)
        .trim_start_matches("~ ")
        .trim_start_matches('~');
    let stop = rest.floor_char_boundary(rest.len().min(LONGEST_NAME));
    let labelled = rest[..stop].find(':').map(|colon| (rest[..colon].trim(), &rest[colon + 1..]));
    // Senders are names, numbers of phones, or anything else short.
    let labelled = labelled.filter(|(name, text)| {
        !name.is_empty()
            && name.split_whitespace().count() <= 6
            && !name.contains(['“', '"', '„'])
            && (text.is_empty() || text.starts_with(char::is_whitespace))
    });
    match labelled {
        Some((name, text)) => {
            Head { date, name: Some(name.trim_matches(INVISIBLE)), is_from: false, text_from: line.len() - text.len() }
        }
        None if is_name(rest) => Head { date, name: Some(rest.trim()), is_from: false, text_from: line.len() },
        None => Head { date, name: None, is_from: false, text_from: line.len() - rest.len() },
    }
}

/// Bytes of a sender, at most.
const LONGEST_NAME: usize = 100;

/// Zoom: ` From Name to Everyone:` or ` From Name :`. The name, and the text.
fn from_name(rest: &str) -> Option<(&str, &str)> {
    let bare = rest.trim_start_matches([' ', '\t']);
    let bare = bare.strip_prefix("From ").or_else(|| bare.strip_prefix("from "))?.trim_start();
    let stop = bare.floor_char_boundary(bare.len().min(2 * LONGEST_NAME));
    let colon = bare[..stop].find(':')?;
    let whole = bare[..colon].trim();
    let name = [" to ", " To ", "  an "].iter().find_map(|to| whole.split_once(*to)).map_or(whole, |(name, _)| name.trim());
    (!name.is_empty()).then_some((name, &bare[colon + 1..]))
}

/// `Name, [01.05.24 10:32]` or `Name — 05/01/2024 10:32 AM`, with the text below.
fn below(line: &str) -> Option<Head<'_>> {
    if line.len() > LONGEST_NAME + 40 || !line.trim_end().ends_with([']', 'M', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
    {
        return None;
    }
    let (name, rest) = match line.rsplit_once(", [") {
        Some((name, rest)) => (name, rest.trim_end().strip_suffix(']')?),
        None => line.rsplit_once(" — ")?,
    };
    let (date, rest) = written(rest.trim())?;
    (rest.trim().is_empty() && is_name(name)).then(|| Head {
        date: Some(date),
        name: Some(name.trim()),
        is_from: false,
        text_from: line.len(),
    })
}

/// A message, or a notice if nobody sent it.
struct Message<'a> {
    date: Option<Written>,
    name: Option<&'a str>,
    place: Span,
}

/// Reads a chat.
pub(super) fn read(source: &Source, content: &str) -> Reading {
    let all = lines(content, 0..content.len());
    let (messages, above) = messages(content, &all);
    let dates: Vec<Written> = messages.iter().filter_map(|message| message.date).collect();
    let order = FileOrder::learn(&dates);
    let mut reading = Reading { text: content.to_owned(), ..Reading::default() };
    let draft = |passages| Draft { at: source.occurred_at, title: source.title.clone(), passages, ..Draft::default() };
    reading.drafts.extend(above.map(|place| draft(turn(content, place))));
    let mut left_out: BTreeMap<&str, usize> = BTreeMap::new();
    for message in messages {
        let place = without_edit_mark(content, message.place);
        let notice = match message.name {
            None => Some("notice of the chat itself"),
            Some(_) => placeholder(&content[place.start..place.end]),
        };
        if let Some(what) = notice {
            *left_out.entry(what).or_default() += 1;
            continue;
        }
        let at = message.date.and_then(|date| date.at(order.order)).or(source.occurred_at);
        add(&mut reading.drafts, Draft { speaker: message.name.map(str::to_owned), at, ..draft(turn(content, place)) });
    }
    reading.left_out.extend(left_out.into_iter().map(|(what, times)| format!("{times} × {what}")));
    if !dates.is_empty() {
        reading.left_out.push(NO_ZONE.to_owned());
        reading.left_out.extend(order.doubt());
    }
    reading
}

/// The messages, and what stands above the first of them.
fn messages<'a>(content: &'a str, all: &[Line]) -> (Vec<Message<'a>>, Option<Span>) {
    let mut messages: Vec<Message<'_>> = Vec::new();
    let mut above: Option<Span> = None;
    for line in all {
        match (head(line.text(content)), messages.last_mut()) {
            (Some(head), _) => {
                let place = Span { start: line.start + head.text_from, end: line.end };
                messages.push(Message { date: head.date, name: head.name, place });
            }
            (None, Some(message)) => message.place.end = line.end,
            (None, None) if line.is_blank(content) => {}
            (None, None) => above = Some(Span { start: above.map_or(line.start, |above| above.start), end: line.end }),
        }
    }
    (messages, above)
}

/// What somebody writes within this time is one message.
const TOGETHER: SignedDuration = SignedDuration::from_mins(5);

fn add(drafts: &mut Vec<Draft>, draft: Draft) {
    let within = |before: Option<Timestamp>| match (before, draft.at) {
        (Some(before), Some(at)) => at.duration_since(before) <= TOGETHER,
        (before, at) => before == at,
    };
    match drafts.last_mut() {
        _ if draft.passages.is_empty() => {}
        Some(last) if last.speaker == draft.speaker && within(last.at) => last.passages.extend(draft.passages),
        _ => drafts.push(draft),
    }
}

fn without_edit_mark(content: &str, place: Span) -> Span {
    let text = content[place.start..place.end].trim_end();
    let bare =
        ["<This message was edited>", "<Diese Nachricht wurde bearbeitet.>"].iter().find_map(|mark| text.strip_suffix(*mark));
    Span { start: place.start, end: place.start + bare.unwrap_or(text).len() }
}

/// What stands in the place of something that is not in the file.
fn placeholder(text: &str) -> Option<&'static str> {
    const OMITTED: [&str; 7] = [" omitted", " weggelassen", " omitido", " omitida", " omis", " omise", " omesso"];
    const DELETED: [&str; 7] = [
        "This message was deleted",
        "You deleted this message",
        "Diese Nachricht wurde gelöscht",
        "Du hast diese Nachricht gelöscht",
        "Ce message a été supprimé",
        "Se eliminó este mensaje",
        "Questo messaggio è stato eliminato",
    ];
    let text = text.trim_matches(|c: char| c.is_whitespace() || INVISIBLE.contains(&c));
    let bare = text.trim_end_matches('.');
    if text.len() > 200 || text.contains('\n') {
        return None;
    }
    let is_short = text.split_whitespace().count() <= 4;
    match () {
        () if text.starts_with('<') && text.ends_with('>') && !text.contains("://") => {
            Some("picture, recording or file that is not in the text")
        }
        () if is_short && OMITTED.iter().any(|end| bare.ends_with(end)) => {
            Some("picture, recording or file that is not in the text")
        }
        () if text.ends_with("(file attached)") || text.ends_with("(Datei angehängt)") => {
            Some("picture, recording or file that is not in the text")
        }
        () if DELETED.iter().any(|deleted| bare.starts_with(deleted)) => Some("deleted message"),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{ChatStyle, read, style_of};
    use crate::context::testing::source;
    use crate::domain::event::SourceType::CallNote;

    /// `time name: text|text` of every message, then what was left out.
    fn said(content: &str) -> (Vec<String>, Vec<String>) {
        assert!(style_of(content).is_some(), "{content}");
        let mut source = source("chat", CallNote, content);
        source.occurred_at = Some("2024-06-01T16:00:00Z".parse().unwrap());
        let reading = read(&source, content);
        let said = reading.drafts.iter().map(|draft| {
            let texts: Vec<&str> = draft.passages.iter().map(|passage| passage.text.as_str()).collect();
            for passage in &draft.passages {
                assert_eq!(&content[passage.span.start..passage.span.end], passage.text);
            }
            format!("{} {}: {}", draft.at.unwrap(), draft.speaker.as_deref().unwrap_or("-"), texts.join("|"))
        });
        (said.collect(), reading.left_out)
    }

    #[test]
    fn an_export_of_whatsapp_is_read_with_its_times() {
        let ios = "[30.04.24, 12:29:00] Northwind: \u{200e}Messages are end-to-end encrypted.\r\n\u{200e}[01.05.24, 12:30:15] Dana Keller: Can you do 45k?\r\nWe need it by June.\r\n\
            [01.05.24, 12:31:00] Dana Keller: Or less: 40k.\r\n[01.05.24, 12:32:00] ~ Lee: \u{200e}image omitted\r\n[01.05.24, 13:02:01] +49 170 0000000: Yes \u{200e}<This message was edited>\r\n";
        let (messages, left_out) = said(ios);
        assert_eq!(
            messages[1..],
            [
                "2024-05-01T12:30:15Z Dana Keller: Can you do 45k?\r\nWe need it by June.|Or less: 40k.",
                "2024-05-01T13:02:01Z +49 170 0000000: Yes \u{200e}",
            ]
        );
        assert_eq!(
            left_out,
            ["1 × picture, recording or file that is not in the text", "zone of its times: read as UTC, since it names none"]
        );
        let android = "5/1/24, 12:29\u{202f}PM - Messages and calls are end-to-end encrypted. No one outside of this chat can read them.\n5/1/24, 12:30\u{202f}PM - Dana Keller: <Media omitted>\n\
            5/1/24, 12:31\u{202f}PM - Dana Keller: This is the offer\n5/13/24, 1:02\u{202f}PM - Lee Ito: Good.\n5/13/24, 1:03\u{202f}PM - Lee Ito: This message was deleted\n";
        let (messages, left_out) = said(android);
        assert_eq!(messages, ["2024-05-01T12:31:00Z Dana Keller: This is the offer", "2024-05-13T13:02:00Z Lee Ito: Good."]);
        assert_eq!(left_out.len(), 4, "{left_out:?}");
    }

    #[test]
    fn chats_of_other_tools_are_read() {
        let zoom = "10:32:15\t From Dana Keller to Everyone:\tCan you share the link?\n10:33:02\t From  Lee Ito  to  Dana Keller(Direct Message):\n\there\n";
        assert_eq!(style_of(zoom), Some(ChatStyle::FromName));
        assert_eq!(
            said(zoom).0,
            ["2024-06-01T16:00:00Z Dana Keller: Can you share the link?", "2024-06-01T16:00:00Z Lee Ito: here"]
        );
        let old = "10:32:15 From Dana Keller : The price: 45k?\n10:33:02 From Lee Ito : Yes.\n";
        assert_eq!(said(old).0, ["2024-06-01T16:00:00Z Dana Keller: The price: 45k?", "2024-06-01T16:00:00Z Lee Ito: Yes."]);
        let telegram = "Dana Keller, [01.05.24 10:32]\nCan you do 45k?\n\nLee, [01.05.24 10:40]\nYes.\n";
        assert_eq!(said(telegram).0, ["2024-05-01T10:32:00Z Dana Keller: Can you do 45k?", "2024-05-01T10:40:00Z Lee: Yes."]);
        let copied = "[10:32, 13/05/2024] Dana Keller: Can you do 45k?\n[10:50, 13/05/2024] Lee: Yes.\n";
        assert_eq!(said(copied).0, ["2024-05-13T10:32:00Z Dana Keller: Can you do 45k?", "2024-05-13T10:50:00Z Lee: Yes."]);
    }

    #[test]
    fn other_texts_are_no_chats() {
        for text in [
            "[00:05] Dana: Hi.\n[00:09] Lee: Ho.\n",
            "Call on 01.05.24, 10:30\nwith Dana\n",
            "01.05.24 10:30 met Dana\n02.05.24 11:00 met Lee\n",
            "",
            "- a\n- b\n",
        ] {
            assert_eq!(style_of(text), None, "{text}");
        }
    }
}
