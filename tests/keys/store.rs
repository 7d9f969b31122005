//! The key store on disk.

use std::fs;
use std::path::{Path, PathBuf};

use notary::keys::{
    Added, FileKeyStore, GUN_HEADER, KeyInfo, KeyStore as _, KeyStoreError, OpenError, PrivateKey,
    ROLE_HEADER, UnreadableReason, seal,
};
use notary::tuf::algorithm::Algorithm;
use notary::tuf::key::KeyId;
use notary::tuf::pem::Block;
use notary::tuf::role::Gun;
use tempfile::TempDir;

use super::{EC, EC_ID, PASSPHRASE, SHORT_RSA, golden_block, golden_key};
use crate::support::golden;

const LEGACY_ROOT: &str = "3d7974211ef53b0d92cfd0a165252c947ef348b32c79121899c816de5cc89a2d";
const LEGACY_SNAPSHOT: &str = "65a1967b23e8bffd310db909cd9e0e16ab660fc52f7ceb815ba77ceaa4b59f72";
const LEGACY_TARGETS: &str = "dd0710b022f73f04c3eaf95eeddb5b010befa98999815b7b1fef238dc38c5a05";

fn id(text: &str) -> KeyId {
    KeyId::parse(text).unwrap()
}

/// A store in a directory that does not exist yet.
fn empty() -> (TempDir, PathBuf, FileKeyStore) {
    let directory = tempfile::tempdir().unwrap();
    let private = directory.path().join("trust/private");
    let store = FileKeyStore::new(private.clone());
    (directory, private, store)
}

fn write(path: &Path, bytes: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// An unencrypted block with headers.
fn plain(key: &PrivateKey, role: &str, gun: Option<&str>) -> Block {
    let mut block = Block::new("PRIVATE KEY", key.to_pkcs8().to_vec());
    block.headers.insert(ROLE_HEADER.into(), role.into());
    block.headers.extend(gun.map(|gun| (GUN_HEADER.to_owned(), gun.to_owned())));
    block
}

/// The keys of a store as id, role and collection.
fn listed(store: &FileKeyStore) -> Vec<(String, String, Option<String>)> {
    let listing = store.list().unwrap();
    assert!(listing.unreadable.is_empty(), "{:?}", listing.unreadable);
    let summary = |key: KeyInfo| (key.id.to_string(), key.role, key.gun);
    listing.keys.into_iter().map(summary).collect()
}

#[test]
fn a_store_that_does_not_exist_is_empty_and_stays_so() {
    let (directory, private, store) = empty();
    assert_eq!(store.directory(), private);
    assert!(listed(&store).is_empty());
    assert!(store.find(&id(EC_ID)).unwrap().is_none());
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
}

#[test]
fn added_keys_are_found_listed_and_opened() {
    let (_directory, private, store) = empty();
    let key = golden_key(EC);
    let gun = Gun::parse("registry.example:5000/app").unwrap();
    let block = seal(&key, PASSPHRASE, "targets", Some(&gun));
    assert_eq!(store.add(&key, &block).unwrap(), Added::Stored);

    let path = private.join(format!("{EC_ID}.key"));
    assert_eq!(fs::read_to_string(&path).unwrap(), *block.encode());
    let info = KeyInfo {
        algorithm: Some(Algorithm::EcdsaP256),
        encrypted: true,
        gun: Some(gun.to_string()),
        id: id(EC_ID),
        location: path,
        role: "targets".into(),
    };
    assert_eq!(store.list().unwrap().keys, std::slice::from_ref(&info));
    let stored = store.find(key.id()).unwrap().unwrap();
    assert_eq!(stored.info, info);
    assert_eq!(stored.block, block);
    assert_eq!(stored.open(Some(PASSPHRASE)).unwrap().id(), key.id());
    assert_eq!(stored.open(Some("wrong")).unwrap_err(), OpenError::WrongPassphrase);
    assert!(!format!("{stored:?}").contains("contents"));
}

#[test]
#[cfg(unix)]
fn files_and_directories_are_private() {
    use std::os::unix::fs::PermissionsExt as _;

    let (_directory, private, store) = empty();
    let key = golden_key(EC);
    store.add(&key, &plain(&key, "user", None)).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&private), 0o700);
    assert_eq!(mode(private.parent().unwrap()), 0o700);
    assert_eq!(mode(&private.join(format!("{EC_ID}.key"))), 0o600);
}

#[test]
fn stored_keys_are_never_overwritten() {
    let (_directory, private, store) = empty();
    let key = golden_key(EC);
    store.add(&key, &plain(&key, "user", None)).unwrap();
    let path = private.join(format!("{EC_ID}.key"));
    let before = fs::read(&path).unwrap();

    let again = plain(&key, "user", Some("other"));
    assert_eq!(store.add(&key, &again).unwrap(), Added::AlreadyThere);
    let error = store.add(&key, &plain(&key, "root", None)).unwrap_err();
    let text = format!(
        "key {EC_ID} cannot be added for role `root`, \
        it is already stored for role `user`"
    );
    assert_eq!(error.to_string(), text);
    assert_eq!(fs::read(&path).unwrap(), before);

    // Nor is a damaged file, which may be all that is left of the key.
    fs::write(&path, "damaged").unwrap();
    let error = store.add(&key, &plain(&key, "user", None)).unwrap_err();
    assert!(matches!(error, KeyStoreError::Unreadable(_)), "{error}");
    assert_eq!(fs::read(&path).unwrap(), b"damaged");
}

