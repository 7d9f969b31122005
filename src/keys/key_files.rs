//! A new key in two files of its own, outside of any key store: one to give away, one to keep.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::fsutil::{IoContext as _, PathError, parent, remove_file, sync_parent, write_temporary};
use crate::tuf::pem::Block;

/// The header with the id of a key, for programs that cannot see it while the key is encrypted.
pub const PATH_HEADER: &str = "path";

/// The two files: `PREFIX.pem` and `PREFIX-key.pem`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeyFiles {
    /// The file of the private key.
    pub private: PathBuf,
    /// The file of the public key.
    pub public: PathBuf,
    replace: bool,
}

/// Why the files cannot be written.
#[derive(Debug, Error)]
pub enum KeyFilesError {
    /// One of them is there.
    #[error("`{}` exists already", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// An operation on one of them failed.
    #[error(transparent)]
    Path(#[from] PathError),
}

impl KeyFiles {
    /// Names the files, and makes sure that they can be written: their directory is there, and they
    /// are not, unless they are to be replaced.
    pub fn new(prefix: &Path, replace: bool) -> Result<Self, KeyFilesError> {
        let with = |ending: &str| {
            let mut path = OsString::from(prefix);
            path.push(ending);
            PathBuf::from(path)
        };
        let files = Self { private: with("-key.pem"), public: with(".pem"), replace };
        let directory = parent(&files.private);
        if !directory.is_dir() {
            let source = io::Error::new(io::ErrorKind::NotFound, "there is no such directory");
            let path = directory.to_owned();
            return Err(PathError { action: "write in", path, source }.into());
        }
        for path in [&files.private, &files.public] {
            if !replace && path.symlink_metadata().is_ok() {
                return Err(KeyFilesError::Exists { path: path.clone() });
            }
        }
        Ok(files)
    }

    /// Writes both files, or none.
    ///
    /// Both are on the disk before the first gets its name. The private key is the first: a public
    /// key whose private key is lost would be of no use to anybody.
    pub fn write(&self, private: &Block, public: &Block) -> Result<(), KeyFilesError> {
        let directory = parent(&self.private);
        let new_private = write_temporary(directory, private.encode().as_bytes())?;
        let new_public = write_temporary(directory, public.encode().as_bytes())?;
        self.name(new_private, &self.private)?;
        if let Err(error) = self.name(new_public, &self.public) {
            if !self.replace {
                // What cannot be tidied up is a good key.
                let _ = remove_file(&self.private);
            }
            return Err(error);
        }
        Ok(sync_parent(&self.private)?)
    }

    fn name(&self, file: tempfile::NamedTempFile, path: &Path) -> Result<(), KeyFilesError> {
        let named = match self.replace {
            true => file.persist(path),
            false => file.persist_noclobber(path),
        };
        match named {
            Ok(_) => Ok(()),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
                Err(KeyFilesError::Exists { path: path.to_owned() })
            }
            Err(error) => Ok(Err(error.error).on("write", path)?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fsutil::{list_dir, read_bounded, write_new};

    fn block(byte: u8) -> Block {
        Block::new("TEST", vec![byte])
    }

    #[test]
    fn nothing_is_left_when_the_second_file_cannot_be_written() {
        let directory = tempfile::tempdir().unwrap();
        let files = KeyFiles::new(&directory.path().join("a"), false).unwrap();
        // Somebody was faster.
        write_new(&files.public, b"theirs").unwrap();
        let error = files.write(&block(1), &block(2)).unwrap_err();
        assert!(matches!(error, KeyFilesError::Exists { path } if path == files.public));
        assert!(!files.private.exists());
        assert_eq!(list_dir(directory.path()).unwrap().len(), 1);
        assert_eq!(read_bounded(&files.public, 99).unwrap().unwrap(), b"theirs");
    }

    #[test]
    fn a_private_key_that_somebody_else_has_just_written_stays() {
        let directory = tempfile::tempdir().unwrap();
        let files = KeyFiles::new(&directory.path().join("a"), false).unwrap();
        write_new(&files.private, b"theirs").unwrap();
        let error = files.write(&block(1), &block(2)).unwrap_err();
        assert!(matches!(error, KeyFilesError::Exists { path } if path == files.private));
        assert_eq!(read_bounded(&files.private, 99).unwrap().unwrap(), b"theirs");
        assert_eq!(list_dir(directory.path()).unwrap().len(), 1);
    }
}
