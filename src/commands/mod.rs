//! The commands. Each is its arguments and a function that turns them into one use case and its
//! report into text or JSON; all decisions are made below.

pub mod add;
mod change;
mod choose_role;
mod client_key;
pub mod completion;
pub mod delegation;
pub mod delete;
pub mod image;
pub mod init;
pub mod key;
mod key_file;
pub mod list;
pub mod login;
mod new_file;
mod partial;
pub mod pins;
pub mod publish;
mod push;
mod read_password;
pub mod serve;
pub mod sign;
pub mod stage;
mod staging;
mod state;
pub mod trust;
pub mod verify;
pub mod version;
pub mod who;
pub mod witness;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use clap::{Args, ValueEnum};
use time::OffsetDateTime;

use crate::changelist::FileChangelist;
use crate::cli::{Command, Words};
use crate::config::{Config, Server, Surroundings};
use crate::credentials::Chain;
use crate::error::{CliError, Exit};
use crate::keys::passphrase::{Passphrase, Passphrases, Sources};
use crate::keys::{FileKeyStore, Keychain, KeysLock, OpenedKeys, TokenError, TokenPlace};
use crate::remote::{Access, Endpoint, HttpRemote, Remote};
use crate::repo::Collection;
use crate::repo::pins::{FirstUse, Pins};
use crate::repo::update::KnownState;
use crate::secret::Prompt;
use crate::server::Embedded;
use crate::store::{FileStore, PublishLock};
use crate::tuf::key::KeyId;
use crate::tuf::pin::Pin;
use crate::tuf::role::{Gun, RoleName};
use crate::ui::Ui;

pub use read_password::read_password;

/// Runs a command, and says of a failure what only this machine can tell.
pub fn run(command: &Command, session: &mut Session<'_>) -> Result<(), CliError> {
    let result = dispatch(command, session);
    // Who cannot read the archive has another problem.
    let archived = || session.key_store().archived().unwrap_or_default().keys;
    let archived = || archived().into_iter().map(|key| key.id).collect();
    let result = result.map_err(|error| error.with_archived(archived));
    let is_about_keys = matches!(command, Command::Key(_));
    tell_token(session, is_about_keys, result)
}

fn dispatch(command: &Command, session: &mut Session<'_>) -> Result<(), CliError> {
    match command {
        Command::Add(args) => add::add(session, args),
        Command::Addhash(args) => add::add_hash(session, args),
        Command::Completion(args) => completion::completion(session, args),
        Command::Delegation(args) => delegation::delegation(session, args),
        Command::Delete(args) => delete::delete(session, args),
        Command::Image(args) => image::image(session, args),
        Command::Init(args) => init::init(session, args),
        Command::Key(args) => key::key(session, args),
        Command::List(args) => list::list(session, args),
        Command::Login(args) => login::login(session, args),
        Command::Logout(args) => login::logout(session, args),
        Command::Lookup(args) => list::lookup(session, args),
        Command::Publish(args) => publish::publish(session, args),
        Command::Remove(args) => add::remove(session, args),
        Command::Reset(args) => stage::reset(session, args),
        Command::Serve(args) => serve::serve(session, args),
        Command::Sign(args) => sign::sign(session, args),
        Command::Status(args) => stage::status(session, args),
        Command::Trust(args) => trust::trust(session, args),
        Command::Verify(args) => verify::verify(session, args),
        Command::Version(args) => version::version(session, args),
        Command::Who(args) => who::who(session, args),
        Command::Witness(args) => witness::witness(session, args),
    }
}

/// Says that the hardware token could not be used: a failure for the want of keys may be due to that,
/// and otherwise people should know that other keys had to do, or that not all keys were seen.
fn tell_token(
    session: &mut Session<'_>,
    is_about_keys: bool,
    result: Result<(), CliError>,
) -> Result<(), CliError> {
    let Some(problem) = session.token.problem() else { return result };
    // The token with the root key may well be in a safe.
    let is_away = matches!(*problem, TokenError::NoSuchToken { .. } | TokenError::NoToken { .. });
    match result {
        Err(error) if error.is_about(&problem) => Err(error),
        Err(error) if error.exit == Exit::Key => Err(error.without_token(problem)),
        result => {
            let words = format!("the hardware token is not used: {problem}");
            match result.is_ok() && is_away && !is_about_keys {
                true => session.ui.note(&words),
                false => session.ui.warning_about(&words, &*problem),
            }
            result
        }
    }
}

