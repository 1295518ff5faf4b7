//! [`split`]: one mail's lines → the messages in it: its own, and those it quotes or forwards.

use super::Head;
use super::attribution::{IntroductionKind, introduction};
use super::trailer::unmarked_quote;
use crate::context::lines::{Line, is_complete};

/// One message within a mail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) head: Head,
    /// The lines that introduce a copied message.
    pub(super) header: Vec<Line>,
    /// Not always together: a reply may stand between the lines it answers.
    pub(super) lines: Vec<Line>,
}

/// The first part is what the mail's sender wrote, though it may be empty; the others were copied into the mail.
pub(super) fn split(text: &str, lines: &[Line], head: &Head) -> Vec<Part> {
    let mut thread = Thread::of(head);
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        if line.is_blank(text) || is_wrapped_quote(text, lines, at) {
            thread.add(line);
            at += 1;
        } else if let Some(found) = introduction(text, &lines[at..], head.zone_seconds)
            && (found.kind == IntroductionKind::Header || thread.has_answer(text))
        {
            at += found.lines;
            if let Some(before) = found.before {
                thread.enter(line.depth);
                thread.add(before);
            }
            let next = found.after.as_ref().or_else(|| lines[at..].iter().find(|next| !next.is_blank(text)));
            let next_depth = next.map_or(0, |next| next.depth);
            thread.introduce(Part { head: found.head, header: found.header, lines: Vec::new() }, line.depth, next_depth);
            found.after.into_iter().for_each(|after| thread.add(after));
        } else {
            thread.enter(line.depth);
            thread.add(line);
            at += 1;
        }
    }
    part_unmarked_quote(text, &mut thread.parts);
    thread.parts
}

/// What a phone's program quoted without a word is a message of its own, of a sender that nothing names.
fn part_unmarked_quote(text: &str, parts: &mut Vec<Part>) {
    let Some(own) = parts.first_mut() else { return };
    if let Some(place) = unmarked_quote(text, &own.lines) {
        let head = Head { zone_seconds: own.head.zone_seconds, ..Head::default() };
        let lines = own.lines.drain(place).collect();
        parts.insert(1, Part { head, header: Vec::new(), lines });
    }
}

struct Thread {
    parts: Vec<Part>,
    /// Whose lines are at which depth, outermost first: depth and index of the part.
    open: Vec<(u8, usize)>,
    /// Messages that a reply interrupted: they may go on below it.
    interrupted: Vec<(u8, usize)>,
    /// Who wrote the deeper lines that follow.
    announced: Option<Part>,
}

impl Thread {
    fn of(head: &Head) -> Self {
        let own = Part { head: head.clone(), ..Part::default() };
        Self { parts: vec![own], open: vec![(0, 0)], interrupted: Vec::new(), announced: None }
    }

    /// Whether the mail's sender has written something, and nothing was copied yet.
    fn has_answer(&self, text: &str) -> bool {
        self.announced.is_none() && matches!(self.parts.as_slice(), [own] if own.lines.iter().any(|line| !line.is_blank(text)))
    }

    fn add(&mut self, line: Line) {
        let part = self.open.last().map_or(0, |(_, part)| *part);
        self.parts[part].lines.push(line);
    }

    /// Goes back to the message at this depth, or begins one.
    fn enter(&mut self, depth: u8) {
        while self.open.len() > 1 && self.open.last().is_some_and(|(open, _)| *open > depth) {
            self.interrupted.extend(self.open.pop());
        }
        if self.open.last().is_none_or(|(open, _)| *open >= depth) {
            return;
        }
        let same = self.interrupted.iter().position(|(interrupted, _)| *interrupted == depth);
        match (self.announced.take(), same) {
            (None, Some(same)) => self.open.push(self.interrupted.swap_remove(same)),
            (part, _) => self.begin(part.unwrap_or_default(), depth),
        }
    }

