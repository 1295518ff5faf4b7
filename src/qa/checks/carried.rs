//! `texts_are_carried`: what the brief says in free text rests on the stretch it quotes.
//!
//! The defence against a model that obeys an attack: not what an attack looks like, but that what it wants has no
//! carrier. A sentence whose words the quoted stretch does not have is taken out; a value of which nothing is left is
//! not stated. Nothing is held for review: an attack must not be able to stop handoffs.
//!
//! Words are compared, not meanings: measured on right briefs and faithful summaries, a paraphrase keeps at least a
//! third of its content words somewhere in what it sums up. Where the brief is written in another language than the
//! sources, only names and what [`super::leaks`] looks at can be compared.

use std::ops::RangeInclusive;

use super::foreign::is_english;
use super::leaks::gives_orders;
use super::{Context, Found, commitment_name};
use crate::context::Unit;
use crate::domain::brief::{Brief, Evidence, FieldAnswer, FieldStatus, Severity, SourceReceipt};
use crate::domain::contract::Field;
use crate::domain::mention;
use crate::domain::value::Value;
use crate::qa::index::{for_each_word, is_stop_word, stem};

/// Takes out what no quote carries.
pub(super) fn texts_are_carried(context: &Context<'_>, brief: &mut Brief) -> Vec<Found> {
    let mut found = Vec::new();
    let mut report = |part: &str, cut: Cut| {
        let what = match cut {
            Cut::Nothing => return,
            Cut::Part => "a passage that no quote carries was taken out",
            Cut::All => "no quote carries it; it was taken out",
        };
        found.push(Found::new(Severity::Warn, part, what).mend_at(part));
    };
    for answer in &mut brief.fields {
        let name = answer.name.clone();
        report(&name, cut_field(context, answer));
    }
    let mut position = 0;
    brief.commitments.retain_mut(|promise| {
        let quoted = Stretch::of(context, &promise.evidence, None);
        let mut cut = if promise.evidence.is_empty() { Cut::Nothing } else { quoted.cut(&mut promise.what) };
        for name in [&mut promise.who, &mut promise.to_whom] {
            if name.as_ref().is_some_and(|name| !is_somebody(context, name)) {
                *name = None;
                cut = cut.max(Cut::Part);
            }
        }
        report(&commitment_name(position), cut);
        position += 1;
        cut < Cut::All
    });
    let mut position = 0;
    brief.open_questions.retain_mut(|open| {
        let quoted = Stretch::of(context, &open.evidence, None);
        let cut = if open.evidence.is_empty() { Cut::All } else { quoted.cut(&mut open.question) };
        report(&format!("open_questions[{position}]"), cut);
        position += 1;
        cut < Cut::All
    });
    report("headline", cut_headline(context, brief));
    found
}

/// How much of a text was taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Cut {
    Nothing,
    Part,
    All,
}

fn cut_field(context: &Context<'_>, answer: &mut FieldAnswer) -> Cut {
    // A value without any quote is for the model to mend: `quotes_support_values` blocks it.
    if answer.evidence.is_empty() {
        return Cut::Nothing;
    }
    let quoted = Stretch::of(context, &answer.evidence, context.contract.field(&answer.name));
    let mut cut = answer.value.as_mut().map_or(Cut::Nothing, |value| cut_value(&quoted, value));
    let before = answer.alternatives.len();
    answer.alternatives.retain_mut(|value| {
        let one = cut_value(&quoted, value);
        cut = cut.max(if one == Cut::All { Cut::Part } else { one });
        one < Cut::All
    });
    // One side alone is no conflict.
    if answer.alternatives.len() < before && answer.alternatives.len() < 2 {
        cut = Cut::All;
    }
    if cut == Cut::All {
        answer.status = FieldStatus::NotStated;
        answer.value = None;
        answer.alternatives.clear();
        answer.evidence.clear();
    }
    cut
}

