//! What reading promises as a whole, over all formats.

use proptest::prelude::*;

use super::testing::{gather, gathering, handoff, source, source_on};
use super::{EVENT_FIELDS, Limits, Material, Origin, fit, generated, note, readable, tokens};
use crate::domain::contract::Contract;
use crate::domain::event::Side;
use crate::domain::event::SourceType::{self, CallNote, CallTranscript, CrmSnapshot, EmailThread};
use crate::domain::handoff::Source;
use crate::domain::mention;

const CONTRACT: &str = include_str!("../../contracts/sales_to_onboarding.toml");

fn contract() -> Contract {
    Contract::parse(CONTRACT, "sales_to_onboarding.toml").unwrap()
}

/// `side speaker: text` of every message.
fn said(material: &Material) -> Vec<String> {
    let row = |message: &super::Message| {
        let texts: Vec<&str> = message.passages.iter().map(|passage| passage.text.as_str()).collect();
        format!("{:?} {}: {}", message.side, message.speaker.as_deref().unwrap_or("-"), texts.join(" | "))
    };
    material.messages.iter().map(row).collect()
}

fn left_out(material: &Material, id: &str) -> Vec<String> {
    material.receipts.iter().filter(|receipt| receipt.id == id).flat_map(|receipt| receipt.left_out.clone()).collect()
}

const FIRST: &str = "From: Dana Keller <dana@north.example>\r\nTo: lee@us.example\r\nDate: Wed, 29 Apr 2026 10:00:00 +0000\r\nMessage-ID: <1@n>\r\nSubject: Price\r\n\r\nHello Lee,\r\n\r\nWe can spend 45k per year on this, not more.\r\n\r\nBest regards,\r\nDana Keller\r\nCFO\r\n";
const REPLY: &str = "From: Lee Ito <lee@us.example>\nTo: dana@north.example\nDate: Thu, 30 Apr 2026 10:00:00 +0200\nSubject: Re: Price\n\nThat works.\n\nOn Wed, Apr 29, 2026 at 12:00 PM Dana Keller <dana@north.example>\nwrote:\n\n> Hello Lee,\n>\n> We can spend 45k per\n> year on this, not more.\n";

#[test]
fn a_handoff_is_read_in_order_of_time_with_names_and_sides() {
    let call = "WEBVTT\n\n00:01:00.000 --> 00:01:04.000\n<v Dana>We start in June.</v>\n\n00:01:05.000 --> 00:01:09.000\n<v Lee>Fine.</v>\n";
    let sources = vec![
        source_on(30, "call-1", CallTranscript, call),
        source("mail-2", EmailThread, REPLY),
        source_on(30, "note", CallNote, "They are nervous."),
        source("mail-1", EmailThread, FIRST),
    ];
    let material = gather(sources);
    let expected = [
        "Customer Dana Keller: Hello Lee, | We can spend 45k per year on this, not more. | Dana Keller\r\nCFO",
        "Ours Lee Ito: That works.",
        "Unknown -: They are nervous.",
        "Customer Dana Keller: We start in June.",
        "Ours Lee Ito: Fine.",
    ];
    assert_eq!(said(&material), expected);
    assert_eq!(material.messages[3].at.unwrap().to_string(), "2026-04-30T16:01:00Z");
    assert_eq!(left_out(&material, "mail-2"), ["2 × text that stands in `mail-1` too"]);
    assert_eq!(left_out(&material, "mail-1"), ["1 × signature"]);
}

#[test]
fn a_quotation_that_is_the_only_copy_is_kept_with_its_sender_and_time() {
    let material = gather(vec![source("mail-2", EmailThread, REPLY)]);
    let expected =
        ["Customer Dana Keller: Hello Lee, | We can spend 45k per\nyear on this, not more.", "Ours Lee Ito: That works."];
    assert_eq!(said(&material), expected);
    // On the clock of the mail that quotes it, two hours east of UTC.
    assert_eq!(material.messages[0].at.unwrap().to_string(), "2026-04-29T10:00:00Z");
}

#[test]
fn a_mail_that_comes_alone_and_in_a_thread_is_read_once() {
    let mbox = format!(
        "From dana Wed Apr 29 10:00:00 2026\n{}\n\nFrom lee Thu Apr 30 10:00:00 2026\n{REPLY}",
        FIRST.replace("\r\n", "\n")
    );
    let material = gather(vec![source("b-thread", EmailThread, mbox), source("a-single", EmailThread, FIRST)]);
    assert_eq!(said(&material).len(), 2);
    // The mail itself, and the reply's quotation of it.
    assert_eq!(left_out(&material, "b-thread").last().unwrap(), "4 × text that stands in `a-single` too");
}

