//! What a manifest may be, and which platforms it is for.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Deserialize;
use serde::de::IgnoredAny;
use thiserror::Error;

/// The platform of what is no image but says something about others, such as how they were built.
const NO_PLATFORM: &str = "unknown";

/// Characters of what a registry says that are shown.
const MAX_SHOWN: usize = 200;

/// The kinds of documents that tags stand for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// Images for several platforms, in Docker's form.
    DockerList,
    /// One image in Docker's form (schema 2).
    DockerManifest,
    /// Images for several platforms.
    OciIndex,
    /// One image.
    OciManifest,
}

impl Kind {
    /// All of them, the most general first.
    pub const ALL: [Self; 4] =
        [Self::OciIndex, Self::OciManifest, Self::DockerList, Self::DockerManifest];

    /// Its name on the wire.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::DockerList => "application/vnd.docker.distribution.manifest.list.v2+json",
            Self::DockerManifest => "application/vnd.docker.distribution.manifest.v2+json",
            Self::OciIndex => "application/vnd.oci.image.index.v1+json",
            Self::OciManifest => "application/vnd.oci.image.manifest.v1+json",
        }
    }

    /// Whether it has images for several platforms.
    pub fn is_index(self) -> bool {
        matches!(self, Self::DockerList | Self::OciIndex)
    }

    fn is_oci(self) -> bool {
        matches!(self, Self::OciIndex | Self::OciManifest)
    }

    fn parse(media_type: &str) -> Result<Self, NotAManifest> {
        let found = Self::ALL.into_iter().find(|kind| kind.media_type() == media_type);
        found.ok_or_else(|| match media_type {
            "application/vnd.docker.distribution.manifest.v1+json"
            | "application/vnd.docker.distribution.manifest.v1+prettyjws" => NotAManifest::Schema1,
            _ => NotAManifest::Type(shorten(media_type)),
        })
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DockerList => "a manifest list of Docker",
            Self::DockerManifest => "a manifest of Docker",
            Self::OciIndex => "an OCI index",
            Self::OciManifest => "an OCI manifest",
        })
    }
}

/// Why something is no manifest that can be signed.
#[derive(Debug, Error)]
pub enum NotAManifest {
    /// It has the members of an index and of a manifest.
    #[error("it can be read as an index and as a manifest")]
    Ambiguous,
    /// It is not JSON of the form it has to have.
    #[error("it cannot be read: {0}")]
    Json(String),
    /// It has a member that some programs take for another one, or that makes it one of schema 1 for
    /// some.
    #[error("not all programs read its member {0:?} alike")]
    Member(String),
    /// It lacks what makes it what it says it is.
    #[error("it says that it is {0}, but has not the members of one")]
    Members(Kind),
    /// It does not say what it is.
    #[error("it does not say of what type it is")]
    NoType,
    /// The registry and the document say different things.
    #[error("the registry says that it is `{header}`, and it says that it is `{document}`")]
    OtherType {
        /// What the registry says.
        header: String,
        /// What the document says.
        document: String,
    },
    /// An old form, whose digest is not that of its bytes.
    #[error("it has the old form \"schema 1\", which has no digest to rely on")]
    Schema1,
    /// Something else.
    #[error("`{0}` is no type of a manifest")]
    Type(String),
}

/// The members that are looked at.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    config: Option<IgnoredAny>,
    layers: Option<Vec<IgnoredAny>>,
    manifests: Option<Vec<Entry>>,
    media_type: Option<String>,
    #[serde(flatten)]
    others: BTreeMap<String, IgnoredAny>,
    schema_version: u64,
}

/// The members that say which kind of document it is, in small letters.
const TELLING: [&str; 6] =
    ["config", "fslayers", "layers", "manifests", "mediatype", "schemaversion"];

/// Whether a member that is none of those looked at may be one for other programs. Go's JSON does not
/// tell capitals from small letters, as Unicode folds them.
fn is_taken_for_another(member: &str) -> bool {
    let fold = |c: char| match c {
        'ſ' => 's',
        '\u{212a}' => 'k',
        c => c.to_ascii_lowercase(),
    };
    TELLING.iter().any(|telling| member.chars().map(fold).eq(telling.chars()))
}

