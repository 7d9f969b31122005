//! All that a run may find logins with, in their order.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use url::Url;

use super::{Credentials, CredentialsError, Effort, Found, Given, Login, Place, Sources};
use crate::secret::{Prompt, PromptError};

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
struct Rule {
    sources: Sources,
    /// Whether what the run was given is for these servers, or for those of a host, or for none.
    given: ForWhom,
}

#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum ForWhom {
    All,
    Host(Option<String>),
}

/// Finds the logins of a run. Nothing is read before it is needed.
pub struct Chain {
    given: Given,
    prompt: Rc<dyn Prompt>,
    answers: RefCell<BTreeMap<(String, Rule), Answer>>,
}

impl Chain {
    /// Takes what the run was given, else what is kept somewhere, else asks.
    pub fn new(given: Given, prompt: Rc<dyn Prompt>) -> Rc<Self> {
        Rc::new(Self { given, prompt, answers: RefCell::default() })
    }

    /// The logins for Notary servers: what the run was given is for them.
    pub fn for_servers(self: &Rc<Self>, sources: Sources) -> Rc<dyn Credentials> {
        let rule = Rule { sources, given: ForWhom::All };
        Rc::new(View { chain: self.clone(), rule })
    }

    /// The logins for registries. What the run was given is for its Notary server and whatever else
    /// that host has, and not for others.
    pub fn for_registries(self: &Rc<Self>, server: Option<&Url>) -> Rc<dyn Credentials> {
        let host = server.and_then(Url::host_str).map(str::to_owned);
        let rule = Rule { sources: Sources::All, given: ForWhom::Host(host) };
        Rc::new(View { chain: self.clone(), rule })
    }

    fn at_hand(&self, place: &Place, rule: &Rule) -> Result<Option<Found>, CredentialsError> {
        let is_given = match &rule.given {
            ForWhom::All => true,
            ForWhom::Host(host) => host.as_deref() == place.server.host_str(),
        };
        if is_given {
            // Who says whose login to use wants nobody else's.
            if self.given.user.is_some() {
                return Ok(self.given.of_options());
            }
            if rule.sources != Sources::Nobody
                && let Some(found) = self.given.of_environment(&*self.prompt)?
            {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    fn ask(&self, place: &Place, rule: &Rule) -> Result<Option<Found>, CredentialsError> {
        let server = name_of(&place.server);
        let is_given = matches!(rule.given, ForWhom::All);
        let user = self.given.user.clone().filter(|_| is_given);
        if user.is_none() && rule.sources == Sources::Nobody {
            return Ok(None);
        }
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
        let key = (name_of(&place.server), rule.clone());
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

/// The address of a server, of which a login is for all that is there.
pub(super) fn name_of(server: &Url) -> String {
    server.origin().ascii_serialization()
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
            Answer::Failed(error) => Err(error),
            Answer::Found(found) => Ok(Some(found)),
        }
    }

    fn refused(&self, place: &Place, found: &Found) {
        let key = (name_of(&place.server), self.rule.clone());
        let mut answers = self.chain.answers.borrow_mut();
        if let Some(answer) = answers.get_mut(&key)
            && *answer == Answer::Found(found.clone())
        {
            *answer = Answer::Refused;
        }
    }
}
