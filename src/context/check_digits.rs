//! Check digits of card, account and identity numbers. Each takes a number as it is written, separators included.

/// Whether a number is one of its kind.
pub(super) type Check = fn(&str) -> bool;

fn digits(number: &str) -> Vec<u32> {
    number.chars().filter_map(|c| c.to_digit(10)).collect()
}

fn as_number(digits: &[u32]) -> u64 {
    digits.iter().fold(0, |sum, digit| sum * 10 + u64::from(*digit))
}

/// Cards of 12 to 19 digits (ISO/IEC 7812-1). A run of one digit passes and is none.
pub(super) fn luhn(number: &str) -> bool {
    let digits = digits(number);
    let is_dull = digits.iter().all(|digit| *digit == digits[0]);
    (12..=19).contains(&digits.len()) && !is_dull && luhn_sum(&digits).is_multiple_of(10)
}

fn luhn_sum(digits: &[u32]) -> u32 {
    let doubled = |(i, digit): (usize, &u32)| if i % 2 == 0 { *digit } else { digit * 2 / 10 + digit * 2 % 10 };
    digits.iter().rev().enumerate().map(doubled).sum()
}

/// The longest beginning that is an IBAN (ISO 13616): a greedy match may have taken words behind it along.
pub(super) fn longest_iban(candidate: &str) -> Option<&str> {
    let ends = candidate.char_indices().map(|(at, c)| at + c.len_utf8()).rev();
    ends.map(|end| &candidate[..end]).find(|part| is_iban(part))
}

fn is_iban(part: &str) -> bool {
    let plain: Vec<u32> = part.chars().filter_map(|c| c.to_digit(36)).collect();
    if !(15..=34).contains(&plain.len()) || part.ends_with(' ') {
        return false;
    }
    let turned = plain[4..].iter().chain(&plain[..4]);
    turned.fold(0, |rest, digit| (rest * if *digit > 9 { 100 } else { 10 } + digit) % 97) == 1
}

/// United States social security number: no check digit, but numbers that are never given out.
pub(super) fn ssn(number: &str) -> bool {
    let digits = digits(number);
    let [area, group, serial] = [(0, 3), (3, 5), (5, 9)].map(|(from, to)| digits.get(from..to).map_or(0, as_number));
    digits.len() == 9 && area != 0 && area != 666 && area < 900 && group != 0 && serial != 0
}

/// United Kingdom national insurance number: no check digit, but prefixes that are never given out.
pub(super) fn nino(number: &str) -> bool {
    let prefix = number.get(..2).unwrap_or_default().to_ascii_uppercase();
    !["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"].contains(&prefix.as_str())
}

/// German tax id: eleven digits, ISO 7064 MOD 11,10.
pub(super) fn steuer_id(number: &str) -> bool {
    let digits = digits(number);
    let Some((last, first)) = digits.split_last().filter(|(_, first)| first.len() == 10 && first[0] != 0) else { return false };
    let product = first.iter().fold(10, |product, digit| match (digit + product) % 10 {
        0 => 10 * 2 % 11,
        sum => sum * 2 % 11,
    });
    (11 - product) % 10 == *last
}

/// Dutch citizen service number: the eleven test with a last weight of minus one.
pub(super) fn bsn(number: &str) -> bool {
    let digits = digits(number);
    let sum: i64 = digits.iter().zip([9, 8, 7, 6, 5, 4, 3, 2, -1]).map(|(digit, weight)| i64::from(*digit) * weight).sum();
    digits.len() == 9 && sum != 0 && sum % 11 == 0
}

/// French social security number with its key of two digits; Corsica writes 2A and 2B for 19 and 18.
pub(super) fn nir(number: &str) -> bool {
    let plain: String = number.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    let plain = plain.replace("2A", "19").replace("2B", "18");
    let digits = digits(&plain);
    let month = digits.get(3..5).map_or(0, as_number);
    digits.len() == 15
        && plain.len() == 15
        && matches!(digits[0], 1 | 2)
        && (1..=12).contains(&month)
        && 97 - as_number(&digits[..13]) % 97 == as_number(&digits[13..])
}

/// Spanish DNI and NIE: a letter for the number modulo 23.
pub(super) fn dni(number: &str) -> bool {
    let plain = number.replace('-', "").to_ascii_uppercase().replacen('X', "0", usize::from(number.starts_with(['X', 'x'])));
    let plain = match plain.chars().next() {
        Some('Y') => plain.replacen('Y', "1", 1),
        Some('Z') => plain.replacen('Z', "2", 1),
        _ => plain,
    };
    let Some((number, letter)) = plain.split_at_checked(8) else { return false };
    let wanted = number.parse::<usize>().ok().and_then(|number| "TRWAGMYFPDXBNJZSQVHLCKE".get(number % 23..=number % 23));
    wanted == Some(letter)
}

