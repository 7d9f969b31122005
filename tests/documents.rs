//! What the documents say is true: examples parse, and codes, names and keys are those of the
//! program.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use clap::error::ErrorKind;
use notary::cli::Cli;
use notary::config::REMOTE_KEYS;
use notary::error::Exit;
use notary::keys::passphrase;
use serde_json::Value;

use crate::support::{Authority, Contents, DockerRegistry, NotaryServer, Sandbox, golden};

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// The text below a heading, up to the next one of the same or a higher level.
fn section<'a>(text: &'a str, heading: &str) -> &'a str {
    let start = text.find(&format!("{heading}\n")).unwrap_or_else(|| panic!("no {heading}"));
    let body = &text[start + heading.len()..];
    let level = heading.split(' ').next().unwrap().len();
    // There is one heading of the first level, and `#` alone begins the table of staged changes.
    let ends = (2..=level).filter_map(|level| body.find(&format!("\n{} ", "#".repeat(level))));
    &body[..ends.min().unwrap_or(body.len())]
}

/// The rows of the tables in a text, without the lines at their head.
fn rows(text: &str) -> Vec<Vec<&str>> {
    let lines = text.lines().filter_map(|line| line.strip_prefix('|')?.strip_suffix('|'));
    let rows = lines.map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
    let rows: Vec<_> = rows.collect();
    let is_rule = |row: &Vec<&str>| row.iter().all(|cell| cell.trim_matches(['-', ':']).is_empty());
    let body = |at: &usize| !is_rule(&rows[*at]) && !rows.get(at + 1).is_some_and(is_rule);
    (0..rows.len()).filter(body).map(|at| rows[at].clone()).collect()
}

/// All words in backticks.
fn code_words(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// The command lines in the `console` blocks of a text.
fn console_lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for block in text.split("\n```console\n").skip(1) {
        let block = block.split("\n```").next().unwrap().replace("\\\n", " ");
        lines.extend(block.lines().filter_map(|line| line.strip_prefix("$ ")).map(str::to_owned));
    }
    lines
}

/// The simple commands of a shell line, as words; redirections are left out.
fn simple_commands(line: &str) -> Vec<Vec<String>> {
    let mut commands = vec![Vec::new()];
    let mut word: Option<String> = None;
    let mut skip_word = false;
    let mut quote = None;
    for c in line.chars().chain([' ']) {
        match (c, quote) {
            (_, Some(open)) if c == open => quote = None,
            (_, Some(_)) => word.get_or_insert_default().push(c),
            ('\'' | '"', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            ('#', None) if word.is_none() => break,
            (' ' | '|' | '<' | '>' | '&' | ';', None) => {
                if let Some(done) = word.take() {
                    // The word behind a redirection is a file.
                    if !std::mem::take(&mut skip_word) {
                        commands.last_mut().unwrap().push(done);
                    }
                }
                match c {
                    '<' | '>' => skip_word = true,
                    '|' | '&' | ';' => commands.push(Vec::new()),
                    _ => {}
                }
            }
            _ => word.get_or_insert_default().push(c),
        }
    }
    let is_assignment = |word: &String| {
        word.split_once('=').is_some_and(|(name, _)| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_')
        })
    };
    for command in &mut commands {
        let assignments = command.iter().take_while(|word| is_assignment(word)).count();
        command.drain(..assignments);
    }
    commands.retain(|command| !command.is_empty());
    commands
}

#[test]
fn shell_lines_are_taken_apart() {
    let words = |line| simple_commands(line).into_iter().map(|c| c.join("+")).collect::<Vec<_>>();
    assert_eq!(words("a 'b c' \"d\" < e f"), ["a+b c+d+f"]);
    assert_eq!(words("NAME=x a --b='c|d' | e > f; g # h"), ["a+--b=c|d", "e", "g"]);
}

