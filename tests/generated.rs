//! The files in `completions` and `man` are those that the definition of the command line makes.
//!
//! With `NOTARY_REGENERATE=1` (`make generate`) they are written instead of compared.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use clap::{Command as Definition, CommandFactory as _};
use clap_complete::Shell;
use clap_mangen::Man;
use notary::cli::Cli;
use notary::commands::completion::script;

/// Files by name.
type Files = BTreeMap<String, Vec<u8>>;

const REGENERATE: &str = "NOTARY_REGENERATE";

/// What the roff library puts in front of everything.
const APOSTROPHE: &str = ".ie \\n(.g .ds Aq \\(aq\n.el .ds Aq '\n";

fn directory(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn completions() -> Files {
    let file = |name: &str, shell| (name.to_owned(), script(shell, true));
    Files::from([
        file("_notary", Shell::Zsh),
        file("notary.bash", Shell::Bash),
        file("notary.elv", Shell::Elvish),
        file("notary.fish", Shell::Fish),
        file("notary.ps1", Shell::PowerShell),
    ])
}

fn man_pages() -> Files {
    let mut definition = Cli::command().disable_help_subcommand(true);
    definition.build();
    let mut pages = Files::new();
    add_man_pages(&definition, &mut pages);
    pages
}

fn add_man_pages(definition: &Definition, pages: &mut Files) {
    let name = definition.get_display_name().unwrap_or_else(|| definition.get_name());
    pages.insert(format!("{name}.1"), man_page(definition, name).into_bytes());
    for below in definition.get_subcommands().filter(|below| !below.is_hide_set()) {
        add_man_pages(below, pages);
    }
}

/// One manual page: what is known of all programs by clap_mangen, and the rest of the help.
fn man_page(definition: &Definition, name: &str) -> String {
    // The usage line of the help; the other form would repeat all global options.
    let usage = definition.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").trim().to_owned();
    let mut definition = definition.clone().override_usage(usage);
    // The first line of the description is the one that follows the name.
    let about = definition.get_long_about().map(ToString::to_string);
    if let Some((_, rest)) = about.as_deref().and_then(|about| about.split_once("\n\n")) {
        definition = definition.long_about(rest.to_owned());
    }
    let man = Man::new(definition.clone());
    let mut body = Vec::new();
    man.render_name_section(&mut body).unwrap();
    man.render_synopsis_section(&mut body).unwrap();
    man.render_description_section(&mut body).unwrap();
    if definition.has_subcommands() {
        man.render_subcommands_section(&mut body).unwrap();
    }
    man.render_options_section(&mut body).unwrap();
    let body = String::from_utf8(body).unwrap();
    // Each section brings a definition of the apostrophe along; one is enough. Words are not
    // hyphenated, since most of them are names.
    let (title, version) = (quoted(&name.to_uppercase()), env!("CARGO_PKG_VERSION"));
    let mut page =
        format!("{APOSTROPHE}.TH \"{title}\" 1 \"\" \"notary {version}\" \"Notary Manual\"\n");
    page.push_str(".nh\n.ad l\n");
    page.push_str(&body.replace(APOSTROPHE, ""));
    if let Some(rest) = definition.get_after_long_help() {
        add_sections(&rest.to_string(), &mut page);
    }
    if let Some((above, _)) = name.rsplit_once('-') {
        writeln!(page, ".SH \"SEE ALSO\"\n\\fB{}\\fR(1)", quoted(above)).unwrap();
    }
    page
}

/// Turns paragraphs that begin with a line such as `Examples:` into sections; all other paragraphs
/// stay as they are, below the section before.
fn add_sections(text: &str, page: &mut String) {
    let mut section = None;
    for paragraph in text.split("\n\n") {
        let first = paragraph.split_once('\n').filter(|(title, _)| title.ends_with(':'));
        let (title, lines) = match first {
            Some((title, lines)) => (Some(title.trim_end_matches(':').to_uppercase()), lines),
            None => (None, paragraph),
        };
        match title.or_else(|| section.is_none().then(|| "NOTES".to_owned())) {
            Some(title) => {
                writeln!(page, ".SH \"{title}\"").unwrap();
                section = Some(title);
            }
            None => writeln!(page, ".PP").unwrap(),
        }
        writeln!(page, ".nf").unwrap();
        for line in lines.lines() {
            writeln!(page, "{}", quoted(line.strip_prefix("  ").unwrap_or(line))).unwrap();
        }
        writeln!(page, ".fi").unwrap();
    }
}

/// Text in which nothing is special to roff.
fn quoted(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-").replace('\'', "\\(aq");
    if text.starts_with('.') { format!("\\&{text}") } else { text }
}

/// Compares the files in a directory with those that should be there, or writes them.
fn compare(name: &str, expected: &Files) {
    let directory = directory(name);
    if std::env::var_os(REGENERATE).is_some() {
        let _ = fs::remove_dir_all(&directory);
        fs::create_dir_all(&directory).unwrap();
        for (file, bytes) in expected {
            fs::write(directory.join(file), bytes).unwrap();
        }
    }
    let found = crate::support::snapshot_of(&directory);
    let found: Files =
        found.into_iter().map(|(path, bytes)| (path.display().to_string(), bytes)).collect();
    let changed: Vec<_> = expected
        .keys()
        .chain(found.keys())
        .filter(|file| expected.get(*file) != found.get(*file))
        .map(|file| format!("{name}/{file}"))
        .collect();
    assert!(changed.is_empty(), "run `make generate`; not up to date: {}", changed.join(", "));
}

#[test]
fn completions_are_up_to_date() {
    compare("completions", &completions());
}

#[test]
fn man_pages_are_up_to_date() {
    compare("man", &man_pages());
}

/// Runs a program that may not be installed.
fn run_if_installed(program: &str, arguments: &[&str]) -> Option<Output> {
    let result = Command::new(program).args(arguments).env("LC_ALL", "C.UTF-8").output();
    match result {
        Ok(output) => Some(output),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => panic!("{program}: {error}"),
    }
}

/// Makes sure that a program succeeded and had nothing to say to the user.
#[track_caller]
fn assert_silent(output: &Output) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && stderr.is_empty(), "{}: {stderr}", output.status);
}

