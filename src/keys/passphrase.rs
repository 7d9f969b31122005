//! Passphrases: the chain of sources that may have one, then the person at the terminal.
//!
//! Other parts of the program ask [`Passphrases`] for what is [`Wanted`]:
//!
//! * [`existing`](Passphrases::existing) gets a passphrase that has to be the right one. The caller
//!   says whether it is, and it is told and the next source tried until one is right.
//! * [`choose`](Passphrases::choose) gets a passphrase for something new.
//! * [`open`](Passphrases::open) opens a stored key.
//!
//! Nobody else asks for secrets, and nothing here speaks but through [`Prompt`]. A passphrase
//! belongs to one key: what was typed for a key is used for that key only.

mod remembered;
mod source;
mod sources;
mod wanted;

use std::path::Path;

use thiserror::Error;

pub use crate::secret::{Prompt, PromptError, Secret as Passphrase};
pub use remembered::{Mark, Remembered, RememberedError, RememberedSource};
pub use source::{Found, Origin, Purpose, ShellCommand, Source, SourceError};
pub use sources::{Given, Places, Sources};
pub use wanted::{Kind, NAMES, Names, UnknownKind, Wanted};

use super::{OpenError, PrivateKey, StoredKey};
use crate::tuf::role::RoleName;

/// How often somebody may mistype an existing passphrase.
pub const TRIES: u32 = 3;
/// How often somebody may fail to choose a new passphrase.
const TRIES_FOR_NEW: u32 = 12;
/// The fewest bytes of a passphrase that is chosen at the terminal.
const MIN_BYTES: usize = 8;

/// Why something could not be opened, or a passphrase for something new be had.
#[derive(Debug, Error)]
pub enum PassphraseError {
    /// The key file itself is the problem.
    #[error("{key} cannot be opened")]
    Key {
        /// Which key.
        key: String,
        /// What is wrong with it.
        #[source]
        source: OpenError,
    },
    /// Nobody could be asked and nothing was given.
    #[error("there is no {noun} for {name}")]
    NoSource {
        /// Which sources could have had it.
        kind: Kind,
        /// What it is, in one word.
        noun: &'static str,
        /// What it was wanted for.
        name: String,
    },
    /// Asking failed.
    #[error(transparent)]
    Prompt(#[from] PromptError),
    /// A source that was given cannot answer.
    #[error("there is no {noun} for {name}")]
    Source {
        /// What it is, in one word.
        noun: &'static str,
        /// What it was wanted for.
        name: String,
        /// What is wrong with the source.
        #[source]
        source: SourceError,
    },
    /// No new passphrase was chosen.
    #[error("no passphrase was chosen in {TRIES_FOR_NEW} tries")]
    TooManyTries,
    /// Three wrong answers.
    #[error("wrong {noun} for {name} ({TRIES} tries)")]
    Wrong {
        /// What it is, in one word.
        noun: &'static str,
        /// What it was wanted for.
        name: String,
    },
    /// All that was given is wrong, and nobody could be asked.
    #[error("{}", do_not_open(origins, name))]
    WrongValues {
        /// Which sources could have had it.
        kind: Kind,
        /// What was tried.
        origins: Vec<Origin>,
        /// What it was wanted for.
        name: String,
    },
}

/// Says that something wrong was found, in all places where it was.
fn do_not_open(origins: &[Origin], name: &str) -> String {
    let verb = if origins.len() == 1 { "does" } else { "do" };
    let origins: Vec<_> = origins.iter().map(ToString::to_string).collect();
    format!("{} {verb} not open {name}", origins.join(" and "))
}

/// Finds passphrases.
#[derive(Clone, Copy)]
pub struct Passphrases<'a> {
    sources: &'a Sources,
    prompt: &'a dyn Prompt,
}

impl<'a> Passphrases<'a> {
    /// Takes passphrases from `sources`, else asks.
    pub fn new(sources: &'a Sources, prompt: &'a dyn Prompt) -> Self {
        Self { sources, prompt }
    }

    /// Opens a key from the key store.
    pub fn open(&self, key: &StoredKey) -> Result<PrivateKey, PassphraseError> {
        self.open_with(&Wanted::stored(&key.info), |passphrase| key.open(passphrase))
    }

