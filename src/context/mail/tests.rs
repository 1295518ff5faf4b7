//! Whole mails, as they come.

use proptest::prelude::*;

use crate::context::material::Limits;
use crate::context::reading::{Draft, DraftRole, Readable, Reading, RemovedKind, read, readable};
use crate::context::testing::source;
use crate::domain::event::SourceType::EmailThread;

fn reading_within(mail: impl AsRef<[u8]>, limits: &Limits) -> Reading {
    read(&source("mail", EmailThread, mail), limits)
}

fn reading(mail: impl AsRef<[u8]>) -> Reading {
    reading_within(mail, &Limits::DEFAULT)
}

fn head_of(mail: impl AsRef<[u8]>) -> Readable {
    readable(&source("mail", EmailThread, mail), &Limits::DEFAULT)
}

fn words(draft: &Draft) -> String {
    let texts: Vec<&str> = draft.passages.iter().map(|passage| passage.text.as_str()).collect();
    texts.join(" | ")
}

/// `own` or `copied`, the address and the words of each message.
fn said(reading: &Reading) -> Vec<String> {
    let row = |draft: &Draft| {
        let role = if draft.role == DraftRole::Own { "own" } else { "copied" };
        format!("{role} {}: {}", draft.address.as_deref().or(draft.speaker.as_deref()).unwrap_or("-"), words(draft))
    };
    reading.drafts.iter().map(row).collect()
}

/// A mail of Dana's with a body of these header fields.
fn mail(body: &str) -> String {
    format!(
        "From: Dana Keller <dana@north.example>\nTo: lee@us.example\nSubject: Price\nDate: Mon, 4 May 2026 15:00:00 +0200\nMIME-Version: 1.0\n{body}"
    )
}

/// A multipart of parts, each with its header fields.
fn multipart(kind: &str, parts: &[&str]) -> String {
    let parts: String = parts.iter().map(|part| format!("--b0\n{part}\n")).collect();
    format!("Content-Type: multipart/{kind}; boundary=b0\n\n{parts}--b0--\n")
}

const PLAIN: &str = "Content-Type: text/plain\n\nWe can spend 45k.";
const PAGE: &str = "Content-Type: text/html\n\n<p>We can spend <b>45k</b>.</p>";

#[test]
fn of_an_alternative_the_plain_text_is_read_once() {
    assert_eq!(said(&reading(mail(&multipart("alternative", &[PLAIN, PAGE])))), ["own dana@north.example: We can spend 45k."]);
}

#[test]
fn a_plain_part_that_only_points_at_the_page_is_passed_over() {
    let page = format!(
        "Content-Type: text/html\n\n<p>We can spend 45k a year for 40 seats, if we can go live by {}.</p>",
        "the end of May ".repeat(5)
    );
    for plain in ["\n", "View this message in HTML", "   "] {
        let plain = format!("Content-Type: text/plain\n\n{plain}");
        let found = said(&reading(mail(&multipart("alternative", &[&plain, &page]))));
        assert!(found.len() == 1 && found[0].contains("45k a year"), "{found:?}");
    }
}

#[test]
fn several_inline_texts_are_all_read_and_files_are_named() {
    let file = "Content-Type: application/pdf; name*=utf-8''Angebot%20f%C3%BCr%20Dana.pdf\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64\n\nJVBERi0x\n";
    let notes = "Content-Type: text/plain; name=notes.txt\nContent-Disposition: attachment\n\nnot read\n";
    let footer = "Content-Type: text/plain\n\nGo live in May.";
    let found = reading(mail(&multipart("mixed", &[PLAIN, file, notes, footer])));
    assert_eq!(said(&found), ["own dana@north.example: We can spend 45k. | Go live in May."]);
    assert_eq!(
        found.left_out,
        ["attachment `Angebot für Dana.pdf` (application/pdf, 9 bytes)", "attachment `notes.txt` (text/plain, 8 bytes)"]
    );
}

