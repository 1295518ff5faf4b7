//! The words of mail programs, by language: names of header fields, separators, verbs of attribution lines.
//!
//! Only data and its look-up. Everything is lower case; [`plain`] makes a line comparable.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::context::visible::is_invisible;

/// What a line of a header block tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    From,
    Date,
    To,
    Subject,
    Other,
}

/// A line as it is compared: without invisible characters, with single spaces, ASCII digits and ASCII colons.
pub(super) fn plain(line: &str) -> String {
    // Some programs leave HTML's references in plain text.
    if line.contains("&lt;") || line.contains("&nbsp;") || line.contains("&quot;") {
        let decoded = line.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ").replace("&quot;", "\"");
        return plain(&decoded);
    }
    let mut plain = String::with_capacity(line.len());
    for c in line.chars().filter(|c| !is_invisible(*c)) {
        match c {
            _ if c.is_whitespace() => {
                if !plain.ends_with(' ') && !plain.is_empty() {
                    plain.push(' ');
                }
            }
            '٠'..='٩' => plain.push(digit(c, '٠')),
            '۰'..='۹' => plain.push(digit(c, '۰')),
            '０'..='９' => plain.push(digit(c, '０')),
            '：' => plain.push(':'),
            '＜' => plain.push('<'),
            '＞' => plain.push('>'),
            _ => plain.push(c),
        }
    }
    plain.truncate(plain.trim_end().len());
    plain
}

/// Lower case, with the Turkish İ as i.
pub(super) fn lower(words: &str) -> String {
    let mut lower = words.to_lowercase();
    lower.retain(|c| c != '\u{307}');
    lower
}

fn digit(c: char, zero: char) -> char {
    char::from_digit(u32::from(c) - u32::from(zero), 10).unwrap_or('0')
}

/// What the name of a header field means, in any of the languages.
pub(super) fn key(name: &str) -> Option<Key> {
    static TABLE: LazyLock<HashMap<&str, Key>> = LazyLock::new(|| {
        let rows = [(Key::From, FROM), (Key::Date, DATE), (Key::To, TO), (Key::Subject, SUBJECT), (Key::Other, OTHER)];
        rows.iter().flat_map(|(key, names)| names.iter().map(|name| (*name, *key))).collect()
    });
    TABLE.get(name).copied()
}

/// Whether these words stand between dashes above a copied message: `original message`.
pub(super) fn is_separator(words: &str) -> bool {
    static TABLE: LazyLock<HashSet<&str>> = LazyLock::new(|| SEPARATORS.iter().copied().collect());
    TABLE.contains(words)
}

/// Whether a line such as `Begin forwarded message` (without its colon) announces a forwarded message.
pub(super) fn begins_forward(words: &str) -> bool {
    FORWARDS.contains(&words)
}

/// Whether the words of a separator say that the message below was sent on.
pub(super) fn names_forward(words: &str) -> bool {
    begins_forward(words.trim_end_matches([':', ' '])) || FORWARD_STEMS.iter().any(|stem| words.contains(stem))
}

/// Whether an attribution line may begin with this word: `On`, `Am`, `Vào`.
pub(super) fn opens_attribution(word: &str) -> bool {
    static TABLE: LazyLock<HashSet<&str>> = LazyLock::new(|| OPENERS.iter().copied().collect());
    TABLE.contains(word)
}

