//! Private keys in files that are named on the command line.

use std::path::Path;

use crate::error::{CliError, Exit};
use crate::fsutil;
use crate::keys::passphrase::PassphraseError;
use crate::keys::{KeyError, Keychain, PrivateKey, open, should_be_private_key};
use crate::tuf::pem;
use crate::tuf::role::RoleName;

/// The most bytes of a key or certificate file.
const MAX_PEM_BYTES: u64 = 1 << 20;

/// Opens a key in a file that is to become one of `role`.
///
/// A root key must be encrypted: who keeps it in the clear is better told than helped.
pub fn read(keychain: &Keychain<'_>, role: &RoleName, path: &Path) -> Result<PrivateKey, CliError> {
    let text = read_text(path)?;
    let Some(block) = pem::decode_all(&text).into_iter().find(should_be_private_key) else {
        let words = format!("`{}` has no private key", path.display());
        return Err(CliError::new(Exit::Failed, words));
    };
    if *role == RoleName::ROOT && open(&block, None).is_ok() {
        let words = format!("the root key in `{}` is not encrypted", path.display());
        return Err(CliError::new(Exit::Failed, words)
            .hint("`openssl pkcs8 -topk8 -in KEY -out ENCRYPTED-KEY` encrypts it"));
    }
    let opened =
        keychain.passphrases().open_file(role, path, |passphrase| open(&block, passphrase));
    opened.map_err(|error: PassphraseError| KeyError::from(error).into())
}

/// Reads a PEM file.
pub fn read_text(path: &Path) -> Result<Vec<u8>, CliError> {
    let cannot = |why: String| {
        CliError::new(Exit::Failed, format!("cannot read `{}`: {why}", path.display()))
    };
    match fsutil::read_bounded(path, MAX_PEM_BYTES) {
        Ok(Some(text)) => Ok(text),
        Ok(None) => Err(cannot("there is no such file".to_owned())),
        Err(error) => Err(cannot(error.source.to_string())),
    }
}