#[test]
fn nested_related_and_signed_multiparts_are_read() {
    let inner = multipart("alternative", &[PLAIN, PAGE]).replace("b0", "b1");
    let related = multipart("related", &[&inner, "Content-Type: image/png\nContent-ID: <a>\n\nx"]).replace("b0", "b2");
    let signed = multipart("signed", &[&related, "Content-Type: application/pgp-signature; name=signature.asc\n\nx"]);
    let found = reading(mail(&signed));
    assert_eq!(said(&found), ["own dana@north.example: We can spend 45k."]);
    assert_eq!(found.left_out.len(), 2, "{:?}", found.left_out);
}

#[test]
fn a_forwarded_message_has_its_own_sender_and_date() {
    let inner = "From: Lee Ito <lee@us.example>\nDate: Sun, 3 May 2026 09:00:00 +0000\nSubject: Offer\n\nThe offer is 45k.";
    let plain = format!("Content-Type: message/rfc822\n\n{inner}");
    use base64::Engine as _;
    let encoded = base64::engine::general_purpose::STANDARD.encode(inner);
    let encoded = format!("Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n{encoded}");
    for forwarded in [plain, encoded] {
        let found = reading(mail(&multipart("mixed", &["Content-Type: text/plain\n\nSee below.", &forwarded])));
        assert_eq!(said(&found), ["own dana@north.example: See below.", "copied lee@us.example: The offer is 45k."]);
        assert_eq!(found.drafts[1].at.unwrap().to_string(), "2026-05-03T09:00:00Z");
        assert_eq!(found.drafts[1].title.as_deref(), Some("Offer"));
    }
}

#[test]
fn a_report_of_a_failed_delivery_is_readable() {
    let status = "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; lee@us.example\nAction: failed\nStatus: 5.1.1\n";
    let found =
        reading(mail(&multipart("report; report-type=delivery-status", &["Content-Type: text/plain\n\nNot delivered.", status])));
    let said = said(&found).join("\n");
    assert!(said.contains("Not delivered.") && said.contains("Status: 5.1.1"), "{said}");
}

#[test]
fn an_invitation_says_when_and_who() {
    let calendar = "Content-Type: text/calendar; method=REQUEST\nContent-Transfer-Encoding: base64\n\n";
    let text = "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nSUMMARY:Pricing\nDTSTART:20260504T130000Z\nORGANIZER:mailto:dana@north.example\nEND:VEVENT\nEND:VCALENDAR\n";
    use base64::Engine as _;
    let calendar = format!("{calendar}{}", base64::engine::general_purpose::STANDARD.encode(text));
    let file = calendar.replace("text/calendar; method=REQUEST", "application/ics; name=invite.ics");
    let alternative = multipart("alternative", &[PLAIN, PAGE, &calendar]).replace("b0", "b1");
    let found = said(&reading(mail(&multipart("mixed", &[&alternative, &file]))));
    assert_eq!(
        found,
        [
            "own dana@north.example: We can spend 45k. | Invitation: Pricing | Start: 2026-05-04 13:00 UTC | Organizer: dana@north.example"
        ]
    );
}

#[test]
fn boundaries_that_are_not_as_they_should_be_are_found() {
    let illegal = "Content-Type: multipart/mixed; boundary=----=_Next(1)?/:;\n\n------=_Next(1)?/:\nContent-Type: text/plain\n\nWe can spend 45k.\n------=_Next(1)?/:--\n";
    let unknown = "Content-Type: multipart/mixed; boundary=other\n\n--------unknown-1\nContent-Type: text/plain\n\nWe can spend 45k.\n--------unknown-1--\n";
    let absent = "Content-Type: multipart/mixed\n\nWe can spend 45k.\n";
    let never = "Content-Type: multipart/mixed; boundary=never\n\nWe can spend 45k.\n";
    let open = "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nWe can spend 45k.\n";
    let spaced = "Content-Type: multipart/mixed; boundary=\"b \"\n\n--b  \n\nWe can spend 45k.\n--b--  \n";
    for body in [illegal, unknown, absent, never, open, spaced] {
        assert_eq!(said(&reading(mail(body))), ["own dana@north.example: We can spend 45k."], "{body}");
    }
}

