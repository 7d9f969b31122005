//! What a request is about, from its path (`formats.md` §7.1).

use percent_encoding::percent_decode_str;

use crate::tuf::role::{Gun, RoleName};

/// Something that can be asked for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Resource {
    /// The changes of one collection, or of all.
    Changes(Option<Gun>),
    /// A collection as a whole.
    Collection(Gun),
    /// A file of a role.
    File(Gun, RoleName, Selector),
    /// Whether the server works.
    Health,
    /// The public key of the server for a role.
    Key(Gun, RoleName),
    /// Figures about the server.
    Metrics,
    /// Whether this is such a server.
    Ping,
}

/// Which file of a role.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Selector {
    /// The newest.
    Current,
    /// The one with this SHA-256, in lower-case hex.
    Hash(String),
    /// The one with this version.
    Version(u64),
}

/// The lengths of hashes in hex that may stand in a name; only files by SHA-256 exist.
const HASH_LENGTHS: [usize; 3] = [64, 96, 128];

impl Resource {
    /// Reads a path as it stands in a request; `None` when there can be nothing under it.
    pub fn parse(path: &str) -> Option<Self> {
        let decoded = percent_decode_str(path).decode_utf8().ok()?;
        match &*decoded {
            "/_notary_server/health" => return Some(Self::Health),
            "/metrics" => return Some(Self::Metrics),
            "/v2/" => return Some(Self::Ping),
            "/v2/_trust/changefeed" => return Some(Self::Changes(None)),
            _ => {}
        }
        let (gun, rest) = decoded.strip_prefix("/v2/")?.rsplit_once("/_trust/")?;
        let gun = Gun::parse(gun).ok()?;
        if rest == "changefeed" {
            return Some(Self::Changes(Some(gun)));
        }
        let name = rest.strip_prefix("tuf/")?;
        if name.is_empty() {
            return Some(Self::Collection(gun));
        }
        if let Some(role) = name.strip_suffix(".key") {
            let role = RoleName::parse(role).ok()?;
            let is_server_role = [RoleName::SNAPSHOT, RoleName::TIMESTAMP].contains(&role);
            return is_server_role.then_some(Self::Key(gun, role));
        }
        let (role, selector) = select(name.strip_suffix(".json")?)?;
        Some(Self::File(gun, role, selector))
    }

    /// The collection that it is about, if it is about a single one.
    pub fn gun(&self) -> Option<&Gun> {
        match self {
            Self::Changes(gun) => gun.as_ref(),
            Self::Collection(gun) | Self::File(gun, ..) | Self::Key(gun, _) => Some(gun),
            Self::Health | Self::Metrics | Self::Ping => None,
        }
    }

    /// A word for the kind of resource, for figures and logs.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Changes(_) => "changefeed",
            Self::Collection(_) => "collection",
            Self::File(_, role, _) => match role.as_str() {
                "root" => "root",
                "snapshot" => "snapshot",
                "targets" => "targets",
                "timestamp" => "timestamp",
                _ => "delegation",
            },
            Self::Health => "health",
            Self::Key(..) => "key",
            Self::Metrics => "metrics",
            Self::Ping => "ping",
        }
    }
}

/// Reads `ROLE`, `ROLE.HASH` or `VERSION.ROLE`.
fn select(name: &str) -> Option<(RoleName, Selector)> {
    if let Some((role, hash)) = name.rsplit_once('.')
        && HASH_LENGTHS.contains(&hash.len())
        && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
    {
        return Some((RoleName::parse(role).ok()?, Selector::Hash(hash.to_ascii_lowercase())));
    }
    if let Some((version, role)) = name.split_once('.')
        && !version.is_empty()
        && version.bytes().all(|byte| byte.is_ascii_digit())
    {
        return Some((RoleName::parse(role).ok()?, Selector::Version(version.parse().ok()?)));
    }
    Some((RoleName::parse(name).ok()?, Selector::Current))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str) -> Option<(String, String, Selector)> {
        match Resource::parse(path)? {
            Resource::File(gun, role, selector) => {
                Some((gun.to_string(), role.to_string(), selector))
            }
            _ => None,
        }
    }

    #[test]
    fn files_are_found_by_role_hash_and_version() {
        let hash = "0aB9".repeat(16);
        for (path, gun, role, selector) in [
            ("/v2/a/_trust/tuf/root.json", "a", "root", Selector::Current),
            (
                "/v2/a/b:5000/c/_trust/tuf/targets/x/y.json",
                "a/b:5000/c",
                "targets/x/y",
                Selector::Current,
            ),
            ("/v2/a%20b/_trust/tuf/root.json", "a b", "root", Selector::Current),
            (
                "/v2/a/_trust/tuf/x/_trust/tuf/root.json",
                "a/_trust/tuf/x",
                "root",
                Selector::Current,
            ),
            ("/v2/a/_trust/tuf/01.root.json", "a", "root", Selector::Version(1)),
            ("/v2/a/_trust/tuf/12.targets/x.json", "a", "targets/x", Selector::Version(12)),
            (
                &format!("/v2/a/_trust/tuf/targets/x.{hash}.json"),
                "a",
                "targets/x",
                Selector::Hash(hash.to_lowercase()),
            ),
        ] {
            let found = file(path).unwrap_or_else(|| panic!("{path}"));
            assert_eq!(found, (gun.to_owned(), role.to_owned(), selector), "{path}");
        }
    }

    #[test]
    fn nothing_is_found_under_other_paths() {
        for path in [
            "",
            "/",
            "/v2",
            "/v2//",
            "/v2/a",
            "/v2/a/_trust/tuf",
            "/v1/a/_trust/tuf/root.json",
            "/v2/_trust/tuf/root.json",
            "/v2//_trust/tuf/root.json",
            "/v2/../_trust/tuf/root.json",
            "/v2/a/../b/_trust/tuf/root.json",
            "/v2/a%2f..%2fb/_trust/tuf/root.json",
            "/v2/a%00/_trust/tuf/root.json",
            "/v2/a%ff/_trust/tuf/root.json",
            "/v2/a/_trust/tuf/bogus.json",
            "/v2/a/_trust/tuf/root",
            "/v2/a/_trust/tuf/root.key",
            "/v2/a/_trust/tuf/targets.key",
            "/v2/a/_trust/tuf/../root.json",
            "/v2/a/_trust/tuf/targets/../root.json",
            "/v2/a/_trust/tuf/99999999999999999999.root.json",
            "/v2/a/_trust/tuf/.root.json",
            "/v2/a/_trust/tuf/root.abc.json",
            "/_notary_server",
            "/metrics/",
        ] {
            assert_eq!(Resource::parse(path), None, "{path}");
        }
    }
}
