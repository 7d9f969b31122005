//! Our server dies without warning while many publish: what it accepted is there afterwards.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::support::{GoClient, OwnServer, Sandbox, binary};

/// Collections that are published into at the same time.
const COLLECTIONS: usize = 24;
/// The server is killed once so many publications were accepted.
const ACCEPTED_BEFORE: usize = 100;

/// Publishes a target; returns whether the program says that it has.
fn publish(server: &str, go: &GoClient, gun: &str, name: &str) -> bool {
    let mut command = Command::new(binary());
    command.env_clear().env("HOME", go.directory()).current_dir(go.directory());
    for role in ["root", "targets", "snapshot"] {
        let variable = format!("NOTARY_{}_PASSPHRASE", role.to_uppercase());
        command.env(variable, format!("{role}-passphrase"));
    }
    command.arg("-d").arg(go.trust_dir()).args(["-s", server, "add", gun, name, "file", "-p"]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().unwrap().success()
}

fn start(data: &Path) -> OwnServer {
    OwnServer::with().data(data).start()
}

#[test]
fn what_was_accepted_survives_a_server_that_is_killed() {
    let data = tempfile::tempdir().unwrap();
    let mut server = start(data.path());
    let url = server.url.clone();
    // Keys of Go clients are opened much faster, so that it is the server that has to work.
    let go = GoClient::new(&url);
    std::fs::write(go.directory().join("file"), "content").unwrap();
    let guns: Vec<String> = (0..COLLECTIONS).map(|n| format!("crash.example.com/{n}")).collect();
    for gun in &guns {
        go.run(["init", "-p", gun]);
    }
    let accepted = AtomicUsize::new(0);
    let published: Vec<Vec<String>> = thread::scope(|scope| {
        let publish_on = |gun: &str| {
            let names = (0..).map(|number| format!("target-{number}"));
            let succeeds = |name: &String| publish(&url, &go, gun, name);
            let done = names.take_while(succeeds).inspect(|_| {
                accepted.fetch_add(1, Ordering::SeqCst);
            });
            done.collect()
        };
        let publishers: Vec<_> =
            guns.iter().map(|gun| scope.spawn(move || publish_on(gun))).collect();
        while accepted.load(Ordering::SeqCst) < ACCEPTED_BEFORE {
            thread::yield_now();
        }
        server.kill();
        publishers.into_iter().map(|publisher| publisher.join().unwrap()).collect()
    });
    assert!(published.iter().map(Vec::len).sum::<usize>() >= ACCEPTED_BEFORE);

    let server = start(data.path());
    for (gun, names) in guns.iter().zip(published) {
        let reader = Sandbox::with_server(&server.url);
        let list = reader.run(["list", gun]).success();
        let listed: Vec<_> =
            list.lines().filter_map(|line| line.split_whitespace().next()).collect();
        for name in &names {
            assert!(listed.contains(&name.as_str()), "{gun} lacks {name}\n{list}");
        }
    }
    // And publishers go on where they were.
    for gun in &guns[..3] {
        assert!(publish(&server.url, &go, gun, "afterwards"), "{gun}");
        let list = Sandbox::with_server(&server.url).run(["list", gun]).success();
        assert!(list.contains("afterwards"), "{list}");
    }
}
