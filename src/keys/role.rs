//! What a key is for, as it is written in its file.
//!
//! That is one line of text and need not be a role of a collection: Go's default for imported keys
//! is `delegation`, and Docker writes the name of a signer.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::tuf::role::{RoleName, is_obeyed};

/// The roles whose keys belong to one collection; keys of all others are shared (`formats.md`
/// §1.3).
const OF_ONE_GUN: [RoleName; 3] = [RoleName::SNAPSHOT, RoleName::TARGETS, RoleName::TIMESTAMP];

/// Whether keys of this role belong to one collection.
pub fn belongs_to_one_gun(role: &str) -> bool {
    OF_ONE_GUN.iter().any(|known| known.as_str() == role)
}

/// The role that a key is for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeyRole(String);

impl KeyRole {
    const MAX_BYTES: usize = 255;

    /// What Go's Notary takes an imported key for that does not say it.
    pub fn delegation() -> Self {
        Self("delegation".to_owned())
    }

    /// The role as it stands in files.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the role of root keys.
    pub fn is_root(&self) -> bool {
        self.0 == RoleName::ROOT.as_str()
    }
}

impl fmt::Display for KeyRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Text that cannot be the role of a key.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum InvalidKeyRole {
    /// Nothing at all.
    #[error("the role of a key cannot be empty")]
    Empty,
    /// More than anybody would read.
    #[error("the role of a key cannot have more than {max} bytes", max = KeyRole::MAX_BYTES)]
    Long,
    /// Something that would not survive in a header of a PEM file, or be read as something else.
    #[error(
        "the role of a key, {0:?}, cannot begin or end with white space nor have control characters"
    )]
    Text(String),
}

impl FromStr for KeyRole {
    type Err = InvalidKeyRole;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() {
            Err(InvalidKeyRole::Empty)
        } else if text.len() > Self::MAX_BYTES {
            Err(InvalidKeyRole::Long)
        } else if text.trim() != text || text.chars().any(is_obeyed) {
            Err(InvalidKeyRole::Text(text.to_owned()))
        } else {
            Ok(Self(text.to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_one_line_of_text() {
        for text in ["root", "targets/releases", "alice", "Alice B: x", "é漢", &"x".repeat(255)] {
            assert_eq!(text.parse::<KeyRole>().unwrap().as_str(), text);
        }
        for text in [" root", "root ", "a\nb", "a\u{1b}[31m", "a\u{202e}b"] {
            assert_eq!(text.parse::<KeyRole>(), Err(InvalidKeyRole::Text(text.into())), "{text:?}");
        }
        assert_eq!("".parse::<KeyRole>(), Err(InvalidKeyRole::Empty));
        assert_eq!("x".repeat(256).parse::<KeyRole>(), Err(InvalidKeyRole::Long));
    }
}
