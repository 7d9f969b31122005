//! What kinds of keys there are, by the names that people know them by.

use std::fmt;

use x509_parser::prelude::FromDer as _;
use x509_parser::public_key::PublicKey as Parsed;
use x509_parser::x509::SubjectPublicKeyInfo;

use super::key::{Curve, KeyType, PublicKey};

/// A kind of key with its size: what [`KeyType`] leaves open.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Algorithm {
    /// ECDSA on P-256, which Notary makes.
    EcdsaP256,
    /// ECDSA on P-384.
    EcdsaP384,
    /// ECDSA on P-521.
    EcdsaP521,
    /// Ed25519.
    Ed25519,
    /// RSA with a modulus of so many bits.
    Rsa(usize),
}

impl Algorithm {
    /// The kind of a public key or of the one in a certificate; `None` for one of the future, and
    /// for bytes that are none.
    pub fn of(key: &PublicKey) -> Option<Self> {
        let bare = key.bare()?;
        match bare.key_type() {
            KeyType::Ecdsa => Curve::of(bare.bytes()).map(Self::from),
            KeyType::Ed25519 => Some(Self::Ed25519),
            KeyType::Rsa => modulus_bits(bare.bytes()).map(Self::Rsa),
            KeyType::EcdsaX509 | KeyType::RsaX509 | KeyType::Unknown(_) => None,
        }
    }
}

impl From<Curve> for Algorithm {
    fn from(curve: Curve) -> Self {
        match curve {
            Curve::P256 => Self::EcdsaP256,
            Curve::P384 => Self::EcdsaP384,
            Curve::P521 => Self::EcdsaP521,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EcdsaP256 => f.write_str("ecdsa-p256"),
            Self::EcdsaP384 => f.write_str("ecdsa-p384"),
            Self::EcdsaP521 => f.write_str("ecdsa-p521"),
            Self::Ed25519 => f.write_str("ed25519"),
            Self::Rsa(bits) => write!(f, "rsa-{bits}"),
        }
    }
}

/// The size of an RSA key in PKIX form.
fn modulus_bits(spki: &[u8]) -> Option<usize> {
    let (_, spki) = SubjectPublicKeyInfo::from_der(spki).ok()?;
    let Ok(Parsed::RSA(key)) = spki.parsed() else { return None };
    let zeros = key.modulus.iter().take_while(|byte| **byte == 0).count();
    let digits = &key.modulus[zeros..];
    Some(digits.len() * 8 - digits.first()?.leading_zeros() as usize)
}
