//! Partial publications: the next files of a collection on their way from one signer to the next.
//!
//! Where a threshold needs keys that are on several machines, nobody can publish at once. Instead
//! somebody makes the files and signs them with the keys at hand, and puts them into one file
//! together with what they were built on. Others add their signatures, and when there are enough,
//! somebody uploads it.
//!
//! The rule: a partial publication fits a collection as long as the files of the roles that it
//! replaces, and of all roles above them, are byte for byte those that it was built on, because
//! those say who may sign what. What others publish elsewhere meanwhile does not matter.
//!
//! The file comes from wherever, so all of it is judged ([`judge`]) before anything is shown,
//! signed or sent, and anew each time:
//!
//! 1. It is for this collection, and of the form and size of such a file. It replaces root and
//!    targets roles only; snapshot and timestamp are made when it is uploaded.
//! 2. It fits the present state in the sense above.
//! 3. What is signed for each role is what this program would write: nothing that the types of this
//!    program do not keep, so that nothing hides from whoever is shown the differences.
//! 4. The version is the next one, and the expiry in the future.
//! 5. The keys that have to sign are those that the next root, or the next file of the parent,
//!    lists; for a root also those of the present one.
//! 6. Each signature is by one of them, by each at most once, and verifies. Whoever passes on what
//!    others have not signed is to be noticed, not passed over.
//! 7. The file of a role leaves the snapshot where the next file of the parent does not list the role
//!    any more, and only there: what follows from what is signed needs no member of its own.
//!
//! Thresholds and all else are left to the one place that lets files out ([`super::sign`]).

pub mod differences;
pub mod judge;

use std::collections::{BTreeMap, BTreeSet};

use aws_lc_rs::digest;
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::error::Error as TrustError;
use super::json::Json;
use super::key::KeyId;
use super::metadata::Payload;
use super::role::{Gun, RoleName};
use super::sign::Made;
use super::trusted::TrustedSet;
use super::verify::{Signature, SignedFile};

/// The most bytes of a partial publication.
pub const MAX_BYTES: u64 = 128 << 20;
/// The value of `format`.
const FORMAT: &str = "notary-partial-publication";
/// The value of `format_version`.
const FORMAT_VERSION: u64 = 1;

/// Why a partial publication cannot be used.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum PartialError {
    /// Not what this program writes.
    #[error("it is not a partial publication: {0}")]
    Form(String),
    /// A signature by a key that need not sign, or not any more.
    #[error("{role} has a signature by key {key}, which is none of its keys")]
    ForeignSignature {
        /// The role.
        role: RoleName,
        /// The TUF id in the signature.
        key: KeyId,
    },
    /// A signature that does not verify.
    #[error("the signature of {role} by key {key} is not valid")]
    InvalidSignature {
        /// The role.
        role: RoleName,
        /// The TUF id in the signature.
        key: KeyId,
    },
    /// A role is to lose its file and to be there nevertheless, which nothing says that is signed.
    #[error(
        "{role} is removed and made anew with nothing in it; signed on several machines, it would \
         keep the file that it has"
    )]
    MadeAnew {
        /// The role.
        role: RoleName,
    },
    /// The collection has changed where it must not.
    #[error(
        "the collection has moved on: {role} had {} when it was prepared, and has {} now",
        version(.then), version_now(.then, .now)
    )]
    MovedOn {
        /// The role.
        role: RoleName,
        /// The version that it was built on; `None` if there was no file.
        then: Option<u64>,
        /// The present version.
        now: Option<u64>,
    },
    /// Made by a newer program.
    #[error("it has version {0} of the format, which this program does not know")]
    Newer(u64),
    /// Nobody may sign the role.
    #[error("it has a file of {role}, which nobody may sign")]
    NotDelegated {
        /// The role.
        role: RoleName,
    },
    /// It is for another collection.
    #[error("it is for {0}")]
    OtherCollection(Gun),
    /// What is signed has more to it than is shown.
    #[error("{role} is not in the form in which this program writes it: {what}")]
    OtherForm {
        /// The role.
        role: RoleName,
        /// What is odd.
        what: &'static str,
    },
    /// Metadata that is never accepted.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// Two signatures by one key.
    #[error("{role} has two signatures by key {key}")]
    TwoSignatures {
        /// The role.
        role: RoleName,
        /// The TUF id.
        key: KeyId,
    },
    /// A version that does not follow on the present one.
    #[error("{role} has version {found}, but the next one is {next}")]
    WrongVersion {
        /// The role.
        role: RoleName,
        /// The version in the file.
        found: u64,
        /// The version that it has to have.
        next: u64,
    },
}

fn version(of: &Option<u64>) -> String {
    of.map_or_else(|| "no file".to_owned(), |version| format!("version {version}"))
}

fn version_now(then: &Option<u64>, now: &Option<u64>) -> String {
    let other = if then == now && now.is_some() { "another " } else { "" };
    format!("{other}{}", version(now))
}

