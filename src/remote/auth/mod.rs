//! Who we are, for servers that want to know: names and passwords (RFC 7617), and tokens as
//! registries use them (`formats.md` §8.2).
//!
//! Nobody is asked anything in advance. A request is sent with what is known to be wanted; the
//! refusal of it says what is wanted, and the request is made again. The rules:
//!
//! * A refusal is 401, or 403. One without a challenge makes us ask for `/v2/` once, the challenge
//!   of which counts for all of the server. Tokens are preferred to names and passwords.
//! * One token serves all requests of a run for the same scope, until it expires. It is asked for
//!   outside of the requests, so that many which are refused together ask for one.
//! * Who reads shows the login that is at hand, or else a token that everybody gets. Only when that
//!   does not do, somebody is asked for a login. Who writes is asked at once, and shows a token that
//!   everybody gets only for want of a login.
//! * A login is looked for once in a run. If it is refused, that is the end, and whoever found it is
//!   told. Nothing is tried twice, except that a token which is refused after it has served, or has
//!   expired while it was used, is replaced. The new one must serve before it is replaced itself, and
//!   who is refused with both is refused.
//! * A login in the server's address is shown from the first request on, and used like others.
//! * Passwords are sent without TLS only to hosts whose address has been given that way: a token
//!   server without TLS gets a login only if it is on this machine, or on the host of a server that
//!   is without TLS itself. No server can name another host for that.

pub mod challenge;
pub mod scope;
mod token;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use reqwest::header::HeaderValue;
use url::Url;

use self::challenge::Challenge;
use self::scope::Scope;
use self::token::{NoToken, Token, Wanted, basic, bearer};
use super::failure::{shorten, without_login};
use super::hush::{Secrets, login_in};
use super::refusal::{Proof, Refusal};
use super::transport::{Transport, is_loopback};
use super::{RemoteError, RemoteErrorKind as Kind};
use crate::credentials::{Credentials, Effort, Found, Login, Place};

/// The most bytes of the answer to `/v2/`.
const MAX_PING_BYTES: u64 = 64 << 10;

/// What goes with a request.
#[derive(Clone)]
pub struct Pass {
    /// The header, if there is anything to show.
    pub header: Option<HeaderValue>,
    proof: Proof,
    granted: Option<Vec<String>>,
    age: Age,
    /// When it stops being good by itself.
    expires: Option<Instant>,
}

/// What a pass has been through.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Age {
    /// It was made for this request.
    New,
    /// It was made for this request in place of another one that was worn out.
    Replacement,
    /// It has served, or was there before this request.
    Used,
}

impl Pass {
    fn nothing() -> Self {
        Self { header: None, proof: Proof::Nothing, granted: None, age: Age::New, expires: None }
    }

    /// Notes that a request was answered with it.
    pub fn has_served(&mut self) {
        self.age = Age::Used;
    }

    /// Whether a refusal may only mean that it is not good any more.
    fn is_worn_out(&self) -> bool {
        match self.age {
            Age::New => self.expires.is_some_and(|expires| expires <= Instant::now()),
            Age::Replacement => false,
            Age::Used => true,
        }
    }
}

/// How a server wants to be told who we are.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Demand {
    Basic { realm: String },
    Bearer { realm: Url, service: String },
}

/// What is known of a server and of the user.
pub struct Authenticator {
    credentials: Rc<dyn Credentials>,
    /// What is shown to the server and its token server, and is not to come back.
    pub secrets: Arc<Secrets>,
    server: Url,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    demand: Option<Demand>,
    has_asked: bool,
    /// How hard a login was looked for, and what came of it. Nothing is looked for if there is one in
    /// the server's address.
    login: Option<(Effort, Option<Found>)>,
    tokens: BTreeMap<Scope, (Token, Proof)>,
}

