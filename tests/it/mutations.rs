//! What the checks find: errors planted, one at a time, in the right briefs that people wrote for the bundled cases.
//!
//! `cargo test mutations -- --nocapture` prints the share that is found of each kind, and what the checks say about
//! the briefs as they are.

use std::collections::BTreeMap;

use baton::context::{Excerpt, Gathering, Limits, fit, gather};
use baton::domain::brief::{AxisLabel, Brief, Evidence, FieldStatus, Finding, Firmness, Severity, Span};
use baton::domain::contract::{self, Contract};
use baton::domain::event::Side;
use baton::domain::mention;
use baton::domain::value::{DurationUnit, Period, Value};
use baton::eval::case::{Case, OUR_DOMAINS, bundled};
use baton::prompt::parse_reply;
use baton::qa::review;
use jiff::ToSpan as _;
use jiff::civil::Date;

/// A right brief with all that a review needs.
struct Subject {
    case: Case,
    contract: Contract,
    excerpt: Excerpt,
    brief: Brief,
}

fn subjects() -> Vec<Subject> {
    let gathering = Gathering {
        limits: Limits { source_bytes: 1 << 20, handoff_bytes: 4 << 20, ..Limits::DEFAULT },
        our_domains: OUR_DOMAINS.map(str::to_owned).into(),
        encoding: "bytes".to_owned(),
    };
    let contracts = contract::bundled().unwrap();
    let subject = |case: Case| {
        let handoff = case.handoff();
        let contract = contracts.iter().find(|one| one.kind == handoff.event.data.kind).unwrap().clone();
        let excerpt = fit(&gather(&handoff, &gathering), &contract, 200_000);
        let text = case.reply.as_ref()?.reply.to_string();
        let brief = parse_reply(&text, &contract, &excerpt).unwrap_or_else(|errors| panic!("{}: {errors:?}", case.name));
        Some(Subject { case, contract, excerpt, brief })
    };
    bundled().unwrap().into_iter().filter_map(subject).collect()
}

impl Subject {
    fn findings(&self, brief: &Brief) -> Vec<Finding> {
        let reviewed = review(brief.clone(), &self.excerpt, &self.contract, &self.case.human_values);
        reviewed.findings().to_vec()
    }
}

/// What is true of a right brief too: what the contract asks for and nobody said, and what the sources disagree about.
const NO_ALARMS: [&str; 4] = ["required_fields_are_stated", "rules_hold", "commitments_are_complete", "sources_agree"];

#[test]
fn right_briefs_set_off_no_blocking_check_and_few_warnings() {
    let mut warnings = 0;
    let mut blocks = Vec::new();
    for subject in subjects() {
        for finding in subject.findings(&subject.brief) {
            let field = finding.field.as_deref().unwrap_or("-");
            println!("{} {:?} {} {field}: {}", subject.case.name, finding.severity, finding.check, finding.message);
            if NO_ALARMS.contains(&finding.check.as_str()) {
                continue;
            }
            match finding.severity {
                Severity::Block => blocks.push((subject.case.name.clone(), finding)),
                Severity::Warn => warnings += 1,
                Severity::Info => {}
            }
        }
    }
    assert!(blocks.is_empty(), "{blocks:#?}");
    assert!(warnings <= 1, "{warnings} warnings");
}

/// What is planted, and the least share that must be found. A floor is what the checks reach today, rounded down.
/// Kinds that are not named are all found.
const FLOORS: &[(&str, f64)] = &[
    // What is told apart only by its meaning: a number or a name that stands in the quote too, a denial in other words.
    ("denial left out", 0.35),
    ("denial put in", 0.5),
    ("label of another kind", 0.8),
    ("name in a text", 0.12),
    ("name of another person", 0.85),
    ("number in a text", 0.9),
    ("quote from elsewhere", 0.82),
    ("side of a promise", 0.88),
    ("value where nothing was stated", 0.7),
];

