//! `key rotate`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use serde::Serialize;

use super::find;
use crate::commands::partial::{self, Destination, PartialOutput};
use crate::commands::push::{self, PushedOutput};
use crate::commands::state::{self, timestamp};
use crate::commands::{Opened, OutputArgs, Session, key_file};
use crate::error::{CliError, Exit, shell_word};
use crate::keys::{IdPrefix, Keychain};
use crate::remote::Access;
use crate::repo::inventory::{Inventory, KeyUse};
use crate::repo::push::Outcome;
use crate::repo::rotate::{
    self, Kept, PreparedRotation, Problem, Retired, RotateReport, Rotation, Successor,
};
use crate::tuf::key::KeyId;
use crate::tuf::role::{Gun, RoleName};
use crate::ui::Ui;

/// Replace the keys of a role and publish that
///
/// Gives root, targets or snapshot a new key of this machine, or leaves snapshot or timestamp to a
/// new key of the server (-r). Whoever reads the collection follows the new keys by itself. Changes
/// that are staged stay staged.
///
/// The root key has to sign this, and to replace itself the old one signs as well as the new one.
/// All keys are opened before anything is stored or sent. The old key stays usable until the server
/// has accepted the new one; then it is moved to the archive in the key store, unless another
/// collection of this machine needs it. When something fails, repeat the command: it goes on with
/// the key that it had made.
///
/// With --threshold, several keys have to sign from then on. Where that many root keys are not on one
/// machine, --sign-only writes a file with the signatures of the keys that are; `notary sign` adds
/// those of others, and `notary publish --from`, on the machine where it was begun, uploads it and
/// moves the old key to the archive.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  notary key rotate example.com/scripts targets
  notary key rotate example.com/scripts snapshot --server-managed
  notary key rotate example.com/scripts root --yes
  notary key rotate example.com/scripts root --token
  notary key rotate example.com/scripts root --key new-root.pem --legacy 2
  notary key rotate example.com/scripts targets --key a.pem --key b.pem --key c.pem --threshold 2
  notary key rotate example.com/scripts targets --sign-only --out rotation.json")]
pub struct RotateArgs {
    /// Name of the collection, such as example.com/scripts
    gun: Gun,

    /// root, targets, snapshot or timestamp
    #[arg(value_name = "ROLE")]
    role: String,

    /// Leave the role to the server, which makes and holds the key (snapshot and timestamp)
    #[arg(short = 'r', long, conflicts_with_all = ["keys", "key_ids", "token"])]
    server_managed: bool,

    /// PEM file of a private key to use instead of a new one; can be repeated
    #[arg(short = 'k', long = "key", value_name = "FILE", conflicts_with = "key_ids")]
    keys: Vec<PathBuf>,

    /// Key of the key store or hardware token to use instead of a new one; can be repeated
    #[arg(long = "key-id", value_name = "ID")]
    key_ids: Vec<IdPrefix>,

    /// Make the new key on the hardware token
    #[arg(long, conflicts_with_all = ["keys", "key_ids"])]
    token: bool,

    /// Have the new root signed by the root keys of so many versions before as well; -1 for all
    #[arg(short = 'l', long, value_name = "N", default_value = "0", allow_negative_numbers = true)]
    legacy: i64,

    /// How many of the new root or targets keys must sign; as many as before if not given
    #[arg(
        long,
        value_name = "N",
        conflicts_with = "server_managed",
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    threshold: Option<u32>,

    /// Sign with the keys that are here and write a file for others to sign, instead of uploading
    #[arg(long, requires = "out", conflicts_with_all = ["dry_run", "legacy"])]
    sign_only: bool,

    /// The file to write; `-` for stdout
    #[arg(long, value_name = "FILE", requires = "sign_only")]
    out: Option<PathBuf>,

    /// Replace the file if it exists
    #[arg(long, requires = "out")]
    force: bool,

    /// Show what would be published, without signing, storing or uploading anything
    #[arg(long)]
    dry_run: bool,

    /// Do not ask before the root key is replaced
    #[arg(short, long)]
    yes: bool,

    #[command(flatten)]
    output: OutputArgs,

