//! Every word that means something here, once: what it can mean and which phrases it starts.

use std::sync::LazyLock;

use super::languages::{ENGLISH_COMMON, ENGLISH_SURE, Glossary, IN_ENGLISH_TOO, Language, Marks};
use super::phrases::{PHRASES, PhraseKind};
use crate::domain::value::DurationUnit;

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
    /// `first` to `twentieth`, `thirtieth`.
    Ordinal(u8),
    /// A number of a language that writes it as one word; its value is [`Words::cardinal`](super::words::Words::cardinal).
    Cardinal,
    /// 1 to 12.
    Month(u8, Spelling),
    /// Days after Monday.
    Weekday(u8, Spelling),
    Time(DurationUnit),
    /// ISO 4217 code in ASCII.
    Currency([u8; 3]),
    /// A word that speaks of money.
    MoneyCue,
    /// `this` 0, `next` 1, `last` -1.
    Relative(i8),
    /// Another word that can start a day or a length of time: `today`, `end`, `EOM`, `half`.
    Lead,
    /// `a`, `an`, `the`.
    Article,
    /// A word that cannot be what was counted: preposition, pronoun, auxiliary verb.
    Function,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scale {
    /// `k`, `thousand`, `grand`.
    Thousand,
    /// A hundred thousand, as India counts.
    Lakh,
    Million,
    /// Ten million.
    Crore,
    Billion,
}

impl Scale {
    pub(super) fn factor(self) -> f64 {
        match self {
            Self::Thousand => 1e3,
            Self::Lakh => 1e5,
            Self::Million => 1e6,
            Self::Crore => 1e7,
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

/// A known word.
pub(super) struct Entry {
    word: &'static str,
    pub(super) term: Term,
    /// The kinds of the phrases it starts, as [`PhraseKind::bit`]s.
    pub(super) starts: u8,
    /// What follows it in each of them, as entry numbers.
    pub(super) phrases: Vec<(PhraseKind, Box<[u16]>)>,
    /// The English word that a word of another language means; empty: none.
    pub(super) means: Option<&'static str>,
    /// The languages it may tell.
    pub(super) marks: Marks,
}

impl Entry {
    /// Whether the word may tell that a text is not English: nothing in English is like it.
    pub(super) fn tells_a_language(&self) -> bool {
        let all = self.marks.sure | self.marks.common;
        all != 0
            && (self.marks.sure & !Language::English.bit() != 0 || self.term == Term::Other && all & Language::English.bit() == 0)
    }
}

/// All known words in a hash table with open addressing. Looked up once for each word of each text, so it does
/// without the protections of a general map.
pub(super) struct Vocabulary {
    pub(super) entries: Vec<Entry>,
    slots: Box<[u16; SLOTS]>,
    longest: usize,
}

/// A power of two, over twice the number of words.
const SLOTS: usize = 4096;
/// Number of no entry.
pub(super) const UNKNOWN: u16 = u16::MAX;

pub(super) static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::english().with_marks());

static FOREIGN: [LazyLock<Vocabulary>; 4] = [
    LazyLock::new(|| Vocabulary::of(Language::German)),
    LazyLock::new(|| Vocabulary::of(Language::French)),
    LazyLock::new(|| Vocabulary::of(Language::Dutch)),
    LazyLock::new(|| Vocabulary::of(Language::Spanish)),
];

/// The vocabulary to read a language with.
pub(super) fn vocabulary(language: Language) -> &'static Vocabulary {
    match Language::FOREIGN.iter().position(|one| *one == language) {
        Some(n) => &FOREIGN[n],
        None => &VOCABULARY,
    }
}

impl Vocabulary {
    /// Number of the word's entry, or [`UNKNOWN`].
    pub(super) fn find(&self, word: &str) -> u16 {
        if !word.is_ascii() {
            return self.find_ascii(&word.to_lowercase().replace('’', "'"));
        }
        self.find_ascii(word)
    }

    fn find_ascii(&self, word: &str) -> u16 {
        if word.len() > self.longest {
            return UNKNOWN;
        }
        let mut slot = hash(word);
        loop {
            let number = self.slots[slot % SLOTS];
            if number == UNKNOWN || self.entries[usize::from(number)].word.eq_ignore_ascii_case(word) {
                return number;
            }
            slot += 1;
        }
    }

    fn english() -> Self {
        let mut all = Self { entries: Vec::new(), slots: Box::new([UNKNOWN; SLOTS]), longest: 0 };
        for (words, term) in terms() {
            for word in words.split_whitespace() {
                let number = all.number_of(word);
                all.entries[usize::from(number)].term = term;
            }
        }
        for (kind, lines) in PHRASES {
            for line in lines.lines() {
                all.add_phrase(kind, line.split_whitespace());
            }
        }
        all
    }

