//! Getting the present state of a collection: cache first, then the server, and the engine judges.
//!
//! 1. The root in the cache is the anchor of trust. Without one the server's is taken on first
//!    use, if the pin allows. Before writing, or when the anchor is too old, the server is asked
//!    for a newer root.
//! 2. The timestamp always comes from the server. Snapshot, targets and delegations are taken from
//!    the cache if they are the described files, else from the server, one level of delegations at
//!    a time.
//! 3. If that fails for any reason but the network, the root is refreshed and step 2 repeated once:
//!    keys may have been rotated.
//! 4. Only when all of it was accepted, files and version floors are kept.
//!
//! Off the network the cache alone must pass the same checks, expiry included. It is used when the
//! user says so or when nobody answers at the server's address, never because a server answered
//! something unwelcome.

use std::cell::RefCell;
use std::sync::Arc;

use time::OffsetDateTime;

use super::load::Loader;
use super::{Collection, Error};
use crate::remote::{Fetch, FileName, RemoteError, RemoteErrorKind};
use crate::store::StoreError;
use crate::tuf::error::Error as TrustError;
use crate::tuf::metadata::{FileMeta, Payload as _};
use crate::tuf::role::RoleName;
use crate::tuf::root_trust::{CachedRoot, TrustedRoot};
use crate::tuf::sign::NEAR_EXPIRY;
use crate::tuf::trusted::{Floors, TrustedSet, Want};
use crate::tuf::verify;

/// The most bytes of a root; enough for thousands of certificates.
pub(super) const MAX_ROOT_BYTES: u64 = 16 << 20;
/// The most versions that a client can be behind and still catch up.
const MAX_ROOT_CHAIN: u64 = 1024;
/// Links of the chain that are fetched at the same time.
const ROOT_BATCH: u64 = 8;

/// What the state is needed for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Purpose {
    /// Showing it: the cache may serve when the server cannot be reached.
    Read,
    /// Building on it: it must be what the server has now.
    Write,
}

/// The present state of a collection.
#[derive(Debug)]
pub struct Updated {
    /// Verified files.
    pub set: TrustedSet,
    /// How recent they are.
    pub freshness: Freshness,
    /// What users should know.
    pub warnings: Vec<Warning>,
}

/// How recent a state is.
#[derive(Debug)]
pub enum Freshness {
    /// The state in the cache.
    Cached {
        /// When the server last confirmed it.
        checked_at: Option<OffsetDateTime>,
        /// Until when it can be used.
        expires: OffsetDateTime,
        /// Why the server was not asked; `None` when the user did not want to.
        because: Option<RemoteError>,
    },
    /// Confirmed by the server just now.
    Online,
}

/// Something that does not keep a collection from being used.
#[derive(Debug)]
pub enum Warning {
    /// The copy of a delegation on this machine cannot be published.
    LeftOut {
        /// The delegation.
        role: RoleName,
        /// What is wrong with it.
        why: TrustError,
    },
    /// A role should be signed again soon.
    NearExpiry {
        /// The role.
        role: RoleName,
        /// Its last moment.
        at: OffsetDateTime,
    },
    /// The state could not be kept for the next run.
    NotCached(StoreError),
    /// The targets of a delegation are not shown.
    Skipped {
        /// The delegation.
        role: RoleName,
        /// What is wrong with its file; `None` when it is missing.
        why: Option<TrustError>,
        /// Whether names that it may have signed are withheld in lower roles, too.
        withholds: bool,
    },
}

/// What `Collection::known_state` has read in this run.
#[derive(Debug, Default)]
pub struct KnownState(RefCell<Option<Option<Arc<TrustedSet>>>>);

