//! Signed files and the one threshold check of this program.
//!
//! The rule (`formats.md` §3.3), which serves reading, the self-check before publishing and the
//! judging of uploads alike:
//!
//! 1. What is verified is the canonical form of the `signed` member, whatever its spelling.
//! 2. A file without signatures is refused, and so is a threshold below one.
//! 3. Signatures by keys that the role does not list are ignored.
//! 4. A listed key whose content has another id than its name makes the file unusable.
//! 5. A signature that does not verify is ignored. Of each id the first eight are tried, until one
//!    verifies: nobody needs more than one, and a check is slow enough to keep readers busy with.
//! 6. The keys with a valid signature are counted, each once, however many signatures it made and
//!    under however many ids the role lists it; they must reach the threshold.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::canonical;
use super::error::{Error, Malformation};
use super::key::{Base64, KeyId, Method, PublicKey};
use super::metadata::{Payload, RoleKeys, null_as_default};
use super::role::RoleName;

/// How many signatures by one key are tried.
const MAX_TRIES: usize = 8;

/// One signature of a file.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Signature {
    /// The TUF id of the key.
    pub keyid: KeyId,
    /// How it was made.
    pub method: Method,
    /// The signature's bytes.
    pub sig: Base64,
}

/// The keys of a role, and how many of them must have signed a file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeySet {
    /// Whose keys these are.
    pub role: RoleName,
    /// The keys by TUF id.
    pub keys: BTreeMap<KeyId, PublicKey>,
    /// How many must sign.
    pub threshold: i64,
}

impl KeySet {
    /// The canonical ids of the keys.
    pub fn canonical_ids(&self) -> BTreeSet<KeyId> {
        self.keys.values().map(PublicKey::canonical_id).collect()
    }

    /// The canonical ids of those keys that have these TUF ids.
    pub fn canonical_ids_of(&self, ids: &BTreeSet<KeyId>) -> BTreeSet<KeyId> {
        ids.iter().filter_map(|id| self.keys.get(id)).map(PublicKey::canonical_id).collect()
    }

    /// How many of the keys must sign; at least one.
    pub fn needed(&self) -> u64 {
        u64::try_from(self.threshold).unwrap_or(1).max(1)
    }

    /// Whether so many of the keys reach the threshold; nothing reaches one below one.
    pub fn are_enough(&self, keys: usize) -> bool {
        matches!(u64::try_from(self.threshold), Ok(need @ 1..) if keys as u64 >= need)
    }

    /// Returns the TUF ids of the keys that signed `message`, or why they are not enough.
    pub fn verify(
        &self,
        message: &[u8],
        signatures: &[Signature],
    ) -> Result<BTreeSet<KeyId>, Error> {
        let role = || self.role.clone();
        if signatures.is_empty() {
            return Err(Error::NoSignatures { role: role() });
        }
        let signed_by = self.signers(message, signatures)?;
        let have = self.canonical_ids_of(&signed_by).len();
        match (self.are_enough(have), u64::try_from(self.threshold)) {
            (true, _) => Ok(signed_by),
            (false, Ok(need)) => Err(Error::Threshold { role: role(), need, have: have as u64 }),
            (false, Err(_)) => Err(Error::Threshold { role: role(), need: 1, have: 0 }),
        }
    }

    /// The TUF ids of the keys that signed `message`, however many they are.
    pub(super) fn signers(
        &self,
        message: &[u8],
        signatures: &[Signature],
    ) -> Result<BTreeSet<KeyId>, Error> {
        let mut by_key: BTreeMap<&KeyId, Vec<&Signature>> = BTreeMap::new();
        for signature in signatures.iter().filter(|one| self.keys.contains_key(&one.keyid)) {
            let tries = by_key.entry(&signature.keyid).or_default();
            if tries.len() < MAX_TRIES {
                tries.push(signature);
            }
        }
        let mut signed_by = BTreeSet::new();
        for (key_id, tries) in by_key {
            let key = &self.keys[key_id];
            if key.id() != *key_id {
                return Err(Error::KeyIdMismatch {
                    role: self.role.clone(),
                    key_id: key_id.clone(),
                });
            }
            if tries.iter().any(|one| key.verify(&one.method, message, &one.sig.0)) {
                signed_by.insert(key_id.clone());
            }
        }
        Ok(signed_by)
    }
}

/// A file whose outer form was read and whose signatures can be checked.
pub struct Envelope<'a> {
    role: &'a RoleName,
    bytes: &'a [u8],
    signed: &'a str,
    message: Cow<'a, [u8]>,
    signatures: Vec<Signature>,
}

