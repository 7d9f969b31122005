//! What `docker login` has left behind: logins in Docker's configuration, or with the helper that it
//! names.
//!
//! Docker keeps logins by the host of the registry, `HOST[:PORT]`, and those of Docker Hub as
//! `https://index.docker.io/v1/`. A helper for the host goes before the helper for all, and that
//! before what is in the file itself. A Notary server usually is on another port of the registry's
//! host, and Docker shows it the registry's login; so what is for the host alone is for such a
//! server, too.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use url::{Position, Url};
use zeroize::Zeroizing;

use super::helper::Programs;
use super::{CredentialsError, Found, Login, basic};
use crate::fsutil::read_bounded;
use crate::secret::{Prompt, Secret};

const FILE: &str = "config.json";
const MAX_BYTES: u64 = 4 << 20;
/// What Docker Hub is called in the configuration.
const HUB: &str = "https://index.docker.io/v1/";
/// The hosts of Docker Hub.
const HUB_HOSTS: [&str; 4] =
    ["docker.io", "index.docker.io", "notary.docker.io", "registry-1.docker.io"];

/// What matters here of the file. Docker takes null for nothing.
#[derive(Default, Deserialize)]
struct Config {
    auths: Option<BTreeMap<String, Option<Entry>>>,
    #[serde(rename = "credHelpers")]
    helpers: Option<BTreeMap<String, String>>,
    #[serde(rename = "credsStore")]
    store: Option<String>,
}

/// A login in the file.
#[derive(Deserialize)]
struct Entry {
    auth: Option<Secret>,
    username: Option<String>,
    password: Option<Secret>,
    identitytoken: Option<Secret>,
}

/// Docker's configuration, which is read when it is needed.
pub(super) struct Docker {
    directory: Option<PathBuf>,
    programs: Programs,
    config: OnceCell<Config>,
}

impl Docker {
    /// The configuration in `directory`, which need not exist.
    pub(super) fn new(directory: Option<PathBuf>, programs: Programs) -> Self {
        Self { directory, programs, config: OnceCell::new() }
    }

    /// The login for a server. What is wrong with the file is told, and counts as none.
    pub(super) fn find(
        &self,
        server: &Url,
        is_registry: bool,
        prompt: &dyn Prompt,
    ) -> Result<Option<Found>, CredentialsError> {
        let Some(directory) = &self.directory else { return Ok(None) };
        let path = directory.join(FILE);
        let config = self.config.get_or_init(|| read(&path, prompt));
        for name in names(server, is_registry) {
            let helper = named(config.helpers.as_ref(), &name).map(|(_, helper)| helper.as_str());
            let helper = helper.or(config.store.as_deref()).filter(|helper| !helper.is_empty());
            if let Some(helper) = helper
                && let Some(found) = self.ask(helper, &name)?
            {
                return Ok(Some(found));
            }
            let entry = named(config.auths.as_ref(), &name);
            if let Some((key, Some(entry))) = entry
                && let Some(login) = entry.login(key, &path, prompt)
            {
                let source = format!("`{}`", path.display());
                return Ok(Some(Found { login, source }));
            }
        }
        Ok(None)
    }

