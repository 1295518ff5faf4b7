//! [`Name`]: a person's name taken apart, so that two ways to write it can be compared.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization as _;

/// A name without titles, companies and remarks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name {
    /// For people: as written, the given name first.
    pub(super) shown: String,
    pub(super) form: Form,
}

/// What a name says of a person. Parts are folded: lower case, without accents.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    /// Given and family name. `spellings`: `müller` is `muller` and `mueller`.
    Full { given: Spellings, middle: String, family: Spellings },
    /// One of the two is only a letter: `D. Keller`, `Dana K.`
    Initial { given: Spellings, family: Spellings },
    /// After a title: `Dr. Weber`.
    Family(Spellings),
    /// One word: nearly always the given name.
    One(Spellings),
}

/// The ways a word is spelled without accents. Never empty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spellings(BTreeSet<String>);

impl Spellings {
    fn of(word: &str) -> Self {
        Self([folded(word, expanded), folded(word, |_| None)].into_iter().collect())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> + Clone {
        self.0.iter().map(String::as_str)
    }

    fn is_letter(&self) -> bool {
        self.0.iter().all(|word| word.chars().count() == 1)
    }
}

impl Name {
    /// Takes a name apart. `None` if nobody is named: it is empty, a number, or `Speaker 2`.
    pub(super) fn parse(written: &str) -> Option<Self> {
        let bare = bare(written);
        let ordered = given_first(&bare);
        let mut words: Vec<&str> = ordered.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).collect();
        let had = words.len();
        while words.first().is_some_and(|word| words.len() > 1 && is_title(word)) {
            words.remove(0);
        }
        let has_title = words.len() < had;
        while words.last().is_some_and(|word| words.len() > 1 && is_suffix(word)) {
            words.pop();
        }
        if words.is_empty() || is_placeholder(written) || side_role(written) {
            return None;
        }
        let shown = words.join(" ");
        Some(Self { shown, form: form(&words, has_title)? })
    }

    /// The name that the local part of an address, or a short name of a system, spells: `dana.keller`, `dkeller`.
    pub(super) fn of_mailbox(local: &str) -> Option<Self> {
        let local = local.split('+').next().unwrap_or(local);
        let words: Vec<&str> =
            local.split(['.', '_', '-', ' ']).map(|word| word.trim_matches(|c: char| c.is_ascii_digit())).collect();
        let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        let form = form(&words, false)?;
        Some(Self { shown: local.to_owned(), form })
    }

    pub(super) fn is_full(&self) -> bool {
        matches!(self.form, Form::Full { .. })
    }

    /// `given family`, in each spelling. Empty if one of the two is not known.
    pub(super) fn full_keys(&self) -> Vec<String> {
        match &self.form {
            Form::Full { given, family, .. } => pairs(given, family, |given, family| format!("{given} {family}")),
            Form::Initial { .. } | Form::Family(_) | Form::One(_) => Vec::new(),
        }
    }

    /// What somebody of this name may be found by.
    pub(super) fn index_keys(&self) -> Vec<String> {
        let with = |mark: char, words: &Spellings| words.iter().map(|word| format!("{mark}:{word}")).collect::<Vec<_>>();
        let known_as = |words: &Spellings| words.iter().map(|word| format!("n:{}", christened(word))).collect::<Vec<_>>();
        match &self.form {
            Form::Full { given, family, .. } => {
                let mut keys = [with('g', given), with('s', family), known_as(given)].concat();
                keys.extend(pairs(given, family, |given, family| format!("i:{} {family}", first_letter(given))));
                keys.extend(pairs(given, family, |given, family| format!("i:{given} {}", first_letter(family))));
                for (given, family) in pairs(given, family, |given, family| (given.to_owned(), family.to_owned())) {
                    let (g, f) = (first_letter(&given), first_letter(&family));
                    keys.extend([
                        format!("h:{g}{family}"),
                        format!("h:{given}{family}"),
                        format!("h:{given}{f}"),
                        format!("h:{family}{g}"),
                    ]);
                }
                keys
            }
            Form::Initial { given, family } => {
                let pair = pairs(given, family, |given, family| format!("i:{given} {family}"));
                let whole = if given.is_letter() { with('s', family) } else { [with('g', given), known_as(given)].concat() };
                [pair, whole].concat()
            }
            Form::Family(family) => with('s', family),
            Form::One(word) => [with('g', word), known_as(word)].concat(),
        }
    }

