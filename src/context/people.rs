//! Who is who: one person under several names becomes one, where that is certain; and which side everybody is on.

use std::collections::BTreeSet;

use super::material::PassageKind;
use super::names::Name;
use super::reading::Draft;
use super::roster::{Mention, Roster};
use super::sides::{Domains, is_machine, of_field, of_role};
use crate::domain::event::{HandoffData, Side};

/// The people of one handoff.
#[derive(Debug, Default)]
pub(super) struct People {
    roster: Roster,
    domains: Domains,
    /// Of everybody: the side, and where it was learnt.
    sides: Vec<(Side, Rank)>,
}

/// Where a side was learnt. Later beats earlier.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    #[default]
    Nowhere,
    /// A field of the record.
    Record,
    /// The event's owners.
    Owner,
    /// The domain of an address.
    Address,
    /// The source itself says it of its speaker.
    Source,
    /// The event says who takes part.
    Participants,
}

impl People {
    /// Learns everybody whom event and sources name. The result does not depend on the order of `drafts`.
    pub(super) fn learn<'a>(data: &HandoffData, our_domains: &[String], drafts: impl Iterator<Item = &'a Draft> + Clone) -> Self {
        let domains = Domains::of(data, our_domains);
        let mut mentions: BTreeSet<Mention> = drafts.clone().flat_map(spoken_of).collect();
        let recorded: BTreeSet<(Mention, Side)> = drafts.clone().filter_map(recorded).collect();
        mentions.extend(recorded.iter().map(|(mention, _)| mention.clone()));
        let taking_part: Vec<(Mention, Side)> =
            data.participants.iter().map(|one| (mention(Some(&one.name), one.email.as_deref()), one.side)).collect();
        mentions.extend(taking_part.iter().map(|(mention, _)| mention.clone()));
        let owners: Vec<&str> = [&data.from.owner, &data.to.owner].into_iter().flatten().map(String::as_str).collect();

        let roster = Roster::of(&mentions, &owners, &taking_part, &domains);
        let mut people = Self { sides: vec![(Side::Unknown, Rank::Nowhere); roster.len()], roster, domains };
        for (mention, side) in &recorded {
            people.judge(people.person(mention), *side, Rank::Record);
        }
        for owner in owners {
            people.judge(people.roster.find_owner(owner), Side::Ours, Rank::Owner);
        }
        for mention in mentions.iter().filter(|mention| is_own_address(mention)) {
            let side = mention.address.as_ref().map_or(Side::Unknown, |address| people.domains.side_of(address));
            people.judge(people.person(mention), side, Rank::Address);
        }
        let said: BTreeSet<(Mention, Side)> = drafts.filter_map(|draft| Some((speaker(draft), draft.side?))).collect();
        for (mention, side) in &said {
            people.judge(people.person(mention), *side, Rank::Source);
        }
        for (mention, side) in &taking_part {
            people.judge(people.person(mention), *side, Rank::Participants);
        }
        people
    }

    /// The speaker of a message, if it is certain who that is.
    pub(super) fn who(&self, draft: &Draft) -> Option<usize> {
        self.roster.find(draft.speaker.as_deref(), draft.address.as_deref())
    }

    /// Name and side of a message's speaker. The name stays as written unless it is surely somebody's.
    pub(super) fn resolve(&self, draft: &Draft) -> (Option<String>, Side) {
        let written = draft.speaker.as_deref().map(str::trim).filter(|name| !name.is_empty());
        let person = self.who(draft);
        let shown = person.and_then(|person| self.roster.shown(person)).map(str::to_owned);
        let name = shown.or_else(|| written.map(|name| Name::parse(name).map_or_else(|| name.to_owned(), |name| name.shown)));
        let side = match person {
            Some(person) => self.sides[person].0,
            None => self.side_of_nobody(draft),
        };
        (name, side)
    }

    /// Of somebody whom we cannot tell apart, the source, the address or a role may still say the side.
    fn side_of_nobody(&self, draft: &Draft) -> Side {
        let by_address =
            || draft.address.as_deref().filter(|_| is_own_address(&speaker(draft))).map(|address| self.domains.side_of(address));
        let by_role = || draft.speaker.as_deref().and_then(of_role);
        draft.side.or_else(by_address).filter(|side| *side != Side::Unknown).or_else(by_role).unwrap_or_default()
    }

    fn person(&self, mention: &Mention) -> Option<usize> {
        self.roster.find(mention.name.as_deref(), mention.address.as_deref())
    }

    /// Two witnesses of the same rank who disagree make it unknown.
    fn judge(&mut self, person: Option<usize>, side: Side, rank: Rank) {
        let Some(known) = person.and_then(|person| self.sides.get_mut(person)).filter(|_| side != Side::Unknown) else { return };
        match rank.cmp(&known.1) {
            std::cmp::Ordering::Greater => *known = (side, rank),
            std::cmp::Ordering::Equal if known.0 != side => known.0 = Side::Unknown,
            std::cmp::Ordering::Equal | std::cmp::Ordering::Less => {}
        }
    }
}

