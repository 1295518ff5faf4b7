//! [`is_device_line`]: "Sent from my phone", in the languages of the programs.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use super::vocabulary::plain;

/// Such a line has no more bytes.
const LONGEST: usize = 200;

/// Whether a mail program added this line below what was written.
pub(super) fn is_device_line(raw: &str) -> bool {
    let bare = raw.trim();
    if bare.len() > LONGEST || !could_be(bare) {
        return false;
    }
    let line = plain(bare);
    let line = LINK.replace_all(&line, "");
    let line = line.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | '*' | '_' | '-' | '—' | '<' | '>' | '~')
    });
    let line = line.strip_suffix(['.', '!']).unwrap_or(line);
    if line.ends_with('?') {
        return false;
    }
    OUTLOOK.is_match(line)
        || FULL.is_match(line)
        || SENT.find(line).is_some_and(|found| is_device(&line[found.end()..]))
        || SENT_LAST.is_match(line) && line.split_whitespace().any(|word| PRODUCT.is_match(word))
}

/// Whether words name a device or a program, with an excuse behind it perhaps, or are at least no sentence.
fn is_device(words: &str) -> bool {
    let words_count = words.split_whitespace().count();
    let names_product = || words.split_whitespace().take(4).any(|word| PRODUCT.is_match(word));
    words_count <= 16 && names_product() || words_count <= 7 && !words.contains([',', '.', ';', ':', '!', '?', '<', '>'])
}

/// A cheap look: the first word, or a word of a script without spaces.
fn could_be(line: &str) -> bool {
    if line.contains("utlook") || line.contains("OUTLOOK") {
        return true;
    }
    let start = line.trim_start_matches(['(', '[', '*', '_', '-', '—', '<', '~', ' ']);
    let first = start.split([' ', '\u{a0}']).next().unwrap_or_default();
    if first.is_ascii() {
        // Without an allocation: most lines end here.
        let mut lower = [0; 12];
        let Some(lower) = lower.get_mut(..first.len()) else { return false };
        lower.copy_from_slice(first.as_bytes());
        lower.make_ascii_lowercase();
        return std::str::from_utf8(lower).is_ok_and(is_first_word) || ends_like_device(line);
    }
    is_first_word(&first.to_lowercase()) || UNSPACED_STARTS.iter().any(|words| start.starts_with(words)) || ends_like_device(line)
}

fn is_first_word(word: &str) -> bool {
    static TABLE: LazyLock<HashSet<&str>> = LazyLock::new(|| FIRST_WORDS.iter().copied().collect());
    TABLE.contains(word)
}

/// Languages whose verb comes last.
fn ends_like_device(line: &str) -> bool {
    let bare = line.trim_end_matches(['.', '。', '!', ' ', ')', ']']);
    match bare.chars().next_back() {
        Some('i' | 'r' | 'e' | 'ı') => ["gönderildi", "gönderilmiştir", "küldve"].iter().any(|verb| bare.ends_with(verb)),
        Some(last) if last >= '\u{3000}' => SENT_LAST.is_match(bare),
        _ => false,
    }
}

#[rustfmt::skip]
const FIRST_WORDS: &[&str] = &[
    "sent", "get", "download", "composed", "typed", "yahoo", "von", "gesendet", "diese", "versendet", "verschickt", "holen", "hol",
    "envoyé", "envoyée", "envoye", "télécharger", "obtenir", "obtenez", "provenance", "enviado", "enviada", "enviat", "enviaj", "inviato", "inviata",
    "scarica", "ottieni", "verstuurd", "verzonden", "wysłane", "wysłano", "wysłany", "wyslane", "skickat", "skickades", "sendt", "lähetetty",
    "odesláno", "odoslané", "poslané", "trimis", "отправлено", "отправленo", "надіслано", "відправлено", "изпратено", "στάλθηκε", "εστάλη", "απεσταλμένο", "נשלח",
    "أرسلت", "أُرسلت", "مرسل", "مُرسل", "تم", "dikirim", "terkirim", "gửi", "được", "đã", "poslano", "poslato", "послато", "saadetud", "nosūtīts", "išsiųsta",
"fra",
];
#[rustfmt::skip]
const UNSPACED_STARTS: &[&str] = &["发自", "發自", "從我的", "从我的", "來自我的", "来自我的", "寄自", "发送自", "寄件自", "傳送自", "나의", "내 ", "ส่งจาก"];

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern")
}

