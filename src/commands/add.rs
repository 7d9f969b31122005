//! `add`, `addhash` and `remove`: staging changes of targets.

mod image;

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap::{Args, ValueHint};
use data_encoding::HEXLOWER_PERMISSIVE;

use super::choose_role::SigningRoles;
use super::publish::auto_publish;
use super::{Opened, OutputArgs, RolesArgs, Session, staging};
use crate::error::{CliError, Exit};
use crate::registry::reference::Reference;
use crate::remote::Access;
use crate::repo::choose_role::Intent;
use crate::repo::stage::{NewTarget, StagedFiles, find_files, read_custom};
use crate::tuf::json::{Json, MAX_EXACT};
use crate::tuf::metadata::FileMeta;
use crate::tuf::role::{Gun, RoleName};
use crate::ui::text;

/// Stage files or images to be signed as targets
///
/// Hashes a file and notes that it is to become the target of the given name; `notary publish`
/// signs and uploads it. Neither the file itself nor anything else leaves this machine. The name can
/// be anything that people download by, it need not be the name of the file.
///
/// With --recursive, whole directories are staged in one go: each file below a directory becomes a
/// target named by its path relative to that directory, each file given directly one named by its
/// file name. Symbolic links inside of directories are not followed.
///
/// With --image, an image is staged as it is in its registry, which is asked for the manifest of the
/// tag, or for the index if there are several platforms; no engine is needed. Its digest and size are
/// what is signed, as by `docker trust sign`. Without GUN and TAG they are those of the image. The
/// registry gets the login that Docker has for it, and must be trusted as by Docker's engine.
///
/// Without --roles, the files are signed by the role `targets` if one of its keys is here, else by the
/// delegation that a key here may sign and that may sign these names, which is said. When there are
/// several, --roles has to choose. Images are signed by all delegations directly below `targets` that
/// a key here may sign, such as targets/releases and targets/alice, or by `targets` if the collection
/// has no delegations.
#[derive(Args, Debug)]
#[command(
    override_usage = "notary add [OPTIONS] <GUN> <TARGET> <FILE>\n       \
                      notary add [OPTIONS] <GUN> --recursive <PATH>...\n       \
                      notary add [OPTIONS] [GUN [TAG]] --image <IMAGE>",
    after_long_help = "\
Examples:
  notary add example.com/scripts setup.sh ./setup.sh
  notary add example.com/scripts setup.sh ./setup.sh --roles targets/releases --publish
  notary add example.com/scripts --recursive dist --prefix v2/
  notary add registry.example/team/app 1.0 --image registry.example/team/app:1.0 --publish
  notary add --image registry.example/team/app:1.0"
)]
pub struct AddArgs {
    /// Name of the collection, such as example.com/scripts
    #[arg(required_unless_present = "image")]
    gun: Option<Gun>,

    /// Name of the target and the file; with --recursive, files and directories; with --image, the tag
    #[arg(
        value_name = "PATHS",
        required_unless_present = "image",
        num_args = 1..,
        value_hint = ValueHint::AnyPath
    )]
    words: Vec<OsString>,

    /// Stage what this image is in its registry, such as registry.example/team/app:1.0
    #[arg(long, conflicts_with_all = ["prefix", "recursive"])]
    image: Option<Reference>,

    /// PEM file of the certificate authorities to trust for the registry
    #[arg(long, value_name = "FILE", requires = "image")]
    registry_cacert: Option<PathBuf>,

    /// Stage all files of the given directories under their relative paths
    #[arg(long)]
    recursive: bool,

    /// Put this in front of every name
    #[arg(long, value_name = "PREFIX", requires = "recursive", default_value = "")]
    prefix: String,

    /// Options of all commands that stage.
    #[command(flatten)]
    pub staging: StagingArgs,

    /// JSON file with data to be signed along with the target
    #[arg(long, value_name = "FILE")]
    custom: Option<PathBuf>,

    #[command(flatten)]
    output: OutputArgs,
}

/// Options of all commands that stage.
#[derive(Args, Debug)]
pub struct StagingArgs {
    #[command(flatten)]
    roles: RolesArgs,

    /// Publish everything that is staged right away
    #[arg(short, long)]
    pub publish: bool,
}

impl StagingArgs {
    /// The roles that are to sign, if any are given.
    pub fn roles(&self) -> Result<Vec<RoleName>, CliError> {
        self.roles.signing_roles()
    }
}

/// Stage a target that is known by its hash
///
/// Like `notary add` for a file that is not on this machine: its size in bytes and at least one of
/// its hashes are given.
///
/// Without --roles, the role is chosen as by `notary add`.
#[derive(Args, Debug)]
#[command(
    group(clap::ArgGroup::new("hash").required(true).multiple(true).args(["sha256", "sha512"])),
    after_long_help = "\
Examples:
  notary addhash example.com/scripts v1 12345 --sha256 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
)]
pub struct AddHashArgs {
    /// Name of the collection, such as example.com/scripts
    gun: Gun,

