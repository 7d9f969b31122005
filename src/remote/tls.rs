//! Secure connections: whom we believe to be the server, and how we show who we are.
//!
//! The rule about servers: a certificate must be valid now and for the name in the address, and
//! come from an authority of the given bundle or, without one, of the system. A server may also
//! show a certificate that stands in the bundle itself, authority or not: self-signed certificates
//! are made that way, and Go clients take them. Notary-go: an authority of the bundle must be valid
//! now as well.

use std::fmt;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{Resumption, VerifierBuilderError, WebPkiServerVerifier, verify_server_name};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::server::ParsedCertificate;
use rustls::sign::CertifiedKey;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{
    CertificateDer, PrivateKeyDer, PrivatePkcs1KeyDer, PrivatePkcs8KeyDer, PrivateSec1KeyDer,
    ServerName, UnixTime,
};
use rustls_platform_verifier::Verifier as SystemVerifier;
use thiserror::Error;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;
use x509_parser::time::ASN1Time;
use zeroize::Zeroizing;

use super::RemoteErrorKind as Kind;
use super::certificates::{Authorities, Explained, Refused};
use super::failure::Source;
use super::way::{WatchedCertificate, WatchedSessions, Way};
use crate::fsutil;
use crate::tuf::{pem, x509};

const MAX_PEM_BYTES: u64 = 4 << 20;

/// How the server proves who it is, and how we do.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct TlsOptions {
    /// PEM file of the only certificate authorities to trust, instead of the system's.
    pub root_ca: Option<PathBuf>,
    /// PEM files of our certificate and of its key.
    pub client: Option<(PathBuf, PathBuf)>,
    /// Accept any certificate. Only what TUF itself protects is then protected.
    pub insecure_skip_verify: bool,
    /// Who opens our key if it is encrypted.
    pub opener: KeyOpener,
}

/// Opens the encrypted key of a client certificate, which is in this file and this block.
type OpenKey = dyn Fn(&Path, &pem::Block) -> Result<Zeroizing<Vec<u8>>, LockedKey>;

/// Somebody who opens encrypted keys of client certificates, or nobody. He is asked when a
/// connection is to be made, and not before.
#[derive(Clone, Default)]
pub struct KeyOpener(Option<Rc<OpenKey>>);

impl KeyOpener {
    /// `open` returns what was encrypted.
    pub fn new(
        open: impl Fn(&Path, &pem::Block) -> Result<Zeroizing<Vec<u8>>, LockedKey> + 'static,
    ) -> Self {
        Self(Some(Rc::new(open)))
    }
}

impl fmt::Debug for KeyOpener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyOpener")
    }
}

impl PartialEq for KeyOpener {
    /// Whoever it is, he opens the same keys.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for KeyOpener {}

/// Why an encrypted key is not open.
#[derive(Debug, Error)]
#[error("{words}")]
pub struct LockedKey {
    /// The reason.
    pub words: String,
    /// Whether that was Ctrl-C.
    pub is_interruption: bool,
}

/// What cannot be set up, and what a library said to it.
pub type SetupFailure = (String, Source);

/// Why there is no TLS.
pub struct NoTls {
    /// What went wrong.
    pub kind: Kind,
    /// Its cause.
    pub source: Source,
}

impl From<SetupFailure> for NoTls {
    fn from((what, source): SetupFailure) -> Self {
        Self { kind: Kind::Setup(what), source }
    }
}

impl From<LockedKey> for NoTls {
    fn from(error: LockedKey) -> Self {
        let kind = Kind::LockedKey { is_interruption: error.is_interruption };
        Self { kind, source: Some(error.into()) }
    }
}

impl TlsOptions {
    /// Reads the files and, when it takes them, the system's authorities. TLS is 1.2 or later. What
    /// is seen while connections are made is told to `way`.
    pub fn load(&self, way: &Arc<Way>) -> Result<ClientConfig, NoTls> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier: Arc<dyn ServerCertVerifier> = if self.insecure_skip_verify {
            Arc::new(Anybody { provider: provider.clone() })
        } else if let Some(path) = &self.root_ca {
            let verifier = Bundle::read(path, provider.clone())?;
            Arc::new(Explained { verifier, authorities: Authorities::File(path.clone()) })
        } else {
            let verifier = SystemVerifier::new(provider.clone()).map_err(|error| {
                ("this system has no usable authorities".to_owned(), Some(error.into()))
            })?;
            Arc::new(Explained { verifier, authorities: Authorities::System })
        };
        let certificate = match &self.client {
            None => None,
            Some((certificate, key)) => {
                let pair = read_pair(certificate, key, &self.opener, &provider)?;
                way.note_certificate(certificate, &pair);
                Some(Arc::new(pair))
            }
        };
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| ("there is no TLS".to_owned(), Some(error.into())))?
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_client_cert_resolver(Arc::new(WatchedCertificate {
                certificate,
                way: way.clone(),
            }));
        config.resumption = Resumption::store(Arc::new(WatchedSessions::new(way.clone())));
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(config)
    }
}

