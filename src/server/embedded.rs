//! The server in a directory: no process, no network, the same rules.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use time::OffsetDateTime;
use url::Url;

use super::keys::{Algorithm, ServerKeys};
use super::sqlite::SqliteStorage;
use super::{DEFAULT_KEEP, Invalid, InvalidKind, Service, ServiceError, StorageError, Upload};
use crate::keys::passphrase::Passphrase;
use crate::remote::{Fetch, FileName, Remote, RemoteError, RemoteErrorKind as Kind};
use crate::tuf::key::PublicKey;
use crate::tuf::role::{Gun, RoleName};
use crate::tuf::sign::OutgoingFile;

/// The database in the directory of a server.
pub const DATABASE: &str = "notary.db";

/// One collection on the server in a directory.
pub struct Embedded {
    directory: PathBuf,
    gun: Gun,
    now: OffsetDateTime,
    passphrase: Option<Passphrase>,
    server: String,
    service: OnceLock<Service>,
}

impl Embedded {
    /// Uses the server in `directory`, whose new keys are encrypted with `passphrase`; touches
    /// nothing yet.
    pub fn new(
        directory: &Path,
        passphrase: Option<Passphrase>,
        gun: &Gun,
        now: OffsetDateTime,
    ) -> Self {
        let server = Url::from_file_path(directory)
            .map_or_else(|()| directory.display().to_string(), String::from);
        let (directory, gun) = (directory.to_owned(), gun.clone());
        Self { directory, gun, now, passphrase, server, service: OnceLock::new() }
    }

    /// Opens, or makes, the database of the server in `directory`.
    pub fn storage(directory: &Path) -> Result<SqliteStorage, StorageError> {
        SqliteStorage::open(&directory.join(DATABASE))
    }

    /// The service, if there is one already: asking makes nothing.
    fn existing(&self) -> Result<Option<&Service>, StorageError> {
        match self.directory.join(DATABASE).exists() {
            true => self.service().map(Some),
            false => Ok(None),
        }
    }

    fn service(&self) -> Result<&Service, StorageError> {
        if let Some(service) = self.service.get() {
            return Ok(service);
        }
        let storage = Self::storage(&self.directory)?;
        let keys = ServerKeys::new(Algorithm::default(), self.passphrase.clone());
        let service = Service::new(Box::new(storage), keys, DEFAULT_KEEP);
        Ok(self.service.get_or_init(|| service))
    }

    fn get(&self, fetch: &Fetch) -> Result<Vec<u8>, RemoteError> {
        let get = || {
            let service = self.existing()?.ok_or(ServiceError::NotFound)?;
            match &fetch.name {
                FileName::Current(role) => service.newest(&self.gun, role, self.now),
                FileName::Hash(role, sha256) => service.with_hash(&self.gun, role, sha256),
                FileName::Version(role, version) => service.version(&self.gun, role, *version),
            }
        };
        let name = fetch.name.to_string();
        let bytes = get().map_err(|error| self.failed(&name, error))?.file.bytes;
        if bytes.len() as u64 > fetch.max_length {
            return Err(self.error(&name, Kind::TooLarge(fetch.max_length)));
        }
        Ok(bytes)
    }

    fn error(&self, name: &str, kind: Kind) -> RemoteError {
        let mut url = format!("{} {}", self.server, self.gun);
        if !name.is_empty() {
            url.push_str(&format!(" {name}"));
        }
        RemoteError { kind, url, source: None }
    }

    fn failed(&self, name: &str, error: ServiceError) -> RemoteError {
        let kind = match &error {
            ServiceError::Conflict { .. } => Kind::Conflict,
            ServiceError::Invalid(Invalid { kind: InvalidKind::Hierarchy, message }) => {
                Kind::KeyNotOnServer { message: message.clone() }
            }
            ServiceError::Invalid(Invalid { kind, message }) => {
                Kind::Rejected { code: kind.to_string(), message: message.clone() }
            }
            ServiceError::NotFound => Kind::NotFound,
            ServiceError::Key(_) | ServiceError::Sign(_) | ServiceError::Storage(_) => {
                Kind::Directory
            }
        };
        let source = (kind == Kind::Directory).then(|| error.into());
        RemoteError { source, ..self.error(name, kind) }
    }
}

impl Remote for Embedded {
    fn server(&self) -> &str {
        &self.server
    }

    fn fetch_all(&self, fetches: &[Fetch]) -> Vec<Result<Vec<u8>, RemoteError>> {
        fetches.iter().map(|fetch| self.get(fetch)).collect()
    }

    fn publish(&self, files: &[OutgoingFile]) -> Result<(), RemoteError> {
        let files = files.iter().map(|file| (file.role.clone(), file.bytes.clone()));
        let publish = || self.service()?.publish(&self.gun, &Upload::new(files), self.now);
        publish().map_err(|error| self.failed("", error))
    }

    fn server_key(&self, role: &RoleName) -> Result<PublicKey, RemoteError> {
        let key = || self.service()?.key(&self.gun, role, self.now);
        key().map_err(|error| self.failed(&format!("{role}.key"), error))
    }

    fn next_server_key(&self, role: &RoleName) -> Result<PublicKey, RemoteError> {
        let key = || self.service()?.next_key(&self.gun, role, self.now);
        key().map_err(|error| self.failed(&format!("{role}.key"), error))
    }

    fn delete(&self) -> Result<(), RemoteError> {
        let delete = || match self.existing()? {
            Some(service) => service.delete(&self.gun, self.now),
            None => Ok(()),
        };
        delete().map_err(|error| self.failed("", error))
    }
}
