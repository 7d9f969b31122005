//! The chain of sources: order, laziness, fallback, and nothing twice.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::path::PathBuf;
use std::rc::Rc;

use super::*;
use crate::fsutil::{list_dir, write_atomic};
use crate::tuf::key::KeyId;

/// A trust directory in which nothing is remembered.
const NO_TRUST_DIR: &str = "/nonexistent";

/// A person who types what was agreed beforehand; nobody, without that.
#[derive(Default)]
struct Person {
    answers: RefCell<Option<VecDeque<&'static str>>>,
    shown: RefCell<Vec<String>>,
}

impl Person {
    fn typing(answers: &[&'static str]) -> Self {
        let answers = Some(answers.iter().copied().collect());
        Self { answers: RefCell::new(answers), ..Self::default() }
    }

    fn shown(&self) -> Vec<String> {
        self.shown.borrow().clone()
    }

    fn show(&self, line: String) -> Result<(), PromptError> {
        self.answers.borrow().as_ref().ok_or(PromptError::NoTerminal)?;
        self.shown.borrow_mut().push(line);
        Ok(())
    }
}

impl Prompt for Person {
    fn ask(&self, question: &str) -> Result<Passphrase, PromptError> {
        self.show(question.to_owned())?;
        let mut answers = self.answers.borrow_mut();
        let answer = answers.as_mut().and_then(VecDeque::pop_front);
        answer.map(Passphrase::from).ok_or(PromptError::Interrupted)
    }

    fn tell(&self, line: &str) -> Result<(), PromptError> {
        self.show(line.to_owned())
    }

