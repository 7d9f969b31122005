//! Files and directories: bounded reads, atomic private writes, locks.
//!
//! Every error names the path. Files appear under their name complete or not at all: they are
//! written next to it, flushed to the disk and renamed. Files are 0600 and directories 0700.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};
use std::thread;

use tempfile::NamedTempFile;
use thiserror::Error;

/// A failed operation on a path.
#[derive(Debug, Error)]
#[error("cannot {action} `{}`", path.display())]
pub struct PathError {
    /// What was tried, as a verb.
    pub action: &'static str,
    /// On what.
    pub path: PathBuf,
    /// Why it failed.
    #[source]
    pub source: io::Error,
}

impl PathError {
    /// Whether the operation failed because nothing is there.
    pub fn is_not_found(&self) -> bool {
        self.source.kind() == io::ErrorKind::NotFound
    }
}

/// Adds the path to IO errors.
pub trait IoContext<T> {
    /// Says that `action` on `path` failed.
    fn on(self, action: &'static str, path: &Path) -> Result<T, PathError>;
}

impl<T> IoContext<T> for io::Result<T> {
    fn on(self, action: &'static str, path: &Path) -> Result<T, PathError> {
        self.map_err(|source| PathError { action, path: path.to_owned(), source })
    }
}

/// The error for a file that has to be there and is not.
pub fn missing(path: &Path) -> PathError {
    let source = io::Error::new(io::ErrorKind::NotFound, "there is no such file");
    PathError { action: "read", path: path.to_owned(), source }
}

/// Opens a regular file for reading; `None` when nothing is there.
///
/// Anything else than a file, such as a pipe that would never end, is an error.
pub fn open_file(path: &Path) -> Result<Option<File>, PathError> {
    let not_a_file = |kind, what| Err(io::Error::new(kind, what)).on("read", path);
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => File::open(path).map(Some).on("read", path),
        Ok(metadata) if metadata.is_dir() => {
            not_a_file(io::ErrorKind::IsADirectory, "it is a directory")
        }
        Ok(_) => not_a_file(io::ErrorKind::InvalidInput, "it is not a regular file"),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).on("read", path),
    }
}

/// Reads a file of at most `max` bytes; `None` when nothing is there. A longer file is an error.
pub fn read_bounded(path: &Path, max: u64) -> Result<Option<Vec<u8>>, PathError> {
    let Some(file) = open_file(path)? else { return Ok(None) };
    let too_large = || {
        let what = format!("it is larger than {max} bytes");
        Err(io::Error::new(io::ErrorKind::FileTooLarge, what)).on("read", path)
    };
    let length = file.metadata().on("read", path)?.len();
    if length > max {
        return too_large();
    }
    // Room for all of it at once: growing would leave pieces of a secret behind in memory.
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0) + 1);
    file.take(max.saturating_add(1)).read_to_end(&mut bytes).on("read", path)?;
    // It may have grown meanwhile, or not tell its length, as in /proc.
    if bytes.len() as u64 > max { too_large() } else { Ok(Some(bytes)) }
}

/// Puts a file with these bytes in place of whatever file has the name.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<(), PathError> {
    let temporary = write_temporary(parent(path), bytes)?;
    temporary.persist(path).map_err(|error| error.error).on("write", path)?;
    sync_parent(path)
}

/// Like [`write_atomic`] for many files: all are on the disk before the first gets its name, and
/// they get their names in order.
pub fn write_all_atomic(files: &[(PathBuf, &[u8])]) -> Result<(), PathError> {
    let temporaries = write_temporaries(files, |(path, bytes)| (parent(path), bytes))?;
    for (temporary, (path, _)) in temporaries.into_iter().zip(files) {
        temporary.persist(path).map_err(|error| error.error).on("write", path)?;
    }
    let directories: BTreeSet<&Path> = files.iter().map(|(path, _)| parent(path)).collect();
    directories.into_iter().try_for_each(sync)
}

/// Writes a file for each of `items` like [`write_temporary`]; `describe` tells directory and bytes.
///
/// Flushing is what takes time; done by several threads, the disk merges it.
pub fn write_temporaries<'a, T: Sync, B: AsRef<[u8]>>(
    items: &'a [T],
    describe: impl Fn(&'a T) -> (&'a Path, B) + Sync,
) -> Result<Vec<NamedTempFile>, PathError> {
    const WRITERS: usize = 8;
    let write = |item| {
        let (directory, bytes) = describe(item);
        write_temporary(directory, bytes.as_ref())
    };
    let write_share = |share: &'a [T]| share.iter().map(&write).collect::<Result<Vec<_>, _>>();
    let share = items.len().div_ceil(WRITERS).max(1);
    thread::scope(|scope| {
        let shares = items.chunks(share);
        let writers: Vec<_> = shares.map(|share| scope.spawn(|| write_share(share))).collect();
        let mut files = Vec::with_capacity(items.len());
        for writer in writers {
            files.extend(writer.join().expect("writing a file does not panic")?);
        }
        Ok(files)
    })
}

/// Like [`write_atomic`], but fails with [`io::ErrorKind::AlreadyExists`] when the name is taken.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<(), PathError> {
    let temporary = write_temporary(parent(path), bytes)?;
    temporary.persist_noclobber(path).map_err(|error| error.error).on("create", path)?;
    sync_parent(path)
}

