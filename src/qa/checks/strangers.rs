//! Names in texts: those that the text's best quotes know nothing of.

use super::displaced::{Place, has_role, is_displaced, is_role_of_another, role_behind, sentences_like, sentences_near};
use super::headlined::{is_other_holder, is_told_of_others};
use super::negation::clauses;
use super::promiser::{Doer, doers};
use super::quoted::{Quote, Quotes};
use super::units::quotes_of_numbers;
use super::{Claim, ClaimKind, Context, Reading, claims, commitment_name};
use crate::context::Unit;
use crate::domain::brief::Brief;
use crate::domain::event::{Side, SourceType};
use crate::domain::mention;
use crate::domain::value::Value;
use crate::qa::index::{content_words, for_each_word, is_stop_word, stem};

/// The names of everybody who speaks in the sources or whom the brief takes for a person.
pub(super) struct People {
    /// Their words, as stems, in order.
    words: Vec<String>,
    /// Those of two words or more, as stems.
    whole: Vec<Vec<String>>,
}

impl People {
    pub(super) fn of(context: &Context<'_>, brief: &Brief) -> Self {
        let (mut words, mut whole) = (Vec::new(), Vec::new());
        let mut add = |name: &str| {
            let start = words.len();
            for_each_word(name, |word, span| {
                let is_name = name[span.start..].starts_with(char::is_uppercase) && word.len() > 2;
                if is_name && !is_stop_word(word) && !NO_PEOPLE.contains(&word) {
                    words.push(stem(word).to_owned());
                }
            });
            whole.extend(Some(words[start..].to_vec()).filter(|name| name.len() > 1));
        };
        // "Ann Lee (Acme)": the company is no person.
        let bare = |name: &'_ str| name.split(['(', '|', '/']).next().unwrap_or_default().to_owned();
        let is_company = |name: &&(&str, Side)| name.0.split(' ').any(|word| COMPANY_FORMS.contains(&word.trim_end_matches('.')));
        context.speakers().iter().filter(|name| !is_company(name)).for_each(|(name, _)| add(&bare(name)));
        for promise in &brief.commitments {
            // Whom it is made to may be a company.
            promise.who.iter().for_each(|name| add(name));
        }
        for answer in &brief.fields {
            match &answer.value {
                Some(Value::Person { name, role: _ }) => add(name),
                Some(Value::Commitment { who: Some(who), .. }) => add(who),
                _ => {}
            }
        }
        words.sort_unstable();
        words.dedup();
        Self { words, whole }
    }

    /// Whether a name is put together from those of two people: the given name of one with the family name of another.
    fn are_mixed_in(&self, name: &[String]) -> bool {
        let has = |word: &String| self.whole.iter().any(|whole| whole.contains(word));
        let is_one = |whole: &Vec<String>| name.iter().filter(|word| whole.contains(word)).count() > 1;
        name.len() == 2 && name.iter().all(has) && !self.whole.iter().any(is_one)
    }

    pub(super) fn has(&self, stem: &str) -> bool {
        self.words.binary_search_by(|one| one.as_str().cmp(stem)).is_ok()
    }

    /// The names of people in a text: stems of the words of each, and as written.
    pub(super) fn named_in<'t>(&self, text: &'t str) -> Vec<(Vec<String>, &'t str)> {
        let mut names: Vec<(Vec<String>, usize, usize)> = Vec::new();
        for_each_word(text, |word, span| {
            if !text[span.start..].starts_with(char::is_uppercase) || !self.has(stem(word)) || is_stop_word(word) {
                return;
            }
            match names.last_mut() {
                Some((words, _, end)) if &text[*end..span.start] == " " => {
                    words.push(stem(word).to_owned());
                    *end = span.end;
                }
                _ => names.push((vec![stem(word).to_owned()], span.start, span.end)),
            }
        });
        names.into_iter().map(|(words, start, end)| (words, &text[start..end])).collect()
    }
}

