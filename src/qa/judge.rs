//! The claims of a reviewed brief for a second model to judge, and what its judgements say in the brief.
//!
//! The judge only adds: a finding that warns, and a step less of confidence. It changes no value and holds nothing back.

use std::collections::BTreeMap;
use std::fmt::Display;

use super::checks::{Context, Found, commitment_name};
use super::review::Reviewed;
use super::stretches::{NEAREST, lacking, nearest, quoted, telling_words, with_nearest};
use crate::context::Excerpt;
use crate::domain::brief::{Brief, Commitment, Confidence, Evidence, FieldStatus, Firmness, Origin, Severity};
use crate::domain::claim::{Claim, Judged, Judgement, Reason, Stretch, Verdict};
use crate::domain::contract::Contract;
use crate::domain::event::Side;
use crate::domain::mention;
use crate::domain::value::{Period, Value};

/// The row of the table.
const CHECK: &str = "claims_are_supported";

/// The claims that are judged, each with the stretches of text it rests on. What a person wrote is no claim, and one that
/// no text of the sources comes near has nothing to be judged by: the checks have spoken of it.
pub fn claims_to_judge(reviewed: &Reviewed, excerpt: &Excerpt, contract: &Contract, judged: Judged) -> Vec<Claim> {
    let context = Context::new(excerpt, contract);
    let brief = reviewed.brief();
    let with_quotes =
        sayings(brief).into_iter().map(|saying| (quoted(&context, saying.evidence, &telling_words(&saying.text)), saying));
    let to_judge = with_quotes.filter(|(quoted, saying)| match judged {
        Judged::All => true,
        Judged::Uncertain => is_uncertain(reviewed, &context, saying, quoted),
    });
    let claims = to_judge.map(|(quoted, saying)| {
        let stretches = with_nearest(&context, brief, &saying, quoted);
        Claim { part: saying.part, about: saying.about, text: saying.text, stretches }
    });
    claims.filter(|claim| !claim.stretches.is_empty()).collect()
}

/// Adds what the judge says: a judgement of each claim, or why there is none.
pub fn add_judgements(reviewed: Reviewed, claims: &[Claim], judgements: &[Result<Judgement, String>]) -> Reviewed {
    let mut found = Vec::new();
    let mut not_judged: BTreeMap<&str, Vec<&Claim>> = BTreeMap::new();
    for (claim, judgement) in claims.iter().zip(judgements) {
        match judgement {
            Ok(judgement) => found.extend(disagreement(claim, *judgement)),
            Err(why) => not_judged.entry(why).or_default().push(claim),
        }
    }
    for (why, left_out) in not_judged {
        let part = match &left_out[..] {
            [only] => only.part.as_str(),
            _ => "",
        };
        let message = format!("not judged ({} of {} claims): {why}", left_out.len(), claims.len());
        found.push(Found::new(Severity::Info, part, message));
    }
    reviewed.with_findings(CHECK, found)
}

fn disagreement(claim: &Claim, judgement: Judgement) -> Option<Found> {
    let (severity, says) = match judgement.verdict {
        Verdict::Supported => return None,
        Verdict::Contradicted => (Severity::Warn, "a second model reads the sources otherwise"),
        Verdict::NotInTheText => (Severity::Warn, "a second model does not find it in the sources"),
        Verdict::CannotTell => (Severity::Info, "a second model cannot tell from the sources"),
    };
    let because = match judgement.reason {
        Reason::None | Reason::NotSaid | Reason::Other => "",
        Reason::WrongNumber => " (the number is another)",
        Reason::WrongUnit => " (the unit, currency or period is another)",
        Reason::WrongDay => " (the day is another)",
        Reason::WrongPerson => " (it is somebody else)",
        Reason::WrongSide => " (it is the other side)",
        Reason::Denied => " (it is denied there)",
        Reason::Hedged => " (it is less firm there)",
        Reason::OnlyAsked => " (it is only asked there)",
        Reason::TakenBack => " (it is taken back there)",
    };
    let text: String = claim.text.chars().take(SHOWN).collect();
    Some(Found::new(severity, &claim.part, format!("{says}{because}: \"{text}\"")))
}

/// The most characters of a claim that its finding shows.
const SHOWN: usize = 160;

/// One thing the brief says.
pub(super) struct Saying<'a> {
    part: String,
    about: String,
    pub(super) text: String,
    /// The engine's own words in it; `None` for a typed value, which the checks compare exactly.
    pub(super) own_words: Option<&'a str>,
    evidence: &'a [Evidence],
    confidence: Option<Confidence>,
}

fn sayings(brief: &Brief) -> Vec<Saying<'_>> {
    let headline = mention::sentences(&brief.headline).into_iter().map(|span| {
        let text = &brief.headline[span.start..span.end];
        saying("headline".to_owned(), "headline", text.to_owned(), Some(text), &[])
    });
    let commitments = (0..).zip(&brief.commitments).map(|(n, promise)| {
        saying(commitment_name(n), "commitment", said_of_promise(promise), Some(&promise.what), &promise.evidence)
    });
    let questions = (0..).zip(&brief.open_questions).map(|(n, open): (usize, _)| {
        let part = format!("open_questions[{n}]");
        saying(part, "open question", open.question.clone(), Some(&open.question), &open.evidence)
    });
    headline.chain(field_sayings(brief)).chain(commitments).chain(questions).collect()
}

