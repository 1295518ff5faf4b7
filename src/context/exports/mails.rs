//! Mails as JSON: of the Gmail API, of Microsoft Graph, of HubSpot, and plain objects of a sender, a subject and a
//! body. Each message is a mail like any other: its quotations and signatures are found the same way.

use jiff::Timestamp;
use serde_json::Value as Json;

use super::gmail;
use crate::context::html::looks_like_html;
use crate::context::mail::{Letters, MadeText, Mailbox, compose, mailboxes, moment, written};
use crate::context::material::Limits;
use crate::context::reading::{Correspondent, MailHead, Reading};

/// A known export of mails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::context) enum MailExport {
    Gmail,
    Graph,
    HubSpot,
    Objects,
}

impl MailExport {
    /// For the receipt: the format and the rule that matched.
    pub(super) fn describe(self) -> &'static str {
        match self {
            Self::Gmail => "Gmail messages (JSON with payload.headers, or raw and threadId)",
            Self::Graph => "Microsoft Graph messages (JSON with from.emailAddress and body.contentType)",
            Self::HubSpot => "HubSpot emails (JSON with hs_email_text or hs_email_html)",
            Self::Objects => "mails as JSON (objects with from, a body, and to or subject)",
        }
    }

    fn is_message(self, json: &Json) -> bool {
        let has = |names: &[&str]| names.iter().any(|name| json.get(name).is_some());
        match self {
            Self::Gmail => gmail::is_message(json),
            Self::Graph => {
                let has_sender = ["/from/emailAddress", "/sender/emailAddress"].iter().any(|path| json.pointer(path).is_some());
                let has_body = json.pointer("/body/contentType").is_some() || has(&["bodyPreview", "uniqueBody"]);
                has_sender && has_body || json.pointer("/body/contentType").is_some() && has(&["conversationId"])
            }
            Self::HubSpot => {
                let properties = json.get("properties").unwrap_or(json);
                ["hs_email_text", "hs_email_html", "hs_email_headers"].iter().any(|name| properties.get(name).is_some())
            }
            Self::Objects => {
                has(&["from", "sender"])
                    && body_of(json).is_some()
                    && has(&["to", "subject", "recipients", "message_id", "messageId"])
            }
        }
    }

    const ALL: [Self; 4] = [Self::Gmail, Self::Graph, Self::HubSpot, Self::Objects];
}

/// Names of the lists that messages come in.
const LISTS: [&str; 8] = ["messages", "value", "results", "emails", "mails", "thread", "items", "data"];

/// Tells an export of mails by its first message.
pub(super) fn detect(json: &Json) -> Option<MailExport> {
    let first = messages(json).into_iter().next()?;
    MailExport::ALL.into_iter().find(|export| export.is_message(first))
}

/// The messages of a list, of an object with a list, or the one message.
fn messages(json: &Json) -> Vec<&Json> {
    let listed = || LISTS.iter().find_map(|name| json.get(name)?.as_array());
    match json.as_array().or_else(listed) {
        // Threads: lists of lists.
        Some(list) => list
            .iter()
            .flat_map(|item| match item.get("messages").and_then(Json::as_array) {
                Some(inner) => inner.iter().collect::<Vec<_>>(),
                None => vec![item],
            })
            .collect(),
        None => vec![json],
    }
}

/// Reads an export of mails.
pub(super) fn read(json: &Json, export: MailExport, limits: &Limits) -> Reading {
    let mut letters = Letters::new(None, limits);
    let found = messages(json);
    for message in &found {
        match export {
            MailExport::Gmail => gmail::push(message, &mut letters),
            MailExport::Graph => push_graph(message, &found, &mut letters),
            MailExport::HubSpot => push_hubspot(message, &mut letters),
            MailExport::Objects => push_object(message, &mut letters),
        }
    }
    compose(letters, None)
}

