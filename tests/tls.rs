//! Notary servers over HTTPS: whom to trust, how to be trusted, and that without a secure connection
//! nothing is done.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::{NotaryServer, Sandbox, binary, copy_dir, golden};

pub mod certificates;
mod client_keys;
mod counts;
mod levels;
mod matrix;
mod openssl;
mod proxies;
mod remotes;

use certificates::{Authority, Issued, IssuedFiles, Validity};

/// A collection that no server in here has, but that is in the cache of some readers.
const CACHED: &str = "golden.example/published";

/// A server with a certificate of `authority` for `names`.
fn server_for(authority: &Authority, names: &[&str], validity: Validity) -> NotaryServer {
    server_with(&authority.issue(names, validity))
}

/// A server that shows this certificate.
fn server_with(certificate: &Issued) -> NotaryServer {
    NotaryServer::start_with("https", |directory, mut server| {
        let files = certificate.write(directory, "server");
        server["tls_cert_file"] = files.certificate.to_str().into();
        server["tls_key_file"] = files.key.to_str().into();
        server
    })
}

/// A reader of the server, who trusts this certificate for connections.
fn reader_trusting(server: &NotaryServer, certificate: &Issued) -> Sandbox {
    let mut notary = Sandbox::with_server(&server.url);
    let files = certificate.write(&notary.work(), "ca");
    notary
        .options
        .extend(["--tlscacert".to_owned(), files.certificate.to_str().unwrap().to_owned()]);
    notary
}

/// A server that only talks to clients with a certificate of `clients`.
fn server_for_clients_of(clients: &Authority, authority: &Authority) -> NotaryServer {
    NotaryServer::start_with("https", |directory, mut server| {
        let issued = authority.issue(&["127.0.0.1"], Validity::Now).write(directory, "server");
        let clients = clients.write(directory, "clients");
        server["tls_cert_file"] = issued.certificate.to_str().into();
        server["tls_key_file"] = issued.key.to_str().into();
        server["client_ca_file"] = clients.to_str().into();
        server
    })
}

/// A reader of the server, who trusts an authority for connections.
fn reader(server: &NotaryServer, authority: &Authority) -> Sandbox {
    let mut notary = Sandbox::with_server(&server.url);
    let path = authority.write(&notary.work(), "ca");
    notary.options.extend(["--tlscacert".to_owned(), path.to_str().unwrap().to_owned()]);
    notary
}

/// Makes a collection, publishes a target and lists it.
#[track_caller]
fn publish_and_list(notary: &Sandbox) {
    let file = notary.write("file", "content");
    let _ = notary.run(["init", "a/b", "-p"]).success();
    let _ = notary.run(["add", "a/b", "name", file.to_str().unwrap(), "-p"]).success();
    assert!(notary.run(["list", "a/b"]).success().contains("name"));
}

#[test]
fn a_private_authority_is_trusted_when_it_is_named() {
    let authority = Authority::new("servers");
    let server = server_for(&authority, &["127.0.0.1"], Validity::Now);
    publish_and_list(&reader(&server, &authority));
}

#[test]
fn the_configuration_names_files_relative_to_itself() {
    let (authority, clients) = (Authority::new("servers"), Authority::new("clients"));
    let server = server_for_clients_of(&clients, &authority);
    let notary = Sandbox::new();
    let directory = notary.work().join("elsewhere");
    fs::create_dir(&directory).unwrap();
    authority.write(&directory, "ca");
    clients.issue(&["somebody"], Validity::Now).write(&directory, "client");
    let config = format!(
        r#"{{"remote_server":{{"url":"{}","root_ca":"ca.crt","tls_client_cert":"client.crt",
            "tls_client_key":"client.key"}}}}"#,
        server.url
    );
    fs::write(directory.join("config.json"), config).unwrap();
    let args = ["-c", "elsewhere/config.json", "list", "a/b"];
    let _ = notary.run(args).failure(4, &["does not have a/b"]);
}

#[test]
fn a_client_certificate_is_shown_when_there_is_one() {
    let (authority, clients) = (Authority::new("servers"), Authority::new("clients"));
    let server = server_for_clients_of(&clients, &authority);
    let mut notary = reader(&server, &authority);
    let issued = clients.issue(&["somebody"], Validity::Now).write(&notary.work(), "client");
    let [certificate, key] = issued.args();
    notary.options.extend([certificate, key]);
    publish_and_list(&notary);
}

#[test]
fn a_server_that_is_its_own_authority_is_trusted_when_it_is_named() {
    let certificate = Authority::for_itself(&["127.0.0.1"], Validity::Now);
    let server = server_with(&certificate);
    publish_and_list(&reader_trusting(&server, &certificate));
}

