//! What the metadata of all roles has in common: files described by hashes, expiry, type and
//! version, and the byte form in which they are stored.

use std::collections::BTreeMap;
use std::fmt;

use aws_lc_rs::digest;
use data_encoding::HEXLOWER;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::error::{Error, Malformation};
use super::json::Json;
use super::key::{Base64, KeyId, PublicKey};
use super::role::RoleName;

/// The name of SHA-256 in metadata.
pub const SHA256: &str = "sha256";
/// The name of SHA-512 in metadata.
pub const SHA512: &str = "sha512";

/// Length and hashes of one file, and for targets whatever the publisher added.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct FileMeta {
    /// Any JSON value; only targets have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom: Option<Json>,
    /// Raw hashes by the name of the algorithm; unknown algorithms are kept.
    #[serde(default, deserialize_with = "null_as_default")]
    pub hashes: BTreeMap<String, Base64>,
    /// Bytes. Other clients have signed negative numbers, which describe no file.
    pub length: i64,
}

impl FileMeta {
    /// Describes `bytes` with both hashes.
    pub fn of(bytes: &[u8]) -> Self {
        let hash = |algorithm| digest::digest(algorithm, bytes).as_ref().to_vec();
        Self::new(bytes.len() as u64, Some(hash(&digest::SHA256)), Some(hash(&digest::SHA512)))
    }

    /// Describes a file of `length` bytes by the raw hashes that are known.
    pub fn new(length: u64, sha256: Option<Vec<u8>>, sha512: Option<Vec<u8>>) -> Self {
        let named = [(SHA256, sha256), (SHA512, sha512)];
        Self {
            custom: None,
            hashes: named
                .into_iter()
                .filter_map(|(name, hash)| Some((name.to_owned(), Base64(hash?))))
                .collect(),
            length: i64::try_from(length).unwrap_or(i64::MAX),
        }
    }

    /// Hex of the SHA-256, when there is one.
    pub fn sha256(&self) -> Option<String> {
        self.hashes.get(SHA256).map(|hash| HEXLOWER.encode(&hash.0))
    }

    /// Hex of the SHA-512, when there is one.
    pub fn sha512(&self) -> Option<String> {
        self.hashes.get(SHA512).map(|hash| HEXLOWER.encode(&hash.0))
    }

    /// The most bytes that the described file can have.
    pub fn max_length(&self) -> u64 {
        u64::try_from(self.length).unwrap_or(0)
    }

    /// Checks that `bytes` are the described file.
    ///
    /// Every hash of a known algorithm must match and there must be one (`formats.md` §4.6). The
    /// length is a limit for reading, not part of the description: the hashes decide.
    pub fn check(&self, role: &RoleName, bytes: &[u8]) -> Result<(), Error> {
        let known = [(SHA256, &digest::SHA256), (SHA512, &digest::SHA512)];
        let mut checked = false;
        for (name, algorithm) in known {
            if let Some(expected) = self.hashes.get(name) {
                checked = true;
                if digest::digest(algorithm, bytes).as_ref() != expected.0 {
                    return Err(Error::HashMismatch {
                        role: role.clone(),
                        algorithm: name,
                        expected: HEXLOWER.encode(&expected.0),
                    });
                }
            }
        }
        if checked { Ok(()) } else { Err(Error::NoKnownHash { role: role.clone() }) }
    }

    /// Checks that the entry for `role` in a snapshot or timestamp has hashes of the right length.
    pub(super) fn require_hashes(&self, role: &RoleName) -> Result<(), Malformation> {
        let missing = |algorithm| Malformation::MissingHash { entry: role.clone(), algorithm };
        match self.hashes.get(SHA256) {
            Some(hash) if hash.0.len() == digest::SHA256_OUTPUT_LEN => {}
            _ => return Err(missing(SHA256)),
        }
        match self.hashes.get(SHA512) {
            Some(hash) if hash.0.len() != digest::SHA512_OUTPUT_LEN => Err(missing(SHA512)),
            _ => Ok(()),
        }
    }
}

/// The last moment at which a file is valid, in the spelling of Go: RFC 3339, nanoseconds without
/// trailing zeros, the zone that it was written with.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Expires(pub OffsetDateTime);

impl fmt::Display for Expires {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.format(&Rfc3339).map_err(|_| fmt::Error)?)
    }
}

impl Serialize for Expires {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Expires {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        OffsetDateTime::parse(&text, &Rfc3339).map(Self).map_err(de::Error::custom)
    }
}

