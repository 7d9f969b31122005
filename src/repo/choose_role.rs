//! Which role signs a target when the user names none; `for_image` has the rules for images.
//!
//! What is known of the collection on this machine decides, together with what is staged and with
//! the keys that can be seen; one key suffices to be a signer, whatever the threshold.
//!
//! 1. Where a key of `targets` is, `targets` is chosen, as the Go program does, whatever else the
//!    keys may sign.
//! 2. Otherwise the one delegation is chosen that a key here may sign and whose effective paths
//!    allow all names. Several are an error, and so is none when there are keys for some role.
//! 3. Without any key for the collection it is `targets`, as with the Go program.
//! 4. What is to be removed is removed where it is: when exactly one role that can be signed here has
//!    the name, that one goes before all others.
//!
//! The server is asked only where 3 would apply although some key here could be that of a delegation:
//! the collection may be unknown here, or older than the delegation. That it does not answer, or
//! refuses to, is no failure, and people are told; files that are not to be trusted are one, and so is
//! whoever is asked for a login and ends it.

mod for_image;

use std::collections::BTreeSet;

use super::stage::Against;
use super::update::{Purpose, Updated};
use super::{Collection, Error, rebase};
use crate::keys::{KeyInfo, TokenKeyInfo, belongs_to_one_gun};
use crate::tuf::key::KeyId;
use crate::tuf::role::RoleName;
use crate::tuf::root_trust::CachedRoot;
use crate::tuf::trusted::TrustedSet;
use crate::tuf::walk::{self, Signer};

/// What is to be done to targets.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Intent {
    /// They are added or replaced.
    Add,
    /// They are removed.
    Remove,
}

/// The private keys of this machine, as far as they can be seen without opening any.
pub struct VisibleKeys<'k> {
    /// Those on a hardware token, which is only looked at if need be.
    pub on_token: &'k dyn Fn() -> Vec<TokenKeyInfo>,
    /// Those in the key store.
    pub stored: &'k [KeyInfo],
}

/// What was chosen.
#[derive(Debug)]
pub struct Choice {
    /// What decided instead of the present state, if the server was to be asked for that.
    pub against: Option<Against>,
    /// The role; for images there may be several.
    pub roles: Vec<RoleName>,
    /// The state that the server was asked for.
    pub updated: Option<Updated>,
    /// Why it is this one.
    pub why: Why,
}

/// Why a role was chosen.
#[derive(Debug)]
pub enum Why {
    /// They are the delegations of an image that the keys here may sign.
    Delegated {
        /// Whether none of them is one that Docker reads.
        is_unread: bool,
    },
    /// It is the only role with the name that the keys here may sign.
    Has,
    /// No key here may sign for any role that may sign the names.
    NoKeys {
        /// Those roles, and canonical ids of their keys.
        signers: Vec<(RoleName, BTreeSet<KeyId>)>,
    },
    /// It is the only role that the keys here may sign.
    Only,
    /// Of the roles that the keys here may sign, no other may sign the names.
    OnlyFitting,
    /// It is the one that targets are signed by unless something else is said.
    Usual {
        /// Delegations that would do as well.
        others: Vec<RoleName>,
    },
    /// It is not known who may sign, and could not be found out.
    Unknown(Box<Error>),
}

/// Why no role can be chosen.
#[derive(Debug, thiserror::Error)]
pub enum RoleChoiceError {
    /// There are delegations, but no key here is that of one directly below `targets` which may sign
    /// the tag.
    #[error("no key is here for any delegation that may sign the image {tag:?}")]
    NoDelegate {
        /// The tag.
        tag: String,
        /// Those delegations, and canonical ids of their keys.
        signers: Vec<(RoleName, BTreeSet<KeyId>)>,
        /// Whether a key of `targets` is here.
        has_top: bool,
    },
    /// Several would do.
    #[error("{name:?} can be {} of several roles with the keys here", verb(*.intent))]
    Several {
        /// What was to be done.
        intent: Intent,
        /// The name, or one of them.
        name: String,
        /// The roles.
        roles: Vec<RoleName>,
    },
    /// The keys here may sign roles, but none that may sign the names.
    #[error("no role that the keys here may sign may sign {name:?}{}", other_names(*.is_one))]
    NoneFits {
        /// Whether there is no other name.
        is_one: bool,
        /// A name that does not fit, or does not fit together with the others.
        name: String,
        /// The roles that the keys here may sign, and their paths.
        roles: Vec<(RoleName, Vec<String>)>,
        /// The roles that may sign the name.
        signers: Vec<RoleName>,
    },
}

