//! HTML → readable lines, in one pass over the bytes: nesting costs nothing.
//!
//! Not a browser: it keeps what matters for reading (block structure, bullets, quotation depth, entities), and drops
//! scripts, styles and what the page hides from its reader.

mod tag;

use mail_parser::decoders::html::add_html_token;
use tag::{Role, Tag, compact, tag_end};

/// The readable text of a page.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) lines: Vec<PageLine>,
    /// Elements that were hidden from a person who looks at the page. Their text is not read.
    pub(super) hidden: usize,
}

/// One line; `depth` counts the quotations (`blockquote`) it stands in.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct PageLine {
    pub(super) text: String,
    pub(super) depth: u8,
    pub(super) mark: Mark,
}

/// What a mail program says of a line by the element it stands in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Mark {
    #[default]
    None,
    Signature,
    /// Stands where a quotation is introduced.
    Introduction,
    /// Stands in a copied message that is no `blockquote`.
    Quoted,
}

/// Reads a page.
pub(super) fn read(html: &str) -> Page {
    let mut reader = Reader::default();
    let mut at = 0;
    while at < html.len() {
        let text_end = html[at..].find('<').map_or(html.len(), |offset| at + offset);
        reader.text(&html[at..text_end]);
        at = if text_end == html.len() { text_end } else { reader.markup(html, text_end) };
    }
    reader.finish()
}

/// Whether a text is a page: it begins with a tag, or has several well-known ones.
pub(super) fn looks_like_html(text: &str) -> bool {
    let start = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    let begins = start.strip_prefix('<').is_some_and(|rest| {
        let name: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '!' | '-')).collect();
        name.starts_with("!--") || KNOWN.contains(&name.to_ascii_lowercase().as_str())
    });
    begins || known_tags(text) >= 3
}

const KNOWN: [&str; 26] = [
    "!doctype",
    "html",
    "head",
    "body",
    "p",
    "div",
    "br",
    "ul",
    "ol",
    "li",
    "table",
    "tr",
    "td",
    "span",
    "b",
    "i",
    "strong",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "a",
    "font",
    "blockquote",
    "meta",
];

fn known_tags(text: &str) -> usize {
    let opens = |rest: &str| {
        let rest = rest.strip_prefix('/').unwrap_or(rest);
        let name = rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        let after = rest[name.len()..].chars().next();
        ["p", "div", "br", "ul", "li", "table", "span"].contains(&name.to_ascii_lowercase().as_str())
            && matches!(after, Some('>' | ' ' | '/' | '\n' | '\t' | '\r'))
    };
    text.split('<').skip(1).filter(|rest| opens(rest)).take(3).count()
}

/// A text with its character references replaced: `&amp;` → `&`.
pub(super) fn decode_entities(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        rest = &rest[at..];
        let end =
            rest.bytes().take(34).skip(1).position(|b| !(b.is_ascii_alphanumeric() || b == b'#')).map_or(0, |offset| offset + 1);
        if end > 1 && rest.as_bytes()[end] == b';' {
            add_html_token(&mut decoded, &rest.as_bytes()[..=end], false);
            rest = &rest[end + 1..];
        } else {
            decoded.push('&');
            rest = &rest[1..];
        }
    }
    decoded.push_str(rest);
    decoded
}

#[derive(Default)]
struct Reader {
    page: Page,
    line: String,
    /// Open `blockquote`s, and whether each is a quotation.
    quotes: Vec<bool>,
    depth: u32,
    preformatted: usize,
    /// The element whose text is not read, and how many of its name are open within it.
    hidden: Option<(String, usize)>,
    /// Elements that mark their lines, outermost first.
    regions: Vec<Region>,
    /// The rest of the page is a copied message.
    rest_is_quoted: bool,
    link: Option<Link>,
}

/// An element that marks its lines.
struct Region {
    name: String,
    /// How many elements of its name are open, itself included.
    open: usize,
    mark: Mark,
}

/// A link whose end was not read yet.
struct Link {
    target: String,
    /// Of an image in it.
    alternative: Option<String>,
    lines: usize,
    line_bytes: usize,
}

