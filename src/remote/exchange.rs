//! One request and its answer, with patience for what may pass and limits to everything.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE};
use reqwest::{Client, RequestBuilder, Response};
use url::Url;

use super::body::{Form, Sent};
use super::failure::{check_status, failure, without_login};
use super::{RemoteError, RemoteErrorKind as Kind};
use crate::progress::Progress;

const ATTEMPTS: u32 = 3;
const FIRST_DELAY: Duration = Duration::from_millis(200);

/// How long to wait for a server.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Timeouts {
    /// For a connection.
    pub connect: Duration,
    /// While nothing arrives and nothing can be sent.
    pub idle: Duration,
    /// For the answer to an upload, once all of it was sent: the server has to judge it first.
    pub judging: Duration,
    /// For one exchange altogether.
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(15),
            idle: Duration::from_secs(30),
            judging: Duration::from_secs(2 * 60),
            total: Duration::from_secs(15 * 60),
        }
    }
}

/// A request to be made.
pub struct Exchange {
    /// With what.
    pub client: Client,
    /// Who is told about it.
    pub progress: Arc<dyn Progress>,
    /// How long it may take.
    pub timeouts: Timeouts,
    /// Where to.
    pub url: Url,
    /// Told whether the server speaks HTTP/2.
    pub version: Arc<Version>,
}

/// What is known of the version of HTTP that a server speaks.
#[derive(Debug, Default)]
pub struct Version {
    is_2: AtomicBool,
}

impl Version {
    /// Whether the last answer came by HTTP/2, which carries many exchanges over one connection.
    pub fn is_2(&self) -> bool {
        self.is_2.load(Ordering::Relaxed)
    }
}

impl Exchange {
    /// Gets a file of at most `max` bytes, trying again when the failure may pass.
    pub async fn get_patiently(self, max: u64) -> Result<Vec<u8>, RemoteError> {
        let mut delay = FIRST_DELAY;
        for _ in 1..ATTEMPTS {
            match self.get(max).await {
                Err(error) if is_transient(&error.kind) => {
                    let url = without_login(&self.url);
                    tracing::info!(%url, reason = %error.kind, "trying again");
                    tokio::time::sleep(delay + jitter(delay)).await;
                    delay *= 3;
                }
                result => return result,
            }
        }
        self.get(max).await
    }

    async fn get(&self, max: u64) -> Result<Vec<u8>, RemoteError> {
        let response = self.send(self.client.get(self.url.clone()), None).await?;
        let response = check_status(response, self).await?;
        let name = self.url.path().rsplit('/').next().unwrap_or_default();
        let task = self.progress.begin(name, response.content_length());
        let body = self.read_body(response, max, |bytes| task.advance(bytes)).await?;
        // No file on a Notary server begins like this.
        if body.trim_ascii_start().starts_with(b"<") {
            let what = "a web page instead of the file, perhaps of a proxy that wants a login";
            return Err(self.failed(Kind::Protocol(what.to_owned())));
        }
        Ok(body)
    }

    /// Uploads a form, once.
    pub async fn post(self, form: Form) -> Result<(), RemoteError> {
        let sent = form.sent();
        let request = self
            .client
            .post(self.url.clone())
            .header(CONTENT_TYPE, form.content_type())
            .header(CONTENT_LENGTH, form.length())
            .body(reqwest::Body::wrap(form));
        let response = self.send(request, Some(&sent)).await?;
        check_status(response, &self).await.map(drop)
    }

    /// Asks, once, for something that the server has to make first; the answer has at most `max`
    /// bytes.
    pub async fn post_for_answer(self, max: u64) -> Result<Vec<u8>, RemoteError> {
        let request = self.client.post(self.url.clone()).header(CONTENT_LENGTH, 0);
        let response = self.send(request, None).await?;
        let response = check_status(response, &self).await?;
        self.read_body(response, max, |_| ()).await
    }

    /// Deletes, once.
    pub async fn delete(self) -> Result<(), RemoteError> {
        let response = self.send(self.client.delete(self.url.clone()), None).await?;
        check_status(response, &self).await.map(drop)
    }

    /// Waits for the head of the answer. As long as an upload goes on, that is no waiting.
    async fn send(
        &self,
        request: RequestBuilder,
        upload: Option<&Sent>,
    ) -> Result<Response, RemoteError> {
        let url = without_login(&self.url);
        let started = Instant::now();
        let mut answer = pin!(request.send());
        let result = loop {
            let sent = upload.map(Sent::bytes);
            let time = match upload {
                Some(upload) if upload.is_all() => self.timeouts.judging,
                _ => self.timeouts.idle,
            };
            match tokio::time::timeout(time, answer.as_mut()).await {
                Ok(result) => break result,
                Err(_) if upload.map(Sent::bytes) != sent => {}
                Err(_) => return Err(self.stalled()),
            }
        };
        let elapsed = started.elapsed();
        match result {
            Ok(response) => {
                tracing::debug!(%url, status = response.status().as_u16(), ?elapsed, "request");
                let is_2 = response.version() == reqwest::Version::HTTP_2;
                self.version.is_2.store(is_2, Ordering::Relaxed);
                Ok(response)
            }
            Err(error) => {
                tracing::debug!(%url, ?elapsed, ?error, "request failed");
                Err(failure(&error, &self.url))
            }
        }
    }

    /// Reads an answer of at most `max` bytes.
    pub async fn read_body(
        &self,
        mut response: Response,
        max: u64,
        mut on_bytes: impl FnMut(u64),
    ) -> Result<Vec<u8>, RemoteError> {
        if response.content_length().is_some_and(|length| length > max) {
            return Err(self.failed(Kind::TooLarge(max)));
        }
        let mut body = Vec::new();
        loop {
            let chunk = tokio::time::timeout(self.timeouts.idle, response.chunk()).await;
            let chunk = chunk.map_err(|_| self.stalled())?;
            let Some(chunk) = chunk.map_err(|error| failure(&error, &self.url))? else {
                return Ok(body);
            };
            if (body.len() + chunk.len()) as u64 > max {
                return Err(self.failed(Kind::TooLarge(max)));
            }
            on_bytes(chunk.len() as u64);
            body.extend_from_slice(&chunk);
        }
    }

    fn stalled(&self) -> RemoteError {
        self.failed(Kind::Stalled)
    }

    /// An error that no library knows about.
    pub fn failed(&self, kind: Kind) -> RemoteError {
        RemoteError { kind, url: without_login(&self.url).into(), source: None }
    }
}

/// Whether the same request may well succeed a moment later.
fn is_transient(kind: &Kind) -> bool {
    matches!(kind, Kind::Interrupted | Kind::Unavailable(429 | 502 | 503 | 504))
}

/// A random part of `most`, so that clients which failed together do not come back together.
pub fn jitter(most: Duration) -> Duration {
    let mut byte = [0];
    // Without random numbers everybody waits the same time, which is no reason to fail.
    let _ = aws_lc_rs::rand::fill(&mut byte);
    most * u32::from(byte[0]) / 256
}
