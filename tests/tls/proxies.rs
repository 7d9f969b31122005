//! Servers behind proxies, which are the only ones to know where they are.

use super::certificates::{Authority, Validity};
use super::{CACHED, publish_and_list, server_for};
use crate::support::{
    ConnectProxy, Connects, NotaryServer, Sandbox, copy_dir, golden, read_golden,
};

const SERVER: &str = "https://notary.example:4443";

/// A server of this authority that is called `notary.example`, and a proxy that finds it.
fn behind_a_proxy(authority: &Authority) -> (NotaryServer, ConnectProxy) {
    let server = server_for(authority, &["notary.example"], Validity::Now);
    let address = server.url.trim_start_matches("https://").to_owned();
    (server, ConnectProxy::start(Connects::To(address)))
}

/// Somebody who asks `notary.example` and trusts this authority, with such a variable.
fn client(authority: &Authority, variable: &str, value: &str) -> Sandbox {
    let mut notary = Sandbox::with_server(SERVER);
    let ca = authority.write(&notary.work(), "ca");
    notary.options.extend(["--tlscacert".to_owned(), ca.display().to_string()]);
    notary.vars.insert(variable.to_owned(), value.to_owned());
    notary
}

#[test]
fn a_server_with_tls_is_talked_to_through_a_proxy() {
    let authority = Authority::new("servers");
    let (_server, proxy) = behind_a_proxy(&authority);
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        let notary = client(&authority, variable, &proxy.url);
        let _ = notary.run(["list", "none/such"]).failure(4, &["does not have none/such"]);
    }
    publish_and_list(&client(&authority, "HTTPS_PROXY", proxy.url.trim_start_matches("http://")));
    for head in proxy.heads() {
        assert!(head.starts_with("CONNECT notary.example:4443 HTTP/1.1\r\n"), "{head}");
        assert!(!head.to_lowercase().contains("authorization"), "{head}");
    }
}

#[test]
fn who_the_server_is_does_not_depend_on_the_proxy() {
    let authority = Authority::new("servers");
    let (_server, proxy) = behind_a_proxy(&authority);
    let notary = client(&Authority::new("others"), "HTTPS_PROXY", &proxy.url);
    let _ = notary.run(["list", "a/b"]).failure(5, &["authority that is not trusted here"]);
    let mut notary = client(&authority, "HTTPS_PROXY", &proxy.url);
    notary.options[1] = "https://other.example".to_owned();
    let _ = notary.run(["list", "a/b"]).failure(5, &["`other.example` was asked for"]);
}

#[test]
fn the_login_for_a_proxy_is_used_and_never_shown() {
    let authority = Authority::new("servers");
    let (_server, proxy) = behind_a_proxy(&authority);
    let with_login = proxy.url.replace("http://", "http://us%40er:sesa%6de@");
    let notary = client(&authority, "HTTPS_PROXY", &with_login);
    let outcome = notary.run_process(["-D", "list", "a/b"]);
    assert_eq!(outcome.code, 4, "{}", outcome.report());
    // printf us@er:sesame | base64
    let login = "proxy-authorization: basic dxnazxi6c2vzyw1l\r\n";
    assert!(proxy.heads()[0].to_lowercase().contains(login), "{}", proxy.heads()[0]);
    let refusing = ConnectProxy::start(Connects::Status(407));
    let nobody = "http://us%40er:sesa%6de@127.0.0.1:1".to_owned();
    let wrong_login = refusing.url.replace("http://", "http://us%40er:sesa%6de@");
    for url in [with_login, nobody, wrong_login] {
        let notary = client(&Authority::new("others"), "HTTPS_PROXY", &url);
        let shown = notary.run_process(["-D", "list", "a/b"]);
        assert_eq!(shown.code, 5, "{}", shown.report());
        for outcome in [&outcome, &shown] {
            for word in ["sesa", "us%40er", "us@er", "dXNAZXI6"] {
                assert!(!outcome.stderr.contains(word), "{}", outcome.report());
            }
        }
    }
}

/// A reader with a good copy of the collection.
fn reader_with_cache(variable: &str, value: &str) -> Sandbox {
    let notary = client(&Authority::new("servers"), variable, value).at_golden_time();
    copy_dir(&golden("02-published/trust"), &notary.trust_dir());
    notary
}