/// What stands where a name could in labels of speakers, and in `who`.
const NO_PEOPLE: [&str; 18] = [
    "team",
    "support",
    "sales",
    "customer",
    "client",
    "speaker",
    "caller",
    "agent",
    "guest",
    "host",
    "user",
    "finance",
    "legal",
    "engineering",
    "marketing",
    "colleague",
    "procurement",
    "delivery",
];

const COMPANY_FORMS: [&str; 14] = ["AB", "AG", "AS", "BV", "B.V", "Co", "GmbH", "Inc", "KG", "LLC", "Ltd", "Oy", "plc", "SA"];

/// Names of a claim that its best quotes (or, without quotes, the passages most like it) know nothing of.
pub(super) fn strangers<'t>(context: &Context<'_>, brief: &Brief, people: &People, claim: &Claim<'t>) -> Vec<&'t str> {
    let names = people.named_in(claim.text);
    if names.is_empty() {
        return Vec::new();
    }
    let quotes = Quotes::of(context, claim.evidence);
    let named = named_beside(brief, people, claim);
    let mut strangers = Vec::new();
    for (words, written) in &names {
        let others = names.iter().map(|(words, _)| &words[..]).filter(|other| other != words).collect();
        let does = acts(claim.text, written);
        let is_in_headline = claim.kind == ClaimKind::Headline;
        let name = Name { words, others, named: &named, acts: claim.kind.has_quotes() && does, is_in_headline };
        let wanted = said_of(people, claim.text, written);
        let is_known = match claim.kind {
            ClaimKind::Headline => {
                let with_numbers = headline_quotes(context, brief, claim.text, written);
                let is_known = |quotes: &[Quote<'_>]| quotes.iter().any(|quote| knows(context, people, quote, &wanted, &name));
                let is_known = match with_numbers.is_empty() {
                    true => is_known_near(context, people, &wanted, &name) || is_known(&like_quotes(context, brief, &wanted)),
                    false => is_known(&with_numbers),
                };
                is_known
                    && !is_other_holder(context, brief, claim.text, written)
                    && !is_told_of_others(context, brief, people, &wanted, words)
            }
            ClaimKind::Saying | ClaimKind::Item | ClaimKind::Question => {
                let is_said = claim.kind == ClaimKind::Saying && quotes.found.iter().any(|quote| names_one(quote.around, words));
                quotes.found.is_empty()
                    || is_said
                    || best(&quotes, &wanted).any(|quote| knows(context, people, quote, &wanted, &name))
                    || role_behind(claim.text, written).is_some_and(|role| has_role(context, words, role))
                    || !does && quotes.found.iter().any(|quote| is_meant(context, people, quote, words))
            }
        };
        let place = Place { name: words, text: claim.text, named: &named, acts: does };
        let sentences = match claim.kind {
            ClaimKind::Headline => sentences_like(context, &wanted, words),
            ClaimKind::Saying | ClaimKind::Item | ClaimKind::Question => sentences_near(context, claim.evidence),
        };
        let is_wrong = || {
            let role = role_behind(claim.text, written);
            people.are_mixed_in(words) && !context.facts().has_words(written)
                || role.is_some_and(|role| is_role_of_another(context, people, words, role))
                || is_displaced(context, people, &place, &sentences)
        };
        if (!is_known || is_wrong()) && !strangers.contains(written) {
            strangers.push(*written);
        }
    }
    strangers
}

/// A name of a claim.
struct Name<'a> {
    /// Stems.
    words: &'a [String],
    /// The claim's other names.
    others: Vec<&'a [String]>,
    /// Stems of all names of the claim's part.
    named: &'a [String],
    is_in_headline: bool,
    /// "Ann sends it", "from Ann": the name is not whom something is done for.
    acts: bool,
}

