//! [`secrets`]: what must not be shown: card and account numbers, national ids, keys, passwords. [`contacts`]: mail
//! addresses and telephone numbers.
//!
//! Numbers need more than a shape: check digits, and for ids that are nothing but digits also a word that names them. An
//! order number must stay readable.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use regex::{Captures, Regex};

use super::check_digits as check;
use crate::domain::brief::Span;

/// What kind of secret a passage is. The name is that of its placeholder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecretKind {
    Card,
    Account,
    NationalId,
    Key,
    Password,
    Mail,
    Phone,
}

impl SecretKind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Account => "account",
            Self::NationalId => "id",
            Self::Key => "key",
            Self::Password => "password",
            Self::Mail => "mail",
            Self::Phone => "phone",
        }
    }
}

/// A passage that must not be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Secret {
    pub kind: SecretKind,
    pub span: Span,
}

/// The secrets of a text, in order, none within another.
pub fn secrets(text: &str) -> Vec<Secret> {
    let mut found = Vec::new();
    if has_digits(text, LEAST_DIGITS) {
        found.extend(numbers(text));
    }
    if TRIGGERS.is_match(text) {
        found.extend(KEYS.find_iter(text).map(|key| secret(SecretKind::Key, key.start(), key.end())));
        found.extend(assigned(text));
    }
    disjoint(found)
}

/// The mail addresses and telephone numbers of a text, in order.
pub fn contacts(text: &str) -> Vec<Secret> {
    let mut found: Vec<Secret> = Vec::new();
    if text.contains('@') {
        found.extend(MAIL.find_iter(text).map(|mail| secret(SecretKind::Mail, mail.start(), mail.end())));
    }
    if has_digits(text, LEAST_PHONE_DIGITS) {
        found.extend(
            PHONE
                .find_iter(text)
                .filter(|phone| is_phone(text, phone))
                .map(|phone| secret(SecretKind::Phone, phone.start(), phone.start() + phone.as_str().trim_end().len())),
        );
    }
    disjoint(found)
}

fn secret(kind: SecretKind, start: usize, end: usize) -> Secret {
    Secret { kind, span: Span { start, end } }
}

/// Where two overlap, the one that begins first stands; of two that begin together, the longer.
fn disjoint(mut found: Vec<Secret>) -> Vec<Secret> {
    found.sort_by_key(|one| (one.span.start, std::cmp::Reverse(one.span.end)));
    let mut end = 0;
    found.retain(|one| {
        let is_free = one.span.start >= end;
        end = if is_free { one.span.end } else { end };
        is_free
    });
    found
}

/// The fewest digits of a number that is looked for, IBANs and tax codes with letters among them.
const LEAST_DIGITS: usize = 6;
const LEAST_PHONE_DIGITS: usize = 7;

fn has_digits(text: &str, least: usize) -> bool {
    text.bytes().filter(u8::is_ascii_digit).nth(least - 1).is_some()
}

/// Candidates; each must also pass its check digits. ASCII classes: the fast engine gives up on Unicode `\b`.
static NUMBERS: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?x-u)
        (?P<iban>\b[A-Z]{2}\d{2}(?:\ ?[A-Z0-9]){11,30}\b|\b[a-z]{2}\d{2}[a-z0-9]{11,30}\b)
        | (?P<fiscal>\b[A-Za-z]{6}\d{2}[A-Za-z]\d{2}[A-Za-z]\d{3}[A-Za-z]\b)
        | (?P<ssn>\b\d{3}-\d{2}-\d{4}\b)
        | (?P<ahv>\b756\.\d{4}\.\d{4}\.\d{2}\b)
        | (?P<cpf>\b\d{3}\.\d{3}\.\d{3}-\d{2}\b)
        | (?P<nir>\b[12]\ ?\d{2}\ ?(?:0[1-9]|1[0-2])\ ?\d[\dAB]\ ?\d{3}\ ?\d{3}\ ?\d{2}\b)
        | (?P<nino>\b[A-CEGHJ-PR-TW-Za-ceghj-pr-tw-z]{2}\ ?\d{2}\ ?\d{2}\ ?\d{2}\ ?[A-Da-d]\b)
        | (?P<spanish>\b[XYZxyz]?-?\d{7,8}-?[A-Za-z]\b)
        | (?P<card>\b(?:[3-6]\d{3}|2[2-7]\d{2}|1800|2131)(?:[\ -]?\d){8,15}\b)
        | (?P<digits>\b\d(?:[\ .-]?\d){8,11}\b)
        ",
    )
});

