//! Names of images as people write them for Docker: `[host[:port]/]path[:tag][@digest]`.
//!
//! 1. What stands in front of the first slash is a host if it has a dot, a colon or a capital letter,
//!    or is `localhost`. Without a host the image is on Docker Hub, `docker.io`, for which
//!    `index.docker.io` is an old name; a path of one part is below `library/` there.
//! 2. A host is a name of letters, digits and inner hyphens between dots, or an IPv6 address in
//!    brackets; a port is decimal. Case is kept.
//! 3. A path has parts of small letters and digits, separated inside by a dot, one or two
//!    underscores or any number of hyphens. It has 255 bytes at most.
//! 4. A tag has up to 128 letters, digits, underscores, dots and hyphens, and begins with none of the
//!    last two. Where neither tag nor digest is given, the tag is `latest`.
//! 5. A digest is `sha256:` and 64 small hex digits: Docker knows longer ones, too, but signs none.
//! 6. 64 hex digits alone are the id of an image in an engine, and no reference.
//!
//! The collection with the signatures of an image is named by host and path, its targets by tags.

use std::fmt;
use std::net::Ipv6Addr;
use std::str::FromStr;

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use thiserror::Error;

use crate::tuf::role::{Gun, InvalidGun};

const HUB: &str = "docker.io";
const OLD_HUB: &str = "index.docker.io";
/// Where the images of Docker Hub are.
const HUB_REGISTRY: &str = "registry-1.docker.io";
const LATEST: &str = "latest";
const MAX_PATH: usize = 255;
const MAX_TAG: usize = 128;

/// The SHA-256 of a manifest.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    const ALGORITHM: &str = "sha256";

    /// The hash alone, as 64 hex digits.
    pub fn hex(&self) -> String {
        HEXLOWER.encode(&self.0)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", Self::ALGORITHM, self.hex())
    }
}

impl FromStr for Digest {
    type Err = InvalidReference;

    fn from_str(text: &str) -> Result<Self, InvalidReference> {
        let invalid = || InvalidReference::Digest(text.to_owned());
        let (algorithm, hex) = text.split_once(':').ok_or_else(invalid)?;
        if algorithm != Self::ALGORITHM {
            return Err(InvalidReference::Algorithm(algorithm.to_owned()));
        }
        let hash = HEXLOWER.decode(hex.as_bytes()).map_err(|_| invalid())?;
        Ok(Self(hash.try_into().map_err(|_| invalid())?))
    }
}

/// An image in a registry.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Reference {
    /// The repository as it was written, without tag and digest.
    pub written: String,
    /// The host, `docker.io` if none was written, with the port if there is one.
    pub host: String,
    /// The repository in that registry.
    pub path: String,
    /// The tag, if one was written.
    pub tag: Option<String>,
    /// The digest, if one was written.
    pub digest: Option<Digest>,
}

/// What a reference means.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Wanted<'r> {
    /// Whatever has this digest.
    Digest(Digest),
    /// What the tag stands for, with whatever digest the reference has.
    Tag(&'r str),
}

impl Reference {
    /// Takes a reference apart.
    pub fn parse(text: &str) -> Result<Self, InvalidReference> {
        use InvalidReference as Invalid;
        if text.len() == 64 && HEXLOWER_PERMISSIVE.decode(text.as_bytes()).is_ok() {
            return Err(Invalid::Id);
        }
        if let Some((scheme, _)) = text.split_once("://") {
            return Err(Invalid::Scheme(scheme.to_owned()));
        }
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest.parse()?)),
            None => (text, None),
        };
        // A colon in front of a slash belongs to a port.
        let name_end = rest.rfind('/').map_or(0, |slash| slash + 1);
        let (written, tag) = match rest[name_end..].find(':') {
            Some(colon) => {
                (&rest[..name_end + colon], Some(check_tag(&rest[name_end + colon + 1..])?))
            }
            None => (rest, None),
        };
        let (host, path) = match written.split_once('/') {
            Some((first, path)) if is_host(first) => (first, path),
            _ => (HUB, written),
        };
        check_host(host)?;
        let host = if host == OLD_HUB { HUB } else { host };
        let path = match path.contains('/') {
            false if host == HUB && !path.is_empty() => format!("library/{path}"),
            _ => path.to_owned(),
        };
        check_path(&path)?;
        Ok(Self { written: written.to_owned(), host: host.to_owned(), path, tag, digest })
    }

    /// The collection that has the signatures of this image.
    pub fn gun(&self) -> Result<Gun, InvalidGun> {
        Gun::parse(&format!("{}/{}", self.host, self.path))
    }

    /// What it is that is meant.
    pub fn wanted(&self) -> Wanted<'_> {
        match (&self.tag, self.digest) {
            (Some(tag), _) => Wanted::Tag(tag),
            (None, None) => Wanted::Tag(LATEST),
            (None, Some(digest)) => Wanted::Digest(digest),
        }
    }

    /// The name of that in the registry: the tag if there is one, although a digest says the same, so
    /// that it is seen when the two have come apart.
    pub fn manifest(&self) -> String {
        match self.wanted() {
            Wanted::Tag(tag) => tag.to_owned(),
            Wanted::Digest(digest) => digest.to_string(),
        }
    }

    /// The host that serves the registry, with its port if there is one.
    pub fn registry(&self) -> &str {
        if self.host == HUB { HUB_REGISTRY } else { &self.host }
    }

    /// The repository as it was written, with a digest instead of the tag.
    pub fn with_digest(&self, digest: Digest) -> String {
        format!("{}@{digest}", self.written)
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        match self.digest {
            Some(digest) => write!(f, "@{digest}"),
            None => Ok(()),
        }
    }
}