#[test]
fn the_newest_signature_of_each_person_is_kept_and_says_who_that_is() {
    let mail = |day: u8, signature: &str| {
        format!(
            "From: Dana Keller <dana@north.example>\nTo: lee@us.example\nDate: {day} Apr 2026 10:00:00 +0000\nSubject: Price\n\nPoint {day} is settled for us.\n\n-- \n{signature}\n"
        )
    };
    let sources = vec![
        source("a", EmailThread, mail(20, "Dana Keller\nController")),
        source("b", EmailThread, mail(22, "Dana Keller\nCFO, Northwind\n+49 30 1234567")),
        source("c", EmailThread, mail(24, "Dana")),
    ];
    let material = gather(sources);
    let kept: Vec<_> =
        material.messages.iter().flat_map(|message| &message.passages).map(|passage| passage.text.as_str()).collect();
    let expected = [
        "Point 20 is settled for us.",
        "Point 22 is settled for us.",
        "Dana Keller\nCFO, Northwind\n+49 30 1234567",
        "Point 24 is settled for us.",
    ];
    assert_eq!(kept, expected);
    assert_eq!(material.receipts.iter().map(|receipt| receipt.units).sum::<usize>(), 4);
}

#[test]
fn a_pasted_thread_is_several_messages() {
    let outlook = "From: Dana Keller <dana@north.example>\nSent: Wednesday, April 29, 2026 10:00 AM\nTo: Lee\nSubject: Price\n\nWe can spend 45k on this per year.\n\n\
        From: Lee Ito <lee@us.example>\nSent: Tuesday, April 28, 2026 9:00 AM\nTo: Dana\nSubject: Offer\n\nHere is our offer for the 120 seats.\n";
    let expected =
        ["Ours Lee Ito: Here is our offer for the 120 seats.", "Customer Dana Keller: We can spend 45k on this per year."];
    let rfc = outlook.replace("Sent: ", "Date: ");
    for thread in [outlook, &rfc] {
        let thread = source("thread", EmailThread, thread);
        let material = gather(vec![thread.clone()]);
        assert_eq!(said(&material), expected);
        assert_eq!(material.messages[0].at.unwrap().to_string(), "2026-04-28T09:00:00Z");
        assert_eq!(material.messages[0].title.as_deref(), Some("Offer"));
        assert_eq!(readable(&thread, &Limits::DEFAULT).text.as_bytes(), thread.body);
    }
}

#[test]
fn a_forwarded_message_is_content_of_its_own_sender() {
    let mail = "From: lee@us.example\nDate: Thu, 30 Apr 2026 10:00:00 +0000\nTo: x@us.example\nSubject: Fwd: Price\n\nFor you.\n\n\
        ---------- Forwarded message ---------\nFrom: Dana Keller <dana@north.example>\nDate: Wed, Apr 29, 2026 at 10:00 AM\nSubject: Price\nTo: <lee@us.example>\n\nWe sign in May.\n";
    assert_eq!(
        said(&gather(vec![source("mail", EmailThread, mail)])),
        ["Customer Dana Keller: We sign in May.", "Ours lee@us.example: For you."]
    );
}

#[test]
fn an_html_mail_in_another_charset_is_read_and_its_attachment_named() {
    let mail = b"From: =?utf-8?q?Dana_M=C3=BCller?= <dana@north.example>\r\nSubject: =?iso-8859-1?q?Gr=FC=DFe?=\r\nDate: Wed, 29 Apr 2026 10:00:00 +0000\r\n\
        MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n<p>F\xfcr 45&nbsp;k</p><blockquote>alt</blockquote>\r\n\
        --x\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--x--\r\n";
    let source = source("mail", EmailThread, mail);
    let material = gather(vec![source.clone()]);
    assert_eq!(said(&material), ["Customer Dana Müller: Für 45 k", "Unknown -: alt"]);
    assert_eq!(material.messages[0].title.as_deref(), Some("Grüße"));
    assert_eq!(left_out(&material, "mail"), ["attachment `a.pdf` (application/pdf, 6 bytes)"]);
    assert_eq!(readable(&source, &Limits::DEFAULT).text, "Für 45 k\n\nalt\n\n");
}

