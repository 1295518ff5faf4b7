//! What several areas need: servers, worlds, scripted models.

pub(crate) mod broker;
pub(crate) mod proxy;
