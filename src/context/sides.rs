//! Which side somebody is on, from an address, a role or a field of the record.

use crate::domain::event::{HandoffData, Side};

/// The mail domains of our own people.
#[derive(Debug, Default)]
pub(super) struct Domains(Vec<String>);

impl Domains {
    /// What is set, else the domains of the event's owners where those are mail addresses.
    pub(super) fn of(data: &HandoffData, ours: &[String]) -> Self {
        if !ours.is_empty() {
            return Self(ours.to_vec());
        }
        let owners = [&data.from.owner, &data.to.owner].into_iter().flatten();
        let domains = owners.filter_map(|owner| owner.rsplit_once('@')).map(|(_, domain)| domain.trim().to_lowercase());
        Self(domains.filter(|domain| !domain.is_empty() && !is_free_mail(domain)).collect())
    }

    /// Ours if the address is in one of our domains or below one; else the customer's. Unknown as long as nobody has
    /// said which domains are ours, for free mail, and for what machines send.
    pub(super) fn side_of(&self, address: &str) -> Side {
        let Some((_, domain)) = address.rsplit_once('@').filter(|_| !self.0.is_empty()) else { return Side::Unknown };
        let is_ours = self.0.iter().any(|ours| {
            let rest = domain.strip_suffix(ours.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        });
        match is_ours {
            true => Side::Ours,
            false if is_free_mail(domain) || is_machine(address) => Side::Unknown,
            false => Side::Customer,
        }
    }
}

/// Whether everybody can have an address in the domain.
fn is_free_mail(domain: &str) -> bool {
    const WHOLE: [&str; 62] = [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "msn.com",
        "icloud.com",
        "me.com",
        "mac.com",
        "aol.com",
        "mail.com",
        "email.com",
        "proton.me",
        "protonmail.com",
        "pm.me",
        "fastmail.com",
        "hey.com",
        "tutanota.com",
        "zohomail.com",
        "web.de",
        "t-online.de",
        "freenet.de",
        "arcor.de",
        "posteo.de",
        "mailbox.org",
        "orange.fr",
        "wanadoo.fr",
        "free.fr",
        "laposte.net",
        "sfr.fr",
        "libero.it",
        "virgilio.it",
        "tiscali.it",
        "alice.it",
        "wp.pl",
        "o2.pl",
        "onet.pl",
        "interia.pl",
        "seznam.cz",
        "centrum.cz",
        "comcast.net",
        "verizon.net",
        "att.net",
        "sbcglobal.net",
        "bellsouth.net",
        "cox.net",
        "charter.net",
        "btinternet.com",
        "sky.com",
        "bigpond.com",
        "shaw.ca",
        "rogers.com",
        "uol.com.br",
        "bol.com.br",
        "terra.com.br",
        "mail.ru",
        "inbox.ru",
        "qq.com",
        "163.com",
        "126.com",
        "naver.com",
        "hanmail.net",
        "rediffmail.com",
        "bluewin.ch",
    ];
    const WITH_ANY_ENDING: [&str; 7] = ["yahoo", "hotmail", "live", "gmx", "yandex", "ymail", "outlook"];
    let is_national = |name: &str| domain.strip_prefix(name).is_some_and(|rest| rest.starts_with('.') && rest.len() <= 7);
    WHOLE.contains(&domain) || WITH_ANY_ENDING.into_iter().any(is_national)
}

/// Whether a machine sends from the address, in somebody else's name.
pub(super) fn is_machine(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default().to_ascii_lowercase();
    let letters: String = local.chars().filter(char::is_ascii_alphabetic).collect();
    ["noreply", "donotreply", "notification", "mailerdaemon", "postmaster", "bounce", "calendarnotification", "invitations"]
        .iter()
        .any(|machine| letters.starts_with(machine) || letters.ends_with("noreply"))
}

/// The side of a role that a transcript names instead of a person.
pub(super) fn of_role(name: &str) -> Option<Side> {
    let lower = name.trim().to_lowercase();
    let role = lower.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ');
    match role {
        "customer" | "client" | "prospect" | "buyer" | "kunde" | "kundin" | "cliente" => Some(Side::Customer),
        "agent" | "rep" | "sales" | "sales rep" | "seller" | "sdr" | "bdr" | "ae" | "csm" | "account executive" => {
            Some(Side::Ours)
        }
        _ => None,
    }
}

/// Whom a field of the record names. `None` if its value is no person.
pub(super) fn of_field(name: &str) -> Option<Side> {
    let lower = name.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let last = *words.last()?;
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(word));
    let is_person = |people: &[&str]| has(people) && (people.contains(&last) || matches!(last, "name" | "email" | "mail" | "to"));
    const OURS: [&str; 9] = ["owner", "rep", "sdr", "bdr", "ae", "csm", "assignee", "assigned", "executive"];
    const THEIRS: [&str; 8] = ["contact", "contacts", "buyer", "champion", "maker", "signatory", "sponsor", "stakeholder"];
    // The owner of a contact is ours.
    match () {
        () if is_person(&OURS) => Some(Side::Ours),
        () if is_person(&THEIRS) => Some(Side::Customer),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Domains, is_free_mail, is_machine, of_field, of_role};
    use crate::domain::event::{HandoffData, Party, RecordRef, Side};