impl Authenticator {
    /// Knows nothing yet of the server at `url`.
    pub fn new(url: &Url, credentials: Rc<dyn Credentials>) -> Self {
        let secrets = Arc::<Secrets>::default();
        let login = login_in(url).map(|login| {
            secrets.note_login(&login);
            (Effort::Ask, Some(Found { login, source: "the server's address".to_owned() }))
        });
        let state = RefCell::new(State { login, ..State::default() });
        Self { credentials, secrets, server: without_login(url), state }
    }

    /// What to show with the next request.
    pub fn pass(&self, transport: &Transport, scope: &Scope) -> Result<Pass, RemoteError> {
        let demand = self.state.borrow().demand.clone();
        match demand {
            // As long as nothing is wanted, there is no login but one in the address.
            None | Some(Demand::Basic { .. }) => Ok(self
                .known_login()
                .and_then(|found| basic_pass(&found))
                .unwrap_or_else(Pass::nothing)),
            Some(Demand::Bearer { realm, service }) => {
                if let Some((token, proof)) = self.state.borrow().tokens.get(scope)
                    && Instant::now() < token.expires
                {
                    return Ok(Pass { age: Age::Used, ..token_pass(token, proof.clone()) });
                }
                Attempt { auth: self, transport, realm: &realm, service: &service, scope }.first()
            }
        }
    }

    /// What to show with a request that was refused with `pass`; an error that says why there is
    /// nothing more.
    pub fn next(
        &self,
        transport: &Transport,
        scope: &Scope,
        pass: &Pass,
        refused: RemoteError,
    ) -> Result<Pass, RemoteError> {
        let Some(refusal) = refused.refusal() else { return Err(refused) };
        let is_unauthorized = refusal.status == 401;
        let is_too_little = refusal.code.as_deref() == Some("insufficient_scope");
        let demand = self.demand(transport, refusal)?;
        let end = |error: RemoteError| Err(self.explain(error, scope, pass));
        match (demand, &pass.proof) {
            (None, proof) => {
                let is_refused = is_unauthorized && matches!(proof, Proof::Login { .. });
                let error = self.explain(refused, scope, pass);
                if is_refused {
                    self.refuse("");
                }
                Err(error)
            }
            (Some(Demand::Basic { realm }), Proof::Nothing) => {
                for effort in [Effort::AtHand, Effort::Ask] {
                    let found = self.login(&realm, effort)?;
                    if let Some(pass) = found.and_then(|found| basic_pass(&found)) {
                        if self.server.scheme() == "http" && !is_loopback(&self.server) {
                            tracing::debug!(server = %self.server, "the login is sent without TLS");
                        }
                        return Ok(pass);
                    }
                }
                end(refused)
            }
            (Some(Demand::Basic { realm }), _) => {
                let error = self.explain(refused, scope, pass);
                if is_unauthorized {
                    self.refuse(&realm);
                }
                Err(error)
            }
            (Some(Demand::Bearer { realm, service }), proof) => {
                let attempt =
                    Attempt { auth: self, transport, realm: &realm, service: &service, scope };
                let is_stale = pass.is_worn_out() && is_unauthorized && !is_too_little;
                let replace = |found: Option<&Found>| {
                    attempt.fetch(found).map(|pass| Pass { age: Age::Replacement, ..pass })
                };
                match proof {
                    Proof::Nothing | Proof::Login { as_token: false, .. } => attempt.first(),
                    Proof::Anybody if is_stale => replace(None),
                    Proof::Login { .. } if is_stale => replace(self.known_login().as_ref()),
                    Proof::Anybody => match self.login(&service, Effort::Ask)? {
                        Some(found) => attempt.fetch(Some(&found)),
                        None => end(refused),
                    },
                    Proof::Login { .. } => end(refused),
                }
            }
        }
    }

    /// Adds to a refusal what is known of the request.
    fn explain(&self, mut error: RemoteError, scope: &Scope, pass: &Pass) -> RemoteError {
        if let Kind::Forbidden(refusal) | Kind::Unauthorized(refusal) = &mut error.kind {
            let is_token =
                matches!(pass.proof, Proof::Anybody | Proof::Login { as_token: true, .. });
            refusal.server = self.server_name();
            refusal.shown = pass.proof.clone();
            refusal.scope = (is_token && !scope.is_nothing()).then(|| scope.clone());
            let is_less = |actions: &Vec<String>| !scope.is_covered_by(actions);
            refusal.granted = pass.granted.clone().filter(is_less);
        }
        error
    }

