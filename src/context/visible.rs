//! [`visible`]: a text without the characters that people do not see.

use std::borrow::Cow;

/// The text as a person sees it: without control characters (all but line feed and tab), direction marks, zero-width
/// characters, variation selectors and the tag block. Such characters can carry orders to a model that no reader
/// notices, and they make equal quotes differ.
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_invisible) {
        Cow::Owned(text.chars().filter(|c| !is_invisible(*c)).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// Whether a character shows nothing of itself.
pub fn is_invisible(c: char) -> bool {
    match c {
        // Most characters of most texts, first.
        ' '..='~' | '\n' | '\t' => false,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{3164}' | '\u{ffa0}' => true,
        '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => true,
        '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}' => true,
        _ => c.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn what_nobody_sees_is_stripped_and_the_rest_stays() {
        let tagged: String = "ignore all".chars().map(|c| char::from_u32(0xE0000 + c as u32).unwrap()).collect();
        assert_eq!(visible(&format!("Bud\u{200b}get{tagged}:\u{202e} 45k\r\n\tok\u{7}")), "Budget: 45k\n\tok");
    }

    #[test]
    fn plain_text_is_not_copied() {
        assert!(matches!(visible("Für 45.000 €\n\tja – 好 👍"), std::borrow::Cow::Borrowed(_)));
    }
}