    /// What to look somebody of this name up by, in steps: if nobody is found by one, the next is tried.
    pub(super) fn search_keys(&self) -> Vec<Vec<String>> {
        let with = |mark: char, words: &Spellings| words.iter().map(|word| format!("{mark}:{word}")).collect::<Vec<_>>();
        match &self.form {
            Form::Full { .. } => Vec::new(),
            Form::Initial { given, family } => vec![pairs(given, family, |given, family| format!("i:{given} {family}"))],
            Form::Family(family) => vec![with('s', family)],
            Form::One(word) => {
                let known_as = word.iter().map(|word| format!("n:{}", christened(word))).collect();
                vec![[with('g', word), with('s', word), with('h', word)].concat(), known_as]
            }
        }
    }

    /// Whether two full names can be one person's who changed a part of it or goes by a short form.
    pub(super) fn shares_a_part(&self, other: &Self) -> bool {
        let parts = |name: &Self| -> BTreeSet<String> {
            match &name.form {
                Form::Full { given, family, .. } | Form::Initial { given, family } => {
                    given.iter().chain(family.iter()).map(|word| christened(word).to_owned()).collect()
                }
                Form::Family(word) | Form::One(word) => word.iter().map(|word| christened(word).to_owned()).collect(),
            }
        };
        !parts(self).is_disjoint(&parts(other))
    }

    pub(super) fn middle(&self) -> &str {
        match &self.form {
            Form::Full { middle, .. } => middle,
            Form::Initial { .. } | Form::Family(_) | Form::One(_) => "",
        }
    }
}

fn pairs<T>(given: &Spellings, family: &Spellings, pair: impl Fn(&str, &str) -> T) -> Vec<T> {
    given
        .iter()
        .flat_map(|given| family.iter().map(move |family| (given, family)))
        .map(|(given, family)| pair(given, family))
        .collect()
}

fn first_letter(word: &str) -> &str {
    word.chars().next().map_or("", |first| &word[..first.len_utf8()])
}

fn form(words: &[&str], has_title: bool) -> Option<Form> {
    let (first, last) = (words.first()?, words.last()?);
    let (given, family) = (Spellings::of(first), Spellings::of(last));
    if [&given, &family].into_iter().any(|part| part.0.contains("")) {
        return None;
    }
    Some(match (words.len(), given.is_letter(), family.is_letter()) {
        (1, _, _) if has_title => Form::Family(family),
        (1, _, _) => Form::One(given),
        (_, false, false) => {
            let middle: Vec<String> = words[1..words.len() - 1].iter().map(|word| folded(word, expanded)).collect();
            Form::Full { given, middle: middle.join(" "), family }
        }
        (_, true, true) => return None,
        _ => Form::Initial { given, family },
    })
}

/// A name without what is no part of it: a company in brackets or after a bar, `via Zoom`, quotes.
fn bare(written: &str) -> String {
    let cut = written.split(['(', '[', '|', '@', '<']).next().unwrap_or_default();
    let lower = cut.to_lowercase();
    let marks = [" via ", " - ", " – ", " — ", " from ", " / "];
    let end = match lower.len() == cut.len() {
        true => {
            marks.iter().filter_map(|mark| lower.find(mark)).filter(|at| cut.is_char_boundary(*at)).min().unwrap_or(cut.len())
        }
        false => cut.len(),
    };
    cut[..end]
        .replace(['"', '*', '“', '”', '„', '\u{a0}'], " ")
        .trim_matches(|c: char| c.is_whitespace() || c == '\'' || c == ':')
        .to_owned()
}

/// `Keller, Dana` and `KELLER Dana` with the given name first; what else stands after a comma is no name.
fn given_first(bare: &str) -> String {
    if let Some((before, after)) = bare.split_once(',') {
        let (before, after) = (before.trim(), after.trim());
        let family: Vec<&str> = before.split_whitespace().collect();
        let is_family =
            family.len() == 1 || family.iter().rev().skip(1).all(|word| PARTICLES.contains(&word.to_lowercase().as_str()));
        let is_given = (1..=2).contains(&after.split_whitespace().count()) && !is_suffix(after);
        return if is_family && is_given && !before.is_empty() { format!("{after} {before}") } else { before.to_owned() };
    }
    let is_shouted = |word: &str| word.chars().filter(|c| c.is_uppercase()).count() >= 2 && !word.chars().any(char::is_lowercase);
    match bare.split_whitespace().collect::<Vec<_>>().as_slice() {
        [family, given] if is_shouted(family) && given.chars().any(char::is_lowercase) && !is_title(family) => {
            format!("{given} {family}")
        }
        _ => bare.to_owned(),
    }
}

