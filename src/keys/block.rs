//! Private keys in PEM blocks: which labels there are, opening, and sealing.
//!
//! A block that opens is a key for certain: whatever a passphrase decrypts to is parsed, and what
//! does not parse counts as a wrong passphrase.

use zeroize::Zeroizing;

use super::error::{OpenError, Unsupported};
use super::private::PrivateKey;
use super::role::belongs_to_one_gun;
use super::size::{self, Lengths};
use super::{asn1, pbes2, pkcs8, rfc1423};
use crate::tuf::algorithm::Algorithm;
use crate::tuf::key::{KeyType, PublicKey};
use crate::tuf::pem::Block;
use crate::tuf::role::Gun;

/// The header with the collection that a key belongs to.
pub const GUN_HEADER: &str = "gun";

/// The header with the role that a key was made for.
pub const ROLE_HEADER: &str = "role";

const ENCRYPTED_PRIVATE_KEY: &str = "ENCRYPTED PRIVATE KEY";

type Read = fn(&[u8]) -> Result<PrivateKey, OpenError>;

/// The labels of private keys, how to read what is in such a block (`formats.md` §2.5), and how
/// long that is.
const LABELS: [(&str, Read, &Lengths); 5] = [
    ("EC PRIVATE KEY", pkcs8::from_sec1, size::SEC1),
    ("ED25519 PRIVATE KEY", pkcs8::from_notary_ed25519, size::NOTARY_ED25519),
    (ENCRYPTED_PRIVATE_KEY, pkcs8::from_pkcs8, size::PKCS8),
    ("PRIVATE KEY", pkcs8::from_pkcs8, size::PKCS8),
    ("RSA PRIVATE KEY", pkcs8::from_pkcs1, size::PKCS1),
];

/// Whether the label is that of a private key of any kind.
pub fn is_private_key(block: &Block) -> bool {
    known(block).is_ok()
}

fn known(block: &Block) -> Result<&'static (&'static str, Read, &'static Lengths), OpenError> {
    let known = LABELS.iter().find(|(label, ..)| *label == block.label);
    known.ok_or_else(|| Unsupported::Label(block.label.clone()).into())
}

/// Checks all of a key that can be checked without its passphrase: the whole of one that is not
/// encrypted, else the parameters of the encryption. Returns the kind of the key, as far as it can
/// be told.
pub fn inspect(block: &Block) -> Result<Option<Algorithm>, OpenError> {
    let (_, _, lengths) = known(block)?;
    if !is_encrypted(block) {
        return Ok(Algorithm::of(open(block, None)?.public_key()));
    }
    let encrypted = if block.label == ENCRYPTED_PRIVATE_KEY {
        pbes2::encrypted_bytes(&block.contents)
    } else {
        rfc1423::encrypted_bytes(block)
    };
    Ok(size::kind_of(lengths, encrypted?))
}

/// Whether a passphrase is needed to open the block.
pub fn is_encrypted(block: &Block) -> bool {
    block.label == ENCRYPTED_PRIVATE_KEY || rfc1423::is_encrypted(block)
}

/// Opens a block in any of the encodings of `formats.md` §2.5, and some that Go cannot read.
///
/// A passphrase for a block that is not encrypted is not looked at. So callers open a block without
/// one first and, after [`OpenError::PassphraseNeeded`], ask for it.
pub fn open(block: &Block, passphrase: Option<&str>) -> Result<PrivateKey, OpenError> {
    let (_, read, _) = known(block)?;
    if !is_encrypted(block) {
        return read(&block.contents);
    }
    let passphrase = passphrase.ok_or(OpenError::PassphraseNeeded)?;
    // The padding of one wrong passphrase in 256 is right; what it yields is no key.
    read(&decrypt(block, passphrase)?).map_err(|error| match error {
        OpenError::Malformed(_) => OpenError::WrongPassphrase,
        other => other,
    })
}

/// Decrypts a block, and leaves what was encrypted as it is: whoever wants it reads forms of keys
/// that are none of ours.
pub fn unlock(block: &Block, passphrase: &str) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let (_, read, _) = known(block)?;
    let plaintext = decrypt(block, passphrase)?;
    match read(&plaintext) {
        Err(OpenError::Malformed(_)) => Err(OpenError::WrongPassphrase),
        _ => Ok(plaintext),
    }
}

fn decrypt(block: &Block, passphrase: &str) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    if block.label == ENCRYPTED_PRIVATE_KEY {
        pbes2::decrypt(&block.contents, passphrase)
    } else {
        rfc1423::decrypt(block, passphrase)
    }
}

/// Encrypts a key into a block of the form that Go's Notary 0.7 writes (`formats.md` §2.1).
///
/// `role` is one line of text and need not name a role of a collection; `user` does not. The
/// collection is written down only for the roles whose keys belong to one. Go takes the empty
/// passphrase for none and cannot read what it encrypts, so callers do not offer it.
pub fn seal(key: &PrivateKey, passphrase: &str, role: &str, gun: Option<&Gun>) -> Block {
    seal_with(key, passphrase, role, gun, pbes2::ITERATIONS)
}

