//! What every usable private key can do, wherever it is kept.

use crate::tuf::key::{PublicKey, Signer, SigningFailed};

/// A private key that is ready to sign, with its public half: in memory or on a token.
pub trait KeyPair: Signer {
    /// The public half, never in a certificate.
    fn public_key(&self) -> &PublicKey;

    /// Signs `body` the way certificates are signed: with PKCS#1 v1.5 padding or as DER.
    fn sign_certificate(&self, body: &[u8]) -> Result<Vec<u8>, SigningFailed>;

    /// Fails for a key of a size that nobody accepts signatures of.
    fn check_size(&self) -> Result<(), SigningFailed>;
}
