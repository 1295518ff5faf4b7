//! Mails: one, several in an mbox, a pasted thread, or the text of a mail without its headers.
//!
//! [`mime`] decodes what RFC 5322 and MIME wrap; [`thread`] tells the sender's words from quoted and forwarded
//! messages, by the headers that [`attribution`] knows; [`trailer`] finds signatures and footers.

mod attribution;
mod dates;
mod mime;
mod thread;
mod trailer;

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
