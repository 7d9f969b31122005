//! Processes that are killed at a change of the disk.

use std::path::Path;
use std::process::{Command, Stdio};

use super::{Sandbox, binary};

const STRACE: &str = "/usr/bin/strace";
/// What gives files their names, and what takes them away.
pub const CHANGES: [&str; 2] = ["link,linkat,rename,renameat,renameat2", "rmdir,unlink,unlinkat"];

/// Runs a command that is killed at the given call of one of these kinds; returns whether it came to
/// its end before.
pub fn survives(sandbox: &Sandbox, args: &[&str], calls: &str, number: usize) -> bool {
    assert!(
        Path::new(STRACE).exists(),
        "{STRACE} is missing; `make test` installs it (Debian package `strace`)"
    );
    let plain = sandbox.process(args);
    let mut command = Command::new(STRACE);
    let inject = format!("inject={calls}:signal=KILL:when={number}");
    command.args(["-f", "-qq", "-o", "/dev/null", "-e", &inject, "--"]).arg(binary());
    command.args(plain.get_args()).env_clear().current_dir(sandbox.work());
    for (name, value) in plain.get_envs() {
        command.env(name, value.unwrap());
    }
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().unwrap().success()
}