fn verb(intent: Intent) -> &'static str {
    match intent {
        Intent::Add => "a target",
        Intent::Remove => "removed as a target",
    }
}

fn other_names(is_one: bool) -> &'static str {
    if is_one { "" } else { " and all the other names" }
}

impl Collection<'_> {
    /// Chooses the role for targets of these names.
    pub fn choose_role(
        &self,
        intent: Intent,
        names: &[&str],
        keys: &VisibleKeys<'_>,
    ) -> Result<Choice, Error> {
        let mut held: BTreeSet<KeyId> = keys.stored.iter().map(|key| key.id.clone()).collect();
        let mut made_for: Vec<(String, Option<String>)> =
            keys.stored.iter().map(|key| (key.role.clone(), key.gun.clone())).collect();
        if intent == Intent::Add
            && !made_for.iter().any(|(role, _)| may_be_delegates(role))
            && self.is_targets_key_among(&held)
        {
            return Ok(Choice::usual());
        }
        for key in (keys.on_token)() {
            held.insert(key.id);
            made_for.push((key.role, key.gun));
        }
        let known = self.known_state().unwrap_or_else(|error| {
            // Whether it can be used is for those to say who need it.
            tracing::info!(%error, "the copy on this machine is not used");
            None
        });
        let decided = match &known {
            Some(set) => Some(self.decide(set, intent, names, &held)?),
            None => None,
        };
        let is_ours = |(role, gun): &(String, Option<String>)| {
            role == RoleName::TARGETS.as_str() && gun.as_deref() == Some(self.gun.as_str())
        };
        let decided = match decided {
            Some((role, why)) if !matches!(why, Why::NoKeys { .. }) => {
                return Ok(Choice::one(role, None, why));
            }
            None if made_for.iter().any(is_ours) => return Ok(Choice::usual()),
            other => other,
        };
        let or_usual = |decided: Option<(RoleName, Why)>| match decided {
            Some((role, why)) => Choice::one(role, None, why),
            None => Choice::usual(),
        };
        if self.offline || !made_for.iter().any(|(role, _)| may_be_delegates(role)) {
            return Ok(or_usual(decided));
        }
        match self.update(Purpose::Read) {
            Ok(updated) => {
                let (role, why) = self.decide(&updated.set, intent, names, &held)?;
                Ok(Choice::one(role, Some(updated), why))
            }
            Err(error) if error.is_end_of_staging() => Err(error),
            Err(error) if decided.is_none() => Ok(Choice::because(Why::Unknown(Box::new(error)))),
            Err(error) => {
                let against = Some(self.against_known(&error)?);
                Ok(Choice { against, ..or_usual(decided) })
            }
        }
    }

    /// What decides when the present state cannot be had, for this reason.
    fn against_known(&self, error: &Error) -> Result<Against, Error> {
        Ok(match self.was_published()? {
            true => self.against_copy(Some(error)),
            false => Against::Unpublished,
        })
    }

    /// Whether one of the keys is that of `targets`, as far as the root in the cache tells.
    fn is_targets_key_among(&self, held: &BTreeSet<KeyId>) -> bool {
        match self.anchor() {
            Ok(Some(CachedRoot::Current(root) | CachedRoot::Stale { root, .. })) => {
                !root.key_set(&RoleName::TARGETS).canonical_ids().is_disjoint(held)
            }
            Ok(None) | Err(_) => false,
        }
    }

    fn decide(
        &self,
        set: &TrustedSet,
        intent: Intent,
        names: &[&str],
        held: &BTreeSet<KeyId>,
    ) -> Result<(RoleName, Why), Error> {
        let is_held = |signer: &&Signer| !signer.keys.is_disjoint(held);
        let top = set.key_set(&RoleName::TARGETS)?.canonical_ids();
        let has_top = !top.is_disjoint(held);
        if has_top && intent == Intent::Add {
            // What is staged would only make a difference to others.
            let signers = walk::signers(|role| set.targets_of(role), top);
            let others = signers.iter().filter(is_held).filter(|signer| fits(signer, names));
            return Ok(usual(others));
        }
        let staged = self.changelist.list()?;
        // What does not fit is told by those who need it.
        let (draft, _) = rebase::with_staged(set, &staged, &[]);
        let signers = draft.roles();
        let held: Vec<&Signer> = signers.iter().filter(is_held).collect();
        if intent == Intent::Remove {
            let has = |signer: &&&Signer| {
                names.iter().any(|name| draft.has_target(&signer.node.role, name))
            };
            let holders: Vec<&Signer> = held.iter().filter(has).copied().collect();
            match holders.as_slice() {
                [] => {}
                [only] if only.node.role == RoleName::TARGETS => return Ok(usual([])),
                [only] => return Ok((only.node.role.clone(), Why::Has)),
                _ if has_top => return Ok(usual(holders)),
                _ => return Err(several(intent, names, &holders).into()),
            }
        }
        if has_top {
            return Ok(usual([]));
        }
        let fitting: Vec<&Signer> =
            held.iter().filter(|signer| fits(signer, names)).copied().collect();
        match (held.as_slice(), fitting.as_slice()) {
            ([], _) => {
                let signers = signers.iter().filter(|signer| fits(signer, names));
                let signers =
                    signers.map(|signer| (signer.node.role.clone(), signer.keys.clone())).collect();
                Ok((RoleName::TARGETS, Why::NoKeys { signers }))
            }
            ([only], [_]) => Ok((only.node.role.clone(), Why::Only)),
            (_, [only]) => Ok((only.node.role.clone(), Why::OnlyFitting)),
            (_, []) => Err(none_fits(names, &held, &signers).into()),
            (_, fitting) => Err(several(intent, names, fitting).into()),
        }
    }
}

