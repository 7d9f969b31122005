//! Whole-process comparison with the Notary client of the Go project on the same machine, against
//! the same server, in the same run.
//!
//! Run it with `make bench`. The two programs take turns, and each figure is the median of several
//! runs; absolute numbers mean little on a machine that does other things, ratios mean more. What is
//! measured: wall time, processor time (user and system), and the largest resident memory.
//!
//! `NOTARY_BENCH_TARGETS` sets the sizes of the collections (default `1000,10000,100000`),
//! `NOTARY_BENCH_MIB` the size of the large file (default 256), `NOTARY_BENCH_DELEGATIONS` the number of
//! delegations (default 200), `NOTARY_BENCH_RUNS` how often each command runs (default 5).
#![allow(missing_docs, reason = "a program")]
#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a program of its own")]
#![allow(clippy::unwrap_used, reason = "a measurement that fails is of no use")]

#[path = "../tests/support/peer.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod peer;

use std::fs;
use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use peer::NotaryServer;

const OURS: &str = env!("CARGO_BIN_EXE_notary");
const GO: &str = "/usr/bin/notary";

fn main() {
    // `cargo test --benches` only wants to know that this can be started.
    if std::env::args().any(|arg| arg == "--test") {
        return;
    }
    let sizes = setting("NOTARY_BENCH_TARGETS", "1000,10000,100000");
    let sizes: Vec<usize> = sizes.split(',').map(|size| size.trim().parse().unwrap()).collect();
    let mib: usize = setting("NOTARY_BENCH_MIB", "256").parse().unwrap();
    let delegations: usize = setting("NOTARY_BENCH_DELEGATIONS", "200").parse().unwrap();
    let runs: usize = setting("NOTARY_BENCH_RUNS", "5").parse().unwrap();
    let bench =
        Bench { server: NotaryServer::start(), directory: tempfile::tempdir().unwrap(), runs };

    println!("{:34} {:>21} {:>21} {:>15}", "", "this program", "Go 0.7.0", "Go / this");
    println!(
        "{:34} {:>7} {:>6} {:>6} {:>7} {:>6} {:>6} {:>7} {:>7}",
        "median of the runs", "wall s", "cpu s", "MiB", "wall s", "cpu s", "MiB", "wall", "memory"
    );
    bench.start_up();
    bench.large_file(mib);
    bench.new_collection();
    bench.delegations(delegations);
    for size in sizes {
        bench.collection(size);
    }
}

fn setting(name: &str, default: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| default.to_owned())
}

/// The cost of one process.
#[derive(Clone, Copy)]
struct Cost {
    wall: Duration,
    cpu: Duration,
    memory_kib: i64,
}

struct Bench {
    server: NotaryServer,
    directory: tempfile::TempDir,
    runs: usize,
}

/// One of the two programs with a trust directory of its own.
#[derive(Clone)]
struct Client {
    program: &'static str,
    trust_dir: PathBuf,
}

impl Bench {
    fn start_up(&self) {
        let (ours, go) = self.clients("start");
        let run = |client: &Client, _| client.command(self, &["status", "bench/none"]);
        self.compare("status (start-up)", self.runs * 4, &ours, &go, run);
    }

    fn large_file(&self, mib: usize) {
        let path = self.directory.path().join("large");
        // In pieces: what this process uses counts for its children, too.
        let mut large = fs::File::create(&path).unwrap();
        for _ in 0..mib {
            large.write_all(&[0x5a; 1 << 20]).unwrap();
        }
        let (ours, go) = self.clients("large");
        let file = path.to_str().unwrap();
        let run = |client: &Client, _| client.command(self, &["add", "bench/large", "x", file]);
        self.compare(&format!("add one file of {mib} MiB"), self.runs, &ours, &go, run);
        fs::remove_file(path).unwrap();
    }

    fn new_collection(&self) {
        let (ours, go) = self.clients("new");
        let run = |client: &Client, run: usize| {
            client.command(self, &["init", "-p", &client.gun("new", run)])
        };
        self.compare("init -p (new keys)", self.runs, &ours, &go, run);
    }

