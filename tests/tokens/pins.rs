//! PINs: where they come from, and how few are tried.

use std::fs;
use std::path::PathBuf;

use super::{GUN, assert_one_error, publisher, uri};
use crate::support::{NotaryServer, PIN, Sandbox, SoftTokens};

/// What a token notes about its PIN in its file, and the flags that mean something here (PKCS#11,
/// `CK_TOKEN_INFO`).
const FLAGS: u64 = 0x8000_534B;
const COUNT_LOW: u64 = 0x0001_0000;
const FINAL_TRY: u64 = 0x0002_0000;
const LOCKED: u64 = 0x0004_0000;

/// The place of the flags in the file of the only token.
fn flags(tokens: &SoftTokens) -> (PathBuf, usize) {
    let directory = fs::read_dir(tokens.files()).unwrap().next().unwrap().unwrap().path();
    let file = directory.join("token.object");
    let bytes = fs::read(&file).unwrap();
    // Attributes are their type, a kind (2 for numbers) and the number, each of 8 bytes.
    let start = [FLAGS.to_be_bytes(), 2u64.to_be_bytes()].concat();
    let at = bytes.windows(start.len()).position(|window| window == start);
    (file, at.expect("SoftHSM keeps the flags there") + start.len())
}

fn read_flags(tokens: &SoftTokens) -> u64 {
    let (file, at) = flags(tokens);
    u64::from_be_bytes(fs::read(file).unwrap()[at..at + 8].try_into().unwrap())
}

fn set_flag(tokens: &SoftTokens, flag: u64) {
    let (file, at) = flags(tokens);
    let new = read_flags(tokens) | flag;
    let mut bytes = fs::read(&file).unwrap();
    bytes[at..at + 8].copy_from_slice(&new.to_be_bytes());
    fs::write(file, bytes).unwrap();
}

fn without_pin(server: &NotaryServer, tokens: &SoftTokens) -> Sandbox {
    let mut notary = publisher(server, tokens);
    notary.vars.remove("NOTARY_PKCS11_PIN");
    notary
}

#[test]
fn the_pin_comes_from_wherever_passphrases_do() {
    let (server, tokens) = (NotaryServer::start(), SoftTokens::with("t"));
    let mut notary = without_pin(&server, &tokens);
    let pin = notary.write("pin", format!("{PIN}\n"));
    let pin = pin.to_str().unwrap();
    let module = SoftTokens::module();
    let configured =
        format!(r#"{{"pkcs11":{{"module":"{}","token":"t","pin_file":"pin"}}}}"#, module.display());
    notary.write("c.json", configured);
    let made = |notary: &Sandbox, args: &[&str]| {
        let args = [&["key", "generate", "--token", "-q"], args].concat();
        let made = notary.run_process(&args).success();
        assert!(made.starts_with("Generated new ecdsa root key with keyID: "), "{made}");
    };
    made(&notary, &["--passphrase-file", &format!("pkcs11={pin}")]);
    made(&notary, &["--pkcs11", &format!("{}&pin-source=file:{pin}", uri(""))]);
    notary.vars.insert("NOTARY_PKCS11_PIN_FILE".into(), pin.into());
    made(&notary, &[]);
    notary.vars.remove("NOTARY_PKCS11_PIN_FILE");
    notary.options.retain(|option| option != "--pkcs11" && !option.starts_with("pkcs11:"));
    made(&notary, &["-c", "c.json"]);
    // What only tells tokens apart leaves the module to the configuration.
    let given = format!("pkcs11={pin}");
    made(&notary, &["-c", "c.json", "--pkcs11", "pkcs11:token=t", "--passphrase-file", &given]);
}

#[test]
fn a_wrong_pin_is_tried_once() {
    let (server, tokens) = (NotaryServer::start(), SoftTokens::with("t"));
    let mut notary = publisher(&server, &tokens);
    let _ = notary.run_process(["init", GUN, "--token=root,targets,snapshot", "-p"]).success();
    let _ = notary.run_process(["add", GUN, "file", "file"]).success();
    assert_eq!(read_flags(&tokens) & COUNT_LOW, 0);
    notary.vars.insert("NOTARY_PKCS11_PIN".into(), "87654321".into());
    let refused = notary.run_process(["publish", GUN]);
    assert_eq!(read_flags(&tokens) & COUNT_LOW, COUNT_LOW);
    let low = "warning: some more wrong PINs lock token `t`\n";
    assert_eq!(refused.stderr.matches(low).count(), 1, "{}", refused.report());
    let wrong = "error: the value of NOTARY_PKCS11_PIN does not open token `t`\n";
    let refused = refused.failure(7, &[wrong, "hint: correct NOTARY_PKCS11_PIN, or run this on a"]);
    assert!(!refused.stderr.contains("87654321"), "{}", refused.report());
    notary.vars.remove("NOTARY_PKCS11_PIN");
    let nobody = notary.run_process(["publish", GUN]);
    let _ =
        nobody.failure(7, &["error: there is no PIN for token `t`", "set NOTARY_PKCS11_PIN or"]);
}

#[test]
fn the_last_try_is_announced_and_a_locked_pin_is_not_tried() {
    let (server, tokens) = (NotaryServer::start(), SoftTokens::with("t"));
    let notary = publisher(&server, &tokens);
    set_flag(&tokens, FINAL_TRY);
    let made = notary.run_process(["key", "generate", "--token"]);
    assert!(
        made.stderr.contains("warning: another wrong PIN locks token `t`"),
        "{}",
        made.report()
    );
    let _ = made.success();
    set_flag(&tokens, LOCKED);
    let words = ["error: the PIN of the token t is locked\n", "hint: the tool that came with"];
    assert_one_error(notary.run_process(["init", GUN, "--token"]), 7, &words);
}

#[test]
fn keys_in_files_do_without_the_pin() {
    let (server, tokens) = (NotaryServer::start(), SoftTokens::with("t"));
    let mut notary = publisher(&server, &tokens);
    let _ = notary.run_process(["init", GUN, "--token"]).success();
    // The root is signed already, so the first publication needs the others only.
    notary.vars.insert("NOTARY_PKCS11_PIN".into(), "87654321".into());
    let published = notary.run_process(["publish", GUN]);
    assert!(!published.stderr.contains("warning"), "{}", published.report());
    let _ = published.success();
    assert_eq!(read_flags(&tokens) & COUNT_LOW, 0);
}
