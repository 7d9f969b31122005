//! `who`.

use clap::Args;
use serde::Serialize;

use super::delegation::ALL_PATHS;
use super::state::{self, Source};
use super::{OutputArgs, Session};
use crate::error::CliError;
use crate::keys::KeyStore as _;
use crate::remote::Access;
use crate::repo::who::{
    CertificateReport, KeyPlace, KnownKeys, PresentFile, SigningKey, SigningRole, WhoReport,
};
use crate::tuf::key::KeyId;
use crate::tuf::role::Gun;
use crate::ui::text::{self, Table};

/// Show who may sign a collection, or one name in it
///
/// Gets the present state of the collection from the server, verifies it, and prints the keys of
/// every role: how many of them must sign, which are on this machine (`here`, or on the hardware
/// `token`), which were taken out of use (`archived`), which are the server's, and which are `missing`
/// because somebody else has them. No key is opened and nobody is asked for a passphrase.
///
/// CAN SIGN says whether the keys on this machine suffice for the role. FILE says whether its
/// present file is in force (`valid`), is not accepted (`refused`; a warning says why), or was never
/// published (`none`).
///
/// With the name of a target, only the roles are shown that may sign this name, the highest priority
/// first, and which of them has signed it.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  notary who example.com/scripts
  notary who example.com/scripts nightly/setup.sh
  notary who example.com/scripts --json | jq -r '.roles[] | select(.can_sign) | .role'")]
pub struct WhoArgs {
    /// Name of the collection, such as example.com/scripts
    gun: Gun,

    /// Name of a target, which need not exist
    target: Option<String>,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
struct WhoOutput<'a> {
    gun: &'a Gun,
    source: Source,
    target: Option<NameOutput<'a>>,
    roles: Vec<RoleOutput<'a>>,
}

#[derive(Serialize)]
struct NameOutput<'a> {
    name: &'a str,
    signed_by: Option<&'a str>,
    withheld_by: Option<&'a str>,
}

#[derive(Serialize)]
struct RoleOutput<'a> {
    role: &'a str,
    paths: Option<&'a [String]>,
    threshold: i64,
    keys: Vec<KeyOutput<'a>>,
    can_sign: bool,
    file: &'static str,
    problem: Option<String>,
    has_target: Option<bool>,
}

#[derive(Serialize)]
struct KeyOutput<'a> {
    key_id: &'a KeyId,
    algorithm: Option<String>,
    certificate: Option<CertificateOutput<'a>>,
    place: &'static str,
}

#[derive(Serialize)]
struct CertificateOutput<'a> {
    common_name: &'a str,
    expires: String,
}

impl<'a> RoleOutput<'a> {
    fn of(role: &'a SigningRole, is_for_name: bool) -> Self {
        Self {
            role: role.role.as_str(),
            paths: role.paths.as_deref(),
            threshold: role.key_set.threshold,
            keys: role.keys.iter().map(KeyOutput::of).collect(),
            can_sign: role.can_sign(),
            file: file(&role.file),
            problem: match &role.file {
                PresentFile::Refused(why) => Some(state::why_skipped(why.as_ref())),
                PresentFile::None | PresentFile::Valid => None,
            },
            has_target: is_for_name.then_some(role.has_name),
        }
    }
}

impl<'a> KeyOutput<'a> {
    fn of(key: &'a SigningKey) -> Self {
        let certificate = |certificate: &'a CertificateReport| CertificateOutput {
            common_name: &certificate.common_name,
            expires: state::timestamp(certificate.expires),
        };
        Self {
            key_id: &key.id,
            algorithm: key.algorithm.map(|algorithm| algorithm.to_string()),
            certificate: key.certificate.as_ref().map(certificate),
            place: place(key.place),
        }
    }
}

fn place(place: KeyPlace) -> &'static str {
    match place {
        KeyPlace::Archived => "archived",
        KeyPlace::Missing => "missing",
        KeyPlace::Server => "server",
        KeyPlace::Store => "here",
        KeyPlace::Token => "token",
    }
}

fn file(file: &PresentFile) -> &'static str {
    match file {
        PresentFile::None => "none",
        PresentFile::Refused(_) => "refused",
        PresentFile::Valid => "valid",
    }
}