    /// Everything that is done with one collection, with keys that the Go program made, so that the
    /// cost of opening them is the same.
    fn collection(&self, size: usize) {
        let (ours, go) = self.clients(&format!("size-{size}"));
        let name = format!("size{size}");
        for client in [&ours, &go] {
            let maker = Client { program: GO, ..client.clone() };
            for run in 0..=self.runs {
                maker.run(self, &["init", "-p", &client.gun(&name, run)]);
                stage(&client.trust_dir, &client.gun(&name, run), size);
            }
        }
        let label = |what: &str| format!("{what}, {size} targets");
        let publish =
            |client: &Client, run| client.command(self, &["publish", &client.gun(&name, run)]);
        self.compare(&label("publish all"), self.runs, &ours, &go, publish);

        let gun = |client: &Client| client.gun(&name, 0);
        self.lists(&label, &ours, &go, gun);
        let lookup =
            |client: &Client, _| client.command(self, &["lookup", &gun(client), "tag-0000500"]);
        self.compare(&label("lookup, warm"), self.runs, &ours, &go, lookup);
        let one_more = |client: &Client, run: usize| {
            let (target, hash) = (format!("new-{run}"), "ab".repeat(32));
            client.run(self, &["addhash", &gun(client), &target, "1", "--sha256", &hash]);
            client.command(self, &["publish", &gun(client)])
        };
        self.compare(&label("publish one more"), self.runs, &ours, &go, one_more);
    }

    /// Reading a collection with so many delegations side by side, each with a target of its own.
    fn delegations(&self, count: usize) {
        let (ours, go) = self.clients("delegations");
        let gun = "bench/delegations";
        let key = self.directory.path().join("delegate");
        let key = key.to_str().unwrap();
        let public = format!("{key}.pem");
        let hash = "ab".repeat(32);
        let roles: Vec<String> = (0..count).map(|index| format!("targets/d{index}")).collect();
        ours.run(self, &["init", "-p", gun]);
        ours.run(self, &["key", "generate", "ecdsa", "--role", "delegate", "-o", key]);
        ours.run(self, &["key", "import", &format!("{key}-key.pem"), "--role", "delegate"]);
        for role in &roles {
            ours.run(self, &["delegation", "add", gun, role, &public, "--all-paths"]);
        }
        ours.run(self, &["publish", gun]);
        for role in &roles {
            ours.run(self, &["addhash", gun, role, "1", "--sha256", &hash, "-r", role]);
        }
        ours.run(self, &["publish", gun]);
        let label = |what: &str| format!("{what}, {count} delegations");
        self.lists(&label, &ours, &go, |_| gun.to_owned());
    }

    /// Listing a collection that is not known, and one that is.
    fn lists(
        &self,
        label: &dyn Fn(&str) -> String,
        ours: &Client,
        go: &Client,
        gun: impl Fn(&Client) -> String,
    ) {
        let cold = |client: &Client, _| {
            let _ = fs::remove_dir_all(client.trust_dir.join("tuf").join(gun(client)));
            client.command(self, &["list", &gun(client)])
        };
        self.compare(&label("list, cold"), self.runs, ours, go, cold);
        let warm = |client: &Client, _| client.command(self, &["list", &gun(client)]);
        self.compare(&label("list, warm"), self.runs, ours, go, warm);
    }

    fn clients(&self, name: &str) -> (Client, Client) {
        let client = |program, of: &str| Client {
            program,
            trust_dir: self.directory.path().join(format!("{name}-{of}")),
        };
        (client(OURS, "ours"), client(GO, "go"))
    }

    /// Lets both run in turn, once without counting, and prints a line.
    fn compare(
        &self,
        what: &str,
        runs: usize,
        ours: &Client,
        go: &Client,
        command: impl Fn(&Client, usize) -> Command,
    ) {
        let mut costs = (Vec::new(), Vec::new());
        for run in 0..=runs {
            costs.0.push(measure(command(ours, run)));
            costs.1.push(measure(command(go, run)));
        }
        let (ours, go) = (median(&costs.0[1..]), median(&costs.1[1..]));
        let show = |cost: Cost| {
            let (wall, cpu) = (cost.wall.as_secs_f64(), cost.cpu.as_secs_f64());
            format!("{wall:7.3} {cpu:6.3} {:6.1}", cost.memory_kib as f64 / 1024.0)
        };
        println!(
            "{what:34} {} {} {:7.1} {:7.1}",
            show(ours),
            show(go),
            go.wall.as_secs_f64() / ours.wall.as_secs_f64(),
            go.memory_kib as f64 / ours.memory_kib as f64,
        );
    }
}

