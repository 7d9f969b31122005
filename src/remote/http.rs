//! Notary servers over HTTP.
//!
//! One client serves a whole run: it is built at the first request, keeps its connections open and
//! runs on a small runtime of its own, so that nothing outside this folder is asynchronous. Every
//! answer is bounded in size and in time; requests that change nothing are repeated when the
//! failure may pass. Redirects are not followed: a trust server that moved is for the user to see.

use std::error::Error as StdError;
use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use reqwest::{Certificate, Client, Identity, Response, StatusCode, redirect, tls};
use serde::Deserialize;
use tokio::runtime::{self, Runtime};
use tokio::task::JoinSet;
use url::{Host, Url};

use super::body::Form;
use super::{Fetch, Remote, RemoteError, RemoteErrorKind as Kind};
use crate::fsutil;
use crate::progress::Progress;
use crate::tuf::key::PublicKey;
use crate::tuf::role::{Gun, RoleName};
use crate::tuf::sign::OutgoingFile;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// How long a server may stay silent in the middle of an exchange.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);
/// How long one exchange may take altogether.
const TOTAL_TIMEOUT: Duration = Duration::from_secs(15 * 60);
const IDLE_CONNECTION_TIMEOUT: Duration = Duration::from_secs(60);

const ATTEMPTS: u32 = 3;
const FIRST_DELAY: Duration = Duration::from_millis(200);

/// Requests that are under way at the same time.
const CONCURRENT_REQUESTS: usize = 8;

const MAX_KEY_BYTES: u64 = 256 << 10;
const MAX_ERROR_BYTES: u64 = 64 << 10;
const MAX_PEM_BYTES: u64 = 4 << 20;

/// How the server proves who it is, and how we do.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct TlsOptions {
    /// PEM file of the only certificate authorities to trust, instead of the system's.
    pub root_ca: Option<PathBuf>,
    /// PEM files of our certificate and of its key.
    pub client: Option<(PathBuf, PathBuf)>,
    /// Accept any certificate. Only what TUF itself protects is then protected.
    pub insecure_skip_verify: bool,
}

/// One collection on a Notary server.
pub struct HttpRemote {
    base: Url,
    client: OnceLock<(Runtime, Client)>,
    progress: Arc<dyn Progress>,
    server: String,
    tls: TlsOptions,
}

impl HttpRemote {
    /// Prepares for `gun` on the server at `server`, which may have a path; connects to nobody.
    pub fn new(server: &Url, gun: &Gun, tls: TlsOptions, progress: Arc<dyn Progress>) -> Self {
        let mut base = server.clone();
        if let Ok(mut path) = base.path_segments_mut() {
            path.pop_if_empty().push("v2").extend(gun.segments()).extend(["_trust", "tuf"]);
        }
        let server = server.as_str().trim_end_matches('/').to_owned();
        Self { base, client: OnceLock::new(), progress, server, tls }
    }

