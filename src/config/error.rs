//! Why there is no configuration.

use std::path::PathBuf;

use thiserror::Error;

use super::pkcs11::UriProblem;
use crate::fsutil::PathError;

/// Why there is no configuration.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// Certificate without key, or the reverse.
    #[error("a client certificate needs its key and the reverse: give both or neither")]
    HalfClientCertificate,
    /// A server's certificate without key, or the reverse, or authorities of clients without both.
    #[error("a server certificate needs its key and the reverse; clients are only known by TLS")]
    HalfServerCertificate,
    /// The file's ending is unknown.
    #[error("`{}` has no known ending: use .json, .toml, .yaml or .yml", path.display())]
    Format {
        /// The file.
        path: PathBuf,
    },
    /// The file that was named does not exist.
    #[error("there is no configuration file `{}`", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The file is not what its ending says.
    #[error("`{}` cannot be parsed: {reason}", path.display())]
    Parse {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The file has no passphrase.
    #[error("`{}` has no passphrase in it", path.display())]
    Passphrase {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be read.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The server is no address.
    #[error(
        "server address {address:?} is not of the form http(s)://HOST[:PORT][/PATH] or \
         file:///DIRECTORY (from {place})"
    )]
    Server {
        /// What was given, without a login.
        address: String,
        /// Where.
        place: String,
    },
    /// The URI of the hardware token.
    #[error("the `pkcs11` URI{} names no token", of_file(place.as_ref()))]
    Token {
        /// The file that it is in; `None` for the command line.
        place: Option<PathBuf>,
        /// What is wrong with it.
        source: UriProblem,
    },
    /// A member that nobody knows where it matters that none is mistyped.
    #[error("`{key}` in `{}` is not known; there can be {known}", path.display())]
    Unknown {
        /// The key, with dots.
        key: String,
        /// The file.
        path: PathBuf,
        /// What there can be instead.
        known: String,
    },
    /// A value of the wrong kind.
    #[error("`{key}` in `{}` must be {expected}", path.display())]
    Value {
        /// The key, with dots.
        key: String,
        /// The file.
        path: PathBuf,
        /// What it should be.
        expected: &'static str,
    },
}

fn of_file(path: Option<&PathBuf>) -> String {
    path.map(|path| format!(" in `{}`", path.display())).unwrap_or_default()
}
