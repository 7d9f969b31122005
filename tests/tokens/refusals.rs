//! Tokens that cannot be used: what is said, and what works all the same.

use super::{GUN, assert_one_error, listed, publisher, publisher_with, renamed, uri};
use crate::support::{NotaryServer, Sandbox, SoftTokens};

const NO_MODULE: &str = "pkcs11:?module-path=/nowhere/module.so";

/// A publisher with a collection whose root key is on a token, the others in files.
fn published(server: &NotaryServer, tokens: &SoftTokens) -> Sandbox {
    let notary = publisher(server, tokens);
    let _ = notary.run_process(["init", GUN, "--token", "-p"]).success();
    let _ = notary.run_process(["add", GUN, "file", "file"]).success();
    notary
}

#[test]
fn a_token_that_is_not_needed_is_missed_with_a_warning() {
    let (server, tokens) = (NotaryServer::start(), SoftTokens::with("t"));
    let notary = renamed(published(&server, &tokens), NO_MODULE);
    for args in [&["list", GUN][..], &["status", GUN], &["version"]] {
        let outcome = notary.run_process(args);
        // What needs no key does not look for any.
        assert!(outcome.code == 0 && outcome.stderr.is_empty(), "{}", outcome.report());
    }
    let published = notary.run_process(["publish", GUN]);
    assert_eq!(published.code, 0, "{}", published.report());
    let warning = "warning: the hardware token is not used: the PKCS#11 module \
                   `/nowhere/module.so` cannot be used: ";
    assert_eq!(published.stderr.matches(warning).count(), 1, "{}", published.report());
    // A token that is in a safe is no reason for a warning, except to who looks for keys.
    let notary = renamed(notary, &uri("token=other"));
    let published = notary.run_process(["publish", GUN]);
    assert_eq!(published.code, 0, "{}", published.report());
    let note = "\nthe hardware token is not used: there is no token pkcs11:token=other";
    assert!(published.stderr.contains(note), "{}", published.report());
    let listed = notary.run_process(["key", "list"]);
    assert!(
        listed.stderr.contains("warning: the hardware token is not used"),
        "{}",
        listed.report()
    );
    // Nor is it missed when nobody asks for it.
    let notary = renamed(notary, "");
    let _ = notary.run_process(["remove", GUN, "file"]).success();
    let published = notary.run_process(["publish", GUN]);
    assert_eq!(published.code, 0, "{}", published.report());
    assert!(!published.stderr.contains("warning"), "{}", published.report());
}

#[test]
fn no_root_key_is_made_in_place_of_one_that_cannot_be_seen() {
    let (server, none, tokens) = (NotaryServer::start(), SoftTokens::new(), SoftTokens::with("t"));
    for (uri, tokens, words) in [
        (NO_MODULE.to_owned(), &tokens, "the PKCS#11 module `/nowhere/module.so` cannot be used"),
        ("pkcs11:?module-path=/etc/passwd".to_owned(), &tokens, "`/etc/passwd` cannot be used"),
        (uri(""), &none, "libsofthsm2.so` finds no token"),
        (uri("token=other"), &tokens, "there is no token pkcs11:token=other; the PKCS#11 module"),
        (uri("serial=1"), &tokens, "libsofthsm2.so` finds t (serial "),
        (uri("slot-id=1"), &tokens, "there is no token pkcs11:slot-id=1;"),
    ] {
        let notary = publisher_with(&server, tokens, &uri);
        for args in [&["init", GUN][..], &["init", GUN, "--token"]] {
            assert_one_error(notary.run_process(args), 7, &[words, "\nhint: "]);
        }
        assert!(!notary.trust_dir().join("private").exists(), "{uri}");
    }
    // Without a token there is nothing to make a key on.
    let mut notary = publisher_with(&server, &tokens, "");
    let refused = notary.run_process(["init", GUN, "--token"]);
    assert_one_error(refused, 7, &["error: no token is configured", "--pkcs11 "]);
    let refused = notary.run_process(["init", GUN, "--token=root,timestamp"]);
    assert_one_error(refused, 2, &["`--token=timestamp`"]);
    // A key in a file is as good as ever.
    let _ = notary.run_process(["key", "generate"]).success();
    notary = renamed(notary, NO_MODULE);
    let created = notary.run_process(["init", GUN]);
    assert!(created.stderr.contains("warning: the hardware token is not used"));
    assert!(created.success().starts_with("Root key found, using: "));
}

#[test]
fn what_is_missing_is_said_together_with_the_token_that_may_have_it() {
    let (server, tokens) = (NotaryServer::start(), SoftTokens::with("t"));
    let notary = publisher(&server, &tokens);
    let _ = notary.run_process(["init", GUN, "--token=root,targets", "-p"]).success();
    let _ = notary.run_process(["add", GUN, "file", "file"]).success();
    let notary = renamed(notary, NO_MODULE);
    assert_one_error(
        notary.run_process(["publish", GUN]),
        7,
        &[
            "\n  caused by: no key that may sign targets is here; ",
            "\n  caused by: the PKCS#11 module `/nowhere/module.so` cannot be used: ",
            "\nhint: `/nowhere/module.so` should be the PKCS#11 library that came with the token",
        ],
    );
}

#[test]
fn which_of_several_tokens_is_meant_has_to_be_said() {
    let (server, tokens) = (NotaryServer::start(), SoftTokens::with("one"));
    tokens.add("two");
    let notary = publisher(&server, &tokens);
    let words = ["error: there are several tokens: ", "one (serial ", "two (serial ", "\nhint: "];
    assert_one_error(notary.run_process(["init", GUN]), 7, &words);
    let notary = renamed(notary, &uri("token=two"));
    let _ = notary.run_process(["init", GUN, "--token"]).success();
    let serial = notary.run_process(["key", "list", "--json"]).json();
    assert_eq!(serial["keys"][0]["token"], "pkcs11:token=two");
    assert_eq!(listed(&renamed(notary, &uri("token=one"))).len(), 2);
}

#[test]
fn configurations_that_name_no_token_are_refused() {
    let server = NotaryServer::start();
    let mut notary = Sandbox::with_server(&server.url);
    for (pkcs11, words) in [
        (r#"{"token":"a"}"#, "`pkcs11.module` in"),
        (r#"{"module":"a.so","pin":"1234"}"#, "`pkcs11.pin` in"),
        (r#"{"module":"a.so","slot":"x"}"#, "must be the number of a slot"),
        ("[]", "`pkcs11` in"),
        (r#""pkcs11:token=a""#, "it names no module"),
        (r#""pkcs11:?module-path=/a.so&pin-value=1234""#, "NOTARY_PKCS11_PIN"),
    ] {
        notary.write("c.json", format!(r#"{{"pkcs11":{pkcs11}}}"#));
        let refused = notary.refuses(["key", "list", "-c", "c.json"], 2, &[words]);
        assert!(!refused.stderr.contains("1234"), "{}", refused.report());
    }
    notary.options.extend(["--pkcs11".into(), "pkcs11:token=a".into()]);
    let _ = notary.refuses(["key", "list"], 2, &["the `pkcs11` URI names no token", "no module"]);
}