#[test]
fn spans_of_a_plain_mail_point_into_the_mail_as_it_came() {
    let mail = source("mail", EmailThread, FIRST);
    assert_eq!(readable(&mail, &Limits::DEFAULT).text, FIRST);
    assert_eq!(readable(&mail, &Limits::DEFAULT).format, "mail (starts with mail headers, RFC 5322)");
    for passage in &gather(vec![mail]).messages[0].passages {
        assert_eq!(&FIRST[passage.span.start..passage.span.end], passage.text);
    }
}

#[test]
fn the_events_own_fields_are_a_source() {
    let mut handoff = handoff(Vec::new());
    handoff.event.data.fields.insert("segment".into(), "mid-market".into());
    handoff.missing_sources.push("note-9".into());
    let material = super::gather(&handoff, &gathering());
    assert_eq!((material.messages[0].source.as_str(), material.messages[0].title.as_deref()), (EVENT_FIELDS, Some("segment")));
    assert_eq!(material.messages[0].passages[0].text, "mid-market");
    assert_eq!(left_out(&material, "note-9"), ["not read: the record store does not have it"]);
}

#[test]
fn what_is_too_large_or_binary_is_left_out_and_the_rest_is_read() {
    let mut gathering = gathering();
    gathering.limits = Limits { source_bytes: 100, handoff_bytes: 120, ..Limits::DEFAULT };
    let sources = vec![
        source_on(1, "old", CallNote, "o".repeat(90)),
        source_on(2, "new", CallNote, "n".repeat(90)),
        source_on(3, "huge", CallNote, "h".repeat(101)),
        source_on(4, "binary", CallNote, b"\x00\x01\x02"),
        source_on(4, "pdf", CallNote, b"%PDF-1.7 text"),
    ];
    let material = super::gather(&handoff(sources), &gathering);
    assert_eq!(said(&material), [format!("Unknown -: {}", "n".repeat(90))]);
    for (id, reason) in [
        ("old", "for all sources"),
        ("huge", "for one source"),
        ("binary", "a NUL byte"),
        ("pdf", "a PDF document (application/pdf)"),
    ] {
        assert!(left_out(&material, id)[0].contains(reason), "{id}");
    }
}

#[test]
fn within_the_budget_everything_is_kept_and_nothing_is_counted() {
    let material = gather(vec![source("note", CallNote, "One.\n\nTwo.")]);
    let excerpt = fit(&material, &contract(), 1000);
    assert_eq!(excerpt.units().iter().map(|unit| (unit.n, unit.text.as_str())).collect::<Vec<_>>(), [(1, "One."), (2, "Two.")]);
    assert_eq!((excerpt.receipt().units_cut, excerpt.receipt().units_kept, excerpt.receipt().tokens_exact), (0, 2, false));
}

#[test]
fn over_the_budget_what_the_contract_looks_for_is_kept_in_order_with_gaps() {
    let chat = "We talked about the weather and about football for quite a while before we began.";
    let note = format!(
        "{chat}\n\nOur goal is to get rid of the spreadsheets.\n\n{chat}\n\n{chat}\n\nThe annual fee is 45,000 EUR per year.\n\n{chat}"
    );
    let material = gather(vec![source("note", CallNote, note)]);
    let excerpt = fit(&material, &contract(), 80);
    let kept: Vec<(u32, bool, &str)> = excerpt.units().iter().map(|unit| (unit.n, unit.gap_before, unit.text.as_str())).collect();
    assert_eq!(
        kept,
        [(1, true, "Our goal is to get rid of the spreadsheets."), (2, true, "The annual fee is 45,000 EUR per year.")]
    );
    let receipt = excerpt.receipt();
    assert_eq!((receipt.units_cut, receipt.units_kept, receipt.tokens_exact), (4, 2, true));
}

#[test]
fn a_quote_is_tied_to_its_place_in_the_source() {
    let material = gather(vec![source("mail", EmailThread, FIRST)]);
    let evidence = fit(&material, &contract(), 10_000).evidence(2, "45k per year");
    let span = evidence.span.unwrap();
    assert_eq!((&FIRST[span.start..span.end], evidence.side), ("45k per year", Side::Customer));
}

