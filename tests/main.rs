//! All integration tests, in one binary.
#![allow(missing_docs, reason = "tests are not an API")]
#![allow(clippy::disallowed_methods, reason = "tests look at the world from outside")]
#![allow(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

mod auth;
mod backups;
mod cli;
mod delegation_commands;
mod documents;
mod engine;
mod generated;
mod golden_lists;
mod hostile;
mod http;
mod images;
mod interop;
mod key_commands;
mod keys;
mod lab;
mod layering;
mod logins;
mod partial;
mod robust;
mod rotations;
mod server;
mod stale_roots;
#[allow(dead_code, unused_imports, reason = "a kit; not all of it is in use at any time")]
mod support;
mod terminal;
mod tls;
mod tokens;
mod trust;
mod verdicts;
