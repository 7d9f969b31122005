//! What went wrong with a request: which kind of failure it is, and its cause in words.
//!
//! Libraries wrap the cause of a failure in many layers that say nothing, so only the innermost is
//! kept; for TLS it is put into words for people.

use std::error::Error as StdError;
use std::io;

use reqwest::StatusCode;
use reqwest::header::LOCATION;
use rustls::{AlertDescription, CertificateError, OtherError};
use serde::Deserialize;
use thiserror::Error;
use url::Url;

use super::delay::requested_delay;
use super::exchange::Answer;
use super::refusal::Refusal;
use super::{RemoteError, RemoteErrorKind as Kind, TlsProblem};

/// Characters of a server's message that are shown.
const MAX_MESSAGE: usize = 1000;

/// The cause of a failure, if there is one to tell.
pub type Source = Option<Box<dyn StdError + Send + Sync>>;

/// A cause in words.
#[derive(Debug, Error)]
#[error("{0}")]
struct Cause(String);

type Layer = dyn StdError + 'static;

/// The innermost cause of an error.
pub fn root_cause(error: &Layer) -> Source {
    let last = chain(error).last()?;
    Some(Box::new(Cause(last.to_string())))
}

fn chain(error: &Layer) -> impl Iterator<Item = &Layer> {
    std::iter::successors(Some(error), |error| below(*error))
}

fn below(error: &Layer) -> Option<&Layer> {
    // An IO error that wraps another one prints it, but does not name it as its source.
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}

/// An address without user name and password, which are for nobody to see.
pub fn without_login(url: &Url) -> Url {
    let mut url = url.clone();
    // Addresses that cannot have a login have none.
    let _ = url.set_password(None);
    let _ = url.set_username("");
    url
}

/// Sorts out why a request failed without an answer.
pub fn failure(error: &reqwest::Error, url: &Url) -> RemoteError {
    let url = without_login(url).into();
    if let Some(tls) = chain(error).find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
        let (problem, words) = explain(tls);
        return RemoteError { kind: Kind::Tls(problem), url, source: Some(Box::new(Cause(words))) };
    }
    let kind = if error.is_connect() && !chain(error).any(is_break) {
        Kind::Unreachable
    } else if error.is_timeout() {
        Kind::Stalled
    } else if chain(error).any(is_nonsense) {
        Kind::Protocol("it cannot be understood".to_owned())
    } else {
        Kind::Interrupted
    };
    RemoteError { kind, url, source: root_cause(error) }
}

/// Whether somebody did answer at the address and then broke off, for instance because he does not
/// speak TLS. That must not pass for a server that is not there.
fn is_break(cause: &Layer) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    let kind = cause.downcast_ref::<io::Error>().map(io::Error::kind);
    matches!(kind, Some(BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof))
}

/// Whether an answer came that is not HTTP, or not compressed in the way it says.
fn is_nonsense(cause: &Layer) -> bool {
    use io::ErrorKind::{InvalidData, InvalidInput};
    let kind = cause.downcast_ref::<io::Error>().map(io::Error::kind);
    matches!(kind, Some(InvalidData | InvalidInput))
        || cause.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_parse)
}

/// Says in words why there is no TLS.
fn explain(error: &rustls::Error) -> (TlsProblem, String) {
    use rustls::Error::{AlertReceived, InvalidCertificate, InvalidMessage};
    let (problem, words) = match error {
        InvalidCertificate(CertificateError::UnknownIssuer) => (
            TlsProblem::UnknownAuthority,
            "the server's certificate is from an authority that is not trusted here",
        ),
        InvalidCertificate(CertificateError::Other(other)) if is_authority(other) => (
            TlsProblem::UnknownAuthority,
            "the server's certificate is its own authority, which is not trusted here",
        ),
        InvalidCertificate(CertificateError::BadSignature) => (
            TlsProblem::UnknownAuthority,
            "the server's certificate is from a namesake of an authority that is trusted here",
        ),
        InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. }) => {
            (TlsProblem::Certificate, "the server's certificate has expired")
        }
        InvalidCertificate(
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. },
        ) => (TlsProblem::Certificate, "the server's certificate is not valid yet"),
        InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => (TlsProblem::Certificate, "the server's certificate is for another name"),
        // Notary-go: also when it got none at all, the server says that it is a bad one.
        AlertReceived(
            AlertDescription::BadCertificate
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateRequired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA,
        ) => {
            (TlsProblem::ClientCertificate, "the server wants a client certificate that it trusts")
        }
        InvalidMessage(_) => (TlsProblem::NoTls, "the server does not speak TLS"),
        _ => return (TlsProblem::Other, error.to_string()),
    };
    (problem, format!("{words} ({error})"))
}