    /// The passphrase that opens a key from the key store, which must be encrypted.
    pub fn of_key(&self, key: &StoredKey) -> Result<Passphrase, PassphraseError> {
        let wanted = Wanted::stored(&key.info);
        self.existing(&wanted, |passphrase| match key.open(Some(passphrase)) {
            Ok(_) => Ok(Some(passphrase.into())),
            Err(OpenError::WrongPassphrase) => Ok(None),
            Err(source) => Err(PassphraseError::Key { key: wanted.name.clone(), source }),
        })
    }

    /// Opens a key in a file that is to become a key of `role`.
    pub fn open_file(
        &self,
        role: &RoleName,
        path: &Path,
        open: impl Fn(Option<&str>) -> Result<PrivateKey, OpenError>,
    ) -> Result<PrivateKey, PassphraseError> {
        self.open_with(&Wanted::key_file(role, path), open)
    }

    /// Opens a key from anywhere: `open` is called without a passphrase first, and with the ones
    /// that are found until one fits.
    pub fn open_with(
        &self,
        wanted: &Wanted,
        open: impl Fn(Option<&str>) -> Result<PrivateKey, OpenError>,
    ) -> Result<PrivateKey, PassphraseError> {
        let failed = |source| PassphraseError::Key { key: wanted.name.clone(), source };
        match open(None) {
            Err(OpenError::PassphraseNeeded) => {}
            result => return result.map_err(failed),
        }
        self.existing(wanted, |passphrase| match open(Some(passphrase)) {
            Ok(key) => Ok(Some(key)),
            Err(OpenError::WrongPassphrase) => Ok(None),
            Err(error) => Err(failed(error)),
        })
    }

    /// Gets a secret that has to be the right one.
    ///
    /// `try_it` is called with what is found until it returns something; `None` means that the
    /// secret is wrong. An error of it ends the search and is returned. What was found and is wrong
    /// is told, and the next source tried; in the end the person at the terminal, three times.
    ///
    /// Of a PIN, only one value is ever tried without a person, and none once it was wrong, since
    /// tokens lock.
    pub fn existing<T, E: From<PassphraseError>>(
        &self,
        wanted: &Wanted,
        mut try_it: impl FnMut(&str) -> Result<Option<T>, E>,
    ) -> Result<T, E> {
        if let Some(typed) = self.sources.typed(wanted) {
            match try_it(&typed)? {
                Some(opened) => return Ok(opened),
                None => self.sources.note_refusal(wanted),
            }
        }
        let mut wrong: Vec<Found> = Vec::new();
        let sources = self.sources.find(wanted, Purpose::Open, self.prompt);
        let sources = sources.take(if self.sources.has_refused(wanted) { 0 } else { usize::MAX });
        for found in sources {
            let found = found.map_err(|source| source_failed(wanted, source))?;
            // What was wrong from one source is wrong from another.
            let is_new = wrong.iter().all(|other| other.value != found.value);
            if is_new && let Some(opened) = try_it(&found.value)? {
                for found in wrong {
                    self.prompt.warn(&do_not_open(&[found.origin], &wanted.name));
                }
                return Ok(opened);
            }
            self.sources.note_refusal(wanted);
            wrong.push(found);
            if self.sources.has_refused(wanted) {
                break;
            }
        }
        let mut origins: Vec<Origin> = Vec::new();
        for Found { origin, .. } in wrong {
            // One file may have been given in two ways.
            if !origins.contains(&origin) {
                origins.push(origin);
            }
        }
        self.ask_for_existing(wanted, origins, try_it)
    }

    fn ask_for_existing<T, E: From<PassphraseError>>(
        &self,
        wanted: &Wanted,
        origins: Vec<Origin>,
        mut try_it: impl FnMut(&str) -> Result<Option<T>, E>,
    ) -> Result<T, E> {
        let (name, noun) = (&wanted.name, wanted.noun());
        let nobody = || match origins.is_empty() {
            true => no_source(wanted, name),
            false => PassphraseError::WrongValues {
                kind: wanted.kind.clone(),
                origins: origins.clone(),
                name: name.clone(),
            },
        };
        for origin in &origins {
            self.tell(&as_sentence(&do_not_open(std::slice::from_ref(origin), name)), nobody)?;
        }
        let question = format!("Enter {noun} for {}: ", wanted.subject);
        for left in (0..TRIES).rev() {
            let typed = self.ask(&question, nobody)?;
            // No token has an empty PIN, and trying one would count.
            let is_tried = !(typed.is_empty() && wanted.kind.is_counted());
            if is_tried && let Some(opened) = try_it(&typed)? {
                self.sources.remember_typed(wanted, &typed);
                return Ok(opened);
            }
            // How often a token may still be tried is for the token to say.
            let tries = match left {
                _ if wanted.kind.is_counted() => String::new(),
                1 => " (1 try left)".to_owned(),
                left => format!(" ({left} tries left)"),
            };
            if left > 0 {
                self.tell(&format!("wrong {noun} for {name}{tries}"), nobody)?;
            }
        }
        Err(PassphraseError::Wrong { noun, name: name.clone() }.into())
    }

