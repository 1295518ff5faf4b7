//! What a reader can see: control, direction, tag and zero-width characters are taken out of a brief's texts.

use std::borrow::Cow;

use crate::context::visible;

/// The text without invisible characters and without markup that a viewer of the record could run.
pub(super) fn harmless(text: &str) -> Cow<'_, str> {
    let seen = visible(text);
    match seen.contains('<') {
        true => Cow::Owned(without_tags(&seen)),
        false => seen,
    }
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
    use super::harmless;

    #[test]
    fn what_cannot_be_seen_or_could_run_is_taken_out() {
        assert_eq!(harmless("pay\u{202e} 45\u{200b}k\u{e0041}\u{7}\n"), "pay 45k\n");
        assert_eq!(harmless("<img src=x onerror=alert(1)>hello</b>"), "hello");
        assert_eq!(harmless("a < b, <5 days, <ann@x.example>"), "a < b, <5 days, <ann@x.example>");
    }
}
