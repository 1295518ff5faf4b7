//! A made-up mail thread in which every mail quotes all before it, written by several mail programs. Used by the tests
//! and, through its path, by the benchmark: it uses nothing of the crate.

/// One mail.
pub(super) struct GeneratedMail {
    pub(super) sender: &'static str,
    /// What the sender wrote in this mail, sentence by sentence. Each is there once in the whole thread.
    pub(super) sentences: Vec<String>,
    /// The mail as RFC 5322 text, with all that it quotes.
    pub(super) raw: String,
    body: String,
    /// Paragraphs below the greeting.
    paragraphs: usize,
    day: u32,
}

struct Person {
    name: &'static str,
    address: &'static str,
    program: Program,
    signature: &'static str,
}

/// How a mail program quotes.
#[derive(Clone, Copy)]
enum Program {
    /// `On …, … wrote:` and `>` marks, wrapped at 76 characters.
    Marks,
    /// A block of headers and the message below it as it came.
    Block,
    /// `Am … schrieb …:` and marks.
    German,
    /// `Le … a écrit :` and marks.
    French,
}

const PEOPLE: [Person; 5] = [
    Person {
        name: "Dana Keller",
        address: "dana.keller@north.example",
        program: Program::Block,
        signature: "\nKind regards,\nDana Keller\nChief Financial Officer | Northwind\n+44 1632 960001\n",
    },
    Person {
        name: "Lee Ito",
        address: "lee.ito@us.example",
        program: Program::Marks,
        signature: "\n-- \nLee Ito\nAccount Executive\n",
    },
    Person {
        name: "Jonas Weber",
        address: "jonas.weber@north.example",
        program: Program::German,
        signature: "\nMit freundlichen Grüßen\nJonas Weber\n",
    },
    Person {
        name: "Claire Petit",
        address: "claire.petit@north.example",
        program: Program::French,
        signature: "\nCordialement,\nClaire Petit\n",
    },
    Person { name: "Ruth Adeyemi", address: "ruth@us.example", program: Program::Marks, signature: "\nSent from my phone\n" },
];

/// The same seed gives the same thread. `mails`: how many, oldest first.
pub(super) fn thread(seed: u64, mails: usize) -> Vec<GeneratedMail> {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut thread: Vec<GeneratedMail> = Vec::new();
    for n in 0..mails {
        let mut person = &PEOPLE[dice.below(PEOPLE.len())];
        if thread.last().is_some_and(|last| last.sender == person.name) {
            person = &PEOPLE[(PEOPLE.iter().position(|one| one.name == person.name).unwrap_or(0) + 1) % PEOPLE.len()];
        }
        let mail = mail(&mut dice, n, person, thread.last());
        thread.push(mail);
    }
    thread
}

/// The thread as one mbox file.
pub(super) fn mbox(thread: &[GeneratedMail]) -> String {
    let escaped = |raw: &str| raw.replace("\nFrom ", "\n>From ");
    thread.iter().map(|mail| format!("From sender@x.example Mon May 04 10:00:00 2026\n{}\n\n", escaped(&mail.raw))).collect()
}

fn mail(dice: &mut Dice, n: usize, person: &Person, before: Option<&GeneratedMail>) -> GeneratedMail {
    let mut sentences = Vec::new();
    let mut own = String::new();
    let paragraphs = 1 + dice.below(3);
    for paragraph in 0..paragraphs {
        let said: Vec<String> = (0..1 + dice.below(3)).map(|k| sentence(dice, n * 100 + paragraph * 10 + k)).collect();
        own.push_str(&said.join(" "));
        own.push_str("\n\n");
        sentences.extend(said);
    }
    let marks_lines = !matches!(person.program, Program::Block);
    let mut body = format!("Hi all,\n\n{own}");
    match before {
        Some(before) if marks_lines && n % 7 == 3 => {
            // Answers between the quoted paragraphs, then the rest of the thread.
            let answers = dice.below(3) + 1;
            body.push_str(&attribution(person.program, before));
            for (k, paragraph) in before.body.split("\n\n").enumerate() {
                body.push_str(&quoted(paragraph));
                body.push_str(">\n");
                if (1..=answers.min(before.paragraphs)).contains(&k) {
                    let answer = sentence(dice, n * 100 + 50 + k);
                    body.push_str(&format!("\n{answer}\n\n"));
                    sentences.push(answer);
                }
            }
        }
        Some(before) => {
            body.push_str(person.signature);
            body.push('\n');
            body.push_str(&attribution(person.program, before));
            body.push_str(&if marks_lines { quoted(&before.body) } else { before.body.clone() });
        }
        None => body.push_str(person.signature),
    }
    let day = n as u32;
    let subject = if n == 0 { "Rollout" } else { "Re: Rollout" };
    let (name, address, date) = (person.name, person.address, rfc_date(day));
    let raw = format!(
        "From: {name} <{address}>\nTo: team@us.example\nDate: {date}\nSubject: {subject}\nMessage-ID: <m{n}@x.example>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{body}"
    );
    GeneratedMail { sender: person.name, sentences, raw, body, paragraphs, day }
}

