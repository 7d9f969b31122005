//! Servers that keep collections.
//!
//! A [`Remote`] moves bytes and decides nothing about trust. What went wrong is told by kind, so
//! that callers never look at texts; in particular only [`RemoteErrorKind::NotFound`] means that
//! something does not exist and only [`RemoteErrorKind::Unreachable`] that nobody answered.

mod auth;
mod body;
mod certificates;
mod delay;
mod exchange;
mod failure;
mod http;
mod hush;
mod login;
mod proxies;
mod refusal;
mod tls;
mod transport;
mod way;

use std::fmt;

use std::time::Duration;

use thiserror::Error;

use crate::credentials::CredentialsError;
use crate::tuf::key::PublicKey;
use crate::tuf::role::RoleName;
use crate::tuf::sign::OutgoingFile;
use crate::tuf::trusted::Want;

pub use auth::scope::Scope;
pub use exchange::{Answer, Timeouts, jitter};
pub use http::HttpRemote;
pub use login::{LoginCheck, check_login};
pub use proxies::{Given as GivenProxy, Proxies};
pub use refusal::{Proof, Refusal, Refuser};
pub use tls::{KeyOpener, LockedKey, TlsOptions};
pub use transport::{Endpoint, Get, Transport};

/// What a run may have to do with a collection on a server (`formats.md` §8.2).
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Access {
    /// Read it.
    Pull,
    /// Read it, and publish.
    Push,
    /// Everything: delete it, or have the server make new keys.
    All,
}

impl Access {
    /// For what is staged, and published at once if `publish` says so.
    pub fn push_if(publish: bool) -> Self {
        if publish { Self::Push } else { Self::Pull }
    }
}

/// A file on the server.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fetch {
    /// Which one.
    pub name: FileName,
    /// The most bytes to accept.
    pub max_length: u64,
}

impl From<Want> for Fetch {
    fn from(want: Want) -> Self {
        let name = match want.sha256 {
            Some(sha256) => FileName::Hash(want.role, sha256),
            None => FileName::Current(want.role),
        };
        Self { name, max_length: want.max_length }
    }
}

/// The names under which servers hand out metadata (`formats.md` §7.1).
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum FileName {
    /// The newest file of a role.
    Current(RoleName),
    /// The file of a role with this hex SHA-256.
    Hash(RoleName, String),
    /// A certain version of a role's file.
    Version(RoleName, u64),
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Current(role) => write!(f, "{role}.json"),
            Self::Hash(role, sha256) => write!(f, "{role}.{sha256}.json"),
            Self::Version(role, version) => write!(f, "{version}.{role}.json"),
        }
    }
}

/// One collection on a server.
pub trait Remote {
    /// The server, as users know it.
    fn server(&self) -> &str;

    /// Gets a file.
    fn fetch(&self, fetch: &Fetch) -> Result<Vec<u8>, RemoteError> {
        let mut results = self.fetch_all(std::slice::from_ref(fetch));
        results.pop().expect("there is one result for each file")
    }

    /// Gets several files at once; the results are in the order of `fetches`.
    fn fetch_all(&self, fetches: &[Fetch]) -> Vec<Result<Vec<u8>, RemoteError>>;

    /// Puts all files in place, or none.
    fn publish(&self, files: &[OutgoingFile]) -> Result<(), RemoteError>;

    /// The public key that the server holds for `timestamp` or `snapshot`.
    fn server_key(&self, role: &RoleName) -> Result<PublicKey, RemoteError>;

    /// Has the server make a key that `timestamp` or `snapshot` can be rotated to. It signs once
    /// a published root names it.
    fn next_server_key(&self, role: &RoleName) -> Result<PublicKey, RemoteError>;

    /// Removes the collection from the server.
    fn delete(&self) -> Result<(), RemoteError>;
}