    /// How the server wants to be told who we are, from its refusal or, once, from `/v2/`.
    fn demand(
        &self,
        transport: &Transport,
        refusal: &Refusal,
    ) -> Result<Option<Demand>, RemoteError> {
        let mut demand = choose(&refusal.challenges);
        let (known, has_asked) = {
            let state = self.state.borrow();
            (state.demand.clone(), state.has_asked)
        };
        if demand.is_none() && known.is_none() && !has_asked {
            self.state.borrow_mut().has_asked = true;
            demand = choose(&transport.ping(MAX_PING_BYTES));
        }
        if let Some(demand) = demand
            && known.as_ref() != Some(&demand)
        {
            let mut state = self.state.borrow_mut();
            // Tokens of somebody else.
            state.tokens.clear();
            state.demand = Some(demand);
        }
        Ok(self.state.borrow().demand.clone())
    }

    fn server_name(&self) -> String {
        self.server.as_str().trim_end_matches('/').to_owned()
    }

    fn known_login(&self) -> Option<Found> {
        let state = self.state.borrow();
        state.login.as_ref().and_then(|(_, found)| found.clone())
    }

    /// The login, which is looked for once in each way.
    fn login(&self, service: &str, effort: Effort) -> Result<Option<Found>, RemoteError> {
        match &self.state.borrow().login {
            Some((_, Some(found))) => return Ok(Some(found.clone())),
            Some((known, None)) if *known == Effort::Ask || *known == effort => return Ok(None),
            _ => {}
        }
        let found = self.credentials.find(&self.place(service), effort).map_err(|error| {
            let url = self.server.as_str().to_owned();
            RemoteError { kind: Kind::Credentials(error), url, source: None }
        })?;
        if let Some(found) = &found {
            self.secrets.note_login(&found.login);
        }
        self.state.borrow_mut().login = Some((effort, found.clone()));
        Ok(found)
    }

    /// Says that the login was refused.
    fn refuse(&self, service: &str) {
        // Nor is another one looked for.
        let looked = self.state.borrow_mut().login.replace((Effort::Ask, None));
        if let Some((_, Some(found))) = looked {
            self.credentials.refused(&self.place(service), &found);
        }
    }

    /// Whether a login may be sent to a token server.
    fn may_have_login(&self, realm: &Url) -> bool {
        let is_as_open = self.server.scheme() == "http" && self.server.host() == realm.host();
        realm.scheme() == "https" || is_loopback(realm) || is_as_open
    }

    fn place(&self, service: &str) -> Place {
        Place { server: self.server.clone(), service: service.to_owned() }
    }
}

/// An attempt to get a token.
struct Attempt<'a> {
    auth: &'a Authenticator,
    transport: &'a Transport,
    realm: &'a Url,
    service: &'a str,
    scope: &'a Scope,
}

