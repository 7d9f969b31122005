//! All integration tests, in one binary.
#![allow(missing_docs, reason = "tests are not an API")]

mod engine;
mod support;