#[test]
fn examples_are_understood() {
    let (mut examples, mut mentions) = (0, 0);
    for document in ["README.md", "CONTRIBUTING.md"] {
        let text = read(document);
        let lines = console_lines(&text);
        let commands = lines.iter().flat_map(|line| simple_commands(line));
        let commands: Vec<_> = commands.filter(|command| command[0] == "notary").collect();
        examples += commands.len();
        // Commands in running text, with words in capitals for what the user fills in.
        let mentioned = code_words(&text).into_iter().filter(|word| word.starts_with("notary "));
        let mentioned = mentioned.filter(|line| !line.contains("COMMAND") && line.contains("GUN"));
        let mentioned: Vec<_> = mentioned.flat_map(simple_commands).collect();
        mentions += mentioned.len();
        for command in commands.into_iter().chain(mentioned) {
            let fill_in = |word: &String| match word.as_str() {
                "HEX" | "ID" => "0".repeat(64),
                "IMAGE" => "registry.example/app:1.0".to_owned(),
                "SIZE" => "1".to_owned(),
                other => other.to_owned(),
            };
            let args: Vec<_> = command.iter().map(fill_in).map(OsString::from).collect();
            if let Err(error) = Cli::parse_from_args(&args) {
                let help = [ErrorKind::DisplayHelp, ErrorKind::DisplayVersion];
                assert!(help.contains(&error.kind()), "{document}: {command:?}\n{error}");
            }
        }
    }
    assert!(examples > 10, "only {examples} examples were found");
    assert!(mentions > 10, "only {mentions} commands in running text were found");
}

/// Puts the same words in place of what differs from run to run: ids of keys and points in time.
fn without_ids_and_times(text: &str) -> String {
    let in_word = |c: char| c.is_ascii_alphanumeric() || "-:".contains(c);
    let mut out = String::new();
    for (index, piece) in text.split(|c| !in_word(c)).enumerate() {
        if index > 0 {
            let at = piece.as_ptr().addr() - text.as_ptr().addr();
            out.extend(text[..at].chars().next_back());
        }
        let is_hex = piece.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let is_time = piece.len() == 20 && piece.ends_with('Z') && &piece[10..11] == "T";
        out.push_str(match piece.len() {
            7 | 64 if is_hex => "ID",
            _ if is_time => "TIME",
            _ => piece,
        });
    }
    out
}

