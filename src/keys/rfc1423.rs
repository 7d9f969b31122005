//! Encryption inside PEM: the `DEK-Info` header, as OpenSSL and Go before Notary 0.7 wrote it.
//!
//! Only for reading. One round of MD5 and no check of integrity protect such keys (`formats.md`
//! §2.5), so this program never writes them.

use aes::{Aes128, Aes192, Aes256};
use cbc::Decryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockCipherDecrypt, BlockModeDecrypt as _, KeyInit, KeyIvInit as _};
use data_encoding::HEXLOWER_PERMISSIVE;
use des::{Des, TdesEde3};
use md5::{Digest as _, Md5};
use zeroize::Zeroizing;

use super::error::{OpenError, Unsupported};
use crate::tuf::pem::Block;

/// The header that names the cipher and the initialisation vector: `AES-256-CBC,<hex>`.
const DEK_INFO: &str = "DEK-Info";

/// How many bytes of the initialisation vector salt the passphrase.
const SALT_BYTES: usize = 8;

const BAD_DEK_INFO: OpenError = OpenError::Malformed("its `DEK-Info` header is invalid");

/// Whether the contents of the block are encrypted in this way.
pub(super) fn is_encrypted(block: &Block) -> bool {
    // Notary-go: `Proc-Type` is not looked at.
    block.headers.contains_key(DEK_INFO)
}

/// Checks the header and the form of the contents of a block; returns how many bytes are encrypted
/// in it.
pub(super) fn encrypted_bytes(block: &Block) -> Result<usize, OpenError> {
    let (_, _, iv) = parameters(block)?;
    check_whole_blocks(&block.contents, &iv)?;
    Ok(block.contents.len())
}

/// Removes what is said about the encryption of the contents, when they are no longer encrypted so.
pub(super) fn remove_headers(block: &mut Block) {
    for header in [DEK_INFO, "Proc-Type"] {
        block.headers.remove(header);
    }
}

/// Decrypts the contents of a block.
///
/// The padding of one wrong passphrase in 256 is right: the result must still be read as a key.
pub(super) fn decrypt(block: &Block, passphrase: &str) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let (key_bytes, decrypt, iv) = parameters(block)?;
    decrypt(&derive_key(passphrase, &iv[..SALT_BYTES], key_bytes), &iv, &block.contents)
}

/// The length of the key, the cipher, and the initialisation vector, which begins with the salt.
fn parameters(block: &Block) -> Result<(usize, Decrypt, Vec<u8>), OpenError> {
    let dek_info = block.headers.get(DEK_INFO).ok_or(BAD_DEK_INFO)?;
    let (cipher, iv) = dek_info.split_once(',').ok_or(BAD_DEK_INFO)?;
    let iv = HEXLOWER_PERMISSIVE.decode(iv.trim().as_bytes()).map_err(|_| BAD_DEK_INFO)?;
    let (key_bytes, iv_bytes, decrypt): (_, _, Decrypt) = match cipher.trim() {
        "AES-128-CBC" => (16, 16, decrypt_cbc::<Aes128>),
        "AES-192-CBC" => (24, 16, decrypt_cbc::<Aes192>),
        "AES-256-CBC" => (32, 16, decrypt_cbc::<Aes256>),
        "DES-CBC" => (8, 8, decrypt_cbc::<Des>),
        "DES-EDE3-CBC" => (24, 8, decrypt_cbc::<TdesEde3>),
        other => return Err(Unsupported::Encryption(other.to_owned()).into()),
    };
    if iv.len() == iv_bytes { Ok((key_bytes, decrypt, iv)) } else { Err(BAD_DEK_INFO) }
}

fn check_whole_blocks(encrypted: &[u8], iv: &[u8]) -> Result<(), OpenError> {
    if encrypted.is_empty() || !encrypted.len().is_multiple_of(iv.len()) {
        return Err(OpenError::Malformed("its encrypted contents are not whole blocks"));
    }
    Ok(())
}

type Decrypt = fn(&[u8], &[u8], &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError>;

fn decrypt_cbc<C: BlockCipherDecrypt + KeyInit>(
    key: &[u8],
    iv: &[u8],
    encrypted: &[u8],
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let cipher = Decryptor::<C>::new_from_slices(key, iv).map_err(|_| BAD_DEK_INFO)?;
    check_whole_blocks(encrypted, iv)?;
    let mut buffer = Zeroizing::new(encrypted.to_vec());
    let plaintext = cipher.decrypt_padded::<Pkcs7>(&mut buffer);
    let length = plaintext.map_err(|_| OpenError::WrongPassphrase)?.len();
    buffer.truncate(length);
    Ok(buffer)
}

/// OpenSSL's `EVP_BytesToKey` with MD5 and one round: `D1 = MD5(p‖s)`, `D2 = MD5(D1‖p‖s)`, …
fn derive_key(passphrase: &str, salt: &[u8], length: usize) -> Zeroizing<Vec<u8>> {
    let mut key = Zeroizing::new(Vec::with_capacity(length + 16));
    let mut previous = Zeroizing::new(Vec::new());
    while key.len() < length {
        let digest = Md5::new().chain_update(&previous).chain_update(passphrase);
        previous = Zeroizing::new(digest.chain_update(salt).finalize().to_vec());
        key.extend_from_slice(&previous);
    }
    key.truncate(length);
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(dek_info: &str) -> Block {
        let mut block = Block::new("EC PRIVATE KEY", vec![0; 32]);
        block.headers.insert(DEK_INFO.into(), dek_info.into());
        block
    }

    #[test]
    fn keys_are_derived_as_openssl_does() {
        // openssl enc -aes-256-cbc -md md5 -pass pass:secret -S 0001020304050607 -P
        let salt = [0, 1, 2, 3, 4, 5, 6, 7];
        let key = data_encoding::HEXUPPER.encode(&derive_key("secret", &salt, 32));
        assert_eq!(key, "035FB8145B73CF111570DC936112BE9C375A5D3D8B915BC213BDBEF9DBFB7851");
    }

    #[test]
    fn headers_are_checked_before_anything_is_decrypted() {
        const IV: &str = "00112233445566778899aabbccddeeff";
        for bad in ["", "AES-128-CBC", "AES-128-CBC,", "AES-128-CBC,0011", "AES-128-CBC,xyz"] {
            assert_eq!(decrypt(&block(bad), "p").unwrap_err(), BAD_DEK_INFO, "{bad:?}");
        }
        for (cipher, iv) in [("DES-CBC", IV), ("DES-EDE3-CBC", IV), ("AES-256-CBC", &IV[..16])] {
            let error = decrypt(&block(&format!("{cipher},{iv}")), "p").unwrap_err();
            assert_eq!(error, BAD_DEK_INFO, "{cipher}");
        }
        let error = decrypt(&block(&format!("CAMELLIA-256-CBC,{IV}")), "p").unwrap_err();
        assert_eq!(error.to_string(), "encryption with CAMELLIA-256-CBC is not supported");
    }

    #[test]
    fn contents_that_are_no_whole_blocks_are_not_decrypted() {
        let mut block = block("DES-CBC,0011223344556677");
        for length in [31, 0] {
            block.contents.truncate(length);
            let error = decrypt(&block, "p").unwrap_err();
            assert_eq!(error, OpenError::Malformed("its encrypted contents are not whole blocks"));
        }
    }
}
