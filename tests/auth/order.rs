//! What is tried in which order, and how often.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use notary::credentials::{Credentials, CredentialsError, Effort, Found, Login, Place};
use notary::progress::Silent;
use notary::remote::{
    Access, Endpoint, Fetch, FileName, HttpRemote, Remote as _, RemoteErrorKind, Timeouts,
};
use notary::tuf::role::{Gun, RoleName};
use notary::tuf::sign::OutgoingFile;

use super::{
    GOLDEN, guarded, has_token_of, lists, reader, reader_with_cache, with_login, with_tokens,
};
use crate::support::{
    HttpServer, Request, Response, Rules, SERVICE, TokenServer, basic, bearer, parameter, uploaded,
};

fn start(rules: Rules) -> Arc<TokenServer> {
    Arc::new(TokenServer::start(rules))
}

/// Nobody gets a token without a login.
fn closed() -> Rules {
    Rules { everybody: None, ..Rules::default() }
}

fn pull() -> String {
    format!("repository:{GOLDEN}:pull")
}

fn by(user: &str, scope: &str) -> (Option<String>, String) {
    (Some(user.to_owned()), scope.to_owned())
}

#[test]
fn nobody_is_asked_in_advance() {
    let tokens = start(Rules::default());
    let open = guarded(|_| true, |_| unreachable!());
    let notary = with_login(reader_with_cache(&open.url), "alice:wonderland");
    lists(&notary);
    assert_eq!(open.brief(), ["GET timestamp.json"]);
    assert_eq!(open.requests()[0].header("authorization"), None);
    assert_eq!(tokens.asked(), []);
}

#[test]
fn the_challenge_may_be_with_the_refusal() {
    let tokens = start(Rules::default());
    let server = with_tokens(&tokens);
    lists(&reader_with_cache(&server.url));
    assert_eq!(server.brief(), ["GET timestamp.json"; 2]);
    assert_eq!(tokens.asked(), [(None, pull())]);
    // Everything comes over one connection.
    assert!(server.requests().iter().all(|request| request.connection == 0));
}

#[test]
fn the_challenge_may_be_at_v2_only() {
    for status in [401, 403] {
        let tokens = start(Rules::default());
        let challenge = tokens.challenge();
        let server = guarded(has_token_of(&tokens), move |request| match request.path.as_str() {
            "/v2/" => Response::status(401, "").header("WWW-Authenticate", challenge.clone()),
            _ => Response::status(status, ""),
        });
        let notary = reader(&server.url);
        lists(&notary);
        let brief = server.brief();
        assert_eq!(brief[..3], ["GET root.json", "GET ", "GET root.json"]);
        assert_eq!(brief.len(), 6, "{brief:?}");
        assert_eq!(tokens.asked(), [(None, pull())]);
    }
}

#[test]
fn tokens_are_preferred_to_passwords() {
    for one_header in [true, false] {
        let tokens = start(Rules::default());
        let challenge = tokens.challenge();
        let server = guarded(has_token_of(&tokens), move |_| {
            let refusal = Response::status(401, "");
            match one_header {
                true => {
                    refusal.header("www-authenticate", format!("Basic realm=\"a, b\", {challenge}"))
                }
                false => refusal
                    .header("WWW-Authenticate", "BASIC realm=\"x\"")
                    .header("WWW-Authenticate", challenge.replace("Bearer", "bEARER")),
            }
        });
        let notary = with_login(reader_with_cache(&server.url), "alice:wonderland");
        lists(&notary);
        assert_eq!(tokens.asked(), [by("alice", &pull())]);
        assert!(server.requests().iter().all(|request| basic(request).is_none()));
    }
}

#[test]
fn who_may_have_a_token_without_login_is_not_asked_for_one() {
    let tokens = start(Rules::default());
    let server = with_tokens(&tokens);
    let mut notary = reader_with_cache(&server.url);
    notary.typed = Some(vec!["alice", "wonderland"]);
    let outcome = notary.run(["list", GOLDEN]);
    assert_eq!((outcome.code, outcome.terminal.as_str()), (0, ""), "{}", outcome.report());
}