fn saying<'a>(part: String, about: &str, text: String, own_words: Option<&'a str>, evidence: &'a [Evidence]) -> Saying<'a> {
    Saying { part, about: about.to_owned(), text, own_words, evidence, confidence: None }
}

fn field_sayings(brief: &Brief) -> impl Iterator<Item = Saying<'_>> {
    let stated = brief.fields.iter().filter(|answer| answer.status == FieldStatus::Stated && answer.origin == Origin::Machine);
    let with_value = stated.filter_map(|answer| Some((answer, answer.value.as_ref()?)));
    with_value.flat_map(|(answer, value)| {
        let texts: Vec<(String, Option<&str>)> = match value {
            Value::Text { text } => vec![(text.clone(), Some(text))],
            Value::List { items } => items.iter().map(|item| (item.clone(), Some(item.as_str()))).collect(),
            Value::Commitment { what, .. } => vec![(said(value), Some(what))],
            Value::Money { .. } | Value::Number { .. } | Value::Date { .. } | Value::Duration { .. } => vec![(said(value), None)],
            Value::Person { .. } | Value::Choice { .. } => vec![(said(value), None)],
        };
        texts.into_iter().map(|(text, own_words)| Saying {
            confidence: Some(answer.confidence),
            ..saying(answer.name.clone(), &format!("field {}", answer.name), text, own_words, &answer.evidence)
        })
    })
}

/// A typed value in words.
fn said(value: &Value) -> String {
    let up_to = |up_to: &Option<f64>| also(" to ", up_to.as_ref());
    match value {
        Value::Text { text } => text.clone(),
        Value::Money { amount, up_to: most, currency, period } => {
            format!("{amount}{}{}{}", up_to(most), also(" ", currency.as_ref()), also(" ", period.map(period_name)))
        }
        Value::Number { number, up_to: most, unit } => format!("{number}{}{}", up_to(most), also(" ", unit.as_ref())),
        Value::Date { date, said } => format!("{date} (\"{said}\")"),
        Value::Duration { amount, up_to: most, unit } => format!("{amount}{} {}", up_to(most), unit.plural()),
        Value::Person { name, role } => format!("{name}{}", also(", ", role.as_ref())),
        Value::Choice { choice } => choice.clone(),
        Value::List { items } => items.join("; "),
        Value::Commitment { what, who, due } => {
            format!("{}{what}{}", who.as_ref().map(|who| format!("{who}: ")).unwrap_or_default(), also(", due ", due.as_ref()))
        }
    }
}

fn said_of_promise(promise: &Commitment) -> String {
    let who = promise.who.as_deref().unwrap_or("somebody");
    let side = match promise.side {
        Side::Customer => "customer",
        Side::Ours => "ours",
        Side::Unknown => "side unknown",
    };
    let firmness = match promise.firmness {
        Firmness::Firm => "firm",
        Firmness::Hedged => "hedged",
        Firmness::Implied => "implied",
    };
    let (to, due) = (also(" to ", promise.to_whom.as_ref()), also(", due ", promise.due.as_ref()));
    format!("{who} ({side}){to}: {}{due}, {firmness}", promise.what)
}

fn also(before: &str, thing: Option<impl Display>) -> String {
    thing.map(|thing| format!("{before}{thing}")).unwrap_or_default()
}

fn period_name(period: Period) -> &'static str {
    match period {
        Period::Once => "once",
        Period::Day => "a day",
        Period::Month => "a month",
        Period::Quarter => "a quarter",
        Period::Year => "a year",
    }
}

/// Below this share of a saying's words in its quotes, the words alone do not show that it was said.
const WELL_COVERED: f64 = 0.6;

