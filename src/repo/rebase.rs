//! Replaying staged changes on the present state of a collection.
//!
//! Changes are applied in their order, as Go does, with one exception: what concerns a role whose file
//! was refused cannot be applied before the role is signed again, so a role that is witnessed
//! anywhere among the changes is witnessed when that is first needed. Otherwise it would depend on
//! the order in which two commands were run whether both can ever be published, and the hint of the
//! failed one would come too late.

use std::collections::BTreeSet;

use super::Error;
use super::stage::{CustomProblem, check_custom};
use crate::changelist::{Action, Change, DelegationPayload, Kind, Staged};
use crate::tuf::edit::{DelegationEdit, Draft, EditError, Effect};
use crate::tuf::json::MAX_EXACT;
use crate::tuf::key::KeyId;
use crate::tuf::role::{InvalidRole, RoleName};
use crate::tuf::trusted::TrustedSet;

/// Why a change cannot be applied.
#[derive(Debug, thiserror::Error)]
pub enum ChangeProblem {
    /// The target's name has control characters, which nobody can publish.
    #[error("its name contains control characters")]
    ControlCharacters,
    /// The custom data would not be signed and verified alike by all clients.
    #[error("its custom data cannot be signed")]
    Custom(#[source] CustomProblem),
    /// The collection does not allow it.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// The role is none.
    #[error(transparent)]
    InvalidRole(#[from] InvalidRole),
    /// Keys that are to be removed from all delegations, and that none has.
    #[error("no delegation has {}", key_list(.0))]
    NobodysKeys(Vec<KeyId>),
    /// Something is to be taken away from a role, or signed again, that does not exist.
    #[error("there is no role {role}")]
    NothingThere {
        /// The role.
        role: RoleName,
    },
    /// The payload is damaged.
    #[error("its payload cannot be read")]
    Payload(#[source] serde_json::Error),
    /// A size that double arithmetic would change.
    #[error("its size of {0} bytes is beyond 2^53 and cannot be signed")]
    Size(i64),
    /// Keys that are to be removed from a role that does not have them.
    #[error("{role} does not have {}; it has {}", key_list(.unknown), key_list(.keys))]
    UnknownKeys {
        /// The role.
        role: RoleName,
        /// Canonical ids of the keys that it does not have.
        unknown: Vec<KeyId>,
        /// Canonical ids of those that it has.
        keys: Vec<KeyId>,
    },
    /// No program knows what this would mean.
    #[error("a change of type `{kind}` with action `{action}` is not possible for role {role}")]
    Unsupported {
        /// The action.
        action: &'static str,
        /// The type.
        kind: &'static str,
        /// The role.
        role: String,
    },
}

fn key_list(ids: &[KeyId]) -> String {
    let ids: Vec<_> = ids.iter().map(KeyId::as_str).collect();
    match ids.as_slice() {
        [] => "no keys".to_owned(),
        [id] => format!("the key {id}"),
        ids => format!("the keys {}", ids.join(", ")),
    }
}

/// What a change is, in a few words.
pub fn summary(change: &Change) -> String {
    let action = match change.action {
        Action::Create => "add",
        Action::Delete => "remove",
        Action::Update => "update",
    };
    match change.kind {
        Kind::Delegation if purge_top(change).is_some() => {
            "remove keys from all delegations".to_owned()
        }
        Kind::Delegation => format!("{action} delegation {}", change.role),
        Kind::Role => "replace the keys of a role".to_owned(),
        Kind::Target => format!("{action} {:?} in {}", change.path, change.role),
        Kind::Witness => format!("sign {} again", change.role),
    }
}

/// The roles that are to be signed again as they are.
pub(super) fn witnessed<'c>(changes: impl IntoIterator<Item = &'c Change>) -> BTreeSet<RoleName> {
    let witnesses = changes.into_iter().filter(|change| change.kind == Kind::Witness);
    witnesses.filter_map(|change| RoleName::parse(&change.role).ok()).collect()
}

/// Applies all changes in their order and tells for each whether it made a difference; the first
/// that does not fit ends it.
pub fn replay<'c>(
    draft: &mut Draft<'_>,
    changes: impl IntoIterator<Item = &'c Change> + Clone,
) -> Result<Vec<Effect>, Error> {
    let witnessed = witnessed(changes.clone());
    let mut effects = Vec::new();
    for (index, change) in changes.into_iter().enumerate() {
        let effect = apply(draft, change, &witnessed).map_err(|why| Error::Change {
            index,
            summary: summary(change),
            why: why.into(),
        })?;
        effects.push(effect);
    }
    Ok(effects)
}

/// A draft of `set` as it will be with all that is staged, whoever signs it; and why some of that
/// does not apply, which is passed over. `next` is what is about to be staged.
pub(super) fn with_staged<'s>(
    set: &'s TrustedSet,
    staged: &[Staged],
    next: &[Change],
) -> (Draft<'s>, Vec<Error>) {
    let mut draft = Draft::for_anybody(set);
    let mut passed = Vec::new();
    let readable = staged.iter().filter_map(|staged| staged.change.as_ref().ok());
    let witnessed = witnessed(readable.chain(next));
    for (index, staged) in staged.iter().enumerate() {
        match &staged.change {
            Ok(change) => passed.extend(apply(&mut draft, change, &witnessed).err().map(|why| {
                let (summary, why) = (summary(change), Box::new(why));
                Error::Change { index, summary, why }
            })),
            Err(error) => passed.push(error.clone().into()),
        }
    }
    (draft, passed)
}