/// What a command works with.
pub struct Session<'a> {
    /// What the process was started with.
    pub around: &'a Surroundings,
    /// The resolved configuration.
    pub config: Config,
    /// The working directory.
    pub cwd: PathBuf,
    /// Who has logins to servers.
    pub logins: Rc<Chain>,
    /// The present; the same during a whole run.
    pub now: OffsetDateTime,
    /// Whether the server must not be asked.
    pub offline: bool,
    /// The keys that an earlier part of the run has opened.
    pub opened_keys: OpenedKeys,
    /// What the keys of a server in a directory are encrypted with.
    pub server_passphrase: Option<Passphrase>,
    /// Who is asked for passphrases and passwords.
    pub prompt: Rc<dyn Prompt>,
    /// Where passphrases may come from before anybody is asked.
    pub sources: Rc<Sources>,
    /// The hardware token.
    pub token: TokenPlace,
    /// Ids of root certificates that the command line demands.
    pub trust_roots: BTreeSet<KeyId>,
    /// The way out for text.
    pub ui: &'a mut Ui,
}

/// The parts that make up a collection.
pub struct Opened {
    /// The name.
    pub gun: Gun,
    /// The cache.
    pub store: FileStore,
    changelist: FileChangelist,
    config_file: PathBuf,
    known: KnownState,
    now: OffsetDateTime,
    offline: bool,
    on_first_use: Box<dyn Fn(&FirstUse<'_>)>,
    pins: Pins,
    remote: Box<dyn Remote>,
}

impl Opened {
    /// The collection as use cases want it.
    pub fn collection(&self) -> Collection<'_> {
        Collection {
            gun: &self.gun,
            changelist: &self.changelist,
            known: &self.known,
            now: self.now,
            offline: self.offline,
            on_first_use: &*self.on_first_use,
            pins: &self.pins,
            remote: &*self.remote,
            store: &self.store,
        }
    }

    /// Gives an error of a use case its exit code and hints.
    pub fn failed(&self, error: impl Into<crate::repo::Error>) -> CliError {
        CliError::of(&self.gun, &self.config_file, error.into())
    }
}

