//! The one integration binary. One file per area; helpers in `support`.

#![allow(clippy::unwrap_used, clippy::print_stderr, clippy::print_stdout, reason = "a test may panic, and talk")]

mod amqp;
mod audit;
mod backfill;
mod cases;
mod chaos;
mod commands;
mod fitting;
mod held_out;
mod inbox;
mod injection;
mod judge;
mod model;
mod mutations;
mod privacy;
mod read;
mod review;
mod rounds;
mod schemas;
mod store;
mod support;
mod tidy;
mod worker;
mod world;
