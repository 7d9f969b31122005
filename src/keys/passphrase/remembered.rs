//! Which passphrases are in the secret store: a list in the trust directory, so that the store is
//! not asked in vain.
//!
//! The list says for which keys to ask, not whether there is an answer: the store belongs to the
//! user, who may change it by other means. Passphrases go into the store before their keys into the
//! list, and leave it before them.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::source::{Found, Origin, Purpose, Source, SourceError};
use super::wanted::Wanted;
use super::{Passphrase, Prompt};
use crate::fsutil::{Lock, PathError, read_bounded, remove_file, write_atomic};
use crate::keys::KeyInfo;
use crate::secret::{SecretStore, SecretStoreError};
use crate::tuf::key::KeyId;

const FILE: &str = "remembered.json";
const LOCK: &str = ".remembered.lock";
const MAX_BYTES: u64 = 16 << 20;

/// What is known of a key whose passphrase is remembered; the key itself may be gone.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Mark {
    /// The role that it was made for.
    pub role: String,
    /// The collection, if it serves only one.
    pub gun: Option<String>,
}

impl Mark {
    /// What is to be known of a key.
    pub fn of(key: &KeyInfo) -> Self {
        Self { role: key.role.clone(), gun: key.gun.clone() }
    }
}

/// The file, as it is written.
#[derive(Default, Deserialize, Serialize)]
struct Content {
    keys: BTreeMap<String, Mark>,
}

/// Why the list cannot be used.
#[derive(Debug, Error)]
pub enum RememberedError {
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

/// The list of the keys of a trust directory whose passphrases are in a secret store.
pub struct Remembered<'s> {
    directory: PathBuf,
    store: &'s dyn SecretStore,
}

impl<'s> Remembered<'s> {
    /// The list in `trust_dir`, which need not exist.
    pub fn new(trust_dir: &Path, store: &'s dyn SecretStore) -> Self {
        Self { directory: trust_dir.to_owned(), store }
    }

    /// The keys in the list, by canonical id.
    pub fn list(&self) -> Result<BTreeMap<KeyId, Mark>, RememberedError> {
        let path = self.directory.join(FILE);
        let Some(text) = read_bounded(&path, MAX_BYTES)? else { return Ok(BTreeMap::new()) };
        let content: Content = serde_json::from_slice(&text)
            .map_err(|source| RememberedError::Damaged { path, source })?;
        let keys = content.keys.into_iter();
        // What cannot be the id of a key has no passphrase.
        Ok(keys.filter_map(|(id, mark)| Some((KeyId::parse(&id)?, mark))).collect())
    }

    /// Keeps the passphrase of a key.
    pub fn remember(
        &self,
        id: &KeyId,
        mark: Mark,
        passphrase: &Passphrase,
    ) -> Result<(), RememberedError> {
        self.change(|keys| {
            self.store.write(id.as_str(), passphrase)?;
            keys.insert(id.clone(), mark);
            Ok(())
        })
    }

    /// Removes the passphrase of a key; returns whether there was one, or should have been.
    pub fn forget(&self, id: &KeyId) -> Result<bool, RememberedError> {
        self.change(|keys| {
            let was_stored = self.store.remove(id.as_str())?;
            Ok(keys.remove(id).is_some() || was_stored)
        })
    }

    fn change<T>(
        &self,
        change: impl FnOnce(&mut BTreeMap<KeyId, Mark>) -> Result<T, RememberedError>,
    ) -> Result<T, RememberedError> {
        let path = self.directory.join(FILE);
        let _lock = Lock::acquire(&self.directory.join(LOCK))?;
        let mut keys = self.list()?;
        let changed = change(&mut keys)?;
        if keys.is_empty() {
            remove_file(&path)?;
        } else {
            let keys = keys.into_iter().map(|(id, mark)| (id.to_string(), mark)).collect();
            let text = serde_json::to_vec_pretty(&Content { keys });
            let damaged = |source| RememberedError::Damaged { path: path.clone(), source };
            write_atomic(&path, &text.map_err(damaged)?)?;
        }
        Ok(changed)
    }
}

/// The secret store as a source, for keys in the list, or for all.
pub struct RememberedSource {
    list: OnceCell<BTreeMap<KeyId, Mark>>,
    for_all: bool,
    found: RefCell<BTreeMap<KeyId, Option<Passphrase>>>,
    /// Whether it has failed once; then it is left alone.
    is_broken: OnceCell<()>,
    store: Box<dyn SecretStore>,
    trust_dir: PathBuf,
}