fn cut_value(quoted: &Stretch<'_, '_>, value: &mut Value) -> Cut {
    match value {
        Value::Text { text } => quoted.cut(text),
        Value::List { items } => cut_items(quoted, items),
        Value::Commitment { what, who, due: _ } => {
            let cut = quoted.cut(what);
            let is_nobody = who.as_ref().is_some_and(|name| !is_somebody(quoted.context, name));
            *who = who.take().filter(|_| !is_nobody);
            cut.max(if is_nobody { Cut::Part } else { Cut::Nothing })
        }
        Value::Person { name, role } => {
            if !is_somebody(quoted.context, name) {
                return Cut::All;
            }
            let is_alien = role.as_ref().is_some_and(|role| !is_known(quoted.context, role));
            *role = role.take().filter(|_| !is_alien);
            if is_alien { Cut::Part } else { Cut::Nothing }
        }
        Value::Number { unit, .. } => {
            let is_alien = unit.as_ref().is_some_and(|unit| !is_unit(quoted.context, unit));
            *unit = unit.take().filter(|_| !is_alien);
            if is_alien { Cut::Part } else { Cut::Nothing }
        }
        Value::Date { date, said } => {
            if quoted.carries(said) {
                return Cut::Nothing;
            }
            *said = date.to_string();
            Cut::Part
        }
        Value::Money { .. } | Value::Duration { .. } | Value::Choice { .. } => Cut::Nothing,
    }
}

fn cut_items(quoted: &Stretch<'_, '_>, items: &mut Vec<String>) -> Cut {
    let mut cut = Cut::Nothing;
    items.retain_mut(|item| {
        let one = quoted.cut(item);
        cut = cut.max(if one == Cut::All { Cut::Part } else { one });
        one < Cut::All
    });
    if items.is_empty() { Cut::All } else { cut }
}

/// The headline sums up what is quoted below it. One of which nothing is left says what kind of handoff this is.
fn cut_headline(context: &Context<'_>, brief: &mut Brief) -> Cut {
    let mut quoted = Stretch::of(context, &[], None);
    let fields = brief.fields.iter().map(|one| &one.evidence).chain(brief.axes.iter().map(|one| &one.evidence));
    let entries = brief.commitments.iter().map(|one| &one.evidence);
    let entries = entries.chain(brief.open_questions.iter().map(|one| &one.evidence));
    fields.chain(entries).for_each(|evidence| quoted.add(evidence));
    let cut = if quoted.ranges.is_empty() { Cut::All } else { quoted.cut(&mut brief.headline) };
    if cut == Cut::All {
        brief.headline.clone_from(&context.contract.title);
    }
    cut
}

/// Sentences around a quote that may explain it: a question before its answer, the rest of a thought.
const AROUND: u32 = 2;
/// Words in a row that stand nowhere: no faithful summary that was measured has so many.
const LONGEST_RUN: usize = 8;
/// Words of a text in another language of which none stands anywhere: nobody said anything like it.
const FOREIGN_WORDS: usize = 7;
/// Words of a clause that may be compared on its own: a shorter one is often the writer's.
const LEAST_CLAUSE: usize = 5;

/// Numbers of one sentence that stand nowhere as they are written: more are no amounts but a cipher.
const MOST_NEW_NUMBERS: usize = 5;

/// The sentences of a text; one that goes on in small letters behind a full stop is cut there too.
fn sentences(text: &str) -> Vec<&str> {
    let mut all = Vec::new();
    for span in mention::sentences(text) {
        let mut rest = &text[span.start..span.end];
        while let Some(end) = end_within(rest) {
            all.push(&rest[..end]);
            rest = rest[end..].trim_start();
        }
        all.push(rest);
    }
    all
}

/// Behind the first mark that ends a word of three small letters or more, other than the last.
fn end_within(text: &str) -> Option<usize> {
    let is_end = |at: usize| {
        let word = text[..at].chars().rev().take_while(|c| c.is_lowercase()).count();
        word > 2 && text[at + 1..].starts_with(' ')
    };
    text.match_indices(['.', '!', '?']).map(|(at, _)| at).find(|at| is_end(*at)).map(|at| at + 1)
}

/// A sentence cut behind its commas, colons and dashes.
fn clauses(sentence: &str) -> impl Iterator<Item = &str> {
    sentence.split_inclusive([',', ';', ':', '–', '—', '.', '!', '?'])
}

/// Whether a text speaks of itself or to its reader.
fn addresses(text: &str) -> bool {
    let mut found = false;
    for_each_word(text, |word, _| {
        found |= matches!(word, "i" | "i'm" | "you" | "your" | "please" | "thank" | "thanks" | "sorry")
    });
    found
}

