//! Names of people and their roles, as the sentences give them.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use regex::Regex;

use super::saying::{Saying, pattern};
use crate::domain::brief::Span;
use crate::domain::event::Side;

/// Everybody the excerpt names as a speaker, with what it says of their roles.
pub(super) struct Roster {
    people: Vec<Known>,
}

struct Known {
    name: String,
    side: Side,
    role: Option<String>,
}

/// A name in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub span: Span,
    pub name: String,
    pub role: Option<String>,
}

impl Roster {
    pub(super) fn new(sayings: &[Saying<'_>]) -> Self {
        let mut roster = Self { people: Vec::new() };
        for saying in sayings {
            if let Some(name) = saying.speaker() {
                roster.meet(name, saying.side());
            }
        }
        for saying in sayings {
            if !ROLE_WORD.is_match(saying.text) {
                continue;
            }
            let role = SELF_ROLE.captures(saying.text).and_then(|found| found.get(1));
            if let (Some(role), Some(name)) = (role, saying.speaker()) {
                roster.learn(name, role.as_str());
            }
            for named in names_with_roles(saying.text) {
                roster.meet(&named.name, Side::Unknown);
                roster.learn(&named.name, named.role.as_deref().unwrap_or_default());
            }
        }
        roster
    }

    fn meet(&mut self, name: &str, side: Side) {
        if self.find(name).is_none() {
            self.people.push(Known { name: name.to_owned(), side, role: None });
        }
    }

    fn learn(&mut self, name: &str, role: &str) {
        let known = self.people.iter_mut().find(|known| same_person(&known.name, name));
        if let Some(known) = known.filter(|known| known.role.is_none() && !role.is_empty()) {
            known.role = Some(tidy_role(role));
        }
    }

    fn find(&self, name: &str) -> Option<&Known> {
        self.people.iter().find(|known| same_person(&known.name, name))
    }

    /// "Karen" is Karen Doyle where only one Karen is known.
    pub(super) fn full_name(&self, name: &str) -> String {
        let mut alike = self.people.iter().filter(|known| same_person(&known.name, name));
        match (alike.next(), alike.next()) {
            (Some(only), None) if only.name.len() > name.len() => only.name.clone(),
            _ => name.to_owned(),
        }
    }

    pub(super) fn role_of(&self, name: &str) -> Option<String> {
        self.find(name).and_then(|known| known.role.clone())
    }

    /// The side of somebody who speaks in the excerpt.
    pub(super) fn side_of(&self, name: &str) -> Side {
        self.find(name).map_or(Side::Unknown, |known| known.side)
    }

    /// The one person known to have a role ("our CFO").
    pub(super) fn holder_of(&self, role: &str) -> Option<&str> {
        let mut holders =
            self.people.iter().filter(|known| known.role.as_deref().is_some_and(|theirs| theirs.eq_ignore_ascii_case(role)));
        let first = holders.next()?;
        holders.next().is_none().then_some(first.name.as_str())
    }

    /// Names in a sentence: of known people, of two capitalised words, or next to a role.
    pub(super) fn names_in(&self, text: &str) -> Vec<Named> {
        let mut names = names_with_roles(text);
        for found in CAPITALISED.find_iter(text) {
            let (name, start) = without_lead(found.as_str(), found.start());
            let span = Span { start, end: start + name.len() };
            let taken = names.iter().any(|named| named.span.start < span.end && span.start < named.span.end);
            if taken || name.is_empty() || !self.looks_like_person(name, text, span) {
                continue;
            }
            names.push(Named { span, name: name.to_owned(), role: None });
        }
        for named in &mut names {
            let role = named.role.take().or_else(|| self.role_of(&named.name));
            named.role = role;
        }
        names.sort_by_key(|named| named.span.start);
        names
    }

    fn looks_like_person(&self, name: &str, text: &str, span: Span) -> bool {
        if self.find(name).is_some() {
            return true;
        }
        let words = name.split_whitespace().count();
        let before = text[..span.start].trim_end();
        let of_place = ["at", "in", "on", "from", "using", "into", "of", "the", "our", "via", "than", "like"]
            .iter()
            .any(|word| before.rsplit([' ', '\n', '(']).next().is_some_and(|last| last.eq_ignore_ascii_case(word)));
        (2..=3).contains(&words) && !of_place && !COMPANY.is_match(&text[span.start..]) && !ROLE_ONLY.is_match(name)
    }
}

/// The role a sentence names without a name ("our CFO has to approve it").
pub(super) fn role_in(text: &str) -> Option<(Span, String)> {
    let found = Some(text).filter(|text| ROLE_WORD.is_match(text)).and_then(|text| OUR_ROLE.captures(text))?.get(1)?;
    Some((Span { start: found.start(), end: found.end() }, tidy_role(found.as_str())))
}

fn names_with_roles(text: &str) -> Vec<Named> {
    let mut names: Vec<Named> = Vec::new();
    // The shapes are slow to match; few sentences speak of a role at all.
    if !ROLE_WORD.is_match(text) {
        return names;
    }
    for shape in [&*NAME_THEN_ROLE, &*ROLE_THEN_NAME, &*NAME_OF_TEAM] {
        for found in shape.captures_iter(text) {
            let (Some(name), role) = (found.name("name"), found.name("role")) else { continue };
            let (bare, start) = without_lead(name.as_str(), name.start());
            let span = Span { start, end: start + bare.len() };
            let taken = names.iter().any(|named| named.span.start < span.end && span.start < named.span.end);
            if bare.is_empty() || taken || ROLE_ONLY.is_match(bare) {
                continue;
            }
            names.push(Named { span, name: bare.to_owned(), role: role.map(|role| tidy_role(role.as_str())) });
        }
    }
    names
}

fn tidy_role(role: &str) -> String {
    role.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Drops words that are capitalised only because they begin a sentence.
fn without_lead(name: &str, start: usize) -> (&str, usize) {
    let mut rest = name;
    while let Some(word) = rest.split_whitespace().next() {
        let bare = word.trim_end_matches(['\'', '’', '.']).to_lowercase().replace('’', "'");
        if !NO_NAMES.split_whitespace().any(|other| other == bare) {
            break;
        }
        rest = rest[word.len()..].trim_start();
    }
    let lead = name.len() - rest.len();
    let kept = rest.trim_end_matches("'s").trim_end_matches("’s");
    (kept, start + lead)
}

/// "Maria" is "Maria Ortiz"; "Maria Lopez" is not.
pub(super) fn same_person(one: &str, other: &str) -> bool {
    let (one, other): (Vec<&str>, Vec<&str>) = (one.split_whitespace().collect(), other.split_whitespace().collect());
    let (short, long) = if one.len() <= other.len() { (&one, &other) } else { (&other, &one) };
    let equal = |a: &&str, b: &&str| a.eq_ignore_ascii_case(b);
    match short.len() {
        0 => false,
        1 => long.first().is_some_and(|word| equal(word, &short[0])) || long.last().is_some_and(|word| equal(word, &short[0])),
        _ => short.iter().zip(long.iter()).all(|(a, b)| equal(a, b)),
    }
}

/// Words that are capitalised without being part of a name.
const NO_NAMES: &str = "
    i i'm i'll i've i'd a an the we we're we'll we've our my your you he she she's he's it it's they their this
    that that's these those there there's so and but or if when then yes yeah no not ok okay right sure well oh hi
    hello hey dear thanks thank please also for from to in on at by with before after once until next last final
    first let let's as what who which where how why monday tuesday wednesday thursday friday saturday sunday
    january february march april may june july august september october november december perfect great regards";

const NAME: &str = r"(?P<name>\p{Lu}[\p{Ll}'’\-]+(?:\p{Lu}\p{Ll}+)?(?: (?:(?:van|de|den|der|von|del|da|di|la|le|bin|al) ){0,2}\p{Lu}[\p{L}'’\-]+){0,2})";
const ROLE: &str = r"(?P<role>(?:(?:[Cc]hief|[Ss]enior|[Gg]lobal|[Gg]roup|[Rr]egional|[Dd]eputy|[Ii]nterim|[Mm]anaging|[Gg]eneral|[Aa]ssistant)\s)*(?:C[EFTOIMRPS]O|CISO|MD|VP|SVP|[Vv]ice [Pp]resident|[Hh]ead|[Dd]irector|[Ff]ounder|[Cc]o-founder|[Oo]wner|[Pp]resident|[Cc]ontroller|[Pp]artner|(?:[\p{L}&\-]+\s){0,3}(?:[Dd]irector|[Mm]anager|[Ll]ead|[Oo]fficer|[Aa]rchitect|[Aa]dmin|[Aa]dministrator|[Cc]oordinator|[Cc]ontroller|[Ee]ngineer|[Dd]eveloper|[Dd]esigner|[Aa]nalyst|[Bb]uyer|[Aa]ccountant|[Aa]ssistant|[Ss]pecialist|[Ss]upervisor|[Ss]ecretary|[Tt]reasurer|[Pp]rincipal|[Pp]lanner|[Cc]onsultant))(?:\s(?:of|for)\s(?:the\s)?[\p{L}&\-]+(?:\s(?:and|&)\s[\p{L}\-]+|\s(?:operations|success|experience|services|service|support|sales|marketing|engineering|finance|development|resources|desk|chain|management))?)?)";

/// "Maria Ortiz, our CFO", "Maria Ortiz (CFO)", "Maria Ortiz is the head of finance", "Maria, she's head of finance".
static NAME_THEN_ROLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"\b{NAME}(?:,\s(?:who(?:'s|’s|\sis)\s|(?:she|he)(?:'s|’s|\sis)\s)?(?:(?:our|the|their|a|my|your)\s)?|\s\((?:our\s|the\s)?|\s(?:is|was)\s(?:our|the|their|a)\s|,?\s[-–—]\s|\s*\n)\b{ROLE}\b"
    ))
});

