//! What a mail's sender wrote, in mails as the programs of this world build them. The people are invented.

use proptest::prelude::*;

use crate::context::reading::{DraftRole, Reading, RemovedKind, readable};
use crate::context::testing::source;
use crate::context::{Limits, Readable};
use crate::domain::event::SourceType::EmailThread;

fn read(mail: &str) -> Readable {
    readable(&source("mail", EmailThread, mail), &Limits::DEFAULT)
}

fn reading(mail: &str) -> Reading {
    crate::context::reading::read(&source("mail", EmailThread, mail), &Limits::DEFAULT)
}

fn text_of(readable: &Readable, spans: &[crate::domain::brief::Span]) -> String {
    let pieces: Vec<&str> = spans.iter().map(|span| &readable.text[span.start..span.end]).collect();
    pieces.join("\n").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn reply(mail: &str) -> String {
    let readable = read(mail);
    text_of(&readable, &readable.reply)
}

fn removed(mail: &str, kind: RemovedKind) -> String {
    let readable = read(mail);
    let texts = readable.removed.iter().filter(|one| one.kind == kind).map(|one| text_of(&readable, &one.spans));
    texts.collect::<Vec<_>>().join(" / ")
}

/// Every introduction stands between this answer and this question, which is quoted with marks or without.
const ANSWER: &str = "Yes, we take 120 seats from June.\nThe price is fine.";
const QUESTION: &str = "Could you tell us how many seats you need?";

fn check_introductions(introductions: &[&str]) {
    let expected = ANSWER.replace('\n', " ");
    let mut wrong = Vec::new();
    for introduction in introductions {
        for quoted in [format!("> {QUESTION}\n>\n> Lee"), QUESTION.to_owned()] {
            for gap in ["\n\n", "\n"] {
                let mail = format!("{ANSWER}{gap}{introduction}{gap}{quoted}\n");
                let found = reply(&mail);
                if found != expected {
                    wrong.push(format!("{mail}\n=> {found}\n"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("-----\n"));
}

#[test]
fn attribution_lines_end_the_reply() {
    check_introductions(&[
        // Gmail, by the language of the account
        "On Wed, May 6, 2026 at 12:30 PM Lee Ito <lee@us.example> wrote:",
        "On Wed, May 6, 2026 at 12:30\u{202f}PM Lee Ito <lee@us.example> wrote:",
        "On Wed, 6 May 2026 at 12:30, Lee Ito <\nlee.with.a.long.name@department.us.example> wrote:",
        "On Wed, 6 May 2026, 12:30 Lee Ito, <lee@us.example> wrote:",
        "Am Mi., 6. Mai 2026 um 12:30 Uhr schrieb Lee Ito <lee@us.example>:",
        "Lee Ito <lee@us.example> schrieb am Mi., 6. Mai 2026, 12:30:",
        "Le mer. 6 mai 2026 à 12:30, Lee Ito <lee@us.example> a écrit :",
        "Le mer. 6 mai 2026 à 12:30, Lee Ito <lee@us.example> a\nécrit :",
        "El mié, 6 may 2026 a las 12:30, Lee Ito (<lee@us.example>) escribió:",
        "El mié, 6 de may. de 2026 12:30 p. m., Lee Ito <lee@us.example> escribió:",
        "Em qua., 6 de mai. de 2026 às 12:30, Lee Ito <lee@us.example>\nescreveu:",
        "Lee Ito <lee@us.example> escreveu no dia quarta, 6/05/2026 à(s) 12:30:",
        "Il giorno mer 6 mag 2026 alle ore 12:30 Lee Ito <lee@us.example> ha\nscritto:",
        "Op wo 6 mei 2026 om 12:30 schreef Lee Ito <lee@us.example>:",
        "śr., 6 maj 2026 o 12:30 Lee Ito <lee@us.example> napisał(a):",
        "Den ons 6 maj 2026 kl 12:30 skrev Lee Ito <lee@us.example>:",
        "Den ons. 6. maj 2026 kl. 12.30 skrev Lee Ito <lee@us.example>:",
        "ons. 6. mai 2026 kl. 12:30 skrev Lee Ito <lee@us.example>:",
        "ke 6. toukok. 2026 klo 12.30 Lee Ito (lee@us.example) kirjoitti:",
        "st 6. 5. 2026 v 12:30 odesílatel Lee Ito <lee@us.example> napsal:",
        "st 6. 5. 2026 o 12:30 Lee Ito <lee@us.example> napísal(a):",
        "Lee Ito <lee@us.example> ezt írta (időpont: 2026. máj. 6., Sze, 12:30):",
        "mie., 6 mai 2026 la 12:30, Lee Ito <lee@us.example> a scris:",
        "Lee Ito <lee@us.example>, 6 May 2026 Çar, 12:30 tarihinde şunu yazdı:",
        "6 May 2026 Çar 12:30 tarihinde Lee Ito <lee@us.example> şunu yazdı:",
        "ср, 6 мая 2026 г. в 12:30, Lee Ito <lee@us.example>:",
        "ср, 6 трав. 2026 р. о 12:30 Lee Ito <lee@us.example> пише:",
        "На ср, 6.05.2026 г. в 12:30 Lee Ito <lee@us.example> написа:",
        "Στις Τετ, 6 Μαΐ 2026 στις 12:30 μ.μ., ο χρήστης Lee Ito <lee@us.example> έγραψε:",
        "\u{202b}בתאריך יום ד׳, 6 במאי 2026 ב-12:30 מאת \u{202a}Lee Ito\u{202c}\u{200f} <\u{202a}lee@us.example\u{202c}\u{200f}>:\u{202c}",
        "في الأربعاء، ٦ مايو ٢٠٢٦ في ١٢:٣٠ م تمت كتابة ما يلي بواسطة Lee Ito <lee@us.example>:",
        "2026年5月6日(水) 12:30 Lee Ito <lee@us.example>:",
        "Lee Ito <lee@us.example> 于2026年5月6日周三 12:30写道：",
        "Lee Ito <lee@us.example> 於 2026年5月6日 週三 下午12:30寫道：",
        "2026년 5월 6일 (수) 오후 12:30, Lee Ito <lee@us.example>님이 작성:",
        "Vào Th 4, 6 thg 5, 2026 vào lúc 12:30 Lee Ito <lee@us.example> đã viết:",
        "Pada tanggal Rab, 6 Mei 2026 pukul 12.30 Lee Ito <lee@us.example> menulis:",
        "El dc., 6 de maig 2026, 12:30, Lee Ito <lee@us.example> va escriure:",
        "เมื่อ พ. 6 พ.ค. 2026 เวลา 12:30 Lee Ito <lee@us.example> เขียนว่า:",
        "sre., 6. maj 2026 ob 12:30 je oseba Lee Ito <lee@us.example> napisala:",
        // Apple Mail
        "On May 6, 2026, at 12:30 PM, Lee Ito <lee@us.example> wrote:",
        "On 6 May 2026, at 12:30, Lee Ito <lee@us.example> wrote:",
        "Am 06.05.2026 um 12:30 schrieb Lee Ito <lee@us.example>:",
        "Le 6 mai 2026 à 12:30, Lee Ito <lee@us.example> a écrit :",
        "El 6 may 2026, a las 12:30, Lee Ito <lee@us.example> escribió:",
        "No dia 06/05/2026, às 12:30, Lee Ito <lee@us.example> escreveu:",
        "Il giorno 6 mag 2026, alle ore 12:30, Lee Ito <lee@us.example> ha scritto:",
        "Op 6 mei 2026, om 12:30 heeft Lee Ito <lee@us.example> het volgende geschreven:",
        "Wiadomość napisana przez Lee Ito <lee@us.example> w dniu 06.05.2026, o godz. 12:30:",
        "6 maj 2026 kl. 12:30 skrev Lee Ito <lee@us.example>:",
        "Den 6. maj 2026 kl. 12.30 skrev Lee Ito <lee@us.example>:",
        "6 мая 2026 г., в 12:30, Lee Ito <lee@us.example> написал(а):",
        "2026/05/06 12:30、Lee Ito <lee@us.example>のメール:",
        "在 2026年5月6日，12:30，Lee Ito <lee@us.example> 写道：",
        "Lee Ito <lee@us.example> 於 2026年5月6日 下午12:30 寫道：",
        "2026. 5. 6. 오후 12:30, Lee Ito <lee@us.example> 작성:",
        // Thunderbird, Roundcube, Horde, Zimbra and the like
        "On 06/05/2026 12:30, Lee Ito wrote:",
        "On Wednesday 06 May 2026 12:30:09 Lee Ito wrote:",
        "Am 06.05.26 um 12:30 schrieb Lee Ito:",
        "Le 06/05/2026 à 12:30, Lee Ito a écrit :",
        "El 6/5/26 a las 12:30, Lee Ito escribió:",
        "Em 06/05/2026 12:30, Lee Ito escreveu:",
        "Il 06/05/2026 12:30, Lee Ito ha scritto:",
        "Op 06-05-2026 om 12:30 schreef Lee Ito:",
        "W dniu 6.05.2026 o 12:30, Lee Ito pisze:",
        "W dniu 2026-05-06 12:30, Lee Ito napisał(a):",
        "On 2026-05-06 12:30, Lee Ito wrote:",
        "Dne 6.5.2026 v 12:30 Lee Ito napsal(a):",
        "2026. 05. 06. 12:30 keltezéssel, Lee Ito írta:",
        "06.05.2026 12:30, Lee Ito пишет:",
        "Quoting Lee Ito <lee@us.example>:",
        "Zitat von Lee Ito <lee@us.example>:",
        "Quoting \"Ito, Lee\" <lee@us.example>:",
        // Yahoo, AOL, Yandex, Mail.ru, 163, Proton, Zoho, web mail of telecoms
        "On Wednesday, May 6, 2026, 12:30:09 PM GMT+2, Lee Ito <lee@us.example> wrote:",
        "On Wednesday, May 6, 2026 12:30 PM, Lee Ito <lee@us.example> wrote:",
        "Am Mittwoch, 6. Mai 2026 um 12:30:09 MESZ hat Lee Ito <lee@us.example> Folgendes geschrieben:",
        "06.05.2026, 12:30, \"Lee Ito\" <lee@us.example>:",
        "Среда, 6 мая 2026, 12:30 +03:00 от Lee Ito <lee@us.example>:",
        "Wednesday, 6 May 2026, 12:30 +03:00 from Lee Ito <lee@us.example>:",
        "At 2026-05-06 12:30:09, \"Lee Ito\" <lee@us.example> wrote:",
        "在 2026-05-06 12:30:09，\"Lee Ito\" <lee@us.example> 写道：",
        "---- On Wed, 06 May 2026 12:30:09 +0200 Lee Ito <lee@us.example> wrote ----",
        "---- On Wed, 06 May 2026 12:30:09 +0200 lee@us.example wrote ----",
        "------- Original Message -------\nOn Wednesday, May 6th, 2026 at 12:30 PM, Lee Ito <lee@us.example> wrote:",
        "\u{2010}\u{2010}\u{2010}\u{2010}\u{2010}\u{2010}\u{2010} Original Message \u{2010}\u{2010}\u{2010}\u{2010}\u{2010}\u{2010}\u{2010}\nOn Wednesday, May 6, 2026 12:30 PM, Lee Ito <lee@us.example> wrote:",
        "From: Lee Ito <lee@us.example>\nDate: Wednesday, 6 May 2026 at 12:30\nTo: Dana Keller <dana@north.example>\nSubject: Seats",
        "On Wed, 06 May 2026 12:30:09 +0200, Lee Ito <lee@us.example> wrote:",
        "On May 6, 2026 12:30 PM, \"Lee Ito\" <lee@us.example> wrote:",
        "2026-05-06 12:30 GMT+02:00 Lee Ito <lee@us.example>:",
        "On Wed, May 6, 2026 at 12:30 PM, Lee Ito < lee@us.example > wrote:",
        "On Wed, May 06, 2026 at 12:30 PM, Lee Ito <[lee@us.example](mailto:lee@us.example)> wrote:",
        "*On Wed, May 6, 2026 at 12:30 PM Lee Ito <lee@us.example <mailto:lee@us.example>> wrote:*",
        "Lee Ito <lee@us.example> wrote on Wed, 6 May 2026 at 12:30:",
        "Lee Ito <lee@us.example> writes:",
        "On Wed, May 6, 2026 at 12:30 PM Lee Ito &lt;lee@us.example&gt; wrote:",
        "On Wed, May 6, 2026 at 12:30 PM, Lee Ito <\nlee@us.example\n>wrote:",
        "Sent from Samsung tablet, Lee Ito <lee@us.example> wrote:",
        "On 5/6/26, 12:30 PM, \"Lee Ito\" <lee@us.example> wrote:",
        "At 12:30 PM 5/6/2026, Lee Ito wrote:",
        "Vào 12:30 6 tháng 5, 2026, Lee Ito <lee@us.example> đã viết:",
        "Op 6-mei-2026, om 12:30 heeft Lee Ito <lee@us.example> het volgende geschreven:",
        "Den 6 maj, 2026 12:30:09, Lee Ito (lee@us.example) skrev:",
        "Sent from my Galaxy, Lee Ito <lee@us.example> wrote:",
    ]);
}

#[test]
fn separators_and_header_blocks_end_the_reply() {
    check_introductions(&[
        "-----Original Message-----\nFrom: Lee Ito <lee@us.example>\nSent: Wednesday, May 6, 2026 12:30 PM\nTo: Dana Keller\nSubject: Seats",
        "________________________________\nFrom: Lee Ito <lee@us.example>\nSent: Wednesday, May 6, 2026 12:30 PM\nTo: Dana Keller <dana@north.example>\nCc: Ana Ruiz\nSubject: Re: Seats",
        "________________________________\nVon: Lee Ito <lee@us.example>\nGesendet: Mittwoch, 6. Mai 2026 12:30\nAn: Dana Keller\nBetreff: AW: Plätze",
        "Von: Lee Ito [mailto:lee@us.example]\nGesendet: Mittwoch, 6. Mai 2026 12:30\nAn: Dana Keller; Ana Ruiz;\n Rui Sá\nBetreff: AW: Plätze\nWichtigkeit: Hoch",
        "*Gesendet:* Mittwoch, 06. Mai 2026 um 12:30 Uhr\n*Von:* \"Lee Ito\" <lee@us.example>\n*An:* dana@north.example\n*Betreff:* Plätze",
        "De : Lee Ito <lee@us.example>\nEnvoyé : mercredi 6 mai 2026 12:30\nÀ : Dana Keller\nObjet : RE: Places",
        "De: Lee Ito <lee@us.example>\nEnviado: miércoles, 6 de mayo de 2026 12:30\nPara: Dana Keller\nAsunto: Plazas",
        "De: Lee Ito\nEnviada em: quarta-feira, 6 de maio de 2026 12:30\nPara: Dana Keller\nAssunto: Lugares",
        "Da: Lee Ito <lee@us.example>\nData: mercoledì 6 maggio 2026 12:30\nA: Dana Keller\nOggetto: Posti",
        "-----Messaggio originale-----\nDa: Lee Ito\nInviato: mercoledì 6 maggio 2026 12:30\nA: Dana Keller\nOggetto: Posti",
        "Van: Lee Ito <lee@us.example>\nDatum: woensdag 6 mei 2026 om 12:30\nAan: Dana Keller\nOnderwerp: Plaatsen",
        "Od: Lee Ito <lee@us.example>\nWysłano: środa, 6 maja 2026 12:30\nDo: Dana Keller\nDW: Ana Ruiz\nTemat: Miejsca",
        "Från: Lee Ito <lee@us.example>\nSkickat: den 6 maj 2026 12:30\nTill: Dana Keller\nÄmne: Platser",
        "Fra: Lee Ito <lee@us.example>\nSendt: onsdag 6. mai 2026 12:30\nTil: Dana Keller\nEmne: Plasser",
        "---------- Původní e-mail ----------\nOd: Lee Ito <lee@us.example>\nKomu: dana@north.example\nDatum: 6. 5. 2026 12:30:09\nPředmět: Místa",
        "От: Lee Ito\nОтправлено: 6 мая 2026 г. 12:30\nКому: Dana Keller\nТема: Места",
        "-------- Исходное сообщение --------\nОт: Lee Ito <lee@us.example>\nДата: 06.05.2026 12:30 (GMT+03:00)\nКому: dana@north.example\nТема: Места",
        "מאת: Lee Ito\nנשלח: יום רביעי 06 מאי 2026 12:30\nאל: Dana Keller\nנושא: מושבים",
        "من: Lee Ito <lee@us.example>\nتم الإرسال: الأربعاء، 6 مايو، 2026 12:30\nإلى: Dana Keller\nالموضوع: المقاعد",
        "差出人: Lee Ito <lee@us.example>\n送信日時: 2026年5月6日 12:30\n宛先: Dana Keller\n件名: 席数",
        "------------------ 原始邮件 ------------------\n发件人: \"Lee Ito\" <lee@us.example>;\n发送时间: 2026年5月6日(星期三) 中午12:30\n收件人: \"Dana Keller\"<dana@north.example>;\n主题: 席位",
        "---- 回复的原邮件 ----\n| 发件人 | Lee Ito<lee@us.example> |\n| 日期 | 2026年05月06日 12:30 |\n| 收件人 | Dana Keller<dana@north.example> |\n| 主题 | 席位 |",
        "-----Original Message-----\nFrom: \"Lee Ito\"&lt;lee@us.example&gt;\nTo: \"Dana Keller\"&lt;dana@north.example&gt;;\nCc:\nSent: 2026-05-06 (수) 12:30:09 (GMT+09:00)\nSubject: Seats",
        "보낸 사람: Lee Ito <lee@us.example>\n보낸 날짜: 2026년 5월 6일 수요일 오후 12:30\n받는 사람: Dana Keller\n제목: 좌석",
        "-------- Original message --------\nFrom: Lee Ito <lee@us.example> \nDate: 06/05/2026  12:30  (GMT+01:00) \nTo: Dana Keller <dana@north.example> \nSubject: Seats ",
        "-------- Oorspronkelijk bericht --------\nVan: Lee Ito <lee@us.example>\nDatum: 06-05-2026 12:30 (GMT+01:00)\nAan: dana@north.example\nOnderwerp: Plaatsen",
        "-----Lee Ito <lee@us.example> wrote: -----\nTo: Dana Keller <dana@north.example>\nFrom: Lee Ito <lee@us.example>\nDate: 05/06/2026 12:30PM\nSubject: Seats",
        "From:        Lee Ito <lee@us.example>\nTo:        Dana Keller <dana@north.example>\nDate:        06/05/2026 12:30\nSubject:        Seats",
        "Lee Ito---06/05/2026 12:30:09---Hello Dana, could you tell us",
        "----- Reply message -----\nFrom: \"Lee Ito\" <lee@us.example>\nTo: <dana@north.example>\nSubject: Seats\nDate: Wed, May 6, 2026 12:30",
        "----- Original Message ----- \nFrom: Lee Ito \nTo: Dana Keller \nSent: Wednesday, May 06, 2026 12:30 PM\nSubject: Seats",
        "##- Please type your reply above this line -##",
        "--- Please reply above this line ---",
        "-- Bitte antworten Sie oberhalb dieser Zeile --",
        "From: Lee Ito <lee@us.example>\nDate: Wednesday, May 6, 2026 at 12:30 PM\nTo: Dana Keller <dana@north.example>, Ana Ruiz\n<ana@north.example>, Rui Sá <rui@north.example>\nSubject: Re: Seats",
        "*From:* Lee Ito <lee@us.example>\n*Sent:* Wednesday, May 6, 2026 12:30 PM\n*To:* Dana Keller <dana@north.example>\n*Cc:* Ana Ruiz <ana@north.example>\n*Subject:* Seats",
        "**From:** Lee Ito <lee@us.example>  \n**Sent:** Wednesday, May 6, 2026 12:30 PM  \n**To:** Dana Keller  \n**Subject:** Seats",
        "*From:* lee@us.example [mailto:\nlee@us.example]\n*Sent:* Wednesday, May 6, 2026 12:30 PM\n*To:* dana@north.example\n*Subject:* Seats",
        "Date: Wed, 6 May 2026 12:30:09 +0200\nTo: dana@north.example",
        "--- Original-Nachricht ---\nVon: Lee Ito\nBetreff: Plätze\nDatum: 06. Mai 2026, 12:30 Uhr\nAn: dana@north.example",
        "------------------&nbsp;原始邮件&nbsp;------------------\n发件人: \"Lee Ito\" &lt;lee@us.example&gt;;\n发送时间:&nbsp;2026年5月6日(星期三) 中午12:30\n收件人:&nbsp;\"Dana Keller\";\n主题:&nbsp;席位",
        "Subject: Seats\nDate: Wed, 6 May 2026 12:30:09 +0200\nFrom: Lee Ito <lee@us.example>\nTo: dana@north.example",
    ]);
}

#[test]
fn forwarded_words_are_their_senders() {
    for separator in [
        "---------- Forwarded message ---------\nFrom: Lee Ito <lee@us.example>\nDate: Wed, May 6, 2026 at 12:30 PM\nSubject: Seats\nTo: Dana Keller <dana@north.example>\n",
        "Begin forwarded message:\n\nFrom: Lee Ito <lee@us.example>\nSubject: Seats\nDate: May 6, 2026 at 12:30:09 PM GMT+2\nTo: Dana Keller <dana@north.example>\n",
        "---------- Weitergeleitete Nachricht ---------\nVon: Lee Ito <lee@us.example>\nDate: Mi., 6. Mai 2026 um 12:30 Uhr\nSubject: Plätze\nTo: Dana Keller <dana@north.example>\n",
    ] {
        let mail = format!("For you.\n\n{separator}\nThe offer stands until Friday.\n\n> When?\n");
        let reading = reading(&mail);
        let said = |role: DraftRole| {
            let drafts = reading.drafts.iter().filter(move |draft| draft.role == role);
            drafts.map(|draft| (draft.speaker.as_deref(), draft.passages[0].text.as_str())).collect::<Vec<_>>()
        };
        assert_eq!(said(DraftRole::Own), [(None, "For you.")], "{mail}");
        assert_eq!(said(DraftRole::Forwarded), [(Some("Lee Ito"), "The offer stands until Friday.")], "{mail}");
        // What is sent on is content of the mail, with the lines that say whose it is; what it quotes is not.
        let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(reply(&mail), squeezed(&format!("For you. {separator} The offer stands until Friday.")));
        assert_eq!(removed(&mail, RemovedKind::Quote), "When?");
    }
}

#[test]
fn trailers_are_no_part_of_the_reply() {
    use RemovedKind::{DeviceLine, LegalFooter, ListFooter, Signature};
    let rows = [
        ("-- \nDana Keller\nCFO", Signature),
        ("--\nDana Keller | North", Signature),
        ("Best regards,\nDana", Signature),
        ("Mit freundlichen Grüßen\n\nDana Keller\nNorth GmbH\nTel. +49 30 1234567", Signature),
        ("Cordialement,\n\nDana Keller\nDirectrice financière", Signature),
        ("Saludos cordiales,\nDana Keller", Signature),
        ("С уважением,\nДана Келлер", Signature),
        ("よろしくお願いいたします。\nダナ", Signature),
        ("-Dana Keller", Signature),
        ("_____\nDana Keller\nNorth GmbH", Signature),
        ("Sent from my iPhone", DeviceLine),
        ("Von meinem iPhone gesendet", DeviceLine),
        ("iPhoneから送信", DeviceLine),
        ("Get Outlook for Android<https://aka.example/x>", DeviceLine),
        (
            "This message is confidential and intended only for the recipient. If you received it in error,\nplease delete it.",
            LegalFooter,
        ),
        (
            "_______________________________________________\nnorth mailing list\nnorth@lists.example\nhttps://lists.example/listinfo/north",
            ListFooter,
        ),
        (
            "You received this message because you are subscribed to the Google Groups \"North\" group.\nTo unsubscribe from this group, send a mail.",
            ListFooter,
        ),
    ];
    let expected = ANSWER.replace('\n', " ");
    for (trailer, kind) in rows {
        for quoted in ["", "\n\nOn Wed, May 6, 2026 at 12:30 PM Lee Ito <lee@us.example> wrote:\n\n> How many?\n"] {
            let mail = format!("{ANSWER}\n\n{trailer}{quoted}");
            assert_eq!(reply(&mail), expected, "{mail}");
            assert_eq!(removed(&mail, kind), trailer.split_whitespace().collect::<Vec<_>>().join(" "), "{mail}");
        }
    }
}

#[test]
fn a_reply_keeps_all_of_its_senders_words() {
    let rows = [
        // Bottom posting, and between the lines.
        ("On 6 May 2026 at 12:30, Lee Ito wrote:\n> How many?\n> When?\n\n120 seats, in June.\n", "120 seats, in June."),
        ("> How many?\n120.\n\n> When?\nIn June.\n", "120. In June."),
        ("See below.\n\nLee Ito wrote:\n> How many?\n120.\n> When?\nIn June.\n\nDana\n", "See below. 120. In June. Dana"),
        // Bullets, dashes and links stay as they are.
        (
            "We need:\n\n  - 120 seats -- not 100\n  * a price\n  • [a link](https://x.example/a?b=c)\n",
            "We need: - 120 seats -- not 100 * a price • [a link](https://x.example/a?b=c)",
        ),
        // One line for both.
        ("Fine for us. On Wed, May 6, 2026 at 12:30 PM Lee Ito <lee@us.example> wrote:\n> How many?\n", "Fine for us."),
        (
            "Fine for us.\nOn Wednesday, May 6, 2026, 12:30 PM, Lee Ito <lee@us.example> wrote:   Hello Dana, how many?\n",
            "Fine for us.",
        ),
        // Sentences that resemble introductions.
        (
            "On Monday we met Lee and talked about 3 things:\nprice and seats.",
            "On Monday we met Lee and talked about 3 things: price and seats.",
        ),
        (
            "On 4 May 2026 please write to Dana (dana@north.example):\nshe knows.",
            "On 4 May 2026 please write to Dana (dana@north.example): she knows.",
        ),
        (
            "On 4 May 2026 I asked dana@n.example what she wrote\nand she knew.",
            "On 4 May 2026 I asked dana@n.example what she wrote and she knew.",
        ),
        ("As Lee wrote: the price stays.", "As Lee wrote: the price stays."),
        ("Date: next Tuesday\nPlace: your office\nTopic: price", "Date: next Tuesday Place: your office Topic: price"),
        ("Our range:\nFrom: 10 seats\nTo: 40 seats\n\nIs that fine?", "Our range: From: 10 seats To: 40 seats Is that fine?"),
        (
            "You can reach me at dana@north.example from 9:00 on:\nalways",
            "You can reach me at dana@north.example from 9:00 on: always",
        ),
        (
            "Here are the dates:\n2026-05-06 12:30 call with Lee\n2026-05-07 09:00 demo:\nboth are fine",
            "Here are the dates: 2026-05-06 12:30 call with Lee 2026-05-07 09:00 demo: both are fine",
        ),
        ("Sent from my desk, is much easier than my phone.", "Sent from my desk, is much easier than my phone."),
        ("We need a range -- say 100 to 120.\n\nThanks!", "We need a range -- say 100 to 120. Thanks!"),
        (
            "First\n\n-----\n\nSecond part of the answer, which is long enough to be no signature at all: we take all of the seats and pay by year, as Lee said when he came to Cologne; tell us if you see that in another way, and who will send the paper to us, and when that will be.",
            "First ----- Second part of the answer, which is long enough to be no signature at all: we take all of the seats and pay by year, as Lee said when he came to Cologne; tell us if you see that in another way, and who will send the paper to us, and when that will be.",
        ),
    ];
    for (mail, expected) in rows {
        assert_eq!(reply(mail), expected, "{mail}");
    }
}

#[test]
fn words_below_a_phones_line_without_a_header_are_a_message_of_their_own() {
    let mail = "Yes.\n\nSent from my iPhone\n\nHello Dana,\n\nplease tell us how many seats you need.\n";
    assert_eq!(reply(mail), "Yes.");
    assert_eq!(removed(mail, RemovedKind::Quote), "Hello Dana, please tell us how many seats you need.");
    // But not if it is all there is, or only a signature.
    assert_eq!(reply("Sent from my iPhone\n\nYes, 120 seats.\n"), "Yes, 120 seats.");
    let signed = "Yes.\n\nSent from my iPhone\n\nBest regards,\nDana Keller\n+49 30 1234567\n";
    assert_eq!((reply(signed), removed(signed, RemovedKind::Quote)), ("Yes.".to_owned(), String::new()));
}

#[test]
fn a_mark_to_reply_above_parts_only_an_answer() {
    let mark = "##- Please type your reply above this line -##";
    assert_eq!(reply(&format!("{mark}\n\nYour ticket is open.\n")), "Your ticket is open.");
    let quoted =
        format!("Yes.\n\nOn Wed, May 6, 2026 at 12:30 PM Help <help@us.example> wrote:\n\n> {mark}\n>\n> Is it solved?\n");
    assert_eq!(reply(&quoted), "Yes.");
    let drafts = crate::context::reading::read(&source("mail", EmailThread, &quoted), &Limits::DEFAULT).drafts;
    assert_eq!(drafts[1].address.as_deref(), Some("help@us.example"));
    assert_eq!(drafts[1].passages.last().unwrap().text, "Is it solved?");
}

#[test]
fn a_page_has_a_reply_too() {
    let rows = [
        "<div dir=\"ltr\">Yes, <b>120</b> seats.</div><br><div class=\"gmail_quote\"><div class=\"gmail_attr\">On Wed, May 6, 2026 at 12:30 PM Lee Ito &lt;<a href=\"mailto:lee@us.example\">lee@us.example</a>&gt; wrote:<br></div><blockquote>How many?</blockquote></div>",
        "<html><body><p>Yes, 120 seats.</p><hr><p><b>From:</b> Lee Ito &lt;lee@us.example&gt;<br><b>Sent:</b> Wednesday, May 6, 2026 12:30 PM<br><b>To:</b> Dana Keller<br><b>Subject:</b> Seats</p><p>How many?</p></body></html>",
        "<html><body><div>Yes, 120 seats.</div><div><br></div><div id=\"ms-outlook-mobile-signature\">Get <a href=\"https://aka.example\">Outlook for iOS</a></div><div>________________________________</div><div><b>Von:</b> Lee Ito &lt;lee@us.example&gt;<br><b>Gesendet:</b> Mittwoch, 6. Mai 2026 12:30<br><b>An:</b> Dana Keller<br><b>Betreff:</b> Sitze</div><div>Wie viele?</div></body></html>",
        "<html><body>Yes, 120 seats.<br><br>Am 06.05.26 um 12:30 schrieb Lee Ito:<br><blockquote type=\"cite\">Wie viele?</blockquote><br>-- <br>Dana Keller<br>CFO</body></html>",
    ];
    for page in rows {
        assert_eq!(reply(page), "Yes, 120 seats.", "{page}");
    }
}

#[test]
fn only_a_phones_line_is_no_reply() {
    assert_eq!(reply("Sent from my iPhone\n\nOn May 6, 2026, at 12:30 PM, Lee Ito <lee@us.example> wrote:\n\n> How many?\n"), "");
    assert_eq!(reply("Thanks,\nDana\n\n> How many?\n"), "Thanks, Dana");
}

#[test]
fn sender_and_time_of_a_quoted_message_are_read_in_many_languages() {
    let rows = [
        "On Wed, May 6, 2026 at 12:30 PM Lee Ito <lee@us.example> wrote:",
        "Lee Ito <lee@us.example> schrieb am Mi., 6. Mai 2026, 12:30:",
        "Wiadomość napisana przez Lee Ito <lee@us.example> w dniu 06.05.2026, o godz. 12:30:",
        "st 6. 5. 2026 v 12:30 odesílatel Lee Ito <lee@us.example> napsal:",
        "Lee Ito <lee@us.example> ezt írta (időpont: 2026. máj. 6., Sze, 12:30):",
        "6 May 2026 Çar 12:30 tarihinde Lee Ito <lee@us.example> şunu yazdı:",
        "ср, 6 мая 2026 г. в 12:30, Lee Ito <lee@us.example>:",
        "Στις Τετ, 6 Μαΐ 2026 στις 12:30 μ.μ., ο χρήστης Lee Ito <lee@us.example> έγραψε:",
        "في الأربعاء، ٦ مايو ٢٠٢٦ في ١٢:٣٠ م تمت كتابة ما يلي بواسطة Lee Ito <lee@us.example>:",
        "בתאריך יום ד׳, 6 במאי 2026 ב-12:30 מאת Lee Ito <lee@us.example>:",
        "2026年5月6日(水) 12:30 Lee Ito <lee@us.example>:",
        "2026/05/06 12:30、Lee Ito <lee@us.example>のメール:",
        "Lee Ito <lee@us.example> 於 2026年5月6日 週三 下午12:30寫道：",
        "2026년 5월 6일 (수) 오후 12:30, Lee Ito <lee@us.example>님이 작성:",
        "Vào Th 4, 6 thg 5, 2026 vào lúc 12:30 Lee Ito <lee@us.example> đã viết:",
        "Pada tanggal Rab, 6 Mei 2026 pukul 12.30 Lee Ito <lee@us.example> menulis:",
        "Op 6 mei 2026, om 12:30 heeft Lee Ito <lee@us.example> het volgende geschreven:",
        "Den ons. 6. maj 2026 kl. 12.30 skrev Lee Ito <lee@us.example>:",
        "ke 6. toukok. 2026 klo 12.30 Lee Ito (lee@us.example) kirjoitti:",
        "El mié, 6 may 2026 a las 12:30, Lee Ito (<lee@us.example>) escribió:",
        "Em qua., 6 de mai. de 2026 às 12:30, Lee Ito <lee@us.example> escreveu:",
    ];
    let mut wrong = Vec::new();
    for row in rows {
        let mail = format!("{ANSWER}\n\n{row}\n\n> {QUESTION}\n");
        let drafts = crate::context::reading::read(&source("mail", EmailThread, &mail), &Limits::DEFAULT).drafts;
        let quoted = drafts.last().unwrap();
        let found = (quoted.speaker.as_deref(), quoted.address.as_deref(), quoted.at.map(|at| at.to_string()));
        if found != (Some("Lee Ito"), Some("lee@us.example"), Some("2026-05-06T12:30:00Z".to_owned())) {
            wrong.push(format!("{row} => {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn any_mail() -> impl Strategy<Value = String> {
    let pieces = vec![
        "Yes, we take 120 seats.\n",
        "\n",
        "\r\n",
        "> How many seats do you need?\n",
        ">> Earlier words.\n",
        "On Wed, May 6, 2026 at 12:30 PM Lee Ito <lee@us.example>\nwrote:\n",
        "Fine. On Wed, May 6, 2026 at 12:30 PM Lee Ito <lee@us.example> wrote:\n",
        "On Wed, May 6, 2026 at 12:30 PM, Lee Ito <lee@us.example> wrote: Hello Dana\n",
        "> On 6 May 2026 at 12:30, Lee\n> wrote:\n",
        "Am 06.05.2026 um 12:30 schrieb Lee Ito:\n",
        "-----Original Message-----\n",
        "From: Lee Ito <lee@us.example>\nSent: Wednesday, May 6, 2026 12:30 PM\nTo: Dana;\n Ana\nSubject: Seats\n",
        "*Von:* Lee Ito\n\n*Gesendet:* 6. Mai 2026\n\n*An:* Dana\n",
        "________________________________\n",
        "##- Please type your reply above this line -##\n",
        "Sent from my iPhone\n",
        "Best regards,\n",
        "Dana Keller\n+49 30 1234567\n",
        "-Dana\n",
        "-- \nDana Keller\n",
        "--\n",
        "This message is confidential and intended for the addressee only.\n",
        "You are receiving this because you commented.\n",
        "- a bullet\n",
        "PS: one more thing.\n",
        "---------- Forwarded message ---------\n",
        "Ends with a colon:\n",
        "Lee Ito---06/05/2026 12:30:09---Hello\n",
        "2026年5月6日(水) 12:30 Lee Ito <lee@us.example>:\n",
    ];
    prop::collection::vec(prop::sample::select(pieces), 0..16).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// What is not in the reply was removed, and says so; a copied message is removed and is a message of its own.
    #[test]
    fn every_word_of_a_mail_is_in_its_reply_or_was_removed(mail in any_mail()) {
        let reading = crate::context::reading::read(&source("mail", EmailThread, &mail), &Limits::DEFAULT);
        let bodies = reading.drafts.iter().flat_map(|draft| draft.body.iter());
        let places: Vec<_> = bodies.chain(reading.removed.iter().flat_map(|one| one.spans.iter())).collect();
        for (at, c) in reading.text.char_indices().filter(|(_, c)| c.is_alphanumeric()) {
            prop_assert!(places.iter().any(|span| span.start <= at && at < span.end), "{c} at {at} of {:?}", reading.text);
        }
        let words = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        // Mails that begin with header lines are read as such: their headers are no words.
        if !crate::context::format::is_mail(mail.as_bytes()) {
            prop_assert_eq!(words(&reading.text), words(&mail));
        }
    }
}
