//! Signatures by their build: a closing phrase with a name and contact data below it, `-Dana`, a block of contact data.
//!
//! A closing phrase on a line of its own begins a signature. With the name in the same line (`Thanks, Dana`) it is read
//! as a sentence and stays, unless contact data follow: it costs a few words, and may say something.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::context::lines::Line;

/// More lines are no signature.
const MOST_LINES: usize = 15;
/// A closing phrase has no more words, with a name and in two languages.
const MOST_WORDS: usize = 9;
/// A signature begins within the last lines of a message that have words.
const LAST_LINES: usize = 40;

/// The place of the signature within `lines`, which have no footers any more.
pub(super) fn signature(text: &str, lines: &[Line]) -> Option<Range<usize>> {
    let first = lines.len() - last_filled(text, lines, LAST_LINES);
    let filled: Vec<usize> = (first..lines.len()).filter(|at| !lines[*at].is_blank(text)).collect();
    let line = |place: usize| lines[filled[place]].text(text);
    below_closing(&filled, line)
        .or_else(|| dashed_name(text, lines, &filled))
        .or_else(|| contact_block(text, lines, &filled))
        .map(|places| filled[places.start]..filled[places.end - 1] + 1)
}

/// How many lines from the end hold this many lines with words.
fn last_filled(text: &str, lines: &[Line], count: usize) -> usize {
    let mut filled = 0;
    lines
        .iter()
        .rev()
        .take_while(|line| {
            filled += usize::from(!line.is_blank(text));
            filled <= count
        })
        .count()
}

