//! Pushing: the one way in which a collection on a server is changed.
//!
//! Edit a draft of what the server has now, sign, upload. When somebody else was faster, all of it
//! is done again on the new state. After the upload the server is read like by any reader, which
//! proves that the collection can be read and brings cache and version floors up to date.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use time::OffsetDateTime;

use super::create::{CreateReport, default_root_key};
use super::republish::{Again, is_late_first_root};
use super::update::{Purpose, Updated, Warning};
use super::{Collection, Error};
use crate::keys::Keychain;
use crate::remote::{FileName, RemoteError, RemoteErrorKind, jitter};
use crate::store::{Beginning, MetadataStore, PendingRotation, StoreError};
use crate::tuf::edit::{Draft, Note};
use crate::tuf::key::{KeyId, PublicKey};
use crate::tuf::metadata::Payload as _;
use crate::tuf::role::RoleName;
use crate::tuf::sign::{OutgoingFile, Plan, Publication};
use crate::tuf::trusted::{Floors, TrustedSet};
use crate::tuf::verify::KeySet;

/// How often a publication is tried when others are faster.
const ATTEMPTS: u32 = 12;
/// The pause after a lost race, to which a random time is added; it doubles each time.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// The most versions that a role is moved on because the server has had them.
const MAX_USED_VERSIONS: u64 = 1 << 20;

/// How to push.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Whether to make the collection if it does not exist.
    pub create: bool,
    /// Whether to stop before anything is signed.
    pub dry_run: bool,
}

/// What is to be pushed.
pub(super) trait Work {
    /// Called before the server is asked for the present state.
    fn begin(&mut self) -> Result<(), Error> {
        Ok(())
    }

    /// Called with the present state, before the draft is begun: the time for questions.
    fn prepare(&mut self, _: &TrustedSet, _first: bool, _: &mut Keychain<'_>) -> Result<(), Error> {
        Ok(())
    }

    /// Versions that the server has had of roles that are to be published, although the present
    /// state does not tell.
    fn used_versions(&mut self, _: &TrustedSet) -> Result<Floors, Error> {
        Ok(Floors::default())
    }

