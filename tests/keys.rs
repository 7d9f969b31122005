//! Private keys: files by other programs, the key store, and other programs with our files.

use notary::keys::{OpenError, PrivateKey};
use notary::tuf::pem::{self, Block};

use crate::support::read_golden;

mod encodings;
mod interop;
mod store;

/// What the golden keys are encrypted with, except those that say otherwise.
const PASSPHRASE: &str = "delegation-passphrase";

/// Golden keys of every kind, by file and id.
const EC: &str = "11-key-files/ec-sec1-plain.key";
const EC_ID: &str = "cff4c5970e08f359ab0166516042ae0d3cfa894e085975a0dec1ba51f2da4c99";
const ED25519: &str = "11-key-files/ed25519-notary-plain.key";
const P384: &str = "11-key-files/ec-p384-sec1-plain.key";
const RSA: &str = "11-key-files/rsa-pkcs1-plain.key";
const SHORT_RSA: &str = "11-key-files/rsa1024-pkcs1-plain.key";

/// openssl ecparam -name secp521r1 -genkey -noout
const P521: &str = "-----BEGIN EC PRIVATE KEY-----
MIHcAgEBBEIBhumwRNaVO6Ak5VXtYG50Yn4FhjGrHYmpCoOvcNAjzyfmOsYvnPXN
duFm4cRSlDYCHPYGQ+WUxrHvghOOnB5bdlOgBwYFK4EEACOhgYkDgYYABAD8D91r
vPpoJC5VZyVJS0PQpkkOhJbYkWhU9WvkXNvQe0WNHtFd44g6a/sadR3RRqzmmmLn
pP4scNkYf8Lv0/OloQHI2MLS5aGulypVBkZI9yrBwmqPx7sflib4IAdnX51E/f7q
60m3DQNLev7HHuF4R29KUk5695zd3LpUNdHwSS7YXQ==
-----END EC PRIVATE KEY-----
";

fn block(text: &[u8]) -> Block {
    pem::decode_all(text).into_iter().next().expect("a PEM block")
}

fn golden_block(path: &str) -> Block {
    block(&read_golden(path))
}

fn open(text: &str, passphrase: Option<&str>) -> Result<PrivateKey, OpenError> {
    notary::keys::open(&block(text.as_bytes()), passphrase)
}

fn golden_key(path: &str) -> PrivateKey {
    notary::keys::open(&golden_block(path), None).unwrap()
}

/// One key of each kind that can sign.
fn keys_that_sign() -> [PrivateKey; 5] {
    let p521 = open(P521, None).unwrap();
    [golden_key(EC), golden_key(P384), p521, golden_key(RSA), golden_key(ED25519)]
}
