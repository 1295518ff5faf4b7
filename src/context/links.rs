//! [`plain_links`]: links as they were before a mail gateway rewrote them.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

/// The text with the links of Microsoft Safe Links, Proofpoint URL Defense and Google's redirect undone, and without
/// the `<mailto:…>` and `[cid:…]` that Outlook adds when it makes plain text.
pub(super) fn plain_links(text: &str) -> Cow<'_, str> {
    if !text.contains("://") && !text.contains("mailto:") && !text.contains("[cid:") {
        return Cow::Borrowed(text);
    }
    let mut plain = String::new();
    let mut done = 0;
    for found in LINK.find_iter(text) {
        if let Some(original) = original(found.as_str()) {
            plain.push_str(&text[done..found.start()]);
            plain.push_str(&original);
            done = found.end();
        }
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    plain.push_str(&text[done..]);
    Cow::Owned(plain)
}

static LINK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"https?://[^\s<>"()\[\]]+|<mailto:[^<>\s]*>|\[cid:[^\[\]\s]*\]"#).expect("a constant pattern"));

/// What a rewritten link was; `None` if it is none.
fn original(link: &str) -> Option<String> {
    if link.starts_with(['<', '[']) {
        return Some(String::new());
    }
    let (host, rest) = link.split_once("://")?.1.split_once('/')?;
    let host = host.to_ascii_lowercase();
    if host.ends_with(".safelinks.protection.outlook.com") {
        return parameter(rest, "url").map(percent_decoded);
    }
    match host.as_str() {
        "urldefense.com" | "urldefense.us" => {
            let inner = rest.strip_prefix("v3/__")?;
            Some(inner.split("__;").next().unwrap_or(inner).to_owned())
        }
        "urldefense.proofpoint.com" => parameter(rest, "u").map(|url| percent_decoded(&url.replace('-', "%").replace('_', "/"))),
        "www.google.com" | "google.com" if rest.starts_with("url?") => {
            parameter(rest, "q").or_else(|| parameter(rest, "url")).map(percent_decoded)
        }
        _ => None,
    }
}

fn parameter<'a>(rest: &'a str, name: &str) -> Option<&'a str> {
    let (_, query) = rest.split_once('?')?;
    let pairs = query.split('&').map(|pair| pair.strip_prefix("amp;").unwrap_or(pair));
    pairs.filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// RFC 3986 section 2.1. What is no valid escape stays.
fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escape = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        match escape.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests {
    use super::plain_links;

    #[test]
    fn rewritten_links_are_undone_and_others_stay() {
        let rows = [
            (
                "a https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fnorth.example%2Fa&amp;data=05%7C02 b",
                "a https://north.example/a b",
            ),
            ("https://urldefense.com/v3/__https://north.example/a?b=c__;!!Abc$ x", "https://north.example/a?b=c x"),
            ("https://urldefense.proofpoint.com/v2/url?u=https-3A__north.example_a&d=DwMF", "https://north.example/a"),
            ("(https://www.google.com/url?q=https://north.example/a&sa=D)", "(https://north.example/a)"),
            ("dana@north.example<mailto:dana@north.example> [cid:image001.png@01DC]", "dana@north.example "),
            ("https://north.example/a%zz <https://us.example>", "https://north.example/a%zz <https://us.example>"),
            (
                "https://urldefense.com/v4/x https://a.safelinks.protection.outlook.com/?u=1",
                "https://urldefense.com/v4/x https://a.safelinks.protection.outlook.com/?u=1",
            ),
        ];
        for (text, expected) in rows {
            assert_eq!(plain_links(text), expected, "{text}");
        }
    }
}
