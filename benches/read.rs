//! `read`: how fast sources are read on one core, and in how much memory, beside what cannot be left out: counting
//! the lines of the same bytes, and what the MIME library alone does with the mails.

use std::fmt::Write as _;
use std::hint::black_box;
use std::process::Command;
use std::time::Instant;

use baton::context::{Limits, readable};
use baton::domain::event::SourceType;
use baton::domain::handoff::Source;

use crate::Result;

const MBOX_BYTES: usize = 20 << 20;
const TEXT_BYTES: usize = 8 << 20;
const RUNS: usize = 5;

/// Prints MB/s of each kind of source, and the memory that reading the mbox takes.
pub(crate) fn read() -> Result<()> {
    println!("read: one core, best of {RUNS}");
    let mbox = mbox(MBOX_BYTES);
    let floor = |bytes: &[u8]| bytes.iter().filter(|byte| **byte == b'\n').count();
    let parse = |bytes: &[u8]| {
        let mails = mail_parser::mailbox::mbox::MessageIterator::new(bytes).filter_map(std::result::Result::ok);
        mails.filter_map(|mail| Some(mail_parser::MessageParser::default().parse(mail.contents())?.parts.len())).sum::<usize>()
    };
    let library = speed(mbox.len(), || parse(mbox.as_bytes()));
    let kinds = [
        ("mbox", SourceType::EmailThread, mbox),
        ("transcript", SourceType::CallTranscript, transcript(TEXT_BYTES)),
        ("note", SourceType::CallNote, note(TEXT_BYTES)),
    ];
    for (name, source_type, body) in kinds {
        let lines = speed(body.len(), || floor(body.as_bytes()));
        let source = source(source_type, body.into_bytes());
        let ours = speed(source.body.len(), || readable(&source, &limits()).text.len());
        println!("  {name:10} {ours:7.1} MB/s; counting its lines {lines:.0} MB/s, ratio {:.3}", ours / lines);
        if source_type == SourceType::EmailThread {
            println!("  {:10} {library:7.1} MB/s for mail-parser alone, ratio {:.2}", "", ours / library);
        }
    }
    let output = Command::new(std::env::current_exe()?).arg("read-memory").output()?;
    print!("{}", String::from_utf8(output.stdout)?);
    Ok(())
}

/// Writes the mbox, and measures each way of reading it in a process of its own.
pub(crate) fn read_memory() -> Result<()> {
    let path = std::env::temp_dir().join(format!("baton-read-{}.mbox", std::process::id()));
    std::fs::write(&path, mbox(MBOX_BYTES))?;
    for way in ["readable", "gather"] {
        let child = Command::new(std::env::current_exe()?).args(["read-memory-of", way]).arg(&path).output()?;
        print!("{}", String::from_utf8(child.stdout)?);
    }
    std::fs::remove_file(&path)?;
    Ok(())
}

/// What one way of reading an mbox adds to the peak of memory, the mbox itself included.
pub(crate) fn read_memory_of(way: &str, path: &str) -> Result<()> {
    let start = peak_bytes()?;
    let source = source(SourceType::EmailThread, std::fs::read(path)?);
    let bytes = source.body.len();
    let read = match way {
        "gather" => {
            black_box(baton::context::gather(&crate::handoff_of(source)?, &crate::gathering_within(limits()))).messages.len()
        }
        _ => black_box(readable(&source, &limits())).text.len(),
    };
    let added = peak_bytes()? - start;
    let (peak, size) = (added as f64 / 1e6, bytes as f64 / 1e6);
    println!(
        "  {way:10} {peak:.1} MB at the peak for an mbox of {size:.1} MB, ratio {:.2} ({read} messages or bytes)",
        peak / size
    );
    Ok(())
}

fn limits() -> Limits {
    Limits { source_bytes: 64 << 20, handoff_bytes: 64 << 20, parts: 1_000_000, decoded_bytes: 64 << 20, ..Limits::DEFAULT }
}