    /// The same with the words that tell other languages from English.
    fn with_marks(mut self) -> Self {
        for language in Language::FOREIGN {
            let words =
                language.glossary().into_iter().flat_map(Glossary::meanings).flat_map(|(_, words)| words.split_whitespace());
            let own: Vec<&str> =
                words.filter(|word| word.len() >= 5 && !IN_ENGLISH_TOO.contains(word) && self.lacks(word)).collect();
            own.into_iter().for_each(|word| self.entry(word).marks.sure |= language.bit());
        }
        let lists = Language::FOREIGN.into_iter().filter_map(|one| Some((one, one.glossary()?)));
        let lists = lists.map(|(language, glossary)| (language, glossary.sure, glossary.common));
        for (language, sure, common) in lists.chain([(Language::English, ENGLISH_SURE, ENGLISH_COMMON)]) {
            for word in sure.split_whitespace() {
                self.entry(word).marks.sure |= language.bit();
            }
            for word in common.split_whitespace() {
                self.entry(word).marks.common |= language.bit();
            }
        }
        self
    }

    /// English, and over it the words of another language.
    fn of(language: Language) -> Self {
        let mut all = Self::english();
        let Some(glossary) = language.glossary() else { return all };
        for (english, words) in glossary.meanings() {
            let term = all.entries.get(usize::from(all.find(english))).map_or(Term::Other, |entry| entry.term);
            for word in words.split_whitespace() {
                all.say(word, term, english);
            }
        }
        for (words, n) in glossary.months.into_iter().zip(1..) {
            words.split_whitespace().for_each(|word| all.say(word, Term::Month(n, Spelling::Plain), ""));
        }
        for (words, n) in glossary.weekdays.into_iter().zip(0..) {
            words.split_whitespace().for_each(|word| all.say(word, Term::Weekday(n, Spelling::Plain), ""));
        }
        all.add_phrases_of(glossary);
        all
    }

    fn add_phrases_of(&mut self, glossary: &'static Glossary) {
        let phrases = [
            (PhraseKind::Denial, glossary.denials),
            (PhraseKind::NotDenial, glossary.no_denials),
            (PhraseKind::Hedge, glossary.hedges),
            (PhraseKind::Firm, glossary.firm),
        ];
        for (kind, lines) in phrases {
            lines.lines().for_each(|line| self.add_phrase(kind, line.split_whitespace()));
        }
        for (subject, verbs) in glossary.promises {
            for verb in verbs.split_whitespace() {
                self.add_phrase(PhraseKind::Firm, [*subject, verb].into_iter());
                self.add_phrase(PhraseKind::Firm, [verb, *subject].into_iter());
            }
        }
    }

    /// Gives a word its meaning, in the place of any it had.
    fn say(&mut self, word: &'static str, term: Term, means: &'static str) {
        let entry = self.entry(word);
        (entry.term, entry.means) = (term, Some(means));
    }

    fn entry(&mut self, word: &'static str) -> &mut Entry {
        let number = self.number_of(word);
        &mut self.entries[usize::from(number)]
    }

    /// Whether a word means nothing here.
    pub(super) fn lacks(&self, word: &str) -> bool {
        self.find(word) == UNKNOWN
    }

    fn number_of(&mut self, word: &'static str) -> u16 {
        let found = self.find(word);
        if found != UNKNOWN {
            return found;
        }
        let number = self.entries.len() as u16;
        self.entries.push(Entry {
            word,
            term: Term::Other,
            starts: 0,
            phrases: Vec::new(),
            means: None,
            marks: Marks::default(),
        });
        self.longest = self.longest.max(word.len());
        let mut slot = hash(word);
        while self.slots[slot % SLOTS] != UNKNOWN {
            slot += 1;
        }
        self.slots[slot % SLOTS] = number;
        number
    }

    fn add_phrase(&mut self, kind: PhraseKind, words: impl Iterator<Item = &'static str>) {
        let numbers: Vec<u16> = words.map(|word| self.number_of(word)).collect();
        if let [first, rest @ ..] = numbers.as_slice() {
            let entry = &mut self.entries[usize::from(*first)];
            entry.starts |= kind.bit();
            entry.phrases.push((kind, rest.into()));
        }
    }
}

/// FNV-1a of the lower-case word.
fn hash(word: &str) -> usize {
    word.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0193))
        as usize
}

