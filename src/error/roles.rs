//! Failures of choosing the role that signs.

use super::{Exit, shell_word};
use crate::repo::choose_role::RoleChoiceError;
use crate::tuf::role::RoleName;

/// The exit code: the command line leaves open what to do, or asks for what cannot be done.
pub fn exit_of(error: &RoleChoiceError) -> Exit {
    match error {
        RoleChoiceError::Several { .. } => Exit::Usage,
        RoleChoiceError::NoneFits { .. } => Exit::Failed,
    }
}

/// What the user could do; `gun` can be pasted into a shell.
pub fn hints(gun: &str, error: &RoleChoiceError) -> Vec<String> {
    match error {
        RoleChoiceError::Several { roles, .. } => {
            let options = roles.iter().map(|role| format!("`--roles {role}`"));
            vec![format!("choose with {}", options.collect::<Vec<_>>().join(" or "))]
        }
        RoleChoiceError::NoneFits { name, roles, signers, .. } => {
            let mut hints: Vec<String> = roles.iter().map(may_sign).collect();
            let signers: Vec<&str> = signers.iter().map(RoleName::as_str).collect();
            let name = shell_word(name);
            hints.push(format!(
                "it may be signed by {}; `notary who {gun} {name}` shows whose keys that needs",
                signers.join(", ")
            ));
            hints
        }
    }
}

fn may_sign((role, paths): &(RoleName, Vec<String>)) -> String {
    let paths: Vec<String> = paths.iter().map(|path| format!("{path:?}")).collect();
    match paths.is_empty() {
        true => format!("{role} may not sign any name"),
        false => format!("{role} may sign names that begin with {}", paths.join(" or ")),
    }
}