    fn data(from: Option<&str>, to: Option<&str>) -> HandoffData {
        let party = |owner: Option<&str>| Party { team: None, owner: owner.map(str::to_owned) };
        HandoffData {
            kind: "sdr_to_ae".into(),
            record: RecordRef { record_type: "deal".into(), id: "1".into(), name: None },
            from: party(from),
            to: party(to),
            fields: Default::default(),
            participants: Vec::new(),
            sources: Vec::new(),
        }
    }

    #[test]
    fn domains_are_compared_whole() {
        let ours = Domains::of(&data(Some("lee@elsewhere.example"), None), &["us.example".to_owned()]);
        let rows = ["a@us.example", "a@eu.us.example", "a@notus.example", "a", "a@elsewhere.example"];
        let expected = [Side::Ours, Side::Ours, Side::Customer, Side::Unknown, Side::Customer];
        assert_eq!(rows.map(|address| ours.side_of(address)), expected);
    }

    #[test]
    fn without_a_setting_the_owners_addresses_say_what_is_ours() {
        let known = Domains::of(&data(Some("lee"), Some("Dana@US.example")), &[]);
        assert_eq!((known.side_of("x@us.example"), known.side_of("x@north.example")), (Side::Ours, Side::Customer));
        let nobody = Domains::of(&data(Some("lee"), Some("dana@gmail.com")), &[]);
        assert_eq!((nobody.side_of("x@gmail.com"), nobody.side_of("x@north.example")), (Side::Unknown, Side::Unknown));
    }

    #[test]
    fn free_mail_and_machines_say_nothing() {
        let ours = Domains::of(&data(None, None), &["us.example".to_owned()]);
        for address in
            ["kim@gmail.com", "kim@gmx.de", "kim@yahoo.co.uk", "no-reply@docs.example", "calendar-notification@cal.example"]
        {
            assert_eq!(ours.side_of(address), Side::Unknown, "{address}");
        }
        assert!(!is_free_mail("live-marketing.example") && !is_free_mail("north.example") && !is_machine("nora@north.example"));
        assert_eq!(ours.side_of("no-reply@us.example"), Side::Ours);
    }

    #[test]
    fn fields_of_people_and_roles_say_the_side() {
        let ours = ["account_owner", "Deal Owner", "owner.name", "contact_owner", "sdr", "assigned_to"];
        let theirs = ["contact_name", "primary_contact", "contact.email", "economic_buyer", "decision_maker", "Champion"];
        assert_eq!(ours.map(of_field), [Some(Side::Ours); 6]);
        assert_eq!(theirs.map(of_field), [Some(Side::Customer); 6]);
        for field in ["lead_source", "customer_name", "deal_name", "contact_type", "stage", "owner_team", "amount", ""] {
            assert_eq!(of_field(field), None, "{field}");
        }
        assert_eq!(
            ["Customer", "SDR", "agent 2", "Dana"].map(of_role),
            [Some(Side::Customer), Some(Side::Ours), Some(Side::Ours), None]
        );
    }
}
