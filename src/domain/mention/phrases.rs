//! The phrases that deny, hedge and promise: the words that [`super::modality`] goes by.

/// What a phrase does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PhraseKind {
    /// Denies what is said.
    Denial,
    /// Starts like a denial and is none.
    NotDenial,
    /// Takes something back from what is said.
    Hedge,
    /// Said as a promise, whatever stands before it.
    Firm,
    /// Meant as a promise and hedged in itself.
    Hedged,
    /// Taken as a promise though it was not said as one.
    Implied,
    /// Somebody who can promise for the speaker's side.
    Subject,
}

impl PhraseKind {
    pub(super) fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// One phrase a line, in lower case, words only, straight apostrophes.
pub(super) const PHRASES: [(PhraseKind, &str); 7] = [
    (PhraseKind::Denial, DENIALS),
    (PhraseKind::NotDenial, NOT_DENIALS),
    (PhraseKind::Hedge, HEDGES),
    (PhraseKind::Firm, FIRM),
    (PhraseKind::Hedged, HEDGED),
    (PhraseKind::Implied, IMPLIED),
    (PhraseKind::Subject, SUBJECTS),
];

const DENIALS: &str = "lack
    lacks
    lacking
    lacked
    unwilling
    excludes
    excluded
    rejected
    fails to
    failed to
    not
    never
    no
    none
    nobody
    nothing
    neither
    nor
    nowhere
    without
    cannot
    unable
    refuse
    refused
    refuses
    declined
    declines
    cant
    dont
    wont
    doesnt
    didnt
    isnt
    arent
    wasnt
    don't
    doesn't
    didn't
    isn't
    aren't
    wasn't
    weren't
    haven't
    hasn't
    hadn't
    can't
    couldn't
    won't
    wouldn't
    shouldn't
    mustn't
    needn't
    mightn't
    ain't
    shan't";

const NOT_DENIALS: &str = "not only
    not just
    not least
    not to mention
    no problem
    no problems
    no worries
    no doubt
    no later than
    no less than
    no more than
    no fewer than
    no matter
    can't wait
    cannot wait
    don't worry
    don't hesitate
    don't forget
    without doubt
    without a doubt
    without question
    nothing but";

const HEDGES: &str = "might
    probs
    i think so
    i think yes
    maybe
    perhaps
    probably
    possibly
    potentially
    presumably
    hopefully
    ideally
    tentative
    tentatively
    supposedly
    likely
    unlikely
    ballpark
    roughly speaking
    hope to
    hope we
    hope that
    hope so
    hoping
    i hope
    we hope
    try to
    try and
    trying to
    we'll try
    i'll try
    will try
    try our best
    try my best
    aim to
    aiming
    planning to
    intend to
    expect to
    should be able
    should be possible
    should be fine
    should be ok
    should be okay
    should work
    we should
    i should
    it should
    that should
    this should
    they should
    should have it
    we could
    i could
    could probably
    i think
    we think
    i believe
    we believe
    i guess
    i suppose
    i assume
    we assume
    i'd say
    i'm not sure
    we're not sure
    not sure
    not certain
    not guaranteed
    can't promise
    cannot promise
    can not promise
    can't guarantee
    cannot guarantee
    can't commit
    cannot commit
    don't promise
    no promises
    no promise
    no guarantee
    no guarantees
    without guarantee
    if all goes
    if everything goes
    if possible
    if we can
    if i can
    if nothing
    all being well
    fingers crossed
    best effort
    best efforts
    do our best
    do my best
    see if
    see whether
    see what we can
    look into
    subject to
    depends on
    depending on
    more or less
    in principle
    in theory
    to be confirmed
    may be able
    may well
    chances are
    there's a chance
    there is a chance
    at some point
    with any luck
    with luck
    we plan to
    i plan to
    they plan to
    plans to
    we would like to do
    as far as i know
    don't know yet
    up in the air
    not yet clear
    touch wood
    could be";

const FIRM: &str = "you have my word
    you have our word
    i give you my word
    my word on
    we commit to
    i commit to
    we are committed to
    we're committed to
    we are committing
    we're committing
    we guarantee
    i guarantee
    we promise
    i promise
    guaranteed
    is guaranteed
    is included
    are included
    we agree to
    we agreed to
    we have agreed to
    you can count on
    you can rely on
    consider it done
    leave it with me
    leave that with me
    i'm on it
    we'll commit to
    we are committing to
    rest assured
    i'll make sure
    we'll make sure";

const HEDGED: &str = "we should be able
    i should be able
    we should have
    i should have
    we might be able
    i might be able
    we may be able
    i may be able
    we hope to
    i hope to
    we're hoping to
    we are hoping to
    i'm hoping to
    we aim to
    we're aiming to
    we are aiming to
    we plan to
    we're planning to
    we are planning to
    i plan to
    we intend to
    we expect to
    we can probably
    we could probably
    we can try
    i can try
    i can probably
    we'd try
    i'd try";

const IMPLIED: &str = "that's covered
    that is covered
    it's covered
    is covered
    are covered
    we've got you covered
    that's a given
    goes without saying
    comes with
    happy to do
    happy to send
    happy to help with
    happy to include
    happy to set
    glad to send
    let me send
    let me check
    let me confirm
    let me get
    let me find out
    let me follow up
    let me ask
    you'll get
    you will get
    you'll receive
    you will receive
    you'll have access
    you'll have the
    you'll have your
    you will have access
    you will have the
    you will have your
    is part of it
    is part of that
    is part of the
    is part of our
    is part of your
    is part of this
    are part of it
    are part of that
    are part of the
    are part of our
    are part of your
    are part of this
    that's part of it
    that's part of that
    that's part of the
    that's part of our
    that's part of your
    that's part of this
    it's part of it
    it's part of that
    it's part of the
    it's part of our
    it's part of your
    it's part of this";

const SUBJECTS: &str = "we
    i
    we'll
    i'll
    we're
    i'm
    our
    my";
