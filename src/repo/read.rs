//! Questions about the content of a collection.

use std::io::{Read, Write};

use super::update::{Purpose, Updated};
use super::{Collection, Error};
use crate::hashing;
use crate::progress::Task;
use crate::tuf::metadata::FileMeta;
use crate::tuf::role::RoleName;
use crate::tuf::walk::Lookup;

/// How many bytes more than were signed are read, for telling what is there instead.
const MAX_SURPLUS_BYTES: u64 = 1 << 20;

/// A signed target and the role that vouches for it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TargetRow {
    /// The target's name.
    pub name: String,
    /// What was signed about the file.
    pub meta: FileMeta,
    /// Who signed it.
    pub role: RoleName,
}

/// All targets of a collection.
#[derive(Debug)]
pub struct ListReport {
    /// By name, in byte order.
    pub targets: Vec<TargetRow>,
    /// How many entries are not shown because a role above them cannot be read.
    pub withheld: usize,
    /// The state that was looked at.
    pub updated: Updated,
}

/// One target of a collection.
#[derive(Debug)]
pub struct LookupReport {
    /// The target, or why it cannot be had.
    pub target: Result<TargetRow, Error>,
    /// The state that was looked at.
    pub updated: Updated,
}

impl Collection<'_> {
    /// Lists all targets in `roles`, highest priority first; everywhere if none is given.
    pub fn list(&self, roles: &[RoleName]) -> Result<ListReport, Error> {
        let updated = self.update(Purpose::Read)?;
        let listing = updated.set.list(roles);
        let row = |(name, found): (&str, crate::tuf::walk::Found<'_>)| TargetRow {
            name: name.to_owned(),
            meta: found.meta.clone(),
            role: found.role,
        };
        let withheld = listing.withheld;
        let targets = listing.targets.into_iter().map(row).collect();
        Ok(ListReport { targets, withheld, updated })
    }

    /// Looks one name up in `roles`, highest priority first; everywhere if none is given.
    pub fn lookup(&self, name: &str, roles: &[RoleName]) -> Result<LookupReport, Error> {
        let updated = self.update(Purpose::Read)?;
        let target = match updated.set.lookup(name, roles) {
            Lookup::Found(found) => {
                Ok(TargetRow { name: name.to_owned(), meta: found.meta.clone(), role: found.role })
            }
            Lookup::Missing => Err(match updated.set.refused_signer(name, roles) {
                Some((role, refused)) => {
                    let (role, why) = (role.clone(), refused.why.clone());
                    Error::TargetWithheld { name: name.to_owned(), role, why }
                }
                None => Error::NoSuchTarget { gun: self.gun.clone(), name: name.to_owned() },
            }),
            Lookup::Withheld { role, why } => {
                Err(Error::TargetWithheld { name: name.to_owned(), role, why })
            }
        };
        Ok(LookupReport { target, updated })
    }
}

/// Checks that the payload is the target; copies it to `sink` on the way.
///
/// The sink must not let anybody see what it got before this returns without error: it is the
/// whole payload that is verified, not a beginning of it. It gets no more bytes than were signed;
/// of a payload that goes on behind that, a little more is read to tell how it differs.
pub fn check_payload(
    target: &TargetRow,
    payload: &mut dyn Read,
    sink: &mut dyn Write,
    task: &dyn Task,
) -> Result<(), Error> {
    let expected = &target.meta;
    let mut wanted = expected.max_length();
    let limit = wanted.saturating_add(MAX_SURPLUS_BYTES);
    let keep = |piece: &[u8]| {
        let kept = piece.len().min(usize::try_from(wanted).unwrap_or(usize::MAX));
        wanted -= kept as u64;
        sink.write_all(&piece[..kept])
    };
    let actual = hashing::describe(payload.take(limit), keep, task).map_err(Error::Payload)?;
    let known =
        expected.hashes.iter().filter_map(|(name, hash)| Some((hash, actual.hashes.get(name)?)));
    let mut hashes = 0;
    let matches = known.fold(expected.length == actual.length, |matches, (expected, actual)| {
        hashes += 1;
        matches && expected == actual
    });
    if hashes == 0 {
        return Err(Error::NoKnownHash { name: target.name.clone() });
    }
    if matches {
        Ok(())
    } else {
        let is_whole = actual.max_length() < limit;
        let (target, actual) = (target.clone(), is_whole.then_some(actual));
        Err(Error::Mismatch(Box::new(Mismatch { target, actual })))
    }
}

/// A payload that is not the target.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Mismatch {
    /// What was signed.
    pub target: TargetRow,
    /// What is there; `None` when it is much longer than what was signed.
    pub actual: Option<FileMeta>,
}
