//! Delegations are fetched level by level, those of a level together.

use crate::support::{Published, RoundServer, SIM_GUN, Sandbox, Sim, SimKey, sim_now};

/// A collection with this many delegations on each level, every one with a target of its own.
pub fn collection(levels: &[usize]) -> Sim {
    let mut sim = Sim::new();
    let keys = [SimKey::new()];
    let mut parents = vec!["targets".to_owned()];
    for count in levels {
        let name = |index: usize| format!("{}/d{index}", parents[index % parents.len()]);
        let names: Vec<String> = (0..*count).map(name).collect();
        for name in &names {
            sim.delegate_to(name, &[""], &keys, 1).add_target(name, &format!("of {name}"), name);
        }
        parents = names;
    }
    sim
}

/// A reader of the simulated collection.
pub fn reader(url: &str) -> Sandbox {
    let mut notary = Sandbox::with_server(url);
    notary.now = Some(sim_now());
    notary
}

/// Over HTTP/1.1 each request that is under way has a connection of its own, so there are few.
const CONNECTIONS: usize = 8;

#[test]
fn over_http_1_a_few_connections_are_kept_busy() {
    for levels in [&[200][..], &[20, 40, 60]] {
        let published = Published::sim(&collection(levels).publish());
        let server = RoundServer::start(published, levels, CONNECTIONS, None);
        let notary = reader(&server.url);
        let listed = notary.run(["list", SIM_GUN]).success();
        assert_eq!(listed.lines().count(), 2 + levels.iter().sum::<usize>());
        let rounds: usize = levels.iter().map(|count| count.div_ceil(CONNECTIONS)).sum();
        assert_eq!(server.rounds(), rounds);
        assert_eq!(server.connections(), CONNECTIONS);
        // What is in the cache is not asked for again.
        assert_eq!(notary.run(["list", SIM_GUN]).success(), listed);
        assert_eq!(server.rounds(), rounds);
    }
}
