//! Notary servers over HTTP.
//!
//! Every answer is bounded in size and in time; requests that change nothing are repeated when the
//! failure may pass.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use reqwest::Client;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use url::Url;

use super::auth::Pass;
use super::auth::scope::Scope;
use super::body::Form;
use super::exchange::Exchange;
use super::failure::without_login;
use super::transport::{Endpoint, Transport};
use super::{Access, Fetch, Remote, RemoteError, RemoteErrorKind as Kind};
use crate::credentials::Credentials;
use crate::progress::Progress;
use crate::tuf::key::PublicKey;
use crate::tuf::role::{Gun, RoleName};
use crate::tuf::sign::OutgoingFile;

/// Requests that are under way at the same time, each over a connection of its own.
const CONCURRENT_REQUESTS: usize = 8;

/// The same for HTTP/2, where all go over one connection; about what servers let through.
const CONCURRENT_STREAMS: usize = 256;

const MAX_KEY_BYTES: u64 = 256 << 10;

/// One collection on a Notary server.
pub struct HttpRemote {
    base: Url,
    scope: Scope,
    server: String,
    transport: Transport,
}

impl HttpRemote {
    /// Prepares for `gun` on a server; connects to nobody. The whole run needs `access` at most.
    pub fn new(
        endpoint: Endpoint,
        gun: &Gun,
        access: Access,
        credentials: Rc<dyn Credentials>,
        progress: Arc<dyn Progress>,
    ) -> Self {
        let mut base = endpoint.url.clone();
        if let Ok(mut path) = base.path_segments_mut() {
            path.pop_if_empty().push("v2").extend(gun.segments()).extend(["_trust", "tuf"]);
        }
        let transport = Transport::new(endpoint, credentials, progress);
        let scope = Scope::repository(gun.as_str(), access);
        Self { base, scope, server: transport.name(), transport }
    }

    /// The address of a file of the collection; the empty name is that of all files together.
    fn url(&self, name: &str) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.extend(name.split('/'));
        }
        url
    }

    fn exchange(&self, client: &Client, name: &str, pass: &Pass) -> Exchange {
        self.transport.exchange(client, self.url(name), pass)
    }

    /// Gets the files with these indices, many at the same time. Files that were not asked for,
    /// since the server has refused others before, are not in what is returned.
    fn fetch_some(
        &self,
        (runtime, client): (&Runtime, &Client),
        fetches: &[Fetch],
        wanted: &[usize],
        pass: &Pass,
    ) -> Vec<(usize, Result<Vec<u8>, RemoteError>)> {
        runtime.block_on(async {
            let mut results = Vec::new();
            let mut waiting = wanted.iter().copied();
            let mut running = JoinSet::new();
            let mut is_refused = false;
            // By the time there is much to fetch, the server has answered something.
            let most =
                if self.transport.is_http_2() { CONCURRENT_STREAMS } else { CONCURRENT_REQUESTS };
            loop {
                while !is_refused
                    && running.len() < most
                    && let Some(index) = waiting.next()
                {
                    let Fetch { name, max_length } = &fetches[index];
                    let exchange = self.exchange(client, &name.to_string(), pass);
                    let max = *max_length;
                    running.spawn(async move { (index, exchange.get_patiently(max).await) });
                }
                match running.join_next().await {
                    Some(Ok((index, result))) => {
                        is_refused |= result.as_ref().is_err_and(|error| error.refusal().is_some());
                        results.push((index, result));
                    }
                    Some(Err(error)) => std::panic::resume_unwind(error.into_panic()),
                    None => return results,
                }
            }
        })
    }

    /// Gets files and notes the results, in their places, as they come. An error is about all
    /// files that have none then.
    fn fetch_into(
        &self,
        fetches: &[Fetch],
        results: &mut [Option<Result<Vec<u8>, RemoteError>>],
    ) -> Result<(), RemoteError> {
        let (runtime, client) = self.transport.parts(&self.base)?;
        let mut pass = self.transport.pass(&self.scope)?;
        let mut refused_before = BTreeSet::new();
        loop {
            let wanted: Vec<_> = (0..fetches.len()).filter(|&i| results[i].is_none()).collect();
            let (mut refused, mut refused_now) = (None, BTreeSet::new());
            let mut has_served = false;
            for (index, result) in self.fetch_some((runtime, &client), fetches, &wanted, &pass) {
                match result {
                    Err(error) if error.refusal().is_some() => {
                        refused_now.insert(index);
                        // One token will do for all that were refused together.
                        refused = Some(error);
                    }
                    result => {
                        has_served |= match &result {
                            Ok(_) => true,
                            Err(error) => error.kind == Kind::NotFound,
                        };
                        results[index] = Some(result);
                    }
                }
            }
            // Files that are refused again will be refused with the next token, too. Without any,
            // all are refused.
            if has_served && refused_now.is_disjoint(&refused_before) {
                pass.has_served();
            }
            refused_before = if pass.header.is_some() { refused_now } else { BTreeSet::new() };
            match refused {
                Some(error) => pass = self.transport.next_pass(&self.scope, &pass, error)?,
                None => return Ok(()),
            }
        }
    }
}

