//! What kind of key is in an encrypted file, told by how long it is.
//!
//! Encryption hides a key but hardly its length: the ciphers in use pad it to whole blocks, and the
//! encodings of the kinds of keys differ by more than that, apart from rare ones.

use std::ops::RangeInclusive;

use crate::tuf::algorithm::Algorithm::{self, EcdsaP256, EcdsaP384, EcdsaP521, Ed25519, Rsa};

/// The largest padding, in bytes: a block of AES.
const MAX_PADDING: usize = 16;

/// How keys are put into bytes, and how many bytes that are for each kind of key.
pub(super) type Lengths = [(Algorithm, RangeInclusive<usize>)];

/// PKCS#8 `PrivateKeyInfo`.
pub(super) const PKCS8: &Lengths = &[
    // RFC 8410, without the public key and with it; Go's form.
    (Ed25519, 48..=48),
    (Ed25519, 83..=85),
    (Ed25519, 116..=116),
    // Without the public key; as OpenSSL writes it; and Go, which names the curve twice.
    (EcdsaP256, 67..=67),
    (EcdsaP256, 79..=79),
    (EcdsaP256, 138..=138),
    (EcdsaP256, 150..=150),
    (EcdsaP384, 80..=80),
    (EcdsaP384, 89..=89),
    (EcdsaP384, 185..=185),
    (EcdsaP384, 194..=194),
    (EcdsaP521, 98..=98),
    (EcdsaP521, 107..=107),
    (EcdsaP521, 241..=241),
    (EcdsaP521, 250..=250),
    // Any of the numbers may happen to be shorter, and there may be a NULL or none.
    (Rsa(1024), 617..=637),
    (Rsa(2048), 1200..=1220),
    (Rsa(3072), 1776..=1796),
    (Rsa(4096), 2357..=2377),
    (Rsa(8192), 4661..=4681),
];

/// SEC 1 `ECPrivateKey`, with and without the curve and the public key.
pub(super) const SEC1: &Lengths = &[
    (EcdsaP256, 51..=51),
    (EcdsaP256, 109..=109),
    (EcdsaP256, 121..=121),
    (EcdsaP384, 64..=64),
    (EcdsaP384, 158..=158),
    (EcdsaP384, 167..=167),
    (EcdsaP521, 82..=82),
    (EcdsaP521, 214..=214),
    (EcdsaP521, 223..=223),
];

/// PKCS#1 `RSAPrivateKey`.
pub(super) const PKCS1: &Lengths = &[
    (Rsa(1024), 591..=611),
    (Rsa(2048), 1174..=1194),
    (Rsa(3072), 1750..=1770),
    (Rsa(4096), 2331..=2351),
    (Rsa(8192), 4635..=4655),
];

/// Notary's blob (`formats.md` §2.4).
pub(super) const NOTARY_ED25519: &Lengths = &[(Ed25519, 96..=96)];

/// The kind of key whose encoding can have become so many bytes by padding; `None` when that is
/// none, or several could.
pub(super) fn kind_of(lengths: &Lengths, encrypted: usize) -> Option<Algorithm> {
    let fits = |length: &RangeInclusive<usize>| {
        length.start() < &encrypted && encrypted <= length.end() + MAX_PADDING
    };
    let mut kinds = lengths.iter().filter(|(_, length)| fits(length)).map(|(kind, _)| *kind);
    let kind = kinds.next()?;
    kinds.all(|other| other == kind).then_some(kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::{PrivateKey, pbes2};
    use crate::tuf::key::Curve;

    #[test]
    fn keys_of_our_own_are_told_apart() {
        let ec = |curve| PrivateKey::from_scalar(curve, &[7; 28]).unwrap();
        for (key, kind) in [
            (ec(Curve::P256), EcdsaP256),
            (ec(Curve::P384), EcdsaP384),
            (ec(Curve::P521), EcdsaP521),
            (PrivateKey::generate_ed25519(), Ed25519),
        ] {
            assert_eq!(Algorithm::of(key.public_key()), Some(kind));
            let encrypted = pbes2::encrypt(&key.to_pkcs8(), "passphrase", 1);
            let length = pbes2::encrypted_bytes(&encrypted).unwrap();
            assert_eq!(kind_of(PKCS8, length), Some(kind));
        }
    }

    #[test]
    fn lengths_that_fit_nothing_or_several_kinds_tell_nothing() {
        for length in [0, 16, 32, 272, 1104, 1248, 5000, usize::MAX] {
            assert_eq!(kind_of(PKCS8, length), None, "{length}");
        }
        // Ed25519 with its public key, or P-384 without.
        assert_eq!(kind_of(PKCS8, 96), None);
        assert_eq!(kind_of(SEC1, 128), Some(EcdsaP256));
        assert_eq!(kind_of(NOTARY_ED25519, 112), Some(Ed25519));
    }

    #[test]
    fn neither_end_of_the_padding_is_passed() {
        for (length, kind) in [(48, None), (49, Some(Ed25519)), (64, Some(Ed25519)), (65, None)] {
            assert_eq!(kind_of(&PKCS8[..1], length), kind, "{length}");
        }
    }
}
