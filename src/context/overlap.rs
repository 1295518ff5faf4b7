//! [`find`]: where the words of some texts stand within others. Linear in the words of all.

use std::collections::HashMap;
use std::ops::Range;

use super::words::Words;

/// Words in a row of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stretch {
    /// Index of the source.
    pub(super) source: usize,
    pub(super) words: Range<usize>,
}

/// Words in a row that tell one text from another. Fewer are looked for by nobody.
pub(super) const RUN: usize = 5;
/// Places kept of one text: the first in the order of the runs.
const MOST_PLACES: usize = 16;
/// Different texts that may be known by the same five words. Beyond it a text is not looked for, which loses nothing.
const MOST_VARIANTS: usize = 16;

/// The places of each text that was looked for.
#[derive(Debug)]
pub(super) struct Found {
    /// Group of each text: texts of the same words share one.
    groups: Vec<Option<usize>>,
    /// Start of each group's places; one more at the end.
    starts: Vec<usize>,
    places: Vec<(usize, usize)>,
}

impl Found {
    /// Source and first word of each place where the text stands, itself included if it is in a run.
    pub(super) fn places(&self, text: usize) -> &[(usize, usize)] {
        match self.groups[text] {
            Some(group) => &self.places[self.starts[group]..self.starts[group + 1]],
            None => &[],
        }
    }
}

/// Looks for `texts` in `runs`, in their order. `words` has the words of each source.
pub(super) fn find(words: &[&Words], runs: &[Stretch], texts: &[Stretch]) -> Found {
    let mut index = Index::default();
    let groups: Vec<Option<usize>> = texts.iter().map(|text| index.add(words[text.source], &text.words)).collect();
    let mut counts = vec![0_usize; index.variants.len()];
    let mut hits: Vec<(usize, usize, usize)> = Vec::new();
    for run in runs {
        index.scan(words[run.source], &run.words, |group, at| {
            if counts[group] < MOST_PLACES {
                counts[group] += 1;
                hits.push((group, run.source, at));
            }
        });
    }
    // Stable: the places of a group stay in the order of the runs.
    hits.sort_by_key(|(group, ..)| *group);
    let mut starts = Vec::with_capacity(counts.len() + 1);
    starts.push(0);
    counts.iter().for_each(|count| starts.push(starts[starts.len() - 1] + count));
    Found { groups, starts, places: hits.into_iter().map(|(_, source, at)| (source, at)).collect() }
}

/// Texts by five of their words: those with the least hash, which are the same five wherever the text stands.
#[derive(Default)]
struct Index {
    /// Hash of the five words → the last variant that was added.
    anchors: HashMap<u64, usize>,
    variants: Vec<Variant>,
}

struct Variant {
    hash: u64,
    words: usize,
    /// Where the five words stand in the text.
    offset: usize,
    /// Another variant with the same anchor.
    next: Option<usize>,
}

impl Index {
    /// The group of a text. `None` if it is too short, or if too many share its anchor.
    fn add(&mut self, words: &Words, text: &Range<usize>) -> Option<usize> {
        let anchors = (text.start..(text.end + 1).saturating_sub(RUN)).map(|at| (words.hash(at..at + RUN), at - text.start));
        let (anchor, offset) = anchors.min()?;
        let hash = words.hash(text.clone());
        let first = self.anchors.get(&anchor).copied();
        let (mut next, mut length) = (first, 0);
        while let Some(n) = next {
            let variant = &self.variants[n];
            if (variant.hash, variant.words, variant.offset) == (hash, text.len(), offset) {
                return Some(n);
            }
            (next, length) = (variant.next, length + 1);
        }
        (length < MOST_VARIANTS).then(|| {
            self.variants.push(Variant { hash, words: text.len(), offset, next: first });
            self.anchors.insert(anchor, self.variants.len() - 1);
            self.variants.len() - 1
        })
    }

    /// Tells every text that stands in a run, and where it begins.
    fn scan(&self, words: &Words, run: &Range<usize>, mut tell: impl FnMut(usize, usize)) {
        for at in run.start..(run.end + 1).saturating_sub(RUN) {
            let mut next = self.anchors.get(&words.hash(at..at + RUN)).copied();
            while let Some(n) = next {
                let variant = &self.variants[n];
                let start = at.checked_sub(variant.offset).filter(|start| *start >= run.start);
                if let Some(start) = start.filter(|start| start + variant.words <= run.end)
                    && words.hash(start..start + variant.words) == variant.hash
                {
                    tell(n, start);
                }
                next = variant.next;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Stretch, find};
    use crate::context::words::Words;

    /// The places of `text` in `whole`, found and by plain search.
    fn both(text: &[u8], whole: &[u8]) -> (Vec<usize>, Vec<usize>) {
        let mut words = Words::default();
        let spelled = |letters: &[u8]| letters.iter().map(|letter| format!("{letter} ")).collect::<String>();
        let text_place = words.push(&spelled(text)).words;
        let place = words.push(&spelled(whole)).words;
        let stretch = |words| Stretch { source: 0, words };
        let found = find(&[&words], &[stretch(place.clone())], &[stretch(text_place)]);
        let naive = whole.windows(text.len()).enumerate().filter(|(_, window)| *window == text).map(|(at, _)| at);
        (found.places(0).iter().map(|(_, at)| at - place.start).collect(), naive.take(super::MOST_PLACES).collect())
    }

    proptest! {
        #[test]
        fn a_text_is_found_where_it_stands_in_full(text in prop::collection::vec(0u8..3, 5..9), mut whole in prop::collection::vec(0u8..3, 0..60), at in 0usize..60) {
            let at = at.min(whole.len());
            whole.splice(at..at, text.iter().copied());
            let (found, naive) = both(&text, &whole);
            prop_assert_eq!(found, naive);
        }
    }
}
