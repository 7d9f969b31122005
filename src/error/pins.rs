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
        PinError::UnreadableAuthority | PinError::UnusableAuthority => vec![configured()],
    }
}

fn pin_before() -> String {
    "to replace a pinned root key, pin the new certificate besides the old one first, and repeat \
     the command within a day"
        .to_owned()
}

fn kept(gun: &str, doing: Doing, found: &[KeyId]) -> Vec<String> {
    match doing {
        Doing::Trusting => {
            let id = if let [id] = found { id.as_str() } else { "ID" };
            vec![
                format!("`notary trust show {gun}` shows what is trusted and what is pinned"),
                format!(
                    "if the owner of the collection says that this certificate is right, \
                     `notary trust pin {gun} --key {id}` pins it besides"
                ),
            ]
        }
        // New certificates are pinned by the way, unless an authority has to vouch for them.
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
