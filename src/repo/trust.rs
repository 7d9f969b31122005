//! What is trusted of a collection: showing it, pinning it, forgetting it.
//!
//! Nothing is trusted by looking. The root in the cache is shown whatever the pins say of it, together
//! with what they say; without one, that of the server is shown, and is not kept.

use time::OffsetDateTime;

use super::update::{MAX_ROOT_BYTES, current};
use super::{Collection, Error};
use crate::store::{Beginning, FileStore};
use crate::tuf::error::Error as TrustError;
use crate::tuf::metadata::Payload as _;
use crate::tuf::pin::Pin;
use crate::tuf::role::RoleName;
use crate::tuf::root_trust::{CachedRoot, RootKey, RootVerifier, TrustedRoot};
use crate::tuf::verify::KeySet;

/// Where a root was seen.
#[derive(Debug)]
pub enum Seen {
    /// On this machine.
    Here(Beginning),
    /// On the server; there is none on this machine.
    Offered,
}

/// What became of a root when the pins were asked.
#[derive(Debug)]
pub enum Verdict {
    /// It counts.
    Accepted,
    /// It agrees with the pins, or need not; but it is too old for anything but its successor.
    Stale(TrustError),
    /// It must not be used.
    Refused(TrustError),
}

/// A root, and what is to be said of it.
#[derive(Debug)]
pub struct TrustReport {
    /// Where it was seen.
    pub seen: Seen,
    /// What the pins say; of a root that is only offered, what they would say.
    pub verdict: Verdict,
    /// Its version.
    pub version: u64,
    /// Its last moment.
    pub expires: OffsetDateTime,
    /// How many of its keys must sign the next one.
    pub threshold: i64,
    /// Its root keys.
    pub keys: Vec<RootKey>,
}

impl Collection<'_> {
    /// The judge of roots who pins nothing.
    fn unpinned_verifier(&self) -> RootVerifier<'_> {
        RootVerifier { pin: Pin::none(), ..self.root_verifier() }
    }

    /// The root on this machine, or that of the server if there is none here.
    pub fn show_trust(&self, store: &FileStore) -> Result<TrustReport, Error> {
        let Some(bytes) = self.store.read(&RoleName::ROOT)? else { return self.show_offered() };
        let root = self.open_unpinned(&bytes)?;
        let verdict = match self.root_verifier().open_cached(&bytes) {
            Ok(CachedRoot::Current(_)) => Verdict::Accepted,
            Ok(CachedRoot::Stale { why, .. }) => Verdict::Stale(why),
            Err(why) => Verdict::Refused(why),
        };
        Ok(self.report(&root, Seen::Here(store.beginning(&bytes)), verdict))
    }

    fn show_offered(&self) -> Result<TrustReport, Error> {
        if self.offline {
            return Err(Error::NoCopy { gun: self.gun.clone() });
        }
        let bytes = self.first_root_file()?;
        let floor = self.store.floors()?.of(&RoleName::ROOT);
        let root = self.unpinned_verifier().accept_first(&bytes, floor)?;
        let verdict = match self.root_verifier().accept_first(&bytes, floor) {
            Ok(_) => Verdict::Accepted,
            Err(why) => Verdict::Refused(why),
        };
        Ok(self.report(&root, Seen::Offered, verdict))
    }

    fn report(&self, root: &TrustedRoot, seen: Seen, verdict: Verdict) -> TrustReport {
        let KeySet { threshold, .. } = root.key_set(&RoleName::ROOT);
        let keys = self.root_verifier().root_keys(root.root());
        let root = root.root();
        let (version, expires) = (root.version(), root.expires().0);
        TrustReport { seen, verdict, version, expires, threshold, keys }
    }

    /// The root keys of the root on this machine, whatever the pins say of it; `None` if there is
    /// no root.
    pub fn known_root_keys(&self) -> Result<Option<Vec<RootKey>>, Error> {
        let Some(bytes) = self.store.read(&RoleName::ROOT)? else { return Ok(None) };
        let root = self.open_unpinned(&bytes)?;
        Ok(Some(self.root_verifier().root_keys(root.root())))
    }

    /// The root keys that count now, of the root on this machine.
    pub fn trusted_root_keys(&self) -> Result<Vec<RootKey>, Error> {
        match self.anchor()? {
            None => Err(Error::NoCopy { gun: self.gun.clone() }),
            Some(CachedRoot::Stale { why, .. }) => Err(Error::UnusableAnchor {
                path: self.store.location(&RoleName::ROOT),
                source: why,
            }),
            Some(CachedRoot::Current(root)) => {
                let mut keys = self.root_verifier().root_keys(root.root());
                keys.retain(|key| key.is_accepted);
                Ok(keys)
            }
        }
    }

    /// Makes sure that the root on this machine, if there is one, agrees with the pins.
    pub fn check_anchor(&self) -> Result<(), Error> {
        self.anchor().map(drop)
    }

    fn open_unpinned(&self, bytes: &[u8]) -> Result<TrustedRoot, Error> {
        match self.unpinned_verifier().open_cached(bytes) {
            Ok(CachedRoot::Current(root) | CachedRoot::Stale { root, .. }) => Ok(root),
            Err(source) => {
                Err(Error::UnusableAnchor { path: self.store.location(&RoleName::ROOT), source })
            }
        }
    }

    /// The root file of the server, of which nothing is known yet.
    pub(super) fn first_root_file(&self) -> Result<Vec<u8>, Error> {
        match self.fetch(&current(&RoleName::ROOT, MAX_ROOT_BYTES)) {
            Err(error) => Err(self.unknown_if_not_found(error)),
            result => result,
        }
    }
}