    #[arg(hide = true)]
    extra: Vec<String>,
}

impl RotateArgs {
    fn role(&self) -> Result<RoleName, CliError> {
        let role = RoleName::parse(&self.role);
        let role = role.map_err(|error| CliError::new(Exit::Usage, error.to_string()))?;
        rotate::check(&role, self.server_managed, self.threshold)?;
        Ok(role)
    }

    /// The command that does the same, without what only one machine does or wants.
    fn command(&self) -> String {
        let mut words =
            ["notary", "key", "rotate", self.gun.as_str(), &self.role].map(shell_word).to_vec();
        words.extend(self.server_managed.then(|| "-r".to_owned()));
        words.extend(self.token.then(|| "--token".to_owned()));
        let file = |file: &PathBuf| format!("--key {}", shell_word(&file.display().to_string()));
        words.extend(self.keys.iter().map(file));
        words.extend(self.key_ids.iter().map(|id| format!("--key-id {}", id.as_str())));
        words.extend(self.threshold.map(|threshold| format!("--threshold {threshold}")));
        words.join(" ")
    }

    /// The versions of the root whose keys sign as well, as the use case wants them.
    fn former_roots(&self) -> Result<Option<Option<u64>>, CliError> {
        match self.legacy {
            0 => Ok(None),
            -1 => Ok(Some(None)),
            versions => match u64::try_from(versions) {
                Ok(versions) => Ok(Some(Some(versions))),
                Err(_) => {
                    Err(CliError::new(Exit::Usage, "`--legacy` must be -1, for all, or more"))
                }
            },
        }
    }
}

/// Runs `key rotate`.
pub fn rotate(session: &mut Session<'_>, args: &RotateArgs) -> Result<(), CliError> {
    session.warn_about_extra(&args.extra);
    let opened =
        session.open(&args.gun, if args.server_managed { Access::All } else { Access::Push })?;
    let (role, former_roots) = (args.role()?, args.former_roots()?);
    if role == RoleName::ROOT && !args.yes && !args.dry_run {
        confirm(session)?;
    }
    if let Some(out) = &args.out {
        return prepare(session, &opened, args, &role, out);
    }
    let report = {
        let lock = (!args.dry_run).then(|| session.lock_for_publishing(&opened));
        let _lock = lock.transpose()?;
        let _keys = (!args.dry_run).then(|| session.lock_keys());
        let store = session.key_store();
        let mut keychain = session.keychain(&store);
        let by = successor(session, args, &role, &mut keychain)?;
        let inventory = || Inventory::of(&session.config.trust_dir);
        let rotation = Rotation {
            role: role.clone(),
            by,
            former_roots,
            dry_run: args.dry_run,
            sign_only: false,
            threshold: args.threshold,
            inventory: &inventory,
        };
        let rotated = opened.collection().rotate(&mut keychain, &rotation);
        rotated.map_err(|error| opened.failed(error).or_sign_elsewhere(&args.command()))?
    };
    finish(session, &opened, args, &role, &report)
}

/// Says that the keys are replaced.
fn finish(
    session: &mut Session<'_>,
    opened: &Opened,
    args: &RotateArgs,
    role: &RoleName,
    report: &RotateReport,
) -> Result<(), CliError> {
    for unreadable in &report.unreadable {
        session.ui.warning(&unreadable.to_string());
    }
    tell(session, opened, args, role, report);
    if args.output.is_json() {
        return Ok(session.ui.json(&RotateOutput::of(args, role, report))?);
    }
    if args.dry_run {
        return Ok(());
    }
    let line = format!("Successfully rotated {role} key for repository {}", args.gun);
    Ok(session.ui.line(&line)?)
}