#[test]
fn when_everybody_gets_none_somebody_is_asked_once() {
    let tokens = start(closed());
    let server = with_tokens(&tokens);
    let mut notary = reader(&server.url);
    notary.typed = Some(vec!["alice", "wonderland"]);
    lists(&notary);
    assert_eq!(tokens.asked(), [(None, pull()), by("alice", &pull())]);
    assert_eq!(server.brief().len(), 5);

    // Nobody is there.
    notary.typed = None;
    let words = [
        "the token server asks for a login (status 401)",
        "asked for was `repository:golden.example/published:pull`",
        "who are you?",
        "/token?a=us",
        "hint: `notary login http://127.0.0.1:",
        "`NOTARY_AUTH`",
    ];
    let _ = notary.run(["list", GOLDEN]).failure(6, &words);
    assert_eq!(tokens.asked(), [(None, pull())]);
}

#[test]
fn when_the_token_of_everybody_does_not_do_somebody_is_asked() {
    for status in [401, 403] {
        let tokens = start(Rules::default());
        let by_login = Arc::new(Mutex::new(String::new()));
        // The token server is generous, the server is not.
        let (challenge, given, wanted) = (tokens.challenge(), tokens.clone(), by_login.clone());
        let server = guarded(
            move |request| {
                let is_second = given.given().len() == 2;
                bearer(request).is_some_and(|token| {
                    let mut wanted = wanted.lock().unwrap();
                    if is_second && wanted.is_empty() {
                        token.clone_into(&mut wanted);
                    }
                    *wanted == token
                })
            },
            move |request| match bearer(request) {
                None => Response::status(401, "").header("WWW-Authenticate", challenge.clone()),
                Some(_) => Response::status(status, ""),
            },
        );
        let mut notary = reader_with_cache(&server.url);
        notary.typed = Some(vec!["alice", "wonderland"]);
        lists(&notary);
        assert_eq!(tokens.asked(), [(None, pull()), by("alice", &pull())], "{status}");

        let stubborn_tokens = start(Rules::default());
        let challenge = stubborn_tokens.challenge();
        let stubborn = guarded(
            |_| false,
            move |request| match bearer(request) {
                None => Response::status(401, "").header("WWW-Authenticate", challenge.clone()),
                Some(_) => Response::status(status, ""),
            },
        );
        let words =
            ["the server does not accept the token that everybody gets", "hint: `notary login"];
        let _ = reader(&stubborn.url).run(["list", GOLDEN]).failure(6, &words);
        assert_eq!((stubborn.brief().len(), stubborn_tokens.asked().len()), (2, 1), "{status}");
    }
}

#[test]
fn who_writes_is_asked_at_once_and_for_want_of_a_login_shows_the_token_of_everybody() {
    let tokens = start(Rules { everybody: Some(&["pull", "push"]), ..Rules::default() });
    let push = format!("repository:{GOLDEN}:push,pull");
    let server = with_tokens(&tokens);
    let mut notary = reader_with_cache(&server.url);
    let file = notary.write("file", "content");
    let _ = notary.run(["add", GOLDEN, "new", file.to_str().unwrap()]).success();
    // The collection cannot be uploaded to, but that comes later.
    let _ = notary.run(["publish", GOLDEN]).failure(4, &[]);
    assert_eq!(tokens.asked(), [(None, push.clone())]);
    notary.typed = Some(vec!["alice", "wonderland"]);
    let _ = notary.run(["publish", GOLDEN]).failure(4, &[]);
    assert_eq!(tokens.asked(), [by("alice", &push)]);
}

/// Has logins, and notes what it is asked for.
#[derive(Clone, Default)]
struct Wallet {
    at_hand: Option<Login>,
    if_asked: Option<Login>,
    asked: Rc<RefCell<Vec<(Effort, Place)>>>,
    refused: Rc<RefCell<Vec<Login>>>,
}

impl Credentials for Wallet {
    fn find(&self, place: &Place, effort: Effort) -> Result<Option<Found>, CredentialsError> {
        self.asked.borrow_mut().push((effort, place.clone()));
        let login = match effort {
            Effort::AtHand => self.at_hand.clone(),
            Effort::Ask => self.if_asked.clone(),
        };
        Ok(login.map(|login| Found { login, source: "the wallet".to_owned() }))
    }

