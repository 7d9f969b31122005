//! Files that the Go programs wrote, with small changes: whoever accepts one accepts what was
//! signed.

use notary::changelist::Change;
use notary::keys::{self, GivenKey};
use notary::tuf::canonical;
use notary::tuf::error::Error;
use notary::tuf::pem;
use notary::tuf::pin::Pin;
use notary::tuf::role::{Gun, RoleName};
use notary::tuf::root_trust::RootVerifier;
use notary::tuf::trusted::{Floors, TrustedSet};
use serde_json::value::RawValue;

use super::random::Random;
use crate::support::{golden, read_golden, role, sim_now, snapshot_of};

/// Changes tried on each file.
const TRIES: u64 = 400;

/// The canonical form of what is signed.
fn signed(file: &[u8]) -> Vec<u8> {
    #[derive(serde::Deserialize)]
    struct File {
        signed: Box<RawValue>,
    }
    let file: File = serde_json::from_slice(file).unwrap();
    canonical::from_text(file.signed.get().as_bytes()).unwrap().into_owned()
}

/// Tries changes of one file: each is refused or makes no difference to what was signed.
fn try_changes(file: &[u8], judge: impl Fn(&[u8]) -> Result<(), Error>) {
    assert_eq!(judge(file), Ok(()));
    let (honest, mut refused) = (signed(file), 0);
    for seed in 0..TRIES {
        let mutated = Random::new(seed).mutated(file);
        match judge(&mutated) {
            Ok(()) => assert_eq!(signed(&mutated), honest, "seed {seed}"),
            Err(_) => refused += 1,
        }
    }
    assert!(refused > TRIES * 9 / 10, "only {refused} were refused");
}

#[test]
fn no_change_of_what_is_signed_is_accepted() {
    for (scenario, gun, delegation) in [
        ("03-delegations", "golden.example/delegations", Some("targets/releases")),
        ("05-rsa-ed25519", "golden.example/rsa-ed25519", Some("targets/rsa")),
        ("08-server-ecdsa", "golden.example/server-ecdsa", None),
    ] {
        let file = |name: &str| read_golden(format!("{scenario}/server/{name}.json"));
        let gun = Gun::parse(gun).unwrap();
        let verifier = RootVerifier { gun: &gun, pin: Pin::none(), now: sim_now() };
        try_changes(&file("root"), |bytes| verifier.accept_first(bytes, 0).map(drop));
        try_changes(&file("root"), |bytes| verifier.open_cached(bytes).map(drop));
        let root = verifier.accept_first(&file("root"), 0).unwrap();
        // Without the files that describe them, so that nothing but signatures protects them.
        let upload = || TrustedSet::for_upload(root.clone(), Some(sim_now()));
        try_changes(&file("timestamp"), |bytes| {
            TrustedSet::for_reading(root.clone(), sim_now(), Floors::default())
                .load_timestamp(bytes)
        });
        try_changes(&file("targets"), |bytes| upload().load_targets(bytes));
        try_changes(&file("snapshot"), |bytes| upload().load_snapshot(bytes));
        if let Some(name) = delegation {
            let mut set = upload();
            set.load_targets(&file("targets")).unwrap();
            try_changes(&file(name), |bytes| set.clone().load_delegation(&role(name), bytes));
        }
    }
}

#[test]
fn a_described_file_is_that_file_to_the_last_bit() {
    let gun = Gun::parse("golden.example/delegations").unwrap();
    let verifier = RootVerifier { gun: &gun, pin: Pin::none(), now: sim_now() };
    let file = |name: &str| read_golden(format!("03-delegations/server/{name}.json"));
    let root = verifier.accept_first(&file("root"), 0).unwrap();
    let mut set = TrustedSet::for_reading(root, sim_now(), Floors::default());
    set.load_timestamp(&file("timestamp")).unwrap();
    for (name, seed) in [("snapshot", 0), ("targets", TRIES), ("targets/releases", 2 * TRIES)] {
        let load = |set: &mut TrustedSet, bytes: &[u8]| match name {
            "snapshot" => set.load_snapshot(bytes),
            "targets" => set.load_targets(bytes),
            _ => set.load_delegation(&role(name), bytes),
        };
        for seed in seed..seed + TRIES {
            let mutated = Random::new(seed).mutated(&file(name));
            if mutated != file(name) {
                let refused = load(&mut set, &mutated);
                assert!(matches!(refused, Err(Error::HashMismatch { .. })), "{name} {seed}");
            }
        }
        load(&mut set, &file(name)).unwrap();
    }
    assert!(set.targets_of(&RoleName::TARGETS).is_some());
}

#[test]
fn changed_public_keys_are_keys_or_refused() {
    let mut accepted = 0;
    for name in ["deleg-a.crt", "deleg-a.pub", "deleg-rsa.crt", "deleg-rsa.pub"] {
        let text = read_golden(format!("inputs/{name}"));
        for seed in 0..300 {
            let Ok(given) = GivenKey::parse(&Random::new(seed).mutated(&text), sim_now()) else {
                continue;
            };
            accepted += 1;
            // Whatever is taken can be verified with, under the id that its owner will have.
            let bare = given.key.bare().unwrap();
            assert!(bare.is_usable(), "{name} {seed}");
            assert_eq!(given.key.canonical_id(), bare.id(), "{name} {seed}");
            assert_eq!(given.certificate.is_some(), bare != given.key, "{name} {seed}");
        }
    }
    assert!(accepted > 20, "only {accepted} were accepted");
}

#[test]
fn changed_key_files_and_staged_changes_are_read_or_refused() {
    let passphrase = "delegation-passphrase";
    for (path, text) in snapshot_of(&golden("11-key-files")) {
        // Two tries of the derivation from a passphrase take as long as hundreds without.
        for seed in 0..if text.windows(9).any(|word| word == b"ENCRYPTED") { 20 } else { 300 } {
            let mutated = Random::new(seed).mutated(&text);
            for block in pem::decode_all(&mutated) {
                if let Ok(key) = keys::open(&block, Some(passphrase)) {
                    // What opens is a key, under the id of its own public half.
                    assert_eq!(*key.id(), key.public_key().id(), "{} {seed}", path.display());
                }
            }
        }
    }
    let staged = golden("06-staged/trust/tuf/golden.example/staged/changelist");
    let mut readable = 0;
    for (path, text) in snapshot_of(&staged) {
        for seed in 0..100 {
            let mutated = Random::new(seed).mutated(&text);
            let Ok(change) = serde_json::from_slice::<Change>(&mutated) else { continue };
            readable += 1;
            let again: Change =
                serde_json::from_slice(&serde_json::to_vec(&change).unwrap()).unwrap();
            assert_eq!(again, change, "{} {seed}", path.display());
            let _ = (change.target_payload(), change.delegation_payload(), change.role_payload());
        }
    }
    assert!(readable > 100, "only {readable} could be read");
}