    /// Name of the target
    target: String,

    /// Size of the file in bytes
    #[arg(value_parser = size, allow_negative_numbers = true)]
    size: u64,

    /// SHA-256 of the file, 64 hex digits
    #[arg(long, value_name = "HEX", value_parser = hash::<32>)]
    sha256: Option<Hash>,

    /// SHA-512 of the file, 128 hex digits
    #[arg(long, value_name = "HEX", value_parser = hash::<64>)]
    sha512: Option<Hash>,

    #[command(flatten)]
    staging: StagingArgs,

    /// JSON file with data to be signed along with the target
    #[arg(long, value_name = "FILE")]
    custom: Option<PathBuf>,

    #[arg(hide = true)]
    extra: Vec<String>,
}

/// Stage the removal of a target
///
/// Without --roles, it is removed from the one role that has it and that a key here may sign, which is
/// said when it is not `targets`; otherwise the role is chosen as by `notary add`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  notary remove example.com/scripts setup.sh
  notary remove example.com/scripts setup.sh --roles targets/releases --publish")]
pub struct RemoveArgs {
    /// Name of the collection, such as example.com/scripts
    gun: Gun,

    /// Name of the target
    target: String,

    #[command(flatten)]
    staging: StagingArgs,

    #[arg(hide = true)]
    extra: Vec<String>,
}

#[derive(Clone, Debug)]
struct Hash(Vec<u8>);

fn hash<const BYTES: usize>(text: &str) -> Result<Hash, String> {
    if let Some(other) = text.chars().find(|c| !c.is_ascii_hexdigit()) {
        return Err(format!("{other:?} is not a hex digit"));
    }
    match HEXLOWER_PERMISSIVE.decode(text.as_bytes()) {
        Ok(hash) if hash.len() == BYTES => Ok(Hash(hash)),
        _ => Err(format!("{} hex digits are needed, not {}", 2 * BYTES, text.len())),
    }
}

/// Notary-go reads `010` as eight and accepts negative sizes; a size has decimal digits here.
fn size(text: &str) -> Result<u64, String> {
    let decimal =
        text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    let size = decimal.then(|| text.parse::<u64>().ok()).flatten();
    let size = size.ok_or("a size is a decimal number of bytes")?;
    if size > MAX_EXACT.cast_unsigned() {
        return Err(format!("sizes above {MAX_EXACT} cannot be signed"));
    }
    Ok(size)
}

/// Runs `add`.
pub fn add(session: &mut Session<'_>, args: &AddArgs) -> Result<(), CliError> {
    if let Some(reference) = &args.image {
        return image::add_image(session, args, reference);
    }
    if args.output.is_json() {
        let words = "only what `--image` stages is told as JSON";
        return Err(CliError::new(Exit::Usage, words)
            .hint("`notary status GUN --json` tells all that is staged"));
    }
    let gun = args.gun.as_ref().expect("clap wants it where there is no image");
    let roles = args.staging.roles()?;
    let custom = custom(session, args.custom.as_ref())?;
    let opened = session.open(gun, Access::push_if(args.staging.publish))?;
    if args.recursive {
        add_all(session, &opened, args, roles, custom.as_ref())?;
    } else {
        let [target, file, extra @ ..] = args.words.as_slice() else {
            let words = "`add` needs the name of a target and a file";
            return Err(CliError::new(Exit::Usage, words)
                .hint("`notary add GUN --recursive PATH...` adds files under their own names"));
        };
        let extra: Vec<_> = extra.iter().map(|word| word.to_string_lossy().into_owned()).collect();
        session.warn_about_extra(&extra);
        let name = target.to_str().ok_or_else(|| {
            let shown = target.to_string_lossy();
            let words = format!("the target name `{shown}` is not valid Unicode");
            CliError::new(Exit::Usage, words)
        })?;
        let file = NewTarget { name: name.to_owned(), path: path(session, file)? };
        let names = [name];
        let signing = SigningRoles::of(session, &opened, roles, Intent::Add, &names)?;
        let progress = session.ui.progress();
        let staged = opened
            .collection()
            .stage_files(&[file], &signing.roles, custom.as_ref(), &*progress)
            .map_err(|error| opened.failed(error))?;
        signing.tell(session, &names);
        staging::tell(session, gun, &staged.report);
        session.ui.line(&format!(
            "Addition of target \"{name}\" to repository \"{gun}\" staged for next publish."
        ))?;
    }
    auto_publish(session, &opened, args.staging.publish)
}

