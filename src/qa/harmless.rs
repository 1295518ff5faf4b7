//! What a reader can see and no viewer runs: a brief's texts without invisible characters, HTML tags, Markdown images,
//! script links, and without what a spreadsheet takes for a formula.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use crate::context::visible;

/// The text without invisible characters and without markup that a viewer of the record could run or load.
pub(super) fn harmless(text: &str) -> Cow<'_, str> {
    let seen = visible(text);
    let has_markup = seen.contains('<') || seen.contains("![") || seen.contains("](") || starts_formula(&seen);
    if !has_markup {
        return seen;
    }
    let bare = without_tags(&seen);
    // An image is loaded when it is looked at, which tells its server so; a link waits to be clicked.
    let bare = SCRIPT_LINK.replace_all(&bare, "]");
    let bare = IMAGE.replace_all(&bare, "[");
    match starts_formula(&bare) {
        true => Cow::Owned(format!("'{bare}")),
        false => Cow::Owned(bare.into_owned()),
    }
}

/// The opening of a Markdown image; of several marks the last would still open one.
static IMAGE: LazyLock<Regex> = LazyLock::new(|| regex(r"!+\["));

/// A Markdown link to something that runs.
static SCRIPT_LINK: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i)\]\(\s*<?\s*(?:javascript|vbscript|data|file)\s*:(?:[^()]|\([^()]*\))*\)?"));

/// What a spreadsheet would calculate: `=…`, and behind another sign a call or a command. Not `+49 30 …`, `- item`, `-5 %`.
static FORMULA: LazyLock<Regex> = LazyLock::new(|| regex(r"^\s*(?:=\s*[\w+(@'-]|[+@-]\s*[A-Za-z.]+\(|[+@-].*\|.*!)"));

fn starts_formula(text: &str) -> bool {
    text.trim_start().starts_with(['=', '+', '-', '@']) && FORMULA.is_match(text)
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern that is part of the program")
}

/// `<b>` and `</script >` go; `x < y` and `<5 days` stay, as do addresses and links in angle brackets. A tag without an
/// end, which the markup around the text might end, loses its power.
fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('<') {
        let inner = &rest[open + 1..];
        let close = inner.find('>');
        out.push_str(&rest[..open]);
        match close {
            Some(end) if is_pointer(&inner[..end]) => out.push('<'),
            Some(end) if is_tag(&inner[..end]) => {
                rest = &inner[end + 1..];
                continue;
            }
            _ if opens_tag(inner) => out.push('\u{ff1c}'),
            _ => out.push('<'),
        }
        rest = inner;
    }
    out.push_str(rest);
    out
}

/// `ann@x.example`, `https://x.example/a`.
fn is_pointer(inner: &str) -> bool {
    let is_link = ["http://", "https://", "mailto:"].iter().any(|scheme| inner.starts_with(scheme));
    (is_link || inner.contains('@')) && !inner.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '=' | '"' | '\''))
}

fn opens_tag(inner: &str) -> bool {
    inner.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'))
}

fn is_tag(inner: &str) -> bool {
    let name = inner.trim_start_matches(['/', '!']);
    name.starts_with(|c: char| c.is_ascii_alphabetic()) && !inner.contains(['<', '\n']) && inner.len() < 400
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::harmless;

    #[test]
    fn what_cannot_be_seen_or_could_run_is_taken_out() {
        for (text, left) in [
            ("pay\u{202e} 45\u{200b}k\u{e0041}\u{7}\n", "pay 45k\n"),
            ("\u{1b}[2Jhidden\u{1b}]0;title\u{7}", "[2Jhidden]0;title"),
            ("<img src=x onerror=alert(1)>hello</b>", "hello"),
            ("<a href=\"mailto:x@evil.example\" onclick=run()>hello</a>", "hello"),
            ("hello <img src=x onerror=run() ", "hello \u{ff1c}img src=x onerror=run() "),
            ("see [minutes](javascript:alert(1)) now", "see [minutes] now"),
            ("see [minutes]( data:text/html;base64,PHN2Zz4= )", "see [minutes]"),
            ("![x](http://track.example/p.png)", "[x](http://track.example/p.png)"),
            ("=HYPERLINK(\"http://x.example\",\"y\")", "'=HYPERLINK(\"http://x.example\",\"y\")"),
            ("@SUM(A1:A9)", "'@SUM(A1:A9)"),
            ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
        ] {
            assert_eq!(harmless(text), left);
        }
    }

    #[test]
    fn what_people_write_stays_as_it_is() {
        for text in [
            "a < b, <5 days, <ann@x.example>",
            "see <https://x.example/a>",
            "- item one\n- item two",
            "+49 30 1234567",
            "-5 % on all seats",
            "@Ann: can you send it?",
            "== two of three ==".trim_start_matches('='),
            "x = y",
            "(see [1] and [2](a note))",
            "Für 45.000 €\n\tja – 好 👍",
        ] {
            assert_eq!(harmless(text), text);
        }
    }

    proptest! {
        #[test]
        fn what_is_harmless_stays_harmless(text in "[=@+<>!\\[\\]() a-z\"':/&;|\u{202e}-]{0,40}") {
            let once = harmless(&text).into_owned();
            prop_assert!(!once.contains('\u{202e}') && !once.contains("!["), "{once:?}");
            prop_assert!(!once.to_lowercase().contains("](javascript:"), "{once:?}");
        }
    }
}
