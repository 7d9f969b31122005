//! The second step: thresholds and everything else are checked, and the snapshot is made.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use time::OffsetDateTime;

use super::make::{FileSigner, Made, next_version, outgoing};
use super::plan::{Plan, RootAction};
use super::{OutgoingFile, Publication, SignError, TARGETS_VALIDITY};
use crate::tuf::edit::Draft;
use crate::tuf::key::Signers;
use crate::tuf::metadata::Payload as _;
use crate::tuf::role::RoleName;
use crate::tuf::root::Root;
use crate::tuf::root_trust::{RootVerifier, TrustedRoot};
use crate::tuf::snapshot::Snapshot;
use crate::tuf::targets::Targets;
use crate::tuf::trusted::TrustedSet;
use crate::tuf::verify::{KeySet, SignedFile};

/// The targets files that were signed anew.
type Signed = BTreeMap<RoleName, SignedFile<Targets>>;

impl Draft<'_> {
    /// Signs everything that `plan` names and checks the result.
    ///
    /// Keys that are not among `signers` are passed over as long as the thresholds are reached.
    pub fn sign(
        mut self,
        plan: &Plan,
        signers: &Signers,
        now: OffsetDateTime,
        verifier: &RootVerifier<'_>,
    ) -> Result<Publication, SignError> {
        let made = self.make(plan, signers, now)?;
        self.complete(made, plan, signers, now, verifier)
    }

    /// Checks all that was made and adds the snapshot.
    fn complete(
        &self,
        made: Made,
        plan: &Plan,
        signers: &Signers,
        now: OffsetDateTime,
        verifier: &RootVerifier<'_>,
    ) -> Result<Publication, SignError> {
        made.check_thresholds(self.base)?;
        let mut files = Vec::new();
        let root = match (&made.root, plan.root) {
            (Some(file), _) => self.check_root(file, verifier)?,
            (None, RootAction::SendAsIs) => self.check_root(self.base.root().file(), verifier)?,
            (None, RootAction::Keep | RootAction::Sign) => self.base.root().clone(),
        };
        if made.root.is_some() || plan.root == RootAction::SendAsIs {
            let keys = root.root().keys.clone();
            let former = KeySet { role: RoleName::ROOT, keys, threshold: 0 };
            let sets = [&former, &root.key_set(&RoleName::ROOT)];
            files.push(outgoing(&RoleName::ROOT, root.file(), &sets));
        }

        // Bytes are always judged by the rules for uploads, which is what the server does, too.
        let mut check = TrustedSet::for_upload(root.clone(), Some(now));
        for (role, file) in &made.targets {
            let sets = made.key_sets(self.base, role);
            files.push(outgoing(role, file, &sets.iter().collect::<Vec<_>>()));
        }
        let signed: Signed = made.targets.into_iter().collect();
        let parents = |role: &RoleName| std::iter::successors(role.parent(), RoleName::parent);
        let ancestors: BTreeSet<RoleName> = signed.keys().flat_map(parents).collect();
        for (role, file) in self.unchanged(&signed) {
            if plan.first {
                // The server has nothing yet, so it also needs what did not change.
                let keys = self.base.key_set(role).map_err(SignError::SelfCheck)?;
                files.push(outgoing(role, file, &[&keys]));
            }
            if plan.first || ancestors.contains(role) {
                check.adopt(role, file.clone());
            }
        }
        // Parents come before children, whatever the order of the changes was.
        for (role, file) in &signed {
            match role.is_delegation() {
                true => check.load_delegation(role, file.bytes()),
                false => check.load_targets(file.bytes()),
            }
            .map_err(SignError::SelfCheck)?;
        }

        let server_makes_snapshot = match plan.key_sets(&RoleName::SNAPSHOT) {
            Some(sets) => {
                let payload = self.next_snapshot(&root, &signed, plan.first);
                let signer = FileSigner { signers, now, floors: self.base.floors() };
                let file = signer.sign(&RoleName::SNAPSHOT, payload, sets, TARGETS_VALIDITY)?;
                files.push(outgoing(&RoleName::SNAPSHOT, &file, &[&sets[0]]));
                check.load_snapshot(file.bytes()).map_err(SignError::SelfCheck)?;
                false
            }
            None => true,
        };
        Ok(Publication { files, server_makes_snapshot })
    }

    /// The version that a role gets when it is signed next.
    pub fn next_version(&self, role: &RoleName) -> u64 {
        let present = match role.as_str() {
            "root" => Some(self.base.root().root().version()),
            "snapshot" => self.base.snapshot().map(|file| file.payload().version()),
            _ => self.base.file_of(role).map(|file| file.payload().version()),
        };
        next_version(present.unwrap_or(0), self.base.floors().of(role))
    }

    /// The files that were made elsewhere and are taken over.
    pub fn adopted(&self) -> Vec<OutgoingFile> {
        let sets = |role| self.made.key_sets(self.base, role);
        let root = self.made.root.iter().map(|file| {
            let sets = sets(&RoleName::ROOT);
            outgoing(&RoleName::ROOT, file, &sets.iter().collect::<Vec<_>>())
        });
        let targets = self
            .made
            .targets
            .iter()
            .map(|(role, file)| outgoing(role, file, &sets(role).iter().collect::<Vec<_>>()));
        root.chain(targets).collect()
    }

    fn check_root(
        &self,
        file: &SignedFile<Root>,
        verifier: &RootVerifier<'_>,
    ) -> Result<TrustedRoot, SignError> {
        let base = self.base.root();
        verifier.accept_successor(base, file.bytes(), 0).map_err(SignError::SelfCheck)
    }

    /// The files of targets roles that stay as they are.
    fn unchanged<'s>(
        &'s self,
        signed: &'s Signed,
    ) -> impl Iterator<Item = (&'s RoleName, &'s Arc<SignedFile<Targets>>)> {
        let stays = |role: &RoleName| !self.deleted.contains(role) && !signed.contains_key(role);
        self.base.targets().iter().filter(move |(role, _)| stays(role))
    }

    /// The snapshot that follows: only what was signed now gets a new description, except the first
    /// time, when it describes what the server gets and nothing else.
    fn next_snapshot(&self, root: &TrustedRoot, signed: &Signed, first: bool) -> Snapshot {
        let base = self.base.snapshot().map(|file| file.payload().clone());
        let mut snapshot = base.unwrap_or_else(Snapshot::empty);
        if first {
            snapshot.meta.clear();
            for (role, file) in self.unchanged(signed) {
                snapshot.describe(role, file.bytes());
            }
        }
        for role in &self.deleted {
            snapshot.meta.remove(role.as_str());
        }
        snapshot.describe(&RoleName::ROOT, root.file().bytes());
        for (role, file) in signed {
            snapshot.describe(role, file.bytes());
        }
        snapshot
    }
}
