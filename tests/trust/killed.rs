//! Processes that are killed at every change of the disk: pins are those from before or the new ones,
//! what is forgotten is there or in the archive, and the same command finishes the job.

use std::fs;

use super::{GUN, Site, other_id, show};
use crate::support::{CHANGES, Sandbox, snapshot_of, survives};

fn pins(notary: &Sandbox) -> Option<Vec<u8>> {
    fs::read(notary.trust_dir().join("pins.json")).ok()
}

#[test]
fn while_it_is_pinned() {
    let site = Site::new();
    let (id, _) = site.ids();
    let reader = site.reader();
    let _ = reader.run(["list", GUN]).success();
    let _ = reader.run(["trust", "pin", GUN, "--current"]).success();
    let before = pins(&reader);
    let args = ["trust", "pin", GUN, "--key", &other_id()];
    let _ = reader.run(args).success();
    let after = pins(&reader);
    assert!(before.is_some() && after != before);
    for calls in CHANGES {
        let end = (1..100).find(|number| {
            let _ = reader.run(["trust", "pin", GUN, "--key", &id, "--replace"]).success();
            assert_eq!(pins(&reader), before);
            let survives = survives(&reader, &args, calls, *number);
            let left = pins(&reader);
            assert!(left == after || !survives && left == before, "{calls} {number}");
            let _ = reader.run(["list", GUN]).success();
            let _ = reader.run(args).success();
            assert_eq!(pins(&reader), after);
            survives
        });
        assert!(end.is_some_and(|end| calls.contains("unlink") || end > 1), "{calls}: {end:?}");
    }
}

#[test]
fn while_it_is_forgotten() {
    let site = Site::new();
    let reader = site.reader();
    let forget = ["trust", "forget", GUN, "--pin", "--yes"];
    for calls in CHANGES {
        let end = (1..100).find(|number| {
            let _ = reader.run(["list", GUN]).success();
            let _ = reader.run(["trust", "pin", GUN, "--current"]).success();
            let pinned = pins(&reader);
            let root = fs::read(reader.collection_dir(GUN).join("metadata/root.json")).unwrap();
            let archive = reader.trust_dir().join("forgotten");
            if archive.exists() {
                fs::remove_dir_all(&archive).unwrap();
            }
            let survives = survives(&reader, &forget, calls, *number);
            let has =
                |bytes: &[u8]| snapshot_of(&reader.trust_dir()).values().any(|it| it == bytes);
            assert!(has(&root), "{calls} {number}");
            // Nothing is left half: pinned as before, or not at all, and then it is in the archive.
            match pins(&reader) {
                None => assert!(snapshot_of(&archive).keys().any(|it| it.ends_with("pins.json"))),
                left => assert!(!survives && left == pinned, "{calls} {number}"),
            }
            // The same command ends it, unless nothing was left to do.
            let again = reader.run(forget);
            assert!([0, 4].contains(&again.code), "{}", again.report());
            assert_eq!(pins(&reader), None);
            assert!(!reader.collection_dir(GUN).join("metadata").exists());
            assert!(!reader.collection_dir(GUN).join("floors.json").exists());
            assert!(has(&root), "{calls} {number}");
            assert_eq!(show(&reader)["source"]["kind"], "server");
            survives
        });
        assert!(end.is_some_and(|end| end > 1), "{calls}: {end:?}");
    }
}