/// Writes `bytes` to the disk in a file of `directory` that goes away unless it gets a name; the
/// directory is created if need be.
pub fn write_temporary(directory: &Path, bytes: &[u8]) -> Result<NamedTempFile, PathError> {
    let create = || {
        create_private_dir(directory).map_err(|error| error.source)?;
        tempfile::Builder::new().prefix(".tmp-").tempfile_in(directory)
    };
    let write = || {
        let mut file = unless_removed(create)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        Ok(file)
    };
    write().on("write in", directory)
}

/// Makes the entries of the directory that holds `path` durable.
pub fn sync_parent(path: &Path) -> Result<(), PathError> {
    sync(parent(path))
}

fn sync(directory: &Path) -> Result<(), PathError> {
    #[cfg(unix)]
    File::open(directory).and_then(|directory| directory.sync_all()).on("write", directory)?;
    let _ = directory;
    Ok(())
}

/// The directory that holds `path`.
pub fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Creates a directory and those above it, for the owner only; existing ones keep their mode.
pub fn create_private_dir(path: &Path) -> Result<(), PathError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let create = || builder.create(path);
    unless_removed(create).on("create", path)
}

/// Tries again when a directory was empty, and therefore removed by somebody who tidies up, just
/// before something could be put into it.
fn unless_removed<T>(mut create: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    const TRIES: u32 = 16;
    for _ in 1..TRIES {
        match create() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            result => return result,
        }
    }
    create()
}

/// Removes a file; returns whether there was one.
pub fn remove_file(path: &Path) -> Result<bool, PathError> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error).on("remove", path),
    }
}

/// Removes a directory if it is empty.
pub fn remove_empty_dir(path: &Path) -> Result<(), PathError> {
    use io::ErrorKind::{DirectoryNotEmpty, NotFound};
    match fs::remove_dir(path) {
        Err(error) if !matches!(error.kind(), NotFound | DirectoryNotEmpty) => {
            Err(error).on("remove", path)
        }
        _ => Ok(()),
    }
}

/// Returns the names in a directory, sorted; none when there is no directory.
pub fn list_dir(path: &Path) -> Result<Vec<std::ffi::OsString>, PathError> {
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).on("list", path),
    };
    let names = entries.map(|entry| entry.map(|entry| entry.file_name()));
    let mut names = names.collect::<io::Result<Vec<_>>>().on("list", path)?;
    names.sort();
    Ok(names)
}

/// An advisory lock that is held until it is dropped or the process ends.
#[derive(Debug)]
pub struct Lock(#[cfg_attr(not(test), expect(dead_code, reason = "holds the lock"))] File);

impl Lock {
    /// Waits until the lock can be had.
    pub fn acquire(path: &Path) -> Result<Self, PathError> {
        loop {
            let file = Self::open(path)?;
            file.lock().on("lock", path)?;
            // Whoever had the lock may have removed the file; then it locks nothing any more.
            if is_at(&file, path) {
                return Ok(Self(file));
            }
        }
    }

    fn open(path: &Path) -> Result<File, PathError> {
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let open = || {
            create_private_dir(parent(path)).map_err(|error| error.source)?;
            options.open(path)
        };
        unless_removed(open).on("lock", path)
    }
}

/// Whether the open file is still the one with this name.
fn is_at(file: &File, path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let id = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
        file.metadata().map(id).ok() == fs::metadata(path).map(id).ok()
    }
    // Elsewhere a file that is open cannot be removed.
    #[cfg(not(unix))]
    {
        let _ = (file, path);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_files_are_private_and_complete() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a/b/file");
        write_atomic(&path, b"one").unwrap();
        write_atomic(&path, b"two").unwrap();
        assert_eq!(read_bounded(&path, 3).unwrap().unwrap(), b"two");
        assert_eq!(list_dir(path.parent().unwrap()).unwrap(), ["file"]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(&path), 0o600);
            assert_eq!(mode(path.parent().unwrap()), 0o700);
        }
    }

    #[test]
    fn new_files_do_not_replace_others() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        write_new(&path, b"one").unwrap();
        let error = write_new(&path, b"two").unwrap_err();
        assert_eq!(error.source.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(read_bounded(&path, 3).unwrap().unwrap(), b"one");
        assert_eq!(list_dir(directory.path()).unwrap(), ["file"]);
    }

    #[test]
    fn reads_are_bounded_and_only_of_files() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        assert!(read_bounded(&path, 3).unwrap().is_none());
        write_atomic(&path, b"four").unwrap();
        let error = read_bounded(&path, 3).unwrap_err();
        assert_eq!(error.source.kind(), io::ErrorKind::FileTooLarge);
        let error = read_bounded(directory.path(), 3).unwrap_err();
        assert_eq!(error.source.kind(), io::ErrorKind::IsADirectory);
    }

    #[test]
    fn a_lock_excludes_others_until_it_is_dropped() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("lock");
        let held = Lock::acquire(&path).unwrap();
        let waiting = thread::spawn({
            let path = path.clone();
            move || Lock::acquire(&path).map(|_| std::time::Instant::now())
        });
        thread::sleep(std::time::Duration::from_millis(50));
        let released = std::time::Instant::now();
        drop(held);
        assert!(waiting.join().unwrap().unwrap() >= released);
    }

    #[test]
    fn a_lock_on_a_removed_file_is_no_lock() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("lock");
        let held = Lock::acquire(&path).unwrap();
        let waiting = thread::spawn({
            let path = path.clone();
            move || Lock::acquire(&path).map(|lock| (is_at(&lock.0, &path), lock).0)
        });
        thread::sleep(std::time::Duration::from_millis(50));
        fs::remove_file(&path).unwrap();
        drop(held);
        assert!(waiting.join().unwrap().unwrap());
    }
}
