//! Encrypted PKCS#8: `EncryptedPrivateKeyInfo` with password based encryption scheme 2.
//!
//! Written is what Go's Notary can read (`formats.md` §2.2): PBKDF2 with HMAC-SHA-1, the default
//! that goes unsaid, and AES-256-CBC. Go honours the number of iterations, so that is where ours
//! are stronger. Read is whatever the pkcs5 crate can, within bounds on the time it takes.

use aws_lc_rs::rand;
use der::asn1::{ObjectIdentifier, OctetStringRef};
use der::{ErrorKind, Sequence};
use pkcs5::AlgorithmIdentifierRef;
use pkcs5::pbes2::{EncryptionScheme, Kdf, PBES2_OID, Parameters, Pbkdf2Params, Pbkdf2Prf, Salt};
use zeroize::Zeroizing;

use super::asn1;
use super::error::{OpenError, Unsupported};

/// How often the keys that this program writes are hashed.
pub(super) const ITERATIONS: u32 = 600_000;

/// How often the keys that Go writes are hashed.
const GO_ITERATIONS: u32 = 2048;

/// The largest number of iterations in a file that is believed, some seconds of work.
const MAX_ITERATIONS: u32 = 10_000_000;

/// The largest product of the three scrypt parameters that is believed; it needs 128 MiB.
const MAX_SCRYPT_COST: u64 = 1 << 20;

/// Length of the salt that Go writes, in bytes.
const SALT_BYTES: usize = 8;

/// Length of an AES block, in bytes.
const IV_BYTES: usize = 16;

const BAD_PARAMETERS: OpenError = OpenError::Malformed("its encryption parameters are invalid");

#[derive(Sequence)]
struct EncryptedPrivateKeyInfo<'a> {
    algorithm: AlgorithmIdentifierRef<'a>,
    encrypted: &'a OctetStringRef,
}

impl<'a> EncryptedPrivateKeyInfo<'a> {
    fn read(der: &'a [u8]) -> Result<Self, OpenError> {
        asn1::first(der).map_err(|_| OpenError::Malformed("it is not in encrypted PKCS#8 form"))
    }
}

/// Checks the form and the parameters of an `EncryptedPrivateKeyInfo`; returns how many bytes are
/// encrypted in it.
pub(super) fn encrypted_bytes(der: &[u8]) -> Result<usize, OpenError> {
    let info = EncryptedPrivateKeyInfo::read(der)?;
    parameters(info.algorithm)?;
    Ok(info.encrypted.as_bytes().len())
}

/// Decrypts an `EncryptedPrivateKeyInfo`.
///
/// The padding of one wrong passphrase in 256 is right: the result must still be read as a key.
pub(super) fn decrypt(der: &[u8], passphrase: &str) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let info = EncryptedPrivateKeyInfo::read(der)?;
    let parameters = parameters(info.algorithm)?;
    let mut buffer = Zeroizing::new(info.encrypted.as_bytes().to_vec());
    let plaintext = parameters.decrypt_in_place(passphrase, &mut buffer);
    let length = plaintext.map_err(|error| match error {
        pkcs5::Error::UnsupportedAlgorithm { oid } => {
            Unsupported::Encryption(oid.to_string()).into()
        }
        pkcs5::Error::AlgorithmParametersInvalid { .. } => BAD_PARAMETERS,
        _ => OpenError::WrongPassphrase,
    })?;
    let length = length.len();
    buffer.truncate(length);
    Ok(buffer)
}

/// Whether the parameters are those that Go's Notary reads, with as many iterations as it writes.
pub(super) fn is_for_go(der: &[u8]) -> bool {
    let Ok(info) = asn1::first::<EncryptedPrivateKeyInfo<'_>>(der) else { return false };
    let Ok(parameters) = parameters(info.algorithm) else { return false };
    let Kdf::Pbkdf2(kdf) = &parameters.kdf else { return false };
    matches!(parameters.encryption, EncryptionScheme::Aes256Cbc { .. })
        && kdf.prf == Pbkdf2Prf::HmacWithSha1
        && kdf.key_length.is_none()
        && kdf.iteration_count >= GO_ITERATIONS
}

/// Reads the parameters and refuses those that would keep the program busy.
fn parameters(algorithm: AlgorithmIdentifierRef<'_>) -> Result<Parameters, OpenError> {
    let unsupported = |oid: ObjectIdentifier| Unsupported::Encryption(oid.to_string()).into();
    if algorithm.oid != PBES2_OID {
        return Err(unsupported(algorithm.oid));
    }
    let parameters = algorithm.parameters.ok_or(BAD_PARAMETERS)?;
    let parameters = Parameters::try_from(parameters).map_err(|error| match error.kind() {
        ErrorKind::OidUnknown { oid } => unsupported(oid),
        _ => BAD_PARAMETERS,
    })?;
    let excessive = match &parameters.kdf {
        Kdf::Pbkdf2(kdf) if kdf.iteration_count == 0 => return Err(BAD_PARAMETERS),
        Kdf::Pbkdf2(kdf) => kdf.iteration_count > MAX_ITERATIONS,
        Kdf::Scrypt(kdf) if kdf.cost_parameter == 0 => return Err(BAD_PARAMETERS),
        Kdf::Scrypt(kdf) => {
            let factors = [kdf.block_size.into(), kdf.parallelization.into()];
            let cost = factors.iter().try_fold(kdf.cost_parameter, |cost, f| cost.checked_mul(*f));
            cost.is_none_or(|cost| cost > MAX_SCRYPT_COST)
        }
        other => return Err(unsupported(other.oid())),
    };
    if excessive { Err(Unsupported::ExcessiveCost.into()) } else { Ok(parameters) }
}

