//! The pins in the configuration file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::file::File;
use super::{ConfigError, Surroundings};
use crate::tuf::key::KeyId;
use crate::tuf::pin::TrustPinning;

impl File {
    /// The pins, and warnings about them. What is mistyped is an error: it would mean no pin.
    pub(super) fn pinning(
        &self,
        around: &Surroundings,
        warnings: &mut Vec<String>,
    ) -> Result<TrustPinning<PathBuf>, ConfigError> {
        const CERTS: &str = "trust_pinning.certs";
        const CA: &str = "trust_pinning.ca";
        self.only("trust_pinning", &["ca", "certs", "disable_tofu"])?;
        let mut certs = BTreeMap::new();
        for (name, ids) in self.members(CERTS)? {
            let wrong =
                || self.wrong(&format!("{CERTS}.{name}"), "a list of key ids of 64 hex digits");
            let ids = ids.as_array().ok_or_else(wrong)?.iter();
            let ids = ids.map(|id| id.as_str().and_then(KeyId::parse).ok_or_else(wrong));
            certs.insert(name.clone(), ids.collect::<Result<BTreeSet<_>, _>>()?);
        }
        let mut ca = BTreeMap::new();
        for (name, path) in self.members(CA)? {
            let path =
                path.as_str().ok_or_else(|| self.wrong(&format!("{CA}.{name}"), "a path"))?;
            let (beside, below) = (self.resolve(path), around.cwd.join(path));
            // Notary-go: relative to the working directory, whatever the manual says.
            let chosen = if !beside.exists() && below.exists() {
                warnings.push(format!(
                    "the pinned CA `{path}` is taken from the working directory; paths in a \
                     configuration file should be relative to it"
                ));
                below
            } else {
                beside
            };
            ca.insert(name.clone(), chosen);
        }
        let disable_tofu = self.flag("trust_pinning.disable_tofu")?;
        Ok(TrustPinning { certs, ca, disable_tofu })
    }
}
