//! Which server has a collection, and how to reach it.
//!
//! The first of these that names a server decides:
//!
//! 1. `-s URL`, for all collections.
//! 2. In `remotes`, the `url` of the longest prefix of the collection's name.
//! 3. `remote_server.url`.
//! 4. `DOCKER_CONTENT_TRUST_SERVER`, with the certificates that Docker has for that server.
//! 5. The server in the trust directory.
//!
//! A prefix ends where a part of the name ends: `registry.example` is one of `registry.example/app`
//! and of itself, but not of `registry.example.org/app`, which may be somebody else's. Case counts.
//!
//! A remote with a `url` is complete: what it does not say has its default, and nothing is taken
//! from `remote_server`, since a client certificate is not to be shown to, and `skipTLSVerify` not
//! to weaken the connection with, a server that they are not meant for. A remote without one is
//! about the server that is used without it (3 to 5), and what it does not say is as it is there.
//!
//! With `-s`, no remote counts. The rest of `remote_server` does, as in Go, and also for the server
//! of Docker's variable. The options for TLS win over all of this.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use url::{Position, Url};

use super::file::File;
use super::logins::docker_directory;
use super::{ConfigError, OWN_SERVER, Overrides, Surroundings};
use crate::credentials::{Sources, UnknownSources};
use crate::remote::{Endpoint, GivenProxy, KeyOpener, Proxies, Timeouts, TlsOptions};
use crate::tuf::role::Gun;

/// The variable with which Docker's users name their server.
const DOCKER_SERVER: &str = "DOCKER_CONTENT_TRUST_SERVER";
/// The longest time, in seconds, that can be waited for anything.
const MAX_SECONDS: u64 = 24 * 60 * 60;

/// What `remote_server` and each of `remotes` can say.
pub const REMOTE_KEYS: [&str; 9] = [
    "auth",
    "root_ca",
    "skipTLSVerify",
    "timeouts.connect",
    "timeouts.idle",
    "timeouts.total",
    "tls_client_cert",
    "tls_client_key",
    "url",
];

/// Where collections are published.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Server {
    /// On a server that is asked over the network.
    Http(Box<Endpoint>),
    /// In a directory of this machine.
    Directory {
        /// The directory, which need not exist.
        path: PathBuf,
        /// Whether it is used because nobody named a server.
        is_default: bool,
    },
}

impl Server {
    fn parse(address: &str, place: impl FnOnce() -> String) -> Result<Self, ConfigError> {
        match parse(address) {
            Some(server) => Ok(server),
            None => Err(ConfigError::Server { address: without_login(address), place: place() }),
        }
    }
}

impl Default for Server {
    fn default() -> Self {
        Self::Directory { path: PathBuf::new(), is_default: true }
    }
}

/// The servers of all collections.
#[derive(Clone, Debug, Default)]
pub struct Servers {
    /// By prefixes of names.
    remotes: BTreeMap<String, Server>,
    /// That of all other collections.
    pub other: Server,
    /// What may stand in front of all of them, and of registries.
    pub proxies: Proxies,
    /// How to connect to a server that is named otherwise, as with `-s`.
    elsewhere: Connection,
}

impl Servers {
    /// The server of a collection.
    pub fn of(&self, gun: &Gun) -> &Server {
        let covering = self.remotes.iter().filter(|(prefix, _)| covers(prefix, gun.as_str()));
        covering.max_by_key(|(prefix, _)| prefix.len()).map_or(&self.other, |(_, server)| server)
    }

    /// The server at an address that the command line gives, without `https://` if need be: a
    /// configured one that is there, or another.
    pub fn at(&self, address: &str) -> Result<Server, ConfigError> {
        let whole = match address.contains("://") {
            true => address.to_owned(),
            false => format!("https://{address}"),
        };
        let Server::Http(given) = Server::parse(&whole, || "the command line".to_owned())? else {
            return Server::parse(&whole, String::new);
        };
        let known = self.remotes.values().chain([&self.other]).find_map(|server| match server {
            Server::Http(known) if known.url.origin() == given.url.origin() => Some(known),
            _ => None,
        });
        Ok(Server::Http(Box::new(match known {
            Some(known) => Endpoint { url: given.url, ..Endpoint::clone(known) },
            None => self.elsewhere.clone().reach(*given)?,
        })))
    }

    /// Whether collections of some names are in a directory of this machine.
    pub fn any_is_directory(&self) -> bool {
        let mut all = self.remotes.values().chain([&self.other]);
        all.any(|server| matches!(server, Server::Directory { .. }))
    }
}

/// Whether a name begins with the parts of a prefix.
fn covers(prefix: &str, name: &str) -> bool {
    match name.strip_prefix(prefix) {
        Some(rest) => rest.is_empty() || rest.starts_with('/') || prefix.ends_with('/'),
        None => false,
    }
}