/// Runs `who`.
pub fn who(session: &mut Session<'_>, args: &WhoArgs) -> Result<(), CliError> {
    let keys = known_keys(session)?;
    let opened = session.open(&args.gun, Access::Pull)?;
    let report = opened.collection().who(args.target.as_deref(), keys);
    let report = report.map_err(|error| opened.failed(error))?;
    state::tell(session.ui, session.now, &report.updated);
    for role in report.roles.iter().filter(|role| !role.has_enough_keys()) {
        let (need, have) = (role.key_set.threshold, text::count(role.keys.len(), "key"));
        let words = format!("{} cannot be signed: it needs {need} of its keys to sign", role.role);
        session.ui.warning(&format!("{words}, but has {have}"));
    }
    if args.output.is_json() {
        return Ok(session.ui.json(&json(args, &report))?);
    }
    if let (Some(target), Some(name)) = (&args.target, &report.name) {
        session.ui.line(&match (&name.signed_by, &name.withheld_by) {
            (Some(role), _) => format!("Target {target:?} is signed by {role}. Roles that may sign it:"),
            (None, Some(role)) => {
                format!("{role}, which may have signed {target:?}, cannot be read. Roles that may sign it:")
            }
            (None, None) => format!("No role has signed {target:?}. Roles that may sign it:"),
        })?;
        session.ui.line("")?;
    }
    let is_narrow = session.ui.is_too_narrow_for(&table(&report, false));
    Ok(session.ui.table(&table(&report, is_narrow))?)
}

/// What can be seen of the keys of this machine.
fn known_keys(session: &mut Session<'_>) -> Result<KnownKeys, CliError> {
    let store = session.key_store();
    let (stored, archived) = (store.list()?, store.archived()?);
    for unreadable in stored.unreadable.iter().chain(&archived.unreadable) {
        session.ui.warning_about(&unreadable.to_string(), unreadable);
    }
    let on_token = session.token.keys();
    Ok(KnownKeys { archived: archived.keys, on_token, stored: stored.keys })
}

fn json<'a>(args: &'a WhoArgs, report: &'a WhoReport) -> WhoOutput<'a> {
    let target = args.target.as_deref().zip(report.name.as_ref());
    WhoOutput {
        gun: &args.gun,
        source: Source::of(&report.updated),
        target: target.map(|(name, found)| NameOutput {
            name,
            signed_by: found.signed_by.as_ref().map(|role| role.as_str()),
            withheld_by: found.withheld_by.as_ref().map(|role| role.as_str()),
        }),
        roles: report.roles.iter().map(|role| RoleOutput::of(role, target.is_some())).collect(),
    }
}

fn needs(role: &SigningRole) -> String {
    format!("{} of {}", role.key_set.threshold, role.keys.len())
}

/// One row for each key, or for a role without any.
fn table(report: &WhoReport, is_narrow: bool) -> Table {
    let signed_by = report.name.as_ref().and_then(|name| name.signed_by.as_ref());
    let mut rows = Vec::new();
    for role in &report.roles {
        let paths = role.paths.as_ref().map_or_else(|| "-".to_owned(), |paths| shown(paths));
        let keys = role.keys.iter().map(Some);
        let none = role.keys.is_empty().then_some(None);
        for key in keys.chain(none) {
            let unknown = || "-".to_owned();
            let id = key.map(|key| if is_narrow { key.id.short() } else { key.id.as_str() });
            let algorithm = key.and_then(|key| key.algorithm).map(|kind| kind.to_string());
            let mut row = vec![
                role.role.to_string(),
                needs(role),
                if role.can_sign() { "yes" } else { "no" }.to_owned(),
                file(&role.file).to_owned(),
                id.map_or_else(unknown, str::to_owned),
                algorithm.unwrap_or_else(unknown),
                key.map_or_else(unknown, |key| place(key.place).to_owned()),
                key.and_then(|key| key.certificate.as_ref()).map_or_else(unknown, certificate),
                paths.clone(),
            ];
            if report.name.is_some() {
                let signed = match role.has_name {
                    true if signed_by == Some(&role.role) => "yes",
                    true => "hidden",
                    false => "no",
                };
                row.insert(1, signed.to_owned());
            }
            rows.push(row);
        }
    }
    let header: &'static [&'static str] = match report.name {
        Some(_) => &[
            "ROLE",
            "SIGNED",
            "NEEDS",
            "CAN SIGN",
            "FILE",
            "KEY ID",
            "ALGORITHM",
            "KEY IS",
            "CERTIFICATE",
            "PATHS",
        ],
        None => &[
            "ROLE",
            "NEEDS",
            "CAN SIGN",
            "FILE",
            "KEY ID",
            "ALGORITHM",
            "KEY IS",
            "CERTIFICATE",
            "PATHS",
        ],
    };
    Table { header, rows }
}

fn certificate(certificate: &CertificateReport) -> String {
    format!("{} until {}", certificate.common_name, state::timestamp(certificate.expires))
}

/// Paths in one cell; names can contain anything, so they are in quotes.
fn shown(paths: &[String]) -> String {
    match paths {
        [] => "none".to_owned(),
        paths if paths.iter().any(String::is_empty) => ALL_PATHS.to_owned(),
        paths => paths.iter().map(|path| format!("{path:?}")).collect::<Vec<_>>().join(" "),
    }
}
