//! Hints for roots that do not agree with the pins. What is wrong is the pin, or the root: forgetting
//! what is trusted would only hide which, so no hint here says to.

use std::path::Path;

use super::{CliError, Exit};
use crate::store::StoreError;
use crate::tuf::key::KeyId;
use crate::tuf::pin::{Origin, PinError};

/// What was to be done with the root.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Doing {
    /// It was to be believed.
    Trusting,
    /// It was made here, and is to be published.
    Publishing,
}

/// What the user could do; `gun` can be pasted into a shell.
pub(super) fn hints(gun: &str, config_file: &Path, doing: Doing, error: &PinError) -> Vec<String> {
    let configured = || format!("see `trust_pinning` in `{}`", config_file.display());
    match error {
        PinError::FirstUse => vec![
            configured(),
            format!("`notary trust show {gun}` shows what the server offers, without trusting it"),
            format!(
                "when its owner has told you the id of the root certificate, `notary trust pin \
                 {gun} --key ID` or `--trust-root ID` makes it trusted"
            ),
        ],
        PinError::NoMatch { found, by } => {
            let of = |origin: &Origin| match origin {
                Origin::Configuration => match doing {
                    Doing::Trusting => vec![configured()],
                    Doing::Publishing => vec![configured(), pin_before()],
                },
                Origin::Kept => kept(gun, doing, found),
                Origin::KeptAuthority => kept_authority(gun, doing),
                Origin::CommandLine => match doing {
                    Doing::Trusting => vec![
                        "ask the owner of the collection which id is right, and correct \
                         `--trust-root`"
                            .to_owned(),
                    ],
                    Doing::Publishing => {
                        vec!["a new root has other certificates; leave out `--trust-root`".into()]
                    }
                },
            };
            by.iter().flat_map(of).collect()
        }
        PinError::TooFew { found, by, .. } => {
            let of = |origin: &Origin| match origin {
                Origin::Configuration => vec![configured()],
                Origin::Kept => kept(gun, doing, found),
                Origin::KeptAuthority => kept_authority(gun, doing),
                Origin::CommandLine => vec![
                    "`--trust-root` takes several ids, separated by commas; leave out none that \
                     has to sign"
                        .to_owned(),
                ],
            };
            by.iter().flat_map(of).collect()
        }
        PinError::UnreadableAuthority | PinError::UnusableAuthority => vec![configured()],
    }
}

fn pin_before() -> String {
    "to replace a pinned root key, pin the new certificate besides the old one first, and repeat \
     the command within a day"
        .to_owned()
}

/// Certificates are pinned, and the root has `found`.
fn kept(gun: &str, doing: Doing, found: &[KeyId]) -> Vec<String> {
    let keys: String = found.iter().map(|id| format!(" --key {id}")).collect();
    let (these, them) = match found {
        [_] => ("this certificate is", "it"),
        _ => ("these certificates are", "them"),
    };
    match doing {
        Doing::Trusting => vec![
            format!("`notary trust show {gun}` shows what is trusted and what is pinned"),
            format!(
                "if the owner of the collection says that {these} right, `notary trust pin \
                 {gun}{keys}` pins {them} besides"
            ),
        ],
        // Whoever replaces a key alone has pinned the new one by that. This root was prepared on
        // another machine.
        Doing::Publishing => vec![
            format!("`notary trust show {gun}` shows what is pinned"),
            format!(
                "to replace a pinned root key, `notary trust pin {gun} --current{keys}` pins what \
                 the new root has besides the present certificates; then repeat the command"
            ),
        ],
    }
}

fn kept_authority(gun: &str, doing: Doing) -> Vec<String> {
    match doing {
        Doing::Trusting => vec![
            format!("`notary trust show {gun}` shows what is trusted and what is pinned"),
            format!(
                "if the owner of the collection says that another authority is right, `notary trust \
                 pin {gun} --ca FILE` pins it besides"
            ),
        ],
        Doing::Publishing => vec![
            format!("`notary trust show {gun}` shows what is pinned"),
            format!(
                "to replace a root key that an authority vouches for, `notary trust pin {gun} \
                 --current --replace` pins the present root certificates instead of it first"
            ),
        ],
    }
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        let hints = match &error {
            StoreError::DamagedPins { .. } => vec![damaged_pins()],
            _ => Vec::new(),
        };
        Self { exit: Exit::Failed, error: Some(Box::new(error)), hints }
    }
}

/// What helps when nobody knows what is pinned.
pub(super) fn damaged_pins() -> String {
    "correct it, bring it back from a backup, or remove it and pin anew".to_owned()
}