    /// Edits a draft of the present state. Returns whether the draft is to be pushed even if it is
    /// not changed.
    fn edit(&mut self, draft: &mut Draft<'_>) -> Result<bool, Error>;

    /// Called when all keys are open and nothing has been signed or sent.
    fn before_signing(&mut self, _: &mut Keychain<'_>) -> Result<(), Error> {
        Ok(())
    }

    /// Called when the server says that it has it, or had it already.
    fn accepted(&mut self) -> Result<(), Error> {
        Ok(())
    }

    /// Called when the server was seen to have it, with what it serves now.
    fn confirmed(&mut self, _: &TrustedSet, _: &mut Keychain<'_>) {}
}

/// What was pushed, or would be.
#[derive(Debug)]
pub struct Pushed {
    /// How it was published again, if the server had lost it.
    pub again: Option<Again>,
    /// The collection that was made on the way.
    pub created: Option<CreateReport>,
    /// Whether this is the first publication of the collection.
    pub first: bool,
    /// What was signed: root, targets roles, snapshot.
    pub files: Vec<PublishedFile>,
    /// What the publisher should know.
    pub notes: Vec<Note>,
    /// What became of it.
    pub outcome: Outcome,
    /// Whether the root is near its expiry, and its keys are not here or cannot be opened.
    pub root_needs_renewal: bool,
    /// How many times others were faster.
    pub lost_races: u32,
    /// What the update before told.
    pub warnings: Vec<Warning>,
}

impl Pushed {
    /// The collection has all of it already.
    pub(super) fn already(plan: &Plan, warnings: Vec<Warning>) -> Self {
        Self {
            again: None,
            created: None,
            first: false,
            files: Vec::new(),
            notes: Vec::new(),
            outcome: Outcome::AlreadyPublished,
            root_needs_renewal: plan.root_needs_renewal(),
            lost_races: 0,
            warnings,
        }
    }
}

/// A file of a publication.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PublishedFile {
    /// Whose file it is.
    pub role: RoleName,
    /// Its version.
    pub version: u64,
    /// Canonical ids of the keys that signed it, or that would.
    pub signed_by: Vec<KeyId>,
    /// Canonical ids of the keys that its role has.
    pub keys: Vec<KeyId>,
    /// How many of them must sign.
    pub threshold: u64,
    /// Until when it is valid; unknown before it is signed.
    pub expires: Option<OffsetDateTime>,
}

/// What became of a publication.
#[derive(Debug)]
pub enum Outcome {
    /// All staged changes were in the collection already; nothing was sent.
    AlreadyPublished,
    /// Nothing was signed or sent.
    DryRun {
        /// Whether the server would make the snapshot.
        server_makes_snapshot: bool,
    },
    /// The server has it.
    Published {
        /// Whether the server made the snapshot.
        server_made_snapshot: bool,
        /// The version of the snapshot, once the collection was read back.
        snapshot_version: Result<u64, Box<Error>>,
    },
}

/// What a publication is built on.
struct Base {
    set: TrustedSet,
    again: Option<Again>,
    first: bool,
    created: Option<CreateReport>,
    warnings: Vec<Warning>,
}

impl Collection<'_> {
    /// Pushes `work`.
    pub(super) fn push(
        &self,
        keychain: &mut Keychain<'_>,
        options: Options,
        work: &mut dyn Work,
    ) -> Result<Pushed, Error> {
        let mut created = None;
        let mut pause = FIRST_PAUSE;
        let mut lost_races = 0;
        let mut used = Floors::default();
        loop {
            work.begin()?;
            let mut base = self.base(keychain, options)?;
            base.set.raise_floors(&used);
            let known = work.used_versions(&base.set)?;
            base.set.raise_floors(&known);
            created = created.or(base.created.take());
            work.prepare(&base.set, base.first, keychain)?;
            let held = keychain.held()?;
            let mut draft = Draft::new(&base.set, &held);
            if let Some(again) = &base.again {
                self.adopt_server_keys(&mut draft, again)?;
            }
            let is_needed = work.edit(&mut draft)?;
            draft.settle();
            let mut plan = draft.plan(self.now, base.first, &held);
            let mut pushed = Pushed {
                again: base.again.clone(),
                created: created.clone(),
                first: base.first,
                notes: draft.notes_on(&plan),
                lost_races,
                ..Pushed::already(&plan, std::mem::take(&mut base.warnings))
            };
            if options.dry_run {
                pushed.files = draft.adopted().iter().map(published).collect();
                pushed.files.extend(planned_files(&draft, &plan, keychain)?);
                let server_makes_snapshot = !plan.signs(&RoleName::SNAPSHOT);
                pushed.outcome = Outcome::DryRun { server_makes_snapshot };
                return Ok(pushed);
            }
            if !is_needed && !draft.is_changed() && !base.first {
                work.accepted()?;
                work.confirmed(&base.set, keychain);
                return Ok(pushed);
            }

            let signers = keychain.open_for(&mut plan)?;
            work.before_signing(keychain)?;
            pushed.root_needs_renewal = plan.root_needs_renewal();
            pushed.notes = draft.notes_on(&plan);
            let snapshot_keys = draft.base_key_set(&RoleName::SNAPSHOT).canonical_ids();
            let publication = draft.sign(&plan, &signers, self.now, &self.root_verifier())?;
            if let Err(error) = self.remote.publish(&publication.files) {
                if !self.lost_race(&error, &base)? {
                    return Err(self.refused(error, &publication, snapshot_keys, base.first));
                }
                let found = self.used_versions(&publication, &base.set, &used)?;
                if found != Floors::default() {
                    used = used.merged(&found);
                    tracing::info!(%error, "a role of that name existed before, trying again");
                    continue;
                }
                lost_races += 1;
                if lost_races >= ATTEMPTS {
                    return Err(Error::LostRaces { attempts: ATTEMPTS, error });
                }
                tracing::info!(%error, "somebody else published, trying again");
                thread::sleep(pause + jitter(pause));
                pause = LONGEST_PAUSE.min(pause * 2);
                continue;
            }
            work.accepted()?;
            if let Some(again) = &base.again {
                self.begin_anew(again)?;
            }
            pushed.files = publication.files.iter().map(published).collect();
            let server_made_snapshot = publication.server_makes_snapshot;
            let read_back = self.read_back(publication);
            if let Ok((set, _)) = &read_back {
                work.confirmed(set, keychain);
            }
            let snapshot_version = read_back.map(|(_, version)| version).map_err(Box::new);
            pushed.outcome = Outcome::Published { server_made_snapshot, snapshot_version };
            return Ok(pushed);
        }
    }

