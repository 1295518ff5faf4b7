//! A claim that speaks of a "tablet" where the sources speak of a "laptop".

use std::sync::LazyLock;

use super::lexicon::{Compare, Hit, Lexicon};
use super::saying::Saying;
use super::{Parting, Strength};
use crate::domain::brief::Span;

static TERMS: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::parse(include_str!("terms.txt"), " ", "=", &Compare::Words));

/// Words of a claim for things that the sources name in no words.
pub(in crate::qa) fn unknown_terms(saying: &Saying<'_, '_>) -> Vec<Parting> {
    let hits = TERMS.hits(&saying.heard().words);
    let groups = hits.chunk_by(|a, b| a.at == b.at);
    groups.filter_map(|hits| parting(saying, hits)).collect()
}

fn parting(saying: &Saying<'_, '_>, hits: &[Hit]) -> Option<Parting> {
    let first = hits.iter().find(|hit| !hit.is_cue)?;
    let stands = |hit: &Hit| TERMS.sentences(saying.sources, hit.row, hit.side).next().is_some();
    if hits.iter().any(stands) {
        return None;
    }
    let own = &saying.heard().words;
    let start = own.span(first.at).start;
    let words = Span { start, end: own.span(first.at + first.len - 1).end };
    let others = (0..TERMS.sides(first.row)).flat_map(|side| TERMS.sentences(saying.sources, first.row, side));
    let sentence = others.filter(|sentence| saying.close().contains(sentence)).min();
    let claimed = &saying.text[words.start..words.end];
    let (strength, message) = match sentence {
        Some(_) => {
            let other = "the closest passage names another thing of that kind";
            (Strength::Plain, format!("\"{claimed}\" stands in no source; {other}"))
        }
        None => (Strength::Hint, format!("\"{claimed}\" stands in no source")),
    };
    Some(Parting { sentence, strength, message })
}

#[cfg(test)]
mod tests {
    use super::unknown_terms;
    use crate::qa::claim::{Saying, Sources};

    const MAIL: &str = "I attached a leaflet about our delivery vans. Could we show you the laptops on Thursday morning?";

    fn found(claim: &str) -> Vec<String> {
        let sources = Sources::of([(MAIL, None)]);
        unknown_terms(&Saying::new(claim, &sources)).into_iter().map(|parting| parting.message).collect()
    }

    #[test]
    fn a_thing_that_no_source_names_is_found() {
        let other = "stands in no source; the closest passage names another thing of that kind";
        assert_eq!(found("They attached an invoice about delivery."), [format!("\"invoice\" {other}")]);
        assert_eq!(found("They show printers on Thursday morning."), [format!("\"printers\" {other}")]);
        assert_eq!(found("They rent a warehouse."), ["\"warehouse\" stands in no source"]);
    }

    #[test]
    fn another_word_for_the_same_thing_is_none() {
        assert_eq!(found("The brochure is about delivery vans."), [""; 0]);
        assert_eq!(found("The computers come on Thursday."), [""; 0]);
    }
}
