//! Names that stand where the sources have somebody else: beside the same words, or with that one's role.

use super::Context;
use super::strangers::{People, names_one};
use crate::context::Unit;
use crate::domain::brief::Evidence;
use crate::domain::event::SourceType;
use crate::qa::index::{content_words, for_each_word, is_stop_word, stem};

/// A person in a text with the telling words beside the name.
struct Stand {
    /// Stems of the name; `None`: the speaker ("I").
    who: Option<Vec<String>>,
    left: Vec<String>,
    right: Vec<String>,
}

/// A name of a claim, and who else the claim's part may speak of.
pub(super) struct Place<'a> {
    /// Stems.
    pub(super) name: &'a [String],
    pub(super) text: &'a str,
    /// Names of the part, as stems: whoever is among them is not displaced.
    pub(super) named: &'a [String],
    /// Whether the name is that of whoever does what the text says.
    pub(super) acts: bool,
}

/// Words to each side of a name that say what it has to do with the rest.
const BESIDE: usize = 3;

/// Whether sentences name another person beside the words of a name, and never the name itself.
pub(super) fn is_displaced(context: &Context<'_>, people: &People, place: &Place<'_>, sentences: &[usize]) -> bool {
    let mut told = stands(people, place.text);
    told.retain(|stand| stand.who.as_deref() == Some(place.name));
    let passage = |number: usize| &context.excerpt.units()[context.index().sentences[number].passage];
    let is_beside = |told: &Stand, said: &Stand| share(&told.left, &said.left) || share(&told.right, &said.right);
    let is_theirs = |number: &usize| {
        let sentence = context.sentence(*number);
        let holds = |said: &Stand| told.iter().any(|told| share(&told.left, &said.right) || is_beside(told, said));
        let is_named = |said: &Stand| said.who.as_ref().is_some_and(|who| who.iter().any(|word| place.name.contains(word)));
        names_one(sentence, place.name) && stands(people, sentence).iter().any(|said| is_named(said) && holds(said))
    };
    if told.is_empty() || sentences.iter().any(is_theirs) {
        return false;
    }
    let others = sentences.iter().filter(|number| !names_one(context.sentence(**number), place.name));
    others.into_iter().any(|number| {
        let speaker = passage(*number).speaker.as_deref();
        let is_own = speaker.is_some_and(|speaker| names_one(speaker, place.name));
        stands(people, context.sentence(*number)).iter().any(|said| match &said.who {
            Some(other) => {
                let is_other = !other.iter().any(|word| place.named.contains(word));
                is_other && told.iter().any(|told| is_beside(told, said))
            }
            None => {
                let is_other = speaker.is_some_and(|speaker| !names_one(speaker, place.named));
                place.acts && !is_own && is_other && told.iter().any(|told| share(&told.right, &said.right))
            }
        })
    })
}

/// The sentences most like what is said of a name; none where one of them is its own.
pub(super) fn sentences_like(context: &Context<'_>, wanted: &[String], name: &[String]) -> Vec<usize> {
    let best: Vec<usize> = context.index().best(wanted, 4).into_iter().map(|(number, _)| number).collect();
    let speaker = |number: &usize| context.excerpt.units()[context.index().sentences[*number].passage].speaker.as_deref();
    let is_own = best.iter().filter_map(speaker).any(|speaker| names_one(speaker, name));
    if is_own { Vec::new() } else { best }
}

/// The sentences that quotes stand in, and those next to them in the same passage.
pub(super) fn sentences_near(context: &Context<'_>, evidence: &[Evidence]) -> Vec<usize> {
    let reached = evidence.iter().filter(|one| one.span.is_some()).filter_map(|one| context.sentences_of(one));
    let all = &context.index().sentences;
    let near = reached.flat_map(|(first, last)| {
        let (first, last) = (first as usize, last as usize);
        let passage = all[first].passage;
        (first.saturating_sub(1)..=last + 1).filter(move |at| all.get(*at).is_some_and(|one| one.passage == passage))
    });
    near.collect()
}

fn share(a: &[String], b: &[String]) -> bool {
    a.iter().any(|word| b.iter().any(|other| is_of_one_stem(word, other)))
}

