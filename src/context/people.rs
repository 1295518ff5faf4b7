//! Who is who: one person under several names becomes one, where that is certain; and which side everybody is on.

use std::collections::{BTreeMap, BTreeSet};

use super::reading::Draft;
use crate::domain::event::{HandoffData, Side};

/// The people of one handoff.
#[derive(Debug, Default)]
pub(super) struct People {
    people: Vec<Person>,
    by_address: BTreeMap<String, usize>,
    by_name: BTreeMap<String, usize>,
    /// Given name → everybody who has it.
    by_given_name: BTreeMap<String, BTreeSet<usize>>,
}

#[derive(Debug, Default)]
struct Person {
    /// Names as the sources write them.
    names: BTreeSet<String>,
    side: Side,
    /// How sure the side is: the highest rank wins.
    rank: Rank,
}

/// More names than this nobody has; a forged thread could have thousands for one address.
const MOST_NAMES: usize = 8;

/// Where a side was learnt. Later beats earlier.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    #[default]
    Nowhere,
    Owner,
    Address,
    Participants,
}

impl People {
    /// Learns everybody whom event and sources name. The result does not depend on the order of `drafts`.
    pub(super) fn learn<'a>(data: &HandoffData, our_domains: &[String], drafts: impl Iterator<Item = &'a Draft>) -> Self {
        let mut people = Self::default();
        let senders: BTreeSet<(Option<&str>, Option<&str>)> =
            drafts.map(|draft| (draft.address.as_deref(), draft.speaker.as_deref())).filter(|key| *key != (None, None)).collect();
        for participant in &data.participants {
            let address = participant.email.as_deref().map(str::to_lowercase);
            let person = people.person(Some(&participant.name), address.as_deref());
            people.judge(person, participant.side, Rank::Participants);
        }
        // Addresses first: they are certain. `None` sorts first, so the names without one come last.
        for (address, name) in senders.iter().rev().filter(|(address, _)| address.is_some()) {
            let person = people.person(*name, *address);
            people.note_name(person, *name);
            people.judge(person, address.map_or(Side::Unknown, |address| side_of(address, our_domains)), Rank::Address);
        }
        for owner in [&data.from.owner, &data.to.owner].into_iter().flatten() {
            let person = people.owner(owner);
            people.judge(person, Side::Ours, Rank::Owner);
        }
        for (_, name) in senders.iter().filter(|(address, _)| address.is_none()) {
            if name.is_some_and(|name| people.find(name).is_none()) {
                let person = people.person(*name, None);
                people.note_name(person, *name);
            }
        }
        people
    }

    /// Name and side of a message's speaker. The name stays as written unless it is surely somebody's.
    pub(super) fn resolve(&self, name: Option<&str>, address: Option<&str>) -> (Option<String>, Side) {
        let by_address = address.and_then(|address| self.by_address.get(address).copied());
        let Some(person) = by_address.or_else(|| name.and_then(|name| self.find(name))) else {
            return (name.map(str::to_owned), name.map_or(Side::Unknown, side_of_role));
        };
        let person = &self.people[person];
        // The fullest name, so that a person has the same one everywhere.
        let full = person.names.iter().max_by_key(|name| (name.split_whitespace().count(), name.len(), std::cmp::Reverse(*name)));
        let side = if person.side == Side::Unknown { name.map_or(Side::Unknown, side_of_role) } else { person.side };
        (full.cloned().or_else(|| name.map(str::to_owned)), side)
    }

    /// The one person a name can mean.
    fn find(&self, name: &str) -> Option<usize> {
        let key = key(name);
        if let Some(person) = self.by_name.get(&key) {
            let is_given_name_of_others =
                self.by_given_name.get(&key).is_some_and(|others| others.iter().any(|other| other != person));
            return (!is_given_name_of_others || key.contains(' ')).then_some(*person);
        }
        let same = self.by_given_name.get(&key).filter(|same| same.len() == 1)?;
        same.first().copied()
    }

    /// The person with this address or full name, new if there is none.
    fn person(&mut self, name: Option<&str>, address: Option<&str>) -> usize {
        let key = name.map(key).filter(|key| !key.is_empty());
        let known = address.and_then(|address| self.by_address.get(address).copied());
        // Two addresses may belong to one full name, but a given name alone says too little.
        let by_name = || key.as_ref().filter(|key| key.contains(' ')).and_then(|key| self.by_name.get(key).copied());
        let person = known.or_else(by_name).unwrap_or_else(|| {
            self.people.push(Person::default());
            self.people.len() - 1
        });
        if let Some(address) = address {
            self.by_address.insert(address.to_owned(), person);
        }
        if let Some(key) = key {
            if let Some((given, _)) = key.split_once(' ') {
                self.by_given_name.entry(given.to_owned()).or_default().insert(person);
            } else {
                self.by_given_name.entry(key.clone()).or_default().insert(person);
            }
            self.by_name.entry(key).or_insert(person);
        }
        if let (Some(name), true) = (name, self.people[person].names.is_empty()) {
            self.note_name(person, Some(name));
        }
        person
    }

    fn note_name(&mut self, person: usize, name: Option<&str>) {
        let Some(name) = name.map(str::trim).filter(|name| !name.is_empty()) else { return };
        let names = &mut self.people[person].names;
        // `DANA KELLER` and `dana keller` are the same name; the one with capitals and small letters looks best.
        let same = names.iter().find(|known| key(known) == key(name)).cloned();
        match same {
            Some(known) if is_better_written(name, &known) => {
                names.remove(&known);
                names.insert(name.to_owned());
            }
            Some(_) => {}
            None if names.len() >= MOST_NAMES => {}
            None => {
                names.insert(name.to_owned());
            }
        }
    }

    /// Whoever of ours a short name in the event means: `dana`, `dana.keller` or the start of an address.
    fn owner(&mut self, owner: &str) -> usize {
        let name = key(&owner.replace(['.', '_'], " "));
        let mailbox = owner.split('@').next().unwrap_or(owner).to_lowercase();
        let is_ours = |person: &usize| self.people[*person].side == Side::Ours;
        let by_mailbox = self
            .by_address
            .iter()
            .filter(|(address, _)| address.split('@').next() == Some(mailbox.as_str()))
            .map(|(_, person)| *person);
        let by_given = self.by_given_name.get(&name).into_iter().flatten().copied();
        let candidates: BTreeSet<usize> =
            by_mailbox.chain(by_given).chain(self.by_name.get(&name).copied()).filter(is_ours).collect();
        match candidates.first() {
            Some(person) if candidates.len() == 1 => *person,
            _ => {
                self.people.push(Person::default());
                let person = self.people.len() - 1;
                let given = name.split(' ').next().unwrap_or(&name).to_owned();
                self.by_given_name.entry(given).or_default().insert(person);
                self.by_name.entry(name).or_insert(person);
                person
            }
        }
    }

    fn judge(&mut self, person: usize, side: Side, rank: Rank) {
        let person = &mut self.people[person];
        if side != Side::Unknown && rank > person.rank {
            (person.side, person.rank) = (side, rank);
        }
    }
}

