//! `image`: what is signed about images in registries.

use clap::{Args, Subcommand};
use serde::Serialize;

use super::list::TargetOutput;
use super::state::{self, Source};
use super::{OutputArgs, Session};
use crate::error::{CliError, Exit};
use crate::registry::reference::Reference;
use crate::remote::Access;
use crate::tuf::role::Gun;

/// Tell which images are trusted
///
/// The signatures of an image such as registry.example/team/app:1.0 are in the collection
/// registry.example/team/app; its tags are the targets. `notary add --image` signs images.
#[derive(Args, Debug)]
pub struct ImageArgs {
    #[command(subcommand)]
    command: ImageCommand,
}

#[derive(Debug, Subcommand)]
enum ImageCommand {
    Resolve(ResolveArgs),
}

/// Print the trusted digest of an image
///
/// Gets the present state of the collection of the image, verifies it, and prints the repository with
/// the digest that was signed for the tag, `latest` if there is none. This is what Docker would pull
/// with content trust: only the roles targets/releases and targets count, in this order. The
/// registry itself is not asked.
///
/// Of a reference with tag and digest, the digest must be the signed one of the tag; one with a digest
/// alone must be the signed one of some tag. What targets has does not count while targets/releases may
/// have signed the tag and cannot be read, be it only expired. The exit code is 3 if it is not, or if the
/// signatures cannot be verified, and 4 if nothing was signed.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  notary image resolve registry.example/team/app:1.0
  docker pull \"$(notary image resolve registry.example/team/app:1.0)\"
  notary image resolve alpine:3.20 --json | jq -r .digest")]
pub struct ResolveArgs {
    /// The image, such as registry.example/team/app:1.0 or, of Docker Hub, alpine:3.20
    #[arg(value_name = "IMAGE")]
    reference: Reference,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
struct ResolveOutput<'a> {
    gun: &'a Gun,
    source: Source,
    /// The repository as it was written, with the digest.
    image: String,
    digest: String,
    target: TargetOutput<'a>,
}

/// Runs a command below `image`.
pub fn image(session: &mut Session<'_>, args: &ImageArgs) -> Result<(), CliError> {
    match &args.command {
        ImageCommand::Resolve(args) => resolve(session, args),
    }
}

fn resolve(session: &mut Session<'_>, args: &ResolveArgs) -> Result<(), CliError> {
    let gun = args.reference.gun();
    let gun = &gun.map_err(|error| CliError::new(Exit::Usage, error.to_string()))?;
    let opened = session.open(gun, Access::Pull)?;
    let report = opened.collection().resolve_image(&args.reference);
    let report = report.map_err(|error| opened.failed(error))?;
    state::tell(session.ui, session.now, &report.updated);
    let trusted = &report.image.map_err(|error| opened.failed(error))?;
    let image = args.reference.with_digest(trusted.digest);
    if args.output.is_json() {
        let (source, digest) = (Source::of(&report.updated), trusted.digest.to_string());
        let target = TargetOutput::of(&trusted.target);
        return Ok(session.ui.json(&ResolveOutput { gun, source, image, digest, target })?);
    }
    Ok(session.ui.line(&image)?)
}