    fn warn(&self, line: &str) {
        self.shown.borrow_mut().push(format!("warning: {line}"));
    }
}

/// A source that notes each time that it is asked.
struct Noted {
    asked: Rc<RefCell<Vec<&'static str>>>,
    name: &'static str,
    has: Option<&'static str>,
}

impl Source for Noted {
    fn find(&self, _: &Wanted, _: Purpose, _: &dyn Prompt) -> Result<Option<Found>, SourceError> {
        self.asked.borrow_mut().push(self.name);
        let origin = Origin::Variable(self.name);
        Ok(self.has.map(|has| Found { value: has.into(), origin }))
    }
}

/// Sources with these values, and whom they were asked.
fn noted(
    has: &[(&'static str, Option<&'static str>)],
) -> (Sources, Rc<RefCell<Vec<&'static str>>>) {
    let asked = Rc::new(RefCell::new(Vec::new()));
    let mut sources = Sources::default();
    for (name, has) in has {
        sources.push(Noted { asked: asked.clone(), name, has: *has });
    }
    (sources, asked)
}

fn targets_key() -> Wanted {
    let id = KeyId::parse(&"7c4528d0".repeat(8)).unwrap();
    Wanted::new_key("targets", Some("example.com/app"), &id)
}

/// Whether it is the right one.
fn opens(passphrase: &str) -> Result<Option<String>, PassphraseError> {
    Ok((passphrase == "right").then(|| passphrase.to_owned()))
}

/// What is tried on something that only `right` opens, and how it ends.
fn tries(sources: &Sources, person: &Person, wanted: &Wanted) -> (Vec<String>, Result<(), String>) {
    let mut tried = Vec::new();
    let passphrases = Passphrases::new(sources, person);
    let end = passphrases.existing(wanted, |passphrase| {
        tried.push(passphrase.to_owned());
        opens(passphrase)
    });
    (tried, end.map(drop).map_err(|error| error.to_string()))
}

#[test]
fn the_first_source_that_is_right_ends_the_search() {
    let (sources, asked) = noted(&[("A", None), ("B", Some("right")), ("C", Some("other"))]);
    let person = Person::typing(&[]);
    assert_eq!(tries(&sources, &person, &targets_key()), (vec!["right".into()], Ok(())));
    assert_eq!(*asked.borrow(), ["A", "B"]);
    assert!(person.shown().is_empty());
}

#[test]
fn what_is_wrong_is_told_and_the_next_is_tried() {
    let (sources, asked) = noted(&[("A", Some("x")), ("B", Some("x")), ("C", Some("right"))]);
    let person = Person::default();
    // The same value is not tried twice.
    let (tried, end) = tries(&sources, &person, &targets_key());
    assert_eq!((tried, end), (vec!["x".into(), "right".into()], Ok(())));
    assert_eq!(*asked.borrow(), ["A", "B", "C"]);
    let warning = |variable: &str| {
        format!(
            "warning: the value of {variable} does not open targets key 7c4528d of example.com/app"
        )
    };
    assert_eq!(person.shown(), [warning("A"), warning("B")]);
}

#[test]
fn at_the_end_somebody_is_asked_three_times() {
    let (sources, _) = noted(&[("A", Some("x"))]);
    let person = Person::typing(&["y", "z", "right"]);
    let (tried, end) = tries(&sources, &person, &targets_key());
    assert_eq!((tried, end), (["x", "y", "z", "right"].map(String::from).to_vec(), Ok(())));
    let question = "Enter passphrase for targets key with ID 7c4528d (example.com/app): ";
    let wrong = "wrong passphrase for targets key 7c4528d of example.com/app";
    assert_eq!(
        person.shown(),
        [
            "The value of A does not open targets key 7c4528d of example.com/app.",
            question,
            &format!("{wrong} (2 tries left)"),
            question,
            &format!("{wrong} (1 try left)"),
            question,
        ]
    );
    // What was typed is known from now on, and tried before anything else.
    let nobody = Person::default();
    assert_eq!(tries(&sources, &nobody, &targets_key()), (vec!["right".into()], Ok(())));

    let person = Person::typing(&["a", "b", "c"]);
    let (sources, _) = noted(&[]);
    let (tried, end) = tries(&sources, &person, &targets_key());
    assert_eq!(tried.len(), 3);
    assert_eq!(end, Err(format!("{wrong} (3 tries)")));
}

#[test]
fn without_a_terminal_all_that_was_tried_is_named() {
    let key = "targets key 7c4528d of example.com/app";
    for (has, words) in [
        (&[][..], format!("there is no passphrase for {key}")),
        (&[("A", Some("x"))], format!("the value of A does not open {key}")),
        (
            &[("A", Some("x")), ("B", None), ("C", Some("y"))],
            format!("the value of A and the value of C do not open {key}"),
        ),
    ] {
        let (sources, _) = noted(has);
        assert_eq!(tries(&sources, &Person::default(), &targets_key()).1, Err(words));
    }
}

#[test]
fn an_error_of_what_is_opened_ends_the_search() {
    let (sources, asked) = noted(&[("A", Some("x")), ("B", Some("right"))]);
    let person = Person::typing(&["right"]);
    let passphrases = Passphrases::new(&sources, &person);
    let locked = passphrases
        .existing(&Wanted::pin("t"), |_| Err::<Option<()>, _>(PassphraseError::TooManyTries));
    assert!(matches!(locked, Err(PassphraseError::TooManyTries)));
    assert_eq!(*asked.borrow(), ["A"]);
    assert!(person.shown().is_empty());
}

#[test]
fn a_pin_is_never_tried_twice_by_itself() {
    let (sources, asked) = noted(&[("A", Some("1234")), ("B", Some("5678"))]);
    let pin = Wanted::pin("blue");
    let nobody = Person::default();
    let (tried, end) = tries(&sources, &nobody, &pin);
    assert_eq!(tried, ["1234"]);
    assert_eq!(end, Err("the value of A does not open token `blue`".to_owned()));
    let (tried, end) = tries(&sources, &nobody, &pin);
    assert_eq!((tried, end), (vec![], Err("there is no PIN for token `blue`".to_owned())));
    assert_eq!(*asked.borrow(), ["A"]);

    // Another token is another matter, and a person may try.
    let person = Person::typing(&["", "0000", "right"]);
    let (tried, end) = tries(&sources, &person, &Wanted::pin("red"));
    assert_eq!((tried, end), (["1234", "0000", "right"].map(String::from).to_vec(), Ok(())));
    let question = "Enter PIN for token `red`: ";
    let wrong = "wrong PIN for token `red`";
    let first = "The value of A does not open token `red`.";
    assert_eq!(person.shown(), [first, question, wrong, question, wrong, question]);
}

#[test]
fn a_new_passphrase_is_that_of_the_first_source_or_typed_twice() {
    let (sources, asked) = noted(&[("A", Some("x")), ("B", Some("y"))]);
    let nobody = Person::default();
    let chosen = Passphrases::new(&sources, &nobody).choose(&targets_key()).unwrap();
    assert_eq!((&*chosen, asked.borrow().len()), ("x", 1));

    let (sources, _) = noted(&[]);
    let error = Passphrases::new(&sources, &nobody).choose(&targets_key()).unwrap_err();
    let words = "there is no passphrase for the new targets key 7c4528d of example.com/app";
    assert_eq!(error.to_string(), words);
    let person = Person::typing(&["long enough", "long enough"]);
    let path = PathBuf::from("b.age");
    let chosen = Passphrases::new(&sources, &person).choose(&Wanted::backup(&path)).unwrap();
    assert_eq!(&*chosen, "long enough");
    let subject = "passphrase for new backup `b.age`: ";
    assert_eq!(person.shown(), [format!("Enter {subject}"), format!("Repeat {subject}")]);
}

#[test]
fn sources_stand_in_their_order() {
    let directory = tempfile::tempdir().unwrap();
    let file = |text: &str| {
        let path = directory.path().join(text);
        write_atomic(&path, text.as_bytes()).unwrap();
        path
    };
    let places = |file_text: &str, command: &str| Places {
        files: [(Kind::Targets, file(file_text))].into(),
        command: Some(format!("echo {command}").into()),
    };
    let mut configured = places("5", "6");
    configured.files.insert(Kind::Root, file("r"));
    let given = Given {
        options: places("1", "2"),
        variables: [("NOTARY_TARGETS_PASSPHRASE", "3".into())].into(),
        variable_files: vec![(Kind::Targets, file("4"))],
        configured,
        keyring: Some(false),
    };
    let all = |given: &Given, wanted: &Wanted| {
        let sources = Sources::new(given.clone(), Path::new(NO_TRUST_DIR));
        let person = Person::default();
        let found: Vec<String> = sources
            .find(wanted, Purpose::Open, &person)
            .map(|found| found.unwrap().value.to_string())
            .collect();
        found
    };
    // What the command line gives stands in place of what is configured.
    assert_eq!(all(&given, &targets_key()), ["1", "2", "3", "4"]);
    let configured = Given { options: Places::default(), ..given.clone() };
    assert_eq!(all(&configured, &targets_key()), ["3", "4", "5", "6"]);
    let id = KeyId::parse(&"7c4528d0".repeat(8)).unwrap();
    assert_eq!(all(&given, &Wanted::new_key("root", None, &id)), ["2", "r"]);

    // What is for one role goes before what is for all others.
    let files = ["delegation", "targets/a", "targets/zz"];
    let files = files.map(|role| (role.parse().unwrap(), file(&role.replace('/', "-"))));
    let options = Places { files: files.into(), command: None };
    let given = Given { options, ..Given::default() };
    let delegation = |role: &str| all(&given, &Wanted::new_key(role, None, &id));
    assert_eq!(delegation("targets/a"), ["targets-a", "delegation"]);
    assert_eq!(delegation("targets/b"), ["delegation"]);
    assert_eq!(delegation("user"), ["delegation"]);
}

#[test]
fn files_are_read_when_they_are_needed_and_once() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("passphrase");
    let options = Places { files: [(Kind::Targets, path.clone())].into(), command: None };
    let sources = Sources::new(Given { options, ..Given::default() }, Path::new(NO_TRUST_DIR));
    let person = Person::default();
    let passphrases = Passphrases::new(&sources, &person);
    // It does not even exist, which matters to nobody else.
    assert!(passphrases.known(&Wanted::pin("t")).is_none());

