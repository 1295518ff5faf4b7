//! [`block`]: header blocks above a copied message, `From:`, `Sent:`, `To:`, `Subject:`, in all languages.

use super::Head;
use super::attribution::Introduction;
use super::author::sender;
use super::dates;
use super::vocabulary::{Key, key, lower, plain};
use crate::context::lines::Line;

/// How sure we must be that lines are a header block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Evidence {
    /// Nothing announces it: three fields, or sender and date.
    Alone,
    /// It stands below a separator or a ruler: two fields, or a sender with an address.
    Announced,
}

/// A block takes no more lines than this.
const MOST_LINES: usize = 40;

/// A header block at the start of `lines`: fields in any order, one of them the sender.
pub(super) fn block(text: &str, lines: &[Line], evidence: Evidence, zone_seconds: i32) -> Option<Introduction> {
    let depth = lines.first()?.depth;
    let mut block = Block { head: Head { zone_seconds, ..Head::default() }, ..Block::default() };
    let mut used = 0;
    let mut at = 0;
    while at < lines.len().min(MOST_LINES) {
        let line = lines[at];
        if line.depth != depth {
            break;
        }
        if line.is_blank(text) {
            // Some programs put a blank line between the fields.
            let next = lines.get(at + 1).filter(|next| next.depth == depth);
            let goes_on =
                used > 0 && next.and_then(|next| field(next.text(text))).is_some_and(|(key, _)| !block.seen.contains(&key));
            if !goes_on {
                break;
            }
        } else if !block.take(line.text(text)) {
            break;
        } else {
            used = at + 1;
        }
        at += 1;
    }
    block.is_enough(evidence).then(|| Introduction::of(block.head, &lines[..used]))
}

#[derive(Default)]
struct Block {
    head: Head,
    seen: Vec<Key>,
    /// The field that the next line may continue, and whether its value is still open.
    last: Option<(Key, String)>,
    sender_has_address: bool,
    receiver_has_address: bool,
    has_clock: bool,
}

impl Block {
    /// Takes one line, unless it belongs to no field.
    fn take(&mut self, raw: &str) -> bool {
        if let Some((key, value)) = field(raw) {
            if key == Key::From && self.seen.contains(&key) {
                // The next block.
                return false;
            }
            self.fill(key, &value);
            self.seen.push(key);
            self.last = Some((key, value));
            return true;
        }
        let Some((key, value)) = self.last.take() else { return false };
        let line = plain(raw);
        if !goes_on(key, &value, raw, &line) {
            return false;
        }
        if value.is_empty() {
            self.fill(key, &line);
        } else if key == Key::From {
            let (_, address) = sender(&line);
            self.sender_has_address |= address.is_some();
            self.head.address = self.head.address.take().or(address);
        }
        self.last = Some((key, line));
        true
    }

    fn fill(&mut self, key: Key, value: &str) {
        match key {
            Key::From => {
                (self.head.name, self.head.address) = sender(value);
                self.sender_has_address |= self.head.address.is_some();
            }
            Key::Date => {
                self.has_clock |= dates::clock_place(value).is_some();
                self.head.at = self.head.at.or_else(|| dates::parse(value, self.head.zone_seconds));
            }
            Key::Subject => self.head.subject = Some(value.to_owned()).filter(|subject| !subject.is_empty()),
            Key::To => self.receiver_has_address |= value.contains('@'),
            Key::Other => {}
        }
    }

    fn is_enough(&self, evidence: Evidence) -> bool {
        let has = |key| self.seen.contains(&key);
        let kinds = [Key::From, Key::Date, Key::To, Key::Subject].into_iter().filter(|key| has(*key)).count();
        let has_sender = has(Key::From) && (self.head.name.is_some() || self.head.address.is_some());
        match evidence {
            Evidence::Announced => has_sender && (kinds >= 2 || self.sender_has_address) || kinds >= 3,
            Evidence::Alone => {
                has_sender && kinds >= 2 && (kinds >= 3 || self.head.at.is_some() || self.sender_has_address)
                    || kinds >= 3 && self.head.at.is_some()
                    || kinds >= 2 && self.head.at.is_some() && self.has_clock && self.receiver_has_address
            }
        }
    }
}

