//! The outside of a backup: the age format, for a passphrase or for recipients.
//!
//! Every program that knows age opens such a file. age detects any change and any cut.

use std::fmt;
use std::io::{BufRead as _, Read as _, Write as _};
use std::str::FromStr;

use age::secrecy::SecretString;
use age::{DecryptError, Decryptor, Encryptor, scrypt, x25519};
use thiserror::Error;
use zeroize::Zeroizing;

use super::{BackupError, MAX_BYTES};
use crate::keys::passphrase::Passphrase;

/// The logarithm of the cost of scrypt, the same as that of the program `age`: a second, 256 MiB.
const COST: u8 = 18;
/// The highest cost that is accepted: some seconds, a GiB.
const MAX_COST: u8 = 20;

/// The most bytes in front of the payload of an age file; hundreds of recipients fit in.
const MAX_HEADER: usize = 64 * 1024;
/// How age files begin.
const BEGINNING: &[u8] = b"age-encryption.org/";
/// How the last line of the header begins.
const END_OF_HEADER: &[u8] = b"\n---";

/// Somebody who can open a backup with an identity: `age1…`.
#[derive(Clone)]
pub struct Recipient(x25519::Recipient);

/// A word that is no recipient.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("it is no age recipient; those begin with age1")]
pub struct InvalidRecipient;

impl FromStr for Recipient {
    type Err = InvalidRecipient;

    fn from_str(text: &str) -> Result<Self, InvalidRecipient> {
        text.parse().map(Self).map_err(|_| InvalidRecipient)
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recipient({})", self.0)
    }
}

/// Those who can open backups for recipients; secret.
pub struct Identities(Vec<x25519::Identity>);

impl Identities {
    /// Reads an identity file, as `age-keygen` writes it: a line for each identity, and comments.
    pub fn parse(text: &[u8]) -> Result<Self, BackupError> {
        let mut identities = Vec::new();
        for line in text.lines() {
            let line = line.map(Zeroizing::new).map_err(|_| BackupError::Identities)?;
            let line = line.trim();
            if !line.is_empty() && !line.starts_with('#') {
                identities.push(line.parse().map_err(|_| BackupError::Identities)?);
            }
        }
        if identities.is_empty() { Err(BackupError::Identities) } else { Ok(Self(identities)) }
    }
}

/// Who shall be able to open a backup.
pub enum Protection {
    /// Whoever knows the passphrase.
    Passphrase(Passphrase),
    /// Whoever has the identity of one of these, of whom there is one at least.
    Recipients(Vec<Recipient>),
}

/// What opens a backup.
#[derive(Clone, Copy)]
pub enum Opener<'a> {
    /// A passphrase.
    Passphrase(&'a str),
    /// Identities.
    Identities(&'a Identities),
}

/// Encrypts.
///
/// # Panics
///
/// Without a source of randomness, and without any recipient.
pub fn encrypt(plaintext: &[u8], protection: &Protection) -> Vec<u8> {
    const VALID: &str = "there are recipients of one kind, and memory takes what is written";
    let encryptor = match protection {
        Protection::Passphrase(passphrase) => {
            let mut recipient = scrypt::Recipient::new(secret(passphrase));
            recipient.set_work_factor(COST);
            Encryptor::with_recipients(std::iter::once(&recipient as _))
        }
        Protection::Recipients(recipients) => {
            Encryptor::with_recipients(recipients.iter().map(|recipient| &recipient.0 as _))
        }
    };
    let mut encrypted = Vec::with_capacity(plaintext.len() + MAX_HEADER);
    let mut writer = encryptor.expect(VALID).wrap_output(&mut encrypted).expect(VALID);
    writer.write_all(plaintext).expect(VALID);
    writer.finish().expect(VALID);
    encrypted
}

/// A backup that is still closed.
pub struct Sealed<'a> {
    bytes: &'a [u8],
    for_passphrase: bool,
}

impl<'a> Sealed<'a> {
    /// Reads the header of an age file.
    pub fn read(bytes: &'a [u8]) -> Result<Self, BackupError> {
        if !bytes.starts_with(BEGINNING) {
            return Err(BackupError::NotAge);
        }
        // The header is parsed again for each of its lines.
        let head = &bytes[..bytes.len().min(MAX_HEADER)];
        if !head.windows(END_OF_HEADER.len()).any(|piece| piece == END_OF_HEADER) {
            return Err(BackupError::Damaged);
        }
        let decryptor = decryptor(bytes)?;
        Ok(Self { bytes, for_passphrase: decryptor.is_scrypt() })
    }

    /// Whether a passphrase opens it, and not an identity.
    pub fn is_for_passphrase(&self) -> bool {
        self.for_passphrase
    }

    /// Decrypts all of it; `None` when the passphrase is wrong.
    pub fn open(&self, opener: Opener<'_>) -> Result<Option<Zeroizing<Vec<u8>>>, BackupError> {
        let decryptor = decryptor(self.bytes)?;
        let reader = match opener {
            Opener::Passphrase(passphrase) => {
                let mut identity = scrypt::Identity::new(secret(passphrase));
                identity.set_max_work_factor(MAX_COST);
                decryptor.decrypt(std::iter::once(&identity as _))
            }
            Opener::Identities(identities) => {
                decryptor.decrypt(identities.0.iter().map(|identity| identity as _))
            }
        };
        let reader = match reader {
            Ok(reader) => reader,
            // The key of the file is encrypted with the passphrase, and could not be decrypted.
            Err(DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed)
                if self.for_passphrase =>
            {
                return Ok(None);
            }
            Err(error) => return Err(problem(&error)),
        };
        // Room for all of it at once: growing would leave pieces behind in memory.
        let mut plaintext = Zeroizing::new(Vec::with_capacity(self.bytes.len()));
        reader.take(MAX_BYTES + 1).read_to_end(&mut plaintext).map_err(|_| BackupError::Damaged)?;
        match plaintext.len() as u64 > MAX_BYTES {
            true => Err(BackupError::TooLarge),
            false => Ok(Some(plaintext)),
        }
    }
}

fn decryptor(bytes: &[u8]) -> Result<Decryptor<&[u8]>, BackupError> {
    Decryptor::new_buffered(bytes).map_err(|error| problem(&error))
}

/// What is wrong, in words of our own: those of the library are for its own programs.
fn problem(error: &DecryptError) -> BackupError {
    match error {
        DecryptError::ExcessiveWork { .. } => BackupError::ExcessiveCost,
        DecryptError::NoMatchingKeys => BackupError::NoMatchingIdentity,
        DecryptError::UnknownFormat => BackupError::NotAge,
        _ => BackupError::Damaged,
    }
}

fn secret(passphrase: &str) -> SecretString {
    SecretString::from(passphrase.to_owned())
}
