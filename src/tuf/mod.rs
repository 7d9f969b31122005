//! The engine: The Update Framework in Notary's dialect.
//!
//! Everything here is pure. Bytes and a time go in, values or errors come out; there is no disk,
//! no network, no clock, no random numbers and no logging. All decisions about trust are made in
//! this folder and nowhere else:
//!
//! * [`verify`] has the one threshold check, [`root_trust`] the rules for roots, [`trusted`] those
//!   for all other files, [`walk`] who may sign which names, [`pin`] what the user pinned.
//! * [`edit`] and [`sign`] make new metadata and check it with the same rules; [`partial`] is for
//!   metadata that is signed on several machines.
//! * [`canonical`] and [`json`] define the bytes that are signed; [`key`], [`algorithm`], [`x509`]
//!   and [`pem`] the keys; [`role`] the names; [`metadata`], [`root`], [`targets`] and [`snapshot`] the files.
//!
//! Section numbers such as "§9.4" in comments refer to the format description of Notary 0.7 that
//! this program is written against; the numbers of the TUF specification are named as such.

pub mod algorithm;
pub mod canonical;
pub mod edit;
pub mod error;
pub mod floors;
pub mod json;
pub mod key;
pub mod metadata;
pub mod partial;
pub mod pem;
pub mod pin;
pub mod role;
pub mod root;
pub mod root_trust;
pub mod serve;
pub mod sign;
pub mod snapshot;
pub mod targets;
pub mod trusted;
pub mod verify;
pub mod walk;
pub mod x509;

pub use error::Error;
