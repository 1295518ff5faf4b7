//! `quotes_are_verbatim`: every quote stands in the sources, and the brief says where.

use std::collections::HashSet;

use super::{Context, Found, each_evidence};
use crate::context::Unit;
use crate::domain::brief::{Brief, Evidence, Severity, Span};
use crate::qa::harmless::harmless;
use crate::qa::index::for_each_word;
use crate::qa::normal::Normal;

/// After this check a quote with a span is word for word what stands there, whatever the engine wrote.
pub(super) fn quotes_are_verbatim(context: &Context<'_>, brief: &mut Brief) -> Vec<Found> {
    let mut found = Vec::new();
    for (part, place, evidence) in each_evidence(brief) {
        for (i, one) in evidence.iter_mut().enumerate() {
            let place = format!("{place}.evidence[{i}].quote");
            found.extend(settle(context, one).map(|(severity, message)| {
                let finding = Found::new(severity, &part, message);
                if severity == Severity::Info { finding } else { finding.mend_at(place) }
            }));
        }
    }
    found
}

/// Where a quote was found.
enum Place {
    Verbatim(usize, Span),
    /// Over the end of a unit, within one message.
    Spread(Vec<usize>),
    /// With this many words changed.
    Close(usize, Span, usize),
    /// In parts from different places.
    Stitched,
    Absent,
}

fn settle(context: &Context<'_>, evidence: &mut Evidence) -> Option<(Severity, String)> {
    let named = evidence.unit;
    let said = evidence.quote.clone();
    match locate(context, named, &said) {
        Place::Verbatim(position, span) => {
            let unit = &context.excerpt.units()[position];
            tie(evidence, unit, span);
            let message = || format!("the quote stands in unit {}, not in unit {named}; repaired", unit.n);
            (unit.n != named).then(|| (Severity::Info, message()))
        }
        Place::Spread(positions) => {
            let unit = &context.excerpt.units()[positions[0]];
            *evidence = Evidence { span: None, original: None, ..context.excerpt.evidence(unit.n, &said) };
            Some((Severity::Warn, format!("the quote runs over {} units of one message", positions.len())))
        }
        Place::Close(position, span, distance) => {
            tie(evidence, &context.excerpt.units()[position], span);
            let words = if distance == 1 { "1 word" } else { &format!("{distance} words") };
            Some((
                Severity::Warn,
                format!("the quote differs from the source in {words}; the source's own words were put in its place"),
            ))
        }
        Place::Stitched => {
            (evidence.span, evidence.original) = (None, None);
            Some((Severity::Block, "the quote is put together from different places; quote one passage".to_owned()))
        }
        Place::Absent => {
            (evidence.span, evidence.original) = (None, None);
            Some((Severity::Block, "the quote does not stand in the sources; copy it word for word".to_owned()))
        }
    }
}

/// Gives the evidence the source's own words and everything known about who said them when.
fn tie(evidence: &mut Evidence, unit: &Unit, inside: Span) {
    let quote = harmless(&unit.text[inside.start..inside.end]).into_owned();
    *evidence = unit.evidence(quote, inside);
}

fn locate(context: &Context<'_>, named: u32, quote: &str) -> Place {
    let whole = Normal::of(quote);
    let bare = whole.text().trim_matches(['"', '\'', ' ', '.', ',', ';', ':']);
    if !bare.contains(char::is_alphanumeric) {
        return Place::Absent;
    }
    let order = order(context, named);
    // As written first: a full stop that the source has too belongs to the span.
    for position in &order {
        for wanted in [whole.text(), bare] {
            if let Some(span) = context.normal(*position).find(wanted) {
                return Place::Verbatim(*position, span);
            }
        }
    }
    let spread = spread(context, bare);
    if !spread.is_empty() {
        return Place::Spread(spread);
    }
    let words = words(bare);
    if let Some((position, span, distance)) = closest(context, &order, &words) {
        return Place::Close(position, span, distance);
    }
    if is_stitched(context, bare) { Place::Stitched } else { Place::Absent }
}

/// The named unit first, then all others in their order.
fn order(context: &Context<'_>, named: u32) -> Vec<usize> {
    let named = usize::try_from(named).ok().and_then(|n| n.checked_sub(1));
    let all = 0..context.excerpt.units().len();
    let first = named.filter(|position| all.contains(position));
    first.into_iter().chain(all.filter(|position| Some(*position) != first)).collect()
}

