//! What follows for files from changes of who may sign them.
//!
//! 1. A key that is taken from a role does not take back what it has signed: the file stays the same,
//!    and from the moment at which the parent is published, readers miss a signature. Therefore every
//!    role whose keys or threshold changed is looked at, once all edits are done. When the signatures
//!    that its file has are not enough any more it is signed again in the same publication, if enough
//!    of its keys are here.
//! 2. A role that is made anew under a name that existed before begins with an empty file, if enough
//!    of its keys are here: servers that make the snapshot still have the former file, and readers who
//!    knew it take a role without a file for one that is being hidden from them.
//! 3. Neither keeps the rest from being published: what cannot be signed here after all is left out
//!    of the plan, and the publisher is told who has to sign.

use std::collections::BTreeSet;

use super::{Draft, Note};
use crate::tuf::error::Error as MetadataError;
use crate::tuf::key::KeyId;
use crate::tuf::role::RoleName;
use crate::tuf::sign::Plan;
use crate::tuf::targets::Targets;
use crate::tuf::trusted::delegated_keys;
use crate::tuf::verify::{Envelope, KeySet};

impl Draft<'_> {
    /// Ends the edits: marks the roles to be signed that need it since their keys changed, and notes
    /// what the publisher should know about them. To be called once.
    pub fn settle(&mut self) {
        for (old, new) in self.rekeyed() {
            let keys = new.canonical_ids();
            if !new.are_enough(keys.len()) {
                let (role, threshold) = (new.role, new.threshold);
                self.notes.push(Note::FewerKeysThanThreshold { role, threshold });
                continue;
            }
            let role = new.role.clone();
            if self.targets.contains_key(&role) || self.made.targets_of(&role).is_some() {
                continue;
            }
            let here = self.held.map_or(0, |held| keys.intersection(held).count());
            let are_here = new.are_enough(here);
            let (need, ids) = (new.threshold, keys.iter().cloned().collect());
            let Some(old) = old.filter(|_| !self.deleted.contains(&role)) else {
                let version = self.base.floors().of(&role);
                if version > 0 {
                    self.notes.push(Note::MadeAnew {
                        role: role.clone(),
                        version,
                        keys: ids,
                        begun: are_here,
                    });
                    if are_here {
                        self.sign_also(role, Targets::empty());
                    }
                }
                continue;
            };
            match self.standing(&new) {
                Standing::Fine => {}
                Standing::Refused(why) => self.notes.push(Note::RefusedBefore { role, why }),
                Standing::Unsigned { have } => {
                    let Some(file) = self.base.targets_of(&role) else { continue };
                    self.notes.push(Note::LostSignatures {
                        role: role.clone(),
                        need,
                        have,
                        keys: ids,
                        former: self.signers(&old).difference(&keys).cloned().collect(),
                        targets: file.targets.len(),
                        signed_again: are_here,
                    });
                    if are_here {
                        self.sign_also(role, file.clone());
                    }
                }
            }
        }
    }

    /// What the publisher should know when no more is signed than `plan` says.
    pub fn notes_on(&self, plan: &Plan) -> Vec<Note> {
        let mut notes = self.notes.clone();
        for note in &mut notes {
            if let Note::LostSignatures { role, signed_again: is_signed, .. }
            | Note::MadeAnew { role, begun: is_signed, .. } = note
            {
                *is_signed &= plan.signs(role);
            }
        }
        notes
    }

    /// Has a file signed besides what was asked for.
    fn sign_also(&mut self, role: RoleName, file: Targets) {
        self.targets.insert(role.clone(), file);
        self.mark_changed(&role);
        self.optional.insert(role);
    }

    /// The delegations whose keys or threshold differ from before, with what they were.
    fn rekeyed(&self) -> Vec<(Option<KeySet>, KeySet)> {
        let mut rekeyed = Vec::new();
        // What lies below a role that was removed is out of reach.
        let reached = self.delegated_anew.iter().filter(|role| self.effective_paths(role).is_ok());
        for parent in reached {
            let Some(file) = self.file_of(parent) else { continue };
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
