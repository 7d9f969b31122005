//! All that a run may find logins with, in their order.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use url::Url;

use super::docker::Docker;
use super::stored::Stored;
use super::{Credentials, CredentialsError, Effort, Found, Given, Login, Place, Sources};
use crate::secret::{Prompt, PromptError, SecretStore, SystemStore};

/// What is known of a server's login.
#[derive(Clone, Eq, PartialEq)]
enum Answer {
    /// There is none; somebody at the terminal may have been asked, too.
    None { asked: bool },
    /// There should be one.
    Failed(CredentialsError),
    /// This is it.
    Found(Found),
    /// There was one, which the server refused.
    Refused,
}

/// Which logins may go to which servers: part of the question that is answered once.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Rule {
    /// For Notary servers, from these sources.
    Server(Sources),
    /// For registries. What the run was given is for this host.
    Registry(Option<String>),
}

impl Rule {
    fn sources(&self) -> &Sources {
        match self {
            Self::Server(sources) => sources,
            Self::Registry(_) => &Sources::All,
        }
    }

    fn is_registry(&self) -> bool {
        matches!(self, Self::Registry(_))
    }

    /// Whether what the run was given may go to a server.
    fn is_given_to(&self, server: &Url) -> bool {
        match self {
            Self::Server(_) => true,
            Self::Registry(host) => host.as_deref() == server.host_str(),
        }
    }
}

/// Finds the logins of a run. Nothing is read before it is needed.
pub struct Chain {
    docker: Docker,
    given: Given,
    prompt: Rc<dyn Prompt>,
    stored: Stored,
    answers: RefCell<BTreeMap<(String, Rule), Answer>>,
    /// What somebody has typed, by the address of the server.
    typed: RefCell<BTreeMap<String, Result<Option<Found>, CredentialsError>>>,
}

impl Chain {
    /// Takes what the run was given, else what is kept somewhere, else asks.
    pub fn new(given: Given, prompt: Rc<dyn Prompt>) -> Rc<Self> {
        Self::with_store(given, prompt, Box::new(SystemStore::LOGINS))
    }

    /// The same with another secret store than the system's.
    pub fn with_store(
        given: Given,
        prompt: Rc<dyn Prompt>,
        store: Box<dyn SecretStore>,
    ) -> Rc<Self> {
        let docker = Docker::new(given.docker.clone(), given.programs.clone());
        let stored = Stored::new(given.trust_dir.clone(), store);
        let (answers, typed) = Default::default();
        Rc::new(Self { docker, given, prompt, stored, answers, typed })
    }

    /// The logins for Notary servers: what the run was given is for them.
    pub fn for_servers(self: &Rc<Self>, sources: Sources) -> Rc<dyn Credentials> {
        Rc::new(View { chain: self.clone(), rule: Rule::Server(sources) })
    }

    /// The logins for registries. What the run was given is for its Notary server and whatever else
    /// that host has, and not for others.
    pub fn for_registries(self: &Rc<Self>, server: Option<&Url>) -> Rc<dyn Credentials> {
        let host = server.and_then(Url::host_str).map(str::to_owned);
        Rc::new(View { chain: self.clone(), rule: Rule::Registry(host) })
    }

    fn at_hand(&self, place: &Place, rule: &Rule) -> Result<Option<Found>, CredentialsError> {
        let Place { server, .. } = place;
        let (prompt, is_registry) = (&*self.prompt, rule.is_registry());
        if rule.is_given_to(server) {
            // Who says whose login to use wants nobody else's.
            if self.given.user.is_some() {
                return Ok(self.given.of_options());
            }
            if *rule.sources() != Sources::Nobody
                && let Some(found) = self.given.of_environment(prompt)?
            {
                return Ok(Some(found));
            }
        }
        let stored = |anyway| self.stored.find(server, anyway, prompt);
        match rule.sources() {
            Sources::All => match stored(false) {
                Some(found) => Ok(Some(found)),
                None => self.docker.find(server, is_registry, prompt),
            },
            Sources::Docker => self.docker.find(server, is_registry, prompt),
            Sources::Helper(helper) => self.docker.find_with(helper, server, is_registry),
            Sources::Keyring => Ok(stored(true)),
            Sources::Nobody => Ok(None),
        }
    }

