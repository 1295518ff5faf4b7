//! Mails: one, several in an mbox, a pasted thread, or the text of a mail without its headers.
//!
//! [`mime`] takes a source; [`mbox`] finds its mails, [`part`] the parts of one, with what [`headers`] say of them;
//! [`letter`] chooses and decodes what is to be read. [`compose()`] makes the readable text of it: [`thread`] tells the
//! sender's words from quoted and forwarded messages, by the elements that [`marks`] knows and by their headers:
//! [`attribution`] lines, [`separator`]s and header [`block`]s, whose words are in [`vocabulary`]. [`trailer`] finds what
//! is no message: [`footer`]s, [`device`] lines and signatures ([`sign_off`]), cut by its [`anatomy`].

mod address;
mod anatomy;
mod attribution;
mod author;
mod block;
mod calendar;
mod charset;
mod compose;
mod dates;
mod device;
mod flow;
mod footer;
mod headers;
mod letter;
mod marks;
mod mbox;
mod mime;
mod months;
mod part;
#[cfg(test)]
mod reply_tests;
mod separator;
mod shape;
mod sign_off;
#[cfg(test)]
mod tests;
mod thread;
mod trailer;
mod transfer;
mod uuencode;
mod vocabulary;
mod words;

pub(super) use address::{Mailbox, mailboxes, written};
pub(super) use compose::compose;
pub(super) use headers::{Headers, moment};
pub(super) use letter::{Letters, MadeText};
pub(super) use mime::read;
pub(super) use part::{Inner, Mail, Part};
pub(super) use transfer::{Transfer, base64};

use jiff::Timestamp;

/// Who wrote a message and when, from whichever header says it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Head {
    name: Option<String>,
    address: Option<String>,
    at: Option<Timestamp>,
    /// Seconds east of UTC of the sender's clock: mail programs write dates of quoted messages in it.
    zone_seconds: i32,
    subject: Option<String>,
    message_id: Option<String>,
}