#[test]
fn a_body_of_an_unknown_type_is_read_if_it_is_text() {
    assert_eq!(
        said(&reading(mail("Content-Type: application/x-note\n\nWe can spend 45k."))),
        ["own dana@north.example: We can spend 45k."]
    );
    assert_eq!(said(&reading(mail("Content-Type: text\n\nWe can spend 45k."))), ["own dana@north.example: We can spend 45k."]);
    let found = reading(mail("Content-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgoAAAANSUhEUgAA\n"));
    assert_eq!((found.drafts.len(), found.left_out.len()), (0, 1));
}

#[test]
fn what_a_person_is_shown_is_what_the_model_may_read() {
    let text = mail("\nIt is 45k.\n\nOn Mon, May 4, 2026 at 3:07 PM Lee <l@us.example> wrote:\n> Price?\n\n-- \nDana\n");
    let (shown, read) = (head_of(&text), reading(&text));
    assert_eq!((&shown.text, &shown.removed, &shown.left_out), (&read.text, &read.removed, &read.left_out));
    let reply: Vec<&str> =
        shown.reply.iter().map(|span| shown.text[span.start..span.end].trim()).filter(|text| !text.is_empty()).collect();
    assert_eq!(reply, ["It is 45k."]);
}

#[test]
fn the_head_is_told_even_of_a_mail_without_words() {
    let readable =
        head_of("From: =?utf-8?Q?J=C3=B6rg?= <j@north.example>\nSubject: =?utf-8?B?R3LDvMOfZQ==?=\nMessage-ID: <1@x>\n\n");
    let head = readable.mail.unwrap();
    assert_eq!(head.from.as_deref(), Some("Jörg <j@north.example>"));
    assert_eq!((head.subject.as_deref(), head.message_id.as_deref()), (Some("Grüße"), Some("1@x")));
    assert_eq!(readable.left_out, ["nothing to read in it"]);
    let head = head_of("Sender: d@north.example\nSubject: x\n\nHi").mail.unwrap();
    assert_eq!(head.from.as_deref(), Some("d@north.example"));
    assert_eq!(head_of("Subject: only this\n").mail.unwrap().subject.as_deref(), Some("only this"));
}

#[test]
fn mails_in_old_charsets_are_read() {
    let latin = b"From: J\xf6rg <j@north.example>\nSubject: Gr\xfc\xdfe\n\nWir k\xf6nnen 45k zahlen.\n";
    let found = reading(latin);
    assert_eq!((found.drafts[0].speaker.as_deref(), words(&found.drafts[0]).as_str()), (Some("Jörg"), "Wir können 45k zahlen."));
    let japanese = b"From: a@b.example\nSubject: x\nContent-Type: text/plain; charset=iso-2022-jp\n\n\x1b$B$^$_$`\x1b(B\n";
    assert_eq!(words(&reading(japanese).drafts[0]), "まみむ");
}

#[test]
fn an_mbox_is_read_mail_by_mail() {
    let first = mail("\nWe can spend 45k.\n>From May on.\n");
    let second = mail("Message-ID: <2@x>\n\nDeal.\n").replace("dana@north.example", "lee@us.example");
    let found = reading(format!("From dana Mon May  4 15:00:00 2026\n{first}\nFrom lee Mon May  4 16:00:00 2026\n{second}"));
    assert_eq!(said(&found), ["own dana@north.example: We can spend 45k.\nFrom May on.", "own lee@us.example: Deal."]);
    assert_eq!(found.mail.unwrap().address.as_deref(), Some("dana@north.example"));
}