/// "Confirm" and "confirmation".
fn is_of_one_stem(a: &str, b: &str) -> bool {
    a == b || a.len() > 5 && b.len() > 5 && (a.starts_with(b) || b.starts_with(a))
}

/// Everybody in a text, with the words beside each.
fn stands(people: &People, text: &str) -> Vec<Stand> {
    let mut words: Vec<(String, Kind)> = Vec::new();
    let mut after = 0;
    for_each_word(text, |word, span| {
        let between = &text[after..span.start];
        if between.contains([';', ':', '.', '!', '?']) {
            words.push((String::new(), Kind::Stop));
        } else if between.contains(',') {
            words.push((String::new(), Kind::Comma));
        }
        let is_capital = text[span.start..].starts_with(char::is_uppercase);
        let kind = match stem(word) {
            "i" | "i'm" | "i'll" | "i've" | "i'd" => Kind::Oneself,
            _ if is_stop_word(word) || word.len() < 3 => Kind::Small,
            stem if is_capital && people.has(stem) => Kind::Name,
            _ => Kind::Telling,
        };
        let joins = kind == Kind::Name && between == " " && words.last().is_some_and(|(_, kind)| *kind == Kind::Name);
        match words.last_mut().filter(|_| joins) {
            Some((name, _)) => *name += &format!(" {}", stem(word)),
            None => words.push((stem(word).to_owned(), kind)),
        }
        after = span.end;
    });
    let telling = |beside: &mut dyn Iterator<Item = &(String, Kind)>| -> Vec<String> {
        let near = beside.filter(|(_, kind)| *kind != Kind::Comma).take(BESIDE).take_while(|(_, kind)| *kind != Kind::Stop);
        near.filter(|(_, kind)| *kind == Kind::Telling).map(|(word, _)| word.clone()).collect()
    };
    let stand = |(at, (word, kind)): (usize, &(String, Kind))| {
        let who = match kind {
            Kind::Name => Some(word.split(' ').map(str::to_owned).collect()),
            Kind::Oneself => None,
            Kind::Small | Kind::Telling | Kind::Comma | Kind::Stop => return None,
        };
        // "Ann writes it, Bo signs": what stands before a comma is not Bo's.
        let before = words[..at].iter().rev().take_while(|(_, kind)| *kind != Kind::Comma);
        let (left, mut right) = (telling(&mut before.into_iter()), telling(&mut words[at + 1..].iter()));
        // "Confirmed by Ann": what she does stands before her name.
        if at > 0 && words[at - 1].0 == "by" {
            right.extend(left.iter().cloned());
        }
        Some(Stand { who, left, right })
    };
    words.iter().enumerate().filter_map(stand).collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Name,
    Oneself,
    Small,
    Telling,
    Comma,
    /// The end of what belongs together.
    Stop,
}

/// "Ann Lee, chief buyer": what stands behind a name up to the next mark.
pub(super) fn role_behind<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let rest = text.split_once(name)?.1;
    let role = rest.strip_prefix(", ").or_else(|| rest.strip_prefix(" ("))?;
    let role = role.split([',', ';', ':', '.', ')', '–', '—']).next()?.trim();
    // "Ann Lee, Bob Hill and Eve Moss".
    let is_list = [" and ", " und ", " et ", " en "].iter().any(|and| role.contains(and));
    (!role.is_empty() && !is_list && role.split(' ').count() <= 6).then_some(role)
}

/// Whether the sources give a role to somebody else, and never to this one.
pub(super) fn is_role_of_another(context: &Context<'_>, people: &People, name: &[String], role: &str) -> bool {
    if content_words(role).is_empty() && is_short(role) {
        return is_short_role_of_another(context, people, name, role);
    }
    let mut wanted = content_words(role);
    wanted.retain(|word| !people.has(word) && context.index().has(word));
    let all = content_words(role).len();
    let names_somebody = !people.named_in(role).is_empty();
    if wanted.is_empty() || wanted.len() * 2 < all || names_somebody {
        return false;
    }
    let mut is_anothers = false;
    for (position, unit) in context.excerpt.units().iter().enumerate() {
        let sentences: Vec<&str> =
            context.index().sentences_of(position).iter().map(|one| &unit.text[one.span.start..one.span.end]).collect();
        for (at, sentence) in sentences.iter().enumerate() {
            let there = content_words(sentence);
            let held = wanted.iter().filter(|word| there.contains(word)).count();
            if held == 0 {
                continue;
            }
            let near = &sentences[at.saturating_sub(1)..=at];
            let is_signed = signs_as(unit, sentence, role);
            if is_signed && unit.speaker.as_deref().is_some_and(|speaker| names_one(speaker, name)) {
                return false;
            }
            if is_signed || stands_behind_another(people, sentence, name, &wanted) {
                is_anothers = true;
                continue;
            }
            if is_about(unit, sentence, near, name) {
                return false;
            }
            let is_named = !people.named_in(sentence).is_empty();
            is_anothers |= held == wanted.len() && (is_named || speaks_of_oneself(sentence) && unit.speaker.is_some());
        }
    }
    is_anothers
}

