//! [`mailboxes`]: whom a header names (RFC 5322 section 3.4), also as old and broken programs write it.

use super::words::{decode_words, word_length};

/// Somebody a header names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::context) struct Mailbox {
    pub(in crate::context) name: Option<String>,
    /// As it is written there.
    pub(in crate::context) address: Option<String>,
    /// As RFC 5322 writes it; what cannot be told apart is as it is written there.
    pub(in crate::context) written: String,
}

/// More than this much of a header is a mailing.
const LONGEST: usize = 64 << 10;

/// Reads a list of mailboxes and groups. A group is its members.
pub(in crate::context) fn mailboxes(header: &str) -> Vec<Mailbox> {
    let cut = (0..=header.len().min(LONGEST)).rev().find(|at| header.is_char_boundary(*at)).unwrap_or(0);
    let mut found = Vec::new();
    let mut open = Open::default();
    for token in Tokens(&header[..cut]) {
        match token {
            Token::Comma | Token::Semicolon => found.extend(std::mem::take(&mut open).finish()),
            // The name of a group, or `mailto:`.
            Token::Colon if open.angle.is_none() && !open.words.iter().any(|word| word.text.contains('@')) => {
                open = Open::default();
            }
            Token::Colon => open.push(":".to_owned(), Kind::Atom, false),
            Token::Comment(text) => open.comments.push(text),
            Token::Angle(text) => open.angle = Some(text),
            Token::Quoted(text, spaced) => open.push(text, Kind::Quoted, spaced),
            Token::Atom(text, spaced) => open.push(text.to_owned(), Kind::Atom, spaced),
        }
    }
    found.extend(open.finish());
    found
}

/// A mailbox as RFC 5322 writes it: a name with special characters is quoted.
pub(in crate::context) fn written(name: Option<&str>, address: Option<&str>) -> String {
    let name = name.map(|name| match name.contains(['(', ')', '<', '>', '@', ',', ':', ';', '.', '\\', '"', '[', ']']) {
        true => format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"")),
        false => name.to_owned(),
    });
    match (name, address) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (Some(name), None) => name,
        (None, address) => address.unwrap_or_default().to_owned(),
    }
}

enum Token<'a> {
    /// Its text, and whether a blank stands before it.
    Atom(&'a str, bool),
    Quoted(String, bool),
    Comment(String),
    Angle(String),
    Comma,
    Semicolon,
    Colon,
}

struct Tokens<'a>(&'a str);

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        // A stray `>` ends an address that begins twice, or nowhere.
        let rest = self.0.trim_start_matches(|c: char| c.is_whitespace() || c == '>');
        let spaced = rest.len() < self.0.len();
        let first = rest.chars().next()?;
        let after = &rest[first.len_utf8()..];
        let (token, left) = match first {
            ',' => (Token::Comma, after),
            ';' => (Token::Semicolon, after),
            ':' => (Token::Colon, after),
            '"' => {
                let (text, left) = quoted(after);
                (Token::Quoted(text, spaced), left)
            }
            '(' => {
                let (text, left) = comment(after);
                (Token::Comment(text), left)
            }
            '<' => {
                let (text, left) = angle(after);
                (Token::Angle(text), left)
            }
            _ => {
                let end = word_length(rest).unwrap_or_else(|| atom_length(rest));
                (Token::Atom(&rest[..end], spaced), &rest[end..])
            }
        };
        self.0 = left;
        Some(token)
    }
}

/// An atom with dots and `@`. It ends before what separates, and before an encoded word.
fn atom_length(rest: &str) -> usize {
    let end =
        rest.find(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '"' | '(' | '<' | '>')).unwrap_or(rest.len());
    let end = rest[..end].find("=?").filter(|at| *at > 0).unwrap_or(end);
    end.max(rest.chars().next().map_or(0, char::len_utf8))
}

/// A quoted string after its first quote. One without an end goes on to the end.
fn quoted(rest: &str) -> (String, &str) {
    let mut text = String::new();
    let mut chars = rest.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (text, &rest[at + 1..]),
            '\\' => text.extend(chars.next().map(|(_, escaped)| escaped)),
            _ => text.push(c),
        }
    }
    (text, "")
}