/// "our CFO, Maria Ortiz", "CFO Maria Ortiz".
static ROLE_THEN_NAME: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"\b(?:(?i:our|the|their|my|your)\s)?{ROLE}(?:,\s|\s|:\s|\s(?:is|was)\s){NAME}\b")));

/// What every shape above needs: a look before the slow matching.
static ROLE_WORD: LazyLock<AhoCorasick> = LazyLock::new(|| {
    const WORDS: &str = "ceo cfo cto coo cio cmo cro cpo cso ciso md vp head director founder owner president
        controller partner manager lead officer architect admin coordinator engineer developer designer analyst
        buyer accountant assistant specialist supervisor secretary treasurer principal planner consultant
        colleague boss chief";
    AhoCorasick::builder().ascii_case_insensitive(true).build(WORDS.split_whitespace()).expect("a short constant list")
});

/// "Maria from finance", "my colleague Bas de Wit".
static NAME_OF_TEAM: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"(?:\b(?:colleague|boss|manager|partner|assistant)s?,?\s{NAME}\b)")));

static CAPITALISED: LazyLock<Regex> = LazyLock::new(|| pattern(&format!(r"\b{NAME}")));

/// "I'm the head of operations", "as operations manager I".
static SELF_ROLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(r"\bI(?:['’]m|\sam)\s(?:(?:the|a|an|your|our)\s)?({})\b", ROLE.replacen("?P<role>", "?:", 1)))
});

static OUR_ROLE: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"\b(?i:our|the|my)\s({})\b", ROLE.replacen("?P<role>", "?:", 1))));

static ROLE_ONLY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:head|director|manager|officer|chief|vp|president|lead|team|sales|marketing|finance|support|procurement|legal|security|product|customer|group)\b",
    )
});

static COMPANY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:[\p{L}'’\-]+\s){0,3}?(?:Ltd|Limited|Inc|LLC|GmbH|AG|B\.?V\.?|PLC|plc|Corp|Group|Logistics|Systems|Software|Labs|Studio|Agency|Bank|University|Hospital|Foods?|Industries|Partners|Holding|Services|Solutions|Road|Street|Avenue)\b",
    )
});
