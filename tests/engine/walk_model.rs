//! Walks of random trees, compared with a model that is as naive as the description (`formats.md`
//! §5.2, §5.4) allows: it knows nothing of queues, and answers for each name on its own.

use std::collections::{BTreeMap, BTreeSet};

use notary::tuf::role::RoleName;
use notary::tuf::trusted::TrustedSet;
use notary::tuf::walk::Lookup;
use serde_json::json;
use time::Duration;

use super::random::Random;
use crate::support::{Sim, SimKey, role};

const PATHS: [&str; 9] = ["", "a", "a/", "a/b", "a b", "ä", "ä/é", "日本/", "c/"];
const NAMES: [&str; 12] =
    ["", "a", "a/x", "a/b", "a/b/x", "a b/c", "ä", "ä/é/1", "日本/語", "c", "c/1", "z"];

/// What has become of the file of a role.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum State {
    /// It can be read.
    Read,
    /// It has expired, so the role is passed over.
    Expired,
    /// It was never published.
    Unpublished,
    /// The server does not have it, or has another one.
    Hidden,
}

/// A role as its parent describes it.
#[derive(Clone, Debug)]
struct Entry {
    name: String,
    paths: Vec<&'static str>,
}

#[derive(Default)]
struct Model {
    /// The roles below each role, in the order of its file.
    below: BTreeMap<String, Vec<Entry>>,
    states: BTreeMap<String, State>,
    targets: BTreeMap<String, BTreeSet<&'static str>>,
}

/// What a name is to a list of roles.
#[derive(Debug, Eq, PartialEq)]
enum Answer {
    Found(String),
    Missing,
    Withheld(String),
}

impl Model {
    fn parent(name: &str) -> Option<&str> {
        name.rsplit_once('/').map(|(parent, _)| parent)
    }

    fn is_read(&self, name: &str) -> bool {
        self.states.get(name) == Some(&State::Read)
    }

    /// The paths that a role has in fact; `None` if it is not to be found.
    fn effective(&self, name: &str) -> Option<Vec<&'static str>> {
        let Some(parent) = Self::parent(name) else {
            return (name == "targets").then(|| vec![""]);
        };
        let allowed = self.effective(parent)?;
        let entry = self.is_read(parent).then(|| &self.below[parent])?;
        let entry = entry.iter().find(|entry| entry.name == name)?;
        let within = |path: &&&str| allowed.iter().any(|prefix| path.starts_with(prefix));
        Some(entry.paths.iter().filter(within).copied().collect())
    }

    fn may_sign(&self, name: &str, target: &str) -> bool {
        let paths = self.effective(name).unwrap_or_default();
        paths.iter().any(|path| target.starts_with(path))
    }

    /// The roles that can be found, those nearer to the top first, and of those side by side the one
    /// whose parent comes first or that its parent lists first.
    fn in_order(&self) -> Vec<String> {
        let mut all = Vec::new();
        let mut level = vec!["targets".to_owned()];
        while !level.is_empty() {
            let mut next: Vec<String> = Vec::new();
            for name in level.iter().filter(|name| self.is_read(name)) {
                for entry in &self.below[name] {
                    if !next.contains(&entry.name) {
                        next.push(entry.name.clone());
                    }
                }
            }
            all.append(&mut level);
            level = next;
        }
        all
    }

    fn lookup(&self, target: &str, among: &[String]) -> Answer {
        let default = ["targets".to_owned()];
        let among = if among.is_empty() { &default } else { among };
        for asked in among {
            // Who asks for what lies below a hidden role may be shown something else.
            let above = self.in_order().into_iter().find(|name| {
                asked.starts_with(&format!("{name}/")) && self.states[name] == State::Hidden
            });
            if let Some(hidden) = above
                && self.may_sign(&hidden, target)
            {
                return Answer::Withheld(hidden);
            }
            for name in self.in_order() {
                let is_below = |name: &str| name == asked || name.starts_with(&format!("{asked}/"));
                let mut chain =
                    std::iter::successors(Some(name.as_str()), |name| Self::parent(name))
                        .take_while(|name| is_below(name));
                let is_left_out =
                    chain.any(|link| link != asked && among.iter().any(|other| other == link));
                if !is_below(&name) || is_left_out || !self.may_sign(&name, target) {
                    continue;
                }
                match self.states[&name] {
                    State::Hidden => return Answer::Withheld(name),
                    State::Read if self.targets[&name].contains(target) => {
                        return Answer::Found(name);
                    }
                    State::Read | State::Expired | State::Unpublished => {}
                }
            }
        }
        Answer::Missing
    }
}

