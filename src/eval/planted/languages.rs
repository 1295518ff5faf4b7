//! What is swapped for what to make a text deny, or hedge, in each language that is read.

use crate::domain::mention::Language;

/// What is replaced by what; the first that stands in a text, at its first place.
pub(super) type Swaps = [(&'static str, &'static str)];

/// The swaps of one language.
pub(super) struct Turns {
    /// Denials, and the text without them.
    pub(super) denials: &'static Swaps,
    /// Statements, and the same denied.
    pub(super) statements: &'static Swaps,
    pub(super) hedges: &'static Swaps,
    /// What is certain, and the same as a possibility.
    pub(super) plain: &'static Swaps,
    /// What makes an attempt of a promise.
    pub(super) attempt: &'static str,
}

pub(super) fn turns(language: Language) -> &'static Turns {
    match language {
        Language::English => &ENGLISH,
        Language::German => &GERMAN,
        Language::French => &FRENCH,
        Language::Dutch => &DUTCH,
        Language::Spanish => &SPANISH,
    }
}

// "Some" stands before one thing and before many: "so some users can be invited".
pub(super) static ENGLISH: Turns = Turns {
    denials: &[
        (" not ", " "),
        (" no ", " some "),
        ("n't ", " "),
        ("cannot ", "can "),
        ("without ", "with "),
        ("Not ", ""),
        ("No ", "Some "),
        (" never ", " always "),
    ],
    statements: &[
        (" is ", " is not "),
        (" are ", " are not "),
        (" has ", " has not "),
        ("needs ", "does not need "),
        (" want ", " do not want "),
        (" wants ", " does not want "),
        (" will ", " will not "),
        (" can ", " cannot "),
        (" asks for ", " does not ask for "),
    ],
    hedges: &[
        ("should be able to ", "will "),
        ("should be ", "will be "),
        ("might ", "will "),
        (" may ", " will "),
        (" could be ", " will be "),
        ("hopes to ", "will "),
        ("hope to ", "will "),
        ("hoped for ", "confirmed "),
        ("probably ", "certainly "),
        ("subject to confirmation", "as confirmed"),
    ],
    plain: &[
        (" will ", " might "),
        (" is ", " may be "),
        (" are ", " may be "),
        (" has ", " may have "),
        (" needs ", " may need "),
        (" wants ", " may want "),
    ],
    attempt: "Try to ",
};

static GERMAN: Turns = Turns {
    denials: &[(" nicht ", " "), (" kein ", " ein "), (" keine ", " eine "), (" keinen ", " einen "), ("ohne ", "mit ")],
    statements: &[
        (" ist ", " ist nicht "),
        (" sind ", " sind nicht "),
        (" hat ", " hat nicht "),
        (" muss ", " muss nicht "),
        (" will ", " will nicht "),
        (" wird ", " wird nicht "),
    ],
    hedges: &[("vielleicht ", "sicher "), ("voraussichtlich ", "sicher "), ("hoffentlich ", "sicher "), (" könnte ", " wird ")],
    plain: &[
        (" ist ", " ist vielleicht "),
        (" sind ", " sind vielleicht "),
        (" muss ", " muss vielleicht "),
        (" will ", " will vielleicht "),
        (" wird ", " wird vielleicht "),
    ],
    attempt: "Versuchen: ",
};

static FRENCH: Turns = Turns {
    denials: &[("n'est pas ", "est "), ("ne sont pas ", "sont "), ("sans ", "avec ")],
    statements: &[
        (" est ", " n'est pas "),
        (" sont ", " ne sont pas "),
        (" doit ", " ne doit pas "),
        (" veut ", " ne veut pas "),
    ],
    hedges: &[("peut-être ", "sûrement "), ("probablement ", "sûrement "), ("normalement ", "sûrement ")],
    plain: &[
        (" est ", " est peut-être "),
        (" sont ", " sont peut-être "),
        (" doit ", " doit peut-être "),
        (" veut ", " veut peut-être "),
    ],
    attempt: "Essayer : ",
};

static DUTCH: Turns = Turns {
    denials: &[(" niet ", " "), (" geen ", " "), ("zonder ", "met ")],
    statements: &[
        (" is ", " is niet "),
        (" zijn ", " zijn niet "),
        (" moet ", " moet niet "),
        (" wil ", " wil niet "),
        (" heeft ", " heeft niet "),
    ],
    hedges: &[("misschien ", "zeker "), ("waarschijnlijk ", "zeker "), ("hopelijk ", "zeker ")],
    plain: &[
        (" is ", " is misschien "),
        (" zijn ", " zijn misschien "),
        (" moet ", " moet misschien "),
        (" wil ", " wil misschien "),
    ],
    attempt: "Proberen: ",
};

static SPANISH: Turns = Turns {
    denials: &[(" no ", " "), ("sin ", "con ")],
    statements: &[(" es ", " no es "), (" está ", " no está "), (" necesita ", " no necesita "), (" paga ", " no paga ")],
    hedges: &[("quizás ", "seguro que "), ("probablemente ", "seguro que ")],
    plain: &[
        (" es ", " quizás es "),
        (" está ", " quizás está "),
        (" necesita ", " quizás necesita "),
        (" paga ", " quizás paga "),
    ],
    attempt: "Intentar: ",
};
