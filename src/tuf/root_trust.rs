//! When a root file is trusted.
//!
//! A [`TrustedRoot`] can only be made here. The rules, in the order in which they are checked
//! (`formats.md` §9.4):
//!
//! 1. The file has the structure of a root.
//! 2. If a root was trusted before, its root certificates (expired or not) must have signed the
//!    new file with the *previous* threshold. If none was, the pin must allow a first use. Nothing
//!    is done with the keys of a new root before somebody vouches for them.
//! 3. At least one root key is a certificate bundle whose leaf is for this collection, strong
//!    enough and valid now. Bundles that fail this are left out of all that follows.
//! 4. At least one leaf must agree with the pin; those that do not are left out.
//! 5. The remaining root keys must have signed the file with its own threshold.
//! 6. The version is not below one that was accepted before, and the file is not expired.
//!
//! What the previous root says about other roles plays no part. The certificates of a key are put
//! together anew and the key's id is computed from that; a bundle that is not byte for byte in
//! Go's form, or whose intermediates have expired, therefore cannot verify anything.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use super::error::Error;
use super::key::KeyId;
use super::metadata::Payload as _;
use super::pin::{Pin, PinError};
use super::role::{Gun, RoleName};
use super::root::Root;
use super::verify::{Envelope, KeySet, SignedFile};
use super::x509::Bundle;

const ROOT: RoleName = RoleName::ROOT;

/// A root file that passed the rules of this module.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TrustedRoot(SignedFile<Root>);

impl TrustedRoot {
    /// The file and its payload.
    pub fn file(&self) -> &SignedFile<Root> {
        &self.0
    }

    /// The payload.
    pub fn root(&self) -> &Root {
        self.0.payload()
    }

    /// The keys and the threshold of a base role.
    pub fn key_set(&self, role: &RoleName) -> KeySet {
        self.root().key_set(role)
    }
}

/// The root in the cache: the trust anchor, unless it has become too old.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum CachedRoot {
    /// Valid now.
    Current(TrustedRoot),
    /// Expired itself, or with expired certificates: it can only vouch for its successor.
    Stale {
        /// What it vouches with.
        root: TrustedRoot,
        /// In what way it is too old.
        why: Error,
    },
}

/// Judges the roots of one collection.
#[derive(Clone, Copy, Debug)]
pub struct RootVerifier<'a> {
    /// The collection.
    pub gun: &'a Gun,
    /// What the user accepts for it.
    pub pin: &'a Pin,
    /// The present.
    pub now: OffsetDateTime,
}