static LINK: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\s?[<(\[]\s?(?:https?://|mailto:|www\.)[^>)\]\s]*\s?[>)\]]|\s?https?://\S+"));
/// "Get Outlook for iOS" in any language.
static OUTLOOK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:\S+ ){0,5}\S*outlook\S*(?: \S+){0,3} \S*(?:ios|android|mobile|windows|mac)\S*(?: (?:herunterladen|beziehen|holen|downloaden|beszerzése|edinin|indirin|を入手する|を入手|を取得|다운로드|다운로드하기))?$|(?i)^(?:get|obtenir|obtener) (?:the )?outlook(?-u:\b)",
    )
});
/// Lines that are always such, however they go on.
static FULL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:yahoo mail: .{5,40}conquer|diese (?:nachricht|e-?mail|mail) wurde (?:von|mit) .{2,60} (?:gesendet|verschickt|versendet)|sent on the (?:go|move)|provenance ?: ?courrier .+|von unterwegs (?:gesendet|verschickt)|get the (?:new )?(?:aol|yahoo) .{2,30}app.*)$",
    )
});
static SENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)^(?:
        sent\ (?:from|via|with|using|by|through|on)(?:\ (?:my|our|a|an|the))?\ |(?:composed|typed)\ (?:on|with|from)\ (?:my|a)\ |
        (?:gesendet|versendet|verschickt)\ (?:von|mit|über|aus|per|via)(?:\ (?:meine[mr]?|der|dem))?\ |von\ (?:meine[mr]\ )?(?:.+)\ (?:gesendet|verschickt)$|
        envoy[ée]e?\ (?:de|depuis|à\ partir\ de|via|avec|par|à\ partir\ d|d)(?:['’\ ])(?:mon|ma|l['’])?\ ?|
        (?:enviad[oa]|enviat|enviaj)\ (?:desde|do|da|de|des\ de|des\ del|del|a\ partir\ d[eo]|por|con|com|pelo|pela|via|através\ d[eo])(?:\ (?:mi|meu|minha|el|o|a|meva|meu))?\ |
        inviat[oa]\ (?:da|dal|dalla|dall['’]|con|tramite|via)(?:\ (?:mio|mia))?\ ?|
        (?:verstuurd|verzonden)\ (?:vanaf|vanuit|van|met|via|door)(?:\ (?:mijn|een))?\ |
        wys[łl]an[eoy]\ (?:z|ze|za\ pomocą|przez)(?:\ (?:mojego|mojej))?\ |
        skicka(?:t|des)\ (?:från|med|via)(?:\ (?:min|mitt))?\ |sendt\ (?:fra|med|via)(?:\ (?:min|mit|mitt))?\ |
        lähetetty\ |odesláno\ (?:z|ze|pomocí)(?:\ (?:mého|mé))?\ |(?:odoslané|poslané)\ (?:z|zo|pomocou)(?:\ môjho)?\ |
        trimis\ (?:de\ pe|din|de\ la|cu|prin)\ |(?:отправлено|відправлено|надіслано|изпратено|послато)\ (?:с|со|из|з|із|от|през|через|са)(?:\ (?:моего|мого|мобильной|моя))?\ |
        (?:στάλθηκε|εστάλη|απεσταλμένο)\ από\ |נשלח\ (?:מה|מ|באמצעות)[-־\ ]?|(?:أ[ُ]?رسلت|م[ُ]?رسل|تم\ الإرسال|تم\ إرساله[ا]?)\ (?:من|بواسطة|عبر)\ |
        (?:dikirim|terkirim)\ (?:dari|melalui|dengan)\ |(?:được\ |đã\ )?gửi\ (?:từ|bằng|qua)\ |poslan?to?\ (?:s|sa|z|iz)\ (?:mog\ |mojega\ )?|
        saadetud\ minu\ |nosūtīts\ no\ |išsiųsta\ iš\ |ส่งจาก\ ?|fra\ min\ |
        (?:发自|發自|来自|來自|从|從|寄自|发送自|傳送自|寄件自)(?:我的|我|于)?\ ?|(?:나의|내)\ )",
    )
});
static SENT_LAST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:から送信(?:しました|されました)?|より送信(?:しました)?|から送られました|에서 (?:보냄|보냈습니다|보낸 메일|전송됨|전송|발송|보내짐)|에서 보낸 이메일|发送|傳送|发送的邮件|寄出|gönderildi|gönderilmiştir|küldve|elküldve|ile gönder(?:ildi|ilmiştir))$",
    )
});
static PRODUCT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)iphone|i ?pad|ipod|(?-u:\b)ios(?-u:\b)|android|mobil|handy|phone|móvil|movil|celular|cellulare|telefon|téléphone|komórk|puhelim|teléfono|tablet|galaxy|samsung|blackberry|huawei|xiaomi|redmi|oneplus|pixel|nokia|lumia|htc|(?-u:\b)lg(?-u:\b)|sony|xperia|motorola|(?-u:\b)moto|honor|oppo|wiko|outlook|mail(?-u:\b)|gmail|yahoo|(?-u:\b)aol(?-u:\b)|spark(?-u:\b)|superhuman|proton|tutanota|zoho|(?-u:\b)front(?-u:\b)|thunderbird|windows|(?-u:\b)mac|(?-u:\b)app(?-u:\b)|device|gerät|wireless|gmx|web\.de|surface|verizon|t-mobile|vodafone|orange|телефон|почт|пошт|手机|手機|邮箱|郵件|邮件|スマートフォン|携帯|휴대폰|폰|hotmail|smartphone|treo|palm|(?-u:\b)[45]g(?-u:\b)|(?-u:\b)lte(?-u:\b)",
    )
});