/// How to connect to a server and to log in, as far as it has been said.
#[derive(Clone, Debug, Default)]
struct Connection {
    root_ca: Option<PathBuf>,
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
    skip_verify: bool,
    timeouts: Timeouts,
    logins: Sources,
    proxies: Proxies,
}

impl Connection {
    /// Adds what the command line says; its paths are relative to the working directory.
    fn with_options(mut self, overrides: &Overrides, around: &Surroundings) -> Self {
        for (place, given) in [
            (&mut self.root_ca, &overrides.tls_ca),
            (&mut self.certificate, &overrides.tls_cert),
            (&mut self.key, &overrides.tls_key),
        ] {
            if let Some(path) = given.as_ref().filter(|path| !path.as_os_str().is_empty()) {
                *place = Some(around.cwd.join(path));
            }
        }
        self
    }

    /// Adds, for what is not given, what Docker has in its directory for a server.
    ///
    /// Docker takes every `.crt`, and all pairs of `.cert` and `.key`; these are the names that its
    /// documents use.
    fn with_files_of_docker(mut self, url: &Url, around: &Surroundings) -> Self {
        let Some(directory) = docker_directory(around) else { return self };
        let directory = directory.join("tls").join(&url[Position::BeforeHost..Position::AfterPort]);
        let file = |name| Some(directory.join(name)).filter(|path: &PathBuf| path.exists());
        if self.root_ca.is_none() {
            self.root_ca = file("ca.crt");
        }
        if self.certificate.is_none() && self.key.is_none() {
            (self.certificate, self.key) = (file("client.cert"), file("client.key"));
        }
        self
    }

    /// The server, connected to like this.
    fn to(self, server: Server) -> Result<Server, ConfigError> {
        match server {
            Server::Http(endpoint) => Ok(Server::Http(Box::new(self.reach(*endpoint)?))),
            Server::Directory { .. } => self.client().map(|_| server),
        }
    }

    /// A server over the network, connected to like this.
    fn reach(self, endpoint: Endpoint) -> Result<Endpoint, ConfigError> {
        let client = self.client()?;
        let (root_ca, insecure_skip_verify) = (self.root_ca, self.skip_verify);
        let tls =
            TlsOptions { root_ca, client, insecure_skip_verify, opener: KeyOpener::default() };
        let Self { logins, proxies, timeouts, .. } = self;
        Ok(Endpoint { url: endpoint.url, tls, logins, timeouts, proxies })
    }

    /// The certificate that is shown to the server, and its key.
    fn client(&self) -> Result<Option<(PathBuf, PathBuf)>, ConfigError> {
        match (self.certificate.clone(), self.key.clone()) {
            (Some(certificate), Some(key)) => Ok(Some((certificate, key))),
            (None, None) => Ok(None),
            _ => Err(ConfigError::HalfClientCertificate),
        }
    }
}

impl File {
    /// The servers; `trust_dir` is where the own one is.
    pub(super) fn servers(
        &self,
        overrides: &Overrides,
        around: &Surroundings,
        trust_dir: &Path,
    ) -> Result<Servers, ConfigError> {
        let remote_server = self.section("remote_server")?;
        let proxies = proxies(around);
        let bare = Connection { proxies: proxies.clone(), ..Connection::default() };
        let mut connection = remote_server.connection(bare.clone())?;
        let given = overrides.server.as_deref().filter(|server| !server.is_empty());
        let server = if let Some(given) = given {
            Server::parse(given, || "`-s`".to_owned())?
        } else if let Some(server) = remote_server.server()? {
            server
        } else if let Some(address) = around.var(DOCKER_SERVER) {
            let server = Server::parse(address, || DOCKER_SERVER.to_owned())?;
            if let Server::Http(endpoint) = &server {
                connection = connection.with_files_of_docker(&endpoint.url, around);
            }
            server
        } else {
            Server::Directory { path: trust_dir.join(OWN_SERVER), is_default: true }
        };
        let mut remotes = self.remotes(&server, &connection, &bare, overrides, around)?;
        let elsewhere = remote_server.connection(bare)?.with_options(overrides, around);
        if given.is_some() {
            remotes.clear();
        }
        let other = connection.with_options(overrides, around).to(server)?;
        Ok(Servers { remotes, other, proxies, elsewhere })
    }

