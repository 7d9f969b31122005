//! Proxies: through which one, if any, a server is asked.
//!
//! `HTTPS_PROXY` is for https:, `HTTP_PROXY` for http:, `ALL_PROXY` for both where these say
//! nothing. None is used for what `NO_PROXY` lists: names, with all that is below them, addresses
//! and networks such as `10.0.0.0/8`, each with `:PORT` if only that one is meant, or `*` for
//! everything. Notary-go: and none for this machine.
//!
//! A proxy speaks HTTP, with or without TLS. One of another kind is refused: to pass over it would
//! be to go where somebody said not to go.

use std::fmt;
use std::net::Ipv6Addr;

use hyper::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use url::Url;

use super::tls::SetupFailure;
use super::transport::is_loopback;
use crate::secret::Secret;

/// The proxies of a run, as they were given.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Proxies {
    /// For http:.
    pub http: Option<Given>,
    /// For https:.
    pub https: Option<Given>,
    /// What is asked directly, as in `NO_PROXY`.
    pub exceptions: String,
}

/// The address of a proxy, in which there may be a login.
#[derive(Clone, Eq, PartialEq)]
pub struct Given {
    /// The address.
    pub address: Secret,
    /// The variable that it is from.
    pub variable: &'static str,
}

impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.variable)
    }
}

impl Proxies {
    /// The proxy for a request, with the login for it.
    pub fn proxy_for(&self, url: &Url) -> Result<Option<Url>, SetupFailure> {
        let given = match url.scheme() {
            "http" => &self.http,
            "https" => &self.https,
            _ => &None,
        };
        match given {
            Some(given) if !is_loopback(url) && !self.is_exception(url) => given.parse().map(Some),
            _ => Ok(None),
        }
    }

    fn is_exception(&self, url: &Url) -> bool {
        let Ok(uri) = url.as_str().parse::<Uri>() else { return false };
        let port = url.port_or_known_default();
        let entries = self.exceptions.split([',', ' ']).filter_map(|entry| match of_port(entry) {
            (host, Some(only)) => Some(host).filter(|_| port == Some(only)),
            (host, None) => Some(host),
        });
        let exceptions = entries.collect::<Vec<_>>().join(",");
        let everything = Matcher::builder().all("http://proxy").no(exceptions).build();
        everything.intercept(&uri).is_none()
    }
}

/// An entry of `NO_PROXY` without its port, and the port.
fn of_port(entry: &str) -> (&str, Option<u16>) {
    // Addresses of IPv6 are full of colons.
    match entry.rsplit_once(':') {
        Some((host, port)) if entry.parse::<Ipv6Addr>().is_err() => match port.parse() {
            Ok(port) => (host.trim_matches(['[', ']']), Some(port)),
            Err(_) => (entry.trim_matches(['[', ']']), None),
        },
        _ => (entry, None),
    }
}

impl Given {
    fn parse(&self) -> Result<Url, SetupFailure> {
        let has_scheme = self.address.contains("://");
        let url = match has_scheme {
            true => Url::parse(&self.address),
            false => Url::parse(&format!("http://{}", &*self.address)),
        };
        match url {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(url),
            // Nothing of it is shown, since who knows where in it a password is.
            _ => {
                let name = self.variable;
                Err((format!("{name} is not of the form http(s)://HOST[:PORT]"), None))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(address: &str) -> Option<Given> {
        Some(Given { address: address.into(), variable: "HTTPS_PROXY" })
    }

    fn proxy(proxies: &Proxies, url: &str) -> Option<String> {
        let proxy = proxies.proxy_for(&Url::parse(url).unwrap()).unwrap();
        proxy.map(|url| url.to_string())
    }

    #[test]
    fn this_machine_is_recognised() {
        let is = |url: &str| is_loopback(&Url::parse(url).unwrap());
        assert!(is("http://localhost:1/") && is("http://127.1.2.3/") && is("http://[::1]:1/"));
        assert!(!is("http://localhost.example/") && !is("http://10.0.0.1/"));
    }

    #[test]
    fn each_scheme_has_its_proxy() {
        let proxies =
            Proxies { http: given("a:1"), https: given("https://b"), ..Proxies::default() };
        assert_eq!(proxy(&proxies, "http://x/").as_deref(), Some("http://a:1/"));
        assert_eq!(proxy(&proxies, "https://x/").as_deref(), Some("https://b/"));
        assert_eq!(proxy(&proxies, "https://127.0.0.1:4443/"), None);
        assert_eq!(proxy(&Proxies::default(), "https://x/"), None);
    }

    #[test]
    fn exceptions_are_names_addresses_and_networks() {
        for (exceptions, url, is_excepted) in [
            ("", "https://a.example/", false),
            ("*", "https://a.example/", true),
            ("a.example", "https://a.example:4443/", true),
            ("A.Example", "https://a.example/", true),
            ("a.example", "https://sub.a.example/", true),
            (".a.example", "https://sub.a.example/", true),
            ("a.example", "https://nota.example/", false),
            ("b.example, a.example", "https://a.example/", true),
            ("b.example a.example", "https://a.example/", true),
            ("a.example:4443", "https://a.example:4443/", true),
            ("a.example:4443", "https://a.example/", false),
            ("a.example:443", "https://a.example/", true),
            ("10.1.2.3", "https://10.1.2.3/", true),
            ("10.1.2.3:443", "https://10.1.2.3/", true),
            ("10.0.0.0/8", "https://10.1.2.3/", true),
            ("10.0.0.0/8", "https://11.1.2.3/", false),
            ("fd00::1", "https://[fd00::1]/", true),
            ("[fd00::1]:4443", "https://[fd00::1]:4443/", true),
            ("[fd00::1]:4443", "https://[fd00::1]/", false),
            ("fd00::/8", "https://[fd00::1]/", true),
        ] {
            let exceptions = exceptions.to_owned();
            let proxies = Proxies { https: given("http://proxy"), exceptions, http: None };
            let shown = (&proxies.exceptions, url);
            assert_eq!(proxy(&proxies, url).is_none(), is_excepted, "{shown:?}");
        }
    }

    #[test]
    fn what_is_no_proxy_is_refused_and_not_shown() {
        let url = Url::parse("https://x/").unwrap();
        for address in ["socks5://user:sesame@host", "http://user:sesame@", "user:ses/ame@host"] {
            let proxies = Proxies { https: given(address), ..Proxies::default() };
            let (words, _) = proxies.proxy_for(&url).unwrap_err();
            assert!(words.contains("HTTPS_PROXY") && !words.contains("ses"), "{words}");
            assert!(!format!("{proxies:?}").contains("ses"));
        }
    }
}