fn is_uncertain(reviewed: &Reviewed, context: &Context<'_>, saying: &Saying<'_>, quoted: &[Stretch]) -> bool {
    let mut about_it = reviewed.findings().iter().filter(|finding| finding.field.as_deref() == Some(&saying.part));
    let is_unsure = saying.confidence.is_some_and(|confidence| confidence < Confidence::High);
    let Some(own_words) = saying.own_words else { return is_unsure || about_it.any(|one| one.severity >= Severity::Warn) };
    let words = telling_words(own_words);
    // What has no quotes may rest on anything.
    let lacking = match saying.evidence.is_empty() {
        true => lacking(context, &words, &nearest(context, words.clone(), NEAREST, 0.0)),
        false => lacking(context, &words, quoted),
    };
    let is_covered = (words.len() - lacking.len()) as f64 >= words.len() as f64 * WELL_COVERED;
    is_unsure || !is_covered || about_it.any(|one| one.severity >= Severity::Warn)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::cases::{contract, excerpt, human, right_brief};
    use super::super::{Reviewed, review};
    use super::{Claim, Judged, add_judgements, claims_to_judge};
    use crate::domain::brief::{Brief, Confidence, Severity};
    use crate::domain::claim::{Judgement, Reason, Verdict};
    use crate::domain::value::Value;

    fn reviewed(brief: Brief) -> Reviewed {
        review(brief, &excerpt(), &contract(), &BTreeMap::new())
    }

    fn claims(reviewed: &Reviewed, judged: Judged) -> Vec<Claim> {
        claims_to_judge(reviewed, &excerpt(), &contract(), judged)
    }

    fn stretches(claim: &Claim) -> Vec<String> {
        let excerpt = excerpt();
        let text = |unit: u32| &excerpt.unit(unit).unwrap().text;
        claim.stretches.iter().map(|one| text(one.unit)[one.span.start..one.span.end].to_owned()).collect()
    }

    #[test]
    fn every_claim_of_a_brief_is_asked_about_with_the_text_it_rests_on() {
        let reviewed = reviewed(right_brief());
        let shown: Vec<String> = claims(&reviewed, Judged::All)
            .iter()
            .map(|claim| format!("{} | {}\n    {}", claim.about, claim.text, stretches(claim).join("\n    ")))
            .collect();
        insta::assert_snapshot!(shown.join("\n"));
    }

    #[test]
    fn nothing_of_a_right_brief_is_uncertain() {
        let uncertain = claims(&reviewed(right_brief()), Judged::Uncertain);
        assert_eq!(uncertain, Vec::<Claim>::new());
    }

    #[test]
    fn what_a_check_warned_of_and_what_no_quote_covers_is_uncertain() {
        let mut brief = right_brief();
        let pain = brief.fields.iter_mut().find(|answer| answer.name == "pain").unwrap();
        pain.evidence = vec![excerpt().evidence(2, "we build them by hand in Excel each week")];
        let about = |brief: &Brief| {
            let claims = claims(&reviewed(brief.clone()), Judged::Uncertain);
            claims.into_iter().map(|claim| claim.part).collect::<Vec<_>>()
        };
        assert_eq!(about(&brief), ["pain"]);
        let mut brief = right_brief();
        brief.headline += " Zebediah asked for it.";
        assert!(about(&brief).contains(&"headline".to_owned()), "{:?}", about(&brief));
    }

    #[test]
    fn what_a_person_wrote_is_not_judged() {
        let text = |text: &str| Value::Text { text: text.to_owned() };
        let reviewed = review(right_brief(), &excerpt(), &contract(), &human("pain", text("Nobody said this anywhere")));
        assert!(claims(&reviewed, Judged::All).iter().all(|claim| claim.part != "pain"));
    }

    #[test]
    fn a_judgement_warns_and_takes_a_step_of_confidence_and_no_more() {
        let before = reviewed(right_brief());
        let claims = claims(&before, Judged::All);
        let n = claims.iter().position(|claim| claim.part == "pain").unwrap();
        for (verdict, severity, confidence) in [
            (Verdict::Supported, None, Confidence::High),
            (Verdict::CannotTell, Some(Severity::Info), Confidence::High),
            (Verdict::NotInTheText, Some(Severity::Warn), Confidence::Medium),
            (Verdict::Contradicted, Some(Severity::Warn), Confidence::Medium),
        ] {
            let mut judgements = vec![Ok(Judgement { verdict: Verdict::Supported, reason: Reason::None }); claims.len()];
            judgements[n] = Ok(Judgement { verdict, reason: Reason::Denied });
            let after = add_judgements(before.clone(), &claims, &judgements);
            let more = &after.findings()[before.findings().len()..];
            assert_eq!(more.first().map(|finding| finding.severity), severity, "{verdict:?}");
            assert!(
                more.iter().all(|one| one.field.as_deref() == Some("pain") && one.check == "claims_are_supported"),
                "{more:?}"
            );
            assert_eq!(after.brief().field("pain").unwrap().confidence, confidence, "{verdict:?}");
            assert_eq!(after.readiness(), before.readiness());
            assert!(!after.is_blocked_by_findings());
            let value = |reviewed: &Reviewed| reviewed.brief().fields.iter().map(|one| one.value.clone()).collect::<Vec<_>>();
            assert_eq!(value(&after), value(&before));
        }
    }

    #[test]
    fn claims_without_a_judgement_are_counted_by_their_reason() {
        let before = reviewed(right_brief());
        let claims = claims(&before, Judged::All);
        let mut judgements = vec![Err("the answer was cut".to_owned()); claims.len()];
        judgements[0] = Err("the answer leaves them out".to_owned());
        let after = add_judgements(before.clone(), &claims, &judgements);
        let [left_out, cut] = &after.findings()[before.findings().len()..] else { panic!("{:?}", after.findings()) };
        assert_eq!(cut.message, format!("not judged ({} of {} claims): the answer was cut", claims.len() - 1, claims.len()));
        assert_eq!((cut.field.as_deref(), cut.severity), (None, Severity::Info));
        assert_eq!((left_out.field.as_deref(), left_out.severity), (Some("headline"), Severity::Info));
        assert_eq!(after.brief(), before.brief(), "what was not judged is not doubted");
    }
}