fn numbers(text: &str) -> Vec<Secret> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(candidate) = NUMBERS.captures_at(text, at) {
        let whole = candidate.get(0).expect("a match has a whole");
        let passed = number_in(text, &candidate);
        // What is no secret may hide the beginning of one.
        at = passed.map_or_else(|| next_word(text, whole.start()), |one| one.span.end);
        found.extend(passed);
    }
    found
}

fn next_word(text: &str, from: usize) -> usize {
    let run = text[from..].find(|c: char| !c.is_alphanumeric()).map_or(text.len(), |at| from + at);
    text[run..].find(char::is_alphanumeric).map_or(text.len(), |at| run + at)
}

fn number_in(text: &str, found: &Captures<'_>) -> Option<Secret> {
    use SecretKind::{Account, Card, NationalId};
    let named =
        |words: &Regex, start: usize| words.is_match(&text[text.floor_char_boundary(start.saturating_sub(NAMED_WITHIN))..start]);
    let of = |name: &str| found.name(name).map(|one| (one.as_str(), one.start(), one.end()));
    let id = |passes: bool, start: usize, end: usize| passes.then(|| secret(NationalId, start, end));
    if let Some((number, start, _)) = of("iban") {
        return check::longest_iban(number).map(|iban| secret(Account, start, start + iban.len()));
    }
    if let Some((number, start, end)) = of("card") {
        // Some cards are of twelve digits: one number in ten of that length passes, so a word must name it.
        let is_long = number.bytes().filter(u8::is_ascii_digit).count() >= 13;
        let is_card = check::luhn(number) && (is_long || named(&CARD_WORDS, start));
        return match is_card {
            true => Some(secret(Card, start, end)),
            false => id(check::nir(number) || id_of_digits(text, number, start), start, end),
        };
    }
    if let Some((number, start, end)) = of("digits") {
        let is_card = number.bytes().filter(u8::is_ascii_digit).count() >= 12 && check::luhn(number) && named(&CARD_WORDS, start);
        return match is_card {
            true => Some(secret(Card, start, end)),
            false => id(id_of_digits(text, number, start), start, end),
        };
    }
    let checks: [(&str, check::Check, Option<&Regex>); 7] = [
        ("fiscal", check::codice_fiscale, None),
        ("ssn", check::ssn, None),
        ("ahv", check::ahv, None),
        ("cpf", check::cpf, None),
        ("nir", check::nir, None),
        ("nino", check::nino, Some(&NINO_WORDS)),
        ("spanish", check::dni, Some(&SPANISH_WORDS)),
    ];
    checks.into_iter().find_map(|(name, passes, words)| {
        let (number, start, end) = of(name)?;
        id(passes(number) && words.is_none_or(|words| named(words, start)), start, end)
    })
}

/// Ids that are nothing but digits: a word must name them.
fn id_of_digits(text: &str, number: &str, start: usize) -> bool {
    let before = &text[text.floor_char_boundary(start.saturating_sub(NAMED_WITHIN))..start];
    let words = ID_WORDS.captures_iter(before).collect::<Vec<_>>();
    let checks: [(&str, check::Check); 7] = [
        ("de", check::steuer_id),
        ("nl", check::bsn),
        ("in", check::aadhaar),
        ("br", check::cpf),
        ("ca", check::sin),
        ("pl", check::pesel),
        ("us", check::ssn),
    ];
    checks.into_iter().any(|(name, passes)| words.iter().any(|found| found.name(name).is_some()) && passes(number))
}

/// Bytes before a number in which a word may name it.
const NAMED_WITHIN: usize = 48;

static CARD_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?i)\b(?:cards?|cc|visa|mastercard|maestro|amex|karte|kreditkarte|carte|tarjeta|carta|cartão|kaart)\b")
});
static NINO_WORDS: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)\b(?:national insurance|nino|ni (?:number|no))\b"));
static SPANISH_WORDS: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)\b(?:dni|nie|nif|documento|identidad)\b"));
static ID_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?ix)\b(?:
        (?P<de>steuer(?:liche)?[\ -]?(?:id|identifikations|nummer)\w*|id-?nr|tax\ id)
        | (?P<nl>bsn|burgerservicenummer|sofi-?nummer)
        | (?P<in>aadha?ar|uidai)
        | (?P<br>cpf)
        | (?P<ca>social\ insurance|sin)
        | (?P<pl>pesel)
        | (?P<us>ssn|social\ security)
        )\b",
    )
});

