//! Several servers with authorities of their own, in one configuration.

use std::fs;

use serde_json::json;

use super::certificates::{Authority, Validity};
use super::{server_for, server_for_clients_of};
use crate::support::{HttpServer, NotaryServer, Response, Sandbox};

#[test]
fn each_collection_is_published_on_its_own_server() {
    let (one, two) = (Authority::new("one"), Authority::new("two"));
    let (first, second) =
        (server_for(&one, &["127.0.0.1"], Validity::Now), server_for_clients_of(&two, &two));
    let notary = Sandbox::new();
    let etc = notary.work().join("etc");
    fs::create_dir(&etc).unwrap();
    one.write(&etc, "one");
    two.write(&etc, "two");
    two.issue(&["somebody"], Validity::Now).write(&etc, "client");
    let config = json!({"remotes": {
        "Reg.example:5000": {"url": first.url, "root_ca": "one.crt"},
        "Reg.example:5000/team": {"url": second.url, "root_ca": "two.crt",
            "tls_client_cert": "client.crt", "tls_client_key": "client.key"},
    }});
    notary.write("etc/c.json", config.to_string());
    notary.write("file", "content");
    let run = |args: &[&str]| notary.run([&["-c", "etc/c.json"], args].concat());
    let guns = ["Reg.example:5000/app", "Reg.example:5000/team/app", "reg.example:5000/app"];
    for gun in guns {
        let _ = run(&["init", gun, "-p"]).success();
        let _ = run(&["add", gun, gun, "file", "-p"]).success();
        assert!(run(&["list", gun]).success().contains(gun));
    }
    let own = format!("file://{}/server", notary.trust_dir().display());
    let (clients, ca) = (etc.join("client"), etc.join("two.crt"));
    let second_as: Vec<String> = vec![
        format!("--tlscacert={}", ca.display()),
        format!("--tlscert={}", clients.with_extension("crt").display()),
        format!("--tlskey={}", clients.with_extension("key").display()),
    ];
    let first_as = vec![format!("--tlscacert={}", etc.join("one.crt").display())];
    for (gun, url, options) in [
        (guns[0], &first.url, &first_as),
        (guns[1], &second.url, &second_as),
        (guns[2], &own, &Vec::new()),
    ] {
        // Somebody else finds on each server what belongs there, and nothing more.
        for other in guns {
            let mut reader = Sandbox::with_server(url);
            reader.options.extend(options.iter().cloned());
            if url == &own {
                reader.vars = notary.vars.clone();
            }
            let code = if other == gun { 0 } else { 4 };
            let outcome = reader.run(["list", other]);
            assert_eq!(outcome.code, code, "{}", outcome.report());
        }
    }
}

#[test]
fn nothing_that_is_meant_for_one_server_is_shown_to_another() {
    let (authority, clients) = (Authority::new("servers"), Authority::new("clients"));
    let server = server_for_clients_of(&clients, &authority);
    let notary = Sandbox::new();
    let ca = authority.write(&notary.work(), "ca");
    clients.issue(&["somebody"], Validity::Now).write(&notary.work(), "client");
    let pair =
        json!({"root_ca": ca, "tls_client_cert": "client.crt", "tls_client_key": "client.key"});
    let with = |extra: serde_json::Value| {
        let mut members = pair.clone();
        members.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        members
    };
    let config = json!({
        "remote_server": with(json!({"url": server.url})),
        "remotes": {
            "bare/": {"url": server.url, "root_ca": ca},
            "trusting/": {"url": server.url},
            "full/": with(json!({"url": server.url})),
            "same/": {"timeouts": {"idle": 10}},
        },
    });
    notary.write("c.json", config.to_string());
    let list = |gun: &str| notary.run(["-c", "c.json", "list", gun]);
    for gun in ["other/app", "full/app", "same/app"] {
        let _ = list(gun).failure(4, &[gun]);
    }
    let _ = list("bare/app").failure(5, &["client certificate"]);
    let _ = list("trusting/app").failure(5, &["authority that is not trusted here"]);

    let config = json!({
        "remote_server": {"url": "https://127.0.0.1:1", "skipTLSVerify": true},
        "remotes": {"a/": {"url": server.url}},
    });
    notary.write("c.json", config.to_string());
    let outcome = list("a/app").failure(5, &["authority that is not trusted here"]);
    assert!(!outcome.stderr.contains("warning"), "{}", outcome.report());
}

