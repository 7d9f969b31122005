//! Names of collections and of roles, checked once where they enter the program.
//!
//! A [`Gun`] or a [`RoleName`] can only be made by parsing, so code that holds one may build paths
//! and URLs from it without looking again.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

/// The globally unique name of a collection, for instance `registry.example:5000/team/app`.
///
/// The name is used verbatim in URLs, in paths below the trust directory and as the common name of
/// root certificates, so a name that would mean something else in one of those places is refused:
/// empty, `.` and `..` segments, a leading or trailing `/`, the characters `*`, `?`, `#`, `%` and
/// `\`, and control characters (`formats.md` §1.2). So is one that does not read as it is spelled,
/// one longer than the 255 bytes that the databases of Notary servers hold, and one with the
/// segments `metadata/targets` below others: its files would lie among those of the delegations of
/// the collection whose name stands before these segments.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Gun(String);

impl Gun {
    const MAX_BYTES: usize = 255;

    /// Checks `name` and wraps it.
    pub fn parse(name: &str) -> Result<Self, InvalidGun> {
        if name.is_empty() {
            return Err(InvalidGun::Empty);
        }
        if name.len() > Self::MAX_BYTES {
            return Err(InvalidGun::Long(name.len()));
        }
        if name.starts_with('/') || name.ends_with('/') {
            return Err(InvalidGun::OuterSlash);
        }
        for segment in name.split('/') {
            if matches!(segment, "" | "." | "..") {
                return Err(InvalidGun::Segment(segment.to_owned()));
            }
        }
        let segments: Vec<&str> = name.split('/').collect();
        // Some file systems do not tell capitals from small letters.
        let is_inside = |pair: &[&str]| {
            pair[0].eq_ignore_ascii_case("metadata") && pair[1].eq_ignore_ascii_case("targets")
        };
        if segments[1..].windows(2).any(is_inside) {
            return Err(InvalidGun::Inside);
        }
        match name.chars().find(|c| "*?#%\\".contains(*c) || is_obeyed(*c)) {
            Some(c) => Err(InvalidGun::Character(c)),
            None => Ok(Self(name.to_owned())),
        }
    }

    /// The name as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The parts between the slashes; never empty, never `.` or `..`.
    pub fn segments(&self) -> impl Iterator<Item = &str> {
        self.0.split('/')
    }
}

impl fmt::Display for Gun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Gun {
    type Err = InvalidGun;

    fn from_str(name: &str) -> Result<Self, InvalidGun> {
        Self::parse(name)
    }
}

impl Serialize for Gun {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Whether a character is obeyed by whoever displays it, rather than shown: control characters,
/// line separators, and the marks, embeddings, overrides and isolates of Unicode TR 9, which let
/// text read differently from how it is spelled.
pub fn is_obeyed(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Why a string cannot name a collection.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum InvalidGun {
    /// A character that URLs, paths or the server treat specially.
    #[error("a collection name cannot contain {0:?}")]
    Character(char),
    /// The empty string.
    #[error("a collection name cannot be empty")]
    Empty,
    /// Its directory would belong to the delegations of another collection.
    #[error("a collection name cannot contain `/metadata/targets`, where others have delegations")]
    Inside,
    /// More bytes than servers can store.
    #[error("a collection name cannot have more than {max} bytes, this one has {0}", max = Gun::MAX_BYTES)]
    Long(usize),
    /// A slash at either end.
    #[error("a collection name cannot begin or end with `/`")]
    OuterSlash,
    /// A segment that is empty or would leave its directory.
    #[error("a collection name cannot contain {}", segment(.0))]
    Segment(String),
}

fn segment(segment: &str) -> String {
    match segment {
        "" => "an empty path segment (`//`)".to_owned(),
        segment => format!("the path segment `{segment}`"),
    }
}

/// The name of a role: one of the four base roles or a delegation below `targets`.
///
/// Delegation names match `targets(/[-a-z0-9_]+)+` and are shorter than 256 bytes
/// (`formats.md` §5.1), so they are safe as relative paths.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct RoleName(Cow<'static, str>);

impl RoleName {
    /// The role that lists the keys of all base roles.
    pub const ROOT: Self = Self(Cow::Borrowed("root"));
    /// The role that fixes one consistent set of all other files.
    pub const SNAPSHOT: Self = Self(Cow::Borrowed("snapshot"));
    /// The top-level role that signs targets and delegates to others.
    pub const TARGETS: Self = Self(Cow::Borrowed("targets"));
    /// The role that says which snapshot is the current one.
    pub const TIMESTAMP: Self = Self(Cow::Borrowed("timestamp"));
    /// The four roles that every root names, in alphabetical order.
    pub const BASE: [Self; 4] = [Self::ROOT, Self::SNAPSHOT, Self::TARGETS, Self::TIMESTAMP];

    const MAX_DELEGATION_BYTES: usize = 255;

    /// Checks `name` and wraps it.
    pub fn parse(name: &str) -> Result<Self, InvalidRole> {
        if let Some(base) = Self::BASE.into_iter().find(|base| base.as_str() == name) {
            return Ok(base);
        }
        let clean = |segment: &str| {
            !segment.is_empty()
                && segment.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'))
        };
        match name.strip_prefix("targets/") {
            Some(rest)
                if name.len() <= Self::MAX_DELEGATION_BYTES && rest.split('/').all(clean) =>
            {
                Ok(Self(Cow::Owned(name.to_owned())))
            }
            _ => Err(InvalidRole(name.to_owned())),
        }
    }

    /// The name as it stands in metadata.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is a role below `targets`.
    pub fn is_delegation(&self) -> bool {
        self.0.contains('/')
    }

    /// Whether targets can be signed by this role: `targets` or a delegation.
    pub fn holds_targets(&self) -> bool {
        self.is_delegation() || *self == Self::TARGETS
    }

    /// The delegating role, for a delegation.
    pub fn parent(&self) -> Option<Self> {
        let (parent, _) = self.0.rsplit_once('/')?;
        Some(match parent {
            "targets" => Self::TARGETS,
            other => Self(Cow::Owned(other.to_owned())),
        })
    }

    /// Whether `other` lies anywhere below this role.
    pub fn is_ancestor_of(&self, other: &Self) -> bool {
        other.0.strip_prefix(self.as_str()).is_some_and(|rest| rest.starts_with('/'))
    }
}

impl fmt::Display for RoleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for RoleName {
    type Err = InvalidRole;

    fn from_str(name: &str) -> Result<Self, InvalidRole> {
        Self::parse(name)
    }
}

impl Serialize for RoleName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for RoleName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = Cow::<str>::deserialize(deserializer)?;
        Self::parse(&name).map_err(de::Error::custom)
    }
}

