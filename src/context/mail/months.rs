//! [`month`]: number of a month from its name or abbreviation, in the languages of the mail programs.

/// Number of a month: `Mai` → 5. Names of days that begin like a month are none.
pub(super) fn month(name: &str) -> Option<i8> {
    let name = name.to_lowercase();
    // Hebrew writes "in May" as one word.
    let name = name.strip_prefix('ב').filter(|rest| rest.chars().count() > 2).unwrap_or(&name);
    let stems = MONTHS.iter().filter(|(stem, _)| name.starts_with(stem));
    let found = stems.max_by_key(|(stem, _)| stem.len())?;
    (!NOT_MONTHS.contains(&name)).then_some(found.1)
}

const NOT_MONTHS: [&str; 7] = ["mardi", "martes", "martedì", "maandag", "marți", "marti", "martedi"];

/// Stems; the longest that fits wins.
#[rustfmt::skip]
const MONTHS: &[(&str, i8)] = &[
    // Germanic and Romance languages
    ("jan", 1), ("gen", 1), ("ene", 1), ("ian", 1), ("jän", 1), ("feb", 2), ("fév", 2), ("fev", 2), ("fèv", 2), ("mar", 3),
    ("mär", 3), ("mrz", 3), ("maa", 3), ("mrt", 3), ("apr", 4), ("avr", 4), ("abr", 4), ("may", 5), ("mai", 5), ("mag", 5),
    ("mei", 5), ("maj", 5), ("máj", 5), ("juin", 6), ("jun", 6), ("jún", 6), ("giu", 6), ("iun", 6), ("jul", 7), ("júl", 7),
    ("juil", 7), ("lug", 7), ("iul", 7), ("aug", 8), ("aoû", 8), ("aou", 8), ("ago", 8), ("agu", 8), ("agt", 8), ("sep", 9),
    ("set", 9), ("oct", 10), ("okt", 10), ("out", 10), ("ott", 10), ("nov", 11), ("noi", 11), ("dec", 12), ("déc", 12), ("dic", 12),
    ("dez", 12), ("des", 12), ("szept", 9), ("márc", 3), ("ápr", 4), ("febr", 2),
    // Polish, Czech, Finnish, Turkish
    ("sty", 1), ("lut", 2), ("kwi", 4), ("cze", 6), ("lip", 7), ("sie", 8), ("wrz", 9), ("paź", 10), ("paz", 10), ("lis", 11),
    ("gru", 12), ("led", 1), ("úno", 2), ("bře", 3), ("dub", 4), ("kvě", 5), ("červen", 6), ("června", 6), ("čvn", 6),
    ("červenec", 7), ("července", 7), ("čvc", 7), ("srp", 8), ("zář", 9), ("říj", 10), ("pro", 12), ("tammi", 1), ("helmi", 2),
    ("maalis", 3), ("huhti", 4), ("touko", 5), ("kesä", 6), ("heinä", 7), ("elo", 8), ("syys", 9), ("loka", 10), ("marras", 11),
    ("joulu", 12), ("oca", 1), ("şub", 2), ("mart", 3), ("nis", 4), ("haz", 6), ("tem", 7), ("ağu", 8), ("eyl", 9), ("eki", 10),
    ("kas", 11), ("ara", 12),
    // Cyrillic and Greek
    ("янв", 1), ("фев", 2), ("мар", 3), ("апр", 4), ("мая", 5), ("май", 5), ("июн", 6), ("июл", 7), ("авг", 8), ("сен", 9),
    ("окт", 10), ("ноя", 11), ("дек", 12), ("січ", 1), ("лют", 2), ("бер", 3), ("кві", 4), ("трав", 5), ("чер", 6), ("лип", 7),
    ("сер", 8), ("вер", 9), ("жов", 10), ("лис", 11), ("гру", 12), ("ян", 1), ("юни", 6), ("юли", 7), ("сеп", 9), ("ное", 11),
    ("ιαν", 1), ("φεβ", 2), ("μαρ", 3), ("μάρ", 3), ("απρ", 4), ("μαΐ", 5), ("μαϊ", 5), ("μαι", 5), ("μάι", 5), ("μάϊ", 5), ("ιουν", 6), ("ιουλ", 7),
    ("αυγ", 8), ("αύγ", 8), ("σεπ", 9), ("οκτ", 10), ("νοε", 11), ("νοέ", 11), ("δεκ", 12),
    // Hebrew and Arabic
    ("ינו", 1), ("פבר", 2), ("מרץ", 3), ("מרס", 3), ("אפר", 4), ("מאי", 5), ("יונ", 6), ("יול", 7), ("אוג", 8), ("ספט", 9),
    ("אוק", 10), ("נוב", 11), ("דצמ", 12), ("يناير", 1), ("فبراير", 2), ("مارس", 3), ("أبريل", 4), ("ابريل", 4), ("مايو", 5),
    ("يونيو", 6), ("يوليو", 7), ("أغسطس", 8), ("سبتمبر", 9), ("أكتوبر", 10), ("نوفمبر", 11), ("ديسمبر", 12),
];

#[cfg(test)]
mod tests {
    use super::month;

    #[test]
    fn months_of_many_languages_have_their_number() {
        let rows = [
            ("Mai", Some(5)),
            ("października", Some(10)),
            ("červenec", Some(7)),
            ("června", Some(6)),
            ("marraskuuta", Some(11)),
            ("lokakuuta", Some(10)),
            ("juil", Some(7)),
            ("мая", Some(5)),
            ("במאי", Some(5)),
            ("Μαΐ", Some(5)),
            ("Ağu", Some(8)),
            ("mardi", None),
            ("Budget", None),
        ];
        for (name, expected) in rows {
            assert_eq!(month(name), expected, "{name}");
        }
    }
}