#[rustfmt::skip]
const FROM: &[&str] = &[
    "from", "von", "absender", "de", "de la part de", "expéditeur", "expediteur", "remitente", "remetente", "da", "mittente",
    "van", "afzender", "od", "nadawca", "från", "avsändare", "fra", "afsender", "avsender", "lähettäjä", "odesílatel",
    "odosielateľ", "feladó", "küldő", "de la", "expeditor", "kimden", "gönderen", "от", "от кого", "отправитель",
    "від", "від кого", "відправник", "подател", "από", "αποστολέας", "מאת", "من", "المرسل", "از", "差出人", "送信者", "发件人",
    "寄件者", "寄件人", "發件人", "보낸 사람", "보낸사람", "보내는 사람", "보낸이", "발신", "발신자", "từ", "người gửi", "dari",
    "pengirim", "daripada", "จาก", "šalje", "pošiljatelj", "nuo", "no", "saatja", "nork", "remitent", "пошиљалац", "resent-from",
];
#[rustfmt::skip]
const DATE: &[&str] = &[
    "date", "sent", "sent at", "sent on", "date sent", "sent date", "received", "gesendet", "gesendet am", "datum", "verschickt",
    "envoyé", "envoye", "envoyé le", "envoyée", "envoyée le", "date d'envoi", "date d’envoi", "message du", "enviado",
    "enviado el", "enviado em", "enviada", "enviada em", "enviado a las", "fecha", "fecha de envío", "data", "data de envio",
    "data do envio", "inviato", "inviato il", "inviata", "data invio", "verzonden", "verzonden op", "verstuurd", "verzenddatum",
    "wysłano", "wysłane", "wysłany", "data wysłania", "data wysyłki", "skickat", "skickat den", "sänt", "sendt", "dato",
    "lähetetty", "päivämäärä", "päiväys", "pvm", "odesláno", "odesláno dne", "datum odeslání", "kdy", "odoslané", "dátum",
    "odoslané dňa", "küldve", "elküldve", "küldés ideje", "trimis", "trimis la", "dată", "expediat", "gönderildi",
    "gönderilme tarihi", "gönderme tarihi", "gönderilen", "tarih", "отправлено", "дата", "дата отправки", "надіслано",
    "відправлено", "изпратено", "στάλθηκε", "εστάλη", "ημερομηνία", "απεσταλμένα", "נשלח", "נשלח בתאריך", "תאריך", "تم الإرسال",
    "التاريخ", "تاريخ", "تاريخ الإرسال", "أُرسلت", "أرسل", "ارسال شده", "تاریخ", "送信日時", "日時", "日付", "送信", "送信日",
    "发送时间", "发送日期", "发件时间", "日期", "时间", "傳送時間", "傳送日期", "寄件日期", "發送時間", "寄送日期", "時間",
    "보낸 날짜", "보낸날짜", "보낸 시간", "보낸시간", "날짜", "일시", "발송일", "전송 날짜", "đã gửi", "gửi", "ngày", "ngày gửi",
    "vào lúc", "dikirim", "tanggal", "dihantar", "tarikh", "ส่ง", "วันที่", "poslano", "послато", "išsiųsta", "data", "nosūtīts",
    "saadetud", "kuupäev", "enviat", "enviat el", "bidalia", "ώρα",
];
#[rustfmt::skip]
const TO: &[&str] = &[
    "to", "an", "empfänger", "à", "a", "pour", "destinataire", "destinataires", "para", "destinatario", "destinatário",
    "destinatari", "per", "aan", "do", "adresat", "odbiorca", "till", "til", "vastaanottaja", "komu", "pre", "címzett",
    "címzettek", "către", "catre", "destinatar", "kime", "alıcı", "alıcılar", "кому", "до", "προς", "אל", "إلى", "الى", "به",
    "宛先", "收件人", "收件者", "받는 사람", "받는사람", "받는이", "수신", "수신자", "tới", "đến", "người nhận", "kepada",
    "untuk", "ke", "penerima", "ถึง", "za", "prima", "kam", "kellele", "saaja", "adressaat", "per a", "nori", "за", "delivered-to",
];
#[rustfmt::skip]
const SUBJECT: &[&str] = &[
    "subject", "re", "betreff", "betr", "objet", "sujet", "asunto", "assunto", "oggetto", "onderwerp", "temat", "ämne", "emne",
    "aihe", "otsikko", "předmět", "věc", "predmet", "tárgy", "subiect", "konu", "тема", "относно", "θέμα", "נושא", "הנדון",
    "الموضوع", "موضوع", "件名", "題名", "主题", "主旨", "主題", "제목", "chủ đề", "tiêu đề", "perihal", "subjek", "judul", "hal",
    "subyek", "เรื่อง", "หัวเรื่อง", "zadeva", "naslov", "tēma", "temats", "tema", "teema", "assumpte", "gaia", "предмет",
];
#[rustfmt::skip]
const OTHER: &[&str] = &[
    "cc", "bcc", "c.c", "blind copy", "copy", "copies", "reply-to", "reply to", "replyto", "importance", "priority", "sensitivity",
    "attachments", "attachment", "organization", "organisation", "company", "sent by", "on behalf of", "message-id", "when",
    "where", "required", "optional", "resent-to", "resent-date", "mailed-by", "signed-by", "kopie", "kopie (cc)", "kopie an", "antwort an",
    "antworten an", "anlagen", "anlage", "anhänge", "wichtigkeit", "priorität", "copie", "copie à", "copie a", "cci", "ci",
    "répondre à", "pièces jointes", "pièce jointe", "cco", "con copia", "copia", "responder a", "importancia", "datos adjuntos",
    "adjuntos", "responder para", "importância", "anexos", "anexo", "prioridade", "prioridad", "ccn", "per conoscenza",
    "rispondi a", "priorità", "allegati", "importanza", "bijlagen", "bijlage", "urgentie", "prioriteit", "antwoord aan", "dw",
    "udw", "do wiadomości", "kopia", "odpowiedz do", "załączniki", "ważność", "priorytet", "hemlig kopia", "bilagor", "bifogade filer",
    "svara till", "prioritet", "kopi", "vedlegg", "vedhæftede filer", "svar til", "kopio", "liitteet", "tärkeys", "kópia",
    "přílohy", "odpověď komu", "důležitost", "prílohy", "másolat", "másolatot kap", "mellékletek", "fontosság",
    "atașamente", "bilgi", "ekler", "önem", "копия", "важность", "вложения", "приоритет", "копія", "вкладення", "копие",
    "κοιν", "κοιν.", "κοινοποίηση", "συνημμένα", "עותק", "نسخة", "نسخة إلى", "رونوشت", "抄送", "密送",
    "附件", "副本", "密件副本", "添付ファイル", "重要度", "참조", "숨은참조", "첨부", "첨부파일", "đồng gửi", "tembusan", "salinan", "สำเนา",
];

