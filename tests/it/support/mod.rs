//! What several areas need: servers, worlds, scripted models.
