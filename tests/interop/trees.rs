//! Deep and wide trees of delegations, with names and paths in any script, which both clients read
//! alike.

use super::{DelegationKey, EMPTY_LIST, GUN, Pair};
use crate::support::{GoClient, Sandbox};

/// A pair of owners; ours has the key of all delegations, too.
fn owners() -> (Pair, DelegationKey, String) {
    let pair = Pair::made_by_go();
    let key = DelegationKey::new();
    key.give_to(&pair.ours.trust_dir());
    let pem = key.public_pem(&pair.ours).to_str().unwrap().to_owned();
    (pair, key, pem)
}

fn delegate(pair: &Pair, role: &str, pem: &str, paths: &[&str]) {
    let mut args = vec!["delegation", "add", GUN, role, pem];
    match paths {
        [""] => args.push("--all-paths"),
        paths => paths.iter().for_each(|path| args.extend(["--paths", path])),
    }
    pair.ours.run(args).success();
}

/// A new target whose content is its name and role.
fn add(pair: &Pair, role: &str, name: &str) {
    let file = pair.ours.write("content", format!("{name} of {role}"));
    pair.ours.run(["add", GUN, name, file.to_str().unwrap(), "-r", role]).success();
}

/// The rows of a list as name and role.
fn rows(list: &str) -> Vec<(String, String)> {
    let cells = |line: &str| {
        let cells: Vec<&str> = line.split("    ").filter(|cell| !cell.is_empty()).collect();
        (cells[0].trim().to_owned(), cells.last().unwrap().trim().to_owned())
    };
    if list == EMPTY_LIST { Vec::new() } else { list.lines().skip(2).map(cells).collect() }
}

/// Both clients list these roles alike; what is listed can be looked up and verified, and nothing
/// else.
#[track_caller]
fn agreed_list(pair: &Pair, names: &[&str], roles: &[&str]) -> Vec<(String, String)> {
    let option = ["-r", &roles.join(",")];
    let option = if roles.is_empty() { &[][..] } else { &option[..] };
    let list = pair.go.run([&["list", GUN], option].concat());
    assert_eq!(pair.ours.run([&["list", GUN], option].concat()).success(), list, "{roles:?}");
    let rows = rows(&list);
    for name in names {
        let row = rows.iter().find(|(listed, _)| listed == name);
        let looked_up = pair.ours.run([&["lookup", GUN, name, "--json"], option].concat());
        let content = row.map(|(name, role)| format!("{name} of {role}")).unwrap_or_default();
        let verify = [&["verify", GUN, name], option].concat();
        let verified = pair.ours.run_with_input(verify, content.as_bytes());
        match row {
            Some((_, role)) => {
                assert_eq!(looked_up.json()["target"]["role"], role.as_str());
                assert_eq!(verified.success(), content);
            }
            None => {
                let _ = looked_up.failure(4, &["has no target"]);
                let _ = verified.failure(4, &["has no target"]);
            }
        }
        if roles.is_empty() && row.is_some() {
            let line = pair.go.run(["lookup", GUN, name]);
            assert_eq!(pair.ours.run(["lookup", GUN, name]).success(), line);
            assert_eq!(pair.go.try_run(["verify", GUN, name], content.as_bytes()).1, content);
        }
    }
    rows
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(name, role)| ((*name).to_owned(), (*role).to_owned())).collect()
}

#[test]
fn two_levels_are_read_by_both_in_any_order_of_roles() {
    let (pair, _key, pem) = owners();
    delegate(&pair, "targets/z", &pem, &["a b/", "ä"]);
    delegate(&pair, "targets/a", &pem, &[""]);
    delegate(&pair, "targets/z/deep", &pem, &["a b/日本/", "ä ö"]);
    pair.ours.run(["publish", GUN]).success();
    let names = ["a b/日本/語", "a b/x", "ä ö", "top"];
    for (role, name) in [
        ("targets", "top"),
        ("targets/a", "top"),
        ("targets/a", names[0]),
        ("targets/z/deep", names[0]),
        ("targets/z", names[1]),
        ("targets/a", names[1]),
        ("targets/z/deep", names[2]),
    ] {
        add(&pair, role, name);
    }
    pair.ours.run(["publish", GUN]).success();
    pair.agreed_list();

    let (z, a, deep) = ("targets/z", "targets/a", "targets/z/deep");
    for (roles, expected) in [
        (&[][..], [a, z, deep, "targets"]),
        (&["targets/z", "targets/a"], [deep, z, deep, a]),
        (&["targets/a", "targets/z"], [a, a, deep, a]),
        (&["targets/z/deep", "targets"], [deep, z, deep, "targets"]),
        (&["targets", "targets/z/deep"], [a, z, deep, "targets"]),
        (&["targets", "targets/z"], [a, a, deep, "targets"]),
    ] {
        let mut expected: Vec<_> = names.iter().copied().zip(expected).collect();
        expected.sort_unstable();
        assert_eq!(agreed_list(&pair, &names, roles), pairs(&expected), "{roles:?}");
    }
    let below = agreed_list(&pair, &names, &["targets/z/deep"]);
    assert_eq!(below, pairs(&[(names[0], deep), (names[2], deep)]));
    assert_eq!(agreed_list(&pair, &names, &["targets/none"]), []);
}