    fn refused(&self, _: &Place, found: &Found) {
        self.refused.borrow_mut().push(found.login.clone());
    }
}

fn password(user: &str, password: &str) -> Option<Login> {
    Some(Login::Password { user: user.to_owned(), password: password.into() })
}

fn remote(url: &str, access: Access, wallet: &Wallet) -> HttpRemote {
    let (gun, endpoint) = (Gun::parse(GOLDEN).unwrap(), Endpoint::new(url.parse().unwrap()));
    HttpRemote::new(endpoint, &gun, access, Rc::new(wallet.clone()), Arc::new(Silent))
}

fn file(name: &str) -> Fetch {
    Fetch { name: FileName::Current(RoleName::parse(name).unwrap()), max_length: 1 << 20 }
}

#[test]
fn an_identity_token_is_shown_in_the_form_of_oauth() {
    let tokens = start(Rules { identity: Some("id-token"), ..closed() });
    let server = with_tokens(&tokens);
    let wallet =
        Wallet { at_hand: Some(Login::IdentityToken("id-token".into())), ..Wallet::default() };
    let remote = remote(&server.url, Access::Push, &wallet);
    for _ in 0..2 {
        remote.fetch(&file("timestamp")).unwrap();
    }
    let [request]: [Request; 1] = tokens.requests().try_into().unwrap();
    assert_eq!((request.method.as_str(), request.header("authorization")), ("POST", None));
    let expected = [
        ("client_id", "notary"),
        ("grant_type", "refresh_token"),
        ("refresh_token", "id-token"),
        ("scope", "repository:golden.example/published:push,pull"),
        ("service", SERVICE),
    ];
    for (name, value) in expected {
        assert_eq!(parameter(&request, name).as_deref(), Some(value));
    }
    let place = Place { server: server.url.parse().unwrap(), service: SERVICE.to_owned() };
    assert_eq!(*wallet.asked.borrow(), [(Effort::AtHand, place)]);

    // One that is worth nothing is told to whoever had it.
    tokens.change(|rules| rules.identity = None);
    let again = self::remote(&server.url, Access::Push, &wallet);
    let error = again.fetch(&file("timestamp")).unwrap_err();
    let words = "the token server refuses the identity token from the wallet (status 401)";
    assert!(error.to_string().starts_with(words), "{error}");
    assert_eq!(wallet.refused.borrow().len(), 1);
    assert_eq!(tokens.requests().len(), 1);
}

#[test]
fn token_servers_that_do_not_know_get_are_asked_with_the_form() {
    for status in [404, 405] {
        let tokens = start(Rules { get: Some(status), member: "access_token", ..Rules::default() });
        let server = with_tokens(&tokens);
        let at_hand = Wallet { at_hand: password("alice", "wonderland"), ..Wallet::default() };
        remote(&server.url, Access::Pull, &at_hand).fetch(&file("timestamp")).unwrap();
        let methods = |tokens: &TokenServer| {
            tokens.requests().iter().map(|request| request.method.clone()).collect::<Vec<_>>()
        };
        assert_eq!(methods(&tokens), ["GET", "POST"]);

        // Everybody gets none, so somebody is asked.
        let asked = Wallet { if_asked: password("alice", "wonderland"), ..Wallet::default() };
        remote(&server.url, Access::Pull, &asked).fetch(&file("timestamp")).unwrap();
        assert_eq!(methods(&tokens), ["GET", "GET", "POST"]);
        let efforts: Vec<_> = asked.asked.borrow().iter().map(|(effort, _)| *effort).collect();
        assert_eq!(efforts, [Effort::AtHand, Effort::Ask]);

        let nobody = remote(&server.url, Access::Pull, &Wallet::default());
        let error = nobody.fetch(&file("timestamp")).unwrap_err();
        assert!(matches!(error.kind, RemoteErrorKind::TokenServer(_)), "{error}");
        assert!(error.to_string().contains(&format!("status {status}")), "{error}");
    }
}

