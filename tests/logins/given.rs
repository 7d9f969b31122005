//! Logins of the command line, of the environment, and of the person at the terminal.

use notary::credentials::{Chain, CredentialsError, Effort, Found, Given, Sources};
use notary::secret::Secret;
use std::rc::Rc;

use super::{PASSWORD, Person, Run, auth, file, login, place, word};

const SERVER: &str = "https://notary.example:4443/sub/path";

#[test]
fn the_environment_has_the_form_of_go() {
    let run = Run::new(auth(&format!("alice: {PASSWORD} \n")), Person::default());
    assert_eq!(run.at_hand(SERVER), login("alice", PASSWORD));
    assert_eq!(run.source(SERVER).as_deref(), Some("`NOTARY_AUTH`"));
    assert!(run.person.warnings().is_empty());
}

#[test]
fn what_is_malformed_is_told_once_and_is_none() {
    for (value, why) in [
        (PASSWORD.to_owned(), "could not base64-decode authentication string"),
        (
            word(PASSWORD),
            "malformatted authentication string; format must be <username>:<password>",
        ),
        (word(&format!(":{PASSWORD}")), "authentication string with zero-length username"),
    ] {
        let given = Given { auth: Some(value.as_str().into()), ..Given::default() };
        let run = Run::new(given, Person::typing(&["bob", "typed"]));
        assert_eq!((run.at_hand(SERVER), run.at_hand(SERVER)), (None, None));
        let words = format!("the login in `NOTARY_AUTH` is not used: {why}");
        assert_eq!(run.person.warnings(), [words]);
        assert_eq!(run.ask(SERVER), login("bob", "typed"));
        assert!(!format!("{:?}", run.person.warnings()).contains(PASSWORD));
    }
}

#[test]
fn a_file_may_have_what_the_environment_has() {
    let directory = tempfile::tempdir().unwrap();
    let line = word(&format!("alice:{PASSWORD}"));
    let path = file(&directory, "auth", &format!("{line}\r\nmore\n"));
    let given = Given { auth_file: Some(path.clone()), ..Given::default() };
    let run = Run::new(given.clone(), Person::default());
    assert_eq!(run.at_hand(SERVER), login("alice", PASSWORD));
    assert_eq!(run.source(SERVER), Some(format!("`{}`", path.display())));
    let warning =
        format!("others can read the login in `{}`; `chmod 600` keeps it to you", path.display());
    assert_eq!(run.person.warnings(), [warning]);

    // The variable goes first, unless it is malformed.
    let both = Given { auth: Some(word("bob:b").into()), ..given.clone() };
    assert_eq!(Run::new(both, Person::default()).at_hand(SERVER), login("bob", "b"));
    let both = Given { auth: Some("?".into()), ..given };
    assert_eq!(Run::new(both, Person::default()).at_hand(SERVER), login("alice", PASSWORD));
}

#[test]
fn a_file_that_was_named_must_be_there() {
    let directory = tempfile::tempdir().unwrap();
    let endless = file(&directory, "endless", &"A".repeat(65 << 10));
    for (path, words) in
        [(directory.path().join("none"), "No such file"), (endless, "its first line has no end")]
    {
        let given = Given { auth_file: Some(path.clone()), ..Given::default() };
        let chain = Chain::new(given, Rc::new(Person::default()));
        let servers = chain.for_servers(Sources::All);
        for effort in [Effort::AtHand, Effort::Ask] {
            let error = servers.find(&place(SERVER), effort).unwrap_err();
            assert!(matches!(&error, CredentialsError::File { path: named, .. } if *named == path));
            assert!(error.to_string().contains(words), "{error}");
        }
    }
}

#[test]
fn the_command_line_goes_before_the_environment() {
    let options = |user: &str, password: Option<&str>| Given {
        user: Some(user.to_owned()),
        password: password.map(Secret::from),
        ..auth("bob:b")
    };
    let run = Run::new(options("alice", Some(PASSWORD)), Person::default());
    assert_eq!(run.at_hand(SERVER), login("alice", PASSWORD));
    assert_eq!(run.source(SERVER).as_deref(), Some("the command line"));

    // Without a password, somebody is asked for it; nobody else's login is used meanwhile.
    let run = Run::new(options("alice", None), Person::typing(&[PASSWORD]));
    assert_eq!(run.at_hand(SERVER), None);
    assert_eq!(
        (run.ask(SERVER), run.ask(SERVER)),
        (login("alice", PASSWORD), login("alice", PASSWORD))
    );
    let asked = ["https://notary.example:4443 asks for the password of alice.", "Enter password: "];
    assert_eq!(run.person.asked(), asked);

    // Nobody is somebody, too.
    let run = Run::new(options("", None), Person::typing(&["x", "y"]));
    assert_eq!((run.at_hand(SERVER), run.ask(SERVER)), (None, None));
    assert!(run.person.asked().is_empty());
}