    write_atomic(&path, b"one\r\nand more\n").unwrap();
    assert_eq!(passphrases.known(&targets_key()), Some("one".into()));
    crate::fsutil::remove_file(&path).unwrap();
    assert_eq!(passphrases.known(&targets_key()), Some("one".into()));
}

#[test]
fn files_that_are_no_good_are_named() {
    let directory = tempfile::tempdir().unwrap();
    let long = [b'x'; 4097];
    for (text, words) in [
        (None, "No such file"),
        (Some(&b""[..]), "its first line is empty"),
        (Some(b"\r\nsecond"), "its first line is empty"),
        (Some(b"\xff\n"), "its first line is not UTF-8"),
        (Some(&long), "its first line has no end"),
    ] {
        let path = directory.path().join("file");
        if let Some(text) = text {
            write_atomic(&path, text).unwrap();
        }
        let options = Places { files: [(Kind::Targets, path.clone())].into(), command: None };
        let sources = Sources::new(Given { options, ..Given::default() }, Path::new(NO_TRUST_DIR));
        let person = Person::typing(&["right"]);
        let error = Passphrases::new(&sources, &person).existing(&targets_key(), opens);
        let Err(PassphraseError::Source { source: SourceError::File(error), .. }) = error else {
            panic!("{words}: {error:?}")
        };
        assert_eq!(error.path, path);
        assert!(error.source.to_string().contains(words), "{}", error.source);
        assert!(person.shown().is_empty());
    }
}