/// Some transcripts name the role instead of the person.
fn side_of_role(name: &str) -> Side {
    match key(name).as_str() {
        "customer" | "client" | "prospect" | "buyer" | "kunde" | "kundin" => Side::Customer,
        "agent" | "rep" | "sales" | "sales rep" | "seller" | "sdr" | "bdr" | "ae" | "csm" => Side::Ours,
        _ => Side::Unknown,
    }
}

fn is_better_written(name: &str, than: &str) -> bool {
    let score = |name: &str| usize::from(name.contains(char::is_lowercase)) + usize::from(name.contains(char::is_uppercase));
    (score(name), std::cmp::Reverse(name)) > (score(than), std::cmp::Reverse(than))
}

/// A name for comparing: lower case, single spaces, without a company in brackets or quotes.
fn key(name: &str) -> String {
    let bare = name.split(['(', '[', '|']).next().unwrap_or_default();
    let bare: String = bare.chars().filter(|c| !matches!(c, '"' | '*')).collect();
    bare.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// Ours if the address is in one of our domains or below one; else the customer's. Unknown as long as nobody has said
/// which domains are ours.
fn side_of(address: &str, our_domains: &[String]) -> Side {
    let Some((_, domain)) = address.rsplit_once('@').filter(|_| !our_domains.is_empty()) else { return Side::Unknown };
    let is_ours = our_domains.iter().any(|ours| {
        let domain = domain.strip_suffix(ours.as_str());
        domain.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    });
    if is_ours { Side::Ours } else { Side::Customer }
}

#[cfg(test)]
mod tests {
    use super::{People, side_of};
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

    fn learn(data: &HandoffData, drafts: &[Draft]) -> People {
        People::learn(data, &["us.example".to_owned()], drafts.iter())
    }

    #[test]
    fn a_given_name_that_only_one_has_is_that_person() {
        let drafts = [draft(Some("DANA"), None), draft(Some("Dana Keller"), Some("dana@north.example"))];
        let people = learn(&data("lee", &[]), &drafts);
        assert_eq!(people.resolve(Some("DANA"), None), (Some("Dana Keller".to_owned()), Side::Customer));
        assert_eq!(people.resolve(Some("Lee"), None).1, Side::Ours);
    }

    #[test]
    fn a_given_name_that_two_have_is_nobody_certain() {
        let drafts = [draft(Some("Dana"), None), draft(Some("Dana Keller"), Some("dana@north.example"))];
        let people = learn(&data("dana", &[]), &drafts);
        assert_eq!(people.resolve(Some("Dana"), None), (Some("Dana".to_owned()), Side::Unknown));
        assert_eq!(people.resolve(Some("Dana Keller"), Some("dana@north.example")).1, Side::Customer);
    }

    #[test]
    fn an_owner_is_found_among_our_own_addresses() {
        let drafts = [draft(Some("Dana Ito"), Some("dito@us.example")), draft(Some("Dana"), None)];
        let people = learn(&data("dito", &[]), &drafts);
        assert_eq!(people.resolve(Some("Dana"), None), (Some("Dana Ito".to_owned()), Side::Ours));
    }

    #[test]
    fn participants_say_it_better_than_addresses_do() {
        let drafts = [draft(Some("Kim"), Some("kim@freemail.example")), draft(Some("Pat"), None)];
        let people =
            learn(&data("lee", &[("Kim Oh", Some("Kim@freemail.example"), Side::Ours), ("Pat", None, Side::Customer)]), &drafts);
        assert_eq!(people.resolve(Some("Kim"), Some("kim@freemail.example")), (Some("Kim Oh".to_owned()), Side::Ours));
        assert_eq!(people.resolve(Some("Pat"), None).1, Side::Customer);
    }

    #[test]
    fn a_role_in_the_place_of_a_name_says_the_side() {
        let drafts = [draft(Some("Customer"), None), draft(Some("SDR"), None)];
        let people = learn(&data("lee", &[]), &drafts);
        assert_eq!(people.resolve(Some("Customer"), None), (Some("Customer".to_owned()), Side::Customer));
        assert_eq!(people.resolve(Some("SDR"), None).1, Side::Ours);
    }

    #[test]
    fn domains_are_compared_whole() {
        let ours = ["us.example".to_owned()];
        assert_eq!(side_of("a@us.example", &[]), Side::Unknown);
        let sides = ["a@us.example", "a@eu.us.example", "a@notus.example", "a"].map(|address| side_of(address, &ours));
        assert_eq!(sides, [Side::Ours, Side::Ours, Side::Customer, Side::Unknown]);
    }
}