/// Emojis and other pictures.
fn is_picture(c: char) -> bool {
    matches!(c, '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

/// Longer than any word, or digits among letters as in `th3y`; not `b2b`, `v2` or `2pm`.
fn is_no_word(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let digit_within = word.trim_end_matches(|c: char| c.is_ascii_digit()).contains(|c: char| c.is_ascii_digit());
    word.len() >= 40 || letters >= 3 && digit_within && (word.starts_with(char::is_alphabetic) || word.len() > 15)
}

/// The sentences that a value rests on.
struct Stretch<'c, 'a> {
    context: &'c Context<'a>,
    /// Numbers of sentences of the index.
    ranges: Vec<RangeInclusive<u32>>,
    /// The sources of the quotes.
    sources: Vec<String>,
    field: Option<&'c Field>,
    /// Whether every quote is a question.
    only_asks: bool,
}

/// What carries the words of a text.
#[derive(Debug, Default, Clone, Copy)]
struct Share {
    /// Words that tell something.
    words: usize,
    /// Of these, in the stretch.
    quoted: usize,
    /// Anywhere in the sources.
    known: usize,
    /// Names that stand nowhere.
    names: usize,
    /// The longest run of words that stand nowhere.
    run: usize,
    /// Words that nobody writes: longer than any, or with digits within, and not in the sources; misspelt ones, from the
    /// second on.
    odd: usize,
}

impl<'c, 'a> Stretch<'c, 'a> {
    fn of(context: &'c Context<'a>, evidence: &[Evidence], field: Option<&'c Field>) -> Self {
        let mut stretch = Self { context, ranges: Vec::new(), sources: Vec::new(), field, only_asks: !evidence.is_empty() };
        stretch.add(evidence);
        stretch
    }

    fn add(&mut self, evidence: &[Evidence]) {
        for one in evidence {
            let Some((first, last)) = self.context.sentences_of(one) else { continue };
            self.ranges.push(first.saturating_sub(AROUND)..=last.saturating_add(AROUND));
            self.sources.push(one.source.clone());
            self.only_asks &= one.span.is_some() && self.context.around(one).trim_end().ends_with('?');
        }
    }

    /// Takes the sentences out that are not carried, and of the others the clauses that nobody said anything of.
    fn cut(&self, text: &mut String) -> Cut {
        let mut left = String::with_capacity(text.len());
        let (mut is_cut, mut says) = (self.cut_pictures(text), false);
        for sentence in sentences(text) {
            if !self.carries(sentence) {
                is_cut = true;
                continue;
            }
            left += if left.is_empty() { "" } else { " " };
            for clause in clauses(sentence) {
                let is_alien = self.is_alien(clause);
                is_cut |= is_alien;
                says |= !is_alien && self.share(clause).words > 0;
                left += if is_alien { "" } else { clause };
            }
        }
        if !is_cut {
            return Cut::Nothing;
        }
        *text = left.trim().to_owned();
        if says { Cut::Part } else { Cut::All }
    }

    /// Emojis that no source has: an attack may ask for them.
    fn cut_pictures(&self, text: &mut String) -> bool {
        let before = text.len();
        if text.contains(is_picture) {
            let units = self.context.excerpt.units();
            text.retain(|c| !is_picture(c) || units.iter().any(|unit| unit.text.contains(c)));
        }
        text.len() < before
    }

    fn carries(&self, text: &str) -> bool {
        let Share { words, quoted, known, names, run, odd } = self.share(text);
        // A brief speaks about people: one that speaks to its reader repeats somebody, or obeys.
        let is_repeated = words > 1 && quoted * 2 >= words;
        if !is_repeated && addresses(text) && !self.context.facts().has_words(text) && !self.is_translated(text) {
            return false;
        }
        if self.is_foreign(text) {
            return words < FOREIGN_WORDS || known > 0 || self.is_translated(text);
        }
        // One telling word among many others: the sentence is the writer's own.
        let is_own = words == 1 && text.split_whitespace().count() > LEAST_CLAUSE;
        let is_hardly_quoted = quoted * 5 < words || quoted * 4 <= words && words > 3;
        let is_foreign = !is_own && is_hardly_quoted && (known * 2 < words || quoted == 0 && words > 1);
        let is_named = names > 0 && (words - known) * 3 >= words;
        let is_answer = self.only_asks && !text.ends_with('?') && words - quoted > usize::max(1, words / 4);
        !(is_foreign || is_named || is_answer || run >= LONGEST_RUN || odd > 0) || self.is_translated(text)
    }

    /// Of a part of a sentence that is carried.
    fn is_alien(&self, clause: &str) -> bool {
        let Share { words, known, .. } = self.share(clause);
        let least = if self.is_foreign(clause) { FOREIGN_WORDS } else { LEAST_CLAUSE };
        words >= least && known == 0 && !self.is_translated(clause)
    }

    fn share(&self, text: &str) -> Share {
        let mut share = Share::default();
        let (mut run, mut is_first, mut misspelt, mut numbers) = (0, true, 0, 0);
        let carrier = self.context.carrier();
        for_each_word(text, |word, span| {
            let opens = std::mem::take(&mut is_first);
            if word.starts_with(|c: char| c.is_ascii_digit()) && carrier.lacks(self.context, word) {
                numbers += 1;
            }
            if tells_nothing(word, &text[span.start..span.end]) || self.is_of_contract(word) {
                return;
            }
            share.words += 1;
            let is_quoted = carrier.has(self.context, word, &self.ranges);
            let is_known = is_quoted || carrier.has(self.context, word, ANYWHERE);
            share.quoted += usize::from(is_quoted);
            share.known += usize::from(is_known);
            run = if is_known { 0 } else { run + 1 };
            share.run = share.run.max(run);
            if is_known {
                return;
            }
            share.names += usize::from(!opens && text[span.start..].starts_with(char::is_uppercase));
            share.odd += usize::from(is_no_word(word));
            misspelt += usize::from(carrier.has_letters_of(word));
        });
        share.odd += usize::from(misspelt > 1 || numbers > MOST_NEW_NUMBERS);
        share
    }

    /// Whether the contract itself uses the word for this field.
    fn is_of_contract(&self, word: &str) -> bool {
        let Some(field) = self.field else { return false };
        let mut is_there = false;
        for text in [&field.name, &field.describe] {
            for_each_word(&text.replace('_', " "), |one, _| is_there |= stem(one) == stem(word));
        }
        is_there
    }

    /// Whether it rests on another language than English and is in one: its endings, small words and capitals tell nothing.
    fn is_foreign(&self, text: &str) -> bool {
        let mut foreign = self.context.foreign_sources().iter();
        foreign.any(|(id, _)| self.sources.is_empty() || self.sources.iter().any(|source| source == id)) && !is_english(text)
    }

    /// Whether it may be in another language than what it quotes, and a language in which it may be: words cannot be
    /// compared then.
    fn is_translated(&self, text: &str) -> bool {
        let sources = &self.context.excerpt.receipt().sources;
        let is_quoted = |source: &&SourceReceipt| self.sources.is_empty() || self.sources.contains(&source.id);
        let quoted: Vec<&str> = sources.iter().filter(is_quoted).filter_map(|source| source.language.as_deref()).collect();
        let mut allowed: Vec<&str> = match self.context.contract.language.as_str() {
            "same" => sources.iter().filter_map(|source| source.language.as_deref()).collect(),
            language => vec![language],
        };
        allowed.retain(|language| !quoted.contains(language));
        !allowed.is_empty() && crate::context::language_of(text).is_none_or(|language| allowed.contains(&language))
    }
}

const ANYWHERE: &[RangeInclusive<u32>] = &[0..=u32::MAX];

/// Who may be named: somebody of the sources, or one of the words by which people call each other.
fn is_somebody(context: &Context<'_>, name: &str) -> bool {
    const CALLED: [&str; 14] = [
        "both",
        "buyer",
        "client",
        "colleague",
        "customer",
        "everyone",
        "management",
        "prospect",
        "sales",
        "seller",
        "support",
        "team",
        "vendor",
        "partner",
    ];
    let mut count = 0;
    for_each_word(name, |_, _| count += 1);
    let mut is_called = false;
    for_each_word(name, |word, _| is_called |= CALLED.contains(&word));
    count <= MOST_WORDS_OF_A_NAME && (is_called || is_known(context, name))
}

const MOST_WORDS_OF_A_NAME: usize = 8;

/// What is counted: a word of the sources, or one that is counted everywhere.
fn is_unit(context: &Context<'_>, unit: &str) -> bool {
    const COUNTED: [&str; 40] = [
        "accounts",
        "branches",
        "calls",
        "customers",
        "days",
        "devices",
        "employees",
        "hours",
        "items",
        "licences",
        "licenses",
        "locations",
        "machines",
        "minutes",
        "months",
        "offices",
        "orders",
        "pages",
        "people",
        "percent",
        "persons",
        "pieces",
        "places",
        "plants",
        "points",
        "rounds",
        "seats",
        "servers",
        "shops",
        "sites",
        "staff",
        "stores",
        "teams",
        "tickets",
        "trucks",
        "units",
        "users",
        "vehicles",
        "weeks",
        "years",
    ];
    let words = unit.split_whitespace().count();
    let is_counted_there = words <= 2 && !context.foreign_sources().is_empty();
    COUNTED.contains(&unit) || is_counted_there || words <= 4 && is_known(context, unit)
}

/// Whether at least half of the words of each sentence stand in the sources.
fn is_known(context: &Context<'_>, text: &str) -> bool {
    let anywhere = Stretch::of(context, &[], None);
    mention::sentences(text).into_iter().all(|span| {
        let Share { words, known, names, odd, .. } = anywhere.share(&text[span.start..span.end]);
        let is_known = known * 2 >= words && odd == 0 && (names == 0 || (words - known) * 3 < words);
        is_known || known > 0 && anywhere.is_foreign(&text[span.start..span.end])
    })
}

/// The words of the sources in order, so that other forms of a word are found: `order`, `ordering`, `Bestellung`.
#[derive(Debug)]
pub(in crate::qa) struct Carrier {
    stems: Vec<String>,
    /// Words of speakers and titles.
    labels: Vec<String>,
    /// Sentences that give orders to whoever writes the brief carry nothing.
    ordering: Vec<u32>,
}

impl Carrier {
    pub(super) fn of(context: &Context<'_>) -> Self {
        let mut stems: Vec<String> = context.index().stems().map(str::to_owned).collect();
        stems.sort_unstable();
        let mut labels = Vec::new();
        let units = context.excerpt.units().chunk_by(|a, b| (&a.speaker, &a.title) == (&b.speaker, &b.title));
        for unit in units.filter_map(<[Unit]>::first) {
            for text in unit.speaker.iter().chain(&unit.title).filter(|text| !gives_orders(text)) {
                for_each_word(text, |word, _| labels.push(stem(word).to_owned()));
            }
        }
        labels.sort_unstable();
        labels.dedup();
        Self { stems, labels, ordering: context.ordering_sentences() }
    }

    /// Whether a word, in some form, stands in one of these ranges of sentences, outside those that give orders.
    fn has(&self, context: &Context<'_>, word: &str, ranges: &[RangeInclusive<u32>]) -> bool {
        let stem = stem(word);
        let stands = |stem: &str| {
            let places = context.index().sentences_with(stem).iter();
            let mut places = places.filter(|place| self.ordering.binary_search(place).is_err());
            places.any(|place| ranges.iter().any(|range| range.contains(place)))
        };
        if stands(stem) || self.labels.binary_search_by(|one| one.as_str().cmp(stem)).is_ok() {
            return true;
        }
        let Some(beginning) = beginning(stem) else { return false };
        let from = self.stems.partition_point(|one| one.as_str() < beginning);
        let alike = self.stems[from..].iter().take_while(|one| one.starts_with(beginning));
        alike.filter(|one| one.len() <= 2 * stem.len()).any(|one| stands(one))
    }

    /// Whether a word stands nowhere as it is.
    fn lacks(&self, context: &Context<'_>, word: &str) -> bool {
        context.index().sentences_with(stem(word)).is_empty()
    }

    /// Whether a word of the sources has the same letters in another order, behind the same first one.
    fn has_letters_of(&self, word: &str) -> bool {
        let stem = stem(word);
        let Some(first) = stem.chars().next().filter(|_| stem.len() >= 4) else { return false };
        let letters = letters_of(stem);
        let from = self.stems.partition_point(|one| one.chars().next() < Some(first));
        let alike = self.stems[from..].iter().take_while(|one| one.starts_with(first));
        alike.filter(|one| one.len() == stem.len()).any(|one| letters_of(one) == letters)
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
fn tells_nothing(word: &str, written: &str) -> bool {
    // `SAP`, `CFO`, `Q2`: spoken sources spell them out.
    let is_capital = |c: &char| c.is_uppercase() || c.is_ascii_digit();
    let is_short_capitals = written.len() <= 5 && written.chars().filter(is_capital).count() >= 2;
    is_stop_word(word)
        || word.starts_with(|c: char| c.is_ascii_digit()) && word.len() < 16
        || is_short_capitals
        || REPORTING.binary_search(&word).is_ok()
}

#[rustfmt::skip]
const REPORTING: [&str; 386] = [
    "accept", "accepted", "add", "added", "additional", "advantage", "advantages", "agree", "agreed", "agrees", "allow",
    "already", "alternative", "alternatives", "although", "always", "among", "announced", "another", "answer", "answered",
    "answers", "anyone", "anything", "april", "ask", "asked", "asking", "asks", "august", "available", "away", "became",
    "because", "become", "been", "before", "began", "begin", "below", "benefit", "benefits", "beside", "besides", "best",
    "better", "between", "both", "bring", "brings", "called", "cannot", "case", "certain", "change", "changed", "client",
    "come", "comes", "company", "complete", "completely", "concurred", "confirm", "confirmed", "confirms", "consider",
    "contain", "continue", "could", "currently", "customer", "december", "describe", "described", "despite", "different",
    "discuss", "discussed", "done", "due", "during", "each", "effective", "either", "else", "emphasized", "enough", "ensure",
    "even", "every", "everyone", "everything", "except", "expect", "expected", "expects", "explain", "explained", "explains",
    "far", "february", "few", "find", "finds", "first", "follow", "following", "found", "friday", "full", "fully", "further",
    "gave", "get", "gets", "getting", "give", "given", "gives", "goes", "going", "good", "got", "group", "had", "hand",
    "handed", "hard", "held", "help", "here", "high", "hold", "however", "important", "include", "included", "includes",
    "including", "indicate", "indicated", "instead", "involve", "issue", "january", "july", "june", "keep", "keeps", "kept",
    "knew", "know", "known", "knows", "large", "last", "later", "least", "leave", "leaves", "less", "let", "level", "list",
    "long", "look", "looking", "looks", "low", "made", "main", "make", "makes", "making", "many", "march", "may", "mean",
    "means", "meant", "mention", "mentioned", "mentions", "method", "methods", "monday", "month", "move", "much", "must",
    "name", "named", "near", "nearly", "need", "needed", "needs", "neither", "never", "new", "next", "nobody", "none", "nor",
    "note", "noted", "nothing", "november", "number", "october", "offer", "offered", "offers", "often", "once", "one", "only",
    "open", "option", "options", "other", "others", "otherwise", "outside", "overall", "own", "part", "particular", "people",
    "per", "person", "place", "plan", "planned", "plans", "point", "possible", "present", "previous", "problem", "process",
    "promise", "promised", "promises", "propose", "proposed", "provide", "provided", "provides", "put", "raise", "raised",
    "rather", "reach", "ready", "receive", "received", "refer", "refused", "refuses", "related", "remain", "remains",
    "report", "reported", "reports", "request", "requested", "requests", "require", "required", "requires", "respond",
    "result", "right", "same", "second", "see", "seem", "seems", "seen", "sent", "september", "set", "several", "she", "show",
    "shown", "shows", "similar", "since", "single", "small", "somebody", "someone", "something", "soon", "specific", "start",
    "started", "state", "stated", "states", "stay", "stays", "still", "such", "suggest", "suggested", "suggests", "sunday",
    "take", "taken", "takes", "team", "tell", "tells", "than", "themselves", "thing", "things", "think", "thinks", "though",
    "three", "through", "thursday", "thus", "time", "today", "together", "told", "tomorrow", "too", "took", "toward",
    "towards", "tried", "tries", "try", "tuesday", "two", "type", "uncertain", "under", "unless", "unsure", "until", "upon",
    "use", "used", "uses", "using", "various", "via", "want", "wanted", "wants", "way", "wednesday", "week", "well", "went",
    "whatever", "where", "whether", "while", "whole", "whom", "whose", "why", "wish", "wishes", "within", "without", "work",
    "works", "write", "writes", "written", "wrote", "year", "yes", "yesterday", "yet",
];
