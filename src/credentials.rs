//! Logins to servers: who has one, and what it is.
//!
//! Servers are tried without a login first, or with a token that anybody gets; only one that wants
//! more makes anybody look for a login here. What was found, or that there is nothing, is remembered
//! for the run, so that helpers and people are asked once at most.
//!
//! These are asked in turn, and the first that has a login decides:
//!
//! 1. `--username` with `--password-stdin`
//! 2. `NOTARY_AUTH`, then the file that `NOTARY_AUTH_FILE` names
//! 3. the secret store of the system, for servers that `notary login` was used with
//! 4. Docker's configuration: its credential helpers, then its file
//! 5. the person at the terminal, if somebody may be asked
//!
//! The configuration of a server can restrict 3 and 4 ([`Sources`]).
//!
//! A login that a server refuses is not followed by another one: the next might be that of somebody
//! else, and servers lock accounts after too many wrong passwords.

mod answer;
mod basic;
mod chain;
mod docker;
mod given;
mod helper;
mod sources;
mod stored;

use std::path::PathBuf;

use thiserror::Error;
use url::Url;

use crate::secret::Secret;

pub use chain::Chain;
pub use given::Given;
pub use helper::Programs;
pub use sources::{Sources, UnknownSources};
pub use stored::{StoredError, StoredLogin, StoredLogins};

/// What a server or the token server of its choice is shown to prove who the user is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Login {
    /// Such as Docker's command line leaves behind: a refresh token for token servers.
    IdentityToken(Secret),
    /// A user's name and password.
    Password {
        /// The name.
        user: String,
        /// The password.
        password: Secret,
    },
}

impl Login {
    /// The name of the user, if it is known.
    pub fn user(&self) -> Option<&str> {
        match self {
            Self::IdentityToken(_) => None,
            Self::Password { user, .. } => Some(user),
        }
    }
}

/// A login, and where it was found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Found {
    /// The login.
    pub login: Login,
    /// Where, in words that continue "the login of `alice` from", for instance `NOTARY_AUTH` in
    /// backticks.
    pub source: String,
}

/// For what a login is wanted.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Place {
    /// The server that asks for it, a Notary server or a registry; without login, query or fragment.
    pub server: Url,
    /// The name of what it asks for in its challenge: the service of a token server or a realm.
    pub service: String,
}

impl Place {
    /// What people call a server, and under which name its login is kept: a login is for all that
    /// is at the address, whatever the path.
    pub fn name_of(server: &Url) -> String {
        server.origin().ascii_serialization()
    }
}

/// How much trouble a login may make.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Effort {
    /// Only what is at hand: nobody is asked, and a helper that fails has nothing.
    AtHand,
    /// Somebody at the terminal may be asked.
    Ask,
}

/// Whoever has logins.
pub trait Credentials {
    /// The login for a place, if there is one.
    fn find(&self, place: &Place, effort: Effort) -> Result<Option<Found>, CredentialsError>;

    /// Says that a login that was found was refused, so that it is not used again.
    fn refused(&self, place: &Place, found: &Found);
}

/// Why no login could be had although there should be one. It has no secret in it.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum CredentialsError {
    /// A file that was named cannot be read.
    #[error("the login in `{}` cannot be read: {why}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A credential helper of Docker failed.
    #[error("`{program}` cannot tell the login for {server}: {why}")]
    Helper {
        /// Its program.
        program: String,
        /// For which server it was asked.
        server: String,
        /// How it failed, or what it said.
        why: String,
    },
    /// Ctrl-C or Ctrl-D when somebody was asked.
    #[error("interrupted")]
    Interrupted,
    /// The terminal failed.
    #[error("nobody can be asked for a login: the terminal cannot be used: {0}")]
    Terminal(String),
}

/// Has no logins.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoCredentials;

impl Credentials for NoCredentials {
    fn find(&self, _: &Place, _: Effort) -> Result<Option<Found>, CredentialsError> {
        Ok(None)
    }

    fn refused(&self, _: &Place, _: &Found) {}
}