#[test]
fn bash_completes_commands_and_options() {
    let script = directory("completions").join("notary.bash");
    let script = script.to_str().unwrap();
    let checked = run_if_installed("bash", &["-n", script]).expect("bash is installed");
    assert_silent(&checked);
    for (line, expected) in [
        ("notary pub", "publish"),
        ("notary key li", "list"),
        ("notary publish --dry", "--dry-run"),
        ("notary list --output js", "json"),
    ] {
        let words: Vec<_> = line.split(' ').collect();
        let complete = format!(
            "set -eu; source \"$0\"; complete -p notary >/dev/null; COMP_WORDS=({line}); \
             COMP_CWORD={}; COMPREPLY=(); _notary notary {} {}; echo \"${{COMPREPLY[*]}}\"",
            words.len() - 1,
            words[words.len() - 1],
            words[words.len() - 2],
        );
        let output = run_if_installed("bash", &["--norc", "-c", &complete, script]).unwrap();
        assert_silent(&output);
        assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), expected, "{line}");
    }
}

/// The other shells are no peers of the program: where they are not installed nothing is checked.
#[test]
fn other_shells_load_their_completions() {
    let path = |name: &str| directory("completions").join(name).to_str().unwrap().to_owned();
    let (zsh, fish) = (path("_notary"), path("notary.fish"));
    let load = "autoload -U compinit && compinit -D && source \"$0\" && (( $+_comps[notary] ))";
    let checks = [
        run_if_installed("zsh", &["-n", &zsh]),
        run_if_installed("zsh", &["-f", "-c", load, &zsh]),
        run_if_installed("fish", &["--no-execute", &fish]),
        run_if_installed("fish", &["--no-config", "-c", "source $argv[1]", &fish]),
    ];
    checks.iter().flatten().for_each(assert_silent);
}

#[test]
fn manual_pages_are_formatted_without_warnings() {
    for page in man_pages().keys() {
        let path = directory("man").join(page);
        let path = path.to_str().unwrap();
        let formatted =
            run_if_installed("man", &["--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", path]);
        formatted.iter().for_each(assert_silent);
        if let Some(output) = run_if_installed("mandoc", &["-Tlint", "-Werror", path]) {
            let said = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success(), "{said}");
        }
    }
}

#[test]
fn every_command_has_a_page() {
    let pages = man_pages();
    for page in ["notary.1", "notary-add.1", "notary-key.1", "notary-key-list.1"] {
        let text = String::from_utf8(pages[page].clone()).unwrap();
        for section in ["NAME", "SYNOPSIS", "DESCRIPTION"] {
            assert!(text.contains(&format!(".SH {section}\n")), "{page} has no {section}");
        }
    }
    let main = String::from_utf8(pages["notary.1"].clone()).unwrap();
    for section in ["EXIT CODES", "ENVIRONMENT", "EXAMPLES"] {
        assert!(main.contains(&format!(".SH \"{section}\"\n")), "{section}");
    }
}