/// Words and what they mean; later rows win over earlier ones.
fn terms() -> Vec<(&'static str, Term)> {
    let mut terms =
        vec![(FUNCTION_WORDS, Term::Function), (MONEY_CUES, Term::MoneyCue), (LEADS, Term::Lead), ("a an the", Term::Article)];
    terms.extend(RELATIVES.map(|(words, offset)| (words, Term::Relative(offset))));
    terms.extend(SMALL.into_iter().zip(0..).map(|(word, n)| (word, Term::Small(n))));
    terms.extend(TENS.into_iter().zip(2..).map(|(words, n)| (words, Term::Tens(n * 10))));
    terms.extend(ORDINALS.into_iter().zip(1..).map(|(word, n)| (word, Term::Ordinal(n))));
    terms.push(("thirtieth", Term::Ordinal(30)));
    for ((plain, ambiguous), n) in MONTHS.into_iter().zip(1..) {
        terms.extend([(plain, Term::Month(n, Spelling::Plain)), (ambiguous, Term::Month(n, Spelling::Ambiguous))]);
    }
    for ((plain, ambiguous), n) in WEEKDAYS.into_iter().zip(0..) {
        terms.extend([(plain, Term::Weekday(n, Spelling::Plain)), (ambiguous, Term::Weekday(n, Spelling::Ambiguous))]);
    }
    terms.extend(TIME_UNITS.map(|(words, unit)| (words, Term::Time(unit))));
    terms.extend(CURRENCIES.map(|(words, code)| (words, Term::Currency(*code))));
    terms.extend([("hundred", Term::Hundred), ("dozen", Term::Dozen)]);
    terms.extend(SCALES.map(|(words, scale)| (words, Term::Scale(scale))));
    terms
}

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

const SCALES: [(&str, Scale); 5] = [
    ("k thousand thousands grand tsd", Scale::Thousand),
    ("lakh lakhs lac lacs", Scale::Lakh),
    ("crore crores cr", Scale::Crore),
    ("m mm mn million millions mio mil millionen", Scale::Million),
    ("b bn billion billions mrd milliarden", Scale::Billion),
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

const CURRENCIES: [(&str, &[u8; 3]); 21] = [
    ("usd dollar dollars buck bucks", b"USD"),
    ("eur euro euros", b"EUR"),
    ("gbp pound pounds quid sterling", b"GBP"),
    ("chf franken", b"CHF"),
    ("jpy yen", b"JPY"),
    ("inr rupee rupees rs", b"INR"),
    ("kes ksh kshs shilling shillings", b"KES"),
    ("cad", b"CAD"),
    ("aud", b"AUD"),
    ("nzd", b"NZD"),
    ("sgd", b"SGD"),
    ("sek kronor", b"SEK"),
    ("nok", b"NOK"),
    ("dkk", b"DKK"),
    ("pln zloty złoty zł złotych złotego zlotys", b"PLN"),
    ("czk kč koruna korun", b"CZK"),
    ("huf forint forints", b"HUF"),
    ("brl reais", b"BRL"),
    ("aed dirham dirhams", b"AED"),
    ("zar", b"ZAR"),
    ("mxn", b"MXN"),
];

const MONEY_CUES: &str = "budget budgets budgeted budgeting spend spends spending spent cost costs costing price prices priced \
    pricing pay pays paying paid payment payments afford quote quoted quotes contract contracts license licenses licence licences \
    fee fees arr mrr acv tcv cap capped ceiling revenue revenues invoice invoiced invoices deal discount investment invest funding \
    purchase money subscription salary worth charge charged charges bill billed savings retainer deposit cash expense expenses \
    expensive cheaper allocated turnover loan balance commercials";

const RELATIVES: [(&str, i8); 3] = [("this current coming", 0), ("next following", 1), ("last", -1)];

const LEADS: &str = "today today's tonight tomorrow tomorrow's yesterday yesterday's tmrw tmw end ende close mid middle mitte early \
    beginning anfang start late later eod eob cob eow eom eoq eoy half couple q h \
    overmorrow ereyesterday";

const FUNCTION_WORDS: &str = "to of in on at by for from with without within into onto over under about around up down out off \
    through during until till since before after between among per as than then so and or but nor if when while where because that \
    despite compared which who whom whose these those it its it's i i'm i'll i'd i've we we'll we're we'd we've you you'll you're \
    your our us my me he she him her his they them their they'll they're there here is are was were be been being am isn't aren't \
    wasn't do does did don't doesn't didn't has have had haven't hasn't can can't cannot could couldn't will won't would wouldn't \
    shall should shouldn't might must not no yes yeah yep ok okay um uh well just only also too even still already now right really \
    very quite actually maybe perhaps probably please thanks what how why all both each every any some either neither that's what's \
    let's like plus minus versus vs via und oder de bis";
