//! The way to one server: the client that makes requests, and the small runtime that it needs.
//!
//! One client serves a whole run: it is built at the first request, keeps its connections open and
//! runs on a runtime of its own, so that nothing outside this folder is asynchronous. Redirects are
//! not followed: a trust server that moved is for the user to see.

use std::net::IpAddr;
use std::rc::Rc;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::{Client, redirect};
use tokio::runtime::{self, Runtime};
use url::{Host, Url};

use super::exchange::{Exchange, Timeouts, Version};
use super::failure::{root_cause, without_login};
use super::tls::{SetupFailure, TlsOptions};
use super::{RemoteError, RemoteErrorKind as Kind};
use crate::credentials::Credentials;
use crate::progress::Progress;

const IDLE_CONNECTION_TIMEOUT: Duration = Duration::from_secs(60);

/// Where a server is and how to talk to it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Endpoint {
    /// The address, which may have a path.
    pub url: Url,
    /// How it proves who it is, and how we do.
    pub tls: TlsOptions,
    /// How long to wait for it.
    pub timeouts: Timeouts,
}

impl Endpoint {
    /// A server that needs nothing special.
    pub fn new(url: Url) -> Self {
        Self { url, tls: TlsOptions::default(), timeouts: Timeouts::default() }
    }

    /// The address as users know it.
    pub fn name(&self) -> String {
        without_login(&self.url).as_str().trim_end_matches('/').to_owned()
    }

    /// Whether anybody can pass for the server in spite of TLS.
    pub fn is_unchecked(&self) -> bool {
        self.url.scheme() == "https" && self.tls.insecure_skip_verify
    }
}

/// Makes requests to one server.
pub struct Transport {
    client: OnceLock<(Runtime, Client)>,
    /// Who has a login when the server wants one.
    pub credentials: Rc<dyn Credentials>,
    endpoint: Endpoint,
    /// Who is told about requests.
    pub progress: Arc<dyn Progress>,
    version: Arc<Version>,
}

impl Transport {
    /// Prepares for a server; connects to nobody.
    pub fn new(
        endpoint: Endpoint,
        credentials: Rc<dyn Credentials>,
        progress: Arc<dyn Progress>,
    ) -> Self {
        let (client, version) = (OnceLock::new(), Arc::default());
        Self { client, credentials, endpoint, progress, version }
    }

    /// The server's address as users know it.
    pub fn name(&self) -> String {
        self.endpoint.name()
    }

    /// Whether the server has been seen to speak HTTP/2.
    pub fn is_http_2(&self) -> bool {
        self.version.is_2()
    }

    /// The client and its runtime, which are made at the first call.
    pub fn client(&self) -> Result<&(Runtime, Client), RemoteError> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let failed =
            |(what, source)| RemoteError { kind: Kind::Setup(what), url: self.name(), source };
        let client = self.build_client().map_err(failed)?;
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| failed(("no runtime".into(), Some(error.into()))))?;
        Ok(self.client.get_or_init(|| (runtime, client)))
    }

    /// A request to `url`.
    pub fn exchange(&self, client: &Client, url: Url) -> Exchange {
        let (progress, timeouts) = (self.progress.clone(), self.endpoint.timeouts);
        let version = self.version.clone();
        Exchange { client: client.clone(), progress, timeouts, url, version }
    }

    fn build_client(&self) -> Result<Client, SetupFailure> {
        let Endpoint { url, tls, timeouts } = &self.endpoint;
        let mut builder = Client::builder()
            .user_agent(concat!("notary/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .connect_timeout(timeouts.connect)
            .timeout(timeouts.total)
            .pool_idle_timeout(IDLE_CONNECTION_TIMEOUT);
        if is_loopback(url) {
            // Notary-go: a proxy is never asked for this machine.
            builder = builder.no_proxy();
        }
        // Without TLS, reading the system's certificates would be most of the start-up.
        builder = match url.scheme() {
            "http" => builder.tls_certs_only([]),
            _ => builder.tls_backend_preconfigured(tls.load()?),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_recognised() {
        let is = |url: &str| is_loopback(&Url::parse(url).unwrap());
        assert!(is("http://localhost:1/") && is("http://127.1.2.3/") && is("http://[::1]:1/"));
        assert!(!is("http://localhost.example/") && !is("http://10.0.0.1/"));
    }
}
