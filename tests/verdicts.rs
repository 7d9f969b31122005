//! Doctored repositories: what the Go client said to each of them, and what we say.
//!
//! Each repository is shown to a client that knows nothing (*fresh*) and to one that has the honest
//! state in its cache (*cached*). The verdict is that of the Go client, except where the table says
//! why not. Refusing never changes anything on the disk, and never makes the honest repository
//! unusable afterwards.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{
    Outcome, Published, Sandbox, assert_same_files, copy_dir, golden, read_golden, snapshot_of,
};

mod table;

use table::{CASES, Case, Verdict};

const GUN: &str = "golden.example/verdicts";
const BASE: &str = "12-client-verdicts/base-server";
const CACHED_TRUST: &str = "12-client-verdicts/cached-trust";

/// The roles of the repository.
const ROLES: [&str; 5] = ["timestamp", "snapshot", "root", "targets", DELEGATION];
const DELEGATION: &str = "targets/a";

type Files = BTreeMap<PathBuf, Vec<u8>>;

#[test]
fn every_doctored_repository_has_a_row() {
    let files = snapshot_of(&golden("12-client-verdicts")).into_keys();
    let names: Vec<String> = files
        .filter(|path| path.parent() == Some(Path::new("")))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(names.len(), 33);
    assert_eq!(CASES.map(|case| case.name).to_vec(), names);
}

#[test]
fn a_fresh_client_judges_like_the_go_client() {
    for case in &CASES {
        Show::new(case, "fresh").judge(&case.fresh);
    }
}

#[test]
fn a_client_with_a_cache_judges_like_the_go_client() {
    for case in &CASES {
        Show::new(case, "cached").judge(&case.cached);
    }
}

/// A doctored repository, shown to one client.
struct Show {
    case: &'static Case,
    client: &'static str,
    doctored: Published,
    go: Value,
    notary: Sandbox,
}

impl Show {
    fn new(case: &'static Case, client: &'static str) -> Self {
        let text = read_golden(format!("12-client-verdicts/{}.json", case.name));
        let recorded: Value = serde_json::from_slice(&text).unwrap();
        assert_eq!(recorded["gun"], GUN);
        let notary = Sandbox::new().at_golden_time();
        if client == "cached" {
            copy_dir(&golden(CACHED_TRUST), &notary.trust_dir());
        }
        let doctored = doctored(&recorded);
        Self { case, client, doctored, go: recorded["go_client"][client].clone(), notary }
    }

    fn judge(mut self, verdict: &Verdict) {
        let before = snapshot_of(&self.notary.trust_dir());
        let outcome = self.list(self.doctored.clone());
        match verdict {
            Verdict::Same => {
                let go = self.go["targets"].as_array().expect("the Go client lists targets");
                let pair = |pair: &Value| pair.as_str()?.rsplit_once(' ').map(owned);
                let go: Vec<_> = go.iter().map(|listed| pair(listed).unwrap()).collect();
                let warns = !self.go["stderr"].as_array().unwrap().is_empty();
                let warning = warns.then_some("warning: the targets of targets/a are not shown");
                self.check_accepted(&outcome, &go, warning, before);
            }
            Verdict::Skips { warning, why } => {
                assert_eq!(self.go["exit"], 1, "{self}, which we take because {why}");
                let rest = [owned(("one", "targets"))];
                self.check_accepted(&outcome, &rest, Some(warning), before);
            }
            Verdict::Refuses { words } => {
                assert_eq!(self.go["exit"], 1, "{self}");
                self.check_refused(outcome, words, &before);
            }
        }
        self.check_healed(verdict);
    }

    fn list(&mut self, published: Published) -> Outcome {
        let server = published.serve();
        self.notary.options = vec!["-s".into(), server.url.clone()];
        self.notary.run(["list", GUN])
    }

    fn check_refused(&self, outcome: Outcome, words: &str, before: &Files) {
        assert_eq!(outcome.stdout, "", "{self}\n{}", outcome.report());
        let outcome = outcome.failure(3, &[words]);
        let report = format!("{self}\n{}", outcome.report());
        assert_same_files(&snapshot_of(&self.notary.trust_dir()), before, &report);
        if self.client == "fresh" {
            assert!(!self.notary.trust_dir().exists(), "{report}");
        }
    }