fn add_all(
    session: &mut Session<'_>,
    opened: &Opened,
    args: &AddArgs,
    roles: Vec<RoleName>,
    custom: Option<&Json>,
) -> Result<(), CliError> {
    let paths = args.words.iter().map(|word| path(session, word)).collect::<Result<Vec<_>, _>>()?;
    let found = find_files(&paths, &args.prefix)?;
    for skipped in &found.skipped {
        let words = format!("`{}` is not a regular file and is left out", skipped.display());
        session.ui.warning(&words);
    }
    let names: Vec<&str> = found.files.iter().map(|file| file.name.as_str()).collect();
    let signing = SigningRoles::of(session, opened, roles, Intent::Add, &names)?;
    let progress = session.ui.progress();
    let StagedFiles { described, report } = opened
        .collection()
        .stage_files(&found.files, &signing.roles, custom, &*progress)
        .map_err(|error| opened.failed(error))?;
    signing.tell(session, &names);
    staging::tell(session, &opened.gun, &report);
    let bytes = described.iter().map(FileMeta::max_length).sum();
    Ok(session.ui.line(&format!(
        "Addition of {} ({}) to repository \"{}\" staged for next publish.",
        text::count(described.len(), "target"),
        text::size(bytes),
        opened.gun
    ))?)
}

/// The file or directory that a word names. An empty one, perhaps from an empty variable, is not
/// the working directory.
fn path(session: &Session<'_>, word: &OsStr) -> Result<PathBuf, CliError> {
    match word.is_empty() {
        true => Err(CliError::new(Exit::Usage, "the name of a file or directory cannot be empty")),
        false => Ok(session.cwd.join(word)),
    }
}

/// Runs `addhash`.
pub fn add_hash(session: &mut Session<'_>, args: &AddHashArgs) -> Result<(), CliError> {
    session.warn_about_extra(&args.extra);
    let roles = args.staging.roles()?;
    let raw = |hash: &Option<Hash>| hash.as_ref().map(|hash| hash.0.clone());
    let mut meta = FileMeta::new(args.size, raw(&args.sha256), raw(&args.sha512));
    meta.custom = custom(session, args.custom.as_ref())?;
    let opened = session.open(&args.gun, Access::push_if(args.staging.publish))?;
    let names = [args.target.as_str()];
    let signing = SigningRoles::of(session, &opened, roles, Intent::Add, &names)?;
    let target = std::iter::once((args.target.as_str(), &meta));
    let report = opened
        .collection()
        .stage_targets(target, &signing.roles)
        .map_err(|error| opened.failed(error))?;
    signing.tell(session, &names);
    staging::tell(session, &args.gun, &report);
    let algorithms: Vec<_> = meta.hashes.keys().map(String::as_str).collect();
    session.ui.line(&format!(
        "Addition of target \"{}\" by {} hash to repository \"{}\" staged for next publish.",
        args.target,
        algorithms.join(", "),
        args.gun
    ))?;
    auto_publish(session, &opened, args.staging.publish)
}

/// Runs `remove`.
pub fn remove(session: &mut Session<'_>, args: &RemoveArgs) -> Result<(), CliError> {
    session.warn_about_extra(&args.extra);
    let roles = args.staging.roles()?;
    let opened = session.open(&args.gun, Access::push_if(args.staging.publish))?;
    let names = [args.target.as_str()];
    let signing = SigningRoles::of(session, &opened, roles, Intent::Remove, &names)?;
    let report = opened
        .collection()
        .stage_removal(&args.target, &signing.roles)
        .map_err(|error| opened.failed(error))?;
    signing.tell(session, &names);
    staging::tell(session, &args.gun, &report);
    let line = format!("Removal of {} from {} staged for next publish.", args.target, args.gun);
    session.ui.line(&line)?;
    auto_publish(session, &opened, args.staging.publish)
}

fn custom(session: &Session<'_>, path: Option<&PathBuf>) -> Result<Option<Json>, CliError> {
    Ok(path.map(|path| read_custom(&session.cwd.join(path))).transpose()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_decimal() {
        assert_eq!(size("0"), Ok(0));
        assert_eq!(size("12345"), Ok(12345));
        assert_eq!(size("9007199254740991"), Ok((1 << 53) - 1));
        for large in ["9007199254740992", "9223372036854775807"] {
            assert!(size(large).unwrap_err().contains("cannot be signed"), "{large}");
        }
        for bad in ["", "ten", "010", "0x10", "-1", "+1", "1.5", "9223372036854775808"] {
            assert!(size(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn hashes_have_the_length_of_their_algorithm() {
        assert_eq!(hash::<32>(&"Ab".repeat(32)).unwrap().0, [0xab; 32]);
        assert!(hash::<32>(&"ab".repeat(31)).unwrap_err().contains("64 hex digits"));
        assert!(hash::<64>(&"ab".repeat(32)).unwrap_err().contains("128 hex digits"));
        assert!(hash::<32>("abc").unwrap_err().contains("64 hex digits are needed, not 3"));
        assert!(hash::<32>(&"zz".repeat(32)).unwrap_err().contains("'z' is not a hex digit"));
    }
}
