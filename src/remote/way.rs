//! What is seen on the way to a server, for the words that are needed when it ends before a server
//! has answered.
//!
//! The libraries say that a name was not resolved, but not which, that a connection was refused, but
//! not by whom, and that it took too long, but not what. So the steps of a connection are watched
//! here where the libraries let us: names that are resolved, handshakes that begin, certificates
//! that are asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use rustls::NamedGroup;
use rustls::SignatureScheme;
use rustls::client::{
    ClientSessionMemoryCache, ClientSessionStore, ResolvesClientCert, Tls12ClientSessionValue,
    Tls13ClientSessionValue,
};
use rustls::sign::CertifiedKey;
use rustls_pki_types::{ServerName, UnixTime};
use thiserror::Error;
use time::OffsetDateTime;
use url::{Host, Url};
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;

use super::certificates::{moment, show_time};
use super::proxies::Proxies;

/// Sessions that are kept for coming back; there is one server, and perhaps one for tokens.
const SESSIONS: usize = 32;

/// The way to a server, and what was seen on it.
#[derive(Debug)]
pub struct Way {
    /// How long a connection may take.
    pub patience: Duration,
    /// What stands in between.
    pub proxies: Proxies,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    addresses: BTreeMap<String, Vec<IpAddr>>,
    /// The certificate that is shown to servers that ask for one, and its last moment.
    certificate: Option<(PathBuf, Option<OffsetDateTime>)>,
    /// The certificate that is for other servers.
    withheld: Option<PathBuf>,
    is_asked_for_certificate: bool,
    /// Servers with which a TLS handshake began.
    handshakes: BTreeSet<String>,
}

/// A name without an address.
#[derive(Debug, Error)]
#[error("the name `{name}` cannot be resolved")]
pub struct NotResolved {
    /// The name.
    pub name: String,
    source: Option<io::Error>,
}

/// The next that is connected to on the way to a server.
#[derive(Debug)]
pub struct Stop {
    /// What it is, for sentences.
    pub title: String,
    host: String,
    port: u16,
    is_address: bool,
}