/// The commands of the tour, run one after the other by a shell, print what is shown.
#[test]
fn the_tour_is_true() {
    let readme = read("README.md");
    let home = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &str| {
        let path = home.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    };
    write("setup.sh", "echo \"hello\"\n");
    write("download", "echo \"goodbye\"\n");
    write("dist/tool", "a tool\n");
    write("dist/docs/manual.txt", "how to\n");
    let program = Path::new(env!("CARGO_BIN_EXE_notary"));
    let path = format!("{}:/usr/bin:/bin", program.parent().unwrap().display());
    let passphrases = passphrase::NAMES.map(|names| (names.variable, "passphrase of the tour"));
    let run = |line: &str| {
        let output = Command::new("bash")
            .args(["-c", &format!("{{ {line}; }} 2>&1")])
            .env_clear()
            .envs(passphrases)
            .envs([("HOME", home.path().to_str().unwrap()), ("PATH", &path)])
            .current_dir(home.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        without_ids_and_times(&text.replace(home.path().to_str().unwrap(), "/home/alice"))
    };

    let mut runs = 0;
    for heading in ["## Five minutes", "## Errors"] {
        for block in section(&readme, heading).split("\n```console\n").skip(1) {
            let block = block.split("\n```").next().unwrap();
            for shown in format!("\n{block}\n").split("\n$ ").skip(1) {
                let (line, shown) = shown.split_once('\n').unwrap_or((shown, ""));
                if !line.starts_with("notary ") {
                    continue;
                }
                let printed = run(line);
                assert_eq!(printed.trim_end(), without_ids_and_times(shown).trim_end(), "{line}");
                runs += 1;
            }
        }
    }
    assert!(runs > 8, "only {runs} commands were run");
}

#[test]
fn exit_codes_are_documented() {
    let known = [
        Exit::Done,
        Exit::Failed,
        Exit::Usage,
        Exit::Trust,
        Exit::NotFound,
        Exit::Network,
        Exit::Auth,
        Exit::Key,
        Exit::Conflict,
        Exit::Interrupted,
    ];
    let known: Vec<_> = known.into_iter().map(|exit| (exit as u8).to_string()).collect();
    let readme = read("README.md");
    let documented = rows(section(&readme, "## Exit codes"));
    assert_eq!(documented.iter().map(|row| row[0]).collect::<Vec<_>>(), known);
}

#[test]
fn environment_variables_are_documented() {
    let readme = read("README.md");
    let documented: BTreeSet<_> = rows(section(&readme, "## Environment variables"))
        .iter()
        .flat_map(|row| code_words(row[0]))
        .map(str::to_owned)
        .collect();
    let names = passphrase::NAMES.iter().flat_map(|names| [names.variable, names.file_variable]);
    let mut known: BTreeSet<_> = names.map(str::to_owned).collect();
    known.extend(["DOCKER_CONFIG", "DOCKER_CONTENT_TRUST_SERVER"].map(str::to_owned));
    known.extend(["HOME", "NO_COLOR"].map(str::to_owned));
    known.extend(["", "_FILE"].map(|end| format!("NOTARY_AUTH{end}")));
    known.extend(["", "_FILE"].map(|end| format!("NOTARY_SERVER_KEY_PASSPHRASE{end}")));
    // Those that libraries read: for requests, for TLS, and for large payloads.
    known.extend(["ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"].map(str::to_owned));
    known.extend(["SSL_CERT_DIR", "SSL_CERT_FILE", "TMPDIR"].map(str::to_owned));
    assert_eq!(documented, known);
}

#[test]
fn configuration_keys_are_documented() {
    let readme = read("README.md");
    let documented: BTreeSet<_> = rows(section(&readme, "## Configuration"))
        .iter()
        .map(|row| code_words(row[0])[0].to_owned())
        .collect();
    let sources = ["config", "config/passphrases", "config/pinning", "config/pkcs11"];
    let code = |name: &str| {
        let source = read(&format!("src/{name}.rs"));
        source.split("#[cfg(test)]").next().unwrap().to_owned()
    };
    let code: String = sources.into_iter().map(code).collect();
    let is_key = |word: &&str| {
        let beginnings = ["trust_dir", "trust_pinning.", "passphrases.", "pkcs11"];
        beginnings.iter().any(|key| word.starts_with(key))
            && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"._".contains(&b))
    };
    let mut known: BTreeSet<_> =
        code.split('"').skip(1).step_by(2).filter(is_key).map(str::to_owned).collect();
    known.extend(REMOTE_KEYS.map(|key| format!("remote_server.{key}")));
    known.insert("remotes".to_owned());
    assert_eq!(documented, known);
}

#[test]
fn names_of_files_and_make_targets_exist() {
    let makefile = read("Makefile");
    for document in ["README.md", "CONTRIBUTING.md"] {
        let text = read(document);
        let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        let links = links.filter(|link| !link.starts_with("http") && !link.starts_with('#'));
        let folders = ["benches/", "completions/", "man/", "src/", "tests/"];
        let words = code_words(&text);
        let words = words.into_iter().filter(|word| folders.iter().any(|f| word.starts_with(f)));
        let is_plain = |path: &&str| !path.contains(['*', '<', ' ', '\n']);
        for path in links.chain(words).filter(is_plain) {
            let path = path.split('#').next().unwrap();
            let exists = Path::new(env!("CARGO_MANIFEST_DIR")).join(path).exists();
            assert!(exists, "{document} names {path}");
        }
        for target in code_words(&text).into_iter().filter_map(|word| word.strip_prefix("make ")) {
            assert!(makefile.contains(&format!("\n{target}:")), "{document}: make {target}");
        }
    }
}

