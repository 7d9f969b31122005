//! One request and its answer, with patience for what may pass and limits to everything.
//!
//! The rules of patience:
//!
//! * Only what changes nothing is asked again, three times in all, and only when the connection
//!   broke or the server says that it cannot answer now (429, 502, 503, 504).
//! * The waits grow, and have a random part, so that clients which failed together do not come
//!   back together.
//! * A server that says how long to wait (`Retry-After`, RFC 9110 §10.2.3) is not asked earlier. Who
//!   wants more than half a minute is not waited for; the error says how long it is.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use reqwest::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use url::Url;

use super::body::{Form, Sent};
use super::delay::requested_delay;
use super::failure::{cause, check_status, failure, without_login};
use super::hush::Secrets;
use super::way::Way;
use super::{RemoteError, RemoteErrorKind as Kind};
use crate::progress::Progress;

const ATTEMPTS: u32 = 3;
const FIRST_DELAY: Duration = Duration::from_millis(200);
/// The longest that a server may have us wait.
const MAX_DELAY: Duration = Duration::from_secs(30);
/// The most bytes of the body of an answer that says no.
const MAX_ERROR_BYTES: u64 = 1 << 20;

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

/// A complete answer.
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The head.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

/// A request to be made.
pub struct Exchange {
    /// What shows who we are.
    pub authorization: Option<HeaderValue>,
    /// With what.
    pub client: Client,
    /// Who is told about it.
    pub progress: Arc<dyn Progress>,
    /// What is not to come back in answers that say no.
    pub secrets: Arc<Secrets>,
    /// How long it may take.
    pub timeouts: Timeouts,
    /// Where to.
    pub url: Url,
    /// Told whether the server speaks HTTP/2.
    pub version: Arc<Version>,
    /// What is seen on the way.
    pub way: Arc<Way>,
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
        let name = self.url.path().rsplit('/').next().unwrap_or_default();
        let answer = self.ask_patiently(Method::GET, Some(name), max, |request| request).await?;
        let Answer { body, .. } = check_status(answer, &self.url)?;
        // No file on a Notary server begins like this.
        if body.trim_ascii_start().starts_with(b"<") {
            let what = "a web page instead of the file, perhaps of a proxy that wants a login";
            return Err(self.failed(Kind::Protocol(what.to_owned())));
        }
        Ok(body)
    }

    /// Asks for something of at most `max` bytes, trying again when the failure may pass; `name` is
    /// what progress is shown for, and `complete` adds to the request what it needs besides.
    pub async fn ask_patiently(
        &self,
        method: Method,
        name: Option<&str>,
        max: u64,
        complete: impl Fn(RequestBuilder) -> RequestBuilder,
    ) -> Result<Answer, RemoteError> {
        let mut delay = FIRST_DELAY;
        for _ in 1..ATTEMPTS {
            let result = self.ask(&method, name, max, &complete).await;
            let requested = match &result {
                Ok(answer) if is_passing(answer.status) => requested_delay(&answer.headers),
                Err(error) if error.kind == Kind::Interrupted => None,
                _ => return result,
            };
            if requested.is_some_and(|requested| requested > MAX_DELAY) {
                return result;
            }
            let reason = match &result {
                Ok(answer) => format!("status {}", answer.status.as_u16()),
                Err(error) => error.kind.to_string(),
            };
            let wait = delay.max(requested.unwrap_or_default()) + jitter(delay);
            tracing::info!(url = %without_login(&self.url), %reason, ?wait, "trying again");
            let waiting = self.progress.begin("waiting, since the server cannot answer now", None);
            tokio::time::sleep(wait).await;
            drop(waiting);
            delay *= 3;
        }
        self.ask(&method, name, max, &complete).await
    }

    async fn ask(
        &self,
        method: &Method,
        name: Option<&str>,
        max: u64,
        complete: impl Fn(RequestBuilder) -> RequestBuilder,
    ) -> Result<Answer, RemoteError> {
        let request = complete(self.client.request(method.clone(), self.url.clone()));
        let response = self.send(request, None).await?;
        let task = name.map(|name| self.progress.begin(name, response.content_length()));
        let on_bytes = |bytes| task.iter().for_each(|task| task.advance(bytes));
        self.receive(response, Some(max), on_bytes).await
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
        check_status(self.receive(response, None, |_| ()).await?, &self.url).map(drop)
    }

    /// Asks, once, with a body, which `complete` adds to the request; the answer has at most `max`
    /// bytes.
    pub async fn post_with(
        &self,
        max: u64,
        complete: impl Fn(RequestBuilder) -> RequestBuilder,
    ) -> Result<Answer, RemoteError> {
        let request = complete(self.client.post(self.url.clone()));
        let response = self.send(request, None).await?;
        self.receive(response, Some(max), |_| ()).await
    }

    /// Asks, once, for something that the server has to make first; the answer has at most `max`
    /// bytes.
    pub async fn post_for_answer(self, max: u64) -> Result<Vec<u8>, RemoteError> {
        let request = self.client.post(self.url.clone()).header(CONTENT_LENGTH, 0);
        let response = self.send(request, None).await?;
        let answer = self.receive(response, Some(max), |_| ()).await?;
        Ok(check_status(answer, &self.url)?.body)
    }

    /// Deletes, once.
    pub async fn delete(self) -> Result<(), RemoteError> {
        let response = self.send(self.client.delete(self.url.clone()), None).await?;
        check_status(self.receive(response, None, |_| ()).await?, &self.url).map(drop)
    }

    /// Waits for the head of the answer. As long as an upload goes on, that is no waiting.
    async fn send(
        &self,
        mut request: RequestBuilder,
        upload: Option<&Sent>,
    ) -> Result<Response, RemoteError> {
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization.clone());
        }
        let url = without_login(&self.url);
        let started = Instant::now();
        let mut answer = pin!(request.send());
        let result = loop {
            let sent = upload.map(Sent::bytes);
            let Timeouts { connect, idle, judging, .. } = self.timeouts;
            let time = match upload {
                Some(upload) if upload.is_all() => judging,
                // There may be no connection yet, which ends by itself when it takes too long.
                _ if connect > idle => connect + idle,
                _ => idle,
            };
            match tokio::time::timeout(time, answer.as_mut()).await {
                Ok(result) => break result,
                Err(_) if upload.map(Sent::bytes) != sent => {}
                Err(_) => return Err(self.stalled(time)),
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
                Err(failure(&error, &self.url, &self.way))
            }
        }
    }

    /// Takes the rest of an answer. If all is well, the body has at most `max` bytes, or nobody
    /// wants it.
    async fn receive(
        &self,
        response: Response,
        max: Option<u64>,
        on_bytes: impl FnMut(u64),
    ) -> Result<Answer, RemoteError> {
        let (status, headers) = (response.status(), response.headers().clone());
        let body = match (status, max) {
            (StatusCode::OK, Some(max)) => self.read_body(response, max, on_bytes).await?,
            (StatusCode::OK, None) => Vec::new(),
            // Whatever follows, the answer is no.
            _ => self.read_body(response, MAX_ERROR_BYTES, |_| ()).await.unwrap_or_default(),
        };
        let mut answer = Answer { status, headers, body };
        if status != StatusCode::OK {
            self.secrets.hush(&mut answer);
        }
        Ok(answer)
    }

    /// Reads a body of at most `max` bytes.
    async fn read_body(
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
            let chunk = chunk.map_err(|_| self.stalled(self.timeouts.idle))?;
            let Some(chunk) = chunk.map_err(|error| failure(&error, &self.url, &self.way))? else {
                return Ok(body);
            };
            if (body.len() + chunk.len()) as u64 > max {
                return Err(self.failed(Kind::TooLarge(max)));
            }
            on_bytes(chunk.len() as u64);
            body.extend_from_slice(&chunk);
        }
    }

    fn stalled(&self, time: Duration) -> RemoteError {
        let words = format!("nothing came for {} s", time.as_secs());
        RemoteError { source: cause(words), ..self.failed(Kind::Stalled) }
    }

    /// An error that no library knows about.
    pub fn failed(&self, kind: Kind) -> RemoteError {
        RemoteError { kind, url: without_login(&self.url).into(), source: None }
    }
}

/// Whether the same request may well succeed a moment later.
fn is_passing(status: StatusCode) -> bool {
    matches!(status.as_u16(), 429 | 502 | 503 | 504)
}

/// A random part of `most`, so that clients which failed together do not come back together.
pub fn jitter(most: Duration) -> Duration {
    let mut byte = [0];
    // Without random numbers everybody waits the same time, which is no reason to fail.
    let _ = aws_lc_rs::rand::fill(&mut byte);
    most * u32::from(byte[0]) / 256
}