    fn check_accepted(
        &self,
        outcome: &Outcome,
        expected: &[(String, String)],
        warning: Option<&str>,
        before: Files,
    ) {
        let report = format!("{self}\n{}", outcome.report());
        assert_eq!(pairs(outcome), expected, "{report}");
        match warning {
            Some(warning) => assert!(outcome.stderr.contains(warning), "{report}"),
            None => assert!(!outcome.stderr.contains("warning"), "{report}"),
        }
        // The cache has what was accepted, byte for byte; what was not accepted is untouched.
        let directory = Path::new("tuf").join(GUN);
        let mut cache = before;
        let mut versions = BTreeMap::new();
        let has_delegation = expected.iter().any(|(_, role)| role == DELEGATION);
        for role in ROLES.into_iter().filter(|role| has_delegation || *role != DELEGATION) {
            let path = directory.join(format!("metadata/{role}.json"));
            if !self.looks_away() {
                cache.insert(path.clone(), self.doctored.role(role).to_vec());
            }
            versions.insert(role.to_owned(), version(&cache[&path]));
        }
        let mut after = snapshot_of(&self.notary.trust_dir());
        let floors = after.remove(&directory.join("floors.json")).expect("there are floors");
        // How the root came to be trusted is noted when it is first kept.
        let noted = after.remove(&directory.join("provenance.json"));
        assert!(noted.is_some() || self.client == "cached", "{report}");
        after.retain(|path, _| path.extension().is_some_and(|ending| ending == "json"));
        assert_same_files(&after, &cache, &report);
        let floors: BTreeMap<String, Value> = serde_json::from_slice(&floors).unwrap();
        // Those of all roles but the root name the keys that vouched for them.
        let version = |floor: &Value| floor["version"].as_u64().or(floor.as_u64()).unwrap();
        let mut floors: BTreeMap<String, u64> =
            floors.iter().map(|(role, floor)| (role.clone(), version(floor))).collect();
        // Of a delegation that is not accepted, an older file may have been accepted.
        floors.retain(|role, _| versions.contains_key(role));
        assert_eq!(floors, versions, "{report}");
    }

    /// Whether the client has no reason to look at what was doctored.
    fn looks_away(&self) -> bool {
        self.client == "cached" && self.case.unseen_by_cached
    }

    fn check_healed(&mut self, verdict: &Verdict) {
        let accepted = !matches!(verdict, Verdict::Refuses { .. }) && !self.looks_away();
        let honest = Published::directory(&golden(BASE), GUN);
        let is_newer = |role: &&str| version(self.doctored.role(role)) > version(honest.role(role));
        let newer = ROLES.iter().find(|role| accepted && is_newer(role)).copied();
        let healed = self.list(honest);
        match newer {
            // What was accepted is never exchanged for something older.
            Some(role) => {
                let words = format!("{role} has version");
                let _ = healed.failure(3, &[&words, "was already accepted"]);
            }
            None => {
                let everything = [("d/x", DELEGATION), ("one", "targets")].map(owned);
                assert_eq!(pairs(&healed), everything, "{self}, then the honest repository");
            }
        }
    }
}

impl std::fmt::Display for Show {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} to a {} client", self.case.name, self.client)
    }
}

/// The honest repository with the doctored files in place of its own.
fn doctored(recorded: &Value) -> Published {
    let mut files: BTreeMap<String, Vec<u8>> = snapshot_of(&golden(BASE))
        .into_iter()
        .map(|(path, bytes)| (path.with_extension("").to_str().unwrap().to_owned(), bytes))
        .collect();
    for (role, text) in recorded["serve"].as_object().unwrap() {
        files.insert(role.clone(), text.as_str().unwrap().into());
    }
    let mut published = Published::empty(GUN);
    for (role, hash) in recorded["serve_under_other_consistent_sha256"].as_object().unwrap() {
        let name = format!("{role}.{}.json", hash.as_str().unwrap());
        published.put_as(&name, files[role].clone());
    }
    for (role, bytes) in files {
        published.put(&role, bytes);
    }
    published
}

/// The name and the role of each target in a list.
fn pairs(outcome: &Outcome) -> Vec<(String, String)> {
    assert_eq!(outcome.code, 0, "{}", outcome.report());
    let rows = outcome.stdout.lines().skip(2).map(|row| row.split_whitespace());
    rows.map(|mut cells| owned((cells.next().unwrap(), cells.next_back().unwrap()))).collect()
}

fn owned((name, role): (&str, &str)) -> (String, String) {
    (name.to_owned(), role.to_owned())
}

fn version(bytes: &[u8]) -> u64 {
    let file: Value = serde_json::from_slice(bytes).unwrap();
    file["signed"]["version"].as_u64().unwrap()
}
