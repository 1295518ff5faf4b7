//! A right brief with all that a review needs.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::{Context as _, anyhow};

use super::dice::Dice;
use crate::context::{Excerpt, fit, gather};
use crate::domain::brief::{Brief, Finding};
use crate::domain::contract::Contract;
use crate::domain::mention::{self, Language};
use crate::domain::value::Value;
use crate::eval::case::Case;
use crate::pipeline::Pipeline;
use crate::prompt::parse_reply;
use crate::qa::review;

pub(super) struct Subject<'a> {
    pub(super) case: &'a Case,
    pub(super) contract: Arc<Contract>,
    pub(super) excerpt: Excerpt,
    /// The right one.
    pub(super) brief: Brief,
    /// Full names of everybody who speaks or writes in the sources, or whom the right brief names.
    pub(super) people: BTreeSet<String>,
}

impl<'a> Subject<'a> {
    /// `None`: nobody wrote a brief for this case.
    pub(super) fn of(pipeline: &Pipeline, case: &'a Case) -> anyhow::Result<Option<Self>> {
        let Some(reply) = &case.reply else { return Ok(None) };
        let handoff = case.handoff();
        let kind = &handoff.event.data.kind;
        let contract = pipeline.contracts.get(kind).with_context(|| format!("case `{}`: no contract `{kind}`", case.name))?;
        let settings = &pipeline.settings;
        let excerpt = fit(&gather(&handoff, &settings.gathering), contract, settings.token_budget);
        let brief = parse_reply(&reply.reply.to_string(), contract, &excerpt)
            .map_err(|errors| anyhow!("the reply of case `{}` is no brief: {}", case.name, errors[0]))?;
        let people = people(&excerpt, &brief);
        Ok(Some(Self { case, contract: Arc::clone(contract), excerpt, brief, people }))
    }

    /// The language the brief is written in: its other texts may be too short to tell.
    pub(super) fn language(&self) -> Language {
        mention::language(&self.brief.headline)
    }

    pub(super) fn review(&self, brief: &Brief) -> Vec<Finding> {
        review(brief.clone(), &self.excerpt, &self.contract, &self.case.human_values).findings().to_vec()
    }

    /// Fields with an answer, labels, promises, open questions and the headline.
    pub(super) fn parts(&self) -> usize {
        let brief = &self.brief;
        let fields = brief.fields.iter().filter(|answer| !answer.evidence.is_empty()).count();
        let axes = brief.axes.iter().filter(|answer| !answer.evidence.is_empty()).count();
        fields + axes + brief.commitments.len() + brief.open_questions.len() + 1
    }

    pub(super) fn dice(&self, sort: &str, part: &str) -> Dice {
        Dice::of(&[&self.case.name, sort, part])
    }

    /// Somebody else of the same handoff: shares no word with the name and is not named in `beside`.
    pub(super) fn other_person(&self, dice: &mut Dice, name: &str, beside: &str) -> Option<String> {
        let stands = |word: &str| name.split(' ').any(|own| own == word) || beside.contains(word);
        let others = self.people.iter().filter(|other| !other.split(' ').any(stands));
        dice.pick(others.cloned().collect())
    }
}

fn people(excerpt: &Excerpt, brief: &Brief) -> BTreeSet<String> {
    let speakers = excerpt.units().iter().filter_map(|unit| unit.speaker.clone());
    // Whom a promise is made to may be a company.
    let promises = brief.commitments.iter().filter_map(|one| one.who.clone());
    let named = brief.fields.iter().filter_map(|answer| match &answer.value {
        Some(Value::Person { name, .. }) => Some(name.clone()),
        _ => None,
    });
    speakers.chain(promises).chain(named).filter(|name| is_full_name(name)).collect()
}

/// What stands before a family name: nobody's first name.
const TITLES: [&str; 12] = ["Mr", "Mrs", "Ms", "Dr", "Prof", "Herr", "Herrn", "Frau", "Monsieur", "Madame", "Mme", "Mtra"];

fn is_full_name(name: &str) -> bool {
    let is_desk = name.ends_with(" Support") || name.ends_with(" Team") || name.ends_with(" Sales");
    let has_title = TITLES.iter().any(|title| name.split(' ').any(|word| word.trim_end_matches('.') == *title));
    name.split(' ').count() == 2 && name.split(' ').all(|word| word.starts_with(char::is_uppercase)) && !is_desk && !has_title
}
