//! Proxies, which are set by the environment of the process.

use std::process::{Command, Output};

use crate::support::{HttpServer, Response, Sandbox, binary};

/// Asks a server for a collection, in a process with these variables and no others.
fn list(server: &str, vars: &[(&str, &str)]) -> Output {
    let nobody = Sandbox::new();
    Command::new(binary())
        .args(["-s", server, "list", "a/b"])
        .env_clear()
        .env("HOME", nobody.work())
        .envs(vars.iter().copied())
        .output()
        .unwrap()
}

#[test]
fn servers_elsewhere_are_asked_through_the_proxy() {
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY"] {
        let proxy = HttpServer::start(|_| Response::not_found());
        let output = list("http://notary.invalid:4443", &[(name, &proxy.url)]);
        assert_eq!(output.status.code(), Some(4), "{name}: {output:?}");
        let asked: Vec<String> = proxy.requests().into_iter().map(|asked| asked.path).collect();
        assert_eq!(asked, ["http://notary.invalid:4443/v2/a/b/_trust/tuf/root.json"], "{name}");
    }
}

#[test]
fn this_machine_is_not_asked_through_the_proxy() {
    let proxy = HttpServer::start(|_| Response::not_found());
    let server = HttpServer::start(|_| Response::not_found());
    for url in [server.url.clone(), server.url.replace("127.0.0.1", "localhost")] {
        let output = list(&url, &[("HTTP_PROXY", &proxy.url)]);
        assert_eq!(output.status.code(), Some(4), "{output:?}");
    }
    assert_eq!(proxy.requests(), []);
    assert_eq!(server.brief(), ["GET root.json"; 2]);
}