/// An image of an index.
#[derive(Deserialize)]
struct Entry {
    platform: Option<Platform>,
}

#[derive(Deserialize)]
struct Platform {
    architecture: String,
    os: String,
    variant: Option<String>,
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.os, self.architecture)?;
        match &self.variant {
            Some(variant) => write!(f, "/{variant}"),
            None => Ok(()),
        }
    }
}

/// Finds out what the bytes are that came with this `Content-Type`; and for an index the platforms,
/// in its order.
pub fn judge(
    content_type: Option<&str>,
    bytes: &[u8],
) -> Result<(Kind, Vec<String>), NotAManifest> {
    // Parameters say nothing about JSON.
    let header = content_type.and_then(|header| header.split(';').next()).map(str::trim);
    let header = header.ok_or(NotAManifest::NoType)?;
    let kind = Kind::parse(header)?;
    let document: Document = serde_json::from_slice(bytes)
        // It repeats what is wrong, of whatever length.
        .map_err(|error| NotAManifest::Json(shorten(&error.to_string())))?;
    if let Some(member) = document.others.keys().find(|member| is_taken_for_another(member)) {
        return Err(NotAManifest::Member(shorten(member)));
    }
    match &document.media_type {
        Some(document) if document != header => {
            let (header, document) = (header.to_owned(), shorten(document));
            return Err(NotAManifest::OtherType { header, document });
        }
        None if !kind.is_oci() => return Err(NotAManifest::NoType),
        Some(_) | None => {}
    }
    if document.schema_version != 2 {
        return Err(NotAManifest::Members(kind));
    }
    let is_manifest = document.config.is_some() || document.layers.is_some();
    match (kind.is_index(), document.manifests) {
        (_, Some(_)) if is_manifest => Err(NotAManifest::Ambiguous),
        (true, Some(entries)) => Ok((kind, platforms(entries))),
        (false, None) if document.config.is_some() && document.layers.is_some() => {
            Ok((kind, Vec::new()))
        }
        (_, _) => Err(NotAManifest::Members(kind)),
    }
}

