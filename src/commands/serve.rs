//! `serve`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use time::{Duration, OffsetDateTime};
use tokio::runtime::Builder;
use tracing::level_filters::LevelFilter;

use super::Session;
use crate::config::serve::{AuthSettings, Backend, ServerOverrides, ServerSettings, TlsFiles};
use crate::error::{CliError, Exit};
use crate::fsutil;
use crate::server::http::auth::{Auth, AuthError, Passwords, Tokens};
use crate::server::http::{Api, Listener, Tls, serve as serve_connections};
use crate::server::{Algorithm, Embedded, MemoryStorage, ServerKeys, Service, Storage};
use crate::tuf::x509;

const MAX_FILE_BYTES: u64 = 4 << 20;
/// Threads for work on the database. More would only wait for each other, each with a cache of its
/// own.
const MAX_THREADS: usize = 16;
/// How long certificates for development are valid; more is not accepted everywhere.
const DEVELOPMENT_VALIDITY: Duration = Duration::days(397);

/// Serve collections to other machines
///
/// Runs a Notary server for this program, Go's `notary` and Docker. Without further options it
/// serves what was published without naming a server, from the same directory and also while
/// others publish into it, to programs on this machine. Without `auth` in its settings there is no
/// login: whoever can reach it can publish and delete collections, but only who has the keys of a
/// collection can change it.
///
/// Settings can also be in a file, which may be one for Go's `notary-server`. SIGTERM and Ctrl-C end
/// the server once the requests under way are answered.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Environment:
  NOTARY_SERVER_KEY_PASSPHRASE       passphrase that the server's own keys are encrypted with
  NOTARY_SERVER_KEY_PASSPHRASE_FILE  file with that passphrase
  NOTARY_SERVER_...                  any setting of the file, such as
                                     NOTARY_SERVER_SERVER_HTTP_ADDR

Examples:
  notary serve
  notary serve --listen 0.0.0.0:4443 --tls-cert server.crt --tls-key server.key
  notary serve --data /var/lib/notary --tls-self-signed
  notary serve --config server-config.json")]
pub struct ServeArgs {
    /// Address and port to listen on [default: 127.0.0.1:4443]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,

    /// Directory of the database [default: server in the trust directory]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,

    /// PEM file of the certificate to show to clients
    #[arg(long, value_name = "FILE")]
    tls_cert: Option<PathBuf>,

    /// PEM file of the key of that certificate
    #[arg(long, value_name = "FILE")]
    tls_key: Option<PathBuf>,

    /// PEM file of the authorities of clients, who then need a certificate
    #[arg(long, value_name = "FILE")]
    client_ca: Option<PathBuf>,

    /// Make a certificate for development and say what clients need to trust it
    #[arg(long, conflicts_with_all = ["tls_cert", "tls_key"])]
    tls_self_signed: bool,

    /// File with settings (.json, .toml or .yaml)
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Kind of the keys that the server makes [default: ecdsa]
    #[arg(long, value_name = "ALGORITHM", value_enum)]
    key_algorithm: Option<KeyAlgorithm>,

    /// Versions of each file to keep, apart from roots, which are all kept [default: 10]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
    keep_versions: Option<u32>,

    /// Form of the log on stderr
    #[arg(long, value_name = "FORM", default_value = "text", value_enum)]
    log: LogForm,
}

/// The kinds of keys that a server can make.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum KeyAlgorithm {
    /// ECDSA on P-256
    Ecdsa,
    /// Ed25519
    Ed25519,
}

/// The forms of the log.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum LogForm {
    /// One JSON object on each line
    Json,
    /// Lines with NAME=VALUE
    Text,
}

impl ServeArgs {
    fn overrides(&self) -> ServerOverrides {
        ServerOverrides {
            config_file: self.config.clone(),
            listen: self.listen.clone(),
            data: self.data.clone(),
            certificate: self.tls_cert.clone(),
            key: self.tls_key.clone(),
            client_ca: self.client_ca.clone(),
            algorithm: self.key_algorithm.map(|algorithm| match algorithm {
                KeyAlgorithm::Ecdsa => Algorithm::Ecdsa,
                KeyAlgorithm::Ed25519 => Algorithm::Ed25519,
            }),
            keep: self.keep_versions,
        }
    }
}