    /// Whether an upload was refused because the collection has moved on since `base`.
    fn lost_race(&self, error: &RemoteError, base: &Base) -> Result<bool, Error> {
        match error.kind {
            RemoteErrorKind::Conflict => Ok(true),
            // A server may also notice that hashes or keys do not fit what it has by now.
            RemoteErrorKind::KeyNotOnServer { .. } | RemoteErrorKind::Rejected { .. } => {
                match self.update(Purpose::Write) {
                    Ok(now) => Ok(now.set.timestamp() != base.set.timestamp()),
                    // Somebody else has made a collection of this name meanwhile.
                    Err(error @ Error::Trust(_)) if base.first => Err(error),
                    Err(_) => Ok(false),
                }
            }
            _ => Ok(false),
        }
    }

    /// Why an upload was refused for good.
    fn refused(
        &self,
        error: RemoteError,
        publication: &Publication,
        snapshot_keys: BTreeSet<KeyId>,
        first: bool,
    ) -> Error {
        let gun = self.gun.clone();
        let root = publication.files.iter().find(|file| file.role == RoleName::ROOT);
        match error.kind {
            RemoteErrorKind::Rejected { .. }
                if first && root.is_some_and(|root| is_late_first_root(root.version)) =>
            {
                Error::LateFirstRoot { gun, version: root.map_or(0, |root| root.version), error }
            }
            RemoteErrorKind::KeyNotOnServer { .. } if publication.server_makes_snapshot => {
                let keys = snapshot_keys.into_iter().collect();
                Error::SnapshotKeyElsewhere { gun, keys, error }
            }
            _ => error.into(),
        }
    }

    /// The highest versions that the server has had of delegations that were made anew, apart from
    /// those that are `known`.
    ///
    /// No file of the collection tells: the delegation was removed, and this machine may not have
    /// seen it. But the server refuses a version that is not above all that it ever had. It is
    /// asked for single versions because some servers do not hand out the newest one of a role that
    /// the snapshot does not describe. What they contain does not matter, they are not loaded.
    fn used_versions(
        &self,
        publication: &Publication,
        base: &TrustedSet,
        known: &Floors,
    ) -> Result<Floors, Error> {
        // Once for each role, or a server that has everything could keep us busy for ever.
        let made_anew = publication.files.iter().filter(|file| {
            let role = &file.role;
            role.is_delegation() && !base.targets().contains_key(role) && known.of(role) == 0
        });
        self.used_versions_of(made_anew.map(|file| (&file.role, file.version)))
    }

    /// The highest versions that the server has had of roles, from the versions on that they are to
    /// get.
    pub(super) fn used_versions_of<'r>(
        &self,
        roles: impl Iterator<Item = (&'r RoleName, u64)>,
    ) -> Result<Floors, Error> {
        let mut found = Floors::default();
        for (role, version) in roles {
            let has = |version| self.server_has(FileName::Version(role.clone(), version));
            let (mut last, mut step) = (version, 1);
            if !has(last)? {
                continue;
            }
            // Versions follow each other without gaps: up in growing steps, then back in halves.
            while has(last + step)? {
                last += step;
                step *= 2;
                if step > MAX_USED_VERSIONS {
                    break;
                }
            }
            while step > 1 {
                step /= 2;
                if has(last + step)? {
                    last += step;
                }
            }
            found.raise(role, last);
        }
        Ok(found)
    }

    /// What to build on: the server's state or, before the first publication, our own.
    fn base(&self, keychain: &mut Keychain<'_>, options: Options) -> Result<Base, Error> {
        let unknown = match self.update(Purpose::Write) {
            Ok(Updated { set, warnings, .. }) => {
                return Ok(Base { set, again: None, first: false, created: None, warnings });
            }
            Err(error) => error,
        };
        let mut created = None;
        let mut is_lost = false;
        match unknown {
            Error::CollectionGone { .. } if !self.was_published()? => {}
            Error::CollectionGone { .. } if options.create => is_lost = true,
            Error::NoSuchCollection { .. } if options.create && !options.dry_run => {
                let root_key = default_root_key(keychain, false)?;
                created = Some(self.create(keychain, root_key, None, &[])?);
            }
            error => return Err(error),
        }
        let (mut set, warnings) = self.unpublished_state()?;
        set.raise_floors(&self.store.floors()?);
        let again = match is_lost && !options.dry_run {
            true => Some(self.prepare_again(&set, &keychain.held()?)?),
            false => None,
        };
        Ok(Base { set, again, first: true, created, warnings })
    }

