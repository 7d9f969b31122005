//! Notary servers over HTTP, good and bad ones, as the command line meets them.

mod stalls;

const GUN: &str = "golden.example/published";
