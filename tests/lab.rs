//! The main job, from the first `init` to the last `delete`, on a Notary server of the Go project.

use crate::support::{NotaryServer, Sandbox};

const GUN: &str = "lab.example.com/app";

#[test]
fn a_collection_lives_and_dies() {
    let server = NotaryServer::start();
    let notary = Sandbox::with_server(&server.url);
    let file = notary.write("file1.txt", "version 1\n");
    let file = file.to_str().unwrap();

    assert_eq!(notary.run(["init", GUN]).success(), "");
    let added = notary.run(["add", GUN, "v1", file]).success();
    assert_eq!(
        added,
        format!("Addition of target \"v1\" to repository \"{GUN}\" staged for next publish.\n")
    );
    assert_eq!(
        notary.run(["status", GUN]).success(),
        format!(
            "Unpublished changes for {GUN}:\n\n\
             #    ACTION    SCOPE      TYPE      PATH\n\
             -    ------    -----      ----      ----\n\
             0    create    targets    target    v1\n"
        )
    );
    assert_eq!(
        notary.run(["publish", GUN]).success(),
        format!("Pushing changes to {GUN}\nSuccessfully published changes for repository {GUN}\n")
    );
    assert_eq!(
        notary.run(["status", GUN]).success(),
        format!("No unpublished changes for {GUN}\n")
    );

    let listed = notary.run(["list", GUN]).success();
    assert!(listed.starts_with("NAME    DIGEST"), "{listed}");
    let lookup = notary.run(["lookup", GUN, "v1"]).success();
    assert!(lookup.starts_with("v1 sha256:") && lookup.ends_with(" 10\n"), "{lookup}");
    let verified = notary.run_with_input(["verify", GUN, "v1"], b"version 1\n");
    assert_eq!(verified.raw_stdout, b"version 1\n");
    assert_eq!(verified.code, 0);
    let refused = notary.run_with_input(["verify", GUN, "v1"], b"version 2\n");
    assert_eq!(refused.stdout, "");
    let _ = refused.failure(3, &["is not \"v1\" as it was signed"]);

    let removed = notary.run(["remove", GUN, "v1", "-p"]).success();
    assert_eq!(
        removed,
        format!(
            "Removal of v1 from {GUN} staged for next publish.\n\
             Auto-publishing changes to {GUN}\n\
             Successfully published changes for repository {GUN}\n"
        )
    );
    let empty = "\nNo targets present in this repository.\n\n";
    assert_eq!(notary.run(["list", GUN]).success(), empty);

    let deleted = notary.run(["delete", GUN]).success();
    assert_eq!(
        deleted,
        format!(
            "Deleting trust data for repository {GUN}\n\
             Successfully deleted local trust data for repository {GUN}\n"
        )
    );
    assert!(!notary.collection_dir(GUN).exists());
    assert_eq!(notary.run(["list", GUN]).success(), empty);

    let declined = notary.run_with_input(["delete", GUN, "--remote"], b"no\n");
    let _ = declined.failure(1, &["cancelled"]);
    let deleted = notary.run_with_input(["delete", GUN, "--remote"], b"yes\n").success();
    assert!(
        deleted
            .ends_with("deleted local and remote trust data for repository lab.example.com/app\n")
    );
    let _ = notary.run(["list", GUN]).failure(4, &["does not have lab.example.com/app"]);
}