/// A closing phrase with names, titles and numbers below it. A sentence below it (a postscript) is kept.
fn below_closing<'a>(filled: &[usize], line: impl Fn(usize) -> &'a str) -> Option<Range<usize>> {
    let place = (0..filled.len()).rev().find(|place| closing(line(*place)) != Closing::None)?;
    let below = (place + 1..filled.len()).take_while(|at| is_contact_line(line(*at))).count();
    let end = place + 1 + below;
    match closing(line(place)) {
        Closing::Alone => {
            let ends_open = line(place).trim_end().ends_with([',', '，', '、']);
            let is_signature = below > 0 || ends_open && place + 1 == filled.len() && place > 0;
            (is_signature && below <= MOST_LINES).then_some(place..end)
        }
        Closing::WithName => {
            let has_contact = (place + 1..end).any(|at| CONTACT.is_match(line(at)));
            (has_contact && below <= MOST_LINES).then_some(place..end)
        }
        Closing::None => None,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Closing {
    None,
    /// `Best regards,`
    Alone,
    /// `Best regards, Dana`
    WithName,
}

fn closing(line: &str) -> Closing {
    let bare = line.trim().trim_matches(['*', '_', ' ']);
    if bare.len() > 120 || bare.bytes().any(|byte| byte.is_ascii_digit()) || bare.split_whitespace().nth(MOST_WORDS).is_some() {
        return Closing::None;
    }
    let alone = |part: &str| CLOSING.is_match(part.trim());
    if bare.len() <= 70 && alone(bare) || bare.contains(['/', '|']) && bare.split(['/', '|']).all(alone) {
        return Closing::Alone;
    }
    match CLOSING_WITH_NAME.is_match(bare) {
        true => Closing::WithName,
        false => Closing::None,
    }
}

/// `-Dana Keller` as the last line, if the line before it is no bullet.
fn dashed_name(text: &str, lines: &[Line], filled: &[usize]) -> Option<Range<usize>> {
    let place = filled.len().checked_sub(1).filter(|place| *place > 0)?;
    let line = |place: usize| lines[filled[place]].text(text).trim();
    let is_list = line(place - 1).starts_with(['-', '–', '—', '*', '•']);
    (!is_list && DASHED_NAME.is_match(line(place))).then_some(place..place + 1)
}

/// The last paragraph or two, if they are a name and contact data, and nothing announces them as content.
fn contact_block(text: &str, lines: &[Line], filled: &[usize]) -> Option<Range<usize>> {
    let line = |place: usize| lines[filled[place]].text(text);
    let begins_paragraph = |place: usize| place > 0 && filled[place] > filled[place - 1] + 1;
    let earliest = filled.len().saturating_sub(MOST_LINES);
    let place = (earliest..filled.len()).find(|place| begins_paragraph(*place) && NAME.is_match(line(*place).trim()))?;
    let block = place..filled.len();
    let is_announced = line(place - 1).trim_end().ends_with([':', '：']);
    let is_all_contact = block.clone().all(|at| is_contact_line(line(at)));
    let strong = block.clone().filter(|at| CONTACT.is_match(line(*at))).count();
    (block.len() >= 2 && !is_announced && is_all_contact && strong > 0).then_some(block)
}

/// A name, a title, a company, a number or an address: short, and no sentence.
pub(super) fn is_contact_line(line: &str) -> bool {
    let bare = line.trim();
    let words = bare.split_whitespace().count();
    let lower = bare.get(..bare.floor_char_boundary(4)).unwrap_or_default().to_lowercase();
    let is_postscript = ["ps", "p.s", "nb:", "n.b"].iter().any(|mark| lower.starts_with(mark));
    let is_abbreviation = bare.ends_with('.') && ABBREVIATION.is_match(bare);
    let is_sentence =
        bare.ends_with(['?', '!', '？', '！', '。']) || words >= 3 && bare.ends_with(['.', ':']) && !is_abbreviation;
    let is_item = bare.starts_with(['•', '>']) || bare.starts_with("- ") || bare.starts_with("* ");
    let has_contact = CONTACT.is_match(bare);
    !is_postscript && !is_sentence && !is_item && bare.chars().count() <= 120 && (words <= 8 || has_contact && words <= 20)
}

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern")
}

/// Closing phrases by language.
const PHRASES: &str = r"(?:with |my )?(?:kind(?:est)?|best|warm(?:est)?|many|friendly|personal)?\s*(?:personal )?(?:regards|greetings)|rgds|br|kr|all (?:the|my) best|best wishes|all best|best|warmly|cheers|ta|take care|talk soon|thanks?(?: you)?(?: (?:very much|a lot|so much|again|in advance|and (?:best |kind )?regards|for your help))*|many thanks|thx|tia|(?:yours )?(?:sincerely|faithfully|truly|respectfully)(?: yours)?|yours|respectfully|cordially|(?:looking forward,? )?yours (?:sincerely|faithfully|truly)|have a (?:great|good|nice) (?:day|weekend|week|one|evening)|mit (?:den |vielen )?(?:sehr )?(?:freundlichen|besten|lieben|herzlichen|sonnigen|kollegialen) (?:grüßen|grüssen|gruessen|empfehlungen)(?: aus \p{L}+)?|mit freundlichem (?:gruß|gruss)|(?:viele|beste|liebe|freundliche|herzliche|schöne|sonnige) (?:grüße|grüsse|gruesse)(?: aus \p{L}+)?|(?:beste[nr]?|lieber|liebe|schönen|schöner|freundlicher|viele) (?:gruß|gruss)|gruß|gruss|grüße|grüsse|lg|vg|bg|mfg|hg|herzlichst|hochachtungsvoll|danke(?: (?:und|&) (?:viele |liebe )?grüße)?|vielen dank(?: (?:und|im voraus).{0,30})?|servus|tschüss|(?:bien |très )?cordialement|(?:bien )?à (?:vous|toi)|bien sincèrement|salutations(?: distinguées)?|(?:sincères|meilleures) salutations|amicalement|cdlt|bonne (?:journée|soirée|réception)|merci(?: (?:beaucoup|d['’]avance|et bonne journée|par avance))?|respectueusement|bises|(?:un |muchos |cordiales |atentos )?saludos?(?: cordial(?:es)?| cordiales y gracias)?|un (?:cordial |fuerte )?(?:saludo|abrazo)|abrazos?|atentamente|(?:muchas )?gracias(?: (?:y (?:un )?saludos?|de antemano))?|le saluda(?: atentamente)?|cordialmente|(?:cordiali|distinti|cari|i miei|migliori|tanti) saluti|saluti|un saluto|cordialità|grazie(?: (?:mille|e (?:cordiali )?saluti|in anticipo))?|buona giornata|(?:com os melhores |melhores |atenciosos )?cumprimentos|atenciosamente|att\.?|atte\.?|abraços?|um abraço|grato|grata|(?:muito )?obrigad[oa]|cordiais saudações|saudações|(?:met )?(?:vriendelijke|hartelijke|beste|warme) (?:groet(?:en|jes)?)|groet(?:en|jes)?|mvg|gr|bedankt|dank(?: je| u)?(?: wel)?|hoogachtend|(?:z poważaniem|pozdrawiam|pozdrowienia|serdecznie pozdrawiam|z wyrazami szacunku|dziękuję|dzięki)|(?:med )?(?:vänliga?|vänlig|bästa|varma) (?:hälsning(?:ar)?)|hälsningar|mvh|tack(?: (?:så mycket|på förhand))?|(?:med )?(?:venlige?|bedste|mange|kærlige?|kær) (?:hilsen(?:er)?)|hilsen|vh|(?:med )?(?:vennlige?|beste|mange) (?:hilsen(?:er)?)|hilsner|på forhånd tak|tak(?: for hjælpen)?|takk|ystävällisin terveisin|terveisin|t:|parhain terveisin|kiitos|kiitoksin|s (?:pozdravem|přátelským pozdravem|úctou|pozdravom|priateľským pozdravom)|děkuji|díky|ďakujem|hezký den|(?:tisztelettel|üdvözlettel|üdv|szívélyes üdvözlettel|köszönettel|köszönöm)|cu (?:stimă|respect|drag)|(?:toate cele bune|o zi bună|mulțumesc|mulţumesc)|(?:saygılarımla|saygılar|sevgiler|iyi (?:çalışmalar|günler)|teşekkürler|selamlar)|(?:с уважением|с наилучшими пожеланиями|всего (?:доброго|хорошего)|спасибо(?: заранее)?|заранее спасибо|с приветом)|(?:з повагою|з найкращими побажаннями|дякую|гарного дня)|(?:с уважение|поздрави|благодаря)|(?:με εκτίμηση|φιλικά|χαιρετισμούς|ευχαριστώ)|(?:בברכה|תודה(?: רבה)?|בכבוד רב)|(?:مع (?:أطيب )?التحيات?|مع (?:خالص )?(?:التحية|الشكر|تحياتي)|تحياتي|شكرا|وتفضلوا بقبول فائق الاحترام)|(?:よろしくお願い(?:いた|致)?します|宜しくお願い(?:いた|致)?します|敬具|以上)|(?:此致|敬礼|敬上|谢谢|謝謝|祝好|顺祝商祺|此致敬礼)|(?:감사합니다|고맙습니다|수고하세요)|(?:trân trọng|thân mến|thân ái|cảm ơn|xin cảm ơn)|(?:salam(?: hangat)?|hormat (?:kami|saya)|terima kasih)";

static CLOSING: LazyLock<Regex> = LazyLock::new(|| pattern(&format!(r"(?i)^(?:{PHRASES})\s*[,，、!.。;:–-]*\s*$")));
static CLOSING_WITH_NAME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(r"^(?i:{PHRASES})\s*[,，!.–-]*\s+\p{{Lu}}[\p{{L}}.'’-]*(?:\s\p{{Lu}}[\p{{L}}.'’-]*){{0,3}}\.?$"))
});
static DASHED_NAME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:-{1,3}|(?:--|[–—~]|-{2,3})\s)\p{Lu}[\p{L}.'’-]*(?:\s\p{Lu}[\p{L}.'’-]*){0,3}$|^[–—~]\p{Lu}[\p{L}.'’-]*(?:\s\p{Lu}[\p{L}.'’-]*){0,3}$",
    )
});
static NAME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\*{0,2}(?:(?:Dr|Prof|Mr|Mrs|Ms|Dipl|Ing)\.?[ -]){0,3}\p{Lu}[\p{L}.'’-]+(?: (?:\p{Lu}[\p{L}.'’-]*|von|van|de|der|da|di)){1,4}\*{0,2}(?:\s?[,|·-].{0,60})?$",
    )
});
static CONTACT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\+?\(?\d[\d\s()./-]{6,}|[^\s@]+@[^\s@]+\.[^\s@]+|www\.|https?://|\s[|·•]\s|^(?:tel|phone|mob(?:ile)?|cell|fax|office|direct|t|m|p|e|f|w)\s?[.:]\s?\S",
    )
});
static ABBREVIATION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)(?:inc|ltd|co|corp|llc|e\.v|s\.a|s\.l|s\.r\.l|b\.v|sp\. z o\.o|jr|sr|ph\.d|str|st|ave|no|dept)\.$")
});

