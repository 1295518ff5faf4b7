//! Words that take back what was said before: in a later sentence, or right after a slip of the tongue.

use std::sync::LazyLock;

use regex::Regex;

/// Whether a sentence takes something back in words.
pub(super) fn takes_back(sentence: &str) -> bool {
    TAKES_BACK.is_match(sentence)
}

/// English first, then the everyday words of German, French, Spanish and Dutch. What also stands in sentences that
/// change nothing ("well", "so", "doch", "toch") is not here: a conflict that goes unseen is worse than one too many.
static TAKES_BACK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)\b(?:actually|instead|now|in fact|in place of|rather than|or rather|after all|on second thoughts?|turns out",
        r"|and not (?:[$€£]?[0-9]+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty)",
        r"|no longer|not any ?more|not the|used to be|previously|up from|down from",
        r"|correction|corrected|corrects|scratch that|strike that|make that|make it [$€£]?[0-9]|i meant|i misspoke|i was wrong|was a mistake",
        r"|forget what i|disregard|supersedes?|replaces|overrides|instead of",
        r"|change[ds]? (?:that |it |this )?(?:to|from)|revised|updated|amended|renegotiated",
        r"|(?:moved|pushed|put|brought|shifted|slipped|postponed|delayed|deferred|rescheduled|extended|shortened)",
        r"(?: it| that| this)?(?: back| out| up| forward)?(?: to| until| till| from| by)",
        r"|(?:went|gone|came|come|cut|raised|increased|reduced|lowered|dropped|trimmed|bumped|upped|brought)",
        r"(?: it| that| this)?(?: up| down| back)?(?: to| from)",
        r"|(?:the|our|a|your) new (?:budget|date|day|deadline|figure|number|amount|total|price|target|plan|limit|ceiling|quote)",
        r"|(?:final|latest) (?:budget|date|figure|number|amount|total|price|offer|quote)|settled on|ended up",
        r"|jetzt|nunmehr|nun doch|inzwischen|mittlerweile|stattdessen|anstatt|statt|nicht mehr|korrektur|korrigiert|vielmehr|eigentlich",
        r"|geändert|verschoben auf|erhöht auf|gesenkt auf|gekürzt auf|reduziert auf|neue[rs]? (?:budget|termin|betrag|stand)",
        r"|désormais|maintenant|finalement|en fait|plutôt|au lieu d|n'est plus|ne sont plus|correction|rectification",
        r"|report(?:é|ée) (?:au|à)|repouss(?:é|ée) (?:au|à)|avanc(?:é|ée) (?:au|à)|pass(?:é|ée) à|port(?:é|ée) à|rédui(?:t|te) à",
        r"|ahora|en realidad|finalmente|en lugar de|en vez de|ya no|corrección|aplazado|pospuesto|adelantado",
        r"|(?:cambiado|subido|bajado|reducido|aumentado) a",
        r"|nu|eigenlijk|in plaats van|niet meer|correctie|gewijzigd|verschoven|verplaatst|uitgesteld|(?:verhoogd|verlaagd) naar)\b",
    ))
    .expect("a pattern that is part of the program")
});

/// Whether the words right before a value say that it stands for the one before: "sixty, no, seventy-five".
/// `before` ends where the value begins.
pub(super) fn corrects(before: &str) -> bool {
    let mut from = before.len().saturating_sub(LONGEST);
    while !before.is_char_boundary(from) {
        from += 1;
    }
    CORRECTS.is_match(&before[from..])
}

/// Whether a text could correct a value at all: what lacks these words need not be read.
pub(super) fn may_correct(text: &str) -> bool {
    // The fast engine gives up on a Unicode `\b` in a text that is not ASCII: most such texts need no more than the first look.
    MAY_CORRECT[0].is_match(text) && (text.is_ascii() || MAY_CORRECT[1].is_match(text))
}

/// Bytes before a value that are looked at.
const LONGEST: usize = 60;