impl Client {
    /// A collection of this client's own.
    fn gun(&self, name: &str, run: usize) -> String {
        let of = if self.program == GO { "go" } else { "ours" };
        // The directory distinguishes clients that borrow the other program.
        let of = if self.trust_dir.to_string_lossy().ends_with("-go") { "go" } else { of };
        format!("bench/{of}/{name}/{run}")
    }

    fn command(&self, bench: &Bench, args: &[&str]) -> Command {
        let mut command = Command::new(self.program);
        command
            .env_clear()
            .env("HOME", bench.directory.path())
            .env("NOTARY_ROOT_PASSPHRASE", "root-passphrase")
            .env("NOTARY_TARGETS_PASSPHRASE", "targets-passphrase")
            .env("NOTARY_SNAPSHOT_PASSPHRASE", "snapshot-passphrase")
            .env("NOTARY_DELEGATION_PASSPHRASE", "delegation-passphrase")
            .args(["-s", &bench.server.url, "-d"])
            .arg(&self.trust_dir)
            .args(args);
        command
    }

    fn run(&self, bench: &Bench, args: &[&str]) {
        measure(self.command(bench, args));
    }
}

/// Writes the files of staged changes as both programs do.
fn stage(trust_dir: &Path, gun: &str, size: usize) {
    let directory = trust_dir.join("tuf").join(gun).join("changelist");
    fs::create_dir_all(&directory).unwrap();
    for index in 0..size {
        let hash = |bytes: usize| data_encoding::BASE64.encode(&vec![(index % 251) as u8; bytes]);
        let payload = format!(
            r#"{{"length":5,"hashes":{{"sha256":"{}","sha512":"{}"}}}}"#,
            hash(32),
            hash(64)
        );
        let change = format!(
            r#"{{"action":"create","role":"targets","type":"target","path":"tag-{index:07}","data":"{}"}}"#,
            data_encoding::BASE64.encode(payload.as_bytes())
        );
        let name = format!("{index:020}_{}.change", uuid::Uuid::new_v4());
        fs::write(directory.join(name), change).unwrap();
    }
}

/// Runs a process to its end.
#[allow(unsafe_code, reason = "the standard library does not tell what a child used")]
fn measure(mut command: Command) -> Cost {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    let started = Instant::now();
    #[expect(clippy::zombie_processes, reason = "`wait4` waits, and tells the cost")]
    let child = command.spawn().unwrap();
    let pid = i32::try_from(child.id()).unwrap();
    let mut status = 0;
    // SAFETY: `rusage` is plain data for which zeros are a value, and both pointers are valid.
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        assert_eq!(libc::wait4(pid, &mut status, 0, &mut usage), pid);
        usage
    };
    let wall = started.elapsed();
    assert_eq!(status, 0, "{command:?} failed");
    let time = |time: libc::timeval| {
        Duration::from_secs(time.tv_sec.unsigned_abs())
            + Duration::from_micros(time.tv_usec.unsigned_abs())
    };
    Cost { wall, cpu: time(usage.ru_utime) + time(usage.ru_stime), memory_kib: usage.ru_maxrss }
}

fn median(costs: &[Cost]) -> Cost {
    let middle = |mut values: Vec<Duration>| {
        values.sort();
        values[values.len() / 2]
    };
    let mut memory: Vec<i64> = costs.iter().map(|cost| cost.memory_kib).collect();
    memory.sort_unstable();
    Cost {
        wall: middle(costs.iter().map(|cost| cost.wall).collect()),
        cpu: middle(costs.iter().map(|cost| cost.cpu).collect()),
        memory_kib: memory[memory.len() / 2],
    }
}