/// Whether a line without a field's name continues the field above it.
fn goes_on(key: Key, value: &str, raw: &str, line: &str) -> bool {
    if value.is_empty() {
        return matches!(key, Key::From | Key::Date | Key::To | Key::Subject) && line.len() <= 200;
    }
    let is_folded = raw.starts_with([' ', '\t']);
    match key {
        Key::From => line.contains('@') && (line.starts_with(['<', '[', '(']) || has_open_bracket(value)),
        // A list of receivers, a long subject and a list of attachments are wrapped.
        Key::To | Key::Other => {
            let is_open = value.ends_with([';', ',']) || value.contains('<') && !value.ends_with('>');
            (is_open || is_folded || line.starts_with('<')) && line.contains(['@', ';', '<', ','])
                || is_open && line.split_whitespace().count() <= 4
        }
        Key::Subject => is_folded,
        Key::Date => false,
    }
}

fn has_open_bracket(value: &str) -> bool {
    value.rfind(['<', '[', '(']).is_some_and(|open| !value[open..].contains(['>', ']', ')']))
}

/// Name and value of a field: `*From:* Dana`, `Von : Dana`, `| From | Dana |`.
fn field(line: &str) -> Option<(Key, String)> {
    // Most lines have no colon near their start.
    let window = &line[..line.floor_char_boundary(80)];
    if !window.contains([':', '|', '：']) {
        return None;
    }
    let line = plain(line);
    let bare = line.trim_start_matches(MARKS);
    let end = bare.char_indices().take(32).find(|(_, c)| matches!(c, ':' | '|')).map(|(at, _)| at)?;
    let name = lower(bare[..end].trim_matches(MARKS));
    let key = key(&name)?;
    let value = bare[end..].trim_start_matches(':').trim_matches(MARKS).trim_matches(':');
    Some((key, value.trim_matches(MARKS).to_owned()))
}

/// What programs put around names and values: bold, tables.
const MARKS: [char; 5] = [' ', '*', '_', '|', '\u{a0}'];

#[cfg(test)]
mod tests {
    use super::super::attribution::Introduction;
    use super::{Evidence, block};
    use crate::context::lines::lines;

    fn found(text: &str, evidence: Evidence) -> Option<Introduction> {
        block(text, &lines(text, 0..text.len()), evidence, 0)
    }

