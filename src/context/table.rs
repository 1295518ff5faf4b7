//! Notes as a table of comma-separated values (RFC 4180): each row is a message of its own.
//!
//! The readable text is put together: the note, then the other columns as `name: value`. Values without doubled quotes
//! are found in the content.

use csv_core::{ReadFieldResult, Reader, ReaderBuilder};
use jiff::Timestamp;

use super::html;
use super::lines::{lines, paragraphs};
use super::material::Limits;
use super::numeric_dates::{FileOrder, NO_ZONE, Written, written};
use super::origin::Composed;
use super::reading::{Draft, Reading};
use crate::domain::brief::Span;
use crate::domain::handoff::Source;

/// What a column of a table of notes is, told by its header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Text,
    Author,
    Address,
    Date,
    Title,
    /// Numbers of records: they say nothing to a reader.
    Id,
    Other,
}

const TEXTS: [&str; 24] = [
    "text",
    "note",
    "notes",
    "body",
    "content",
    "message",
    "comment",
    "comments",
    "description",
    "note body",
    "note text",
    "call notes",
    "transcript",
    "utterance",
    "notiz",
    "notizen",
    "beschreibung",
    "inhalt",
    "nachricht",
    "kommentar",
    "texte",
    "nota",
    "notas",
    "texto",
];
const AUTHORS: [&str; 20] = [
    "author",
    "owner",
    "speaker",
    "name",
    "from",
    "sender",
    "user",
    "created by",
    "created by name",
    "owner name",
    "note owner",
    "activity assigned to",
    "assigned to",
    "logged by",
    "autor",
    "verfasser",
    "sprecher",
    "auteur",
    "propietario",
    "creato da",
];
const ADDRESSES: [&str; 6] = ["email", "e-mail", "author email", "owner email", "from email", "sender email"];
const DATES: [&str; 20] = [
    "date",
    "created",
    "created at",
    "created date",
    "create date",
    "createdate",
    "timestamp",
    "time",
    "activity date",
    "date created",
    "created on",
    "last modified",
    "logged at",
    "datum",
    "erstellt",
    "erstellt am",
    "fecha",
    "data",
    "zeit",
    "sent at",
];
const TITLES: [&str; 7] = ["title", "subject", "topic", "betreff", "titel", "asunto", "note title"];

impl Column {
    fn of(header: &str) -> Self {
        let name = words_of(header);
        let is_one_of = |names: &[&str]| names.contains(&name.as_str());
        match () {
            () if is_one_of(&TEXTS) => Self::Text,
            () if is_one_of(&AUTHORS) => Self::Author,
            () if is_one_of(&ADDRESSES) => Self::Address,
            () if is_one_of(&DATES) => Self::Date,
            () if is_one_of(&TITLES) => Self::Title,
            () if name == "id" || name.ends_with(" id") => Self::Id,
            () => Self::Other,
        }
    }
}

/// A header in small letters, with blanks between its words: `CreatedBy.Name` → `created by name`.
fn words_of(header: &str) -> String {
    let mut name = String::with_capacity(header.len() + 4);
    let mut before = ' ';
    for c in header.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '"')).chars() {
        if c.is_uppercase() && before.is_lowercase() {
            name.push(' ');
        }
        match c {
            '_' | '-' | '.' => name.push(' '),
            _ => name.extend(c.to_lowercase()),
        }
        before = c;
    }
    name
}

/// The delimiter of a table of notes: its header has a column of texts beside others, and its first rows have as many
/// values as the header.
pub(super) fn delimiter_of(text: &str) -> Option<u8> {
    let text = text.trim_start_matches('\u{feff}');
    text.lines().next().filter(|header| header.len() <= LONGEST_HEADER)?;
    [b',', b';', b'\t', b'|'].into_iter().find(|delimiter| {
        let mut rows = Rows::new(text, *delimiter);
        let Some(names) = rows.next().filter(|names| names.len() > 1 && names.len() < 100) else { return false };
        let has_text = names.iter().any(|name| Column::of(&name.text) == Column::Text);
        let sizes: Vec<usize> = rows.take(5).map(|row| row.len()).collect();
        has_text && !sizes.is_empty() && sizes.iter().all(|size| *size == names.len())
    })
}

/// Bytes of a header line: a longer first line is prose.
const LONGEST_HEADER: usize = 2000;

/// One value of a table.
struct Cell {
    text: String,
    /// Where it stands in the content, if it stands there as it is read.
    place: Option<Span>,
}

/// The rows of a table that have a value.
struct Rows<'a> {
    content: &'a str,
    at: usize,
    reader: Reader,
}

/// A value beyond this many bytes is cut: it is a quote that nobody closed.
const LONGEST_VALUE: usize = 1 << 20;

impl<'a> Rows<'a> {
    fn new(content: &'a str, delimiter: u8) -> Self {
        Self { content, at: 0, reader: ReaderBuilder::new().delimiter(delimiter).build() }
    }