/// The beginning of text that may be of any length.
pub fn shorten(text: &str) -> String {
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn platforms(entries: Vec<Entry>) -> Vec<String> {
    let platforms = entries.into_iter().filter_map(|entry| entry.platform);
    let platforms = platforms.filter(|platform| platform.os != NO_PLATFORM);
    let mut seen = BTreeSet::new();
    platforms.map(|it| it.to_string()).filter(|name| seen.insert(name.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = r#""config": {}, "layers": []"#;

    fn document(kind: Option<Kind>, members: &str) -> String {
        let kind = kind.map(|kind| format!(r#""mediaType": "{}", "#, kind.media_type()));
        format!(r#"{{"schemaVersion": 2, {}{members}}}"#, kind.unwrap_or_default())
    }

    fn judged(kind: Kind, text: &str) -> Result<(Kind, Vec<String>), NotAManifest> {
        judge(Some(kind.media_type()), text.as_bytes())
    }

    #[test]
    fn documents_of_all_kinds_are_recognised() {
        for kind in Kind::ALL {
            let members = if kind.is_index() { r#""manifests": []"# } else { CONFIG };
            let found = judged(kind, &document(Some(kind), members)).unwrap();
            assert_eq!(found, (kind, Vec::new()));
            // Only OCI may leave it to the registry to say what a document is.
            let untyped = judged(kind, &document(None, members));
            assert_eq!(untyped.is_ok(), kind.is_oci(), "{kind}");
        }
        let header = format!("{}; charset=utf-8", Kind::OciManifest.media_type());
        assert!(judge(Some(&header), document(None, CONFIG).as_bytes()).is_ok());
    }

    #[test]
    fn platforms_are_listed_once_and_only_those_of_images() {
        let members = r#""manifests": [
            {"platform": {"os": "linux", "architecture": "amd64"}},
            {"platform": {"os": "linux", "architecture": "arm64", "variant": "v8"}},
            {"platform": {"os": "unknown", "architecture": "unknown"}},
            {"platform": {"os": "linux", "architecture": "amd64", "os.version": "1"}}, {}]"#;
        let (_, platforms) = judged(Kind::OciIndex, &document(None, members)).unwrap();
        assert_eq!(platforms, ["linux/amd64", "linux/arm64/v8"]);
    }

    #[test]
    fn what_could_be_two_things_is_none() {
        for also in [r#""config": {}"#, r#""layers": []"#] {
            let members = format!(r#""manifests": [], {also}"#);
            for kind in [Kind::OciIndex, Kind::OciManifest] {
                let result = judged(kind, &document(None, &members));
                assert!(matches!(result, Err(NotAManifest::Ambiguous)), "{result:?}");
            }
        }
        let twice = r#""manifests": [], "manifests": []"#;
        let result = judged(Kind::OciIndex, &document(None, twice));
        assert!(matches!(result, Err(NotAManifest::Json(_))), "{result:?}");
    }

    #[test]
    fn members_that_other_programs_read_as_these_are_refused() {
        for member in [
            "Manifests",
            "manifest\u{17f}",
            "\\u004dANIFESTS",
            "Config",
            "LAYERS",
            "mediatype",
            "SchemaVersion",
            "fsLayers",
            "FSLayers",
        ] {
            for kind in Kind::ALL {
                let members = if kind.is_index() { r#""manifests": []"# } else { CONFIG };
                let members = format!(r#"{members}, "{member}": null"#);
                let result = judged(kind, &document(Some(kind), &members));
                assert!(matches!(result, Err(NotAManifest::Member(_))), "{member}: {result:?}");
            }
        }
        let others = format!(r#"{CONFIG}, "annotations": {{"Manifests": 1}}, "subject": {{}}"#);
        assert!(judged(Kind::OciManifest, &document(None, &others)).is_ok());
    }

    #[test]
    fn what_is_wrong_is_told_in_few_words() {
        let long = "x".repeat(100_000);
        for text in [
            format!(r#"{{"schemaVersion": "{long}"}}"#),
            format!(r#"{{"schemaVersion": 2, "mediaType": "{long}"}}"#),
        ] {
            let words = judged(Kind::OciManifest, &text).unwrap_err().to_string();
            assert!(words.contains("xxx") && words.len() < 1000, "{words}");
        }
    }

    #[test]
    fn what_is_not_as_it_says_is_refused() {
        let manifest = document(None, CONFIG);
        let result = judged(Kind::OciIndex, &manifest);
        assert!(matches!(result, Err(NotAManifest::Members(Kind::OciIndex))), "{result:?}");
        let result = judged(Kind::OciManifest, &document(Some(Kind::DockerManifest), CONFIG));
        assert!(matches!(result, Err(NotAManifest::OtherType { .. })), "{result:?}");
        let result =
            judged(Kind::OciManifest, r#"{"schemaVersion": 1, "config": {}, "layers": []}"#);
        assert!(matches!(result, Err(NotAManifest::Members(_))), "{result:?}");
        for text in ["", "null", "[]", "{}", "<html>", r#"{"schemaVersion": 2} {}"#] {
            let result = judged(Kind::OciManifest, text);
            let expected = matches!(result, Err(NotAManifest::Json(_)));
            assert!(expected, "{text}: {result:?}");
        }
        let no_type = judge(None, manifest.as_bytes());
        assert!(matches!(no_type, Err(NotAManifest::NoType)), "{no_type:?}");
        for (header, is_old) in [
            ("application/vnd.docker.distribution.manifest.v1+prettyjws", true),
            ("application/vnd.docker.distribution.manifest.v1+json", true),
            ("application/json", false),
            ("text/html", false),
            ("", false),
        ] {
            let result = judge(Some(header), manifest.as_bytes()).unwrap_err();
            assert_eq!(matches!(result, NotAManifest::Schema1), is_old, "{header}: {result:?}");
        }
    }
}