#[test]
fn planted_errors_are_found_as_often_as_before() {
    let mut counts: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for subject in subjects() {
        let known = subject.alarms(&subject.brief);
        let mut dice = Dice(0x5eed);
        for (kind, part, brief) in subject.mutants(&mut dice) {
            let alarms = subject.alarms(&brief);
            let new: Vec<&Finding> = alarms.iter().filter(|one| !known.contains(one)).collect();
            let [planted, found, blocked] = counts.entry(kind).or_default();
            *planted += 1;
            *found += usize::from(!new.is_empty());
            *blocked += usize::from(new.iter().any(|one| one.severity == Severity::Block));
            if new.is_empty() && std::env::var("BATON_SHOW").is_ok_and(|wanted| kind.contains(&wanted)) {
                println!("not found: {kind}: {} {part}", subject.case.name);
            }
        }
    }
    let mut below = Vec::new();
    for (kind, [planted, found, blocked]) in &counts {
        let share = |count: &usize| *count as f64 / *planted as f64;
        println!("{kind:34} planted {planted:4}  found {:5.1} %  blocked {:5.1} %", share(found) * 100.0, share(blocked) * 100.0);
        let floor = FLOORS.iter().find(|(name, _)| name == kind).map_or(1.0, |(_, floor)| *floor);
        if share(found) < floor {
            below.push(format!("{kind}: {:.3} is below {floor}", share(found)));
        }
    }
    assert!(below.is_empty(), "{below:#?}");
}

/// SplitMix64: the same errors in every run.
struct Dice(u64);

