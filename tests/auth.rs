//! Servers that want to know who asks, as the command line meets them: token servers, passwords,
//! and what is said when somebody refuses.

mod order;
mod passwords;
mod realms;
mod refusals;
mod secrets;
mod tokens;

use std::sync::Arc;

use data_encoding::BASE64;

use crate::support::{
    HttpServer, Published, Request, Response, Sandbox, TokenServer, bearer, copy_dir, golden,
    read_golden,
};

const GUN: &str = "registry.example:5000/ns/app";

/// A collection that is there already, and its scenario.
const GOLDEN: &str = "golden.example/published";
const SCENARIO: &str = "02-published";

/// The option of somebody who wants to be seen.
fn with_login(mut notary: Sandbox, login: &str) -> Sandbox {
    notary.vars.insert("NOTARY_AUTH".into(), BASE64.encode(login.as_bytes()));
    notary
}

/// A user of a server, who has a login in the environment.
fn user(url: &str, login: &str) -> Sandbox {
    with_login(Sandbox::with_server(url), login)
}

/// A reader of the golden collection, who knows nothing of it.
fn reader(url: &str) -> Sandbox {
    Sandbox::with_server(url).at_golden_time()
}

/// A reader of the golden collection, who has it in the cache.
fn reader_with_cache(url: &str) -> Sandbox {
    let notary = reader(url);
    copy_dir(&golden(SCENARIO).join("trust"), &notary.trust_dir());
    notary
}

/// Makes sure that the golden collection is listed.
#[track_caller]
fn lists(notary: &Sandbox) {
    let listed = notary.run(["list", GOLDEN]).success();
    assert_eq!(listed.as_bytes(), read_golden("02-published/list.txt"));
}

/// The scope of the collection.
fn scope(actions: &str) -> String {
    format!("repository:{GUN}:{actions}")
}

/// The golden collection, behind a door that opens to requests that `may_enter`.
fn guarded(
    may_enter: impl Fn(&Request) -> bool + Send + Sync + 'static,
    refuse: impl Fn(&Request) -> Response + Send + Sync + 'static,
) -> HttpServer {
    let published = Published::golden(SCENARIO, GOLDEN);
    HttpServer::start(move |request| match may_enter(request) {
        true if request.path == "/v2/" => Response::ok("{}"),
        true => published.answer(request),
        false => refuse(request),
    })
}

/// The golden collection for those who have a token of `tokens`; others are shown the challenge.
fn with_tokens(tokens: &Arc<TokenServer>) -> HttpServer {
    let challenge = tokens.challenge();
    guarded(has_token_of(tokens), move |_| {
        Response::status(401, "").header("WWW-Authenticate", challenge.clone())
    })
}

/// Whether a request has a token that was given.
fn has_token_of(tokens: &Arc<TokenServer>) -> impl Fn(&Request) -> bool + Send + Sync + 'static {
    let tokens = tokens.clone();
    move |request| bearer(request).is_some_and(|token| tokens.given().contains(token))
}