#[test]
fn hostile_input_is_read_in_linear_time() {
    let started = std::time::Instant::now();
    let bodies = [
        "<div>".repeat(200_000),
        "> ".repeat(500_000),
        ">\n".repeat(300_000),
        "On 4 May\n".repeat(100_000),
        "From: a@b\nTo: c\n".repeat(60_000),
        "-----\n".repeat(150_000),
        "Name: x\n".repeat(100_000),
        "WEBVTT\n\n".to_owned() + &"00:01.000 --> 00:02.000\n".repeat(40_000),
        "--\n".repeat(300_000),
        "a ".repeat(500_000),
        (0..6000).map(|n| format!("From x Wed Apr 29 10:00:00 2026\nFrom: N{n} <a@b.example>\nTo: c\n\nw{n}\n\n")).collect(),
    ];
    for (n, body) in bodies.iter().enumerate() {
        for source_type in [EmailThread, CallTranscript] {
            let before = started.elapsed();
            gather(vec![source("hostile", source_type, &body[..body.len().min(256 << 10)])]);
            let took = started.elapsed() - before;
            assert!(took.as_secs() < 20, "body {n} as {source_type:?} took {took:?}");
        }
    }
}

const MAIL: &str = "From: Dana Keller <dana@north.example>\nTo: lee@us.example\nDate: Wed, 29 Apr 2026 10:00:00 +0000\nMessage-ID: <7@n>\nSubject: Price\n\n\
    Hello Lee,\n\nWe can spend 45k per year on this, and \"not a cent\" more than that.\n\nThe contract has to be signed before our summer break in July.\n\nBest,\nDana\n";

#[test]
fn a_note_pasted_from_a_mail_is_read_once_and_its_own_words_stay() {
    let whole = "Hello Lee,\n\nWe can spend 45k per year on this,\nand “not a cent” more than that.\n\nThe contract has to be signed before our summer break in July.\n";
    let part = "Dana wrote back, sounds final:\n\n> We can spend 45k per year on this, and \"not a cent\" more than that.\n\nShe did not mention the pilot.";
    let material =
        gather(vec![source("mail", EmailThread, MAIL), source("a-whole", CallNote, whole), source("part", CallNote, part)]);
    let expected = [
        "Customer Dana Keller: Hello Lee, | We can spend 45k per year on this, and \"not a cent\" more than that. | The contract has to be signed before our summer break in July.",
        "Unknown -: Dana wrote back, sounds final: | She did not mention the pilot.",
    ];
    assert_eq!(said(&material), expected);
    assert_eq!(left_out(&material, "a-whole"), ["3 × text that stands in `mail` too"]);
    assert_eq!(left_out(&material, "part"), ["1 × text that stands in `mail` too"]);
}

#[test]
fn one_call_as_captions_and_as_text_is_read_once_with_the_captions_times() {
    let turns = [
        ("Dana Keller", "Hi."),
        ("Lee Ito", "Hi Dana."),
        ("Dana Keller", "So we are looking at sixty seats for the first year. And a pilot."),
        ("Lee Ito", "Okay."),
        ("Dana Keller", "Yes."),
        ("Lee Ito", "Then I will send the offer by Friday at the latest."),
        ("Dana Keller", "Thanks, bye."),
    ];
    let cue = |(n, (name, text)): (usize, &(&str, &str))| format!("00:0{n}:00.000 --> 00:0{n}:09.000\n<v {name}>{text}</v>\n\n");
    let vtt = format!("WEBVTT\n\n{}", turns.iter().enumerate().map(cue).collect::<String>());
    let text: String = turns.iter().map(|(name, text)| format!("{}: {text}\n", name.split(' ').next().unwrap())).collect();
    let material = gather(vec![source_on(30, "a-text", CallTranscript, text), source_on(30, "vtt", CallTranscript, vtt)]);
    assert_eq!(said(&material).len(), turns.len(), "{:#?}", said(&material));
    assert!(material.messages.iter().all(|message| message.source == "vtt"));
    assert_eq!(left_out(&material, "a-text"), ["7 × text that stands in `vtt` too"]);
}

#[test]
fn what_somebody_says_again_in_a_call_is_said_again() {
    let call = "Dana: We cannot go over forty five thousand a year.\nLee: Understood.\nDana: We cannot go over forty five thousand a year.\n";
    assert_eq!(said(&gather(vec![source("call", CallTranscript, call)])).len(), 3);
    let other = source_on(2, "other", CallTranscript, call);
    assert_eq!(said(&gather(vec![source_on(30, "call", CallTranscript, call), other])).len(), 6, "another day is another call");
}

