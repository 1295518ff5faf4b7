//! Bytes of a mail → text, by the charset it names or the one it must be in.

use std::borrow::Cow;

use mail_parser::decoders::charsets::map::charset_decoder;

use crate::context::bytes::from_latin;

/// Decodes bytes. Never fails: a charset that is unknown or cannot be right is passed over for UTF-8 or windows-1252.
pub(super) fn decode<'a>(bytes: &'a [u8], charset: Option<&str>) -> Cow<'a, str> {
    let name = charset.unwrap_or_default().trim().to_ascii_lowercase();
    let family = Family::of(&name);
    if family != Family::Stateful && bytes.is_ascii() || matches!(family, Family::Utf8 | Family::Western) {
        return utf8_or_latin(bytes);
    }
    match charset_decoder(name.as_bytes()) {
        Some(decode) => Cow::Owned(decode(bytes)),
        None => utf8_or_latin(bytes),
    }
}

/// Whether ASCII bytes in this charset may mean something else than ASCII.
pub(super) fn is_stateful(charset: Option<&str>) -> bool {
    charset.is_some_and(|name| Family::of(&name.trim().to_ascii_lowercase()) == Family::Stateful)
}

fn utf8_or_latin(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(from_latin(bytes)),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Utf8,
    /// ISO 8859-1 and its kin. Many programs name it and write UTF-8, and what is valid UTF-8 is no accident.
    Western,
    /// ASCII bytes may be half of other characters.
    Stateful,
    Other,
}

impl Family {
    fn of(name: &str) -> Self {
        match name {
            "" | "utf-8" | "utf8" | "us-ascii" | "ascii" | "ansi_x3.4-1968" | "utf-8-sig" => Self::Utf8,
            "iso-8859-1" | "iso8859-1" | "iso_8859-1" | "latin1" | "latin-1" | "l1" | "windows-1252" | "cp1252" | "cp819" => {
                Self::Western
            }
            _ if ["iso-2022", "iso2022", "csiso2022", "utf-7", "utf7", "utf-16", "utf16", "hz-gb"]
                .iter()
                .any(|start| name.starts_with(start)) =>
            {
                Self::Stateful
            }
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn bytes_are_decoded_by_the_charset_they_are_in() {
        let rows: [(&[u8], Option<&str>, &str); 9] = [
            (b"Gr\xfc\xdfe", Some("ISO-8859-1"), "Grüße"),
            (b"45\x80", Some("iso-8859-1"), "45€"),
            (b"Gr\xfc\xdfe", None, "Grüße"),
            (b"Gr\xfc\xdfe", Some("utf-8"), "Grüße"),
            ("Grüße".as_bytes(), Some("iso-8859-1"), "Grüße"),
            ("Grüße".as_bytes(), Some("X-UNKNOWN"), "Grüße"),
            (b"\xcf\xf0\xe8\xe2\xe5\xf2", Some("windows-1251"), "Привет"),
            (b"\x1b$B$^$_$`\x1b(B", Some("iso-2022-jp"), "まみむ"),
            (b"\xc7\xd1\xb1\xb9", Some("ks_c_5601-1987"), "한국"),
        ];
        for (bytes, charset, text) in rows {
            assert_eq!(decode(bytes, charset), text, "{charset:?}");
        }
    }
}