#[test]
fn somebody_is_asked_once_for_each_server() {
    let run = Run::new(Given::default(), Person::typing(&["alice", PASSWORD, "bob", "b"]));
    assert_eq!(run.at_hand(SERVER), None);
    assert!(run.person.asked().is_empty());
    for _ in 0..3 {
        assert_eq!(run.ask(SERVER), login("alice", PASSWORD));
        // What is known by now is at hand.
        assert_eq!(run.at_hand("https://notary.example:4443/"), login("alice", PASSWORD));
    }
    let asked = [
        "https://notary.example:4443 asks for a login.",
        "Enter username: (openly) ",
        "Enter password: ",
    ];
    assert_eq!(run.person.asked(), asked);
    assert_eq!(run.source(SERVER).as_deref(), Some("the terminal"));
    // It does not matter who wants it.
    let registries = run.chain.for_registries(None);
    let found = registries.find(&place("https://notary.example:4443/"), Effort::Ask).unwrap();
    assert_eq!(found.map(|found| found.login), login("alice", PASSWORD));
    // Another port or scheme is another server.
    assert_eq!(run.ask("https://notary.example"), login("bob", "b"));
    assert_eq!(run.ask("https://notary.example:443/x"), login("bob", "b"));
}

#[test]
fn an_empty_name_is_nobody_and_is_not_asked_for_again() {
    let run = Run::new(Given::default(), Person::typing(&["", "x", "y"]));
    assert_eq!((run.ask(SERVER), run.ask(SERVER)), (None, None));
    assert_eq!(run.person.asked().len(), 2);
}

#[test]
fn without_a_terminal_there_is_no_login_and_no_error() {
    let run = Run::new(Given::default(), Person::default());
    assert_eq!((run.ask(SERVER), run.ask(SERVER)), (None, None));
    assert!(run.person.warnings().is_empty());
}

#[test]
fn an_interruption_ends_the_questions() {
    for answers in [&[][..], &["alice"]] {
        let run = Run::new(Given::default(), Person::typing(answers));
        for _ in 0..2 {
            let result = run.servers().find(&place(SERVER), Effort::Ask);
            assert_eq!(result, Err(CredentialsError::Interrupted));
        }
        assert_eq!(run.person.asked().len(), 2 + answers.len());
    }
}

#[test]
fn what_was_refused_is_not_used_again_and_nothing_in_its_place() {
    let run = Run::new(auth("alice:wrong"), Person::typing(&["bob", "b"]));
    let (servers, place) = (run.servers(), place(SERVER));
    let found = servers.find(&place, Effort::AtHand).unwrap().unwrap();
    // Something else that was refused says nothing about it.
    let older = Found { login: login("alice", "older").unwrap(), source: found.source.clone() };
    servers.refused(&place, &older);
    assert_eq!(run.at_hand(SERVER), login("alice", "wrong"));
    servers.refused(&place, &found);
    assert_eq!((run.at_hand(SERVER), run.ask(SERVER)), (None, None));
    assert!(run.person.asked().is_empty());
    // Elsewhere it may be right.
    assert_eq!(run.at_hand("https://other.example"), login("alice", "wrong"));
}

#[test]
fn a_server_of_nobody_gets_only_what_the_command_line_says() {
    let place = place(SERVER);
    let run = Run::new(auth("alice:a"), Person::typing(&["bob", "b"]));
    assert_eq!(run.chain.for_servers(Sources::Nobody).find(&place, Effort::Ask), Ok(None));
    assert!(run.person.asked().is_empty());
    let given = Given {
        user: Some("carol".to_owned()),
        password: Some(PASSWORD.into()),
        ..Given::default()
    };
    let run = Run::new(given, Person::default());
    let found = run.chain.for_servers(Sources::Nobody).find(&place, Effort::AtHand).unwrap();
    assert_eq!(found.map(|found| found.login), login("carol", PASSWORD));
}

#[test]
fn what_is_for_the_server_goes_to_no_registry_elsewhere() {
    let run = Run::new(auth("alice:a"), Person::default());
    let server = SERVER.parse().unwrap();
    let registries = run.chain.for_registries(Some(&server));
    let find = |url: &str| {
        let found = registries.find(&place(url), Effort::Ask).unwrap();
        found.map(|found| found.login)
    };
    assert_eq!(find("https://notary.example"), login("alice", "a"));
    assert_eq!(find("https://registry.example"), None);
    let alone = run.chain.for_registries(None);
    assert_eq!(alone.find(&place("https://notary.example"), Effort::Ask), Ok(None));
}