fn mention(name: Option<&str>, address: Option<&str>) -> Mention {
    let name = name.map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned);
    Mention { name, address: address.map(|address| address.trim().to_lowercase()).filter(|address| !address.is_empty()) }
}

fn speaker(draft: &Draft) -> Mention {
    Mention { name: draft.speaker.clone(), address: draft.address.clone() }
}

/// Whether the address is the named one's: not if a service sent it for him, as in `Dana Keller via Docs`.
fn is_own_address(mention: &Mention) -> bool {
    let is_machine = mention.address.as_deref().is_some_and(is_machine);
    mention.name.as_ref().is_none_or(|name| !is_machine && !name.to_lowercase().contains(" via "))
}

/// Speaker and receivers of a message.
fn spoken_of(draft: &Draft) -> impl Iterator<Item = Mention> {
    let receivers = draft.receivers.iter().map(|one| Mention { name: one.name.clone(), address: one.address.clone() });
    std::iter::once(speaker(draft)).chain(receivers).filter(|mention| *mention != Mention::default())
}

/// Whom a field of a record names, if its value looks like a name or an address.
fn recorded(draft: &Draft) -> Option<(Mention, Side)> {
    let [passage] = draft.passages.as_slice() else { return None };
    let side = of_field(draft.title.as_deref().filter(|_| passage.kind == PassageKind::Field)?)?;
    let value = passage.text.trim();
    let words: Vec<&str> = value.split_whitespace().collect();
    let is_name = (2..=3).contains(&words.len())
        && words.iter().all(|word| {
            word.starts_with(char::is_uppercase) && word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.'))
        });
    match () {
        () if words.len() == 1 && value.contains('@') => Some((mention(None, Some(value)), side)),
        () if is_name => Some((mention(Some(value), None), side)),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::People;
    use crate::context::material::{Passage, PassageKind};
    use crate::context::reading::{Correspondent, Draft};
    use crate::domain::brief::Span;
    use crate::domain::event::{HandoffData, Participant, Party, RecordRef, Side};

    fn data(owner: &str, participants: &[(&str, Option<&str>, Side)]) -> HandoffData {
        let person = |(name, email, side): &(&str, Option<&str>, Side)| Participant {
            name: (*name).into(),
            email: email.map(str::to_owned),
            side: *side,
        };
        HandoffData {
            kind: "sdr_to_ae".into(),
            record: RecordRef { record_type: "deal".into(), id: "1".into(), name: None },
            from: Party { team: None, owner: Some(owner.into()) },
            to: Party::default(),
            fields: Default::default(),
            participants: participants.iter().map(person).collect(),
            sources: Vec::new(),
        }
    }

    fn draft(name: Option<&str>, address: Option<&str>) -> Draft {
        Draft { speaker: name.map(str::to_owned), address: address.map(str::to_owned), ..Draft::default() }
    }

    /// People of a handoff whose our domain is `us.example`.
    fn learn(data: &HandoffData, drafts: &[Draft]) -> People {
        People::learn(data, &["us.example".to_owned()], drafts.iter())
    }

    fn resolve(people: &People, name: Option<&str>, address: Option<&str>) -> (Option<String>, Side) {
        people.resolve(&draft(name, address))
    }

    #[test]
    fn a_given_name_that_only_one_has_is_that_person() {
        let drafts = [draft(Some("DANA"), None), draft(Some("Dana Keller"), Some("dana@north.example"))];
        let people = learn(&data("lee", &[]), &drafts);
        assert_eq!(resolve(&people, Some("DANA"), None), (Some("Dana Keller".to_owned()), Side::Customer));
        assert_eq!(resolve(&people, Some("Lee"), None).1, Side::Ours);
    }

    #[test]
    fn a_given_name_that_two_have_is_nobody_certain() {
        let drafts = [draft(Some("Dana"), None), draft(Some("Dana Keller"), Some("dana@north.example"))];
        let people = learn(&data("dana", &[]), &drafts);
        assert_eq!(resolve(&people, Some("Dana"), None), (Some("Dana".to_owned()), Side::Unknown));
        assert_eq!(resolve(&people, Some("Dana Keller"), Some("dana@north.example")).1, Side::Customer);
    }

    #[test]
    fn an_owner_is_found_among_our_own_addresses() {
        let drafts = [draft(Some("Dana Ito"), Some("dito@us.example")), draft(Some("Dana"), None)];
        let people = learn(&data("dito", &[]), &drafts);
        assert_eq!(resolve(&people, Some("Dana"), None), (Some("Dana Ito".to_owned()), Side::Ours));
    }

    #[test]
    fn participants_say_it_better_than_addresses_do() {
        let drafts = [draft(Some("Kim"), Some("kim@freemail.example")), draft(Some("Pat"), None)];
        let people =
            learn(&data("lee", &[("Kim Oh", Some("Kim@freemail.example"), Side::Ours), ("Pat", None, Side::Customer)]), &drafts);
        assert_eq!(resolve(&people, Some("Kim"), Some("kim@freemail.example")), (Some("Kim Oh".to_owned()), Side::Ours));
        assert_eq!(resolve(&people, Some("Pat"), None).1, Side::Customer);
    }

    #[test]
    fn an_owner_is_the_participant_of_our_side_with_that_given_name_or_mailbox() {
        let drafts = [draft(Some("SANJ"), None), draft(Some("Marie"), Some("marie@buyer.example"))];
        for owner in ["sanj", "sanjay.rao"] {
            let ours = ("Sanj", Some("sanjay.rao@platewise.example"), Side::Ours);
            let people = learn(&data(owner, &[ours]), &drafts);
            assert_eq!(resolve(&people, Some("SANJ"), None).1, Side::Ours, "{owner}");
        }
    }

    #[test]
    fn a_role_in_the_place_of_a_name_says_the_side() {
        let drafts = [draft(Some("Customer"), None), draft(Some("SDR"), None)];
        let people = learn(&data("lee", &[]), &drafts);
        assert_eq!(resolve(&people, Some("Customer"), None), (Some("Customer".to_owned()), Side::Customer));
        assert_eq!(resolve(&people, Some("SDR"), None).1, Side::Ours);
    }

    /// `name <address>` of everybody, as a table: what is written, and what it becomes.
    fn check(people: &People, rows: &[(&str, &str, &str, Side)]) {
        for (name, address, shown, side) in rows {
            let written = |text: &&str| Some((*text).to_owned()).filter(|text| !text.is_empty());
            let draft = Draft { speaker: written(name), address: written(address), ..Draft::default() };
            assert_eq!(people.resolve(&draft), (written(shown), *side), "{name} <{address}>");
        }
    }

    #[test]
    fn one_person_has_one_name_however_it_is_written() {
        let ways = [
            "Dana",
            "Dana K.",
            "D. Keller",
            "Keller, Dana",
            "DANA KELLER",
            "dkeller",
            "dana.keller",
            "Dana Keller (Host)",
            "Ms. Keller",
        ];
        let mut drafts: Vec<Draft> = ways.iter().map(|name| draft(Some(name), None)).collect();
        drafts.push(draft(None, Some("dana.keller@north.example")));
        drafts.push(draft(Some("Dana Keller"), None));
        let people = learn(&data("lee", &[]), &drafts);
        check(&people, &ways.map(|name| (name, "", "Dana Keller", Side::Customer)));
        check(&people, &[("", "dana.keller@north.example", "Dana Keller", Side::Customer)]);
    }

    #[test]
    fn a_mailbox_of_a_given_name_is_the_only_one_of_that_name() {
        let alone = [draft(None, Some("dana@north.example")), draft(Some("Dana"), None), draft(Some("Dana Keller"), None)];
        check(
            &learn(&data("lee", &[]), &alone),
            &[("Dana", "", "Dana Keller", Side::Customer), ("", "dana@north.example", "Dana Keller", Side::Customer)],
        );
        let two = [&alone[..], &[draft(Some("Dana Ito"), Some("dana@us.example"))]].concat();
        let rows = [
            ("Dana", "", "Dana", Side::Unknown),
            ("Dana Keller", "", "Dana Keller", Side::Unknown),
            ("", "dana@north.example", "", Side::Customer),
            ("Dana", "dana@us.example", "Dana Ito", Side::Ours),
        ];
        check(&learn(&data("lee", &[]), &two), &rows);
    }

    #[test]
    fn umlauts_and_accents_do_not_make_two_people() {
        let drafts = [
            draft(Some("Jörg Müller"), Some("joerg.mueller@north.example")),
            draft(Some("Jorg Muller"), None),
            draft(Some("Müller, Jörg"), None),
            draft(Some("Joerg Mueller"), None),
        ];
        let people = learn(&data("lee", &[]), &drafts);
        check(
            &people,
            &["Jörg Müller", "Jorg Muller", "Müller, Jörg", "Joerg Mueller"]
                .map(|name| (name, "", "Jörg Müller", Side::Customer)),
        );
    }

    #[test]
    fn short_forms_of_a_name_are_somebodys_if_nobody_else_fits() {
        let michael = draft(Some("Michael Brown"), Some("m.brown@north.example"));
        let people = learn(&data("lee", &[]), &[michael.clone(), draft(Some("Mike"), None)]);
        check(&people, &[("Mike", "", "Michael Brown", Side::Customer)]);
        let both = learn(&data("lee", &[]), &[michael, draft(Some("Mike"), None), draft(Some("Mike Oh"), None)]);
        check(&both, &[("Mike", "", "Mike Oh", Side::Unknown)]);
    }

    #[test]
    fn receivers_teach_names_and_sides() {
        let mut mail = draft(Some("Dana Ito"), Some("dana@us.example"));
        let ruth = Correspondent { name: Some("Ruth Adeyemi".into()), address: Some("ruth@north.example".into()) };
        mail.receivers = vec![ruth, Correspondent { name: None, address: Some("kim.oh@gmail.com".into()) }];
        let people = learn(&data("lee", &[]), &[mail, draft(Some("Ruth"), None), draft(Some("Kim Oh"), None)]);
        check(&people, &[("Ruth", "", "Ruth Adeyemi", Side::Customer), ("Kim Oh", "", "Kim Oh", Side::Unknown)]);
    }

    #[test]
    fn a_name_on_both_sides_is_told_by_its_address_alone() {
        let drafts = [
            draft(Some("Dana Keller"), Some("dana@us.example")),
            draft(Some("Dana Keller"), Some("dana@north.example")),
            draft(Some("Dana Keller"), None),
        ];
        let rows = [
            ("Dana Keller", "dana@us.example", "Dana Keller", Side::Ours),
            ("Dana Keller", "dana@north.example", "Dana Keller", Side::Customer),
            ("Dana Keller", "", "Dana Keller", Side::Unknown),
        ];
        check(&learn(&data("lee", &[]), &drafts), &rows);
    }

    #[test]
    fn an_address_that_several_send_from_is_nobodys() {
        let drafts = [
            draft(Some("Dana Keller via Docs"), Some("no-reply@docs.example")),
            draft(Some("Lee Ito"), Some("sales@us.example")),
            draft(Some("Kim Oh"), Some("sales@us.example")),
        ];
        let rows = [
            ("Dana Keller via Docs", "no-reply@docs.example", "Dana Keller", Side::Unknown),
            ("Lee Ito", "sales@us.example", "Lee Ito", Side::Ours),
            ("Kim Oh", "", "Kim Oh", Side::Ours),
            ("", "no-reply@docs.example", "", Side::Unknown),
        ];
        check(&learn(&data("pat", &[]), &drafts), &rows);
    }

    #[test]
    fn a_label_in_the_place_of_a_name_stays_what_it_is() {
        let mut said = draft(Some("Speaker 2"), None);
        said.side = Some(Side::Customer);
        let people = learn(&data("lee", &[]), &[draft(Some("Speaker 1"), None), said.clone()]);
        assert_eq!(people.resolve(&said), (Some("Speaker 2".into()), Side::Customer));
        check(&people, &[("Speaker 1", "", "Speaker 1", Side::Unknown)]);
    }

    #[test]
    fn what_the_source_says_of_its_speaker_ranks_between_participants_and_domains() {
        let mut kim = draft(Some("Kim Oh"), Some("kim@partner.example"));
        kim.side = Some(Side::Ours);
        assert_eq!(learn(&data("lee", &[]), &[kim.clone()]).resolve(&kim).1, Side::Ours);
        let known = data("lee", &[("Kim Oh", None, Side::Customer)]);
        assert_eq!(learn(&known, &[kim.clone()]).resolve(&kim).1, Side::Customer);
        let mut other = kim.clone();
        other.side = Some(Side::Customer);
        assert_eq!(learn(&data("lee", &[]), &[kim.clone(), other]).resolve(&kim).1, Side::Unknown);
    }

    #[test]
    fn fields_of_the_record_name_people() {
        let field = |name: &str, value: &str| Draft {
            title: Some(name.to_owned()),
            passages: vec![Passage {
                kind: PassageKind::Field,
                text: value.to_owned(),
                span: Span { start: 0, end: value.len() },
                original: None,
            }],
            ..Draft::default()
        };
        let drafts = [
            field("account_owner", "Lee Sandoval"),
            field("primary_contact", "Ruth Adeyemi"),
            field("lead_source", "Inbound Web"),
            field("contact_name", "to be found"),
            draft(Some("Ruth"), None),
            draft(Some("Lee"), None),
            draft(Some("Inbound Web"), None),
        ];
        let rows = [
            ("Ruth", "", "Ruth Adeyemi", Side::Customer),
            ("Lee", "", "Lee Sandoval", Side::Ours),
            ("Inbound Web", "", "Inbound Web", Side::Unknown),
        ];
        check(&learn(&data("dana.park", &[]), &drafts), &rows);
    }

    #[test]
    fn without_domains_a_full_owner_is_ours_and_a_given_name_decides_nothing() {
        let drafts = [draft(Some("Dana Whitlock"), None), draft(Some("Lee Ito"), None)];
        let people = People::learn(&data("dana.whitlock", &[]), &[], drafts.iter());
        check(&people, &[("Dana Whitlock", "", "Dana Whitlock", Side::Ours), ("Lee Ito", "", "Lee Ito", Side::Unknown)]);
        let people = People::learn(&data("dana", &[]), &[], drafts.iter());
        check(&people, &[("Dana Whitlock", "", "Dana Whitlock", Side::Unknown)]);
    }

    #[test]
    fn many_names_of_one_address_and_many_namesakes_are_learnt_in_linear_time() {
        let forged = (0..5_000).map(|n| draft(Some(&format!("N{n} Keller")), Some("a@b.example")));
        let namesakes = (0..5_000).map(|n| draft(Some(&format!("Dana K{n}")), Some(&format!("dana{n}@b.example"))));
        let short = (0..5_000).map(|n| draft(Some(&format!("Dana ({n})")), None));
        let drafts: Vec<Draft> = forged.chain(namesakes).chain(short).collect();
        let started = std::time::Instant::now();
        let people = learn(&data("dana", &[]), &drafts);
        assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
        assert_eq!(people.resolve(&draft(Some("Dana (7)"), None)).1, Side::Unknown);
    }
}