impl Dice {
    fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn pick<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        let sides = u64::try_from(all.len()).unwrap();
        (sides > 0).then(|| &all[usize::try_from(self.throw() % sides).unwrap()])
    }

    fn number(&mut self, number: f64) -> f64 {
        *self.pick(&[number * 10.0, number * 2.0, number + 1.0, number * 1.5 + 1.0]).unwrap()
    }

    fn day(&mut self, day: Date) -> Date {
        let days = *self.pick(&[1, 2, 7, 30, -1, -3]).unwrap();
        day.checked_add(days.days()).unwrap()
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

type Mutant = (&'static str, String, Brief);

impl Subject {
    /// Findings that say something is wrong with the brief, not with the handoff.
    fn alarms(&self, brief: &Brief) -> Vec<Finding> {
        let mut findings = self.findings(brief);
        let about_handoff = |check: &str| {
            matches!(
                check,
                "required_fields_are_stated" | "rules_hold" | "commitments_are_complete" | "important_parts_are_covered"
            )
        };
        findings.retain(|one| one.severity >= Severity::Warn && !about_handoff(&one.check));
        findings
    }

    fn mutants(&self, dice: &mut Dice) -> Vec<Mutant> {
        let mut all = Vec::new();
        for (i, answer) in self.brief.fields.iter().enumerate() {
            let part = &answer.name;
            let mut plant = |kind, change: &dyn Fn(&mut Brief)| all.push(self.with(kind, part.clone(), change));
            if answer.status == FieldStatus::NotStated {
                if let Some(value) = self.made_up(part) {
                    let evidence = self.elsewhere(dice, &[]);
                    plant("value where nothing was stated", &|brief| {
                        let answer = &mut brief.fields[i];
                        (answer.status, answer.value, answer.evidence) =
                            (FieldStatus::Stated, Some(value.clone()), evidence.clone());
                    });
                }
                continue;
            }
            let Some(value) = &answer.value else { continue };
            for (kind, other) in self.other_values(dice, part, value) {
                plant(kind, &|brief| brief.fields[i].value = Some(other.clone()));
            }
            if i % 3 != 0 {
                // One field in three: a review in a debug build takes milliseconds, and they are all alike here.
                continue;
            }
            let invented = self.invented(dice, &answer.evidence);
            plant("quote invented", &|brief| brief.fields[i].evidence = invented.clone());
            let elsewhere = self.elsewhere(dice, &answer.evidence);
            plant("quote from elsewhere", &|brief| brief.fields[i].evidence = elsewhere.clone());
        }
        self.plant_in_axes(dice, &mut all);
        self.plant_in_commitments(dice, &mut all);
        for (kind, text) in self.other_texts(dice, &self.brief.headline) {
            all.push(self.with(kind, "headline".to_owned(), &|brief| brief.headline.clone_from(&text)));
        }
        all
    }

    fn with(&self, kind: &'static str, part: String, change: &dyn Fn(&mut Brief)) -> Mutant {
        let mut brief = self.brief.clone();
        change(&mut brief);
        assert_ne!(brief, self.brief, "{kind} {part}");
        (kind, part, brief)
    }

    fn plant_in_axes(&self, dice: &mut Dice, all: &mut Vec<Mutant>) {
        for (i, answer) in self.brief.axes.iter().enumerate() {
            let AxisLabel::Label(label) = &answer.label else { continue };
            let labels = &self.contract.axis(&answer.name).unwrap().labels;
            let others: Vec<&str> = labels.iter().map(|one| one.name.as_str()).filter(|name| name != label).collect();
            let other = (*dice.pick(&others).unwrap()).to_owned();
            let part = &answer.name;
            all.push(
                self.with("label of another kind", part.clone(), &|brief| brief.axes[i].label = AxisLabel::Label(other.clone())),
            );
            let unknown = AxisLabel::Label("very_high".to_owned());
            all.push(self.with("label not in the contract", part.clone(), &|brief| brief.axes[i].label = unknown.clone()));
            all.push(self.with("label without a quote", part.clone(), &|brief| brief.axes[i].evidence.clear()));
        }
    }

    fn plant_in_commitments(&self, dice: &mut Dice, all: &mut Vec<Mutant>) {
        for (i, promise) in self.brief.commitments.iter().enumerate() {
            let part = format!("commitments[{i}] {}", promise.what);
            let mut plant = |kind, change: &dyn Fn(&mut Brief)| all.push(self.with(kind, part.clone(), change));
            let invented = self.invented(dice, &promise.evidence);
            plant("quote invented", &|brief| brief.commitments[i].evidence = invented.clone());
            let elsewhere = self.elsewhere(dice, &promise.evidence);
            plant("quote from elsewhere", &|brief| brief.commitments[i].evidence = elsewhere.clone());
            if let Some(due) = promise.due {
                let other = dice.day(due);
                plant("date of a promise", &|brief| brief.commitments[i].due = Some(other));
            }
            if let Some(name) = promise.who.as_ref().and_then(|who| self.other_name(dice, who)) {
                plant("name of another person", &|brief| brief.commitments[i].who = Some(name.clone()));
            }
            let side = if promise.side == Side::Ours { Side::Customer } else { Side::Ours };
            plant("side of a promise", &|brief| brief.commitments[i].side = side);
            if promise.firmness == Firmness::Hedged {
                plant("hedged promise made firm", &|brief| brief.commitments[i].firmness = Firmness::Firm);
            }
            for (kind, text) in self.other_texts(dice, &promise.what) {
                plant(kind, &|brief| brief.commitments[i].what.clone_from(&text));
            }
        }
    }

    /// The value with one thing wrong, in every way that fits its type.
    fn other_values(&self, dice: &mut Dice, field: &str, value: &Value) -> Vec<(&'static str, Value)> {
        match value.clone() {
            Value::Money { amount, up_to, currency, period } => {
                let other = if currency.as_deref() == Some("USD") { "EUR" } else { "USD" };
                let other_period = if period == Some(Period::Month) { Period::Year } else { Period::Month };
                let other_amount = dice.number(amount);
                vec![
                    ("number", Value::Money { amount: other_amount, up_to, currency: currency.clone(), period }),
                    ("currency", Value::Money { amount, up_to, currency: Some(other.to_owned()), period }),
                    ("period of an amount", Value::Money { amount, up_to, currency, period: Some(other_period) }),
                ]
            }
            Value::Number { number, up_to, unit } => vec![
                ("number", Value::Number { number: dice.number(number), up_to, unit }),
                ("unit", Value::Number { number, up_to, unit: Some("sites".to_owned()) }),
            ],
            Value::Date { date, said } => vec![("date", Value::Date { date: dice.day(date), said })],
            Value::Duration { amount, up_to, unit } => {
                let other = if unit == DurationUnit::Week { DurationUnit::Month } else { DurationUnit::Week };
                let number = dice.number(amount);
                vec![
                    ("number", Value::Duration { amount: number, up_to, unit }),
                    ("unit", Value::Duration { amount, up_to, unit: other }),
                ]
            }
            Value::Person { name, role } => self
                .other_name(dice, &name)
                .map(|name| ("name of another person", Value::Person { name, role }))
                .into_iter()
                .collect(),
            Value::Choice { choice } => {
                let choices = &self.contract.field(field).unwrap().choices;
                let others: Vec<&str> = choices.iter().map(|one| one.name.as_str()).filter(|name| *name != choice).collect();
                vec![("choice", Value::Choice { choice: (*dice.pick(&others).unwrap()).to_owned() })]
            }
            Value::Text { text } => {
                self.other_texts(dice, &text).into_iter().map(|(kind, text)| (kind, Value::Text { text })).collect()
            }
            Value::List { items } => {
                let changed = |(i, kind, text): (usize, &'static str, String)| {
                    let mut items = items.clone();
                    items[i] = text;
                    (kind, Value::List { items })
                };
                let texts = items.iter().enumerate();
                let texts =
                    texts.flat_map(|(i, item)| self.other_texts(dice, item).into_iter().map(move |(kind, text)| (i, kind, text)));
                texts.collect::<Vec<_>>().into_iter().map(changed).collect()
            }
            Value::Commitment { what, who, due } => {
                let mut all = Vec::new();
                if let Some(day) = due {
                    all.push(("date", Value::Commitment { what: what.clone(), who: who.clone(), due: Some(dice.day(day)) }));
                }
                if let Some(name) = who.as_ref().and_then(|who| self.other_name(dice, who)) {
                    all.push(("name of another person", Value::Commitment { what: what.clone(), who: Some(name), due }));
                }
                let texts = self.other_texts(dice, &what);
                all.extend(texts.into_iter().map(|(kind, what)| (kind, Value::Commitment { what, who: who.clone(), due })));
                all
            }
        }
    }

    /// A text with one thing wrong: a day, a number, a name, a denial.
    fn other_texts(&self, dice: &mut Dice, text: &str) -> Vec<(&'static str, String)> {
        let mut all = Vec::new();
        let dates: Vec<Span> = mention::dates(text, None).into_iter().map(|one| one.span).collect();
        for run in digits(text) {
            let number: u64 = text[run.start..run.end].replace(',', "").parse().unwrap();
            match dates.iter().any(|date| date.start <= run.start && run.end <= date.end) {
                true if number <= 31 => all.push(("date in a text", spliced(text, run, &((number + 3) % 28 + 1).to_string()))),
                true => {}
                false => all.push(("number in a text", spliced(text, run, &dice.number(number as f64).ceil().to_string()))),
            }
        }
        for name in self.names().iter().filter(|name| text.contains(*name)) {
            all.extend(self.other_name(dice, name).map(|other| ("name in a text", text.replace(name, &other))));
        }
        let denials = [
            (" is ", " is not "),
            (" are ", " are not "),
            (" has ", " has no "),
            ("needs ", "does not need "),
            (" want ", " do not want "),
            (" wants ", " does not want "),
        ];
        let without = [(" not ", " "), (" no ", " a "), ("cannot ", "can "), ("without ", "with "), ("Not ", ""), ("No ", "")];
        if let Some((from, to)) = without.iter().find(|(from, _)| text.contains(from)) {
            all.push(("denial left out", text.replacen(from, to, 1)));
        } else if let Some((from, to)) = denials.iter().find(|(from, _)| text.contains(from)) {
            all.push(("denial put in", text.replacen(from, to, 1)));
        }
        all
    }

    /// Full names of people who speak or write in the sources.
    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.excerpt.units().iter().filter_map(|unit| unit.speaker.clone()).collect();
        names.retain(|name| name.contains(' '));
        names.sort();
        names.dedup();
        names
    }

    fn other_name(&self, dice: &mut Dice, name: &str) -> Option<String> {
        let shares_word = |other: &String| name.split(' ').any(|word| other.contains(word));
        let others: Vec<String> = self.names().into_iter().filter(|other| !shares_word(other)).collect();
        dice.pick(&others).cloned()
    }

    fn invented(&self, dice: &mut Dice, evidence: &[Evidence]) -> Vec<Evidence> {
        vec![self.excerpt.evidence(evidence[0].unit, dice.pick(&INVENTED).unwrap())]
    }

    /// A sentence that stands in the sources, in another unit than these quotes.
    fn elsewhere(&self, dice: &mut Dice, evidence: &[Evidence]) -> Vec<Evidence> {
        let units = self.excerpt.units().iter().filter(|unit| evidence.iter().all(|one| one.unit != unit.n));
        let first = |text: &str| mention::sentences(text).into_iter().find(|span| span.end - span.start > 20);
        let sentences =
            units.filter_map(|unit| first(&unit.text).map(|span| (unit.n, unit.text[span.start..span.end].to_owned())));
        let sentences: Vec<(u32, String)> = sentences.collect();
        let (unit, quote) = dice.pick(&sentences).unwrap();
        vec![self.excerpt.evidence(*unit, quote)]
    }

    /// A value of the field's type that nobody said.
    fn made_up(&self, field: &str) -> Option<Value> {
        use baton::domain::value::FieldType;
        let field = self.contract.field(field)?;
        Some(match field.field_type {
            FieldType::Money => Value::Money { amount: 31_000.0, up_to: None, currency: Some("EUR".to_owned()), period: None },
            FieldType::Number => Value::Number { number: 37.0, up_to: None, unit: None },
            FieldType::Date => Value::Date { date: jiff::civil::date(2026, 12, 17), said: "17 December".to_owned() },
            FieldType::Duration => Value::Duration { amount: 19.0, up_to: None, unit: DurationUnit::Month },
            FieldType::Person => Value::Person { name: "Roberta Quill".to_owned(), role: None },
            FieldType::Choice => Value::Choice { choice: field.choices[0].name.clone() },
            FieldType::Text => Value::Text { text: "They are keen to move ahead quickly after a merger.".to_owned() },
            FieldType::List => Value::List { items: vec!["A merger with a competitor".to_owned()] },
            FieldType::Commitment => Value::Commitment { what: "Send a revised quote".to_owned(), who: None, due: None },
        })
    }
}

/// Runs of digits, thousands separators included.
fn digits(text: &str) -> Vec<Span> {
    let mut runs: Vec<Span> = Vec::new();
    for (at, c) in text.char_indices() {
        let joins = c.is_ascii_digit() || c == ',' && text[at + 1..].starts_with(|next: char| next.is_ascii_digit());
        match runs.last_mut().filter(|run| run.end == at) {
            Some(run) if joins => run.end = at + 1,
            _ if c.is_ascii_digit() => runs.push(Span { start: at, end: at + 1 }),
            _ => {}
        }
    }
    runs
}

fn spliced(text: &str, at: Span, by: &str) -> String {
    format!("{}{by}{}", &text[..at.start], &text[at.end..])
}
