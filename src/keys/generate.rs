//! Making new keys.

use std::str::FromStr;

use aws_lc_rs::encoding::{AsBigEndian as _, AsDer as _};
use aws_lc_rs::rand;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, RsaKeyPair,
};
use zeroize::Zeroizing;

use super::pkcs8;
use super::private::PrivateKey;
use crate::tuf::key::Curve;

/// A kind of key that can be made.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum NewKeyKind {
    /// ECDSA on P-256, the only kind that Go's Notary makes.
    EcdsaP256,
    /// ECDSA on P-384.
    EcdsaP384,
    /// Ed25519; not for root keys, for which there would be no certificate.
    Ed25519,
    /// RSA with 2048 bits.
    Rsa2048,
    /// RSA with 3072 bits.
    Rsa3072,
    /// RSA with 4096 bits.
    Rsa4096,
}

impl NewKeyKind {
    /// All kinds by name; the first name of each is its own.
    pub const NAMES: [(&str, Self); 8] = [
        // Notary-go: the name without a curve is P-256.
        ("ecdsa", Self::EcdsaP256),
        ("ecdsa-p256", Self::EcdsaP256),
        ("ecdsa-p384", Self::EcdsaP384),
        ("ed25519", Self::Ed25519),
        ("rsa-3072", Self::Rsa3072),
        ("rsa", Self::Rsa3072),
        ("rsa-2048", Self::Rsa2048),
        ("rsa-4096", Self::Rsa4096),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        let named = Self::NAMES.iter().find(|(_, kind)| *kind == self);
        named.map_or("", |(name, _)| name)
    }
}

/// A word that names no kind of key.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("there is no such kind of key")]
pub struct UnknownKeyKind;

impl FromStr for NewKeyKind {
    type Err = UnknownKeyKind;

    /// Capitals do not matter, as in the Go program.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(text));
        found.map(|(_, kind)| *kind).ok_or(UnknownKeyKind)
    }
}

/// Why making keys does not fail.
const MEMORY: &str = "only memory can be lacking";

impl PrivateKey {
    /// Generates a key.
    ///
    /// # Panics
    ///
    /// When there is no memory left. Without a source of randomness the process is ended.
    pub fn generate(kind: NewKeyKind) -> Self {
        match kind {
            NewKeyKind::EcdsaP256 => Self::generate_ecdsa_p256(),
            NewKeyKind::EcdsaP384 => generate_on(Curve::P384, &ECDSA_P384_SHA384_FIXED_SIGNING),
            NewKeyKind::Ed25519 => Self::generate_ed25519(),
            NewKeyKind::Rsa2048 => generate_rsa(KeySize::Rsa2048),
            NewKeyKind::Rsa3072 => generate_rsa(KeySize::Rsa3072),
            NewKeyKind::Rsa4096 => generate_rsa(KeySize::Rsa4096),
        }
    }

    /// Generates the kind of key that Notary makes for every role.
    ///
    /// # Panics
    ///
    /// As [`generate`](Self::generate).
    pub fn generate_ecdsa_p256() -> Self {
        generate_on(Curve::P256, &ECDSA_P256_SHA256_FIXED_SIGNING)
    }

    /// Generates an Ed25519 key.
    ///
    /// # Panics
    ///
    /// As [`generate`](Self::generate).
    pub fn generate_ed25519() -> Self {
        let mut seed = Zeroizing::new([0; 32]);
        rand::fill(seed.as_mut_slice()).expect("the system has random numbers");
        Self::from_ed25519_seed(&seed).expect("every seed is a key")
    }
}

fn generate_on(curve: Curve, algorithm: &'static EcdsaSigningAlgorithm) -> PrivateKey {
    let key = EcdsaKeyPair::generate(algorithm).expect(MEMORY);
    // The library wipes what it hands out.
    let scalar = key.private_key().as_be_bytes().expect(MEMORY);
    PrivateKey::from_scalar(curve, scalar.as_ref()).expect("generated keys are valid")
}

fn generate_rsa(size: KeySize) -> PrivateKey {
    let key = RsaKeyPair::generate(size).expect(MEMORY);
    let der = key.as_der().expect(MEMORY);
    pkcs8::from_pkcs8(der.as_ref()).expect("generated keys are valid")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tuf::key::{KeyType, Signer as _};

    #[test]
    fn every_kind_can_be_made_signs_and_differs_from_the_last_one() {
        for (name, kind, key_type, pkcs8_bytes) in [
            ("ecdsa", NewKeyKind::EcdsaP256, KeyType::Ecdsa, 150..151),
            ("ecdsa-p384", NewKeyKind::EcdsaP384, KeyType::Ecdsa, 194..195),
            ("ed25519", NewKeyKind::Ed25519, KeyType::Ed25519, 116..117),
            ("rsa-2048", NewKeyKind::Rsa2048, KeyType::Rsa, 1190..1220),
            ("rsa-3072", NewKeyKind::Rsa3072, KeyType::Rsa, 1770..1800),
            ("rsa-4096", NewKeyKind::Rsa4096, KeyType::Rsa, 2350..2380),
        ] {
            assert_eq!((name.parse(), kind.name()), (Ok(kind), name));
            let key = PrivateKey::generate(kind);
            assert_eq!(*key.public_key().key_type(), key_type, "{name}");
            assert!(
                pkcs8_bytes.contains(&key.to_pkcs8().len()),
                "{name}: {}",
                key.to_pkcs8().len()
            );
            let signature = key.sign(b"message").unwrap();
            assert!(key.public_key().verify(&key.method(), b"message", &signature), "{name}");
            assert_ne!(PrivateKey::generate(kind).id(), key.id(), "{name}");
        }
    }

    #[test]
    fn names_are_taken_in_any_case_and_nothing_else_is() {
        for (text, kind) in [
            ("ECDSA", NewKeyKind::EcdsaP256),
            ("Ecdsa-P256", NewKeyKind::EcdsaP256),
            ("RSA", NewKeyKind::Rsa3072),
            ("ED25519", NewKeyKind::Ed25519),
        ] {
            assert_eq!(text.parse(), Ok(kind));
        }
        for text in ["", "rsa-1024", "p256", "ecdsa "] {
            assert_eq!(text.parse::<NewKeyKind>(), Err(UnknownKeyKind), "{text:?}");
        }
    }
}
