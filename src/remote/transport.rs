//! The way to one server: the client that makes requests, and the small runtime that it needs.
//!
//! One client serves a whole run: it is built at the first request, keeps its connections open and
//! runs on a runtime of its own, so that nothing outside this folder is asynchronous. Redirects are
//! not followed: a trust server that moved is for the user to see.
//!
//! A server may name a token server on another host. What is configured for the server is for its
//! own host, on any port; for other hosts there are other clients. The rules:
//!
//! * The client certificate is shown to the own host only.
//! * The authorities of a private server (`root_ca`) are those of its token server, too: they replace
//!   the system's on all hosts.
//! * `skipTLSVerify` is for the own host only. Whoever pretends to be the server learns its login as
//!   it is, but others need not. Notary-go: it is for all hosts.

use std::cell::{OnceCell, RefCell};
use std::net::IpAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, WWW_AUTHENTICATE};
use reqwest::{Client, Method, Proxy, redirect};
use tokio::runtime::{self, Runtime};
use url::{Host, Url};

use super::RemoteError;
use super::auth::challenge::Challenge;
use super::auth::scope::Scope;
use super::auth::{Authenticator, Pass};
use super::exchange::{Answer, Exchange, Timeouts, Version};
use super::failure::{check_status, root_cause, without_login};
use super::hush::login_in;
use super::proxies::Proxies;
use super::tls::{NoTls, TlsOptions};
use super::way::{WatchedNames, Way};
use crate::credentials::{Credentials, Sources};
use crate::progress::Progress;

const IDLE_CONNECTION_TIMEOUT: Duration = Duration::from_secs(60);

/// Where a server is and how to talk to it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Endpoint {
    /// The address, which may have a path.
    pub url: Url,
    /// Which of the logins that are kept somewhere may be for it.
    pub logins: Sources,
    /// How it proves who it is, and how we do.
    pub tls: TlsOptions,
    /// How long to wait for it.
    pub timeouts: Timeouts,
    /// What may stand in between.
    pub proxies: Proxies,
}

impl Endpoint {
    /// A server that needs nothing special.
    pub fn new(url: Url) -> Self {
        Self {
            url,
            logins: Sources::All,
            tls: TlsOptions::default(),
            timeouts: Timeouts::default(),
            proxies: Proxies::default(),
        }
    }

    /// Whether the server is on this machine.
    pub fn is_on_this_machine(&self) -> bool {
        is_loopback(&self.url)
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

/// A request for something that the server has, which changes nothing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Get<'a> {
    /// Its address.
    pub url: &'a Url,
    /// In which forms it is wanted, as media types; may be empty.
    pub accept: &'a [&'a str],
    /// Whether the head of the answer does (`HEAD`).
    pub only_head: bool,
    /// The most bytes to accept.
    pub max: u64,
}

/// Makes requests to one server.
pub struct Transport {
    auth: Authenticator,
    /// Who makes requests, by whom they are for.
    clients: RefCell<Vec<(Destination, Client)>>,
    endpoint: Endpoint,
    /// Who is told about requests.
    pub progress: Arc<dyn Progress>,
    runtime: OnceCell<Runtime>,
    version: Arc<Version>,
    way: Arc<Way>,
    /// The way to other hosts.
    way_elsewhere: Arc<Way>,
}

/// What makes a difference for how to talk to an address.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Destination {
    is_tls: bool,
    is_own_host: bool,
}

impl Transport {
    /// Prepares for a server; connects to nobody.
    pub fn new(
        endpoint: Endpoint,
        credentials: Rc<dyn Credentials>,
        progress: Arc<dyn Progress>,
    ) -> Self {
        let auth = Authenticator::new(&endpoint.url, credentials);
        let (clients, runtime) = (RefCell::default(), OnceCell::new());
        let new_way = || Arc::new(Way::new(endpoint.timeouts.connect, endpoint.proxies.clone()));
        let (way, way_elsewhere, version) = (new_way(), new_way(), Arc::default());
        Self { auth, clients, endpoint, progress, runtime, version, way, way_elsewhere }
    }

    /// The server's address as users know it.
    pub fn name(&self) -> String {
        self.endpoint.name()
    }

    /// Whether the server has been seen to speak HTTP/2.
    pub fn is_http_2(&self) -> bool {
        self.version.is_2()
    }

    /// Asks for something, again if the failure may pass, and with a login for `scope` if the
    /// server wants one. Everything but status 200 is an error.
    pub fn get(&self, get: &Get<'_>, scope: &Scope) -> Result<Answer, RemoteError> {
        self.with_pass(scope, |runtime, client, pass| {
            let method = if get.only_head { Method::HEAD } else { Method::GET };
            let complete = |request: reqwest::RequestBuilder| {
                get.accept.iter().fold(request, |request, kind| request.header(ACCEPT, *kind))
            };
            let exchange = self.exchange(client, get.url.clone(), pass);
            let answer = exchange.ask_patiently(method, None, get.max, complete);
            check_status(runtime.block_on(answer)?, get.url)
        })
    }

    /// Has a request made with what shows who we are, and made again as long as the server refuses
    /// it and there is more to show.
    pub(super) fn with_pass<T>(
        &self,
        scope: &Scope,
        send: impl Fn(&Runtime, &Client, &Pass) -> Result<T, RemoteError>,
    ) -> Result<T, RemoteError> {
        let (runtime, client) = self.parts(&self.endpoint.url)?;
        let mut pass = self.pass(scope)?;
        loop {
            match send(runtime, &client, &pass) {
                Err(error) if error.refusal().is_some() => {
                    pass = self.next_pass(scope, &pass, error)?;
                }
                result => return result,
            }
        }
    }