/// A tree of up to ten delegations, up to five levels deep, as a model and as a reader sees it.
fn tree(random: &mut Random, key: &SimKey) -> (Model, TrustedSet) {
    let keys = [key.clone()];
    let (mut model, mut sim) = (Model::default(), Sim::new());
    let mut names = vec!["targets".to_owned()];
    model.states.insert("targets".into(), State::Read);
    let some_paths = |random: &mut Random| -> Vec<&'static str> {
        (0..random.below(4)).map(|_| *random.pick(&PATHS)).collect()
    };
    for _ in 0..random.below(11) {
        let shallow: Vec<_> = names.iter().filter(|name| name.matches('/').count() < 5).collect();
        // A long chain now and then.
        let parent = match random.below(3) {
            0 => (*shallow.last().unwrap()).clone(),
            _ => (*random.pick(&shallow)).clone(),
        };
        // Names whose order is not that of the file.
        let name = format!("{parent}/{}{}", random.pick(&["z", "m", "a"]), names.len());
        let paths = some_paths(random);
        sim.delegate_to(&name, &paths, &keys, 1);
        let below = model.below.entry(parent).or_default();
        below.push(Entry { name: name.clone(), paths });
        names.push(name);
    }
    for name in &names {
        model.below.entry(name.clone()).or_default();
        let count = random.below(5);
        let targets: BTreeSet<_> = (0..count).map(|_| *random.pick(&NAMES)).collect();
        for target in &targets {
            sim.add_target(name, target, name);
        }
        model.targets.insert(name.clone(), targets);
    }
    // Of two entries of one name, which Go cannot make, the first counts.
    if names.len() > 1 && random.below(3) == 0 {
        let twice = random.pick(&names[1..]).clone();
        let parent = Model::parent(&twice).unwrap().to_owned();
        let paths = some_paths(random);
        let entry = json!({"keyids": [key.id()], "name": twice, "paths": paths, "threshold": 1});
        let roles = &mut sim.payload(&parent)["delegations"]["roles"];
        roles.as_array_mut().unwrap().push(entry);
        model.below.get_mut(&parent).unwrap().push(Entry { name: twice, paths });
    }
    for name in &names[1..] {
        let state = match random.below(12) {
            0 => State::Expired,
            1 => State::Unpublished,
            2 | 3 => State::Hidden,
            _ => State::Read,
        };
        match state {
            State::Expired => _ = sim.expires(name, sim.now - Duration::days(1)),
            State::Unpublished => _ = sim.described.insert(name.clone(), None),
            State::Hidden | State::Read => {}
        }
        model.states.insert(name.clone(), state);
    }
    let mut files = sim.publish();
    for (name, _) in model.states.iter().filter(|(_, state)| **state == State::Hidden) {
        match random.below(2) {
            0 => _ = files.remove(name),
            _ => files.get_mut(name).unwrap().push(b'\n'),
        }
    }
    (model, sim.read(&files).unwrap())
}

/// Some roles in any order, also such that do not exist.
fn some_roles(random: &mut Random, model: &Model) -> Vec<String> {
    let mut known: Vec<String> = model.states.keys().cloned().collect();
    for index in 0..2 {
        known.push(format!("{}/none{index}", random.pick(&known)));
    }
    (0..random.below(5)).map(|_| random.pick(&known).clone()).collect()
}

#[test]
fn trees_are_walked_as_they_are_described() {
    let key = SimKey::new();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut deepest = 0;
    for seed in 0..250 {
        let random = &mut Random::new(seed);
        let (model, set) = tree(random, &key);
        for name in model.states.keys() {
            let effective = set.effective_paths(&role(name));
            let expected = model.effective(name);
            let expected = expected.map(|paths| paths.into_iter().map(str::to_owned).collect());
            assert_eq!(effective, expected, "seed {seed}, {name}");
            deepest = deepest.max(name.matches('/').count());
        }
        for _ in 0..8 {
            let among = some_roles(random, &model);
            let asked: Vec<RoleName> = among.iter().map(|name| role(name)).collect();
            let listing = set.list(&asked);
            let mut listed = BTreeSet::new();
            for target in NAMES {
                let context = format!("seed {seed}, {target:?} among {among:?}");
                let expected = model.lookup(target, &among);
                let answer = match set.lookup(target, &asked) {
                    Lookup::Found(found) => Answer::Found(found.role.to_string()),
                    Lookup::Missing => Answer::Missing,
                    Lookup::Withheld { role, .. } => Answer::Withheld(role.to_string()),
                };
                assert_eq!(answer, expected, "{context}");
                let entry = listing.targets.get(target).map(|found| found.role.to_string());
                match expected {
                    Answer::Found(holder) => {
                        assert_eq!(entry, Some(holder), "{context}");
                        listed.insert(target);
                        *seen.entry("found").or_default() += 1;
                    }
                    Answer::Missing | Answer::Withheld(_) => {
                        assert_eq!(entry, None, "{context}");
                        let what = if expected == Answer::Missing { "missing" } else { "withheld" };
                        *seen.entry(what).or_default() += 1;
                    }
                }
            }
            let names: BTreeSet<&str> = listing.targets.keys().copied().collect();
            assert_eq!(names, listed, "seed {seed} among {among:?}");
        }
    }
    assert!(seen.len() == 3 && seen.values().all(|count| *count > 1000), "{seen:?}");
    assert_eq!(deepest, 5);
}
