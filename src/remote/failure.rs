//! What went wrong with a request: which kind of failure it is, and its cause in words.
//!
//! Libraries wrap the cause of a failure in many layers that say nothing, so only the innermost is
//! kept; for TLS it is put into words for people.

use std::error::Error as StdError;
use std::io;

use reqwest::StatusCode;
use reqwest::header::LOCATION;
use rustls::{AlertDescription, CertificateError, PeerIncompatible};
use serde::Deserialize;
use thiserror::Error;
use url::Url;

use super::certificates::Refused;
use super::delay::requested_delay;
use super::exchange::Answer;
use super::refusal::Refusal;
use super::way::{NotResolved, Way};
use super::{ProxyProblem, RemoteError, RemoteErrorKind as Kind, TlsProblem};

/// Characters of a server's message that are shown.
const MAX_MESSAGE: usize = 1000;

/// The cause of a failure, if there is one to tell.
pub type Source = Option<Box<dyn StdError + Send + Sync>>;

/// A cause in words.
#[derive(Debug, Error)]
#[error("{0}")]
struct Cause(String);

/// These words as the cause of a failure.
pub fn cause(words: String) -> Source {
    Some(Box::new(Cause(words)))
}

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
pub fn failure(error: &reqwest::Error, url: &Url, way: &Way) -> RemoteError {
    let (kind, source) = explain(error, url, way);
    RemoteError { kind, url: without_login(url).into(), source }
}

fn explain(error: &reqwest::Error, url: &Url, way: &Way) -> (Kind, Source) {
    if let Some(tls) = chain(error).find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
        let (problem, words) = explain_tls(tls, way);
        return (Kind::Tls(problem), cause(words));
    }
    let is_tls = url.scheme() == "https";
    if chain(error).any(is_break) {
        // In TLS 1.3 the client is done before the server has looked at its certificate, and what the
        // server says to it may be lost with the connection.
        if is_tls && way.is_asked_for_certificate() {
            let words = format!("{}; it closed the connection", way.refused_certificate());
            return (Kind::Tls(TlsProblem::ClientCertificate), cause(words));
        }
        if is_tls && error.is_connect() && way.has_shaken_hands(url) {
            let words = "it was closed in the middle of the TLS handshake";
            return (Kind::Interrupted, cause(words.to_owned()));
        }
        return (Kind::Interrupted, root_cause(error));
    }
    if error.is_connect() {
        return explain_connect(error, url, way);
    }
    if error.is_timeout() {
        return (Kind::Stalled, cause("the whole exchange took too long".to_owned()));
    }
    if chain(error).any(is_nonsense) {
        let what = match is_tls {
            true => "it cannot be understood",
            // The beginning of what servers say in TLS to those who do not speak it.
            false => "it cannot be understood, perhaps since the server wants https:",
        };
        return (Kind::Protocol(what.to_owned()), root_cause(error));
    }
    (Kind::Interrupted, root_cause(error))
}

/// Says why there is no connection.
fn explain_connect(error: &reqwest::Error, url: &Url, way: &Way) -> (Kind, Source) {
    let stop = way.next_stop(url);
    let (title, patience) = (&stop.title, way.patience.as_secs());
    let last = chain(error).last().map(ToString::to_string).unwrap_or_default();
    let io_kind = chain(error).find_map(|cause| cause.downcast_ref::<io::Error>());
    let tunnel = chain(error).map(ToString::to_string).find_map(|text| {
        // Its type is private to the library.
        let reason = text.strip_prefix("tunnel error: ")?;
        // Then there is no proxy.
        Some(reason.to_owned()).filter(|reason| reason != "failed to create underlying connection")
    });
    let not_resolved = chain(error).find_map(|cause| cause.downcast_ref::<NotResolved>());
    let words = if let Some(NotResolved { name, .. }) = not_resolved {
        match last.contains(name) {
            true => format!("the name `{name}` of {title} cannot be resolved"),
            false => format!("the name `{name}` of {title} cannot be resolved ({last})"),
        }
    } else if let Some(reason) = tunnel {
        let kind = match reason.as_str() {
            "proxy authorization required" => Kind::Proxy(ProxyProblem::Login),
            _ => Kind::Proxy(ProxyProblem::Refused),
        };
        let to = format!("{}:{}", url.host_str().unwrap_or_default(), port(url));
        return (kind, cause(format!("{title} does not connect to {to}: {reason}")));
    } else if error.is_timeout() && !way.is_resolved(&stop) {
        format!("the name of {title} was not resolved within {patience} s")
    } else if error.is_timeout() && way.has_shaken_hands(url) {
        let words = format!("the TLS handshake was not done within {patience} s");
        return (Kind::Stalled, cause(words));
    } else {
        let addresses = way.addresses(&stop);
        match io_kind.map(io::Error::kind) {
            _ if error.is_timeout() => {
                format!("no connection with {title} at {addresses} within {patience} s")
            }
            Some(io::ErrorKind::ConnectionRefused) => {
                format!("connection refused by {title} at {addresses}")
            }
            Some(io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable) => {
                format!("no way to {title} at {addresses} ({last})")
            }
            _ => format!("no connection with {title} at {addresses} ({last})"),
        }
    };
    (Kind::Unreachable, cause(words))
}

