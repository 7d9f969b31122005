//! The server that each collection gets.

use super::*;
use crate::config::Config;

/// The configuration of a run with this file, these variables and this `-s`.
fn load(text: &str, vars: &[(&str, &str)], overrides: Overrides) -> Result<Servers, ConfigError> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("c.json");
    crate::fsutil::write_atomic(&path, text.as_bytes()).unwrap();
    let around = Surroundings {
        cwd: "/work".into(),
        home: Some("/home/alice".into()),
        vars: vars.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
    };
    let overrides = Overrides { config_file: Some(path), ..overrides };
    let mut servers = Config::load(&overrides, &around)?.servers;
    // Where the file is differs from run to run.
    for server in servers.remotes.values_mut().chain([&mut servers.other]) {
        if let Server::Http(endpoint) = server {
            let TlsOptions { root_ca, client, .. } = &mut endpoint.tls;
            let pair = client.iter_mut().flat_map(|(certificate, key)| [certificate, key]);
            for path in root_ca.iter_mut().chain(pair) {
                if let Ok(relative) = path.strip_prefix(directory.path()) {
                    *path = relative.to_owned();
                }
            }
        }
    }
    Ok(servers)
}

fn file(text: &str) -> Servers {
    load(text, &[], Overrides::default()).unwrap()
}

fn endpoint(servers: &Servers, gun: &str) -> Endpoint {
    match servers.of(&Gun::parse(gun).unwrap()) {
        Server::Http(endpoint) => Endpoint::clone(endpoint),
        Server::Directory { path, .. } => panic!("{}", path.display()),
    }
}

fn host(servers: &Servers, gun: &str) -> String {
    endpoint(servers, gun).url.host_str().unwrap().to_owned()
}

#[test]
fn the_longest_prefix_that_ends_with_a_part_of_the_name_decides() {
    let servers = file(
        r#"{"remote_server": {"url": "https://other"}, "remotes": {
            "a.example/": {"url": "https://a"}, "a.example/team": {"url": "https://team"},
            "a.example/team/x": {"url": "https://x"}, "b.example": {"url": "https://b"},
            "b.example:5000": {"url": "https://port"}}}"#,
    );
    for (gun, expected) in [
        ("a.example/app", "a"),
        ("a.example/team", "team"),
        ("a.example/team/app", "team"),
        ("a.example/teams", "a"),
        ("a.example/team/x", "x"),
        ("a.example/team/xy", "team"),
        ("a.example/team/x/y", "x"),
        // A prefix with a slash at its end is for what is below.
        ("a.example", "other"),
        ("a.example.org/app", "other"),
        ("A.example/app", "other"),
        ("b.example", "b"),
        ("b.example/app", "b"),
        ("b.example.org/app", "other"),
        ("b.example:5000/app", "port"),
        ("b.example:50000/app", "other"),
        ("docker.io/library/a.example/app", "other"),
    ] {
        assert_eq!(host(&servers, gun), expected, "{gun}");
    }
}

const BOTH: &str = r#"{
    "remote_server": {"url": "https://other", "root_ca": "ca", "tls_client_cert": "cert",
        "tls_client_key": "key", "skipTLSVerify": true, "timeouts": {"idle": 7}},
    "remotes": {
        "own/": {"url": "https://own"},
        "same/": {"timeouts": {"connect": 3}},
        "client/": {"tls_client_cert": "mine.crt", "tls_client_key": "mine.key",
            "skipTLSVerify": false}}}"#;

#[test]
fn what_is_meant_for_one_server_is_not_used_for_another() {
    let servers = file(BOTH);
    let own = endpoint(&servers, "own/app");
    assert_eq!((own.tls, own.timeouts), (TlsOptions::default(), Timeouts::default()));

    let other = endpoint(&servers, "app");
    let pair = |certificate: &str, key: &str| Some((certificate.into(), key.into()));
    assert_eq!(other.tls.client, pair("cert", "key"));
    assert!(other.tls.insecure_skip_verify);
    assert_eq!(other.timeouts.idle, Duration::from_secs(7));

    let same = endpoint(&servers, "same/app");
    assert_eq!((&same.url, &same.tls), (&other.url, &other.tls));
    assert_eq!(same.timeouts, Timeouts { connect: Duration::from_secs(3), ..other.timeouts });

    let client = endpoint(&servers, "client/app");
    assert_eq!(client.url, other.url);
    assert_eq!(client.tls.client, pair("mine.crt", "mine.key"));
    assert_eq!(client.tls.root_ca, Some("ca".into()));
    assert!(!client.tls.insecure_skip_verify);
}

#[test]
fn the_command_line_wins_over_everything() {
    let overrides = Overrides { server: Some("https://given".into()), ..Overrides::default() };
    let servers = load(BOTH, &[], overrides).unwrap();
    for gun in ["own/app", "same/app", "client/app", "app"] {
        let endpoint = endpoint(&servers, gun);
        assert_eq!(endpoint.url.as_str(), "https://given/", "{gun}");
        // Notary-go: the rest of `remote_server` is for the server of `-s`.
        assert_eq!(endpoint.tls.root_ca, Some("ca".into()), "{gun}");
    }
    let overrides = Overrides {
        tls_ca: Some("ca.pem".into()),
        tls_cert: Some("given.crt".into()),
        tls_key: Some("given.key".into()),
        ..Overrides::default()
    };
    let servers = load(BOTH, &[], overrides).unwrap();
    for (gun, host) in [("own/app", "own"), ("client/app", "other"), ("app", "other")] {
        let endpoint = endpoint(&servers, gun);
        assert_eq!(endpoint.url.host_str(), Some(host));
        assert_eq!(endpoint.tls.root_ca, Some("/work/ca.pem".into()), "{gun}");
        let pair = ("/work/given.crt".into(), "/work/given.key".into());
        assert_eq!(endpoint.tls.client, Some(pair), "{gun}");
    }
}

