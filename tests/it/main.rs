//! The one integration binary. One file per area; helpers in `support`.

mod amqp;
mod model;
mod inbox;
mod store;
mod support;
mod tidy;
mod worker;
