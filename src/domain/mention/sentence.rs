//! Where sentences end.

use crate::domain::brief::Span;

pub(super) fn sentences(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while let Some(offset) = text[at..].find(['.', '!', '?', '…', '。', '\n']) {
        at += offset;
        let end = marks_end(text, at);
        let is_end = if text[at..].starts_with('\n') { starts_a_thought(&text[end..]) } else { closes(text, start, at, end) };
        if is_end {
            push_trimmed(text, start, end, &mut found);
            start = end;
        }
        at = end;
    }
    push_trimmed(text, start, text.len(), &mut found);
    found
}

fn push_trimmed(text: &str, start: usize, end: usize, found: &mut Vec<Span>) {
    let piece = &text[start..end];
    let bare = piece.trim();
    if bare.chars().any(char::is_alphanumeric) {
        let start = start + (piece.len() - piece.trim_start().len());
        found.push(Span { start, end: start + bare.len() });
    } else if !bare.is_empty() && !found.is_empty() {
        // A stray mark belongs to the sentence before it.
        let last = found.len() - 1;
        found[last].end = start + piece.trim_end().len();
    }
}

/// The end of the run of marks at `at`, closing quotes and brackets included; of a line break, just its end.
fn marks_end(text: &str, at: usize) -> usize {
    let is_closing = |c: &char| matches!(c, '.' | '!' | '?' | '…' | '"' | '\'' | '”' | '’' | '»' | ')' | ']' | '*' | '_');
    let mut chars = text[at..].chars();
    let first = chars.next();
    let rest: usize = if first == Some('\n') { 0 } else { chars.take_while(is_closing).map(char::len_utf8).sum() };
    at + first.map_or(0, char::len_utf8) + rest
}

/// Whether the marks `at..end` close the sentence that starts at `start`.
fn closes(text: &str, start: usize, at: usize, end: usize) -> bool {
    let (marks, rest) = (&text[at..end], &text[end..]);
    if marks.starts_with('。') || rest.is_empty() {
        return true;
    }
    if !rest.starts_with(char::is_whitespace) {
        return false;
    }
    let rest = rest.trim_start();
    // "and then ... we looked" is a pause, "\"Why?\" he asked" goes on; "needs sso. budget 45k" ends.
    if rest.starts_with(char::is_lowercase)
        && (marks.starts_with("..") || marks.starts_with('…') || marks.ends_with(['"', '”', '»', ')', ']']))
    {
        return false;
    }
    marks != "." || !ends_with_abbreviation(&text[start..at], rest)
}

/// Whether the dot after `before` belongs to its last word: `Dr.`, `e.g.`, `J.`, `12.` before a month.
fn ends_with_abbreviation(before: &str, rest: &str) -> bool {
    const ALWAYS: &[&str] = &[
        "mr", "mrs", "ms", "dr", "prof", "st", "vs", "e.g", "i.e", "eg", "ie", "approx", "dept", "fig", "nr", "bzw", "z.b", "sr",
        "jr", "hr", "fr", "gen", "sen", "rep", "gov", "capt", "lt", "cf", "al", "resp", "ca", "ext", "tel", "vol", "pp", "art",
        "sec", "ref", "est", "usd", "attn",
    ];
    /// An end of a sentence too, if a capital follows.
    const OFTEN: &[&str] = &[
        "etc", "inc", "ltd", "corp", "co", "llc", "a.m", "p.m", "am", "pm", "u.s", "u.k", "jan", "feb", "mar", "apr", "aug",
        "sept", "oct", "nov", "dec", "max",
    ];
    /// "12. Mai".
    const GERMAN_MONTHS: [&str; 12] = ["Jan", "Feb", "März", "Apr", "Mai", "Juni", "Juli", "Aug", "Sep", "Okt", "Nov", "Dez"];
    let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    let word = word.trim_start_matches(|c: char| !c.is_alphanumeric());
    let lower = word.to_lowercase();
    let next = rest.chars().next();
    if lower == "no" {
        return next.is_some_and(|c| c.is_ascii_digit());
    }
    let mut chars = word.chars();
    let is_initial = matches!((chars.next(), chars.next()), (Some(c), None) if c.is_uppercase() && c != 'I');
    let is_often = OFTEN.contains(&lower.as_str()) && next.is_some_and(|c| !c.is_uppercase());
    let is_short_number = (1..=2).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit());
    let is_item_number = is_short_number && before.trim_start() == word;
    let is_day = is_short_number && GERMAN_MONTHS.iter().any(|month| rest.starts_with(month));
    is_initial || is_day || is_often || is_item_number || ALWAYS.contains(&lower.as_str())
}