    /// The address of a file of the collection; the empty name is that of all files together.
    fn url(&self, name: &str) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.extend(name.split('/'));
        }
        url
    }

    fn client(&self) -> Result<&(Runtime, Client), RemoteError> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let failed = |kind, source: Option<Box<dyn StdError + Send + Sync>>| RemoteError {
            kind,
            url: self.server.clone(),
            source,
        };
        let client =
            self.build_client().map_err(|(what, source)| failed(Kind::Setup(what), source))?;
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| failed(Kind::Setup("no runtime".into()), Some(error.into())))?;
        Ok(self.client.get_or_init(|| (runtime, client)))
    }

    fn build_client(&self) -> Result<Client, SetupFailure> {
        let mut builder = Client::builder()
            .user_agent(concat!("notary/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(IDLE_TIMEOUT)
            .timeout(TOTAL_TIMEOUT)
            .pool_idle_timeout(IDLE_CONNECTION_TIMEOUT)
            .tls_version_min(tls::Version::TLS_1_2);
        if is_loopback(&self.base) {
            // Notary-go: a proxy is never asked for this machine.
            builder = builder.no_proxy();
        }
        if self.base.scheme() == "http" {
            // Reading the system's certificates would be most of the start-up.
            builder = builder.tls_certs_only([]);
        } else if let Some(path) = &self.tls.root_ca {
            let failure = |error: reqwest::Error| {
                let what = format!("the CA file `{}` cannot be used", path.display());
                (what, Some(error.into()))
            };
            let certificates = Certificate::from_pem_bundle(&read(path)?).map_err(failure)?;
            if certificates.is_empty() {
                let what = format!("the CA file `{}` has no certificate", path.display());
                return Err((what, None));
            }
            builder = builder.tls_certs_only(certificates);
        }
        if let Some((certificate, key)) = &self.tls.client {
            let pem = [read(certificate)?, read(key)?].join(&b'\n');
            let identity = Identity::from_pem(&pem).map_err(|error| {
                let (certificate, key) = (certificate.display(), key.display());
                let what = format!("`{certificate}` and `{key}` are no certificate and key");
                (what, Some(error.into()))
            })?;
            builder = builder.identity(identity);
        }
        if self.tls.insecure_skip_verify {
            builder = builder.tls_danger_accept_invalid_certs(true);
        }
        builder.build().map_err(|error| ("no HTTP client".into(), Some(error.into())))
    }
}

/// What cannot be set up, and what a library said to it.
type SetupFailure = (String, Option<Box<dyn StdError + Send + Sync>>);

fn read(path: &Path) -> Result<Vec<u8>, SetupFailure> {
    let what = || format!("`{}` cannot be read", path.display());
    match fsutil::read_bounded(path, MAX_PEM_BYTES) {
        Ok(Some(bytes)) => Ok(bytes),
        Ok(None) => Err((format!("there is no file `{}`", path.display()), None)),
        Err(error) => Err((what(), Some(error.source.into()))),
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => IpAddr::from(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::from(address).is_loopback(),
        None => false,
    }
}

impl Remote for HttpRemote {
    fn server(&self) -> &str {
        &self.server
    }

    fn fetch_all(&self, fetches: &[Fetch]) -> Vec<Result<Vec<u8>, RemoteError>> {
        let (runtime, client) = match self.client() {
            Ok(client) => client,
            Err(error) => {
                let again = |_| {
                    let kind = error.kind.clone();
                    RemoteError { kind, url: error.url.clone(), source: None }
                };
                let mut results: Vec<_> = fetches.iter().map(again).map(Err).collect();
                if let Some(first) = results.first_mut() {
                    *first = Err(error);
                }
                return results;
            }
        };
        runtime.block_on(async {
            let mut results: Vec<_> = fetches.iter().map(|_| None).collect();
            let mut waiting = fetches.iter().enumerate();
            let mut running = JoinSet::new();
            loop {
                while running.len() < CONCURRENT_REQUESTS
                    && let Some((index, fetch)) = waiting.next()
                {
                    let exchange = Exchange {
                        client: client.clone(),
                        progress: self.progress.clone(),
                        url: self.url(&fetch.name.to_string()),
                    };
                    let max = fetch.max_length;
                    running.spawn(async move { (index, exchange.get_patiently(max).await) });
                }
                match running.join_next().await {
                    Some(Ok((index, result))) => results[index] = Some(result),
                    Some(Err(error)) => std::panic::resume_unwind(error.into_panic()),
                    None => break,
                }
            }
            results.into_iter().map(|result| result.expect("every request was run")).collect()
        })
    }

    fn publish(&self, files: &[OutgoingFile]) -> Result<(), RemoteError> {
        let (runtime, client) = self.client()?;
        let url = self.url("");
        let total = files.iter().map(|file| file.bytes.len() as u64).sum();
        let (content_type, form) = Form::new(files, self.progress.begin("uploading", Some(total)));
        let request = client
            .post(url.clone())
            .header(reqwest::header::CONTENT_TYPE, content_type)
            .header(reqwest::header::CONTENT_LENGTH, form.length())
            .body(reqwest::Body::wrap(form));
        runtime.block_on(async {
            let response = send(request, &url).await?;
            check_status(response).await.map(drop)
        })
    }

    fn server_key(&self, role: &RoleName) -> Result<PublicKey, RemoteError> {
        let (runtime, client) = self.client()?;
        let exchange = Exchange {
            client: client.clone(),
            progress: self.progress.clone(),
            url: self.url(&format!("{role}.key")),
        };
        let url = exchange.url.to_string();
        let bytes = runtime.block_on(exchange.get_patiently(MAX_KEY_BYTES))?;
        serde_json::from_slice(&bytes).map_err(|error| RemoteError {
            kind: Kind::Protocol("this is not a public key".into()),
            url,
            source: Some(error.into()),
        })
    }

    fn delete(&self) -> Result<(), RemoteError> {
        let (runtime, client) = self.client()?;
        let url = self.url("");
        runtime.block_on(async {
            let response = send(client.delete(url.clone()), &url).await?;
            check_status(response).await.map(drop)
        })
    }
}

/// One file to be got.
struct Exchange {
    client: Client,
    progress: Arc<dyn Progress>,
    url: Url,
}

impl Exchange {
    /// Gets the file, trying again when the failure may pass.
    async fn get_patiently(self, max: u64) -> Result<Vec<u8>, RemoteError> {
        let mut delay = FIRST_DELAY;
        for _ in 1..ATTEMPTS {
            match self.get(max).await {
                Err(error) if is_transient(&error.kind) => {
                    tracing::info!(url = %self.url, reason = %error.kind, "trying again");
                    tokio::time::sleep(delay + jitter(delay)).await;
                    delay *= 3;
                }
                result => return result,
            }
        }
        self.get(max).await
    }

    async fn get(&self, max: u64) -> Result<Vec<u8>, RemoteError> {
        let response = send(self.client.get(self.url.clone()), &self.url).await?;
        let response = check_status(response).await?;
        let name = self.url.path().rsplit('/').next().unwrap_or_default();
        let task = self.progress.begin(name, response.content_length());
        read_body(response, max, |bytes| task.advance(bytes)).await
    }
}

/// Whether the same request may well succeed a moment later.
fn is_transient(kind: &Kind) -> bool {
    matches!(kind, Kind::Interrupted | Kind::Unavailable(429 | 502 | 503 | 504))
}

/// A random part of `most`, so that clients which failed together do not come back together.
fn jitter(most: Duration) -> Duration {
    let mut byte = [0];
    // Without random numbers everybody waits the same time, which is no reason to fail.
    let _ = aws_lc_rs::rand::fill(&mut byte);
    most * u32::from(byte[0]) / 256
}

async fn send(request: reqwest::RequestBuilder, url: &Url) -> Result<Response, RemoteError> {
    let started = Instant::now();
    let result = request.send().await;
    let elapsed = started.elapsed();
    match result {
        Ok(response) => {
            tracing::debug!(%url, status = response.status().as_u16(), ?elapsed, "request");
            Ok(response)
        }
        Err(error) => {
            tracing::debug!(%url, ?elapsed, %error, "request failed");
            Err(failure(error, url))
        }
    }
}

async fn read_body(
    mut response: Response,
    max: u64,
    mut on_bytes: impl FnMut(u64),
) -> Result<Vec<u8>, RemoteError> {
    let url = response.url().clone();
    let too_large =
        || RemoteError { kind: Kind::TooLarge(max), url: url.to_string(), source: None };
    if response.content_length().is_some_and(|length| length > max) {
        return Err(too_large());
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| failure(error, &url))? {
        if (body.len() + chunk.len()) as u64 > max {
            return Err(too_large());
        }
        on_bytes(chunk.len() as u64);
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Turns everything but 200 into an error (`formats.md` §7.6).
async fn check_status(response: Response) -> Result<Response, RemoteError> {
    let status = response.status();
    let url = response.url().to_string();
    let kind = match status {
        StatusCode::OK => return Ok(response),
        StatusCode::BAD_REQUEST => rejection(response).await,
        StatusCode::FORBIDDEN => Kind::Forbidden,
        StatusCode::NOT_FOUND => Kind::NotFound,
        StatusCode::TOO_MANY_REQUESTS => Kind::Unavailable(status.as_u16()),
        StatusCode::UNAUTHORIZED => Kind::Unauthorized,
        _ if status.is_server_error() => Kind::Unavailable(status.as_u16()),
        _ => {
            let location = response.headers().get(reqwest::header::LOCATION);
            let location = location.and_then(|location| location.to_str().ok());
            let moved = location.map(|to| format!(", which points to {to}")).unwrap_or_default();
            Kind::Protocol(format!("status {}{moved}", status.as_u16()))
        }
    };
    Err(RemoteError { kind, url, source: None })
}

/// Reads the server's reason for refusing something.
async fn rejection(response: Response) -> Kind {
    let body = read_body(response, MAX_ERROR_BYTES, |_| ()).await.unwrap_or_default();
    let errors = serde_json::from_slice::<ErrorBody>(&body).map(|body| body.errors);
    let Some(error) = errors.unwrap_or_default().into_iter().next() else {
        let start = String::from_utf8_lossy(&body[..body.len().min(200)]).into_owned();
        return Kind::Rejected { code: "UNKNOWN".into(), message: start };
    };
    if error.code == "VERSION" {
        return Kind::Conflict;
    }
    let detail = serde_json::from_value::<InvalidUpdate>(error.detail);
    let message = match detail {
        Ok(InvalidUpdate { name, error: Reason { msg } }) => match name.as_str() {
            "ErrBadHierarchy" => format!("metadata hierarchy is incomplete: {msg}"),
            "ErrBadRoot" => format!("the root metadata is invalid: {msg}"),
            "ErrBadSnapshot" => format!("the snapshot metadata is invalid: {msg}"),
            "ErrBadTargets" => format!("the targets metadata is invalid: {msg}"),
            _ => msg,
        },
        Err(_) => error.message,
    };
    Kind::Rejected { code: error.code, message }
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

/// Sorts out why a request failed without an answer.
fn failure(error: reqwest::Error, url: &Url) -> RemoteError {
    let kind = if has_cause::<rustls::Error>(&error) {
        Kind::Tls
    } else if error.is_connect() {
        Kind::Unreachable
    } else if error.is_timeout() {
        Kind::Stalled
    } else {
        Kind::Interrupted
    };
    // The address is in our own message already.
    RemoteError { kind, url: url.to_string(), source: Some(error.without_url().into()) }
}

/// Whether an error of type `T` is in the chain, also inside of IO errors.
fn has_cause<T: StdError + 'static>(error: &(dyn StdError + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.is::<T>() {
            return true;
        }
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if inner.is_some_and(|inner| has_cause::<T>(inner)) {
            return true;
        }
        next = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;

    #[test]
    fn names_are_encoded_segment_by_segment() {
        let url = |server: &str, gun: &str| {
            let (server, gun) = (Url::parse(server).unwrap(), Gun::parse(gun).unwrap());
            let remote = HttpRemote::new(&server, &gun, TlsOptions::default(), Arc::new(Silent));
            (remote.url("targets/a.json").to_string(), remote.url("").to_string())
        };
        let (file, all) = url("https://host:4443", "registry.example:5000/sp ace/é");
        assert_eq!(
            file,
            "https://host:4443/v2/registry.example:5000/sp%20ace/%C3%A9/_trust/tuf/targets/a.json"
        );
        assert!(all.ends_with("/_trust/tuf/"), "{all}");
        let (file, _) = url("http://host/sub/", "a");
        assert_eq!(file, "http://host/sub/v2/a/_trust/tuf/targets/a.json");
    }

    #[test]
    fn this_machine_is_recognised() {
        let is = |url: &str| is_loopback(&Url::parse(url).unwrap());
        assert!(is("http://localhost:1/") && is("http://127.1.2.3/") && is("http://[::1]:1/"));
        assert!(!is("http://localhost.example/") && !is("http://10.0.0.1/"));
    }
}
