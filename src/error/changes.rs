//! Failures of changes that do not fit the collection.

use super::{Exit, shell_word};
use crate::cli::Words;
use crate::repo::rebase::ChangeProblem;
use crate::tuf::edit::EditError;
use crate::tuf::error::Error as TrustError;
use crate::tuf::role::RoleName;

/// How a run ends that was to stage such a change.
pub fn exit_of_unfit(why: &ChangeProblem) -> Exit {
    match why {
        ChangeProblem::Edit(EditError::NoFile { .. } | EditError::NoSuchRole { .. })
        | ChangeProblem::NobodysKeys(_)
        | ChangeProblem::NothingThere { .. }
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

/// The option that stands for exactly these paths, as it can be pasted into a shell.
fn paths_option(paths: &[&String]) -> String {
    // Every name has the empty prefix, whatever else is named.
    if paths.iter().any(|path| path.is_empty()) {
        return "--all-paths".to_owned();
    }
    let words = Words(paths.iter().map(|path| (*path).clone()).collect()).to_string();
    let is_like_an_option = words.starts_with('-');
    format!("--paths{}{}", if is_like_an_option { "=" } else { " " }, shell_word(&words))
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
            EditError::PathOutsideParent { role, path, narrow, .. } => {
                let add = format!("{} {}", add(narrow), paths_option(&[path]));
                vec![match role.parent().is_some_and(|parent| parent == *narrow) {
                    true => format!("`{add}` lets its parent have the path first"),
                    false => {
                        format!("`{add}` lets {narrow}, which is above it, have the path first")
                    }
                }]
            }
            EditError::TargetOutsidePaths { role, name, narrow, .. } => {
                let add = format!("{} {}", add(narrow), paths_option(&[name]));
                vec![match role == narrow {
                    true => format!("`{add}` lets it sign that name"),
                    false => {
                        format!("`{add}` lets {narrow}, which is above it, sign that name first")
                    }
                }]
            }
            EditError::Unusable { role, why: Some(why) } if can_be_signed_again(why) => {
                vec![format!("`notary witness {gun} {role}` has it signed again as it is")]
            }
            EditError::FewerKeysThanThreshold { role, .. } => {
                vec![format!("`{} CERT` adds a key", add(role))]
            }
            EditError::NoKey { .. } | EditError::NoSuchRole { .. } | EditError::Unusable { .. } => {
                Vec::new()
            }
        },
        ChangeProblem::NothingThere { .. } => vec![roles()],
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