    /// Asks for a login, once for each server.
    fn ask(&self, place: &Place, rule: &Rule) -> Result<Option<Found>, CredentialsError> {
        let user = self.given.user.clone().filter(|_| rule.is_given_to(&place.server));
        if user.is_none() && *rule.sources() == Sources::Nobody {
            return Ok(None);
        }
        let server = Place::name_of(&place.server);
        // A registry may be at the address of the Notary server.
        let known = self.typed.borrow().get(&server).cloned();
        known.unwrap_or_else(|| {
            let answer = self.ask_person(&server, user);
            self.typed.borrow_mut().insert(server, answer.clone());
            answer
        })
    }

    fn ask_person(
        &self,
        server: &str,
        user: Option<String>,
    ) -> Result<Option<Found>, CredentialsError> {
        let answer = match user {
            Some(user) => {
                let line = format!("{server} asks for the password of {user}.");
                self.prompt.tell(&line).map(|()| user)
            }
            None => {
                let line = format!("{server} asks for a login.");
                let told = self.prompt.tell(&line);
                told.and_then(|()| self.prompt.ask_openly("Enter username: "))
            }
        };
        let login = answer.and_then(|user| {
            // Nobody has no password.
            if user.is_empty() {
                return Ok(None);
            }
            let password = self.prompt.ask("Enter password: ")?;
            Ok(Some(Login::Password { user, password }))
        });
        match login {
            Ok(login) => Ok(login.map(|login| Found { login, source: "the terminal".to_owned() })),
            Err(PromptError::NoTerminal) => Ok(None),
            Err(PromptError::Interrupted) => Err(CredentialsError::Interrupted),
            Err(PromptError::Io(error)) => Err(CredentialsError::Terminal(error.to_string())),
        }
    }

    fn answer(&self, place: &Place, rule: &Rule, effort: Effort) -> Answer {
        let key = (Place::name_of(&place.server), rule.clone());
        let known = self.answers.borrow().get(&key).cloned();
        let has_to_ask = |asked: bool| !asked && effort == Effort::Ask;
        let mut answer = known.unwrap_or_else(|| to_answer(self.at_hand(place, rule), false));
        if let Answer::None { asked } = answer
            && has_to_ask(asked)
            && !self.is_nobody()
        {
            answer = to_answer(self.ask(place, rule), true);
        }
        self.answers.borrow_mut().insert(key, answer.clone());
        answer
    }

    /// Whether the command line says that no login is to be used.
    fn is_nobody(&self) -> bool {
        self.given.user.as_deref() == Some("")
    }
}

fn to_answer(result: Result<Option<Found>, CredentialsError>, asked: bool) -> Answer {
    match result {
        Ok(None) => Answer::None { asked },
        Ok(Some(found)) => Answer::Found(found),
        Err(error) => Answer::Failed(error),
    }
}

/// The chain for some servers.
struct View {
    chain: Rc<Chain>,
    rule: Rule,
}

impl Credentials for View {
    fn find(&self, place: &Place, effort: Effort) -> Result<Option<Found>, CredentialsError> {
        match self.chain.answer(place, &self.rule, effort) {
            Answer::None { .. } | Answer::Refused => Ok(None),
            // Who can do without a login is not held up by a helper that is not there.
            Answer::Failed(error @ CredentialsError::Helper { .. }) if effort == Effort::AtHand => {
                tracing::info!(%error, "no login is at hand");
                Ok(None)
            }
            Answer::Failed(error) => Err(error),
            Answer::Found(found) => Ok(Some(found)),
        }
    }

    fn refused(&self, place: &Place, found: &Found) {
        let key = (Place::name_of(&place.server), self.rule.clone());
        let mut answers = self.chain.answers.borrow_mut();
        if let Some(answer) = answers.get_mut(&key)
            && *answer == Answer::Found(found.clone())
        {
            *answer = Answer::Refused;
        }
    }
}