/// Whether a block is encrypted in the form that [`seal`] writes, apart from the number of
/// iterations, so that Go's Notary reads it; `key` is what `passphrase` opens in it.
pub fn is_as_sealed(block: &Block, key: &PrivateKey, passphrase: &str) -> bool {
    block.label == ENCRYPTED_PRIVATE_KEY
        && pbes2::is_for_go(&block.contents)
        && decrypt(block, passphrase).is_ok_and(|plaintext| plaintext == key.to_pkcs8())
}

/// The public half of a key as a block, with its role.
pub fn public_block(key: &PublicKey, role: &str) -> Block {
    let bytes = match key.key_type() {
        KeyType::Ed25519 => asn1::ed25519_public_key(key.bytes()),
        _ => key.bytes().to_vec(),
    };
    let mut block = Block::new("PUBLIC KEY", bytes);
    block.headers.insert(ROLE_HEADER.to_owned(), role.to_owned());
    block
}

fn seal_with(
    key: &PrivateKey,
    passphrase: &str,
    role: &str,
    gun: Option<&Gun>,
    iterations: u32,
) -> Block {
    let encrypted = pbes2::encrypt(&key.to_pkcs8(), passphrase, iterations);
    let mut block = Block::new(ENCRYPTED_PRIVATE_KEY, encrypted);
    if !role.is_empty() {
        block.headers.insert(ROLE_HEADER.to_owned(), role.to_owned());
    }
    if let Some(gun) = gun
        && belongs_to_one_gun(role)
    {
        block.headers.insert(GUN_HEADER.to_owned(), gun.to_string());
    }
    block
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tuf::key::Curve;
    use crate::tuf::pem;

    fn key() -> PrivateKey {
        PrivateKey::from_scalar(Curve::P256, &[7; 28]).unwrap()
    }

    fn sealed() -> Block {
        seal_with(&key(), "passphrase", "targets", None, 2)
    }

    #[test]
    fn sealed_blocks_survive_text_and_open() {
        let block = sealed();
        let text = block.encode();
        assert!(text.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\nrole: targets\n\nMI"));
        assert_eq!(pem::decode_all(text.as_bytes()), std::slice::from_ref(&block));
        assert!(is_private_key(&block) && is_encrypted(&block));
        assert_eq!(open(&block, Some("passphrase")).unwrap().id(), key().id());
        assert_eq!(open(&block, None).unwrap_err(), OpenError::PassphraseNeeded);
    }

    #[test]
    fn only_keys_of_one_collection_name_it() {
        let gun = Gun::parse("registry.example:5000/app").unwrap();
        for (role, named) in [
            ("root", false),
            ("snapshot", true),
            ("targets", true),
            ("timestamp", true),
            ("targets/releases", false),
            ("user", false),
            ("", false),
        ] {
            let block = seal_with(&key(), "passphrase", role, Some(&gun), 2);
            let value = block.headers.get(GUN_HEADER).map(String::as_str);
            assert_eq!(value, named.then_some(gun.as_str()), "{role:?}");
            assert_eq!(block.headers.contains_key(ROLE_HEADER), !role.is_empty());
        }
    }

    #[test]
    fn no_wrong_passphrase_is_taken_for_anything_else() {
        // So many that the padding is right for some of them by chance.
        let block = sealed();
        for attempt in 0..2000 {
            let error = open(&block, Some(&attempt.to_string())).unwrap_err();
            assert_eq!(error, OpenError::WrongPassphrase, "{attempt}");
        }
    }

    #[test]
    fn a_passphrase_for_an_open_key_is_not_looked_at() {
        let block = Block::new("PRIVATE KEY", key().to_pkcs8().to_vec());
        assert!(!is_encrypted(&block));
        for passphrase in [None, Some("anything")] {
            assert_eq!(open(&block, passphrase).unwrap().id(), key().id());
        }
    }

    #[test]
    fn unknown_labels_are_named() {
        let block = Block::new("OPENSSH PRIVATE KEY", vec![]);
        assert!(!is_private_key(&block));
        let error = open(&block, None).unwrap_err();
        let text = "a PEM block with the label `OPENSSH PRIVATE KEY` is not supported";
        assert_eq!(error.to_string(), text);
    }

    #[test]
    fn no_shortened_or_altered_block_makes_the_reader_panic() {
        let block = sealed();
        for length in 0..block.contents.len() {
            let shorter = Block::new(&block.label, block.contents[..length].to_vec());
            assert!(open(&shorter, Some("passphrase")).is_err());
        }
        // The parameters come first; flipping bits of the rest only changes the plaintext.
        for position in 0..80 {
            for bit in 0..8 {
                let mut altered = block.clone();
                altered.contents[position] ^= 1 << bit;
                let _ = open(&altered, Some("passphrase"));
            }
        }
    }
}