#[test]
fn an_mbox_of_many_mails_is_read_like_a_small_one() {
    let one = |n: usize| format!("From x Mon May  4 15:00:00 2026\n{}\n", mail(&format!("\nOffer {n}.\n> Which?\n")));
    let mails: String = (0..600).map(one).collect();
    let found = reading(&mails);
    let own: Vec<String> = found.drafts.iter().filter(|draft| draft.role == DraftRole::Own).map(words).collect();
    assert_eq!((own.len(), own[599].as_str()), (600, "Offer 599."));
    let few = reading((598..600).map(one).collect::<String>());
    assert_eq!(few.drafts[3].passages[0].text, found.drafts[1199].passages[0].text);
    for draft in &found.drafts {
        let place = found.origin.place(draft.passages[0].span).unwrap();
        assert_eq!(&mails[place.start..place.end], draft.passages[0].text);
    }
}

#[test]
fn quotations_of_html_mails_are_messages_of_their_own() {
    let quotes = [
        "<div class=gmail_quote><div class=gmail_attr>On Mon, May 4, 2026 at 3:07 PM Lee Ito &lt;lee@us.example&gt; wrote:<br></div><blockquote class=gmail_quote>What is the budget?</blockquote></div>",
        "<div class=moz-cite-prefix>On 04.05.26 15:07, Lee Ito wrote:<br></div><blockquote type=cite>What is the budget?</blockquote>",
        "<div class=gmail_quote>2026-05-04 15:07 nimeni sanoi:<br><blockquote>What is the budget?</blockquote></div>",
        "<div id=appendonsend></div><hr><div id=divRplyFwdMsg><b>From:</b> Lee Ito &lt;lee@us.example&gt;<br><b>Sent:</b> Monday, May 4, 2026 3:07 PM<br><b>To:</b> Dana<br><b>Subject:</b> Price</div><div>What is the budget?</div>",
        "<div id=divRplyFwdMsg><b>Lähettäjä:</b> Lee Ito<br><b>Lähetetty:</b> tiistai<br></div><div>What is the budget?</div>",
        "<div class=yahoo_quoted><div>On Monday, May 4, 2026 at 03:07:00 PM, Lee Ito &lt;lee@us.example&gt; wrote:</div><div>What is the budget?</div></div>",
        "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p><b>From:</b> Lee Ito &lt;lee@us.example&gt;<br><b>Sent:</b> Monday, May 4, 2026 3:07 PM<br><b>To:</b> Dana<br><b>Subject:</b> Price</p></div><p>What is the budget?</p>",
        "<div id=mail-editor-reference-message-container><div>From: Lee Ito &lt;lee@us.example&gt;<br>Date: Monday, May 4, 2026 at 15:07<br>To: Dana<br>Subject: Price</div><div>What is the budget?</div></div>",
        "<div class=protonmail_quote>On Monday, May 4th, 2026 at 15:07, Lee Ito &lt;lee@us.example&gt; wrote:<br><blockquote class=protonmail_quote>What is the budget?</blockquote></div>",
    ];
    for quote in quotes {
        let found = reading(mail(&format!("Content-Type: text/html\n\n<div>It is 45k.</div>{quote}")));
        let own: Vec<String> = found.drafts.iter().filter(|draft| draft.role == DraftRole::Own).map(words).collect();
        assert_eq!(own, ["It is 45k."], "{quote}");
        let copied = found.drafts.iter().filter(|draft| draft.role == DraftRole::Copied);
        assert!(copied.map(words).any(|words| words.ends_with("What is the budget?")), "{quote}");
    }
}

