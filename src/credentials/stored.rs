//! Logins in the secret store of the operating system, and a list of them in the trust directory, so
//! that the store is not asked in vain.
//!
//! The list says for which servers to ask, not whether there is an answer: the store belongs to the
//! user, who may change it by other means. Logins go into the store before their servers into the
//! list, and leave it before them. No secret is in the list.

use std::cell::{Cell, OnceCell};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;
use url::Url;

use super::{Found, Login, Place, answer};
use crate::fsutil::{Lock, PathError, read_bounded, remove_file, write_atomic};
use crate::secret::{Prompt, Secret, SecretStore, SecretStoreError};

const FILE: &str = "logins.json";
const LOCK: &str = ".logins.lock";
const MAX_BYTES: u64 = 4 << 20;

/// What is known of a login without asking the store.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct StoredLogin {
    /// The name of the user; `None` if it is an identity token.
    pub user: Option<String>,
}

/// The file, as it is written.
#[derive(Default, Deserialize, Serialize)]
struct Content {
    logins: BTreeMap<String, StoredLogin>,
}

/// Why the list cannot be used, or the store.
#[derive(Debug, Error)]
pub enum StoredError {
    /// The file is not a list.
    #[error("`{}` is damaged", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// A failed operation on a file or directory.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The secret store.
    #[error(transparent)]
    Store(#[from] SecretStoreError),
}

/// The logins of a trust directory that are in a secret store, by the addresses of the servers.
pub struct StoredLogins<'s> {
    directory: PathBuf,
    store: &'s dyn SecretStore,
}

impl<'s> StoredLogins<'s> {
    /// The list in `trust_dir`, which need not exist.
    pub fn new(trust_dir: &Path, store: &'s dyn SecretStore) -> Self {
        Self { directory: trust_dir.to_owned(), store }
    }

    /// The list.
    pub fn list(&self) -> Result<BTreeMap<String, StoredLogin>, StoredError> {
        let path = self.directory.join(FILE);
        let Some(text) = read_bounded(&path, MAX_BYTES)? else { return Ok(BTreeMap::new()) };
        let content: Content = serde_json::from_slice(&text)
            .map_err(|source| StoredError::Damaged { path, source })?;
        Ok(content.logins)
    }

    /// Keeps the login for a server in place of an earlier one.
    pub fn keep(&self, server: &Url, login: &Login) -> Result<(), StoredError> {
        let name = Place::name_of(server);
        let text = answer::write(login);
        let text = text.map_err(|_| SecretStoreError("it does not take this login".to_owned()))?;
        let user = login.user().map(str::to_owned);
        self.change(|logins| {
            self.store.write(&name, &text)?;
            logins.insert(name, StoredLogin { user });
            Ok(())
        })
    }

    /// Removes the login for a server; returns whether there was one, or should have been.
    pub fn forget(&self, server: &Url) -> Result<bool, StoredError> {
        let name = Place::name_of(server);
        self.change(|logins| {
            let was_stored = self.store.remove(&name)?;
            Ok(logins.remove(&name).is_some() || was_stored)
        })
    }

    fn change<T>(
        &self,
        change: impl FnOnce(&mut BTreeMap<String, StoredLogin>) -> Result<T, StoredError>,
    ) -> Result<T, StoredError> {
        let path = self.directory.join(FILE);
        let _lock = Lock::acquire(&self.directory.join(LOCK))?;
        let mut logins = self.list()?;
        let changed = change(&mut logins)?;
        if logins.is_empty() {
            remove_file(&path)?;
        } else {
            let text = serde_json::to_vec_pretty(&Content { logins });
            let damaged = |source| StoredError::Damaged { path: path.clone(), source };
            write_atomic(&path, &text.map_err(damaged)?)?;
        }
        Ok(changed)
    }
}

/// The secret store as a source of logins.
pub(super) struct Stored {
    /// Whether it has failed once; then it is left alone.
    is_broken: Cell<bool>,
    list: OnceCell<BTreeMap<String, StoredLogin>>,
    store: Box<dyn SecretStore>,
    trust_dir: Option<PathBuf>,
}

impl Stored {
    pub(super) fn new(trust_dir: Option<PathBuf>, store: Box<dyn SecretStore>) -> Self {
        Self { is_broken: Cell::new(false), list: OnceCell::new(), store, trust_dir }
    }

    /// The login for a server, if it is in the list, or `anyway`. What is wrong is told, and counts
    /// as none.
    pub(super) fn find(&self, server: &Url, anyway: bool, prompt: &dyn Prompt) -> Option<Found> {
        let name = Place::name_of(server);
        let is_in_list = self.list(prompt).contains_key(&name);
        if self.is_broken.get() || !(is_in_list || anyway) {
            return None;
        }
        match self.store.read(&name) {
            Ok(Some(text)) => parse(&text, &name, prompt),
            Ok(None) if is_in_list => {
                prompt.warn(&format!("the secret store has no login for {name} any more"));
                None
            }
            Ok(None) => None,
            Err(error) => {
                prompt.warn(&error.to_string());
                self.is_broken.set(true);
                None
            }
        }
    }

    fn list(&self, prompt: &dyn Prompt) -> &BTreeMap<String, StoredLogin> {
        self.list.get_or_init(|| {
            let Some(trust_dir) = &self.trust_dir else { return BTreeMap::new() };
            StoredLogins::new(trust_dir, &*self.store).list().unwrap_or_else(|error| {
                prompt.warn(&format!("no logins are taken from the secret store: {error}"));
                BTreeMap::new()
            })
        })
    }
}

fn parse(text: &Secret, name: &str, prompt: &dyn Prompt) -> Option<Found> {
    match answer::parse(text.as_bytes()) {
        Ok(login) => login.map(|login| Found { login, source: "the secret store".to_owned() }),
        Err(error) => {
            prompt.warn(&format!("what the secret store has for {name} is not used: {error}"));
            None
        }
    }
}
