//! Publications that have to be signed on several machines: preparing, signing, uploading.
//!
//! Whoever prepares one needs no key: the staged changes are applied to the present state as if all
//! keys were here, and whatever can be signed is. The changes stay staged until the publication was
//! uploaded from this machine, or are found to be in the collection already.
//!
//! What may be signed or uploaded is judged by the engine ([`crate::tuf::partial`]) against the
//! present state, each time anew.

use std::collections::BTreeSet;

use time::OffsetDateTime;

use super::inventory::Inventory;
use super::publish::StagedChanges;
use super::push::{Options, Pushed, Work};
use super::rotate::Retired;
use super::update::{Purpose, Updated, Warning};
use super::{Collection, Error, rebase};
use crate::changelist::{Change, Kind, Staged};
use crate::keys::{KeyError, Keychain};
use crate::tuf::edit::{Draft, Effect, Note};
use crate::tuf::key::KeyId;
use crate::tuf::partial::Partial;
use crate::tuf::partial::differences::RoleDifferences;
use crate::tuf::partial::judge::{Judged, Signing};
use crate::tuf::role::RoleName;
use crate::tuf::sign::Plan;
use crate::tuf::trusted::{Floors, TrustedSet};
use crate::tuf::verify::KeySet;

/// What was prepared.
#[derive(Debug)]
pub struct PrepareReport {
    /// The partial publication.
    pub partial: Partial,
    /// The staged changes and whether they make a difference, in their order.
    pub changes: Vec<(Change, Effect)>,
    /// The next files.
    pub roles: Vec<RoleReport>,
    /// The delegations whose files are removed.
    pub removed: BTreeSet<RoleName>,
    /// What the publisher should know.
    pub notes: Vec<Note>,
    /// What the update before told.
    pub warnings: Vec<Warning>,
}

/// What became of work that was to be prepared.
pub(super) enum Preparation {
    /// There is something to sign.
    ForOthers(PrepareReport),
    /// The collection has all of it already. Nothing that is staged was dropped.
    Done(Pushed),
}

/// What was uploaded.
#[derive(Debug)]
pub struct UploadReport {
    /// What became of it.
    pub pushed: Pushed,
    /// The delegations whose files were removed.
    pub removed: BTreeSet<RoleName>,
    /// The staged changes that it names but that are not in the collection; they stay staged.
    pub kept: Result<Vec<Change>, Error>,
    /// What became of the old keys of rotations that were begun on this machine.
    pub retired: Vec<Result<Retired, Error>>,
}

/// The next file of a role.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RoleReport {
    /// The role.
    pub role: RoleName,
    /// Its next version.
    pub version: u64,
    /// Until when it will be valid.
    pub expires: OffsetDateTime,
    /// What it changes.
    pub differences: RoleDifferences,
    /// Who has signed, for each set of keys that has to; several only for a root.
    pub signings: Vec<Signing>,
}

impl RoleReport {
    /// What there is to say about each role of a judged publication.
    pub fn all(judged: &Judged<'_>) -> Vec<Self> {
        let differences = judged.differences().into_iter();
        let report = |differences: RoleDifferences| {
            let (version, expires) = judged.next(&differences.role)?;
            let (role, signings) = (differences.role.clone(), judged.signings(&differences.role));
            let signings = signings.to_vec();
            Some(Self { role, version, expires: expires.0, differences, signings })
        };
        differences.filter_map(report).collect()
    }

    /// Whether enough keys have signed.
    pub fn is_complete(&self) -> bool {
        self.signings.iter().all(|signing| signing.lacking() == 0)
    }
}

/// The state that a partial publication is judged against.
#[derive(Debug)]
pub struct Present {
    /// Verified files.
    pub updated: Updated,
}

/// The missing signatures in a few words.
pub(super) fn in_words(lacking: &[(RoleName, Vec<KeySet>)]) -> String {
    let words = lacking.iter().map(|(role, sets)| {
        let most = sets.iter().map(KeySet::needed).max().unwrap_or(0);
        let more = if most == 1 { "signature" } else { "signatures" };
        format!("{role} lacks {most} {more}")
    });
    words.collect::<Vec<_>>().join(", ")
}

