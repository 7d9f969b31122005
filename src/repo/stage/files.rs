//! Files that are to become targets, and what can be said about them without the collection.

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::fsutil::{self, PathError};
use crate::tuf::json::{Json, JsonError};

/// The most bytes of custom data.
const MAX_CUSTOM_BYTES: u64 = 1 << 20;

/// Why something cannot be staged.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// Custom data that cannot be signed.
    #[error("the custom data in `{}` cannot be signed", path.display())]
    Custom {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        why: CustomProblem,
    },
    /// A directory without files.
    #[error("there are no files to add in `{}`", path.display())]
    Empty {
        /// The directory.
        path: PathBuf,
    },
    /// A file that has no name which could be signed.
    #[error("the name of `{}` is not valid Unicode", path.display())]
    NotUnicode {
        /// The file.
        path: PathBuf,
    },
    /// A failed operation on a file.
    #[error(transparent)]
    Path(#[from] PathError),
    /// Two files would be signed under one name.
    #[error("`{}` and `{}` would both become the target {name:?}", first.display(), second.display())]
    SameName {
        /// The name.
        name: String,
        /// One file.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },
    /// A name that no other program could publish.
    #[error("the target name {name:?} contains a control character")]
    TargetName {
        /// The name.
        name: String,
    },
    /// A directory that cannot be searched.
    #[error("cannot search `{}`", path.display())]
    Walk {
        /// The directory.
        path: PathBuf,
        /// Why.
        #[source]
        source: walkdir::Error,
    },
}

/// Why custom data cannot be signed.
#[derive(Debug, thiserror::Error)]
pub enum CustomProblem {
    /// Control characters have no canonical form that is JSON (`formats.md` §4.5).
    #[error("it contains control characters")]
    ControlCharacters,
    /// Readers would disagree about its meaning.
    #[error("member {0:?} occurs more than once")]
    Duplicate(String),
    /// Go clients sign and verify these differently.
    #[error(
        "it contains one of `<`, `>`, `&`, U+2028 and U+2029, on top of which Notary 0.7 cannot \
         publish"
    )]
    HtmlCharacters,
    /// Not JSON, or with numbers that Notary cannot sign.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// A number that double arithmetic would change.
    #[error("it contains a number beyond 2^53, which readers would change")]
    LargeNumber,
}

/// A file that is to become a target.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NewTarget {
    /// The target's name.
    pub name: String,
    /// The file.
    pub path: PathBuf,
}

/// Files that were found, and what was passed over.
#[derive(Debug, Default, Eq, PartialEq)]
pub struct Found {
    /// Regular files, with their names as targets.
    pub files: Vec<NewTarget>,
    /// Symbolic links, sockets and the like.
    pub skipped: Vec<PathBuf>,
}

/// Finds the files to be added from paths of files and directories.
///
/// A file gets its file name, a file below a directory its path relative to the directory, with
/// `/` between the parts. Links inside of directories are not followed: what is signed must not
/// depend on what lies elsewhere.
pub fn find_files(paths: &[PathBuf], prefix: &str) -> Result<Found, StageError> {
    let mut found = Found::default();
    for path in paths {
        let before = found.files.len();
        let entries = WalkDir::new(path).sort_by_file_name();
        for entry in entries {
            let entry = entry.map_err(|error| walk_error(path, error))?;
            // Whoever names a link means what it points to.
            let is_root_dir = || entry.depth() == 0 && entry.path().is_dir();
            if entry.file_type().is_dir() || is_root_dir() {
                continue;
            }
            if !entry.file_type().is_file() && entry.depth() > 0 {
                found.skipped.push(entry.into_path());
                continue;
            }
            let relative = match entry.depth() {
                0 => Path::new(entry.file_name()),
                _ => entry.path().strip_prefix(path).unwrap_or(entry.path()),
            };
            let name = format!("{prefix}{}", slashed(relative, entry.path())?);
            check_name(&name)?;
            found.files.push(NewTarget { name, path: entry.into_path() });
        }
        if found.files.len() == before {
            return Err(StageError::Empty { path: path.clone() });
        }
    }
    check_distinct(&found.files)?;
    Ok(found)
}

fn walk_error(path: &Path, error: walkdir::Error) -> StageError {
    let at = error.path().unwrap_or(path).to_owned();
    match error.io_error().map(std::io::Error::kind) {
        Some(std::io::ErrorKind::NotFound) => fsutil::missing(&at).into(),
        Some(kind) => {
            let source = error.into_io_error().unwrap_or_else(|| kind.into());
            PathError { action: "read", path: at, source }.into()
        }
        None => StageError::Walk { path: at, source: error },
    }
}

fn slashed(relative: &Path, whole: &Path) -> Result<String, StageError> {
    let parts: Option<Vec<&str>> =
        relative.components().map(|part| part.as_os_str().to_str()).collect();
    let not_unicode = || StageError::NotUnicode { path: whole.to_owned() };
    Ok(parts.ok_or_else(not_unicode)?.join("/"))
}

fn check_distinct(files: &[NewTarget]) -> Result<(), StageError> {
    let mut by_name: Vec<&NewTarget> = files.iter().collect();
    by_name.sort_by(|a, b| a.name.cmp(&b.name));
    match by_name.windows(2).find(|pair| pair[0].name == pair[1].name) {
        Some(pair) => Err(StageError::SameName {
            name: pair[0].name.clone(),
            first: pair[0].path.clone(),
            second: pair[1].path.clone(),
        }),
        None => Ok(()),
    }
}

/// Refuses names with control characters: Go clients cannot publish a role that has one below U+0020
/// (`formats.md` §3.5), and terminals obey all of them.
pub fn check_name(name: &str) -> Result<(), StageError> {
    if name.chars().any(char::is_control) {
        return Err(StageError::TargetName { name: name.to_owned() });
    }
    Ok(())
}

/// Refuses custom data that not every client would sign and verify alike.
pub fn check_custom(custom: &Json) -> Result<(), CustomProblem> {
    if custom.has_control_characters() {
        return Err(CustomProblem::ControlCharacters);
    }
    if custom.has_html_characters() {
        return Err(CustomProblem::HtmlCharacters);
    }
    if custom.has_inexact_numbers() {
        return Err(CustomProblem::LargeNumber);
    }
    Ok(())
}

/// Reads custom data and brings it into the form in which it is signed.
pub fn read_custom(path: &Path) -> Result<Json, StageError> {
    let text = fsutil::read_bounded(path, MAX_CUSTOM_BYTES)?;
    let text = text.ok_or_else(|| fsutil::missing(path))?;
    let check = || {
        let document = Json::parse(&text)?;
        if let Some(name) = document.duplicate {
            return Err(CustomProblem::Duplicate(name));
        }
        check_custom(&document.value)?;
        Ok(document.value)
    };
    check().map_err(|why| StageError::Custom { path: path.to_owned(), why })
}