impl Collection<'_> {
    /// Gets the present state.
    pub fn update(&self, purpose: Purpose) -> Result<Updated, Error> {
        self.update_if(purpose, &|_| Ok(()))
    }

    /// Gets the present state. That of a collection which was unknown before is kept, and with it
    /// the root that was trusted at first sight, only if `may_trust` has nothing against it.
    pub(super) fn update_if(
        &self,
        purpose: Purpose,
        may_trust: &dyn Fn(&TrustedSet) -> Result<(), Error>,
    ) -> Result<Updated, Error> {
        let anchor = self.anchor()?;
        if self.offline {
            return match purpose {
                Purpose::Read => self.update_from_cache(anchor.as_ref(), None),
                Purpose::Write => Err(Error::Offline),
            };
        }
        match self.update_online(anchor.as_ref(), purpose, may_trust) {
            Err(Error::Remote(error))
                if error.kind == RemoteErrorKind::Unreachable
                    && purpose == Purpose::Read
                    && anchor.is_some() =>
            {
                self.update_from_cache(anchor.as_ref(), Some(error))
            }
            result => result,
        }
    }

    /// The root in the cache.
    pub(super) fn anchor(&self) -> Result<Option<CachedRoot>, Error> {
        let Some(bytes) = self.store.read(&RoleName::ROOT)? else { return Ok(None) };
        let anchor = self.root_verifier().open_cached(&bytes).map_err(|source| {
            Error::UnusableAnchor { path: self.store.location(&RoleName::ROOT), source }
        })?;
        Ok(Some(anchor))
    }

    fn update_online(
        &self,
        anchor: Option<&CachedRoot>,
        purpose: Purpose,
        may_trust: &dyn Fn(&TrustedSet) -> Result<(), Error>,
    ) -> Result<Updated, Error> {
        let floors = self.store.floors()?;
        let known = anchor.map(|anchor| match anchor {
            CachedRoot::Current(root) | CachedRoot::Stale { root, .. } => root,
        });
        let root = match (anchor, known) {
            (Some(CachedRoot::Current(root)), _) if purpose == Purpose::Read => root.clone(),
            (_, Some(known)) => self.newer_root(known, None, &floors)?,
            (_, None) => self.first_root(&floors)?,
        };
        let start = |root| Loader::online(self, root, known, floors.clone());
        let mut loader = start(root);
        match loader.run() {
            Err(error) if is_curable_by_a_newer_root(&error) => {
                tracing::info!(%error, "looking for a newer root");
                let (root, expected) = (loader.set.root(), loader.set.expected_root());
                let newer = self.newer_root(root, expected, &floors)?;
                loader = start(newer);
                loader.run()?;
            }
            result => result?,
        }
        if anchor.is_none() {
            may_trust(&loader.set)?;
        }
        let mut warnings = warnings(&loader.set, self.now);
        self.known.0.replace(None);
        let kept = loader.keep();
        if anchor.is_none() {
            self.tell_first_use(loader.set.root(), kept.is_ok());
        }
        warnings.extend(kept.err().map(Warning::NotCached));
        Ok(Updated { set: loader.set, freshness: Freshness::Online, warnings })
    }

    /// Gets the root of a collection that is not known here.
    fn first_root(&self, floors: &Floors) -> Result<TrustedRoot, Error> {
        let bytes = self.first_root_file()?;
        Ok(self.root_verifier().accept_first(&bytes, floors.of(&RoleName::ROOT))?)
    }

    /// Gets the newest root, following the chain of versions from `previous` if need be.
    fn newer_root(
        &self,
        previous: &TrustedRoot,
        expected: Option<&FileMeta>,
        floors: &Floors,
    ) -> Result<TrustedRoot, Error> {
        let fetch = match expected {
            Some(meta) => Fetch::from(Want::described(&RoleName::ROOT, meta)),
            None => current(&RoleName::ROOT, MAX_ROOT_BYTES),
        };
        let bytes = self.fetch(&fetch).map_err(|error| self.gone_if_not_found(error))?;
        if let Some(meta) = expected {
            meta.check(&RoleName::ROOT, &bytes)?;
        }
        let floor = floors.of(&RoleName::ROOT);
        let verifier = self.root_verifier();
        match verifier.accept_successor(previous, &bytes, floor) {
            Err(TrustError::RootRotation) => {}
            result => return Ok(result?),
        }
        // Not signed by the keys we trust: somebody rotated them more than once, or an attacker.
        let newest = verify::declared_version(&bytes).ok_or(TrustError::RootRotation)?;
        let mut link = previous.clone();
        let first = previous.root().version() + 1;
        if newest.saturating_sub(first) > MAX_ROOT_CHAIN {
            return Err(TrustError::RootRotation.into());
        }
        for start in (first..newest).step_by(ROOT_BATCH as usize) {
            let versions = start..newest.min(start + ROOT_BATCH);
            let name = |version| FileName::Version(RoleName::ROOT, version);
            let fetches: Vec<_> = versions
                .clone()
                .map(|version| Fetch { name: name(version), max_length: MAX_ROOT_BYTES })
                .collect();
            for (version, bytes) in versions.zip(self.remote.fetch_all(&fetches)) {
                let bytes = bytes.map_err(|error| match error.kind {
                    RemoteErrorKind::NotFound => Error::BrokenRootChain { version, error },
                    _ => Error::Remote(error),
                })?;
                link = verifier.accept_link(&link, &bytes, version)?;
            }
        }
        Ok(verifier.accept_successor(&link, &bytes, floor)?)
    }

    /// The state in the cache; `because` is why the server was not asked.
    fn update_from_cache(
        &self,
        anchor: Option<&CachedRoot>,
        because: Option<RemoteError>,
    ) -> Result<Updated, Error> {
        match self.load_from_cache(anchor) {
            Ok(set) => {
                let expires = set.timestamp().map_or(self.now, |file| file.payload().expires().0);
                let checked_at = self.store.checked_at();
                let freshness = Freshness::Cached { checked_at, expires, because };
                let warnings = warnings(&set, self.now);
                Ok(Updated { set, freshness, warnings })
            }
            Err(cache) => match because {
                Some(remote) => Err(Error::NoUsableCopy { remote, cache: Box::new(cache) }),
                None => Err(cache),
            },
        }
    }

    fn load_from_cache(&self, anchor: Option<&CachedRoot>) -> Result<TrustedSet, Error> {
        let root = match anchor {
            Some(CachedRoot::Current(root)) => root.clone(),
            Some(CachedRoot::Stale { why, .. }) => return Err(why.clone().into()),
            None => return Err(Error::NoCopy { gun: self.gun.clone() }),
        };
        let mut loader = Loader::offline(self, root, self.store.floors()?);
        loader.run()?;
        Ok(loader.set)
    }

    /// The collection as it was when it was last seen on this machine, or made here; `None` if it
    /// never was. Age and expiry do not matter: it is good for questions whose answer is checked
    /// again when something is published, and for nothing else.
    ///
    /// It is read once, until a newer state is kept.
    pub(super) fn known_state(&self) -> Result<Option<Arc<TrustedSet>>, Error> {
        if let Some(known) = &*self.known.0.borrow() {
            return Ok(known.clone());
        }
        let known = match self.unpublished_state() {
            Ok((set, _)) => Some(Arc::new(set)),
            Err(Error::CopyGone { .. }) => None,
            Err(error) => return Err(error),
        };
        self.known.0.replace(Some(known.clone()));
        Ok(known)
    }

    pub(super) fn fetch(&self, fetch: &Fetch) -> Result<Vec<u8>, Error> {
        Ok(self.remote.fetch(fetch)?)
    }

    /// The server does not have a collection that is not known here either.
    pub(super) fn unknown_if_not_found(&self, error: Error) -> Error {
        match error {
            Error::Remote(error) if error.kind == RemoteErrorKind::NotFound => {
                let server = self.remote.server().to_owned();
                Error::NoSuchCollection { gun: self.gun.clone(), server }
            }
            other => other,
        }
    }

    /// The server does not have a collection that is known here.
    pub(super) fn gone_if_not_found(&self, error: Error) -> Error {
        match error {
            Error::Remote(error) if error.kind == RemoteErrorKind::NotFound => {
                let server = self.remote.server().to_owned();
                Error::CollectionGone { gun: self.gun.clone(), server }
            }
            other => other,
        }
    }
}