impl RootVerifier<'_> {
    /// Judges the root in the cache, which was accepted in an earlier run.
    ///
    /// The pin is checked here too: it may have been set after the root was cached. A stale root
    /// is exempt, since its successor has to agree with the pin anyway. What only the time has
    /// made unacceptable is stale, whatever check notices it: an expired certificate may also be
    /// missed as intermediate of another one, or as one of the keys for the threshold.
    pub fn open_cached(&self, bytes: &[u8]) -> Result<CachedRoot, Error> {
        let valid_now = |pin| {
            let file = self.check(bytes, None, Some(self.now), pin)?;
            file.payload().check_expiry(&ROOT, self.now)?;
            Ok(TrustedRoot(file))
        };
        let refused = match valid_now(Some(self.pin)) {
            Ok(root) => return Ok(CachedRoot::Current(root)),
            Err(refused) => refused,
        };
        let root = TrustedRoot(self.check(bytes, None, None, None)?);
        match valid_now(None) {
            Ok(_) => Err(refused),
            Err(why) => Ok(CachedRoot::Stale { root, why }),
        }
    }

    /// Judges the first root ever seen of the collection.
    pub fn accept_first(&self, bytes: &[u8], floor: u64) -> Result<TrustedRoot, Error> {
        self.accept(bytes, None, floor)
    }

    /// Judges a root that is to follow directly on `previous`.
    pub fn accept_successor(
        &self,
        previous: &TrustedRoot,
        bytes: &[u8],
        floor: u64,
    ) -> Result<TrustedRoot, Error> {
        self.accept(bytes, Some(previous.root()), floor.max(previous.root().version()))
    }

    /// Judges version `version` as a link of the chain from an old root to the newest.
    ///
    /// A link only vouches for the next one: neither its expiry nor that of its certificates
    /// matters (`formats.md` §13.2, N23), and the pin is left to the end of the chain.
    pub fn accept_link(
        &self,
        previous: &TrustedRoot,
        bytes: &[u8],
        version: u64,
    ) -> Result<TrustedRoot, Error> {
        let file = self.check(bytes, Some(previous.root()), None, None)?;
        match file.payload().version() {
            found if found == version => Ok(TrustedRoot(file)),
            found => Err(Error::WrongVersion { wanted: version, found }),
        }
    }

    fn accept(
        &self,
        bytes: &[u8],
        previous: Option<&Root>,
        floor: u64,
    ) -> Result<TrustedRoot, Error> {
        let file = self.check(bytes, previous, Some(self.now), Some(self.pin))?;
        if previous.is_none() {
            self.pin.check_first_use()?;
        }
        file.payload().check_version(&ROOT, floor)?;
        file.payload().check_expiry(&ROOT, self.now)?;
        Ok(TrustedRoot(file))
    }

    fn check(
        &self,
        bytes: &[u8],
        previous: Option<&Root>,
        certificates_at: Option<OffsetDateTime>,
        pin: Option<&Pin>,
    ) -> Result<SignedFile<Root>, Error> {
        let envelope = Envelope::open(&ROOT, bytes)?;
        let root: Root = envelope.payload()?;
        if let Some(previous) = previous {
            let trusted = self.usable_bundles(previous, None).unwrap_or_default();
            envelope.verify(&key_set(previous, &trusted)).map_err(|_| Error::RootRotation)?;
        }
        let mut bundles = self.usable_bundles(&root, certificates_at)?;
        if let Some(pin) = pin {
            let found: Vec<KeyId> = bundles.keys().cloned().collect();
            bundles.retain(|id, bundle| pin.accepts(id, bundle, self.now));
            if bundles.is_empty() {
                return Err(PinError::NoMatch { found }.into());
            }
        }
        envelope.verify(&key_set(&root, &bundles)).map_err(|_| Error::RootIntegrity)?;
        Ok(envelope.into_file(root))
    }

    /// The certificate bundles among the root keys that may sign for the collection, by the TUF
    /// id computed from the certificates.
    ///
    /// With a time, leaves and intermediates must be valid then; intermediates that are not are
    /// dropped from their bundle, which changes its id.
    fn usable_bundles(
        &self,
        root: &Root,
        at: Option<OffsetDateTime>,
    ) -> Result<BTreeMap<KeyId, Bundle>, Error> {
        let mut usable = BTreeMap::new();
        let mut refused = Vec::new();
        for key in root.role_keys(&ROOT).values() {
            let Some(mut bundle) = Bundle::parse(key.bytes()) else { continue };
            let name = bundle.leaf.common_name().to_owned();
            if !bundle.leaf.is_for(self.gun) {
                refused.push((name, None));
            } else if let Err(problem) = bundle.leaf.check(at) {
                refused.push((name, Some(problem)));
            } else {
                bundle.intermediates.retain(|ca| at.is_none() || ca.check(at).is_ok());
                usable.insert(bundle.to_key().id(), bundle);
            }
        }
        if usable.is_empty() { Err(Error::RootCertificates { refused }) } else { Ok(usable) }
    }
}

fn key_set(root: &Root, bundles: &BTreeMap<KeyId, Bundle>) -> KeySet {
    KeySet {
        role: ROOT,
        keys: bundles.iter().map(|(id, bundle)| (id.clone(), bundle.to_key())).collect(),
        threshold: root.role(&ROOT).map_or(0, |keys| keys.threshold),
    }
}
