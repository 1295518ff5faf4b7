//! `no_secrets`: card and account numbers, keys, passwords and national ids are masked wherever they stand.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{Context, Found, each_text};
use crate::domain::brief::{Brief, Severity};

/// Candidates; numbers must also pass their check digits.
static SECRETS: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r#"(?x)
        (?P<card>\b(?:[3-6]\d{3}|2[2-7]\d{2}|1800|2131)(?:[\ -]?\d){9,15}\b)
        | (?P<iban>\b[A-Z]{2}\d{2}(?:\ ?[A-Z0-9]){11,30}\b|\b[a-z]{2}\d{2}[a-z0-9]{11,30}\b)
        | (?P<ssn>\b\d{3}-\d{2}-\d{4}\b)
        | (?P<key>\b(?:sk|pk|rk)[-_][A-Za-z0-9_-]{16,}|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{30,}|\bglpat-[A-Za-z0-9_-]{16,}
            |\bxox[abprs]-[A-Za-z0-9-]{10,}|\bAIza[A-Za-z0-9_-]{30,}|\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{5,}
            |-----BEGIN[A-Z\ ]*PRIVATE\ KEY-----)
        | (?i:\b(?:password|passcode|passwort|pwd|pin)\b\s*(?P<sign>is:?|ist:?|:|=)\s*["'`]?(?P<password>[^\s"'`,;]{4,}))
    "#;
    Regex::new(pattern).expect("a pattern that is part of the program")
});

pub(super) fn no_secrets(_: &Context<'_>, brief: &mut Brief) -> Vec<Found> {
    let mut masked = 0_usize;
    each_text(brief, |text| {
        if let Cow::Owned(clean) = mask(text) {
            *text = clean;
            masked += 1;
        }
    });
    match masked {
        0 => Vec::new(),
        _ => vec![Found::new(
            Severity::Warn,
            "secrets",
            format!("{masked} texts held a card or account number, a key, a password or a national id; masked"),
        )],
    }
}

/// The text with its secrets masked; borrowed if it has none.
pub(in crate::qa) fn mask(text: &str) -> Cow<'_, str> {
    if !SECRETS.captures_iter(text).any(|found| secret_in(&found).is_some()) {
        return Cow::Borrowed(text);
    }
    SECRETS.replace_all(text, |found: &Captures<'_>| match secret_in(found) {
        Some(secret) => found[0].replace(secret, &masked(found, secret)),
        None => found[0].to_owned(),
    })
}

/// The last four digits of a card or account stay: people tell them apart by these.
fn masked(found: &Captures<'_>, secret: &str) -> String {
    let keeps_end = found.name("card").or(found.name("iban")).is_some();
    let end: Vec<char> = secret.chars().filter(|c| c.is_alphanumeric()).rev().take(4).collect();
    match keeps_end {
        true => format!("[masked …{}]", end.iter().rev().collect::<String>()),
        false => "[masked]".to_owned(),
    }
}

fn secret_in<'a>(found: &Captures<'a>) -> Option<&'a str> {
    if let Some(card) = found.name("card") {
        return passes_luhn(card.as_str()).then_some(card.as_str());
    }
    if let Some(iban) = found.name("iban") {
        return longest_iban(iban.as_str());
    }
    if let Some(password) = found.name("password") {
        // "the password is required" tells nothing; "password is Hunter2!" does.
        let stated = found.name("sign").is_some_and(|sign| sign.as_str().ends_with([':', '=']));
        let odd = password.as_str().contains(|c: char| !c.is_alphabetic() && c != '.');
        return (stated || odd).then_some(password.as_str());
    }
    found.name("ssn").or(found.name("key")).map(|secret| secret.as_str())
}

/// ISO/IEC 7812-1: the check digit of card numbers.
fn passes_luhn(number: &str) -> bool {
    let digits: Vec<u32> = number.chars().filter_map(|c| c.to_digit(10)).collect();
    let doubled = |(i, digit): (usize, &u32)| match i % 2 {
        0 => *digit,
        _ => digit * 2 / 10 + digit * 2 % 10,
    };
    (13..=19).contains(&digits.len()) && digits.iter().rev().enumerate().map(doubled).sum::<u32>() % 10 == 0
}

/// ISO 13616: a greedy match may have taken words behind the number along.
fn longest_iban(candidate: &str) -> Option<&str> {
    let ends = candidate.char_indices().map(|(at, c)| at + c.len_utf8()).rev();
    ends.map(|end| &candidate[..end]).find(|part| passes_mod_97(part))
}

fn passes_mod_97(part: &str) -> bool {
    let plain: Vec<u32> = part.chars().filter_map(|c| c.to_digit(36)).collect();
    if !(15..=34).contains(&plain.len()) || part.ends_with(' ') {
        return false;
    }
    let turned = plain[4..].iter().chain(&plain[..4]);
    turned.fold(0, |rest, digit| (rest * if *digit > 9 { 100 } else { 10 } + digit) % 97) == 1
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn secrets_are_masked() {
        for (text, clean) in [
            ("card 4111 1111 1111 1111, thanks", "card [masked …1111], thanks"),
            ("to DE89 3704 0044 0532 0130 00 please", "to [masked …3000] please"),
            ("card 2223003122003222", "card [masked …3222]"),
            ("de89370400440532013000", "[masked …3000]"),
            ("key sk-abcdefghijklmnop1234", "key [masked]"),
            ("AKIAIOSFODNN7EXAMPLE", "[masked]"),
            ("password: hunter22.", "password: [masked]"),
            ("The Password is Tr0ub4dor", "The Password is [masked]"),
            ("ssn 078-05-1120", "ssn [masked]"),
        ] {
            assert_eq!(mask(text), clean);
        }
    }

    #[test]
    fn what_only_looks_like_a_secret_stays() {
        for text in [
            "order 4111 1111 1111 1112",
            "the password is required here",
            "2026-05-12, 120 seats, 45,000 USD",
            "DE88 3704 0044 0532 0130 00",
            "ticket 12345678",
            "the PIN is four digits",
        ] {
            assert_eq!(mask(text), text);
        }
    }
}
