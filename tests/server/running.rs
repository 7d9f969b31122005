//! Starting and ending a server.

use crate::support::{OwnServer, Sandbox};

#[test]
fn a_server_serves_what_is_published_to_it() {
    let server = OwnServer::start();
    let notary = Sandbox::with_server(&server.url);
    let file = notary.write("file", "content\n");
    let _ = notary.run(["init", "example.com/app", "--publish"]).success();
    let _ = notary.run(["add", "example.com/app", "v1", file.to_str().unwrap(), "-p"]).success();
    let reader = Sandbox::with_server(&server.url);
    let lookup = reader.run(["lookup", "example.com/app", "v1"]).success();
    assert!(lookup.starts_with("v1 sha256:") && lookup.ends_with(" 8\n"), "{lookup}");
}

#[test]
fn sigterm_ends_a_server_with_success() {
    let mut server = OwnServer::start();
    assert!(server.greeting.starts_with("Serving `"), "{}", server.greeting);
    server.terminate();
    let status = server.wait();
    assert!(status.success(), "{status}\n{}", server.stderr());
}