/// The keys of a role and how many of them must sign.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct RoleKeys {
    /// TUF ids in the order they were added; Go writes `null` where the last was removed.
    pub keyids: Option<Vec<KeyId>>,
    /// At least one in valid metadata.
    pub threshold: i64,
}

impl RoleKeys {
    /// A role with these keys.
    pub fn new(keyids: Vec<KeyId>, threshold: i64) -> Self {
        Self { keyids: Some(keyids), threshold }
    }

    /// The ids, none for `null`.
    pub fn key_ids(&self) -> &[KeyId] {
        self.keyids.as_deref().unwrap_or_default()
    }
}

/// Checks the threshold of a role and that the file has every key that the role lists.
pub(super) fn check_role(
    role: &str,
    key_ids: &[KeyId],
    threshold: i64,
    keys: &BTreeMap<KeyId, PublicKey>,
) -> Result<(), Malformation> {
    if threshold < 1 {
        return Err(Malformation::Threshold { role: role.to_owned(), threshold });
    }
    match key_ids.iter().find(|id| !keys.contains_key(id)) {
        Some(id) => Err(Malformation::UnknownKey { role: role.to_owned(), key_id: id.clone() }),
        None => Ok(()),
    }
}

/// The payload of one kind of metadata file: what stands under `signed`.
pub trait Payload: DeserializeOwned + Serialize {
    /// The value of `_type`.
    const TYPE: &'static str;

    /// The value of `_type` in this file.
    fn declared_type(&self) -> &str;

    /// The version, at least one in valid metadata.
    fn version(&self) -> u64;

    /// The last moment of validity.
    fn expires(&self) -> Expires;

    /// Sets the version and the last moment of validity of a file that is about to be signed.
    fn renew(&mut self, version: u64, expires: Expires);

    /// Checks what is particular to this kind of file.
    fn check_content(&self, role: &RoleName) -> Result<(), Malformation>;

    /// Checks type, version and content.
    fn check_structure(&self, role: &RoleName) -> Result<(), Error> {
        let check = || {
            if self.declared_type() != Self::TYPE {
                let found = self.declared_type().to_owned();
                return Err(Malformation::Type { expected: Self::TYPE, found });
            }
            if self.version() < 1 {
                return Err(Malformation::Version);
            }
            self.check_content(role)
        };
        check().map_err(|why| Error::Malformed { role: role.clone(), why })
    }

    /// Checks that the file is not expired at `now`.
    fn check_expiry(&self, role: &RoleName, now: OffsetDateTime) -> Result<(), Error> {
        match self.expires().0 {
            at if at < now => Err(Error::Expired { role: role.clone(), at }),
            _ => Ok(()),
        }
    }

    /// Checks that the version is not below `floor`, the highest one accepted so far.
    fn check_version(&self, role: &RoleName, floor: u64) -> Result<(), Error> {
        match self.version() {
            found if found < floor => {
                Err(Error::Rollback { role: role.clone(), trusted: floor, found })
            }
            _ => Ok(()),
        }
    }
}

/// Implements the parts of [`Payload`] that are members of the same name everywhere.
macro_rules! common_members {
    () => {
        fn declared_type(&self) -> &str {
            &self.declared_type
        }

        fn version(&self) -> u64 {
            self.version
        }

        fn expires(&self) -> Expires {
            self.expires
        }

        fn renew(&mut self, version: u64, expires: Expires) {
            self.version = version;
            self.expires = expires;
        }
    };
}
pub(super) use common_members;

/// Reads `null` as the empty value, as Go does.
pub(super) fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_spelled_as_go_spells_them() {
        for text in [
            "\"2036-11-18T08:09:28.957725106+05:30\"",
            "\"2036-11-18T02:06:25.9945Z\"",
            "\"2036-11-18T02:06:25Z\"",
        ] {
            let expires: Expires = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&expires).unwrap(), text);
        }
    }

    #[test]
    fn all_known_hashes_must_match_and_one_must_be_known() {
        let role = RoleName::TARGETS;
        let mut meta = FileMeta::of(b"data");
        assert_eq!(meta.check(&role, b"data"), Ok(()));
        meta.length = 1_000_000;
        assert_eq!(meta.check(&role, b"data"), Ok(()), "the length is only a limit");
        meta.hashes.insert(SHA512.into(), Base64(vec![0; 64]));
        let expected = "00".repeat(64);
        let error = Error::HashMismatch { role: role.clone(), algorithm: SHA512, expected };
        assert_eq!(meta.check(&role, b"data"), Err(error));
        meta.hashes.retain(|name, _| name == "md5");
        assert_eq!(meta.check(&role, b"data"), Err(Error::NoKnownHash { role }));
    }
}
