//! How to connect to registries of images.
//!
//! A registry shows certificates of the system's authorities, or of those that an option names, or of
//! those that Docker's engine knows for it: in `certs.d/HOST` below `$XDG_CONFIG_HOME/docker`
//! (`~/.config/docker`) for an engine of the user, and below `/etc/docker` for that of the system.
//! The first directory that is there counts, and in it `ca.crt`, `client.cert` and `client.key`; the
//! engine takes every `.crt`, and all pairs of `.cert` and `.key`, but these are the names that its
//! documents use.
//!
//! What is configured for Notary servers is not for registries.

use std::path::{Path, PathBuf};

use super::Surroundings;
use crate::remote::TlsOptions;

const SYSTEM: &str = "/etc/docker";

/// How to prove and believe who is who with the registry at `host`; `root_ca` is what an option says.
pub fn tls_of_registry(host: &str, root_ca: Option<&Path>, around: &Surroundings) -> TlsOptions {
    let own = match (around.var("XDG_CONFIG_HOME"), &around.home) {
        (Some(directory), _) => Some(around.cwd.join(directory).join("docker")),
        (None, Some(home)) => Some(home.join(".config/docker")),
        (None, None) => None,
    };
    let directories = own.into_iter().chain([PathBuf::from(SYSTEM)]);
    let directory =
        directories.map(|path| path.join("certs.d").join(host)).find(|path| path.is_dir());
    let file = |name| Some(directory.as_ref()?.join(name)).filter(|path: &PathBuf| path.exists());
    TlsOptions {
        root_ca: root_ca.map(|path| around.cwd.join(path)).or_else(|| file("ca.crt")),
        client: file("client.cert").zip(file("client.key")),
        ..TlsOptions::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_docker_has_for_a_registry_is_used_for_it() {
        let home = tempfile::tempdir().unwrap();
        let place = home.path().join(".config/docker/certs.d/registry.example:5000");
        for name in ["ca.crt", "client.cert", "client.key"] {
            crate::fsutil::write_atomic(&place.join(name), b"").unwrap();
        }
        let mut around = Surroundings {
            cwd: "/work".into(),
            home: Some(home.path().to_owned()),
            ..Surroundings::default()
        };
        let found = tls_of_registry("registry.example:5000", None, &around);
        assert_eq!(found.root_ca, Some(place.join("ca.crt")));
        assert_eq!(found.client, Some((place.join("client.cert"), place.join("client.key"))));
        let given = tls_of_registry("registry.example:5000", Some(Path::new("ca.pem")), &around);
        assert_eq!(given.root_ca, Some("/work/ca.pem".into()));
        assert_eq!(tls_of_registry("registry.example", None, &around), TlsOptions::default());

        let elsewhere = home.path().join("elsewhere");
        around.vars.insert("XDG_CONFIG_HOME".into(), elsewhere.to_str().unwrap().into());
        assert_eq!(tls_of_registry("registry.example:5000", None, &around), TlsOptions::default());
    }
}
