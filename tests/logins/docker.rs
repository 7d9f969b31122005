//! Docker's configuration and its credential helpers.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;
use std::time::Duration;

use notary::credentials::{
    Chain, CredentialsError, Effort, Found, Given, Login, Programs, Sources,
};
use serde_json::{Value, json};

use super::{PASSWORD, Person, auth, login, place, word};

const SERVER: &str = "https://registry.example:5000";

/// A directory with Docker's configuration and helpers.
struct Docker {
    directory: tempfile::TempDir,
    person: Person,
}

impl Docker {
    fn new(config: &Value) -> Self {
        let docker = Self { directory: tempfile::tempdir().unwrap(), person: Person::default() };
        docker.configure(&config.to_string());
        docker
    }

    fn file(&self) -> PathBuf {
        self.directory.path().join("config.json")
    }

    fn configure(&self, text: &str) {
        fs::write(self.file(), text).unwrap();
    }

    /// Puts a helper in place that notes how it was called, and goes on as the script says.
    fn helper(&self, name: &str, script: &str) {
        let path = self.directory.path().join(format!("docker-credential-{name}"));
        let calls = self.directory.path().join(format!("calls-{name}"));
        let head =
            format!("#!/bin/sh\nread -r server\necho \"$* $server\" >> {}\n", calls.display());
        fs::write(&path, format!("{head}{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// How a helper was called.
    fn calls(&self, name: &str) -> Vec<String> {
        let calls = fs::read_to_string(self.directory.path().join(format!("calls-{name}")));
        calls.unwrap_or_default().lines().map(str::to_owned).collect()
    }

    fn given(&self) -> Given {
        let path = format!("{}:/usr/bin:/bin", self.directory.path().display());
        let programs = Programs { path: Some(path.into()), ..Programs::default() };
        Given { docker: Some(self.directory.path().into()), programs, ..Given::default() }
    }

    fn chain(&self, given: Given) -> Rc<Chain> {
        Chain::new(given, Rc::new(self.person.clone()))
    }

    fn find(&self, url: &str) -> Result<Option<Found>, CredentialsError> {
        let servers = self.chain(self.given()).for_servers(Sources::All);
        let found = servers.find(&place(url), Effort::AtHand);
        // Whatever the answer is, it is the same the next time.
        assert_eq!(servers.find(&place(url), Effort::AtHand), found);
        found
    }

    fn login(&self, url: &str) -> Option<Login> {
        self.find(url).unwrap().map(|found| found.login)
    }

    /// Why a helper could not tell a login.
    fn failure(&self, given: Given) -> String {
        let servers = self.chain(given).for_servers(Sources::All);
        // Who can do without a login is not held up.
        assert_eq!(servers.find(&place(SERVER), Effort::AtHand), Ok(None));
        let error = servers.find(&place(SERVER), Effort::Ask).unwrap_err();
        let CredentialsError::Helper { program, server, why } = &error else {
            panic!("{error:?}");
        };
        assert_eq!(
            (program.as_str(), server.as_str()),
            ("docker-credential-x", "registry.example:5000")
        );
        for shown in [error.to_string(), format!("{error:?}")] {
            assert!(!shown.contains(PASSWORD) && shown.len() < 1000, "{shown}");
        }
        why.clone()
    }
}

fn answer(user: &str) -> String {
    format!(r#"echo '{{"ServerURL":"x","Username":"{user}","Secret":"{PASSWORD}"}}'"#)
}

fn alice() -> Option<Login> {
    login("alice", PASSWORD)
}

fn token() -> Option<Login> {
    Some(Login::IdentityToken(PASSWORD.into()))
}

#[test]
fn logins_are_in_the_file() {
    let auth = word(&format!("alice:{PASSWORD}"));
    let entries = [
        (json!({"auth": auth}), alice()),
        (json!({"auth": word(&format!("alice:{PASSWORD}\0\0"))}), alice()),
        (json!({"username": "alice", "password": PASSWORD}), alice()),
        (json!({"auth": word("<token>:"), "identitytoken": PASSWORD}), token()),
        (json!({"email": "alice@example.com"}), None),
        (json!({}), None),
        (Value::Null, None),
    ];
    for (entry, expected) in entries {
        let docker = Docker::new(&json!({"auths": {"registry.example:5000": entry}}));
        assert_eq!(docker.login(SERVER), expected, "{entry}");
        assert!(docker.person.warnings().is_empty());
    }
}

#[test]
fn hosts_are_those_of_docker() {
    let entry = |user: &str| json!({"auth": word(&format!("{user}:x"))});
    let docker = Docker::new(&json!({"auths": {
        "https://index.docker.io/v1/": entry("hub"),
        "https://old.example/v1/": entry("old"),
        "registry.example": entry("host"),
        "registry.example:5000": entry("port"),
    }}));
    for (url, user) in [
        ("https://notary.docker.io", Some("hub")),
        ("https://old.example", Some("old")),
        ("https://registry.example", Some("host")),
        ("https://registry.example:5000/v2/", Some("port")),
        // The Notary server of a registry is on another port of its host.
        ("https://registry.example:4443", Some("host")),
        ("https://old.example:4443", Some("old")),
        ("https://example", None),
        ("https://registry.example.org", None),
    ] {
        assert_eq!(docker.login(url), user.and_then(|user| login(user, "x")), "{url}");
    }
    // A registry on another port is another registry.
    let registries = docker.chain(docker.given()).for_registries(None);
    assert_eq!(registries.find(&place("https://registry.example:4443"), Effort::Ask), Ok(None));
}

#[test]
fn helpers_go_before_the_file() {
    let docker = Docker::new(&json!({
        "auths": {"registry.example:5000": {"auth": word("file:x")}},
        "credHelpers": {"registry.example:5000": "one"},
        "credsStore": "all",
    }));
    docker.helper("one", &answer("one"));
    docker.helper("all", &answer("all"));
    let found = docker.find(SERVER).unwrap().unwrap();
    assert_eq!(
        (Some(found.login), found.source.as_str()),
        (login("one", PASSWORD), "`docker-credential-one`")
    );
    assert_eq!(docker.calls("one"), ["get registry.example:5000"]);
    assert!(docker.calls("all").is_empty());
    assert_eq!(docker.login("https://other.example"), login("all", PASSWORD));
    assert_eq!(docker.calls("all"), ["get other.example"]);

    // A helper that has nothing leaves it to the file, and says nothing about other names.
    let nothing = "echo credentials not found in native keychain; exit 1";
    docker.helper("one", nothing);
    let found = docker.find(SERVER).unwrap().unwrap();
    assert_eq!(Some(found.login), login("file", "x"));
    assert_eq!(found.source, format!("`{}`", docker.file().display()));
    docker.helper("all", nothing);
    assert_eq!(docker.login("https://other.example:4443"), None);
    assert_eq!(docker.calls("all")[1..], ["get other.example:4443", "get other.example"]);
}

#[test]
fn a_helper_may_have_an_identity_token_or_nothing() {
    let docker = Docker::new(&json!({"credsStore": "x"}));
    docker.helper("x", &answer("<token>"));
    assert_eq!(docker.login(SERVER), token());
    docker.helper("x", r#"echo '{"ServerURL":"","Username":"","Secret":""}'"#);
    assert_eq!(docker.login(SERVER), None);
    // It need not read what it is asked.
    let path = docker.directory.path().join("docker-credential-x");
    fs::write(path, format!("#!/bin/sh\n{}", answer("alice"))).unwrap();
    assert_eq!(docker.login(SERVER), alice());
}

#[test]
fn a_helper_that_fails_is_named_with_what_it_says() {
    let docker = Docker::new(&json!({"credsStore": "x"}));
    let told = answer("alice");
    for (script, why) in [
        ("echo the store is locked; exit 1", "it failed with exit status 1: the store is locked"),
        ("echo; echo ' pass: no key'; exit 2", "it failed with exit status 2: pass: no key"),
        ("echo on stderr >&2; exit 3", "it failed with exit status 3: on stderr"),
        ("exit 4", "it failed with exit status 4"),
        ("kill -9 $$", "it failed with signal: 9 (SIGKILL)"),
        ("echo nonsense", "it answers, but it is not a login: JSON with Username and Secret"),
        ("exit 0", "it answers, but it is not a login: JSON with Username and Secret"),
        ("head -c 100000 /dev/zero", "it prints too much"),
        ("cat /dev/zero", "it prints too much"),
        // A login is not repeated, however it comes.
        (&format!("{told}; exit 5"), "it failed with exit status 5"),
        (&format!("{{ {told}; }} >&2; exit 6"), "it failed with exit status 6"),
        (
            &format!("echo '{{\"Secret\":\"{PASSWORD}\"}}'"),
            "it answers, but it is not a login: JSON with Username and Secret",
        ),
    ] {
        docker.helper("x", script);
        assert_eq!(docker.failure(docker.given()), why, "{script}");
    }
    docker.helper("x", "printf 'x%.0s' $(seq 5000); exit 1");
    assert!(docker.failure(docker.given()).ends_with(&format!(": {}", "x".repeat(200))));
    docker.configure(r#"{"credsStore": "../x"}"#);
    let servers = docker.chain(docker.given()).for_servers(Sources::All);
    let error = servers.find(&place(SERVER), Effort::Ask).unwrap_err();
    assert!(error.to_string().ends_with("that is not the name of a program"), "{error}");
}

#[test]
fn a_helper_that_is_not_there_or_cannot_be_run_is_named() {
    let docker = Docker::new(&json!({"credsStore": "x"}));
    assert_eq!(docker.failure(docker.given()), "there is no such program in `PATH`");
    let path = docker.directory.path().join("docker-credential-x");
    fs::write(&path, "#!/bin/sh\n").unwrap();
    assert!(docker.failure(docker.given()).starts_with("it cannot be run: "));
}

#[test]
fn a_helper_that_hangs_is_ended() {
    let docker = Docker::new(&json!({"credsStore": "x"}));
    let directory = docker.directory.path();
    // It has closed its output in the second case, and left a process with it in the third.
    for script in [
        "exec sleep 1000",
        "exec >/dev/null 2>&1; exec sleep 1000",
        "sleep 1000 & echo $! > left; exec sleep 1000",
    ] {
        let begin = "echo $$ > pid";
        docker.helper("x", &format!("cd {}; {begin}; {script}", directory.display()));
        // On a machine that is busy, it may not have come that far.
        let file = directory.join(if script.contains("left") { "left" } else { "pid" });
        let mut patience = Duration::from_millis(500);
        while !file.exists() {
            let mut given = docker.given();
            given.programs.patience = patience;
            assert_eq!(docker.failure(given), format!("it did not answer within {patience:?}"));
            patience *= 2;
        }
        let pid = fs::read_to_string(directory.join("pid")).unwrap();
        assert!(!Path::new("/proc").join(pid.trim()).exists());
        fs::remove_file(directory.join("pid")).unwrap();
    }
    let left = fs::read_to_string(directory.join("left")).unwrap();
    assert!(Command::new("kill").arg(left.trim()).status().unwrap().success());
}

#[test]
fn what_is_wrong_with_the_file_is_told_once_and_is_no_login() {
    let docker = Docker::new(&json!({}));
    let file = docker.file();
    let is_not = "is not what Docker writes";
    let huge = format!(r#"{{"auths": {{"x": "{}"}}}}"#, "y".repeat(5 << 20));
    for (text, words) in [
        ("", "line 1, column 0"),
        ("{", is_not),
        ("[]", is_not),
        (r#"{"auths": "correct-horse-battery"}"#, is_not),
        (r#"{"auths": {"a": {"auth": {"b": "correct-horse-battery"}}}}"#, is_not),
        (&huge, "larger than"),
    ] {
        docker.configure(text);
        docker.person.warned.borrow_mut().clear();
        let servers = docker.chain(docker.given()).for_servers(Sources::All);
        for url in [SERVER, "https://other.example"] {
            assert_eq!(servers.find(&place(url), Effort::AtHand), Ok(None));
        }
        let [warning] = &docker.person.warnings()[..] else {
            panic!("{:?}", docker.person.warnings());
        };
        let beginning = format!("no logins are taken from `{}`: ", file.display());
        assert!(warning.starts_with(&beginning) && warning.contains(words), "{warning}");
        assert!(!warning.contains(PASSWORD), "{warning}");
    }

    let malformed = json!({"auths": {"registry.example:5000": {"auth": word(PASSWORD)}}});
    docker.configure(&malformed.to_string());
    docker.person.warned.borrow_mut().clear();
    let servers = docker.chain(docker.given()).for_servers(Sources::All);
    assert_eq!(servers.find(&place(SERVER), Effort::AtHand), Ok(None));
    let why = "malformatted authentication string; format must be <username>:<password>";
    let words =
        format!("the login for `registry.example:5000` in `{}` is not used: {why}", file.display());
    assert_eq!(docker.person.warnings(), [words]);
    // Without a file there is nothing to say.
    fs::remove_file(&file).unwrap();
    docker.person.warned.borrow_mut().clear();
    assert_eq!(docker.login(SERVER), None);
    assert!(docker.person.warnings().is_empty());
}

#[test]
fn nobody_reads_it_who_has_a_login() {
    let docker = Docker::new(&json!({"credsStore": "x"}));
    docker.configure("damaged");
    let given = Given { auth: auth(&format!("alice:{PASSWORD}")).auth, ..docker.given() };
    let servers = docker.chain(given).for_servers(Sources::All);
    let found = servers.find(&place(SERVER), Effort::AtHand).unwrap();
    assert_eq!(found.map(|found| found.login), alice());
    assert!(docker.person.warnings().is_empty());
}

#[test]
fn the_configuration_of_a_server_chooses() {
    let docker = Docker::new(&json!({
        "auths": {"registry.example:5000": {"auth": word("file:x")}},
    }));
    docker.helper("other", &answer("other"));
    let chain = docker.chain(docker.given());
    let find = |sources: &str| {
        let found =
            chain.for_servers(sources.parse().unwrap()).find(&place(SERVER), Effort::AtHand);
        found.unwrap().map(|found| found.login)
    };
    let expected: BTreeMap<_, _> = [
        ("all", login("file", "x")),
        ("docker", login("file", "x")),
        ("none", None),
        ("other", login("other", PASSWORD)),
    ]
    .into();
    for (sources, expected) in expected {
        assert_eq!(find(sources), expected, "{sources}");
    }
    assert_eq!(docker.calls("other"), ["get registry.example:5000"]);
}