#[cfg(test)]
mod tests {
    use super::is_device_line;

    #[test]
    fn programs_say_where_a_mail_was_written() {
        for line in [
            "Sent from my iPhone",
            "Sent from my BlackBerry® smartphone on the O2 network",
            "Sent from my Verizon, Samsung Galaxy smartphone",
            "Sent from my iPhone. Please excuse any typos.",
            "(Sent from my iPad)",
            "-- Sent from my Palm Pre",
            "Sent from Mail for Windows 10",
            "Sent from Mail<https://go.example/fwlink> for Windows",
            "Sent from Yahoo Mail on Android",
            "Sent with Proton Mail secure email.",
            "Sent via Superhuman ( https://sprh.example )",
            "Get Outlook for iOS<https://aka.example/x>",
            "Get Outlook for Android",
            "Outlook für Android herunterladen",
            "Von meinem iPhone gesendet",
            "Von meinem Samsung Galaxy Smartphone gesendet.",
            "Gesendet von Mail für Windows 10",
            "Gesendet mit der GMX Mail App",
            "Diese Nachricht wurde von meinem Android-Gerät mit WEB.DE Mail gesendet.",
            "Envoyé de mon iPhone",
            "Envoyé à partir de Outlook pour iOS<https://aka.example/x>",
            "Envoyé depuis mon appareil Galaxy",
            "Télécharger Outlook pour Android",
            "Enviado desde mi iPhone",
            "Enviado do meu iPhone",
            "Obter o Outlook para iOS",
            "Inviato da iPhone",
            "Inviato dal mio dispositivo Android",
            "Verstuurd vanaf mijn iPhone",
            "Wysłane z iPhone'a",
            "Skickat från min iPhone",
            "Sendt fra min iPhone",
            "Lähetetty iPhonesta",
            "Odesláno z iPhonu",
            "Az iPhone-omról küldve",
            "Trimis de pe iPhone-ul meu",
            "iPhone'umdan gönderildi",
            "Отправлено с iPhone",
            "Отправлено из мобильной Почты Mail.ru",
            "Надіслано з iPhone",
            "Στάλθηκε από το iPhone μου",
            "נשלח מה-iPhone שלי",
            "أُرسلت من الـ iPhone",
            "iPhoneから送信",
            "发自我的 iPhone",
            "發自我的iPhone",
            "從我的 iPhone 傳送",
            "나의 iPhone에서 보냄",
            "Gửi từ iPhone của tôi",
            "Dikirim dari iPhone saya",
            "获取 Outlook for iOS",
        ] {
            assert!(is_device_line(line), "{line}");
        }
    }

    #[test]
    fn sentences_about_sending_are_no_device_line() {
        for line in [
            "Sent from my desk, is much easier than my phone.",
            "Sent the offer to Dana yesterday.",
            "Get back to me by Friday",
            "Von Dana kam noch nichts",
            "Outlook for next year: 40 seats",
            "Is it sent from my iPhone?",
            "Gesendet wurde das Angebot gestern, wir warten.",
            "请把合同发给我，谢谢",
        ] {
            assert!(!is_device_line(line), "{line}");
        }
    }
}