/// Italian fiscal code: sixteen characters, odd and even places with values of their own.
pub(super) fn codice_fiscale(code: &str) -> bool {
    const ODD: [u32; 26] = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
    let code = code.to_ascii_uppercase();
    let value = |c: char| if c.is_ascii_digit() { c as u32 - '0' as u32 } else { c as u32 - 'A' as u32 };
    let Some((first, last)) = code.split_at_checked(15).filter(|_| code.is_ascii() && code.len() == 16) else { return false };
    let places = first.chars().enumerate();
    let sum: u32 = places.map(|(i, c)| if i % 2 == 0 { ODD[value(c) as usize] } else { value(c) }).sum();
    last.chars().next().is_some_and(|c| value(c) == sum % 26 && c.is_ascii_alphabetic())
}

/// Indian Aadhaar: twelve digits, Verhoeff's check over the dihedral group of order ten.
pub(super) fn aadhaar(number: &str) -> bool {
    let digits = digits(number);
    let turned = |digit: u32, place: usize| (0..place % 8).fold(digit, |digit, _| TURN[digit as usize]);
    let check = digits.iter().rev().enumerate().fold(0, |sum, (place, digit)| dihedral(sum, turned(*digit, place)));
    digits.len() == 12 && digits[0] > 1 && check == 0
}

/// The permutation that Verhoeff applies once more for each place.
const TURN: [u32; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

/// Multiplication in the dihedral group: 0 to 4 are turns, 5 to 9 mirrors.
fn dihedral(a: u32, b: u32) -> u32 {
    match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => (a + b) % 5 + 5,
        (false, true) => (a + 5 - b) % 5 + 5,
        (false, false) => (a + 5 - b) % 5,
    }
}

/// Swiss social security number: the check digit of EAN-13.
pub(super) fn ahv(number: &str) -> bool {
    let digits = digits(number);
    let sum: u32 = digits.iter().enumerate().map(|(i, digit)| digit * if i % 2 == 0 { 1 } else { 3 }).sum();
    digits.len() == 13 && sum.is_multiple_of(10)
}

/// Brazilian CPF: two check digits, each by weights that fall to two.
pub(super) fn cpf(number: &str) -> bool {
    let digits = digits(number);
    let is_dull = digits.iter().all(|digit| Some(digit) == digits.first());
    let check = |count: usize| {
        let weights = (2..=u32::try_from(count).unwrap_or(0) + 1).rev();
        let sum: u32 = digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum();
        sum * 10 % 11 % 10 == digits[count]
    };
    digits.len() == 11 && !is_dull && check(9) && check(10)
}

/// Canadian social insurance number.
pub(super) fn sin(number: &str) -> bool {
    let digits = digits(number);
    digits.len() == 9 && luhn_sum(&digits).is_multiple_of(10)
}

/// Polish PESEL.
pub(super) fn pesel(number: &str) -> bool {
    let digits = digits(number);
    let sum: u32 = digits.iter().zip([1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]).map(|(digit, weight)| digit * weight).sum();
    digits.len() == 11 && sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The number with the one last digit (or letter) that passes; `None` if none does.
    fn completed(number: &str, ends: &str, passes: fn(&str) -> bool) -> Option<String> {
        let mut all = ends.chars().map(|end| format!("{number}{end}")).filter(|whole| passes(whole));
        let found = all.next()?;
        assert_eq!(all.next(), None, "two ends pass behind {number}");
        Some(found)
    }

    proptest! {
        #[test]
        fn every_number_has_one_right_check_digit_and_a_changed_digit_is_noticed(
            body in "[2-9][0-9]{17}", place in 1..8_usize, change in 1..10_u8
        ) {
            let checks: [(usize, Check); 6] = [(15, luhn), (10, steuer_id), (11, aadhaar), (8, sin), (12, ahv), (10, pesel)];
            for (length, passes) in checks {
                let Some(whole) = completed(&body[..length], "0123456789", passes) else { continue };
                let mut changed = whole.clone().into_bytes();
                changed[place] = b'0' + (changed[place] - b'0' + change) % 10;
                prop_assert!(!passes(std::str::from_utf8(&changed).unwrap()), "{whole} with another digit at {place}");
            }
        }

        #[test]
        fn ibans_and_codes_with_letters_have_one_right_check(account in "[0-9]{18}", code in "[A-Z]{6}[0-9]{2}[A-Z][0-9]{2}[A-Z][0-9]{3}", dni_body in "[0-9]{8}") {
            let right = (2..99).map(|check| format!("DE{check:02}{account}")).filter(|iban| longest_iban(iban) == Some(iban.as_str()));
            prop_assert_eq!(right.count(), 1);
            prop_assert!(completed(&code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", codice_fiscale).is_some());
            prop_assert!(completed(&dni_body, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", dni).is_some());
        }
    }
}
