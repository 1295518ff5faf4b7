//! What the checks find: errors planted, one at a time, in the right briefs that people wrote for the bundled cases.
//! `baton eval checks --missed` prints the same numbers and what was not found.

use std::sync::OnceLock;

use baton::eval::case;
use baton::eval::planted::{Counts, Kind, Measured, measure};

use crate::cases::pipeline;

fn measured() -> &'static Measured {
    static MEASURED: OnceLock<Measured> = OnceLock::new();
    MEASURED.get_or_init(|| measure(&pipeline(), &case::bundled().unwrap()).unwrap())
}

#[test]
fn nothing_is_found_in_briefs_that_are_right() {
    assert_eq!(measured().briefs, 12);
    assert!(measured().false_alarms.is_empty(), "{:#?}", measured().false_alarms);
}

/// The least share of each kind that must be found: what the checks reach today, rounded down.
const FLOORS: [(Kind, f64); 12] = [
    (Kind::Number, 1.0),
    (Kind::Date, 1.0),
    (Kind::Unit, 0.96),
    (Kind::Currency, 1.0),
    (Kind::Name, 0.92),
    (Kind::Speaker, 0.91),
    (Kind::Side, 0.93),
    (Kind::Negation, 0.84),
    (Kind::Modality, 0.93),
    (Kind::Label, 0.97),
    (Kind::InventedQuote, 1.0),
    (Kind::QuoteFromElsewhere, 0.87),
];

/// Forms of errors that are told apart only by their meaning. Those that are not named are all found.
const FLOORS_OF_FORMS: &[(Kind, &str, f64)] = &[
    (Kind::Unit, "unit of time in a text", 0.94),
    (Kind::Name, "name in a text", 0.88),
    (Kind::Name, "somebody else", 0.9),
    (Kind::Speaker, "promise of somebody else", 0.91),
    (Kind::Side, "promise on the other side", 0.93),
    (Kind::Negation, "denial left out", 0.75),
    (Kind::Modality, "firm promise made hedged", 0.96),
    (Kind::Modality, "hedge left out of a text", 0.8),
    (Kind::Modality, "hedge put in a text", 0.93),
    (Kind::Label, "another label", 0.95),
    (Kind::QuoteFromElsewhere, "of a field", 0.91),
    (Kind::QuoteFromElsewhere, "of a label", 0.58),
    (Kind::QuoteFromElsewhere, "of a promise", 0.96),
];

#[test]
fn planted_errors_are_found_as_often_as_before() {
    let mut below = Vec::new();
    let mut compare = |name: &str, counts: &Counts, floor: f64| {
        let recall = counts.recall().unwrap_or(0.0);
        if recall < floor {
            below.push(format!("{name}: {recall:.3} is below {floor}"));
        }
    };
    for line in &measured().kinds {
        let (_, floor) = FLOORS.iter().find(|(kind, _)| *kind == line.kind).unwrap();
        assert!(line.all.planted >= 10, "{} of kind {:?} are too few to tell", line.all.planted, line.kind);
        compare(line.kind.name(), &line.all, *floor);
        for (form, counts) in &line.forms {
            let floor = FLOORS_OF_FORMS
                .iter()
                .find(|(kind, name, _)| *kind == line.kind && name == form)
                .map_or(1.0, |(_, _, floor)| *floor);
            compare(form, counts, floor);
        }
    }
    assert!(below.is_empty(), "{below:#?}");
}

#[test]
fn a_check_that_blocks_is_right_about_the_part_it_names() {
    for line in &measured().checks {
        let precision = line.precision().unwrap_or(1.0);
        assert!(precision >= 0.95, "{}: {precision:.3}", line.check);
    }
}

#[test]
fn the_page_about_checks_holds_the_numbers_that_the_command_prints() {
    let page = include_str!("../../docs/checks.md");
    let tables = page.split_once("--markdown -->\n").and_then(|(_, rest)| rest.split_once("<!-- end -->")).unwrap().0;
    assert!(tables == measured().tables(), "put the output of `baton eval checks --markdown` into docs/checks.md");
}

#[test]
fn the_page_about_checks_names_every_check_and_no_other() {
    let page = include_str!("../../docs/checks.md");
    let headings: Vec<&str> = page.lines().filter(|line| line.starts_with("### ")).collect();
    for line in &measured().checks {
        let named = headings.iter().filter(|heading| heading.contains(&format!("`{}`", line.check))).count();
        assert_eq!(named, 1, "{}", line.check);
    }
    let in_headings: usize = headings.iter().map(|heading| heading.matches('`').count() / 2).sum();
    assert_eq!(in_headings, measured().checks.len());
}
