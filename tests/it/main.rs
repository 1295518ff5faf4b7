//! The one integration binary. One file per area; helpers in `support`.

#![allow(clippy::unwrap_used, reason = "a test that unwraps says where it failed")]

mod amqp;
mod support;
mod worker;
