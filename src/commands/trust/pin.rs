//! `trust pin`.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::show::PinOutput;
use crate::commands::pins::{AppliedPin, read_authority, unusable_authority};
use crate::commands::{Opened, OutputArgs, Session};
use crate::error::{CliError, Exit, shell_word};
use crate::keys::{IdPrefix, NoMatch};
use crate::remote::Access;
use crate::repo::Error;
use crate::repo::pins::Pins;
use crate::store::KeptPins;
use crate::tuf::error::Error as TrustError;
use crate::tuf::key::KeyId;
use crate::tuf::pin::{Demand, Origin, PinError};
use crate::tuf::role::Gun;
use crate::tuf::root_trust::RootKey;
use crate::tuf::x509;

/// Pin which root is right for a collection
///
/// Keeps in the trust directory, for exactly this collection, which root certificates are accepted:
/// those with certain ids (--key), those issued by an authority (--ca), or those that are trusted now
/// (--current). From then on a root with none of them is refused, on every run, also if a server
/// offers it as successor of one that was accepted; and the collection is trusted at the first contact
/// although `trust_pinning.disable_tofu` is set.
///
/// More ids and more authorities can be added later; any of the ids, and any of the authorities, will
/// do. If there are both, or pins in the configuration as well, all of them must hold. What contradicts
/// the root that is trusted on this machine is not pinned. Whoever replaces root keys on this machine
/// pins the new ones by that.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  notary trust pin example.com/scripts --current
  notary trust pin example.com/scripts \\
      --key 0d9d12932cc65461035d051974132ebb650439697f94a3429da4016f3815eb78
  notary trust pin example.com/scripts --ca company-ca.pem
  notary trust pin example.com/scripts --current --replace")]
#[group(id = "what", required = true, multiple = true, args = ["key", "ca", "current"])]
pub struct PinArgs {
    /// Name of the collection, such as example.com/scripts
    gun: Gun,

    /// Id of a root certificate, or of its key if the root is known here; can be repeated
    ///
    /// Where the root is known, the first seven digits or more suffice.
    #[arg(long, value_name = "ID")]
    key: Vec<IdPrefix>,

    /// PEM file of certificate authorities, which are copied
    #[arg(long, value_name = "FILE")]
    ca: Vec<PathBuf>,

    /// The root certificates that are trusted on this machine now
    #[arg(long)]
    current: bool,

    /// Instead of what was pinned with this command before
    #[arg(long)]
    replace: bool,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
struct PinnedOutput<'a> {
    gun: &'a Gun,
    /// Whether it was pinned before.
    changed: bool,
    /// Whether there is a root here that agrees.
    known: bool,
    certificates: Vec<String>,
    pins: Vec<PinOutput>,
}

/// Runs `trust pin`.
pub fn pin(session: &mut Session<'_>, args: &PinArgs) -> Result<(), CliError> {
    let gun = &args.gun;
    let authorities = read_authorities(session, args)?;
    let file = session.pin_file();
    let mut changed = false;
    let mut known = None;
    let kept = file.change(gun, |old| {
        // What is known does not depend on pins: those before may be what is to be put right.
        let unpinned = session.open_unpinned(gun, Access::Pull);
        let keys = unpinned.collection().known_root_keys();
        known = keys.map_err(|error| unpinned.failed(error))?;
        let mut new = if args.replace { KeptPins::default() } else { old.clone() };
        new.authorities.extend(authorities.iter().cloned());
        let mut ids = BTreeSet::new();
        for prefix in &args.key {
            ids.extend(resolve(gun, prefix, known.as_deref())?);
        }
        if args.current {
            let opened = open(session, gun, new.clone())?;
            let keys = opened.collection().trusted_root_keys();
            let keys = keys.map_err(|error| contradiction(&opened, error))?;
            ids.extend(keys.into_iter().map(|key| key.id));
        }
        new.certificates.extend(ids);
        let checked = open(session, gun, new.clone())?;
        checked.collection().check_anchor().map_err(|error| contradiction(&checked, error))?;
        changed = new != old;
        Ok::<_, CliError>(new)
    })?;

    for id in kept.certificates.iter().filter(|id| !is_listed(id, known.as_deref())) {
        if known.is_some() {
            session.ui.note(&format!("the root that is trusted here does not have {id}"));
        }
    }
    let pins = session.pins_of(gun)?.pins;
    if args.output.is_json() {
        return Ok(session.ui.json(&PinnedOutput {
            gun,
            changed,
            known: known.is_some(),
            certificates: kept.certificates.iter().map(KeyId::to_string).collect(),
            pins: pins.iter().map(PinOutput::from).collect(),
        })?);
    }
    session.ui.line(&match changed {
        true => format!("Pinned the root of {gun}"),
        false => format!("The root of {gun} was pinned like that before"),
    })?;
    let is_kept = |pin: &&AppliedPin| matches!(pin.origin, Origin::Kept | Origin::KeptAuthority);
    for pin in pins.iter().filter(is_kept) {
        session.ui.item(&PinOutput::from(pin).words())?;
    }
    for pin in pins.iter().filter(|pin| pin.origin == Origin::Configuration) {
        session
            .ui
            .note(&format!("what is configured must hold, too: {}", PinOutput::from(pin).words()));
    }
    Ok(())
}

