//! Somebody who signs tokens.

use data_encoding::{BASE64, BASE64URL_NOPAD};
use notary::tuf::x509::to_pem;
use rcgen::{CertificateParams, KeyPair, SigningKey as _};
use serde_json::{Value, json};
use time::OffsetDateTime;

/// A key for tokens, and its certificate.
pub struct Issuer {
    /// The certificate, in DER.
    pub certificate: Vec<u8>,
    /// The certificate, as servers read it.
    pub pem: String,
    key: KeyPair,
}

impl Issuer {
    pub fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec!["tokens.example".to_owned()]).unwrap();
        let now = OffsetDateTime::now_utc();
        params.not_before = now - time::Duration::days(1);
        params.not_after = now + time::Duration::days(1);
        let certificate = params.self_signed(&key).unwrap();
        Self { certificate: certificate.der().to_vec(), pem: to_pem(certificate.der()), key }
    }

    /// The header of a token that names the key by its certificate.
    pub fn x5c(&self) -> Value {
        json!({ "typ": "JWT", "alg": "ES256", "x5c": [BASE64.encode(&self.certificate)] })
    }

    /// A token.
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        let signed = format!("{}.{}", part(header), part(claims));
        let der = self.key.sign(signed.as_bytes()).unwrap();
        format!("{signed}.{}", BASE64URL_NOPAD.encode(&raw_signature(&der)))
    }
}

/// Both numbers of a DER signature, each in 32 bytes.
fn raw_signature(der: &[u8]) -> Vec<u8> {
    let mut raw = Vec::new();
    let mut rest = &der[2..];
    for _ in 0..2 {
        let length = usize::from(rest[1]);
        let number = &rest[2..2 + length];
        let number = &number[length.saturating_sub(32)..];
        raw.extend(std::iter::repeat_n(0, 32 - number.len()));
        raw.extend_from_slice(number);
        rest = &rest[2 + length..];
    }
    raw
}
