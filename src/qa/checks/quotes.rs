//! `quotes_are_verbatim`: every quote stands in the sources, and the brief says where.

use super::locating::{Place, locate};
use super::{Context, Found, each_evidence};
use crate::context::Unit;
use crate::domain::brief::{Brief, Evidence, Severity, Span};
use crate::qa::harmless::harmless;

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

fn settle(context: &Context<'_>, evidence: &mut Evidence) -> Option<(Severity, String)> {
    let named = evidence.unit;
    let units = context.excerpt.units();
    let info = |message: String| Some((Severity::Info, message));
    match locate(context, named, &evidence.quote) {
        Place::Verbatim(position, span) => {
            let unit = &units[position];
            tie(evidence, unit, span);
            (unit.n != named)
                .then(|| (Severity::Info, format!("the quote stands in unit {}, not in unit {named}; repaired", unit.n)))
        }
        Place::Spread { first, start, last, end } => {
            *evidence = over(&units[first..=last], start, end);
            info(format!("the quote runs over {} units of one message", last - first + 1))
        }
        Place::Labelled { position, span, speaker } => {
            let unit = &units[position];
            tie(evidence, unit, span);
            let message = format!("the quote names {speaker} as its speaker, but somebody else says it in unit {}", unit.n);
            Some((Severity::Warn, message))
        }
        Place::Elided(position, span) => {
            tie(evidence, &units[position], span);
            info("the quote leaves words out; they were put back".to_owned())
        }
        Place::Close { position, span, changed: 0, fillers } => {
            tie(evidence, &units[position], span);
            match fillers {
                0 => info("the quote differs from the source in marks or case only; the source's own were put back".to_owned()),
                _ => info(format!("the quote leaves out {}; put back", words(fillers, "filler word"))),
            }
        }
        Place::Close { position, span, changed, .. } => {
            tie(evidence, &units[position], span);
            let words = words(changed, "word");
            let message = format!("the quote differs from the source in {words}; the source's own words were put in its place");
            Some((Severity::Warn, message))
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

fn words(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Gives the evidence the source's own words and everything known about who said them when.
fn tie(evidence: &mut Evidence, unit: &Unit, inside: Span) {
    let quote = harmless(&unit.text[inside.start..inside.end]).into_owned();
    *evidence = unit.evidence(quote, inside);
}

/// Evidence from a place in the first of these units to one in the last. It names the first unit.
fn over(units: &[Unit], start: usize, end: usize) -> Evidence {
    let pieces = units.iter().enumerate().map(|(i, unit)| {
        let from = if i == 0 { start } else { 0 };
        let to = if i + 1 == units.len() { end } else { unit.text.len() };
        unit.evidence(harmless(&unit.text[from..to]).into_owned(), Span { start: from, end: to })
    });
    pieces
        .reduce(|mut all, piece| {
            all.quote = format!("{}\n{}", all.quote, piece.quote);
            all.span = joined(all.span, piece.span);
            all.original = joined(all.original, piece.original);
            all
        })
        .expect("a quote that runs over units has a first one")
}

fn joined(first: Option<Span>, last: Option<Span>) -> Option<Span> {
    let (first, last) = (first?, last?);
    (first.start <= last.end).then_some(Span { start: first.start, end: last.end })
}
