//! Where a quote stands: as it was written, over the end of a paragraph, with words left out or changed, or nowhere.

use super::Context;
use super::alignment::{Pattern, closest};
use crate::context::Unit;
use crate::domain::brief::Span;
use crate::qa::index::for_each_word;
use crate::qa::normal::Normal;

/// Where a quote was found. Positions are those of units, from 0; spans lie in the unit's text.
pub(super) enum Place {
    Verbatim(usize, Span),
    /// Over the ends of neighbouring units of one message. `start` in the text of the first, `end` in that of the last.
    Spread {
        first: usize,
        start: usize,
        last: usize,
        end: usize,
    },
    /// Behind a speaker's name that is not the one of who says it.
    Labelled {
        position: usize,
        span: Span,
        speaker: String,
    },
    /// With `…` for words of the same unit.
    Elided(usize, Span),
    /// With this many words changed, and without this many that recognisers write for hesitation.
    Close {
        position: usize,
        span: Span,
        changed: usize,
        fillers: usize,
    },
    /// In parts from different places.
    Stitched,
    Absent,
}

/// Looks for a quote, first in the unit that the engine names.
pub(super) fn locate(context: &Context<'_>, named: u32, quote: &str) -> Place {
    let decoded = decode(quote);
    let whole = Normal::of(&decoded);
    let bare = bare(whole.text());
    if !bare.contains(char::is_alphanumeric) {
        return Place::Absent;
    }
    let order = order(context, named);
    // As written first: a full stop that the source has too belongs to the span.
    let verbatim = |position: &usize| {
        let found = [whole.text(), bare].into_iter().find_map(|wanted| context.normal(*position).find(wanted));
        found.map(|span| Place::Verbatim(*position, span))
    };
    let found = order.iter().find_map(verbatim).or_else(|| spread(context, bare)).or_else(|| behind_label(context, &order, bare));
    if let Some(place) = found.or_else(|| elided(context, &order, bare)) {
        return place;
    }
    let pattern = Pattern::of(bare);
    if let Some(close) = closest(&pattern, order.iter().map(|position| (*position, context.normal(*position).text()))) {
        let span = context.normal(close.position).original(close.range);
        return Place::Close { position: close.position, span, changed: close.changed, fillers: close.fillers };
    }
    if is_stitched(context, bare) { Place::Stitched } else { Place::Absent }
}

fn bare(quote: &str) -> &str {
    quote.trim_matches(['"', '\'', ' ', '.', ',', ';', ':'])
}

/// Without HTML's spelling of marks: models copy it along from web mail.
fn decode(quote: &str) -> std::borrow::Cow<'_, str> {
    const ENTITIES: [(&str, &str); 8] = [
        ("&nbsp;", " "),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&apos;", "'"),
        ("&quot;", "\""),
        ("&lt;", "<"),
        ("&gt;", ">"),
        // Last: `&amp;lt;` stands for `&lt;`.
        ("&amp;", "&"),
    ];
    if !(quote.contains('&') && quote.contains(';')) {
        return quote.into();
    }
    ENTITIES.iter().fold(quote.to_owned(), |text, (entity, mark)| text.replace(entity, mark)).into()
}

/// The named unit first, then all others in their order.
fn order(context: &Context<'_>, named: u32) -> Vec<usize> {
    let named = usize::try_from(named).ok().and_then(|n| n.checked_sub(1));
    let all = 0..context.excerpt.units().len();
    let first = named.filter(|position| all.contains(position));
    first.into_iter().chain(all.filter(|position| Some(*position) != first)).collect()
}

/// Neighbouring units of one message that hold the quote together: it begins in one, whose end it runs over.
fn spread(context: &Context<'_>, quote: &str) -> Option<Place> {
    let last = context.excerpt.units().len().checked_sub(1)?;
    (0..last).find_map(|first| {
        let text = context.normal(first).text();
        let mut cuts = quote.match_indices(' ').map(|(at, _)| at).take_while(|at| *at <= text.len());
        cuts.find_map(|at| {
            let start = text.strip_suffix(&quote[..at])?.len();
            let is_word = text[..start].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
            let (last, end) = is_word.then(|| rest_of(context, first, &quote[at + 1..])).flatten()?;
            let start = context.normal(first).original(start..text.len()).start;
            let end = context.normal(last).original(0..end).end;
            Some(Place::Spread { first, start, last, end })
        })
    })
}

