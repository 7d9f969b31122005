//! Everything that must not pass for a secure connection: each has words of its own, and is never
//! taken for a server that is not there.

use std::fs;
use std::io::Read as _;
use std::net::TcpListener;
use std::thread;

use serde_json::json;

use super::certificates::{Authority, Validity};
use super::openssl::OpensslServer;
use super::{CACHED, reader, reader_trusting, server_for, server_for_clients_of, server_with};
use crate::support::{
    HttpServer, NotaryServer, OwnServer, Response, Sandbox, assert_same_files, copy_dir, golden,
    read_golden, snapshot_of,
};

const TLS: &str = "no secure connection (TLS) is possible (https://127.0.0.1:";
const CLIENT_HINT: &str = "hint: `--tlscert FILE --tlskey FILE` names the certificate to show";

/// Makes sure that nothing is read, written or listed by a reader, who is told these words; neither
/// one who knows nothing, nor one with a good copy.
#[track_caller]
fn refuses(notary: Sandbox, words: &[&str]) {
    let outcome = notary.run(["list", CACHED]);
    assert_eq!(outcome.stdout, "");
    let outcome = outcome.failure(5, words);
    assert!(!notary.trust_dir().exists(), "{}", outcome.report());

    let notary = notary.at_golden_time();
    copy_dir(&golden("02-published/trust"), &notary.trust_dir());
    let before = snapshot_of(&notary.trust_dir());
    for args in [&["list", CACHED][..], &["lookup", CACHED, "v1"], &["verify", CACHED, "v1"]] {
        let outcome = notary.run(args);
        assert_eq!(outcome.stdout, "");
        let outcome = outcome.failure(5, words);
        assert!(!outcome.stderr.contains("copy on this machine"), "{}", outcome.report());
        assert_same_files(&snapshot_of(&notary.trust_dir()), &before, &outcome.report());
    }
    let _ = notary.run(["publish", CACHED]).failure(5, words);
    // The cache is fine, as is seen when it is asked for.
    let listed = notary.run(["--offline", "list", CACHED]).success();
    assert_eq!(listed.as_bytes(), read_golden("02-published/list.txt"));
}

/// The file of the authorities that a reader trusts.
fn ca_of(notary: &Sandbox) -> String {
    notary.work().join("ca.crt").display().to_string()
}

#[test]
fn an_unknown_authority() {
    let authority = Authority::new("servers");
    let server = server_for(&authority, &["127.0.0.1"], Validity::Now);
    let hint = "hint: `--tlscacert FILE` names the authority of a private server";
    let unknown = "the server's certificate is from an authority that is not trusted here: \
                   `CN=rcgen self signed cert` is from `CN=servers`; ";
    let of_the_system = format!("{unknown}trusted are the authorities of this system");
    refuses(Sandbox::with_server(&server.url), &[TLS, &of_the_system, hint]);

    let stranger = reader(&server, &Authority::new("others"));
    let of_the_file =
        format!("{unknown}trusted are only the authorities in `{}`", ca_of(&stranger));
    refuses(stranger, &[TLS, &of_the_file, hint]);

    let cheated = reader(&server, &Authority::new("servers"));
    let words = "is from a namesake of an authority that is trusted here: \
                 `CN=rcgen self signed cert` is from `CN=servers`";
    let file = format!("; trusted are only the authorities in `{}`", ca_of(&cheated));
    refuses(cheated, &[TLS, words, &file, hint]);
}

#[test]
fn an_authority_that_only_another_unknown_one_vouches_for() {
    let below = Authority::new("top").below("middle", Validity::Now);
    let server = server_for(&below, &["127.0.0.1"], Validity::Now);
    let words = "`CN=rcgen self signed cert` is from `CN=top`; trusted are the authorities of this";
    refuses(Sandbox::with_server(&server.url), &[TLS, words]);
}

#[test]
fn a_server_that_is_its_own_authority() {
    let server = server_with(&Authority::for_itself(&["127.0.0.1"], Validity::Now));
    let words = "is its own authority, which is not trusted here: `CN=rcgen self signed cert`; \
                 trusted are the authorities of this system";
    refuses(Sandbox::with_server(&server.url), &[TLS, words, "hint: `--tlscacert FILE`"]);
}

