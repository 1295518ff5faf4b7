//! The words of the sources as a claim may rest on them, and the words that need nothing to rest on.

use std::ops::RangeInclusive;

use super::Context;
use super::leaks::gives_orders;
use crate::context::Unit;
use crate::domain::brief::Span;
use crate::qa::index::{for_each_word, is_stop_word, stem};

/// The words of the sources in order, so that other forms of a word are found: `order`, `ordering`, `Bestellung`.
#[derive(Debug)]
pub(in crate::qa) struct Carrier {
    /// One behind the other.
    stems: String,
    /// Where each stands in `stems`.
    places: Vec<Span>,
    /// Words of speakers and titles.
    labels: Vec<String>,
    /// Sentences that give orders to whoever writes the brief carry nothing.
    ordering: Vec<u32>,
}

/// Where a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    Nowhere,
    Sources,
    /// In the sentences around the quotes, or in the name of a speaker.
    Stretch,
}

impl Carrier {
    pub(super) fn of(context: &Context<'_>) -> Self {
        let mut sorted: Vec<&str> = context.index().stems().collect();
        sorted.sort_unstable();
        let mut stems = String::with_capacity(8 * sorted.len());
        let place = |stem: &str| {
            let start = stems.len();
            stems.push_str(stem);
            Span { start, end: stems.len() }
        };
        let places = sorted.into_iter().map(place).collect();
        let mut labels = Vec::new();
        let units = context.excerpt.units().chunk_by(|a, b| (&a.speaker, &a.title) == (&b.speaker, &b.title));
        for unit in units.filter_map(<[Unit]>::first) {
            for text in unit.speaker.iter().chain(&unit.title).filter(|text| !gives_orders(text)) {
                for_each_word(text, |word, _| labels.push(stem(word).to_owned()));
            }
        }
        for name in context.excerpt.people().iter().filter(|name| !gives_orders(name)) {
            for_each_word(name, |word, _| labels.push(stem(word).to_owned()));
        }
        labels.sort_unstable();
        labels.dedup();
        Self { stems, places, labels, ordering: context.ordering_sentences() }
    }

    /// How near a word, in some form, stands, outside of sentences that give orders.
    pub(super) fn reach(&self, context: &Context<'_>, word: &str, stretch: &[RangeInclusive<u32>]) -> Reach {
        let stem = stem(word);
        let reach = |stem: &str| {
            let places = context.index().sentences_with(stem).iter();
            let places = places.filter(|place| self.ordering.is_empty() || self.ordering.binary_search(place).is_err());
            let near = |place| if stretch.iter().any(|range| range.contains(place)) { Reach::Stretch } else { Reach::Sources };
            places.map(near).max().unwrap_or(Reach::Nowhere)
        };
        let itself = reach(stem);
        if itself == Reach::Stretch || self.labels.binary_search_by(|one| one.as_str().cmp(stem)).is_ok() {
            return Reach::Stretch;
        }
        let Some(beginning) = beginning(stem) else { return itself };
        let alike = self.stems_behind(|one| one < beginning).take_while(|one| one.starts_with(beginning));
        let alike = alike.filter(|one| one.len() <= 2 * stem.len()).map(reach);
        alike.fold(itself, Reach::max)
    }

    /// Whether a word stands in a stretch as it is.
    pub(super) fn holds(&self, context: &Context<'_>, word: &str, stretch: &[RangeInclusive<u32>]) -> bool {
        let mut places = context.index().sentences_with(stem(word)).iter();
        places.any(|place| stretch.iter().any(|range| range.contains(place)) && self.ordering.binary_search(place).is_err())
    }

    /// Whether a word stands nowhere as it is.
    pub(super) fn lacks(&self, context: &Context<'_>, word: &str) -> bool {
        context.index().sentences_with(stem(word)).is_empty()
    }

    /// Whether a word of the sources has the same letters in another order, behind the same first one.
    pub(super) fn has_letters_of(&self, word: &str) -> bool {
        let stem = stem(word);
        let Some(first) = stem.chars().next().filter(|_| stem.len() >= 4) else { return false };
        let letters = letters_of(stem);
        let alike = self.stems_behind(|one| one.chars().next() < Some(first)).take_while(|one| one.starts_with(first));
        alike.filter(|one| one.len() == stem.len()).any(|one| letters_of(one) == letters)
    }

    /// The stems behind the last of which `is_before` holds, in order.
    fn stems_behind(&self, is_before: impl Fn(&str) -> bool) -> impl Iterator<Item = &str> {
        let stem = |place: &Span| &self.stems[place.start..place.end];
        let from = self.places.partition_point(|place| is_before(stem(place)));
        self.places[from..].iter().map(stem)
    }
}

/// The letters of a word, in order.
fn letters_of(word: &str) -> Vec<char> {
    let mut letters: Vec<char> = word.chars().collect();
    letters.sort_unstable();
    letters
}

/// What forms of one word have in common: its first letters, three fifths of them and at least four.
fn beginning(stem: &str) -> Option<&str> {
    let letters = stem.chars().count();
    let common = usize::max(4, (letters * 3).div_ceil(5));
    let end = stem.char_indices().nth(common).map_or(stem.len(), |(at, _)| at);
    (letters >= 4).then(|| &stem[..end])
}

