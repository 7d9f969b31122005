//! Who has refused a request, what it was for, who asked, and the words of whoever refused.
//!
//! A request to a Notary server or a registry can fail at two places: the server itself refuses
//! it, or the token server that it has named gives no token. What helps is different, so errors
//! say which one it was.

use std::fmt;

use reqwest::header::WWW_AUTHENTICATE;
use serde::Deserialize;
use serde_json::Value;

use super::auth::challenge::Challenge;
use super::auth::scope::Scope;
use super::exchange::Answer;
use super::failure::shorten;

/// A request that was refused.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refusal {
    /// Who has refused it.
    pub by: Refuser,
    /// The address of the server; empty as long as only its answer is known.
    pub server: String,
    /// With which status.
    pub status: u16,
    /// What was shown.
    pub shown: Proof,
    /// What is to be done, if it was a matter of tokens.
    pub scope: Option<Scope>,
    /// What the token server has allowed of it, if that is less and can be known.
    pub granted: Option<Vec<String>>,
    /// The reason, in the words of whoever refused; may be empty.
    pub words: String,
    /// The name of the reason in a challenge or in OAuth2, for instance `insufficient_scope`.
    pub code: Option<String>,
    /// In which ways one could have said who one is.
    pub(super) challenges: Vec<Challenge>,
}

/// Who refuses.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Refuser {
    /// The server itself.
    Server,
    /// The token server of its choice.
    TokenServer,
}

/// What a request was accompanied by.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Proof {
    /// Nothing.
    Nothing,
    /// A token, or the request for one, that says nothing of the user.
    Anybody,
    /// A login.
    Login {
        /// The user's name; `None` for an identity token.
        user: Option<String>,
        /// Where the login was found.
        source: String,
        /// Whether the server has seen only the token that there was for it.
        as_token: bool,
    },
}

impl Refusal {
    /// What the server's answer says by itself.
    pub(super) fn new(answer: &Answer) -> Self {
        let headers = answer.headers.get_all(WWW_AUTHENTICATE).iter();
        let headers = headers.filter_map(|value| std::str::from_utf8(value.as_bytes()).ok());
        let challenges: Vec<_> = headers.flat_map(Challenge::parse_all).collect();
        let code = challenges.iter().find_map(|challenge| challenge.parameter("error"));
        let (words, code_of_body) = reason(&answer.body);
        Self {
            by: Refuser::Server,
            server: String::new(),
            status: answer.status.as_u16(),
            shown: Proof::Nothing,
            scope: None,
            granted: None,
            words,
            code: code.map(shorten).or(code_of_body),
            challenges,
        }
    }

    /// Why a login would be of no use.
    fn obstacle(&self) -> Option<String> {
        let mut schemes = self.challenges.iter().map(|challenge| challenge.scheme.as_str());
        let is_of_use = |scheme: &str| scheme == "basic" || scheme == "bearer";
        match self.shown {
            Proof::Nothing if schemes.clone().any(|scheme| scheme == "basic") => None,
            Proof::Nothing if schemes.clone().any(is_of_use) => {
                let has_realm = self.challenges.iter().any(|challenge| {
                    challenge.parameter("realm").is_some_and(|realm| realm.starts_with("http"))
                });
                (!has_realm).then(|| "it names no token server with an http address".to_owned())
            }
            Proof::Nothing => {
                let scheme = schemes.next()?;
                Some(format!("it wants it in a way that is not known here, `{}`", shorten(scheme)))
            }
            Proof::Anybody | Proof::Login { .. } => None,
        }
    }