/// Encrypts a `PrivateKeyInfo` in Go's parameters, but with `iterations`.
pub(super) fn encrypt(plaintext: &[u8], passphrase: &str, iterations: u32) -> Vec<u8> {
    const VALID: &str = "the key is small and the parameters are constants";

    let mut salt = [0; SALT_BYTES];
    let mut iv = [0; IV_BYTES];
    for random in [salt.as_mut_slice(), &mut iv] {
        rand::fill(random).expect("AWS-LC ends the process when there is no randomness");
    }
    let kdf = Pbkdf2Params {
        salt: Salt::new(salt).expect(VALID),
        iteration_count: iterations,
        key_length: None,
        prf: Pbkdf2Prf::HmacWithSha1,
    };
    let parameters = Parameters { kdf: kdf.into(), encryption: EncryptionScheme::Aes256Cbc { iv } };
    let encrypted = parameters.encrypt(passphrase, plaintext).expect(VALID);
    let parameters = asn1::encode(&parameters);
    let info = EncryptedPrivateKeyInfo {
        algorithm: AlgorithmIdentifierRef {
            oid: PBES2_OID,
            parameters: Some(asn1::first(&parameters).expect(VALID)),
        },
        encrypted: OctetStringRef::new(&encrypted).expect(VALID),
    };
    asn1::encode(&info).to_vec()
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;
    use pkcs5::pbes2::ScryptParams;

    use super::*;

    fn with_kdf(kdf: Kdf) -> Vec<u8> {
        let parameters =
            Parameters { kdf, encryption: EncryptionScheme::Aes256Cbc { iv: [0; IV_BYTES] } };
        let parameters = asn1::encode(&parameters);
        let algorithm = AlgorithmIdentifierRef {
            oid: PBES2_OID,
            parameters: Some(asn1::first(&parameters).unwrap()),
        };
        let encrypted = OctetStringRef::new(&[0; 32]).unwrap();
        asn1::encode(&EncryptedPrivateKeyInfo { algorithm, encrypted }).to_vec()
    }

    fn pbkdf2(iteration_count: u32) -> Vec<u8> {
        let salt = Salt::new([0; SALT_BYTES]).unwrap();
        let prf = Pbkdf2Prf::HmacWithSha1;
        with_kdf(Pbkdf2Params { salt, iteration_count, key_length: None, prf }.into())
    }

    fn scrypt(cost_parameter: u64, block_size: u16, parallelization: u16) -> Vec<u8> {
        let salt = Salt::new([0; SALT_BYTES]).unwrap();
        let key_length = None;
        with_kdf(
            ScryptParams { salt, cost_parameter, block_size, parallelization, key_length }.into(),
        )
    }

    #[test]
    fn what_is_encrypted_can_be_decrypted() {
        for length in [0, 1, 15, 16, 17, 1000] {
            let plaintext = vec![7; length];
            let der = encrypt(&plaintext, "passphrase", 2);
            assert_eq!(*decrypt(&der, "passphrase").unwrap(), plaintext);
        }
    }

    #[test]
    fn parameters_are_written_in_the_form_of_go() {
        // formats.md §2.2, with 600 000 (0927c0) instead of 2048 iterations
        let der = HEXLOWER.encode(&encrypt(&[7; 100], "passphrase", ITERATIONS));
        let (head, tail) = der.split_at("3081be".len());
        assert_eq!(head, "3081be");
        let expected = [
            "304a06092a864886f70d01050d303d301c06092a864886f70d01050c300f0408",
            "02030927c0301d060960864801650304012a0410",
            "0470",
        ];
        assert!(tail.starts_with(expected[0]), "{tail}");
        let tail = &tail[expected[0].len() + 2 * SALT_BYTES..];
        assert!(tail.starts_with(expected[1]), "{tail}");
        let tail = &tail[expected[1].len() + 2 * IV_BYTES..];
        assert!(tail.starts_with(expected[2]), "{tail}");
    }

    #[test]
    fn salts_and_initialisation_vectors_are_fresh() {
        let (one, two) = (encrypt(b"key", "passphrase", 2), encrypt(b"key", "passphrase", 2));
        assert_ne!(one, two);
    }

    #[test]
    fn costs_without_bound_are_refused() {
        let excessive = OpenError::Unsupported(Unsupported::ExcessiveCost);
        assert_eq!(decrypt(&pbkdf2(MAX_ITERATIONS + 1), "p").unwrap_err(), excessive);
        assert_eq!(decrypt(&pbkdf2(u32::MAX), "p").unwrap_err(), excessive);
        for (n, r, p) in [(1 << 18, 8, 1), (1 << 14, 8, 9), (1 << 63, u16::MAX, u16::MAX)] {
            assert_eq!(decrypt(&scrypt(n, r, p), "p").unwrap_err(), excessive, "{n} {r} {p}");
        }
    }

    #[test]
    fn impossible_parameters_are_errors() {
        assert_eq!(decrypt(&pbkdf2(0), "p").unwrap_err(), BAD_PARAMETERS);
        for (n, r, p) in [(0, 8, 1), (3, 8, 1), (16, 0, 1), (16, 8, 0)] {
            assert_eq!(decrypt(&scrypt(n, r, p), "p").unwrap_err(), BAD_PARAMETERS, "{n} {r} {p}");
        }
    }
}
