//! Notary servers over HTTP.
//!
//! Every answer is bounded in size and in time; requests that change nothing are repeated when the
//! failure may pass.

use std::rc::Rc;
use std::sync::Arc;

use reqwest::Client;
use tokio::task::JoinSet;
use url::Url;

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
    server: String,
    transport: Transport,
}

impl HttpRemote {
    /// Prepares for `gun` on a server; connects to nobody. The whole run needs `access` at most.
    pub fn new(
        endpoint: Endpoint,
        gun: &Gun,
        _access: Access,
        credentials: Rc<dyn Credentials>,
        progress: Arc<dyn Progress>,
    ) -> Self {
        let mut base = endpoint.url.clone();
        if let Ok(mut path) = base.path_segments_mut() {
            path.pop_if_empty().push("v2").extend(gun.segments()).extend(["_trust", "tuf"]);
        }
        let transport = Transport::new(endpoint, credentials, progress);
        Self { base, server: transport.name(), transport }
    }

    /// The address of a file of the collection; the empty name is that of all files together.
    fn url(&self, name: &str) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.extend(name.split('/'));
        }
        url
    }

    fn exchange(&self, client: &Client, name: &str) -> Exchange {
        self.transport.exchange(client, self.url(name))
    }
}

impl Remote for HttpRemote {
    fn server(&self) -> &str {
        &self.server
    }

    fn fetch_all(&self, fetches: &[Fetch]) -> Vec<Result<Vec<u8>, RemoteError>> {
        let (runtime, client) = match self.transport.client() {
            Ok(client) => client,
            Err(error) => {
                let again = |_| {
                    let kind = error.kind.clone();
                    RemoteError { kind, url: error.url.clone(), source: None }
                };
                let mut results: Vec<_> = fetches.iter().map(again).map(Err).collect();
                if let Some(first) = results.first_mut() {
                    *first = Err(error);
                }
                return results;
            }
        };
        runtime.block_on(async {
            let mut results: Vec<_> = fetches.iter().map(|_| None).collect();
            let mut waiting = fetches.iter().enumerate();
            let mut running = JoinSet::new();
            // By the time there is much to fetch, the server has answered something.
            let most =
                if self.transport.is_http_2() { CONCURRENT_STREAMS } else { CONCURRENT_REQUESTS };
            loop {
                while running.len() < most
                    && let Some((index, fetch)) = waiting.next()
                {
                    let exchange = self.exchange(client, &fetch.name.to_string());
                    let max = fetch.max_length;
                    running.spawn(async move { (index, exchange.get_patiently(max).await) });
                }
                match running.join_next().await {
                    Some(Ok((index, result))) => results[index] = Some(result),
                    Some(Err(error)) => std::panic::resume_unwind(error.into_panic()),
                    None => break,
                }
            }
            results.into_iter().map(|result| result.expect("every request was run")).collect()
        })
    }

    fn publish(&self, files: &[OutgoingFile]) -> Result<(), RemoteError> {
        let (runtime, client) = self.transport.client()?;
        let total = files.iter().map(|file| file.bytes.len() as u64).sum();
        let form = Form::new(files, self.transport.progress.begin("uploading", Some(total)));
        runtime.block_on(self.exchange(client, "").post(form))
    }

    fn server_key(&self, role: &RoleName) -> Result<PublicKey, RemoteError> {
        let (runtime, client) = self.transport.client()?;
        let exchange = self.exchange(client, &format!("{role}.key"));
        let url = without_login(&exchange.url).into();
        parse_key(&runtime.block_on(exchange.get_patiently(MAX_KEY_BYTES))?, url)
    }

    fn next_server_key(&self, role: &RoleName) -> Result<PublicKey, RemoteError> {
        let (runtime, client) = self.transport.client()?;
        let exchange = self.exchange(client, &format!("{role}.key"));
        let url = without_login(&exchange.url).into();
        parse_key(&runtime.block_on(exchange.post_for_answer(MAX_KEY_BYTES))?, url)
    }

    fn delete(&self) -> Result<(), RemoteError> {
        let (runtime, client) = self.transport.client()?;
        runtime.block_on(self.exchange(client, "").delete())
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
