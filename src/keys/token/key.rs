//! A key on a token that signs as keys in memory do.
//!
//! Tokens differ in what they take and in what they give back, so no signature leaves this file that
//! the public key does not verify.

use std::sync::Arc;

use aws_lc_rs::digest;
use aws_lc_rs::signature::{ECDSA_P384_SHA384_FIXED, UnparsedPublicKey};
use cryptoki::error::{Error as Pkcs11Error, RvError};
use cryptoki::mechanism::rsa::{PkcsMgfType, PkcsPssParams};
use cryptoki::mechanism::{Mechanism, MechanismType};
use cryptoki::object::{Attribute, ObjectHandle};

use super::device::Token;
use super::error::{TokenError, explain};
use super::objects::width;
use crate::keys::{KeyPair, NewKeyKind, asn1};
use crate::tuf::key::{Curve, KeyId, Method, PublicKey, Signer, SigningFailed};

/// The salt of RSASSA-PSS, in bytes (`formats.md` §3.2).
const SALT_BYTES: u64 = 32;

/// What stands before a SHA-256 digest in a signature by PKCS#1 v1.5.
const SHA256_INFO: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20,
];

/// A key on a token to which somebody has logged in.
pub struct TokenKey {
    id: KeyId,
    object: ObjectHandle,
    public: PublicKey,
    token: Arc<Token>,
}

impl TokenKey {
    pub(super) fn new(token: Arc<Token>, object: ObjectHandle, public: PublicKey) -> Self {
        Self { id: public.id(), object, public, token }
    }

    /// The token.
    pub fn token(&self) -> &Token {
        &self.token
    }

    /// Signs a digest with an elliptic curve key: `r‖s` of full width.
    fn sign_digest(&self, curve: Curve, digest: &[u8]) -> Result<Vec<u8>, SigningFailed> {
        let raw = self.ask(&Mechanism::Ecdsa, digest).map_err(|error| self.failed(&error))?;
        full_width(&raw, width(curve)).ok_or_else(|| self.unusable())
    }

