//! The settings of a server: command line over environment over file over defaults.
//!
//! The file may be one for Go's `notary-server`; what it asks for and this program does not have is
//! an error, never passed over. Variables are named like Go's: `NOTARY_SERVER_` and the key in
//! capitals with underscores.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tracing::level_filters::LevelFilter;

use super::file::File;
use super::{ConfigError, Surroundings};
use crate::keys::passphrase::Passphrase;
use crate::server::http::{Behaviour, Caching, UploadLimits};
use crate::server::{Algorithm, DEFAULT_KEEP};

const PREFIX: &str = "NOTARY_SERVER_";
const DEFAULT_ADDRESS: &str = "127.0.0.1:4443";
const MAX_PASSPHRASE_BYTES: u64 = 4096;
/// The most bytes that an upload can be allowed to have; it is kept in memory.
const MAX_UPLOAD: u64 = 1 << 30;
/// The longest time for which answers may be kept, as in Go.
const MAX_AGE: u64 = 365 * 24 * 3600;

/// What the command line says about a server.
#[derive(Clone, Debug, Default)]
pub struct ServerOverrides {
    /// The file with the settings, which must exist.
    pub config_file: Option<PathBuf>,
    /// Where to listen.
    pub listen: Option<String>,
    /// Where the database is.
    pub data: Option<PathBuf>,
    /// The certificate that is shown.
    pub certificate: Option<PathBuf>,
    /// Its key.
    pub key: Option<PathBuf>,
    /// The authorities of clients.
    pub client_ca: Option<PathBuf>,
    /// The kind of new keys.
    pub algorithm: Option<Algorithm>,
    /// How many versions of a role are kept.
    pub keep: Option<u32>,
}

/// Where a server keeps its collections.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Backend {
    /// In a database in this directory.
    Directory(PathBuf),
    /// In memory, until the server ends.
    Memory,
}

/// The files for TLS.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TlsFiles {
    /// The certificate that is shown.
    pub certificate: PathBuf,
    /// Its key.
    pub key: PathBuf,
    /// The authorities of clients, who then need certificates.
    pub client_ca: Option<PathBuf>,
}

/// How clients log in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum AuthSettings {
    /// Not at all.
    Nobody,
    /// As users of a password file.
    Passwords {
        /// The file, as `htpasswd -B` makes it.
        path: PathBuf,
        /// What users are told they log in to.
        realm: String,
    },
    /// With tokens of a token server.
    Tokens {
        /// The address of the token server.
        realm: String,
        /// Our name there.
        service: String,
        /// Its name.
        issuer: String,
        /// PEM file of the certificates that may sign tokens.
        bundle: PathBuf,
    },
}

/// The settings of a server.
#[derive(Clone, Debug)]
pub struct ServerSettings {
    /// Where to listen; a name or an IP address, and a port.
    pub listen: String,
    /// Where collections are kept.
    pub backend: Backend,
    /// TLS, if there is any.
    pub tls: Option<TlsFiles>,
    /// The kind of new keys.
    pub algorithm: Algorithm,
    /// How many versions of a role are kept.
    pub keep: u32,
    /// What protects the server's keys.
    pub passphrase: Option<Passphrase>,
    /// How clients log in.
    pub auth: AuthSettings,
    /// How requests are answered.
    pub behaviour: Behaviour,
    /// What is logged; `None` when nothing is said about it.
    pub log: Option<LevelFilter>,
    /// What the operator should know about the settings.
    pub warnings: Vec<String>,
}

impl ServerSettings {
    /// Resolves the settings; `default_data` is where the database is if nobody says otherwise.
    pub fn load(
        overrides: &ServerOverrides,
        around: &Surroundings,
        default_data: &Path,
    ) -> Result<Self, ConfigError> {
        let file = match &overrides.config_file {
            None => File::empty(around.cwd.join("config.json")),
            Some(path) => {
                let path = around.cwd.join(path);
                File::read(&path)?.ok_or(ConfigError::Missing { path })?
            }
        };
        let source = Source { file, around };
        source.refuse_what_is_missing()?;
        let mut warnings = Vec::new();
        let listen = match &overrides.listen {
            Some(listen) => listen.clone(),
            None => source.text("server.http_addr")?.unwrap_or_else(|| DEFAULT_ADDRESS.to_owned()),
        };
        Ok(Self {
            // Notary-go: without a host, all addresses of the machine.
            listen: if listen.starts_with(':') { format!("0.0.0.0{listen}") } else { listen },
            backend: source.backend(overrides, default_data, &mut warnings)?,
            tls: source.tls(overrides)?,
            algorithm: match overrides.algorithm {
                Some(algorithm) => algorithm,
                None => source.algorithm()?,
            },
            keep: match overrides.keep {
                Some(keep) => keep,
                None => source
                    .number("storage.keep_versions", 1..=1_000_000)?
                    .map_or(DEFAULT_KEEP, |keep| u32::try_from(keep).unwrap_or(u32::MAX)),
            },
            passphrase: key_passphrase(around)?,
            auth: source.auth()?,
            behaviour: source.behaviour()?,
            log: source.log()?,
            warnings,
        })
    }