/// Stems of all names of the part that a claim is of: its other items, who promises and to whom.
fn named_beside(brief: &Brief, people: &People, claim: &Claim<'_>) -> Vec<String> {
    let texts = claims(brief).into_iter().filter(|other| other.part == claim.part).map(|other| other.text);
    let promises = brief.commitments.iter().enumerate().filter(|(i, _)| commitment_name(*i) == claim.part);
    let doers = brief.fields.iter().filter(|answer| answer.name == claim.part).filter_map(|answer| match &answer.value {
        Some(Value::Commitment { who, .. }) => who.as_deref(),
        _ => None,
    });
    let parties = promises.flat_map(|(_, one)| [one.who.as_deref(), one.to_whom.as_deref()]).flatten();
    let named = texts.chain(doers).chain(parties).flat_map(|text| people.named_in(text));
    named.flat_map(|(words, _)| words).collect()
}

/// Whether a name opens its clause, or stands behind "by" or "from".
fn acts(text: &str, name: &str) -> bool {
    let clause = clauses(text).find(|clause| clause.contains(name)).unwrap_or(text);
    let before = clause.split(name).next().unwrap_or_default().trim_end();
    before.is_empty() && clause.trim_start().len() > name.len() || before.ends_with(" by") || before.ends_with(" from")
}

/// The quotes of the brief with the numbers of a name's clause.
fn headline_quotes<'a>(context: &'a Context<'_>, brief: &'a Brief, text: &str, name: &str) -> Vec<Quote<'a>> {
    let clause = clauses(text).find(|clause| clause.contains(name)).unwrap_or(text);
    quotes_of_numbers(context, brief, clause)
}

/// Quotes of the brief that share a word with what is said of a name.
fn like_quotes<'a>(context: &'a Context<'_>, brief: &'a Brief, wanted: &[String]) -> Vec<Quote<'a>> {
    let evidence = brief.fields.iter().map(|answer| &answer.evidence).chain(brief.commitments.iter().map(|one| &one.evidence));
    let quotes = evidence.flat_map(|evidence| Quotes::of(context, evidence).found);
    quotes.filter(|quote| content_words(quote.around).iter().any(|word| wanted.contains(word))).collect()
}

/// What a text says of a name: the other words of its clause, or of the whole text where that is the name alone.
fn said_of(people: &People, text: &str, name: &str) -> Vec<String> {
    let words = |text: &str| {
        let mut words = content_words(text);
        words.retain(|word| !people.has(word));
        words
    };
    // "Ann: …" is a clause of its own; what she says follows.
    let mut said = Vec::new();
    let sentences = mention::sentences(text).into_iter().map(|span| &text[span.start..span.end]);
    let mut own = sentences.skip_while(|sentence| !sentence.contains(name));
    let own = own.next().filter(|sentence| words(sentence).len() > 3).unwrap_or(text);
    for clause in clauses(own).skip_while(|clause| !clause.contains(name)) {
        said.extend(words(clause));
        if said.len() > 3 {
            return said;
        }
    }
    words(own)
}

/// The quotes that share most with a clause.
fn best<'q, 'a>(quotes: &'q Quotes<'a>, wanted: &[String]) -> impl Iterator<Item = &'q Quote<'a>> {
    let shared = |quote: &Quote<'_>| {
        let there = content_words(&quote.unit.text);
        wanted.iter().filter(|word| there.contains(word)).count()
    };
    let counts: Vec<usize> = quotes.found.iter().map(shared).collect();
    let most = counts.iter().copied().max().unwrap_or_default();
    quotes.found.iter().zip(counts).filter(move |(_, count)| *count * 2 >= most).map(|(quote, _)| quote)
}