impl Choice {
    fn usual() -> Self {
        Self::one(RoleName::TARGETS, None, Why::Usual { others: Vec::new() })
    }

    fn one(role: RoleName, updated: Option<Updated>, why: Why) -> Self {
        Self { against: None, roles: vec![role], updated, why }
    }

    /// `targets`, for this reason.
    fn because(why: Why) -> Self {
        Self::one(RoleName::TARGETS, None, why)
    }
}

/// Whether a key that was made for this could be that of a delegation.
fn may_be_delegates(made_for: &str) -> bool {
    made_for != RoleName::ROOT.as_str() && !belongs_to_one_gun(made_for)
}

fn fits(signer: &Signer, names: &[&str]) -> bool {
    names.iter().all(|name| signer.may_sign(name))
}

/// `targets`, although `others`, of which it may be one, would do as well.
fn usual<'s>(others: impl IntoIterator<Item = &'s Signer>) -> (RoleName, Why) {
    let others = others.into_iter().map(|signer| signer.node.role.clone());
    let others = others.filter(RoleName::is_delegation).collect();
    (RoleName::TARGETS, Why::Usual { others })
}

fn several(intent: Intent, names: &[&str], roles: &[&Signer]) -> RoleChoiceError {
    RoleChoiceError::Several {
        intent,
        name: names.first().copied().unwrap_or_default().to_owned(),
        roles: roles.iter().map(|signer| signer.node.role.clone()).collect(),
    }
}

fn none_fits(names: &[&str], held: &[&Signer], signers: &[Signer]) -> RoleChoiceError {
    let is_misfit = |name: &&&str| !held.iter().any(|signer| signer.may_sign(name));
    let for_first = |name: &&&str| held.first().is_some_and(|signer| !signer.may_sign(name));
    // A name that fits none of the roles tells more than one that only does not fit all of them.
    let name = names.iter().find(is_misfit).or_else(|| names.iter().find(for_first));
    let name = name.copied().unwrap_or_default();
    let misfit = is_misfit(&&name);
    RoleChoiceError::NoneFits {
        is_one: misfit,
        name: name.to_owned(),
        roles: held.iter().map(|s| (s.node.role.clone(), s.node.paths.clone())).collect(),
        signers: signers.iter().filter(|s| s.may_sign(name)).map(|s| s.node.role.clone()).collect(),
    }
}