#[test]
fn a_proxy_that_says_no_is_no_reason_to_use_the_copy() {
    let refused = "the proxy does not connect to the server (https://notary.example:4443/v2/";
    for (connects, words) in [
        (
            Connects::Status(407),
            [
                "the proxy asks for a login (status 407)",
                "does not connect to notary.example:4443: proxy authorization required",
                "hint: `HTTPS_PROXY=http://NAME:PASSWORD@HOST:PORT` has the login",
            ],
        ),
        (Connects::Status(403), [refused, "notary.example:4443", "hint: `NO_PROXY=HOST`"]),
        (Connects::Status(503), [refused, "notary.example:4443", "hint: `NO_PROXY=HOST`"]),
        (Connects::Never, [refused, "unexpected end of file", "hint: `NO_PROXY=HOST`"]),
    ] {
        let proxy = ConnectProxy::start(connects);
        let outcome = reader_with_cache("HTTPS_PROXY", &proxy.url).run(["list", CACHED]);
        assert_eq!(outcome.stdout, "", "{}", outcome.report());
        let named = format!("the proxy {} does not connect", proxy.url);
        let _ = outcome.failure(5, &[&words[..], &[&named]].concat());
        let publish = reader_with_cache("HTTPS_PROXY", &proxy.url).run(["publish", CACHED]);
        let _ = publish.failure(5, &words);
    }
    let proxy = ConnectProxy::start(Connects::Status(407));
    let mut notary = reader_with_cache("HTTP_PROXY", &proxy.url);
    notary.options[1] = "http://notary.example".to_owned();
    let outcome = notary.run(["list", CACHED]);
    assert_eq!(outcome.stdout, "", "{}", outcome.report());
    let words = ["the proxy asks for a login (status 407)", "hint: `HTTPS_PROXY=http://NAME:"];
    let _ = outcome.failure(5, &words);
}

#[test]
fn without_the_proxy_the_server_is_out_of_reach() {
    for proxy in ["http://127.0.0.1:1", "127.0.0.1:1"] {
        let outcome = reader_with_cache("HTTPS_PROXY", proxy).run(["list", CACHED]);
        for words in [
            "warning: the server cannot be reached (https://notary.example:4443/v2/",
            "caused by: connection refused by the proxy http://127.0.0.1:1 at 127.0.0.1:1",
            "warning: using the copy on this machine, which the server confirmed",
        ] {
            assert!(outcome.stderr.contains(words), "{words}\n{}", outcome.report());
        }
        assert_eq!(outcome.success().as_bytes(), read_golden("02-published/list.txt"));
    }
    let proxy = format!("http://{}.example:3128", "a".repeat(64));
    let words = format!("of the proxy {proxy} cannot be resolved");
    let _ = reader_with_cache("HTTPS_PROXY", &proxy).run(["publish", CACHED]).failure(5, &[&words]);
}

#[test]
fn a_proxy_that_cannot_be_used_is_not_passed_over() {
    for proxy in ["socks5://user:sesame@127.0.0.1:1", "http://user:sesame@"] {
        let notary = reader_with_cache("ALL_PROXY", proxy);
        let outcome = notary.run(["list", CACHED]);
        assert!(!outcome.stderr.contains("sesame"), "{}", outcome.report());
        let _ = outcome.failure(2, &["ALL_PROXY is not of the form http(s)://HOST[:PORT]"]);
        // Where it plays no part, nobody minds.
        let server = NotaryServer::start();
        let _ = notary.run(["list", "a/b", "-s", &server.url]).failure(4, &["does not have a/b"]);
    }
}

#[test]
fn what_is_excepted_is_asked_directly() {
    let proxy = ConnectProxy::start(Connects::Status(403));
    // No name server is asked for names that there cannot be.
    let host = format!("{}.example", "a".repeat(64));
    for (exceptions, is_direct) in
        [(host.as_str(), true), ("*", true), (".example", true), ("other.example", false)]
    {
        for variable in ["NO_PROXY", "no_proxy"] {
            let mut notary = Sandbox::with_server(&format!("http://{host}"));
            notary.vars.insert("HTTP_PROXY".to_owned(), proxy.url.clone());
            notary.vars.insert(variable.to_owned(), exceptions.to_owned());
            let outcome = notary.run(["list", "a/b"]);
            let words = if is_direct { "cannot be resolved" } else { "refuses this user" };
            assert!(outcome.stderr.contains(words), "{}", outcome.report());
        }
    }
}