/// Whether a line starts a new thought: it is blank, or a bullet, a numbered item, a quote or a heading.
fn starts_a_thought(next_line: &str) -> bool {
    let line = next_line.split('\n').next().unwrap_or_default().trim();
    let mut chars = line.chars();
    match chars.next() {
        None => true,
        Some('-' | '*' | '•' | '–' | '—' | '·' | '◦' | '▪' | '>' | '#' | '+') => true,
        Some(c) if c.is_ascii_digit() => {
            let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
            line.len() - rest.len() <= 2 && rest.starts_with(['.', ')']) && rest[1..].starts_with(char::is_whitespace)
        }
        Some(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::sentences;

    const ROWS: &[(&str, &[&str])] = &[
        ("", &[]),
        ("  \n ", &[]),
        ("One. Two! Three?", &["One.", "Two!", "Three?"]),
        ("  One.   Two  ", &["One.", "Two"]),
        ("so we talked about the budget and then they left", &["so we talked about the budget and then they left"]),
        ("Dr. Smith met Mr. Jones. They agreed.", &["Dr. Smith met Mr. Jones.", "They agreed."]),
        ("It costs 1.5 million. Yes.", &["It costs 1.5 million.", "Yes."]),
        ("J. R. Smith called. OK.", &["J. R. Smith called.", "OK."]),
        (
            "See example.com/a.b for it. Mail a.b@example.com. Done.",
            &["See example.com/a.b for it.", "Mail a.b@example.com.", "Done."],
        ),
        ("Tools, e.g. Slack, i.e. chat. Next.", &["Tools, e.g. Slack, i.e. chat.", "Next."]),
        ("At Acme Inc. we start at 9 a.m. sharp. Good.", &["At Acme Inc. we start at 9 a.m. sharp.", "Good."]),
        ("We use Jira, Slack, etc. They like it.", &["We use Jira, Slack, etc.", "They like it."]),
        ("Is it No. 5? No. It is not.", &["Is it No. 5?", "No.", "It is not."]),
        ("He said \"Yes.\" Then he left.", &["He said \"Yes.\"", "Then he left."]),
        ("Well... maybe. Sure.", &["Well... maybe.", "Sure."]),
        ("first line\nstill the same", &["first line\nstill the same"]),
        ("a line\n\nanother", &["a line", "another"]),
        ("Needs:\n- SSO\n- audit log\n* export", &["Needs:", "- SSO", "- audit log", "* export"]),
        ("1. Send the quote\n2. Book the demo", &["1. Send the quote", "2. Book the demo"]),
        ("needs sso. budget 45k. decides in june", &["needs sso.", "budget 45k.", "decides in june"]),
        ("\"Why?\" he asked. (It was late.) Then we left.", &["\"Why?\" he asked.", "(It was late.)", "Then we left."]),
        ("What?! Really?!", &["What?!", "Really?!"]),
        ("Wir treffen uns z.B. am 12. Mai. Gut.", &["Wir treffen uns z.B. am 12. Mai.", "Gut."]),
        ("We signed on the 12. It was good.", &["We signed on the 12.", "It was good."]),
        ("windows\r\n\r\nline ends", &["windows", "line ends"]),
    ];

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        let found =
            |text: &'static str| -> Vec<&str> { sentences(text).iter().map(|span| &text[span.start..span.end]).collect() };
        let wrong: Vec<_> = ROWS
            .iter()
            .map(|(text, expected)| (*text, found(text), *expected))
            .filter(|(_, found, expected)| found != expected)
            .collect();
        assert!(wrong.is_empty(), "(text, found, expected): {wrong:#?}");
    }
}
