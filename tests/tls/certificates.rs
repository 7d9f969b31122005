//! Authorities and certificates that exist for one test.

use std::fs;
use std::path::{Path, PathBuf};

use notary::tuf::pem::Block;
use notary::tuf::x509::to_pem;
use rcgen::{BasicConstraints, Certificate, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use time::{Duration, OffsetDateTime};

/// When a certificate is valid.
#[derive(Clone, Copy)]
pub enum Validity {
    Future,
    Now,
    Past,
}

impl Validity {
    fn apply(self, params: &mut CertificateParams) {
        // Of the machine's clock, which is the one that TLS goes by.
        let now = OffsetDateTime::now_utc();
        let (from, to) = match self {
            Self::Future => (1, 2),
            Self::Now => (-1, 1),
            Self::Past => (-2, -1),
        };
        params.not_before = now + Duration::days(from);
        params.not_after = now + Duration::days(to);
    }
}

/// Somebody who issues certificates.
pub struct Authority {
    certificate: String,
    /// What has to be shown with its certificates.
    above: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    pub fn new(name: &str) -> Self {
        Self::valid(name, Validity::Now)
    }

    /// One whose own certificate is valid then.
    pub fn valid(name: &str, validity: Validity) -> Self {
        let (key, params) = (KeyPair::generate().unwrap(), Self::params(name, validity));
        let certificate = to_pem(params.self_signed(&key).unwrap().der());
        Self { certificate, above: String::new(), issuer: Issuer::new(params, key) }
    }

    /// One that is vouched for by this one.
    pub fn below(&self, name: &str, validity: Validity) -> Self {
        let (key, params) = (KeyPair::generate().unwrap(), Self::params(name, validity));
        let certificate = to_pem(params.signed_by(&key, &self.issuer).unwrap().der());
        let above = certificate.clone() + &self.above;
        Self { certificate, above, issuer: Issuer::new(params, key) }
    }

    fn params(name: &str, validity: Validity) -> CertificateParams {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        validity.apply(&mut params);
        params
    }

    /// Makes a self-signed certificate of an authority for these names or addresses, as
    /// `openssl req -x509` does.
    pub fn for_itself(names: &[&str], validity: Validity) -> Issued {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(names).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        validity.apply(&mut params);
        Issued::new(&params.self_signed(&key).unwrap(), &key)
    }

    /// Makes a certificate for these names or addresses.
    pub fn issue(&self, names: &[&str], validity: Validity) -> Issued {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(names).unwrap();
        validity.apply(&mut params);
        let mut issued = Issued::new(&params.signed_by(&key, &self.issuer).unwrap(), &key);
        issued.certificate.push_str(&self.above);
        issued
    }

    /// Writes `NAME.crt` and returns its path.
    pub fn write(&self, directory: &Path, name: &str) -> PathBuf {
        let path = directory.join(name).with_extension("crt");
        fs::write(&path, &self.certificate).unwrap();
        path
    }
}

/// A certificate and its key, in PEM.
pub struct Issued {
    certificate: String,
    key: String,
}

impl Issued {
    fn new(certificate: &Certificate, key: &KeyPair) -> Self {
        let key = Block::new("PRIVATE KEY", key.serialize_der());
        Self { certificate: to_pem(certificate.der()), key: key.encode().to_string() }
    }

    /// Writes `NAME.crt` and `NAME.key`.
    pub fn write(&self, directory: &Path, name: &str) -> IssuedFiles {
        let [certificate, key] =
            ["crt", "key"].map(|ending| directory.join(name).with_extension(ending));
        fs::write(&certificate, &self.certificate).unwrap();
        fs::write(&key, &self.key).unwrap();
        IssuedFiles { certificate, key }
    }
}

/// The files of a certificate and its key.
pub struct IssuedFiles {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

impl IssuedFiles {
    /// The options that name them.
    pub fn args(&self) -> [String; 2] {
        let (certificate, key) = (self.certificate.display(), self.key.display());
        [format!("--tlscert={certificate}"), format!("--tlskey={key}")]
    }
}