impl Collection<'_> {
    /// Prepares a publication of what is staged, signed by the keys at hand.
    pub fn prepare(&self, keychain: &mut Keychain<'_>) -> Result<PrepareReport, Error> {
        let mut work = StagedChanges::new(self.changelist);
        let Preparation::ForOthers(mut report) = self.prepare_work(keychain, &mut work)? else {
            return Err(Error::NothingToSign { gun: self.gun.clone() });
        };
        report.partial.changes = work.names().map(str::to_owned).collect();
        report.changes = work.into_changes();
        Ok(report)
    }

    /// Prepares any work for others to sign.
    pub(super) fn prepare_work(
        &self,
        keychain: &mut Keychain<'_>,
        work: &mut dyn Work,
    ) -> Result<Preparation, Error> {
        let mut used = Floors::default();
        loop {
            work.begin()?;
            let state = self.published_state(Purpose::Write, &|_| Ok(()))?;
            let Updated { mut set, warnings, .. } = state;
            set.raise_floors(&used);
            work.prepare(&set, false, keychain)?;
            let held = keychain.held()?;
            let mut draft = Draft::for_several(&set, &held);
            let is_needed = work.edit(&mut draft)?;
            draft.settle();
            let mut plan = draft.plan_partial(self.now, &held);
            if !is_needed && !draft.is_changed() {
                work.confirmed(&set, keychain);
                return Ok(Preparation::Done(Pushed::already(&plan, warnings)));
            }
            if plan.roles.is_empty() {
                return Err(Error::NothingToSign { gun: self.gun.clone() });
            }
            // Nobody can sign again with another version later.
            let roles = plan.roles.iter().map(|(role, _)| role);
            let unasked = roles.filter(|role| used.of(role) == 0);
            let found = self.used_by_former(unasked, &set)?;
            if found != Floors::default() {
                used = used.merged(&found);
                continue;
            }
            let signers = keychain.open_for(&mut plan)?;
            work.before_signing(keychain)?;
            let made = draft.make(&plan, &signers, self.now)?;
            let server = self.remote.server();
            let partial = Partial::new(self.gun, server, &set, &made, draft.deleted())?;
            let judged = partial.judge(self.gun, &set, self.now)?;
            return Ok(Preparation::ForOthers(PrepareReport {
                roles: RoleReport::all(&judged),
                removed: judged.removed(),
                partial,
                changes: Vec::new(),
                notes: draft.notes_on(&plan),
                warnings,
            }));
        }
    }

    /// The state that a partial publication is judged against: the present one, or the one in the
    /// cache if the server must not be asked.
    ///
    /// The file says itself for which collection it is. One that is not known here is trusted only
    /// if the file is fit for it.
    pub fn present_for(&self, partial: &Partial) -> Result<Present, Error> {
        let purpose = if self.offline { Purpose::Read } else { Purpose::Write };
        let raise = |set: &mut TrustedSet| -> Result<(), Error> {
            let used = self.used_by_former(&partial.new_roles(), set)?;
            set.raise_floors(&used);
            Ok(())
        };
        let mut updated = self.published_state(purpose, &|set| {
            let mut set = set.clone();
            raise(&mut set)?;
            Ok(partial.judge(self.gun, &set, self.now).map(|_| ())?)
        })?;
        if !self.offline {
            raise(&mut updated.set)?;
        }
        Ok(Present { updated })
    }

    /// Judges a partial publication.
    pub fn judge<'p>(&self, partial: &Partial, present: &'p Present) -> Result<Judged<'p>, Error> {
        Ok(partial.judge(self.gun, &present.updated.set, self.now)?)
    }

    /// Signs what has been judged with the keys that are here and have not signed yet, as far as
    /// signatures are missing. Returns the roles that got any.
    pub fn sign_judged(
        &self,
        judged: &mut Judged<'_>,
        keychain: &mut Keychain<'_>,
    ) -> Result<Vec<RoleName>, Error> {
        let lacking = judged.lacking();
        let signers = keychain.open_for(&mut Plan::to_add(lacking))?;
        Ok(judged.sign(&signers)?)
    }

    /// Makes sure that a signature can be added here, before anybody is asked anything.
    pub fn check_can_sign(
        &self,
        judged: &Judged<'_>,
        keychain: &Keychain<'_>,
    ) -> Result<(), Error> {
        let lacking = judged.lacking();
        let find = || -> Result<bool, KeyError> {
            let held = keychain.held()?;
            let mut sets = lacking.iter().flat_map(|(_, sets)| sets);
            Ok(sets.any(|keys| !keys.canonical_ids().is_disjoint(&held)))
        };
        // Keys that a token hides show themselves when they are asked for.
        if find()? || keychain.check_for(&Plan::to_add(lacking.clone())).is_ok() || find()? {
            return Ok(());
        }
        Err(Error::UnderSigned { lacking })
    }

    /// Uploads a partial publication that all have signed.
    pub fn publish_partial(
        &self,
        keychain: &mut Keychain<'_>,
        partial: &Partial,
        dry_run: bool,
        inventory: &dyn Fn() -> Inventory,
    ) -> Result<UploadReport, Error> {
        let mut work = Prepared {
            collection: self,
            partial,
            inventory,
            removed: BTreeSet::new(),
            kept: Ok(Vec::new()),
            retired: Vec::new(),
        };
        let pushed = self.push(keychain, Options { create: false, dry_run }, &mut work)?;
        let Prepared { removed, kept, retired, .. } = work;
        Ok(UploadReport { pushed, removed, kept, retired })
    }

    /// The state of a collection that the server has.
    fn published_state(
        &self,
        purpose: Purpose,
        may_trust: &dyn Fn(&TrustedSet) -> Result<(), Error>,
    ) -> Result<Updated, Error> {
        match self.update_if(purpose, may_trust) {
            Err(Error::CollectionGone { .. }) if !self.was_published()? => {
                Err(Error::Unpublished { gun: self.gun.clone() })
            }
            result => result,
        }
    }

    /// Versions that the server has had of those of the roles that are delegations without a file
    /// now: former ones of the same name may have had some.
    fn used_by_former<'r>(
        &self,
        roles: impl IntoIterator<Item = &'r RoleName>,
        set: &TrustedSet,
    ) -> Result<Floors, Error> {
        let anew = roles.into_iter().filter(|role| role.is_delegation());
        let anew = anew.filter(|role| set.file_of(role).is_none());
        self.used_versions_of(anew.map(|role| (role, set.floors().of(role) + 1)))
    }

    /// Drops the staged changes that `partial` names and that are in the collection, which is `set`
    /// now and has the publication. Returns those that it names and that are not.
    ///
    /// The names are not signed, and everybody who got the file knows them. Therefore a change goes
    /// only if what is left has the same result without it: when it makes no difference after those
    /// before it, or when all named ones come first and change nothing together. What signs a role
    /// again always makes a difference; it is done if the publication replaced the role's file.
    fn drop_published(&self, partial: &Partial, set: &TrustedSet) -> Result<Vec<Change>, Error> {
        let staged = self.changelist.list()?;
        let is_named =
            |staged: &Staged| staged.id.as_str().is_some_and(|name| partial.changes.contains(name));
        let first = staged.iter().take_while(|staged| is_named(staged)).count();
        let mut draft = Draft::for_anybody(set);
        let mut is_nothing = false;
        let mut effects = Vec::new();
        for (index, staged) in staged.iter().enumerate() {
            let change = staged.change.as_ref().ok();
            // What a role still has to be signed again for is not published.
            let apply = |change| rebase::apply(&mut draft, change, &BTreeSet::new()).ok();
            effects.push(change.and_then(apply));
            if index + 1 == first {
                is_nothing = draft.is_as_before();
            }
        }
        let (mut done, mut kept) = (Vec::new(), Vec::new());
        for (index, (staged, effect)) in staged.into_iter().zip(effects).enumerate() {
            let Ok(change) = &staged.change else { continue };
            let is_done = match (change.kind, effect) {
                (Kind::Witness, _) => partial.replaces(&change.role),
                (_, effect) => {
                    effect == Some(Effect::Unchanged)
                        || effect.is_some() && is_nothing && index < first
                }
            };
            match is_named(&staged) {
                true if is_done => done.push(staged.id),
                true => kept.extend(staged.change),
                false => {}
            }
        }
        self.changelist.remove(&done)?;
        Ok(kept)
    }
}