    /// A header was read: its message follows deeper, or goes on at the header's own depth to the end.
    fn introduce(&mut self, part: Part, depth: u8, next_depth: u8) {
        self.enter(depth);
        self.interrupted.clear();
        if next_depth > depth {
            self.announced = Some(part);
        } else {
            self.begin(part, depth);
        }
    }

    fn begin(&mut self, part: Part, depth: u8) {
        self.open.push((depth, self.parts.len()));
        self.parts.push(part);
    }
}

/// The end of a quoted line that a mail program wrapped without marking it.
fn is_wrapped_quote(text: &str, lines: &[Line], at: usize) -> bool {
    let (Some(before), Some(after)) = (at.checked_sub(1).map(|before| lines[before]), lines.get(at + 1)) else { return false };
    let (line, last) = (lines[at].text(text), before.text(text));
    lines[at].depth == 0
        && before.depth > 0
        && after.depth > 0
        && last.len() >= 60
        && !is_complete(last)
        && line.len() <= 60
        && line.starts_with(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::split;
    use crate::context::lines::Line;
    use crate::context::mail::Head;

    /// Sender, day and text of each message; `>` marks depth.
    fn messages(mail: &str) -> Vec<(String, String, String)> {
        let mut text = String::new();
        let mut lines = Vec::new();
        for line in mail.lines() {
            let bare = line.trim_start_matches(['>', ' ']);
            let depth = line[..line.len() - bare.len()].matches('>').count();
            lines.push(Line { start: text.len(), end: text.len() + bare.len(), depth: u8::try_from(depth).unwrap() });
            text.push_str(bare);
            text.push('\n');
        }
        let parts = split(&text, &lines, &Head::default());
        let row = |part: super::Part| {
            let body: Vec<&str> = part.lines.iter().map(|line| line.text(&text)).filter(|line| !line.is_empty()).collect();
            let who = [part.head.name.unwrap_or_default(), part.head.address.unwrap_or_default()].join("/");
            (who, part.head.at.map_or_else(String::new, |at| at.to_string()), body.join(" "))
        };
        parts.into_iter().map(row).collect()
    }

    fn row(who: &str, at: &str, text: &str) -> (String, String, String) {
        (who.to_owned(), at.to_owned(), text.to_owned())
    }

    #[test]
    fn a_quoted_message_has_its_own_sender_and_time() {
        let mail = "Yes.\n\nOn Mon, May 4, 2026 at 3:07 PM Dana Keller\n<dana@north.example> wrote:\n\n> When?\n> > Earlier.\n";
        let expected = [
            row("/", "", "Yes."),
            row("Dana Keller/dana@north.example", "2026-05-04T15:07:00Z", "When?"),
            row("/", "", "Earlier."),
        ];
        assert_eq!(messages(mail), expected);
    }

    #[test]
    fn a_reply_between_quoted_lines_stays_the_senders() {
        let mail = "Hi,\nAm 04.05.2026 um 15:07 schrieb Dana Keller:\n> Budget?\n45k.\n> Date?\nMay.\n";
        assert_eq!(messages(mail), [row("/", "", "Hi, 45k. May."), row("Dana Keller/", "2026-05-04T15:07:00Z", "Budget? Date?")]);
    }

    #[test]
    fn outlook_headers_begin_messages_that_go_on_to_the_end() {
        let mail = "Done.\n________________________________\nFrom: Dana Keller <dana@north.example>\nSent: Monday, 4 May 2026 15:07\nTo: Lee\n\
            Subject: Re: Price\n\nPlease send it.\n\n-----Ursprüngliche Nachricht-----\nVon: Lee Ito\nGesendet: Sonntag, 3. Mai 2026 09:00\nAn: Dana\nBetreff: Preis\n\nHier.\n";
        let expected = [
            row("/", "", "Done."),
            row("Dana Keller/dana@north.example", "2026-05-04T15:07:00Z", "Please send it."),
            row("Lee Ito/", "2026-05-03T09:00:00Z", "Hier."),
        ];
        assert_eq!(messages(mail), expected);
    }
}
