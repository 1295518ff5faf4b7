//! The bytes of a source as text, or what they are instead.

use std::borrow::Cow;

use mail_parser::decoders::charsets::map::charset_decoder;

/// A source as text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Content<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) encoding: Encoding,
}

/// How text is written as bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Utf16,
    /// Western European text of old programs. The bytes do not say so: it is a guess.
    Windows1252,
}

impl Encoding {
    /// For the receipt, after the format. UTF-8 goes without saying.
    pub(super) fn remark(self) -> &'static str {
        match self {
            Self::Utf8 => "",
            Self::Utf16 => ", in UTF-16",
            Self::Windows1252 => ", in windows-1252 (not valid UTF-8)",
        }
    }
}

/// The content as text, or its kind and media type if it is none: `a PDF document (application/pdf)`.
pub(super) fn text_of(body: &[u8]) -> Result<Content<'_>, &'static str> {
    if let Some(kind) = known_binary(body) {
        return Err(kind);
    }
    match body {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes).ok_or("not valid UTF-16"),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes).ok_or("not valid UTF-16"),
        _ if body.contains(&0) => unmarked_utf16(body).ok_or("binary data (a NUL byte)"),
        _ => match std::str::from_utf8(body) {
            Ok(text) => Ok(Content { text: Cow::Borrowed(text), encoding: Encoding::Utf8 }),
            Err(_) if is_plausibly_latin(body) => {
                Ok(Content { text: Cow::Owned(from_latin(body)), encoding: Encoding::Windows1252 })
            }
            Err(_) => Err("binary data (no text in UTF-8, UTF-16 or windows-1252)"),
        },
    }
}

/// Text in windows-1252, which has a character for every byte of ISO 8859-1.
pub(super) fn from_latin(bytes: &[u8]) -> String {
    match charset_decoder(b"windows-1252") {
        Some(decode) => decode(bytes),
        None => bytes.iter().copied().map(char::from).collect(),
    }
}

/// The kinds of binary files that are attached to records, by their first bytes.
fn known_binary(body: &[u8]) -> Option<&'static str> {
    let start = &body[..body.len().min(1024)];
    let known = MAGIC.iter().find(|(magic, _)| start.starts_with(magic)).map(|(_, kind)| *kind);
    known.or_else(|| zip(body)).or(match start {
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => Some("a WAV recording (audio/wav)"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("a WebP image (image/webp)"),
        [_, _, _, _, b'f', b't', b'y', b'p', b'M', b'4', b'A', ..] => Some("an MPEG-4 recording (audio/mp4)"),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => Some("an MPEG-4 file (video/mp4)"),
        // A frame of MPEG audio layer 3 without tags. UTF-16 begins with FF FE.
        [0xff, 0xfb | 0xf3 | 0xf2, ..] => Some("an MP3 recording (audio/mpeg)"),
        _ => None,
    })
}

const MAGIC: [(&[u8], &str); 15] = [
    (b"%PDF-", "a PDF document (application/pdf)"),
    (b"{\\rtf", "an RTF document (application/rtf)"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image (image/png)"),
    (b"\xff\xd8\xff", "a JPEG image (image/jpeg)"),
    (b"GIF87a", "a GIF image (image/gif)"),
    (b"GIF89a", "a GIF image (image/gif)"),
    (b"\x1f\x8b", "a gzip archive (application/gzip)"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive (application/x-7z-compressed)"),
    (b"Rar!\x1a\x07", "a RAR archive (application/vnd.rar)"),
    (b"ID3", "an MP3 recording (audio/mpeg)"),
    (b"OggS", "an Ogg recording (audio/ogg)"),
    (b"fLaC", "a FLAC recording (audio/flac)"),
    (b"\x1a\x45\xdf\xa3", "a Matroska or WebM file (video/webm)"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a file of older Microsoft Office or Outlook (application/x-ole-storage)"),
    (b"\x78\x9f\x3e\x22", "an Outlook TNEF container (application/ms-tnef)"),
];

/// A ZIP archive, by the names that office documents have in it.
fn zip(body: &[u8]) -> Option<&'static str> {
    if !body.starts_with(b"PK\x03\x04") && !body.starts_with(b"PK\x05\x06") {
        return None;
    }
    let start = &body[..body.len().min(64 << 10)];
    let has = |name: &[u8]| start.windows(name.len()).any(|window| window == name);
    let kinds: [(&[u8], &str); 4] = [
        (b"word/", "a Word document (application/vnd.openxmlformats-officedocument.wordprocessingml.document)"),
        (b"xl/", "an Excel workbook (application/vnd.openxmlformats-officedocument.spreadsheetml.sheet)"),
        (b"ppt/", "a PowerPoint presentation (application/vnd.openxmlformats-officedocument.presentationml.presentation)"),
        (b"application/vnd.oasis.opendocument", "an OpenDocument file (application/vnd.oasis.opendocument)"),
    ];
    Some(kinds.iter().find(|(name, _)| has(name)).map_or("a ZIP archive (application/zip)", |(_, kind)| kind))
}

fn utf16(units: &[u8], unit: fn([u8; 2]) -> u16) -> Option<Content<'static>> {
    let units = units.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let text = char::decode_utf16(units).collect::<Result<String, _>>().ok()?;
    Some(Content { text: Cow::Owned(text), encoding: Encoding::Utf16 })
}

/// UTF-16 without a byte order mark: of Latin text every other byte is 0.
fn unmarked_utf16(body: &[u8]) -> Option<Content<'static>> {
    let start = &body[..body.len().min(4096)];
    let zeros = |side: usize| start.iter().skip(side).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let pairs = start.len() / 2;
    let unit: fn([u8; 2]) -> u16 = match () {
        () if odd * 10 >= pairs * 7 && even * 20 <= pairs => u16::from_le_bytes,
        () if even * 10 >= pairs * 7 && odd * 20 <= pairs => u16::from_be_bytes,
        () => return None,
    };
    let content = utf16(body, unit)?;
    let has_control = content.text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}'));
    (!has_control).then_some(content)
}