fn push_graph(message: &Json, all: &[&Json], letters: &mut Letters<'_>) {
    if message.get("isDraft").and_then(Json::as_bool) == Some(true) {
        letters.leave_out("draft that was not sent".to_owned());
        return;
    }
    if !letters.take_mail() {
        return;
    }
    let person = |json: &Json| person(json.get("emailAddress").unwrap_or(json));
    let people = |name: &str| -> Vec<Mailbox> {
        message.get(name).and_then(Json::as_array).into_iter().flatten().filter_map(person).collect()
    };
    let from = ["from", "sender"].iter().find_map(|name| person(message.get(name)?));
    let text = |path: &str| message.pointer(path).and_then(Json::as_str).filter(|text| !text.trim().is_empty());
    // What is new in a mail is all that matters of it where the others of its conversation are there too.
    let conversation = text("/conversationId");
    let has_others = conversation.is_some()
        && all.iter().filter(|other| other.get("conversationId").and_then(Json::as_str) == conversation).count() > 1;
    let bodies = if has_others { ["uniqueBody", "body"] } else { ["body", "uniqueBody"] };
    let body = bodies.iter().find_map(|name| {
        let content = text(&format!("/{name}/content"))?;
        Some(match text(&format!("/{name}/contentType")).is_some_and(|kind| kind.eq_ignore_ascii_case("html")) {
            true => MadeText::Html(content),
            false => MadeText::Plain(content),
        })
    });
    let date = ["/sentDateTime", "/receivedDateTime", "/createdDateTime"].iter().find_map(|path| moment(text(path)?));
    let (to, cc) = (people("toRecipients"), people("ccRecipients"));
    let head = head(from, &to, text("/subject"), date, text("/internetMessageId"));
    letters.push_made(head, receivers(to.into_iter().chain(cc)), body.or(text("/bodyPreview").map(MadeText::Plain)));
    for file in message.get("attachments").and_then(Json::as_array).into_iter().flatten() {
        let field = |name: &str| file.get(name).and_then(Json::as_str);
        letters.leave_out_file(field("name"), field("contentType"), file.get("size").and_then(Json::as_u64));
    }
}

fn push_hubspot(message: &Json, letters: &mut Letters<'_>) {
    if !letters.take_mail() {
        return;
    }
    let properties = message.get("properties").unwrap_or(message);
    let text = |name: &str| properties.get(name).and_then(Json::as_str).filter(|text| !text.trim().is_empty());
    // JSON within a string.
    let headers: Json = text("hs_email_headers").and_then(|headers| serde_json::from_str(headers).ok()).unwrap_or_default();
    let people = |name: &str| -> Vec<Mailbox> {
        headers.get(name).and_then(Json::as_array).into_iter().flatten().filter_map(person).collect()
    };
    let named = |prefix: &str| {
        let part = |name: &str| text(&format!("hs_email_{prefix}_{name}"));
        let name: Vec<&str> = ["firstname", "lastname"].into_iter().filter_map(part).collect();
        mailbox(Some(name.join(" ")).filter(|name| !name.is_empty()), part("email").map(str::to_owned))
    };
    let from = headers.get("from").and_then(person).or_else(|| headers.get("sender").and_then(person)).or_else(|| named("from"));
    let to = Some(people("to")).filter(|to| !to.is_empty()).unwrap_or_else(|| named("to").into_iter().collect());
    let date = ["hs_timestamp", "hs_createdate"].iter().find_map(|name| properties.get(name).and_then(json_moment));
    let date = date.or_else(|| message.get("createdAt").and_then(json_moment));
    let body = text("hs_email_text").map(MadeText::Plain).or_else(|| text("hs_email_html").map(MadeText::Html));
    let head = head(from, &to, text("hs_email_subject"), date, text("hs_email_message_id"));
    letters.push_made(head, receivers(to.into_iter().chain(people("cc"))), body);
}

fn push_object(message: &Json, letters: &mut Letters<'_>) {
    if !letters.take_mail() {
        return;
    }
    let from = ["from", "sender"].iter().find_map(|name| people_of(message.get(name)?).into_iter().next());
    let to: Vec<Mailbox> = ["to", "recipients"].iter().filter_map(|name| message.get(name)).flat_map(people_of).collect();
    let cc: Vec<Mailbox> = message.get("cc").map(people_of).unwrap_or_default();
    let text = |names: &[&str]| names.iter().find_map(|name| message.get(name)?.as_str()).filter(|text| !text.trim().is_empty());
    let dates = ["date", "sent_at", "sentAt", "sent", "received_at", "receivedAt", "timestamp", "created_at", "createdAt"];
    let date = dates.iter().find_map(|name| json_moment(message.get(name)?));
    let head =
        head(from, &to, text(&["subject", "title"]), date, text(&["message_id", "messageId", "message-id", "internetMessageId"]));
    letters.push_made(head, receivers(to.into_iter().chain(cc)), body_of(message));
    for file in message.get("attachments").and_then(Json::as_array).into_iter().flatten() {
        let field = |names: &[&str]| names.iter().find_map(|name| file.get(name)?.as_str());
        let name = file.as_str().or_else(|| field(&["filename", "name", "fileName"]));
        letters.leave_out_file(
            name,
            field(&["contentType", "content_type", "type", "mimeType"]),
            file.get("size").and_then(Json::as_u64),
        );
    }
}

