//! `key backup --verify`.

use serde::Serialize;

use super::BackupArgs;
use super::file::{self, Choice};
use crate::commands::Session;
use crate::error::{CliError, Exit};
use crate::keys::backup::{Backup, BackupKey, Checked, Comparison, Entry};
use crate::keys::passphrase::Wanted;
use crate::ui::text::Table;

#[derive(Serialize)]
struct VerifyOutput<'a> {
    created: &'a str,
    program: &'a str,
    keys: Vec<KeyOutput<'a>>,
    missing: Vec<KeyOutput<'a>>,
    differing: Vec<KeyOutput<'a>>,
}

/// A key in or outside of a backup.
#[derive(Serialize)]
pub struct KeyOutput<'a> {
    role: &'a str,
    gun: Option<&'a str>,
    key_id: &'a str,
    algorithm: Option<String>,
    archived: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
}

impl<'a> KeyOutput<'a> {
    /// Tells of a key.
    pub fn of(key: &'a BackupKey, status: Option<&'static str>) -> Self {
        let Entry { id, role, gun, archived, .. } = &key.entry;
        Self {
            role,
            gun: gun.as_deref(),
            key_id: id.as_str(),
            algorithm: algorithm(key),
            archived: *archived,
            status,
        }
    }
}

fn algorithm(key: &BackupKey) -> Option<String> {
    key.inspect().ok().flatten().map(|algorithm| algorithm.to_string())
}

/// The keys of a backup, with a word for each.
pub fn table(keys: &[(&BackupKey, &'static str)]) -> Table {
    let row = |(key, status): &(&BackupKey, &'static str)| {
        let Entry { id, role, gun, archived, .. } = &key.entry;
        vec![
            role.clone(),
            gun.clone().unwrap_or_default(),
            id.to_string(),
            algorithm(key).unwrap_or_else(|| "-".to_owned()),
            if *archived { "archive" } else { "private" }.to_owned(),
            (*status).to_owned(),
        ]
    };
    let header = &["ROLE", "GUN", "KEY ID", "ALGORITHM", "PLACE", "STATUS"];
    Table { header, rows: keys.iter().map(row).collect() }
}

/// A key with its whole id.
pub fn named(key: &BackupKey) -> String {
    let Entry { id, role, gun, archived, .. } = &key.entry;
    let place = if *archived { "archived " } else { "" };
    let space = if role.is_empty() { "" } else { " " };
    let gun = gun.as_ref().map(|gun| format!(" of {gun}")).unwrap_or_default();
    format!("{place}{role}{space}key {id}{gun}")
}

/// Opens what can be opened, after everything else was checked. What the passphrases that are known
/// do not open is told.
pub fn check(
    session: &mut Session<'_>,
    file: &std::path::Path,
    backup: &Backup,
) -> Result<Vec<Checked>, CliError> {
    let checked = backup.check(&session.passphrases());
    let checked = checked.map_err(|error| CliError::of_backup(file, error))?;
    for (key, checked) in backup.keys.iter().zip(&checked) {
        let name = Wanted::stored(&key.stored.info).name;
        match checked {
            Checked::Refused => {
                session.ui.warning(&format!("the passphrase that is known does not open {name}"));
            }
            Checked::Unsupported => {
                session.ui.warning(&format!("{name} is encrypted in a way that is not supported"));
            }
            Checked::Opened | Checked::Intact => {}
        }
    }
    Ok(checked)
}

/// Runs `key backup --verify`.
pub(super) fn verify(session: &mut Session<'_>, args: &BackupArgs) -> Result<(), CliError> {
    let choice = Choice::new(session, &args.key, &args.gun)?;
    let backup = file::open(session, &args.file, args.identity.as_deref())?;
    let mut checked = check(session, &args.file, &backup)?;
    if args.ask {
        for (key, checked) in backup.keys.iter().zip(&mut checked) {
            if matches!(checked, Checked::Intact | Checked::Refused) {
                session.passphrases().open(&key.stored)?;
                *checked = Checked::Opened;
            }
        }
    }
    let present = choice.collect(session)?;
    for key in &present.left_out {
        session.ui.warning_about(&key.to_string(), key);
    }
    let comparison = backup.compare(present);
    let words = |checked: &Checked| match checked {
        Checked::Opened => "opened",
        Checked::Intact | Checked::Refused => "intact",
        Checked::Unsupported => "unsupported",
    };
    let keys: Vec<_> = backup.keys.iter().zip(checked.iter().map(words)).collect();
    tell(session, &comparison);
    if args.output.is_json() {
        session.ui.json(&VerifyOutput {
            created: &backup.created,
            program: &backup.program,
            keys: keys.iter().map(|(key, status)| KeyOutput::of(key, Some(status))).collect(),
            missing: without_status(&comparison.missing),
            differing: without_status(&comparison.differing),
        })?;
    } else {
        session.ui.table(&table(&keys))?;
        let opened = checked.iter().filter(|checked| **checked == Checked::Opened).count();
        let count = backup.keys.len();
        let line =
            format!("{opened} of {count} keys in the backup of {} were opened", backup.created);
        session.ui.line(&line)?;
    }
    match comparison.missing.len() {
        0 => Ok(()),
        count => {
            let keys = if count == 1 { "key" } else { "keys" };
            let words = format!("{count} {keys} of this machine are not in the backup");
            let hint = "`notary key backup FILE` makes a new one";
            Err(CliError::new(Exit::Failed, words).hint(hint))
        }
    }
}

fn without_status(keys: &[BackupKey]) -> Vec<KeyOutput<'_>> {
    keys.iter().map(|key| KeyOutput::of(key, None)).collect()
}

fn tell(session: &mut Session<'_>, comparison: &Comparison) {
    for key in &comparison.missing {
        session.ui.warning(&format!("{} is not in the backup", named(key)));
    }
    for key in &comparison.differing {
        let words = "has changed since the backup, perhaps its passphrase";
        session.ui.warning(&format!("{} {words}", named(key)));
    }
}
