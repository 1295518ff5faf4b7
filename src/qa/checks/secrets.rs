//! `no_secrets`: card and account numbers, keys, passwords and national ids are masked wherever they stand.

use std::borrow::Cow;

use super::{Context, Found, each_text};
use crate::context::{Secret, SecretKind, secrets};
use crate::domain::brief::{Brief, Severity};

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
    let found = secrets(text);
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    let mut end = 0;
    for Secret { kind, span } in found {
        clean += &text[end..span.start];
        clean += &masked(kind, &text[span.start..span.end]);
        end = span.end;
    }
    Cow::Owned(clean + &text[end..])
}

/// The last four digits of a card or account stay: people tell them apart by these.
fn masked(kind: SecretKind, secret: &str) -> String {
    match kind {
        SecretKind::Card | SecretKind::Account => {
            let end: Vec<char> = secret.chars().filter(|c| c.is_alphanumeric()).rev().take(4).collect();
            format!("[masked …{}]", end.iter().rev().collect::<String>())
        }
        SecretKind::NationalId | SecretKind::Key | SecretKind::Password | SecretKind::Mail | SecretKind::Phone => {
            "[masked]".to_owned()
        }
    }
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
            ("password: hunter22, thanks", "password: [masked], thanks"),
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
