//! What follows for files from changes of who may sign them.
//!
//! A key that is taken from a role does not take back what it has signed: the file stays the same,
//! and from the moment at which the parent is published, readers miss a signature. Therefore every
//! role whose keys or threshold changed is looked at, once all edits are done. When the signatures
//! that its file has are not enough any more it is signed again in the same publication, if enough
//! of its keys are here, and otherwise the publisher is told who has to.

use std::collections::BTreeSet;

use super::{Draft, Note};
use crate::tuf::error::Error as MetadataError;
use crate::tuf::key::KeyId;
use crate::tuf::role::RoleName;
use crate::tuf::trusted::delegated_keys;
use crate::tuf::verify::{Envelope, KeySet};

impl Draft<'_> {
    /// Ends the edits: marks the roles to be signed again that have lost their signatures, and notes
    /// what the publisher should know about roles whose keys changed. To be called once.
    pub fn settle(&mut self) {
        for (old, new) in self.rekeyed() {
            let have = new.canonical_ids();
            let is_enough =
                |have: usize| i64::try_from(have).is_ok_and(|have| have >= new.threshold);
            if !is_enough(have.len()) {
                let (role, threshold) = (new.role, new.threshold);
                self.notes.push(Note::FewerKeysThanThreshold { role, threshold });
                continue;
            }
            let Some(old) = old else { continue };
            let role = new.role.clone();
            if self.targets.contains_key(&role) || self.deleted.contains(&role) {
                continue;
            }
            let here = self.held.map_or(0, |held| have.intersection(held).count());
            match self.standing(&new) {
                Standing::Fine => {}
                Standing::Refused(why) => self.notes.push(Note::RefusedBefore { role, why }),
                Standing::Unsigned { .. } if is_enough(here) => {
                    let former = self.signers(&old).difference(&have).cloned().collect();
                    let file = self.base.targets_of(&role).cloned();
                    self.targets.extend(file.map(|file| (role.clone(), file)));
                    self.mark_changed(&role);
                    self.notes.push(Note::SignedAgain { role, former, need: new.threshold });
                }
                Standing::Unsigned { have: signed } => {
                    let (need, keys) = (new.threshold, have.into_iter().collect());
                    self.notes.push(Note::Unsigned { role, need, have: signed, keys });
                }
            }
        }
    }

    /// The delegations whose keys or threshold differ from before, with what they were.
    fn rekeyed(&self) -> Vec<(Option<KeySet>, KeySet)> {
        let mut rekeyed = Vec::new();
        // What lies below a role that was removed is out of reach.
        let reached = self.delegated_anew.iter().filter(|role| self.effective_paths(role).is_ok());
        for parent in reached {
            let Some(file) = self.targets.get(parent) else { continue };
            let before = self.base.targets_of(parent).filter(|_| !self.deleted.contains(parent));
            for delegation in file.delegations.roles() {
                let Ok(role) = RoleName::parse(&delegation.name) else { continue };
                let old = before.and_then(|file| file.delegations.role(&role));
                let is_same = old.is_some_and(|old| {
                    (old.key_ids(), old.threshold) == (delegation.key_ids(), delegation.threshold)
                });
                if let (false, Some(new)) = (is_same, delegated_keys(file, &role)) {
                    let old = before.and_then(|file| delegated_keys(file, &role));
                    rekeyed.push((old, new));
                }
            }
        }
        rekeyed
    }

    /// What the present file of a role is worth with these keys.
    fn standing(&self, keys: &KeySet) -> Standing {
        if let Some(file) = self.base.targets().get(&keys.role) {
            return match Envelope::open(&keys.role, file.bytes()).and_then(|it| it.verify(keys)) {
                Ok(_) => Standing::Fine,
                Err(MetadataError::Threshold { have, .. }) => Standing::Unsigned { have },
                Err(_) => Standing::Unsigned { have: 0 },
            };
        }
        match self.base.refused().get(&keys.role) {
            Some(refused) => match (&refused.why, &refused.content) {
                (Some(why), Some(content)) => {
                    let envelope = Envelope::open(&keys.role, content.bytes());
                    let is_cured =
                        why.is_unsigned() && envelope.and_then(|it| it.verify(keys)).is_ok();
                    if is_cured { Standing::Fine } else { Standing::Refused(why.clone()) }
                }
                // There is no file that could be signed again.
                _ => Standing::Fine,
            },
            None => Standing::Fine,
        }
    }

    /// Canonical ids of those of these keys that signed the present file.
    fn signers(&self, keys: &KeySet) -> BTreeSet<KeyId> {
        let signed = self.base.targets().get(&keys.role).and_then(|file| {
            Envelope::open(&keys.role, file.bytes()).and_then(|it| it.verify(keys)).ok()
        });
        signed.map(|ids| keys.canonical_ids_of(&ids)).unwrap_or_default()
    }
}

/// What a file is worth.
enum Standing {
    /// It is accepted, or there is none.
    Fine,
    /// It was refused before.
    Refused(MetadataError),
    /// So many of the keys have signed it, which are not enough.
    Unsigned { have: u64 },
}
