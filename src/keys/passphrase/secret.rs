//! The secret itself: text that is wiped when dropped and never shown.

use std::fmt;
use std::ops::Deref;

use zeroize::Zeroizing;

/// A passphrase, or anything as secret; wiped when dropped, and not part of debug output.
#[derive(Clone, Default, Eq, PartialEq)]
pub struct Passphrase(Zeroizing<String>);

impl Deref for Passphrase {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<String> for Passphrase {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl From<&str> for Passphrase {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not even how long it is.
        f.write_str("Passphrase(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_has_nothing_of_it() {
        let given = [("name", Some(Passphrase::from("hunter2")))];
        assert_eq!(format!("{given:?}"), r#"[("name", Some(Passphrase(..)))]"#);
    }
}
