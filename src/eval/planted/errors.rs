//! All errors of one brief.

use super::subject::Subject;
use super::{Kind, answers, promises, texts};
use crate::domain::brief::{Brief, Evidence};
use crate::domain::mention;
use crate::domain::value::Value;

/// A kind of error, and which of its forms.
pub(super) type Sort = (Kind, &'static str);

/// A brief in which one thing is wrong.
pub(super) struct Planted {
    pub(super) sort: Sort,
    /// What holds the error, in the words of findings.
    pub(super) part: String,
    pub(super) brief: Brief,
}

pub(super) fn all(subject: &Subject<'_>) -> Vec<Planted> {
    let mut field = Field { subject, all: Vec::new() };
    answers::plant(&mut field);
    promises::plant(&mut field);
    for (sort, text) in texts::wrong(subject, "headline", &subject.brief.headline) {
        field.plant(sort, "headline", |brief| brief.headline = text);
    }
    field.all
}

/// Where errors are planted.
pub(super) struct Field<'a> {
    pub(super) subject: &'a Subject<'a>,
    all: Vec<Planted>,
}

impl Field<'_> {
    /// A change that changes nothing is no error.
    pub(super) fn plant(&mut self, sort: Sort, part: &str, change: impl FnOnce(&mut Brief)) {
        let mut brief = self.subject.brief.clone();
        change(&mut brief);
        if brief != self.subject.brief {
            self.all.push(Planted { sort, part: part.to_owned(), brief });
        }
    }
}

/// Sentences that a model might make up.
const INVENTED: [&str; 6] = [
    "We signed this off last week and everybody is happy with it.",
    "Our board has already approved the purchase.",
    "That is the most important thing for us this year.",
    "I have confirmed this with the whole team.",
    "They told us that it has to be done by the summer.",
    "Please go ahead with what we agreed on the phone.",
];

/// A quote that stands nowhere, said to be from where the right one is.
pub(super) fn invented(subject: &Subject<'_>, part: &str, evidence: &[Evidence]) -> Option<Vec<Evidence>> {
    let quote = subject.dice("invented", part).pick(INVENTED.to_vec())?;
    Some(vec![subject.excerpt.evidence(evidence.first()?.unit, quote)])
}

/// A sentence of another unit that does not say what the answer says too.
pub(super) fn elsewhere(
    subject: &Subject<'_>,
    part: &str,
    evidence: &[Evidence],
    says_it: impl Fn(&str) -> bool,
) -> Option<Vec<Evidence>> {
    let units = subject.excerpt.units().iter().filter(|unit| evidence.iter().all(|one| one.unit != unit.n));
    let sentences = units.filter_map(|unit| {
        let span = mention::sentences(&unit.text).into_iter().find(|span| span.end - span.start > 20)?;
        let sentence = &unit.text[span.start..span.end];
        (!says_it(&unit.text)).then_some((unit.n, sentence))
    });
    let (unit, quote) = subject.dice("elsewhere", part).pick(sentences.collect())?;
    Some(vec![subject.excerpt.evidence(unit, quote)])
}

/// Whether a passage holds what a value says: its number or day, or half the longer words of its text.
pub(super) fn says(passage: &str, value: &Value) -> bool {
    let has_number = |number: &f64| {
        let quantities = mention::quantities(passage);
        let numbers = quantities.numbers.iter().map(|one| one.number).chain(quantities.money.iter().map(|one| one.amount));
        let durations = quantities.durations.iter().map(|one| one.amount);
        numbers.chain(durations).any(|one| (one - number).abs() < 1e-9)
    };
    match value {
        Value::Money { amount: number, .. } | Value::Number { number, .. } | Value::Duration { amount: number, .. } => {
            has_number(number)
        }
        Value::Date { said, .. } => shares_half(passage, said),
        Value::Person { name, role: _ } => shares_half(passage, name),
        Value::Choice { choice } => shares_half(passage, &choice.replace('_', " ")),
        Value::Text { text } | Value::Commitment { what: text, .. } => shares_half(passage, text),
        Value::List { items } => items.iter().any(|item| shares_half(passage, item)),
    }
}

/// Whether half the longer words of a text stand in a passage.
pub(super) fn shares_half(passage: &str, text: &str) -> bool {
    let passage = passage.to_lowercase();
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 3).collect();
    let shared = words.iter().filter(|word| passage.contains(**word)).count();
    !words.is_empty() && shared * 2 >= words.len()
}

#[cfg(test)]
mod tests {
    use super::says;
    use crate::domain::value::Value;

    #[test]
    fn a_passage_that_says_the_same_is_not_from_elsewhere() {
        let fee = Value::Money { amount: 6500.0, up_to: None, currency: None, period: None };
        assert!(says("They pay six thousand five hundred dollars.", &fee));
        assert!(!says("They pay 650 dollars.", &fee));
        let need = Value::Text { text: "Fewer credit notes".to_owned() };
        assert!(says("I'd like fewer credit notes.", &need) && !says("Hi Ines! Can you see me?", &need));
    }
}
