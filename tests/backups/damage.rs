//! Backups that are damaged, cut off, or made to do harm: nothing is written of any.

use notary::keys::backup::{Backup, Identities, Opener, Sealed};
use serde_json::{Value, json};
use tar::EntryType::{self, Regular};

use super::{ROOT, Site, archive_of, header};

/// A site without keys, and with a backup of one.
fn backed_up() -> Site {
    let site = Site::with_keys_of("02-published/trust");
    let _ = site.backup(&["--key", ROOT]).success();
    site.moved()
}

#[test]
fn no_altered_or_shortened_byte_goes_unnoticed() {
    let site = backed_up();
    let identities = Identities::parse(&site.file("identity")).unwrap();
    let opens = |bytes: &[u8]| {
        let sealed = Sealed::read(bytes)?;
        let packed = sealed.open(Opener::Identities(&identities))?;
        Backup::unpack(&packed.unwrap()).map(drop)
    };
    let good = site.file("keys.age");
    assert!(opens(&good).is_ok());
    let header = good.windows(4).position(|piece| piece == b"\n---").unwrap() + 80;
    let positions = (0..header).chain((header..good.len()).step_by(13)).chain([good.len() - 1]);
    for position in positions {
        for bit in [0x01, 0x80] {
            let mut altered = good.clone();
            altered[position] ^= bit;
            assert!(opens(&altered).is_err(), "{position} {bit}");
        }
        assert!(opens(&good[..position]).is_err(), "{position}");
    }
    assert!(opens(&[&good[..], b"\0"].concat()).is_err());

    for (damaged, words) in [
        (good[..good.len() - 1].to_vec(), "it is damaged or cut off"),
        (good[..100].to_vec(), "it is damaged or cut off"),
        (Vec::new(), "it is not an age file"),
        (b"-----BEGIN AGE ENCRYPTED FILE-----\n".to_vec(), "it is not an age file"),
        (site.file("identity"), "it is not an age file"),
        ([b"age-encryption.org/v2\n".as_slice(), &good[22..]].concat(), "it is not an age file"),
    ] {
        site.notary.write("keys.age", damaged);
        site.refuses_to_restore(1, &["backup `keys.age` cannot be used", words]);
    }
    let stranger = Site { identity: age::x25519::Identity::generate(), ..site };
    let packed = age::encrypt(&stranger.identity.to_public(), b"").unwrap();
    stranger.notary.write("keys.age", packed);
    stranger.refuses_to_restore(7, &["none of the identities opens it"]);
}

#[test]
fn headers_and_costs_without_bound_are_refused_at_once() {
    let site = backed_up();
    let endless = format!("age-encryption.org/v1\n{}", "-> X25519 x\nAAAA\n".repeat(1 << 17));
    site.notary.write("keys.age", endless);
    site.refuses_to_restore(1, &["it is damaged or cut off"]);

    let mut notary = site.notary;
    notary.vars.insert("NOTARY_BACKUP_PASSPHRASE".into(), "passphrase".into());
    let mut recipient = age::scrypt::Recipient::new("passphrase".to_owned().into());
    recipient.set_work_factor(2);
    let cheap = age::encrypt(&recipient, b"").unwrap();
    let text = String::from_utf8_lossy(&cheap[..60]).into_owned();
    let place = text.find(" 2\n").unwrap();
    for cost in ["21", "63", "99"] {
        let altered = [&cheap[..place + 1], cost.as_bytes(), &cheap[place + 2..]].concat();
        notary.write("keys.age", altered);
        let words = ["opening it would take minutes or gigabytes"];
        let words: &[&str] = if cost == "99" { &[] } else { &words };
        let _ = notary.refuses(["key", "restore", "keys.age"], 1, words);
    }
}

