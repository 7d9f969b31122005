//! Key ids as people type them: whole, or their first digits.

use std::str::FromStr;

use thiserror::Error;

use crate::tuf::key::KeyId;

/// The fewest digits that may stand for a whole id: what prompts and notes show.
const MIN_DIGITS: usize = 7;
/// The digits of a whole id.
const DIGITS: usize = 64;

/// The first digits of a canonical key id, or all of them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct IdPrefix(String);

/// Why digits do not name one key.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum NoMatch {
    /// More than one id begins with them.
    #[error("several keys begin with {prefix}")]
    Ambiguous {
        /// The digits.
        prefix: String,
        /// The ids.
        ids: Vec<KeyId>,
    },
    /// No id begins with them.
    #[error("there is no key {prefix}")]
    Unknown {
        /// The digits.
        prefix: String,
    },
}

impl IdPrefix {
    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id, if all digits are given.
    pub fn whole(&self) -> Option<KeyId> {
        KeyId::parse(&self.0)
    }

    /// Finds the one id that begins with these digits.
    pub fn find<'i>(&self, ids: impl IntoIterator<Item = &'i KeyId>) -> Result<KeyId, NoMatch> {
        let matching = ids.into_iter().filter(|id| id.as_str().starts_with(&self.0));
        let mut found: Vec<KeyId> = matching.cloned().collect();
        found.sort();
        found.dedup();
        match found.len() {
            1 => Ok(found.remove(0)),
            0 => Err(NoMatch::Unknown { prefix: self.0.clone() }),
            _ => Err(NoMatch::Ambiguous { prefix: self.0.clone(), ids: found }),
        }
    }
}

impl FromStr for IdPrefix {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_hex = text.bytes().all(|byte| byte.is_ascii_hexdigit());
        match text.len() {
            MIN_DIGITS..=DIGITS if is_hex => Ok(Self(text.to_ascii_lowercase())),
            _ => Err("a key id has 64 hex digits, of which the first 7 or more suffice"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(start: &str) -> KeyId {
        KeyId::parse(&format!("{start:0<64}")).unwrap()
    }

    #[test]
    fn seven_digits_are_enough_if_they_are_unique() {
        let ids = [id("abcdef01"), id("abcdef02"), id("1234567")];
        let find = |text: &str| text.parse::<IdPrefix>().unwrap().find(&ids);
        assert_eq!(find("1234567"), Ok(ids[2].clone()));
        assert_eq!(find("ABCDEF02"), Ok(ids[1].clone()));
        assert_eq!(find(ids[0].as_str()), Ok(ids[0].clone()));
        let both = ids[..2].to_vec();
        assert_eq!(
            find("abcdef0"),
            Err(NoMatch::Ambiguous { prefix: "abcdef0".into(), ids: both })
        );
        assert_eq!(find("7654321"), Err(NoMatch::Unknown { prefix: "7654321".into() }));
    }

    #[test]
    fn the_same_key_in_two_places_is_one() {
        let ids = [id("1234567"), id("1234567")];
        assert_eq!("1234567".parse::<IdPrefix>().unwrap().find(&ids), Ok(ids[0].clone()));
    }

    #[test]
    fn other_words_are_no_ids() {
        let long = "0".repeat(65);
        for text in ["", "123456", "12345g7", "../1234567", long.as_str()] {
            assert!(text.parse::<IdPrefix>().is_err(), "{text:?}");
        }
    }
}
