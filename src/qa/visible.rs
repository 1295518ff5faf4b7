//! What a reader can see: control, direction, tag and zero-width characters are taken out of a brief's texts.

use std::borrow::Cow;

/// Characters that change how a text looks or is read without being seen. Line breaks and tabs are not among them.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\0'..='\u{8}' | '\u{b}'..='\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The text without invisible characters and without markup that a viewer of the record could run.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    let is_unsafe = |c: char| is_invisible(c) || c == '<';
    if !text.contains(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let seen: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    Cow::Owned(without_tags(&seen))
}

/// `<b>` and `</script >` go; `x < y` and `<5 days` stay, as do addresses in angle brackets.
fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('<') {
        let inner = &rest[open + 1..];
        let close = inner.find('>').filter(|end| is_tag(&inner[..*end]));
        out.push_str(&rest[..open]);
        match close {
            Some(end) => rest = &inner[end + 1..],
            None => {
                out.push('<');
                rest = inner;
            }
        }
    }
    out.push_str(rest);
    out
}

fn is_tag(inner: &str) -> bool {
    let name = inner.trim_start_matches(['/', '!']);
    name.starts_with(|c: char| c.is_ascii_alphabetic()) && !inner.contains(['@', '<', '\n']) && inner.len() < 400
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn what_cannot_be_seen_or_could_run_is_taken_out() {
        assert_eq!(visible("pay\u{202e} 45\u{200b}k\u{e0041}\u{7}\n"), "pay 45k\n");
        assert_eq!(visible("<img src=x onerror=alert(1)>hello</b>"), "hello");
        assert_eq!(visible("a < b, <5 days, <ann@x.example>"), "a < b, <5 days, <ann@x.example>");
    }
}