fn port(url: &Url) -> u16 {
    url.port_or_known_default().unwrap_or_default()
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
fn explain_tls(error: &rustls::Error, way: &Way) -> (TlsProblem, String) {
    use AlertDescription as Alert;
    use rustls::Error::{AlertReceived, InvalidCertificate, InvalidMessage};
    if let InvalidCertificate(CertificateError::Other(other)) = error
        && let Some(refused) = other.0.downcast_ref::<Refused>()
    {
        return (refused.problem, refused.to_string());
    }
    let (problem, words) = match error {
        InvalidCertificate(_) => {
            (TlsProblem::Certificate, "the server's certificate is refused".to_owned())
        }
        AlertReceived(Alert::ProtocolVersion)
        | rustls::Error::PeerIncompatible(PeerIncompatible::ServerDoesNotSupportTls12Or13) => {
            (TlsProblem::Version, "the server speaks no version of TLS from 1.2 on".to_owned())
        }
        // Notary-go: also when it got none at all, the server says that it is a bad one.
        AlertReceived(
            Alert::AccessDenied
            | Alert::BadCertificate
            | Alert::CertificateExpired
            | Alert::CertificateRequired
            | Alert::CertificateRevoked
            | Alert::CertificateUnknown
            | Alert::UnknownCA
            | Alert::UnsupportedCertificate,
        ) => (TlsProblem::ClientCertificate, way.refused_certificate()),
        AlertReceived(Alert::HandshakeFailure) if way.is_asked_for_certificate() => {
            (TlsProblem::ClientCertificate, way.refused_certificate())
        }
        AlertReceived(Alert::HandshakeFailure) => (
            TlsProblem::Other,
            "the server knows no way to encrypt that is accepted here".to_owned(),
        ),
        AlertReceived(Alert::UnrecognisedName) => {
            (TlsProblem::Other, "the server does not know the name that was asked for".to_owned())
        }
        InvalidMessage(_) => (TlsProblem::NoTls, "the server does not speak TLS".to_owned()),
        _ => return (TlsProblem::Other, error.to_string()),
    };
    (problem, format!("{words} ({error})"))
}

/// Turns everything but 200 into an error (`formats.md` §7.6).
pub fn check_status(answer: Answer, url: &Url) -> Result<Answer, RemoteError> {
    let status = answer.status;
    let kind = match status {
        StatusCode::OK => return Ok(answer),
        StatusCode::BAD_REQUEST => rejection(&answer.body),
        StatusCode::FORBIDDEN => Kind::Forbidden(Box::new(Refusal::new(&answer))),
        StatusCode::NOT_FOUND => Kind::NotFound,
        StatusCode::PROXY_AUTHENTICATION_REQUIRED => Kind::Proxy(ProxyProblem::Login),
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
        // So say servers of Go, and nginx.
        if ["HTTP request to an HTTPS server", "HTTP request was sent to HTTPS port"]
            .iter()
            .any(|words| text.contains(words))
        {
            return Kind::WantsTls;
        }
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
