//! How a collection came to be trusted: `provenance.json` beside the version floors, which the Go
//! program does not know.
//!
//! 1. It is written in the same step as the root that is trusted, and before it, so that there is no
//!    kept root without it.
//! 2. It says of which bytes it speaks: the root that was kept last and the one before it, of which
//!    one is in place whenever a process was killed. If the root in place is another one, somebody
//!    else has put it there, and nothing is known.
//! 3. It decides nothing. What cannot be read is as good as nothing, and members that a later edition
//!    of this program may add are passed over.

use std::collections::BTreeSet;
use std::path::PathBuf;

use aws_lc_rs::digest;
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{FileStore, MetadataStore as _};
use crate::fsutil;
use crate::tuf::key::KeyId;
use crate::tuf::pin::{Origin, Pin};
use crate::tuf::role::RoleName;

/// The file.
pub(super) const FILE: &str = "provenance.json";
/// Much more than the ids of a few certificates.
const MAX_BYTES: u64 = 1 << 20;

/// Why a root was trusted when none was known here.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ground {
    /// Nothing spoke against it.
    FirstUse,
    /// It was made here.
    MadeHere,
    /// It agreed with pins.
    Pinned,
    /// It was the one that the command line named.
    TrustRoot,
    /// Another program put it here, or an earlier edition of this one.
    #[serde(other)]
    Unknown,
}

impl Ground {
    /// Why a root is trusted that `pin` lets through when none is known.
    pub fn of(pin: &Pin) -> Self {
        let origins = pin.origins();
        if origins.contains(&Origin::CommandLine) {
            Self::TrustRoot
        } else if origins.is_empty() {
            Self::FirstUse
        } else {
            Self::Pinned
        }
    }
}

/// What happened when a collection was trusted that was not known here.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Beginning {
    /// Why it was trusted.
    pub ground: Ground,
    /// When.
    #[serde(with = "time::serde::rfc3339::option", default)]
    pub at: Option<OffsetDateTime>,
    /// The server that the root came from.
    #[serde(default)]
    pub server: Option<String>,
    /// The version of that root.
    #[serde(default)]
    pub version: u64,
    /// The TUF ids of its root keys.
    #[serde(default)]
    pub certificates: BTreeSet<KeyId>,
}

impl Beginning {
    /// Nobody knows.
    fn unknown() -> Self {
        let (version, certificates) = (0, BTreeSet::new());
        Self { ground: Ground::Unknown, at: None, server: None, version, certificates }
    }
}

#[derive(Deserialize, Serialize)]
struct Provenance {
    #[serde(flatten)]
    beginning: Beginning,
    /// Hex SHA-256 of the root that was kept last and of the one before it.
    roots: Vec<String>,
}

fn hash(bytes: &[u8]) -> String {
    HEXLOWER.encode(digest::digest(&digest::SHA256, bytes).as_ref())
}

impl FileStore {
    pub(super) fn provenance_file(&self) -> PathBuf {
        self.directory.join(FILE)
    }

    /// How `root`, the one that is in place, came to be trusted.
    pub fn beginning(&self, root: &[u8]) -> Beginning {
        let text = fsutil::read_bounded(&self.provenance_file(), MAX_BYTES).ok().flatten();
        let read = text.and_then(|text| serde_json::from_slice::<Provenance>(&text).ok());
        match read.filter(|known| known.roots.contains(&hash(root))) {
            Some(known) => known.beginning,
            None => Beginning::unknown(),
        }
    }

    /// The file for `root`, which is about to be put in place: with `new`, or else as the successor
    /// of the root that is there.
    pub(super) fn provenance_of(&self, root: &[u8], new: Option<&Beginning>) -> Vec<u8> {
        let present = self.read(&RoleName::ROOT).ok().flatten();
        let beginning = match (new, &present) {
            (Some(new), _) => new.clone(),
            (None, Some(present)) => self.beginning(present),
            (None, None) => Beginning::unknown(),
        };
        let before = present.filter(|_| new.is_none()).map(|present| hash(&present));
        let provenance =
            Provenance { beginning, roots: before.into_iter().chain([hash(root)]).collect() };
        serde_json::to_vec_pretty(&provenance).expect("a provenance is plain data")
    }
}
