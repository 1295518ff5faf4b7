//! [`without_files`]: a text without the files that were written into it in the times before MIME (POSIX uuencode).

use std::ops::Range;

/// The places of a text around files that are written into it as in the times before MIME, and lines that name those.
pub(super) fn without_files(whole: &str, place: Range<usize>) -> (Vec<Range<usize>>, Vec<String>) {
    let text = &whole[place.clone()];
    let (mut places, mut files) = (Vec::new(), Vec::new());
    let (mut start, mut at) = (0, 0);
    while let Some(found) = text[at..].find("begin ") {
        let begin = at + found;
        at = begin + 6;
        let is_line = begin == 0 || text[..begin].ends_with('\n');
        let Some((name, end)) = is_line.then(|| uuencoded(&text[begin..])).flatten() else { continue };
        files.push(format!("attachment `{}` (uuencoded, {} kB)", name.trim(), (end * 3 / 4).div_ceil(1024)));
        places.push(place.start + start..place.start + begin);
        (start, at) = (begin + end, begin + end);
    }
    places.push(place.start + start..place.end);
    places.retain(|place| !place.is_empty());
    (places, files)
}

/// Name and length of the uuencoded file that a text begins with.
fn uuencoded(text: &str) -> Option<(&str, usize)> {
    let mut lines = text.split_inclusive('\n');
    let first = lines.next()?;
    let (mode, name) = first.strip_prefix("begin ")?.split_once(' ')?;
    if !matches!(mode.len(), 3 | 4) || !mode.bytes().all(|byte| (b'0'..=b'7').contains(&byte)) {
        return None;
    }
    let mut length = first.len();
    for line in lines {
        let bare = line.trim_end();
        length += line.len();
        if bare == "end" {
            return Some((name, length));
        }
        // The first character says how many bytes the line has.
        let bytes = bare.bytes().next().map_or(0, |first| usize::from(first.wrapping_sub(32) & 63));
        let is_data =
            bare.bytes().all(|byte| (32..=96).contains(&byte)) && bare.len() + 8 >= bytes.div_ceil(3) * 4 && bare.len() <= 90;
        if !is_data {
            return None;
        }
    }
    None
}
