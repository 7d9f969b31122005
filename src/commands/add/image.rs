//! `add --image`: images are signed as what their registry has.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{AddArgs, custom};
use crate::commands::choose_role::SigningRoles;
use crate::commands::list::hex_hashes;
use crate::commands::publish::auto_publish;
use crate::commands::{Session, staging};
use crate::config::Server;
use crate::config::registries::tls_of_registry;
use crate::error::{CliError, Exit, registry};
use crate::registry::reference::{Reference, Wanted, check_tag};
use crate::registry::{Manifest, Registry, shorten};
use crate::remote::{Access, Endpoint};
use crate::repo::image::describe_manifest;
use crate::tuf::metadata::FileMeta;
use crate::tuf::role::{Gun, RoleName};
use crate::ui::text;

/// Platforms that are named in a note; more are counted.
const MAX_PLATFORMS: usize = 20;

/// What was staged.
#[derive(Serialize)]
struct ImageOutput<'a> {
    gun: &'a Gun,
    /// The repository as it was written, with the digest.
    image: String,
    digest: String,
    media_type: &'static str,
    platforms: &'a [String],
    roles: Vec<&'a str>,
    target: StagedTarget<'a>,
}

#[derive(Serialize)]
struct StagedTarget<'a> {
    name: &'a str,
    length: i64,
    hashes: BTreeMap<&'a str, String>,
}

/// Stages what `reference` stands for in its registry.
pub fn add_image(
    session: &mut Session<'_>,
    args: &AddArgs,
    reference: &Reference,
) -> Result<(), CliError> {
    let usage = |error: &dyn std::fmt::Display| CliError::new(Exit::Usage, error.to_string());
    if args.output.is_json() && args.staging.publish {
        let words = "`--json` tells what is staged, so it cannot be used with `--publish`";
        return Err(CliError::new(Exit::Usage, words)
            .hint("`notary publish GUN --json` tells what is published"));
    }
    let roles = args.staging.roles()?;
    let custom = custom(session, args.custom.as_ref())?;
    let gun = match &args.gun {
        Some(gun) => gun.clone(),
        None => reference.gun().map_err(|error| usage(&error))?,
    };
    let tag = tag(args, reference)?;
    let manifest = resolve(session, args, &gun, reference)?;
    tell(session, reference, &manifest);

    let opened = session.open(&gun, Access::push_if(args.staging.publish))?;
    let signing = SigningRoles::of_image(session, &opened, roles, &tag)?;
    let mut meta = describe_manifest(manifest.digest, manifest.size);
    meta.custom = custom;
    let report = opened
        .collection()
        .stage_targets(std::iter::once((tag.as_str(), &meta)), &signing.roles)
        .map_err(|error| opened.failed(error))?;
    signing.tell(session, &[&tag]);
    staging::tell(session, &gun, &report);
    if args.output.is_json() {
        let output = output(&gun, reference, &manifest, &signing.roles, &tag, &meta);
        return Ok(session.ui.json(&output)?);
    }
    session.ui.line(&format!(
        "Addition of target \"{tag}\" to repository \"{gun}\" staged for next publish."
    ))?;
    auto_publish(session, &opened, args.staging.publish)
}

/// The tag to sign: the one that was given, else that of the reference.
fn tag(args: &AddArgs, reference: &Reference) -> Result<String, CliError> {
    let given = match args.words.as_slice() {
        [] => None,
        [tag] => Some(tag.to_string_lossy()),
        [..] => {
            let words = "an image is not a file: with `--image`, only its tag is named";
            return Err(CliError::new(Exit::Usage, words)
                .hint("`notary add GUN TAG --image IMAGE` signs an image"));
        }
    };
    let tag = match (given, reference.wanted()) {
        (Some(given), _) => given.into_owned(),
        (None, Wanted::Tag(tag)) => tag.to_owned(),
        (None, Wanted::Digest(_)) => {
            let words = format!("{reference} has no tag to be signed");
            return Err(CliError::new(Exit::Usage, words)
                .hint("`notary add GUN TAG --image IMAGE` names one"));
        }
    };
    check_tag(&tag).map_err(|error| CliError::new(Exit::Usage, error.to_string()))
}

/// Asks the registry.
fn resolve(
    session: &Session<'_>,
    args: &AddArgs,
    gun: &Gun,
    reference: &Reference,
) -> Result<Manifest, CliError> {
    if session.offline {
        return Err(CliError::new(Exit::Usage, "only the registry knows what is in an image")
            .hint("run it without `--offline`"));
    }
    let url = Registry::url(reference);
    let url = url.map_err(|error| CliError::new(Exit::Usage, error.to_string()))?;
    let ca = args.registry_cacert.as_deref();
    let mut tls = tls_of_registry(reference.registry(), ca, session.around);
    tls.opener = session.client_key_opener();
    let proxies = session.config.servers.proxies.clone();
    let endpoint = Endpoint { tls, proxies, ..Endpoint::new(url) };
    let server = match session.config.servers.of(gun) {
        Server::Http(server) => Some(&server.url),
        Server::Directory { .. } => None,
    };
    let credentials = session.logins.for_registries(server);
    let registry = Registry::new(reference, endpoint, credentials, session.ui.progress());
    registry.manifest().map_err(|error| registry::failed(reference, error))
}

/// Says what is going to be signed.
fn tell(session: &mut Session<'_>, reference: &Reference, manifest: &Manifest) {
    let Manifest { digest, kind, platforms, size } = manifest;
    let size = text::size(*size);
    let names: Vec<_> = platforms.iter().take(MAX_PLATFORMS).map(|name| shorten(name)).collect();
    let names = names.join(", ");
    let platforms = match platforms.len() {
        0 => String::new(),
        count if count > MAX_PLATFORMS => {
            format!(" for {names} and {} more platforms", count - MAX_PLATFORMS)
        }
        _ => format!(" for {names}"),
    };
    let digest = match reference.digest {
        Some(_) => String::new(),
        None => format!("{digest}, "),
    };
    session.ui.note(&format!("{reference} is {digest}{kind} of {size}{platforms}"));
}

fn output<'a>(
    gun: &'a Gun,
    reference: &Reference,
    manifest: &'a Manifest,
    roles: &'a [RoleName],
    tag: &'a str,
    meta: &'a FileMeta,
) -> ImageOutput<'a> {
    ImageOutput {
        gun,
        image: reference.with_digest(manifest.digest),
        digest: manifest.digest.to_string(),
        media_type: manifest.kind.media_type(),
        platforms: &manifest.platforms,
        roles: roles.iter().map(RoleName::as_str).collect(),
        target: StagedTarget { name: tag, length: meta.length, hashes: hex_hashes(meta) },
    }
}