#[test]
fn another_name() {
    let authority = Authority::new("servers");
    let server = server_for(&authority, &["notary.example", "127.0.0.2", "::1"], Validity::Now);
    let words = "the server's certificate is for another name: `127.0.0.1` was asked for, but it \
                 is for `notary.example`, `127.0.0.2`, `::1`\n";
    refuses(reader(&server, &authority), &[TLS, words]);

    let server = server_for(&authority, &[], Validity::Now);
    refuses(reader(&server, &authority), &[TLS, "`127.0.0.1` was asked for, but it is for none\n"]);

    let many: Vec<String> = (0..20).map(|number| format!("host{number}.example")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let server = server_for(&authority, &many, Validity::Now);
    refuses(reader(&server, &authority), &[TLS, "`host7.example` and 12 more\n"]);
}

#[test]
fn the_wrong_time() {
    let authority = Authority::new("servers");
    let expired = server_for(&authority, &["127.0.0.1"], Validity::Past);
    let words = "the server's certificate has expired: `CN=rcgen self signed cert` was valid until \
                 20";
    refuses(reader(&expired, &authority), &[TLS, words]);
    let early = server_for(&authority, &["127.0.0.1"], Validity::Future);
    let words = "the server's certificate is not valid yet: `CN=rcgen self signed cert` is valid \
                 from 20";
    refuses(reader(&early, &authority), &[TLS, words, " on\n"]);

    let itself = Authority::for_itself(&["127.0.0.1"], Validity::Past);
    let server = server_with(&itself);
    refuses(reader_trusting(&server, &itself), &[TLS, "the server's certificate has expired: "]);
}

#[test]
fn the_wrong_time_of_an_authority() {
    let top = Authority::new("top");
    let middle = top.below("middle", Validity::Past);
    let server = server_for(&middle, &["127.0.0.1"], Validity::Now);
    let words = "an authority of the server's certificate has expired: `CN=middle` was valid until";
    refuses(reader(&server, &top), &[TLS, words]);

    for (validity, words) in [
        (Validity::Past, "has expired: `CN=old` was valid until 20"),
        (Validity::Future, "is not valid yet: `CN=old` is valid from 20"),
    ] {
        let old = Authority::valid("old", validity);
        let server = server_for(&old, &["127.0.0.1"], Validity::Now);
        let words = format!("an authority that is trusted here {words}");
        refuses(reader(&server, &old), &[TLS, &words]);

        // Others in the same file are as good as ever.
        let good = server_for(&top, &["127.0.0.1"], Validity::Now);
        let notary = reader(&good, &top);
        let aged = fs::read_to_string(old.write(&notary.work(), "aged")).unwrap();
        let file = notary.work().join("ca.crt");
        fs::write(&file, aged + &fs::read_to_string(&file).unwrap()).unwrap();
        let _ = notary.run(["list", "a/b"]).failure(4, &["does not have a/b"]);
    }
}

#[test]
fn a_client_certificate_that_is_missing_or_not_good_enough() {
    let (authority, other) = (Authority::new("servers"), Authority::new("others"));
    let notary_server = server_for_clients_of(&authority, &authority);
    let directory = tempfile::tempdir().unwrap();
    let files = authority.issue(&["127.0.0.1"], Validity::Now).write(directory.path(), "server");
    let ca = authority.write(directory.path(), "ca").display().to_string();
    let start = |version| {
        let verify = ["-Verify", "1", "-verify_return_error", "-CAfile", &ca, version];
        OpensslServer::start(&files, &verify)
    };
    let (older, newer) = (start("-tls1_2"), start("-tls1_3"));
    for url in [&notary_server.url, &older.url, &newer.url] {
        let sandbox = || {
            let mut notary = Sandbox::with_server(url);
            notary.options.extend(["--tlscacert".to_owned(), ca.clone()]);
            notary
        };
        let words = "the server wants a client certificate, and none is given";
        refuses(sandbox(), &[TLS, words, CLIENT_HINT]);
        for (issuer, validity, is_expired) in
            [(&other, Validity::Now, false), (&authority, Validity::Past, true)]
        {
            let mut notary = sandbox();
            let issued = issuer.issue(&["somebody"], validity).write(&notary.work(), "client");
            notary.options.extend(issued.args());
            let file = issued.certificate.display();
            let words = format!("the server does not accept the client certificate `{file}`");
            let since = format!("`{file}`, which has expired (20");
            let words = [TLS, if is_expired { &since } else { &words }, CLIENT_HINT];
            refuses(notary, &words);
        }
    }
}

#[test]
fn too_old_a_version_of_tls() {
    let authority = Authority::new("servers");
    let directory = tempfile::tempdir().unwrap();
    let files = authority.issue(&["127.0.0.1"], Validity::Now).write(directory.path(), "server");
    let ca = authority.write(directory.path(), "ca").display().to_string();
    for version in ["-tls1_1", "-tls1"] {
        let server = OpensslServer::start(&files, &[version, "-cipher", "DEFAULT:@SECLEVEL=0"]);
        let mut notary = Sandbox::with_server(&server.url);
        notary.options.extend(["--tlscacert".to_owned(), ca.clone()]);
        refuses(notary, &[TLS, "the server speaks no version of TLS from 1.2 on"]);
    }
}

#[test]
fn http_on_a_port_for_https() {
    let plain = NotaryServer::start();
    let notary = Sandbox::with_server(&plain.url.replace("http:", "https:"));
    let hint = "hint: check the server's address (`-s URL`); without TLS it begins with http:";
    refuses(notary, &[TLS, "the server does not speak TLS", hint]);
}

#[test]
fn https_on_a_port_for_http() {
    let authority = Authority::new("servers");
    let server = server_for(&authority, &["127.0.0.1"], Validity::Now);
    let http = |url: &str| Sandbox::with_server(&url.replace("https:", "http:"));
    let words = "the server wants a secure connection (https:) (http://127.0.0.1:";
    let hint = "hint: check the server's address (`-s URL`); with TLS it begins with https:";
    refuses(http(&server.url), &[words, hint]);

    // Others answer in TLS.
    let own = OwnServer::start_with(&["--tls-self-signed"]);
    refuses(http(&own.url), &["perhaps since the server wants https:"]);
}

/// A server that lets a client begin, and hangs up then, or says nothing any more.
fn server_that(hangs_up: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        let mut kept = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            stream.read_exact(&mut [0; 5]).unwrap();
            if !hangs_up {
                kept.push(stream);
            }
        }
    });
    url
}

