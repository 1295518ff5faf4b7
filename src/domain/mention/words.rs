//! One pass over a text: words, runs of digits and symbols with their offsets, and what a word can mean.
//!
//! Everything else in [`super`] matches on these instead of running regexes over the text again.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

use crate::domain::brief::Span;
use crate::domain::value::DurationUnit;

/// A text and its words.
pub(super) struct Words<'t> {
    pub(super) text: &'t str,
    list: Vec<Word>,
}

#[derive(Debug, Clone, Copy)]
struct Word {
    start: usize,
    end: usize,
    kind: Kind,
    term: Term,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters, with apostrophes between them.
    Letters,
    /// ASCII digits.
    Digits,
    /// One character that is neither.
    Symbol,
    /// A link or a mail address: never looked into.
    Opaque,
}

/// What a word can mean. The matchers decide by its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Term {
    Other,
    /// `zero` to `nineteen`.
    Small(u8),
    /// `twenty` to `ninety`.
    Tens(u8),
    Hundred,
    Scale(Scale),
    Dozen,
    /// `first` to `nineteenth`, `twentieth`, `thirtieth`.
    Ordinal(u8),
    /// 1 to 12.
    Month(u8, Spelling),
    /// Days after Monday.
    Weekday(u8, Spelling),
    Time(DurationUnit),
    /// ISO 4217 code.
    Currency(&'static str),
    /// A word that speaks of money.
    MoneyCue,
    /// A word that can start a day: `today`, `next`, `end`, `EOM`.
    When,
    /// A word that cannot be what was counted: article, preposition, pronoun, auxiliary verb.
    Function,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scale {
    /// `k`, `thousand`, `grand`.
    Thousand,
    Million,
    Billion,
}

impl Scale {
    pub(super) fn factor(self) -> f64 {
        match self {
            Self::Thousand => 1e3,
            Self::Million => 1e6,
            Self::Billion => 1e9,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// Means nothing else: `september`, `tuesday`.
    Plain,
    /// Also a name, a verb or a common word: `may`, `march`, `jan`, `sun`.
    Ambiguous,
}

impl<'t> Words<'t> {
    pub(super) fn scan(text: &'t str) -> Self {
        let mut list = Vec::with_capacity(text.len() / 5 + 4);
        let mut at = 0;
        while at < text.len() {
            let chunk = at + text[at..].find(|c: char| !c.is_whitespace()).unwrap_or(text.len() - at);
            let end = chunk + text[chunk..].find(char::is_whitespace).unwrap_or(text.len() - chunk);
            scan_chunk(text, chunk, end, &mut list);
            at = end;
        }
        Self { text, list }
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// The word as written; empty beyond either end.
    pub(super) fn text_of(&self, i: usize) -> &'t str {
        self.list.get(i).map_or("", |word| &self.text[word.start..word.end])
    }

    pub(super) fn kind(&self, i: usize) -> Option<Kind> {
        self.list.get(i).map(|word| word.kind)
    }

    pub(super) fn term(&self, i: usize) -> Term {
        self.list.get(i).map_or(Term::Other, |word| word.term)
    }

    /// Term of the word before; `Other` at the start.
    pub(super) fn term_before(&self, i: usize) -> Term {
        i.checked_sub(1).map_or(Term::Other, |before| self.term(before))
    }

    /// The word before as written; empty at the start.
    pub(super) fn text_before(&self, i: usize) -> &'t str {
        i.checked_sub(1).map_or("", |before| self.text_of(before))
    }

    /// Whether the word is one of these lower-case ASCII words, in any case.
    pub(super) fn is_any(&self, i: usize, lower: &[&str]) -> bool {
        let text = self.text_of(i);
        lower.iter().any(|word| is_same(text, word))
    }

    pub(super) fn is_any_before(&self, i: usize, lower: &[&str]) -> bool {
        i.checked_sub(1).is_some_and(|before| self.is_any(before, lower))
    }

    pub(super) fn is_symbol(&self, i: usize, symbols: &[char]) -> bool {
        self.kind(i) == Some(Kind::Symbol) && self.text_of(i).starts_with(symbols)
    }

    pub(super) fn is_letters(&self, i: usize) -> bool {
        self.kind(i) == Some(Kind::Letters)
    }

    pub(super) fn is_digits(&self, i: usize) -> bool {
        self.kind(i) == Some(Kind::Digits)
    }

    pub(super) fn is_capitalised(&self, i: usize) -> bool {
        self.text_of(i).starts_with(char::is_uppercase)
    }

    /// Whether nothing stands between this word and the next.
    pub(super) fn is_glued(&self, i: usize) -> bool {
        match (self.list.get(i), self.list.get(i + 1)) {
            (Some(word), Some(next)) => word.end == next.start,
            _ => false,
        }
    }

    /// Whether nothing stands between this word and the one before.
    pub(super) fn is_glued_before(&self, i: usize) -> bool {
        i.checked_sub(1).is_some_and(|before| self.is_glued(before))
    }

    /// What stands between this word and the next: nothing or white space.
    pub(super) fn gap(&self, i: usize) -> &'t str {
        match (self.list.get(i), self.list.get(i + 1)) {
            (Some(word), Some(next)) => &self.text[word.end..next.start],
            _ => "",
        }
    }

    /// The value of a short run of digits.
    pub(super) fn integer(&self, i: usize) -> Option<u32> {
        if !self.is_digits(i) || self.text_of(i).len() > 9 {
            return None;
        }
        self.text_of(i).parse().ok()
    }

    /// The span of the words `first..end`; `first < end` and both are words of this text.
    pub(super) fn span(&self, first: usize, end: usize) -> Span {
        Span { start: self.list[first].start, end: self.list[end - 1].end }
    }

    /// Whether a sentence or a line may end right after this word.
    pub(super) fn is_break(&self, i: usize) -> bool {
        self.kind(i) == Some(Kind::Symbol)
            && (self.is_symbol(i, &['?', '!', ';']) || (self.is_symbol(i, &['.']) && !self.is_glued(i)))
    }
}

/// The same but for case and the kind of apostrophe.
fn is_same(text: &str, lower: &str) -> bool {
    text.eq_ignore_ascii_case(lower)
        || (text.len() == lower.len() + 2 && text.contains('’') && text.replace('’', "'").eq_ignore_ascii_case(lower))
}

fn scan_chunk(text: &str, start: usize, end: usize, list: &mut Vec<Word>) {
    let chunk = &text[start..end];
    if is_address(chunk) {
        let bare = chunk.trim_end_matches(|c: char| c.is_ascii_punctuation() && c != '/');
        list.push(Word { start, end: start + bare.len(), kind: Kind::Opaque, term: Term::Other });
        return;
    }
    let mut chars = chunk.char_indices().peekable();
    while let Some((offset, c)) = chars.next() {
        let kind = match c {
            '0'..='9' => Kind::Digits,
            '_' => Kind::Letters,
            c if c.is_alphabetic() => Kind::Letters,
            _ => Kind::Symbol,
        };
        let mut stop = offset + c.len_utf8();
        if kind != Kind::Symbol {
            while let Some(&(at, next)) = chars.peek() {
                if !continues(kind, next, &chunk[at + next.len_utf8()..]) {
                    break;
                }
                stop = at + next.len_utf8();
                chars.next();
            }
        }
        let term = if kind == Kind::Letters { term_of(&chunk[offset..stop]) } else { Term::Other };
        list.push(Word { start: start + offset, end: start + stop, kind, term });
    }
}

fn continues(kind: Kind, c: char, rest: &str) -> bool {
    match kind {
        Kind::Digits => c.is_ascii_digit(),
        // A combining mark belongs to its letter.
        Kind::Letters => {
            c.is_alphabetic()
                || c == '_'
                || ('\u{300}'..='\u{36f}').contains(&c)
                || (matches!(c, '\'' | '’') && rest.starts_with(char::is_alphabetic))
        }
        Kind::Symbol | Kind::Opaque => false,
    }
}

fn is_address(chunk: &str) -> bool {
    let bytes = chunk.as_bytes();
    bytes.iter().enumerate().any(|(i, byte)| match byte {
        b'@' => i > 0 && bytes[i - 1].is_ascii_alphanumeric() && bytes.get(i + 1).is_some_and(u8::is_ascii_alphanumeric),
        b':' => chunk[i..].starts_with("://"),
        b'w' | b'W' => i == 0 && bytes.len() > 4 && bytes[..4].eq_ignore_ascii_case(b"www."),
        _ => false,
    })
}

fn term_of(word: &str) -> Term {
    const LONGEST: usize = 14;
    if word.len() > LONGEST {
        return Term::Other;
    }
    if !word.is_ascii() {
        return TERMS.get(word.to_lowercase().replace('’', "'").as_bytes()).copied().unwrap_or(Term::Other);
    }
    let mut lower = [0; LONGEST];
    let lower = &mut lower[..word.len()];
    lower.copy_from_slice(word.as_bytes());
    lower.make_ascii_lowercase();
    TERMS.get(&*lower).copied().unwrap_or(Term::Other)
}

/// FNV-1a: short keys that nobody outside can choose, so speed is all that matters.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn write_usize(&mut self, length: usize) {
        self.0 ^= length as u64;
    }
}

