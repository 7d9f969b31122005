//! Encrypted keys of client certificates.

use std::path::Path;
use std::rc::Rc;

use zeroize::Zeroizing;

use super::Session;
use crate::error::causes_of;
use crate::keys::passphrase::{PassphraseError, Passphrases, Wanted};
use crate::keys::{OpenError, unlock};
use crate::remote::{KeyOpener, LockedKey};
use crate::secret::PromptError;
use crate::tuf::pem::Block;

impl Session<'_> {
    /// Opens keys of client certificates with passphrases from wherever this run finds them.
    pub fn client_key_opener(&self) -> KeyOpener {
        let (sources, prompt) = (Rc::clone(&self.sources), Rc::clone(&self.prompt));
        KeyOpener::new(move |file, block| {
            open(file, block, &Passphrases::new(&sources, &*prompt)).map_err(|error| LockedKey {
                words: std::iter::once(error.to_string())
                    .chain(causes_of(&error))
                    .collect::<Vec<_>>()
                    .join(": "),
                is_interruption: matches!(error, PassphraseError::Prompt(PromptError::Interrupted)),
            })
        })
    }
}

fn open(
    file: &Path,
    block: &Block,
    passphrases: &Passphrases<'_>,
) -> Result<Zeroizing<Vec<u8>>, PassphraseError> {
    // Notary-go: nobody is asked for the empty passphrase.
    if let Ok(key) = unlock(block, "") {
        return Ok(key);
    }
    let wanted = Wanted::client_key(file);
    passphrases.existing(&wanted, |passphrase| match unlock(block, passphrase) {
        Ok(key) => Ok(Some(key)),
        Err(OpenError::WrongPassphrase) => Ok(None),
        Err(source) => Err(PassphraseError::Key { key: wanted.name.clone(), source }),
    })
}
