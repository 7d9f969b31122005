//! The keys that a server holds.

use notary::keys::{from_raw, jwe};
use notary::server::{
    Algorithm, InvalidKind, ServerKeyError, ServiceError, StoredKey, StoredSecret,
};
use notary::tuf::key::{KeyId, KeyType, PublicKey};
use notary::tuf::role::{Gun, RoleName};
use serde_json::Value;

use super::site::{Shared, Site, invalid, server_key};
use crate::support::{SIM_GUN, read_golden, role, sim_now};

fn gun(name: &str) -> Gun {
    Gun::parse(name).unwrap()
}

#[test]
fn a_collection_is_told_the_same_key_until_its_root_names_another() {
    let storage = Shared::new();
    let service = storage.service();
    let key = |name: &str, of: &str| service.key(&gun(name), &role(of), sim_now()).unwrap();
    let first = key("a", "timestamp");
    assert_eq!(key("a", "timestamp"), first);
    assert_eq!(storage.service().key(&gun("a"), &RoleName::TIMESTAMP, sim_now()).unwrap(), first);
    for other in [key("a", "snapshot"), key("a/b", "timestamp"), key("ab", "timestamp")] {
        assert_ne!(other, first);
    }
}

#[test]
fn rotation_is_offered_one_unused_key_until_it_signs() {
    let mut site = Site::published();
    let sim = &site.sim;
    let current = || site.service.key(&sim.gun, &RoleName::TIMESTAMP, sim.now).unwrap();
    let next = || site.service.next_key(&sim.gun, &RoleName::TIMESTAMP, sim.now).unwrap();
    let old = current();
    let new = next();
    assert_ne!(old, new);
    assert_eq!(next(), new, "asking again makes no other");
    assert_eq!(current(), old, "the root names the old one");
    site.sim.version("root", 2).list_keys("timestamp", &[server_key(&new)], 1);
    site.upload(&["root"]).unwrap();
    site.read().unwrap();
    let sim = &site.sim;
    assert_eq!(site.service.key(&sim.gun, &RoleName::TIMESTAMP, sim.now).unwrap(), new);
    let third = site.service.next_key(&sim.gun, &RoleName::TIMESTAMP, sim.now).unwrap();
    assert!(![&old, &new].contains(&&third));
}

#[test]
fn a_snapshot_that_the_publisher_signed_can_be_left_to_the_server() {
    let mut site = Site::published_with_snapshot();
    let key = site.service.next_key(&site.sim.gun, &RoleName::SNAPSHOT, site.sim.now).unwrap();
    site.sim.version("root", 2).list_keys("snapshot", &[server_key(&key)], 1);
    site.upload(&["root"]).unwrap();
    assert_eq!((site.version("snapshot"), site.version("timestamp")), (2, 2));
    site.read().unwrap();
}

#[test]
fn keys_outlive_their_collection() {
    let site = Site::published();
    let key = || site.service.key(&site.sim.gun, &RoleName::TIMESTAMP, site.sim.now).unwrap();
    let before = key();
    site.service.delete(&site.sim.gun, site.sim.now).unwrap();
    assert_eq!(key(), before);
    site.upload(&["root", "targets"]).unwrap();
    site.read().unwrap();
}

#[test]
fn a_key_signs_for_no_other_collection_and_no_other_role() {
    let victim = Site::published();
    let names = |of: &RoleName| victim.service.key(&victim.sim.gun, of, victim.sim.now).unwrap();
    let [timestamp, snapshot] = [RoleName::TIMESTAMP, RoleName::SNAPSHOT].map(|of| names(&of));
    let attacker = |listed: &str, key: &PublicKey| {
        let mut site = Site::with_server_snapshot();
        site.storage = victim.storage.clone();
        site.service = site.storage.service();
        site.sim.gun = gun("attacker.example/app");
        let root = crate::support::SimKey::new();
        let certificate =
            notary::keys::root_certificate(&site.sim.gun, &*root.private, site.sim.now).unwrap();
        let root = root.listed_as(certificate);
        site.sim.list_keys("root", std::slice::from_ref(&root), 1).sign_with("root", [&root]);
        for name in ["timestamp", "snapshot"] {
            site.leave_to_server(name);
        }
        site.upload(&["root", "targets"]).unwrap();
        site.service.delete(&site.sim.gun, site.sim.now).unwrap();
        site.sim.list_keys(listed, &[server_key(key)], 1);
        invalid(site.upload(&["root", "targets"])).0
    };
    assert_eq!(attacker("timestamp", &timestamp), InvalidKind::Root);
    assert_eq!(attacker("snapshot", &snapshot), InvalidKind::Hierarchy);
    let mut site = Site::with_server_snapshot();
    let snapshot = site.service.key(&site.sim.gun, &RoleName::SNAPSHOT, site.sim.now).unwrap();
    site.sim.list_keys("timestamp", &[server_key(&snapshot)], 1);
    assert_eq!(invalid(site.upload(&["root", "targets"])).0, InvalidKind::Root);
}