/// Whether a name stands in a quote's passage, is its speaker's, or is whom its pronouns can mean: where the quote names
/// somebody itself, only if the claim speaks of that one too (`others`).
fn knows(context: &Context<'_>, people: &People, quote: &Quote<'_>, wanted: &[String], name: &Name<'_>) -> bool {
    let unit = quote.unit;
    let is_named = |other: &Unit| -> bool {
        // Whom a call's title names speaks in it under that name; a headline may name the company.
        let is_unsigned = || other.speaker.as_deref().is_none_or(|one| people.named_in(one).is_empty());
        let title = other.title.as_deref().filter(|_| name.is_in_headline || is_unsigned());
        names_one(&other.text, name.words) || title.is_some_and(|title| names_one(title, name.words))
    };
    let speaks = |other: &Unit| other.speaker.as_deref().is_some_and(|speaker| names_one(speaker, name.words));
    if is_named(unit) {
        return !is_said_of_another(context, people, unit, wanted, name);
    }
    let is_told = matches!(unit.source_type, SourceType::CallNote | SourceType::CrmSnapshot);
    let says_it_of_oneself = quote.speaks_of_oneself() || quote.speaks_of_us();
    if speaks(unit) {
        return says_it_of_oneself || !is_told && !quote.speaks_of_him_or_her();
    }
    if quote.speaks_of_him_or_her() && before(context, unit).any(is_named) || is_described(context, quote, name.words) {
        return true;
    }
    let is_left_out = |(words, _): (Vec<String>, &str)| !words.iter().any(|word| name.named.contains(word));
    let names_another = people.named_in(quote.around).into_iter().any(is_left_out);
    if names_another {
        return false;
    }
    let is_answer = !says_it_of_oneself && unit.text.split_whitespace().nth(8).is_none();
    if is_answer && before(context, unit).any(|other| is_named(other) || speaks(other)) {
        return true;
    }
    let is_asked = || doers(quote.around).contains(&Doer::Addressee);
    let is_addressed = quote.speaks_to_somebody() && (!name.acts || is_asked());
    is_addressed && listeners(context, unit).any(|other| speaks(other) || other.message == unit.message && is_named(other))
        || quote.is_by_somebody_unnamed() && !is_customer(context, name.words)
}

/// Whether somebody is known to be on the customer's side: notes are written on ours.
pub(super) fn is_customer(context: &Context<'_>, name: &[String]) -> bool {
    let mut speakers = context.speakers().iter().filter(|(speaker, _)| names_one(speaker, name)).peekable();
    speakers.peek().is_some() && speakers.all(|(_, side)| *side == Side::Customer)
}

/// Whether a quote speaks of "him" or "her" after somebody named this one.
fn is_meant(context: &Context<'_>, people: &People, quote: &Quote<'_>, name: &[String]) -> bool {
    quote.speaks_of_him_or_her()
        && quote.reading == Reading::English
        && last_named(context, people, quote.unit).is_some_and(|last| last.iter().any(|word| name.contains(word)))
}

/// The last one who was named before a passage.
fn last_named(context: &Context<'_>, people: &People, unit: &Unit) -> Option<Vec<String>> {
    let named = before(context, unit).flat_map(|other| people.named_in(&other.text));
    named.last().map(|(words, _)| words)
}

/// "My husband", "our director": whether the sources name this one in a sentence with that word.
pub(super) fn is_described(context: &Context<'_>, quote: &Quote<'_>, name: &[String]) -> bool {
    const WHOSE: [&str; 23] = [
        "my", "our", "your", "his", "her", "their", "mein", "meine", "meinem", "meinen", "unser", "unsere", "unserem", "unseren",
        "mon", "ma", "notre", "mijn", "onze", "ons", "mi", "nuestro", "nuestra",
    ];
    let mut described: Vec<String> = Vec::new();
    let mut is_next = false;
    for_each_word(quote.around, |word, _| {
        if std::mem::replace(&mut is_next, WHOSE.contains(&word)) && !is_stop_word(word) && word.len() > 2 {
            described.push(word.to_owned());
        }
    });
    if described.is_empty() {
        return false;
    }
    let is_told =
        |text: &str| names_one(text, name) && super::quoted::has_word(text, |word| described.iter().any(|one| one == word));
    let wanted: Vec<String> = described.iter().map(|word| stem(word).to_owned()).collect();
    context.index().best(&wanted, 8).into_iter().any(|(number, _)| is_told(context.sentence(number)))
}

