//! The world: queues, models, record stores. Each knows one library and nothing of the others.

pub mod amqp;
pub mod extractive;
pub mod inbox;
pub mod openai;
pub mod recorded;
pub mod sql;
mod sqlite_file;
