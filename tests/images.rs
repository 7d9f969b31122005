//! Images: which digest of a tag is trusted, how images are signed without an engine, and Docker's
//! own client with what was signed.

mod choosing;
mod registries;
mod resolving;
mod signing;
