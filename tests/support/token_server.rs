//! A token server as registries have them, and servers that want its tokens.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex};

use data_encoding::BASE64;
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::issuer::Issuer;
use super::{HttpServer, Request, Response};

/// For whom the tokens are.
pub const SERVICE: &str = "notary test";
/// Whose tokens they are.
const ISSUER: &str = "token server";

/// Whom the server gives what.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The actions that everybody may do; `None` if nobody gets a token without a login.
    pub everybody: Option<&'static [&'static str]>,
    /// Passwords and actions of users, by their names.
    pub users: BTreeMap<&'static str, (&'static str, &'static [&'static str])>,
    /// The identity token that is good for everything.
    pub identity: Option<&'static str>,
    /// Whether `GET` is answered with this status.
    pub get: Option<u16>,
    /// For how many seconds tokens are good, by themselves and in what is said.
    pub life: (i64, Option<i64>),
    /// The member of the answer that has the token.
    pub member: &'static str,
    /// What is answered to everybody instead.
    pub instead: Option<Response>,
}

impl Default for Rules {
    /// Everybody may read, `alice` may publish, and `admin` do everything.
    fn default() -> Self {
        let users = [
            ("alice", ("wonderland", &["pull", "push"][..])),
            ("admin", ("looking-glass", &["pull", "push", "*"])),
        ];
        Self {
            everybody: Some(&["pull"]),
            users: users.into(),
            identity: None,
            get: None,
            life: (300, Some(300)),
            member: "token",
            instead: None,
        }
    }
}

/// A running token server; it stops when this is dropped.
pub struct TokenServer {
    server: HttpServer,
    issuer: Arc<Issuer>,
    rules: Arc<Mutex<Rules>>,
    given: Arc<Mutex<BTreeSet<String>>>,
}

impl TokenServer {
    pub fn start(rules: Rules) -> Self {
        let (issuer, rules) = (Arc::new(Issuer::new()), Arc::new(Mutex::new(rules)));
        let given = Arc::<Mutex<BTreeSet<String>>>::default();
        let desk = Desk { issuer: issuer.clone(), given: given.clone() };
        let known = rules.clone();
        let server = HttpServer::start(move |request| desk.answer(request, &known.lock().unwrap()));
        Self { server, issuer, rules, given }
    }

    /// Where tokens are to be had; it has a query of its own.
    pub fn realm(&self) -> String {
        format!("{}/token?a=us", self.server.url)
    }

    /// The certificates of those who sign the tokens.
    pub fn bundle(&self) -> &str {
        &self.issuer.pem
    }

    /// Changes the rules.
    pub fn change(&self, change: impl FnOnce(&mut Rules)) {
        change(&mut self.rules.lock().unwrap());
    }

    /// The tokens that were given.
    pub fn given(&self) -> BTreeSet<String> {
        self.given.lock().unwrap().clone()
    }

    /// The requests since this was asked the last time.
    pub fn requests(&self) -> Vec<Request> {
        let requests = self.server.requests();
        self.server.forget();
        requests
    }

    /// What was asked since the last time: for whom, and the scope.
    pub fn asked(&self) -> Vec<(Option<String>, String)> {
        self.requests()
            .iter()
            .map(|request| (Desk::user(request), parameter(request, "scope").unwrap_or_default()))
            .collect()
    }

    /// The challenge that sends clients here.
    pub fn challenge(&self) -> String {
        format!("Bearer realm=\"{}\",service=\"{SERVICE}\"", self.realm())
    }

    /// The section `auth` of a server's settings; the certificates are written to `directory`.
    pub fn settings(&self, directory: &Path) -> Value {
        let bundle = directory.join("token-bundle.pem");
        std::fs::write(&bundle, self.bundle()).unwrap();
        let options = json!({
            "realm": self.realm(), "service": SERVICE, "issuer": ISSUER,
            "rootcertbundle": bundle.to_str().unwrap(),
        });
        json!({ "type": "token", "options": options })
    }
}

/// Who gives the tokens.
struct Desk {
    issuer: Arc<Issuer>,
    given: Arc<Mutex<BTreeSet<String>>>,
}

