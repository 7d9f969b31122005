//! The first files of a collection.

use std::slice;

use time::OffsetDateTime;

use super::make::{FileSigner, outgoing};
use super::{Publication, ROOT_VALIDITY, SignError, TARGETS_VALIDITY};
use crate::tuf::key::{PublicKey, Signers};
use crate::tuf::role::RoleName;
use crate::tuf::root::Root;
use crate::tuf::root_trust::{CachedRoot, RootVerifier};
use crate::tuf::snapshot::Snapshot;
use crate::tuf::targets::Targets;
use crate::tuf::trusted::{Floors, TrustedSet};

/// Signs the first files of a collection: root, targets and, if its key is among the signers,
/// snapshot.
///
/// `keys` are the keys of the four base roles; that of the root is a certificate.
pub fn create(
    keys: [(RoleName, PublicKey); 4],
    signers: &Signers,
    now: OffsetDateTime,
    verifier: &RootVerifier<'_>,
) -> Result<Publication, SignError> {
    let root = Root::new(keys);
    let key_set = |role: RoleName| root.key_set(&role);
    let [root_keys, targets_keys, snapshot_keys] =
        [RoleName::ROOT, RoleName::TARGETS, RoleName::SNAPSHOT].map(key_set);
    let signer = FileSigner { signers, now, floors: &Floors::default() };

    let file = signer.sign(&RoleName::ROOT, root, slice::from_ref(&root_keys), ROOT_VALIDITY)?;
    // Our own root needs no permission for a first use, but it must agree with the pin.
    let root = match verifier.open_cached(file.bytes()).map_err(SignError::SelfCheck)? {
        CachedRoot::Current(root) => root,
        CachedRoot::Stale { why, .. } => return Err(SignError::SelfCheck(why)),
    };
    let mut files = vec![outgoing(&RoleName::ROOT, root.file(), &[&root_keys])];
    let mut check = TrustedSet::for_upload(root.clone(), Some(now));

    let payload = Targets::empty();
    let sets = slice::from_ref(&targets_keys);
    let targets = signer.sign(&RoleName::TARGETS, payload, sets, TARGETS_VALIDITY)?;
    check.load_targets(targets.bytes()).map_err(SignError::SelfCheck)?;
    files.push(outgoing(&RoleName::TARGETS, &targets, &[&targets_keys]));

    let is_here = |key: &PublicKey| signers.contains_key(&key.canonical_id());
    let server_makes_snapshot = !snapshot_keys.keys.values().any(is_here);
    if !server_makes_snapshot {
        let mut payload = Snapshot::empty();
        payload.describe(&RoleName::ROOT, root.file().bytes());
        payload.describe(&RoleName::TARGETS, targets.bytes());
        let sets = slice::from_ref(&snapshot_keys);
        let snapshot = signer.sign(&RoleName::SNAPSHOT, payload, sets, TARGETS_VALIDITY)?;
        check.load_snapshot(snapshot.bytes()).map_err(SignError::SelfCheck)?;
        files.push(outgoing(&RoleName::SNAPSHOT, &snapshot, &[&snapshot_keys]));
    }
    Ok(Publication { files, server_makes_snapshot })
}
