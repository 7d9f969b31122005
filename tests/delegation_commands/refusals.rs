//! What is refused, with the code and the words for it; nothing is staged then.

use std::process::Command;

use time::Duration;

use super::{GUN, ROLE, input, owner};
use crate::support::{Authority, Contents, Sandbox, read_golden, say_sha1, sim_now};

/// Runs a line of OpenSSL where the commands run.
fn openssl(notary: &Sandbox, line: &str) {
    let run = Command::new("openssl").args(line.split(' ')).current_dir(notary.work()).output();
    let output = run.unwrap();
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
}

fn refuses(notary: &Sandbox, file: &str, code: u8, words: &[&str]) {
    // A good file before it does not help.
    let good = input("deleg-a.crt");
    for files in [&[file][..], &[&good, file], &[file, &good]] {
        let add = ["delegation", "add", GUN, ROLE];
        let _ = notary.refuses(add.iter().chain(files).chain(&["--all-paths"]), code, words);
    }
}

#[test]
fn files_that_are_no_public_keys_are_refused() {
    let notary = owner();
    notary.write("garbage", "no PEM at all");
    notary.write("large", vec![b'\n'; (1 << 20) + 1]);
    openssl(&notary, "ecparam -name prime256v1 -genkey -noout -out ec.key");
    openssl(&notary, "pkcs8 -topk8 -in ec.key -passout pass:x -out encrypted.key");
    openssl(&notary, "dsaparam -genkey -out dsa.key 1024");
    openssl(&notary, "pkey -in dsa.key -pubout -out dsa.pub");
    openssl(&notary, "ecparam -name secp256k1 -genkey -noout -out k1.key");
    openssl(&notary, "ec -in k1.key -pubout -out k1.pub");
    openssl(&notary, "ecparam -name secp224r1 -genkey -noout -out p224.key");
    openssl(&notary, "ec -in p224.key -pubout -out p224.pub");
    openssl(&notary, "ec -in ec.key -pubout -conv_form compressed -out compressed.pub");
    openssl(&notary, "genrsa -out short.key 1024");
    openssl(&notary, "rsa -in short.key -pubout -out short.pub");
    openssl(&notary, "genpkey -algorithm ed25519 -out ed.key");
    openssl(&notary, "req -x509 -new -key ed.key -days 365 -subj /CN=ed -out ed.crt");
    openssl(&notary, "req -new -key ec.key -subj /CN=request -out request.csr");
    let not_a_key = |name: &str| format!("{name}` cannot be used as a delegation key");
    for (file, words) in [
        ("garbage", &["there is no PEM block in it"][..]),
        ("ec.key", &["it is a private key", "`openssl pkey -in "]),
        ("encrypted.key", &["it is a private key", "-pubout` prints its public key"]),
        ("dsa.pub", &["keys of the algorithm 1.2.840.10040.4.1 are not supported"]),
        ("k1.pub", &["the elliptic curve 1.3.132.0.10 is not supported, only P-256, P-384 and"]),
        ("p224.pub", &["the elliptic curve P-224 is not supported"]),
        ("compressed.pub", &["its point is compressed", "-conv_form uncompressed`"]),
        ("short.pub", &["its RSA key has 1024 bits, and must have 2048 to 8192"]),
        ("ed.crt", &["no certificates with Ed25519 keys", "ed.crt -noout -pubkey` prints the"]),
        ("request.csr", &["its first PEM block is `CERTIFICATE REQUEST`"]),
    ] {
        let headline = not_a_key(file);
        let words: Vec<&str> = words.iter().copied().chain([headline.as_str()]).collect();
        refuses(&notary, file, 1, &words);
    }
    refuses(&notary, "large", 1, &["cannot read", "it is larger than 1048576 bytes"]);
    refuses(&notary, "/dev/zero", 1, &["cannot read", "it is larger than 1048576 bytes"]);
    refuses(&notary, "nope.crt", 1, &["nope.crt", "there is no such file", "by its id"]);
    refuses(&notary, ".", 1, &["cannot read"]);
    refuses(&notary, "", 2, &["cannot be empty"]);
    refuses(&notary, "0123456", 4, &["there is no key 0123456"]);
}

