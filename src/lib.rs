//! notary
pub mod fsutil;
pub mod tuf;