/// The collection, with these pins in place of those that are kept.
fn open(session: &Session<'_>, gun: &Gun, kept: KeptPins) -> Result<Opened, CliError> {
    let pins = Pins::new(session.pins_with(gun, kept)?.pin(), session.pin_file());
    Ok(Opened { pins, ..session.open_unpinned(gun, Access::Pull) })
}

/// What is to be pinned is not what is trusted.
fn contradiction(opened: &Opened, error: Error) -> CliError {
    let gun = shell_word(opened.gun.as_str());
    match &error {
        Error::UnusableAnchor { source: TrustError::Pin(PinError::TooFew { .. }), .. } => {
            CliError {
                hints: vec![
                    format!(
                        "nothing was pinned; `notary trust show {gun}` shows what is trusted here"
                    ),
                    format!("`notary trust pin {gun} --current` pins all of it"),
                ],
                ..opened.failed(error)
            }
        }
        Error::UnusableAnchor { source: TrustError::Pin(_), .. } => CliError {
            hints: vec![
                format!("nothing was pinned; `notary trust show {gun}` shows what is trusted here"),
                format!(
                    "to pin what will come after it, pin both: `notary trust pin {gun} --current \
                     --key ID`"
                ),
                format!(
                    "if the owner of the collection says that what is trusted here is wrong, \
                     `notary trust forget {gun}` forgets it; then repeat this"
                ),
            ],
            ..opened.failed(error)
        },
        _ => opened.failed(error),
    }
}

/// The certificates of the authorities, each as PEM text.
fn read_authorities(session: &Session<'_>, args: &PinArgs) -> Result<Vec<String>, CliError> {
    let mut texts = Vec::new();
    for path in &args.ca {
        let path = session.cwd.join(path);
        let text = read_authority(&path)?;
        Demand::authority(&text, session.now)
            .map_err(|error| unusable_authority(&path, &error.to_string()))?;
        let certificates = x509::certificates(&text).unwrap_or_default();
        texts.extend(certificates.iter().map(|certificate| x509::to_pem(certificate.der())));
    }
    Ok(texts)
}

fn is_listed(id: &KeyId, known: Option<&[RootKey]>) -> bool {
    known.into_iter().flatten().any(|key| key.id == *id)
}

/// The certificates that are meant by an id, or by the beginning of one.
fn resolve(
    gun: &Gun,
    prefix: &IdPrefix,
    known: Option<&[RootKey]>,
) -> Result<BTreeSet<KeyId>, CliError> {
    let keys = || known.into_iter().flatten();
    let of = |id: &KeyId| -> BTreeSet<KeyId> {
        let its = |key: &&RootKey| key.id == *id || key.key.canonical_id() == *id;
        keys().filter(its).map(|key| key.id.clone()).collect()
    };
    if let Some(whole) = prefix.whole() {
        let certificates = of(&whole);
        // It may be one that the collection will have later.
        return Ok(if certificates.is_empty() { [whole].into() } else { certificates });
    }
    let word = shell_word(gun.as_str());
    if known.is_none() {
        let words = format!(
            "{} is not a whole id, and the root of {gun} is not known here",
            prefix.as_str()
        );
        let hint =
            format!("`notary trust show {word}` shows the whole ids of what the server offers");
        return Err(CliError::new(Exit::Usage, words).hint(hint));
    }
    let ids: Vec<KeyId> = keys().flat_map(|key| [key.id.clone(), key.key.canonical_id()]).collect();
    match prefix.find(&ids) {
        Ok(id) => Ok(of(&id)),
        Err(error @ NoMatch::Ambiguous { .. }) => {
            let hint = format!("`notary trust show {word}` shows whole ids");
            Err(CliError::from(error).hint(hint))
        }
        Err(NoMatch::Unknown { prefix }) => {
            let words = format!("the root of {gun} has no certificate {prefix}");
            let hint = format!("`notary trust show {word}` shows those that it has");
            Err(CliError::new(Exit::NotFound, words).hint(hint))
        }
    }
}
