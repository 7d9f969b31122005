//! `login` and `logout`: logins to servers in the secret store of the operating system.

use clap::Args;
use serde::Serialize;

use super::{OutputArgs, Session};
use crate::config::Server;
use crate::credentials::{Found, Login, Place, Sources, StoredLogins};
use crate::error::{CliError, Exit};
use crate::remote::{Endpoint, LoginCheck, check_login};
use crate::secret::{PromptError, SecretStore as _, SystemStore};
use crate::ui::text::Table;

/// Keep the login to a server in the secret store of the system
///
/// Asks for the name of the user and the password, makes sure that the server accepts them, and
/// keeps them in the secret store of the operating system: the keyring of the desktop, the Keychain
/// of macOS or the Credential Manager of Windows. From then on this program logs in by itself.
/// `notary logout` ends that.
///
/// `docker login` does as well, where Docker is: its logins are used, too. Docker's configuration is
/// never written.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  notary login https://notary.example:4443
  printf %s \"$PASSWORD\" | notary login notary.example:4443 --username alice --password-stdin
  notary login --list")]
pub struct LoginArgs {
    /// Address of the server instead of the configured one; https:// can be left out
    #[arg(value_name = "URL")]
    url: Option<String>,

    /// Show for which servers a login is kept instead
    #[arg(long, conflicts_with = "url")]
    list: bool,

    #[command(flatten)]
    output: OutputArgs,
}

/// Remove the login to a server from the secret store of the system
///
/// Logins that come from elsewhere, such as Docker's configuration, stay there.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  notary logout https://notary.example:4443")]
pub struct LogoutArgs {
    /// Address of the server instead of the configured one; https:// can be left out
    #[arg(value_name = "URL")]
    url: Option<String>,
}

#[derive(Serialize)]
struct ListOutput {
    logins: Vec<LoginOutput>,
}

#[derive(Serialize)]
struct LoginOutput {
    server: String,
    /// `None` for an identity token.
    user: Option<String>,
}

/// Runs `login`.
pub fn login(session: &mut Session<'_>, args: &LoginArgs) -> Result<(), CliError> {
    if args.list {
        return list(session, args.output.is_json());
    }
    let endpoint = server(session, args.url.as_deref())?;
    let name = Place::name_of(&endpoint.url);
    if session.offline {
        return Err(CliError::new(Exit::Usage, "only the server knows whether a login is right")
            .hint("run it without `--offline`"));
    }
    // Nobody types passwords in vain.
    SystemStore::LOGINS.check().map_err(CliError::of_login_store)?;
    if !matches!(endpoint.logins, Sources::All | Sources::Keyring) {
        session.ui.warning(&format!(
            "`auth` of {name} is `{}`, so what is kept will not be used",
            endpoint.logins
        ));
    }
    if endpoint.url.scheme() == "http" && !endpoint.is_on_this_machine() {
        session.ui.warning(&format!("{name} is without TLS: others can read the password"));
    }
    // A password is about to be typed for it.
    let endpoint = session.prepare(endpoint);
    let (login, source) = given(session, &name)?;
    let found = Found { login: login.clone(), source: source.to_owned() };
    let url = endpoint.url.clone();
    match check_login(endpoint, found, session.ui.progress())? {
        LoginCheck::Accepted => {}
        LoginCheck::NotWanted => {
            let words = format!("{name} asks nobody for a login; nothing was kept");
            return Err(CliError::new(Exit::Failed, words));
        }
    }
    StoredLogins::new(&session.config.trust_dir, &SystemStore::LOGINS).keep(&url, &login)?;
    let user = login.user().unwrap_or_default().to_owned();
    if args.output.is_json() {
        return Ok(session.ui.json(&LoginOutput { server: name, user: Some(user) })?);
    }
    Ok(session.ui.line(&format!("Logged in to {name} as {user}"))?)
}

/// Runs `logout`.
pub fn logout(session: &mut Session<'_>, args: &LogoutArgs) -> Result<(), CliError> {
    let url = server(session, args.url.as_deref())?.url;
    let name = Place::name_of(&url);
    let logins = StoredLogins::new(&session.config.trust_dir, &SystemStore::LOGINS);
    match logins.forget(&url)? {
        true => Ok(session.ui.line(&format!("Forgot the login to {name}"))?),
        false => Err(CliError::new(Exit::NotFound, format!("no login to {name} is kept"))
            .hint("`notary login --list` shows those that are; others come from elsewhere")),
    }
}

fn list(session: &mut Session<'_>, json: bool) -> Result<(), CliError> {
    let stored = StoredLogins::new(&session.config.trust_dir, &SystemStore::LOGINS).list()?;
    let logins = stored.into_iter().map(|(server, login)| LoginOutput { server, user: login.user });
    let logins: Vec<_> = logins.collect();
    if json {
        return Ok(session.ui.json(&ListOutput { logins })?);
    }
    if logins.is_empty() {
        session.ui.note("no logins are kept");
        return Ok(());
    }
    let rows = logins.into_iter().map(|login| vec![login.server, login.user.unwrap_or_default()]);
    Ok(session.ui.table(&Table { header: &["SERVER", "USER"], rows: rows.collect() })?)
}

/// The server that is meant.
fn server(session: &Session<'_>, url: Option<&str>) -> Result<Endpoint, CliError> {
    let usage = |words: &str, hint: &str| Err(CliError::new(Exit::Usage, words).hint(hint));
    let server = match url {
        Some(url) => session.config.servers.at(url)?,
        None => session.config.servers.other.clone(),
    };
    match server {
        Server::Http(endpoint) => {
            let url = &endpoint.url;
            if !url.username().is_empty() || url.password().is_some() {
                return usage(
                    "there is a login in the address, and it is used as it is",
                    "leave it out of the address to keep another one",
                );
            }
            Ok(*endpoint)
        }
        Server::Directory { is_default: true, .. } => {
            usage("no server is configured", "`notary login URL` names one")
        }
        Server::Directory { .. } => {
            usage("a directory asks nobody for a login", "`notary login URL` names a server")
        }
    }
}

/// The login that the command line gives, or that somebody types, and which of both it was.
fn given(session: &Session<'_>, server: &str) -> Result<(Login, &'static str), CliError> {
    let given = &session.config.logins;
    if given.user.as_deref() == Some("") {
        return Err(CliError::new(Exit::Usage, "a login needs the name of a user"));
    }
    if let (Some(user), Some(password)) = (&given.user, &given.password) {
        let login = Login::Password { user: user.clone(), password: password.clone() };
        return Ok((login, "the command line"));
    }
    let user = match &given.user {
        Some(user) => Ok(user.clone()),
        None => session.prompt.ask_openly(&format!("Enter username for {server}: ")),
    };
    let user = user.map_err(unanswered)?;
    if user.is_empty() || user.contains(':') {
        let words = "the name of a user is not empty and has no colon; nothing was kept";
        return Err(CliError::new(Exit::Failed, words));
    }
    let question = format!("Enter password of {user}: ");
    let password = session.prompt.ask(&question).map_err(unanswered)?;
    Ok((Login::Password { user, password }, "the terminal"))
}

fn unanswered(error: PromptError) -> CliError {
    let exit = match error {
        PromptError::Interrupted => Exit::Interrupted,
        PromptError::Io(_) => Exit::Failed,
        PromptError::NoTerminal => Exit::Auth,
    };
    let is_alone = matches!(error, PromptError::NoTerminal);
    let error = CliError { exit, error: Some(Box::new(error)), hints: Vec::new() };
    match is_alone {
        true => error.hint("`--username NAME --password-stdin` takes the password from a pipe"),
        false => error,
    }
}