/// Whether bytes that are not UTF-8 may be Western European text: nearly no control bytes, more ASCII than not, and
/// letters around the other bytes.
fn is_plausibly_latin(body: &[u8]) -> bool {
    let is_control = |byte: u8| byte < 32 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b) || byte == 127;
    let controls = body.iter().filter(|byte| is_control(**byte)).count();
    // Five bytes that windows-1252 does not use.
    let unused = body.iter().filter(|byte| matches!(byte, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d)).count();
    let high = body.iter().filter(|byte| **byte >= 0x80).count();
    (controls + unused) * 500 <= body.len() && high * 10 <= body.len() * 3
}

#[cfg(test)]
mod tests {
    use super::{Encoding, text_of};

    #[test]
    fn binary_files_are_refused_with_their_kind() {
        let rows: [(&[u8], &str); 12] = [
            (b"%PDF-1.7\nBT (Budget) ET", "application/pdf"),
            (b"PK\x03\x04\x14\0\x06\0....[Content_Types].xml....word/document.xml", "wordprocessingml"),
            (b"PK\x03\x04\x14\0\x06\0....xl/workbook.xml", "spreadsheetml"),
            (b"PK\x03\x04\x14\0\x06\0....notes.txt", "application/zip"),
            (b"\x89PNG\r\n\x1a\n\0\0", "image/png"),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
            (b"GIF89a\x01\0", "image/gif"),
            (b"\x1f\x8b\x08\0", "application/gzip"),
            (b"ID3\x03\0", "audio/mpeg"),
            (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0", "application/x-ole-storage"),
            (b"{\\rtf1\\ansi Budget}", "application/rtf"),
        ];
        for (body, kind) in rows {
            let told = text_of(body).expect_err(kind);
            assert!(told.contains(kind), "{told}");
        }
        assert!(text_of(b"\0\x01\x02\x03 data").is_err());
        let noise: Vec<u8> = (0..4000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8 | 1).collect();
        assert!(text_of(&noise).is_err());
    }

    #[test]
    fn text_of_old_programs_is_decoded_and_not_refused() {
        let content = text_of(b"Gr\xfc\xdfe aus M\xfcnchen: 45\x80 f\xfcr das Jahr").unwrap();
        assert_eq!((content.text.as_ref(), content.encoding), ("Grüße aus München: 45€ für das Jahr", Encoding::Windows1252));
    }

    #[test]
    fn the_receipt_says_which_encoding_was_taken() {
        use crate::context::material::Limits;
        use crate::context::origin::Origin;
        use crate::context::reading::read;
        use crate::context::testing::source;
        use crate::domain::event::SourceType::CallNote;
        let latin = read(&source("note", CallNote, b"Gr\xfc\xdfe von Dana, 45\x80"), &Limits::DEFAULT);
        assert_eq!(latin.drafts[0].passages[0].text, "Grüße von Dana, 45€");
        assert!(latin.format.ends_with(", in windows-1252 (not valid UTF-8)"), "{}", latin.format);
        assert_eq!(latin.origin, Origin::Decoded, "places in the text are no places in the bytes");
        let pdf = read(&source("note", CallNote, b"%PDF-1.7 (Budget)"), &Limits::DEFAULT);
        assert_eq!(
            (pdf.format.as_str(), pdf.left_out.as_slice()),
            ("binary", &["not read: it is a PDF document (application/pdf)".to_owned()][..])
        );
    }

    #[test]
    fn utf16_is_read_with_and_without_a_byte_order_mark() {
        let text = "Budget: 45.000 €\r\nGo-live im Mai";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for body in [[&[0xff, 0xfe], little.as_slice()].concat(), little.clone(), [&[0xfe, 0xff], big.as_slice()].concat(), big] {
            let content = text_of(&body).unwrap();
            assert_eq!((content.text.as_ref(), content.encoding), (text, Encoding::Utf16));
        }
        assert!(text_of(&[0xff, 0xfe, 0x00, 0xd8]).is_err(), "half a surrogate pair");
    }
}
