//! Configuration: command line over file over defaults, resolved once.
//!
//! This is the only place that interprets environment variables and the configuration file.
//! Everything below gets finished values (`formats.md` §12.1, `README.md` for users).

mod error;
mod file;
mod format;
mod logins;
pub mod passphrases;
mod pinning;
mod pkcs11;
pub mod registries;
pub mod serve;
mod servers;

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use crate::credentials;
use crate::keys::TokenAddress;
use crate::keys::passphrase::{Given, Passphrase, Places};
use crate::tuf::pin::TrustPinning;

pub use error::ConfigError;
use file::File;
pub use servers::{REMOTE_KEYS, Server, Servers};

/// The file that is read when no other is given, below the home directory.
const DEFAULT_FILE: &str = ".notary/config.json";
/// The directory of the server that is used when none is configured, below the trust directory.
const OWN_SERVER: &str = "server";
const DEFAULT_TRUST_DIR: &str = ".notary";

/// What the process was started with.
#[derive(Clone, Default)]
pub struct Surroundings {
    /// The working directory.
    pub cwd: PathBuf,
    /// The user's home directory, if it is known.
    pub home: Option<PathBuf>,
    /// The environment variables, some of which are passphrases.
    pub vars: BTreeMap<String, Passphrase>,
}

impl fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.vars.keys().collect();
        let mut shown = f.debug_struct("Surroundings");
        shown.field("cwd", &self.cwd).field("home", &self.home).field("vars", &names).finish()
    }
}

impl Surroundings {
    /// A variable that is set to something.
    pub fn var(&self, name: &str) -> Option<&str> {
        self.vars.get(name).map(|value| &**value).filter(|value| !value.is_empty())
    }
}

/// What the command line says about configuration.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// The configuration file, which must exist.
    pub config_file: Option<PathBuf>,
    /// Where passphrases are.
    pub passphrases: Places,
    /// The URI of the hardware token; an empty one means that none is used.
    pub pkcs11: Option<String>,
    /// The server; an empty one counts as none.
    pub server: Option<String>,
    /// The CA file.
    pub tls_ca: Option<PathBuf>,
    /// The client certificate.
    pub tls_cert: Option<PathBuf>,
    /// The client key.
    pub tls_key: Option<PathBuf>,
    /// The trust directory.
    pub trust_dir: Option<PathBuf>,
    /// Whose login to use.
    pub user: Option<String>,
}

/// The configuration of one run.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The configuration file, whether it exists or not.
    pub file: PathBuf,
    /// Where logins to servers are.
    pub logins: credentials::Given,
    /// Where passphrases are.
    pub passphrases: Given,
    /// Pinned roots; CA files by path.
    pub pinning: TrustPinning<PathBuf>,
    /// The servers.
    pub servers: Servers,
    /// The hardware token with keys.
    pub token: Option<TokenAddress>,
    /// Where keys, metadata and staged changes are.
    pub trust_dir: PathBuf,
    /// What the user should know about the configuration.
    pub warnings: Vec<String>,
}

impl Config {
    /// Resolves the configuration of a run.
    pub fn load(overrides: &Overrides, around: &Surroundings) -> Result<Self, ConfigError> {
        let mut config = Self::default();
        let file = open_file(overrides, around)?;
        config.file.clone_from(&file.path);

        let trust_dir = match &overrides.trust_dir {
            Some(path) => Some(path.clone()),
            None => file.text("trust_dir")?.map(|path| expand_home(path, around)),
        };
        config.trust_dir = match (trust_dir, &around.home) {
            // Notary-go: relative to the working directory, whatever the manual says.
            (Some(path), _) => around.cwd.join(path),
            (None, Some(home)) => home.join(DEFAULT_TRUST_DIR),
            (None, None) => {
                let path = around.cwd.join(DEFAULT_TRUST_DIR);
                config.warnings.push(format!(
                    "there is no home directory; keys and metadata are kept in `{}`",
                    path.display()
                ));
                path
            }
        };

        config.servers = file.servers(overrides, around, &config.trust_dir)?;
        config.logins = logins::gather(overrides, around, &config.trust_dir);
        config.passphrases = file.passphrases(overrides, around, &mut config.warnings)?;
        config.pinning = file.pinning(around, &mut config.warnings)?;
        let pkcs11 = overrides.pkcs11.as_deref();
        config.token = file.pkcs11(pkcs11, around, &mut config.passphrases)?;
        Ok(config)
    }
}

