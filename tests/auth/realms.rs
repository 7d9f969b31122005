//! Where servers send clients for tokens, and where clients do not go.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::thread;

use super::{GOLDEN, GUN, SCENARIO, guarded, lists, reader_with_cache, user, with_login};
use crate::support::{
    HttpServer, OwnServer, Published, Request, Response, Rules, Sandbox, TokenServer, basic,
    free_port,
};
use crate::tls::certificates::{Authority, Validity};

/// The golden collection behind a challenge that nobody can meet.
fn with_challenge(challenge: &str) -> HttpServer {
    let challenge = challenge.to_owned();
    guarded(
        |_| false,
        move |_| Response::status(401, "").header("WWW-Authenticate", challenge.clone()),
    )
}

#[test]
fn challenges_that_are_of_no_use_are_said_to_be() {
    for (challenge, words) in [
        ("Negotiate", "in a way that is not known here, `negotiate`"),
        ("Digest realm=\"x\", nonce=\"y\"", "in a way that is not known here, `digest`"),
        ("Bearer service=\"x\"", "it names no token server with an http address"),
        ("Bearer realm=\"ftp://x/\"", "it names no token server with an http address"),
        ("Bearer realm=\"notary\"", "it names no token server with an http address"),
        ("Bearer realm=\"https://unfinished", "the server asks for a login (status 401)"),
        ("", "the server asks for a login (status 401)"),
    ] {
        let server = with_challenge(challenge);
        let notary = with_login(reader_with_cache(&server.url), "alice:wonderland");
        let outcome = notary.run(["list", GOLDEN]).failure(6, &[words]);
        assert_eq!(outcome.stdout, "");
        assert_eq!(server.brief(), ["GET timestamp.json", "GET "], "{challenge}");
    }
}

#[test]
fn a_realm_that_is_of_no_use_leaves_the_password() {
    let challenge = "Bearer realm=\"notary\", Basic realm=\"notary\"";
    let server = guarded(
        |request| basic(request).is_some(),
        move |_| Response::status(401, "").header("WWW-Authenticate", challenge),
    );
    lists(&with_login(reader_with_cache(&server.url), "alice:wonderland"));
}

#[test]
fn a_token_server_that_is_not_there_is_not_the_server_that_is_not_there() {
    let realm = format!("http://127.0.0.1:{}/token", free_port());
    let server = with_challenge(&format!("Bearer realm=\"{realm}\",service=\"x\""));
    for login in [None, Some("alice:wonderland")] {
        let notary = reader_with_cache(&server.url);
        let notary = match login {
            Some(login) => with_login(notary, login),
            None => notary,
        };
        let outcome = notary.run(["list", GOLDEN]);
        assert_eq!(outcome.stdout, "", "the cache is for servers that are not there");
        let words = [
            "no token from the token server: the server cannot be reached",
            &realm,
            "caused by: connection refused by the server at 127.0.0.1:",
            "hint: the server has named this token server",
        ];
        let _ = outcome.failure(5, &words);
    }
}