/// A server with many files, for those who have a token which has served less than `uses` times.
fn with_worn_out_tokens(tokens: &Arc<TokenServer>, uses: usize) -> HttpServer {
    let used = Mutex::new(BTreeMap::<String, usize>::new());
    let (challenge, is_given) = (tokens.challenge(), has_token_of(tokens));
    HttpServer::start(move |request| {
        let mut used = used.lock().unwrap();
        let used = bearer(request).map(|token| used.entry(token.to_owned()).or_default());
        match used {
            Some(used) if *used < uses && is_given(request) => {
                *used += 1;
                Response::ok(request.path.clone())
            }
            Some(_) => Response::status(401, "")
                .header("WWW-Authenticate", format!("{challenge},error=\"invalid_token\"")),
            None => Response::status(401, "").header("WWW-Authenticate", challenge.clone()),
        }
    })
}

#[test]
fn many_that_are_refused_together_ask_for_one_token() {
    let tokens = start(closed());
    let names: Vec<_> = (0..40).map(|number| file(&format!("targets/d{number}"))).collect();
    let all_fetched = |remote: &HttpRemote| {
        for (fetch, result) in names.iter().zip(remote.fetch_all(&names)) {
            let text = String::from_utf8(result.unwrap()).unwrap();
            assert!(text.ends_with(&fetch.name.to_string()), "{text}");
        }
    };
    // The first of all.
    let server = with_worn_out_tokens(&tokens, 1000);
    let wallet = Wallet { if_asked: password("alice", "wonderland"), ..Wallet::default() };
    let remote = remote(&server.url, Access::Push, &wallet);
    all_fetched(&remote);
    assert_eq!(tokens.asked().len(), 1);
    let refused = server.requests().len() - 40;
    assert!(refused <= 8, "after the first refusal {refused} more were made");
    server.forget();
    all_fetched(&remote);
    assert_eq!((tokens.asked().len(), server.requests().len()), (0, 40));

    // A token that is worn out in the middle.
    let server = with_worn_out_tokens(&tokens, 60);
    let remote = self::remote(&server.url, Access::Push, &wallet);
    all_fetched(&remote);
    all_fetched(&remote);
    assert_eq!(tokens.asked().len(), 2);
    // Nobody was asked anew.
    let asks = wallet.asked.borrow().iter().filter(|(effort, _)| *effort == Effort::Ask).count();
    assert_eq!(asks, 2, "once for each server");
}

#[test]
fn a_token_that_is_worn_out_by_the_files_it_was_made_for_is_replaced() {
    let names: Vec<_> = (0..100).map(|number| file(&format!("targets/d{number}"))).collect();
    // One of the first files may be the last to arrive, and be refused with both.
    for (everybody, late) in [(None, "-"), (Some(&["pull"][..]), "-"), (None, "/d3.json")] {
        let tokens = start(Rules { everybody, ..Rules::default() });
        let (challenge, is_given) = (tokens.challenge(), has_token_of(&tokens));
        // Only the first token wears out, after half of the files.
        let worn = Mutex::new((None::<String>, 0));
        let server = HttpServer::start(move |request| {
            let (first, uses) = &mut *worn.lock().unwrap();
            if let Some(token) = bearer(request).filter(|_| is_given(request)) {
                if first.get_or_insert_with(|| token.to_owned()) != token {
                    return Response::ok(request.path.clone());
                }
                *uses += 1;
                if *uses <= 50 && !request.path.ends_with(late) {
                    return Response::ok(request.path.clone());
                }
            }
            Response::status(401, "").header("WWW-Authenticate", challenge.clone())
        });
        let wallet = Wallet {
            at_hand: password("alice", "wonderland").filter(|_| everybody.is_none()),
            ..Wallet::default()
        };
        let remote = remote(&server.url, Access::Pull, &wallet);
        for result in remote.fetch_all(&names) {
            result.unwrap();
        }
        assert_eq!(tokens.asked().len(), 2);
        // Nobody has refused the login, nor was anybody asked.
        assert!(wallet.refused.borrow().is_empty());
        let asked = wallet.asked.borrow();
        assert!(asked.iter().all(|(effort, _)| *effort == Effort::AtHand), "{asked:?}");
    }
}