/// Whether a certificate was refused because authorities are expected to have another for their
/// server.
fn is_authority(error: &OtherError) -> bool {
    let refusal = error.0.downcast_ref::<webpki::Error>();
    matches!(refusal, Some(webpki::Error::CaUsedAsEndEntity))
}

/// Turns everything but 200 into an error (`formats.md` §7.6).
pub fn check_status(answer: Answer, url: &Url) -> Result<Answer, RemoteError> {
    let status = answer.status;
    let kind = match status {
        StatusCode::OK => return Ok(answer),
        StatusCode::BAD_REQUEST => rejection(&answer.body),
        StatusCode::FORBIDDEN => Kind::Forbidden(Box::new(Refusal::new(&answer))),
        StatusCode::NOT_FOUND => Kind::NotFound,
        StatusCode::UNAUTHORIZED => Kind::Unauthorized(Box::new(Refusal::new(&answer))),
        _ if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
            let wait = requested_delay(&answer.headers);
            Kind::Unavailable { status: status.as_u16(), wait }
        }
        _ => {
            let location = answer.headers.get(LOCATION);
            let location = location.map(|location| String::from_utf8_lossy(location.as_bytes()));
            let moved = location.map(|to| format!(", which points to {}", shorten(&to)));
            Kind::Protocol(format!("status {}{}", status.as_u16(), moved.unwrap_or_default()))
        }
    };
    Err(RemoteError { kind, url: without_login(url).into(), source: None })
}

/// The server's reason for refusing something.
fn rejection(body: &[u8]) -> Kind {
    let errors = serde_json::from_slice::<ErrorBody>(body).map(|body| body.errors);
    let Some(error) = errors.unwrap_or_default().into_iter().next() else {
        // Nothing that a Notary server says: somebody in between, or another server.
        let text = String::from_utf8_lossy(body);
        let words = shorten(text.trim());
        return Kind::Protocol(format!("status 400 {words}").trim_end().to_owned());
    };
    if error.code == "VERSION" {
        return Kind::Conflict;
    }
    let detail = serde_json::from_value::<InvalidUpdate>(error.detail);
    let message = match detail {
        Ok(InvalidUpdate { name, error: Reason { msg } }) => match name.as_str() {
            // Notary-go: the second form is that of a server whose keys are with a signer.
            "ErrBadHierarchy" => return Kind::KeyNotOnServer { message: shorten(&msg) },
            "ErrValidation" if msg.starts_with("rpc error: code = NotFound desc = key ") => {
                return Kind::KeyNotOnServer { message: shorten(&msg) };
            }
            "ErrBadRoot" => format!("the root metadata is invalid: {msg}"),
            "ErrBadSnapshot" => format!("the snapshot metadata is invalid: {msg}"),
            "ErrBadTargets" => format!("the targets metadata is invalid: {msg}"),
            _ => msg,
        },
        Err(_) if error.message.is_empty() => error.code.clone(),
        Err(_) => error.message,
    };
    Kind::Rejected { code: error.code, message: shorten(&message) }
}

/// The beginning of long text.
pub fn shorten(text: &str) -> String {
    match text.char_indices().nth(MAX_MESSAGE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[derive(Deserialize)]
struct ErrorBody {
    errors: Vec<ServerError>,
}

#[derive(Deserialize)]
struct ServerError {
    code: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    detail: serde_json::Value,
}

/// The detail of `INVALID_UPDATE` (`formats.md` §7.5).
#[derive(Deserialize)]
struct InvalidUpdate {
    #[serde(rename = "Name")]
    name: String,
    #[serde(rename = "Error")]
    error: Reason,
}

#[derive(Deserialize)]
struct Reason {
    #[serde(rename = "Msg")]
    msg: String,
}