fn source(source_type: SourceType, body: Vec<u8>) -> Source {
    Source { id: "source".to_owned(), source_type, format: None, occurred_at: None, title: None, body }
}

/// MB/s of the best run.
fn speed<T>(bytes: usize, mut work: impl FnMut() -> T) -> f64 {
    let seconds = (0..RUNS).map(|_| {
        let started = Instant::now();
        black_box(work());
        started.elapsed().as_secs_f64()
    });
    bytes as f64 / 1e6 / seconds.fold(f64::INFINITY, f64::min)
}

/// The most memory that this process had.
fn peak_bytes() -> Result<usize> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).ok_or("the kernel does not say VmHWM")?;
    Ok(line.split_whitespace().nth(1).ok_or("VmHWM has no number")?.parse::<usize>()? * 1024)
}

const SENTENCES: [&str; 8] = [
    "We can spend up to 45k this year if the first phase is live before the summer break.",
    "Our security team needs the data processing agreement two weeks before we sign anything.",
    "Could you send the revised offer for 40 seats, with the onboarding days listed on their own?",
    "Dana from finance will join the next call, since she decides about the payment terms.",
    "The pilot went well, but the export to the warehouse was slower than what was promised.",
    "Please confirm that single sign-on is part of the plan and not an extra for each user.",
    "We compare you with two others and would like to decide by the end of the month.",
    "Let us talk on Tuesday at 10:00, I will bring the list of open questions of our team.",
];

/// Plain mails, each with a quotation of the one before.
fn mbox(bytes: usize) -> String {
    let (mut mbox, mut last) = (String::with_capacity(bytes + 4096), String::new());
    for n in 0.. {
        if mbox.len() >= bytes {
            break;
        }
        let (name, address) = if n % 2 == 0 { ("Dana Keller", "dana@north.example") } else { ("Lee Ito", "lee@us.example") };
        let (day, hour) = (1 + n / 24 % 28, n % 24);
        let mut body = String::new();
        for paragraph in 0..4 {
            for line in 0..3 {
                let _ = writeln!(body, "{}", SENTENCES[(n * 5 + paragraph * 3 + line) % SENTENCES.len()]);
            }
            body.push('\n');
        }
        let _ = write!(
            mbox,
            "From {address} Mon May {day:2} {hour:02}:00:00 2026\nReceived: from mx{n}.example by mail.example; {day} May 2026 {hour:02}:00:00 +0000\nFrom: {name} <{address}>\nTo: team@us.example\nSubject: Re: Offer {n}\nDate: {day} May 2026 {hour:02}:00:00 +0000\nMessage-ID: <{n}@mail.example>\nContent-Type: text/plain; charset=utf-8\n\n{body}"
        );
        if !last.is_empty() {
            let _ = writeln!(mbox, "On {day} May 2026 at {hour:02}:00, {address} wrote:\n");
            last.lines().for_each(|line| {
                let _ = writeln!(mbox, "> {line}");
            });
        }
        let _ = writeln!(mbox, "\nBest regards,\n{name}\n");
        last = body;
    }
    mbox
}

fn transcript(bytes: usize) -> String {
    let mut text = String::from("WEBVTT\n\n");
    for n in 0.. {
        if text.len() >= bytes {
            break;
        }
        let at = |seconds: usize| format!("{:02}:{:02}:{:02}.000", seconds / 3600, seconds / 60 % 60, seconds % 60);
        let name = if n % 3 == 0 { "Dana Keller" } else { "Lee Ito" };
        let _ = writeln!(text, "{} --> {}\n<v {name}>{}</v>\n", at(n * 4), at(n * 4 + 3), SENTENCES[n % SENTENCES.len()]);
    }
    text
}

fn note(bytes: usize) -> String {
    let mut text = String::new();
    for n in 0.. {
        if text.len() >= bytes {
            break;
        }
        let mark = if n % 4 == 0 { "- " } else { "" };
        let _ = write!(text, "{mark}{}\n{}", SENTENCES[n % SENTENCES.len()], if n % 4 == 3 { "\n" } else { "" });
    }
    text
}