#[test]
fn what_is_not_exactly_as_described_is_refused() {
    let site = backed_up();
    let files = site.unpacked();
    let name = format!("private/{ROOT}.key");
    let (manifest, key) = (&files["manifest.json"], files[&name].as_slice());
    let file = |name: &str, bytes: &[u8]| (header(name, Regular, bytes.len()), bytes.to_vec());
    let pack = |files: &[(tar::Header, Vec<u8>)]| {
        let files: Vec<_> =
            files.iter().map(|(header, bytes)| (header.clone(), bytes.as_slice())).collect();
        archive_of(&files)
    };
    let good = [file("manifest.json", manifest), file(&name, key)];
    site.repack(&pack(&good));
    let _ = site.restore(&["--dry-run"]).success();

    let with = |more: (tar::Header, Vec<u8>)| pack(&[good.as_slice(), &[more]].concat());
    let of_kind = |kind: EntryType| {
        let mut header = header("private/other.key", kind, 0);
        header.set_link_name("/etc/passwd").unwrap();
        header.set_cksum();
        with((header, Vec::new()))
    };
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut value: Value = serde_json::from_slice(manifest).unwrap();
        change(&mut value);
        pack(&[file("manifest.json", value.to_string().as_bytes()), good[1].clone()])
    };
    let path = |path: &str| {
        let path = path.to_owned();
        changed(&move |value| value["keys"][0]["path"] = json!(path))
    };
    let archived = |path: &str| {
        let path = path.to_owned();
        changed(&move |value| {
            value["keys"][0]["path"] = json!(path);
            value["keys"][0]["archived"] = json!(true);
        })
    };
    let mut other_key = key.to_vec();
    other_key[200] ^= 1;
    let twice = changed(&|value| {
        let entry = value["keys"][0].clone();
        value["keys"].as_array_mut().unwrap().push(entry);
    });
    let mut huge = header(&name, Regular, key.len());
    huge.set_size(1 << 40);
    huge.set_cksum();
    let mut unsummed = header(&name, Regular, key.len());
    unsummed.set_mode(0o777);
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (Vec::new(), "does not begin with a manifest"),
        (b"no archive".repeat(100), "not a tar archive"),
        (pack(&[good[1].clone(), good[0].clone()]), "does not begin with a manifest"),
        (pack(&good[..1]), "is missing in it"),
        (pack(&[file("manifest.json", b"{"), good[1].clone()]), "cannot be understood"),
        (pack(&[file("manifest.json", b"[]"), good[1].clone()]), "cannot be understood"),
        (pack(&[good[0].clone(), file(&name, &other_key)]), "not as its manifest describes it"),
        (pack(&[good[0].clone(), file(&name, &key[..300])]), "not as its manifest describes it"),
        (pack(&[good[0].clone(), (huge, key.to_vec())]), ""),
        (pack(&[good[0].clone(), (unsummed, key.to_vec())]), "not a tar archive"),
        (with(good[1].clone()), "is in it twice"),
        (with(good[0].clone()), "`manifest.json` is in it, but not in its manifest"),
        (with(file("../evil.key", b"x")), "`../evil.key` is in it, but not in its manifest"),
        (with(file("/etc/passwd", b"x")), "`/etc/passwd` is in it, but not in its manifest"),
        (with(file("private/x.key", b"x")), "is in it, but not in its manifest"),
        (of_kind(EntryType::Symlink), "is not a regular file"),
        (of_kind(EntryType::Link), "is not a regular file"),
        (of_kind(EntryType::Char), "is not a regular file"),
        (of_kind(EntryType::Fifo), "is not a regular file"),
        (of_kind(EntryType::Directory), "is not a regular file"),
        (of_kind(EntryType::GNULongName), "is not a regular file"),
        (of_kind(EntryType::XHeader), "is not a regular file"),
        (of_kind(EntryType::GNUSparse), "is not a regular file"),
        ([pack(&good), b"more".to_vec()].concat(), "behind its end"),
        (path(&format!("../{ROOT}.key")), "where no key belongs"),
        (path(&format!("/{ROOT}.key")), "where no key belongs"),
        (path(&format!("sub/{ROOT}.key")), "where no key belongs"),
        (path(&format!("archive/{ROOT}.pem")), "where no key belongs"),
        (path(&format!("{}.key", "0".repeat(64))), "where no key belongs"),
        (archived(&format!("{ROOT}.key")), "where no key belongs"),
        (archived(&format!("archive/{ROOT}.x/../../x.pem")), "where no key belongs"),
        (archived(&format!("archive/{ROOT}.key")), "where no key belongs"),
        (archived(&format!("archive/{ROOT}.2.pem")), "is in it, but not in its manifest"),
        (changed(&|value| value["keys"][0]["id"] = json!("../../x")), "where no key belongs"),
        (changed(&|value| value["keys"][0]["role"] = json!("targets")), "not as its manifest"),
        (changed(&|value| value["keys"][0]["gun"] = json!("x")), "not as its manifest"),
        (changed(&|value| value["keys"][0]["length"] = json!(1)), "not as its manifest"),
        (changed(&|value| value["keys"][0]["length"] = json!(-1)), "cannot be understood"),
        (changed(&|value| value["format"] = json!("other")), "cannot be understood"),
        (changed(&|value| value["version"] = json!(2)), "it is a backup of version 2"),
        (twice, "is in it twice"),
    ];
    for (packed, words) in cases {
        site.repack(&packed);
        site.refuses_to_restore(1, &["backup `keys.age` cannot be used", words]);
        let _ = site.verify(&[]).failure(1, &[words]);
    }
    // Newer ones are told from damaged ones whatever else is in them.
    let newer = json!({ "format": "notary key backup", "version": 7, "files": 1 }).to_string();
    site.repack(&pack(&[file("manifest.json", newer.as_bytes())]));
    site.refuses_to_restore(1, &["it is a backup of version 7, and this program knows"]);
    // More than anybody needs.
    site.repack(&vec![0; (16 << 20) + 1]);
    site.refuses_to_restore(1, &["it has more than 16 MiB"]);
    assert!(!site.notary.trust_dir().exists());
}

#[test]
fn keys_that_are_none_are_refused_as_a_whole() {
    let site = backed_up();
    let files = site.unpacked();
    let name = format!("private/{ROOT}.key");
    for (text, words) in [
        ("nothing".to_owned(), "is not a usable key file"),
        ("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n".to_owned(), "PUBLIC KEY"),
        (
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nrole: root\n\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n"
                .to_owned(),
            "in it cannot be used",
        ),
    ] {
        let mut manifest: Value = serde_json::from_slice(&files["manifest.json"]).unwrap();
        manifest["keys"][0]["length"] = json!(text.len());
        manifest["keys"][0]["sha256"] = json!(sha256(text.as_bytes()));
        let manifest = manifest.to_string();
        let packed = archive_of(&[
            (header("manifest.json", Regular, manifest.len()), manifest.as_bytes()),
            (header(&name, Regular, text.len()), text.as_bytes()),
        ]);
        site.repack(&packed);
        site.refuses_to_restore(1, &[words]);
    }
}

fn sha256(bytes: &[u8]) -> String {
    notary::tuf::metadata::FileMeta::of(bytes).sha256().unwrap()
}