impl<'a> Envelope<'a> {
    /// Reads the outer form of `bytes`, which claim to be the file of `role`.
    pub fn open(role: &'a RoleName, bytes: &'a [u8]) -> Result<Self, Error> {
        #[derive(Deserialize)]
        struct Outer<'a> {
            #[serde(borrow)]
            signed: &'a RawValue,
            #[serde(default, deserialize_with = "null_as_default")]
            signatures: Vec<Signature>,
        }
        let malformed = |why| Error::Malformed { role: role.clone(), why };
        let outer: Outer<'_> = serde_json::from_slice(bytes)
            .map_err(|error| malformed(Malformation::Json(error.to_string())))?;
        let signed = outer.signed.get();
        let message =
            canonical::from_text(signed.as_bytes()).map_err(|why| malformed(why.into()))?;
        Ok(Self { role, bytes, signed, message, signatures: outer.signatures })
    }

    /// Checks the signatures against the keys that may sign this file.
    pub fn verify(&self, keys: &KeySet) -> Result<BTreeSet<KeyId>, Error> {
        keys.verify(&self.message, &self.signatures)
    }

    /// Reads the payload and checks its structure.
    pub fn payload<T: Payload>(&self) -> Result<T, Error> {
        let payload: T = serde_json::from_str(self.signed).map_err(|error| Error::Malformed {
            role: self.role.clone(),
            why: Malformation::Json(error.to_string()),
        })?;
        payload.check_structure(self.role)?;
        Ok(payload)
    }

    /// Keeps the file. The caller has checked what the rules of the role ask for.
    pub(super) fn into_file<T>(self, payload: T) -> SignedFile<T> {
        SignedFile { bytes: self.bytes.to_vec(), payload, signatures: self.signatures }
    }
}

/// The version that a file gives itself. Nothing is verified.
pub fn declared_version(bytes: &[u8]) -> Option<u64> {
    #[derive(Deserialize)]
    struct Version {
        version: u64,
    }
    #[derive(Deserialize)]
    struct Outer {
        signed: Version,
    }
    serde_json::from_slice::<Outer>(bytes).ok().map(|outer| outer.signed.version)
}

/// The TUF ids of the root keys that a root file names. Nothing is verified.
pub fn declared_root_keys(bytes: &[u8]) -> Vec<KeyId> {
    #[derive(Deserialize)]
    struct Signed {
        roles: BTreeMap<String, RoleKeys>,
    }
    #[derive(Deserialize)]
    struct Outer {
        signed: Signed,
    }
    let root = serde_json::from_slice::<Outer>(bytes).ok();
    let role = root.and_then(|mut root| root.signed.roles.remove(RoleName::ROOT.as_str()));
    role.map(|role| role.key_ids().to_vec()).unwrap_or_default()
}

/// A file that was accepted: its payload, and the very bytes that it was read from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SignedFile<T> {
    bytes: Vec<u8>,
    payload: T,
    signatures: Vec<Signature>,
}

impl<T: Payload> SignedFile<T> {
    /// Puts a new file together. The bytes made here are those that are hashed, stored and sent.
    pub(super) fn encode(payload: T, canonical: &[u8], signatures: Vec<Signature>) -> Self {
        let signatures_text = canonical::to_vec(&signatures);
        let mut bytes = Vec::with_capacity(canonical.len() + signatures_text.len() + 32);
        bytes.extend_from_slice(b"{\"signed\":");
        bytes.extend_from_slice(&canonical::file_form(canonical));
        bytes.extend_from_slice(b",\"signatures\":");
        bytes.extend_from_slice(&canonical::file_form(&signatures_text));
        bytes.push(b'}');
        Self { bytes, payload, signatures }
    }

    /// The same with other signatures over what is signed, `canonical`.
    pub(super) fn with_signatures(self, canonical: &[u8], signatures: Vec<Signature>) -> Self {
        Self::encode(self.payload, canonical, signatures)
    }

    /// What was signed, in the canonical form. Only for files that were made here: others may have
    /// members that the payload does not keep.
    pub(super) fn message(&self) -> Vec<u8> {
        canonical::to_vec(&self.payload)
    }
}

impl<T> SignedFile<T> {
    /// The file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What was signed.
    pub fn payload(&self) -> &T {
        &self.payload
    }

    /// Who claims to have signed; enough of them have.
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }
}
