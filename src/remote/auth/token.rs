//! Tokens, and how token servers are asked for them (`formats.md` §8.2).
//!
//! The rules:
//!
//! * Asked is with `GET`, the query of the realm being kept, and with a name and password in a
//!   header if there are any. A token server that does not know `GET` is asked with the form of
//!   OAuth2; an identity token can only be shown in that form (RFC 6749 §4.3, §6).
//! * A login is shown to nobody else than the realm: redirects are not followed. It is never sent
//!   in clear because a server wants it so (see [`super`]).
//! * A token lasts for `expires_in` seconds, at least and if nothing is said 60, from `issued_at`;
//!   both by the token server's clock. It is given up a little earlier.
//! * What a token allows is for its readers to know; here it is only read to explain a refusal.

use std::time::{Duration, Instant};

use data_encoding::{BASE64, BASE64URL_NOPAD};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, DATE, HeaderValue};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use url::Url;
use zeroize::Zeroizing;

use super::scope::Scope;
use crate::credentials::Login;
use crate::remote::exchange::{Answer, Exchange};
use crate::remote::failure::check_status;
use crate::remote::refusal::{Refusal, Refuser};
use crate::remote::{RemoteError, RemoteErrorKind as Kind};
use crate::secret::Secret;

/// The name of this program for token servers.
const CLIENT_ID: &str = "notary";
/// The most bytes of an answer of a token server.
const MAX_BYTES: u64 = 1 << 20;
/// The least time that a token lasts.
const MIN_LIFE: Duration = Duration::from_secs(60);
/// The most time that a token is kept; what servers say may be nonsense.
const MAX_LIFE: Duration = Duration::from_secs(24 * 60 * 60);

/// A token.
#[derive(Clone)]
pub struct Token {
    /// What goes with requests.
    pub secret: Secret,
    /// What it allows, if that can be seen.
    pub granted: Option<Vec<String>>,
    /// When to get another one.
    pub expires: Instant,
}

/// Why there is no token.
pub enum NoToken {
    /// The token server does not want to give it.
    Refused(Box<Refusal>),
    /// It does not want to be asked like this; with a name and a password it can be asked otherwise.
    WrongMethod(RemoteError),
    /// Anything else.
    Failed(RemoteError),
}

impl From<RemoteError> for NoToken {
    /// A failure at the token server, which must not pass for one of the server that is asked for
    /// files.
    fn from(error: RemoteError) -> Self {
        let kind = match error.kind {
            kind @ Kind::TokenServer(_) => kind,
            kind => Kind::TokenServer(Box::new(kind)),
        };
        Self::Failed(RemoteError { kind, ..error })
    }
}

/// What a token is wanted for.
pub struct Wanted<'a> {
    /// Where tokens are to be had.
    pub realm: &'a Url,
    /// For whom they are made; may be empty.
    pub service: &'a str,
    /// What they are to allow.
    pub scope: &'a Scope,
    /// Who wants it.
    pub login: Option<&'a Login>,
}

