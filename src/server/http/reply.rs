//! Answers: files with their caching rules, and errors in the form that clients know
//! (`formats.md` §7.1, §7.5).

use std::time::Duration;

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, LAST_MODIFIED, PRAGMA, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, Response, StatusCode};
use serde::Serialize;
use serde_json::{Value, json};
use time::macros::format_description;
use time::{OffsetDateTime, UtcOffset};

use super::auth::Denied;
use crate::server::{ServiceError, StoredFile, causes};

/// The media type of everything that is not an error.
const TEXT: &str = "text/plain; charset=utf-8";

/// An error of the protocol.
#[derive(Clone, Debug)]
pub struct ApiError {
    status: StatusCode,
    code: &'static str,
    message: &'static str,
    detail: Option<Value>,
    /// How to be let in, for `WWW-Authenticate`.
    challenge: Option<String>,
}

impl ApiError {
    const fn new(status: StatusCode, code: &'static str, message: &'static str) -> Self {
        Self { status, code, message, detail: None, challenge: None }
    }

    fn with(self, detail: impl Serialize) -> Self {
        Self { detail: serde_json::to_value(detail).ok(), ..self }
    }

    /// There is nothing under the path.
    pub fn not_found() -> Self {
        const MESSAGE: &str = "You have requested metadata that does not exist.";
        Self::new(StatusCode::NOT_FOUND, "METADATA_NOT_FOUND", MESSAGE)
    }

    /// Nothing can be done with this method.
    pub fn bad_method() -> Self {
        const MESSAGE: &str = "This method is not known.";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", MESSAGE)
    }

    /// The name of the collection does not begin with any of those that are served.
    pub fn bad_gun() -> Self {
        const MESSAGE: &str = "The server does not support actions on images of this name.";
        Self::new(StatusCode::BAD_REQUEST, "INVALID_GUN", MESSAGE)
    }

    /// The client must say who it is, or somebody else must ask.
    pub fn denied(denied: Denied) -> Self {
        #[derive(Serialize)]
        #[serde(rename_all = "PascalCase")]
        struct Item {
            r#type: String,
            class: &'static str,
            name: String,
            action: String,
        }
        let Denied { challenge, needed } = denied;
        let item = |action: String| {
            let (kind, name) = (needed.kind.clone(), needed.name.clone());
            Item { r#type: kind, class: "", name, action }
        };
        let items: Vec<Item> = needed.actions.iter().cloned().map(item).collect();
        let error = Self::new(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", "authentication required")
            .with(items);
        Self { challenge: Some(challenge), ..error }
    }

    /// A part of an upload is not named after a role.
    pub fn bad_role(name: &str) -> Self {
        const MESSAGE: &str = "The role you are attempting to operate on is invalid.";
        Self::new(StatusCode::BAD_REQUEST, "INVALID_ROLE", MESSAGE).with(name)
    }

    /// A part of an upload has no name.
    pub fn no_filename() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "NO_FILENAME", "No file/role name provided.")
    }

    /// An upload that is not in parts.
    pub fn bad_upload() -> Self {
        const MESSAGE: &str = "The body of your request is malformed.";
        Self::new(StatusCode::BAD_REQUEST, "MALFORMED_UPLOAD", MESSAGE)
    }

    /// A part of an upload is not JSON.
    pub fn bad_json() -> Self {
        const MESSAGE: &str = "JSON sent by the client could not be parsed by the server";
        Self::new(StatusCode::BAD_REQUEST, "MALFORMED_JSON", MESSAGE)
    }

