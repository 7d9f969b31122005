//! `sign`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args;

use super::new_file::STREAM;
use super::partial::{self, Destination, PartialOutput};
use super::{OutputArgs, Session, state};
use crate::error::{CliError, Exit};
use crate::remote::Access;
use crate::repo::partial::RoleReport;
use crate::tuf::role::RoleName;

/// Add signatures to a publication that needs keys of several machines
///
/// FILE was made by `notary publish --sign-only` or `notary key rotate --sign-only`, here or on
/// another machine. It is compared with the present state of the collection, which is got from the
/// server and verified as always: what would be signed is shown, role by role, and who has signed
/// and who can. After a yes, all keys sign that are here and whose signatures are still missing,
/// and FILE is written back. `notary publish --from FILE` uploads it once it is complete.
///
/// With `-` FILE is read from stdin and goes on to stdout; as nobody can be asked then, that takes
/// --yes or --dry-run.
///
/// When the files that it replaces, or those of the roles above, have changed meanwhile, or when
/// anything in it is not what this program would write, nothing is signed.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  notary sign release.json
  notary sign release.json --dry-run
  notary sign release.json --out release-signed.json --yes
  ssh builder cat release.json | notary sign - --yes > release-signed.json
  notary sign release.json --dry-run --json | jq '.roles[].targets'")]
pub struct SignArgs {
    /// The publication to sign; `-` for stdin
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Write it here instead of replacing FILE; `-` for stdout
    #[arg(long, value_name = "OTHER")]
    out: Option<PathBuf>,

    /// Replace OTHER if it exists
    #[arg(long, requires = "out")]
    force: bool,

    /// Show what would be signed, and by whom, without signing
    #[arg(long, conflicts_with_all = ["out", "yes"])]
    dry_run: bool,

    /// Sign without asking
    #[arg(short, long)]
    yes: bool,

    #[command(flatten)]
    output: OutputArgs,
}

/// Runs `sign`.
pub fn sign(session: &mut Session<'_>, args: &SignArgs) -> Result<(), CliError> {
    let json = args.output.is_json();
    let both = json && !args.dry_run;
    let destination = match &args.out {
        Some(out) => Destination::new(session, out, args.force, both)?,
        None => Destination::new(session, &args.file, true, both)?,
    };
    let to_stdout = !args.dry_run && destination.is_stdout();
    let asks = !args.yes && !args.dry_run;
    if asks && args.file == Path::new(STREAM) {
        let words = "the publication comes from stdin, so nobody can be asked whether to sign it";
        return Err(CliError::new(Exit::Usage, words)
            .hint("`--dry-run` shows what would be signed, `--yes` signs without asking"));
    }
    let found = partial::read(session, &args.file)?;
    let gun = found.gun().map_err(|why| CliError::of_partial(&args.file, why))?;
    let opened = session.open(&gun, Access::Pull)?;
    let collection = opened.collection();
    let failed = |error| opened.failed(error).naming(&args.file);
    let present = collection.present_for(&found).map_err(failed)?;
    state::tell(session.ui, session.now, &present.updated);
    partial::tell_server(session, &opened, &found);
    let mut judged = collection.judge(&found, &present).map_err(failed)?;
    let roles = RoleReport::all(&judged);
    let is_data = !json && !to_stdout;
    let removed = judged.removed();
    let all = asks || (args.dry_run && !json);
    show(session, is_data, all, &roles, &removed)?;
    let print_json =
        |session: &mut Session<'_>, roles: &[RoleReport], partial, signed: &[RoleName]| {
            let (file, roles) = (destination.name(), (roles, &removed));
            session.ui.json(&PartialOutput::of(&gun, file, partial, roles, signed))
        };
    if args.dry_run || judged.lacking().is_empty() {
        if !args.dry_run {
            session.ui.note("it has all signatures that it needs; nothing was signed");
            if to_stdout {
                destination.write(session, judged.partial())?;
            }
            partial::tell_next(session.ui, &gun, &destination, true);
        }
        return match json {
            true => Ok(print_json(session, &roles, judged.partial(), &[])?),
            false => Ok(()),
        };
    }
    let store = session.key_store();
    {
        let keychain = session.keychain(&store);
        collection.check_can_sign(&judged, &keychain).map_err(failed)?;
    }
    let question = format!("Are you sure you want to sign this for {gun}?");
    if !args.yes && !session.ui.confirm(&question) {
        return Err(session.declined("`--yes` signs without asking"));
    }
    let signed = {
        let mut keychain = session.keychain(&store);
        collection.sign_judged(&mut judged, &mut keychain).map_err(failed)?
    };
    destination.write(session, judged.partial())?;
    let roles = RoleReport::all(&judged);
    for role in &roles {
        session.ui.note(&partial::signed_line(role));
    }
    if json {
        return Ok(print_json(session, &roles, judged.partial(), &signed)?);
    }
    if !to_stdout {
        let line = format!("Successfully signed {} for repository {gun}", destination.name());
        session.ui.line(&line)?;
    }
    partial::tell_next(session.ui, &gun, &destination, judged.lacking().is_empty());
    Ok(())
}

/// Shows what would be signed: as data, or as notes where stdout is for something else.
fn show(
    session: &mut Session<'_>,
    is_data: bool,
    all: bool,
    roles: &[RoleReport],
    removed: &BTreeSet<RoleName>,
) -> Result<(), CliError> {
    let mut lines = Vec::new();
    for role in roles {
        lines.push(partial::signed_line(role));
        lines.extend(partial::difference_lines(role, all));
    }
    lines.extend(removed.iter().map(|role| format!("{role}: removes its file")));
    for line in lines {
        match is_data {
            true => session.ui.line(&line)?,
            false => session.ui.note(&line),
        }
    }
    Ok(())
}
