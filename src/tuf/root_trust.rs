//! When a root file is trusted.
//!
//! A [`TrustedRoot`] can only be made here. The rules, in the order in which they are checked
//! (`formats.md` §9.4):
//!
//! 1. The file has the structure of a root.
//! 2. If a root was trusted before, its root certificates (expired or not) must have signed the
//!    new file with the *previous* threshold. Nothing is done with the keys of a new root before
//!    somebody vouches for them. If none was, the pin must allow a first use; where it does not, this
//!    comes even before the first rule.
//! 3. At least one root key is a certificate bundle whose leaf is for this collection, strong
//!    enough and valid now. Bundles that fail this are left out of all that follows.
//! 4. At least one leaf must agree with all pins ([`super::pin`]); those that do not are left out.
//! 5. The remaining root keys must have signed the file with its own threshold. Where it is only the
//!    pins that leave too few, that is what is said: nothing is wrong with the root itself.
//! 6. The version is not below one that was accepted before, and the file is not expired.
//!
//! What the previous root says about other roles plays no part. The certificates of a key are put
//! together anew and the key's id is computed from that; a bundle that is not byte for byte in
//! Go's form, or whose intermediates have expired, therefore cannot verify anything.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use super::error::Error;
use super::key::{KeyId, PublicKey};
use super::metadata::Payload as _;
use super::pin::Pin;
use super::role::{Gun, RoleName};
use super::root::Root;
use super::verify::{Envelope, KeySet, SignedFile};
use super::x509::{Bundle, CertificateProblem};

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
        if previous.is_none() {
            self.pin.check_first_use()?;
        }
        let file = self.check(bytes, previous, Some(self.now), Some(self.pin))?;
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
        let usable = self.usable_bundles(&root, certificates_at)?;
        let is_signed_by = |bundles| envelope.verify(&key_set(&root, bundles)).is_ok();
        let mut pinned = usable.clone();
        if let Some(pin) = pin {
            pin.select(&mut pinned, self.now)?;
        }
        match pin {
            _ if is_signed_by(&pinned) => Ok(envelope.into_file(root)),
            Some(pin) if is_signed_by(&usable) => {
                Err(pin.too_few(&usable, threshold(&root), self.now).into())
            }
            _ => Err(Error::RootIntegrity),
        }
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
            match self.judge_key(key, at) {
                Ok(bundle) => {
                    usable.insert(bundle.to_key().id(), bundle);
                }
                Err((Some(bundle), RootKeyProblem::OtherCollection)) => {
                    refused.push((bundle.leaf.common_name().to_owned(), None));
                }
                Err((Some(bundle), RootKeyProblem::Certificate(problem))) => {
                    refused.push((bundle.leaf.common_name().to_owned(), Some(problem)));
                }
                Err(_) => {}
            }
        }
        if usable.is_empty() { Err(Error::RootCertificates { refused }) } else { Ok(usable) }
    }

    /// Judges one root key, without its signature: its certificates if it may sign for the
    /// collection, those of them that are in time.
    fn judge_key(
        &self,
        key: &PublicKey,
        at: Option<OffsetDateTime>,
    ) -> Result<Bundle, (Option<Bundle>, RootKeyProblem)> {
        let Some(mut bundle) = Bundle::parse(key.bytes()) else {
            return Err((None, RootKeyProblem::NoCertificate));
        };
        if !bundle.leaf.is_for(self.gun) {
            return Err((Some(bundle), RootKeyProblem::OtherCollection));
        }
        if let Err(problem) = bundle.leaf.check(at) {
            return Err((Some(bundle), RootKeyProblem::Certificate(problem)));
        }
        bundle.intermediates.retain(|ca| at.is_none() || ca.check(at).is_ok());
        Ok(bundle)
    }

    /// The root keys of a root, for showing them: what they are, and what speaks against them now.
    /// Nothing is verified.
    pub fn root_keys(&self, root: &Root) -> Vec<RootKey> {
        let keys = root.role_keys(&ROOT).into_values();
        keys.map(|key| {
            let (bundle, problem) = match self.judge_key(&key, Some(self.now)) {
                Ok(bundle) => (Some(bundle), None),
                Err((bundle, problem)) => (bundle, Some(problem)),
            };
            let id = bundle.as_ref().map_or_else(|| key.id(), |bundle| bundle.to_key().id());
            let is_usable = problem.is_none();
            let matches = |bundle: &Bundle| is_usable && self.pin.accepts(&id, bundle, self.now);
            let is_accepted = bundle.as_ref().is_some_and(matches);
            RootKey { id, key, bundle, problem, is_accepted }
        })
        .collect()
    }
}

/// A root key, as a root names it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RootKey {
    /// The TUF id by which it is pinned: that of its certificate.
    pub id: KeyId,
    /// The key as it stands in the root.
    pub key: PublicKey,
    /// Its certificates, if it has any that can be read.
    pub bundle: Option<Bundle>,
    /// Why it does not count now.
    pub problem: Option<RootKeyProblem>,
    /// Whether it counts, and agrees with all pins.
    pub is_accepted: bool,
}

/// Why a root key does not count.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum RootKeyProblem {
    /// Its certificate is not to be used now.
    #[error(transparent)]
    Certificate(CertificateProblem),
    /// It comes without a certificate that can be read.
    #[error("it is not a certificate")]
    NoCertificate,
    /// Its certificate is for another collection.
    #[error("its certificate is for another collection")]
    OtherCollection,
}

fn key_set(root: &Root, bundles: &BTreeMap<KeyId, Bundle>) -> KeySet {
    KeySet {
        role: ROOT,
        keys: bundles.iter().map(|(id, bundle)| (id.clone(), bundle.to_key())).collect(),
        threshold: threshold(root),
    }
}

fn threshold(root: &Root) -> i64 {
    root.role(&ROOT).map_or(0, |keys| keys.threshold)
}
