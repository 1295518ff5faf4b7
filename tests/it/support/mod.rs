//! What several areas need: servers, worlds, scripted models.

pub(crate) mod database;
