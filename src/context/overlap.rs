//! [`find`]: where the words of some texts stand within others. Linear in the words of all.

use std::collections::HashMap;
use std::ops::Range;

use super::words::Words;

/// Words in a row of one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    source: u32,
    start: u32,
    end: u32,
}

impl Stretch {
    /// `source`: its index.
    pub(super) fn new(source: usize, words: &Range<usize>) -> Self {
        // Beyond four thousand million words or sources nothing is found, which loses nothing.
        let [source, start, end] = [source, words.start, words.end].map(|n| u32::try_from(n).unwrap_or(0));
        Self { source, start, end }
    }

    pub(super) fn source(self) -> usize {
        self.source as usize
    }

    fn words(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    fn get<'a>(self, words: &[&'a Words]) -> &'a [u32] {
        words[self.source()].get(self.words())
    }
}

/// Words in a row that tell one text from another. Fewer are looked for by nobody.
const RUN: usize = 5;
/// Places kept of one text: the first in the order of the runs.
const MOST_PLACES: u8 = 16;
/// Different texts that may be known by the same five words. Beyond it a text is not looked for, which loses nothing.
const MOST_VARIANTS: usize = 16;
/// Words compared for each word that is there. A thread with full quoting needs two or three; beyond it nothing is
/// found any more, which loses nothing.
const MOST_COMPARED: usize = 64;

/// The places of each text that was looked for.
#[derive(Debug)]
pub(super) struct Found {
    /// Of each text: texts of the same words share one.
    groups: Vec<Option<u32>>,
    /// Group, and where its words stand; by group.
    hits: Vec<(u32, Stretch)>,
}

impl Found {
    /// Source and words of each place where the text stands, itself included if it is in a run.
    pub(super) fn places(&self, text: usize) -> impl Iterator<Item = (usize, Range<usize>)> {
        let hits = self.groups[text].map_or(&[][..], |group| {
            let start = self.hits.partition_point(|(of, _)| *of < group);
            let end = self.hits.partition_point(|(of, _)| *of <= group);
            &self.hits[start..end]
        });
        hits.iter().map(|(_, there)| (there.source(), there.words()))
    }
}

/// Looks for `texts` in `runs`, in their order. `words` has the words of each source.
pub(super) fn find(words: &[&Words], runs: impl Iterator<Item = Stretch>, texts: &[Stretch]) -> Found {
    let mut index = Index { words, anchors: HashMap::new(), variants: Vec::new(), filter: Filter::for_keys(texts.len()) };
    let groups = texts.iter().map(|text| index.add(*text)).collect();
    let mut counts = vec![0; index.variants.len()];
    let mut hits: Vec<(u32, Stretch)> = Vec::new();
    let mut left = words.iter().map(|words| words.len()).sum::<usize>().saturating_mul(MOST_COMPARED);
    for run in runs {
        index.scan(run, &mut left, |group, there| {
            let count: &mut u8 = &mut counts[group as usize];
            if *count < MOST_PLACES {
                *count += 1;
                hits.push((group, there));
            }
        });
    }
    // Stable: the places of a group stay in the order of the runs.
    hits.sort_by_key(|(group, _)| *group);
    Found { groups, hits }
}

/// Texts by five of their words: those with the least hash, which are the same five wherever the text stands.
struct Index<'a> {
    words: &'a [&'a Words],
    /// Hash of the five words → the last variant that was added.
    anchors: HashMap<u64, u32>,
    variants: Vec<Variant>,
    /// Hardly any five words are an anchor: most of them need no look into the map.
    filter: Filter,
}

struct Variant {
    text: Stretch,
    /// Where the five words stand in the text.
    offset: u32,
    /// Another variant with the same anchor.
    next: Option<u32>,
}

impl Index<'_> {
    /// The group of a text. `None` if it is too short, or if too many share its anchor.
    fn add(&mut self, text: Stretch) -> Option<u32> {
        let own = text.get(self.words);
        let anchors = own.windows(RUN).zip(0_u32..).map(|(run, offset)| (hash(run), offset));
        let (anchor, offset) = anchors.min()?;
        let first = self.anchors.get(&anchor).copied();
        let (mut next, mut length) = (first, 0);
        while let Some(n) = next {
            let variant = &self.variants[n as usize];
            if variant.offset == offset && variant.text.get(self.words) == own {
                return Some(n);
            }
            (next, length) = (variant.next, length + 1);
        }
        let group = u32::try_from(self.variants.len()).ok().filter(|_| length < MOST_VARIANTS)?;
        self.variants.push(Variant { text, offset, next: first });
        self.anchors.insert(anchor, group);
        self.filter.add(anchor);
        Some(group)
    }

    /// Tells every text that stands in a run, and where. `left`: words that may be compared.
    fn scan(&self, run: Stretch, left: &mut usize, mut tell: impl FnMut(u32, Stretch)) {
        let own = run.get(self.words);
        for (window, at) in own.windows(RUN).zip(0_u32..) {
            let anchor = hash(window);
            if !self.filter.may_have(anchor) {
                continue;
            }
            let mut next = self.anchors.get(&anchor).copied();
            while let Some(n) = next {
                let variant = &self.variants[n as usize];
                next = variant.next;
                let text = variant.text.get(self.words);
                let Some(start) = at.checked_sub(variant.offset) else { continue };
                let there = own.get(start as usize..).and_then(|rest| rest.get(..text.len()));
                let Some(there) = there.filter(|_| *left >= text.len()) else { continue };
                *left -= text.len();
                if there == text {
                    let start = run.start + start;
                    tell(n, Stretch { source: run.source, start, end: start + (variant.text.end - variant.text.start) });
                }
            }
        }
    }
}

/// A bit for each key, and sixteen times as many bits as keys.
struct Filter(Vec<u64>);

impl Filter {
    fn for_keys(count: usize) -> Self {
        Self(vec![0; (count / 4).next_power_of_two()])
    }

    /// Word and bit of a key: of its upper half, which is mixed best.
    fn bit(&self, key: u64) -> (usize, u64) {
        let bits = (key >> 32) as usize;
        ((bits >> 6) & (self.0.len() - 1), 1 << (bits & 63))
    }

    fn add(&mut self, key: u64) {
        let (word, bit) = self.bit(key);
        self.0[word] |= bit;
    }

    fn may_have(&self, key: u64) -> bool {
        let (word, bit) = self.bit(key);
        self.0[word] & bit != 0
    }
}

fn hash(run: &[u32]) -> u64 {
    let fold = |hash: u64, word: &u32| (hash.rotate_left(5) ^ u64::from(*word)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let folded = run.iter().fold(0, fold);
    folded ^ (folded >> 29)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{MOST_PLACES, Stretch, find};
    use crate::context::words::Words;

    /// The places of `text` in `whole`, found and by plain search.
    fn both(text: &[u8], whole: &[u8]) -> (Vec<usize>, Vec<usize>) {
        let mut words = Words::default();
        let spelled = |letters: &[u8]| letters.iter().map(|letter| format!("{letter} ")).collect::<String>();
        let text_place = words.push(&spelled(text)).words();
        let place = words.push(&spelled(whole)).words();
        let found = find(&[&words], [Stretch::new(0, &place)].into_iter(), &[Stretch::new(0, &text_place)]);
        let naive = whole.windows(text.len()).enumerate().filter(|(_, window)| *window == text).map(|(at, _)| at);
        (found.places(0).map(|(_, words)| words.start - place.start).collect(), naive.take(MOST_PLACES.into()).collect())
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
