//! `texts_are_carried`: what the brief says in free text rests on the stretch it quotes.
//!
//! The defence against a model that obeys an attack: not what an attack looks like, but that what it wants has no
//! carrier. A sentence whose words the quoted stretch does not have is taken out; a value of which nothing is left is
//! not stated. Nothing is held for review: an attack must not be able to stop handoffs.
//!
//! Words are compared, not meanings: measured on right briefs and faithful summaries, a paraphrase keeps at least a
//! third of its content words somewhere in what it sums up. Where the brief is written in another language than the
//! sources, only names and what [`super::leaks`] looks at can be compared.

use super::stretch::{Share, Stretch};
use super::{Context, Cut, Found, commitment_name};
use crate::domain::brief::{Brief, Evidence, FieldAnswer, FieldStatus, Severity};
use crate::domain::mention;
use crate::domain::value::Value;
use crate::qa::index::for_each_word;

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
    for (position, promise) in brief.commitments.iter_mut().enumerate() {
        let quoted = Stretch::of(context, &promise.evidence, None);
        let mut cut = if is_quoted(&promise.evidence) { quoted.cut(&mut promise.what) } else { Cut::Nothing };
        for name in [&mut promise.who, &mut promise.to_whom] {
            if name.as_ref().is_some_and(|name| !is_somebody(context, name)) {
                *name = None;
                cut = cut.max(Cut::Part);
            }
        }
        report(&commitment_name(position), cut);
        if cut == Cut::All {
            // The review drops what has no text once every finding has its name.
            promise.what.clear();
        }
    }
    for (position, open) in brief.open_questions.iter_mut().enumerate() {
        let quoted = Stretch::of(context, &open.evidence, None);
        let cut = match open.evidence.is_empty() {
            true => Cut::All,
            false if is_quoted(&open.evidence) => quoted.cut(&mut open.question),
            false => Cut::Nothing,
        };
        report(&format!("open_questions[{position}]"), cut);
        if cut == Cut::All {
            open.question.clear();
        }
    }
    report("headline", cut_headline(context, brief));
    found
}

/// What has no quote, or one that stands nowhere, is for the model or a person to mend: other checks block it.
fn is_quoted(evidence: &[Evidence]) -> bool {
    !evidence.is_empty() && evidence.iter().all(|one| one.span.is_some())
}

fn cut_field(context: &Context<'_>, answer: &mut FieldAnswer) -> Cut {
    if !is_quoted(&answer.evidence) {
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
    COUNTED.contains(&unit) || is_counted_there || words <= 6 && is_known(context, unit)
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