type Terms = HashMap<&'static [u8], Term, BuildHasherDefault<Fnv>>;

static TERMS: LazyLock<Terms> = LazyLock::new(|| {
    let mut terms = Terms::default();
    let mut add = |words: &'static str, term: Term| terms.extend(words.split_whitespace().map(|word| (word.as_bytes(), term)));
    // Later lines win over earlier ones.
    add(FUNCTION_WORDS, Term::Function);
    add(MONEY_CUES, Term::MoneyCue);
    add(WHEN_WORDS, Term::When);
    for (n, words) in SMALL.iter().enumerate() {
        add(words, Term::Small(n as u8));
    }
    for (n, words) in TENS.iter().enumerate() {
        add(words, Term::Tens(n as u8 * 10 + 20));
    }
    for (n, words) in ORDINALS.iter().enumerate() {
        add(words, Term::Ordinal(n as u8 + 1));
    }
    add("thirtieth", Term::Ordinal(30));
    for (n, (plain, ambiguous)) in MONTHS.iter().enumerate() {
        add(plain, Term::Month(n as u8 + 1, Spelling::Plain));
        add(ambiguous, Term::Month(n as u8 + 1, Spelling::Ambiguous));
    }
    for (n, (plain, ambiguous)) in WEEKDAYS.iter().enumerate() {
        add(plain, Term::Weekday(n as u8, Spelling::Plain));
        add(ambiguous, Term::Weekday(n as u8, Spelling::Ambiguous));
    }
    for (words, unit) in TIME_UNITS {
        add(words, Term::Time(unit));
    }
    for (words, code) in CURRENCIES {
        add(words, Term::Currency(code));
    }
    add("hundred", Term::Hundred);
    add("dozen", Term::Dozen);
    add("k thousand thousands grand tsd", Term::Scale(Scale::Thousand));
    add("m mm mn million millions mio mil millionen", Term::Scale(Scale::Million));
    add("b bn billion billions mrd milliarden", Term::Scale(Scale::Billion));
    terms
});

