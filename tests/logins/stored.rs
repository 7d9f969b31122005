//! The secret store as a source: asked for servers in the list and for no others, and once.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;

use notary::credentials::{Chain, Effort, Given, Login, Sources, StoredError, StoredLogins};
use notary::secret::{Secret, SecretStore, SecretStoreError};
use url::Url;

use super::{PASSWORD, Person, auth, file, login, place, word};

const SERVER: &str = "https://notary.example:4443/path";
const NAME: &str = "https://notary.example:4443";

/// A store in memory that counts how often it is asked, and can be out of order.
#[derive(Clone, Default)]
struct Memory {
    asked: Rc<Cell<u32>>,
    is_broken: Rc<Cell<bool>>,
    kept: Rc<RefCell<BTreeMap<String, Secret>>>,
}

impl Memory {
    fn act<T>(
        &self,
        act: impl FnOnce(&mut BTreeMap<String, Secret>) -> T,
    ) -> Result<T, SecretStoreError> {
        self.asked.set(self.asked.get() + 1);
        match self.is_broken.get() {
            true => Err(SecretStoreError("it is broken".to_owned())),
            false => Ok(act(&mut self.kept.borrow_mut())),
        }
    }
}

impl SecretStore for Memory {
    fn check(&self) -> Result<(), SecretStoreError> {
        self.act(|_| ())
    }

    fn read(&self, account: &str) -> Result<Option<Secret>, SecretStoreError> {
        self.act(|kept| kept.get(account).cloned())
    }

    fn write(&self, account: &str, secret: &Secret) -> Result<(), SecretStoreError> {
        self.act(|kept| _ = kept.insert(account.to_owned(), secret.clone()))
    }

    fn remove(&self, account: &str) -> Result<bool, SecretStoreError> {
        self.act(|kept| kept.remove(account).is_some())
    }
}

fn url() -> Url {
    SERVER.parse().unwrap()
}

fn alice() -> Login {
    login("alice", PASSWORD).unwrap()
}

fn find(chain: &Rc<Chain>, sources: Sources) -> Option<Login> {
    let found = chain.for_servers(sources).find(&place(SERVER), Effort::AtHand).unwrap();
    found.map(|found| found.login)
}

fn given(trust_dir: &Path) -> Given {
    Given { trust_dir: Some(trust_dir.to_owned()), ..Given::default() }
}

#[test]
fn only_servers_in_the_list_are_asked_for_and_once() {
    let directory = tempfile::tempdir().unwrap();
    let (store, person) = (Memory::default(), Person::default());
    let chain = || {
        let prompt = Rc::new(person.clone());
        Chain::with_store(given(directory.path()), prompt, Box::new(store.clone()))
    };
    assert_eq!(find(&chain(), Sources::All), None);
    assert_eq!(store.asked.get(), 0);

    let logins = StoredLogins::new(directory.path(), &store);
    logins.keep(&url(), &alice()).unwrap();
    let list = std::fs::read_to_string(directory.path().join("logins.json")).unwrap();
    assert!(list.contains(NAME) && list.contains("alice") && !list.contains(PASSWORD), "{list}");
    let before = store.asked.get();
    let found = chain().for_servers(Sources::All).find(&place(SERVER), Effort::AtHand).unwrap();
    assert_eq!(found.unwrap().source, "the secret store");
    let chain = chain();
    for _ in 0..2 {
        assert_eq!(find(&chain, Sources::All), Some(alice()));
        let other = place("https://notary.example");
        assert_eq!(chain.for_servers(Sources::All).find(&other, Effort::Ask), Ok(None));
    }
    assert_eq!(store.asked.get(), before + 2);
    // Docker's alone, or nobody's, are not there.
    assert_eq!(find(&chain, Sources::Docker), None);
    assert_eq!(find(&chain, Sources::Nobody), None);
    assert_eq!(store.asked.get(), before + 2);
    assert!(person.warnings().is_empty());

    assert!(logins.forget(&url()).unwrap());
    assert!(!logins.forget(&url()).unwrap());
    assert!(store.kept.borrow().is_empty() && !directory.path().join("logins.json").exists());
}

