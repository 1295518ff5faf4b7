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

        let roster = Roster::of(&mentions, &owners, &domains);
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
    use crate::context::reading::Draft;
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
    fn a_role_in_the_place_of_a_name_says_the_side() {
        let drafts = [draft(Some("Customer"), None), draft(Some("SDR"), None)];
        let people = learn(&data("lee", &[]), &drafts);
        assert_eq!(resolve(&people, Some("Customer"), None), (Some("Customer".to_owned()), Side::Customer));
        assert_eq!(resolve(&people, Some("SDR"), None).1, Side::Ours);
    }
}