#[test]
fn a_reply_between_quotations_of_an_html_mail_stays_the_senders() {
    let page = "<div class=gmail_quote><div class=gmail_attr>On Mon, May 4, 2026 at 3:07 PM Lee Ito &lt;lee@us.example&gt; wrote:<br></div><blockquote>Budget?</blockquote><div>45k.</div><blockquote>When?</blockquote><div>In May.</div></div>";
    let found = reading(mail(&format!("Content-Type: text/html\n\n{page}")));
    assert_eq!(said(&found), ["own dana@north.example: 45k. | In May.", "copied lee@us.example: Budget? | When?"]);
}

#[test]
fn a_signature_element_is_a_signature() {
    let page = "<p>It is 45k.</p><div class=gmail_signature><div>Dana Keller</div><div>Finance, North</div></div>";
    let found = reading(mail(&format!("Content-Type: text/html\n\n{page}")));
    assert_eq!(said(&found), ["own dana@north.example: It is 45k."]);
    let signature = &found.removed[0];
    assert_eq!(signature.kind, RemovedKind::Signature);
    assert_eq!(&found.text[signature.spans[0].start..signature.spans[0].end], "Dana Keller\nFinance, North");
    let only = reading(mail("Content-Type: text/html\n\n<div class=gmail_signature>It is 45k, agreed by all of us.</div>"));
    assert_eq!(said(&only), ["own dana@north.example: It is 45k, agreed by all of us."]);
}

#[test]
fn files_written_into_the_text_are_named_and_not_read() {
    let text = "We can spend 45k.\nbegin 644 offer.txt\n#0V%T\n`\nend\nGo live in May.\n";
    let found = reading(mail(&format!("\n{text}")));
    assert_eq!(said(&found), ["own dana@north.example: We can spend 45k. | Go live in May."]);
    assert_eq!(found.left_out, ["attachment `offer.txt` (uuencoded, 1 kB)"]);
    assert_eq!(said(&reading(mail("\nWe begin 644 seats\nend\n"))), ["own dana@north.example: We begin 644 seats\nend"]);
}

#[test]
fn beyond_the_number_of_parts_mails_are_counted_and_not_read() {
    let limits = Limits { parts: 2, ..Limits::DEFAULT };
    let mails: String =
        (0..5).map(|n| format!("From x Mon May  4 15:00:00 2026\n{}\n", mail(&format!("\nOffer {n} is final.\n")))).collect();
    let found = reading_within(&mails, &limits);
    assert_eq!(said(&found), ["own dana@north.example: Offer 0 is final.", "own dana@north.example: Offer 1 is final."]);
    assert_eq!(found.left_out, ["3 mails over the limit of 2 parts"]);
    let parts = vec![PLAIN; 100_000];
    let found = reading_within(mail(&multipart("mixed", &parts)), &Limits { parts: 4, ..Limits::DEFAULT });
    assert_eq!(said(&found).len(), 1);
    assert_eq!(found.left_out, ["99997 parts over the limit of 4"]);
    let none = reading_within(&mails, &Limits { parts: 0, ..Limits::DEFAULT });
    assert_eq!((none.drafts.len(), none.left_out.as_slice()), (0, &["5 mails over the limit of 0 parts".to_owned()][..]));
}

