//! Secrets that come back: what servers, and proxies in between, repeat of what they were shown.
//!
//! Words of others stand in errors. So every answer that says no, whatever its status, is looked at
//! as soon as it is complete, before anything is read from it or cut short. The rules:
//!
//! * Secrets are the logins of this run for the server and for the proxy, also in the form in which
//!   they are sent, and the tokens that there were for them.
//! * A body that has one of them is left out altogether. Of the headers, those are left out that could
//!   show one; a challenge may have one in its realm by chance, and is still needed.
//! * A secret is also seen where it is written as in addresses and forms, in JSON or in HTML.
//! * Short ones are in many words, and leaving these out would tell.

use std::borrow::Cow;
use std::sync::{Mutex, PoisonError};

use data_encoding::BASE64;
use percent_encoding::percent_decode_str;
use reqwest::header::{HeaderName, HeaderValue, WWW_AUTHENTICATE};
use serde_json::Value;
use url::Url;
use zeroize::Zeroizing;

use super::auth::challenge::Challenge;
use super::exchange::Answer;
use crate::credentials::Login;
use crate::secret::Secret;

/// The least length at which a secret is one.
const MIN_SECRET: usize = 8;

/// The secrets of a run that are not to come back.
#[derive(Debug, Default)]
pub struct Secrets(Mutex<Vec<Secret>>);

impl Secrets {
    /// Adds one.
    pub fn note(&self, secret: &str) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if secret.len() >= MIN_SECRET && known.iter().all(|known| **known != *secret) {
            known.push(secret.into());
        }
    }

    /// Adds those of a login.
    pub fn note_login(&self, login: &Login) {
        match login {
            Login::IdentityToken(token) => self.note(token),
            Login::Password { user, password } => {
                self.note(password);
                let both = Zeroizing::new(format!("{user}:{}", &**password));
                self.note(&Zeroizing::new(BASE64.encode(both.as_bytes())));
            }
        }
    }

    /// Leaves out of an answer what repeats a secret.
    pub fn hush(&self, answer: &mut Answer) {
        for (name, value) in &mut answer.headers {
            if self.is_shown_by(name, value) {
                *value = HeaderValue::from_static("");
            }
        }
        if self.is_in_body(&answer.body) {
            answer.body.clear();
        }
    }

    fn is_shown_by(&self, name: &HeaderName, value: &HeaderValue) -> bool {
        let text = String::from_utf8_lossy(value.as_bytes());
        if *name != WWW_AUTHENTICATE {
            return self.is_in(&text);
        }
        let shows = |challenge: &Challenge| {
            let error = challenge.parameter("error");
            self.is_in(&challenge.scheme) || error.is_some_and(|error| self.is_in(error))
        };
        Challenge::parse_all(&text).iter().any(shows)
    }

    fn is_in_body(&self, body: &[u8]) -> bool {
        let is_json = |value: Value| self.is_in_json(&value);
        self.is_in(&String::from_utf8_lossy(body))
            || serde_json::from_slice(body).is_ok_and(is_json)
    }

    fn is_in_json(&self, value: &Value) -> bool {
        match value {
            Value::String(text) => self.is_in(text),
            Value::Array(values) => values.iter().any(|value| self.is_in_json(value)),
            Value::Object(members) => {
                members.iter().any(|(name, value)| self.is_in(name) || self.is_in_json(value))
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => false,
        }
    }

    fn is_in(&self, text: &str) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.is_empty() {
            return false;
        }
        let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let ways: [Cow<'_, str>; 4] = [
            text.into(),
            decode(text).into(),
            // As in forms.
            decode(&text.replace('+', " ")).into(),
            from_html(text).into(),
        ];
        known.iter().any(|secret| ways.iter().any(|text| text.contains(&**secret)))
    }
}

fn from_html(text: &str) -> String {
    let characters = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&#43;", "+"),
        ("&amp;", "&"),
    ];
    let replace = |text: String, (name, c): (&str, &str)| text.replace(name, c);
    characters.into_iter().fold(text.to_owned(), replace)
}

/// The login in an address.
pub fn login_in(url: &Url) -> Option<Login> {
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let has_one = !url.username().is_empty() || url.password().is_some();
    has_one.then(|| Login::Password {
        user: decode(url.username()),
        password: decode(url.password().unwrap_or_default()).into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_seen_however_it_is_written() {
        let secrets = Secrets::default();
        let secret = "p\u{e4}ss \"wo+rd&%2";
        secrets.note_login(&Login::Password { user: "alice".to_owned(), password: secret.into() });
        secrets.note("short");
        let form = serde_urlencoded::to_string([("password", secret)]).unwrap();
        let json = serde_json::json!({ "errors": [{ "detail": { secret: 1 } }] }).to_string();
        for (body, is_left_out) in [
            (secret.to_owned(), true),
            (format!("user=alice&{form}"), true),
            (form.to_lowercase(), true),
            ("p%c3%a4ss%20%22wo%2brd%26%252".to_owned(), true),
            (json, true),
            ("<p>p\u{e4}ss &quot;wo+rd&amp;%2</p>".to_owned(), true),
            (format!("Basic {}", BASE64.encode(format!("alice:{secret}").as_bytes())), true),
            ("alice is short of words".to_owned(), false),
            (r#"{"errors":[]}"#.to_owned(), false),
        ] {
            let status = reqwest::StatusCode::BAD_REQUEST;
            let headers = reqwest::header::HeaderMap::new();
            let mut answer = Answer { status, headers, body: body.clone().into_bytes() };
            secrets.hush(&mut answer);
            assert_eq!(answer.body.is_empty(), is_left_out, "{body}");
        }
    }

    #[test]
    fn headers_with_secrets_are_left_out_unless_they_are_needed() {
        let secrets = Secrets::default();
        secrets.note("registry");
        for (name, value, is_left_out) in [
            ("location", "https://elsewhere.example/?token=registr%79", true),
            ("location", "https://elsewhere.example/", false),
            ("www-authenticate", "Bearer realm=\"https://registry.example/token\"", false),
            ("www-authenticate", "Bearer realm=\"https://a.example/\",error=\"registry\"", true),
            ("www-authenticate", "registry", true),
        ] {
            let status = reqwest::StatusCode::UNAUTHORIZED;
            let headers = reqwest::header::HeaderMap::from_iter([(
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )]);
            let mut answer = Answer { status, headers, body: Vec::new() };
            secrets.hush(&mut answer);
            assert_eq!(answer.headers[name].is_empty(), is_left_out, "{value}");
        }
    }
}