    /// Gets a secret to protect something new: the first that a source has, as it is, else one that
    /// somebody types twice.
    pub fn choose(&self, wanted: &Wanted) -> Result<Passphrase, PassphraseError> {
        if let Some(found) = self.sources.find(wanted, Purpose::New, self.prompt).next() {
            return match found {
                Ok(found) => Ok(found.value),
                Err(source) => Err(source_failed(wanted, source)),
            };
        }
        let nobody = || no_source(wanted, &format!("the new {}", wanted.name));
        if wanted.role == RoleName::ROOT.as_str() {
            for line in ROOT_WARNING {
                self.tell(line, nobody)?;
            }
        }
        let key = format!("{} for new {}: ", wanted.noun(), wanted.subject);
        for _ in 0..TRIES_FOR_NEW {
            let passphrase = self.ask(&format!("Enter {key}"), nobody)?;
            if passphrase.len() < MIN_BYTES {
                self.tell(TOO_SHORT, nobody)?;
            } else if self.ask(&format!("Repeat {key}"), nobody)? == passphrase {
                return Ok(passphrase);
            } else {
                self.tell("Passphrases do not match. Please retry.", nobody)?;
            }
        }
        Err(PassphraseError::TooManyTries)
    }

    /// What is known of it without asking anybody: what was typed before, else what the first
    /// source has. Whether it is right is not known.
    pub fn known(&self, wanted: &Wanted) -> Option<Passphrase> {
        self.sources.typed(wanted).or_else(|| {
            // A source that fails says so when its answer is needed.
            let found = self.sources.find(wanted, Purpose::Open, self.prompt).next()?;
            found.ok().map(|found| found.value)
        })
    }

    /// Says something that matters for what is typed next.
    pub(super) fn warn(&self, line: &str) {
        self.prompt.warn(line);
    }

    fn ask(
        &self,
        question: &str,
        nobody: impl Fn() -> PassphraseError,
    ) -> Result<Passphrase, PassphraseError> {
        or_nobody(self.prompt.ask(question), nobody)
    }

    fn tell(
        &self,
        line: &str,
        nobody: impl Fn() -> PassphraseError,
    ) -> Result<(), PassphraseError> {
        or_nobody(self.prompt.tell(line), nobody)
    }
}

/// Says what was needed when there is nobody to ask.
fn or_nobody<T>(
    answer: Result<T, PromptError>,
    nobody: impl Fn() -> PassphraseError,
) -> Result<T, PassphraseError> {
    answer.map_err(|error| match error {
        PromptError::NoTerminal => nobody(),
        other => other.into(),
    })
}

fn no_source(wanted: &Wanted, name: &str) -> PassphraseError {
    let (kind, noun) = (wanted.kind.clone(), wanted.noun());
    PassphraseError::NoSource { kind, noun, name: name.to_owned() }
}

fn source_failed(wanted: &Wanted, source: SourceError) -> PassphraseError {
    PassphraseError::Source { noun: wanted.noun(), name: wanted.name.clone(), source }
}

/// The words as a line that stands for itself.
fn as_sentence(words: &str) -> String {
    let mut characters = words.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).chain(['.']).collect()
}

const TOO_SHORT: &str = "Passphrase is too short. Please use a password manager to generate and \
                         store a good random passphrase.";

/// What is said before the first passphrase of a root key is chosen.
const ROOT_WARNING: [&str; 6] = [
    "You are about to create a new root signing key passphrase. This passphrase",
    "will be used to protect the most sensitive key in your signing system. Please",
    "choose a long, complex passphrase and be careful to keep the password and the",
    "key file itself secure and backed up. It is highly recommended that you use a",
    "password manager to generate the passphrase and keep it safe. There will be no",
    "way to recover this key. You can find the key in your config directory.",
];

#[cfg(test)]
mod tests;