/// Words without which no text holds a key or a password.
static TRIGGERS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let words = [
        "key",
        "token",
        "secret",
        "pass",
        "pwd",
        "pin",
        "mdp",
        "mot de",
        "kennwort",
        "losung",
        "contrase",
        "clave",
        "senha",
        "wachtwoord",
        "parola",
        "haslo",
        "hasło",
        "heslo",
        "lösenord",
        "losenord",
        "adgangskode",
        "salasana",
        "şifre",
        "sifre",
        "пароль",
        "パスワード",
        "密码",
        "sk-",
        "sk_",
        "pk_",
        "rk_",
        "pk-",
        "rk-",
        "akia",
        "asia",
        "ghp_",
        "gho_",
        "ghu_",
        "ghs_",
        "ghr_",
        "github_pat_",
        "glpat-",
        "xox",
        "aiza",
        "eyj",
        "sg.",
        "npm_",
        "pypi-",
        "hf_",
        "shpat_",
        "dop_v1_",
        "bearer",
        "://",
    ];
    AhoCorasick::builder().ascii_case_insensitive(true).build(words).expect("words that are part of the program")
});

/// Keys by the shapes their issuers gave them; a private key with all of its lines.
static KEYS: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?x)
        -----BEGIN[A-Z\ ]*PRIVATE\ KEY(?:\ BLOCK)?-----(?s:.*?)(?:-----END[A-Z\ ]*PRIVATE\ KEY(?:\ BLOCK)?-----|\z)
        | \b(?:sk|pk|rk)[-_][A-Za-z0-9_-]{16,}
        | \b(?:AKIA|ASIA)[0-9A-Z]{16}\b
        | \bgh[pousr]_[A-Za-z0-9]{30,} | \bgithub_pat_[A-Za-z0-9_]{30,} | \bglpat-[A-Za-z0-9_-]{16,}
        | \bxox[abeprs]-[A-Za-z0-9-]{10,}
        | \bAIza[A-Za-z0-9_-]{30,}
        | \bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}
        | \b(?:npm_|pypi-|hf_|shpat_|dop_v1_)[A-Za-z0-9_-]{20,}
        | \beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{5,}
        ",
    )
});

