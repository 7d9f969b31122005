//! Failures of registries of images.

use super::{CliError, Exit, remote, shell_word};
use crate::registry::reference::Reference;
use crate::registry::{NotAManifest, RegistryError};
use crate::remote::{Proof, RemoteErrorKind as Remote, TlsProblem};

/// The failure to tell what an image is.
pub fn failed(reference: &Reference, error: RegistryError) -> CliError {
    let (exit, hints) = match &error {
        RegistryError::Moved { .. } | RegistryError::OtherDigest { .. } => {
            (Exit::Trust, Vec::new())
        }
        RegistryError::NotAManifest { why: NotAManifest::Schema1, .. } => {
            let hint = "push the image again with a newer program, which writes the present form";
            (Exit::Failed, vec![hint.to_owned()])
        }
        RegistryError::NotAManifest { .. } => (Exit::Failed, Vec::new()),
        RegistryError::Remote(error) => {
            (remote::exit_of(&error.kind), hints(reference, &error.kind))
        }
    };
    CliError { exit, error: Some(Box::new(error)), hints }
}

fn hints(reference: &Reference, kind: &Remote) -> Vec<String> {
    let host = reference.registry();
    match kind {
        Remote::NotFound => {
            vec!["check name and tag; an image has to be pushed before it is signed".to_owned()]
        }
        Remote::Tls(TlsProblem::UnknownAuthority) => vec![format!(
            "`--registry-cacert FILE` names the authority of a private registry, and so does \
             `/etc/docker/certs.d/{host}/ca.crt`"
        )],
        Remote::Tls(TlsProblem::ClientCertificate) => vec![format!(
            "`/etc/docker/certs.d/{host}` has client.cert and client.key, as for Docker's engine"
        )],
        Remote::Tls(TlsProblem::NoTls) => {
            vec!["only registries on this machine are used without TLS".to_owned()]
        }
        Remote::Unreachable => vec![format!("check the name of the registry, {host}")],
        Remote::Forbidden(refusal) | Remote::Unauthorized(refusal)
            if matches!(refusal.shown, Proof::Nothing | Proof::Anybody) =>
        {
            let server = shell_word(&refusal.server);
            vec![format!(
                "`docker login` or `notary login {server}` keeps a login for the registry"
            )]
        }
        kind => remote::hints_for(kind),
    }
}
