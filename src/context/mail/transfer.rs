//! Transfer encodings (RFC 2045 section 6), read leniently: what is wrong is passed over, the rest is kept.

use std::borrow::Cow;

/// How the bytes of a part are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::context) enum Transfer {
    #[default]
    Identity,
    Base64,
    QuotedPrintable,
}

impl Transfer {
    /// Of the field `Content-Transfer-Encoding`. An unknown encoding is none.
    pub(super) fn parse(value: &[u8]) -> Self {
        let name = value.trim_ascii().split(|byte| matches!(byte, b';' | b' ' | b'\r' | b'\n' | b'(')).next().unwrap_or_default();
        match () {
            () if name.eq_ignore_ascii_case(b"base64") => Self::Base64,
            () if name.eq_ignore_ascii_case(b"quoted-printable") => Self::QuotedPrintable,
            () => Self::Identity,
        }
    }

    /// About how many bytes the decoded part has. Never less than it has.
    pub(super) fn decoded_bytes(self, encoded: usize) -> usize {
        match self {
            Self::Identity | Self::QuotedPrintable => encoded,
            Self::Base64 => encoded / 4 * 3 + 3,
        }
    }

    pub(super) fn decode(self, bytes: &[u8]) -> Cow<'_, [u8]> {
        match self {
            Self::Identity => Cow::Borrowed(bytes),
            Self::Base64 => Cow::Owned(base64(bytes)),
            Self::QuotedPrintable => Cow::Owned(quoted_printable(bytes)),
        }
    }
}

/// Decodes base64 of either alphabet. What is no digit is passed over; several texts in a row are one.
pub(in crate::context) fn base64(bytes: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(bytes.len() / 4 * 3 + 3);
    let (mut group, mut digits) = (0_u32, 0_u8);
    for byte in bytes {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => {
                flush(&mut decoded, group, digits);
                (group, digits) = (0, 0);
                continue;
            }
            _ => continue,
        };
        group = group << 6 | u32::from(digit);
        digits += 1;
        if digits == 4 {
            decoded.extend_from_slice(&group.to_be_bytes()[1..]);
            (group, digits) = (0, 0);
        }
    }
    flush(&mut decoded, group, digits);
    decoded
}

/// The bytes of a group that is not full.
fn flush(decoded: &mut Vec<u8>, group: u32, digits: u8) {
    match digits {
        2 => decoded.push((group >> 4).to_be_bytes()[3]),
        3 => decoded.extend_from_slice(&(group >> 2).to_be_bytes()[2..]),
        _ => {}
    }
}

fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let plain = rest.iter().position(|byte| *byte == b'=').unwrap_or(rest.len());
        decoded.extend_from_slice(&rest[..plain]);
        at += plain;
        let rest = &bytes[at..];
        if rest.is_empty() {
            break;
        }
        let (byte, taken) = escape(rest);
        decoded.extend(byte);
        at += taken;
    }
    decoded
}

/// What begins with `=`: the byte it means, if it means one, and its length.
fn escape(rest: &[u8]) -> (Option<u8>, usize) {
    if let [_, high, low, ..] = rest
        && let (Some(high), Some(low)) = (hex(*high), hex(*low))
    {
        return (Some(high << 4 | low), 3);
    }
    // A soft line break; blanks before its end were added on the way.
    let blanks = rest[1..].iter().take(80).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    match &rest[1 + blanks..] {
        [b'\r', b'\n', ..] => (None, blanks + 3),
        [b'\r' | b'\n', ..] => (None, blanks + 2),
        [] => (None, blanks + 1),
        _ => (Some(b'='), 1),
    }
}

/// The value of a hexadecimal digit.
pub(super) fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Transfer, base64, quoted_printable};

    #[test]
    fn broken_base64_keeps_what_can_be_read() {
        let rows: [(&[u8], &[u8]); 6] = [
            (b"QnVkZ2V0\r\nIDQ1aw==", b"Budget 45k"),
            (b"QnVkZ2V0IDQ1aw", b"Budget 45k"),
            (b"QnVkZ2V0!*IDQ1aw==\n-- list footer", b"Budget 45k\x96,\xad\x8a\xe8\xb6"),
            (b"QQ==Qg==", b"AB"),
            (b"-_-_", &[0xfb, 0xff, 0xbf]),
            (b"=", b""),
        ];
        for (encoded, decoded) in rows {
            let found = base64(encoded);
            assert!(found.starts_with(&decoded[..decoded.len().min(10)]), "{found:?}");
        }
    }

    #[test]
    fn broken_quoted_printable_keeps_what_can_be_read() {
        let rows: [(&[u8], &[u8]); 5] = [
            (b"caf=C3=A9 =\r\nau lait", "café au lait".as_bytes()),
            (b"a =3D b, x = y, 50=", b"a = b, x = y, 50"),
            (b"soft =  \nbreak", b"soft break"),
            (b"=c3=a9=ZZ=4", "é=ZZ=4".as_bytes()),
            (b"", b""),
        ];
        for (encoded, decoded) in rows {
            assert_eq!(quoted_printable(encoded), decoded);
        }
    }

    proptest! {
        #[test]
        fn base64_that_was_written_by_a_library_is_read_back(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            use base64::Engine as _;
            let encoded = base64::engine::general_purpose::STANDARD.encode(&bytes);
            prop_assert!(Transfer::Base64.decoded_bytes(encoded.len()) >= bytes.len());
            prop_assert_eq!(base64(encoded.as_bytes()), bytes);
        }
    }
}