/// The file that was named, which must exist, or the default one.
fn open_file(overrides: &Overrides, around: &Surroundings) -> Result<File, ConfigError> {
    if let Some(path) = &overrides.config_file {
        let path = around.cwd.join(path);
        return File::read(&path)?.ok_or(ConfigError::Missing { path });
    }
    let path = around.home.as_ref().unwrap_or(&around.cwd).join(DEFAULT_FILE);
    Ok(File::read(&path)?.unwrap_or_else(|| File::empty(path)))
}

impl Config {
    /// The directory of the server on this machine.
    pub fn own_server(&self) -> PathBuf {
        match &self.servers.other {
            Server::Directory { path, .. } => path.clone(),
            Server::Http(_) => self.trust_dir.join(OWN_SERVER),
        }
    }
}

/// Replaces a leading `~` by the home directory.
fn expand_home(path: &str, around: &Surroundings) -> PathBuf {
    let rest = match path {
        "~" => Some(""),
        path => path.strip_prefix("~/"),
    };
    match (rest, &around.home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tuf::key::KeyId;

    #[test]
    fn passphrases_are_not_shown() {
        let vars = [("NOTARY_ROOT_PASSPHRASE".to_owned(), "hunter2".to_owned().into())].into();
        let shown = format!("{:?}", Surroundings { vars, ..Surroundings::default() });
        assert!(shown.contains("NOTARY_ROOT_PASSPHRASE") && !shown.contains("hunter2"), "{shown}");
    }

    fn url(config: &Config) -> &str {
        match &config.servers.other {
            Server::Http(endpoint) => endpoint.url.as_str(),
            Server::Directory { .. } => "",
        }
    }

    fn root_ca(config: &Config) -> Option<PathBuf> {
        match &config.servers.other {
            Server::Http(endpoint) => endpoint.tls.root_ca.clone(),
            Server::Directory { .. } => None,
        }
    }

    struct Sandbox {
        directory: tempfile::TempDir,
        around: Surroundings,
    }

    impl Sandbox {
        fn new() -> Self {
            let directory = tempfile::tempdir().unwrap();
            let around = Surroundings {
                cwd: directory.path().join("cwd"),
                home: Some(directory.path().join("home")),
                vars: BTreeMap::new(),
            };
            Self { directory, around }
        }

        fn write(&self, name: &str, text: &str) -> PathBuf {
            let path = self.directory.path().join(name);
            crate::fsutil::write_atomic(&path, text.as_bytes()).unwrap();
            path
        }

        fn load(&self, file: &str, text: &str) -> Result<Config, ConfigError> {
            let config_file = Some(self.write(file, text));
            Config::load(&Overrides { config_file, ..Overrides::default() }, &self.around)
        }
    }

    #[test]
    fn without_a_file_there_are_defaults() {
        let sandbox = Sandbox::new();
        let config = Config::load(&Overrides::default(), &sandbox.around).unwrap();
        assert_eq!(config.trust_dir, sandbox.directory.path().join("home/.notary"));
        let path = sandbox.directory.path().join("home/.notary/server");
        assert_eq!(config.servers.other, Server::Directory { path, is_default: true });
        assert!(config.warnings.is_empty());
    }

    #[test]
    fn without_a_home_the_working_directory_is_used_and_said() {
        let mut sandbox = Sandbox::new();
        sandbox.around.home = None;
        let config = Config::load(&Overrides::default(), &sandbox.around).unwrap();
        assert_eq!(config.trust_dir, sandbox.directory.path().join("cwd/.notary"));
        assert!(config.warnings[0].contains("no home directory"));
    }

    #[test]
    fn the_same_values_come_from_every_format() {
        let sandbox = Sandbox::new();
        let json = r#"{"Trust_Dir":"~/keys","remote_server":{"URL":"https://a.example:4443/sub",
            "root_ca":"ca.pem"},"trust_pinning":{"disable_tofu":"true"}}"#;
        let toml = "trust_dir = '~/keys'\n[remote_server]\nurl = 'https://a.example:4443/sub'\n\
            root_ca = 'ca.pem'\n[trust_pinning]\ndisable_tofu = true\n";
        let yaml = "trust_dir: ~/keys\nremote_server:\n  url: https://a.example:4443/sub\n  \
            root_ca: ca.pem\ntrust_pinning:\n  disable_tofu: true\n";
        for (file, text) in [("c/c.json", json), ("c/c.toml", toml), ("c/c.yaml", yaml)] {
            let config = sandbox.load(file, text).unwrap();
            assert_eq!(config.trust_dir, sandbox.directory.path().join("home/keys"), "{file}");
            assert_eq!(url(&config), "https://a.example:4443/sub", "{file}");
            assert_eq!(root_ca(&config), Some(sandbox.directory.path().join("c/ca.pem")));
            assert!(config.pinning.disable_tofu, "{file}");
        }
    }

    #[test]
    fn the_command_line_wins_and_is_relative_to_the_working_directory() {
        let sandbox = Sandbox::new();
        let text = r#"{"trust_dir":"x","remote_server":{"url":"https://file","root_ca":"x"}}"#;
        let overrides = Overrides {
            config_file: Some(sandbox.write("c.json", text)),
            server: Some("http://flag:1".into()),
            tls_ca: Some("ca.pem".into()),
            trust_dir: Some("dir".into()),
            ..Overrides::default()
        };
        let config = Config::load(&overrides, &sandbox.around).unwrap();
        let cwd = &sandbox.around.cwd;
        assert_eq!(url(&config), "http://flag:1/");
        assert_eq!(root_ca(&config), Some(cwd.join("ca.pem")));
        assert_eq!(config.trust_dir, cwd.join("dir"));

        let overrides = Overrides { server: Some(String::new()), ..overrides };
        let config = Config::load(&overrides, &sandbox.around).unwrap();
        assert_eq!(url(&config), "https://file/");
    }

    #[test]
    fn a_server_can_be_a_directory() {
        let sandbox = Sandbox::new();
        let load = |url: &str| {
            let server = Some(url.to_owned());
            Config::load(&Overrides { server, ..Overrides::default() }, &sandbox.around)
        };
        let path = PathBuf::from("/some/a dir");
        let server = load("file:///some/a%20dir").unwrap().servers.other;
        assert_eq!(server, Server::Directory { path, is_default: false });
        for url in ["file://host/some/dir", "file:///dir?query", "ftp://host/", "/some/dir"] {
            assert!(matches!(load(url), Err(ConfigError::Server { .. })), "{url}");
        }
    }

    #[test]
    fn pins_keep_the_case_of_names() {
        let sandbox = Sandbox::new();
        let id = "9f6d4133f631fed8401dc9d0c9a7ad906e601e34186a6621d88d832e9037f03d";
        let text = format!(
            r#"{{"trust_pinning":{{"certs":{{"Example/App":["{id}"]}},"ca":{{"B/":"ca.pem"}}}}}}"#
        );
        let config = sandbox.load("d/c.json", &text).unwrap();
        assert!(config.pinning.certs["Example/App"].contains(&KeyId::parse(id).unwrap()));
        assert_eq!(config.pinning.ca["B/"], sandbox.directory.path().join("d/ca.pem"));

        sandbox.write("cwd/ca.pem", "");
        let config = sandbox.load("d/c.json", &text).unwrap();
        assert_eq!(config.pinning.ca["B/"], sandbox.around.cwd.join("ca.pem"));
        assert!(config.warnings[0].contains("working directory"));
    }

    #[test]
    fn bad_files_are_errors_that_name_them() {
        let sandbox = Sandbox::new();
        for (file, text, expected) in [
            ("a.json", "{", "a.json` cannot be parsed"),
            ("b.json", "[]", "not an object"),
            ("c.toml", "= 1", "c.toml` cannot be parsed"),
            ("d.yaml", "a: [", "d.yaml` cannot be parsed"),
            ("e", "{}", "no known ending"),
            ("f.ini", "", "no known ending"),
            ("g.json", r#"{"trust_dir":1}"#, "`trust_dir` in"),
            ("h.json", r#"{"remote_server":"x"}"#, "must be an object"),
            ("i.json", r#"{"remote_server":{"url":"localhost"}}"#, "http(s)://HOST"),
            ("j.json", r#"{"remote_server":{"url":"ftp://x"}}"#, "http(s)://HOST"),
            ("k.json", r#"{"remote_server":{"url":"http://x/?q"}}"#, "http(s)://HOST"),
            ("l.json", r#"{"remote_server":{"tls_client_cert":"x"}}"#, "both or neither"),
            ("m.json", r#"{"trust_pinning":{"certs":{"a":"b"}}}"#, "a list of key ids"),
            ("n.json", r#"{"trust_pinning":{"certs":{"a":["b"]}}}"#, "a list of key ids"),
            ("o.json", r#"{"trust_pinning":{"disable_tofu":3}}"#, "true or false"),
        ] {
            let error = sandbox.load(file, text).unwrap_err().to_string();
            assert!(error.contains(expected), "{file}: {error}");
        }
        let overrides =
            Overrides { config_file: Some("missing.json".into()), ..Overrides::default() };
        let error = Config::load(&overrides, &sandbox.around).unwrap_err();
        assert!(matches!(error, ConfigError::Missing { .. }));
    }

    #[test]
    fn an_oversized_file_is_refused() {
        let sandbox = Sandbox::new();
        let error = sandbox.load("big.json", &" ".repeat(2 << 20)).unwrap_err();
        assert!(matches!(error, ConfigError::Path(_)));
    }
}
