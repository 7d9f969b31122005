//! Hardware tokens in software: SoftHSM, as Debian packages it, with a directory of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::Sandbox;

const PROGRAM: &str = "/usr/bin/softhsm2-util";

/// The user PIN of all tokens.
pub const PIN: &str = "12345678";

/// A set of tokens that a module finds.
pub struct SoftTokens {
    directory: tempfile::TempDir,
}

impl SoftTokens {
    /// No token yet.
    pub fn new() -> Self {
        assert!(
            Path::new(PROGRAM).exists(),
            "{PROGRAM} is missing; `make test` installs it (Debian package `softhsm2`)"
        );
        let directory = tempfile::tempdir().unwrap();
        let tokens = directory.path().join("tokens");
        std::fs::create_dir(&tokens).unwrap();
        let settings = format!("directories.tokendir = {}\nlog.level = ERROR\n", tokens.display());
        std::fs::write(directory.path().join("softhsm2.conf"), settings).unwrap();
        Self { directory }
    }

    /// One token.
    pub fn with(label: &str) -> Self {
        let tokens = Self::new();
        tokens.add(label);
        tokens
    }

    /// Where the module is.
    pub fn module() -> PathBuf {
        let places = ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm2.so"];
        let found = places.iter().map(PathBuf::from).find(|path| path.exists());
        found.expect("the Debian package `softhsm2` brings libsofthsm2.so")
    }

    /// Initialises a token.
    pub fn add(&self, label: &str) {
        self.util(&[
            "--init-token",
            "--free",
            "--label",
            label,
            "--pin",
            PIN,
            "--so-pin",
            "so-pin",
        ]);
    }

    /// Puts a key on a token that this program did not make: one in a PKCS#8 file, unencrypted.
    pub fn import(&self, token: &str, file: &Path, id: &str, label: &str) {
        let file = file.to_str().unwrap();
        self.util(&[
            "--import", file, "--token", token, "--label", label, "--id", id, "--pin", PIN,
        ]);
    }

    /// The files of the tokens.
    pub fn files(&self) -> PathBuf {
        self.directory.path().join("tokens")
    }

    fn util(&self, args: &[&str]) {
        let settings = self.directory.path().join("softhsm2.conf");
        let output =
            Command::new(PROGRAM).args(args).env("SOFTHSM2_CONF", settings).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "softhsm2-util {args:?}: {text}{errors}");
    }

    /// Lets a sandbox use the only token, and gives it the PIN. Only its processes see the token.
    pub fn plug_into(&self, sandbox: &mut Sandbox) {
        self.plug_into_as(sandbox, &format!("pkcs11:?module-path={}", Self::module().display()));
        sandbox.vars.insert("NOTARY_PKCS11_PIN".into(), PIN.into());
    }

    /// Lets a sandbox find the tokens, of which a URI names one.
    pub fn plug_into_as(&self, sandbox: &mut Sandbox, uri: &str) {
        let settings = self.directory.path().join("softhsm2.conf");
        sandbox.vars.insert("SOFTHSM2_CONF".into(), settings.to_str().unwrap().into());
        sandbox.options.extend(["--pkcs11".into(), uri.into()]);
    }
}
