//! A Secret Service of its own, as desktops have one: GNOME's keyring on a private D-Bus.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use super::Sandbox;

/// Unlocks the keyring, says where the bus is, and lives until its input ends. The keyring ends with
/// the bus.
const SCRIPT: &str = r#"
printf keyring-password | gnome-keyring-daemon --unlock --components=secrets -d >/dev/null
echo "$DBUS_SESSION_BUS_ADDRESS"
exec cat >/dev/null"#;

/// A running Secret Service with nothing in it.
pub struct SecretService {
    address: String,
    bus: Child,
    directory: tempfile::TempDir,
}

impl SecretService {
    pub fn start() -> Self {
        for peer in ["dbus-run-session", "gnome-keyring-daemon", "secret-tool"] {
            let path = format!("/usr/bin/{peer}");
            assert!(std::path::Path::new(&path).exists(), "no {path}: `make peers` installs it");
        }
        let directory = tempfile::tempdir().unwrap();
        let mut bus = Command::new("dbus-run-session")
            .args(["--", "sh", "-c", SCRIPT])
            .env_clear()
            .envs([("PATH", "/usr/bin:/bin"), ("LC_ALL", "C")])
            .envs(["HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"].map(|name| (name, directory.path())))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut address = String::new();
        BufReader::new(bus.stdout.take().unwrap()).read_line(&mut address).unwrap();
        assert!(address.starts_with("unix:"), "{address:?}");
        Self { address: address.trim().to_owned(), bus, directory }
    }

    /// Lets the commands of a sandbox use it.
    pub fn offer(&self, notary: &mut Sandbox) {
        notary.vars.insert("DBUS_SESSION_BUS_ADDRESS".into(), self.address.clone());
    }

    /// What GNOME's own tool says, with `input` on its stdin, if it succeeds.
    pub fn tool(&self, args: &[&str], input: &str) -> Option<String> {
        let file = self.directory.path().join("input");
        std::fs::write(&file, input).unwrap();
        let output = Command::new("secret-tool")
            .args(args)
            .env_clear()
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            .stdin(std::fs::File::open(file).unwrap())
            .output()
            .unwrap();
        output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
    }
}

impl Drop for SecretService {
    fn drop(&mut self) {
        drop(self.bus.stdin.take());
        let _ = self.bus.wait();
    }
}