#[test]
fn keys_in_legacy_places_are_not_added_again() {
    let store = FileKeyStore::new(golden("09-legacy-layout/before-0.1/private"));
    let stored = store.find(&id(LEGACY_ROOT)).unwrap().unwrap();
    let key = stored.open(Some("root-passphrase")).unwrap();
    assert_eq!(store.add(&key, &plain(&key, "root", None)).unwrap(), Added::AlreadyThere);
    let error = store.add(&key, &plain(&key, "targets", None)).unwrap_err();
    assert!(matches!(error, KeyStoreError::RoleConflict { .. }), "{error}");
}

#[test]
fn legacy_layouts_hold_the_keys_that_go_migrated() {
    let gun = Some("golden.example/legacy".to_owned());
    let expected = [
        (LEGACY_ROOT.to_owned(), "root".to_owned(), None),
        (LEGACY_SNAPSHOT.to_owned(), "snapshot".to_owned(), gun.clone()),
        (LEGACY_TARGETS.to_owned(), "targets".to_owned(), gun),
    ];
    for version in ["0.1", "0.3"] {
        for state in ["before", "after"] {
            let place = format!("09-legacy-layout/{state}-{version}/private");
            let store = FileKeyStore::new(golden(&place));
            assert_eq!(listed(&store), expected, "{place}");
            for (key, role, _) in &expected {
                let stored = store.find(&id(key)).unwrap().unwrap();
                assert!(stored.info.encrypted);
                let opened = stored.open(Some(&format!("{role}-passphrase"))).unwrap();
                assert_eq!(opened.id(), &stored.info.id, "{place}");
            }
        }
    }
}

#[test]
fn headers_win_over_paths() {
    let (_directory, private, store) = empty();
    let key = golden_key(EC);
    let path = private.join(format!("tuf_keys/from/path/{EC_ID}_snapshot.key"));
    write(&path, plain(&key, "targets", Some("from/header")).encode().as_bytes());
    let expected = (EC_ID.to_owned(), "targets".to_owned(), Some("from/header".to_owned()));
    assert_eq!(listed(&store), [expected]);
    write(&path, plain(&key, "", None).encode().as_bytes());
    let expected = (EC_ID.to_owned(), "snapshot".to_owned(), Some("from/path".to_owned()));
    assert_eq!(listed(&store), [expected]);
}

#[test]
fn the_topmost_of_several_files_counts() {
    let (_directory, private, store) = empty();
    let key = golden_key(EC);
    let role = || {
        let stored = store.find(key.id()).unwrap().unwrap();
        let keys = listed(&store);
        assert_eq!(keys.len(), 1);
        assert_eq!(keys[0].1, stored.info.role);
        stored.info.role
    };
    // The names would sort in another order.
    for (place, name) in [("root_keys", "legacy"), ("zz/zz", "sub"), ("", "flat")] {
        let path = private.join(place).join(format!("{EC_ID}.key"));
        write(&path, plain(&key, name, None).encode().as_bytes());
        assert_eq!(role(), name);
        assert!(store.find(key.id()).unwrap().unwrap().open(None).is_ok());
    }
    // A damaged file on top hides the others instead of letting them pass for it.
    write(&private.join(format!("{EC_ID}.key")), "damaged");
    let listing = store.list().unwrap();
    assert!(listing.keys.is_empty() && listing.unreadable.len() == 1, "{listing:?}");
    assert!(matches!(store.find(key.id()), Err(KeyStoreError::Unreadable(_))));
}

#[test]
fn archived_keys_links_and_other_files_do_not_count() {
    let (_directory, private, store) = empty();
    let key = golden_key(EC);
    let text = plain(&key, "user", None).encode();
    write(&private.join(format!("archive/{EC_ID}.key")), text.as_bytes());
    write(&private.join(format!("{EC_ID}.pem")), text.as_bytes());
    write(&private.join(format!("{EC_ID}.key.bak")), text.as_bytes());
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("../elsewhere", private.join(format!("{EC_ID}.key"))).unwrap();
        std::os::unix::fs::symlink("archive", private.join("link")).unwrap();
    }
    assert!(listed(&store).is_empty());
    assert!(store.find(key.id()).unwrap().is_none());
    // A collection may be called that.
    write(&private.join(format!("tuf_keys/archive/{EC_ID}_targets.key")), text.as_bytes());
    assert_eq!(listed(&store).len(), 1);
}