    /// An upload that is larger than is accepted.
    pub fn too_large() -> Self {
        const MESSAGE: &str = "The body of your request is too large.";
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "TOO_LARGE", MESSAGE)
    }

    /// The client did not go on sending.
    pub fn too_slow() -> Self {
        const MESSAGE: &str = "The body of your request did not arrive in time.";
        Self::new(StatusCode::REQUEST_TIMEOUT, "TIMEOUT", MESSAGE)
    }

    /// A query that cannot be understood.
    pub fn bad_parameters(detail: Value) -> Self {
        const MESSAGE: &str = "The parameters provided are not valid.";
        Self::new(StatusCode::BAD_REQUEST, "INVALID_PARAMETERS", MESSAGE).with(detail)
    }

    /// The service failed, which is nobody else's business.
    pub fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "UNKNOWN", "unknown error").with(json!({}))
    }
}

impl From<ServiceError> for ApiError {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::NotFound => Self::not_found().with(json!({})),
            ServiceError::Conflict { .. } => {
                const MESSAGE: &str = "A newer version of metadata is already available.";
                Self::new(StatusCode::BAD_REQUEST, "VERSION", MESSAGE).with(json!({}))
            }
            ServiceError::Invalid(invalid) => {
                const MESSAGE: &str = "Update sent by the client is invalid.";
                let detail = json!({ "Name": invalid.kind.to_string(), "Error": { "Msg": invalid.message } });
                Self::new(StatusCode::BAD_REQUEST, "INVALID_UPDATE", MESSAGE).with(detail)
            }
            ServiceError::Key(_) | ServiceError::Sign(_) | ServiceError::Storage(_) => {
                tracing::error!(error = causes(&error), "the service failed");
                Self::internal()
            }
        }
    }
}

impl From<ApiError> for Response<Body> {
    fn from(error: ApiError) -> Self {
        #[derive(Serialize)]
        struct Item {
            code: &'static str,
            message: &'static str,
            #[serde(skip_serializing_if = "Option::is_none")]
            detail: Option<Value>,
        }
        #[derive(Serialize)]
        struct Errors {
            errors: [Item; 1],
        }
        let ApiError { status, code, message, detail, challenge } = error;
        let errors = Errors { errors: [Item { code, message, detail }] };
        let mut body = serde_json::to_vec(&errors).unwrap_or_default();
        body.push(b'\n');
        let mut response = answer(status, "application/json; charset=utf-8", body);
        if let Some(challenge) = challenge.and_then(|text| HeaderValue::try_from(text).ok()) {
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// For how long others may keep an answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Caching {
    /// For files that change.
    pub current: Duration,
    /// For files that are named by hash or version.
    pub consistent: Duration,
}

impl Default for Caching {
    fn default() -> Self {
        let (current, consistent) = (Duration::from_secs(300), Duration::from_secs(30 * 24 * 3600));
        Self { current, consistent }
    }
}

/// A metadata file.
pub fn file(stored: StoredFile, max_age: Duration, may_change: bool) -> Response<Body> {
    let mut response = text(stored.file.bytes);
    let headers = response.headers_mut();
    let seconds = max_age.as_secs();
    let cache = match (seconds, may_change) {
        (0, _) => "max-age=0, no-cache, no-store".to_owned(),
        (_, true) => format!("public, max-age={seconds}, s-maxage={seconds}, must-revalidate"),
        (_, false) => format!("public, max-age={seconds}, s-maxage={seconds}"),
    };
    let mut set = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(CACHE_CONTROL, &cache);
    if seconds == 0 {
        set(PRAGMA, "no-cache");
    }
    set(LAST_MODIFIED, &http_date(stored.stored_at));
    response
}

/// Plain data.
pub fn text(body: Vec<u8>) -> Response<Body> {
    answer(StatusCode::OK, TEXT, body)
}

/// Success, about which there is nothing to say.
pub fn done() -> Response<Body> {
    Response::new(Body::empty())
}

fn answer(status: StatusCode, media_type: &'static str, body: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}

/// A time in the form of HTTP (RFC 9110 §5.6.7).
fn http_date(at: OffsetDateTime) -> String {
    let form = format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    at.to_offset(UtcOffset::UTC).format(form).unwrap_or_default()
}