/// A failed request.
#[derive(Debug, Error)]
#[error("{kind}{}", at(.url))]
pub struct RemoteError {
    /// What went wrong.
    pub kind: RemoteErrorKind,
    /// The address of the request.
    pub url: String,
    /// What a library said, if it was one.
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl RemoteError {
    /// The same failure of another request, without what a library said.
    fn again(&self) -> Self {
        Self { kind: self.kind.clone(), url: self.url.clone(), source: None }
    }

    /// What the server has refused, if it was the server.
    fn refusal(&self) -> Option<&Refusal> {
        match &self.kind {
            RemoteErrorKind::Forbidden(refusal) | RemoteErrorKind::Unauthorized(refusal) => {
                Some(refusal)
                    .filter(|refusal| refusal.by == Refuser::Server)
                    .map(|refusal| &**refusal)
            }
            _ => None,
        }
    }
}

fn at(url: &str) -> String {
    if url.is_empty() { String::new() } else { format!(" ({url})") }
}

/// In what way a request can fail.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum RemoteErrorKind {
    /// Somebody published in the meantime.
    #[error("the server has a newer version already")]
    Conflict,
    /// The server in a directory of this machine does not work.
    #[error("the server in this directory cannot be used")]
    Directory,
    /// There is a login, but it cannot be had.
    #[error("no login can be had: {0}")]
    Credentials(CredentialsError),
    /// The user may not do this (status 403).
    #[error("{0}")]
    Forbidden(Box<Refusal>),
    /// The connection broke in the middle of an exchange.
    #[error("the connection broke")]
    Interrupted,
    /// The server would have to sign with a key that it does not have.
    #[error("the server cannot complete it: {message}")]
    KeyNotOnServer {
        /// What is missing, in the server's words.
        message: String,
    },
    /// The key of the client certificate is encrypted, and there is no passphrase for it.
    #[error("the key of the client certificate cannot be opened")]
    LockedKey {
        /// Whether somebody was asked, and interrupted.
        is_interruption: bool,
    },
    /// The server does not have it.
    #[error("the server does not have it")]
    NotFound,
    /// An answer that makes no sense.
    #[error("unexpected answer: {0}")]
    Protocol(String),
    /// The proxy in front of the server does not let us through.
    #[error("{0}")]
    Proxy(ProxyProblem),
    /// The server found something wrong with what was sent.
    #[error("the server rejected it: {message}")]
    Rejected {
        /// The server's name for the reason.
        code: String,
        /// The reason in the server's words.
        message: String,
    },
    /// The client cannot be set up as it is configured.
    #[error("{0}")]
    Setup(String),
    /// The server took too long to go on.
    #[error("the server stopped answering")]
    Stalled,
    /// No secure connection.
    #[error("no secure connection (TLS) is possible")]
    Tls(TlsProblem),
    /// The token server, which is another one than that of the files, does not work.
    #[error("no token from the token server: {0}")]
    TokenServer(Box<RemoteErrorKind>),
    /// An answer that is longer than it may be.
    #[error("the answer is longer than {0} bytes")]
    TooLarge(u64),
    /// The server, or the token server, wants to know who the user is, or does not believe it.
    #[error("{0}")]
    Unauthorized(Box<Refusal>),
    /// The server is not able to answer now.
    #[error("the server cannot answer now (status {status}){}", asked_to_wait(.wait))]
    Unavailable {
        /// The status.
        status: u16,
        /// How long it asks to be left alone.
        wait: Option<Duration>,
    },
    /// The server speaks TLS, and was spoken to without.
    #[error("the server wants a secure connection (https:)")]
    WantsTls,
    /// Nobody answers at the address.
    #[error("the server cannot be reached")]
    Unreachable,
    /// The server has named a token server without TLS, on another host or although it has TLS
    /// itself.
    #[error("the server names a token server without TLS, and no login is sent in clear")]
    UnsafeRealm,
}

impl RemoteErrorKind {
    /// Whether somebody ended it who was asked for a login.
    pub fn is_interruption(&self) -> bool {
        matches!(self, Self::Credentials(CredentialsError::Interrupted))
    }
}

fn asked_to_wait(wait: &Option<Duration>) -> String {
    let words = |wait| format!(", and asks to wait {}", delay::in_words(wait));
    wait.map(words).unwrap_or_default()
}

/// Why a proxy does not let us through.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum ProxyProblem {
    /// It wants to know who the user is.
    #[error("the proxy asks for a login (status 407)")]
    Login,
    /// It does not connect to the server.
    #[error("the proxy does not connect to the server")]
    Refused,
}

/// Why there is no secure connection, as far as users can do something about it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TlsProblem {
    /// The server's certificate is not valid, at this time or for this name.
    Certificate,
    /// The server wants a certificate of ours, or another one.
    ClientCertificate,
    /// What the server says is not TLS.
    NoTls,
    /// Something else.
    Other,
    /// The server's certificate is from nobody who is trusted.
    UnknownAuthority,
    /// The server speaks too old a version only.
    Version,
}