const PARTICLES: [&str; 18] =
    ["van", "von", "vom", "zu", "de", "der", "den", "da", "di", "del", "della", "la", "le", "dos", "du", "ten", "ter", "al"];

fn is_title(word: &str) -> bool {
    let word = word.trim_end_matches('.').to_lowercase();
    let titles = [
        "dr",
        "prof",
        "professor",
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "sir",
        "herr",
        "herrn",
        "frau",
        "hr",
        "fr",
        "sr",
        "sra",
        "señor",
        "señora",
        "monsieur",
        "madame",
        "mme",
        "mlle",
        "ing",
        "dipl-ing",
        "dipl.-ing",
        "mag",
        "dott",
        "sig",
        "dhr",
        "mevr",
        "pan",
        "pani",
        "rev",
    ];
    titles.contains(&word.as_str())
}

fn is_suffix(word: &str) -> bool {
    let word = word.trim_matches(['.', ',', ' ']).to_lowercase();
    [
        "jr", "sr", "ii", "iii", "iv", "phd", "ph.d", "md", "mba", "cpa", "cfa", "esq", "msc", "bsc", "llm", "ceo", "cfo", "cto",
        "coo", "cio", "vp",
    ]
    .contains(&word.as_str())
        || word.starts_with("-san")
}

/// Whether a label stands for somebody without naming him: `Speaker 2`, `Unknown`, `Participant A`.
pub(super) fn is_placeholder(written: &str) -> bool {
    let lower = written.trim().to_lowercase();
    let word = lower.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, ' ' | '_' | '-' | '#' | ':' | '.'));
    let word = match word.rsplit_once([' ', '_', '-']) {
        Some((before, letter)) if letter.len() == 1 => before,
        _ => word,
    };
    const STANDINS: [&str; 27] = [
        "",
        "speaker",
        "spk",
        "unknown speaker",
        "unknown",
        "unidentified",
        "unidentified speaker",
        "participant",
        "user",
        "person",
        "caller",
        "guest",
        "channel",
        "voice",
        "attendee",
        "sprecher",
        "sprecherin",
        "teilnehmer",
        "unbekannt",
        "locuteur",
        "intervenant",
        "hablante",
        "orador",
        "falante",
        "spreker",
        "talare",
        "話者",
    ];
    STANDINS.contains(&word)
}

fn side_role(written: &str) -> bool {
    super::sides::of_role(written).is_some()
}

/// Lower case and without accents. `expand` says what a letter becomes instead of losing its accent.
fn folded(word: &str, expand: impl Fn(char) -> Option<&'static str>) -> String {
    let mut folded = String::with_capacity(word.len());
    for c in word.nfc().flat_map(char::to_lowercase) {
        match expand(c).or_else(|| unaccented(c)) {
            Some(letters) => folded.push_str(letters),
            None => folded.extend(std::iter::once(c).nfd().filter(|c| c.is_alphanumeric())),
        }
    }
    folded
}

/// How German and the Nordic languages spell their letters where they cannot be typed.
fn expanded(c: char) -> Option<&'static str> {
    Some(match c {
        'ä' | 'æ' => "ae",
        'ö' | 'ø' => "oe",
        'ü' => "ue",
        'å' => "aa",
        _ => return None,
    })
}

/// Letters that are not made of a letter and an accent.
fn unaccented(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "a",
        'ø' => "o",
        'ł' => "l",
        'đ' => "d",
        'ı' => "i",
        _ => return None,
    })
}