impl Desk {
    fn answer(&self, request: &Request, rules: &Rules) -> Response {
        if let Some(instead) = &rules.instead {
            return instead.clone();
        }
        let refuse = |words: &str| {
            let errors = json!({ "errors": [{ "code": "UNAUTHORIZED", "message": words }] });
            Response::status(401, errors.to_string())
        };
        if request.method == "GET"
            && let Some(status) = rules.get
        {
            return Response::status(status, "");
        }
        let known = |user: &str, password: &str| {
            rules.users.get(user).filter(|(known, _)| *known == password).map(|(_, may)| *may)
        };
        let form = parameters(std::str::from_utf8(&request.body).unwrap());
        let of_form = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
        let may = match (request.method.as_str(), basic(request)) {
            ("GET", None) => rules.everybody,
            ("GET", Some((user, password))) => known(&user, &password),
            _ if of_form("client_id").is_empty() => None,
            _ if of_form("grant_type") == "password" => {
                known(of_form("username"), of_form("password"))
            }
            _ if of_form("grant_type") == "refresh_token" => {
                let is_known = rules.identity == Some(of_form("refresh_token"));
                is_known.then_some(&["pull", "push", "*"][..])
            }
            _ => None,
        };
        let Some(may) = may else { return refuse("who are you?") };
        let (scope, service) = (parameter(request, "scope"), parameter(request, "service"));
        if service.as_deref() != Some(SERVICE) {
            return Response::status(400, r#"{"error":"invalid_request"}"#);
        }
        let token = self.token(scope.as_deref(), may, rules.life.0);
        self.given.lock().unwrap().insert(token.clone());
        let mut answer = json!({ "expires_in": rules.life.1 });
        answer[rules.member] = token.into();
        Response::ok(answer.to_string())
    }

    fn token(&self, scope: Option<&str>, may: &[&str], life: i64) -> String {
        let access = scope.map(|scope| {
            let (kind, rest) = scope.split_once(':').unwrap();
            let (name, actions) = rest.rsplit_once(':').unwrap();
            let actions = actions.split(',').filter(|action| may.contains(action));
            json!({ "type": kind, "name": name, "actions": actions.collect::<Vec<_>>() })
        });
        let now = OffsetDateTime::now_utc().unix_timestamp();
        let claims = json!({
            "iss": ISSUER, "aud": SERVICE, "sub": "", "jti": uuid::Uuid::new_v4().to_string(),
            "iat": now, "nbf": now - 10, "exp": now + life,
            "access": access.into_iter().collect::<Vec<_>>(),
        });
        self.issuer.sign(&self.issuer.x5c(), &claims)
    }

    /// Who asks; `None` if that is not said.
    fn user(request: &Request) -> Option<String> {
        let form = parameters(std::str::from_utf8(&request.body).unwrap());
        let of_form =
            || form.get("username").cloned().or_else(|| form.get("refresh_token").cloned());
        basic(request).map(|(user, _)| user).or_else(of_form)
    }
}

/// A parameter in the query or in the form of a request.
pub fn parameter(request: &Request, name: &str) -> Option<String> {
    let query = request.path.split_once('?').map(|(_, query)| query).unwrap_or_default();
    let form = std::str::from_utf8(&request.body).unwrap();
    parameters(query).remove(name).or_else(|| parameters(form).remove(name))
}

fn parameters(text: &str) -> BTreeMap<String, String> {
    serde_urlencoded::from_str(text).unwrap()
}

/// The name and the password that come with a request.
pub fn basic(request: &Request) -> Option<(String, String)> {
    let login = request.header("authorization")?.strip_prefix("Basic ")?;
    let login = String::from_utf8(BASE64.decode(login.as_bytes()).unwrap()).unwrap();
    login.split_once(':').map(|(user, password)| (user.to_owned(), password.to_owned()))
}

/// The token that comes with a request.
pub fn bearer(request: &Request) -> Option<&str> {
    request.header("authorization")?.strip_prefix("Bearer ")
}
