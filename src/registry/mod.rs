//! Registries of images, as far as it takes to tell what a tag stands for.
//!
//! A tag stands for a manifest, or for an index of the manifests for several platforms; both are JSON
//! and known by the SHA-256 of their bytes (OCI distribution specification, "Pulling manifests").
//! The rules:
//!
//! 1. The registry is at `https://HOST`. On this machine, as with Docker, one that does not speak TLS
//!    is asked without. Nothing else is ever asked in clear.
//! 2. One request gets the manifest. Redirects are not followed: registries redirect to where layers
//!    are, not to manifests.
//! 3. The bytes are hashed here, and their number is the size. What the registry says their digest is
//!    must be the same, and so must the digest of a reference that has one.
//! 4. They must be one of the four kinds of [`Kind`]: by the `Content-Type`, by the `mediaType` in the
//!    document, which only OCI may leave out, and by the members that it has. A document that
//!    could be read as an index and as a manifest is neither. As Go's JSON does not tell capitals from
//!    small letters, a document is refused with a member that differs from one of these in that alone;
//!    and so is one with `fsLayers`, which is of schema 1.

mod manifest;
pub mod reference;

use std::rc::Rc;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use thiserror::Error;
use url::Url;

pub use manifest::{Kind, NotAManifest, shorten};

use self::reference::{Digest, InvalidReference, Reference};
use crate::credentials::Credentials;
use crate::progress::Progress;
use crate::remote::{
    Access, Answer, Endpoint, Get, RemoteError, RemoteErrorKind, Scope, TlsProblem, Transport,
};

/// The most bytes of a manifest, which is what registries take.
const MAX_MANIFEST_BYTES: u64 = 4 << 20;
const CONTENT_TYPE: &str = "content-type";
const CONTENT_DIGEST: &str = "docker-content-digest";

/// What a tag stands for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Manifest {
    /// The SHA-256 of its bytes.
    pub digest: Digest,
    /// Which kind of document it is.
    pub kind: Kind,
    /// The platforms of an index, for instance `linux/arm64/v8`; none for a single image.
    pub platforms: Vec<String>,
    /// Its size in bytes.
    pub size: u64,
}

/// Why it cannot be told what a tag stands for.
#[derive(Debug, Error)]
pub enum RegistryError {
    /// The registry says one thing and sends another.
    #[error("{url} has the digest {actual}, but the registry says {said}")]
    OtherDigest {
        /// The address.
        url: String,
        /// That of what it sent.
        actual: Digest,
        /// What it says, which may be no digest at all.
        said: String,
    },
    /// The tag does not stand for what it was said to stand for.
    #[error("{reference} stands for {actual} in the registry")]
    Moved {
        /// What was asked for, with a digest.
        reference: Reference,
        /// What is there.
        actual: Digest,
    },
    /// What was sent is no manifest.
    #[error("{url} is no manifest of an image that can be signed")]
    NotAManifest {
        /// The address.
        url: String,
        /// What is wrong with it.
        #[source]
        why: NotAManifest,
    },
    /// A failed request.
    #[error(transparent)]
    Remote(#[from] RemoteError),
}

/// The registry with one repository.
pub struct Registry<'r> {
    reference: &'r Reference,
    secure: (Url, Transport),
    /// The same without TLS, on this machine.
    in_clear: Option<(Url, Transport)>,
}

impl<'r> Registry<'r> {
    /// The address of the registry of an image.
    pub fn url(reference: &Reference) -> Result<Url, InvalidReference> {
        let invalid = |_| InvalidReference::Host(reference.host.clone());
        Url::parse(&format!("https://{}/", reference.registry())).map_err(invalid)
    }

    /// Prepares for the registry of an image; connects to nobody.
    pub fn new(
        reference: &'r Reference,
        endpoint: Endpoint,
        credentials: Rc<dyn Credentials>,
        progress: Arc<dyn Progress>,
    ) -> Self {
        let to = |endpoint: Endpoint| {
            let url = endpoint.url.clone();
            (url, Transport::new(endpoint, credentials.clone(), progress.clone()))
        };
        let in_clear = without_tls(&endpoint).map(to);
        Self { reference, secure: to(endpoint), in_clear }
    }

    /// Tells what the tag of the image stands for now.
    pub fn manifest(&self) -> Result<Manifest, RegistryError> {
        let answer = match (self.get(&self.secure), &self.in_clear) {
            (Err(error), Some(in_clear)) if is_without_tls(&error) => self.get(in_clear)?,
            (result, _) => result?,
        };
        self.judge(&answer)
    }

    fn get(&self, (base, transport): &(Url, Transport)) -> Result<Located, RemoteError> {
        let mut url = base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().push("v2").extend(self.reference.path.split('/'));
            path.extend(["manifests", &self.reference.manifest()]);
        }
        let accept = Kind::ALL.map(Kind::media_type);
        let get = Get { url: &url, accept: &accept, only_head: false, max: MAX_MANIFEST_BYTES };
        let scope = Scope::repository(&self.reference.path, Access::Pull);
        let answer = transport.get(&get, &scope)?;
        Ok(Located { answer, url: url.into() })
    }

    fn judge(&self, Located { answer, url }: &Located) -> Result<Manifest, RegistryError> {
        let hash = digest(&SHA256, &answer.body);
        let actual = Digest(hash.as_ref().try_into().expect("SHA-256 has 32 bytes"));
        let header = |name| {
            let value = answer.headers.get(name)?;
            Some(String::from_utf8_lossy(value.as_bytes()).trim().to_owned())
        };
        if let Some(said) = header(CONTENT_DIGEST)
            && said.parse() != Ok(actual)
        {
            let (url, said) = (url.clone(), shorten(&said));
            return Err(RegistryError::OtherDigest { url, actual, said });
        }
        if self.reference.digest.is_some_and(|wanted| wanted != actual) {
            let reference = self.reference.clone();
            return Err(RegistryError::Moved { reference, actual });
        }
        let content_type = header(CONTENT_TYPE);
        let (kind, platforms) = manifest::judge(content_type.as_deref(), &answer.body)
            .map_err(|why| RegistryError::NotAManifest { url: url.clone(), why })?;
        Ok(Manifest { digest: actual, kind, platforms, size: answer.body.len() as u64 })
    }
}

/// An answer and where it came from.
struct Located {
    answer: Answer,
    url: String,
}

/// The same server without TLS, if it is on this machine.
fn without_tls(endpoint: &Endpoint) -> Option<Endpoint> {
    let mut url = endpoint.url.clone();
    let is_changed = endpoint.is_on_this_machine() && url.set_scheme("http").is_ok();
    is_changed.then(|| Endpoint { url, ..endpoint.clone() })
}

/// Whether nobody speaks TLS at the address, although somebody is there.
fn is_without_tls(error: &RemoteError) -> bool {
    matches!(error.kind, RemoteErrorKind::Tls(TlsProblem::NoTls) | RemoteErrorKind::Interrupted)
}