    /// What to show with the next request.
    pub(super) fn pass(&self, scope: &Scope) -> Result<Pass, RemoteError> {
        self.auth.pass(self, scope)
    }

    /// What to show with a request that was refused with `pass`; an error that says why there is
    /// nothing more.
    pub(super) fn next_pass(
        &self,
        scope: &Scope,
        pass: &Pass,
        refused: RemoteError,
    ) -> Result<Pass, RemoteError> {
        self.auth.next(self, scope, pass, refused)
    }

    /// The challenges in the server's answer to `/v2/`; none if there is no answer.
    pub(super) fn ping(&self, max: u64) -> Vec<Challenge> {
        let mut url = without_login(&self.endpoint.url);
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(["v2", ""]);
        }
        let Ok((runtime, client)) = self.parts(&url) else { return Vec::new() };
        let exchange = self.elsewhere(&client, url);
        let answer = runtime.block_on(exchange.ask_patiently(Method::GET, None, max, |it| it));
        let Ok(answer) = answer else { return Vec::new() };
        let headers = answer.headers.get_all(WWW_AUTHENTICATE).iter();
        let headers = headers.filter_map(|value| std::str::from_utf8(value.as_bytes()).ok());
        headers.flat_map(Challenge::parse_all).collect()
    }

    /// The runtime and the client for an address, which are made at the first call.
    pub(super) fn parts(&self, url: &Url) -> Result<(&Runtime, Client), RemoteError> {
        let failed = |NoTls { kind, source }| RemoteError { kind, url: self.name(), source };
        let to =
            Destination { is_tls: url.scheme() == "https", is_own_host: self.is_own_host(url) };
        let known = self.clients.borrow().iter().find(|(known, _)| *known == to).cloned();
        let client = match known {
            Some((_, client)) => client,
            None => {
                let client = self.build_client(url).map_err(failed)?;
                self.clients.borrow_mut().push((to, client.clone()));
                client
            }
        };
        if let Some(runtime) = self.runtime.get() {
            return Ok((runtime, client));
        }
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| failed(("no runtime".to_owned(), Some(error.into())).into()))?;
        Ok((self.runtime.get_or_init(|| runtime), client))
    }

    /// A request to `url` on the server.
    pub(super) fn exchange(&self, client: &Client, url: Url, pass: &Pass) -> Exchange {
        let (authorization, version) = (pass.header.clone(), self.version.clone());
        Exchange { authorization, version, ..self.elsewhere(client, url) }
    }

    /// A request to `url` that says nothing of who we are, and is no matter of the server.
    pub(super) fn elsewhere(&self, client: &Client, url: Url) -> Exchange {
        let (progress, timeouts) = (self.progress.clone(), self.endpoint.timeouts);
        let client = client.clone();
        // What the library makes of a login in an address is not what is wanted.
        let url = without_login(&url);
        let (secrets, version, way) =
            (self.auth.secrets.clone(), Arc::default(), self.way_to(&url).clone());
        Exchange { authorization: None, client, progress, secrets, timeouts, url, version, way }
    }

    fn is_own_host(&self, url: &Url) -> bool {
        url.host() == self.endpoint.url.host()
    }

    fn way_to(&self, url: &Url) -> &Arc<Way> {
        if self.is_own_host(url) { &self.way } else { &self.way_elsewhere }
    }

    /// How we and the host of `url` show who we are.
    fn tls_for(&self, url: &Url) -> TlsOptions {
        let mut tls = self.endpoint.tls.clone();
        if !self.is_own_host(url) {
            tls.insecure_skip_verify = false;
            if let Some((certificate, _)) = tls.client.take() {
                self.way_elsewhere.withhold_certificate(&certificate);
            }
        }
        tls
    }

    fn build_client(&self, url: &Url) -> Result<Client, NoTls> {
        let Endpoint { timeouts, proxies, .. } = &self.endpoint;
        let way = self.way_to(url);
        // What is wrong with it would only be told by what then does not work.
        if let Some(login) = proxies.proxy_for(url)?.as_ref().and_then(login_in) {
            self.auth.secrets.note_login(&login);
        }
        let proxies = proxies.clone();
        let mut builder = Client::builder()
            .user_agent(concat!("notary/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .connect_timeout(timeouts.connect)
            .timeout(timeouts.total)
            .pool_idle_timeout(IDLE_CONNECTION_TIMEOUT)
            .dns_resolver(Arc::new(WatchedNames(way.clone())))
            .proxy(Proxy::custom(move |url| proxies.proxy_for(url).ok().flatten()));
        // Without TLS, reading the system's certificates would be most of the start-up.
        builder = match url.scheme() {
            "http" => builder.tls_certs_only([]),
            _ => builder.tls_backend_preconfigured(self.tls_for(url).load(way)?),
        };
        let no_client = |error| ("there is no HTTP client".to_owned(), root_cause(&error)).into();
        builder.build().map_err(no_client)
    }
}

/// Whether an address is on this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => IpAddr::from(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::from(address).is_loopback(),
        None => false,
    }
}
