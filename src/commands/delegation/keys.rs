//! The keys that are given to `delegation add`: files, and ids of keys that are here.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use crate::commands::{Session, key};
use crate::error::{CliError, Exit};
use crate::fsutil;
use crate::keys::{GivenKey, IdPrefix, KeyStore as _, MAX_PUBLIC_BYTES, NoMatch};
use crate::repo::inventory::Inventory;
use crate::tuf::key::{KeyId, PublicKey};

/// What a word of the command line stands for.
enum Given {
    File(GivenKey),
    Own(KeyId),
}

/// Reads the public keys that `words` stand for. Nobody is asked for a passphrase before all of them
/// make sense.
pub fn read(session: &mut Session<'_>, words: &[OsString]) -> Result<Vec<GivenKey>, CliError> {
    let given = words.iter().map(|word| find(session, word)).collect::<Result<Vec<_>, _>>()?;
    let public = |given| match given {
        Given::File(key) => Ok(key),
        Given::Own(id) => own_key(session, &id).map(|key| GivenKey { key, certificate: None }),
    };
    given.into_iter().map(public).collect()
}

/// A file or, if there is none of that name, the beginning of the id of a key that is here.
fn find(session: &Session<'_>, word: &OsStr) -> Result<Given, CliError> {
    if word.is_empty() {
        let words = "the name of a file with a public key cannot be empty";
        return Err(CliError::new(Exit::Usage, words));
    }
    let path = session.cwd.join(word);
    if let Some(text) = fsutil::read_any_bounded(&path, MAX_PUBLIC_BYTES)? {
        let key = GivenKey::parse(&text, session.now);
        return key.map(Given::File).map_err(|error| CliError::not_a_public_key(&path, error));
    }
    let prefix = word.to_str().and_then(|word| word.parse::<IdPrefix>().ok());
    let prefix = prefix.ok_or_else(|| missing(&path))?;
    let store = session.key_store();
    let (stored, on_token) = (store.list()?.keys, session.token.keys());
    let ids = stored.iter().map(|key| &key.id).chain(on_token.iter().map(|key| &key.id));
    prefix.find(ids).map(Given::Own).map_err(|error| key::explain(&store, &prefix, error))
}

fn missing(path: &Path) -> CliError {
    let hint = "a key that is here can also be given by its id; `notary key list` shows them";
    CliError::from(fsutil::missing(path)).hint(hint)
}

/// The public half of a key that is here: from where it can be read by everybody, or by opening the
/// key.
fn own_key(session: &mut Session<'_>, id: &KeyId) -> Result<PublicKey, CliError> {
    let named = Inventory::of(&session.config.trust_dir).keys.remove(id);
    // Nobody has judged what is named there, but the id is computed from the key.
    let named = named.and_then(|named| named.public).filter(|key| key.id() == *id);
    let on_token = || session.token.keys().into_iter().find(|key| key.id == *id);
    let public = match named.or_else(|| on_token().map(|key| key.public)) {
        Some(public) => public,
        None => {
            let store = session.key_store();
            let mut keychain = session.keychain(&store);
            let opened = keychain.open(id)?;
            let opened_keys = keychain.into_opened();
            session.opened_keys = opened_keys;
            let unknown = || NoMatch::Unknown { prefix: id.to_string() };
            opened.ok_or_else(unknown)?.public_key().clone()
        }
    };
    match public.is_usable() {
        true => Ok(public),
        false => Err(CliError::new(Exit::Failed, format!("nobody could verify with key {id}"))),
    }
}