#[test]
fn keys_are_of_the_kind_that_the_operator_wants() {
    for (algorithm, expected) in
        [(Algorithm::Ecdsa, KeyType::Ecdsa), (Algorithm::Ed25519, KeyType::Ed25519)]
    {
        let mut site = Site::with_server_snapshot();
        site.service = site.storage.service_with(algorithm, None);
        for name in [RoleName::TIMESTAMP, RoleName::SNAPSHOT] {
            let key = site.service.next_key(&site.sim.gun, &name, site.sim.now).unwrap();
            site.sim.list_keys(name.as_str(), &[server_key(&key)], 1);
        }
        // The first service has made ECDSA keys, which have never signed.
        let storage = Shared::new();
        site.service = storage.service_with(algorithm, None);
        site.storage = storage;
        for name in ["timestamp", "snapshot"] {
            site.leave_to_server(name);
            let key = site.service.key(&site.sim.gun, &role(name), site.sim.now).unwrap();
            assert_eq!(*key.key_type(), expected);
        }
        site.upload(&["root", "targets"]).unwrap();
        site.read().unwrap();
    }
}

/// The secret of the only key for timestamps.
fn stored(storage: &Shared) -> StoredKey {
    let mut keys = storage.0.keys_for(&gun(SIM_GUN), &RoleName::TIMESTAMP).unwrap();
    assert_eq!(keys.len(), 1);
    keys.pop().unwrap()
}

#[test]
fn with_a_passphrase_keys_are_encrypted_at_rest() {
    let mut site = Site::on(Shared::new());
    assert!(matches!(stored(&site.storage).private, StoredSecret::Plain(_)));

    site.storage = Shared::new();
    site.service = site.storage.service_with(Algorithm::Ecdsa, Some("secret"));
    for name in ["timestamp", "snapshot"] {
        site.leave_to_server(name);
    }
    let StoredSecret::Encrypted { jwe: text, .. } = stored(&site.storage).private else {
        panic!("it is plain");
    };
    assert!(jwe::open("other", &text).is_err());
    let raw = jwe::open("secret", &text).unwrap();
    let key = from_raw(&KeyType::Ecdsa, &raw).unwrap();
    assert_eq!(*key.id(), stored(&site.storage).id);

    // Another process, which has not the key in memory.
    for passphrase in [None, Some("other")] {
        let service = site.storage.service_with(Algorithm::Ecdsa, passphrase);
        let site = Site { service, storage: site.storage.clone(), sim: site.sim.clone() };
        match site.upload(&["root", "targets"]) {
            Err(ServiceError::Key(ServerKeyError::Locked { why, .. })) => {
                assert_eq!(why.is_none(), passphrase.is_none());
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(site.storage.0.newest_hashes(&site.sim.gun).unwrap(), []);
    }
    site.service = site.storage.service_with(Algorithm::Ecdsa, Some("secret"));
    site.upload(&["root", "targets"]).unwrap();
    site.read().unwrap();
}

#[test]
fn a_key_that_is_not_what_it_is_stored_as_signs_nothing() {
    let mut site = Site::new();
    let honest = stored(&site.storage);
    let other = stored(&Site::new().storage);
    site.storage = Shared::new();
    site.service = site.storage.service();
    let swapped = StoredKey { private: other.private, ..honest };
    site.storage.0.add_key(&swapped, site.sim.now).unwrap();
    let result = site.upload(&["root", "targets", "snapshot"]);
    assert!(
        matches!(result, Err(ServiceError::Key(ServerKeyError::Malformed { .. }))),
        "{result:?}"
    );
}

#[test]
fn the_rows_of_a_signer_of_notary_0_7_open_with_its_passphrase() {
    let golden: Value =
        serde_json::from_slice(&read_golden("14-signer-db/private_keys.json")).unwrap();
    let passphrase = golden["passphrase"].as_str().unwrap();
    let rows = golden["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 2);
    let hex = |value: &Value| data_encoding::HEXLOWER.decode(value.as_str().unwrap().as_bytes());
    for row in rows {
        let text = row["private_jwe"].as_str().unwrap();
        let raw = jwe::open(passphrase, text).unwrap();
        assert_eq!(*raw, hex(&row["decrypted_private_der_hex"]).unwrap());
        assert!(jwe::open("wrong", text).is_err());
        let algorithm = KeyType::from(row["algorithm"].as_str().unwrap().to_owned());
        let key = from_raw(&algorithm, &raw).unwrap();
        assert_eq!(key.id().as_str(), row["key_id"].as_str().unwrap());
        assert_eq!(key.public_key().bytes(), hex(&row["public_hex"]).unwrap());
    }

    // In a database of this program they sign.
    let storage = Shared::new();
    let service = storage.service_with(Algorithm::Ecdsa, Some(passphrase));
    let mut site = Site { service, storage, sim: crate::support::Sim::new() };
    for row in rows {
        let public = PublicKey::new(KeyType::Ecdsa, hex(&row["public_hex"]).unwrap());
        let name = row["role"].as_str().unwrap();
        let key = StoredKey {
            id: KeyId::parse(row["key_id"].as_str().unwrap()).unwrap(),
            gun: site.sim.gun.clone(),
            role: role(name),
            public: public.clone(),
            private: StoredSecret::Encrypted {
                jwe: row["private_jwe"].as_str().unwrap().to_owned(),
                alias: golden["default_alias"].as_str().unwrap().to_owned(),
            },
            is_used: false,
        };
        site.storage.0.add_key(&key, site.sim.now).unwrap();
        site.leave_to_server(name);
        assert!(
            site.sim.publish()["root"].windows(64).any(|id| id == public.id().as_str().as_bytes())
        );
    }
    site.upload(&["root", "targets"]).unwrap();
    site.read().unwrap();
}
