//! Docker's own client logs in, and this program is logged in.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use serde_json::json;

use super::PASSWORD;
use crate::support::{OwnServer, Sandbox};

const GUN: &str = "example.com/app";

/// Keeps what it is told to store, for any server.
const HELPER: &str = r#"#!/bin/sh
cd "${0%/*}" || exit
case $1 in
store) cat >kept ;;
get) cat kept 2>/dev/null || { echo credentials not found in native keychain; exit 1; } ;;
erase) rm -f kept ;;
esac
"#;

/// Runs Docker's client, with the configuration of the sandbox.
#[track_caller]
fn docker(notary: &Sandbox, args: &[&str]) {
    let input = notary.write("password", PASSWORD);
    let output = Command::new("docker")
        .args(args)
        .env_clear()
        .envs(&notary.vars)
        .env("HOME", notary.work())
        .env("DOCKER_HOST", "unix:///nowhere/docker.sock")
        .stdin(File::open(input).unwrap())
        .output()
        .expect("there is no `docker`: `make peers` installs it");
    assert!(output.status.success(), "docker {args:?}\n{output:?}");
}

#[test]
fn what_docker_login_has_left_behind_is_used() {
    let directory = tempfile::tempdir().unwrap();
    let users = format!("alice:{}\n", bcrypt::hash(PASSWORD, 4).unwrap());
    fs::write(directory.path().join("users"), users).unwrap();
    let settings = json!({"auth": {"type": "htpasswd", "options": {"path": "users"}}});
    let path = directory.path().join("config.json");
    fs::write(&path, settings.to_string()).unwrap();
    let server = OwnServer::with().arg("--config").arg(&path).start();

    for config in [json!({}), json!({"credsStore": "test"})] {
        let mut notary = Sandbox::with_server(&server.url);
        let configuration = notary.write("docker/config.json", config.to_string());
        let helper = notary.write("bin/docker-credential-test", HELPER);
        let bin = helper.parent().unwrap().display();
        fs::set_permissions(&helper, fs::Permissions::from_mode(0o755)).unwrap();
        let path = format!("{bin}:{}", std::env::var("PATH").unwrap());
        notary.vars.insert("PATH".into(), path);
        let docker_config = configuration.parent().unwrap().display().to_string();
        notary.vars.insert("DOCKER_CONFIG".into(), docker_config);

        let _ = notary.refuses(["list", GUN], 6, &["asks for a login"]);
        docker(&notary, &["login", "-u", "alice", "--password-stdin", server.address()]);
        let is_with_helper = config.get("credsStore").is_some();
        assert_eq!(helper.with_file_name("kept").exists(), is_with_helper);
        let before = fs::read(&configuration).unwrap();
        let _ = notary.run(["list", GUN]).failure(4, &["does not have"]);
        // Nothing of Docker's is written.
        assert_eq!(fs::read(&configuration).unwrap(), before);
        docker(&notary, &["logout", server.address()]);
        let _ = notary.refuses(["list", GUN], 6, &["asks for a login"]);
    }
}
