//! The expected verdicts.

/// A doctored repository and what we say to it.
pub struct Case {
    /// The name of its file.
    pub name: &'static str,
    /// To a client that knows nothing.
    pub fresh: Verdict,
    /// To a client with the honest state in its cache.
    pub cached: Verdict,
    /// Whether a client with a cache has no reason to look at what was doctored.
    pub unseen_by_cached: bool,
}

/// What we say.
pub enum Verdict {
    /// The Go client accepts it, and we list the same names from the same roles.
    Same,
    /// The Go client refuses it and so do we, in other words.
    Refuses { words: &'static str },
    /// The Go client refuses all of it; we leave out the delegation and say so.
    Skips { warning: &'static str, why: &'static str },
}

use Verdict::Same;

const fn refuses(words: &'static str) -> Verdict {
    Verdict::Refuses { words }
}

/// Refused by everybody.
const fn both(name: &'static str, words: &'static str) -> Case {
    Case { name, fresh: refuses(words), cached: refuses(words), unseen_by_cached: false }
}

/// A root with an unusable key, which moreover is not the one that a client with a cache knows.
const fn stranger(name: &'static str, words: &'static str) -> Case {
    let cached = refuses("the new root is not signed by the root keys trusted so far");
    Case { name, fresh: refuses(words), cached, unseen_by_cached: false }
}

/// Refused by those who need the root; the others have no reason to ask for it.
const fn first_sight(name: &'static str, words: &'static str) -> Case {
    Case { name, fresh: refuses(words), cached: Same, unseen_by_cached: true }
}

/// Older than what a client with a cache has accepted.
const fn rollback(name: &'static str, words: &'static str) -> Case {
    Case { name, fresh: Same, cached: refuses(words), unseen_by_cached: false }
}

/// Different on purpose.
const fn skips(name: &'static str, warning: &'static str) -> Case {
    const WHY: &str = "one unusable delegation must not make all others unreadable \
        (formats.md §13.2, N9); nothing in it is ever shown";
    Case {
        name,
        fresh: Verdict::Skips { warning, why: WHY },
        cached: Verdict::Skips { warning, why: WHY },
        unseen_by_cached: false,
    }
}

/// Accepted by everybody.
const fn same(name: &'static str) -> Case {
    Case { name, fresh: Same, cached: Same, unseen_by_cached: false }
}

/// All of them, by name.
#[rustfmt::skip]
pub const CASES: [Case; 33] = [
    both("bad-delegation-role-name", "targets is malformed: delegation role \"targets/A\" is not"),
    skips("bad-delegation-rollback", "the version is less than one"),
    skips("bad-delegation-wrong-type", "expected type Targets, not \"Delegation\""),
    both("bad-der-ecdsa-signature", "timestamp is signed by 0 of the 1 required keys"),
    first_sight("bad-keyid-without-key", "root is malformed: role targets lists key 00000000"),
    first_sight("bad-missing-role", "root is malformed: role timestamp is not specified"),
    both("bad-no-signatures", "timestamp has no signatures"),
    stranger("bad-root-cert-expired", "no root certificate can be used for this collection"),
    both("bad-root-expired", "root expired at 2026-11-20"),
    stranger("bad-root-plain-key", "no root certificate can be used for this collection"),
    both("bad-root-type", "root is malformed: expected type Root, not \"root\""),
    stranger("bad-root-wrong-cn", "it is for another collection"),
    both("bad-sha512-mismatch", "sha512 checksum of targets does not match: expected 7878"),
    both("bad-snapshot-expired", "snapshot expired at 2026-11-20"),
    both("bad-snapshot-no-sha256", "the sha256 checksum of root is missing"),
    rollback("bad-snapshot-rollback", "snapshot has version 1, but version 4 was already accepted"),
    both("bad-snapshot-type", "snapshot is malformed: expected type Snapshot, not \"Targets\""),
    both("bad-targets-expired", "targets expired at 2026-11-20"),
    both("bad-targets-hash-mismatch", "sha256 checksum of targets does not match: expected 6da4"),
    both("bad-targets-type", "targets is malformed: expected type Targets, not \"targets\""),
    both("bad-threshold-zero", "root is malformed: role targets has the threshold 0"),
    both("bad-timestamp-expired", "timestamp expired at 2026-11-20"),
    rollback("bad-timestamp-rollback", "timestamp has version 1, but version 3 was already accepted"),
    both("bad-timestamp-type", "timestamp is malformed: expected type Timestamp, not \"timestamp\""),
    same("ok-baseline"),
    same("ok-delegation-badsig-warns"),
    same("ok-delegation-foreign-target-hidden"),
    same("ok-delegation-not-in-snapshot"),
    same("ok-extra-root-role"),
    same("ok-length-too-long"),
    same("ok-only-sha256"),
    same("ok-path-hash-prefixes-ignored"),
    same("ok-unknown-fields"),
];
