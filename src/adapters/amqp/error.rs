//! Everything that can go wrong with a broker, in words that say how to mend it.

/// Why the broker could not be used. Never holds a password, a message or the broker's own text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BrokerError {
    #[error(
        "`queue.url` is no AMQP address: {why}; it looks like amqp://USER:PASSWORD@HOST:5672/VHOST (write `/` in a name as %2F)"
    )]
    BadUrl { why: &'static str },
    #[error("`queue.name` is no usable queue name: {why}")]
    BadName { why: &'static str },
    #[error("the delays between attempts are not usable: {why}")]
    BadDelays { why: &'static str },
    #[error("nobody listens at `{endpoint}`; check `queue.url` and that RabbitMQ runs ({code})")]
    Unreachable { endpoint: String, code: String },
    #[error("`{endpoint}` did not answer within {seconds} s; check that it is RabbitMQ's AMQP port (5672, with TLS 5671)")]
    Silent { endpoint: String, seconds: u64 },
    #[error("`{endpoint}` could not be trusted (TLS); check its certificate, or that its port speaks TLS")]
    TlsRefused { endpoint: String },
    #[error("`{endpoint}` refused the login of `{user}`; check user and password in `queue.url`")]
    LoginRefused { endpoint: String, user: String },
    #[error(
        "`{endpoint}` does not let `{user}` into the virtual host `{vhost}`: it does not exist, or there is no permission; \
         check the end of `queue.url`, or run `rabbitmqctl add_vhost` and `rabbitmqctl set_permissions`"
    )]
    VhostRefused { endpoint: String, user: String, vhost: String },
    #[error(
        "`{user}` is not allowed to use the queue `{queue}`; grant configure, write and read with `rabbitmqctl set_permissions`"
    )]
    Forbidden { user: String, queue: String },
    #[error("the queue `{queue}` exists with other arguments; empty it and delete it, or choose another `queue.name`")]
    OtherArguments { queue: String },
    #[error("the queue `{queue}` is not there; `baton worker` or `baton submit` creates it")]
    QueueMissing { queue: String },
    #[error("`{endpoint}` takes no messages: it has raised an alarm for memory or disk; free some and try again")]
    Alarm { endpoint: String },
    #[error("the queue `{queue}` vanished before the message reached it")]
    Unroutable { queue: String },
    #[error("the queue `{queue}` refused a message: it is full, or its node is in trouble")]
    NotAccepted { queue: String },
    #[error(
        "the queue `{queue}` did not confirm a message within {seconds} s; if that stays so it has lost its leader: \
         see `rabbitmq-queues quorum_status {queue}`"
    )]
    QueueSilent { queue: String, seconds: u64 },
    #[error("`{endpoint}` did not confirm within {seconds} s that it {doing}")]
    NotConfirmed { endpoint: String, doing: &'static str, seconds: u64 },
    #[error("the connection to `{endpoint}` broke while it {doing} ({code})")]
    Lost { endpoint: String, doing: &'static str, code: String },
    #[error("the broker ended the subscription to `{queue}`: the queue was deleted or its leader moved")]
    SubscriptionEnded { queue: String },
    #[error("no parked message has the id `{id}`; `baton parked list` shows them")]
    NotParked { id: String },
    #[error("only the first {confirmed} of {total} events are in the queue; submit the rest again: {cause}")]
    Partly { confirmed: usize, total: usize, cause: Box<BrokerError> },
}

impl BrokerError {
    /// Whether only a person can mend it: trying again would give the same answer.
    pub fn needs_a_person(&self) -> bool {
        match self {
            Self::BadUrl { .. }
            | Self::BadName { .. }
            | Self::BadDelays { .. }
            | Self::TlsRefused { .. }
            | Self::LoginRefused { .. }
            | Self::VhostRefused { .. }
            | Self::Forbidden { .. }
            | Self::OtherArguments { .. }
            | Self::NotParked { .. } => true,
            Self::Unreachable { .. }
            | Self::Silent { .. }
            | Self::QueueMissing { .. }
            | Self::Alarm { .. }
            | Self::Unroutable { .. }
            | Self::NotAccepted { .. }
            | Self::QueueSilent { .. }
            | Self::NotConfirmed { .. }
            | Self::Lost { .. }
            | Self::SubscriptionEnded { .. } => false,
            Self::Partly { cause, .. } => cause.needs_a_person(),
        }
    }
}