#[test]
fn the_configuration_can_have_it_asked_in_any_case() {
    let (there, here) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (store, person) = (Memory::default(), Person::default());
    StoredLogins::new(there.path(), &store).keep(&url(), &alice()).unwrap();
    let prompt = Rc::new(person.clone());
    let chain = Chain::with_store(given(here.path()), prompt, Box::new(store.clone()));
    assert_eq!(find(&chain, Sources::All), None);
    assert_eq!(find(&chain, Sources::Keyring), Some(alice()));
    assert!(person.warnings().is_empty());
}

#[test]
fn it_goes_before_docker_and_behind_the_environment() {
    let directory = tempfile::tempdir().unwrap();
    let auths = serde_json::json!({"auths": {"notary.example:4443": {"auth": word("docker:x")}}});
    file(&directory, "config.json", &auths.to_string());
    let store = Memory::default();
    let docker = Given { docker: Some(directory.path().into()), ..given(directory.path()) };
    let chain = |given: Given| {
        Chain::with_store(given, Rc::new(Person::default()), Box::new(store.clone()))
    };
    assert_eq!(find(&chain(docker.clone()), Sources::All), login("docker", "x"));
    StoredLogins::new(directory.path(), &store).keep(&url(), &alice()).unwrap();
    assert_eq!(find(&chain(docker.clone()), Sources::All), Some(alice()));
    assert_eq!(find(&chain(docker.clone()), Sources::Docker), login("docker", "x"));
    let environment = Given { auth: auth("bob:b").auth, ..docker };
    assert_eq!(find(&chain(environment), Sources::All), login("bob", "b"));
}

#[test]
fn identity_tokens_are_kept_as_such() {
    let directory = tempfile::tempdir().unwrap();
    let store = Memory::default();
    let token = Login::IdentityToken(PASSWORD.into());
    let logins = StoredLogins::new(directory.path(), &store);
    logins.keep(&url(), &token).unwrap();
    assert_eq!(logins.list().unwrap()[NAME].user, None);
    let person = Rc::new(Person::default());
    let chain = Chain::with_store(given(directory.path()), person, Box::new(store.clone()));
    assert_eq!(find(&chain, Sources::All), Some(token));
}

#[test]
fn what_is_wrong_is_told_once_and_something_else_asked() {
    let directory = tempfile::tempdir().unwrap();
    let auths = serde_json::json!({"auths": {"notary.example:4443": {"auth": word("docker:x")}}});
    file(&directory, "config.json", &auths.to_string());
    let (store, person) = (Memory::default(), Person::default());
    let logins = StoredLogins::new(directory.path(), &store);
    let check = |warning: &str| {
        let given = Given { docker: Some(directory.path().into()), ..given(directory.path()) };
        let prompt = Rc::new(person.clone());
        let chain = Chain::with_store(given, prompt, Box::new(store.clone()));
        for _ in 0..2 {
            assert_eq!(find(&chain, Sources::All), login("docker", "x"));
        }
        let [said] = &person.warned.take()[..] else { panic!("no {warning:?}") };
        assert!(said.contains(warning) && !said.contains(PASSWORD), "{said}");
    };
    logins.keep(&url(), &alice()).unwrap();

    store.is_broken.set(true);
    check("the secret store of this system cannot be used: it is broken");
    assert!(matches!(logins.keep(&url(), &alice()), Err(StoredError::Store(_))));
    assert!(matches!(logins.forget(&url()), Err(StoredError::Store(_))));
    assert_eq!(logins.list().unwrap().len(), 1);
    store.is_broken.set(false);

    store.write(NAME, &PASSWORD.into()).unwrap();
    check(
        "what the secret store has for https://notary.example:4443 is not used: it is not a login",
    );
    store.remove(NAME).unwrap();
    check("the secret store has no login for https://notary.example:4443 any more");

    let list = file(&directory, "logins.json", "{");
    check(&format!("no logins are taken from the secret store: `{}` is damaged", list.display()));
    assert!(matches!(logins.keep(&url(), &alice()), Err(StoredError::Damaged { .. })));
    assert_eq!(std::fs::read_to_string(list).unwrap(), "{");
}
