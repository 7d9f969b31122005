//! Logins as Docker's credential helpers tell them, and as the secret store keeps them: JSON with the
//! name of the user and the secret.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Login;
use crate::secret::Secret;

/// The user of a login that is an identity token.
const TOKEN: &str = "<token>";

/// Something that is no login. What it is instead may be secret.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("it is not a login: JSON with Username and Secret")]
pub(super) struct NoLogin;

#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "Username")]
    username: String,
    #[serde(rename = "Secret")]
    secret: Secret,
}

/// The same to be written.
#[derive(Serialize)]
struct Kept<'a> {
    #[serde(rename = "Username")]
    username: &'a str,
    #[serde(rename = "Secret")]
    secret: &'a str,
}

/// Reads a login; `None` if it is an empty one.
pub(super) fn parse(text: &[u8]) -> Result<Option<Login>, NoLogin> {
    // The library's errors repeat what they do not like.
    let Answer { username, secret } = serde_json::from_slice(text).map_err(|_| NoLogin)?;
    match (username.as_str(), secret.is_empty()) {
        ("", true) => Ok(None),
        ("", false) => Err(NoLogin),
        (TOKEN, _) => Ok(Some(Login::IdentityToken(secret))),
        _ => Ok(Some(Login::Password { user: username, password: secret })),
    }
}

/// Writes a login.
pub(super) fn write(login: &Login) -> Result<Secret, fmt::Error> {
    let (username, secret) = match login {
        Login::IdentityToken(token) => (TOKEN, token),
        Login::Password { user, password } => (user.as_str(), password),
    };
    // Room for all of it at once: growing would leave pieces of a secret behind in memory.
    let mut text = Vec::with_capacity(64 + 6 * (username.len() + secret.len()));
    serde_json::to_writer(&mut text, &Kept { username, secret }).map_err(|_| fmt::Error)?;
    String::from_utf8(text).map(Secret::from).map_err(|_| fmt::Error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for login in [
            Login::IdentityToken("t\"\\\u{1}".into()),
            Login::Password { user: "älice".to_owned(), password: "\"\n".into() },
        ] {
            assert_eq!(parse(write(&login).unwrap().as_bytes()), Ok(Some(login)));
        }
    }

    #[test]
    fn only_logins_are_read() {
        assert_eq!(parse(br#"{"ServerURL":"x","Username":"","Secret":""}"#), Ok(None));
        for text in ["", "{}", "[]", r#"{"Username":"a"}"#, r#"{"Username":"","Secret":"x"}"#] {
            assert_eq!(parse(text.as_bytes()), Err(NoLogin), "{text}");
        }
    }
}