/// A comment after its first parenthesis; comments nest.
fn comment(rest: &str) -> (String, &str) {
    let (mut text, mut depth) = (String::new(), 1_usize);
    let mut chars = rest.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '(' => depth += 1,
            ')' if depth == 1 => return (text, &rest[at + 1..]),
            ')' => depth -= 1,
            '\\' => text.extend(chars.next().map(|(_, escaped)| escaped)),
            _ => text.push(c),
        }
    }
    (text, "")
}

/// An address after `<`, without comments, blanks and the route of obsolete mails (`@a,@b:`).
fn angle(rest: &str) -> (String, &str) {
    let end = rest.find(['>', '<']).unwrap_or(rest.len());
    let left = rest[end..].strip_prefix('>').unwrap_or(&rest[end..]);
    let mut text = String::new();
    let mut inner = &rest[..end];
    while let Some(open) = inner.find('(') {
        text.push_str(&inner[..open]);
        inner = comment(&inner[open + 1..]).1;
    }
    text.push_str(inner);
    let is_quoted = text.trim_start().starts_with('"');
    text.retain(|c| !c.is_whitespace() || is_quoted);
    let bare = text.trim();
    let bare = match bare.strip_prefix('@').and_then(|route| route.rsplit_once(':')) {
        Some((_, address)) => address,
        None => bare,
    };
    let bare = bare.get(..7).filter(|start| start.eq_ignore_ascii_case("mailto:")).map_or(bare, |_| &bare[7..]);
    (decode_words(bare).into_owned(), left)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Atom,
    Quoted,
}

struct Piece {
    text: String,
    kind: Kind,
    spaced: bool,
}

/// The mailbox that is being read.
#[derive(Default)]
struct Open {
    words: Vec<Piece>,
    comments: Vec<String>,
    angle: Option<String>,
}

impl Open {
    fn push(&mut self, text: String, kind: Kind, spaced: bool) {
        self.words.push(Piece { text, kind, spaced });
    }

    fn finish(self) -> Option<Mailbox> {
        let comment = self.comments.iter().map(|text| clean(text)).find(|text| !text.is_empty());
        if let Some(angle) = &self.angle {
            let name = Some(phrase(&self.words)).filter(|name| !name.is_empty()).or(comment);
            let address = Some(angle.clone()).filter(|address| !address.is_empty());
            let written = written(name.as_deref(), address.as_deref());
            return (!written.is_empty()).then_some(Mailbox { name, address, written });
        }
        bare(&self.words, comment)
    }
}

/// The words of a name.
fn phrase(words: &[Piece]) -> String {
    let mut text = String::new();
    for word in words {
        text.push_str(if word.spaced && !text.is_empty() { " " } else { "" });
        text.push_str(&word.text);
    }
    clean(&text)
}