    /// The addresses that [`listen`](Self::listen) stands for.
    pub fn addresses(&self) -> std::io::Result<Vec<SocketAddr>> {
        std::net::ToSocketAddrs::to_socket_addrs(&self.listen).map(Iterator::collect)
    }
}

/// The file and the environment.
struct Source<'a> {
    file: File,
    around: &'a Surroundings,
}

impl Source<'_> {
    fn variable(&self, key: &str) -> Option<&str> {
        let name = format!("{PREFIX}{}", key.replace('.', "_").to_uppercase());
        self.around.var(&name)
    }

    fn text(&self, key: &str) -> Result<Option<String>, ConfigError> {
        if let Some(value) = self.variable(key) {
            return Ok(Some(value.to_owned()));
        }
        Ok(self.file.text(key)?.filter(|text| !text.is_empty()).map(str::to_owned))
    }

    /// A number within limits, which may be written as text.
    fn number(
        &self,
        key: &str,
        range: std::ops::RangeInclusive<u64>,
    ) -> Result<Option<u64>, ConfigError> {
        let number = match self.variable(key) {
            Some(text) => Some(text.parse().ok()),
            None => self.file.value(key)?.map(|value| match value.as_str() {
                Some(text) => text.parse().ok(),
                None => value.as_u64(),
            }),
        };
        match number {
            None => Ok(None),
            Some(Some(number)) if range.contains(&number) => Ok(Some(number)),
            Some(_) => Err(self.file.wrong(key, "a number within its limits")),
        }
    }

    fn path(&self, given: Option<&PathBuf>, key: &str) -> Result<Option<PathBuf>, ConfigError> {
        match given {
            Some(path) => Ok(Some(self.around.cwd.join(path))),
            None => Ok(self.text(key)?.map(|path| self.file.resolve(&path))),
        }
    }

    /// Refuses what Go's server has and this one does not: without it, the server would be another
    /// one than its operator thinks, for instance one that asks nobody for a login.
    fn refuse_what_is_missing(&self) -> Result<(), ConfigError> {
        match self.text("trust_service.type")?.as_deref() {
            None | Some("local") => Ok(()),
            Some("remote") => Err(self.file.wrong(
                "trust_service.type",
                "`local`: keys are in the server's own database, there is no separate signer",
            )),
            Some(_) => Err(self.file.wrong("trust_service.type", "`local`")),
        }
    }

    fn backend(
        &self,
        overrides: &ServerOverrides,
        default_data: &Path,
        warnings: &mut Vec<String>,
    ) -> Result<Backend, ConfigError> {
        if let Some(data) = &overrides.data {
            return Ok(Backend::Directory(self.around.cwd.join(data)));
        }
        match self.text("storage.backend")?.as_deref() {
            None | Some("sqlite") => {
                let path = self.path(None, "storage.path")?;
                Ok(Backend::Directory(path.unwrap_or_else(|| default_data.to_owned())))
            }
            Some("memory") => {
                warnings.push(
                    "the storage is `memory`: collections and keys are lost when the server ends"
                        .to_owned(),
                );
                Ok(Backend::Memory)
            }
            Some(_) => Err(self.file.wrong(
                "storage.backend",
                "`sqlite` or `memory`: other databases are not supported yet",
            )),
        }
    }

    fn tls(&self, overrides: &ServerOverrides) -> Result<Option<TlsFiles>, ConfigError> {
        let certificate = self.path(overrides.certificate.as_ref(), "server.tls_cert_file")?;
        let key = self.path(overrides.key.as_ref(), "server.tls_key_file")?;
        let client_ca = self.path(overrides.client_ca.as_ref(), "server.client_ca_file")?;
        match (certificate, key) {
            (Some(certificate), Some(key)) => Ok(Some(TlsFiles { certificate, key, client_ca })),
            (None, None) if client_ca.is_none() => Ok(None),
            _ => Err(ConfigError::HalfServerCertificate),
        }
    }

    /// An unknown type is refused: a server without logins is not what its operator wanted.
    fn auth(&self) -> Result<AuthSettings, ConfigError> {
        let option = |name: &str| {
            let key = format!("auth.options.{name}");
            self.text(&key)?.ok_or_else(|| self.file.wrong(&key, "given for this `auth.type`"))
        };
        let path = |name: &str| Ok::<_, ConfigError>(self.file.resolve(&option(name)?));
        Ok(match self.text("auth.type")?.as_deref() {
            None if self.file.value("auth")?.is_none() => AuthSettings::Nobody,
            Some("none") => AuthSettings::Nobody,
            Some("htpasswd") => {
                let realm = self.text("auth.options.realm")?;
                let realm = realm.unwrap_or_else(|| "notary".to_owned());
                AuthSettings::Passwords { path: path("path")?, realm }
            }
            Some("token") => AuthSettings::Tokens {
                realm: option("realm")?,
                service: option("service")?,
                issuer: option("issuer")?,
                bundle: path("rootcertbundle")?,
            },
            _ => return Err(self.file.wrong("auth.type", "`token`, `htpasswd` or `none`")),
        })
    }

    fn algorithm(&self) -> Result<Algorithm, ConfigError> {
        const KEY: &str = "trust_service.key_algorithm";
        match self.text(KEY)?.as_deref() {
            None | Some("ecdsa") => Ok(Algorithm::Ecdsa),
            Some("ed25519") => Ok(Algorithm::Ed25519),
            Some(_) => Err(self.file.wrong(KEY, "`ecdsa` or `ed25519`")),
        }
    }

    fn behaviour(&self) -> Result<Behaviour, ConfigError> {
        let (caching, limits) = (Caching::default(), UploadLimits::default());
        let seconds = |key, default| {
            let seconds = self.number(key, 0..=MAX_AGE)?;
            Ok::<_, ConfigError>(seconds.map_or(default, Duration::from_secs))
        };
        let caching = Caching {
            current: seconds("caching.max_age.current_metadata", caching.current)?,
            consistent: seconds("caching.max_age.consistent_metadata", caching.consistent)?,
        };
        let bytes = self.number("limits.upload_bytes", 1024..=MAX_UPLOAD)?;
        let idle = self.number("limits.idle_seconds", 1..=3600)?;
        let limits = UploadLimits {
            bytes: bytes.unwrap_or(limits.bytes),
            idle: idle.map_or(limits.idle, Duration::from_secs),
        };
        Ok(Behaviour { caching, gun_prefixes: self.gun_prefixes()?, limits })
    }

    /// Beginnings of names that are served; like Go, only whole path segments.
    fn gun_prefixes(&self) -> Result<Vec<String>, ConfigError> {
        const KEY: &str = "repositories.gun_prefixes";
        let wrong =
            || self.file.wrong(KEY, "a list of names that end in `/`, such as `example.com/`");
        let prefixes: Vec<&str> = match (self.variable(KEY), self.file.value(KEY)?) {
            // Notary-go: a list in a variable is separated by white space.
            (Some(text), _) => text.split_whitespace().collect(),
            (None, None) => Vec::new(),
            (None, Some(value)) => {
                let items = value.as_array().ok_or_else(wrong)?.iter();
                items.map(|item| item.as_str().ok_or_else(wrong)).collect::<Result<_, _>>()?
            }
        };
        let prefixes = prefixes.into_iter().map(|prefix| {
            let name = prefix.strip_suffix('/').ok_or_else(wrong)?;
            crate::tuf::role::Gun::parse(name).map_err(|_| wrong())?;
            Ok(prefix.to_owned())
        });
        prefixes.collect()
    }

    fn log(&self) -> Result<Option<LevelFilter>, ConfigError> {
        const KEY: &str = "logging.level";
        Ok(Some(match self.text(KEY)?.as_deref() {
            None => return Ok(None),
            Some("debug") => LevelFilter::DEBUG,
            Some("info") => LevelFilter::INFO,
            Some("warn" | "warning") => LevelFilter::WARN,
            Some("error" | "fatal" | "panic") => LevelFilter::ERROR,
            Some(_) => return Err(self.file.wrong(KEY, "debug, info, warning or error")),
        }))
    }
}

/// What protects the server's keys: a variable, or a file that a variable names.
pub fn key_passphrase(around: &Surroundings) -> Result<Option<Passphrase>, ConfigError> {
    if let Some(passphrase) = around.var("NOTARY_SERVER_KEY_PASSPHRASE") {
        return Ok(Some(passphrase.into()));
    }
    let Some(path) = around.var("NOTARY_SERVER_KEY_PASSPHRASE_FILE") else {
        return Ok(None);
    };
    let path = around.cwd.join(path);
    let Some(bytes) = crate::fsutil::read_bounded(&path, MAX_PASSPHRASE_BYTES)? else {
        return Err(ConfigError::Missing { path });
    };
    let bytes = zeroize::Zeroizing::new(bytes);
    let text = std::str::from_utf8(&bytes).ok().map(|text| text.trim_end_matches(['\r', '\n']));
    match text.filter(|text| !text.is_empty()) {
        Some(text) => Ok(Some(text.into())),
        None => Err(ConfigError::Passphrase { path }),
    }
}