    #[test]
    fn blocks_of_many_languages_tell_sender_and_time() {
        let rows = [
            "From: Dana Keller <dana@n.example>\nSent: Monday, May 4, 2026 3:07 PM\nTo: Lee\nSubject: Price\n",
            "*Von:* Dana Keller <dana@n.example>\n*Gesendet:* Montag, 4. Mai 2026 15:07\n*An:* Lee\n*Betreff:* Preis\n",
            "De : Dana Keller <dana@n.example>\nEnvoyé : lundi 4 mai 2026 15:07\nÀ : Lee\nObjet : Prix\n",
            "De: Dana Keller <dana@n.example>\nEnviado el: lunes, 4 de mayo de 2026 15:07\nPara: Lee\nAsunto: Precio\n",
            "De: Dana Keller <dana@n.example>\nEnviada em: segunda-feira, 4 de maio de 2026 15:07\nPara: Lee\nAssunto: Preço\n",
            "Da: Dana Keller <dana@n.example>\nInviato: lunedì 4 maggio 2026 15:07\nA: Lee\nOggetto: Prezzo\n",
            "Van: Dana Keller <dana@n.example>\nVerzonden: maandag 4 mei 2026 15:07\nAan: Lee\nOnderwerp: Prijs\n",
            "Od: Dana Keller <dana@n.example>\nWysłano: poniedziałek, 4 maja 2026 15:07\nDo: Lee\nTemat: Cena\n",
            "Från: Dana Keller <dana@n.example>\nSkickat: den 4 maj 2026 15:07\nTill: Lee\nÄmne: Pris\n",
            "Fra: Dana Keller <dana@n.example>\nSendt: 4. maj 2026 15:07\nTil: Lee\nEmne: Pris\n",
            "Lähettäjä: Dana Keller <dana@n.example>\nLähetetty: maanantai 4. toukokuuta 2026 15.07\nVastaanottaja: Lee\nAihe: Hinta\n",
            "Od: Dana Keller <dana@n.example>\nOdesláno: pondělí 4. května 2026 15:07\nKomu: Lee\nPředmět: Cena\n",
            "Feladó: Dana Keller <dana@n.example>\nElküldve: 2026. május 4., hétfő 15:07\nCímzett: Lee\nTárgy: Ár\n",
            "De la: Dana Keller <dana@n.example>\nTrimis: luni, 4 mai 2026 15:07\nCătre: Lee\nSubiect: Preț\n",
            "Kimden: Dana Keller <dana@n.example>\nGönderildi: 4 Mayıs 2026 Pazartesi 15:07\nKime: Lee\nKonu: Fiyat\n",
            "От: Dana Keller <dana@n.example>\nОтправлено: 4 мая 2026 г. 15:07\nКому: Lee\nТема: Цена\n",
            "Від: Dana Keller <dana@n.example>\nНадіслано: 4 травня 2026 р. 15:07\nКому: Lee\nТема: Ціна\n",
            "Από: Dana Keller <dana@n.example>\nΣτάλθηκε: Δευτέρα, 4 Μαΐου 2026 3:07 μ.μ.\nΠρος: Lee\nΘέμα: Τιμή\n",
            "差出人: Dana Keller <dana@n.example>\n送信日時: 2026年5月4日 15:07\n宛先: Lee\n件名: 価格\n",
            "发件人： Dana Keller <dana@n.example>\n发送时间： 2026年5月4日 15:07\n收件人： Lee\n主题： 价格\n",
            "寄件者: Dana Keller <dana@n.example>\n寄件日期: 2026年5月4日 下午 03:07\n收件者: Lee\n主旨: 價格\n",
            "보낸 사람: Dana Keller <dana@n.example>\n보낸 날짜: 2026년 5월 4일 월요일 오후 3:07\n받는 사람: Lee\n제목: 가격\n",
            "Từ: Dana Keller <dana@n.example>\nĐã gửi: 15:07 4 thg 5, 2026\nTới: Lee\nChủ đề: Giá\n",
            "Dari: Dana Keller <dana@n.example>\nDikirim: Senin, 4 Mei 2026 15:07\nKepada: Lee\nPerihal: Harga\n",
            "Message du : 04/05/26 15:07\nDe : \"Dana Keller\" <dana@n.example>\nA : Lee\nCopie à :\nSujet : Prix\n",
            "| From | Dana Keller<dana@n.example> |\n| Date | 05/04/2026 15:07 |\n| To | Lee |\n| Subject | Price |\n",
        ];
        for text in rows {
            let head = found(text, Evidence::Alone).unwrap_or_else(|| panic!("{text}")).head;
            assert_eq!((head.name.as_deref(), head.address.as_deref()), (Some("Dana Keller"), Some("dana@n.example")), "{text}");
            let is_ambiguous = text.contains("/26") || text.contains("05/04");
            let at = head.at.map(|at| at.to_string());
            assert_eq!(at.as_deref(), (!is_ambiguous).then_some("2026-05-04T15:07:00Z"), "{text}");
        }
    }

    #[test]
    fn wrapped_and_spaced_blocks_are_one() {
        let rows = [
            ("From: Dana Keller\n<dana@n.example>\nSent: 4 May 2026\nTo: Lee;\n  ana@n.example\nSubject: Price\n\nText", 6),
            ("*From:* Dana <dana@n.example>\n\n*Sent:* 4 May 2026\n\n*To:* Lee\n\n*Subject:* Price\n\nText", 7),
            ("From:\nDana <dana@n.example>\nTo:\nLee <lee@us.example>\nSubject:\nPrice\nDate:\n4 May 2026\n\nText", 8),
        ];
        for (text, expected) in rows {
            assert_eq!(found(text, Evidence::Alone).map(|found| found.lines), Some(expected), "{text}");
        }
    }

    #[test]
    fn lists_of_labels_are_no_header() {
        for text in [
            "From: here to there\nNothing else\n",
            "Date: next week\nTo: be decided\n",
            "From: 10 seats\nTo: 40 seats\n",
            "Subject: to change\nWhen: never\n",
            "Von: Berlin\nNach: Rom\n",
        ] {
            assert_eq!(found(text, Evidence::Alone), None, "{text}");
        }
    }
}
