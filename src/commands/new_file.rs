//! Files that commands write where the user wants them, and what stands for stdin and stdout.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::Session;
use crate::error::{CliError, Exit};
use crate::fsutil::{self, IoContext as _};

/// The word for stdin and stdout.
pub const STREAM: &str = "-";

/// Reads all of stdin; `None` if it has more than `max` bytes. It must be for that.
pub fn read_stdin(
    session: &mut Session<'_>,
    max: u64,
) -> Result<Option<Zeroizing<Vec<u8>>>, CliError> {
    if session.ui.stdin_is_taken() {
        let words = "stdin cannot have both the password and a file";
        return Err(CliError::new(Exit::Usage, words).hint("give the name of a file"));
    }
    let mut bytes = Zeroizing::new(Vec::new());
    let read = session.ui.stdin().take(max + 1).read_to_end(&mut bytes);
    read.on("read", Path::new(STREAM))?;
    Ok((bytes.len() as u64 <= max).then_some(bytes))
}

/// A file that is about to be written.
pub struct NewFile {
    path: PathBuf,
    replace: bool,
}

impl NewFile {
    /// Makes sure that the file can be written: its directory is there, and it is not, or a file
    /// that is to be replaced.
    pub fn new(path: PathBuf, replace: bool) -> Result<Self, CliError> {
        // The file that a link points to is replaced, not the link.
        let path = path.canonicalize().unwrap_or(path);
        match fs::symlink_metadata(&path) {
            Ok(_) if !replace => return Err(CliError::file_exists(&path)),
            Ok(found) if !found.is_file() => {
                let words = format!("`{}` is not a regular file", path.display());
                return Err(CliError::new(Exit::Failed, words));
            }
            Ok(_) => {}
            // A mistyped directory is not to be created.
            Err(_) => _ = fs::metadata(fsutil::parent(&path)).on("write", &path)?,
        }
        Ok(Self { path, replace })
    }

    /// Where it will be.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether something is going to be replaced.
    pub fn exists(&self) -> bool {
        self.path.exists()
    }

    /// Writes the file to the disk, has it checked as it is there, and only then gives it its name.
    pub fn write(
        &self,
        bytes: &[u8],
        check: impl FnOnce(&[u8]) -> Result<(), CliError>,
    ) -> Result<(), CliError> {
        let file = fsutil::write_temporary(fsutil::parent(&self.path), bytes)?;
        let written = fsutil::read_bounded(file.path(), bytes.len() as u64)?;
        check(&written.unwrap_or_default())?;
        let named = match self.replace {
            true => file.persist(&self.path),
            false => file.persist_noclobber(&self.path),
        };
        match named {
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
                Err(CliError::file_exists(&self.path))
            }
            result => {
                result.map_err(|error| error.error).on("write", &self.path)?;
                Ok(fsutil::sync_parent(&self.path)?)
            }
        }
    }
}