/// Neighbouring units of one message that hold the quote together.
fn spread(context: &Context<'_>, quote: &str) -> Vec<usize> {
    let units = context.excerpt.units();
    let joined = |(a, b): (&Unit, &Unit)| a.source == b.source && a.message == b.message && !b.gap_before;
    for position in 1..units.len() {
        if joined((&units[position - 1], &units[position])) {
            let (first, second) = (context.normal(position - 1).text(), context.normal(position).text());
            // The quote must begin in the first: its beginning is cut off there, its rest opens the second.
            let begins =
                quote.match_indices(' ').any(|(at, _)| first.ends_with(&quote[..at]) && second.starts_with(&quote[at + 1..]));
            if begins {
                return vec![position - 1, position];
            }
        }
    }
    Vec::new()
}

fn words(text: &str) -> Vec<(String, Span)> {
    let mut words = Vec::new();
    for_each_word(text, |word, span| words.push((word.to_owned(), span)));
    words
}

/// The stretch of a unit that differs from the quote in the fewest words, if that is few enough. Units that lack
/// too many of the quote's words are passed over without comparing.
fn closest(context: &Context<'_>, order: &[usize], quote: &[(String, Span)]) -> Option<(usize, Span, usize)> {
    let limit = (quote.len() / 6).min(4);
    if limit == 0 {
        return None;
    }
    let wanted: HashSet<&str> = quote.iter().map(|(word, _)| word.as_str()).collect();
    let mut best: Option<(usize, Span, usize)> = None;
    for position in order {
        let normal = context.normal(*position);
        let unit = words(normal.text());
        let present: HashSet<&str> = unit.iter().map(|(word, _)| word.as_str()).filter(|word| wanted.contains(word)).collect();
        if present.len() + limit < wanted.len() {
            continue;
        }
        let Some((distance, first, last)) = align(quote, &unit) else { continue };
        if distance <= limit && best.is_none_or(|(_, _, least)| distance < least) {
            best = Some((*position, normal.original(unit[first].1.start..unit[last].1.end), distance));
        }
    }
    best
}

/// Edit distance in words between the whole quote and the best stretch of the text (Sellers 1980), with the first
/// and last word of that stretch.
fn align(quote: &[(String, Span)], text: &[(String, Span)]) -> Option<(usize, usize, usize)> {
    // Per column: (distance, where the stretch began).
    let mut column: Vec<(usize, usize)> = (0..=quote.len()).map(|row| (row, 0)).collect();
    let mut best: Option<(usize, usize, usize)> = None;
    for (at, (word, _)) in text.iter().enumerate() {
        let mut diagonal = column[0];
        column[0] = (0, at);
        diagonal.1 = at;
        for row in 1..=quote.len() {
            let left = column[row];
            let swap = (diagonal.0 + usize::from(quote[row - 1].0 != *word), diagonal.1);
            let skip_text = (left.0 + 1, left.1);
            let skip_quote = (column[row - 1].0 + 1, column[row - 1].1);
            diagonal = left;
            column[row] = swap.min(skip_text).min(skip_quote);
        }
        let (distance, start) = column[quote.len()];
        if start <= at && best.is_none_or(|(least, _, _)| distance < least) {
            best = Some((distance, start, at));
        }
    }
    best
}

/// Whether a beginning and the rest of a quote each stand somewhere, three words or more each; or the parts
/// around an ellipsis.
fn is_stitched(context: &Context<'_>, quote: &str) -> bool {
    let stands = |part: &str| (0..context.excerpt.units().len()).any(|position| context.normal(position).find(part).is_some());
    let trimmed = |part: &str| part.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let around_ellipsis: Vec<String> = quote.split("...").flat_map(|part| part.split("[...]")).map(trimmed).collect();
    if around_ellipsis.len() > 1 && around_ellipsis.iter().all(|part| !part.is_empty() && stands(part)) {
        return true;
    }
    let spaces: Vec<usize> = quote.match_indices(' ').map(|(at, _)| at).collect();
    // The longest beginning that stands somewhere: if the rest stands too, the quote has two sources.
    let cuts = spaces.iter().enumerate().filter(|(i, _)| *i >= 2 && i + 3 < spaces.len() + 1).map(|(_, at)| *at);
    let longest = cuts.take_while(|at| stands(&trimmed(&quote[..*at]))).last();
    longest.is_some_and(|at| stands(&trimmed(&quote[at..])))
}
