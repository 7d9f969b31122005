//! Reading an upload: a form with one part for each role (`formats.md` §7.2), bounded in size,
//! number of parts and time.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use multer::{Constraints, Field, Multipart, SizeLimit};
use serde::de::IgnoredAny;

use super::reply::ApiError;
use crate::server::Upload;
use crate::tuf::role::RoleName;

/// The most parts of a form; a collection with as many delegations could not be read anyway.
const MAX_PARTS: usize = 10_000;

/// How large an upload may be, and how long its client may pause.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct UploadLimits {
    /// The most bytes of a body.
    pub bytes: u64,
    /// The longest time between two pieces of it.
    pub idle: Duration,
}

impl Default for UploadLimits {
    fn default() -> Self {
        Self { bytes: 128 << 20, idle: Duration::from_secs(30) }
    }
}

/// Reads the files of an upload.
pub async fn read(
    headers: &HeaderMap,
    body: Body,
    limits: UploadLimits,
) -> Result<Upload, ApiError> {
    let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    if length
        .and_then(|length| length.parse().ok())
        .is_some_and(|length: u64| length > limits.bytes)
    {
        return Err(ApiError::too_large());
    }
    let boundary = boundary(headers).ok_or_else(ApiError::bad_upload)?;
    let sizes = SizeLimit::new().whole_stream(limits.bytes).per_field(limits.bytes);
    let constraints = Constraints::new().size_limit(sizes);
    let stream: BodyDataStream = body.into_data_stream();
    let mut form = Multipart::with_constraints(stream, boundary, constraints);
    let mut files = Vec::new();
    while let Some(field) = in_time(limits, form.next_field()).await? {
        if files.len() >= MAX_PARTS {
            return Err(ApiError::too_large());
        }
        files.push(file(field, limits).await?);
    }
    Ok(Upload::new(files))
}

/// The boundary of any kind of multipart body, as Go's server takes them.
fn boundary(headers: &HeaderMap) -> Option<String> {
    let media_type = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let (kind, parameters) = media_type.split_once(';')?;
    let (kind, _) = kind.trim().split_once('/')?;
    if !kind.eq_ignore_ascii_case("multipart") {
        return None;
    }
    multer::parse_boundary(format!("multipart/form-data;{parameters}")).ok()
}

async fn file(mut field: Field<'_>, limits: UploadLimits) -> Result<(RoleName, Vec<u8>), ApiError> {
    let name = field.file_name().filter(|name| !name.is_empty());
    let name = name.ok_or_else(ApiError::no_filename)?.to_owned();
    let role = name.strip_suffix(".json").unwrap_or(&name);
    let role = RoleName::parse(role).map_err(|_| ApiError::bad_role(role))?;
    let mut bytes = Vec::new();
    while let Some(chunk) = in_time(limits, field.chunk()).await? {
        bytes.extend_from_slice(&chunk);
    }
    match serde_json::from_slice::<IgnoredAny>(&bytes) {
        Ok(_) => Ok((role, bytes)),
        Err(_) => Err(ApiError::bad_json()),
    }
}

async fn in_time<T>(
    limits: UploadLimits,
    reading: impl Future<Output = multer::Result<T>>,
) -> Result<T, ApiError> {
    match tokio::time::timeout(limits.idle, reading).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(
            multer::Error::StreamSizeExceeded { .. } | multer::Error::FieldSizeExceeded { .. },
        )) => Err(ApiError::too_large()),
        Ok(Err(_)) => Err(ApiError::bad_upload()),
        Err(_) => Err(ApiError::too_slow()),
    }
}