    /// The servers in `remotes`; without a `url`, a remote is about `server`, else it begins `bare`.
    fn remotes(
        &self,
        server: &Server,
        connection: &Connection,
        bare: &Connection,
        overrides: &Overrides,
        around: &Surroundings,
    ) -> Result<BTreeMap<String, Server>, ConfigError> {
        let remotes = self.section("remotes")?;
        let mut servers = BTreeMap::new();
        for (prefix, _) in self.members("remotes")? {
            let name = prefix.strip_suffix('/').unwrap_or(prefix);
            if Gun::parse(name).is_err() {
                return Err(remotes.wrong(prefix, "for the beginning of names of collections"));
            }
            let remote = remotes.member(prefix)?;
            let mut known = REMOTE_KEYS.map(|key| key.split('.').next().unwrap_or(key)).to_vec();
            known.dedup();
            remote.only("", &known)?;
            let (server, connection) = match remote.server()? {
                Some(own) => (own, bare.clone()),
                None => (server.clone(), connection.clone()),
            };
            let connection = remote.connection(connection)?.with_options(overrides, around);
            servers.insert(prefix.clone(), connection.to(server)?);
        }
        Ok(servers)
    }

    /// The server that a section names.
    fn server(&self) -> Result<Option<Server>, ConfigError> {
        let place = || format!("`{}` in `{}`", self.full("url"), self.path.display());
        let url = self.text("url")?.filter(|url| !url.is_empty());
        url.map(|url| Server::parse(url, place)).transpose()
    }

    /// How to connect to the server of a section; what it does not say is as given.
    fn connection(&self, given: Connection) -> Result<Connection, ConfigError> {
        let path = |key| {
            let path = self.text(key)?.filter(|path| !path.is_empty());
            Ok::<_, ConfigError>(path.map(|path| self.resolve(path)))
        };
        let (certificate, key) = match (path("tls_client_cert")?, path("tls_client_key")?) {
            (None, None) => (given.certificate, given.key),
            pair => pair,
        };
        let skip_verify = match self.value("skipTLSVerify")? {
            None => given.skip_verify,
            Some(_) => self.flag("skipTLSVerify")?,
        };
        let root_ca = path("root_ca")?.or(given.root_ca);
        let (timeouts, proxies) = (self.timeouts(given.timeouts)?, given.proxies);
        let logins = match self.text("auth")? {
            None => given.logins,
            Some(word) => word.parse().map_err(|_| self.wrong("auth", UnknownSources::KNOWN))?,
        };
        Ok(Connection { root_ca, certificate, key, skip_verify, timeouts, logins, proxies })
    }

    /// The timeouts of a section; what it does not say is as given.
    fn timeouts(&self, mut timeouts: Timeouts) -> Result<Timeouts, ConfigError> {
        self.only("timeouts", &["connect", "idle", "total"])?;
        let set = |name, timeout: &mut Duration| {
            let key = format!("timeouts.{name}");
            let Some(value) = self.value(&key)? else { return Ok(()) };
            let seconds = value.as_u64().filter(|seconds| (1..=MAX_SECONDS).contains(seconds));
            let wrong = || self.wrong(&key, "a whole number of seconds from 1 to 86400");
            *timeout = Duration::from_secs(seconds.ok_or_else(wrong)?);
            Ok::<_, ConfigError>(())
        };
        set("connect", &mut timeouts.connect)?;
        set("idle", &mut timeouts.idle)?;
        set("total", &mut timeouts.total)?;
        // Who is patient with a server is so while it judges, too.
        timeouts.judging = timeouts.judging.max(timeouts.idle);
        Ok(timeouts)
    }
}

/// The proxies, which only the environment names.
fn proxies(around: &Surroundings) -> Proxies {
    let first = |names: &[&'static str]| {
        let mut given = names.iter().filter_map(|name| Some((*name, around.var(name)?)));
        given.next().map(|(variable, address)| GivenProxy { address: address.into(), variable })
    };
    let all = first(&["ALL_PROXY", "all_proxy"]);
    // Web servers put what a client sends as `Proxy:` into this variable of the programs they run.
    let is_cgi = around.var("REQUEST_METHOD").is_some();
    let http = first(if is_cgi { &["http_proxy"] } else { &["HTTP_PROXY", "http_proxy"] });
    let exceptions = around.var("NO_PROXY").or_else(|| around.var("no_proxy"));
    Proxies {
        http: http.or_else(|| all.clone()),
        https: first(&["HTTPS_PROXY", "https_proxy"]).or(all),
        exceptions: exceptions.unwrap_or_default().to_owned(),
    }
}

fn parse(address: &str) -> Option<Server> {
    let url = Url::parse(address).ok()?;
    if url.query().is_some() || url.fragment().is_some() {
        return None;
    }
    match url.scheme() {
        "http" | "https" if url.has_host() => Some(Server::Http(Box::new(Endpoint::new(url)))),
        "file" => {
            let path = url.to_file_path().ok()?;
            Some(Server::Directory { path, is_default: false })
        }
        _ => None,
    }
}

/// Text that should be an address, without what may be a user name and a password.
fn without_login(address: &str) -> String {
    let scheme = address.find("://").map_or(0, |at| at + "://".len());
    match address.rfind('@') {
        Some(at) if at >= scheme => format!("{}...{}", &address[..scheme], &address[at..]),
        _ => address.to_owned(),
    }
}

#[cfg(test)]
mod tests;