fn clean(text: &str) -> String {
    let decoded = decode_words(text);
    let edge = |c: char| c.is_whitespace() || c.is_control();
    decoded.trim_matches(edge).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A mailbox without angle brackets: an address, a name, or both.
fn bare(words: &[Piece], comment: Option<String>) -> Option<Mailbox> {
    let as_written = joined(words);
    if as_written.is_empty() {
        return comment.map(|name| Mailbox { written: name.clone(), name: Some(name), address: None });
    }
    let tokens: Vec<&str> = as_written.split(' ').collect();
    let is_address = |token: &&str| token.find('@').is_some_and(|at| at > 0 && at + 1 < token.len());
    let Some(place) = tokens.iter().position(is_address).filter(|_| words.iter().any(|word| word.kind == Kind::Atom)) else {
        let name = clean(&as_written.replace('"', ""));
        return (!name.is_empty()).then(|| Mailbox { written: written(Some(&name), None), name: Some(name), address: None });
    };
    let address = decode_words(tokens[place]).into_owned();
    if tokens.len() == 1 {
        return Some(Mailbox { name: comment, written: address.clone(), address: Some(address) });
    }
    let before = clean(&tokens[..place].join(" ").replace('"', ""));
    let name = Some(before).filter(|name| !name.is_empty()).or(comment);
    Some(Mailbox { name, address: Some(address), written: decode_words(&as_written).into_owned() })
}

/// The words as they stand there, without the blanks that old syntax allows around `@` and the dots of a domain.
fn joined(words: &[Piece]) -> String {
    let mut text = String::new();
    // Whether the last word has an `@`.
    let mut after_at = false;
    for word in words {
        let has_dot = text.ends_with('.') || word.text.starts_with('.');
        let is_tight = text.ends_with('@') || word.text.starts_with('@') || after_at && has_dot;
        let is_next = word.spaced && !is_tight && !text.is_empty();
        text.push_str(if is_next { " " } else { "" });
        after_at = after_at && !is_next || word.text.contains('@');
        match word.kind {
            Kind::Quoted => text.extend(["\"", word.text.as_str(), "\""]),
            Kind::Atom => text.push_str(&word.text),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::mailboxes;

    fn check(header: &str, expected: &[(&str, &str, &str)]) {
        let found = mailboxes(header);
        let rows: Vec<(&str, &str, &str)> = found
            .iter()
            .map(|one| (one.name.as_deref().unwrap_or(""), one.address.as_deref().unwrap_or(""), one.written.as_str()))
            .collect();
        assert_eq!(rows, expected, "{header}");
    }

    #[test]
    fn names_and_addresses_are_told_apart() {
        check("Dana Keller <dana@north.example>", &[("Dana Keller", "dana@north.example", "Dana Keller <dana@north.example>")]);
        check("dana@north.example", &[("", "dana@north.example", "dana@north.example")]);
        check("<dana@north.example>", &[("", "dana@north.example", "dana@north.example")]);
        check("dana@north.example (Dana Keller)", &[("Dana Keller", "dana@north.example", "dana@north.example")]);
        check(
            "\"Keller, Dana\" <dana@north.example>, lee@us.example",
            &[
                ("Keller, Dana", "dana@north.example", "\"Keller, Dana\" <dana@north.example>"),
                ("", "lee@us.example", "lee@us.example"),
            ],
        );
        check(
            "=?utf-8?Q?J=C3=B6rg_Keller,_CFO?= <j@north.example>",
            &[("Jörg Keller, CFO", "j@north.example", "\"Jörg Keller, CFO\" <j@north.example>")],
        );
        check("\"=?utf-8?B?SsO2cmc=?=\" <j@north.example>", &[("Jörg", "j@north.example", "Jörg <j@north.example>")]);
    }

    #[test]
    fn groups_are_their_members() {
        check(
            "Team: Dana <d@n.example>, lee@us.example;",
            &[("Dana", "d@n.example", "Dana <d@n.example>"), ("", "lee@us.example", "lee@us.example")],
        );
        check("undisclosed-recipients:;", &[]);
    }

    #[test]
    fn comments_and_obsolete_syntax_are_read_over() {
        check(
            "Dana(the (real) one) <dana(her)@north . example (host)>",
            &[("Dana", "dana@north.example", "Dana <dana@north.example>")],
        );
        check("dana @ north . example", &[("", "dana@north.example", "dana@north.example")]);
        check(
            "Dana <@relay.example,@b.example:dana@north.example>",
            &[("Dana", "dana@north.example", "Dana <dana@north.example>")],
        );
        check("Dana <mailto:dana@north.example>", &[("Dana", "dana@north.example", "Dana <dana@north.example>")]);
        check(", dana@north.example,,", &[("", "dana@north.example", "dana@north.example")]);
    }

    #[test]
    fn broken_mailboxes_keep_what_is_written() {
        check("Big Sale sale@shop.example", &[("Big Sale", "sale@shop.example", "Big Sale sale@shop.example")]);
        check("a@x.example b@y.example", &[("", "a@x.example", "a@x.example b@y.example")]);
        check("Dana Keller", &[("Dana Keller", "", "Dana Keller")]);
        check("root", &[("root", "", "root")]);
        check("Dana <dana@north.example", &[("Dana", "dana@north.example", "Dana <dana@north.example>")]);
        check("\"d@n\" <dana>", &[("d@n", "dana", "\"d@n\" <dana>")]);
        check("Dana <<dana@north.example>>", &[("Dana", "dana@north.example", "Dana <dana@north.example>")]);
        check("'Dana' <dana@north.example>", &[("'Dana'", "dana@north.example", "'Dana' <dana@north.example>")]);
        check("\"Dana", &[("Dana", "", "Dana")]);
        check("<>", &[]);
        check("", &[]);
    }

    proptest! {
        #[test]
        fn no_header_breaks_it(header in "(?s)[\\PC\r\n\t<>@,;:\"()=?\\\\ ]{0,120}") {
            mailboxes(&header);
        }
    }
}
