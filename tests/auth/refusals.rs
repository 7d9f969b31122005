//! What is said when a token does not allow what is to be done.

use std::sync::Arc;

use super::{GOLDEN, GUN, guarded, reader_with_cache, scope, user, with_login};
use crate::support::{HttpServer, NotaryServer, Response, Rules, TokenServer};

#[test]
fn a_token_that_allows_less_than_was_asked_is_explained() {
    let tokens = Arc::new(TokenServer::start(Rules {
        users: [("bob", ("builder", &["pull"][..]))].into(),
        ..Rules::default()
    }));
    let server = NotaryServer::start_with_auth(|directory| tokens.settings(directory));
    let bob = user(&server.url, "bob:builder");
    let asked = format!("asked for was `{}`", scope("push,pull"));
    let words = [
        "the server does not accept the token for the login of `bob` from `NOTARY_AUTH` (status 401, insufficient_scope)",
        &asked,
        "of which the token server has granted `pull`",
        "hint: whoever runs the server can allow it; `notary login http://127.0.0.1:",
    ];
    let _ = bob.run(["init", GUN, "-p"]).failure(6, &words);
    assert_eq!(tokens.asked().len(), 1);
}

#[test]
fn what_was_granted_may_be_said_by_the_token_server() {
    let long = "x".repeat(100_000);
    let long = format!(r#""scope":"repository:golden.example/published:{long}""#);
    let shown = format!("has granted `{}…`", "x".repeat(1000));
    for (member, granted) in [
        (long.as_str(), shown.as_str()),
        (
            r#""scope":"repository:golden.example/published:pull repository:other:push""#,
            "has granted `pull`",
        ),
        (r#""scope":"""#, "has granted nothing"),
    ] {
        let answer = Response::ok(format!(r#"{{"token":"opaque",{member}}}"#));
        let tokens = TokenServer::start(Rules { instead: Some(answer), ..Rules::default() });
        let challenge = tokens.challenge();
        let server = guarded(
            |_| false,
            move |_| {
                let challenge = format!("{challenge},error=\"insufficient_scope\"");
                Response::status(401, "").header("WWW-Authenticate", challenge)
            },
        );
        let notary = with_login(reader_with_cache(&server.url), "alice:wonderland");
        let _ = notary.run(["delete", GOLDEN, "--remote", "--yes"]).failure(6, &[granted]);
    }
}

#[test]
fn whatever_the_status_no_secret_comes_back() {
    for status in [400, 401, 403, 404, 418, 429, 500] {
        let server = HttpServer::start(move |request| {
            match request.header("authorization").map(str::to_owned) {
                None => Response::status(401, "").header("WWW-Authenticate", "Basic realm=x"),
                Some(shown) => Response::status(status, format!("no access with {shown}"))
                    .header("Location", format!("http://elsewhere.example/{shown}")),
            }
        });
        let notary = with_login(reader_with_cache(&server.url), "alice:wonderland");
        let outcome = notary.run(["--debug", "list", GOLDEN]);
        assert!(!outcome.report().contains("YWxpY2U6d29uZGVybGFuZA"), "{}", outcome.report());
    }
}

#[test]
fn a_password_that_comes_back_as_it_was_in_the_form_is_not_shown() {
    let (password, parts) = ("w\u{f6}nder land&+%", ["nder land", "nder+land", "nder%20land"]);
    for status in [400, 401, 403, 418] {
        let tokens = HttpServer::start(move |request| match request.method.as_str() {
            "POST" => Response::status(status, request.body.clone()),
            _ => Response::status(405, ""),
        });
        let challenge = format!("Bearer realm=\"{}/token\"", tokens.url);
        let server = guarded(
            |_| false,
            move |_| Response::status(401, "").header("WWW-Authenticate", challenge.clone()),
        );
        let login = format!("alice:{password}");
        let outcome = with_login(reader_with_cache(&server.url), &login).run(["list", GOLDEN]);
        let requests = tokens.requests();
        let methods: Vec<_> = requests.iter().map(|request| request.method.as_str()).collect();
        assert_eq!(methods, ["GET", "POST"]);
        let report = outcome.report();
        assert!(parts.iter().all(|part| !report.contains(part)), "{report}");
        let _ = outcome.failure(if status == 418 { 5 } else { 6 }, &["/token"]);
    }
}

#[test]
fn a_secret_that_somebody_repeats_is_not_shown() {
    let repeating = |request: &crate::support::Request| {
        let shown = request.header("authorization").unwrap_or_default().to_owned();
        Response::status(401, format!("I do not believe {shown}"))
            .header("WWW-Authenticate", "Basic realm=x")
    };
    let server = guarded(|_| false, repeating);
    let notary = with_login(reader_with_cache(&server.url), "alice:wonderland");
    let outcome = notary.run(["list", GOLDEN]).failure(6, &["(status 401) (http://"]);
    assert!(!outcome.stderr.contains("YWxpY2U6d29uZGVybGFuZA"), "{}", outcome.report());
}