impl FromStr for Reference {
    type Err = InvalidReference;

    fn from_str(text: &str) -> Result<Self, InvalidReference> {
        Self::parse(text)
    }
}

/// Why text is no reference of an image.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum InvalidReference {
    /// Another kind of digest.
    #[error("a digest begins with `sha256:`, not with `{0}:`")]
    Algorithm(String),
    /// Capital letters in the path.
    #[error("the name of an image has small letters only, not {0:?}")]
    Capitals(String),
    /// Not a digest.
    #[error("{0:?} is no digest, which has `sha256:` and 64 hex digits")]
    Digest(String),
    /// Not a host.
    #[error("{0:?} is no host of a registry")]
    Host(String),
    /// The id of an image.
    #[error("64 hex digits are the id of an image, not its name")]
    Id,
    /// A path that is too long.
    #[error("the name of an image has {MAX_PATH} bytes at most, not {0}")]
    Long(usize),
    /// Not a path.
    #[error("{0:?} is no name of an image")]
    Path(String),
    /// The address of something.
    #[error("the name of an image does not begin with `{0}://`")]
    Scheme(String),
    /// Not a tag.
    #[error(
        "{0:?} is no tag, which has up to {MAX_TAG} letters, digits, `_`, `.` and `-`, the last two \
         not at the beginning"
    )]
    Tag(String),
}

/// Checks a tag.
pub fn check_tag(tag: &str) -> Result<String, InvalidReference> {
    let is_word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let fits = (1..=MAX_TAG).contains(&tag.len())
        && tag.bytes().all(|b| is_word(b) || b"-.".contains(&b))
        && tag.bytes().next().is_some_and(is_word);
    if fits { Ok(tag.to_owned()) } else { Err(InvalidReference::Tag(tag.to_owned())) }
}

/// Whether what stands in front of the first slash is meant to be a host.
fn is_host(first: &str) -> bool {
    first.contains(['.', ':'])
        || first == "localhost"
        || first.contains(|c: char| c.is_ascii_uppercase())
}

fn check_host(host: &str) -> Result<(), InvalidReference> {
    let invalid = || InvalidReference::Host(host.to_owned());
    let (name, port) = match host.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest.split_once(']').ok_or_else(invalid)?;
            address.parse::<Ipv6Addr>().map_err(|_| invalid())?;
            let port = match port.strip_prefix(':') {
                Some(port) => Some(port),
                None if port.is_empty() => None,
                None => return Err(invalid()),
            };
            (None, port)
        }
        None => match host.split_once(':') {
            Some((name, port)) => (Some(name), Some(port)),
            None => (Some(host), None),
        },
    };
    let is_part = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    let is_port = |port: &str| {
        port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0)
    };
    let fits = name.is_none_or(|name| name.split('.').all(is_part)) && port.is_none_or(is_port);
    if fits { Ok(()) } else { Err(invalid()) }
}

fn check_path(path: &str) -> Result<(), InvalidReference> {
    if path.len() > MAX_PATH {
        return Err(InvalidReference::Long(path.len()));
    }
    if path.contains(|c: char| c.is_ascii_uppercase()) {
        return Err(InvalidReference::Capitals(path.to_owned()));
    }
    match path.split('/').all(is_path_part) {
        true => Ok(()),
        false => Err(InvalidReference::Path(path.to_owned())),
    }
}