const SMALL: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];

const TENS: [&str; 8] = ["twenty", "thirty", "forty fourty", "fifty", "sixty", "seventy", "eighty", "ninety"];

const ORDINALS: [&str; 20] = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
];

/// English, German, French, Spanish; in the second place what is also a name, a verb or a common word.
const MONTHS: [(&str, &str); 12] = [
    ("january januar jänner janvier enero", "jan"),
    ("february februar février fevrier febrero", "feb"),
    ("märz maerz", "march mar mars marzo"),
    ("avril abril", "april apr"),
    ("mai mayo", "may"),
    ("juni juin junio", "june jun"),
    ("july juli juillet julio", "jul"),
    ("août agosto", "august aug"),
    ("september septembre septiembre sept", "sep"),
    ("october oktober octobre octubre", "oct okt"),
    ("november novembre noviembre", "nov"),
    ("december dezember décembre diciembre", "dec dez"),
];

const WEEKDAYS: [(&str, &str); 7] = [
    ("monday monday's montag", "mon"),
    ("tuesday tuesday's dienstag", "tue tues"),
    ("wednesday wednesday's mittwoch", "wed weds"),
    ("thursday thursday's donnerstag", "thu thur thurs"),
    ("friday friday's freitag", "fri"),
    ("saturday saturday's samstag", "sat"),
    ("sunday sunday's sonntag", "sun"),
];

const TIME_UNITS: [(&str, DurationUnit); 7] = [
    ("minute minutes min mins", DurationUnit::Minute),
    ("hour hours hr hrs", DurationUnit::Hour),
    ("day days", DurationUnit::Day),
    ("week weeks wk wks", DurationUnit::Week),
    ("month months mo mos mth mths", DurationUnit::Month),
    ("quarter quarters qtr qtrs", DurationUnit::Quarter),
    ("year years yr yrs annum", DurationUnit::Year),
];

const CURRENCIES: [(&str, &str); 14] = [
    ("usd dollar dollars buck bucks", "USD"),
    ("eur euro euros", "EUR"),
    ("gbp pound pounds quid sterling", "GBP"),
    ("chf franken", "CHF"),
    ("jpy yen", "JPY"),
    ("inr rupee rupees", "INR"),
    ("cad", "CAD"),
    ("aud", "AUD"),
    ("nzd", "NZD"),
    ("sgd", "SGD"),
    ("sek kronor", "SEK"),
    ("nok", "NOK"),
    ("dkk", "DKK"),
    ("pln zloty", "PLN"),
];

const MONEY_CUES: &str = "budget budgets budgeted budgeting spend spends spending spent cost costs costing price prices priced \
    pricing pay pays paying paid payment payments afford quote quoted quotes contract contracts license licenses licence licences \
    fee fees arr mrr acv tcv cap capped ceiling revenue revenues invoice invoiced invoices deal discount investment invest funding \
    purchase money subscription salary worth charge charged charges bill billed savings retainer deposit cash expense expenses \
    expensive cheaper allocated turnover loan balance commercials";

const WHEN_WORDS: &str = "today today's tonight tomorrow tomorrow's yesterday yesterday's tmrw tmw next last coming following current \
    previous past end ende close mid middle mitte early beginning anfang start late later eod cob eow eom eoq eoy";

const FUNCTION_WORDS: &str = "a an the of to in on at by for from with without within into onto over under about around up down out off \
    through during until till since before after between among per as than then so and or but nor if when while where because that \
    which who whom whose this these those it its it's i i'm i'll i'd i've we we'll we're we'd we've you you'll you're your our us \
    my me he she him her his they them their they'll they're there here is are was were be been being am isn't aren't wasn't do \
    does did don't doesn't didn't has have had haven't hasn't can can't cannot could couldn't will won't would wouldn't shall \
    should shouldn't might must not no yes yeah yep ok okay um uh well just only also too even still already now right really very \
    quite actually maybe perhaps probably please thanks what how why all both each every any some either neither that's what's \
    let's like plus minus versus vs via und oder de";
