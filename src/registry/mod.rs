//! Registries of images.

pub mod reference;
