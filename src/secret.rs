//! Secrets: text that is wiped when dropped and never shown, and the ways to it that several kinds of
//! secrets share: the person at the terminal, files, and the secret store of the operating system.

mod input;
mod prompt;
mod store;

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

pub use input::{first_line, is_readable_by_others, read_all};
pub use prompt::{Prompt, PromptError};
pub use store::{SecretStore, SecretStoreError, SystemStore};

/// A passphrase, a password, a token; wiped when dropped, and not part of debug output.
#[derive(Clone, Default, Eq, PartialEq)]
pub struct Secret(Zeroizing<String>);

impl Deref for Secret {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not even how long it is.
        f.write_str("Secret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_has_nothing_of_it() {
        let given = [("name", Some(Secret::from("hunter2")))];
        assert_eq!(format!("{given:?}"), r#"[("name", Some(Secret(..)))]"#);
    }
}
