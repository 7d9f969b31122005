//! `delegation add`.

use std::ffi::OsString;

use clap::{ArgGroup, Args, ValueHint};

use super::{PathsArgs, delegation_name, keys, say, shown, shown_ids};
use crate::commands::publish::auto_publish;
use crate::commands::state::timestamp;
use crate::commands::{Opened, Session, staging};
use crate::error::{CliError, Exit, shell_word};
use crate::keys::{GivenKey, KeyStore as _};
use crate::remote::Access;
use crate::repo::delegate::{Added, Addition};
use crate::tuf::key::{KeyId, PublicKey};
use crate::tuf::role::{Gun, RoleName};
use crate::tuf::sign::NEAR_EXPIRY;

/// Stage a delegation, or more keys and paths for one
///
/// Notes that holders of the given keys may sign the targets whose names begin with one of the given
/// prefixes; `notary publish` signs and uploads it with the key of the role above. A delegation that
/// does not exist is created. Without a prefix it can sign nothing.
///
/// A key is given as a PEM file with a certificate or a public key, of which the first block counts:
/// RSA with at least 2048 bits, or EC on P-256, P-384 or P-521; without a certificate also Ed25519.
/// Whoever will sign makes the key and hands over nothing else. A key that is on this machine can be
/// given by its id.
#[derive(Args, Debug)]
#[command(
    override_usage = "notary delegation add [OPTIONS] <GUN> <ROLE> [CERT_OR_ID]...",
    group(
        ArgGroup::new("what").required(true).multiple(true)
            .args(["keys", "paths", "all_paths", "threshold"])
    ),
    after_long_help = "\
Examples:
  notary delegation add example.com/scripts targets/releases alice.crt --all-paths
  notary delegation add example.com/scripts targets/ci ci.pub --paths ci/,nightly/ --publish
  notary delegation add example.com/scripts targets/releases bob.crt carol.pub --threshold 2
  notary delegation add example.com/scripts targets/mine 7c4528d --paths mine/

Make a key and a certificate, and let a delegate use the key elsewhere:
  openssl ecparam -genkey -name prime256v1 -noout -out alice.key
  openssl req -x509 -new -key alice.key -days 365 -subj /CN=alice -out alice.crt
  notary key import alice.key --role user

Make a bare key pair, for instance for CI:
  openssl genpkey -algorithm ed25519 -out ci.key
  openssl pkey -in ci.key -pubout -out ci.pub

Delegates can publish when the server makes the snapshot:
  notary key rotate example.com/scripts snapshot -r"
)]
pub struct AddArgs {
    /// Name of the collection, such as example.com/scripts
    gun: Gun,

    /// Name of the delegation, such as targets/releases
    #[arg(value_parser = delegation_name)]
    role: RoleName,

    /// Files with a certificate or public key, and ids of keys that are here
    #[arg(value_name = "CERT_OR_ID", value_hint = ValueHint::FilePath)]
    keys: Vec<OsString>,

    #[command(flatten)]
    paths: PathsArgs,

    /// How many of the keys must sign, 1 for a new delegation
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threshold: Option<u16>,

    /// Publish everything that is staged right away
    #[arg(short, long)]
    publish: bool,
}

/// Runs `delegation add`.
pub fn add(session: &mut Session<'_>, args: &AddArgs) -> Result<(), CliError> {
    // Notary-go: all paths replace those that are named, and so does an empty one among them.
    let is_all = |path: &[String]| path.iter().any(String::is_empty);
    let paths = match args.paths.prefixes()? {
        _ if args.paths.all_paths => Some(vec![String::new()]),
        Some(paths) if is_all(&paths) => Some(vec![String::new()]),
        paths => paths,
    };
    let threshold = args.threshold.map(i64::from);
    let has_paths = paths.as_ref().is_some_and(|paths| !paths.is_empty());
    if args.keys.is_empty() && !has_paths && threshold.is_none() {
        let words = "there is nothing to add: no key, no path and no threshold";
        return Err(CliError::new(Exit::Usage, words).hint("`--all-paths` adds all paths"));
    }
    let given = keys::read(session, &args.keys)?;
    let addition = Addition {
        role: args.role.clone(),
        keys: given.iter().map(|given| given.key.clone()).collect(),
        paths: paths.clone().unwrap_or_default(),
        threshold,
    };
    let opened = session.open(&args.gun, Access::push_if(args.publish))?;
    let added = opened.collection().stage_delegation(&addition);
    let added = added.map_err(|error| opened.failed(error))?;

    let mut what = String::new();
    if !given.is_empty() {
        let ids: Vec<_> = addition.keys.iter().map(PublicKey::canonical_id).collect();
        what.push_str(&format!("with keys {}, ", shown_ids(&ids)));
    }
    if let Some(paths) = &paths {
        what.push_str(&format!("with paths [{}], ", shown(paths)));
    }
    if let Some(threshold) = threshold {
        what.push_str(&format!("with threshold {threshold}, "));
    }
    let (role, gun) = (&args.role, &args.gun);
    let line = format!(
        "Addition of delegation role {role} {what}to repository \"{gun}\" staged for next publish."
    );
    say(session.ui, &line)?;
    tell(session, &opened, args, &given, &added);
    auto_publish(session, &opened, args.publish)
}

/// Says what those who added something may not have in mind.
fn tell(
    session: &mut Session<'_>,
    opened: &Opened,
    args: &AddArgs,
    given: &[GivenKey],
    added: &Added,
) {
    staging::tell(session, &opened.gun, &added.report);
    let (role, gun) = (&args.role, shell_word(opened.gun.as_str()));
    let soon = session.now.saturating_add(NEAR_EXPIRY);
    let certificates = given.iter().filter_map(|given| given.certificate.as_ref());
    for certificate in certificates.filter(|certificate| certificate.not_after() < soon) {
        session.ui.warning(&format!(
            "the certificate of {:?} expires {}; what its key signs is accepted also after that",
            certificate.common_name(),
            timestamp(certificate.not_after())
        ));
    }
    for id in &added.in_two_forms {
        session.ui.note(&format!(
            "{role} has key {id} in two forms, as certificate and as public key; it counts once"
        ));
    }
    if added.lacks_paths {
        session.ui.note(&format!("{role} has no paths yet, so it can sign nothing"));
        let hint =
            format!("`notary delegation add {gun} {role} --all-paths` lets it sign all names");
        session.ui.hint(&hint);
    }
    // Who cannot read the key store learns of it from commands that need it.
    let here = session.key_store().list().map(|listing| listing.keys).unwrap_or_default();
    let is_here = |id: &KeyId| here.iter().any(|key| key.id == *id);
    if added.snapshot_keys.iter().any(is_here) {
        session.ui.warning(&format!(
            "the snapshot key of {} is on this machine, and who does not have it cannot publish",
            opened.gun
        ));
        let hint = format!("`notary key rotate {gun} snapshot -r` lets the server make snapshots");
        session.ui.hint(&hint);
    }
}
