//! Notary servers over HTTP.
//!
//! One client serves a whole run: it is built at the first request, keeps its connections open and
//! runs on a small runtime of its own, so that nothing outside this folder is asynchronous. Every
//! answer is bounded in size and in time; requests that change nothing are repeated when the
//! failure may pass. Redirects are not followed: a trust server that moved is for the user to see.

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::{Client, redirect};
use tokio::runtime::{self, Runtime};
use tokio::task::JoinSet;
use url::{Host, Url};

use super::body::Form;
use super::exchange::{Exchange, Timeouts, Version};
use super::failure::{root_cause, without_login};
use super::tls::{SetupFailure, TlsOptions};
use super::{Fetch, Remote, RemoteError, RemoteErrorKind as Kind};
use crate::progress::Progress;
use crate::tuf::key::PublicKey;
use crate::tuf::role::{Gun, RoleName};
use crate::tuf::sign::OutgoingFile;

const IDLE_CONNECTION_TIMEOUT: Duration = Duration::from_secs(60);

/// Requests that are under way at the same time, each over a connection of its own.
const CONCURRENT_REQUESTS: usize = 8;

/// The same for HTTP/2, where all go over one connection; about what servers let through.
const CONCURRENT_STREAMS: usize = 256;

const MAX_KEY_BYTES: u64 = 256 << 10;

/// One collection on a Notary server.
pub struct HttpRemote {
    base: Url,
    client: OnceLock<(Runtime, Client)>,
    progress: Arc<dyn Progress>,
    server: String,
    timeouts: Timeouts,
    tls: TlsOptions,
    version: Arc<Version>,
}

impl HttpRemote {
    /// Prepares for `gun` on the server at `server`, which may have a path; connects to nobody.
    pub fn new(server: &Url, gun: &Gun, tls: TlsOptions, progress: Arc<dyn Progress>) -> Self {
        let mut base = server.clone();
        if let Ok(mut path) = base.path_segments_mut() {
            path.pop_if_empty().push("v2").extend(gun.segments()).extend(["_trust", "tuf"]);
        }
        let server = without_login(server).as_str().trim_end_matches('/').to_owned();
        let timeouts = Timeouts::default();
        let version = Arc::default();
        Self { base, client: OnceLock::new(), progress, server, timeouts, tls, version }
    }

    /// Waits for other times than usual.
    pub fn with_timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
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
        let failed = |(what, source)| {
            let url = self.server.clone();
            RemoteError { kind: Kind::Setup(what), url, source }
        };
        let client = self.build_client().map_err(failed)?;
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| failed(("no runtime".into(), Some(error.into()))))?;
        Ok(self.client.get_or_init(|| (runtime, client)))
    }

    fn exchange(&self, client: &Client, name: &str) -> Exchange {
        let (progress, timeouts) = (self.progress.clone(), self.timeouts);
        let version = self.version.clone();
        Exchange { client: client.clone(), progress, timeouts, url: self.url(name), version }
    }

    fn build_client(&self) -> Result<Client, SetupFailure> {
        let mut builder = Client::builder()
            .user_agent(concat!("notary/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .connect_timeout(self.timeouts.connect)
            .timeout(self.timeouts.total)
            .pool_idle_timeout(IDLE_CONNECTION_TIMEOUT);
        if is_loopback(&self.base) {
            // Notary-go: a proxy is never asked for this machine.
            builder = builder.no_proxy();
        }
        // Without TLS, reading the system's certificates would be most of the start-up.
        builder = match self.base.scheme() {
            "http" => builder.tls_certs_only([]),
            _ => builder.tls_backend_preconfigured(self.tls.load()?),
        };
        builder.build().map_err(|error| ("there is no HTTP client".to_owned(), root_cause(&error)))
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
            // By the time there is much to fetch, the server has answered something.
            let most = if self.version.is_2() { CONCURRENT_STREAMS } else { CONCURRENT_REQUESTS };
            loop {
                while running.len() < most
                    && let Some((index, fetch)) = waiting.next()
                {
                    let exchange = self.exchange(client, &fetch.name.to_string());
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
        let total = files.iter().map(|file| file.bytes.len() as u64).sum();
        let form = Form::new(files, self.progress.begin("uploading", Some(total)));
        runtime.block_on(self.exchange(client, "").post(form))
    }

    fn server_key(&self, role: &RoleName) -> Result<PublicKey, RemoteError> {
        let (runtime, client) = self.client()?;
        let exchange = self.exchange(client, &format!("{role}.key"));
        let url = without_login(&exchange.url).into();
        parse_key(&runtime.block_on(exchange.get_patiently(MAX_KEY_BYTES))?, url)
    }

    fn next_server_key(&self, role: &RoleName) -> Result<PublicKey, RemoteError> {
        let (runtime, client) = self.client()?;
        let exchange = self.exchange(client, &format!("{role}.key"));
        let url = without_login(&exchange.url).into();
        parse_key(&runtime.block_on(exchange.post_for_answer(MAX_KEY_BYTES))?, url)
    }

    fn delete(&self) -> Result<(), RemoteError> {
        let (runtime, client) = self.client()?;
        runtime.block_on(self.exchange(client, "").delete())
    }
}

/// Reads the public key that a server has sent from `url`.
fn parse_key(bytes: &[u8], url: String) -> Result<PublicKey, RemoteError> {
    let bad = |what: &str, source| RemoteError { kind: Kind::Protocol(what.into()), url, source };
    match serde_json::from_slice::<PublicKey>(bytes) {
        Ok(key) if key.is_usable() => Ok(key),
        // A collection with such a key could never be read by anybody.
        Ok(_) => Err(bad("this public key cannot be used", None)),
        Err(error) => Err(bad("this is not a public key", Some(error.into()))),
    }
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
