//! Connections: TCP, TLS if wanted, HTTP/1.1 and 2, limits, and an orderly end.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Extension;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, server};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, Semaphore};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use super::Client;

/// Connections at the same time; others wait until they are accepted.
const MAX_CONNECTIONS: usize = 4096;
/// How long a client may take to agree on a secure connection.
const HANDSHAKE_TIME: Duration = Duration::from_secs(10);
/// How long requests may take to finish once the server is to end.
const FAREWELL_TIME: Duration = Duration::from_secs(30);
/// The pause after a connection could not be accepted, usually for lack of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What the server shows and wants to see, in PEM.
#[derive(Clone, Eq, PartialEq)]
pub struct Tls {
    /// The certificate and its intermediates.
    pub certificate: Vec<u8>,
    /// Its key.
    pub key: zeroize::Zeroizing<Vec<u8>>,
    /// The authorities of clients; if given, clients without a certificate are not served.
    pub client_ca: Option<Vec<u8>>,
}

/// Why nobody can connect.
#[derive(Debug, Error)]
pub enum ListenError {
    /// The address cannot be had.
    #[error("cannot listen on {address}")]
    Bind {
        /// The address.
        address: String,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The files for TLS cannot be used.
    #[error("{what}")]
    Tls {
        /// Which, and what is wrong with it.
        what: &'static str,
        /// What the library said.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
}

impl Tls {
    fn acceptor(&self) -> Result<TlsAcceptor, ListenError> {
        let failed = |what, source| ListenError::Tls { what, source };
        let certificates = |pem: &[u8], what| {
            let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
            match all {
                Ok(all) if !all.is_empty() => Ok(all),
                Ok(_) => Err(failed(what, None)),
                Err(error) => Err(failed(what, Some(error.into()))),
            }
        };
        let provider = Arc::new(aws_lc_rs::default_provider());
        let builder = ServerConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .map_err(|error| failed("there is no TLS", Some(error.into())))?;
        let builder = match &self.client_ca {
            None => builder.with_no_client_auth(),
            Some(pem) => {
                const WHAT: &str = "the certificate authorities of clients cannot be used";
                let mut roots = RootCertStore::empty();
                for certificate in certificates(pem, WHAT)? {
                    roots.add(certificate).map_err(|error| failed(WHAT, Some(error.into())))?;
                }
                let verifier =
                    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
                        .build()
                        .map_err(|error| failed(WHAT, Some(error.into())))?;
                builder.with_client_cert_verifier(verifier)
            }
        };
        let chain = certificates(&self.certificate, "the server certificate cannot be used")?;
        let key = PrivateKeyDer::from_pem_slice(&self.key).map_err(|error| {
            failed("the key of the server certificate cannot be used", Some(error.into()))
        })?;
        let mut config: ServerConfig = builder.with_single_cert(chain, key).map_err(|error| {
            failed("the server certificate and its key do not belong together", Some(error.into()))
        })?;
        config.session_storage = server::ServerSessionMemoryCache::new(1024);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}

/// A bound address.
pub struct Listener {
    tcp: TcpListener,
    tls: Option<TlsAcceptor>,
}

impl Listener {
    /// Binds the first of `addresses` that can be had; its port may be 0.
    pub async fn bind(addresses: &[SocketAddr], tls: Option<&Tls>) -> Result<Self, ListenError> {
        let tls = tls.map(Tls::acceptor).transpose()?;
        let bound = TcpListener::bind(addresses).await;
        let address = || addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let failed = |source| ListenError::Bind { address: address(), source };
        Ok(Self { tcp: bound.map_err(failed)?, tls })
    }

    /// Where clients can connect.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.tcp.local_addr()
    }
}

/// Serves connections until `end`, and then those requests that are under way. Clients may take
/// `idle` for the head of a request, beginning with the connection.
pub async fn serve(
    listener: Listener,
    router: Router,
    idle: Duration,
    end: impl Future<Output = ()>,
) {
    let Listener { tcp, tls } = listener;
    let connections = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let graceful = Arc::new(GracefulShutdown::new());
    let mut end = std::pin::pin!(end);
    loop {
        let accept = async {
            let permit = connections.clone().acquire_owned().await;
            (permit, tcp.accept().await)
        };
        let (permit, (stream, address)) = tokio::select! {
            () = &mut end => break,
            (permit, accepted) = accept => match accepted {
                Ok(accepted) => (permit, accepted),
                Err(error) => {
                    tracing::warn!(%error, "a connection was not accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            },
        };
        let client = Client { address, has_asked: Arc::default() };
        let has_asked = client.has_asked.clone();
        let router = router.clone().layer(Extension(client));
        let (tls, watcher) = (tls.clone(), graceful.watcher());
        let patience = tls.as_ref().map_or(idle, |_| idle + HANDSHAKE_TIME);
        tokio::spawn(async move {
            let _permit = permit;
            let talk = std::pin::pin!(connect(stream, tls, router, idle, watcher));
            if let Err(error) = unless_silent(talk, patience, &has_asked).await {
                tracing::debug!(client = %address, %error, "a connection broke");
            }
        });
    }
    drop(tcp);
    if let Some(graceful) = Arc::into_inner(graceful) {
        let _ = timeout(FAREWELL_TIME, graceful.shutdown()).await;
    }
}

/// Gives up a connection over which nothing is asked. The library has no limit for the time in
/// which it does not know yet which version of HTTP the client will speak.
async fn unless_silent(
    mut talk: impl Future<Output = Result<(), Failure>> + Unpin,
    patience: Duration,
    has_asked: &Notify,
) -> Result<(), Failure> {
    tokio::select! {
        result = &mut talk => return result,
        asked = timeout(patience, has_asked.notified()) => asked?,
    }
    talk.await
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

async fn connect(
    stream: TcpStream,
    tls: Option<TlsAcceptor>,
    router: Router,
    idle: Duration,
    watcher: hyper_util::server::graceful::Watcher,
) -> Result<(), Failure> {
    // Answers are written in one piece; waiting for more only costs time.
    stream.set_nodelay(true)?;
    match tls {
        None => talk(stream, router, idle, watcher).await,
        Some(tls) => {
            let stream = timeout(HANDSHAKE_TIME, tls.accept(stream)).await??;
            talk(stream, router, idle, watcher).await
        }
    }
}

async fn talk(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    router: Router,
    idle: Duration,
    watcher: hyper_util::server::graceful::Watcher,
) -> Result<(), Failure> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(idle);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(idle).keep_alive_timeout(idle);
    let connection =
        builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    watcher.watch(connection.into_owned()).await
}
