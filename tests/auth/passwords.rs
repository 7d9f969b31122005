//! Servers that want a name and a password (RFC 7617), for reading too.

use std::rc::Rc;
use std::sync::Arc;

use data_encoding::BASE64;
use notary::credentials::NoCredentials;
use notary::progress::Silent;
use notary::remote::{Access, Endpoint, Fetch, FileName, HttpRemote, Remote as _};
use notary::tuf::role::{Gun, RoleName};

use super::{GOLDEN, GUN, guarded, lists, reader, reader_with_cache, user, with_login};
use crate::support::{HttpServer, OwnServer, Response, Sandbox, basic};

/// The golden collection for `alice`.
fn with_passwords() -> HttpServer {
    let is_alice = |request: &_| basic(request) == Some(("alice".into(), "wonder:land".into()));
    guarded(is_alice, |_| {
        Response::status(401, r#"{"details":"wrong name or password"}"#)
            .header("WWW-Authenticate", "Basic realm=\"a realm\"")
    })
}

#[test]
fn all_requests_after_the_challenge_have_the_login() {
    let server = with_passwords();
    let notary = with_login(reader(&server.url), "alice:wonder:land");
    lists(&notary);
    let requests = server.requests();
    let expected = format!("Basic {}", BASE64.encode(b"alice:wonder:land"));
    let shown: Vec<_> = requests.iter().map(|request| request.header("authorization")).collect();
    assert_eq!(shown[0], None);
    assert!(shown[1..].iter().all(|shown| *shown == Some(&expected)), "{shown:?}");
    assert_eq!(requests.len(), 5);
}

#[test]
fn the_person_is_asked_once() {
    let server = with_passwords();
    let mut notary = reader(&server.url);
    notary.typed = Some(vec!["alice", "wonder:land"]);
    lists(&notary);
    assert_eq!(server.requests().len(), 5);
}

#[test]
fn a_login_that_is_refused_is_the_end_and_the_cache_is_no_way_out() {
    let server = with_passwords();
    let mut notary = with_login(reader_with_cache(&server.url), "alice:wrong");
    // Somebody who would be asked.
    notary.typed = Some(vec!["alice", "wonder:land"]);
    let outcome = notary.run(["list", GOLDEN]);
    assert_eq!((outcome.stdout.as_str(), outcome.terminal.as_str()), ("", ""));
    let words = [
        "the server refuses the login of `alice` from `NOTARY_AUTH` (status 401)",
        "wrong name or password",
        "hint: check the login from `NOTARY_AUTH`; `notary login http://127.0.0.1:",
    ];
    let _ = outcome.failure(6, &words);
    assert_eq!(server.requests().len(), 2);

    // Nobody has one.
    let words = ["the server asks for a login (status 401): wrong name or password", "hint: "];
    let _ = reader_with_cache(&server.url).run(["list", GOLDEN]).failure(6, &words);
}

#[test]
fn a_user_who_may_not_do_it_is_told_who_he_is() {
    let server = guarded(
        |_| false,
        |request| match basic(request) {
            None => Response::status(401, "").header("WWW-Authenticate", "Basic realm=x"),
            Some(_) => Response::status(
                403,
                r#"{"errors":[{"code":"DENIED","message":"not on Sundays"}]}"#,
            ),
        },
    );
    let notary = with_login(reader_with_cache(&server.url), "alice:wonderland");
    let words = [
        "the server does not allow this to the login of `alice` from `NOTARY_AUTH` (status 403): not on Sundays",
        "hint: whoever runs the server can allow it",
    ];
    let _ = notary.run(["list", GOLDEN]).failure(6, &words);
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_login_in_the_address_is_used_at_token_servers_too() {
    let tokens = Arc::new(crate::support::TokenServer::start(crate::support::Rules::default()));
    let server = super::with_tokens(&tokens);
    let notary = reader_with_cache(&server.url.replace("http://", "http://alice:wonder%6Cand@"));
    lists(&notary);
    assert_eq!(tokens.asked().len(), 1);
    assert_eq!(basic(&server.requests()[0]), Some(("alice".into(), "wonderland".into())));
}

#[test]
fn a_login_in_the_address_that_is_refused_is_not_shown_again() {
    for challenge in [None, Some("Basic realm=x")] {
        let server = guarded(
            |_| false,
            move |_| match challenge {
                Some(challenge) => Response::status(401, "").header("WWW-Authenticate", challenge),
                None => Response::status(401, ""),
            },
        );
        let url = server.url.replace("http://", "http://alice:wrong-word@");
        let gun = Gun::parse(GOLDEN).unwrap();
        let (nobody, silent) = (Rc::new(NoCredentials), Arc::new(Silent));
        let endpoint = Endpoint::new(url.parse().unwrap());
        let remote = HttpRemote::new(endpoint, &gun, Access::Pull, nobody, silent);
        for who in ["the server refuses the login of `alice`", "the server asks for a login"] {
            let name = FileName::Current(RoleName::TIMESTAMP);
            let error = remote.fetch(&Fetch { name, max_length: 100 }).unwrap_err();
            assert!(error.to_string().starts_with(who), "{error}");
        }
        let shown = server.requests().into_iter().filter(|request| basic(request).is_some());
        assert_eq!(shown.count(), 1, "{challenge:?}");
    }
}

#[test]
fn our_server_with_passwords_is_used_for_everything() {
    let directory = tempfile::tempdir().unwrap();
    let line = format!("alice:{}\n", bcrypt::hash("wonderland", 4).unwrap());
    std::fs::write(directory.path().join("users"), line).unwrap();
    let settings =
        serde_json::json!({ "auth": { "type": "htpasswd", "options": { "path": "users" } } });
    let path = directory.path().join("config.json");
    std::fs::write(&path, settings.to_string()).unwrap();
    let server = OwnServer::with().arg("--config").arg(&path).start();

    let alice = user(&server.url, "alice:wonderland");
    let file = alice.write("file", "content");
    let _ = alice.run(["init", GUN, "-p"]).success();
    let _ = alice.run(["add", GUN, "v1", file.to_str().unwrap(), "-p"]).success();
    let _ = alice.run(["key", "rotate", GUN, "timestamp", "-r", "--yes"]).success();
    let other = user(&server.url, "alice:wonderland");
    assert_eq!(other.run_with_input(["verify", GUN, "v1"], b"content").success(), "content");
    let words = ["the server asks for a login (status 401)"];
    let _ = Sandbox::with_server(&server.url).run(["list", GUN]).failure(6, &words);
    let _ = alice.run(["delete", GUN, "--remote", "--yes"]).success();
}