#[test]
fn the_variable_of_docker_counts_when_nothing_else_does() {
    let vars = [(DOCKER_SERVER, "https://docker:4443")];
    let remotes = r#"{"remotes": {"own/": {"url": "https://own"}}}"#;
    let servers = load(remotes, &vars, Overrides::default()).unwrap();
    assert_eq!(host(&servers, "own/app"), "own");
    assert_eq!(endpoint(&servers, "app").url.as_str(), "https://docker:4443/");
    let named = load(BOTH, &vars, Overrides::default()).unwrap();
    assert_eq!(host(&named, "app"), "other");
    let overrides = Overrides { server: Some("https://given".into()), ..Overrides::default() };
    assert_eq!(host(&load("{}", &vars, overrides).unwrap(), "app"), "given");
    // An empty one is none.
    let servers = load("{}", &[(DOCKER_SERVER, "")], Overrides::default()).unwrap();
    assert!(matches!(servers.other, Server::Directory { is_default: true, .. }));

    let bad = [(DOCKER_SERVER, "docker:4443")];
    let error = load("{}", &bad, Overrides::default()).unwrap_err().to_string();
    assert!(error.contains(DOCKER_SERVER), "{error}");
    assert!(load(BOTH, &bad, Overrides::default()).is_ok());
}

#[test]
fn certificates_of_docker_are_for_the_server_of_its_variable() {
    let directory = tempfile::tempdir().unwrap();
    let tls = directory.path().join("tls/docker.example:4443");
    for name in ["ca.crt", "client.cert", "client.key"] {
        crate::fsutil::write_atomic(&tls.join(name), b"").unwrap();
    }
    let config = directory.path().to_str().unwrap();
    let vars = |server| [(DOCKER_SERVER, server), ("DOCKER_CONFIG", config)];
    let tls_of = |text: &str, server| {
        endpoint(&load(text, &vars(server), Overrides::default()).unwrap(), "app").tls
    };
    let found = tls_of("{}", "https://docker.example:4443/path");
    assert_eq!(found.root_ca, Some(tls.join("ca.crt")));
    assert_eq!(found.client, Some((tls.join("client.cert"), tls.join("client.key"))));
    assert_eq!(tls_of("{}", "https://docker.example"), TlsOptions::default());
    // What is configured goes first.
    let text = r#"{"remote_server": {"root_ca": "/ca"}}"#;
    assert_eq!(tls_of(text, "https://docker.example:4443").root_ca, Some("/ca".into()));
    let text = r#"{"remote_server": {"url": "https://docker.example:4443"}}"#;
    assert_eq!(tls_of(text, "https://docker.example:4443"), TlsOptions::default());
}

#[test]
fn timeouts_are_set_within_bounds() {
    let text = r#"{"remote_server": {"url": "https://a", "timeouts":
        {"connect": 1, "idle": 600, "total": 86400}}}"#;
    let timeouts = endpoint(&file(text), "app").timeouts;
    let seconds = [timeouts.connect, timeouts.idle, timeouts.judging, timeouts.total];
    assert_eq!(seconds.map(|timeout| timeout.as_secs()), [1, 600, 600, 86400]);
    for value in ["0", "-1", "86401", "1.5", r#""5""#, "null", "[]"] {
        let text = format!(r#"{{"remote_server": {{"timeouts": {{"total": {value}}}}}}}"#);
        let result = load(&text, &[], Overrides::default());
        match value {
            "null" => assert!(result.is_ok()),
            _ => {
                let error = result.unwrap_err().to_string();
                assert!(error.contains("`remote_server.timeouts.total` in"), "{error}");
            }
        }
    }
}

#[test]
fn mistakes_in_remotes_are_named_even_if_they_do_not_count() {
    for (text, words) in [
        (r#"{"a/": {"urk": "https://a"}}"#, "`remotes.a/.urk` in"),
        (r#"{"a/": "https://a"}"#, "`remotes.a/` in"),
        (r#"{"a.b/c": {"url": "a"}}"#, "`remotes.a.b/c.url` in"),
        (r#"{"a/": {"url": "https://a", "tls_client_cert": "c"}}"#, "both or neither"),
        (r#"{"a/": {"timeouts": {"idel": 1}}}"#, "`remotes.a/.timeouts.idel` in"),
        (r#"{"": {"url": "https://a"}}"#, "beginning of names"),
        (r#"{"https://a/": {"url": "https://a"}}"#, "beginning of names"),
        (r#"{"a/*": {"url": "https://a"}}"#, "beginning of names"),
        (r#""a""#, "must be an object"),
    ] {
        for server in [None, Some("https://given".to_owned())] {
            let overrides = Overrides { server, ..Overrides::default() };
            let text = format!(r#"{{"remotes": {text}}}"#);
            let error = load(&text, &[], overrides).unwrap_err().to_string();
            assert!(error.contains(words), "{text}: {error}");
        }
    }
}