/// Writes a file for others to sign.
fn prepare(
    session: &mut Session<'_>,
    opened: &Opened,
    args: &RotateArgs,
    role: &RoleName,
    out: &Path,
) -> Result<(), CliError> {
    let json = args.output.is_json();
    let destination = Destination::new(session, out, args.force, json)?;
    let prepared = {
        let _lock = session.lock_for_publishing(opened)?;
        let _keys = session.lock_keys();
        let store = session.key_store();
        let mut keychain = session.keychain(&store);
        let by = successor(session, args, role, &mut keychain)?;
        let inventory = || Inventory::of(&session.config.trust_dir);
        let rotation = Rotation {
            role: role.clone(),
            by,
            former_roots: None,
            dry_run: false,
            sign_only: true,
            threshold: args.threshold,
            inventory: &inventory,
        };
        let prepared = opened.collection().prepare_rotation(&mut keychain, &rotation);
        prepared.map_err(|error| opened.failed(error))?
    };
    let (report, keys) = match prepared {
        PreparedRotation::ForOthers { report, keys } => (report, keys),
        PreparedRotation::Done(report) => return finish(session, opened, args, role, &report),
    };
    destination.write(session, &report.partial)?;
    session.ui.note(&format!("{role} is to be signed by key {}", state::join(&keys)));
    partial::tell_prepared(session, opened, &destination, &report);
    if json {
        let signed = partial::signed_roles(&report.roles);
        let (file, roles) = (destination.name(), (&report.roles[..], &report.removed));
        let output = PartialOutput::of(&args.gun, file, &report.partial, roles, &signed);
        return Ok(session.ui.json(&output)?);
    }
    if destination.is_stdout() {
        return Ok(());
    }
    let name = destination.name();
    let line =
        format!("Successfully prepared {role} key rotation for repository {} in {name}", args.gun);
    Ok(session.ui.line(&line)?)
}

fn confirm(session: &mut Session<'_>) -> Result<(), CliError> {
    session.ui.warning("you are about to rotate your root key");
    let question = "You must use your old key to sign this root rotation. \
                    Are you sure you want to proceed?";
    if session.ui.confirm(question) {
        return Ok(());
    }
    Err(session.declined("`--yes` rotates without asking"))
}

/// What is to replace the keys of the role.
fn successor(
    session: &Session<'_>,
    args: &RotateArgs,
    role: &RoleName,
    keychain: &mut Keychain<'_>,
) -> Result<Successor, CliError> {
    if args.server_managed {
        return Ok(Successor::Server);
    }
    if args.token {
        return Ok(Successor::OnToken);
    }
    if !args.keys.is_empty() {
        let read = |path: &PathBuf| key_file::read(keychain, role, &session.cwd.join(path));
        let keys = args.keys.iter().map(read).map(|key| key.map(Arc::new));
        return Ok(Successor::Imported(keys.collect::<Result<_, _>>()?));
    }
    if !args.key_ids.is_empty() {
        let store = session.key_store();
        let on_token = session.token.keys();
        let find = |prefix: &IdPrefix| match find(&store, prefix) {
            Ok(stored) => Ok(stored.info.id),
            Err(error) => prefix.find(on_token.iter().map(|key| &key.id)).map_err(|_| error),
        };
        let ids = args.key_ids.iter().map(find).collect::<Result<_, CliError>>()?;
        return Ok(Successor::Stored(ids));
    }
    Ok(Successor::Generated)
}

fn tell(
    session: &mut Session<'_>,
    opened: &Opened,
    args: &RotateArgs,
    role: &RoleName,
    report: &RotateReport,
) {
    push::tell(session, opened, &report.pushed, &[]);
    let ui = &mut *session.ui;
    let keys: Vec<_> = report.keys.iter().map(KeyId::as_str).collect();
    let keys = keys.join(", ");
    match &report.pushed.outcome {
        Outcome::DryRun { .. } => {
            if report.keys.is_empty() {
                ui.note("the new key would be made then");
            }
            return;
        }
        Outcome::AlreadyPublished => match report.resumed {
            Some(begun) => ui.warning(&format!(
                "this finishes the rotation that was begun {} and that the server had accepted; \
                 to replace the key once more, repeat the command",
                timestamp(begun)
            )),
            None => ui.note("the server had taken the first of two uploads"),
        },
        Outcome::Published { .. } => {
            if let Some(begun) = report.resumed {
                let begun = timestamp(begun);
                ui.note(&format!("used the key of the attempt that was begun {begun}"));
            }
        }
    }
    let place = match (args.server_managed, report.on_token) {
        (true, _) => "which the server holds",
        (false, true) => "on the hardware token",
        (false, false) => "on this machine",
    };
    let key = if report.keys.len() == 1 { "key" } else { "keys" };
    ui.note(&format!("{role} is signed by {key} {keys}, {place}"));
    for id in &report.former_keys_left_out {
        ui.warning(&format!(
            "the former root key {} is not here or cannot be opened, so it has not signed",
            id.short()
        ));
    }
    tell_old_keys(ui, &report.archived, &report.kept, &report.problems);
}