#[test]
fn a_server_that_is_its_own_authority_still_needs_name_time_and_to_be_named() {
    let good = Authority::for_itself(&["127.0.0.1"], Validity::Now);
    let namesake = Authority::for_itself(&["127.0.0.1"], Validity::Now);
    let other = Authority::for_itself(&["127.0.0.2"], Validity::Now);
    let past = Authority::for_itself(&["127.0.0.1"], Validity::Past);
    let future = Authority::for_itself(&["127.0.0.1"], Validity::Future);
    for (shown, named, words) in [
        (&good, &namesake, "is its own authority, which is not trusted here"),
        (&other, &other, "is for another name"),
        (&past, &past, "certificate has expired"),
        (&future, &future, "not valid yet"),
    ] {
        let server = server_with(shown);
        let notary = reader_trusting(&server, named);
        let words = ["no secure connection (TLS) is possible", words];
        let _ = notary.run(["list", "a/b"]).failure(5, &words);
    }
}

#[test]
fn without_a_named_authority_those_of_the_system_are_trusted() {
    let authority = Authority::new("servers");
    let server = server_for(&authority, &["127.0.0.1"], Validity::Now);
    let nobody = Sandbox::new();
    let bundle = authority.write(&nobody.work(), "system");
    let list = |bundle: &Path| {
        let mut command = Command::new(binary());
        command.args(["-s", &server.url, "list", "a/b"]).env_clear();
        command.env("HOME", nobody.work()).env("SSL_CERT_FILE", bundle).output().unwrap()
    };
    assert_eq!(list(&bundle).status.code(), Some(4));
    let stranger = Authority::new("others").write(&nobody.work(), "others");
    assert_eq!(list(&stranger).status.code(), Some(5));
}

#[test]
fn the_check_of_certificates_can_be_switched_off_with_a_warning_each_time() {
    let authority = Authority::new("servers");
    let server = server_for(&authority, &["notary.example"], Validity::Past);
    let mut notary = Sandbox::with_server(&server.url);
    let config = notary.write("c.json", r#"{"remote_server":{"skipTLSVerify":true}}"#);
    notary.options.extend(["-c".to_owned(), config.to_str().unwrap().to_owned()]);
    publish_and_list(&notary);
    for args in [&["list", "a/b"][..], &["list", "a/b", "--quiet"]] {
        let outcome = notary.run(args);
        let warning = format!("warning: the certificate of {} is not checked", server.url);
        assert_eq!(outcome.stderr.matches(&warning).count(), 1, "{}", outcome.report());
        let _ = outcome.success();
    }
}

#[test]
fn half_a_client_certificate_is_wrong_usage() {
    let notary = Sandbox::with_server("https://127.0.0.1:1");
    let issued =
        Authority::new("servers").issue(&["somebody"], Validity::Now).write(&notary.work(), "c");
    for half in issued.args() {
        let words = ["a client certificate needs its key and the reverse"];
        let _ = notary.run([half.as_str(), "list", "a/b"]).failure(2, &words);
    }
    let config = notary.write("c.json", r#"{"remote_server":{"tls_client_key":"c.key"}}"#);
    let args = ["-c", config.to_str().unwrap(), "list", "a/b"];
    let _ = notary.run(args).failure(2, &["a client certificate needs its key"]);
}

#[test]
fn files_that_cannot_be_used_are_wrong_usage() {
    let authority = Authority::new("servers");
    let server = server_for(&authority, &["127.0.0.1"], Validity::Now);
    let notary = Sandbox::with_server(&server.url).at_golden_time();
    copy_dir(&golden("02-published/trust"), &notary.trust_dir());
    let work = notary.work();
    let good = authority.issue(&["somebody"], Validity::Now).write(&work, "good");
    let other = authority.issue(&["somebody"], Validity::Now).write(&work, "other");
    notary.write("text", "no PEM at all");
    notary.write("empty", "");
    let garbage = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    notary.write("garbage", garbage);
    let ca = |path: &str| vec![format!("--tlscacert={path}")];
    let client = |certificate: &Path, key: &Path| {
        let (certificate, key) = (certificate.to_owned(), key.to_owned());
        IssuedFiles { certificate, key }.args().to_vec()
    };
    let text = work.join("text");
    for (options, words) in [
        (ca("missing"), vec!["missing`", "there is no file"]),
        (ca("."), vec!["cannot be read"]),
        (ca("text"), vec!["text` has no usable certificate"]),
        (ca("empty"), vec!["empty` has no usable certificate"]),
        (ca("garbage"), vec!["garbage` has no usable certificate"]),
        (client(&good.certificate, &work.join("missing")), vec!["missing`", "there is no file"]),
        (client(&text, &good.key), vec!["there is no client certificate in", "text`"]),
        (client(&good.certificate, &text), vec!["no key of a client certificate in", "text`"]),
        (client(&good.certificate, &good.certificate), vec!["no key", "good.crt`"]),
        (
            client(&good.certificate, &other.key),
            vec!["good.crt`", "other.key`", "do not belong together"],
        ),
    ] {
        let mut args: Vec<&str> = options.iter().map(String::as_str).collect();
        args.extend(["list", CACHED]);
        let outcome = notary.run(args);
        assert_eq!(outcome.stdout, "");
        let outcome = outcome.failure(2, &words);
        assert!(!outcome.stderr.contains("hint: give the server"), "{}", outcome.report());
    }
}
