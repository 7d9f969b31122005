//! Failures of changes that do not fit the collection.

use super::{Exit, shell_word};
use crate::repo::rebase::ChangeProblem;
use crate::tuf::edit::EditError;
use crate::tuf::error::Error as TrustError;
use crate::tuf::role::RoleName;

/// How a run ends that was to stage such a change.
pub fn exit_of_unfit(why: &ChangeProblem) -> Exit {
    match why {
        ChangeProblem::Edit(EditError::NoFile { .. } | EditError::NoSuchRole { .. })
        | ChangeProblem::NobodysKeys(_)
        | ChangeProblem::UnknownKeys { .. } => Exit::NotFound,
        _ => exit_of_change(why),
    }
}

/// How a run ends that was to publish such a change.
pub fn exit_of_change(why: &ChangeProblem) -> Exit {
    match why {
        ChangeProblem::Edit(EditError::NoKey { .. }) => Exit::Key,
        _ => Exit::Failed,
    }
}

/// What can be done so that the change fits; `gun` as a shell takes it.
pub fn hints_for_problem(gun: &str, why: &ChangeProblem) -> Vec<String> {
    let roles = || format!("`notary delegation list {gun}` shows the roles that there are");
    let add = |role: &RoleName| format!("notary delegation add {gun} {role}");
    match why {
        ChangeProblem::Edit(error) => match error {
            EditError::NoFile { role } => {
                vec![format!("`notary add {gun} NAME FILE -r {role}` signs something in it")]
            }
            EditError::NoKeysForNewRole { role } => {
                vec![format!("`{} CERT --paths PREFIX` names a key as well", add(role))]
            }
            EditError::NoSuchRole { role } if role.is_delegation() => {
                vec![format!("`{} CERT --paths PREFIX` makes it", add(role)), roles()]
            }
            EditError::PathOutsideParent { role, path, .. } => {
                let parent = role.parent().filter(RoleName::is_delegation);
                let widen = |parent| {
                    let path = shell_word(path);
                    format!("`{} --paths {path}` lets its parent have the path first", add(&parent))
                };
                parent.map(widen).into_iter().collect()
            }
            EditError::TargetOutsidePaths { role, name, .. } if role.is_delegation() => {
                vec![format!("`{} --paths {}` lets it sign that name", add(role), shell_word(name))]
            }
            EditError::Unusable { role, why: Some(why) } if can_be_signed_again(why) => {
                vec![format!("`notary witness {gun} {role}` has it signed again as it is")]
            }
            EditError::FewerKeysThanThreshold { role, .. } => {
                vec![format!("`{} CERT` adds a key", add(role))]
            }
            EditError::NoKey { .. }
            | EditError::NoSuchRole { .. }
            | EditError::TargetOutsidePaths { .. }
            | EditError::Unusable { .. } => Vec::new(),
        },
        ChangeProblem::NobodysKeys(_) | ChangeProblem::UnknownKeys { .. } => {
            vec![format!("`notary delegation list {gun}` shows the keys of all roles")]
        }
        ChangeProblem::ControlCharacters
        | ChangeProblem::Custom(_)
        | ChangeProblem::InvalidRole(_)
        | ChangeProblem::Payload(_)
        | ChangeProblem::Size(_)
        | ChangeProblem::Unsupported { .. } => Vec::new(),
    }
}

fn can_be_signed_again(why: &TrustError) -> bool {
    matches!(
        why,
        TrustError::Expired { .. } | TrustError::NoSignatures { .. } | TrustError::Threshold { .. }
    )
}
