//! A server that answers only when all requests are there that are to come together, so that what
//! is asked for one after the other is never answered in time.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::response::IntoResponse as _;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::TcpListener;
use tokio::runtime::{Builder as Runtimes, Runtime};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use super::{Published, Response};

/// How long is waited for the other requests of a round.
const PATIENCE: Duration = Duration::from_secs(60);

/// The requests for the delegations of one level.
#[derive(Default)]
struct Level {
    answered: usize,
    expected: usize,
    waiting: usize,
}

struct Rounds {
    published: Published,
    levels: Mutex<BTreeMap<usize, Level>>,
    /// How many requests a client makes together.
    most: usize,
    /// Counts the rounds.
    round: watch::Sender<usize>,
    connections: AtomicUsize,
    failures: AtomicUsize,
}

/// A running server; it stops when this is dropped.
pub struct RoundServer {
    /// Its address.
    pub url: String,
    rounds: Arc<Rounds>,
    _runtime: Runtime,
}

impl RoundServer {
    /// Serves a collection with this many delegations on each level to clients that ask for `most`
    /// of them together; over TLS, with the certificate and the key in these files, or without.
    pub fn start(
        published: Published,
        levels: &[usize],
        most: usize,
        tls: Option<(&Path, &Path)>,
    ) -> Self {
        let level = |(index, expected): (usize, &usize)| {
            (index + 1, Level { expected: *expected, ..Level::default() })
        };
        let rounds = Arc::new(Rounds {
            published,
            levels: Mutex::new(levels.iter().enumerate().map(level).collect()),
            most,
            round: watch::Sender::new(0),
            connections: AtomicUsize::new(0),
            failures: AtomicUsize::new(0),
        });
        let runtime = Runtimes::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let url = format!("{scheme}://{}", listener.local_addr().unwrap());
        let acceptor = tls.map(|(certificate, key)| acceptor(certificate, key));
        runtime.spawn(serve(listener, acceptor, rounds.clone()));
        Self { url, rounds, _runtime: runtime }
    }

    /// How many connections there were.
    pub fn connections(&self) -> usize {
        self.rounds.connections.load(Ordering::SeqCst)
    }

    /// In how many rounds the delegations were asked for; each request came in time for its round.
    #[track_caller]
    pub fn rounds(&self) -> usize {
        let levels = self.rounds.levels.lock().unwrap();
        assert!(levels.values().all(|level| level.answered == level.expected));
        assert_eq!(self.rounds.failures.load(Ordering::SeqCst), 0, "requests were waited for");
        *self.rounds.round.borrow()
    }
}

impl Rounds {
    /// Waits until all requests are there that are to come together with this one.
    async fn wait(&self, path: &str) {
        let depth = path.split("/_trust/tuf/").nth(1).map_or(0, |name| name.matches('/').count());
        let mut round = self.round.subscribe();
        let mine = {
            let mut levels = self.levels.lock().unwrap();
            let Some(level) = levels.get_mut(&depth) else { return };
            level.waiting += 1;
            if level.waiting == self.most.min(level.expected - level.answered) {
                level.answered += std::mem::take(&mut level.waiting);
                self.round.send_modify(|round| *round += 1);
                return;
            }
            *self.round.borrow()
        };
        let waited = tokio::time::timeout(PATIENCE, round.wait_for(|now| *now > mine)).await;
        if waited.is_err() {
            self.failures.fetch_add(1, Ordering::SeqCst);
        }
    }

    async fn answer(&self, request: Request) -> axum::response::Response {
        let path = request.uri().path().to_owned();
        self.wait(&path).await;
        let request = super::Request {
            method: request.method().to_string(),
            path,
            headers: Vec::new(),
            body: Vec::new(),
            connection: 0,
        };
        match self.published.answer(&request) {
            Response::Answer { status, body, .. } => {
                (axum::http::StatusCode::from_u16(status).unwrap(), body).into_response()
            }
            other => panic!("{other:?}"),
        }
    }
}

async fn serve(listener: TcpListener, acceptor: Option<TlsAcceptor>, rounds: Arc<Rounds>) {
    while let Ok((stream, _)) = listener.accept().await {
        rounds.connections.fetch_add(1, Ordering::SeqCst);
        let (acceptor, rounds) = (acceptor.clone(), rounds.clone());
        tokio::spawn(async move {
            let answer = move |request| {
                let rounds = rounds.clone();
                async move { rounds.answer(request).await }
            };
            let service = TowerToHyperService::new(Router::new().fallback(answer));
            let builder = Builder::new(TokioExecutor::new());
            // A client that goes away is no failure of the server.
            match acceptor {
                None => drop(builder.serve_connection(TokioIo::new(stream), service).await),
                Some(acceptor) => {
                    let Ok(stream) = acceptor.accept(stream).await else { return };
                    drop(builder.serve_connection(TokioIo::new(stream), service).await);
                }
            }
        });
    }
}

/// Accepts TLS with HTTP/2 or 1.1, with the certificate and the key in these files.
pub fn acceptor(certificate: &Path, key: &Path) -> TlsAcceptor {
    let chain = vec![CertificateDer::from_pem_file(certificate).unwrap()];
    let key = PrivateKeyDer::from_pem_file(key).unwrap();
    let builder = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    let mut config = builder.with_single_cert(chain, key).unwrap();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    TlsAcceptor::from(Arc::new(config))
}
