//! Which of the logins that are kept somewhere are for a server.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// From where a login to a server may come besides the command line and the person at the terminal:
/// what `auth` says in the configuration of a server.
#[derive(Clone, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub enum Sources {
    /// From everywhere.
    #[default]
    All,
    /// From Docker's configuration alone.
    Docker,
    /// From this `docker-credential-` helper alone.
    Helper(String),
    /// From the secret store, where `notary login` puts them, alone.
    Keyring,
    /// From nowhere: this server is nobody's but everybody's. Nobody is asked either.
    Nobody,
}

/// Something that names no source of logins.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("it names no source of logins: use {}", Self::KNOWN)]
pub struct UnknownSources;

impl UnknownSources {
    /// What there can be.
    pub const KNOWN: &str =
        "`all`, `docker`, `keyring`, `none`, or NAME for the program docker-credential-NAME";
}

impl FromStr for Sources {
    type Err = UnknownSources;

    fn from_str(word: &str) -> Result<Self, UnknownSources> {
        Ok(match word {
            "all" => Self::All,
            "docker" => Self::Docker,
            "keyring" => Self::Keyring,
            "none" => Self::Nobody,
            name if is_helper_name(name) => Self::Helper(name.to_owned()),
            _ => return Err(UnknownSources),
        })
    }
}

/// The word for it in the configuration.
impl fmt::Display for Sources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::All => "all",
            Self::Docker => "docker",
            Self::Helper(name) => name,
            Self::Keyring => "keyring",
            Self::Nobody => "none",
        })
    }
}

/// Whether a program may have this name behind `docker-credential-`: it must not lead to a file
/// elsewhere.
pub(super) fn is_helper_name(name: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    !name.is_empty() && name.len() <= 64 && name.chars().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_configuration_are_known() {
        for word in ["all", "docker", "keyring", "none", "ecr-login", "osxkeychain"] {
            assert_eq!(word.parse::<Sources>().unwrap().to_string(), word);
        }
        assert_eq!("pass".parse(), Ok(Sources::Helper("pass".to_owned())));
        for word in ["", "../x", "a b", "a/b", "a\\b", "ä", &"a".repeat(65)] {
            assert_eq!(word.parse::<Sources>(), Err(UnknownSources), "{word}");
        }
    }
}
