//! The rules for the layout of the sources: which layer may use what, how long a file may be, and
//! which words have no place in it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What each part below the shell may use of the crate, besides itself.
///
/// Of the adapters, `fsutil`, `progress` and `secret` serve the others, and `credentials` serves
/// `remote`; apart from that, adapters do not know each other. Parts that are not listed here are the
/// shell, which may use everything.
const LAYERS: &[(&str, &[&str])] = &[
    // engine
    ("tuf", &[]),
    // adapters
    ("fsutil", &[]),
    ("progress", &[]),
    ("secret", &[]),
    ("credentials", &["fsutil", "secret"]),
    ("changelist", &["fsutil", "tuf"]),
    ("hashing", &["fsutil", "progress", "tuf"]),
    ("keys", &["fsutil", "secret", "tuf"]),
    ("remote", &["credentials", "fsutil", "progress", "secret", "tuf"]),
    ("registry", &["credentials", "progress", "remote", "tuf"]),
    ("store", &["fsutil", "tuf"]),
    // use cases
    (
        "repo",
        &[
            "changelist",
            "fsutil",
            "hashing",
            "keys",
            "progress",
            "registry",
            "remote",
            "store",
            "tuf",
        ],
    ),
    ("server", &["fsutil", "keys", "remote", "tuf"]),
];

/// The parts of the shell.
const SHELL: &[&str] = &["cli", "commands", "config", "error", "lib", "main", "ui"];

/// What the engine must not touch: it gets bytes and the time, and gives values or errors.
const NOT_IN_THE_ENGINE: &[&str] = &[
    "aws_lc_rs::rand",
    "std::env",
    "std::fs",
    "std::net",
    "std::process",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
    "tracing",
];

/// Ways to the standard streams, which only the shell may use.
const STREAMS: &[&str] =
    &["eprint!", "eprintln!", "io::stderr", "io::stdin", "io::stdout", "print!", "println!"];

/// The most lines of a source file.
const MAX_LINES: usize = 500;

struct Source {
    path: PathBuf,
    /// The folder or file directly below `src`.
    part: String,
    text: String,
    /// The lines before the unit tests, without comments.
    code: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn sources() -> Vec<Source> {
    let source = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        let relative = path.strip_prefix(root()).unwrap().to_owned();
        let part = relative.iter().nth(1).unwrap().to_str().unwrap().trim_end_matches(".rs");
        let lines = text.lines().take_while(|line| *line != "#[cfg(test)]");
        let lines = lines.filter(|line| !line.trim_start().starts_with("//"));
        let code = lines.flat_map(|line| [line, "\n"]).collect();
        Source { part: part.to_owned(), path: relative, text, code }
    };
    rust_files(&root().join("src")).into_iter().map(source).collect()
}

/// All paths that the code names, with the braces of `use` expanded.
fn paths(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for statement in code.split(';') {
        let start = statement.find("use ").filter(|at| {
            let before = statement[..*at].chars().next_back();
            before.is_none_or(char::is_whitespace)
        });
        if let Some(start) = start {
            expand(&statement[start + 4..].split_whitespace().collect::<String>(), "", &mut found);
        }
    }
    let in_path = |c: char| c.is_alphanumeric() || "_:".contains(c);
    found.extend(code.split(|c| !in_path(c)).filter(|word| word.contains("::")).map(String::from));
    found
}

/// Expands `a::{b, c::{d, e}}`, given without spaces.
fn expand(tree: &str, prefix: &str, found: &mut BTreeSet<String>) {
    let Some((stem, branches)) = tree.split_once('{') else {
        found.insert(format!("{prefix}{tree}"));
        return;
    };
    let prefix = format!("{prefix}{stem}");
    let branches = branches.strip_suffix('}').unwrap_or(branches);
    let (mut depth, mut start) = (0, 0);
    for (at, c) in branches.char_indices().chain([(branches.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                expand(&branches[start..at], &prefix, found);
                start = at + 1;
            }
            _ => {}
        }
    }
}