/// The body of a plain object: a text, or an object of a text and a page.
fn body_of(message: &Json) -> Option<MadeText<'_>> {
    let found =
        |json: &'_ Json, names: &[&'static str]| names.iter().find(|name| json.get(**name).is_some_and(Json::is_string)).copied();
    let inner = message.get("body").filter(|body| body.is_object()).unwrap_or(message);
    let plain = ["text", "body", "body_text", "bodyText", "text_body", "textBody", "plain", "body_plain", "content", "message"];
    let page = ["html", "body_html", "bodyHtml", "html_body", "htmlBody"];
    let name = found(inner, &plain).or_else(|| found(inner, &page))?;
    let text = inner.get(name)?.as_str()?;
    Some(match page.contains(&name) || looks_like_html(text) {
        true => MadeText::Html(text),
        false => MadeText::Plain(text),
    })
}

/// Whom a field names: a text as in a header, an object, or a list of them.
fn people_of(json: &Json) -> Vec<Mailbox> {
    match json {
        Json::String(text) => mailboxes(text),
        Json::Array(list) => list.iter().flat_map(people_of_one).collect(),
        Json::Object(_) => person(json).into_iter().collect(),
        Json::Null | Json::Bool(_) | Json::Number(_) => Vec::new(),
    }
}

fn people_of_one(json: &Json) -> Vec<Mailbox> {
    match json {
        Json::String(text) => mailboxes(text),
        _ => person(json).into_iter().collect(),
    }
}

