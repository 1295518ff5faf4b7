//! [`Roster`]: which names and addresses are one person's. Only what is certain: two people who may share a name stay
//! two, and a name that two may have is nobody's.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{Form, Name};
use super::sides::{Domains, is_machine};
use crate::domain::event::Side;

/// Somebody as a source names him: at least one of the two is there.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mention {
    /// As written.
    pub(super) name: Option<String>,
    /// Lower case.
    pub(super) address: Option<String>,
}

/// Everybody who is named.
#[derive(Debug, Default)]
pub(super) struct Roster {
    people: Vec<BTreeSet<Name>>,
    by_address: BTreeMap<String, usize>,
    /// `given family`, folded.
    by_full_name: BTreeMap<String, usize>,
    /// Names as written; `None` if it is not certain whom they mean.
    by_spelling: BTreeMap<String, Option<usize>>,
    /// See [`Name::index_keys`], and `m:` for the local part of an address.
    index: BTreeMap<String, BTreeSet<usize>>,
}

/// More names than this nobody has; a forged thread could have thousands for one address.
const MOST_NAMES: usize = 8;
/// Of people with the same given name, so many are looked at.
const MOST_NAMESAKES: usize = 64;

impl Roster {
    /// The result does not depend on the order of anything: mentions are a set.
    pub(super) fn of(mentions: &BTreeSet<Mention>, owners: &[&str], taking_part: &[(Mention, Side)], domains: &Domains) -> Self {
        let named: Vec<Named<'_>> = mentions.iter().map(Named::of).collect();
        let mut roster = Self::certain(&named, domains);
        roster.join_addresses();
        owners.iter().for_each(|owner| roster.enter_owner(owner, taking_part, domains));
        roster.enter_short_names(&named);
        roster.enter_spellings(&named);
        roster
    }

    pub(super) fn len(&self) -> usize {
        self.people.len()
    }

    /// The person an address and a name mean.
    pub(super) fn find(&self, name: Option<&str>, address: Option<&str>) -> Option<usize> {
        let by_address = address.and_then(|address| self.by_address.get(address).copied());
        by_address.or_else(|| name.and_then(|name| self.find_name(name)))
    }

    fn find_name(&self, name: &str) -> Option<usize> {
        let known = self.by_spelling.get(name).copied();
        known.unwrap_or_else(|| Name::parse(name).and_then(|name| self.only_candidate(&name)))
    }

    /// Whom an owner of the event means.
    pub(super) fn find_owner(&self, owner: &str) -> Option<usize> {
        self.by_spelling.get(&owner_spelling(owner)).copied().flatten()
    }

    /// The fullest name, so that a person has the same one everywhere.
    pub(super) fn shown(&self, person: usize) -> Option<&str> {
        let fullness = |name: &&Name| {
            let rank = match name.form {
                Form::Full { .. } => 2,
                Form::Initial { .. } => 1,
                Form::Family(_) | Form::One(_) => 0,
            };
            let shown = &name.shown;
            (
                rank,
                shown.split_whitespace().count(),
                !shown.is_ascii(),
                shown.len(),
                capitals(shown),
                std::cmp::Reverse(shown.clone()),
            )
        };
        self.people[person].iter().max_by_key(fullness).map(|name| name.shown.as_str())
    }