pub(super) fn current(role: &RoleName, max_length: u64) -> Fetch {
    Fetch { name: FileName::Current(role.clone()), max_length }
}

/// Whether the keys that were used may be outdated: the files are wrong, or the server does not
/// have what an older file described.
fn is_curable_by_a_newer_root(error: &Error) -> bool {
    match error {
        Error::Remote(error) => error.kind == RemoteErrorKind::NotFound,
        Error::Trust(_) => true,
        _ => false,
    }
}

fn warnings(set: &TrustedSet, now: OffsetDateTime) -> Vec<Warning> {
    let refused = set.refused().iter().map(|(role, refused)| Warning::Skipped {
        role: role.clone(),
        why: refused.why.clone(),
        withholds: refused.may_be_tampering(),
    });
    let root = (RoleName::ROOT, set.root().root().expires());
    let targets = set.targets().iter();
    let targets = targets.map(|(role, file)| (role.clone(), file.payload().expires()));
    let snapshot = set.snapshot().map(|file| (RoleName::SNAPSHOT, file.payload().expires()));
    // Timestamps are renewed by the server, so nobody needs to be told.
    let expiries = std::iter::once(root).chain(targets).chain(snapshot);
    let due = expiries.filter(|(_, expires)| expires.0 < now.saturating_add(NEAR_EXPIRY));
    refused.chain(due.map(|(role, expires)| Warning::NearExpiry { role, at: expires.0 })).collect()
}
