//! The one integration binary. One file per area; helpers in `support`.

mod amqp;
mod model;
mod support;
mod tidy;
mod worker;
