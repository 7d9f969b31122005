//! What failed requests mean for the exit code, and what helps.
//!
//! A token server that does not work is a matter of the network, like a server that does not; a
//! refusal of either is one of logins.

use super::{Exit, shell_word};
use crate::credentials::CredentialsError;
use crate::remote::{Proof, ProxyProblem, Refusal, RemoteErrorKind as Remote, TlsProblem};

/// The exit code of a failed request.
pub fn exit_of(kind: &Remote) -> Exit {
    match kind {
        Remote::Conflict => Exit::Conflict,
        Remote::Credentials(CredentialsError::Interrupted) => Exit::Interrupted,
        Remote::Credentials(_)
        | Remote::Forbidden(_)
        | Remote::Unauthorized(_)
        | Remote::UnsafeRealm => Exit::Auth,
        Remote::LockedKey { is_interruption: true } => Exit::Interrupted,
        Remote::KeyNotOnServer { .. } | Remote::LockedKey { .. } => Exit::Key,
        Remote::NotFound => Exit::NotFound,
        Remote::Directory | Remote::Rejected { .. } => Exit::Failed,
        Remote::Setup(_) => Exit::Usage,
        Remote::TokenServer(kind) => match exit_of(kind) {
            Exit::Usage => Exit::Usage,
            _ => Exit::Network,
        },
        Remote::Interrupted
        | Remote::Protocol(_)
        // It is the network that wants this login; one of the server's would not help.
        | Remote::Proxy(_)
        | Remote::Stalled
        | Remote::Tls(_)
        | Remote::TooLarge(_)
        | Remote::Unavailable { .. }
        | Remote::Unreachable
        | Remote::WantsTls => Exit::Network,
    }
}

/// What the user could do about a failed request.
pub fn hints_for(kind: &Remote) -> Vec<String> {
    let one = |hint: &str| vec![hint.to_owned()];
    match kind {
        Remote::Credentials(CredentialsError::Helper { .. }) => one(
            "`--username NAME` asks for the password instead, `NOTARY_AUTH` has a login for scripts, \
             and `auth` in the configuration says from where logins come",
        ),
        Remote::Forbidden(refusal) | Remote::Unauthorized(refusal) => hints_for_refusal(refusal),
        Remote::LockedKey { is_interruption: false } => vec![
            "set NOTARY_TLS_PASSPHRASE or NOTARY_TLS_PASSPHRASE_FILE, or run this on a terminal"
                .to_owned(),
            "or give `--passphrase-file tls=FILE` or `--passphrase-command COMMAND`".to_owned(),
        ],
        Remote::Proxy(ProxyProblem::Login) => {
            one("`HTTPS_PROXY=http://NAME:PASSWORD@HOST:PORT` has the login for a proxy")
        }
        Remote::Proxy(ProxyProblem::Refused) => {
            one("`NO_PROXY=HOST` has a server asked without a proxy")
        }
        Remote::Tls(TlsProblem::ClientCertificate) => {
            one("`--tlscert FILE --tlskey FILE` names the certificate to show")
        }
        Remote::Tls(TlsProblem::NoTls) => {
            one("check the server's address (`-s URL`); without TLS it begins with http:")
        }
        Remote::Tls(TlsProblem::UnknownAuthority) => {
            one("`--tlscacert FILE` names the authority of a private server")
        }
        Remote::TokenServer(kind) => match &**kind {
            // The address is not the user's.
            Remote::Unreachable | Remote::Tls(TlsProblem::NoTls) => {
                one("the server has named this token server; `--debug` shows what it says")
            }
            kind => hints_for(kind),
        },
        Remote::Unreachable => one("check the server's address (`-s URL`)"),
        Remote::WantsTls => {
            one("check the server's address (`-s URL`); with TLS it begins with https:")
        }
        Remote::UnsafeRealm => {
            one("whoever runs the server has to name an https address for its token server")
        }
        _ => Vec::new(),
    }
}

fn hints_for_refusal(refusal: &Refusal) -> Vec<String> {
    let server = shell_word(&refusal.server);
    match &refusal.shown {
        Proof::Nothing | Proof::Anybody => vec![
            format!(
                "`notary login {server}` keeps a login, and that of `docker login` is used, too"
            ),
            "in scripts, set `NOTARY_AUTH` to the base64 of NAME:PASSWORD".to_owned(),
        ],
        Proof::Login { .. } if is_matter_of_rights(refusal) => vec![format!(
            "whoever runs the server can allow it; `notary login {server}` keeps another login"
        )],
        Proof::Login { source, .. } => vec![format!(
            "check the login from {source}; `notary login {server}` keeps another one"
        )],
    }
}

/// Whether the user is known, and may not do it.
fn is_matter_of_rights(refusal: &Refusal) -> bool {
    let code = refusal.code.as_deref();
    refusal.status == 403 || refusal.granted.is_some() || code == Some("insufficient_scope")
}