    /// People by address and by full name.
    fn certain(named: &[Named<'_>], domains: &Domains) -> Self {
        let identities = Identities::of(named, domains);
        let mut roster = Self::default();
        let mut people: BTreeMap<usize, usize> = BTreeMap::new();
        for (key, node) in &identities.nodes {
            let root = identities.root(*node);
            let person = *people.entry(root).or_insert_with(|| {
                roster.people.push(BTreeSet::new());
                roster.people.len() - 1
            });
            match key {
                Key::Address(address) => roster.by_address.insert((*address).to_owned(), person),
                Key::FullName(name) => roster.by_full_name.insert(name.clone(), person),
            };
        }
        for one in named {
            let person = one.address.and_then(|address| roster.by_address.get(address)).or_else(|| {
                one.name.as_ref().and_then(|name| name.full_keys().iter().find_map(|key| roster.by_full_name.get(key)))
            });
            if let (Some(person), Some(name)) = (person.copied(), &one.name) {
                roster.note(person, name);
            }
        }
        let mailboxes: Vec<(String, usize)> =
            roster.by_address.iter().map(|(address, person)| (address.clone(), *person)).collect();
        for (address, person) in mailboxes {
            let local = address.split('@').next().unwrap_or_default();
            roster.index.entry(format!("m:{local}")).or_default().insert(person);
            if let Some(name) = Name::of_mailbox(local).filter(|_| !roster.people[person].iter().any(Name::is_full)) {
                roster.index_by(person, &name);
            }
        }
        roster
    }

    fn note(&mut self, person: usize, name: &Name) {
        let names = &mut self.people[person];
        let same = names.iter().find(|known| known.form == name.form).cloned();
        match same {
            Some(known) if is_better_written(&name.shown, &known.shown) => {
                names.remove(&known);
                names.insert(name.clone());
            }
            Some(_) => {}
            None if names.len() >= MOST_NAMES => {}
            None => {
                names.insert(name.clone());
                self.index_by(person, name);
            }
        }
    }

    fn index_by(&mut self, person: usize, name: &Name) {
        for key in name.index_keys() {
            self.index.entry(key).or_default().insert(person);
        }
    }

    /// An address whose full name nobody gives, and a full name whose address nobody gives, are one person's if they
    /// fit nobody else.
    fn join_addresses(&mut self) {
        let addressed: BTreeSet<usize> = self.by_address.values().copied().collect();
        let is_full = |person: &usize| self.people[*person].iter().any(Name::is_full);
        let mut claims: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for (address, person) in self.by_address.iter().filter(|(_, person)| !is_full(person)) {
            let mailbox = Name::of_mailbox(address.split('@').next().unwrap_or_default());
            let names = self.people[*person].iter().cloned();
            let names: Vec<Name> = if self.people[*person].is_empty() { mailbox.into_iter().collect() } else { names.collect() };
            let mut fitting: BTreeSet<usize> = names.iter().flat_map(|name| self.candidates(name)).collect();
            fitting.remove(person);
            if let (1, Some(only)) = (fitting.len(), fitting.first())
                && is_full(only)
                && !addressed.contains(only)
            {
                claims.entry(*only).or_default().insert(*person);
            }
        }
        let joined = claims.iter().filter(|(_, claimants)| claimants.len() == 1);
        self.merge(&joined.flat_map(|(full, claimants)| claimants.iter().map(|claimant| (*claimant, *full))).collect());
    }

    /// Makes each first one the same person as the second.
    fn merge(&mut self, joined: &BTreeMap<usize, usize>) {
        for (from, into) in joined {
            let names = std::mem::take(&mut self.people[*from]);
            self.people[*into].extend(names);
        }
        let now = |person: &usize| joined.get(person).copied().unwrap_or(*person);
        self.by_address.values_mut().chain(self.by_full_name.values_mut()).for_each(|person| *person = now(person));
        self.index.values_mut().for_each(|people| *people = people.iter().map(now).collect());
    }

    /// Everybody a name can mean.
    fn candidates(&self, name: &Name) -> BTreeSet<usize> {
        let full: BTreeSet<usize> = name.full_keys().iter().filter_map(|key| self.by_full_name.get(key)).copied().collect();
        if name.is_full() {
            return full;
        }
        // More than a few are as bad as many.
        let step = |keys: Vec<String>| -> BTreeSet<usize> {
            keys.iter().filter_map(|key| self.index.get(key)).flatten().take(MOST_NAMESAKES).copied().collect()
        };
        name.search_keys().into_iter().map(step).find(|found| !found.is_empty()).unwrap_or_default()
    }

    /// A short name of a system, such as `dana` or `dana.keller`, means one of our people; if it fits no other, it is
    /// somebody who has not been named yet, and may have the same given name as a customer.
    fn enter_owner(&mut self, owner: &str, taking_part: &[(Mention, Side)], domains: &Domains) {
        let spelling = owner_spelling(owner);
        if owner.contains('@') {
            let person = self.by_address.get(&spelling).copied();
            let person = person.unwrap_or_else(|| self.enter(None));
            self.by_address.insert(spelling.clone(), person);
            self.by_spelling.insert(spelling, Some(person));
            return;
        }
        let name = Name::parse(owner).filter(Name::is_full).or_else(|| Name::of_mailbox(owner)).or_else(|| Name::parse(owner));
        let Some(name) = name else { return };
        let sides = self.sides(taking_part, domains);
        let mut fitting = self.candidates(&name);
        fitting.extend(self.index.get(&format!("m:{}", owner.trim().to_lowercase())).into_iter().flatten());
        let ours: Vec<usize> = fitting.iter().copied().filter(|person| sides[*person] == Side::Ours).collect();
        let person = match (ours.as_slice(), fitting.first()) {
            ([only], _) => *only,
            // A whole name is enough where no address speaks against it.
            ([], Some(only)) if name.is_full() && fitting.len() == 1 && sides[*only] == Side::Unknown => *only,
            _ => self.enter(Some(&name)),
        };
        self.by_spelling.insert(spelling, Some(person));
    }

    /// The side that addresses give everybody, and the event those who take part.
    fn sides(&self, taking_part: &[(Mention, Side)], domains: &Domains) -> Vec<Side> {
        let mut sides = vec![Side::Unknown; self.people.len()];
        for (address, person) in &self.by_address {
            let side = domains.side_of(address);
            if side != Side::Unknown {
                sides[*person] = side;
            }
        }
        for (mention, side) in taking_part.iter().filter(|(_, side)| *side != Side::Unknown) {
            if let Some(person) = self.find(mention.name.as_deref(), mention.address.as_deref()) {
                sides[person] = *side;
            }
        }
        sides
    }

    fn enter(&mut self, name: Option<&Name>) -> usize {
        self.people.push(BTreeSet::new());
        let person = self.people.len() - 1;
        if let Some(name) = name {
            self.index_by(person, name);
            for key in name.full_keys() {
                self.by_full_name.entry(key).or_insert(person);
            }
        }
        person
    }

    /// Names that are not whole, the fuller ones first: each is the only one it can mean, or somebody new.
    fn enter_short_names(&mut self, named: &[Named<'_>]) {
        let is_short = |one: &&Named<'_>| one.address.is_none() && one.name.as_ref().is_some_and(|name| !name.is_full());
        let mut short: Vec<&Name> = named.iter().filter(is_short).filter_map(|one| one.name.as_ref()).collect();
        let fullness = |name: &Name| match name.form {
            Form::Full { .. } | Form::Initial { .. } => 0,
            Form::Family(_) => 1,
            Form::One(_) => 2,
        };
        short.sort_by_key(|name| (fullness(name), (*name).clone()));
        short.dedup();
        for name in short {
            let fitting = self.candidates(name);
            match (fitting.len(), fitting.first()) {
                (0, _) => {
                    let person = self.enter(Some(name));
                    self.people[person].insert(name.clone());
                }
                (1, Some(only)) => self.note(*only, name),
                _ => {}
            }
        }
    }

    fn enter_spellings(&mut self, named: &[Named<'_>]) {
        for one in named {
            if let Some(spelling) = one.spelling {
                let person = one.name.as_ref().and_then(|name| self.only_candidate(name));
                self.by_spelling.insert(spelling.to_owned(), person);
            }
        }
    }

    fn only_candidate(&self, name: &Name) -> Option<usize> {
        let fitting = self.candidates(name);
        fitting.first().copied().filter(|_| fitting.len() == 1)
    }
}

/// Owners do not share spellings with speakers: `dana` may be an owner and a customer.
fn owner_spelling(owner: &str) -> String {
    if owner.contains('@') { owner.trim().to_lowercase() } else { format!("owner:{}", owner.trim().to_lowercase()) }
}

/// A mention with its name taken apart.
struct Named<'a> {
    spelling: Option<&'a str>,
    name: Option<Name>,
    /// `None` also if the address is not the named one's own.
    address: Option<&'a str>,
}

impl<'a> Named<'a> {
    fn of(mention: &'a Mention) -> Self {
        let spelling = mention.name.as_deref();
        let is_sent_for = spelling.is_some_and(|name| name.to_lowercase().contains(" via "));
        let address = mention.address.as_deref().filter(|address| !is_sent_for && !is_machine(address));
        Self { spelling, name: spelling.and_then(Name::parse), address }
    }

    /// The full name that name or mailbox spells.
    fn full_name(&self) -> Option<Name> {
        let mailbox = || self.address.and_then(|address| Name::of_mailbox(address.split('@').next()?)).filter(Name::is_full);
        let spelled = self.name.clone().filter(Name::is_full);
        let fits = |mailbox: &Name| self.name.as_ref().is_none_or(|name| mailbox.shares_a_part(name));
        spelled.or_else(|| mailbox().filter(fits))
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key<'a> {
    Address(&'a str),
    FullName(String),
}

/// Addresses and full names as nodes that are joined where they are one person's.
struct Identities<'a> {
    nodes: BTreeMap<Key<'a>, usize>,
    /// Parent of each node; a root is its own.
    parents: Vec<usize>,
}

impl<'a> Identities<'a> {
    fn of(named: &'a [Named<'a>], domains: &Domains) -> Self {
        let mut identities = Self { nodes: BTreeMap::new(), parents: Vec::new() };
        let shared = shared_addresses(named);
        let torn = torn_names(named, domains);
        for one in named {
            let address = one.address.filter(|address| !shared.contains(address));
            let address = address.map(|address| identities.node(Key::Address(address)));
            let Some(name) = one.full_name() else { continue };
            let keys = name.full_keys();
            let nodes: Vec<usize> = keys.iter().map(|key| identities.node(Key::FullName(key.clone()))).collect();
            nodes.windows(2).for_each(|pair| identities.join(pair[0], pair[1]));
            if let (Some(address), Some(node), false) = (address, nodes.first(), keys.iter().any(|key| torn.contains(key))) {
                identities.join(address, *node);
            }
        }
        // Nobody knows which of two people a torn name means.
        identities.nodes.retain(|key, _| !matches!(key, Key::FullName(name) if torn.contains(name)));
        identities
    }

    fn node(&mut self, key: Key<'a>) -> usize {
        let new = self.parents.len();
        let node = *self.nodes.entry(key).or_insert(new);
        if node == new {
            self.parents.push(new);
        }
        node
    }

    fn root(&self, mut node: usize) -> usize {
        while self.parents[node] != node {
            node = self.parents[node];
        }
        node
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.parents[a.max(b)] = a.min(b);
    }
}

/// Addresses that several people send from.
fn shared_addresses<'a>(named: &'a [Named<'a>]) -> BTreeSet<&'a str> {
    let mut first_name: BTreeMap<&str, &Name> = BTreeMap::new();
    let mut shared = BTreeSet::new();
    for one in named {
        if let (Some(address), Some(name)) = (one.address, one.name.as_ref().filter(|name| name.is_full())) {
            let first = *first_name.entry(address).or_insert(name);
            if !first.shares_a_part(name) {
                shared.insert(address);
            }
        }
    }
    shared
}

/// Full names that two people have: on both sides, or with different middle names.
fn torn_names(named: &[Named<'_>], domains: &Domains) -> BTreeSet<String> {
    let mut sides: BTreeMap<String, BTreeSet<Side>> = BTreeMap::new();
    let mut middles: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for one in named {
        let Some(name) = one.full_name() else { continue };
        let side = one.address.map_or(Side::Unknown, |address| domains.side_of(address));
        for key in name.full_keys() {
            sides.entry(key.clone()).or_default().extend((side != Side::Unknown).then_some(side));
            let middle = name.middle().trim_end_matches('.');
            middles.entry(key).or_default().extend((!middle.is_empty()).then(|| middle.to_owned()));
        }
    }
    let disagree =
        |middles: &BTreeSet<String>| middles.iter().zip(middles.iter().skip(1)).any(|(a, b)| !b.starts_with(a.as_str()));
    let torn_sides = sides.into_iter().filter(|(_, sides)| sides.len() > 1).map(|(key, _)| key);
    torn_sides.chain(middles.into_iter().filter(|(_, middles)| disagree(middles)).map(|(key, _)| key)).collect()
}

fn capitals(name: &str) -> usize {
    usize::from(name.contains(char::is_lowercase)) + usize::from(name.contains(char::is_uppercase))
}

/// `Dana Keller` looks better than `DANA KELLER` and `dana keller`.
fn is_better_written(name: &str, than: &str) -> bool {
    (capitals(name), !name.is_ascii(), std::cmp::Reverse(name)) > (capitals(than), !than.is_ascii(), std::cmp::Reverse(than))
}