#[test]
fn certificates_that_are_weak_or_not_valid_now_are_refused() {
    let mut notary = owner();
    notary.now = Some(sim_now());
    let key = notary::keys::PrivateKey::generate_ecdsa_p256();
    let authority = Authority::new("authority");
    let certificate = |from: Duration, to: Duration| {
        let (from, to) = (sim_now() + from, sim_now() + to);
        authority.certify(&key, Contents { name: "alice", from, to, is_ca: false })
    };
    let (day, year) = (Duration::days(1), Duration::days(365));
    notary.write("expired.crt", certificate(-year, -day));
    notary.write("future.crt", certificate(day * 2, year));
    notary.write("sha1.crt", say_sha1(&read_golden("inputs/deleg-rsa.crt")));
    refuses(&notary, "expired.crt", 1, &["the certificate of \"alice\" is refused", "expired at"]);
    refuses(&notary, "future.crt", 1, &["it is not valid before"]);
    refuses(&notary, "sha1.crt", 1, &["the certificate of \"deleg-rsa\"", "signed with SHA-1"]);
    openssl(&notary, "genrsa -out short.key 1024");
    openssl(&notary, "req -x509 -new -key short.key -days 999 -subj /CN=short -out short.crt");
    notary.now = None;
    refuses(&notary, "short.crt", 1, &["its RSA key is shorter than 2048 bits"]);

    // Tomorrow's is good, clocks being what they are, and one that ends soon is told about.
    notary.now = Some(sim_now());
    for (file, from, to, warns) in [
        ("tomorrow.crt", Duration::hours(12), year, false),
        ("soon.crt", -day, day * 30, true),
        ("long.crt", -day, day * 200, false),
    ] {
        notary.write(file, certificate(from, to));
        let added = notary.run(["delegation", "add", GUN, ROLE, file, "--all-paths"]);
        let warning = "the certificate of \"alice\" expires ";
        assert_eq!(added.stderr.contains(warning), warns, "{}", added.report());
        let _ = added.success();
    }
}

#[test]
fn wrong_usage_is_told_before_anything_happens() {
    let notary = owner();
    let crt = input("deleg-a.crt");
    let long = format!("targets/{}", "a".repeat(248));
    for role in ["qa", "targets", "root", "targets/QA", "targets/*", "targets/a/", &long] {
        let words = ["a delegation is named `targets/…`"];
        let _ = notary.refuses(["delegation", "add", GUN, role, &crt, "--all-paths"], 2, &words);
        let _ = notary.refuses(["delegation", "remove", GUN, role, "-y"], 2, &words);
    }
    for role in ["root", "snapshot", "timestamp", "Foo Bar", "targets/A", ""] {
        let _ = notary.refuses(["witness", GUN, "targets", role], 2, &[]);
    }
    let nothing = "there is nothing to add: no key, no path and no threshold";
    for (line, words) in [
        ("add G R", "required arguments were not provided"),
        ("add G", "required arguments were not provided"),
        ("add G R --paths=", nothing),
        ("add G R --threshold 0", "0 is not in 1..=65535"),
        ("add G R --threshold=-1", "invalid value '-1'"),
        ("add G R --threshold many", "invalid value 'many'"),
        ("add G R --paths a\u{7}b", "contains a control character"),
        ("remove G R --paths=", "there is nothing to remove: `--paths` names no path"),
        ("remove G R zzz", "a key id has 64 hex digits"),
        ("remove G R --paths a\u{7}b", "contains a control character"),
        ("remove G", "required arguments were not provided"),
        ("purge G", "--key <IDS>"),
        ("purge G --key=", "`--key` names no key"),
        ("purge G --key abc", "\"abc\" is no key: a key id has 64 hex digits"),
        ("purge G --key 0123456", "no key of a delegation that is known here begins with 0123456"),
        ("purge G other --key 0123456", "unexpected argument 'other'"),
        ("list", "required arguments were not provided"),
        ("list G other", "unexpected argument 'other'"),
    ] {
        let words_of_line = line.split(' ').map(|word| match word {
            "G" => GUN,
            "R" => ROLE,
            other => other,
        });
        let _ = notary.refuses(["delegation"].into_iter().chain(words_of_line), 2, &[words]);
    }
    let _ = notary.refuses(["witness", GUN], 2, &["required arguments were not provided"]);
    let _ = notary.refuses(["delegation", "list", "example.com/none"], 4, &["does not have"]);
}