/// Somebody as an object.
fn person(json: &Json) -> Option<Mailbox> {
    let text = |names: &[&str]| {
        let found = names.iter().find_map(|name| json.get(name)?.as_str());
        found.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    let parts: Vec<String> =
        [["firstName", "first_name"], ["lastName", "last_name"]].iter().filter_map(|names| text(names)).collect();
    let name = text(&["name", "displayName", "display_name"]).or_else(|| Some(parts.join(" ")).filter(|name| !name.is_empty()));
    mailbox(name, text(&["email", "address", "emailAddress", "mail"]))
}

fn mailbox(name: Option<String>, address: Option<String>) -> Option<Mailbox> {
    // Some write the address as the name once more.
    let name = name.filter(|name| address.as_ref().is_none_or(|address| !name.eq_ignore_ascii_case(address)));
    let written = written(name.as_deref(), address.as_deref());
    (!written.is_empty()).then_some(Mailbox { name, address, written })
}

fn head(from: Option<Mailbox>, to: &[Mailbox], subject: Option<&str>, date: Option<Timestamp>, id: Option<&str>) -> MailHead {
    MailHead {
        from: from.as_ref().map(|from| from.written.clone()),
        name: from.as_ref().and_then(|from| from.name.clone()),
        address: from.and_then(|from| from.address),
        to: to.iter().map(|to| to.written.clone()).collect(),
        subject: subject.map(|subject| subject.trim().to_owned()),
        date,
        message_id: id.map(|id| id.trim().trim_start_matches('<').trim_end_matches('>').to_owned()),
    }
}

fn receivers(mailboxes: impl Iterator<Item = Mailbox>) -> Vec<Correspondent> {
    let correspondent =
        |one: Mailbox| Correspondent { name: one.name, address: one.address.map(|address| address.to_lowercase()) };
    mailboxes.take(64).map(correspondent).collect()
}

/// A moment as text, or in seconds or milliseconds since 1970.
fn json_moment(json: &Json) -> Option<Timestamp> {
    let number = json.as_i64().or_else(|| json.as_str()?.trim().parse().ok());
    match number {
        Some(number) if number.abs() > 100_000_000_000 => Timestamp::from_millisecond(number).ok(),
        Some(number) => Timestamp::from_second(number).ok(),
        None => moment(json.as_str()?),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use crate::context::material::Limits;
    use crate::context::reading::{Reading, read};
    use crate::context::testing::source;
    use crate::domain::event::SourceType::EmailThread;

    fn reading(json: &Json) -> Reading {
        read(&source("mail", EmailThread, json.to_string()), &Limits::DEFAULT)
    }

    /// Sender, address, time and text of each message.
    fn said(reading: &Reading) -> Vec<String> {
        let row = |draft: &crate::context::reading::Draft| {
            let texts: Vec<&str> = draft.passages.iter().map(|passage| passage.text.as_str()).collect();
            let at = draft.at.map_or_else(|| "-".to_owned(), |at| at.to_string());
            let (name, address) = (draft.speaker.as_deref().unwrap_or("-"), draft.address.as_deref().unwrap_or("-"));
            format!("{name} {address} {at}: {}", texts.join(" | "))
        };
        reading.drafts.iter().map(row).collect()
    }

    fn encoded(text: &str) -> String {
        use base64::Engine as _;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text)
    }

    fn gmail_headers(from: &str, id: &str) -> Json {
        json!([{"name": "From", "value": from}, {"name": "To", "value": "Lee Ito <lee@us.example>"},
            {"name": "Subject", "value": "Preis für 40 Plätze"}, {"name": "Message-ID", "value": id}])
    }

    #[test]
    fn a_gmail_thread_is_read_message_by_message() {
        let first = json!({"id": "1", "threadId": "t", "internalDate": "1777899600000", "payload": {
            "mimeType": "multipart/mixed", "headers": gmail_headers("Dana Keller <Dana@North.example>", "<1@north.example>"),
            "body": {"size": 0}, "parts": [
                {"mimeType": "multipart/alternative", "filename": "", "parts": [
                    {"mimeType": "text/plain", "body": {"data": encoded("Wir können 45k zahlen.\r\n\r\n-- \r\nDana\r\n")},
                     "headers": [{"name": "Content-Type", "value": "text/plain; charset=iso-8859-15"},
                                 {"name": "Content-Transfer-Encoding", "value": "quoted-printable"}]},
                    {"mimeType": "text/html", "body": {"data": encoded("<p>Wir können 45k zahlen.</p>")}}]},
                {"mimeType": "application/pdf", "filename": "Angebot.pdf", "body": {"attachmentId": "x", "size": 4096}}]}});
        let html = "<div>Gern.</div><div class=\"gmail_quote\"><div class=\"gmail_attr\">Am Mo., 4. Mai 2026 um 15:00 Uhr schrieb Dana Keller &lt;dana@north.example&gt;:<br></div><blockquote>Wir können 45k zahlen.</blockquote></div>";
        let second = json!({"id": "2", "threadId": "t", "internalDate": "1777903200000", "payload": {
            "mimeType": "text/html", "headers": gmail_headers("lee@us.example", "<2@us.example>"), "body": {"data": encoded(html)}}});
        let reading = reading(&json!({"id": "t", "messages": [first, second]}));
        assert!(reading.format.starts_with("Gmail messages"), "{}", reading.format);
        assert_eq!(
            said(&reading),
            [
                "Dana Keller dana@north.example 2026-05-04T13:00:00Z: Wir können 45k zahlen.",
                "- lee@us.example 2026-05-04T14:00:00Z: Gern.",
                "Dana Keller dana@north.example 2026-05-04T15:00:00Z: Wir können 45k zahlen.",
            ]
        );
        assert_eq!(reading.drafts[0].message_id.as_deref(), Some("1@north.example"));
        assert_eq!(reading.left_out[0], "attachment `Angebot.pdf` (application/pdf, 4 kB)");
        let head = reading.mail.unwrap();
        assert_eq!(
            (head.from.as_deref(), head.subject.as_deref()),
            (Some("Dana Keller <Dana@North.example>"), Some("Preis für 40 Plätze"))
        );
    }

    #[test]
    fn a_raw_gmail_message_is_a_mail_and_a_snippet_is_better_than_nothing() {
        let raw = encoded("From: dana@north.example\r\nSubject: Price\r\n\r\nWe can spend 45k.\r\n");
        let found = reading(&json!({"id": "1", "threadId": "t", "raw": raw}));
        assert_eq!(said(&found), ["- dana@north.example -: We can spend 45k."]);
        let minimal = json!({"id": "1", "threadId": "t", "snippet": "We can&#39;t spend", "payload": {"mimeType": "text/plain",
            "headers": gmail_headers("dana@north.example", "<1@x>")}});
        let found = reading(&minimal);
        assert_eq!(said(&found), ["- dana@north.example -: We can't spend"]);
        assert_eq!(found.left_out.len(), 1);
    }

    #[test]
    fn graph_messages_use_what_is_new_where_the_conversation_is_there() {
        let person = |name: &str, address: &str| json!({"emailAddress": {"name": name, "address": address}});
        let message = |n: u8, body: &str, unique: &str| {
            json!({"id": n.to_string(), "conversationId": "c", "subject": "Price", "internetMessageId": format!("<{n}@north.example>"),
                "sentDateTime": format!("2026-05-04T1{n}:00:00Z"), "from": person("Dana Keller", "dana@north.example"),
                "toRecipients": [person("Lee Ito", "lee@us.example")],
                "body": {"contentType": "html", "content": body}, "uniqueBody": {"contentType": "html", "content": unique},
                "attachments": [{"name": "a.pdf", "contentType": "application/pdf", "size": 2048}]})
        };
        let both = json!({"value": [message(1, "<p>We can spend 45k.</p>", "<p>We can spend 45k.</p>"), message(2, "<p>Deal?</p><p>We can spend 45k.</p>", "<p>Deal?</p>")]});
        let found = reading(&both);
        assert_eq!(
            said(&found),
            [
                "Dana Keller dana@north.example 2026-05-04T11:00:00Z: We can spend 45k.",
                "Dana Keller dana@north.example 2026-05-04T12:00:00Z: Deal?",
            ]
        );
        assert_eq!(found.left_out[0], "attachment `a.pdf` (application/pdf, 2 kB)");
        let alone = reading(&message(2, "<p>Deal?</p><p>We can spend 45k.</p>", "<p>Deal?</p>"));
        assert_eq!(said(&alone), ["Dana Keller dana@north.example 2026-05-04T12:00:00Z: Deal? | We can spend 45k."]);
        assert_eq!(alone.drafts[0].receivers[0].address.as_deref(), Some("lee@us.example"));
    }

    #[test]
    fn hubspot_emails_and_plain_objects_are_read() {
        let headers = json!({"from": {"email": "dana@north.example", "firstName": "Dana", "lastName": "Keller"}, "to": [{"email": "lee@us.example"}]});
        let hubspot = json!({"results": [{"id": "7", "properties": {"hs_email_subject": "Price", "hs_email_text": "We can spend 45k.\n\nOn Mon, May 4, 2026 at 3:07 PM Lee Ito <lee@us.example> wrote:\n> What is the budget?",
            "hs_timestamp": "2026-05-04T15:00:00Z", "hs_email_headers": headers.to_string()}}]});
        assert_eq!(
            said(&reading(&hubspot)),
            [
                "Dana Keller dana@north.example 2026-05-04T15:00:00Z: We can spend 45k.",
                "Lee Ito lee@us.example 2026-05-04T15:07:00Z: What is the budget?",
            ]
        );
        let objects = json!([{"from": "Dana Keller <dana@north.example>", "to": ["lee@us.example"], "subject": "Price",
            "date": "Mon, 4 May 2026 17:00:00 +0200", "body": "We can spend 45k.\n\nSent from my iPhone"},
            {"from": {"name": "Lee Ito", "email": "lee@us.example"}, "to": "dana@north.example", "date": 1777903200, "html": "<p>Deal.</p>"}]);
        assert_eq!(
            said(&reading(&objects)),
            [
                "Dana Keller dana@north.example 2026-05-04T15:00:00Z: We can spend 45k.",
                "Lee Ito lee@us.example 2026-05-04T14:00:00Z: Deal.",
            ]
        );
    }

    #[test]
    fn other_json_is_no_mail() {
        for json in
            [json!({"messages": []}), json!([1, 2]), json!({"from": "a", "to": "b"}), json!([{"speaker": "Dana", "text": "Hi"}])]
        {
            assert_eq!(super::detect(&json), None, "{json}");
        }
    }
}