#[test]
fn answers_of_token_servers_that_are_no_tokens_are_told() {
    let redirect = Response::status(302, "").header("Location", "http://elsewhere.example/");
    for (answer, code, words, requests) in [
        (
            Response::ok("{}"),
            5,
            "the authorization server did not include a token in the response",
            1,
        ),
        (
            Response::ok(r#"{"token":""}"#),
            5,
            "the authorization server did not include a token in the response",
            1,
        ),
        (Response::ok(r#"{"token":"a\nb"}"#), 5, "the token has characters that cannot be sent", 1),
        (Response::ok("<html>"), 5, "it is not what token servers say", 1),
        (Response::ok(vec![b' '; 2 << 20]), 5, "the answer is longer than 1048576 bytes", 1),
        (redirect, 5, "status 302, which points to http://elsewhere.example/", 1),
        (Response::status(418, ""), 5, "status 418", 1),
        (Response::status(404, ""), 5, "status 404", 2),
        (Response::status(500, ""), 5, "the server cannot answer now (status 500)", 1),
        (Response::status(503, ""), 5, "the server cannot answer now (status 503)", 3),
        (
            Response::status(503, "").header("Retry-After", "3600"),
            5,
            "(status 503), and asks to wait 60 minutes",
            1,
        ),
        (Response::Raw(Vec::new()), 5, "the connection broke", 3),
        (
            Response::status(401, r#"{"details":"incorrect username or password"}"#),
            6,
            "the token server refuses the login of `alice` from `NOTARY_AUTH` (status 401); asked for was `repository:golden.example/published:pull`: incorrect username or password",
            1,
        ),
        (
            Response::status(
                400,
                r#"{"error":"invalid_grant","error_description":"no such user"}"#,
            ),
            6,
            "(status 400, invalid_grant); asked for was `repository:golden.example/published:pull`: no such user",
            1,
        ),
        (
            Response::status(403, r#"{"errors":[{"code":"DENIED","message":"no"}]}"#),
            6,
            "the token server refuses the login of `alice` from `NOTARY_AUTH` (status 403)",
            1,
        ),
    ] {
        let tokens =
            TokenServer::start(Rules { instead: Some(answer.clone()), ..Rules::default() });
        let server = with_challenge(&tokens.challenge());
        let notary = with_login(reader_with_cache(&server.url), "alice:wonderland");
        let outcome = notary.run(["list", GOLDEN]);
        assert_eq!(outcome.stdout, "");
        let _ = outcome.failure(code, &[words, &tokens.realm()]);
        // A 404 is asked again with the form.
        assert_eq!(tokens.requests().len(), requests, "{words}");
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn no_login_is_sent_in_clear_because_a_server_with_tls_wants_it_so() {
    let authority = Authority::new("CA");
    let directory = tempfile::tempdir().unwrap();
    let ca = authority.write(directory.path(), "ca");
    let issued = authority.issue(&["127.0.0.1"], Validity::Now).write(directory.path(), "server");
    let start = |realm: &str, tokens: &TokenServer| {
        let mut settings = tokens.settings(directory.path());
        settings["options"]["realm"] = realm.into();
        let path = directory.path().join("config.json");
        std::fs::write(&path, serde_json::json!({ "auth": settings }).to_string()).unwrap();
        OwnServer::with()
            .arg("--config")
            .arg(&path)
            .arg("--tls-cert")
            .arg(&issued.certificate)
            .arg("--tls-key")
            .arg(&issued.key)
            .start()
    };
    let tokens = Arc::new(TokenServer::start(Rules::default()));
    let server = start("http://tokens.example/token", &tokens);
    let mut alice = user(&server.url, "alice:wonderland");
    alice.options.extend(["--tlscacert".to_owned(), ca.to_str().unwrap().to_owned()]);
    let words = [
        "the server names a token server without TLS, and no login is sent in clear",
        "http://tokens.example/token",
        "hint: ",
    ];
    let _ = alice.run(["init", GUN, "-p"]).failure(6, &words);

    // On this machine nobody listens in.
    let server = start(&tokens.realm(), &tokens);
    alice.options[1].clone_from(&server.url);
    let _ = alice.run(["init", GUN, "-p"]).success();
    assert_eq!(tokens.asked().len(), 1);
}

/// A proxy on the way to all hosts, with the golden collection on each of them; whoever has no
/// `Bearer opaque` is sent to the realm.
fn all_hosts(realm: &'static str) -> HttpServer {
    let published = Published::golden(SCENARIO, GOLDEN);
    HttpServer::start(move |request| {
        if request.path.starts_with(realm) {
            return Response::ok(r#"{"token":"opaque"}"#);
        }
        let path = match request.path.strip_prefix("http://") {
            Some(rest) => rest[rest.find('/').unwrap()..].to_owned(),
            None => request.path.clone(),
        };
        match request.header("authorization") {
            Some("Bearer opaque") => published.answer(&Request { path, ..request.clone() }),
            _ => Response::status(401, "")
                .header("WWW-Authenticate", format!("Bearer realm=\"{realm}\"")),
        }
    })
}

#[test]
fn no_login_is_sent_in_clear_to_a_host_that_nobody_has_given() {
    let words = [
        "the server names a token server without TLS, and no login is sent in clear",
        "http://tokens.example/token",
        "hint: ",
    ];
    let hosts = all_hosts("http://tokens.example/token");
    let behind = |url: &str, login: Option<&str>| {
        let mut notary = reader_with_cache(url);
        notary.vars.insert("HTTP_PROXY".into(), hosts.url.clone());
        match login {
            Some(login) => with_login(notary, login),
            None => notary,
        }
    };
    // A server that is here is asked without the proxy.
    for url in ["http://notary.example", &hosts.url] {
        hosts.forget();
        let _ = behind(url, Some("alice:wonderland")).run(["list", GOLDEN]).failure(6, &words);
        let requests = hosts.requests();
        assert_eq!(requests.len(), 1, "{url}: {requests:?}");
        // What everybody gets is no secret.
        lists(&behind(url, None));
    }

    // So it is with registries, which are here and without TLS, and were not given that way.
    let registry = HttpServer::start_patient(|_| {
        let challenge = "Bearer realm=\"http://tokens.example/token\"";
        Response::status(401, "").header("WWW-Authenticate", challenge)
    });
    let mut notary = Sandbox::new();
    notary.vars.insert("HTTP_PROXY".into(), hosts.url.clone());
    let host = registry.url.trim_start_matches("http://");
    let config = serde_json::json!({ "auths": { host: { "auth": "YWxpY2U6d29uZGVybGFuZA==" } } });
    notary.write("docker/config.json", config.to_string());
    let directory = notary.work().join("docker").to_str().unwrap().to_owned();
    notary.vars.insert("DOCKER_CONFIG".into(), directory);
    hosts.forget();
    let image = format!("{host}/app:1.0");
    let _ = notary.run(["add", "a.example/app", "1.0", "--image", &image]).failure(6, &words);
    assert_eq!(hosts.requests(), []);
}

#[test]
fn a_host_that_was_given_without_tls_may_have_its_token_server_on_another_port() {
    let hosts = all_hosts("http://notary.example:5001/token");
    let mut notary = reader_with_cache("http://notary.example");
    notary.vars.insert("HTTP_PROXY".into(), hosts.url.clone());
    lists(&with_login(notary, "alice:wonderland"));
    let asked = hosts.requests();
    let asked: Vec<_> = asked.iter().filter(|request| basic(request).is_some()).collect();
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert!(asked[0].path.starts_with("http://notary.example:5001/token?"), "{}", asked[0].path);
}

#[test]
fn a_realm_with_tls_is_asked_with_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let realm = format!("https://{}/token", listener.local_addr().unwrap());
    // It takes what comes for a bad request.
    let first = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut hello = [0; 3];
        stream.read_exact(&mut hello).unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
        hello
    });
    let server = with_challenge(&format!("Bearer realm=\"{realm}\""));
    let words = [
        "no token from the token server: no secure connection (TLS) is possible",
        "caused by: the server does not speak TLS",
        &realm,
        "hint: the server has named this token server",
    ];
    let outcome = reader_with_cache(&server.url).run(["list", GOLDEN]);
    // The beginning of a handshake.
    assert_eq!(first.join().unwrap()[..2], [22, 3]);
    let _ = outcome.failure(5, &words);
}
