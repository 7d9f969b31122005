//! A server in front of a Notary server, that remembers what it was asked, over which connections
//! and in which version of HTTP.

use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::Version;
use axum::response::{IntoResponse as _, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::runtime::{Builder as Runtimes, Runtime};
use tokio_rustls::TlsAcceptor;

use super::{acceptor, pass_on};

const MAX_BODY: usize = 64 << 20;

/// One request.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The method and the last part of the path, hashes left out: `GET snapshot.HASH.json`.
    pub brief: String,
    /// Which connection it came over, counted from 0.
    pub connection: usize,
    /// Whether it was HTTP/2.
    pub is_2: bool,
}

/// A running server; it stops when this is dropped.
pub struct Recorder {
    /// Its address.
    pub url: String,
    requests: Arc<Mutex<Vec<Recorded>>>,
    _runtime: Runtime,
}

impl Recorder {
    /// Passes everything on to the server at `url`, which has no TLS; itself with TLS if there are
    /// files with a certificate and its key.
    pub fn start(url: &str, tls: Option<(&Path, &Path)>) -> Self {
        let requests = Arc::new(Mutex::new(Vec::new()));
        let runtime = Runtimes::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let own = format!("{scheme}://{}", listener.local_addr().unwrap());
        let acceptor = tls.map(|(certificate, key)| acceptor(certificate, key));
        runtime.spawn(serve(listener, acceptor, url.to_owned(), requests.clone()));
        Self { url: own, requests, _runtime: runtime }
    }

    /// The requests since the last call.
    pub fn take(&self) -> Vec<Recorded> {
        std::mem::take(&mut *self.requests.lock().unwrap())
    }
}

async fn serve(
    listener: TcpListener,
    acceptor: Option<TlsAcceptor>,
    url: String,
    requests: Arc<Mutex<Vec<Recorded>>>,
) {
    let mut connections = 0;
    while let Ok((stream, _)) = listener.accept().await {
        let (acceptor, requests, url) = (acceptor.clone(), requests.clone(), url.clone());
        let connection = connections;
        connections += 1;
        tokio::spawn(async move {
            let answer = move |request: Request| {
                let (requests, url) = (requests.clone(), url.clone());
                async move { answer(request, connection, &requests, url).await }
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

async fn answer(
    request: Request,
    connection: usize,
    requests: &Mutex<Vec<Recorded>>,
    url: String,
) -> Response {
    let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
    let is_2 = request.version() == Version::HTTP_2;
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_hash = |part: &str| part.len() == 64 && part.bytes().all(|b| b.is_ascii_hexdigit());
    let parts = name.split('.').map(|part| if is_hash(part) { "HASH" } else { part });
    let brief = format!("{method} {}", parts.collect::<Vec<_>>().join("."));
    requests.lock().unwrap().push(Recorded { brief, connection, is_2 });
    let headers = request.headers().iter();
    let headers = headers
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()));
    let headers = headers.collect();
    let body = to_bytes(request.into_body(), MAX_BODY).await.unwrap().to_vec();
    let request = super::Request { method, path, headers, body, connection };
    let passed = tokio::task::spawn_blocking(move || pass_on(&url, &request)).await.unwrap();
    match passed {
        super::Response::Answer { status, body, .. } => {
            (axum::http::StatusCode::from_u16(status).unwrap(), body).into_response()
        }
        other => panic!("{other:?}"),
    }
}
