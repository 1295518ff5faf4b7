//! The one integration binary. One file per area; helpers in `support`.

mod amqp;
mod support;
mod tidy;
mod worker;