#[test]
fn a_chat_message_that_was_also_forwarded_by_mail_is_read_once() {
    let chat = "[10:05] Dana Keller: The board approved sixty seats for the first year this morning.\n[10:06] Lee Ito: Great news, thanks!\n[10:07] Dana Keller: One more thing, legal wants to see the data terms.\n[10:09] Lee Ito: Will do.\n";
    let mail = "From: Lee Ito <lee@us.example>\nTo: pat@us.example\nDate: Thu, 30 Apr 2026 18:00:00 +0000\nSubject: Fwd: seats\n\nFor the file.\n\n\
        ---------- Forwarded message ---------\nFrom: Dana Keller <dana@north.example>\nDate: Thu, Apr 30, 2026 at 4:05 PM\nSubject: seats\nTo: <lee@us.example>\n\nThe board approved sixty seats for the first year this morning.\n";
    let material = gather(vec![source_on(30, "chat", CallNote, chat), source("mail", EmailThread, mail)]);
    assert_eq!(said(&material).iter().filter(|row| row.contains("sixty seats")).count(), 1, "{:#?}", said(&material));
    assert_eq!(left_out(&material, "mail"), ["1 × text that stands in `chat` too"]);
}

#[test]
fn a_description_in_the_record_may_be_a_copy_and_a_value_never_is() {
    let long = "Family business with four garden centres that wants one stock list for all shops before the spring season starts";
    let crm = format!(
        "{{\"description\": \"{long}\", \"amount\": 45000, \"company\": \"Northwind Garden Centres Ltd of Leeds and York\"}}"
    );
    let note = format!("{long}.\n\nNorthwind Garden Centres Ltd of Leeds and York\n\n45000\n");
    let material = gather(vec![source("crm", CrmSnapshot, crm), source("note", CallNote, note)]);
    assert_eq!(left_out(&material, "crm"), ["1 × text that stands in `note` too"]);
    assert_eq!(said(&material).len(), 3, "{:#?}", said(&material));
}

#[test]
fn copies_for_several_receivers_are_one_mail_whatever_a_gateway_adds() {
    let copy = MAIL
        .replace("To: lee@us.example", "To: pat@us.example")
        .replace("Hello Lee,", "[EXTERNAL] This mail came from outside.\n\nHello Lee,");
    let material = gather(vec![source("a", EmailThread, MAIL), source("b", EmailThread, copy)]);
    assert_eq!(said(&material).len(), 1);
    assert_eq!(
        left_out(&material, "b").len(),
        3,
        "the gateway's line, the signature and the copy: {:?}",
        left_out(&material, "b")
    );
}

#[test]
fn the_same_words_sent_again_later_are_another_mail() {
    let again = MAIL.replace("29 Apr", "30 Apr").replace("<7@n>", "<8@n>");
    assert_eq!(said(&gather(vec![source("a", EmailThread, MAIL), source("b", EmailThread, again)])).len(), 2);
}

#[test]
fn short_answers_are_copies_only_by_sender_and_time() {
    let mail = |who: &str, day: u8, id: &str| {
        format!(
            "From: {who}@north.example\nTo: lee@us.example\nDate: Wed, {day} Apr 2026 10:00:00 +0000\nMessage-ID: <{id}>\n\nYes.\n"
        )
    };
    let bodies = [mail("dana", 22, "1"), mail("dana", 22, "2"), mail("dana", 29, "3"), mail("kim", 22, "4")];
    let sources = bodies.iter().enumerate().map(|(n, body)| source(&format!("m{n}"), EmailThread, body)).collect();
    let material = gather(sources);
    assert_eq!(material.messages.len(), 3);
    assert_eq!(left_out(&material, "m1"), ["1 × text that stands in `m0` too"]);
    let quoted =
        "From: Lee Ito <lee@us.example>\nTo: x@north.example\nDate: Wed, 29 Apr 2026 12:00:00 +0000\n\nGood.\n\n> Yes.\n";
    let material = gather(vec![source("m0", EmailThread, &bodies[0]), source("reply", EmailThread, quoted)]);
    assert_eq!(material.messages.len(), 3, "nobody knows whose it is");
}