/// Words that take back wherever they stand. "I mean" must be followed by the value; what it says of a part
/// ("I mean forty of them") the caller rules out.
const ANYWHERE: &str = concat!(
    r"make (?:that|it|those)|i mean|i meant(?: to say)?|i should say|i should have said|correction|scratch that|strike that",
    r"|or rather|i misspoke|let me correct (?:that|myself|it)|my mistake|my bad|that's wrong|that was wrong",
    r"|ich mein(?:e|te)|besser gesagt|genauer gesagt|vielmehr|korrektur|quatsch|je veux dire|je voulais dire|ou plutôt",
    r"|quiero decir|quise decir|mejor dicho|corrección|ik bedoel(?:de)?|correctie|of liever",
);
/// Words that take back only where a new clause begins with them: "no" is mostly something else.
const AT_A_BREAK: &str =
    r"no|nope|sorry|pardon(?: me)?|excuse me|wait|actually|rather|hang on|hold on|nein|äh nein|non|perdón|digo|nee|eigentlich";

static CORRECTS: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = format!(
        r#"(?i)(?:\b(?:{ANYWHERE})\b|(?:^|[-,;:.!?–—…("'”’])\s*(?:(?:uh|um|er|erm|oh|well|and|but|so|äh|euh|eh),?\s+)*(?:{AT_A_BREAK})\b)(?:[-,;:.!–—…\s$€£¥]|\b(?:{LINKS})\b)*$"#
    );
    Regex::new(&pattern).expect("a pattern that is part of the program")
});

/// What may stand between the taking back and the value.
const LINKS: &str = concat!(
    r"no|nope|sorry|wait|actually|uh|um|er|erm|i mean|i meant|i said|to say|it's|its|it is|it was|that's|that is|it|that|is|was|be",
    r"|should be|should have been|we need|we have|we've|we'd need|we want|i need|i have|make that|make it|rather|more like|maybe|perhaps|probably|about|around|roughly|the|to|for|by",
    r"|on|in|of|a total|another|es sind|sind|ist|c'est|es|het is|usd|eur|gbp|chf",
);

/// With breaks between ASCII letters only, which lets a few words more pass, and as it is meant.
static MAY_CORRECT: LazyLock<[Regex; 2]> = LazyLock::new(|| {
    // "äh nein" begins with another letter, and is found by its "nein".
    [r"(?-u:\b)", r"\b"].map(|edge| {
        let pattern = format!("(?i){edge}(?:{ANYWHERE}|{AT_A_BREAK}){edge}");
        Regex::new(&pattern).expect("a pattern that is part of the program")
    })
});

#[cfg(test)]
mod tests {
    use super::{corrects, may_correct, takes_back};

    #[test]
    fn a_value_is_taken_back_only_in_whole_words() {
        for text in [
            "Please count five working days and not four.",
            "Actually, make it 60k.",
            "The budget is now 60k.",
            "We moved it to June.",
            "The date was pushed back to July 1st",
            "Our new budget is 60k",
            "it came down to 40",
            "Der Termin wurde auf Juni verschoben, das Budget liegt jetzt bei 60.000",
            "Le budget est désormais de 60 000 euros",
            "El presupuesto ahora es de 60.000 euros",
            "Het budget is nu 60.000 euro",
        ] {
            assert!(takes_back(text), "{text}");
        }
        for text in [
            "It is quick and not fourfold.",
            "We know the budget is 60k.",
            "We have set aside 60k.",
            "The nun has a budget of 60k",
            "by June at the latest",
            "a renewed budget of 60k",
        ] {
            assert!(!takes_back(text), "{text}");
        }
    }

    #[test]
    fn words_right_before_a_value_correct_the_one_before() {
        for before in [
            "we need sixty, no, ",
            "sixty. Sorry, I meant ",
            "sixty - sorry - ",
            "Actually, make that ",
            "sixty, uh, no, it's ",
            "sixty, or rather ",
            "sechzig, nein, ",
            "soixante, non, ",
            "sesenta, perdón, ",
            "zestig, nee, ",
            "60 seats. Wait, actually we need ",
            "60k... no wait, $",
        ] {
            assert!(corrects(before) && may_correct(before), "{before:?}");
        }
        for before in [
            "There is no ",
            "sixty, no more than ",
            "sixty and not ",
            "No problem. We have ",
            "No, we have never used more than ",
            "we wait ",
            "We are sorry about the ",
            "The budget is ",
            "",
        ] {
            assert!(!corrects(before), "{before:?}");
        }
    }
}
