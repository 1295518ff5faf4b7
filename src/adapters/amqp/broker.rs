//! Where the broker is, how to reach it, and what its refusals mean.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use lapin::protocol::{AMQPErrorKind, AMQPHardError, AMQPSoftError};
use lapin::uri::{AMQPScheme, AMQPUri};
use lapin::{Connection, ConnectionProperties, ErrorKind};
use tokio::net::TcpStream;

use super::error::BrokerError;

/// From the first packet to the end of the login. The library has no deadline of its own: a peer that accepts and stays
/// silent would hold it for ever.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// For one question to the broker: declare, subscribe, acknowledge.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);
/// A frozen broker is noticed after two of these.
const HEARTBEAT_SECONDS: u16 = 10;

/// The address of a broker, with its login. Neither `Debug` nor `Display` shows the password.
#[derive(Clone)]
pub struct Broker {
    uri: AMQPUri,
    /// The last attempt met silence. Each such attempt costs a thread and a socket that the library never gives back:
    /// the next ones knock first.
    silent: Arc<AtomicBool>,
}

impl Broker {
    /// Understands `amqp://…` and `amqps://…`. In the query, `heartbeat` (seconds) replaces ours and
    /// `connection_timeout` (milliseconds) shortens ours; both are 10 s.
    pub fn parse(url: &str) -> Result<Self, BrokerError> {
        let scheme_known = url.starts_with("amqp://") || url.starts_with("amqps://");
        if !scheme_known {
            return Err(BrokerError::BadUrl { why: "it does not start with amqp:// or amqps://" });
        }
        // The parser's own error quotes the address and with it the password.
        let mut uri: AMQPUri = url.parse().map_err(|_| BrokerError::BadUrl { why: "a part of it cannot be read" })?;
        // The parser takes an IPv6 address for no host at all and falls back to localhost.
        if let Some(address) = ipv6_literal(url) {
            uri.authority.host = address.to_owned();
        }
        if uri.vhost.is_empty() {
            return Err(BrokerError::BadUrl { why: "the virtual host is empty; write %2F for the default one" });
        }
        uri.query.heartbeat.get_or_insert(HEARTBEAT_SECONDS);
        let longest = CONNECT_TIMEOUT.as_millis() as u64;
        uri.query.connection_timeout = Some(uri.query.connection_timeout.unwrap_or(longest).clamp(1, longest));
        Ok(Self { uri, silent: Arc::default() })
    }

    /// `host:port`.
    pub fn endpoint(&self) -> String {
        format!("{}:{}", self.uri.authority.host, self.uri.authority.port)
    }

    /// `purpose` is what the broker's management pages show.
    pub(super) async fn connect(&self, purpose: &str) -> Result<Connection, BrokerError> {
        if self.silent.load(Ordering::Relaxed) {
            self.knock().await?;
        }
        let properties = ConnectionProperties::default().with_connection_name(format!("baton {purpose}").into());
        let connecting = Box::pin(Connection::connect_uri(self.uri.clone(), properties));
        let connected = match tokio::time::timeout(self.connect_timeout(), connecting).await {
            Ok(Ok(connection)) => Ok(connection),
            Ok(Err(error)) => Err(self.explain_refusal(&error)),
            Err(_) => Err(self.silence()),
        };
        self.silent.store(matches!(connected, Err(BrokerError::Silent { .. })), Ordering::Relaxed);
        connected
    }