#[test]
fn an_answer_between_lines_that_nobody_marked_is_kept() {
    let reply = "From: Lee Ito <lee@us.example>\nTo: dana@north.example\nDate: Thu, 30 Apr 2026 10:00:00 +0000\nSubject: Re: Price\n\nSee below.\n\n\
        -----Original Message-----\nFrom: Dana Keller <dana@north.example>\nSent: Wednesday, April 29, 2026 10:00 AM\nTo: Lee\nSubject: Price\n\n\
        Hello Lee,\n\nWe can spend 45k per year on this, and \"not a cent\" more than that.\n\nThat works.\n\nThe contract has to be signed before our summer break in July.\n\nBest,\nDana\n";
    let material = gather(vec![source("mail", EmailThread, MAIL), source("reply", EmailThread, reply)]);
    assert_eq!(said(&material)[1..], ["Customer Dana Keller: That works.".to_owned(), "Ours Lee Ito: See below.".to_owned()]);
}

#[test]
fn many_copies_are_found_in_linear_time() {
    let started = std::time::Instant::now();
    let sentence = "we can spend forty five thousand per year on this and not a cent more ";
    let bodies = [
        (0..1500).map(|n| format!("{}\n\n", &sentence.repeat(2)[..40 + n % 60])).collect::<String>(),
        sentence.repeat(1500),
        "a ".repeat(50_000),
        (0..2000).map(|n| format!("a a a a a {}\n\n", "a ".repeat(n % 200))).collect(),
    ];
    for (n, body) in bodies.iter().enumerate() {
        let sources = vec![source("a", CallNote, body), source("b", EmailThread, body), source("c", CallTranscript, body)];
        let before = started.elapsed();
        gather(sources);
        let took = started.elapsed() - before;
        assert!(took.as_secs() < 5, "body {n} took {took:?}");
    }
}

#[test]
fn a_call_without_a_time_has_none_and_offsets_count_from_its_start() {
    let call = "[00:05] Dana: We start in June, all of us.\n[01:10] Lee: Fine, thank you.\n";
    let times =
        |material: &Material| material.messages.iter().map(|message| message.at.map(|at| at.to_string())).collect::<Vec<_>>();
    assert_eq!(times(&gather(vec![source("call", CallTranscript, call)])), [None, None]);
    let expected = ["2026-04-30T16:00:05Z", "2026-04-30T16:01:10Z"].map(|at| Some(at.to_owned()));
    assert_eq!(times(&gather(vec![source_on(30, "call", CallTranscript, call)])), expected);
}

#[test]
fn next_tuesday_is_read_from_the_day_of_the_mail_it_is_in() {
    let reply = "From: Lee Ito <lee@us.example>\nTo: dana@north.example\nDate: Mon, 11 May 2026 09:00:00 +0200\n\nSorry for the wait.\n\n\
        On Wed, Apr 29, 2026 at 12:00 PM Dana Keller <dana@north.example> wrote:\n\n> Let us meet next Tuesday.\n";
    let material = gather(vec![source("mail", EmailThread, reply)]);
    let message = &material.messages[0];
    let said_on = message.at.unwrap().to_zoned(jiff::tz::TimeZone::UTC).date();
    let found = mention::dates(&message.passages[0].text, Some(said_on));
    assert_eq!(found[0].date, Some(jiff::civil::date(2026, 5, 5)), "the quoted mail's Tuesday, not the reply's");
}

#[test]
fn the_language_of_each_source_is_in_its_receipt() {
    let german = "Wir haben gestern mit der Geschäftsführung gesprochen. Sie möchte im Juni anfangen, aber das Budget ist noch nicht freigegeben.";
    let material =
        gather(vec![source("note", CallNote, german), source("mail", EmailThread, MAIL), source("short", CallNote, "Ja.")]);
    let languages: Vec<_> = material.receipts.iter().map(|receipt| (receipt.id.as_str(), receipt.language.as_deref())).collect();
    assert_eq!(languages, [("mail", Some("en")), ("note", Some("de")), ("short", None)]);
}

/// How often each sentence is there, and whether its sender said it every time.
fn check_thread(material: &Material, mails: &[generated::GeneratedMail]) -> Result<(), TestCaseError> {
    let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let all: Vec<(Option<&str>, String)> = material
        .messages
        .iter()
        .flat_map(|message| message.passages.iter().map(|passage| (message.speaker.as_deref(), squeezed(&passage.text))))
        .collect();
    for mail in mails {
        for sentence in &mail.sentences {
            let found: Vec<_> =
                all.iter().filter(|(_, text)| text.contains(sentence.as_str())).map(|(speaker, _)| *speaker).collect();
            prop_assert_eq!(found, vec![Some(mail.sender)], "{}", sentence);
        }
    }
    Ok(())
}

