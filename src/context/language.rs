//! [`language`]: the language a source is written in.

use std::sync::LazyLock;

use whatlang::{Detector, Lang};

use super::reading::Draft;

/// Bytes looked at from the start, and as many from the end: a greeting in another language does not decide alone. Twice
/// as many made reading a handoff of 8 KB a fifth slower (`cargo bench --bench numbers -- stages`).
const WINDOW: usize = 384;
/// Letters below which a guess is worth nothing: names and greetings look like any language. A letter of a script
/// that writes words or syllables says as much as three.
const LEAST_LETTERS: usize = 48;

/// The language of what is kept of a source, as a BCP 47 tag (ISO 639-1). `None` if it is too short or not sure.
pub(super) fn language(drafts: &[Draft]) -> Option<String> {
    let passages = drafts.iter().flat_map(|draft| &draft.passages).map(|passage| passage.text.as_str());
    language_of(&sample(passages.clone(), passages.rev())).map(str::to_owned)
}

/// The language of a text, in the same way.
pub fn language_of(sample: &str) -> Option<&'static str> {
    let letters: usize = sample.chars().map(weight).sum();
    if letters < LEAST_LETTERS {
        return None;
    }
    let found = DETECTOR.detect(sample).filter(whatlang::Info::is_reliable)?;
    tag(found.lang())
}

/// The start and the end of a text that comes in pieces, without reading what is between.
fn sample<'a>(pieces: impl Iterator<Item = &'a str>, from_end: impl Iterator<Item = &'a str>) -> String {
    let mut sample = String::with_capacity(2 * WINDOW + 64);
    let mut seen = 0;
    for piece in pieces {
        sample.push_str(&piece[..piece.floor_char_boundary(WINDOW - seen)]);
        sample.push('\n');
        seen += piece.len();
        if seen >= WINDOW {
            break;
        }
    }
    if seen < WINDOW {
        return sample;
    }
    let mut left = WINDOW;
    for piece in from_end {
        sample.push_str(&piece[piece.ceil_char_boundary(piece.len().saturating_sub(left))..]);
        sample.push('\n');
        left = left.saturating_sub(piece.len());
        if left == 0 {
            break;
        }
    }
    sample
}

fn weight(c: char) -> usize {
    match c {
        '\u{3040}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' => 3,
        _ => usize::from(c.is_alphabetic()),
    }
}

/// Languages that hardly anybody writes to a seller are not looked for: short English would be taken for them.
static DETECTOR: LazyLock<Detector> = LazyLock::new(|| {
    use Lang::*;
    Detector::with_denylist(vec![Epo, Lat, Yid, Jav, Aka, Zul, Sna, Uzb, Tuk, Aze, Cym, Ori])
});

/// ISO 639-1 for whatlang's ISO 639-3; a macrolanguage for the variety that people mean by it.
fn tag(lang: Lang) -> Option<&'static str> {
    let tag = match lang.code() {
        "cmn" => "zh",
        "pes" => "fa",
        "nob" => "nb",
        code => TAGS.iter().find(|(three, _)| *three == code).map(|(_, two)| *two)?,
    };
    Some(tag)
}

const TAGS: [(&str, &str); 54] = [
    ("eng", "en"),
    ("deu", "de"),
    ("fra", "fr"),
    ("spa", "es"),
    ("por", "pt"),
    ("ita", "it"),
    ("nld", "nl"),
    ("pol", "pl"),
    ("swe", "sv"),
    ("jpn", "ja"),
    ("dan", "da"),
    ("fin", "fi"),
    ("ces", "cs"),
    ("slk", "sk"),
    ("slv", "sl"),
    ("hun", "hu"),
    ("ron", "ro"),
    ("hrv", "hr"),
    ("srp", "sr"),
    ("bul", "bg"),
    ("mkd", "mk"),
    ("ell", "el"),
    ("tur", "tr"),
    ("rus", "ru"),
    ("ukr", "uk"),
    ("bel", "be"),
    ("lit", "lt"),
    ("lav", "lv"),
    ("est", "et"),
    ("cat", "ca"),
    ("afr", "af"),
    ("ara", "ar"),
    ("heb", "he"),
    ("urd", "ur"),
    ("hin", "hi"),
    ("mar", "mr"),
    ("nep", "ne"),
    ("ben", "bn"),
    ("guj", "gu"),
    ("pan", "pa"),
    ("tam", "ta"),
    ("tel", "te"),
    ("kan", "kn"),
    ("mal", "ml"),
    ("sin", "si"),
    ("kor", "ko"),
    ("vie", "vi"),
    ("ind", "id"),
    ("tgl", "tl"),
    ("tha", "th"),
    ("khm", "km"),
    ("mya", "my"),
    ("kat", "ka"),
    ("hye", "hy"),
];