/// Words that any summary may bring along: of reporting, of order, of measure. Numbers are compared elsewhere.
pub(super) fn tells_nothing(word: &str, written: &str) -> bool {
    // `SAP`, `CFO`, `Q2`: spoken sources spell them out.
    let is_capital = |c: &char| c.is_uppercase() || c.is_ascii_digit();
    let is_short_capitals = written.len() <= 5 && written.chars().filter(is_capital).count() >= 2;
    is_stop_word(word)
        || word.starts_with(|c: char| c.is_ascii_digit()) && word.len() < 16
        || is_short_capitals
        || packed(word.as_bytes()).is_some_and(|word| REPORTING.binary_search(&word).is_ok())
}

/// Asked for every word of the brief: compared as numbers, which needs no look at memory elsewhere.
static REPORTING: [u128; 405] = {
    let mut all = [0; 405];
    let mut n = 0;
    while n < all.len() {
        all[n] = match packed(REPORTING_WORDS[n].as_bytes()) {
            Some(word) => word,
            None => panic!("a word of reporting is too long"),
        };
        n += 1;
    }
    all
};

/// A word of up to sixteen bytes as a number that sorts as the word does.
const fn packed(word: &[u8]) -> Option<u128> {
    if word.len() > 16 {
        return None;
    }
    let (mut number, mut n) = (0, 0);
    while n < 16 {
        number = number << 8 | if n < word.len() { word[n] as u128 } else { 0 };
        n += 1;
    }
    Some(number)
}

#[rustfmt::skip]
const REPORTING_WORDS: [&str; 405] = [
    "accept", "accepted", "add", "added", "additional", "advantage", "advantages", "agree", "agreed", "agrees", "allow",
    "already", "alternative", "alternatives", "although", "always", "among", "announced", "another", "answer", "answered",
    "answers", "anyone", "anything", "apr", "april", "ask", "asked", "asking", "asks", "aug", "august", "available", "away",
    "became", "because", "become", "been", "before", "began", "begin", "below", "benefit", "benefits", "beside", "besides",
    "best", "better", "between", "both", "bring", "brings", "called", "cannot", "case", "certain", "change", "changed",
    "client", "come", "comes", "company", "complete", "completely", "concurred", "confirm", "confirmed", "confirms", "consider",
    "contain", "continue", "could", "currently", "customer", "dec", "december", "describe", "described", "despite", "different",
    "discuss", "discussed", "done", "due", "during", "each", "effective", "either", "else", "emphasized", "enough", "ensure",
    "even", "every", "everyone", "everything", "except", "expect", "expected", "expects", "explain", "explained", "explains",
    "far", "feb", "february", "few", "find", "finds", "first", "follow", "following", "found", "fri", "friday", "full", "fully",
    "further", "gave", "get", "gets", "getting", "give", "given", "gives", "goes", "going", "good", "got", "group", "had",
    "hand", "handed", "hard", "held", "help", "here", "high", "hold", "however", "important", "include", "included", "includes",
    "including", "indicate", "indicated", "instead", "involve", "issue", "jan", "january", "jul", "july", "jun", "june", "keep",
    "keeps", "kept", "knew", "know", "known", "knows", "large", "last", "later", "least", "leave", "leaves", "less", "let",
    "level", "list", "long", "look", "looking", "looks", "low", "made", "main", "make", "makes", "making", "many", "mar",
    "march", "may", "mean", "means", "meant", "mention", "mentioned", "mentions", "method", "methods", "mon", "monday", "month",
    "move", "much", "must", "name", "named", "near", "nearly", "need", "needed", "needs", "neither", "never", "new", "next",
    "nobody", "none", "nor", "note", "noted", "nothing", "nov", "november", "number", "oct", "october", "offer", "offered",
    "offers", "often", "once", "one", "only", "open", "option", "options", "other", "others", "otherwise", "outside", "overall",
    "own", "part", "particular", "people", "per", "person", "place", "plan", "planned", "plans", "point", "possible", "present",
    "previous", "problem", "process", "promise", "promised", "promises", "propose", "proposed", "provide", "provided",
    "provides", "put", "raise", "raised", "rather", "reach", "ready", "receive", "received", "refer", "refused", "refuses",
    "related", "remain", "remains", "report", "reported", "reports", "request", "requested", "requests", "require", "required",
    "requires", "respond", "result", "right", "same", "sat", "second", "see", "seem", "seems", "seen", "sent", "sep", "sept",
    "september", "set", "several", "she", "show", "shown", "shows", "similar", "since", "single", "small", "somebody",
    "someone", "something", "soon", "specific", "start", "started", "state", "stated", "states", "stay", "stays", "still",
    "such", "suggest", "suggested", "suggests", "sun", "sunday", "take", "taken", "takes", "team", "tell", "tells", "than",
    "themselves", "thing", "things", "think", "thinks", "though", "three", "through", "thu", "thursday", "thus", "time",
    "today", "together", "told", "tomorrow", "too", "took", "toward", "towards", "tried", "tries", "try", "tue", "tuesday",
    "two", "type", "uncertain", "under", "unless", "unsure", "until", "upon", "use", "used", "uses", "using", "various", "via",
    "want", "wanted", "wants", "way", "wed", "wednesday", "week", "well", "went", "whatever", "where", "whether", "while",
    "whole", "whom", "whose", "why", "wish", "wishes", "within", "without", "work", "works", "write", "writes", "written",
    "wrote", "year", "yes", "yesterday", "yet",
];
