//! [`decode_words`]: encoded words in headers (RFC 2047) → text.

use std::borrow::Cow;

use super::charset;
use super::transfer::{base64, hex};

/// Replaces encoded words by what they say. White space between two of them is no text. Words of one charset in a row
/// are decoded together, since programs cut characters in two. What cannot be decoded stays as it is.
pub(super) fn decode_words(text: &str) -> Cow<'_, str> {
    if !text.contains("=?") {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut open: Option<(&str, Vec<u8>)> = None;
    let mut rest = text;
    while let Some(start) = rest.find("=?") {
        let (before, after) = rest.split_at(start);
        let Some(word) = Word::at(after) else {
            close(&mut open, &mut decoded);
            decoded.push_str(before);
            decoded.push_str("=?");
            rest = &after[2..];
            continue;
        };
        match &mut open {
            Some((charset, bytes))
                if before.trim().is_empty()
                    && charset.eq_ignore_ascii_case(word.charset)
                    && !charset::is_stateful(Some(charset)) =>
            {
                bytes.extend_from_slice(&word.bytes);
            }
            _ => {
                let follows_word = open.is_some() && before.trim().is_empty();
                close(&mut open, &mut decoded);
                decoded.push_str(if follows_word { "" } else { before });
                open = Some((word.charset, word.bytes));
            }
        }
        rest = &after[word.length..];
    }
    close(&mut open, &mut decoded);
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

fn close(open: &mut Option<(&str, Vec<u8>)>, decoded: &mut String) {
    if let Some((charset, bytes)) = open.take() {
        decoded.push_str(&charset::decode(&bytes, Some(charset)));
    }
}

/// The length of the encoded word that a text begins with.
pub(super) fn word_length(text: &str) -> Option<usize> {
    text.starts_with("=?").then(|| Word::at(text)).flatten().map(|word| word.length)
}

struct Word<'a> {
    charset: &'a str,
    bytes: Vec<u8>,
    length: usize,
}

/// Longer words are no words: the search for their end must stay short.
const LONGEST: usize = 4096;

impl<'a> Word<'a> {
    /// The word at the start of a text that begins with `=?`.
    fn at(text: &'a str) -> Option<Self> {
        let window = &text.as_bytes()[..text.len().min(LONGEST)];
        let charset_end = 2 + window[2..].iter().take(60).position(|byte| *byte == b'?')?;
        let payload_start = charset_end + 3;
        if window.get(charset_end + 2) != Some(&b'?') {
            return None;
        }
        let payload_end = payload_start + window.get(payload_start..)?.windows(2).position(|pair| pair == b"?=")?;
        let payload = &window[payload_start..payload_end];
        let bytes = match window[charset_end + 1] {
            b'B' | b'b' => base64(payload),
            b'Q' | b'q' => q_word(payload),
            _ => return None,
        };
        // RFC 2231 section 5: a language may follow the charset.
        let charset = text[2..charset_end].split('*').next().unwrap_or_default();
        Some(Self { charset, bytes, length: payload_end + 2 })
    }
}

/// RFC 2047 section 4.2; blanks, which are not allowed there, stand for themselves.
fn q_word(payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(payload.len());
    let mut rest = payload;
    loop {
        rest = match rest {
            [] => return bytes,
            [b'=', high, low, after @ ..] if hex(*high).is_some() && hex(*low).is_some() => {
                bytes.extend(hex(*high).zip(hex(*low)).map(|(high, low)| high << 4 | low));
                after
            }
            [b'_', after @ ..] => {
                bytes.push(b' ');
                after
            }
            [byte, after @ ..] => {
                bytes.push(*byte);
                after
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::decode_words;

    #[test]
    fn encoded_words_are_decoded() {
        let rows = [
            ("Re: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=", "Re: Grüße"),
            ("=?utf-8?B?R3LDvA==?= =?utf-8?B?w59l?=", "Grüße"),
            // A character cut in two.
            ("=?utf-8?Q?Gr=C3?= =?utf-8?Q?=BC=C3=9Fe?=", "Grüße"),
            ("=?iso-2022-jp?B?GyRCJF4bKEI=?= =?iso-2022-jp?B?GyRCJF8bKEI=?=", "まみ"),
            ("=?iso-8859-1?Q?Gr=FC=DFe?= =?utf-8?Q?_=E2=82=AC?=", "Grüße €"),
            ("=?utf-8?Q?a?= and =?utf-8?Q?b?=", "a and b"),
            ("=?utf-8?Q?Is this ok??= yes", "Is this ok? yes"),
            ("=?utf-8*de?q?Preis_45?=", "Preis 45"),
            ("=?NONE?B?UHJlaXM=?=", "Preis"),
            ("=?utf-8?B??=", ""),
            ("1 =? 2 =?utf-8?X?a?=", "1 =? 2 =?utf-8?X?a?="),
            ("=?utf-8?Q?never closed", "=?utf-8?Q?never closed"),
            ("x=?utf-8?Q?y?=z", "xyz"),
        ];
        for (raw, text) in rows {
            assert_eq!(decode_words(raw), text);
        }
    }

    #[test]
    fn words_without_an_end_are_passed_over_in_linear_time() {
        let started = std::time::Instant::now();
        decode_words(&"=?utf-8?Q?".repeat(10_000));
        decode_words(&"=?a?Q?b?= ".repeat(10_000));
        assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
    }
}