#[rustfmt::skip]
const SEPARATORS: &[&str] = &[
    // English, and what programs write in every language
    "original message", "original email", "original e-mail", "original mail", "original appointment", "original", "the original message",
    "forwarded message", "forwarded messages", "forward message", "forwarded email", "forwarded mail", "forwarded letter",
    "forwarding messages", "forwarded conversation", "replied message", "reply message", "previous message", "quoted message",
    "quoted text", "original text", "in reply to", "message history", "message from", "replying to", "start original message",
    "begin forwarded message", "begin original message",
    // German
    "ursprüngliche nachricht", "ursprüngliche e-mail", "ursprüngliche mail", "ursprünglicher termin", "originalnachricht",
    "original-nachricht", "original nachricht", "originale nachricht", "originalmail", "original-e-mail", "weitergeleitete nachricht",
    "weitergeleitete e-mail", "weitergeleitete mail", "urspruengliche nachricht",
    // French
    "message d'origine", "message original", "message initial", "mail original", "courriel original", "courrier original",
    "e-mail d'origine", "e-mail d’origine", "email d'origine", "message d’origine", "mail d'origine", "message transféré",
    "message transmis", "message réexpédié", "message transfere", "rendez-vous d'origine", "courriel transféré",
    // Spanish, Catalan, Galician, Basque
    "mensaje original", "mensaje reenviado", "correo original", "mensaje enviado", "mensaje inicial", "cita original",
    "email original", "missatge original", "missatge reenviat", "missatge enviat", "mensaxe orixinal", "jatorrizko mezua",
    // Portuguese
    "mensagem original", "mensagem encaminhada", "mensagem reencaminhada", "e-mail original", "mensagem inicial", "compromisso original",
    // Italian
    "messaggio originale", "messaggio inoltrato", "messaggio originario", "appuntamento originale", "messaggio precedente", "mail originale",
    // Dutch
    "oorspronkelijk bericht", "oorspronkelijke bericht", "origineel bericht", "originele bericht", "doorgestuurd bericht", "oorspronkelijke e-mail",
    // Polish
    "wiadomość oryginalna", "oryginalna wiadomość", "treść oryginalnej wiadomości", "wiadomość przekazana", "przekazana wiadomość",
    "wiadomość pierwotna", "treść przekazanej wiadomości", "przekazywana wiadomość", "wiadomosc oryginalna",
    // Swedish, Danish, Norwegian, Finnish
    "ursprungligt meddelande", "originalmeddelande", "ursprungligt mail", "vidarebefordrat meddelande", "vidarebefordrat brev",
    "vidarebefordrat mail", "oprindelig meddelelse", "oprindelig besked", "oprindelig mail", "oprindelig e-mail", "original meddelelse",
    "original besked", "originalmeddelelse", "videresendt meddelelse", "videresendt besked", "videresendt mail", "opprinnelig melding",
    "original melding", "originalmelding", "opprinnelig e-post", "opprinnelig meddelelse", "videresendt melding", "videresendt e-post",
    "alkuperäinen viesti", "alkuperäinen sähköposti", "välitetty viesti", "edelleen lähetetty viesti", "edelleenlähetetty viesti",
    // Czech, Slovak, Hungarian, Romanian, Turkish
    "původní zpráva", "původní e-mail", "původní email", "původní mail", "přeposlaná zpráva", "přeposlaný e-mail", "pôvodná správa",
    "pôvodný e-mail", "preposlaná správa", "eredeti üzenet", "eredeti levél", "eredeti e-mail", "továbbított üzenet", "továbbított levél",
    "mesaj original", "mesajul original", "mesajul inițial", "mesaj inițial", "mesaj redirecționat", "mesaj retrimis", "mesaj transmis",
    "mesaj redirectionat", "orijinal ileti", "orijinal mesaj", "orjinal mesaj", "özgün ileti", "asıl ileti", "iletilen mesaj",
    "iletilmiş mesaj", "iletilmiş ileti", "yönlendirilmiş ileti", "yönlendirilen mesaj", "orijinal e-posta", "yönlendirilen ileti",
    // Slavic languages in Cyrillic
    "исходное сообщение", "оригинальное сообщение", "исходное письмо", "первоначальное сообщение", "пересылаемое сообщение",
    "пересланное сообщение", "пересылаемое письмо", "перенаправленное сообщение", "перенаправленное письмо", "конец пересылаемого сообщения",
    "початкове повідомлення", "оригінальне повідомлення", "вихідне повідомлення", "переслане повідомлення", "перенаправлене повідомлення",
    "пересланий лист", "оригинално съобщение", "препратено съобщение", "оригинална порука", "прослеђена порука",
    // Croatian, Serbian, Slovene, Baltic languages
    "izvorna poruka", "originalna poruka", "proslijeđena poruka", "prosleđena poruka", "izvirno sporočilo", "posredovano sporočilo",
    "algne kiri", "algne sõnum", "edastatud kiri", "pradinis laiškas", "originalus laiškas", "persiųstas laiškas", "oriģinālais ziņojums",
    // Greek, Hebrew, Arabic, Persian
    "αρχικό μήνυμα", "προωθημένο μήνυμα", "πρωτότυπο μήνυμα", "הודעה מקורית", "ההודעה המקורית", "הודעה שהועברה", "الرسالة الأصلية",
    "رسالة أصلية", "رسالة معاد توجيهها", "رسالة مُعاد توجيهها", "الرسالة الاصلية", "رسالة محولة", "پیام اصلی",
    // Japanese, Chinese, Korean
    "元のメッセージ", "元のメール", "オリジナルメッセージ", "転送メッセージ", "転送メール", "転送されたメッセージ", "原始邮件", "原始郵件", "原邮件", "原郵件",
    "原始信息", "原信息", "回复的原邮件", "回复邮件", "转发的邮件", "转发邮件", "转发邮件信息", "转发信息", "邮件原件", "轉寄郵件", "轉寄的郵件", "轉寄訊息",
    "已轉寄郵件", "原始訊息", "被转发邮件", "轉寄的訊息", "원본 메시지", "원본 메일", "원본메일", "원본 이메일", "원본메시지", "전달된 메시지", "전달된 메일",
    "전달된 이메일", "원문", "원래 메시지",
    // Vietnamese, Indonesian, Malay, Thai
    "tin nhắn gốc", "thư gốc", "tin nhắn ban đầu", "thông điệp gốc", "thư đã chuyển tiếp", "tin nhắn đã chuyển tiếp", "pesan asli",
    "pesan asal", "pesan orisinal", "pesan terusan", "pesan yang diteruskan", "pesan diteruskan", "mesej asal", "ข้อความต้นฉบับ",
    "ข้อความเดิม", "ข้อความที่ส่งต่อ",
];