/// More elements within each other that mark their lines are not told apart.
const MOST_REGIONS: usize = 32;

impl Reader {
    fn text(&mut self, raw: &str) {
        if self.hidden.is_some() || raw.is_empty() {
            return;
        }
        for c in decode_entities(raw).chars() {
            match c {
                '\n' if self.preformatted > 0 => self.end_line(),
                _ if c.is_whitespace() && self.preformatted == 0 => {
                    if !self.line.is_empty() && !self.line.ends_with([' ', '\t']) {
                        self.line.push(' ');
                    }
                }
                '\r' | '\0' => {}
                // What newsletters fill lines with, and hints where a word may break.
                '\u{34f}' | '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' => {}
                _ => self.line.push(c),
            }
        }
    }

    /// Reads what begins with `<` at `at`; returns where it ends.
    fn markup(&mut self, html: &str, at: usize) -> usize {
        let rest = &html[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            return comment.find("-->").map_or(html.len(), |offset| at + 4 + offset + 3);
        }
        if !rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            self.text("<");
            return at + 1;
        }
        let end = tag_end(rest).map_or(html.len(), |end| at + end);
        let tag = Tag::parse(&html[at..end]);
        match RAW.iter().find(|name| **name == tag.name && !tag.is_end && self.hidden.is_none()) {
            Some(name) => skip_raw(html, end, name),
            None => {
                self.tag(&tag);
                end
            }
        }
    }

    fn tag(&mut self, tag: &Tag<'_>) {
        if let Some((name, open)) = &mut self.hidden {
            if *name == tag.name {
                *open = if tag.is_end { open.saturating_sub(1) } else { *open + 1 };
            }
            self.hidden = self.hidden.take().filter(|(_, open)| *open > 0);
            return;
        }
        if !tag.is_end && !tag.is_void() && tag.is_hidden() {
            self.page.hidden += 1;
            self.hidden = Some((tag.name.clone(), 1));
            return;
        }
        self.region(tag);
        match tag.name.as_str() {
            "br" => self.end_line(),
            "li" if !tag.is_end => {
                self.break_line();
                self.line.push_str("- ");
            }
            "td" | "th" if tag.is_end => self.line.push('\t'),
            "pre" => self.preformatted = if tag.is_end { self.preformatted.saturating_sub(1) } else { self.preformatted + 1 },
            "blockquote" => self.quotation(tag),
            "a" => self.anchor(tag),
            "img" => {
                if let Some(link) = &mut self.link {
                    link.alternative = tag.attribute("alt").map(decode_entities);
                }
            }
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "table" | "hr" => self.blank_line(),
            "div" | "tr" | "li" | "section" | "article" | "header" | "footer" | "dl" | "dt" | "dd" | "center" | "body"
            | "address" => {
                self.break_line();
            }
            _ => {}
        }
    }

    fn quotation(&mut self, tag: &Tag<'_>) {
        self.blank_line();
        if tag.is_end {
            let was_quote = self.quotes.pop().unwrap_or_default();
            self.depth -= u32::from(was_quote);
            return;
        }
        // Gmail's button for indentation.
        let style = tag.attribute("style").map(compact).unwrap_or_default();
        let is_quote = !(style.starts_with("margin:0") && style.contains("border:none") && tag.attribute("type").is_none());
        self.quotes.push(is_quote);
        self.depth += u32::from(is_quote);
        // What introduces a quotation stands before it: a reply may follow in the same element.
        self.regions.iter_mut().filter(|region| region.mark == Mark::Introduction).for_each(|region| region.mark = Mark::None);
    }

    /// Opens and closes what marks its lines.
    fn region(&mut self, tag: &Tag<'_>) {
        if tag.is_end {
            for region in self.regions.iter_mut().filter(|region| region.name == tag.name) {
                region.open -= 1;
            }
            if self.regions.iter().any(|region| region.open == 0) {
                self.break_line();
                self.regions.retain(|region| region.open > 0);
            }
            return;
        }
        if tag.is_void() {
            return;
        }
        self.regions.iter_mut().filter(|region| region.name == tag.name).for_each(|region| region.open += 1);
        match tag.role() {
            Some(Role::Divider) => {
                self.break_line();
                self.rest_is_quoted = true;
            }
            Some(Role::Region(mark)) if self.regions.len() < MOST_REGIONS => {
                self.break_line();
                self.regions.push(Region { name: tag.name.clone(), open: 1, mark });
            }
            Some(Role::Region(_)) | None => {}
        }
    }

    fn mark(&self) -> Mark {
        let has = |mark: Mark| self.regions.iter().any(|region| region.mark == mark);
        match () {
            () if has(Mark::Signature) => Mark::Signature,
            () if self.rest_is_quoted || has(Mark::Quoted) => Mark::Quoted,
            () if has(Mark::Introduction) => Mark::Introduction,
            () => Mark::None,
        }
    }

    /// A link is its words; one without words is what its image says, else its target.
    fn anchor(&mut self, tag: &Tag<'_>) {
        if !tag.is_end {
            let target =
                tag.attribute("href").map(decode_entities).filter(|href| href.starts_with("http") || href.starts_with("mailto:"));
            let (lines, line_bytes) = (self.page.lines.len(), self.line.trim_end().len());
            self.link = target.map(|target| Link { target, alternative: None, lines, line_bytes });
            return;
        }
        let Some(link) = self.link.take() else { return };
        if link.lines == self.page.lines.len() && self.line.trim_end().len() <= link.line_bytes {
            self.line.push_str(link.alternative.as_deref().unwrap_or(&link.target).trim());
        }
    }

    /// Ends the line, even an empty one.
    fn end_line(&mut self) {
        let text = self.line.trim_end().to_owned();
        let depth = u8::try_from(self.depth).unwrap_or(u8::MAX);
        self.page.lines.push(PageLine { text, depth, mark: self.mark() });
        self.line.clear();
    }

    /// Ends the line if there is something on it.
    fn break_line(&mut self) {
        match self.line.trim() {
            "" => self.line.clear(),
            "-" => {}
            _ => self.end_line(),
        }
    }

    /// Ends the line and leaves one blank line.
    fn blank_line(&mut self) {
        self.break_line();
        let is_first = self.page.lines.last().is_none_or(|line| line.text.is_empty());
        if !is_first && self.line.is_empty() {
            self.end_line();
        }
    }

    fn finish(mut self) -> Page {
        self.break_line();
        while self.page.lines.last().is_some_and(|line| line.text.is_empty()) {
            self.page.lines.pop();
        }
        self.page
    }
}