    /// Whether the server had the collection at some time, as far as this machine knows.
    pub(super) fn was_published(&self) -> Result<bool, Error> {
        let timestamp = RoleName::TIMESTAMP;
        match self.store.floors() {
            Ok(floors) => Ok(floors.of(&timestamp) > 0 || self.store.read(&timestamp)?.is_some()),
            // There are none before something was accepted from a server.
            Err(StoreError::Damaged { .. }) => Ok(true),
            Err(error) => Err(error.into()),
        }
    }

    /// Reads the collection like any reader; returns it and the version of its snapshot.
    fn read_back(&self, publication: Publication) -> Result<(TrustedSet, u64), Error> {
        let files = publication.files.into_iter().map(|file| (file.role, file.bytes));
        let store = Prefilled { inner: self.store, files: RefCell::new(files.collect()) };
        let updated = Collection { store: &store, ..*self }.update(Purpose::Read)?;
        let snapshot = updated.set.snapshot().ok_or(Error::NoCopy { gun: self.gun.clone() })?;
        let version = snapshot.payload().version();
        Ok((updated.set, version))
    }
}

fn published(file: &OutgoingFile) -> PublishedFile {
    PublishedFile {
        role: file.role.clone(),
        version: file.version,
        signed_by: file.signed_by.clone(),
        keys: file.keys.clone(),
        threshold: file.threshold,
        expires: Some(file.expires),
    }
}

fn planned_files(
    draft: &Draft<'_>,
    plan: &Plan,
    keychain: &Keychain<'_>,
) -> Result<Vec<PublishedFile>, Error> {
    keychain.check_for(plan)?;
    let held = keychain.held()?;
    let file = |(role, key_sets): &(RoleName, Vec<KeySet>)| {
        let keys = key_sets.iter().flat_map(|keys| keys.keys.values());
        let mut signed_by: Vec<KeyId> =
            keys.map(PublicKey::canonical_id).filter(|id| held.contains(id)).collect();
        signed_by.sort();
        signed_by.dedup();
        let version = draft.next_version(role);
        // The last set is that of the next root; a root that is replaced has another before it.
        let own = key_sets.last();
        let keys = own.map(|keys| keys.canonical_ids().into_iter().collect()).unwrap_or_default();
        let threshold = own.map_or(0, KeySet::needed);
        PublishedFile { role: role.clone(), version, signed_by, keys, threshold, expires: None }
    };
    Ok(plan.roles.iter().map(file).collect())
}

/// The cache as it is once the files that were just published are in it.
struct Prefilled<'a> {
    inner: &'a dyn MetadataStore,
    files: RefCell<BTreeMap<RoleName, Vec<u8>>>,
}

impl MetadataStore for Prefilled<'_> {
    fn read(&self, role: &RoleName) -> Result<Option<Vec<u8>>, StoreError> {
        match self.files.borrow().get(role) {
            Some(bytes) => Ok(Some(bytes.clone())),
            None => self.inner.read(role),
        }
    }

    fn location(&self, role: &RoleName) -> PathBuf {
        self.inner.location(role)
    }

    fn floors(&self) -> Result<Floors, StoreError> {
        self.inner.floors()
    }

    fn save(
        &self,
        files: &[(RoleName, &[u8])],
        floors: &Floors,
        beginning: Option<&Beginning>,
    ) -> Result<(), StoreError> {
        // What was accepted meanwhile goes before what we published.
        let mut ours = self.files.take();
        ours.retain(|role, _| files.iter().all(|(accepted, _)| accepted != role));
        let ours = ours.iter().map(|(role, bytes)| (role.clone(), bytes.as_slice()));
        let (mut all, root): (Vec<_>, Vec<_>) =
            ours.chain(files.iter().cloned()).partition(|(role, _)| *role != RoleName::ROOT);
        all.extend(root);
        self.inner.save(&all, floors, beginning)
    }

    fn forget(&self, roles: &[RoleName]) -> Result<(), StoreError> {
        self.inner.forget(roles)
    }

    fn rotation(&self, role: &RoleName) -> Result<Option<PendingRotation>, StoreError> {
        self.inner.rotation(role)
    }

    fn note_rotation(
        &self,
        role: &RoleName,
        rotation: Option<&PendingRotation>,
    ) -> Result<(), StoreError> {
        self.inner.note_rotation(role, rotation)
    }

    fn checked_at(&self) -> Option<OffsetDateTime> {
        self.inner.checked_at()
    }

    fn touch(&self, now: OffsetDateTime) -> Result<(), StoreError> {
        self.inner.touch(now)
    }
}