/// The file that a role had when a partial publication was made.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
struct BaseFile {
    version: u64,
    /// Hex of the hash of all its bytes.
    sha256: String,
}

impl BaseFile {
    fn of<T: Payload>(file: &SignedFile<T>) -> Self {
        let hash = digest::digest(&digest::SHA256, file.bytes());
        Self { version: file.payload().version(), sha256: HEXLOWER.encode(hash.as_ref()) }
    }

    /// The present file of a role, also one that is not accepted but may be signed again.
    fn present(set: &TrustedSet, role: &RoleName) -> Option<Self> {
        match *role == RoleName::ROOT {
            true => Some(Self::of(set.root().file())),
            false => set.file_of(role).map(Self::of),
        }
    }
}

/// The next file of a role: its payload, and the signatures so far.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
struct NextFile {
    signed: Json,
    signatures: Vec<Signature>,
}

impl NextFile {
    fn of<T: Payload>(file: &SignedFile<T>) -> Self {
        let signed = Json::parse(&file.message()).expect("what is signed is canonical JSON");
        Self { signed: signed.value, signatures: file.signatures().to_vec() }
    }
}

/// A partial publication as it stands in its file. Nothing in it is judged.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Partial {
    format: String,
    format_version: u64,
    gun: String,
    /// The address of the server that it was made against.
    pub server: String,
    base: BTreeMap<RoleName, Option<BaseFile>>,
    /// The names of the files of the staged changes that are in it.
    pub changes: BTreeSet<String>,
    files: BTreeMap<RoleName, NextFile>,
}

impl Partial {
    /// Puts together what was made on `base`, where the files of `deleted` roles have to go.
    pub fn new(
        gun: &Gun,
        server: &str,
        base: &TrustedSet,
        made: &Made,
        deleted: &BTreeSet<RoleName>,
    ) -> Result<Self, PartialError> {
        let had_file = |role: &&RoleName| {
            base.snapshot().is_some_and(|file| file.payload().meta.contains_key(role.as_str()))
        };
        let is_back = |role: &&RoleName| {
            let parent = role.parent().and_then(|parent| made.targets_of(&parent));
            parent.is_some_and(|file| file.payload().delegations.role(role).is_some())
        };
        let is_left = |role: &&RoleName| made.targets_of(role).is_none();
        if let Some(role) = deleted.iter().filter(had_file).filter(is_back).find(is_left) {
            return Err(PartialError::MadeAnew { role: role.clone() });
        }
        let mut partial = Self {
            format: FORMAT.to_owned(),
            format_version: FORMAT_VERSION,
            gun: gun.as_str().to_owned(),
            server: server.to_owned(),
            base: BTreeMap::new(),
            changes: BTreeSet::new(),
            files: BTreeMap::new(),
        };
        partial.set_files(made);
        for role in partial.relevant_roles() {
            let file = BaseFile::present(base, &role);
            partial.base.insert(role, file);
        }
        Ok(partial)
    }

    /// Reads the outer form.
    pub fn parse(bytes: &[u8]) -> Result<Self, PartialError> {
        #[derive(Deserialize)]
        struct Outer {
            format: String,
            format_version: u64,
        }
        let form = |error: serde_json::Error| PartialError::Form(error.to_string());
        let outer: Outer = serde_json::from_slice(bytes).map_err(form)?;
        if outer.format != FORMAT {
            return Err(PartialError::Form("it says that it is something else".to_owned()));
        }
        if outer.format_version != FORMAT_VERSION {
            return Err(PartialError::Newer(outer.format_version));
        }
        serde_json::from_slice(bytes).map_err(form)
    }

    /// The file, as text that can be read.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut text = serde_json::to_vec_pretty(self).expect("it is plain data");
        text.push(b'\n');
        text
    }

    /// The collection.
    pub fn gun(&self) -> Result<Gun, PartialError> {
        Gun::parse(&self.gun).map_err(|error| PartialError::Form(error.to_string()))
    }

    /// Whether it has the next file of a role.
    pub fn replaces(&self, role: &str) -> bool {
        self.files.keys().any(|replaced| replaced.as_str() == role)
    }

    /// The roles that had no file when it was made: the server may have had some before, if they
    /// are delegations that were removed and made anew.
    pub fn new_roles(&self) -> Vec<RoleName> {
        let is_new = |role: &&RoleName| matches!(self.base.get(role), Some(None));
        self.files.keys().filter(is_new).cloned().collect()
    }

    fn set_files(&mut self, made: &Made) {
        let root = made.root.iter().map(|file| (RoleName::ROOT, NextFile::of(file)));
        let targets = made.targets.iter().map(|(role, file)| (role.clone(), NextFile::of(file)));
        self.files = root.chain(targets).collect();
    }

    /// The replaced roles, and all above them.
    fn relevant_roles(&self) -> BTreeSet<RoleName> {
        let above = |role: &RoleName| std::iter::successors(role.parent(), RoleName::parent);
        let all = self.files.keys().flat_map(|role| above(role).chain([role.clone()]));
        all.chain([RoleName::ROOT]).collect()
    }
}