/// Reads our certificate, with those that belong to it, and its key.
fn read_pair(
    certificate_file: &Path,
    key_file: &Path,
    opener: &KeyOpener,
    provider: &CryptoProvider,
) -> Result<CertifiedKey, NoTls> {
    let certificate_pem = read(certificate_file)?;
    let no_certificate = |source| {
        (format!("there is no client certificate in `{}`", certificate_file.display()), source)
    };
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&certificate_pem).collect();
    let chain = chain.map_err(|error| no_certificate(Some(error.into())))?;
    if chain.is_empty() {
        return Err(no_certificate(None).into());
    }
    let key = read_key(key_file, opener)?;
    CertifiedKey::from_der(chain, key, provider).map_err(|error| {
        let pair = format!("`{}` and `{}`", certificate_file.display(), key_file.display());
        let words = match error {
            rustls::Error::InconsistentKeys(_) => {
                format!("the client certificate and the key in {pair} do not belong together")
            }
            _ => format!("the client certificate and the key in {pair} cannot be used"),
        };
        SetupFailure::from((words, Some(error.into()))).into()
    })
}

/// Reads our key.
fn read_key(file: &Path, opener: &KeyOpener) -> Result<PrivateKeyDer<'static>, NoTls> {
    let text = Zeroizing::new(read(file)?);
    let no_key = |source| {
        (format!("there is no key of a client certificate in `{}`", file.display()), source)
    };
    let blocks = pem::decode_all(&text);
    let Some(block) = blocks.iter().find(|block| is_encrypted(block)) else {
        let key = PrivateKeyDer::from_pem_slice(&text);
        return key.map_err(|error| no_key(Some(error.into())).into());
    };
    let Some(open) = &opener.0 else {
        return Err((format!("the key in `{}` is encrypted", file.display()), None).into());
    };
    let key = open(file, block)?.to_vec();
    Ok(match block.label.as_str() {
        "EC PRIVATE KEY" => PrivateSec1KeyDer::from(key).into(),
        "RSA PRIVATE KEY" => PrivatePkcs1KeyDer::from(key).into(),
        _ => PrivatePkcs8KeyDer::from(key).into(),
    })
}

/// Whether a block is an encrypted private key, in PKCS#8 or in the way of older programs.
fn is_encrypted(block: &pem::Block) -> bool {
    let is_older = block.label.ends_with(" PRIVATE KEY") && block.headers.contains_key("DEK-Info");
    block.label == "ENCRYPTED PRIVATE KEY" || is_older
}

fn read(path: &Path) -> Result<Vec<u8>, SetupFailure> {
    let what = || format!("`{}` cannot be read", path.display());
    match fsutil::read_bounded(path, MAX_PEM_BYTES) {
        Ok(Some(bytes)) => Ok(bytes),
        Ok(None) => Err((format!("there is no file `{}`", path.display()), None)),
        Err(error) => Err((what(), Some(error.source.into()))),
    }
}

/// The certificates of a file.
#[derive(Debug)]
struct Bundle {
    authorities: Arc<WebPkiServerVerifier>,
    certificates: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
}

