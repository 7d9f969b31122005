//! Failures of choosing the role that signs, and the role that has signed an image.

use super::{Exit, shell_word};
use crate::repo::choose_role::RoleChoiceError;
use crate::repo::image::ImageError;
use crate::tuf::role::RoleName;

/// The exit code: the command line leaves open what to do, or asks for what cannot be done.
pub fn exit_of(error: &RoleChoiceError) -> Exit {
    match error {
        RoleChoiceError::Several { .. } => Exit::Usage,
        RoleChoiceError::NoDelegate { .. } => Exit::Key,
        RoleChoiceError::NoneFits { .. } => Exit::Failed,
    }
}

/// The exit code: the tag is not there for Docker, or not what was asked for.
pub fn exit_of_image(error: &ImageError) -> Exit {
    match error {
        ImageError::NotReleased { .. } => Exit::NotFound,
        ImageError::NoDigest { .. } | ImageError::OtherDigest { .. } | ImageError::Unsigned(_) => {
            Exit::Trust
        }
    }
}

/// What the user could do; `gun` can be pasted into a shell.
pub fn hints(gun: &str, error: &RoleChoiceError) -> Vec<String> {
    match error {
        RoleChoiceError::Several { roles, .. } => {
            let options = roles.iter().map(|role| format!("`--roles {role}`"));
            vec![format!("choose with {}", options.collect::<Vec<_>>().join(" or "))]
        }
        RoleChoiceError::NoDelegate { signers, has_top, .. } => {
            let mut hints = match signers.is_empty() {
                true => vec!["no delegation directly below targets may sign it".to_owned()],
                false => {
                    vec!["`notary key list` shows the keys that are here; needed is:".to_owned()]
                }
            };
            for (role, keys) in signers {
                hints.extend(keys.iter().map(|key| format!("{key} ({role})")));
            }
            if *has_top {
                hints.push("`--roles targets` signs it without a delegation".to_owned());
            }
            hints.push(format!("`notary who {gun}` shows who may sign"));
            hints
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
