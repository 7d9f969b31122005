//! Logins as one word: base64 of the user's name, a colon and the password.

use data_encoding::BASE64;
use thiserror::Error;
use zeroize::Zeroizing;

use super::Login;
use crate::secret::Secret;

/// What is wrong with such a word.
///
/// Notary-go: the words are the same, but for capitals (`formats.md` §8.3).
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub(super) enum BasicError {
    /// It is not base64.
    #[error("could not base64-decode authentication string")]
    Base64,
    /// There is no colon in it, or it is not text.
    #[error("malformatted authentication string; format must be <username>:<password>")]
    Form,
    /// The user has no name.
    #[error("authentication string with zero-length username")]
    NoUser,
}

/// Takes a word apart. Line breaks do not count, as programs that encode break long lines.
pub(super) fn decode(word: &str) -> Result<(String, Secret), BasicError> {
    let kept = word.bytes().filter(|byte| !byte.is_ascii_whitespace());
    // Room for all of it at once: growing would leave pieces of a secret behind in memory.
    let mut packed = Zeroizing::new(Vec::with_capacity(word.len()));
    packed.extend(kept);
    let plain = BASE64.decode(&packed).map(Zeroizing::new).map_err(|_| BasicError::Base64)?;
    let text = std::str::from_utf8(&plain).map_err(|_| BasicError::Form)?;
    let (user, password) = text.split_once(':').ok_or(BasicError::Form)?;
    match user.is_empty() {
        true => Err(BasicError::NoUser),
        false => Ok((user.to_owned(), password.into())),
    }
}

/// The login in a word; white space around the password does not count.
pub(super) fn login(word: &str) -> Result<Login, BasicError> {
    let (user, password) = decode(word)?;
    Ok(Login::Password { user, password: password.trim().into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(plain: &[u8]) -> Result<Login, BasicError> {
        login(&BASE64.encode(plain))
    }

    fn alice(password: &str) -> Result<Login, BasicError> {
        Ok(Login::Password { user: "alice".to_owned(), password: password.into() })
    }

    #[test]
    fn words_are_taken_apart_as_in_go() {
        assert_eq!(of(b"alice:secret"), alice("secret"));
        assert_eq!(of(b"alice: se:cret\n"), alice("se:cret"));
        assert_eq!(of(b"alice:"), alice(""));
        assert_eq!(of(b":secret"), Err(BasicError::NoUser));
        assert_eq!(of(b"alice"), Err(BasicError::Form));
        assert_eq!(of(b""), Err(BasicError::Form));
        assert_eq!(of(b"alice:\xff"), Err(BasicError::Form));
        assert_eq!(login("alice:secret"), Err(BasicError::Base64));
        assert_eq!(login("YWxpY2U6c2VjcmV"), Err(BasicError::Base64));
        assert_eq!(login("YWxpY2U6\r\nc2VjcmV0\n"), alice("secret"));
    }
}