/// A server that sends clients for tokens to a server with TLS, which has none.
fn naming(tokens: &NotaryServer, host: &str) -> HttpServer {
    let realm = format!("{}/token", tokens.url.replace("127.0.0.1", host));
    HttpServer::start(move |_| {
        Response::status(401, "").header("WWW-Authenticate", format!("Bearer realm=\"{realm}\""))
    })
}

#[test]
fn a_token_server_on_another_host_does_not_get_what_is_for_the_server() {
    let authority = Authority::new("servers");
    let answered = "no token from the token server: unexpected answer: status 404";

    // The client certificate.
    let tokens = NotaryServer::start_with("https", |directory, mut server| {
        let issued = authority.issue(&["127.0.0.1", "localhost"], Validity::Now);
        let files = issued.write(directory, "server");
        server["tls_cert_file"] = files.certificate.to_str().into();
        server["tls_key_file"] = files.key.to_str().into();
        server["client_ca_file"] = authority.write(directory, "clients").to_str().into();
        server
    });
    for (host, words) in [
        ("127.0.0.1", answered),
        ("localhost", "is only for the host of the server that has named it"),
    ] {
        let server = naming(&tokens, host);
        let mut notary = Sandbox::with_server(&server.url);
        // The authority is for both.
        let ca = authority.write(&notary.work(), "ca").to_str().unwrap().to_owned();
        notary.options.extend(["--tlscacert".to_owned(), ca]);
        let issued = authority.issue(&["somebody"], Validity::Now).write(&notary.work(), "client");
        notary.options.extend(issued.args());
        let _ = notary.run(["list", "a/b"]).failure(5, &[words]);
    }

    // That its certificate is not checked.
    let tokens = server_for(&authority, &["127.0.0.1", "localhost"], Validity::Now);
    for (host, words) in [("127.0.0.1", answered), ("localhost", "no secure connection (TLS)")] {
        let server = naming(&tokens, host);
        let mut notary = Sandbox::new();
        let config = json!({ "remote_server": { "url": server.url, "skipTLSVerify": true } });
        let config = notary.write("config.json", config.to_string());
        notary.options.extend(["-c".to_owned(), config.to_str().unwrap().to_owned()]);
        let _ = notary.run(["list", "a/b"]).failure(5, &[words]);
    }
}

#[test]
fn the_server_and_the_certificates_of_docker_are_used_when_nothing_else_is_named() {
    let (authority, clients) = (Authority::new("servers"), Authority::new("clients"));
    let server = server_for_clients_of(&clients, &authority);
    let mut notary = Sandbox::new();
    notary.vars.insert("DOCKER_CONTENT_TRUST_SERVER".into(), server.url.clone());
    let _ = notary.run(["list", "a/b"]).failure(5, &["authority that is not trusted here"]);
    let host = server.url.trim_start_matches("https://");
    let directory = notary.trust_dir().parent().unwrap().join(".docker/tls").join(host);
    fs::create_dir_all(&directory).unwrap();
    authority.write(&directory, "ca");
    let _ = notary.run(["list", "a/b"]).failure(5, &["client certificate"]);
    let issued = clients.issue(&["somebody"], Validity::Now).write(&directory, "client");
    fs::rename(issued.certificate, directory.join("client.cert")).unwrap();
    super::publish_and_list(&notary);
    let _ = notary.run(["-s", "file:///nonexistent", "list", "a/b"]).failure(4, &["/nonexistent"]);
}
