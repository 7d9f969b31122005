//! Reading an upload: a form with one part for each role (`formats.md` §7.2), bounded in size,
//! number of parts and time.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use multer::{Constraints, Field, Multipart, SizeLimit};
use serde::de::IgnoredAny;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout_at};

use super::reply::ApiError;
use crate::server::Upload;
use crate::tuf::role::RoleName;

/// How many times the longest pause a whole upload may take.
const MAX_PAUSES: u32 = 20;

/// The most parts of a form; a collection with as many delegations could not be read anyway.
const MAX_PARTS: usize = 10_000;

/// How large an upload may be, and how long its client may pause.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct UploadLimits {
    /// The most bytes of a body.
    pub bytes: u64,
    /// The longest time between two pieces of it, as of anything that clients send.
    pub idle: Duration,
}

/// The share of an upload in the memory for all of them. It grows with what has arrived: who
/// announces much and sends little keeps nobody out.
pub struct Memory<'a> {
    all: &'a Semaphore,
    share: Option<SemaphorePermit<'a>>,
    bytes: usize,
}

impl<'a> Memory<'a> {
    /// Nothing yet; `all` has a permit for each KiB.
    pub fn of(all: &'a Semaphore) -> Self {
        Self { all, share: None, bytes: 0 }
    }

    /// Waits until there is memory for more bytes.
    async fn grow(&mut self, more: usize) {
        self.bytes += more;
        let held = self.share.as_ref().map_or(0, SemaphorePermit::num_permits);
        let missing = (self.bytes >> 10).saturating_sub(held);
        // The semaphore is never closed.
        if let Ok(more) = self.all.acquire_many(u32::try_from(missing).unwrap_or(u32::MAX)).await {
            match &mut self.share {
                Some(share) => share.merge(more),
                none => *none = Some(more),
            }
        }
    }
}

/// How long is waited for the next piece.
#[derive(Clone, Copy)]
struct Patience {
    idle: Duration,
    end: Instant,
}

impl Patience {
    async fn wait<T>(self, work: impl Future<Output = T>) -> Result<T, ApiError> {
        let end = self.end.min(Instant::now() + self.idle);
        timeout_at(end, work).await.map_err(|_| ApiError::too_slow())
    }
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
    memory: &mut Memory<'_>,
) -> Result<Upload, ApiError> {
    let patience = Patience { idle: limits.idle, end: Instant::now() + limits.idle * MAX_PAUSES };
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
    while let Some(field) = piece(patience, form.next_field()).await? {
        if files.len() >= MAX_PARTS {
            return Err(ApiError::too_large());
        }
        files.push(file(field, patience, memory).await?);
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

async fn file(
    mut field: Field<'_>,
    patience: Patience,
    memory: &mut Memory<'_>,
) -> Result<(RoleName, Vec<u8>), ApiError> {
    let name = field.file_name().filter(|name| !name.is_empty());
    let name = name.ok_or_else(ApiError::no_filename)?.to_owned();
    let role = name.strip_suffix(".json").unwrap_or(&name);
    let role = RoleName::parse(role).map_err(|_| ApiError::bad_role(role))?;
    let mut bytes = Vec::new();
    while let Some(chunk) = piece(patience, field.chunk()).await? {
        patience.wait(memory.grow(chunk.len())).await?;
        bytes.extend_from_slice(&chunk);
    }
    match serde_json::from_slice::<IgnoredAny>(&bytes) {
        Ok(_) => Ok((role, bytes)),
        Err(_) => Err(ApiError::bad_json()),
    }
}

async fn piece<T>(
    patience: Patience,
    reading: impl Future<Output = multer::Result<T>>,
) -> Result<T, ApiError> {
    patience.wait(reading).await?.map_err(|error| match error {
        multer::Error::StreamSizeExceeded { .. } | multer::Error::FieldSizeExceeded { .. } => {
            ApiError::too_large()
        }
        _ => ApiError::bad_upload(),
    })
}