/// The members of a JSON document and their kinds, by path.
fn members(value: &Value, path: &str, found: &mut BTreeMap<String, BTreeSet<&'static str>>) {
    let kind = match value {
        Value::Array(_) => "list",
        Value::Bool(_) => "boolean",
        Value::Null => "null",
        Value::Number(_) => "integer",
        Value::Object(_) => "object",
        Value::String(_) => "string",
    };
    if !path.is_empty() && !path.ends_with(']') {
        found.entry(path.to_owned()).or_default().insert(kind);
    }
    match value {
        Value::Array(items) => {
            items.iter().for_each(|item| members(item, &format!("{path}[]"), found));
        }
        // These have the names of algorithms, or whatever the publisher put in.
        Value::Object(_) if path.ends_with("hashes") || path.ends_with("custom") => {}
        Value::Object(object) => {
            for (name, value) in object {
                let separator = if path.is_empty() { "" } else { "." };
                members(value, &format!("{path}{separator}{name}"), found);
            }
        }
        _ => {}
    }
}

/// Every member that commands print is documented with its kind, and the reverse.
#[test]
fn json_output_is_as_documented() {
    const GUN: &str = "example.com/json";
    let server = NotaryServer::start();
    let notary = Sandbox::with_server(&server.url);
    let (one, two) = (notary.write("one", "1"), notary.write("two", "2"));
    let custom = notary.write("custom.json", r#"{"a": 1}"#);
    let (one, two) = (one.to_str().unwrap(), two.to_str().unwrap());
    let custom = custom.to_str().unwrap();
    let mut printed: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    let mut print = |command: &'static str, rest: &[&str]| {
        let words = command.split(' ').chain(rest.iter().copied()).chain(["--json"]);
        let outcome = notary.run(words.collect::<Vec<_>>());
        let value = serde_json::from_str(&outcome.stdout);
        let value = value.unwrap_or_else(|error| panic!("{error}\n{}", outcome.report()));
        printed.entry(command).or_default().push(value);
    };

    let _ = notary.run(["init", GUN]).success();
    let _ = notary.run(["add", GUN, "one", one, "--custom", custom]).success();
    let ca = Contents { is_ca: true, ..Contents::now("some CA") };
    notary.write("ca.pem", Authority::valid_as(ca).pem);
    print("status", &[GUN]);
    let damaged = notary.collection_dir(GUN).join("changelist/0_damaged.change");
    fs::write(&damaged, "{").unwrap();
    print("status", &[GUN]);
    fs::remove_file(&damaged).unwrap();
    print("publish", &[GUN]);
    let _ = notary.run(["add", GUN, "one", one, "--custom", custom]).success();
    print("publish", &[GUN]);
    let _ = notary.run(["add", GUN, "two", two]).success();
    print("publish", &[GUN, "--dry-run"]);
    print("publish", &[GUN]);
    let key = notary.run(["key", "list", "--json"]).json()["keys"][0]["key_id"].clone();
    let delegation = ["delegation", "add", GUN, "targets/a"];
    let delegate = |rest: &[&str]| notary.run(delegation.iter().chain(rest)).success();
    let _ = delegate(&[key.as_str().unwrap(), "--paths", "a/", "--publish"]);
    let _ = delegate(&["--paths", "b/"]);
    let _ = notary.run(["add", GUN, "one", two]).success();
    let _ = notary.run(["add", GUN, "three", two]).success();
    let _ = notary.run(["remove", GUN, "two"]).success();
    print("publish --sign-only", &[GUN, "--out", "one.json"]);
    let _ = notary.run(["reset", GUN, "--all"]).success();
    print("list", &[GUN]);
    print("list", &[GUN, "--offline"]);
    print("who", &[GUN]);
    print("who", &[GUN, "one"]);
    print("lookup", &[GUN, "one"]);
    print("lookup", &[GUN, "two", "--offline"]);
    print("image resolve", &["example.com/json:one"]);
    print("image resolve", &["example.com/json:two", "--offline"]);
    let registry = DockerRegistry::start();
    let image = registry.push_image("app", "1", DockerRegistry::OCI_MANIFEST, "linux/amd64");
    let image = format!("{}/app@{}", registry.host, image.digest);
    print("add --image", &[&image, GUN, "1", "--roles", "targets"]);
    let _ = notary.run(["reset", GUN, "--all"]).success();
    print("verify", &[GUN, "one", "-i", one]);
    print("verify", &[GUN, "two", "-i", two, "--offline"]);
    let public = golden("inputs/deleg-a.crt").to_str().unwrap().to_owned();
    let bare = golden("inputs/deleg-b.pub").to_str().unwrap().to_owned();
    let role = "targets/releases";
    let add =
        ["delegation", "add", GUN, role, &public, &bare, "--paths", "a/,b/", "--threshold", "2"];
    let _ = notary.run(add).success();
    print("status", &[GUN]);
    let _ = notary.run(["publish", GUN]).success();
    let _ = notary.run(["delegation", "remove", GUN, role, "--paths", "a/"]).success();
    let _ = notary.run(["delegation", "remove", GUN, role, "45abe4a", "--all-paths"]).success();
    print("status", &[GUN]);
    print("delegation list", &[GUN]);
    print("delegation list", &[GUN, "--offline"]);
    let _ = notary.run(["reset", GUN, "--all"]).success();
    let private = notary.trust_dir().join("private");
    let key = fs::read_dir(&private).unwrap().next().unwrap().unwrap().path();
    fs::create_dir(private.join("archive")).unwrap();
    let archived = key.with_extension("pem");
    fs::copy(&key, private.join("archive").join(archived.file_name().unwrap())).unwrap();
    print("key list", &[]);
    print("key rotate", &[GUN, "targets"]);
    print("key rotate", &[GUN, "snapshot", "-r", "--dry-run"]);
    // Another collection has the same root key.
    let _ = notary.run(["init", "example.com/another"]).success();
    print("key rotate", &[GUN, "root", "--yes"]);
    let key = golden("11-key-files/ec-sec1-plain.key");
    print("key import", &[key.to_str().unwrap(), "--dry-run"]);
    print("key import", &[key.to_str().unwrap(), custom]);
    let identity = age::x25519::Identity::generate();
    let recipient = identity.to_public().to_string();
    notary.write("identity", age::secrecy::ExposeSecret::expose_secret(&identity.to_string()));
    let files = fs::read_dir(&private).unwrap().map(|file| file.unwrap().path());
    let mut keys = files.filter(|path| path.extension().is_some_and(|ending| ending == "key"));
    let key = keys.next().unwrap();
    let id = key.file_stem().unwrap().to_str().unwrap();
    let args = ["key", "backup", "keys.age", "--key", id, "--recipient", &recipient];
    let _ = notary.run(args).success();
    let text = fs::read_to_string(&key).unwrap();
    fs::write(&key, text.replace("role: ", "role: other-")).unwrap();
    print("key backup --verify", &["keys.age", "--identity", "identity"]);
    print("key restore", &["keys.age", "--identity", "identity", "--list"]);
    let logins = r#"{"logins": {"https://a.example": {"user": "alice"}, "https://b.example": {"user": null}}}"#;
    fs::write(notary.trust_dir().join("logins.json"), logins).unwrap();
    print("login --list", &[]);
    print("version", &[]);
    print("trust show", &[GUN]);
    print("trust pin", &[GUN, "--current"]);
    let _ = notary.run(["trust", "pin", "example.com/ca", "--ca", "ca.pem"]).success();
    print("trust pin", &["example.com/ca", "--ca", "ca.pem"]);
    notary.write("pins.json", format!(r#"{{"trust_pinning": {{"ca": {{"{GUN}": "ca.pem"}}}}}}"#));
    print("trust show", &[GUN, "-c", "pins.json"]);
    print("trust show", &[GUN, "-d", "elsewhere"]);
    print("trust forget", &[GUN, "--yes"]);

    let readme = read("README.md");
    for (command, values) in printed {
        let mut found = BTreeMap::new();
        values.iter().for_each(|value| members(value, "", &mut found));
        let documented = rows(section(&readme, &format!("### `{command} --json`")));
        let documented: BTreeMap<_, _> =
            documented.iter().map(|row| (code_words(row[0])[0].to_owned(), row[1])).collect();
        let names: Vec<_> = found.keys().collect();
        assert_eq!(documented.keys().collect::<Vec<_>>(), names, "{command}");
        for (name, kinds) in &found {
            for kind in kinds {
                let kinds = documented[name];
                assert!(kinds.contains(kind), "{command}: {name} is {kind}, not {kinds}");
            }
        }
    }
}