    /// Whether the peer says anything at all to AMQP's protocol header. A TLS port objects to it, which is an answer too.
    async fn knock(&self) -> Result<(), BrokerError> {
        let knocking = async {
            let stream = TcpStream::connect((self.uri.authority.host.as_str(), self.uri.authority.port)).await?;
            stream.writable().await?;
            stream.try_write(b"AMQP\x00\x00\x09\x01")?;
            stream.readable().await
        };
        match tokio::time::timeout(self.connect_timeout(), knocking).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(BrokerError::Unreachable { endpoint: self.endpoint(), code: error.kind().to_string() }),
            Err(_) => Err(self.silence()),
        }
    }

    fn connect_timeout(&self) -> Duration {
        self.uri.query.connection_timeout.map_or(CONNECT_TIMEOUT, Duration::from_millis)
    }

    fn silence(&self) -> BrokerError {
        BrokerError::Silent { endpoint: self.endpoint(), seconds: self.connect_timeout().as_secs() }
    }

    /// Waits for one answer of the broker, not for ever. `doing` completes "broke while it …".
    pub(super) async fn ask<T>(
        &self,
        doing: &'static str,
        question: impl Future<Output = lapin::Result<T>>,
    ) -> Result<T, BrokerError> {
        match tokio::time::timeout(ANSWER_TIMEOUT, question).await {
            Ok(answer) => answer.map_err(|error| self.lost(doing, &error)),
            Err(_) => Err(BrokerError::NotConfirmed { endpoint: self.endpoint(), doing, seconds: ANSWER_TIMEOUT.as_secs() }),
        }
    }

    /// As [`Broker::ask`], for a question about one queue: the broker may refuse it.
    pub(super) async fn ask_about<T>(
        &self,
        queue: &str,
        doing: &'static str,
        question: impl Future<Output = lapin::Result<T>>,
    ) -> Result<T, BrokerError> {
        let mut refusal = None;
        let noted = async { question.await.inspect_err(|error| refusal = soft_error(error)) };
        let answer = self.ask(doing, noted).await;
        let queue = || queue.to_owned();
        match refusal {
            Some(AMQPSoftError::ACCESSREFUSED) => Err(BrokerError::Forbidden { user: self.user(), queue: queue() }),
            Some(AMQPSoftError::PRECONDITIONFAILED) => Err(BrokerError::OtherArguments { queue: queue() }),
            Some(AMQPSoftError::NOTFOUND) => Err(BrokerError::QueueMissing { queue: queue() }),
            Some(_) | None => answer,
        }
    }

    pub(super) fn lost(&self, doing: &'static str, error: &lapin::Error) -> BrokerError {
        BrokerError::Lost { endpoint: self.endpoint(), doing, code: code_of(error) }
    }

    fn user(&self) -> String {
        self.uri.authority.userinfo.username.clone()
    }

    fn explain_refusal(&self, error: &lapin::Error) -> BrokerError {
        let endpoint = self.endpoint();
        match error.kind() {
            ErrorKind::ProtocolError(refusal) => match refusal.kind() {
                AMQPErrorKind::Soft(AMQPSoftError::ACCESSREFUSED) => BrokerError::LoginRefused { endpoint, user: self.user() },
                AMQPErrorKind::Hard(AMQPHardError::NOTALLOWED) => {
                    BrokerError::VhostRefused { endpoint, user: self.user(), vhost: self.uri.vhost.clone() }
                }
                AMQPErrorKind::Soft(_) | AMQPErrorKind::Hard(_) => self.lost("logged in", error),
            },
            ErrorKind::IOError(io) => match (&self.uri.scheme, io.kind()) {
                (AMQPScheme::AMQPS, std::io::ErrorKind::InvalidData | std::io::ErrorKind::Other) => {
                    BrokerError::TlsRefused { endpoint }
                }
                (_, std::io::ErrorKind::TimedOut) => BrokerError::Silent { endpoint, seconds: CONNECT_TIMEOUT.as_secs() },
                _ => BrokerError::Unreachable { endpoint, code: code_of(error) },
            },
            _ => BrokerError::Unreachable { endpoint, code: code_of(error) },
        }
    }
}

impl fmt::Debug for Broker {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Broker({})", self.endpoint())
    }
}

impl fmt::Display for Broker {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.endpoint())
    }
}

fn ipv6_literal(url: &str) -> Option<&str> {
    let authority = url.split_once("://")?.1.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    host.strip_prefix('[')?.split_once(']').map(|(address, _)| address)
}

fn soft_error(error: &lapin::Error) -> Option<AMQPSoftError> {
    match error.kind() {
        ErrorKind::ProtocolError(refusal) => match refusal.kind() {
            AMQPErrorKind::Soft(soft) => Some(soft.clone()),
            AMQPErrorKind::Hard(_) => None,
        },
        _ => None,
    }
}

/// A short name for an error of the library, without the other side's words.
fn code_of(error: &lapin::Error) -> String {
    match error.kind() {
        ErrorKind::ProtocolError(refusal) => format!("AMQP {}", refusal.get_id()),
        ErrorKind::IOError(io) => io.kind().to_string(),
        ErrorKind::MissingHeartbeatError => "no heartbeat".to_owned(),
        ErrorKind::InvalidChannelState(..) => "channel closed".to_owned(),
        ErrorKind::InvalidConnectionState(_) => "connection closed".to_owned(),
        _ => "protocol error".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_never_shows_its_password() {
        let broker = Broker::parse("amqp://dana:s3cret@broker.example:5673/crm").unwrap();
        assert_eq!(format!("{broker} {broker:?}"), "broker.example:5673 Broker(broker.example:5673)");
        for bad in ["http://dana:s3cret@host", "amqp://dana:s3cret@host:notaport/", "amqp://dana:s3cret@host:1/v?heartbeat=x"] {
            let error = Broker::parse(bad).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn an_ipv6_address_is_not_taken_for_localhost() {
        assert_eq!(Broker::parse("amqp://u:p@[2001:db8::1]:5673/v").unwrap().endpoint(), "2001:db8::1:5673");
        assert_eq!(Broker::parse("amqp://u:p@10.1.2.3/v").unwrap().endpoint(), "10.1.2.3:5672");
    }

    #[test]
    fn an_empty_virtual_host_is_refused_and_a_missing_one_is_the_default() {
        assert!(matches!(Broker::parse("amqp://host/"), Err(BrokerError::BadUrl { .. })));
        assert_eq!(Broker::parse("amqp://host").unwrap().uri.vhost, "/");
        assert_eq!(Broker::parse("amqp://host/%2f").unwrap().uri.vhost, "/");
    }

    #[test]
    fn the_heartbeat_is_ours_unless_the_address_names_one() {
        assert_eq!(Broker::parse("amqp://host").unwrap().uri.query.heartbeat, Some(10));
        assert_eq!(Broker::parse("amqp://host?heartbeat=3").unwrap().uri.query.heartbeat, Some(3));
    }
}