impl Attempt<'_> {
    /// The first token, of somebody or of everybody.
    fn first(&self) -> Result<Pass, RemoteError> {
        if let Some(found) = self.auth.login(self.service, Effort::AtHand)? {
            return self.fetch(Some(&found));
        }
        let ask = || self.auth.login(self.service, Effort::Ask);
        if self.scope.writes()
            && let Some(found) = ask()?
        {
            return self.fetch(Some(&found));
        }
        match self.try_fetch(None) {
            Ok(pass) => Ok(pass),
            Err(NoToken::Failed(error)) => Err(error),
            Err(refused) => match ask()? {
                Some(found) => self.fetch(Some(&found)),
                None => Err(self.refusal(refused, None)),
            },
        }
    }

    fn fetch(&self, found: Option<&Found>) -> Result<Pass, RemoteError> {
        self.try_fetch(found).map_err(|error| self.refusal(error, found))
    }

    fn try_fetch(&self, found: Option<&Found>) -> Result<Pass, NoToken> {
        let Self { realm, service, scope, .. } = *self;
        let login = found.map(|found| &found.login);
        if login.is_some() && !self.auth.may_have_login(realm) {
            let (kind, url) = (Kind::UnsafeRealm, realm.as_str().to_owned());
            return Err(NoToken::Failed(RemoteError { kind, url, source: None }));
        }
        let proof = found.map_or(Proof::Anybody, |found| proof(found, true));
        tracing::debug!(%realm, service, %scope, login = %proof, "asking for a token");
        let (runtime, client) = self.transport.parts(realm)?;
        let exchange = |url| self.transport.elsewhere(&client, url);
        let token = runtime.block_on(Wanted { realm, service, scope, login }.fetch(exchange))?;
        let granted = token.granted.as_ref().map(|actions| shorten(&actions.join(",")));
        tracing::debug!(%realm, granted = granted.as_deref().unwrap_or("(unknown)"), "got a token");
        self.auth.secrets.note(&token.secret);
        let pass = token_pass(&token, proof.clone());
        self.auth.state.borrow_mut().tokens.insert(scope.clone(), (token, proof));
        Ok(pass)
    }

    /// The error for a token that was not to be had.
    fn refusal(&self, why: NoToken, found: Option<&Found>) -> RemoteError {
        let mut refusal = match why {
            NoToken::Failed(error) | NoToken::WrongMethod(error) => return error,
            NoToken::Refused(refusal) => refusal,
        };
        refusal.shown = found.map_or(Proof::Anybody, |found| proof(found, true));
        refusal.scope = Some(self.scope.clone()).filter(|scope| !scope.is_nothing());
        refusal.server = self.auth.server_name();
        // Others are known, but may not have it, or have asked in a wrong way.
        let is_unknown = refusal.status == 401 || refusal.code.as_deref() == Some("invalid_grant");
        if found.is_some() && is_unknown {
            self.auth.refuse(self.service);
        }
        let kind = match refusal.status {
            403 => Kind::Forbidden(refusal),
            _ => Kind::Unauthorized(refusal),
        };
        RemoteError { kind, url: self.realm.as_str().to_owned(), source: None }
    }
}

fn proof(found: &Found, as_token: bool) -> Proof {
    let user = match &found.login {
        Login::IdentityToken(_) => None,
        Login::Password { user, .. } => Some(user.clone()),
    };
    Proof::Login { user, source: found.source.clone(), as_token }
}

fn token_pass(token: &Token, proof: Proof) -> Pass {
    let (header, granted) = (bearer(&token.secret), token.granted.clone());
    Pass { header, proof, granted, age: Age::New, expires: Some(token.expires) }
}

/// A name and a password; an identity token is none.
fn basic_pass(found: &Found) -> Option<Pass> {
    let Login::Password { user, password } = &found.login else { return None };
    let header = Some(basic(user, password));
    Some(Pass { header, proof: proof(found, false), ..Pass::nothing() })
}

/// The best way among those that a server offers.
fn choose(challenges: &[Challenge]) -> Option<Demand> {
    let of = |scheme: &'static str| {
        challenges.iter().filter(move |challenge| challenge.scheme == scheme)
    };
    let bearer = of("bearer").find_map(|challenge| {
        let mut realm = Url::parse(challenge.parameter("realm")?).ok()?;
        realm.set_fragment(None);
        let is_fit = matches!(realm.scheme(), "http" | "https");
        let service = challenge.parameter("service").unwrap_or_default().to_owned();
        // A login in it would be the server's.
        is_fit.then(|| Demand::Bearer { realm: without_login(&realm), service })
    });
    bearer.or_else(|| {
        let basic = of("basic").next()?;
        Some(Demand::Basic { realm: basic.parameter("realm").unwrap_or_default().to_owned() })
    })
}