impl Stop {
    /// The host and the port.
    pub fn name(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

impl Way {
    /// A way on which nothing has been seen yet.
    pub fn new(patience: Duration, proxies: Proxies) -> Self {
        Self { patience, proxies, seen: Mutex::default() }
    }

    fn seen<T>(&self, look: impl FnOnce(&mut Seen) -> T) -> T {
        look(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The next stop on the way to `url`: the server, or the proxy in front of it.
    pub fn next_stop(&self, url: &Url) -> Stop {
        let proxy = self.proxy(url);
        let title = match &proxy {
            Some(proxy) => format!("the proxy {}", proxy.as_str().trim_end_matches('/')),
            None => "the server".to_owned(),
        };
        let next = proxy.as_ref().unwrap_or(url);
        Stop {
            title,
            host: next.host_str().unwrap_or_default().to_owned(),
            port: next.port_or_known_default().unwrap_or_default(),
            is_address: !matches!(next.host(), Some(Host::Domain(_))),
        }
    }

    /// The proxy in front of `url`, without the login for it.
    pub fn proxy(&self, url: &Url) -> Option<Url> {
        let proxy = self.proxies.proxy_for(url).ok().flatten();
        proxy.as_ref().map(super::failure::without_login)
    }

    /// Whether its addresses are known.
    pub fn is_resolved(&self, stop: &Stop) -> bool {
        stop.is_address || self.seen(|seen| seen.addresses.contains_key(&stop.host))
    }

    /// A stop with the addresses that were tried.
    pub fn addresses(&self, stop: &Stop) -> String {
        let found = self.seen(|seen| seen.addresses.get(&stop.host).cloned());
        let found: Vec<_> = found
            .into_iter()
            .flatten()
            .map(|address| SocketAddr::new(address, stop.port).to_string())
            .collect();
        match found.is_empty() {
            true => stop.name(),
            false => format!("{} ({})", stop.name(), found.join(", ")),
        }
    }

    /// Whether a TLS handshake has begun with the server in `url`.
    pub fn has_shaken_hands(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        self.seen(|seen| seen.handshakes.contains(host))
    }

    /// Whether a server has asked for a certificate of ours.
    pub fn is_asked_for_certificate(&self) -> bool {
        self.seen(|seen| seen.is_asked_for_certificate)
    }

    /// Notes which certificate is shown to servers that ask for one.
    pub fn note_certificate(&self, file: &Path, pair: &CertifiedKey) {
        let parsed = pair.cert.first().and_then(|der| X509Certificate::from_der(der).ok());
        let not_after = parsed.map(|(_, parsed)| parsed.validity().not_after.to_datetime());
        self.seen(|seen| seen.certificate = Some((file.to_owned(), not_after)));
    }

    /// Notes which certificate there is, and is not for these servers.
    pub fn withhold_certificate(&self, file: &Path) {
        self.seen(|seen| seen.withheld = Some(file.to_owned()));
    }

    /// Says that a server wants a certificate, and which one was not enough.
    pub fn refused_certificate(&self) -> String {
        if let Some(file) = self.seen(|seen| seen.withheld.clone()) {
            let file = file.display();
            return format!(
                "the server wants a client certificate, and `{file}` is only for the host of the \
                 server that has named it"
            );
        }
        match self.seen(|seen| seen.certificate.clone()) {
            None => "the server wants a client certificate, and none is given".to_owned(),
            Some((file, not_after)) => {
                let file = file.display();
                // The clock that TLS goes by.
                let now = moment(UnixTime::now());
                match not_after.filter(|not_after| *not_after < now) {
                    Some(not_after) => format!(
                        "the server does not accept the client certificate `{file}`, which has \
                         expired ({})",
                        show_time(not_after)
                    ),
                    None => {
                        format!("the server does not accept the client certificate `{file}`")
                    }
                }
            }
        }
    }
}

/// Resolves names, and remembers what came of it.
#[derive(Debug)]
pub struct WatchedNames(pub Arc<Way>);

impl Resolve for WatchedNames {
    fn resolve(&self, name: Name) -> Resolving {
        let way = self.0.clone();
        Box::pin(async move {
            let name = name.as_str().to_owned();
            let found = tokio::net::lookup_host((name.as_str(), 0)).await;
            let found: Vec<_> = match found.map(Iterator::collect) {
                Ok(found) => found,
                Err(error) => return Err(NotResolved { name, source: Some(error) }.into()),
            };
            if found.is_empty() {
                return Err(NotResolved { name, source: None }.into());
            }
            let addresses = found.iter().map(SocketAddr::ip).collect();
            way.seen(|seen| seen.addresses.insert(name, addresses));
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Keeps sessions, which are looked for when a handshake begins.
#[derive(Debug)]
pub struct WatchedSessions {
    sessions: ClientSessionMemoryCache,
    way: Arc<Way>,
}

impl WatchedSessions {
    /// Has no sessions yet.
    pub fn new(way: Arc<Way>) -> Self {
        Self { sessions: ClientSessionMemoryCache::new(SESSIONS), way }
    }
}

impl ClientSessionStore for WatchedSessions {
    fn set_kx_hint(&self, server_name: ServerName<'static>, group: NamedGroup) {
        self.sessions.set_kx_hint(server_name, group);
    }

    fn kx_hint(&self, server_name: &ServerName<'_>) -> Option<NamedGroup> {
        self.way.seen(|seen| seen.handshakes.insert(server_name.to_str().into_owned()));
        self.sessions.kx_hint(server_name)
    }

    fn set_tls12_session(&self, server_name: ServerName<'static>, value: Tls12ClientSessionValue) {
        self.sessions.set_tls12_session(server_name, value);
    }

    fn tls12_session(&self, server_name: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        self.sessions.tls12_session(server_name)
    }

    fn remove_tls12_session(&self, server_name: &ServerName<'static>) {
        self.sessions.remove_tls12_session(server_name);
    }

    fn insert_tls13_ticket(
        &self,
        server_name: ServerName<'static>,
        value: Tls13ClientSessionValue,
    ) {
        self.sessions.insert_tls13_ticket(server_name, value);
    }

    fn take_tls13_ticket(
        &self,
        server_name: &ServerName<'static>,
    ) -> Option<Tls13ClientSessionValue> {
        self.sessions.take_tls13_ticket(server_name)
    }
}

/// Shows our certificate, if there is one, to servers that ask for it.
#[derive(Debug)]
pub struct WatchedCertificate {
    /// The certificate and its key.
    pub certificate: Option<Arc<CertifiedKey>>,
    /// Where it is noted.
    pub way: Arc<Way>,
}

impl ResolvesClientCert for WatchedCertificate {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.way.seen(|seen| seen.is_asked_for_certificate = true);
        self.certificate.clone()
    }

    fn has_certs(&self) -> bool {
        // Otherwise nobody would ask, and nobody learn of it.
        true
    }
}