    /// The login that one helper has for a server.
    pub(super) fn find_with(
        &self,
        helper: &str,
        server: &Url,
        is_registry: bool,
    ) -> Result<Option<Found>, CredentialsError> {
        for name in names(server, is_registry) {
            if let Some(found) = self.ask(helper, &name)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    fn ask(&self, helper: &str, name: &str) -> Result<Option<Found>, CredentialsError> {
        let login = self.programs.ask(helper, name)?;
        let source = format!("`{}`", Programs::program(helper));
        Ok(login.map(|login| Found { login, source }))
    }
}

fn read(path: &Path, prompt: &dyn Prompt) -> Config {
    let unusable = |why: &str| {
        let path = path.display();
        prompt.warn(&format!("no logins are taken from `{path}`: {why}"));
        Config::default()
    };
    match read_bounded(path, MAX_BYTES).map(|text| text.map(Zeroizing::new)) {
        Ok(None) => Config::default(),
        Ok(Some(text)) => serde_json::from_slice(&text).unwrap_or_else(|error| {
            // The library's words repeat what it does not like.
            let (line, column) = (error.line(), error.column());
            unusable(&format!("line {line}, column {column} is not what Docker writes"))
        }),
        Err(error) => unusable(&error.source.to_string()),
    }
}

impl Entry {
    fn login(&self, key: &str, path: &Path, prompt: &dyn Prompt) -> Option<Login> {
        let given = |secret: &Option<Secret>| secret.clone().filter(|secret| !secret.is_empty());
        if let Some(token) = given(&self.identitytoken) {
            return Some(Login::IdentityToken(token));
        }
        if let Some(word) = given(&self.auth) {
            return match basic::decode(&word) {
                // Docker has padded passwords with zeros.
                Ok((user, password)) => {
                    let password = password.trim_matches('\0').into();
                    Some(Login::Password { user, password })
                }
                Err(error) => {
                    let path = path.display();
                    prompt.warn(&format!("the login for `{key}` in `{path}` is not used: {error}"));
                    None
                }
            };
        }
        let user = self.username.clone().filter(|user| !user.is_empty())?;
        let password = self.password.clone().unwrap_or_default();
        Some(Login::Password { user, password })
    }
}

/// What a server is called in the configuration; the first name is the best.
fn names(server: &Url, is_registry: bool) -> Vec<String> {
    let host = server.host_str().unwrap_or_default();
    if HUB_HOSTS.contains(&host) {
        return vec![HUB.to_owned()];
    }
    let address = &server[Position::BeforeHost..Position::AfterPort];
    match is_registry || host == address {
        true => vec![address.to_owned()],
        false => vec![address.to_owned(), host.to_owned()],
    }
}

/// The member of that name, or one that Docker takes for it.
fn named<'a, T>(
    members: Option<&'a BTreeMap<String, T>>,
    name: &str,
) -> Option<(&'a String, &'a T)> {
    let members = members?;
    members
        .get_key_value(name)
        .or_else(|| members.iter().find(|(key, _)| host_of(key) == host_of(name)))
}

/// The host and the port in what older versions have written as an address.
fn host_of(name: &str) -> &str {
    let rest = name.strip_prefix("https://").or_else(|| name.strip_prefix("http://"));
    let rest = rest.unwrap_or(name);
    match rest.split('/').next().unwrap_or_default() {
        "docker.io" => "index.docker.io",
        // That is the port of no other protocol, and never part of the names of ours.
        host => host.strip_suffix(":443").unwrap_or(host),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_called_as_docker_calls_them() {
        let names = |url: &str, is_registry| names(&Url::parse(url).unwrap(), is_registry);
        assert_eq!(names("https://notary.docker.io", false), [HUB]);
        assert_eq!(names("https://registry-1.docker.io/v2/", true), [HUB]);
        assert_eq!(names("https://a.example:443/x", false), ["a.example"]);
        assert_eq!(names("https://a.example:4443", false), ["a.example:4443", "a.example"]);
        assert_eq!(names("https://a.example:5000", true), ["a.example:5000"]);
        assert_eq!(names("http://[::1]:5000", true), ["[::1]:5000"]);
    }

    #[test]
    fn older_names_are_known() {
        let keys = ["https://a.example/v1/", "a.example:5000", "docker.io", "b.example:443"];
        let members: BTreeMap<_, _> = keys.map(|key| (key.to_owned(), ())).into();
        let find = |name: &str| named(Some(&members), name).map(|(key, ())| key.as_str());
        assert_eq!(find("a.example"), Some(keys[0]));
        assert_eq!(find("a.example:5000"), Some(keys[1]));
        assert_eq!(find(HUB), Some(keys[2]));
        assert_eq!(find("b.example"), Some(keys[3]));
        assert_eq!(find("example"), None);
    }
}