    /// The next value, and whether it ends its row.
    fn cell(&mut self) -> Option<(Cell, RowEnd)> {
        let bytes = self.content.as_bytes();
        let (start, mut text) = (self.at, Vec::new());
        let mut buffer = [0; 1024];
        loop {
            let (result, read, wrote) = self.reader.read_field(&bytes[self.at..], &mut buffer);
            self.at += read;
            let room = LONGEST_VALUE - LONGEST_VALUE.min(text.len());
            text.extend_from_slice(&buffer[..wrote.min(room)]);
            match result {
                ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
                ReadFieldResult::Field { record_end } => {
                    // The parser cuts at bytes of ASCII only, so the rest is UTF-8 as it was; the bound may cut a character.
                    let text = String::from_utf8_lossy(&text).into_owned();
                    let place = self.place_of(&text, start);
                    return Some((Cell { text, place }, if record_end { RowEnd::Here } else { RowEnd::Later }));
                }
                ReadFieldResult::End => return None,
            }
        }
    }

    fn place_of(&self, text: &str, start: usize) -> Option<Span> {
        let raw = &self.content[start..self.at];
        let lead = raw.len() - raw.trim_start_matches(['\r', '\n']).len();
        let quote = usize::from(raw[lead..].starts_with('"'));
        let start = start + lead + quote;
        let place = Span { start, end: start + text.len() };
        (self.content.get(place.start..place.end) == Some(text)).then_some(place)
    }
}

enum RowEnd {
    Here,
    Later,
}

impl Iterator for Rows<'_> {
    type Item = Vec<Cell>;

    fn next(&mut self) -> Option<Vec<Cell>> {
        let mut row = Vec::new();
        while let Some((cell, end)) = self.cell() {
            row.push(cell);
            if matches!(end, RowEnd::Here) {
                return Some(row);
            }
        }
        (!row.is_empty()).then_some(row)
    }
}

/// Reads a table.
pub(super) fn read(source: &Source, content: &str, delimiter: u8, limits: &Limits) -> Reading {
    let mut rows = Rows::new(content, delimiter);
    let headers = rows.next().unwrap_or_default();
    let columns: Vec<Column> = headers.iter().map(|header| Column::of(&header.text)).collect();
    let rows: Vec<Vec<Cell>> = rows.collect();
    let dates = Dates::learn(&rows, &columns);
    let mut composed = Composed::default();
    let mut drafts = Vec::new();
    for row in rows.iter().take(limits.parts) {
        let start = composed.len();
        compose(&mut composed, content, row, &headers, &columns);
        let value = |column| {
            row.iter()
                .zip(&columns)
                .find(|(cell, of)| **of == column && !cell.text.trim().is_empty())
                .map(|(cell, _)| cell.text.trim())
        };
        let passages = paragraphs(composed.text(), &lines(composed.text(), start..composed.len()));
        let author = value(Column::Author);
        drafts.push(Draft {
            speaker: author.filter(|author| !author.contains('@')).map(str::to_owned),
            address: value(Column::Address).or(author.filter(|author| author.contains('@'))).map(str::to_lowercase),
            at: value(Column::Date).and_then(|date| dates.at(date)).or(source.occurred_at),
            title: value(Column::Title).map(str::to_owned).or_else(|| source.title.clone()),
            passages,
            ..Draft::default()
        });
    }
    let (text, origin) = composed.finish();
    let beyond = rows.len().saturating_sub(limits.parts);
    let left_out = (beyond > 0).then(|| format!("{beyond} × row over the limit of {} for one source", limits.parts));
    Reading { text, origin, drafts, left_out: left_out.into_iter().chain(dates.receipt()).collect(), ..Reading::default() }
}

/// The note itself, then the columns that are neither sender nor date, each on a line of its own.
fn compose(composed: &mut Composed, content: &str, row: &[Cell], headers: &[Cell], columns: &[Column]) {
    let is_filled = |cell: &&Cell| !cell.text.trim().is_empty();
    for cell in row.iter().zip(columns).filter(|(_, column)| **column == Column::Text).map(|(cell, _)| cell).filter(is_filled) {
        add(composed, content, cell);
        composed.make("\n");
    }
    let others = row.iter().zip(headers.iter().zip(columns)).filter(|(_, (_, column))| **column == Column::Other);
    for (cell, (header, _)) in others.filter(|(cell, _)| is_filled(cell)) {
        composed.make("- ");
        composed.make(header.text.trim());
        composed.make(": ");
        add(composed, content, cell);
        composed.make("\n");
    }
    composed.make("\n");
}

fn add(composed: &mut Composed, content: &str, cell: &Cell) {
    match cell.place {
        // Records of a CRM store HTML.
        _ if cell.text.contains('<') && html::looks_like_html(&cell.text) => {
            let lines: Vec<String> = html::read(&cell.text).lines.into_iter().map(|line| line.text).collect();
            composed.make(lines.join("\n").trim());
        }
        Some(place) => composed.copy(content, place),
        None => composed.make(&cell.text),
    }
}

/// The dates of a table, whose order all of them decide together.
struct Dates {
    order: FileOrder,
    has_numeric: bool,
}

