//! [`settle`]: what the elements of an HTML mail say about its lines → depths of quotation and signatures.

use std::ops::Range;

use super::attribution::introduction;
use crate::context::html::Mark;
use crate::context::lines::{Line, spans};
use crate::context::reading::{Removed, RemovedKind};

/// More lines than this are no signature and no introduction, whatever element they stand in.
const LONGEST_SIGNATURE: usize = 20;
const LONGEST_INTRODUCTION: usize = 4;

/// Raises the depth of lines that stand in a copied message, and takes signatures out. `marks` are those of `lines`.
pub(super) fn settle(text: &str, lines: &mut Vec<Line>, marks: &[Mark], zone_seconds: i32) -> Vec<Removed> {
    for run in runs(marks) {
        match marks[run.start] {
            Mark::Quoted => lines[run].iter_mut().for_each(|line| line.depth = line.depth.saturating_add(1)),
            Mark::Introduction => settle_introduction(text, lines, run, zone_seconds),
            Mark::Signature | Mark::None => {}
        }
    }
    take_signatures(text, lines, marks)
}

fn runs(marks: &[Mark]) -> Vec<Range<usize>> {
    let mut start = 0;
    let lengths = marks.chunk_by(|before, after| before == after).map(<[Mark]>::len);
    let run = |length: usize| {
        start += length;
        start - length..start
    };
    lengths.map(run).collect()
}

/// A line in a language that [`introduction`] does not know belongs to the quotation it stands above.
fn settle_introduction(text: &str, lines: &mut [Line], run: Range<usize>, zone_seconds: i32) {
    let filled = lines[run.clone()].iter().filter(|line| !line.is_blank(text)).count();
    let Some(first) = run.clone().find(|at| !lines[*at].is_blank(text)) else { return };
    let Some(next) = lines[run.end..].iter().find(|line| !line.is_blank(text)).map(|line| line.depth) else { return };
    let is_known = introduction(text, &lines[first..], zone_seconds).is_some();
    if !is_known && filled <= LONGEST_INTRODUCTION && next > lines[first].depth {
        lines[run].iter_mut().for_each(|line| line.depth = next);
    }
}

/// Takes signatures out, unless nothing else is left: then it is more likely that the sender wrote into the element.
fn take_signatures(text: &str, lines: &mut Vec<Line>, marks: &[Mark]) -> Vec<Removed> {
    let mut is_taken = vec![false; lines.len()];
    let mut removed = Vec::new();
    for run in runs(marks).into_iter().filter(|run| marks[run.start] == Mark::Signature) {
        let filled = lines[run.clone()].iter().filter(|line| !line.is_blank(text)).count();
        let is_flat = lines[run.clone()].iter().all(|line| line.depth == lines[run.start].depth);
        if filled > 0 && filled <= LONGEST_SIGNATURE && is_flat {
            is_taken[run.clone()].fill(true);
            removed.push(Removed { kind: RemovedKind::Signature, spans: spans(&lines[run]) });
        }
    }
    let has_own_words = lines.iter().zip(&is_taken).any(|(line, taken)| !taken && line.depth == 0 && !line.is_blank(text));
    if !has_own_words {
        return Vec::new();
    }
    let mut taken = is_taken.into_iter();
    lines.retain(|_| !taken.next().unwrap_or_default());
    removed
}