#[test]
fn five_levels_are_read_by_both() {
    let (pair, _key, pem) = owners();
    let names =
        ["ä b/1", "ä b/日本/2", "ä b/日本/語 /3", "ä b/日本/語 /é/4", "ä b/日本/語 /é/😀/5"];
    let mut role = "targets".to_owned();
    let mut expected = Vec::new();
    for (level, name) in names.iter().enumerate() {
        role = format!("{role}/level-{level}");
        let (path, _) = name.rsplit_once('/').unwrap();
        delegate(&pair, &role, &pem, &[&format!("{path}/")]);
        expected.push((*name, role.clone()));
    }
    pair.ours.run(["publish", GUN]).success();
    for (name, role) in &expected {
        add(&pair, role, name);
    }
    // A name of the deepest one, which a shallower one hides.
    add(&pair, &expected[4].1, "ä b/日本/語 /é/😀/hidden");
    add(&pair, &expected[1].1, "ä b/日本/語 /é/😀/hidden");
    pair.ours.run(["publish", GUN]).success();
    pair.agreed_list();
    let mut all: Vec<(&str, &str)> =
        expected.iter().map(|(name, role)| (*name, role.as_str())).collect();
    all.push(("ä b/日本/語 /é/😀/hidden", &expected[1].1));
    all.sort_unstable();
    let every: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
    assert_eq!(agreed_list(&pair, &every, &[]), pairs(&all));
    let deepest = expected[4].1.as_str();
    let of_deepest: Vec<_> = agreed_list(&pair, &every, &[deepest]);
    assert_eq!(of_deepest, pairs(&[(names[4], deepest), ("ä b/日本/語 /é/😀/hidden", deepest)]));
    let rows = agreed_list(&pair, &every, &[deepest, "targets"]);
    assert!(rows.contains(&("ä b/日本/語 /é/😀/hidden".to_owned(), deepest.to_owned())));

    let who = pair.ours.run(["who", GUN, names[4], "--json"]).json();
    let roles = who["roles"].as_array().unwrap().iter().map(|role| role["role"].clone());
    assert_eq!(roles.count(), 1 + 5);
    assert_eq!(who["target"]["signed_by"], deepest);
}

#[test]
fn a_delegation_with_fifty_keys_is_read_and_published_into_by_both() {
    let pair = Pair::made_by_go();
    let keys: Vec<DelegationKey> = (0..50).map(|_| DelegationKey::new()).collect();
    let files: Vec<String> =
        keys.iter().map(|key| key.public_pem(&pair.ours).to_str().unwrap().to_owned()).collect();
    let mut args = vec!["delegation", "add", GUN, "targets/many", "--all-paths", "-p"];
    args.extend(files.iter().map(String::as_str));
    pair.ours.run(args).success();
    pair.go.run(["key", "rotate", GUN, "snapshot", "-r"]);
    let file = pair.ours.write("content", "content");
    let file = file.to_str().unwrap();
    let ours = Sandbox::with_server(&pair.server.url);
    keys[17].give_to(&ours.trust_dir());
    ours.run(["add", GUN, "ours", file, "-p"]).success();
    let go = GoClient::new(&pair.server.url);
    keys[42].give_to(go.trust_dir());
    go.run(["add", GUN, "go", file, "-r", "targets/many", "-p"]);
    assert_eq!(
        rows(&pair.agreed_list()),
        pairs(&[("go", "targets/many"), ("ours", "targets/many")])
    );
    let who = ours.run(["who", GUN, "x", "--json"]).json();
    let listed = who["roles"][1]["keys"].as_array().unwrap();
    assert_eq!(listed.len(), 50);
    let here: Vec<_> = listed.iter().filter(|key| key["place"] == "here").collect();
    assert_eq!(here.len(), 1);
    assert_eq!(here[0]["key_id"], keys[17].id());
}

#[test]
fn a_role_with_ten_thousand_targets_is_read_by_both() {
    let (pair, _key, pem) = owners();
    delegate(&pair, "targets/big", &pem, &["big/"]);
    pair.ours.run(["publish", GUN]).success();
    for index in 0..10_000 {
        pair.ours.write(&format!("dist/{:02}/file {index:05}", index % 20), index.to_string());
    }
    let args = ["add", GUN, "--recursive", "dist", "--prefix", "big/", "-r", "targets/big", "-p"];
    pair.ours.run(args).success();
    let list = pair.agreed_list();
    assert_eq!(list.lines().count(), 2 + 10_000);
    assert!(list.lines().skip(2).all(|line| line.ends_with("targets/big")), "{list}");
    let verify = ["verify", GUN, "big/05/file 09985"];
    assert_eq!(pair.ours.run_with_input(verify, b"9985").success(), "9985");
}