impl Dates {
    fn learn(rows: &[Vec<Cell>], columns: &[Column]) -> Self {
        let values = rows.iter().flat_map(|row| row.iter().zip(columns)).filter(|(_, column)| **column == Column::Date);
        let numeric: Vec<Written> = values.filter_map(|(cell, _)| numeric(&cell.text)).collect();
        Self { order: FileOrder::learn(&numeric), has_numeric: !numeric.is_empty() }
    }

    fn at(&self, text: &str) -> Option<Timestamp> {
        let text = text.trim();
        text.parse::<Timestamp>().ok().or_else(|| numeric(text)?.at(self.order.order))
    }

    fn receipt(&self) -> impl Iterator<Item = String> {
        let zone = self.has_numeric.then(|| NO_ZONE.to_owned());
        zone.into_iter().chain(self.order.doubt().filter(|_| self.has_numeric))
    }
}

/// A date without a zone; one with a zone is a timestamp.
fn numeric(text: &str) -> Option<Written> {
    let (date, rest) = written(text.trim())?;
    rest.trim().is_empty().then_some(date)
}

#[cfg(test)]
mod tests {
    use super::{delimiter_of, read};
    use crate::context::material::Limits;
    use crate::context::testing::source;
    use crate::domain::event::SourceType::CallNote;

    fn said(content: &str, limits: &Limits) -> (Vec<String>, Vec<String>) {
        let delimiter = delimiter_of(content).unwrap();
        let reading = read(&source("notes", CallNote, content), content, delimiter, limits);
        let said = reading.drafts.iter().map(|draft| {
            let texts: Vec<&str> = draft.passages.iter().map(|passage| passage.text.as_str()).collect();
            let who = draft.speaker.as_deref().or(draft.address.as_deref()).unwrap_or("-");
            format!("{} {who}: {}", draft.at.map(|at| at.to_string()).unwrap_or_default(), texts.join("|"))
        });
        (said.collect(), reading.left_out)
    }

    #[test]
    fn rows_are_messages_with_author_and_date() {
        let content = "\u{feff}Date,Owner,Note,Stage\r\n2026-04-29T10:00:00Z,Lee Ito,\"Spoke to \"\"Dana\"\", 45k.\r\n\r\nNext call in May.\",Demo\r\n2026-04-30 11:30,lee@us.example,Signed.,\r\n";
        let (said, left_out) = said(content, &Limits::DEFAULT);
        assert_eq!(
            said,
            [
                "2026-04-29T10:00:00Z Lee Ito: Spoke to \"Dana\", 45k.|Next call in May.|Stage: Demo",
                "2026-04-30T11:30:00Z lee@us.example: Signed.",
            ]
        );
        assert_eq!(left_out, ["zone of its times: read as UTC, since it names none"]);
    }

    #[test]
    fn other_delimiters_and_orders_of_dates_are_read() {
        assert_eq!(
            said("Datum;Autor;Notiz\n13.04.2026;Lee;Angebot, 45k\n14.04.2026;Dana;Ja\n", &Limits::DEFAULT).0,
            ["2026-04-13T00:00:00Z Lee: Angebot, 45k", "2026-04-14T00:00:00Z Dana: Ja"]
        );
        let limits = Limits { parts: 1, ..Limits::DEFAULT };
        let (said, left_out) = said("note\tcreated\nOne, two\t3/4/2026 1:00 PM\nThree\t3/5/2026 2:00 PM\n", &limits);
        assert_eq!(said, ["2026-03-04T13:00:00Z -: One, two"]);
        assert_eq!(left_out[0], "1 × row over the limit of 1 for one source");
        assert!(left_out[2].contains("month, day, year"));
    }

    #[test]
    fn an_export_of_a_crm_is_read_without_its_marks() {
        let content = "Id;Title;Body;CreatedBy.Name;CreatedDate\n7;Call;<p>Spoke to Dana.</p><p>45k</p>;Lee Ito;2026-04-30T10:32:00.000+0000\n";
        assert_eq!(said(content, &Limits::DEFAULT).0, ["2026-04-30T10:32:00Z Lee Ito: Spoke to Dana.|45k"]);
    }

    #[test]
    fn values_are_found_in_the_content() {
        let content = "note,stage\n\"We pay 45k, not more.\",Demo\n";
        let reading = read(&source("notes", CallNote, content), content, b',', &Limits::DEFAULT);
        let place = reading.origin.place(reading.drafts[0].passages[0].span).unwrap();
        assert_eq!(&content[place.start..place.end], "We pay 45k, not more.");
    }

    #[test]
    fn other_texts_are_no_tables() {
        for text in [
            "",
            "Note, that\nwe met, and\nagreed.\n",
            "a,b\n1,2\n",
            "text\nonly one column\n",
            "note,stage\n",
            "Text; we said\nthis; and; that\n",
        ] {
            assert_eq!(delimiter_of(text), None, "{text}");
        }
        // A quote that nobody closes is read to its end, without a panic.
        let open = "note,stage\n\"We pay,Demo\nmore,Won\n";
        assert!(delimiter_of(open).is_none());
        assert_eq!(read(&source("notes", CallNote, open), open, b',', &Limits::DEFAULT).drafts.len(), 1);
    }
}
