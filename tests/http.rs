//! Notary servers over HTTP, good and bad ones, as the command line meets them.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::{HttpServer, Published, Request, Response, Sandbox, copy_dir, golden};

pub mod levels;
mod limits;
mod proxies;
mod requests;
mod retries;
mod stalls;
mod statuses;
mod uploads;

const SCENARIO: &str = "02-published";
const GUN: &str = "golden.example/published";

/// An honest collection.
fn published() -> Published {
    Published::golden(SCENARIO, GUN)
}

/// A reader who knows nothing.
fn new_reader(url: &str) -> Sandbox {
    Sandbox::with_server(url).at_golden_time()
}

/// A reader, and publisher, with the honest state in the cache.
fn reader_with_cache(url: &str) -> Sandbox {
    let notary = new_reader(url);
    copy_dir(&golden(SCENARIO).join("trust"), &notary.trust_dir());
    notary
}

/// The honest collection, but to requests such as `GET root.json` the server says something else.
fn serve_except(brief: &str, response: Response) -> HttpServer {
    let (published, brief) = (published(), brief.to_owned());
    HttpServer::start(move |request| match request.brief() == brief {
        true => response.clone(),
        false => published.answer(request),
    })
}

/// Counts calls.
#[derive(Default)]
struct Counter(AtomicUsize);

impl Counter {
    /// The number of calls so far, this one included.
    fn next(&self) -> usize {
        self.0.fetch_add(1, Ordering::SeqCst) + 1
    }
}

/// How many requests of this form came.
fn count(server: &HttpServer, brief: &str) -> usize {
    server.requests().iter().filter(|request| request.brief() == brief).count()
}

/// The requests that change something.
fn writes(server: &HttpServer) -> Vec<Request> {
    server.requests().into_iter().filter(|request| request.method != "GET").collect()
}