/// Whether this is words of letters and digits with something that may separate them in between.
fn is_path_part(part: &str) -> bool {
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let mut rest = part;
    loop {
        let after_word = rest.trim_start_matches(is_word);
        if after_word.len() == rest.len() {
            return false;
        }
        let next = after_word.find(is_word).unwrap_or(after_word.len());
        let (separator, after) = after_word.split_at(next);
        match separator {
            "" => return true,
            "." | "_" | "__" => {}
            other if other.bytes().all(|b| b == b'-') => {}
            _ => return false,
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "586622c26589b6060f50857879c985babdbc1087f1baa735037fffb50c14720a";

    fn parts(text: &str) -> (String, Option<String>) {
        let reference = Reference::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(reference.to_string(), text);
        let tag = match reference.wanted() {
            Wanted::Tag(tag) => Some(tag.to_owned()),
            Wanted::Digest(_) => None,
        };
        (reference.gun().unwrap().as_str().to_owned(), tag)
    }

    #[test]
    fn names_without_a_host_are_on_docker_hub() {
        let latest = || Some("latest".to_owned());
        assert_eq!(parts("alpine"), ("docker.io/library/alpine".into(), latest()));
        assert_eq!(parts("team/app"), ("docker.io/team/app".into(), latest()));
        assert_eq!(parts("a/b/c"), ("docker.io/a/b/c".into(), latest()));
        assert_eq!(parts("docker.io/alpine"), ("docker.io/library/alpine".into(), latest()));
        assert_eq!(parts("index.docker.io/x/alpine"), ("docker.io/x/alpine".into(), latest()));
        assert_eq!(Reference::parse("alpine").unwrap().registry(), "registry-1.docker.io");
    }

    #[test]
    fn what_has_a_dot_a_colon_or_a_capital_or_is_localhost_is_a_host() {
        for (text, gun) in [
            ("registry.example:5000/ns/app:1.0", "registry.example:5000/ns/app"),
            ("localhost/app:1.0", "localhost/app"),
            ("localhost:5000/app:1.0", "localhost:5000/app"),
            ("HOST/app:1.0", "HOST/app"),
            ("Registry.Example/app:1.0", "Registry.Example/app"),
            ("[::1]:5000/app:1.0", "[::1]:5000/app"),
            ("[2001:db8::1]/app:1.0", "[2001:db8::1]/app"),
            ("127.0.0.1:5000/app:1.0", "127.0.0.1:5000/app"),
            ("registry/app:1.0", "docker.io/registry/app"),
        ] {
            assert_eq!(parts(text), (gun.to_owned(), Some("1.0".to_owned())), "{text}");
        }
    }

    #[test]
    fn a_digest_stands_behind_the_tag_and_needs_none() {
        let text = format!("team/app:1.0@sha256:{HEX}");
        let reference = Reference::parse(&text).unwrap();
        assert_eq!(reference.to_string(), text);
        assert_eq!(reference.wanted(), Wanted::Tag("1.0"));
        assert_eq!(reference.manifest(), "1.0");
        let bare = Reference::parse(&format!("team/app@sha256:{HEX}")).unwrap();
        let digest = bare.digest.unwrap();
        assert_eq!(bare.wanted(), Wanted::Digest(digest));
        assert_eq!(bare.manifest(), format!("sha256:{HEX}"));
        assert_eq!(digest.hex(), HEX);
        assert_eq!(
            Reference::parse("alpine:3").unwrap().with_digest(digest),
            format!("alpine@sha256:{HEX}")
        );
    }

    #[test]
    fn separators_stand_between_words() {
        for good in ["a.b", "a_b", "a__b", "a-b", "a----b", "x/a.b_c-d/e9"] {
            assert!(Reference::parse(good).is_ok(), "{good}");
        }
        for bad in ["a..b", "a___b", "a._b", "-a", "a-", ".a", "a.", "a b", "é", "a/", "/a", "a//b"]
        {
            assert!(Reference::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn limits_are_those_of_docker() {
        let long = |length| format!("example.com/{}", "a".repeat(length));
        assert!(Reference::parse(&long(255)).is_ok());
        assert_eq!(Reference::parse(&long(256)), Err(InvalidReference::Long(256)));
        // Together with its host it may still be too long for a collection.
        assert!(Reference::parse(&long(255)).unwrap().gun().is_err());
        let tag = |length| format!("a:{}", "t".repeat(length));
        assert!(Reference::parse(&tag(128)).is_ok());
        assert!(matches!(Reference::parse(&tag(129)), Err(InvalidReference::Tag(_))));
    }

    #[test]
    fn everything_else_is_refused_by_name() {
        use InvalidReference as Invalid;
        let error = |text: &str| Reference::parse(text).unwrap_err();
        assert_eq!(error(HEX), Invalid::Id);
        assert_eq!(error("https://host/app"), Invalid::Scheme("https".into()));
        assert_eq!(error("Alpine"), Invalid::Capitals("library/Alpine".into()));
        assert_eq!(error("host.example/App"), Invalid::Capitals("App".into()));
        assert_eq!(error(""), Invalid::Path(String::new()));
        assert_eq!(error("host.example/"), Invalid::Path(String::new()));
        for host in
            ["a..b", "-a.b", "a_b.c", "a:", "a:0", "a:65536", "a:+1", "[::1", "[x]:1", "[::1]x:1"]
        {
            assert_eq!(error(&format!("{host}/app")), Invalid::Host(host.into()), "{host}");
        }
        for tag in ["", ".a", "-a", "a b", "é", "a:b"] {
            assert_eq!(error(&format!("app:{tag}")), Invalid::Tag(tag.into()), "{tag}");
        }
        assert_eq!(error(&format!("a@sha512:{HEX}")), Invalid::Algorithm("sha512".into()));
        for digest in ["sha256:", "sha256:00", &format!("sha256:{}", HEX.to_uppercase()), "x", ""] {
            assert_eq!(error(&format!("a@{digest}")), Invalid::Digest(digest.into()), "{digest}");
        }
        assert!(Reference::parse(&format!("a@sha256:{HEX}@sha256:{HEX}")).is_err());
    }
}