/// Whether the sentence of a passage that a clause is most like names people, and none of the claim's.
fn is_said_of_another(context: &Context<'_>, people: &People, unit: &Unit, wanted: &[String], name: &Name<'_>) -> bool {
    let sentences = context.index().sentences_of(unit.n as usize - 1).iter().map(|one| &unit.text[one.span.start..one.span.end]);
    let shared = |sentence: &&str| {
        let there = content_words(sentence);
        wanted.iter().filter(|word| there.contains(word)).count()
    };
    let best = sentences.map(|sentence| (shared(&sentence), sentence)).max_by_key(|(count, _)| *count);
    best.is_some_and(|(count, sentence)| {
        let ours = std::iter::once(name.words).chain(name.others.iter().copied());
        count >= 2 && !people.named_in(sentence).is_empty() && !ours.into_iter().any(|words| names_one(sentence, words))
    })
}

/// The five units before, of the same source.
pub(super) fn before<'c>(context: &'c Context<'_>, unit: &'c Unit) -> impl Iterator<Item = &'c Unit> {
    let units = (unit.n.saturating_sub(5)..unit.n).filter_map(|n| context.excerpt.unit(n));
    units.filter(|other| other.source == unit.source)
}

/// Who can be meant by "you": in a call whoever speaks next to it, in a mail everybody of the thread, and whom the mail greets.
fn listeners<'c>(context: &'c Context<'_>, unit: &'c Unit) -> impl Iterator<Item = &'c Unit> {
    let is_near = |other: &&Unit| match unit.source_type {
        SourceType::EmailThread => true,
        SourceType::CallTranscript | SourceType::CallNote | SourceType::CrmSnapshot => other.n.abs_diff(unit.n) <= 2,
    };
    context.excerpt.units().iter().filter(|other| other.source == unit.source).filter(is_near)
}

/// Whether one of the words of a name stands in a text; heard names may be off by a letter (Dina for Dana).
pub(super) fn names_one(text: &str, name: &[String]) -> bool {
    let mut has = false;
    for_each_word(text, |word, span| {
        has |= name.iter().any(|one| {
            let is_like = || is_heard_alike(one, stem(word)) || is_short_for(stem(word), one);
            one == stem(word) || text[span.start..].starts_with(char::is_uppercase) && is_like()
        });
    });
    has
}

/// "Bev" for Beverley: a name that is called short loses two letters at least ("Dan" is not Dana).
fn is_short_for(short: &str, name: &str) -> bool {
    let short = short.strip_suffix("'s").unwrap_or(short);
    short.len() >= 3 && name.len() >= short.len() + 2 && name.starts_with(short)
}

/// The same but for one letter in the middle.
fn is_heard_alike(a: &str, b: &str) -> bool {
    let same_ends = a.chars().next() == b.chars().next() && a.chars().last() == b.chars().last();
    let (count, other) = (a.chars().count(), b.chars().count());
    count >= 4 && count == other && same_ends && a.chars().zip(b.chars()).filter(|(a, b)| a != b).count() <= 1
}

/// Whether one of the passages most like a clause knows a name.
fn is_known_near(context: &Context<'_>, people: &People, wanted: &[String], name: &Name<'_>) -> bool {
    let best = context.index().best(wanted, 4);
    best.is_empty()
        || best.into_iter().any(|(number, _)| {
            let unit = &context.excerpt.units()[context.index().sentences[number].passage];
            let text = context.sentence(number);
            let evidence = context.excerpt.evidence(unit.n, text);
            let reading = context.reading(&unit.source);
            let quote = Quote { text, around: text, unit, evidence: &evidence, reading };
            knows(context, people, &quote, wanted, name)
        })
}

#[cfg(test)]
mod tests {
    use super::is_heard_alike;

    #[test]
    fn a_name_may_be_heard_with_another_letter() {
        assert!(is_heard_alike("dana", "dina"));
        assert!(!is_heard_alike("dana", "dora"));
        assert!(!is_heard_alike("ann", "amn"));
    }
}
