//! All sources of a run in their order, and what was typed.
//!
//! 1. `--passphrase-file`
//! 2. `--passphrase-command`
//! 3. environment variables, then the files that they name
//! 4. the files and the command of the configuration
//! 5. the secret store of the operating system, for keys that are remembered there
//!
//! The person at the terminal comes last, and is no business of this file.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::remembered::RememberedSource;
use super::source::{
    Found, PassphraseCommand, PassphraseFile, Purpose, ShellCommand, Source, SourceError, Variables,
};
use super::wanted::{Kind, Wanted};
use super::{Passphrase, Prompt};
use crate::secret::SystemStore;

/// Files and a command with passphrases, as they were given.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// Files by what their first line is for.
    pub files: BTreeMap<Kind, PathBuf>,
    /// The command that prints passphrases.
    pub command: Option<ShellCommand>,
}

/// What a run was given to find passphrases.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// By the command line.
    pub options: Places,
    /// By the environment: passphrases, by the name of their variable.
    pub variables: BTreeMap<&'static str, Passphrase>,
    /// By the environment: files, by what their first line is for.
    pub variable_files: Vec<(Kind, PathBuf)>,
    /// By the configuration; what the command line gives as well does not count.
    pub configured: Places,
    /// Whether to ask the secret store for all keys or for none, instead of for those that are
    /// remembered there.
    pub keyring: Option<bool>,
}

/// The sources of a run, in their order.
#[derive(Default)]
pub struct Sources {
    chain: Vec<Box<dyn Source>>,
    /// What was typed and was right, by the id of the key.
    typed: RefCell<BTreeMap<String, Passphrase>>,
    /// Tokens that refused what was found for them: nothing is tried on them any more by itself.
    refused: RefCell<BTreeSet<String>>,
}

impl Sources {
    /// The sources that were given, and the secret store for what is remembered in `trust_dir`.
    /// Nothing is read yet.
    pub fn new(given: Given, trust_dir: &Path) -> Self {
        let Given { options, variables, variable_files, mut configured, keyring } = given;
        configured.files.retain(|kind, _| !options.files.contains_key(kind));
        if options.command.is_some() {
            configured.command = None;
        }
        let mut sources = Self::default();
        sources.push_places(options);
        sources.push(Variables(variables));
        for (kind, path) in variable_files {
            sources.push(PassphraseFile::new(kind, path));
        }
        sources.push_places(configured);
        if keyring != Some(false) {
            let for_all = keyring == Some(true);
            sources.push(RememberedSource::new(trust_dir, SystemStore::PASSPHRASES, for_all));
        }
        sources
    }

    /// Adds a source behind the others.
    pub fn push(&mut self, source: impl Source + 'static) {
        self.chain.push(Box::new(source));
    }

    fn push_places(&mut self, places: Places) {
        // What is for one role goes before what is for many.
        let (general, special): (Vec<_>, Vec<_>) =
            places.files.into_iter().partition(|(kind, _)| kind.is_general());
        for (kind, path) in special.into_iter().chain(general) {
            self.push(PassphraseFile::new(kind, path));
        }
        if let Some(line) = places.command {
            self.push(PassphraseCommand::new(line));
        }
    }

    /// What the sources have for it, in their order, each asked when its turn has come.
    pub(super) fn find<'s>(
        &'s self,
        wanted: &'s Wanted,
        purpose: Purpose,
        prompt: &'s dyn Prompt,
    ) -> impl Iterator<Item = Result<Found, SourceError>> + 's {
        let found = self.chain.iter().map(move |source| source.find(wanted, purpose, prompt));
        found.filter_map(Result::transpose)
    }

    /// What was typed for it earlier and was right.
    pub(super) fn typed(&self, wanted: &Wanted) -> Option<Passphrase> {
        self.typed.borrow().get(&key_of(wanted)).cloned()
    }

    /// Keeps what was typed and was right, as long as the process lives.
    pub(super) fn remember_typed(&self, wanted: &Wanted, passphrase: &Passphrase) {
        self.typed.borrow_mut().insert(key_of(wanted), passphrase.clone());
    }

    /// Whether nothing may be tried on it by itself any more.
    pub(super) fn has_refused(&self, wanted: &Wanted) -> bool {
        self.refused.borrow().contains(&key_of(wanted))
    }

    /// Notes that what was found is wrong, if such mistakes are counted elsewhere.
    pub(super) fn note_refusal(&self, wanted: &Wanted) {
        self.typed.borrow_mut().remove(&key_of(wanted));
        if wanted.kind.is_counted() {
            self.refused.borrow_mut().insert(key_of(wanted));
        }
    }
}

/// What one passphrase is for: the id of a key, else the name.
fn key_of(wanted: &Wanted) -> String {
    wanted.id.as_ref().map_or_else(|| wanted.name.clone(), ToString::to_string)
}
