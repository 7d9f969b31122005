//! Where logins to servers come from, in which order, and that nobody is asked twice.

mod docker;
mod docker_client;
mod given;
mod helpers;
mod keeping;
mod options;
mod stored;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::path::PathBuf;
use std::rc::Rc;

use notary::credentials::{Chain, Credentials, Effort, Given, Login, Place, Sources};
use notary::secret::{Prompt, PromptError, Secret};

/// The password of every login here; no output may ever have it.
const PASSWORD: &str = "correct-horse-battery";

/// Somebody at a terminal, or nobody, who notes what is asked and said.
#[derive(Clone, Default)]
struct Person {
    answers: Rc<RefCell<Option<VecDeque<&'static str>>>>,
    asked: Rc<RefCell<Vec<String>>>,
    warned: Rc<RefCell<Vec<String>>>,
}

impl Person {
    fn typing(answers: &[&'static str]) -> Self {
        let person = Self::default();
        person.answers.replace(Some(answers.iter().copied().collect()));
        person
    }

    fn warnings(&self) -> Vec<String> {
        self.warned.borrow().clone()
    }

    fn asked(&self) -> Vec<String> {
        self.asked.borrow().clone()
    }

    fn answer(&self, question: &str) -> Result<&'static str, PromptError> {
        let mut answers = self.answers.borrow_mut();
        let answers = answers.as_mut().ok_or(PromptError::NoTerminal)?;
        self.asked.borrow_mut().push(question.to_owned());
        answers.pop_front().ok_or(PromptError::Interrupted)
    }
}

impl Prompt for Person {
    fn ask(&self, question: &str) -> Result<Secret, PromptError> {
        self.answer(question).map(Secret::from)
    }

    fn ask_openly(&self, question: &str) -> Result<String, PromptError> {
        self.answer(&format!("{question}(openly) ")).map(str::to_owned)
    }

    fn tell(&self, line: &str) -> Result<(), PromptError> {
        self.answers.borrow().as_ref().ok_or(PromptError::NoTerminal)?;
        self.asked.borrow_mut().push(line.to_owned());
        Ok(())
    }

    fn warn(&self, line: &str) {
        self.warned.borrow_mut().push(line.to_owned());
    }
}

/// What a run may find logins with.
struct Run {
    person: Person,
    chain: Rc<Chain>,
}

impl Run {
    fn new(given: Given, person: Person) -> Self {
        let chain = Chain::new(given, Rc::new(person.clone()));
        Self { person, chain }
    }

    fn servers(&self) -> Rc<dyn Credentials> {
        self.chain.for_servers(Sources::All)
    }

    /// The login that is at hand for a server.
    fn at_hand(&self, url: &str) -> Option<Login> {
        let found = self.servers().find(&place(url), Effort::AtHand).unwrap();
        found.map(|found| found.login)
    }

    /// The login for a server, with all that may be done for it.
    fn ask(&self, url: &str) -> Option<Login> {
        let found = self.servers().find(&place(url), Effort::Ask).unwrap();
        found.map(|found| found.login)
    }

    /// Where the login for a server is from.
    fn source(&self, url: &str) -> Option<String> {
        let found = self.servers().find(&place(url), Effort::AtHand).unwrap();
        found.map(|found| found.source)
    }
}

fn place(url: &str) -> Place {
    Place { server: url.parse().unwrap(), service: "notary".to_owned() }
}

fn login(user: &str, password: &str) -> Option<Login> {
    Some(Login::Password { user: user.to_owned(), password: password.into() })
}

/// What `NOTARY_AUTH` is for a login.
fn word(login: &str) -> String {
    data_encoding::BASE64.encode(login.as_bytes())
}

fn auth(login: &str) -> Given {
    Given { auth: Some(word(login).into()), ..Given::default() }
}

fn file(directory: &tempfile::TempDir, name: &str, text: &str) -> PathBuf {
    let path = directory.path().join(name);
    std::fs::write(&path, text).unwrap();
    path
}
