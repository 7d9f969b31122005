//! Which roles sign an image when the user names none: those that Docker would choose.
//!
//! 1. The present state of the collection decides, together with what is staged: a delegation that
//!    somebody added meanwhile changes who signs. What is known here decides only if nobody answers at
//!    the server's address, nobody is to be asked, or the collection was never published; and people
//!    are told. Anything else that the server or its files say ends it, as does whoever is asked for a
//!    login and gives none: it would be a guess which roles sign.
//! 2. Without delegations it is `targets`, whether its key is here or not.
//! 3. With delegations it is each one directly below `targets` that may sign the tag and that a key
//!    here is for. It is an error if there is none, even with the key of `targets`: Docker looks into
//!    `targets/releases` first, so what is signed above it may never be seen.
//! 4. A collection that nobody knows anything about is taken to have no delegations.

use super::{Choice, VisibleKeys, Why};
use crate::repo::choose_role::RoleChoiceError;
use crate::repo::image::is_read_by_docker;
use crate::repo::update::Purpose;
use crate::repo::{Collection, Error, rebase};
use crate::tuf::key::KeyId;
use crate::tuf::role::RoleName;
use crate::tuf::trusted::TrustedSet;
use crate::tuf::walk::Signer;

use std::collections::BTreeSet;

impl Collection<'_> {
    /// Chooses the roles that sign an image with this tag.
    pub fn choose_image_roles(&self, tag: &str, keys: &VisibleKeys<'_>) -> Result<Choice, Error> {
        let mut held: BTreeSet<KeyId> = keys.stored.iter().map(|key| key.id.clone()).collect();
        held.extend((keys.on_token)().into_iter().map(|key| key.id));
        let error = match self.update(Purpose::Read) {
            Ok(updated) => {
                let (roles, why) = self.image_roles(&updated.set, tag, &held)?;
                return Ok(Choice { roles, updated: Some(updated), ..Choice::because(why) });
            }
            Err(error) => error,
        };
        let is_unpublished =
            matches!(error, Error::CollectionGone { .. }) && !self.was_published()?;
        if !is_unpublished && !error.is_no_answer() && !self.offline {
            return Err(error);
        }
        let Some(set) = self.known_state()? else {
            return Ok(Choice::because(Why::Unknown(Box::new(error))));
        };
        let (roles, why) = self.image_roles(&set, tag, &held)?;
        let against = Some(self.against_known(&error)?);
        Ok(Choice { roles, against, ..Choice::because(why) })
    }

    fn image_roles(
        &self,
        set: &TrustedSet,
        tag: &str,
        held: &BTreeSet<KeyId>,
    ) -> Result<(Vec<RoleName>, Why), Error> {
        let staged = self.changelist.list()?;
        // What does not fit is told by those who need it.
        let (draft, _) = rebase::with_staged(set, &staged, &[]);
        let signers = draft.roles();
        let is_held = |signer: &Signer| !signer.keys.is_disjoint(held);
        let named = |signer: &Signer| (signer.node.role.clone(), signer.keys.clone());
        let top = signers.iter().find(|signer| signer.node.role == RoleName::TARGETS);
        let has_top = top.is_some_and(is_held);
        if !signers.iter().any(|signer| signer.node.role.is_delegation()) {
            let why = match has_top {
                true => Why::Usual { others: Vec::new() },
                false => Why::NoKeys { signers: top.map(named).into_iter().collect() },
            };
            return Ok((vec![RoleName::TARGETS], why));
        }
        let is_direct = |signer: &&Signer| signer.node.role.parent() == Some(RoleName::TARGETS);
        let fitting: Vec<&Signer> =
            signers.iter().filter(is_direct).filter(|signer| signer.may_sign(tag)).collect();
        let roles: Vec<RoleName> = fitting
            .iter()
            .filter(|signer| is_held(signer))
            .map(|signer| signer.node.role.clone())
            .collect();
        if roles.is_empty() {
            let signers = fitting.into_iter().map(named).collect();
            let tag = tag.to_owned();
            return Err(RoleChoiceError::NoDelegate { tag, signers, has_top }.into());
        }
        let is_unread = !roles.iter().any(is_read_by_docker);
        Ok((roles, Why::Delegated { is_unread }))
    }
}