/// Elements whose content is no text of the page.
const RAW: [&str; 7] = ["script", "style", "title", "template", "textarea", "noscript", "xml"];

/// Where the end tag of a raw element ends. A missing one hides the rest, as in browsers.
fn skip_raw(html: &str, from: usize, name: &str) -> usize {
    let mut at = from;
    while let Some(offset) = html[at..].find("</") {
        let rest = &html[at + offset + 2..];
        if rest.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            return tag_end(&html[at + offset..]).map_or(html.len(), |end| at + offset + end);
        }
        at += offset + 2;
    }
    html.len()
}

#[cfg(test)]
mod tests {
    use super::{Mark, decode_entities, looks_like_html, read};

    fn text(html: &str) -> String {
        read(html)
            .lines
            .into_iter()
            .map(|line| format!("{}{}", ">".repeat(line.depth.into()), line.text))
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn blocks_become_lines_and_bullets_stay_bullets() {
        let html = "<html><head><title>T</title><style>p{}</style></head><body><p>Hello <b>Lee</b>,</p>\n<div>one<br>two</div>\
                    <ul><li>first</li><li><p>second</p></li></ul><script>alert('<p>no</p>')</script><p>A &amp; B &euro;45&nbsp;k</p></body></html>";
        assert_eq!(text(html), "Hello Lee,\n\none\ntwo\n\n- first\n- second\n\nA & B €45 k");
    }

    #[test]
    fn quotations_have_a_depth() {
        assert_eq!(
            text("yes<blockquote type=cite>when?<blockquote>so</blockquote></blockquote>no"),
            "yes\n\n>when?\n>\n>>so\n>>\nno"
        );
    }

    #[test]
    fn what_the_page_hides_is_not_read() {
        let page = read("<div>seen<div style=\"display: none\">un<div>seen</div></div> too</div>");
        assert_eq!((page.lines.len(), page.lines[0].text.as_str(), page.hidden), (1, "seen too", 1));
    }

    #[test]
    fn elements_of_mail_programs_mark_their_lines() {
        let marks = |html: &str| -> Vec<(String, Mark)> {
            read(html).lines.into_iter().filter(|line| !line.text.is_empty()).map(|line| (line.text, line.mark)).collect()
        };
        let row = |text: &str, mark| (text.to_owned(), mark);
        assert_eq!(
            marks(
                "<div>yes</div><div class='gmail_quote'><div class=\"gmail_attr\">D wrote:</div><blockquote>when?</blockquote><div>May</div></div>"
            ),
            [row("yes", Mark::None), row("D wrote:", Mark::Introduction), row("when?", Mark::None), row("May", Mark::None)]
        );
        assert_eq!(
            marks(
                "<p>yes</p><div id=Signature><div>Dana</div>CFO</div><div>PS</div><div id=\"divRplyFwdMsg\">From: x</div><p>old</p>"
            ),
            [
                row("yes", Mark::None),
                row("Dana", Mark::Signature),
                row("CFO", Mark::Signature),
                row("PS", Mark::None),
                row("From: x", Mark::Quoted),
                row("old", Mark::Quoted)
            ]
        );
        assert_eq!(
            marks("a<span id=OLK_SRC_BODY_SECTION><span>b</span><div>c</div></span>d"),
            [row("a", Mark::None), row("b", Mark::Quoted), row("c", Mark::Quoted), row("d", Mark::None)]
        );
    }

    #[test]
    fn a_link_is_its_words() {
        assert_eq!(text("see <a href='https://x.example/a?b=1&amp;c=2'>the offer</a>."), "see the offer.");
        assert_eq!(text("see <a href='https://x.example/a?b=1&amp;c=2'> </a>."), "see https://x.example/a?b=1&c=2.");
        assert_eq!(text("<a href=https://x.example/><img src=x alt='Our offer'></a><img src=pixel.gif alt=p>"), "Our offer");
    }

    #[test]
    fn indented_text_is_no_quotation() {
        let indented =
            "a<blockquote style=\"margin:0 0 0 40px;border:none;padding:0px\">b</blockquote><blockquote>c</blockquote>";
        assert_eq!(text(indented), "a\n\nb\n\n>c");
    }

    #[test]
    fn broken_markup_is_text_or_nothing() {
        assert_eq!(text("a < b and 3 <4 <!-- x"), "a < b and 3 <4");
        assert_eq!(text("<p title='a>b'>x</p><script>never closed"), "x");
    }

    #[test]
    fn entities_are_decoded_once() {
        assert_eq!(decode_entities("&amp;lt; &#8364; &#x20AC; &nosuch; & AT&T &"), "&lt; € € &nosuch; & AT&T &");
    }

    #[test]
    fn a_page_is_told_from_text_with_angle_brackets() {
        assert!(looks_like_html(" <div>x</div>") && looks_like_html("a<br>b<br/>c<p>d"));
        assert!(!looks_like_html("Dana <dana@example.com> said 3 < 4 and <p> once"));
    }

    #[test]
    fn deep_nesting_is_read_in_linear_time() {
        let started = std::time::Instant::now();
        assert_eq!(text(&("<div>".repeat(100_000) + "x")), "x");
        assert_eq!(text(&("<blockquote>".repeat(100_000) + "x")).len(), 256);
        read(&"<script".repeat(100_000));
        read(&"<a b=\"".repeat(100_000));
        read(&"<div style=display:none>".repeat(100_000));
        read(&"&".repeat(500_000));
        assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    }
}