/// A partial publication as work to be pushed.
struct Prepared<'p> {
    collection: &'p Collection<'p>,
    partial: &'p Partial,
    inventory: &'p dyn Fn() -> Inventory,
    removed: BTreeSet<RoleName>,
    kept: Result<Vec<Change>, Error>,
    retired: Vec<Result<Retired, Error>>,
}

impl Work for Prepared<'_> {
    fn prepare(&mut self, _: &TrustedSet, first: bool, _: &mut Keychain<'_>) -> Result<(), Error> {
        match first {
            true => Err(Error::Unpublished { gun: self.collection.gun.clone() }),
            false => Ok(()),
        }
    }

    fn used_versions(&mut self, set: &TrustedSet) -> Result<Floors, Error> {
        self.collection.used_by_former(&self.partial.new_roles(), set)
    }

    fn edit(&mut self, draft: &mut Draft<'_>) -> Result<bool, Error> {
        let (gun, base) = (self.collection.gun, draft.base());
        if self.partial.is_published(gun, base) {
            return Ok(false);
        }
        let judged = self.partial.judge(gun, base, self.collection.now)?;
        let lacking = judged.lacking();
        if !lacking.is_empty() {
            return Err(Error::UnderSigned { lacking });
        }
        self.removed = judged.removed();
        judged.apply(draft);
        Ok(true)
    }

    /// What is in the collection need not be staged any more, and rotations that were begun here
    /// are over now.
    fn confirmed(&mut self, set: &TrustedSet, keychain: &mut Keychain<'_>) {
        self.kept = self.collection.drop_published(self.partial, set);
        for role in RoleName::BASE {
            let finished =
                self.collection.finish_rotation(&role, set, keychain, self.inventory).transpose();
            self.retired.extend(finished);
        }
    }
}

/// Canonical ids of the keys that could still sign something.
pub fn could_sign(lacking: &[(RoleName, Vec<KeySet>)]) -> Vec<(RoleName, Vec<KeyId>)> {
    let ids = |sets: &Vec<KeySet>| {
        let mut ids: Vec<KeyId> = sets.iter().flat_map(KeySet::canonical_ids).collect();
        ids.sort();
        ids.dedup();
        ids
    };
    lacking.iter().map(|(role, sets)| (role.clone(), ids(sets))).collect()
}