#[test]
fn beyond_the_nesting_parts_are_left_out() {
    let started = std::time::Instant::now();
    let messages = "Content-Type: message/rfc822\n\n".repeat(100_000);
    let multiparts: String = (0..1000).map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n")).collect();
    for bomb in [messages, multiparts] {
        let found = reading(mail(&multipart("mixed", &[PLAIN, &bomb])));
        assert_eq!(said(&found), ["own dana@north.example: We can spend 45k."]);
        assert_eq!(found.left_out, ["1 parts nested deeper than the limit of 16"]);
    }
    let missing = "--b0\nContent-Type: multipart/mixed; boundary=zzz\n\n".repeat(20_000);
    reading(mail(&format!("Content-Type: multipart/mixed; boundary=b0\n\n{missing}")));
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

#[test]
fn beyond_the_decoded_bytes_parts_are_left_out() {
    let huge = format!("Content-Type: text/html\nContent-Transfer-Encoding: base64\n\n{}", "PHA+YTwvcD4K".repeat(10_000));
    let found = reading_within(mail(&multipart("mixed", &[PLAIN, &huge])), &Limits { decoded_bytes: 1000, ..Limits::DEFAULT });
    assert_eq!(said(&found), ["own dana@north.example: We can spend 45k."]);
    assert!(found.left_out[0].ends_with("bytes over the limit of 1000 decoded bytes"), "{:?}", found.left_out);
}

#[test]
fn passages_stand_in_the_content_where_the_text_does() {
    let text = mail(&multipart(
        "mixed",
        &[PLAIN, "Content-Type: text/plain; format=flowed\n\n> What is \n> the budget?\nIt is \n45k.\n"],
    ));
    let found = reading(&text);
    for draft in &found.drafts {
        for passage in &draft.passages {
            let places = found.origin.places(passage.span);
            let joined: String = places.iter().map(|place| &text[place.start..place.end]).collect();
            assert_eq!(joined, passage.text);
        }
    }
    assert!(said(&found).contains(&"own dana@north.example: We can spend 45k. | It is 45k.".to_owned()), "{:?}", said(&found));
}

/// Mails of all kinds for [`no_mutation_of_a_mail_breaks_reading`].
fn sample(n: usize) -> String {
    let nested = multipart("alternative", &[PLAIN, PAGE]).replace("b0", "b1");
    let calendar = "Content-Type: text/calendar\n\nBEGIN:VEVENT\nSUMMARY:x\nDTSTART;TZID=Europe/Berlin:20260504T150000\nATTENDEE;CN=\"a\":mailto:b\nEND:VEVENT";
    let forwarded = format!(
        "Content-Type: message/rfc822\n\n{}",
        mail("\n> quoted \n>> deeper\nOn Mon, May 4, 2026 at 3:07 PM Lee <l@x.example> wrote:\n> a\n")
    );
    let encoded = "Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\nContent-Transfer-Encoding: quoted-printable\n\nGr=C3=BC=C3=9Fe =\nund \n> mehr\n";
    let rows = [
        mail(&multipart("mixed", &[&nested, calendar, &forwarded, encoded])),
        mail(&format!("Content-Type: text/html; charset=iso-8859-1\n\n<div>a</div>{}", "<div class=gmail_quote><blockquote>b</blockquote></div><div id=Signature>c</div><a href='http://x.example'><img alt=d></a>")),
        format!("From x Mon May  4 15:00:00 2026\n{}\nFrom y Mon May  4 15:00:00 2026\n{}", mail("\n>From a\n"), mail("\nbegin 644 x\n#0V%T\n`\nend\n")),
        "From: =?utf-8?B?R3LDvMOfZQ==?= <a@b.example>, \"x, y\" (c) <@r:d@e.example>\nTo: g: a@b, c;\nSubject: =?iso-2022-jp?B?GyRCJF4bKEI=?= =?utf-8?Q?a=\n b?=\n\nx".to_owned(),
    ];
    rows[n % rows.len()].clone()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_mutation_of_a_mail_breaks_reading(
        n in 0usize..4,
        edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..4), 0..12),
    ) {
        let mut bytes = sample(n).into_bytes();
        for (place, byte, kind) in edits {
            let at = place.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 => bytes.truncate(at.max(1)),
                _ => {
                    let piece = bytes[at..(at + usize::from(byte)).min(bytes.len())].to_vec();
                    bytes.splice(at..at, piece);
                }
            }
        }
        let found = reading(&bytes);
        for draft in &found.drafts {
            for passage in &draft.passages {
                prop_assert_eq!(&found.text[passage.span.start..passage.span.end], passage.text.as_str());
            }
        }
        for span in found.removed.iter().flat_map(|removed| &removed.spans) {
            prop_assert!(found.text.get(span.start..span.end).is_some());
        }
    }
}