/// The name that a short form is short for. Only those that are short for one name.
fn christened(given: &str) -> &str {
    const SHORT_FORMS: [(&str, &str); 36] = [
        ("mike", "michael"),
        ("bob", "robert"),
        ("rob", "robert"),
        ("bill", "william"),
        ("will", "william"),
        ("tom", "thomas"),
        ("dan", "daniel"),
        ("dave", "david"),
        ("jim", "james"),
        ("joe", "joseph"),
        ("ben", "benjamin"),
        ("matt", "matthew"),
        ("nick", "nicholas"),
        ("greg", "gregory"),
        ("jeff", "jeffrey"),
        ("ken", "kenneth"),
        ("pete", "peter"),
        ("rich", "richard"),
        ("rick", "richard"),
        ("dick", "richard"),
        ("steve", "stephen"),
        ("andy", "andrew"),
        ("tony", "anthony"),
        ("tim", "timothy"),
        ("ed", "edward"),
        ("becky", "rebecca"),
        ("liz", "elizabeth"),
        ("beth", "elizabeth"),
        ("jen", "jennifer"),
        ("jenny", "jennifer"),
        ("sue", "susan"),
        ("debbie", "deborah"),
        ("cathy", "catherine"),
        ("vicky", "victoria"),
        ("hans", "johannes"),
        ("uli", "ulrich"),
    ];
    SHORT_FORMS.iter().find(|(short, _)| *short == given).map_or(given, |(_, long)| long)
}

#[cfg(test)]
mod tests {
    use super::{Form, Name, is_placeholder};

    fn full(written: &str) -> Option<(String, Vec<String>)> {
        let name = Name::parse(written)?;
        Some((name.shown.clone(), name.full_keys()))
    }

    #[test]
    fn titles_companies_and_remarks_are_no_part_of_a_name() {
        for written in [
            "Dana Keller",
            "  DANA KELLER ",
            "Keller, Dana",
            "KELLER Dana",
            "Dr. Dana Keller",
            "Prof. Dr. Dana Keller, MBA",
            "Dana Keller (Northwind)",
            "Dana Keller | Northwind",
            "Dana Keller - Northwind",
            "Dana Keller via Zoom",
            "Dana Keller (Host)",
            "Dana Keller [External]",
            "\"Dana Keller\" (Guest)",
            "Dana Keller, CFO",
        ] {
            assert_eq!(full(written).unwrap().1, ["dana keller"], "{written}");
        }
        assert_eq!(full("Keller, Dana (Host)").unwrap().0, "Dana Keller");
        assert_eq!(full("van der Berg, Jan").unwrap().1, ["jan berg"]);
        assert_eq!(full("Dana Keller, Northwind").unwrap().0, "Dana Keller");
    }

    #[test]
    fn accents_and_umlauts_are_spelled_in_both_ways() {
        assert_eq!(full("Jörg Müller").unwrap().1, ["joerg mueller", "joerg muller", "jorg mueller", "jorg muller"]);
        assert_eq!(full("René Łukasz").unwrap().1, ["rene lukasz"]);
    }

    #[test]
    fn what_is_less_than_a_full_name_says_so() {
        let form = |written: &str| match Name::parse(written).map(|name| name.form) {
            Some(Form::Full { .. }) => "full",
            Some(Form::Initial { .. }) => "initial",
            Some(Form::Family(_)) => "family",
            Some(Form::One(_)) => "one",
            None => "nobody",
        };
        let rows = [
            ("D. Keller", "initial"),
            ("Dana K.", "initial"),
            ("Dr. Weber", "family"),
            ("Herr Weber", "family"),
            ("Dana", "one"),
            ("dkeller", "one"),
            ("D. K.", "nobody"),
            ("Speaker 2", "nobody"),
            ("Customer", "nobody"),
            ("+49 30 1234567", "nobody"),
            ("", "nobody"),
            ("李雷", "one"),
        ];
        for (written, expected) in rows {
            assert_eq!(form(written), expected, "{written}");
        }
    }

    #[test]
    fn labels_that_name_nobody_are_known() {
        for label in ["Speaker 2", "SPEAKER_00", "speaker A", "Unknown Speaker", "Participant #3", "Sprecher 1", "Guest", "1"] {
            assert!(is_placeholder(label), "{label}");
        }
        for name in ["Dana", "Guestia Lee", "Dana K", "Speakman", "Ann 2"] {
            assert!(!is_placeholder(name), "{name}");
        }
    }

    #[test]
    fn names_of_any_characters_are_taken_apart_without_a_panic() {
        for written in ["İ Ω, ß", ",", "  ", "ﬀ | x", "a, b, c", "\u{301} \u{301}", "Ǆ.", "𝒟𝒶𝓃𝒶 𝒦", "x via", "- - -"]
        {
            if let Some(name) = Name::parse(written) {
                name.index_keys();
                name.search_keys();
            }
            Name::of_mailbox(written);
        }
    }
}