#[cfg(test)]
mod tests {
    use super::{WINDOW, language, sample};
    use crate::context::material::{Passage, PassageKind};
    use crate::context::reading::Draft;
    use crate::domain::brief::Span;

    fn of(texts: &[&str]) -> Option<String> {
        let passage = |text: &&str| Passage {
            kind: PassageKind::Paragraph,
            text: (*text).to_owned(),
            span: Span { start: 0, end: text.len() },
            original: None,
        };
        language(&[Draft { passages: texts.iter().map(passage).collect(), ..Draft::default() }])
    }

    #[test]
    fn the_language_of_a_mail_is_told() {
        let rows = [
            (
                "en",
                "Thanks for the call yesterday. We can start with the pilot team in June, but the budget has to be approved by our board first.",
            ),
            (
                "de",
                "Vielen Dank für das Gespräch gestern. Wir können im Juni mit dem Pilotteam beginnen, aber der Vorstand muss das Budget noch freigeben.",
            ),
            (
                "fr",
                "Merci pour notre échange d'hier. Nous pouvons commencer avec l'équipe pilote en juin, mais le budget doit encore être validé par la direction.",
            ),
            (
                "es",
                "Gracias por la llamada de ayer. Podemos empezar con el equipo piloto en junio, pero la dirección todavía tiene que aprobar el presupuesto.",
            ),
            (
                "ja",
                "昨日はお電話ありがとうございました。六月からパイロットチームで始められますが、予算はまだ取締役会の承認が必要です。",
            ),
            (
                "pl",
                "Dziękuję za wczorajszą rozmowę. Możemy zacząć z zespołem pilotażowym w czerwcu, ale zarząd musi jeszcze zatwierdzić budżet.",
            ),
            (
                "sv",
                "Tack för samtalet i går. Vi kan börja med pilotgruppen i juni, men styrelsen måste först godkänna budgeten för projektet.",
            ),
            (
                "nl",
                "Bedankt voor het gesprek van gisteren. We kunnen in juni met het pilotteam beginnen, maar de directie moet het budget nog goedkeuren.",
            ),
            (
                "it",
                "Grazie per la telefonata di ieri. Possiamo iniziare con il gruppo pilota a giugno, ma la direzione deve ancora approvare il budget.",
            ),
            (
                "pt",
                "Obrigado pela chamada de ontem. Podemos começar com a equipa piloto em junho, mas a direção ainda tem de aprovar o orçamento.",
            ),
        ];
        for (expected, text) in rows {
            assert_eq!(of(&[text]).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_too_short_or_no_language_is_not_guessed() {
        for text in [
            "",
            "Yes.",
            "45000",
            "Northwind GmbH",
            "はい。",
            "+49 30 1234567 12.05.2026 45.000,00 99 1 2 3 4 5 6 7 8 9 10 11 12 13 14",
        ] {
            assert_eq!(of(&[text]), None, "{text}");
        }
    }

    #[test]
    fn the_start_and_the_end_decide_and_no_more_is_looked_at() {
        let (long, end) = ("é".repeat(WINDOW), "ü".repeat(WINDOW));
        let pieces = ["a", long.as_str(), "never seen", end.as_str(), "z"];
        let sample = sample(pieces.iter().copied(), pieces.iter().rev().copied());
        assert!(sample.starts_with("a\né") && sample.contains("z\n") && !sample.contains("never"));
        assert!(sample.len() <= 2 * WINDOW + 64, "{}", sample.len());
    }
}