impl Remote for HttpRemote {
    fn server(&self) -> &str {
        &self.server
    }

    fn fetch_all(&self, fetches: &[Fetch]) -> Vec<Result<Vec<u8>, RemoteError>> {
        let mut results: Vec<_> = fetches.iter().map(|_| None).collect();
        let mut error = self.fetch_into(fetches, &mut results).err();
        // What a library said is said once.
        let mut said = error.take().map(|error| (error.again(), Some(error)));
        let mut fill = |result: Option<_>| {
            result.unwrap_or_else(|| {
                let (again, first) = said.as_mut().expect("without an error, nothing is missing");
                Err(first.take().unwrap_or_else(|| again.again()))
            })
        };
        results.into_iter().map(&mut fill).collect()
    }

    fn publish(&self, files: &[OutgoingFile]) -> Result<(), RemoteError> {
        let total = files.iter().map(|file| file.bytes.len() as u64).sum();
        self.transport.with_pass(&self.scope, |runtime, client, pass| {
            let form = Form::new(files, self.transport.progress.begin("uploading", Some(total)));
            runtime.block_on(self.exchange(client, "", pass).post(form))
        })
    }

    fn server_key(&self, role: &RoleName) -> Result<PublicKey, RemoteError> {
        let name = format!("{role}.key");
        let key = self.transport.with_pass(&self.scope, |runtime, client, pass| {
            let exchange = self.exchange(client, &name, pass);
            runtime.block_on(exchange.get_patiently(MAX_KEY_BYTES))
        })?;
        parse_key(&key, without_login(&self.url(&name)).into())
    }

    fn next_server_key(&self, role: &RoleName) -> Result<PublicKey, RemoteError> {
        let name = format!("{role}.key");
        let key = self.transport.with_pass(&self.scope, |runtime, client, pass| {
            let exchange = self.exchange(client, &name, pass);
            runtime.block_on(exchange.post_for_answer(MAX_KEY_BYTES))
        })?;
        parse_key(&key, without_login(&self.url(&name)).into())
    }

    fn delete(&self) -> Result<(), RemoteError> {
        self.transport.with_pass(&self.scope, |runtime, client, pass| {
            runtime.block_on(self.exchange(client, "", pass).delete())
        })
    }
}

/// Reads the public key that a server has sent from `url`.
fn parse_key(bytes: &[u8], url: String) -> Result<PublicKey, RemoteError> {
    let bad = |what: &str, source| RemoteError { kind: Kind::Protocol(what.into()), url, source };
    match serde_json::from_slice::<PublicKey>(bytes) {
        Ok(key) if key.is_usable() => Ok(key),
        // A collection with such a key could never be read by anybody.
        Ok(_) => Err(bad("this public key cannot be used", None)),
        Err(error) => Err(bad("this is not a public key", Some(error.into()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::NoCredentials;
    use crate::progress::Silent;

    #[test]
    fn names_are_encoded_segment_by_segment() {
        let url = |server: &str, gun: &str| {
            let endpoint = Endpoint::new(Url::parse(server).unwrap());
            let gun = Gun::parse(gun).unwrap();
            let (nobody, silent) = (Rc::new(NoCredentials), Arc::new(Silent));
            let remote = HttpRemote::new(endpoint, &gun, Access::Pull, nobody, silent);
            (remote.url("targets/a.json").to_string(), remote.url("").to_string())
        };
        let (file, all) = url("https://host:4443", "registry.example:5000/sp ace/é");
        assert_eq!(
            file,
            "https://host:4443/v2/registry.example:5000/sp%20ace/%C3%A9/_trust/tuf/targets/a.json"
        );
        assert!(all.ends_with("/_trust/tuf/"), "{all}");
        let (file, _) = url("http://host/sub/", "a");
        assert_eq!(file, "http://host/sub/v2/a/_trust/tuf/targets/a.json");
    }
}