impl RememberedSource {
    /// Asks `store` for the keys that are in the list of `trust_dir`, or for all keys.
    pub fn new(trust_dir: &Path, store: impl SecretStore + 'static, for_all: bool) -> Self {
        Self {
            list: OnceCell::new(),
            for_all,
            found: RefCell::default(),
            is_broken: OnceCell::new(),
            store: Box::new(store),
            trust_dir: trust_dir.to_owned(),
        }
    }

    fn is_in_list(&self, id: &KeyId, prompt: &dyn Prompt) -> bool {
        let list = self.list.get_or_init(|| {
            let list = Remembered::new(&self.trust_dir, &*self.store).list();
            list.unwrap_or_else(|error| {
                prompt.warn(&format!("no passphrases are remembered: {error}"));
                BTreeMap::new()
            })
        });
        list.contains_key(id)
    }

    fn read(&self, id: &KeyId, wanted: &Wanted, prompt: &dyn Prompt) -> Option<Passphrase> {
        let is_in_list = self.is_in_list(id, prompt);
        if self.is_broken.get().is_some() || !(is_in_list || self.for_all) {
            return None;
        }
        match self.store.read(id.as_str()) {
            Ok(None) if is_in_list => {
                let name = &wanted.name;
                prompt.warn(&format!("the secret store has no passphrase of {name} any more"));
                None
            }
            Ok(found) => found,
            Err(error) => {
                prompt.warn(&error.to_string());
                // A second failure is the same.
                let _ = self.is_broken.set(());
                None
            }
        }
    }
}