impl Session<'_> {
    /// Opens a collection for commands that may ask the server, for `access` at most. Nothing is
    /// created or connected.
    pub fn open(&self, gun: &Gun, access: Access) -> Result<Opened, CliError> {
        let pins = Pins::new(self.pins_of(gun)?.pin(), self.pin_file());
        Ok(Opened { pins, ..self.open_unpinned(gun, access) })
    }

    /// Makes a server ready for connections, and says loudly if anybody could pass for it.
    pub fn prepare(&self, mut endpoint: Endpoint) -> Endpoint {
        endpoint.tls.opener = self.client_key_opener();
        if endpoint.is_unchecked() && !self.offline {
            self.prompt.warn(&format!(
                "the certificate of {} is not checked (`skipTLSVerify`): whoever is in between can \
                 pass for this server",
                endpoint.name()
            ));
        }
        endpoint
    }

    /// Opens a collection for commands that take no metadata from its server.
    pub fn open_unpinned(&self, gun: &Gun, access: Access) -> Opened {
        let store = FileStore::new(&self.config.trust_dir, gun);
        let remote: Box<dyn Remote> = match self.config.servers.of(gun) {
            Server::Http(endpoint) => {
                let endpoint = self.prepare(Endpoint::clone(endpoint));
                let credentials = self.logins.for_servers(endpoint.logins.clone());
                let progress = self.ui.progress();
                Box::new(HttpRemote::new(endpoint, gun, access, credentials, progress))
            }
            Server::Directory { path, .. } => {
                let passphrase = self.server_passphrase.clone();
                Box::new(Embedded::new(path, passphrase, gun, self.now))
            }
        };
        Opened {
            gun: gun.clone(),
            changelist: FileChangelist::new(store.changelist_dir()),
            config_file: self.config.file.clone(),
            known: KnownState::default(),
            store,
            now: self.now,
            offline: self.offline,
            on_first_use: pins::teller(self.ui),
            pins: Pins::new(Pin::KNOWN_ONLY, self.pin_file()),
            remote,
        }
    }

    /// Makes sure that only this process publishes, makes or deletes the collection.
    pub fn lock_for_publishing<'o>(
        &mut self,
        opened: &'o Opened,
    ) -> Result<PublishLock<'o>, CliError> {
        let lock = opened.store.lock_for_publishing(|file| {
            self.tell_waiting(&format!("publishes or changes {}", opened.gun), file);
        });
        lock.map_err(|error| opened.failed(error))
    }

    /// Makes sure that only this process chooses a root key, so that two that run at the same time
    /// do not make two. It is taken after the lock for publishing.
    ///
    /// Who cannot have it cannot add keys either, and is told so when it comes to that.
    pub fn lock_keys(&mut self) -> Option<KeysLock> {
        let locked = self.key_store().lock(|file| self.tell_waiting("makes keys", file));
        locked.ok()
    }

    fn tell_waiting(&mut self, for_what: &str, file: &Path) {
        let words = format!("waiting for another process that {for_what} (`{}`)", file.display());
        self.ui.note(&words);
    }

    /// The private keys of this machine.
    pub fn key_store(&self) -> FileKeyStore {
        FileKeyStore::new(self.config.trust_dir.join("private"))
    }

    /// Opens the keys of `store` with passphrases from wherever this run finds them.
    pub fn keychain<'k>(&'k self, store: &'k FileKeyStore) -> Keychain<'k> {
        let keychain = Keychain::new(store, self.passphrases()).with_token(&self.token);
        keychain.with(self.opened_keys.clone())
    }

    /// Passphrases from wherever this run finds them.
    pub fn passphrases(&self) -> Passphrases<'_> {
        Passphrases::new(&self.sources, &*self.prompt)
    }

    /// The user said no; `without_asking` tells somebody who is not there to be asked what to do.
    pub fn declined(&self, without_asking: &str) -> CliError {
        if self.ui.stdin_is_taken() {
            let words = "a question has to be answered, but stdin had the password";
            return CliError::new(Exit::Usage, words).hint(without_asking);
        }
        let declined = CliError::declined();
        match self.ui.stdin_is_terminal() {
            true => declined,
            false => declined.hint(without_asking),
        }
    }

    /// Says that words of the command line were of no use, as the Go program accepts them.
    pub fn warn_about_extra(&mut self, extra: &[String]) {
        for word in extra {
            self.ui.warning(&format!("ignoring the extra argument `{word}`"));
        }
    }
}

/// The form of data on stdout.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub enum Format {
    /// JSON with a stable schema
    Json,
    /// Lines and tables
    #[default]
    Text,
}

/// The options that choose the form of data.
#[derive(Args, Clone, Debug)]
pub struct OutputArgs {
    /// Form of the output
    #[arg(long, value_name = "FORM", default_value = "text", value_enum)]
    output: Format,

    /// Short for --output json
    #[arg(long)]
    json: bool,
}

impl OutputArgs {
    /// Whether JSON is wanted.
    pub fn is_json(&self) -> bool {
        self.json || self.output == Format::Json
    }
}

/// The option that names roles.
#[derive(Args, Clone, Debug)]
pub struct RolesArgs {
    /// Roles such as targets/releases, separated by commas or by repeating the option
    #[arg(short, long, value_name = "ROLES")]
    roles: Vec<Words>,
}

impl RolesArgs {
    /// The roles in their order; none if the option was not used.
    pub fn roles(&self) -> Result<Vec<RoleName>, CliError> {
        let names = self.roles.iter().flat_map(|words| &words.0);
        names
            .map(|name| RoleName::parse(name))
            .collect::<Result<_, _>>()
            .map_err(|error| CliError::new(Exit::Usage, error.to_string()))
    }

    /// The roles that targets are to be signed by; none if the option was not used.
    pub fn signing_roles(&self) -> Result<Vec<RoleName>, CliError> {
        let roles = self.roles()?;
        if let Some(role) = roles.iter().find(|role| !role.holds_targets()) {
            let words = format!("{role} cannot sign targets: use `targets` or a delegation");
            return Err(CliError::new(Exit::Usage, words));
        }
        Ok(roles)
    }
}