impl Wanted<'_> {
    /// Asks for the token; `exchange` makes a request.
    pub async fn fetch(&self, exchange: impl Fn(Url) -> Exchange) -> Result<Token, NoToken> {
        let answer = match self.login {
            Some(Login::IdentityToken(_)) => self.post(&exchange).await?,
            _ => match self.ask(&exchange).await? {
                answer if !is_wrong_method(answer.status) => answer,
                _ if self.login.is_some() => self.post(&exchange).await?,
                answer => {
                    let what = format!("status {}", answer.status.as_u16());
                    let error = exchange(self.realm.clone()).failed(Kind::Protocol(what));
                    let kind = Kind::TokenServer(Box::new(error.kind));
                    return Err(NoToken::WrongMethod(RemoteError { kind, ..error }));
                }
            },
        };
        self.read(answer)
    }

    async fn ask(&self, exchange: &impl Fn(Url) -> Exchange) -> Result<Answer, NoToken> {
        let mut url = self.realm.clone();
        {
            let mut query = url.query_pairs_mut();
            if let Some(Login::Password { user, .. }) = self.login {
                query.append_pair("account", user);
            }
            if !self.scope.is_nothing() {
                query.append_pair("scope", &self.scope.to_string());
            }
            if !self.service.is_empty() {
                query.append_pair("service", self.service);
            }
        }
        let authorization = match self.login {
            Some(Login::Password { user, password }) => Some(basic(user, password)),
            Some(Login::IdentityToken(_)) | None => None,
        };
        let complete = |mut request: RequestBuilder| {
            if let Some(authorization) = &authorization {
                request = request.header(AUTHORIZATION, authorization.clone());
            }
            request.header(ACCEPT, "application/json")
        };
        Ok(exchange(url).ask_patiently(Method::GET, None, MAX_BYTES, complete).await?)
    }

    /// Asks once with the form of OAuth2: an identity token may be good for one use.
    async fn post(&self, exchange: &impl Fn(Url) -> Exchange) -> Result<Answer, NoToken> {
        let scope = self.scope.to_string();
        let mut form = vec![("client_id", CLIENT_ID), ("service", self.service)];
        if !self.scope.is_nothing() {
            form.push(("scope", &scope));
        }
        match self.login {
            Some(Login::Password { user, password }) => form.extend([
                ("grant_type", "password"),
                ("username", user.as_str()),
                ("password", password),
            ]),
            Some(Login::IdentityToken(token)) => {
                form.extend([("grant_type", "refresh_token"), ("refresh_token", &**token)]);
            }
            None => {}
        }
        let body = Zeroizing::new(
            serde_urlencoded::to_string(&form).expect("pairs of texts can always be encoded"),
        );
        let complete = |request: RequestBuilder| {
            request
                .header(ACCEPT, "application/json")
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(body.to_string())
        };
        Ok(exchange(self.realm.clone()).post_with(MAX_BYTES, complete).await?)
    }

    fn read(&self, answer: Answer) -> Result<Token, NoToken> {
        match answer.status {
            StatusCode::OK => {}
            StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                let refusal = Refusal::new(&answer);
                return Err(NoToken::Refused(Box::new(Refusal {
                    by: Refuser::TokenServer,
                    ..refusal
                })));
            }
            status if is_wrong_method(status) => {
                let what = format!("status {}", status.as_u16());
                return Err(self.failed(Kind::Protocol(what)).into());
            }
            _ => {
                let url = self.realm;
                check_status(answer, url)?;
                return Err(self.failed(Kind::Protocol("no status".to_owned())).into());
            }
        }
        let body = Zeroizing::new(answer.body);
        let nonsense = |_| self.failed(Kind::Protocol("it is not what token servers say".into()));
        let said: Said = serde_json::from_slice(&body).map_err(nonsense)?;
        let [token, access_token] = [said.token, said.access_token].map(Option::unwrap_or_default);
        let secret: Secret = if access_token.is_empty() { token } else { access_token }.into();
        if secret.is_empty() {
            // Notary-go: these words.
            let what = "the authorization server did not include a token in the response";
            return Err(self.failed(Kind::Protocol(what.to_owned())).into());
        }
        if bearer(&secret).is_none() {
            let what = "the token has characters that cannot be sent";
            return Err(self.failed(Kind::Protocol(what.to_owned())).into());
        }
        let of_answer =
            said.scope.map(|scopes| scopes.split(' ').filter_map(Scope::parse).collect::<Vec<_>>());
        let granted = granted_in(&secret).or(of_answer);
        let life = said.expires_in.map_or(MIN_LIFE, Duration::from_secs).clamp(MIN_LIFE, MAX_LIFE);
        let date = answer.headers.get(DATE).and_then(|date| date.to_str().ok());
        let age = age(said.issued_at.as_deref(), date).filter(|age| *age < life);
        // A token that is too old on arrival is of a server whose clocks differ. It is tried.
        let left = life - age.unwrap_or_default();
        Ok(Token {
            granted: granted.map(|granted| self.scope.granted_by(&granted)),
            secret,
            expires: Instant::now() + left - left / 10,
        })
    }

    fn failed(&self, kind: Kind) -> RemoteError {
        RemoteError { kind, url: self.realm.as_str().to_owned(), source: None }
    }
}

/// Whether nobody is there for such requests.
fn is_wrong_method(status: StatusCode) -> bool {
    matches!(status, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED)
}

/// The value of `Authorization` for a name and a password.
pub fn basic(user: &str, password: &str) -> HeaderValue {
    let login = Zeroizing::new(format!("{user}:{password}"));
    let text = Zeroizing::new(format!("Basic {}", BASE64.encode(login.as_bytes())));
    let mut value = HeaderValue::from_str(&text).expect("base64 can be sent");
    value.set_sensitive(true);
    value
}

/// The value of `Authorization` for a token; `None` if it has characters that cannot be sent.
pub fn bearer(token: &str) -> Option<HeaderValue> {
    let is_fit = token.bytes().all(|byte| byte.is_ascii_graphic());
    let text = Zeroizing::new(format!("Bearer {token}"));
    let mut value = HeaderValue::from_str(&text).ok().filter(|_| is_fit)?;
    value.set_sensitive(true);
    Some(value)
}

/// What token servers say.
#[derive(Deserialize)]
struct Said {
    token: Option<String>,
    access_token: Option<String>,
    #[serde(default, deserialize_with = "lenient_seconds")]
    expires_in: Option<u64>,
    issued_at: Option<String>,
    scope: Option<String>,
}

/// Seconds, in whatever form; what is none does not make the token useless.
fn lenient_seconds<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    let value = serde_json::Value::deserialize(from)?;
    Ok(match &value {
        serde_json::Value::String(text) => text.parse().ok(),
        _ => value.as_u64(),
    })
}

