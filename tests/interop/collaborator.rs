//! The lab with two people: the owner uses the Go client, the collaborator this program. The keys
//! of the latter are RSA, with a certificate, as in the instructions that people follow.

use std::path::Path;
use std::process::Command;

use super::{EMPTY_LIST, GUN, Pair};
use crate::support::Sandbox;

const ROLE: &str = "targets/releases";

/// Runs OpenSSL in a directory.
fn openssl(directory: &Path, line: &str) {
    let output =
        Command::new("openssl").args(line.split(' ')).current_dir(directory).output().unwrap();
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_collaborator_works_from_his_first_to_his_last_day() {
    let pair = Pair::start();
    let (owner, collaborator) = (&pair.go, &pair.ours);
    let work = collaborator.work();
    let file1 = collaborator.write("file1.txt", "hello v1\n");
    let file2 = collaborator.write("file2.txt", "hello v2 longer\n");
    let (file1, file2) = (file1.to_str().unwrap(), file2.to_str().unwrap());
    owner.run(["init", GUN]);
    owner.run(["add", "-p", GUN, "v1", file1]);
    owner.run(["key", "rotate", GUN, "targets"]);
    owner.run(["key", "rotate", GUN, "snapshot", "-r"]);

    openssl(&work, "genrsa -out delegation.key 2048");
    openssl(
        &work,
        "req -new -sha256 -key delegation.key -out delegation.csr -subj /CN=collaborator",
    );
    openssl(
        &work,
        "x509 -req -sha256 -days 365 -in delegation.csr -signkey delegation.key -out delegation.crt",
    );
    let path = |name: &str| work.join(name).to_str().unwrap().to_owned();
    let added =
        owner.run(["delegation", "add", "-p", GUN, ROLE, &path("delegation.crt"), "--all-paths"]);
    let key_id = added.split(['[', ']']).nth(1).unwrap();
    // There is no other way yet to get a key into the key store.
    pair.sharing().run(["key", "import", &path("delegation.key"), "--role", "user"]);
    assert!(collaborator.run(["key", "list"]).success().contains(key_id));

    collaborator.run(["add", GUN, "v2", file2, "-r", ROLE]).success();
    collaborator.run(["publish", GUN]).success();
    let list = pair.agreed_list();
    assert_eq!(list.lines().count(), 2 + 2, "{list}");
    for client in [collaborator, &Sandbox::with_server(&pair.server.url)] {
        let of_role = client.run(["list", GUN, "-r", ROLE]).success();
        assert_eq!(of_role, owner.run(["list", GUN, "-r", ROLE]));
        assert!(of_role.contains("v2 ") && !of_role.contains("v1 "), "{of_role}");
    }
    assert_eq!(owner.run(["verify", GUN, "v2", "-i", file2]), "hello v2 longer\n");

    // His key decides who signs, unless he says something else.
    let added = collaborator.run(["add", GUN, "v3", file2]);
    let note = "staged for targets/releases, the only role that the keys here may sign\n";
    assert_eq!(added.stderr, note);
    let _ = added.success();
    collaborator.run(["reset", GUN, "--all"]).success();

    // He cannot sign for the owner.
    collaborator.run(["add", GUN, "v3", file2, "-r", "targets"]).success();
    let refused = collaborator.run(["publish", GUN]);
    let _ = refused.failure(7, &["no key that may sign targets is here", "`notary reset"]);
    assert!(collaborator.run(["status", GUN]).success().contains("v3"));
    collaborator.run(["reset", GUN, "--all"]).success();

    pair.sharing().run(["witness", GUN, ROLE]);
    let version = |pair: &Pair| pair.signed(ROLE)["version"].as_u64().unwrap();
    let before = version(&pair);
    collaborator.run(["publish", GUN]).success();
    assert_eq!(version(&pair), before + 1);
    collaborator.run(["remove", "-p", GUN, "v2", "-r", ROLE]).success();
    assert_eq!(collaborator.run(["list", GUN, "-r", ROLE]).success(), EMPTY_LIST);

    // His last day.
    collaborator.run(["add", GUN, "v4", file2, "-r", ROLE]).success();
    owner.run(["delegation", "purge", "-p", GUN, "--key", key_id]);
    let listed = collaborator.run(["list", GUN]);
    assert!(listed.stderr.contains("the targets of targets/releases are not shown"), "{listed:?}");
    assert_eq!(listed.success(), owner.run(["list", GUN]));
    let words = ["targets/releases is signed by 0 of the 1 required keys"];
    let _ = collaborator.run(["publish", GUN]).failure(1, &words);
    let _ = collaborator.run(["add", GUN, "v5", file2, "-r", ROLE]).failure(1, &words);
    assert!(collaborator.run(["status", GUN]).success().contains("v4"));

    owner.run(["delegation", "remove", "-y", "-p", GUN, ROLE]);
    let _ = collaborator.run(["publish", GUN]).failure(1, &["there is no role targets/releases"]);
    collaborator.run(["reset", GUN, "--all"]).success();
    assert_eq!(pair.agreed_list().lines().count(), 2 + 1);
}