/// Says what became of the old keys of a rotation that others had to sign.
pub fn tell_retired(ui: &mut Ui, retired: &Retired) {
    for unreadable in &retired.unreadable {
        ui.warning(&unreadable.to_string());
    }
    ui.note(&format!("this ends the rotation of the {} key", retired.role));
    tell_old_keys(ui, &retired.archived, &retired.kept, &retired.problems);
}

fn tell_old_keys(
    ui: &mut Ui,
    archived: &[(KeyId, PathBuf)],
    kept: &[(KeyId, Kept)],
    problems: &[Problem],
) {
    for (id, file) in archived {
        ui.note(&format!(
            "the old key {} is in the archive now (`{}`); `notary key unarchive {0}` brings it back",
            id.short(),
            file.display()
        ));
    }
    for (id, why) in kept {
        let id = id.short();
        match why {
            Kept::InUse(uses) => {
                for KeyUse { gun, role } in uses {
                    ui.warning(&format!("the old key {id} still signs {role} of {gun}"));
                }
            }
            Kept::OnToken => ui.note(&format!(
                "the old key {id} is still on the hardware token; `notary key remove {id}` \
                 destroys it"
            )),
            Kept::Unsure => ui.warning(&format!(
                "the old key {id} stays where it is, because nobody knows whether another \
                 collection needs it; `notary key remove {id}` archives it"
            )),
        }
    }
    for problem in problems {
        ui.warning_about(&problem.to_string(), problem);
    }
}

#[derive(Serialize)]
struct RotateOutput<'a> {
    gun: &'a Gun,
    role: &'a RoleName,
    /// `client` or `server`.
    managed_by: &'static str,
    /// Canonical ids of the keys that the role has now.
    keys: Vec<&'a str>,
    /// The old keys that are in the archive now.
    archived: Vec<ArchivedOutput<'a>>,
    /// The old keys that stay where they are.
    kept: Vec<KeptOutput<'a>>,
    /// When the interrupted rotation was begun that this one finished.
    resumed: Option<String>,
    #[serde(flatten)]
    pushed: PushedOutput<'a>,
}

#[derive(Serialize)]
struct ArchivedOutput<'a> {
    key_id: &'a str,
    file: String,
}

#[derive(Serialize)]
struct KeptOutput<'a> {
    key_id: &'a str,
    /// `in-use`, `on-token` or `unsure`.
    why: &'static str,
    uses: Vec<&'a KeyUse>,
}

impl<'a> KeptOutput<'a> {
    fn of((id, why): &'a (KeyId, Kept)) -> Self {
        let (why, uses) = match why {
            Kept::InUse(uses) => ("in-use", uses.iter().collect()),
            Kept::OnToken => ("on-token", Vec::new()),
            Kept::Unsure => ("unsure", Vec::new()),
        };
        Self { key_id: id.as_str(), why, uses }
    }
}

impl<'a> RotateOutput<'a> {
    fn of(args: &'a RotateArgs, role: &'a RoleName, report: &'a RotateReport) -> Self {
        let archived = report.archived.iter().map(|(id, file)| ArchivedOutput {
            key_id: id.as_str(),
            file: file.display().to_string(),
        });
        Self {
            gun: &args.gun,
            role,
            managed_by: if args.server_managed { "server" } else { "client" },
            keys: report.keys.iter().map(KeyId::as_str).collect(),
            archived: archived.collect(),
            kept: report.kept.iter().map(KeptOutput::of).collect(),
            resumed: report.resumed.map(timestamp),
            pushed: PushedOutput::of(&report.pushed),
        }
    }
}
