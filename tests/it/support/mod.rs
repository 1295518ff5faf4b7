//! What several areas need: servers, worlds, scripted models.

pub(crate) mod broker;
pub(crate) mod database;
pub(crate) mod injection;
pub(crate) mod model_server;
pub(crate) mod proxy;
pub(crate) mod world;