/// Tokens of what is kept, of those of the sources as they came.
fn share_kept(material: &Material, sources: &[Source]) -> f64 {
    let count = |text: &str| tokens::count("o200k_base", text);
    let raw: usize = sources.iter().map(|source| count(std::str::from_utf8(&source.body).unwrap())).sum();
    let kept: usize = material.messages.iter().flat_map(|message| &message.passages).map(|passage| count(&passage.text)).sum();
    kept as f64 / raw as f64
}

fn single_mails(mails: &[generated::GeneratedMail]) -> Vec<Source> {
    mails.iter().enumerate().map(|(n, mail)| source(&format!("mail-{n:02}"), EmailThread, &mail.raw)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]

    #[test]
    fn a_thread_of_thirty_mails_that_quote_all_before_is_read_once(seed in any::<u64>(), turn in 0usize..30) {
        let mails = generated::thread(seed, 30);
        let mut sources = single_mails(&mails);
        sources.rotate_left(turn);
        let material = gather(sources.clone());
        check_thread(&material, &mails)?;
        let share = share_kept(&material, &sources);
        prop_assert!(share <= 0.35, "{}", share);
        let mbox = vec![source("thread", EmailThread, generated::mbox(&mails))];
        let material = gather(mbox.clone());
        check_thread(&material, &mails)?;
        prop_assert!(share_kept(&material, &mbox) <= 0.35);
        check_thread(&gather([sources, mbox].concat()), &mails)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn of_a_thread_any_mails_and_the_last_are_enough(seed in any::<u64>(), missing in prop::collection::vec(any::<bool>(), 11)) {
        let mails = generated::thread(seed, 12);
        let mut sources = single_mails(&mails);
        let mut missing = missing.into_iter();
        sources.retain(|_| !missing.next().unwrap_or(false));
        check_thread(&gather(sources), &mails)?;
    }

    #[test]
    fn a_thread_pasted_as_one_text_is_read_once(seed in any::<u64>()) {
        let mails = generated::thread(seed, 12);
        let last = mails.last().unwrap();
        let (_, body) = last.raw.split_once("\n\n").unwrap();
        // Without its headers nobody knows who wrote the newest.
        let material = gather(vec![source("pasted", EmailThread, body), source("single", EmailThread, &last.raw)]);
        check_thread(&material, &mails)?;
    }
}

fn source_type() -> impl Strategy<Value = SourceType> {
    prop::sample::select(vec![CallTranscript, CallNote, EmailThread, CrmSnapshot])
}

/// Pieces of real formats in any order find more than random bytes do.
fn content() -> impl Strategy<Value = Vec<u8>> {
    let pieces = vec![
        "WEBVTT\n\n",
        "00:01.000 --> 00:02.000\n",
        "<v Dana Keller>Yes.</v>\n",
        "1\n00:00:01,000 --> 00:00:02,000\n",
        "Dana: hello there\r\n",
        "[00:05] Lee Ito: we pay 45k\n",
        "[Dana K] 11:02:09\n",
        "Otter Name  0:32\n",
        "From: Dana Keller <d@n.example>\n",
        "To: lee@us.example\n",
        "Date: Wed, 29 Apr 2026 10:00:00 +0200\r\n",
        "Subject: é\n",
        "Content-Type: text/html\n",
        "Content-Transfer-Encoding: base64\n",
        "\n",
        "\r\n",
        "> quoted words that are more than five\n",
        ">> deeper\n",
        "On Mon, May 4, 2026 at 3:07 PM Dana <d@n.example> wrote:\n",
        "-----Original Message-----\n",
        "-- \n",
        "Best regards,\n",
        "Sent from my phone\n",
        "<p>Hi <b>you</b>",
        "<blockquote>",
        "</blockquote>",
        "<style>x",
        "&amp;&#x41;",
        "- item\n",
        "{\"a\": 1, \"b\": [\"x\"]}",
        "From x Wed Apr 29 10:00:00 2026\n",
        "\u{feff}",
        "\u{200b}\u{202e}",
        "é ",
        "words and more words of it. ",
        "\0",
    ];
    let piece = prop_oneof![8 => prop::sample::select(pieces).prop_map(|piece| piece.as_bytes().to_vec()), 1 => prop::collection::vec(any::<u8>(), 0..12)];
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

prop_compose! {
    fn any_source()(source_type in source_type(), day in prop::option::of(1u8..28), body in content()) -> Source {
        match day {
            Some(day) => source_on(day, "x", source_type, body),
            None => source("x", source_type, body),
        }
    }
}

fn any_sources() -> impl Strategy<Value = Vec<Source>> {
    prop::collection::vec(any_source(), 0..5).prop_map(|mut sources| {
        sources.iter_mut().enumerate().for_each(|(n, source)| source.id = format!("s{n}"));
        sources
    })
}

/// Whether the characters of `some` come in `all` in this order, white space aside.
fn is_within(some: &str, all: &str) -> bool {
    let mut left = all.chars();
    some.chars().filter(|c| !c.is_whitespace()).all(|c| left.any(|other| other == c))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_passage_is_the_readable_text_at_its_span_and_its_words_stand_in_the_content(sources in any_sources()) {
        let material = gather(sources.clone());
        for message in &material.messages {
            let source = sources.iter().find(|source| source.id == message.source).unwrap();
            let readable = readable(source, &Limits::DEFAULT);
            for passage in &message.passages {
                prop_assert_eq!(readable.text.get(passage.span.start..passage.span.end), Some(passage.text.as_str()));
                prop_assert!(!passage.text.trim().is_empty());
                let Ok(content) = std::str::from_utf8(&source.body) else { continue };
                let there: Vec<Option<&str>> =
                    readable.origin.places(passage.span).iter().map(|place| content.get(place.start..place.end)).collect();
                prop_assert!(there.iter().all(Option::is_some), "a place that is no text");
                let there: String = there.into_iter().flatten().collect();
                if readable.origin == Origin::Content {
                    prop_assert_eq!(&there, &passage.text);
                }
                prop_assert!(is_within(&there, &passage.text), "{:?} is not of {:?}", there, passage.text);
            }
        }
    }

    #[test]
    fn reading_a_unit_again_as_a_note_gives_its_text(sources in any_sources()) {
        // The mark of a bullet is no part of its text, nor are invisible characters at its ends.
        let is_invisible = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
        let bare = |text: &str| {
            let plain = text.replace(is_invisible, "").replace(['-', '*', '•'], " ");
            plain.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        // A byte order mark within a text is read as one again where the text begins with it.
        let excerpt = fit(&gather(sources), &contract(), 100_000);
        for unit in excerpt.units().iter().filter(|unit| !unit.text.starts_with('\u{feff}')) {
            let again = note::read_plain(&source("again", CallNote, &unit.text), &unit.text);
            prop_assert_eq!(&again.text, &unit.text);
            let texts: Vec<&str> = again.drafts.iter().flat_map(|draft| &draft.passages).map(|passage| passage.text.as_str()).collect();
            prop_assert_eq!(bare(&texts.join(" ")), bare(&unit.text));
        }
    }

    #[test]
    fn the_order_of_the_sources_does_not_matter(sources in any_sources(), turn in 0usize..5) {
        let mut other = sources.clone();
        other.reverse();
        other.rotate_left(turn.min(sources.len()));
        let (one, other) = (gather(sources), gather(other));
        prop_assert_eq!(fit(&one, &contract(), 300), fit(&other, &contract(), 300));
        prop_assert_eq!(one, other);
    }

    #[test]
    fn the_budget_is_never_exceeded(sources in any_sources(), budget in 0usize..200) {
        let excerpt = fit(&gather(sources), &contract(), budget);
        let spent: usize = excerpt.units().iter().map(|unit| tokens::count("o200k_base", &unit.text)).sum();
        prop_assert!(spent <= budget, "{} > {}", spent, budget);
        prop_assert!(excerpt.units().iter().zip(1..).all(|(unit, n)| unit.n == n));
    }

    #[test]
    fn reading_and_fitting_again_gives_the_same(sources in any_sources(), budget in 0usize..400) {
        let (first, second) = (gather(sources.clone()), gather(sources));
        prop_assert_eq!(fit(&first, &contract(), budget), fit(&second, &contract(), budget));
        prop_assert_eq!(first, second);
    }

    #[test]
    fn arbitrary_bytes_are_read_or_refused(body in prop::collection::vec(any::<u8>(), 0..300), source_type in source_type()) {
        let material = gather(vec![source("x", source_type, body)]);
        prop_assert_eq!(material.receipts.len(), 1);
    }
}
