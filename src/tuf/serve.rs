//! What a server signs: the snapshot of collections that leave it to the server, and all
//! timestamps (`formats.md` §11.2, §11.3).

use std::slice;

use time::{Duration, OffsetDateTime};

use super::key::Signers;
use super::role::RoleName;
use super::root_trust::TrustedRoot;
use super::sign::{FileSigner, SignError, TARGETS_VALIDITY};
use super::snapshot::{Snapshot, Timestamp};
use super::trusted::{Floors, TrustedSet};
use super::verify::SignedFile;

/// How long a timestamp is valid from its signing.
pub const TIMESTAMP_VALIDITY: Duration = Duration::days(14);

/// Signs the snapshot that follows `previous`: the root and the targets files in `set` are
/// described anew, roles that are not delegated any more are left out, the rest stays.
pub fn snapshot(
    set: &TrustedSet,
    previous: Option<&Snapshot>,
    signers: &Signers,
    now: OffsetDateTime,
) -> Result<SignedFile<Snapshot>, SignError> {
    let mut payload = previous.cloned().unwrap_or_else(Snapshot::empty);
    payload.meta.retain(|name, _| RoleName::parse(name).is_ok_and(|role| set.may_exist(&role)));
    payload.describe(&RoleName::ROOT, set.root().file().bytes());
    for (role, file) in set.targets() {
        payload.describe(role, file.bytes());
    }
    let keys = set.root().key_set(&RoleName::SNAPSHOT);
    let signer = FileSigner { signers, now, floors: &Floors::default() };
    signer.sign(&RoleName::SNAPSHOT, payload, slice::from_ref(&keys), TARGETS_VALIDITY)
}

/// Signs the timestamp of a snapshot's file; `previous` is the version before, 0 for the first.
pub fn timestamp(
    root: &TrustedRoot,
    snapshot: &[u8],
    previous: u64,
    signers: &Signers,
    now: OffsetDateTime,
) -> Result<SignedFile<Timestamp>, SignError> {
    let payload = Timestamp::of(snapshot, previous);
    let keys = root.key_set(&RoleName::TIMESTAMP);
    let signer = FileSigner { signers, now, floors: &Floors::default() };
    signer.sign(&RoleName::TIMESTAMP, payload, slice::from_ref(&keys), TIMESTAMP_VALIDITY)
}
