//! What several areas need: servers, worlds, scripted models.

pub(crate) mod model_server;