#[rustfmt::skip]
const FORWARDS: &[&str] = &[
    "begin forwarded message", "anfang der weitergeleiteten nachricht", "anfang der weitergeleiteten e-mail",
    "début du message réexpédié", "début du message transféré", "début du message transmis", "inicio del mensaje reenviado",
    "inizio messaggio inoltrato", "inizio del messaggio inoltrato", "início da mensagem reencaminhada", "início da mensagem encaminhada",
    "begin doorgestuurd bericht", "vidarebefordrat brev", "vidarebefordrat meddelande", "start på videresendt besked",
    "start på videresendt meddelelse", "videresendt melding", "start på videresendt melding", "välitetty viesti alkaa",
    "początek przekazywanej wiadomości", "začátek přeposílané zprávy", "začiatok preposlanej správy", "továbbított üzenet kezdete",
    "începutul mesajului redirecționat", "iletilen ileti başlangıcı", "iletilen e-posta", "начало переадресованного сообщения",
    "начало пересылаемого сообщения", "початок листа, що пересилається", "αρχή προωθημένου μηνύματος", "תחילת ההודעה שהועברה",
    "بدء الرسالة المعاد توجيهها", "下面是被转发的邮件", "以下是被转发的邮件", "以下是轉寄的郵件", "開始轉寄郵件", "以下是轉寄的電子郵件", "転送されたメッセージ",
    "전달된 메시지", "bắt đầu thư được chuyển tiếp", "awal pesan yang diteruskan",
];

