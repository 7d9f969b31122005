//! Little room: few open files, little space for a payload.

use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};

use time::Duration;

use super::GUN;
use crate::support::{NotaryServer, Published, SIM_GUN, Sandbox, Sim, sim_now};

/// The same command after `ulimit`.
fn limited(ulimit: &str, command: &Command) -> Command {
    let mut limited = Command::new("/bin/sh");
    limited.arg("-c").arg(format!("{ulimit} && exec \"$0\" \"$@\""));
    limited.arg(command.get_program()).args(command.get_args());
    limited.env_clear().current_dir(command.get_current_dir().unwrap());
    for (name, value) in command.get_envs() {
        limited.env(name, value.unwrap_or_default());
    }
    limited
}

#[track_caller]
fn succeeds(mut command: Command) -> String {
    let output = command.output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{stderr}");
    stderr
}

#[test]
fn more_files_can_be_staged_than_can_be_open() {
    let notary = Sandbox::new();
    for index in 0..200 {
        notary.write(&format!("release/{index:03}"), index.to_string());
    }
    let command = notary.process(["add", GUN, "--recursive", "release"]);
    succeeds(limited("ulimit -n 48", &command));
    let status = notary.run(["status", GUN]).success();
    assert_eq!(status.matches("create").count(), 200, "{status}");
}

#[test]
fn more_delegations_can_be_cached_than_files_can_be_open() {
    let mut sim = Sim::new();
    for index in 0..100 {
        sim.delegate(&format!("targets/r{index}"), &[""]);
    }
    sim.add_target("targets/r7", "app", "content");
    // The clock of a process cannot be set.
    for role in sim.payloads.keys().cloned().collect::<Vec<_>>() {
        sim.expires(&role, sim_now() + Duration::days(9 * 365));
    }
    let mut published = Published::empty(SIM_GUN);
    for (role, bytes) in sim.publish() {
        published.put(&role, bytes);
    }
    let server = published.serve();
    let notary = Sandbox::with_server(&server.url);
    let stderr = succeeds(limited("ulimit -n 48", &notary.process(["list", SIM_GUN])));
    assert!(!stderr.contains("warning"), "{stderr}");
    let floors = notary.collection_dir(SIM_GUN).join("floors.json");
    let floors = std::fs::read_to_string(floors).unwrap();
    assert!(floors.contains("\"targets/r99\": {\n    \"version\": 1,"), "{floors}");
    drop(server);
    let offline = notary.run(["list", SIM_GUN, "--offline"]).success();
    assert!(offline.contains("app"), "{offline}");
}

#[test]
fn a_payload_that_does_not_end_is_not_kept() {
    let server = NotaryServer::start();
    let notary = Sandbox::with_server(&server.url);
    notary.write("file", "x");
    let _ = notary.run(["init", GUN]).success();
    let _ = notary.run(["add", "-p", GUN, "file", "file"]).success();
    let verify = notary.process(["verify", GUN, "file"]);
    // No file of the process may be larger than this, in blocks of 512 bytes.
    let mut limited = limited("ulimit -f 64", &verify);
    limited.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = limited.spawn().unwrap();
    let mut payload = process.stdin.take().unwrap();
    // Ends when nobody reads any more.
    while payload.write_all(&[b'x'; 1 << 16]).is_ok() {}
    let mut said = String::new();
    process.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(process.wait().unwrap().code(), Some(3), "{said}");
    assert!(said.contains("caused by: the payload is longer than 1 bytes"), "{said}");
}

/// The command that is asked for a passphrase looks at the process that waits for it.
#[test]
fn no_process_with_secrets_leaves_a_core_dump() {
    let mut notary = Sandbox::new();
    notary.vars.remove("NOTARY_ROOT_PASSPHRASE");
    let look = "grep -i core /proc/$PPID/limits >&2";
    let command = notary.process(["--passphrase-command", look, "init", GUN]);
    let output = limited("ulimit -S -c 1", &command).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    let limit = stderr.lines().find(|line| line.starts_with("Max core file size"));
    let limit: Vec<_> = limit.unwrap_or_else(|| panic!("{stderr}")).split_whitespace().collect();
    assert_eq!(limit[4..6], ["0", "0"], "{stderr}");
}