impl Source for RememberedSource {
    fn find(
        &self,
        wanted: &Wanted,
        purpose: Purpose,
        prompt: &dyn Prompt,
    ) -> Result<Option<Found>, SourceError> {
        let Some(id) = wanted.id.as_ref().filter(|_| purpose == Purpose::Open) else {
            return Ok(None);
        };
        let known = self.found.borrow().get(id).cloned();
        let value = known.unwrap_or_else(|| {
            let found = self.read(id, wanted, prompt);
            self.found.borrow_mut().insert(id.clone(), found.clone());
            found
        });
        Ok(value.map(|value| Found { value, origin: Origin::SecretStore }))
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;

    /// A store in memory that counts how often it is asked, and fails if there is none.
    #[derive(Clone, Default)]
    struct Memory {
        asked: Rc<RefCell<u32>>,
        kept: Rc<RefCell<Option<BTreeMap<String, Passphrase>>>>,
    }

    impl Memory {
        fn empty() -> Self {
            let memory = Self::default();
            memory.kept.replace(Some(BTreeMap::new()));
            memory
        }

        fn act<T>(
            &self,
            act: impl FnOnce(&mut BTreeMap<String, Passphrase>) -> T,
        ) -> Result<T, SecretStoreError> {
            *self.asked.borrow_mut() += 1;
            let mut kept = self.kept.borrow_mut();
            kept.as_mut().map(act).ok_or_else(|| SecretStoreError("it is broken".to_owned()))
        }
    }

    impl SecretStore for Memory {
        fn check(&self) -> Result<(), SecretStoreError> {
            self.act(|_| ())
        }

        fn read(&self, id: &str) -> Result<Option<Passphrase>, SecretStoreError> {
            self.act(|kept| kept.get(id).cloned())
        }

        fn write(&self, id: &str, passphrase: &Passphrase) -> Result<(), SecretStoreError> {
            self.act(|kept| _ = kept.insert(id.to_owned(), passphrase.clone()))
        }

        fn remove(&self, id: &str) -> Result<bool, SecretStoreError> {
            self.act(|kept| kept.remove(id).is_some())
        }
    }

    /// Notes what is said.
    #[derive(Default)]
    struct Listener(RefCell<Vec<String>>);

    impl Prompt for Listener {
        fn ask(&self, _: &str) -> Result<Passphrase, super::super::PromptError> {
            unreachable!("a source asks nobody")
        }

        fn tell(&self, line: &str) -> Result<(), super::super::PromptError> {
            self.0.borrow_mut().push(line.to_owned());
            Ok(())
        }
    }

    fn id(digit: &str) -> KeyId {
        KeyId::parse(&digit.repeat(64)).unwrap()
    }

    fn wanted(digit: &str) -> Wanted {
        Wanted::new_key("targets", Some("example.com/app"), &id(digit))
    }

    fn mark() -> Mark {
        Mark { role: "targets".to_owned(), gun: Some("example.com/app".to_owned()) }
    }

    fn find(source: &RememberedSource, digit: &str, said: &Listener) -> Option<Passphrase> {
        let found = source.find(&wanted(digit), Purpose::Open, said).unwrap();
        found.map(|found| found.value)
    }

    #[test]
    fn only_keys_in_the_list_are_asked_for_and_once() {
        let directory = tempfile::tempdir().unwrap();
        let trust_dir = directory.path().join("trust");
        let (store, said) = (Memory::empty(), Listener::default());
        let source = || RememberedSource::new(&trust_dir, store.clone(), false);
        assert_eq!(find(&source(), "a", &said), None);
        assert!(*store.asked.borrow() == 0 && !trust_dir.exists());

        let list = Remembered::new(&trust_dir, &store);
        list.remember(&id("a"), mark(), &"sesame".into()).unwrap();
        assert_eq!(list.list().unwrap(), [(id("a"), mark())].into());
        let before = *store.asked.borrow();
        let source = source();
        for _ in 0..2 {
            assert_eq!(find(&source, "a", &said), Some("sesame".into()));
            assert_eq!(find(&source, "b", &said), None);
        }
        assert!(source.find(&wanted("a"), Purpose::New, &said).unwrap().is_none());
        assert!(source.find(&Wanted::pin("t"), Purpose::Open, &said).unwrap().is_none());
        assert_eq!(*store.asked.borrow(), before + 1);
        assert!(said.0.borrow().is_empty());
    }

    #[test]
    fn all_keys_are_asked_for_if_that_is_wanted() {
        let directory = tempfile::tempdir().unwrap();
        let (store, said) = (Memory::empty(), Listener::default());
        store.write(id("a").as_str(), &"sesame".into()).unwrap();
        let source = RememberedSource::new(directory.path(), store, true);
        assert_eq!(find(&source, "a", &said), Some("sesame".into()));
        // It need not have all of them.
        assert_eq!(find(&source, "b", &said), None);
        assert!(said.0.borrow().is_empty());
    }

    #[test]
    fn what_somebody_else_removed_is_told_once() {
        let directory = tempfile::tempdir().unwrap();
        let (store, said) = (Memory::empty(), Listener::default());
        let list = Remembered::new(directory.path(), &store);
        list.remember(&id("a"), mark(), &"sesame".into()).unwrap();
        store.remove(id("a").as_str()).unwrap();
        let source = RememberedSource::new(directory.path(), store.clone(), false);
        assert_eq!((find(&source, "a", &said), find(&source, "a", &said)), (None, None));
        let words =
            "the secret store has no passphrase of targets key aaaaaaa of example.com/app any more";
        assert_eq!(*said.0.borrow(), [words]);
        // Then it is only in the list, and can be forgotten.
        assert!(list.forget(&id("a")).unwrap());
        assert!(!list.forget(&id("a")).unwrap());
        assert!(!directory.path().join(FILE).exists());
    }

    #[test]
    fn a_store_that_cannot_be_used_is_told_once_and_changes_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let (store, said) = (Memory::empty(), Listener::default());
        let list = Remembered::new(directory.path(), &store);
        for digit in ["a", "b"] {
            list.remember(&id(digit), mark(), &"sesame".into()).unwrap();
        }
        store.kept.replace(None);
        let source = RememberedSource::new(directory.path(), store.clone(), false);
        assert_eq!((find(&source, "a", &said), find(&source, "b", &said)), (None, None));
        let words = "the secret store of this system cannot be used: it is broken";
        assert_eq!(*said.0.borrow(), [words]);
        assert!(matches!(list.forget(&id("a")), Err(RememberedError::Store(_))));
        let remember = list.remember(&id("c"), mark(), &"sesame".into());
        assert!(matches!(remember, Err(RememberedError::Store(_))));
        assert_eq!(list.list().unwrap().len(), 2);
    }

    #[test]
    fn a_damaged_list_is_told_and_not_replaced() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(FILE);
        write_atomic(&path, b"{").unwrap();
        let (store, said) = (Memory::empty(), Listener::default());
        let source = RememberedSource::new(directory.path(), store.clone(), false);
        assert_eq!(find(&source, "a", &said), None);
        assert!(said.0.borrow()[0].contains("is damaged"), "{:?}", said.0);
        let list = Remembered::new(directory.path(), &store);
        let remember = list.remember(&id("a"), mark(), &"sesame".into());
        assert!(matches!(remember, Err(RememberedError::Damaged { .. })));
        assert_eq!(read_bounded(&path, 9).unwrap().unwrap(), b"{");
        assert_eq!(*store.asked.borrow(), 0);
    }
}
