//! Which sentences may answer a field, and how well.

use std::sync::LazyLock;

use regex::Regex;

use super::cues::{Hit, Owner};
use super::person::MY_NAME_IS;
use super::saying::{Manner, Saying, pattern};
use crate::domain::brief::AskWhom;
use crate::domain::contract::Field;
use crate::domain::event::{Side, SourceType};
use crate::domain::mention;
use crate::domain::value::{FieldType, says_nothing};

/// A sentence that may answer a field.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    /// Position of the sentence.
    pub saying: usize,
    pub score: f32,
    /// Where in the sentence the field is spoken of; `None` if only the question or heading says it.
    pub anchor: Option<(usize, usize)>,
}

/// Below this a sentence is no answer.
const ENOUGH: f32 = 0.75;

/// The sentences that may answer a field, best first; of equals the earlier.
pub(super) fn rank(position: usize, field: &Field, sayings: &[Saying<'_>]) -> Vec<Candidate> {
    let mut candidates: Vec<Candidate> = (0..sayings.len())
        .filter_map(|index| judge(position, field, sayings, index))
        .filter(|found| found.score >= ENOUGH)
        .collect();
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.saying.cmp(&b.saying)));
    candidates
}

fn judge(position: usize, field: &Field, sayings: &[Saying<'_>], index: usize) -> Option<Candidate> {
    let saying = &sayings[index];
    let factor = side_factor(field, saying)? * manner_factor(position, field, saying)?;
    let own = own_hits(position, field, saying);
    let named = if own.iter().any(|hit| names_field(field, &saying.text[hit.start..hit.end])) { 0.6 } else { 0.0 };
    let spoken_of = strength(&own) + named;
    let spoken_of = if introduces(field, saying) { spoken_of.max(1.5) } else { spoken_of };
    let asked = saying.answers.map_or(0.0, |question| 0.8 * strength(&own_hits(position, field, &sayings[question])));
    let headed = saying.under.map_or(0.0, |head| 0.9 * strength(&own_hits(position, field, &sayings[head])));
    let titled = if is_titled(field, saying) { 1.5 } else { 0.0 };
    if is_chance(field, saying, spoken_of + asked + headed + titled) {
        return None;
    }
    let anchor = own.iter().max_by(|a, b| a.weight().total_cmp(&b.weight())).map(|hit| (hit.start, hit.end));
    let score = (spoken_of + asked.max(headed).max(titled)) * factor;
    Some(Candidate { saying: index, score, anchor })
}

/// The field's own cues in a sentence, and its choices' where they are telling by themselves; denied ones left out
/// where a denial turns the meaning round.
pub(super) fn own_hits<'s>(position: usize, field: &Field, saying: &'s Saying<'_>) -> Vec<&'s Hit> {
    let is_own = |hit: &&Hit| match hit.owner {
        Owner::Field(of) => of == position,
        Owner::Choice { field: of, .. } => of == position && hit.words >= 2,
        Owner::Label { .. } => false,
    };
    let must_hold = matches!(field.field_type, FieldType::Text | FieldType::List | FieldType::Choice | FieldType::Person);
    saying.hits.iter().filter(is_own).filter(|hit| !must_hold || !saying.denies(hit)).collect()
}

/// The best hit counts whole, others a little.
fn strength(hits: &[&Hit]) -> f32 {
    let best = hits.iter().map(|hit| hit.weight()).fold(0.0, f32::max);
    let sum: f32 = hits.iter().map(|hit| hit.weight()).sum();
    best + 0.25 * (sum - best).min(3.0)
}

/// One loose word ("employees", "industry") in a sentence that speaks neither of its speaker nor in figures is there by
/// chance more often than not; so is any cue in the small print ("If you wish to …").
fn is_chance(field: &Field, saying: &Saying<'_>, strength: f32) -> bool {
    let wordy = matches!(field.field_type, FieldType::Text | FieldType::List) && field.ask_whom == AskWhom::Customer;
    if !wordy || saying.reports() {
        return false;
    }
    let own_matter = || SELF.is_match(saying.text) || !mention::numbers(saying.text).is_empty();
    SMALL_PRINT.is_match(saying.text) || field.field_type == FieldType::Text && strength < 1.3 && !own_matter()
}

static SELF: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\b(?:we|us|our|ours|i|my|me)\b"));

static SMALL_PRINT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^if you (?:wish|would|want|have|need|received|no longer)\b"));

/// "Hi, it's Marco Bassi from Bassi Tiles" is "my name is" in other words.
fn introduces(field: &Field, saying: &Saying<'_>) -> bool {
    field.field_type == FieldType::Person && field.cues.iter().any(|cue| cue == "my name is") && MY_NAME_IS.is_match(saying.text)
}

/// "The next step is …" for `next_step`: nothing says it plainer than the field's own name.
fn names_field(field: &Field, words: &str) -> bool {
    let plain = |text: &str| text.to_lowercase().replace(['_', '-'], " ").trim_end_matches('s').to_owned();
    plain(words) == plain(&field.name)
}

/// Whether a record field bears the name of the contract's field, or one of its cues.
fn is_titled(field: &Field, saying: &Saying<'_>) -> bool {
    if saying.unit.source_type != SourceType::CrmSnapshot {
        return false;
    }
    let Some(title) = &saying.unit.title else { return false };
    let title = title.to_lowercase().replace(['_', '-', '.'], " ");
    let words: Vec<&str> = title.split_whitespace().collect();
    let name: Vec<&str> = field.name.split('_').collect();
    name.iter().all(|word| words.contains(word)) || field.cues.contains(&title)
}

/// `None`: this side does not answer this field.
fn side_factor(field: &Field, saying: &Saying<'_>) -> Option<f32> {
    let side = saying.side();
    let reported = if saying.unit.source_type == SourceType::CrmSnapshot { 0.55 } else { 0.75 };
    if saying.reports() {
        return Some(if field.stated_by.is_some() { reported } else { reported + 0.1 });
    }
    match (field.stated_by, field.ask_whom, side) {
        (Some(wanted), _, side) if wanted == side => Some(1.2),
        (Some(_), _, _) => None,
        (None, _, Side::Customer) => Some(1.1),
        // Whom one would ask is who knows.
        (None, AskWhom::Customer, Side::Ours) if promises(saying) && field.field_type != FieldType::Commitment => Some(0.4),
        (None, AskWhom::Customer, Side::Ours) => Some(0.75),
        (None, AskWhom::PreviousOwner, Side::Ours) | (None, _, Side::Unknown) => Some(1.0),
    }
}

/// What we will do by June is not what the customer wants by June.
fn promises(saying: &Saying<'_>) -> bool {
    mention::commitment_strength(saying.text).is_some()
}

/// `None`: a sentence meant like this answers nothing.
fn manner_factor(position: usize, field: &Field, saying: &Saying<'_>) -> Option<f32> {
    let wordy = matches!(field.field_type, FieldType::Text | FieldType::List);
    match saying.manner {
        Manner::Orders | Manner::Heads => None,
        Manner::Asks if is_wish(position, field, saying) => Some(0.9),
        Manner::Asks => (wordy && states_before_asking(position, saying)).then_some(0.8),
        Manner::Supposes => wordy.then_some(0.5),
        Manner::LeavesOpen => {
            if wordy {
                Some(0.9)
            } else {
                None
            }
        }
        Manner::States if says_nothing(saying.text) => None,
        Manner::States if wordy && saying.text.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("if ")) => Some(0.7),
        Manner::States => Some(1.0),
    }
}

/// "My one concern is GDPR: where is the data?" states before it asks.
fn states_before_asking(position: usize, saying: &Saying<'_>) -> bool {
    saying.hits.iter().any(|hit| hit.owner == Owner::Field(position) && saying.text[hit.end..].contains([':', ';', '–', '—']))
}

/// "Is it possible to …?" is how customers say what they need: the cue is itself the question.
fn is_wish(position: usize, field: &Field, saying: &Saying<'_>) -> bool {
    const ASKING: [&str; 10] = ["is", "can", "could", "how", "do", "does", "would", "may", "are", "what"];
    field.field_type == FieldType::Text
        && saying.hits.iter().any(|hit| {
            let first = saying.text[hit.start..hit.end].split_whitespace().next().unwrap_or_default().to_lowercase();
            hit.owner == Owner::Field(position) && ASKING.contains(&first.as_str())
        })
}