#[test]
fn a_handshake_that_is_cut() {
    let words = ["the connection broke", "closed in the middle of the TLS handshake"];
    refuses(Sandbox::with_server(&server_that(true)), &words);
    // It does not know what to do with the beginning of a handshake.
    let server = HttpServer::start(|_| Response::not_found());
    refuses(Sandbox::with_server(&server.url.replace("http:", "https:")), &words);
}

#[test]
fn a_handshake_without_end() {
    let mut notary = Sandbox::new();
    let timeouts = json!({"connect": 1, "idle": 2});
    let remote_server = json!({"url": server_that(false), "timeouts": timeouts});
    let config = notary.write("c.json", json!({"remote_server": remote_server}).to_string());
    notary.options.extend(["-c".to_owned(), config.display().to_string()]);
    refuses(notary, &["the server stopped answering", "the TLS handshake was not done within 1 s"]);
}

#[test]
fn a_server_that_is_not_there_is_another_matter() {
    // No name server is asked for names that there cannot be.
    let label = "a".repeat(64);
    for (url, words) in [
        ("https://127.0.0.1:1".to_owned(), "connection refused by the server at 127.0.0.1:1"),
        ("https://localhost:1".to_owned(), "connection refused by the server at localhost:1 ("),
        (format!("http://{label}.example"), "of the server cannot be resolved"),
    ] {
        let notary = Sandbox::with_server(&url).at_golden_time();
        let words = ["the server cannot be reached", words];
        let _ = notary.run(["list", CACHED]).failure(5, &words);
        copy_dir(&golden("02-published/trust"), &notary.trust_dir());
        let outcome = notary.run(["list", CACHED]);
        for words in words.iter().chain(&["using the copy on this machine", "confirmed "]) {
            assert!(outcome.stderr.contains(words), "{words}\n{}", outcome.report());
        }
        assert_eq!(outcome.success().as_bytes(), read_golden("02-published/list.txt"));
    }
}