/// A line of a signature: a mail's line that is the role, and perhaps the company.
fn signs_as(unit: &Unit, sentence: &str, role: &str) -> bool {
    const WORDS: usize = 6;
    let is_line = |line: &str| {
        let starts = line.trim().get(..role.len()).is_some_and(|start| start.eq_ignore_ascii_case(role));
        starts && line.split_whitespace().count() <= WORDS && !line.trim_end().ends_with(['.', '!', '?'])
    };
    unit.source_type == SourceType::EmailThread && unit.speaker.is_some() && sentence.lines().any(is_line)
}

/// "IT", "HR": a role that is written in capitals and would be read as another word.
fn is_short(role: &str) -> bool {
    role.len() <= 3 && role.chars().all(char::is_uppercase)
}

/// Whether only others than this one have a role in capitals right behind their names.
fn is_short_role_of_another(context: &Context<'_>, people: &People, name: &[String], role: &str) -> bool {
    let mut is_anothers = false;
    for sentence in (0..context.index().sentences.len()).map(|number| context.sentence(number)) {
        for (words, written) in people.named_in(sentence) {
            if role_behind(sentence, written) == Some(role) {
                if words.iter().any(|word| name.contains(word)) {
                    return false;
                }
                is_anothers = true;
            }
        }
    }
    is_anothers
}

/// Whether a sentence of the sources names somebody together with a role.
pub(super) fn has_role(context: &Context<'_>, name: &[String], role: &str) -> bool {
    let wanted = content_words(role);
    let gives = |sentence: &str| {
        let there = content_words(sentence);
        wanted.iter().all(|word| there.contains(word)) && names_one(sentence, name)
    };
    !wanted.is_empty() && context.index().best(&wanted, 8).into_iter().any(|(number, _)| gives(context.sentence(number)))
}

/// "Ann Lee (chief buyer), Bob Hill (IT)": the role stands right behind another's name.
fn stands_behind_another(people: &People, sentence: &str, name: &[String], wanted: &[String]) -> bool {
    people.named_in(sentence).iter().filter(|(words, _)| !words.iter().any(|word| name.contains(word))).any(|(_, other)| {
        let role = role_behind(sentence, other).map(content_words).unwrap_or_default();
        wanted.iter().all(|word| role.contains(word))
    })
}

/// Whether a sentence with a role may be about a name: it names it, follows it, or is its own.
fn is_about(unit: &Unit, sentence: &str, near: &[&str], name: &[String]) -> bool {
    let is_own = unit.speaker.as_deref().is_some_and(|speaker| names_one(speaker, name));
    near.iter().any(|one| names_one(one, name)) || is_own && speaks_of_oneself(sentence)
}

fn speaks_of_oneself(text: &str) -> bool {
    super::quoted::has_word(text, |word| matches!(word, "i" | "i'm" | "my" | "me" | "ich" | "je" | "ik"))
}

#[cfg(test)]
mod tests {
    use super::role_behind;

    #[test]
    fn a_role_stands_behind_a_name_and_a_list_of_names_is_none() {
        assert_eq!(role_behind("Ann Lee, chief buyer: wants a trial", "Ann Lee"), Some("chief buyer"));
        assert_eq!(role_behind("Ann Lee (chief buyer), Bob Hill (IT)", "Bob Hill"), Some("IT"));
        assert_eq!(role_behind("with Ann Lee, Bob Hill and Eve Moss", "Ann Lee"), None);
        assert_eq!(role_behind("Ann Lee is chief buyer", "Ann Lee"), None);
    }
}