/// Runs `serve`, until it is told to end.
pub fn serve(session: &mut Session<'_>, args: &ServeArgs) -> Result<(), CliError> {
    let default_data = session.config.own_server();
    let settings = ServerSettings::load(&args.overrides(), session.around, &default_data)?;
    for warning in &settings.warnings {
        session.ui.warning(warning);
    }
    let (storage, place): (Box<dyn Storage>, String) = match &settings.backend {
        Backend::Memory => (Box::<MemoryStorage>::default(), "memory".to_owned()),
        Backend::Directory(path) => {
            if settings.passphrase.is_none() {
                session.ui.warning(
                    "the keys of the server are not encrypted; NOTARY_SERVER_KEY_PASSPHRASE or \
                     NOTARY_SERVER_KEY_PASSPHRASE_FILE sets a passphrase for new ones",
                );
            }
            (Box::new(Embedded::storage(path)?), format!("`{}`", path.display()))
        }
    };
    let tls = match (&settings.tls, args.tls_self_signed) {
        (Some(_), true) => {
            let words = "there is a certificate already; leave out `--tls-self-signed`";
            return Err(CliError::new(Exit::Usage, words));
        }
        (Some(files), false) => Some(read_tls(files)?),
        (None, true) => Some(development_tls(session, &settings)?),
        (None, false) => None,
    };
    let scheme = if tls.is_some() { "https" } else { "http" };
    let auth = read_auth(&settings.auth)?;
    let keys = ServerKeys::new(settings.algorithm, settings.passphrase.clone());
    let service = Service::new(storage, keys, settings.keep);
    let addresses = settings.addresses().map_err(|error| {
        CliError::new(Exit::Usage, format!("`{}` is no address: {error}", settings.listen))
    })?;

    let is_elsewhere = addresses.iter().any(|address| !address.ip().is_loopback());
    if is_elsewhere && auth.is_open() {
        session.ui.warning(
            "other machines can reach this server and there is no login: everybody there can \
             publish and delete collections; `auth` in the settings changes that",
        );
    }
    if is_elsewhere && tls.is_none() {
        session.ui.warning(
            "other machines can reach this server without TLS: logins and names can be read on \
             the way; `--tls-cert` and `--tls-key` change that",
        );
    }

    let level = settings.log.unwrap_or(LevelFilter::INFO);
    let level = if session.ui.is_quiet() { LevelFilter::WARN } else { level };
    tracing::dispatcher::with_default(&log(args.log, level), || {
        let runtime =
            Builder::new_multi_thread().enable_all().max_blocking_threads(MAX_THREADS).build()?;
        runtime.block_on(async {
            let listener = Listener::bind(&addresses, tls.as_ref()).await?;
            // Whoever reads that it serves may end it at once.
            let end = told_to_end();
            let address = listener.address()?;
            session.ui.line(&format!("Serving {place} on {scheme}://{address}"))?;
            session.ui.flush()?;
            let api = Api::new(service, auth, settings.behaviour.clone(), now);
            let idle = settings.behaviour.limits.idle;
            serve_connections(listener, api.router(), idle, end).await;
            Ok(())
        })
    })
}

#[expect(clippy::disallowed_methods, reason = "a server lives longer than one moment")]
fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

/// Where a server writes what it does.
fn log(form: LogForm, level: LevelFilter) -> tracing::Dispatch {
    let builder = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(std::io::stderr)
        .with_ansi(false);
    match form {
        LogForm::Json => builder.json().flatten_event(true).into(),
        LogForm::Text => builder.into(),
    }
}

/// Listens for Ctrl-C and SIGTERM from now on; what is returned waits for them. Without a way to
/// hear of them, the server ends when it is killed.
#[cfg(unix)]
fn told_to_end() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    let heard = [SignalKind::interrupt(), SignalKind::terminate()].map(|kind| {
        let signal = signal(kind);
        async move {
            match signal {
                Ok(mut signal) => drop(signal.recv().await),
                Err(_) => std::future::pending().await,
            }
        }
    });
    async move {
        let [interrupted, terminated] = heard;
        tokio::select! {
            () = interrupted => {}
            () = terminated => {}
        }
    }
}