/// Where the rest of a quote ends that goes on with the unit after this one.
fn rest_of(context: &Context<'_>, mut position: usize, mut rest: &str) -> Option<(usize, usize)> {
    let units = context.excerpt.units();
    let joined = |a: &Unit, b: &Unit| a.source == b.source && a.message == b.message && !b.gap_before;
    loop {
        let next = position + 1;
        if rest.is_empty() || next >= units.len() || !joined(&units[position], &units[next]) {
            return None;
        }
        let text = context.normal(next).text();
        if let Some(after) = text.strip_prefix(rest) {
            let is_word = after.chars().next().is_none_or(|c| !c.is_alphanumeric());
            return is_word.then_some((next, rest.len()));
        }
        rest = rest.strip_prefix(text)?.strip_prefix(' ')?;
        position = next;
    }
}

/// Bytes of a label.
const LONGEST_LABEL: usize = 60;

/// `Ann Lee: We need it`: the name stands before the words in a transcript, not in them.
fn behind_label(context: &Context<'_>, order: &[usize], quote: &str) -> Option<Place> {
    let (label, rest) = quote.split_once(": ").filter(|(label, _)| label.len() <= LONGEST_LABEL)?;
    let rest = bare(rest);
    let (position, span) = order.iter().find_map(|position| Some((*position, context.normal(*position).find(rest)?)))?;
    let names = |speaker: &str| shares_word(speaker, label);
    let units = context.excerpt.units();
    let is_right = units[position].speaker.as_deref().is_none_or(names);
    let mut others = units.iter().filter_map(|unit| unit.speaker.as_deref());
    match others.find(|speaker| names(speaker)).filter(|_| !is_right) {
        Some(speaker) => Some(Place::Labelled { position, span, speaker: speaker.to_owned() }),
        None => Some(Place::Verbatim(position, span)),
    }
}

fn shares_word(a: &str, b: &str) -> bool {
    let mut shares = false;
    for_each_word(a, |word, _| {
        for_each_word(b, |other, _| shares |= word == other);
    });
    shares
}

/// The parts of a quote between its ellipses.
fn parts(quote: &str) -> Vec<String> {
    let plain = quote.replace("[...]", "...").replace("(...)", "...");
    let trimmed = |part: &str| part.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    plain.split("...").map(trimmed).filter(|part| !part.is_empty()).collect()
}

/// Parts around ellipses that stand in one unit in this order. Bounded by what one turn or paragraph holds.
fn elided(context: &Context<'_>, order: &[usize], quote: &str) -> Option<Place> {
    let parts = if quote.contains("...") { parts(quote) } else { Vec::new() };
    if parts.len() < 2 {
        return None;
    }
    order.iter().find_map(|position| {
        let normal = context.normal(*position);
        let text = normal.text();
        let mut range: Option<(usize, usize)> = None;
        for part in &parts {
            let from = range.map_or(0, |(_, end)| end);
            let is_whole = |at: &usize| {
                let (before, after) = (text[..from + *at].chars().next_back(), text[from + *at + part.len()..].chars().next());
                before.is_none_or(|c| !c.is_alphanumeric()) && after.is_none_or(|c| !c.is_alphanumeric())
            };
            let at = text[from..].match_indices(part.as_str()).map(|(at, _)| at).find(is_whole)? + from;
            range = Some((range.map_or(at, |(start, _)| start), at + part.len()));
        }
        range.map(|(start, end)| Place::Elided(*position, normal.original(start..end)))
    })
}

/// Whether a beginning and the rest of a quote each stand somewhere, three words or more each; or the parts
/// around an ellipsis.
fn is_stitched(context: &Context<'_>, quote: &str) -> bool {
    let stands = |part: &str| (0..context.excerpt.units().len()).any(|position| context.normal(position).find(part).is_some());
    let trimmed = |part: &str| part.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let parts = parts(quote);
    if parts.len() > 1 && parts.iter().all(|part| stands(part)) {
        return true;
    }
    let spaces: Vec<usize> = quote.match_indices(' ').map(|(at, _)| at).collect();
    let cuts = spaces.get(2..spaces.len().saturating_sub(2)).unwrap_or_default();
    // The longest beginning that stands somewhere: if the rest stands too, the quote has two sources. A beginning of one
    // that stands does too, so that halving finds it.
    let standing = cuts.partition_point(|at| stands(&trimmed(&quote[..*at])));
    standing.checked_sub(1).is_some_and(|last| stands(&trimmed(&quote[cuts[last]..])))
}