/// How old a token is that was issued at the one moment and sent at the other.
fn age(issued_at: Option<&str>, date: Option<&str>) -> Option<Duration> {
    let issued = OffsetDateTime::parse(issued_at?, &Rfc3339).ok()?;
    // Not as times of the system, which may not reach as far as what servers say.
    let sent = OffsetDateTime::from(httpdate::parse_http_date(date?).ok()?);
    Duration::try_from(sent - issued).ok()
}

/// What a JSON Web Token says that it allows. Nobody has checked it.
fn granted_in(token: &str) -> Option<Vec<Scope>> {
    #[derive(Deserialize)]
    struct Claims {
        access: Vec<Entry>,
    }
    #[derive(Deserialize)]
    struct Entry {
        #[serde(rename = "type")]
        kind: String,
        name: String,
        #[serde(default)]
        actions: Vec<String>,
    }
    let payload = token.split('.').nth(1)?;
    let payload = BASE64URL_NOPAD.decode(payload.as_bytes()).ok()?;
    let claims: Claims = serde_json::from_slice(&payload).ok()?;
    let scope = |entry: Entry| Scope::new(&entry.kind, &entry.name, entry.actions);
    Some(claims.access.into_iter().map(scope).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remote::Access;

    /// What is read from an answer that was sent at noon.
    fn read(body: &str) -> Result<Token, NoToken> {
        let (realm, scope) =
            ("https://x/t".parse().unwrap(), Scope::repository("a:1/b", Access::Push));
        let mut headers = reqwest::header::HeaderMap::new();
        headers.insert(DATE, HeaderValue::from_static("Sun, 06 Nov 1994 12:00:00 GMT"));
        let answer = Answer { status: StatusCode::OK, headers, body: body.as_bytes().to_vec() };
        Wanted { realm: &realm, service: "s", scope: &scope, login: None }.read(answer)
    }

    #[test]
    fn a_token_is_given_up_before_it_expires() {
        for (members, seconds) in [
            ("", 54),
            (r#","expires_in":null"#, 54),
            (r#","expires_in":1"#, 54),
            (r#","expires_in":-5"#, 54),
            (r#","expires_in":"soon""#, 54),
            (r#","expires_in":300"#, 270),
            (r#","expires_in":"300""#, 270),
            (r#","expires_in":1e300"#, 54),
            (r#","expires_in":18446744073709551615"#, 77_760),
            (r#","expires_in":300,"issued_at":"1994-11-06T11:58:20Z""#, 180),
            // Clocks that differ.
            (r#","expires_in":300,"issued_at":"1994-11-06T10:00:00Z""#, 270),
            (r#","expires_in":300,"issued_at":"1994-11-06T14:00:00Z""#, 270),
            (r#","expires_in":300,"issued_at":"noon""#, 270),
            // The time of Go that means none.
            (r#","expires_in":300,"issued_at":"0001-01-01T00:00:00Z""#, 270),
            (r#","expires_in":300,"issued_at":"0000-01-01T00:00:00+23:59""#, 270),
            (r#","expires_in":300,"issued_at":"9999-12-31T23:59:59-23:59""#, 270),
        ] {
            let before = Instant::now();
            let Ok(token) = read(&format!(r#"{{"token":"t"{members}}}"#)) else {
                panic!("{members}")
            };
            let life = Duration::from_secs(seconds);
            assert!(token.expires >= before + life, "{members}");
            assert!(token.expires <= Instant::now() + life, "{members}");
        }
    }

    #[test]
    fn what_a_token_allows_is_read_from_it_or_from_what_is_said() {
        let claims = |text: &str| format!("x.{}.x", BASE64URL_NOPAD.encode(text.as_bytes()));
        let access = r#"{"access":[{"type":"repository","name":"a:1/b","actions":["pull"]},{"type":"repository","name":"other","actions":["push"]}]}"#;
        for (token, scope, expected) in [
            (claims(access), None, Some(&["pull"][..])),
            (claims(r#"{"access":[]}"#), Some("repository:a:1/b:pull"), Some(&[])),
            (
                claims("{}"),
                Some("repository:a:1/b:push repository:a:1/b:pull x"),
                Some(&["pull", "push"]),
            ),
            (claims("{}"), None, None),
            ("opaque".to_owned(), None, None),
            ("a.!.c".to_owned(), None, None),
        ] {
            let said = serde_json::json!({ "token": token, "scope": scope });
            let Ok(read) = read(&said.to_string()) else { panic!("{said}") };
            let granted = read
                .granted
                .map(|granted| granted.iter().map(String::as_str).collect::<Vec<_>>().join(" "));
            assert_eq!(granted, expected.map(|actions| actions.join(" ")), "{said}");
        }
    }

    #[test]
    fn headers_are_marked_as_secret() {
        let header = bearer("word").unwrap();
        assert!(header.is_sensitive() && basic("a", "b").is_sensitive());
        assert_eq!(format!("{header:?}"), "Sensitive");
        assert!(bearer("a b").is_none() && bearer("é").is_none());
    }
}
