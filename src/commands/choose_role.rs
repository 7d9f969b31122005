//! The role that signs targets when none was named, and what is said about it.

use std::collections::BTreeSet;

use super::{Opened, Session, state};
use crate::error::CliError;
use crate::keys::KeyStore as _;
use crate::repo::choose_role::{Choice, Intent, VisibleKeys, Why};
use crate::repo::stage::Against;
use crate::repo::{Collection, Error};
use crate::tuf::key::KeyId;
use crate::tuf::role::RoleName;
use crate::ui::Ui;

/// Names that are repeated in a warning; more are not.
const MAX_SIGNERS: usize = 4;

/// The roles that sign targets.
pub struct SigningRoles {
    choice: Option<Choice>,
    /// The roles.
    pub roles: Vec<RoleName>,
}

impl SigningRoles {
    /// Those that were `named`, else the one that is to sign targets of these names.
    pub fn of(
        session: &Session<'_>,
        opened: &Opened,
        named: Vec<RoleName>,
        intent: Intent,
        names: &[&str],
    ) -> Result<Self, CliError> {
        if !named.is_empty() {
            return Ok(Self { choice: None, roles: named });
        }
        Self::choose(session, opened, |collection, keys| {
            collection.choose_role(intent, names, keys)
        })
    }

    /// Those that were `named`, else the ones that are to sign an image with this tag.
    pub fn of_image(
        session: &Session<'_>,
        opened: &Opened,
        named: Vec<RoleName>,
        tag: &str,
    ) -> Result<Self, CliError> {
        if !named.is_empty() {
            return Ok(Self { choice: None, roles: named });
        }
        Self::choose(session, opened, |collection, keys| collection.choose_image_roles(tag, keys))
    }

    fn choose(
        session: &Session<'_>,
        opened: &Opened,
        choose: impl FnOnce(Collection<'_>, &VisibleKeys<'_>) -> Result<Choice, Error>,
    ) -> Result<Self, CliError> {
        // Who cannot read the keys is told so where they are needed.
        let stored = session.key_store().list().map(|listing| listing.keys).unwrap_or_default();
        let on_token = || session.token.keys();
        let keys = VisibleKeys { on_token: &on_token, stored: &stored };
        let choice = choose(opened.collection(), &keys).map_err(|error| opened.failed(error))?;
        Ok(Self { roles: choice.roles.clone(), choice: Some(choice) })
    }

    /// Says why it is this role, once something was staged for it.
    pub fn tell(&self, session: &mut Session<'_>, names: &[&str]) {
        let Some(choice) = &self.choice else { return };
        if let Some(updated) = &choice.updated {
            state::tell(session.ui, session.now, updated);
        }
        tell(session.ui, names, choice);
    }
}

fn tell(ui: &mut Ui, names: &[&str], choice: &Choice) {
    let role = join(&choice.roles);
    match &choice.against {
        None => {}
        Some(against @ Against::Unpublished) => {
            ui.note(&format!("who may sign is judged by {against}"));
        }
        Some(against) => ui.warning(&format!("who may sign is judged by {against}")),
    }
    let name = match names {
        [name] => format!("{name:?}"),
        _ => "these names".to_owned(),
    };
    match &choice.why {
        Why::Delegated { is_unread } => {
            ui.note(&format!("staged for {role}, for which keys are here"));
            if *is_unread {
                ui.warning(
                    "Docker reads only targets/releases and targets; `notary delegation add` can \
                     add a key to targets/releases",
                );
            }
        }
        Why::Has => ui.note(&format!(
            "staged for {role}, the only role with {name} that the keys here may sign"
        )),
        Why::Only => {
            ui.note(&format!("staged for {role}, the only role that the keys here may sign"));
        }
        Why::OnlyFitting => ui.note(&format!(
            "staged for {role}: of the roles that the keys here may sign, no other may sign {name}"
        )),
        Why::Usual { others } if others.is_empty() => {}
        Why::Usual { others } => ui.note(&format!(
            "staged for {role}; with the keys here, `--roles` could be {} as well",
            join(others)
        )),
        Why::NoKeys { signers } => {
            let mut who: Vec<String> = signers.iter().take(MAX_SIGNERS).map(signer).collect();
            if signers.len() > MAX_SIGNERS {
                who.push(format!("{} more roles", signers.len() - MAX_SIGNERS));
            }
            ui.warning(&format!(
                "staged for {role}, but no key is here for any role that may sign {name}: {}",
                who.join("; ")
            ));
        }
        Why::Unknown(error) => ui.warning_about(
            &format!("staged for {role}, since it cannot be told who may sign {name}: {error}"),
            &**error,
        ),
    }
}

fn signer((role, keys): &(RoleName, BTreeSet<KeyId>)) -> String {
    match keys.len() {
        0 => format!("{role} (which has no keys)"),
        1 => format!("{role} (key {})", state::join(keys)),
        _ => format!("{role} (keys {})", state::join(keys)),
    }
}

fn join(roles: &[RoleName]) -> String {
    roles.iter().map(RoleName::as_str).collect::<Vec<_>>().join(", ")
}