    /// Signs with one mechanism, and with another one where the token does not have the first.
    fn sign_rsa(
        &self,
        first: (&Mechanism<'_>, &[u8]),
        second: (&Mechanism<'_>, &[u8]),
    ) -> Result<Vec<u8>, SigningFailed> {
        let result = match self.ask(first.0, first.1) {
            Err(Pkcs11Error::Pkcs11(
                RvError::MechanismInvalid | RvError::MechanismParamInvalid,
                _,
            )) => self.ask(second.0, second.1),
            result => result,
        };
        result.map_err(|error| self.failed(&error))
    }

    fn ask(&self, mechanism: &Mechanism<'_>, data: &[u8]) -> Result<Vec<u8>, Pkcs11Error> {
        self.token.sign(self.object, mechanism, data)
    }

    fn checked(
        &self,
        method: &Method,
        message: &[u8],
        signature: Vec<u8>,
    ) -> Result<Vec<u8>, SigningFailed> {
        match self.public.verify(method, message, &signature) {
            true => Ok(signature),
            false => Err(self.unusable()),
        }
    }

    fn failed(&self, error: &Pkcs11Error) -> SigningFailed {
        let reason = format!("the token {}: {}", self.token.label(), explain(error));
        SigningFailed { key_id: self.id.clone(), reason }
    }

    fn unusable(&self) -> SigningFailed {
        let reason = format!("the token {} made an invalid signature", self.token.label());
        SigningFailed { key_id: self.id.clone(), reason }
    }
}

/// Both numbers of a signature in `width` bytes each; `None` if there are no two such numbers.
///
/// Tokens give back two of the same number of bytes, which may be fewer than the curve has.
fn full_width(raw: &[u8], width: usize) -> Option<Vec<u8>> {
    if raw.is_empty() || !raw.len().is_multiple_of(2) || raw.len() > 2 * width {
        return None;
    }
    let mut signature = Vec::with_capacity(2 * width);
    for number in raw.chunks(raw.len() / 2) {
        signature.resize(signature.len() + width - number.len(), 0);
        signature.extend_from_slice(number);
    }
    Some(signature)
}

impl Signer for TokenKey {
    fn canonical_id(&self) -> &KeyId {
        &self.id
    }

    fn method(&self) -> Method {
        match Curve::of(self.public.bytes()) {
            Some(_) => Method::Ecdsa,
            None => Method::RsaPss,
        }
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningFailed> {
        let digest = digest::digest(&digest::SHA256, message);
        let digest = digest.as_ref();
        let signature = match Curve::of(self.public.bytes()) {
            Some(curve) => self.sign_digest(curve, digest)?,
            None => {
                let parameters = PkcsPssParams {
                    hash_alg: MechanismType::SHA256,
                    mgf: PkcsMgfType::MGF1_SHA256,
                    s_len: SALT_BYTES.into(),
                };
                let whole = Mechanism::Sha256RsaPkcsPss(parameters);
                self.sign_rsa((&Mechanism::RsaPkcsPss(parameters), digest), (&whole, message))?
            }
        };
        self.checked(&self.method(), message, signature)
    }
}

impl KeyPair for TokenKey {
    fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// With SHA-384 on P-384.
    fn sign_certificate(&self, body: &[u8]) -> Result<Vec<u8>, SigningFailed> {
        match Curve::of(self.public.bytes()) {
            Some(curve @ Curve::P384) => {
                let digest = digest::digest(&digest::SHA384, body);
                let raw = self.sign_digest(curve, digest.as_ref())?;
                let point = asn1::subject_public_key(self.public.bytes()).unwrap_or_default();
                let key = UnparsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, point);
                key.verify(body, &raw).map_err(|_| self.unusable())?;
                Ok(asn1::ecdsa_signature(&raw))
            }
            Some(_) => Ok(asn1::ecdsa_signature(&self.sign(body)?)),
            None => {
                let digest = digest::digest(&digest::SHA256, body);
                let info = [SHA256_INFO.as_slice(), digest.as_ref()].concat();
                let whole = (&Mechanism::Sha256RsaPkcs, body);
                let signature = self.sign_rsa((&Mechanism::RsaPkcs, &info), whole)?;
                self.checked(&Method::RsaPkcs1v15, body, signature)
            }
        }
    }

    /// Keys of other sizes are not listed.
    fn check_size(&self) -> Result<(), SigningFailed> {
        Ok(())
    }
}

/// A kind of key that tokens can make.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Made {
    Ec(Curve),
    Rsa(u64),
}

impl Made {
    pub(super) fn new(kind: NewKeyKind) -> Result<Self, TokenError> {
        match kind {
            NewKeyKind::EcdsaP256 => Ok(Self::Ec(Curve::P256)),
            NewKeyKind::EcdsaP384 => Ok(Self::Ec(Curve::P384)),
            NewKeyKind::Rsa2048 => Ok(Self::Rsa(2048)),
            NewKeyKind::Rsa3072 => Ok(Self::Rsa(3072)),
            NewKeyKind::Rsa4096 => Ok(Self::Rsa(4096)),
            NewKeyKind::Ed25519 => Err(TokenError::UnsuitableKind(kind.name())),
        }
    }

    pub(super) fn mechanism(self) -> Mechanism<'static> {
        match self {
            Self::Ec(_) => Mechanism::EccKeyPairGen,
            Self::Rsa(_) => Mechanism::RsaPkcsKeyPairGen,
        }
    }

    /// What describes the kind in the template of the public half.
    pub(super) fn parameters(self) -> Vec<Attribute> {
        match self {
            Self::Ec(curve) => vec![Attribute::EcParams(asn1::named_curve(curve))],
            Self::Rsa(bits) => {
                vec![Attribute::ModulusBits(bits.into()), Attribute::PublicExponent(vec![1, 0, 1])]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_of_any_length_are_widened_or_refused() {
        for (raw, widened) in [
            (&[][..], None),
            (&[1], None),
            (&[1, 2, 3], None),
            (&[1, 2], Some(vec![0, 0, 1, 0, 0, 2])),
            (&[1, 2, 3, 4], Some(vec![0, 1, 2, 0, 3, 4])),
            (&[1, 2, 3, 4, 5, 6], Some(vec![1, 2, 3, 4, 5, 6])),
            (&[0; 8], None),
        ] {
            assert_eq!(full_width(raw, 3), widened, "{raw:?}");
        }
    }
}
