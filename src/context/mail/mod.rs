//! Mails: one, several in an mbox, a pasted thread, or the text of a mail without its headers.
//!
//! [`mime`] decodes what RFC 5322 and MIME wrap; [`thread`] tells the sender's words from quoted and forwarded
//! messages, by their headers: [`attribution`] lines, [`separator`]s and header [`block`]s, whose words are in
//! [`vocabulary`]. [`trailer`] finds what is no message: [`footer`]s, [`device`] lines and signatures ([`sign_off`]).

mod anatomy;
mod attribution;
mod author;
mod block;
mod dates;
mod device;
mod footer;
mod mime;
mod months;
mod separator;
mod shape;
mod sign_off;
#[cfg(test)]
mod tests;
mod thread;
mod trailer;
mod vocabulary;

pub(super) use mime::read;

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
