//! Private keys at rest: the JSON Web Encryption that Notary 0.7 signers keep in their databases.
//!
//! Compact form (RFC 7516) with `PBES2-HS256+A128KW` and `A256GCM` (RFC 7518, `formats.md` §11.6):
//! the passphrase is stretched to a key that wraps a random one, which encrypts the content.

use std::num::NonZeroU32;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::key_wrap::{AES_128, AesKek, KeyWrap as _};
use aws_lc_rs::{pbkdf2, rand};
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use zeroize::Zeroizing;

const KEY_WRAP: &str = "PBES2-HS256+A128KW";
const ENCRYPTION: &str = "A256GCM";

/// Iterations for new keys. Signers of Notary 0.7 use 8192 and accept any number; it is the
/// database that an attacker has to get first, and a server opens keys while clients wait.
const ITERATIONS: u32 = 8192;
/// The most iterations that are worth waiting for.
const MAX_ITERATIONS: u32 = 10_000_000;

const SALT_BYTES: usize = 12;
const KEK_BYTES: usize = 16;
const CEK_BYTES: usize = 32;
const TAG_BYTES: usize = 16;
/// Key wrapping adds one block of 64 bits.
const WRAPPED_BYTES: usize = CEK_BYTES + 8;

/// Why there is no plaintext.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum JweError {
    /// Not such a text, or of a kind that signers do not write.
    #[error("it is not encrypted in a known way")]
    Malformed,
    /// The key of the content cannot be unwrapped.
    #[error("the passphrase does not open it")]
    WrongPassphrase,
}

#[derive(Deserialize, Serialize)]
struct Header {
    alg: String,
    enc: String,
    p2c: u32,
    p2s: String,
}

/// Encrypts `plaintext`.
///
/// # Panics
///
/// Without a source of randomness, or of memory.
pub fn seal(passphrase: &str, plaintext: &[u8]) -> String {
    let salt: [u8; SALT_BYTES] = random();
    let content_key = Zeroizing::new(random::<CEK_BYTES>());
    let nonce: [u8; NONCE_LEN] = random();
    let header = Header {
        alg: KEY_WRAP.to_owned(),
        enc: ENCRYPTION.to_owned(),
        p2c: ITERATIONS,
        p2s: BASE64URL_NOPAD.encode(&salt),
    };
    let header = serde_json::to_vec(&header).expect("a header is plain data");
    let header = BASE64URL_NOPAD.encode(&header);

    let kek = wrapping_key(passphrase, &salt, ITERATIONS).expect("the count is not zero");
    let mut wrapped = [0; WRAPPED_BYTES];
    let wrapped = AesKek::new(&AES_128, kek.as_slice())
        .and_then(|kek| kek.wrap(content_key.as_slice(), &mut wrapped))
        .expect("all lengths are right");

    let mut content = plaintext.to_vec();
    let tag = content_cipher(&content_key)
        .seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(&header),
            &mut content,
        )
        .expect("keys are far below the limit of the cipher");

    let encode = |bytes: &[u8]| BASE64URL_NOPAD.encode(bytes);
    let parts = [encode(wrapped), encode(&nonce), encode(&content), encode(tag.as_ref())];
    format!("{header}.{}", parts.join("."))
}

/// Decrypts what [`seal`] or a signer of Notary 0.7 has written.
pub fn open(passphrase: &str, text: &str) -> Result<Zeroizing<Vec<u8>>, JweError> {
    let parts: Vec<&str> = text.trim().split('.').collect();
    let [header_text, wrapped, nonce, content, tag] = parts[..] else {
        return Err(JweError::Malformed);
    };
    let decode =
        |text: &str| BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| JweError::Malformed);
    let header: Header =
        serde_json::from_slice(&decode(header_text)?).map_err(|_| JweError::Malformed)?;
    if header.alg != KEY_WRAP || header.enc != ENCRYPTION || header.p2c > MAX_ITERATIONS {
        return Err(JweError::Malformed);
    }

    let salt = decode(&header.p2s)?;
    let kek = wrapping_key(passphrase, &salt, header.p2c).ok_or(JweError::Malformed)?;
    let mut content_key = Zeroizing::new([0; CEK_BYTES]);
    let wrapped = decode(wrapped)?;
    if wrapped.len() != WRAPPED_BYTES {
        return Err(JweError::Malformed);
    }
    AesKek::new(&AES_128, kek.as_slice())
        .and_then(|kek| kek.unwrap(&wrapped, content_key.as_mut_slice()).map(drop))
        .map_err(|_| JweError::WrongPassphrase)?;

    let nonce = Nonce::try_assume_unique_for_key(&decode(nonce)?);
    let nonce = nonce.map_err(|_| JweError::Malformed)?;
    let mut content = Zeroizing::new([decode(content)?, decode(tag)?].concat());
    content_cipher(&content_key)
        .open_in_place(nonce, Aad::from(header_text), &mut content)
        .map_err(|_| JweError::Malformed)?;
    let length = content.len() - TAG_BYTES;
    content.truncate(length);
    Ok(content)
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).expect("the system has random numbers");
    bytes
}

/// Stretches the passphrase (RFC 7518 §4.8.1.1); `None` for no iterations at all.
fn wrapping_key(
    passphrase: &str,
    salt: &[u8],
    iterations: u32,
) -> Option<Zeroizing<[u8; KEK_BYTES]>> {
    let salt = [KEY_WRAP.as_bytes(), &[0], salt].concat();
    let mut key = Zeroizing::new([0; KEK_BYTES]);
    let iterations = NonZeroU32::new(iterations)?;
    pbkdf2::derive(
        pbkdf2::PBKDF2_HMAC_SHA256,
        iterations,
        &salt,
        passphrase.as_bytes(),
        key.as_mut_slice(),
    );
    Some(key)
}

fn content_cipher(key: &[u8; CEK_BYTES]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).expect("the length is right"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_is_opened_with_the_passphrase_only() {
        let text = seal("passphrase", b"secret");
        assert_eq!(open("passphrase", &text).unwrap().as_slice(), b"secret");
        assert_eq!(open("Passphrase", &text), Err(JweError::WrongPassphrase));
        assert_ne!(seal("passphrase", b"secret"), text);
    }

    #[test]
    fn every_part_is_protected() {
        let text = seal("passphrase", b"secret");
        for (at, old) in text.char_indices().filter(|(_, old)| *old != '.') {
            let new = if old == 'A' { 'B' } else { 'A' };
            let changed = format!("{}{new}{}", &text[..at], &text[at + 1..]);
            assert!(open("passphrase", &changed).is_err(), "{at}");
        }
        for text in ["", "....", "a.b.c.d.e", &text[..text.len() - 1], &format!("{text}.")] {
            assert_eq!(open("passphrase", text), Err(JweError::Malformed), "{text}");
        }
    }
}