impl Bundle {
    /// Reads the certificates that can be used, like the Go program.
    fn read(path: &Path, provider: Arc<CryptoProvider>) -> Result<Self, SetupFailure> {
        let mut roots = RootCertStore::empty();
        let blocks = pem::decode_all(&read(path)?).into_iter();
        let certificates: Vec<_> = blocks
            .filter(|block| block.label == x509::CERTIFICATE)
            .map(|block| CertificateDer::from(block.contents.to_vec()))
            .filter(|certificate| roots.add(certificate.clone()).is_ok())
            .collect();
        if certificates.is_empty() {
            return Err((unusable(path), None));
        }
        let authorities = verifier(roots, provider.clone())
            .map_err(|error| (unusable(path), Some(error.into())))?;
        Ok(Self { authorities, certificates, provider })
    }

    /// The certificates that may not be used at this time.
    fn untimely(&self, now: UnixTime) -> impl Iterator<Item = &CertificateDer<'static>> {
        self.certificates.iter().filter(move |certificate| check_time(certificate, now).is_err())
    }

    /// The same for only some of the authorities.
    fn verifier_of<'c>(
        &self,
        certificates: impl Iterator<Item = &'c CertificateDer<'static>>,
    ) -> Option<Arc<WebPkiServerVerifier>> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(certificates.cloned());
        verifier(roots, self.provider.clone()).ok()
    }
}

fn verifier(
    roots: RootCertStore,
    provider: Arc<CryptoProvider>,
) -> Result<Arc<WebPkiServerVerifier>, VerifierBuilderError> {
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build()
}

fn unusable(path: &Path) -> String {
    format!("the CA file `{}` has no usable certificate", path.display())
}

impl ServerCertVerifier for Bundle {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if self.certificates.contains(end_entity) {
            // The chain is the certificate itself, of which webpki wants to know nothing.
            verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
            return check_usable(end_entity, now).map_err(rustls::Error::InvalidCertificate);
        }
        let verify = |verifier: &WebPkiServerVerifier| {
            verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
        };
        let verified = verify(&self.authorities)?;
        // The library does not ask how old authorities are, which Go does.
        let untimely: Vec<_> = self.untimely(now).collect();
        if untimely.is_empty() {
            return Ok(verified);
        }
        let timely = self.certificates.iter().filter(|known| !untimely.contains(known));
        if self.verifier_of(timely).is_some_and(|verifier| verify(&verifier).is_ok()) {
            return Ok(verified);
        }
        let is_its = |authority: &&&CertificateDer<'static>| {
            let verifier = self.verifier_of(std::iter::once(**authority));
            verifier.is_some_and(|verifier| verify(&verifier).is_ok())
        };
        let authority = untimely.iter().find(is_its).copied().unwrap_or(end_entity);
        Err(Refused::authority(authority, now))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.authorities.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.authorities.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.authorities.supported_verify_schemes()
    }
}

/// Checks what a certificate that is trusted as such says about itself: when and for what it may
/// be used.
fn check_usable(
    certificate: &CertificateDer<'_>,
    now: UnixTime,
) -> Result<ServerCertVerified, CertificateError> {
    check_time(certificate, now)?;
    let (_, parsed) =
        X509Certificate::from_der(certificate).map_err(|_| CertificateError::BadEncoding)?;
    let purposes = parsed.extended_key_usage().map_err(|_| CertificateError::BadEncoding)?;
    match purposes {
        Some(purposes) if !purposes.value.any && !purposes.value.server_auth => {
            Err(CertificateError::InvalidPurpose)
        }
        _ => Ok(ServerCertVerified::assertion()),
    }
}

/// Checks what a certificate says about when it may be used.
fn check_time(certificate: &CertificateDer<'_>, now: UnixTime) -> Result<(), CertificateError> {
    let (_, parsed) =
        X509Certificate::from_der(certificate).map_err(|_| CertificateError::BadEncoding)?;
    let moment = |time: ASN1Time| {
        // Nothing was valid before 1970.
        let seconds = u64::try_from(time.timestamp()).unwrap_or_default();
        UnixTime::since_unix_epoch(Duration::from_secs(seconds))
    };
    let not_before = moment(parsed.validity().not_before);
    let not_after = moment(parsed.validity().not_after);
    if now < not_before {
        return Err(CertificateError::NotValidYetContext { time: now, not_before });
    }
    if now > not_after {
        return Err(CertificateError::ExpiredContext { time: now, not_after });
    }
    Ok(())
}

/// Believes everybody.
#[derive(Debug)]
struct Anybody {
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