/// The role below which a change removes keys from all delegations; `None` if it does something else.
pub(super) fn purge_top(change: &Change) -> Option<Result<RoleName, InvalidRole>> {
    match (change.kind, change.action) {
        (Kind::Delegation, Action::Update) => change.role.strip_suffix("/*").map(RoleName::parse),
        _ => None,
    }
}

/// Applies one change; before it, as far as that is needed, roles that are `witnessed` elsewhere.
pub(super) fn apply(
    draft: &mut Draft<'_>,
    change: &Change,
    witnessed: &BTreeSet<RoleName>,
) -> Result<Effect, ChangeProblem> {
    let mut result = apply_once(draft, change);
    // One round for each of the roles that may be in the way, which are above each other.
    for _ in witnessed {
        match &result {
            Err(ChangeProblem::Edit(EditError::Unusable { role, .. }))
                if witnessed.contains(role) =>
            {
                draft.witness(role)?;
                result = apply_once(draft, change);
            }
            _ => break,
        }
    }
    match result {
        Err(ChangeProblem::Edit(EditError::NoSuchRole { role })) if !adds_something(change) => {
            Err(ChangeProblem::NothingThere { role })
        }
        other => other,
    }
}

/// Whether a change makes sense for a role that is yet to be made.
fn adds_something(change: &Change) -> bool {
    let adds = |payload: DelegationPayload| {
        !payload.add_keys.is_empty() || !payload.add_paths.is_empty() || payload.threshold > 0
    };
    match change.kind {
        Kind::Delegation => change.delegation_payload().is_ok_and(adds),
        Kind::Role | Kind::Target => change.action == Action::Create,
        Kind::Witness => false,
    }
}

fn apply_once(draft: &mut Draft<'_>, change: &Change) -> Result<Effect, ChangeProblem> {
    let unsupported = || ChangeProblem::Unsupported {
        action: change.action.as_str(),
        kind: change.kind.as_str(),
        role: change.role.clone(),
    };
    if let Some(top) = purge_top(change) {
        let top = top?;
        if !top.holds_targets() {
            return Err(unsupported());
        }
        let edit = change.delegation_payload().map_err(ChangeProblem::Payload)?;
        return Ok(draft.purge_keys(&top, &edit.remove_keys)?);
    }
    match (change.kind, change.action) {
        (Kind::Delegation, action) => {
            let role = delegation(change).ok_or_else(unsupported)??;
            let payload = || change.delegation_payload().map_err(ChangeProblem::Payload);
            match action {
                // A new role gets what is added; there is nothing yet to be removed.
                Action::Create => {
                    let payload = payload()?;
                    let edit = DelegationEdit {
                        add_keys: payload.add_keys,
                        add_paths: payload.add_paths,
                        threshold: payload.threshold,
                        ..DelegationEdit::default()
                    };
                    Ok(draft.edit_delegation(&role, &edit)?)
                }
                Action::Update => {
                    let payload = payload()?;
                    let edit = DelegationEdit {
                        add_keys: payload.add_keys,
                        add_paths: payload.add_paths,
                        clear_paths: payload.clear_paths,
                        remove_keys: payload.remove_keys,
                        remove_paths: payload.remove_paths,
                        // Go never writes one here, and its client passes over it.
                        set_threshold: Some(payload.threshold).filter(|threshold| *threshold > 0),
                        threshold: 0,
                    };
                    Ok(draft.edit_delegation(&role, &edit).map_err(|error| match error {
                        EditError::NoKeysForNewRole { role } => EditError::NoSuchRole { role },
                        other => other,
                    })?)
                }
                Action::Delete => Ok(draft.delete_delegation(&role)?),
            }
        }
        (Kind::Role, Action::Create) if change.role == RoleName::ROOT.as_str() => {
            let payload = change.role_payload().map_err(ChangeProblem::Payload)?;
            Ok(draft.set_role_keys(&payload.role, payload.keys)?)
        }
        (Kind::Target, action @ (Action::Create | Action::Delete)) => {
            let role = RoleName::parse(&change.role)?;
            if !role.holds_targets() {
                return Err(unsupported());
            }
            if action == Action::Delete {
                return Ok(draft.remove_target(&role, &change.path)?);
            }
            let meta = change.target_payload().map_err(ChangeProblem::Payload)?;
            // Go clients publish the other control characters, which we would not have staged.
            if change.path.chars().any(|c| c < ' ') {
                return Err(ChangeProblem::ControlCharacters);
            }
            if !(-MAX_EXACT..=MAX_EXACT).contains(&meta.length) {
                return Err(ChangeProblem::Size(meta.length));
            }
            if let Some(custom) = &meta.custom {
                check_custom(custom).map_err(ChangeProblem::Custom)?;
            }
            Ok(draft.add_target(&role, &change.path, meta)?)
        }
        (Kind::Witness, Action::Update) => {
            let role = RoleName::parse(&change.role)?;
            if role.holds_targets() { Ok(draft.witness(&role)?) } else { Err(unsupported()) }
        }
        _ => Err(unsupported()),
    }
}

/// The delegation that a change is about; `None` if it names a base role.
fn delegation(change: &Change) -> Option<Result<RoleName, InvalidRole>> {
    match RoleName::parse(&change.role) {
        Ok(role) if !role.is_delegation() => None,
        result => Some(result),
    }
}
