//! What is shown on a terminal only: colour, drawn tables and progress.

use std::fs::File;
use std::io::Write as _;
use std::process::Command;
use std::time::Duration;

use super::{GUN, Terminal};
use crate::support::{NotaryServer, Sandbox, copy_dir, golden};

/// A publisher with a published collection.
fn published(server: &NotaryServer) -> Sandbox {
    let notary = Sandbox::with_server(&server.url);
    notary.write("file", "content\n");
    notary.write("large", vec![b'x'; LARGE]);
    let _ = notary.run(["init", GUN]).success();
    let _ = notary.run(["add", GUN, "--recursive", "file", "large", "-p"]).success();
    notary
}

const LARGE: usize = 4 << 20;

fn shown(notary: &Sandbox, args: &[&str]) -> String {
    Terminal::start(notary, args).finish().shown
}

#[test]
fn tables_are_drawn_and_coloured() {
    let server = NotaryServer::start();
    let mut notary = published(&server);
    let drawn = shown(&notary, &["list", GUN]);
    assert!(drawn.contains("──────") && drawn.contains("\u{1b}["), "{drawn:?}");
    assert!(drawn.contains(" NAME ") && drawn.contains(" file "), "{drawn:?}");
    // Nothing is wrapped or cut off: people copy digests.
    assert!(drawn.lines().any(|line| line.split(' ').any(|word| word.len() == 64)), "{drawn:?}");

    let plain = drawn_without_colour(&drawn);
    assert_eq!(shown(&notary, &["list", GUN, "--color", "never"]), plain);
    notary.vars.insert("NO_COLOR".into(), "0".into());
    assert_eq!(shown(&notary, &["list", GUN]), plain);
    assert_eq!(shown(&notary, &["list", GUN, "--color=always"]), drawn);
    // An empty variable counts as unset.
    notary.vars.insert("NO_COLOR".into(), String::new());
    assert_eq!(shown(&notary, &["list", GUN]), drawn);
}

#[test]
fn keys_are_listed_at_length_with_ids_that_fit_the_terminal() {
    let notary = Sandbox::new();
    copy_dir(&golden("02-published/trust"), &notary.trust_dir());
    let id = "07693a9d7178a05ff80b0ccd0f9ac31fc1601bdcd47eb5df5beb88d661aca12d";
    let at_width = |width: u16, args: &[&str]| {
        let script = format!(r#"stty cols {width}; tty; "$@"; echo "exit $?"; stty -a"#);
        let shown = Terminal::start_with(&notary, &script, args).finish().shown;
        assert!(shown.contains(" ALGORITHM ") && shown.contains(" timestamp "), "{shown:?}");
        shown
    };
    let list = ["key", "list", "--color", "never"];
    let narrow = at_width(100, &list);
    assert!(narrow.contains(&format!(" {} ", &id[..7])), "{narrow:?}");
    let table = narrow.lines().filter(|line| line.contains("golden.example"));
    assert!(table.clone().count() > 2 && table.clone().all(|line| line.chars().count() <= 100));
    for shown in [at_width(200, &list), at_width(100, &[&list[..], &["--long"]].concat())] {
        assert!(shown.contains(&format!(" {id} ")), "{shown:?}");
    }
}

/// Takes the colours out, and the blanks before line ends, which only coloured tables have.
fn drawn_without_colour(text: &str) -> String {
    let mut out = String::new();
    for (index, piece) in text.split("\u{1b}[").enumerate() {
        let piece = if index == 0 { piece } else { piece.split_once('m').unwrap().1 };
        out.push_str(piece);
    }
    out.lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
}

#[test]
fn messages_are_coloured_on_a_terminal() {
    let server = NotaryServer::start();
    let mut notary = published(&server);
    let commands: [(&[&str], &str); 4] = [
        (&["lookup", GUN, "nothing"], "\u{1b}[1;31merror: \u{1b}[0m"),
        (&["lookup", GUN, "nothing"], "\u{1b}[1;36mhint: \u{1b}[0m"),
        (&["status", GUN, "extra"], "\u{1b}[1;33mwarning: \u{1b}[0m"),
        (&["lst"], "\u{1b}[1m\u{1b}[31merror:\u{1b}[0m"),
    ];
    for (args, coloured) in commands {
        let with = |option: &[&str]| shown(&notary, &[args, option].concat());
        assert!(with(&[]).contains(coloured), "{:?}", with(&[]));
        assert!(
            !with(&["--color", "never"]).contains('\u{1b}'),
            "{:?}",
            with(&["--color", "never"])
        );
    }
    assert!(shown(&notary, &["--help"]).contains("\u{1b}[1m"));
    notary.vars.insert("NO_COLOR".into(), "1".into());
    for args in [&["lookup", GUN, "nothing"][..], &["lst"], &["--help"], &["status", GUN, "extra"]]
    {
        assert!(!shown(&notary, args).contains('\u{1b}'), "{args:?}");
    }
}

/// Verifies a payload that comes in slowly, and returns what was on the terminal.
fn verify_slowly(notary: &Sandbox, script: &str, options: &[&str]) -> String {
    let pipe = notary.work().join("pipe");
    let _ = std::fs::remove_file(&pipe);
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let args = [&["verify", GUN, "large", "-o", "out"], options].concat();
    let mut terminal = Terminal::start_with(notary, script, &args);
    let writer = std::thread::spawn(move || {
        let mut pipe = File::options().write(true).open(pipe).unwrap();
        let (first, rest) = (vec![b'x'; LARGE / 2], vec![b'x'; LARGE / 2]);
        pipe.write_all(&first).unwrap();
        // This is what makes it a long job; nothing depends on how long exactly.
        std::thread::sleep(Duration::from_millis(1200));
        pipe.write_all(&rest).unwrap();
    });
    let ending = terminal.finish();
    writer.join().unwrap();
    assert_eq!(ending.code, 0, "{}", ending.shown);
    ending.shown
}

#[test]
fn progress_of_long_work_is_shown_on_a_terminal_only() {
    let server = NotaryServer::start();
    let notary = published(&server);
    let script = r#"tty; "$@" <pipe; echo "exit $?"; stty -a"#;
    let bar = verify_slowly(&notary, script, &[]);
    assert!(bar.contains("verifying") && bar.contains("MiB"), "{bar:?}");
    // It is gone in the end.
    assert!(bar.ends_with("\u{1b}[2K") || bar.trim_end().ends_with("\u{1b}[2K"), "{bar:?}");
    assert_eq!(verify_slowly(&notary, script, &["--quiet"]), "");

    let elsewhere = r#"tty; "$@" <pipe 2>messages; echo "exit $?"; stty -a"#;
    assert_eq!(verify_slowly(&notary, elsewhere, &[]), "");
    assert_eq!(std::fs::read(notary.work().join("messages")).unwrap(), b"");
}

#[test]
fn a_payload_can_be_typed() {
    let server = NotaryServer::start();
    let notary = published(&server);
    let mut terminal = Terminal::start(&notary, &["verify", GUN, "file"]);
    terminal.expect("reading the payload from the terminal, until Ctrl-D\n");
    let ending = terminal.line("content").control('d').finish();
    assert_eq!(ending.code, 0, "{}", ending.shown);
    assert!(ending.shown.ends_with("content\ncontent\n"), "{}", ending.shown);
}