/// `api_key = …`, `Bearer …`, `scheme://user:password@host`, and "the password is …" in the languages of mails.
static ASSIGNED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r#"(?ix)
        \b(?:api|access|secret|auth|private|account)[\ _-]?(?:key|token)s?\b["']?\s*(?:is:?|:|=)\s*["'`]?(?P<key>[A-Za-z0-9_+/=.-]{16,})
        | \bbearer\s+(?P<bearer>[A-Za-z0-9_+/=.~-]{20,})
        | \b[a-z][a-z0-9+.-]*://[^\s:/@]+:(?P<url>[^\s:/@]{3,})@
        | (?:\b(?:passwords?|passwd|passcode|passphrase|pwd|pin|passwort|kennwort|losungswort|mot\ de\ passe|mdp|contraseña|clave|senha
            |wachtwoord|parola|haslo|hasło|heslo|lösenord|losenord|adgangskode|salasana|şifre|sifre|пароль)\b|パスワード|密码)
          ["']?\s*(?P<sign>(?:is|ist|lautet|est|es|é|är|er|on|jest|to|is:|ist:)\b:?|:|：|=|は|是)\s*["'`“„«]?(?P<password>[^\s"'`“”„«»,;]{4,})
        "#,
    )
});

fn assigned(text: &str) -> impl Iterator<Item = Secret> {
    ASSIGNED.captures_iter(text).filter_map(|found| {
        let of = |name: &str, kind| found.name(name).map(|one| secret(kind, one.start(), one.end()));
        let has_both = |one: &Secret| {
            let value = &text[one.span.start..one.span.end];
            value.contains(|c: char| c.is_ascii_digit()) && value.contains(|c: char| c.is_ascii_alphabetic())
        };
        let key = of("key", SecretKind::Key).or(of("bearer", SecretKind::Key)).filter(has_both);
        key.or(of("url", SecretKind::Password)).or_else(|| password_in(&found))
    })
}

/// "the password is required" tells nothing; "password is Hunter2!" and "password: hunter" do.
fn password_in(found: &Captures<'_>) -> Option<Secret> {
    let password = found.name("password")?;
    let bare = password.as_str().trim_end_matches(['.', '!', '?', ')']);
    let is_stated = found.name("sign").is_some_and(|sign| sign.as_str().ends_with([':', '：', '=']));
    let is_odd = bare.contains(|c: char| !c.is_alphabetic() && c != '-');
    let is_short = bare.chars().count() < 4;
    (!is_short && (is_stated || is_odd)).then(|| secret(SecretKind::Password, password.start(), password.end()))
}

static MAIL: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i)\b[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.[\p{L}]{2,}\b"));

/// Runs of digits as telephone numbers are written. ASCII classes for speed.
static PHONE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?x-u)
        (?:\+|\b00)\d{1,3}(?:[\ ./-]?\(?\d{1,5}\)?){2,6}(?:\ ?(?:x|ext\.?)\ ?\d{1,5})?
        | \(\d{2,5}\)[\ .-]?\d{2,5}(?:[\ .-]?\d{2,5}){1,3}
        | \b\d{2,5}(?:[\ ./-]\d{2,5}){1,5}(?:x\d{1,5})?\b
        | \b\d{7,12}\b
        ",
    )
});

/// Shapes that only telephone numbers have.
static SURE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?x)^(?:
        (?:\+|00)\d.* | \(0?\d{1,4}\).*
        | \d{3}[-.]\d{3}[-.]\d{4}(?:x\d+)? | 0\d{1,4}[\ /-]\d{2,}.* | 0\d(?:[\ .]\d\d){4}
        | 0\d{2,4}(?:\ \d{2,4}){2,4}
        )$",
    )
});

/// Words before a number, or right behind it, that make it a telephone number.
static PHONE_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)\b(?:phone|telephone|tel|mobile|cell|fax|desk|direct|office|hotline|whatsapp|sms|handy|telefon|rufnummer|durchwahl|mobil|
        |téléphone|portable|teléfono|móvil|telefono|telefoon|(?:call|ring|reach|answering|messages?|text|dial)(?: \w+){0,3}? (?:at|on|to|under)|registered)\b[\s:.)(]*(?:\w+\s){0,1}$",
    )
});
static PHONE_WORDS_BEHIND: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i)^[\s(-]*(?:office|fax|mobile|cell|direct|phone|home|desk)\b"));

fn is_phone(text: &str, found: &regex::Match<'_>) -> bool {
    let number = found.as_str().trim_end();
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let before = &text[text.floor_char_boundary(found.start().saturating_sub(NAMED_WITHIN))..found.start()];
    let is_money = before.trim_end().ends_with(['$', '€', '£', '¥', '#', '.', ',', '/', '-', '_']) && !number.starts_with('+');
    let behind = &text[found.end()..];
    let is_part =
        behind.starts_with(['@', '_', '%']) || behind.starts_with('-') && behind[1..].starts_with(|c: char| c.is_ascii_digit());
    (7..=15).contains(&digits)
        && !is_money
        && !is_part
        && !is_date(number)
        && (SURE.is_match(number) || PHONE_WORDS.is_match(before) || PHONE_WORDS_BEHIND.is_match(behind))
}

/// `2026-05-12` and `12.05.2026`, a time behind them or not.
fn is_date(number: &str) -> bool {
    let parts: Vec<&str> = number.split(['-', '.', '/', ' ']).take(3).collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let is_year = |part: &str| part.len() == 4 && (part.starts_with("19") || part.starts_with("20"));
    match lengths[..] {
        [4, 2, 2] => is_year(parts[0]),
        [1 | 2, 1 | 2, 4] => is_year(parts[2]),
        _ => false,
    }
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern that is part of the program")
}

#[cfg(test)]
mod tests {
    use super::{SecretKind, contacts, secrets};

    fn kinds(text: &str) -> Vec<(SecretKind, &str)> {
        secrets(text).into_iter().map(|one| (one.kind, &text[one.span.start..one.span.end])).collect()
    }

    #[test]
    fn numbers_with_check_digits_are_found_as_they_are_written() {
        use SecretKind::{Account, Card, NationalId};
        for (text, kind, number) in [
            ("card 4111 1111 1111 1111, thanks", Card, "4111 1111 1111 1111"),
            ("amex 3782-822463-10005", Card, "3782-822463-10005"),
            ("to DE89 3704 0044 0532 0130 00 please", Account, "DE89 3704 0044 0532 0130 00"),
            ("de89370400440532013000", Account, "de89370400440532013000"),
            ("ssn 078-05-1120", NationalId, "078-05-1120"),
            ("SSN: 078051120", NationalId, "078051120"),
            ("my national insurance number is AB 12 34 56 C", NationalId, "AB 12 34 56 C"),
            ("Steuer-ID 86 095 742 719", NationalId, "86 095 742 719"),
            ("BSN 111222333", NationalId, "111222333"),
            ("n° 2 55 08 14 168 025 38", NationalId, "2 55 08 14 168 025 38"),
            ("DNI 12345678Z", NationalId, "12345678Z"),
            ("NIE: X1234567L", NationalId, "X1234567L"),
            ("RSSMRA85T10A562S", NationalId, "RSSMRA85T10A562S"),
            ("Aadhaar 2341 2341 2346", NationalId, "2341 2341 2346"),
            ("756.9217.0769.85", NationalId, "756.9217.0769.85"),
            ("CPF 529.982.247-25", NationalId, "529.982.247-25"),
            ("social insurance number 046 454 286", NationalId, "046 454 286"),
            ("PESEL 44051401359", NationalId, "44051401359"),
        ] {
            assert_eq!(kinds(text), [(kind, number)], "{text}");
        }
    }

    #[test]
    fn keys_and_passwords_are_found_whole() {
        use SecretKind::{Key, Password};
        let pem = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nAbCd\n-----END RSA PRIVATE KEY-----";
        for (text, kind, part) in [
            ("key sk-abcdefghijklmnop1234", Key, "sk-abcdefghijklmnop1234"),
            ("AKIAIOSFODNN7EXAMPLE", Key, "AKIAIOSFODNN7EXAMPLE"),
            (pem, Key, pem),
            ("api_key = 9f8e7d6c5b4a39281706", Key, "9f8e7d6c5b4a39281706"),
            ("postgres://app:s3cretpw@db.example/x", Password, "s3cretpw"),
            ("The Password is Tr0ub4dor", Password, "Tr0ub4dor"),
            ("password: hunter", Password, "hunter"),
            ("Das Passwort lautet Sommer2026!", Password, "Sommer2026!"),
            ("le mot de passe est Lune42", Password, "Lune42"),
            ("contraseña: girasol", Password, "girasol"),
            ("a senha é gato77", Password, "gato77"),
            ("wachtwoord is fiets9", Password, "fiets9"),
            ("hasło: kotek5", Password, "kotek5"),
        ] {
            assert_eq!(kinds(text), [(kind, part)], "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_secret_is_none() {
        for text in [
            "order 4111 1111 1111 1112",
            "the password is required here",
            "2026-05-12, 120 seats, 45,000 USD",
            "DE88 3704 0044 0532 0130 00",
            "ticket 12345678, order 86095742719, invoice 111222333",
            "part AB123456C, batch 12345678Z, X1234567L",
            "delivery 2341 2341 2346 and 046 454 286",
            "the PIN is four digits",
            "Passwort: siehe unten".split(':').next().unwrap(),
            "a key customer, a token of thanks, the secret of growth",
            "0000 0000 0000 0000",
        ] {
            assert_eq!(kinds(text), [], "{text}");
        }
    }

    #[test]
    fn contacts_are_told_from_dates_and_amounts() {
        let found =
            |text: &'static str| contacts(text).into_iter().map(|one| &text[one.span.start..one.span.end]).collect::<Vec<&str>>();
        for (text, number) in [
            ("call +49 30 1234567.", "+49 30 1234567"),
            ("0151 2345 6789 after five", "0151 2345 6789"),
            ("(030) 123 4567", "(030) 123 4567"),
            ("555-123-4567x12", "555-123-4567x12"),
            ("reach me on 9472 7916", "9472 7916"),
            ("Tel.: 01 84 17 61 18", "01 84 17 61 18"),
            ("write to ann.lee@brightwater.example, please", "ann.lee@brightwater.example"),
        ] {
            assert_eq!(found(text), [number], "{text}");
        }
        for text in [
            "120 seats at 45,000 USD",
            "2026-05-12 10:00",
            "12.05.2026",
            "1.250.000 Euro",
            "100 200 300",
            "v1.2.3",
            "10-20 people",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
    }
}