/// What the words for a message that was sent on have in common.
#[rustfmt::skip]
const FORWARD_STEMS: &[&str] = &[
    "forward", "weitergeleitet", "transféré", "transfere", "transmis", "réexpédié", "reenvia", "encaminhad", "reenvi", "inoltrat",
    "doorgestuurd", "przekaz", "vidarebefordra", "videresend", "välitetty", "edelleen", "přeposl", "preposl", "továbbít", "redirec",
    "retrimis", "iletil", "yönlendiril", "пересыла", "пересланн", "перенаправ", "переслан", "препратен", "прослеђ", "proslij", "prosleđ",
    "posredovan", "edastat", "persiųst", "προωθημέν", "שהועבר", "معاد", "محولة", "転送", "转发", "轉寄", "전달", "chuyển tiếp", "terusan",
    "diteruskan", "ส่งต่อ",
];

#[rustfmt::skip]
const OPENERS: &[&str] = &[
    "on", "at", "am", "vom", "le", "el", "il", "em", "no", "a", "la", "op", "den", "d.", "på", "w", "dnia", "in", "dne", "dňa",
    "ke", "v", "tarihinde", "la", "în", "pe", "в", "у", "на", "στις", "την", "τη", "ב", "בתאריך", "ביום", "في", "در", "在", "於",
    "于", "vào", "pada", "pd", "dana", "ngày", "lúc", "เมื่อ", "het", "do", "u", "wiadomość", "sent", "quoting", "zitat", "quote", "cit", "citando",
    "citas", "citat", "cytowanie", "cytat", "citeren", "selon", "from", "von", "de", "da", "van", "od", "quando", "kun",
];