/// Waits for Ctrl-C. Without a way to hear of it, the server ends when it is killed.
#[cfg(not(unix))]
async fn told_to_end() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

fn read_file(path: &Path) -> Result<Vec<u8>, CliError> {
    match fsutil::read_bounded(path, MAX_FILE_BYTES) {
        Ok(Some(bytes)) => Ok(bytes),
        Ok(None) => {
            Err(CliError::new(Exit::Usage, format!("there is no file `{}`", path.display())))
        }
        Err(error) => Err(error.into()),
    }
}

fn read_tls(files: &TlsFiles) -> Result<Tls, CliError> {
    Ok(Tls {
        certificate: read_file(&files.certificate)?,
        key: read_file(&files.key)?.into(),
        client_ca: files.client_ca.as_deref().map(read_file).transpose()?,
    })
}

fn read_auth(settings: &AuthSettings) -> Result<Auth, CliError> {
    let unusable = |path: &Path, error: AuthError| {
        let words = format!("`{}` cannot be used for logins: {error}", path.display());
        CliError::new(Exit::Usage, words)
    };
    Ok(match settings {
        AuthSettings::Nobody => Auth::Nobody,
        AuthSettings::Passwords { path, realm } => {
            let text = String::from_utf8_lossy(&read_file(path)?).into_owned();
            let users = Passwords::parse(realm.clone(), &text);
            Auth::Passwords(users.map_err(|error| unusable(path, error))?)
        }
        AuthSettings::Tokens { realm, service, issuer, bundle } => {
            let (realm, service, issuer) = (realm.clone(), service.clone(), issuer.clone());
            let tokens = Tokens::new(realm, service, issuer, &read_file(bundle)?);
            Auth::Tokens(tokens.map_err(|error| unusable(bundle, error))?)
        }
    })
}

/// The certificate for development, made anew each time; only its authority is written down.
fn development_tls(session: &mut Session<'_>, settings: &ServerSettings) -> Result<Tls, CliError> {
    let directory = match &settings.backend {
        Backend::Directory(path) => path.clone(),
        Backend::Memory => session.config.own_server(),
    };
    let host = settings.listen.rsplit_once(':').map_or("", |(host, _)| host);
    let host = host.trim_matches(['[', ']']);
    let mut names: Vec<String> =
        ["localhost", "127.0.0.1", "::1"].into_iter().map(str::to_owned).collect();
    if !["", "0.0.0.0", "::"].contains(&host) && !names.iter().any(|name| name == host) {
        names.push(host.to_owned());
    }
    let path = directory.join("ca.crt");
    let made = make_certificates(&names, session.now)
        .map_err(|error| CliError::new(Exit::Failed, format!("no certificate: {error}")))?;
    fsutil::write_atomic(&path, made.authority.as_bytes())?;
    session.ui.note(&format!(
        "clients trust this server for {} with `--tlscacert {}`, until it is started again",
        names.join(", "),
        path.display()
    ));
    Ok(made.tls)
}

struct Development {
    authority: String,
    tls: Tls,
}

/// Makes an authority and a certificate of it for `names`. The authority's key is forgotten, so
/// that it can never vouch for anybody else.
fn make_certificates(names: &[String], now: OffsetDateTime) -> Result<Development, rcgen::Error> {
    let valid = |params: &mut CertificateParams| {
        params.not_before = now - Duration::hours(1);
        params.not_after = now + DEVELOPMENT_VALIDITY;
    };
    let authority_key = KeyPair::generate()?;
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    authority.distinguished_name.push(DnType::CommonName, "notary serve, for development");
    valid(&mut authority);
    let authority_certificate = authority.self_signed(&authority_key)?;

    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new(names.to_vec())?;
    params.distinguished_name.push(DnType::CommonName, "notary serve");
    valid(&mut params);
    let certificate = params.signed_by(&key, &Issuer::new(authority, authority_key))?;
    Ok(Development {
        authority: x509::to_pem(authority_certificate.der()),
        tls: Tls {
            certificate: x509::to_pem(certificate.der()).into_bytes(),
            key: crate::tuf::pem::Block::new("PRIVATE KEY", key.serialize_der())
                .encode()
                .as_bytes()
                .to_vec()
                .into(),
            client_ca: None,
        },
    })
}