/// Whether `path` is `item` or lies in it.
fn is_within(path: &str, item: &str) -> bool {
    path.strip_prefix(item).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

#[test]
fn braces_of_imports_are_expanded() {
    let code = "use a::b;\nuse crate::{c::{d, e}, f};\nlet x = std::fs::read(reuse y::z);";
    let found = paths(code);
    for path in ["a::b", "crate::c::d", "crate::c::e", "crate::f", "std::fs::read"] {
        assert!(found.contains(path), "{path} in {found:?}");
    }
}

#[test]
fn every_layer_uses_only_those_below_it() {
    let layers: BTreeMap<_, _> = LAYERS.iter().copied().collect();
    let mut wrong = Vec::new();
    for source in sources() {
        let Some(allowed) = layers.get(source.part.as_str()) else {
            let part = source.part.as_str();
            assert!(SHELL.contains(&part), "`{part}` is in no layer: put it into this test");
            continue;
        };
        let is_folder = root().join("src").join(&source.part).is_dir();
        for path in paths(&source.code) {
            let mut used = path.strip_prefix("crate::").map(|rest| rest.split("::").next());
            if path.starts_with("super::super::") || (!is_folder && path.starts_with("super::")) {
                used = Some(Some("super"));
            }
            if let Some(Some(used)) = used
                && used != source.part
                && !allowed.contains(&used)
            {
                wrong.push(format!("{} uses {path}", source.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_engine_is_pure() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| source.part == "tuf") {
        for path in paths(&source.code) {
            let forbidden = NOT_IN_THE_ENGINE.iter().any(|item| is_within(&path, item));
            // Of everything that tells the time, whatever it is called.
            if forbidden || path.ends_with("::now") || path.ends_with("::now_utc") {
                wrong.push(format!("{} uses {path}", source.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_below_the_shell_speaks() {
    for source in sources().iter().filter(|source| !SHELL.contains(&source.part.as_str())) {
        for stream in STREAMS {
            let path = source.path.display();
            assert!(!source.code.contains(stream), "{path} uses {stream}");
        }
    }
}

/// What is wiped when dropped is a secret, and derived debug output would show it.
#[test]
fn debug_output_shows_no_secrets() {
    let mut wrong = Vec::new();
    for source in sources() {
        for item in source.code.split("#[derive(").skip(1) {
            let (traits, rest) = item.split_once(")]").unwrap();
            let rest = rest.trim_start();
            // Fields of a tuple end with the line, others with a brace of its own.
            let first = rest.lines().next().unwrap();
            let end = if first.ends_with(';') {
                first.len()
            } else {
                rest.find("\n}").unwrap_or(rest.len())
            };
            if traits.contains("Debug") && rest[..end].contains("Zeroizing<") {
                wrong.push(format!("{}: {first}", source.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_are_short_and_begin_with_what_they_are_for() {
    for source in sources() {
        let (path, lines) = (source.path.display(), source.text.lines().count());
        assert!(lines <= MAX_LINES, "{path} has {lines} lines; {MAX_LINES} are enough");
        assert!(source.text.starts_with("//! "), "{path} does not begin with `//!`");
    }
}

#[test]
fn nothing_is_left_to_be_done() {
    // Put together here, so that this file has none of them.
    let unfinished = ["to", "unimple", "db"].into_iter().zip(["do!", "mented!", "g!"]);
    let notes = ["FIX", "X", "TO"].into_iter().zip(["ME", "XX", "DO"]);
    let words: Vec<String> = unfinished.chain(notes).map(|(a, b)| format!("{a}{b}")).collect();
    let folders = ["benches", "fuzz", "src", "tests"].map(|name| root().join(name));
    for path in folders.iter().filter(|path| path.exists()).flat_map(|path| rust_files(path)) {
        let text = fs::read_to_string(&path).unwrap();
        for word in &words {
            assert!(!text.contains(word.as_str()), "{} has {word}", path.display());
        }
    }
}

#[test]
fn every_test_file_is_part_of_the_test_binary() {
    for path in rust_files(&root().join("tests")) {
        let folder = path.parent().unwrap();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let parents = match (folder == root().join("tests"), name) {
            (true, "main") => continue,
            (true, _) => vec![folder.join("main.rs")],
            (false, "mod") => vec![folder.parent().unwrap().join("main.rs")],
            (false, _) => vec![folder.join("mod.rs"), folder.with_extension("rs")],
        };
        let name = if name == "mod" { folder.file_name().unwrap().to_str().unwrap() } else { name };
        let parent = parents.iter().find(|parent| parent.exists());
        let text = parent.map(|parent| fs::read_to_string(parent).unwrap()).unwrap_or_default();
        let declared = [format!("mod {name};"), format!("pub mod {name};")];
        assert!(
            text.lines().any(|line| declared.iter().any(|wanted| line == wanted)),
            "{} is not declared in {parents:?}, so it is never run",
            path.display()
        );
    }
}