#[cfg(test)]
mod tests {
    use super::{Closing, closing, is_contact_line, signature};
    use crate::context::lines::lines;

    fn found(text: &str) -> Option<String> {
        let lines = lines(text, 0..text.len());
        let place = signature(text, &lines)?;
        Some(text[lines[place.start].start..lines[place.end - 1].end].to_owned())
    }

    #[test]
    fn closing_phrases_of_many_languages_begin_a_signature() {
        for phrase in [
            "Best regards,",
            "Kind Regards",
            "Thanks again,",
            "Many thanks!",
            "Mit freundlichen Grüßen",
            "Viele Grüße aus Köln",
            "MfG",
            "Cordialement,",
            "Un saludo,",
            "Saludos cordiales",
            "Cordiali saluti",
            "Atenciosamente,",
            "Met vriendelijke groet,",
            "Pozdrawiam",
            "Med vänliga hälsningar",
            "Med venlig hilsen",
            "Vennlig hilsen",
            "Ystävällisin terveisin",
            "S pozdravem",
            "Üdvözlettel,",
            "Cu stimă,",
            "Saygılarımla",
            "С уважением,",
            "З повагою,",
            "Με εκτίμηση,",
            "בברכה,",
            "مع التحيات",
            "よろしくお願いいたします。",
            "此致",
            "감사합니다.",
            "Trân trọng,",
            "Hormat saya,",
            "Mit freundlichen Grüßen / Best regards",
        ] {
            assert_eq!(closing(phrase), Closing::Alone, "{phrase}");
            assert!(
                found(&format!("Yes, 45k.\n\n{phrase}\n\nDana Keller\nNorthwind Ltd.\n+49 30 1234567")).is_some(),
                "{phrase}"
            );
        }
    }

    #[test]
    fn signatures_without_a_closing_phrase_are_found_by_their_build() {
        let rows = [
            ("Yes, 45k.\n\n-Dana Keller", "-Dana Keller"),
            ("Yes, 45k.\n\n— Dana", "— Dana"),
            ("Yes, 45k.\n\nDana Keller\nCFO, Northwind\n+49 30 1234567", "Dana Keller\nCFO, Northwind\n+49 30 1234567"),
            ("Yes.\n\nThanks, Dana\nNorthwind | www.n.example", "Thanks, Dana\nNorthwind | www.n.example"),
        ];
        for (text, expected) in rows {
            assert_eq!(found(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn content_is_no_signature() {
        for text in [
            "Thanks!",
            "Thanks for the call.\nWe go on.",
            "Yes, 45k.\n\nThanks, Dana",
            "Please call:\n\nDana Keller\n+49 30 1234567",
            "We need\n\n- budget\n-Dates",
            "Best,\nwe cannot do it before May. Is that fine?",
            "Thanks,\n\nI will check.",
            "Danke\n\nDas passt!",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
        assert!(is_contact_line("Northwind Inc.") && !is_contact_line("We will see."));
    }
}