/// A string that names no role.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("{0:?} is not a role name: use `targets` or `targets/…` with the characters a-z 0-9 - _")]
pub struct InvalidRole(pub String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guns_that_mean_one_thing_everywhere_are_accepted() {
        for name in ["a", "UPPER/Case", "host:5000/a_b-c.d", "sp ace/x", "uni/é", "a/_trust/tuf/b"]
        {
            assert_eq!(Gun::parse(name).unwrap().as_str(), name);
        }
        for name in ["metadata/targets", "x/metadata/y/targets", "x/metadata", "x/targets/y"] {
            assert_eq!(Gun::parse(name).unwrap().as_str(), name);
        }
        assert!(Gun::parse(&"l".repeat(255)).is_ok());
    }

    #[test]
    fn guns_that_escape_or_confuse_are_refused() {
        use InvalidGun::*;
        for (name, why) in [
            ("", Empty),
            ("../x", Segment("..".into())),
            ("a/../../up", Segment("..".into())),
            ("./dot/x", Segment(".".into())),
            ("a//b", Segment(String::new())),
            ("/abs/x", OuterSlash),
            ("trail/", OuterSlash),
            ("q?x=1", Character('?')),
            ("h#frag", Character('#')),
            ("pct%41", Character('%')),
            ("star*", Character('*')),
            ("line\nbreak", Character('\n')),
            ("esc\u{1b}[31m", Character('\u{1b}')),
            ("c1\u{9b}31m", Character('\u{9b}')),
            ("back\\slash", Character('\\')),
            ("abc\u{202e}fed", Character('\u{202e}')),
            ("two\u{2028}lines", Character('\u{2028}')),
            (&"l".repeat(256), Long(256)),
            ("x/metadata/targets", Inside),
            ("x/y/Metadata/TARGETS/z", Inside),
        ] {
            assert_eq!(Gun::parse(name), Err(why), "{name:?}");
        }
    }

    #[test]
    fn role_names_follow_the_delegation_grammar() {
        for name in ["root", "targets", "targets/a", "targets/a/b-c_9", "targets/a/b/c"] {
            assert_eq!(RoleName::parse(name).unwrap().as_str(), name);
        }
        let long = format!("targets/{}", "a".repeat(248));
        assert!(RoleName::parse(&long[..255]).is_ok());
        for name in [
            "",
            "releases",
            "targets/",
            "targets//a",
            "targets/A",
            "targets/a/",
            "targets/.",
            "targets/*",
            &long,
        ] {
            assert!(RoleName::parse(name).is_err(), "{name:?}");
        }
    }

    #[test]
    fn role_families_are_compared_by_segment() {
        let role = |name| RoleName::parse(name).unwrap();
        assert_eq!(role("targets/a/b").parent(), Some(role("targets/a")));
        assert_eq!(role("targets/a").parent(), Some(RoleName::TARGETS));
        assert_eq!(RoleName::TARGETS.parent(), None);
        assert!(role("targets/a").is_ancestor_of(&role("targets/a/b/c")));
        assert!(!role("targets/a").is_ancestor_of(&role("targets/ab")));
        assert!(!role("targets/a").is_ancestor_of(&role("targets/a")));
    }
}