#[test]
fn the_command_is_told_what_it_is_for_and_run_once() {
    let directory = tempfile::tempdir().unwrap();
    let counter = directory.path().join("runs");
    let line = format!(
        "mktemp -p {0} >&2; cat; echo \"$NOTARY_KEY_PURPOSE $NOTARY_KEY_ROLE $NOTARY_KEY_GUN $NOTARY_KEY_ID\"; seq 9999",
        counter.display()
    );
    crate::fsutil::create_private_dir(&counter).unwrap();
    let options = Places { files: [].into(), command: Some(line.into()) };
    let sources = Sources::new(Given { options, ..Given::default() }, Path::new(NO_TRUST_DIR));
    let person = Person::default();
    let passphrases = Passphrases::new(&sources, &person);
    let id = "7c4528d0".repeat(8);
    for _ in 0..2 {
        let known = passphrases.known(&targets_key()).unwrap();
        assert_eq!(&*known, format!("open targets example.com/app {id}"));
        let chosen = passphrases.choose(&targets_key()).unwrap();
        assert_eq!(&*chosen, format!("new targets example.com/app {id}"));
        assert_eq!(&*passphrases.known(&Wanted::pin("t")).unwrap(), "open pkcs11  ");
    }
    assert_eq!(list_dir(&counter).unwrap().len(), 3);
}

#[test]
fn a_command_that_fails_ends_the_search_and_one_without_an_answer_does_not() {
    let sources = |line: &str| {
        let options = Places { files: [].into(), command: Some(line.to_owned().into()) };
        Sources::new(Given { options, ..Given::default() }, Path::new(NO_TRUST_DIR))
    };
    for line in ["true", "echo", "printf '\\r\\n'; echo second"] {
        let person = Person::typing(&["right"]);
        assert_eq!(tries(&sources(line), &person, &targets_key()).1, Ok(()), "{line}");
        assert_eq!(person.shown().len(), 1);
    }
    for (line, words) in [
        ("echo right; exit 3", "exit status 3"),
        ("kill -9 $$", "signal: 9"),
        ("no-such-program-anywhere 2>/dev/null", "exit status 127"),
        ("printf '\\377'", "not UTF-8"),
        ("yes", "prints too much"),
        ("yes | tr -d '\\n'", "has no end"),
    ] {
        let person = Person::typing(&["right"]);
        let sources = sources(line);
        let error = Passphrases::new(&sources, &person).existing(&targets_key(), opens);
        let Err(PassphraseError::Source { source, .. }) = error else {
            panic!("{line}: {error:?}")
        };
        let cause = std::error::Error::source(&source).map(ToString::to_string);
        let said = format!("{source}: {}", cause.unwrap_or_default());
        assert!(said.contains(words), "{line}: {said}");
        assert!(!said.contains("right") && person.shown().is_empty(), "{said}");
    }
}

#[test]
fn what_a_command_leaves_running_is_not_waited_for() {
    let directory = tempfile::tempdir().unwrap();
    let fifo = directory.path().join("fifo");
    // Lives, with the output of the command, until it is told to end.
    let line = format!("mkfifo '{0}'; cat '{0}' & echo right", fifo.display());
    let options = Places { files: [].into(), command: Some(line.into()) };
    let sources = Sources::new(Given { options, ..Given::default() }, Path::new(NO_TRUST_DIR));
    let (answered, answer) = std::sync::mpsc::channel();
    let ending = std::thread::spawn(move || {
        let was_answered = answer.recv_timeout(std::time::Duration::from_secs(20)).is_ok();
        drop(std::fs::File::options().write(true).open(&fifo));
        was_answered
    });
    let person = Person::default();
    let known = Passphrases::new(&sources, &person).known(&targets_key());
    let _ = answered.send(());
    assert_eq!(known, Some("right".into()));
    assert!(ending.join().unwrap());
}

#[test]
fn debug_output_of_what_was_given_has_no_secrets() {
    let options = Places { files: [].into(), command: Some("echo hunter2".to_owned().into()) };
    let variables = [("NOTARY_ROOT_PASSPHRASE", "hunter2".into())].into();
    let given = Given { options, variables, ..Given::default() };
    let shown = format!("{given:?}");
    assert!(shown.contains("NOTARY_ROOT_PASSPHRASE") && !shown.contains("hunter2"), "{shown}");
}