/// Verbs and short phrases that end an attribution line: `… wrote:`. Words of scripts that part words by spaces.
pub(super) const WROTE_LAST: &str = r"wrote|writes|has written|said|wrote the following|schrieben?|geschrieben|hat geschrieben|folgendes geschrieben|a [ée]crit|[ée]crivait|[ée]crit|a envoyé|escribi[óo]|ha escrito|va escriure|escribiu|escreveu|ha scritto|scrive|scritto|schreef(?: het volgende)?|geschreven|schrijft|napisał\(?a?\)?|napisała|napisali|pisze|nap[ií]?sal[a(/]*\)?|je napisao(?:/la)?|je napisala|je napisal/?a?|napisao/la|skrev|skrev følgende|skrev följande|skriver|har skrevet|kirjoitti|írta|ezt írta|a scris|yazdı|şunu yazdı|şunları yazdı|yazmış|написал[a(аи]*\)?|пишет|писал\(?а?\)?|написав(?:\(ла\))?|написала|пише|написа|је написао(?:/ла)?|έγραψε|έγραψαν|כתבה?|כתב/ה|כתב\(ה\)|كتبت?|نوشت|نوشته است|đã viết|viết|menulis|เขียนว่า|เขียน|rašė|rakstīja|kirjutas|idatzi du";

/// The same in scripts without spaces: they may follow a name or a time at once.
pub(super) const WROTE_LAST_UNSPACED: &str = r"さんは書きました|さんが書きました|が書きました|のメール|のメッセージ|写道|寫道|님이 작성|님이 씀|님이 쓴 글|님이 보낸 메일|작성|写入|เขียนว่า";

/// Verbs that the name follows: `schrieb Dana Keller:`.
pub(super) const WROTE_THEN_NAME: &str = r"schrieb(?: am)?|schreef|skrev|skreiv|wrote|írta|ezt írta|yazdı|کتب|كتبت?|כתבה?|כתב/ה|написал\(?а?\)?|kirjoitti|kirjutas|a scris|tarihinde|пишет|escribió|escreveu|menulis|napsal\(?a?\)?|napísal\(?a?\)?|napisał\(?a?\)?|pisze|rašė|a écrit|ha scritto|έγραψε";

#[cfg(test)]
mod tests {
    use super::{Key, is_separator, key, plain};

    #[test]
    fn lines_become_comparable() {
        assert_eq!(plain("\u{200f}差出人：\u{3000}Dana\u{202f}<d@x>\u{200e} ١٢:٣٠ "), "差出人: Dana <d@x> 12:30");
    }

    #[test]
    fn header_fields_have_one_meaning_in_all_languages() {
        let rows =
            [("von", Key::From), ("envoyé le", Key::Date), ("收件人", Key::To), ("тема", Key::Subject), ("dw", Key::Other)];
        for (name, expected) in rows {
            assert_eq!(key(name), Some(expected), "{name}");
        }
        assert_eq!(key("budget"), None);
        assert!(is_separator("wiadomość oryginalna") && !is_separator("next steps"));
    }
}