fn attribution(program: Program, before: &GeneratedMail) -> String {
    let name = before.sender;
    let address = PEOPLE.iter().find(|person| person.name == name).map_or("", |person| person.address);
    let (month, day) = calendar(before.day);
    let english = ["May", "June"][month - 5];
    match program {
        Program::Marks => format!("On {day} {english} 2026 at 10:00, {name} <{address}> wrote:\n\n"),
        Program::German => format!("Am {day:02}.{month:02}.2026 um 10:00 schrieb {name} <{address}>:\n\n"),
        Program::French => format!("Le {day} {} 2026 à 10:00, {name} <{address}> a écrit :\n\n", ["mai", "juin"][month - 5]),
        Program::Block => format!(
            "________________________________\nFrom: {name} <{address}>\nSent: {day} {english} 2026 10:00\nTo: team@us.example\nSubject: Re: Rollout\n\n"
        ),
    }
}

/// Wrapped at 76 characters, with a mark before every line.
fn quoted(text: &str) -> String {
    let mut marked = String::new();
    for line in text.lines() {
        let mark = if line.starts_with('>') { ">" } else { "> " };
        if line.starts_with('>') || line.len() <= 76 {
            marked.push_str(&format!("{}\n", format!("{mark}{line}").trim_end()));
            continue;
        }
        let mut width = 0;
        marked.push('>');
        for word in line.split(' ') {
            if width > 0 && width + word.len() > 74 {
                marked.push_str("\n>");
                width = 0;
            }
            marked.push(' ');
            marked.push_str(word);
            width += word.len() + 1;
        }
        marked.push('\n');
    }
    marked
}

/// From 4 May 2026 on, a mail a day: month and day.
fn calendar(day: u32) -> (usize, u32) {
    if 4 + day <= 31 { (5, 4 + day) } else { (6, 4 + day - 31) }
}

fn rfc_date(day: u32) -> String {
    let (month, of_month) = calendar(day);
    let weekday = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][day as usize % 7];
    format!("{weekday}, {of_month} {} 2026 10:00:00 +0000", ["May", "Jun"][month - 5])
}

/// A sentence that no other is like: `number` is in it.
fn sentence(dice: &mut Dice, number: usize) -> String {
    const WHO: [&str; 8] = [
        "The warehouse team",
        "Our finance lead",
        "The pilot group",
        "Procurement",
        "The data team",
        "My manager",
        "The board",
        "Your engineer",
    ];
    const DOES: [&str; 8] = [
        "wants to see",
        "has to approve",
        "cannot start without",
        "is still waiting for",
        "will review",
        "asked me about",
        "needs a date for",
        "is happy with",
    ];
    const WHAT: [&str; 8] = [
        "the export of item",
        "the price for position",
        "the draft of section",
        "the training for group",
        "the contract for site",
        "the test of interface",
        "the report on order",
        "the plan for milestone",
    ];
    const WHEN: [&str; 6] = [
        "before the end of the quarter",
        "once the sandbox is open",
        "in the second week of the rollout",
        "as soon as security has signed",
        "if the budget holds",
        "after the summer break",
    ];
    let pick = |dice: &mut Dice, words: &[&'static str]| words[dice.below(words.len())];
    format!(
        "{} {} {} {}{}.",
        pick(dice, &WHO),
        pick(dice, &DOES),
        pick(dice, &WHAT),
        number + 1000,
        match dice.below(3) {
            0 => String::new(),
            1 => format!(" {}", pick(dice, &WHEN)),
            _ => format!(", {}", pick(dice, &WHEN)),
        }
    )
}

/// Marsaglia's xorshift: the same numbers everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as usize % limit
    }
}