#[test]
fn unreadable_files_are_reported_and_do_not_hide_keys() {
    let (_directory, private, store) = empty();
    let key = golden_key(EC);
    store.add(&key, &plain(&key, "user", None)).unwrap();
    let name = |digit: &str| private.join(format!("{}.key", digit.repeat(64)));
    write(&private.join("notes.key"), plain(&key, "user", None).encode().as_bytes());
    write(&private.join(format!("{}.key", EC_ID.to_uppercase())), "");
    write(&name("1"), "");
    write(&name("2"), "-----BEGIN PRIVATE KEY-----\nAAEC\n");
    write(&name("3"), "-----BEGIN CERTIFICATE-----\nAAEC\n-----END CERTIFICATE-----\n");
    write(&name("4"), vec![b'x'; 64 * 1024 + 1]);

    let listing = store.list().unwrap();
    assert_eq!(listing.keys.len(), 1);
    let reasons = |wanted: fn(&UnreadableReason) -> bool| {
        let matching = listing.unreadable.iter().filter(|file| wanted(&file.reason));
        matching.map(|file| file.path.clone()).collect::<Vec<_>>()
    };
    let upper_case = private.join(format!("{}.key", EC_ID.to_uppercase()));
    let misnamed = reasons(|reason| matches!(reason, UnreadableReason::Name));
    assert_eq!(misnamed, [upper_case, private.join("notes.key")]);
    let empty = reasons(|reason| matches!(reason, UnreadableReason::NoBlock));
    assert_eq!(empty, [name("1"), name("2")]);
    let others = reasons(|reason| matches!(reason, UnreadableReason::OtherLabel(_)));
    assert_eq!(others, [name("3")]);
    let oversized = reasons(|reason| matches!(reason, UnreadableReason::Io(_)));
    assert_eq!(oversized, [name("4")]);
    assert_eq!(listing.unreadable.len(), 6);

    let error = store.find(&id(&"3".repeat(64))).unwrap_err();
    assert_eq!(error.to_string(), format!("`{}` is not a usable key file", name("3").display()));
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(source, "it holds a PEM block with the label `CERTIFICATE`, not a private key");
}

#[test]
fn a_renamed_key_is_an_error_and_never_signs() {
    let (_directory, private, store) = empty();
    let other = golden_key(SHORT_RSA);
    write(&private.join(format!("{EC_ID}.key")), plain(&other, "root", None).encode().as_bytes());
    let error = store.find(&id(EC_ID)).unwrap().unwrap().open(None).unwrap_err();
    assert_eq!(error, OpenError::OtherKey { expected: id(EC_ID), found: other.id().clone() });
}

#[test]
fn ids_in_metadata_do_not_become_paths() {
    let (directory, private, store) = empty();
    let key = golden_key(EC);
    store.add(&key, &plain(&key, "user", None)).unwrap();
    write(&directory.path().join("trust/outside.key"), golden_block(EC).encode().as_bytes());
    for text in ["../outside", "", ".", &EC_ID[..63], &format!("../private/{EC_ID}")] {
        let odd: KeyId = serde_json::from_value(text.into()).unwrap();
        assert!(store.find(&odd).unwrap().is_none(), "{text:?}");
    }
    assert!(private.join("../outside.key").exists());
}

#[test]
#[cfg(unix)]
fn finding_a_key_in_its_place_does_not_look_at_the_others() {
    use std::os::unix::fs::PermissionsExt as _;

    let (_directory, private, store) = empty();
    let key = golden_key(EC);
    store.add(&key, &plain(&key, "user", None)).unwrap();
    // Search permission suffices to open a file by name, but not to list the directory; unless
    // root does it, who may do everything and proves nothing here.
    fs::set_permissions(&private, fs::Permissions::from_mode(0o300)).unwrap();
    let found = store.find(key.id());
    fs::set_permissions(&private, fs::Permissions::from_mode(0o700)).unwrap();
    assert!(found.unwrap().is_some());
}

#[test]
fn what_killed_processes_left_is_cleared_after_a_day() {
    let (_directory, private, store) = empty();
    let now = std::time::SystemTime::now();
    let hours = |hours: u64| std::time::Duration::from_secs(hours * 3600);
    let put = |name: &str, written: std::time::SystemTime| {
        let path = private.join(name);
        write(&path, "half a k");
        fs::File::options().write(true).open(&path).unwrap().set_modified(written).unwrap();
        path
    };
    let old = now - hours(25);
    let left = [".tmp-aB3xyz", "archive/.tmp-000000", "tuf_keys/example.com/app/.tmp-zzzzzz"]
        .map(|name| put(name, old));
    let kept = [
        // Somebody may be writing them.
        put(".tmp-bbbbbb", now - hours(23)),
        put(".tmp-cccccc", now + hours(25)),
        // Nobody knows what they are.
        put(".tmp-notes.key", old),
        put(".tmp-ab/cd", old),
        put("tmp-aB3xyz", old),
        put(&format!("{EC_ID}.key"), old),
    ];
    let _ = store.list().unwrap();
    assert!(left.iter().all(|path| path.exists()));
    drop(store.lock(|_| ()).unwrap());
    assert!(left.iter().all(|path| !path.exists()));
    assert!(kept.iter().all(|path| path.exists()));
}