    /// Whether a login was shown, or a token that there was for it.
    pub fn has_login(&self) -> bool {
        matches!(self.shown, Proof::Login { .. })
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { status, .. } = self;
        match (self.by, &self.shown) {
            (Refuser::Server, Proof::Nothing) if *status == 403 => {
                f.write_str("the server refuses this user")?;
            }
            (Refuser::Server, Proof::Nothing) => f.write_str("the server asks for a login")?,
            (Refuser::Server, Proof::Anybody) => {
                f.write_str("the server does not accept the token that everybody gets")?;
            }
            (Refuser::Server, Proof::Login { as_token: true, .. }) => {
                write!(f, "the server does not accept the token for {}", self.shown)?;
            }
            (Refuser::Server, Proof::Login { .. }) if *status == 403 => {
                write!(f, "the server does not allow this to {}", self.shown)?;
            }
            (Refuser::Server, Proof::Login { .. }) => {
                write!(f, "the server refuses {}", self.shown)?;
            }
            (Refuser::TokenServer, Proof::Nothing | Proof::Anybody) => {
                f.write_str("the token server asks for a login")?;
            }
            (Refuser::TokenServer, Proof::Login { .. }) => {
                write!(f, "the token server refuses {}", self.shown)?;
            }
        }
        write!(f, " (status {status}")?;
        if let Some(code) = &self.code {
            write!(f, ", {code}")?;
        }
        f.write_str(")")?;
        if let Some(scope) = &self.scope {
            write!(f, "; asked for was `{scope}`")?;
        }
        if let Some(obstacle) = self.obstacle() {
            write!(f, "; {obstacle}")?;
        }
        match self.granted.as_deref() {
            None => {}
            Some([]) => f.write_str(", of which the token server has granted nothing")?,
            Some(actions) => {
                let actions = shorten(&actions.join(","));
                write!(f, ", of which the token server has granted `{actions}`")?;
            }
        }
        if !self.words.is_empty() {
            write!(f, ": {}", self.words)?;
        }
        Ok(())
    }
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("nobody"),
            Self::Anybody => f.write_str("everybody"),
            Self::Login { user: Some(user), source, .. } => {
                write!(f, "the login of `{user}` from {source}")
            }
            Self::Login { user: None, source, .. } => {
                write!(f, "the identity token from {source}")
            }
        }
    }
}

/// What servers, registries and token servers say when they refuse something.
#[derive(Deserialize)]
#[serde(untagged)]
enum Body {
    /// Registries, and Notary servers (`formats.md` §7.5).
    Registry { errors: Vec<Reason> },
    /// RFC 6749 §5.2.
    OAuth {
        error: String,
        #[serde(default)]
        error_description: String,
    },
    /// Token servers of which there are many.
    Details { details: String },
    /// Others.
    Message { message: String },
}

#[derive(Deserialize)]
struct Reason {
    #[serde(default)]
    code: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    detail: Value,
}

/// The words in the body of an answer that says no, empty if there are none that people can read;
/// and the name of the reason, if it has one.
fn reason(body: &[u8]) -> (String, Option<String>) {
    let (words, code) = match serde_json::from_slice(body) {
        Ok(Body::Registry { errors }) => {
            (errors.into_iter().next().map(Reason::words).unwrap_or_default(), None)
        }
        Ok(Body::OAuth { error, error_description }) => (error_description, Some(shorten(&error))),
        Ok(Body::Details { details: words } | Body::Message { message: words }) => (words, None),
        Err(_) => {
            let text = std::str::from_utf8(body).unwrap_or_default();
            // Pages are for browsers, and other JSON for programs.
            let is_text = !text.trim_start().starts_with(['<', '{', '[']);
            (if is_text { text.to_owned() } else { String::new() }, None)
        }
    };
    (shorten(words.trim()), code)
}

impl Reason {
    fn words(self) -> String {
        let words = if self.message.is_empty() { self.code } else { self.message };
        match self.detail {
            Value::String(detail) if !detail.is_empty() && detail != words => {
                format!("{words} ({detail})")
            }
            _ => words,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_found_in_the_forms_that_are_in_use() {
        for (body, expected) in [
            (
                r#"{"errors":[{"code":"UNAUTHORIZED","message":"authentication required","detail":[{"Type":"repository"}]}]}"#,
                "authentication required",
            ),
            (r#"{"errors":[{"code":"DENIED","message":"no","detail":"quota"}]}"#, "no (quota)"),
            (r#"{"errors":[{"code":"DENIED"}]}"#, "DENIED"),
            (r#"{"errors":[]}"#, ""),
            (r#"{"error":"invalid_grant","error_description":"bad password"}"#, "bad password"),
            (r#"{"error":"invalid_grant"}"#, ""),
            (r#"{"details":"incorrect username or password"}"#, "incorrect username or password"),
            (r#"{"message":"bad credentials"}"#, "bad credentials"),
            ("no entry\n", "no entry"),
            ("<html>no</html>", ""),
            (r#"{"token":"secret"}"#, ""),
            ("\u{0}", "\u{0}"),
        ] {
            assert_eq!(reason(body.as_bytes()).0, expected, "{body}");
        }
        assert_eq!(reason(&[0xff]), (String::new(), None));
        let code = reason(br#"{"error":"invalid_grant"}"#).1;
        assert_eq!(code.as_deref(), Some("invalid_grant"));
    }
}
