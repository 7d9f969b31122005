//! `trust forget`.

use clap::Args;
use serde::Serialize;

use crate::commands::{OutputArgs, Session};
use crate::error::{CliError, Exit, shell_word};
use crate::remote::Access;
use crate::store::{KeptPins, StoreError};
use crate::tuf::role::Gun;
use crate::ui::text::count;

/// Forget which root of a collection is trusted
///
/// Takes out of use what this machine knows of the collection: its metadata with the root, the
/// versions below which nothing is accepted, and how it came to be trusted. The next command that
/// reads it trusts it anew, at first sight or as it is pinned. Keys and staged changes stay, and pins
/// do as well unless --pin is given; the configuration is never changed.
///
/// Nothing is destroyed: the files go to `forgotten` in the trust directory. `notary delete` removes
/// the copy of a collection and its staged changes for good.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  notary trust forget example.com/scripts
  notary trust forget example.com/scripts --pin --yes")]
pub struct ForgetArgs {
    /// Name of the collection, such as example.com/scripts
    gun: Gun,

    /// Forget what `notary trust pin` has pinned, too
    #[arg(long)]
    pin: bool,

    /// Do not ask
    #[arg(short, long)]
    yes: bool,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
struct ForgottenOutput<'a> {
    gun: &'a Gun,
    /// Where the files are now.
    archive: String,
    metadata: bool,
    pins: bool,
    pins_left: bool,
    changes_left: usize,
}

/// Runs `trust forget`.
pub fn forget(session: &mut Session<'_>, args: &ForgetArgs) -> Result<(), CliError> {
    let gun = &args.gun;
    let opened = session.open_unpinned(gun, Access::Pull);
    let file = session.pin_file();
    let pinned = file.read(gun)?;
    let (has_metadata, has_pins) = (opened.store.has_trust()?, args.pin && !pinned.is_empty());
    if !has_metadata && !has_pins {
        let words = format!("there is nothing on this machine that {gun} is trusted by");
        let error = CliError::new(Exit::NotFound, words);
        return Err(match pinned.is_empty() {
            true => error,
            false => error.hint("it is pinned; `--pin` forgets that"),
        });
    }
    let status = opened.collection().status().map_err(|error| opened.failed(error))?;
    if !args.yes && !session.ui.confirm(&question(args, has_metadata, has_pins, status.unpublished))
    {
        return Err(session.declined("`--yes` forgets without asking"));
    }
    let archive = {
        let _lock = match has_metadata {
            true => Some(session.lock_for_publishing(&opened)?),
            false => None,
        };
        let mut archive = None;
        let forget = |pins: Option<&[u8]>| opened.store.forget_trust(gun, pins);
        match has_pins {
            false => archive = Some(forget(None)?),
            true => {
                file.change::<StoreError>(gun, |kept| {
                    archive = Some(forget(Some(&file.text_of(gun, &kept)))?);
                    Ok(KeptPins::default())
                })?;
            }
        }
        archive.unwrap_or_default()
    };
    let archive = archive.display().to_string();
    let pins_left = !args.pin && !pinned.is_empty();
    let changes_left = status.staged.len();
    if args.output.is_json() {
        let (metadata, pins) = (has_metadata, has_pins);
        return Ok(session.ui.json(&ForgottenOutput {
            gun,
            archive,
            metadata,
            pins,
            pins_left,
            changes_left,
        })?);
    }
    let what = match (has_metadata, has_pins) {
        (true, true) => "what was trusted and pinned of",
        (true, false) => "what was trusted of",
        _ => "what was pinned of",
    };
    session.ui.line(&format!("Forgot {what} {gun}; the files are in `{archive}`"))?;
    let word = shell_word(gun.as_str());
    if pins_left {
        session.ui.note(&format!("it stays pinned; `notary trust forget {word} --pin` ends that"));
    }
    if changes_left > 0 {
        let changes = count(changes_left, "staged change");
        session.ui.note(&format!("{changes} stay; `notary status {word}` shows them"));
    }
    Ok(())
}

fn question(args: &ForgetArgs, metadata: bool, pins: bool, unpublished: bool) -> String {
    let gun = &args.gun;
    let what = match (metadata, pins) {
        (true, true) => format!("which root of {gun} is trusted and pinned"),
        (true, false) => format!("which root of {gun} is trusted"),
        _ => format!("what is pinned of {gun}"),
    };
    let unpublished = match unpublished && metadata {
        true => ", although it was made on this machine and never published",
        false => "",
    };
    format!("Are you sure you want to forget {what}{unpublished}?")
}
