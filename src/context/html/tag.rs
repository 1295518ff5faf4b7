//! [`Tag`]: one tag of a page, and what mail programs use its element for.

use super::Mark;

/// A start or end tag.
pub(super) struct Tag<'a> {
    /// Lower case.
    pub(super) name: String,
    pub(super) is_end: bool,
    attributes: &'a str,
}

impl<'a> Tag<'a> {
    pub(super) fn parse(tag: &'a str) -> Self {
        let inner = tag.trim_start_matches('<').trim_end_matches('>');
        let is_end = inner.starts_with('/');
        let inner = inner.trim_start_matches('/');
        let name_end = inner.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(inner.len());
        Self { name: inner[..name_end].to_ascii_lowercase(), is_end, attributes: &inner[name_end..] }
    }

    /// Whether the element has no end.
    pub(super) fn is_void(&self) -> bool {
        VOID.contains(&self.name.as_str())
    }

    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&'a str> {
        let mut rest = self.attributes;
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
            let end = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
            let (found, after) = rest.split_at(end);
            let (value, left) = match after.trim_start().strip_prefix('=') {
                Some(value) => attribute_value(value.trim_start()),
                None => ("", after),
            };
            if found.is_empty() && value.is_empty() {
                return None;
            }
            if found.eq_ignore_ascii_case(name) {
                return Some(value);
            }
            rest = left;
        }
    }

    /// What mail programs use this element for.
    pub(super) fn role(&self) -> Option<Role> {
        if self.attributes.is_empty() {
            return None;
        }
        let id = self.attribute("id").unwrap_or_default();
        let is_class = |names: &[&str]| {
            self.attribute("class").is_some_and(|classes| classes.split_ascii_whitespace().any(|class| names.contains(&class)))
        };
        match () {
            () if is_class(&SIGNATURE_CLASSES) || SIGNATURE_IDS.contains(&id) => Some(Role::Region(Mark::Signature)),
            () if DIVIDER_IDS.contains(&id) => Some(Role::Divider),
            () if is_class(&["yahoo_quoted"]) || QUOTED_IDS.contains(&id) => Some(Role::Region(Mark::Quoted)),
            () if self.name != "blockquote" && is_class(&INTRODUCTION_CLASSES) => Some(Role::Region(Mark::Introduction)),
            () if self.name == "div" && self.is_outlook_divider() => Some(Role::Divider),
            () => None,
        }
    }

    /// The line that Outlook draws above the headers of the copied message.
    fn is_outlook_divider(&self) -> bool {
        let style = self.attribute("style").map(compact).unwrap_or_default();
        ["border-top:solid#e1e1e1", "border-top:solid#b5c4df"].iter().any(|line| style.contains(line))
    }

    /// Hidden by its own attributes. Style sheets are not read.
    pub(super) fn is_hidden(&self) -> bool {
        if self.attributes.is_empty() {
            return false;
        }
        let style = self.attribute("style").map(compact).unwrap_or_default() + ";";
        HIDING.iter().any(|sign| style.contains(sign)) || self.attribute("hidden").is_some()
    }
}

/// What an element is for in a mail.
pub(super) enum Role {
    Region(Mark),
    /// What follows to the end of the page is a copied message.
    Divider,
}

const SIGNATURE_CLASSES: [&str; 5] =
    ["gmail_signature", "gmail_signature_prefix", "moz-signature", "protonmail_signature_block", "x_gmail_signature"];
const SIGNATURE_IDS: [&str; 4] = ["Signature", "x_Signature", "ms-outlook-mobile-signature", "AppleMailSignature"];
const DIVIDER_IDS: [&str; 2] = ["divRplyFwdMsg", "appendonsend"];
const QUOTED_IDS: [&str; 3] =
    ["OLK_SRC_BODY_SECTION", "mail-editor-reference-message-container", "ms-outlook-mobile-reference-message"];
const INTRODUCTION_CLASSES: [&str; 4] = ["gmail_attr", "gmail_quote", "moz-cite-prefix", "protonmail_quote"];
const HIDING: [&str; 7] =
    ["display:none", "visibility:hidden", "mso-hide:all", "font-size:0;", "font-size:0px", "opacity:0;", "max-height:0;"];

/// A style without blanks, in lower case.
pub(super) fn compact(style: &str) -> String {
    style.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect()
}

/// The value at the start of a text, and what follows it.
fn attribute_value(text: &str) -> (&str, &str) {
    let quoted = |quote: char| text.strip_prefix(quote).map(|rest| rest.split_once(quote).unwrap_or((rest, "")));
    quoted('"').or_else(|| quoted('\'')).unwrap_or_else(|| {
        let end = text.find(char::is_whitespace).unwrap_or(text.len());
        text.split_at(end)
    })
}

const VOID: [&str; 9] = ["br", "hr", "img", "input", "meta", "link", "col", "wbr", "area"];

/// Length of the tag at the start of `rest`; quoted attribute values may hold `>`.
pub(super) fn tag_end(rest: &str) -> Option<usize> {
    let mut quote = None;
    let mut after_equals = false;
    for (at, byte) in rest.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') if after_equals => quote = Some(byte),
            (None, _) => {}
        }
        after_equals = byte == b'=' || after_equals && byte.is_ascii_whitespace();
    }
    None
}