#[test]
fn a_file_that_no_token_opens_is_not_asked_for_forever() {
    let names: Vec<_> = (0..100).map(|number| file(&format!("targets/d{number}"))).collect();
    let tokens = start(closed());
    let (challenge, is_given) = (tokens.challenge(), has_token_of(&tokens));
    let server = HttpServer::start(move |request| match is_given(request) {
        true if !request.path.ends_with("/d50.json") => Response::ok(request.path.clone()),
        _ => Response::status(401, "").header("WWW-Authenticate", challenge.clone()),
    });
    let wallet = Wallet { at_hand: password("alice", "wonderland"), ..Wallet::default() };
    let remote = remote(&server.url, Access::Pull, &wallet);
    let results = remote.fetch_all(&names);
    let error = results[50].as_ref().unwrap_err();
    let words = "the server does not accept the token for the login of `alice` from the wallet";
    assert!(error.to_string().starts_with(words), "{error}");
    assert_eq!(tokens.asked().len(), 2);
}

#[test]
fn a_token_that_never_does_is_not_asked_for_forever() {
    let tokens = start(closed());
    let server = with_worn_out_tokens(&tokens, 0);
    let wallet = Wallet { at_hand: password("alice", "wonderland"), ..Wallet::default() };
    let remote = remote(&server.url, Access::Pull, &wallet);
    for _ in 0..2 {
        let error = remote.fetch(&file("timestamp")).unwrap_err();
        let words = "the server does not accept the token for the login of `alice` from the wallet (status 401, invalid_token)";
        assert!(error.to_string().starts_with(words), "{error}");
    }
    // The second time the token is known, and replaced once.
    assert_eq!((tokens.asked().len(), server.requests().len()), (2, 4));
    // Nobody has refused the login.
    assert!(wallet.refused.borrow().is_empty());
}

#[test]
fn a_token_server_that_stops_answering_is_given_up() {
    let tokens = start(Rules {
        instead: Some(Response::Stall(Duration::from_secs(60))),
        ..Rules::default()
    });
    let server = with_tokens(&tokens);
    let idle = Duration::from_secs(1);
    let timeouts = Timeouts { idle, ..Timeouts::default() };
    let endpoint = Endpoint { timeouts, ..Endpoint::new(server.url.parse().unwrap()) };
    let gun = Gun::parse(GOLDEN).unwrap();
    let nobody = Rc::new(Wallet::default());
    let remote = HttpRemote::new(endpoint, &gun, Access::Pull, nobody, Arc::new(Silent));
    let error = remote.fetch(&file("timestamp")).unwrap_err();
    let expected = RemoteErrorKind::TokenServer(Box::new(RemoteErrorKind::Stalled));
    assert_eq!(error.kind, expected);
    assert_eq!(tokens.asked().len(), 1);
}

#[test]
fn an_upload_that_is_refused_is_repeated_with_the_same_bytes() {
    let tokens = start(Rules::default());
    let (challenge, is_given) = (tokens.challenge(), has_token_of(&tokens));
    let server = HttpServer::start(move |request| match is_given(request) {
        true => Response::ok(""),
        false => Response::status(401, "").header("WWW-Authenticate", challenge.clone()),
    });
    let wallet = Wallet { at_hand: password("alice", "wonderland"), ..Wallet::default() };
    let file = OutgoingFile {
        role: RoleName::TARGETS,
        bytes: vec![b'x'; 100_000],
        version: 1,
        signed_by: Vec::new(),
        keys: Vec::new(),
        threshold: 1,
        expires: time::OffsetDateTime::UNIX_EPOCH,
    };
    remote(&server.url, Access::Push, &wallet).publish(&[file]).unwrap();
    let [first, second]: [Request; 2] = server.requests().try_into().unwrap();
    assert_eq!((first.method.as_str(), second.method.as_str()), ("POST", "POST"));
    assert_eq!(uploaded(&first), uploaded(&second));
    assert_eq!(uploaded(&second)["targets"].len(), 100_000);
    assert_eq!(tokens.asked(), [by("alice", "repository:golden.example/published:push,pull")]);
}
