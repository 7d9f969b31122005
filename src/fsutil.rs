//! Files and directories: bounded reads, atomic private writes, locks.
//!
//! Every error names the path. Files appear under their name complete or not at all: they are
//! written next to it, flushed to the disk and renamed. Files are 0600 and directories 0700.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use tempfile::{NamedTempFile, TempPath};
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
    open_file(path)?.map(|file| read_open(file, path, max)).transpose()
}

/// Like [`read_bounded`], but reads also what is no regular file, such as a pipe.
pub fn read_any_bounded(path: &Path, max: u64) -> Result<Option<Vec<u8>>, PathError> {
    match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        opened => read_open(opened.on("read", path)?, path, max).map(Some),
    }
}

fn read_open(file: File, path: &Path, max: u64) -> Result<Vec<u8>, PathError> {
    let what = format!("it is larger than {max} bytes");
    let too_large = Err(io::Error::new(io::ErrorKind::FileTooLarge, what)).on("read", path);
    let length = file.metadata().on("read", path)?.len();
    if length > max {
        return too_large;
    }
    // Room for all of it at once: growing would leave pieces of a secret behind in memory.
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0) + 1);
    file.take(max.saturating_add(1)).read_to_end(&mut bytes).on("read", path)?;
    // It may have grown meanwhile, or not tell its length, as in /proc.
    if bytes.len() as u64 > max { too_large } else { Ok(bytes) }
}

/// Puts a file with these bytes in place of whatever file has the name.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<(), PathError> {
    let temporary = write_temporary(parent(path), bytes)?;
    temporary.persist(path).map_err(|error| error.error).on("write", path)?;
    sync_parent(path)
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
    write_prefixed(directory, TEMPORARY, bytes)
}

/// How the names begin that [`write_temporary`] gives.
const TEMPORARY: &str = ".tmp-";

/// Removes what processes that were killed have left in `directory` and below: files with names
/// that [`write_temporary`] gives, of more than a day ago. What cannot be removed does no harm.
pub fn remove_abandoned(directory: &Path) {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    let is_temporary = |name: &OsString| {
        let random = name.to_str().and_then(|name| name.strip_prefix(TEMPORARY));
        random.is_some_and(|random| {
            random.len() == 6 && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
    };
    for name in list_dir(directory).unwrap_or_default() {
        let path = directory.join(&name);
        let Ok(metadata) = fs::symlink_metadata(&path) else { continue };
        let age = || metadata.modified().ok()?.elapsed().ok();
        if metadata.is_dir() {
            remove_abandoned(&path);
        } else if metadata.is_file() && is_temporary(&name) && age().is_some_and(|age| age > DAY) {
            let _ = remove_file(&path);
        }
    }
}

fn write_prefixed(
    directory: &Path,
    prefix: &str,
    bytes: &[u8],
) -> Result<NamedTempFile, PathError> {
    let create = || {
        create_private_dir(directory).map_err(|error| error.source)?;
        tempfile::Builder::new().prefix(prefix).tempfile_in(directory)
    };
    let write = || {
        let mut file = unless_removed(create)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        Ok(file)
    };
    write().on("write in", directory)
}

/// Flushes what was written to a file, by whomever, to the disk; nothing if there is no file.
pub fn sync_file(path: &Path) -> Result<(), PathError> {
    match OpenOptions::new().write(true).open(path) {
        Ok(file) => file.sync_data().on("write", path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error).on("write", path),
    }
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

/// Creates a directory and those above it, for the owner only; existing ones keep their mode. New
/// ones are on the disk when this returns, so that what is put into them cannot be lost with them.
pub fn create_private_dir(path: &Path) -> Result<(), PathError> {
    unless_removed(|| create_private_dirs(path)).on("create", path)
}

fn create_private_dirs(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(above) = path.parent().filter(|above| !above.as_os_str().is_empty()) {
        create_private_dirs(above)?;
    }
    #[cfg_attr(not(unix), expect(unused_mut, reason = "there are no modes elsewhere"))]
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(path) {
        // Somebody else was faster.
        Err(_) if path.is_dir() => Ok(()),
        Err(error) => Err(error),
        Ok(()) => sync_parent(path).map_err(|error| error.source),
    }
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

/// Creates an empty file for the owner only, if there is none; one that is there stays as it is.
pub fn create_private_file(path: &Path) -> Result<(), PathError> {
    open_private_file(path, "create").map(drop)
}

fn open_private_file(path: &Path, action: &'static str) -> Result<File, PathError> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let open = || {
        create_private_dir(parent(path)).map_err(|error| error.source)?;
        options.open(path)
    };
    unless_removed(open).on(action, path)
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
pub fn list_dir(path: &Path) -> Result<Vec<OsString>, PathError> {
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
        Self::acquire_patiently(path, |_| ())
    }

    /// Waits until the lock can be had; `tell` is called if that may take a while.
    pub fn acquire_patiently(path: &Path, tell: impl FnOnce(&Path)) -> Result<Self, PathError> {
        let mut tell = Some(tell);
        loop {
            let file = Self::open(path)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::Error(error)) => return Err(error).on("lock", path),
                Err(TryLockError::WouldBlock) => {
                    if let Some(tell) = tell.take() {
                        tell(path);
                    }
                    file.lock().on("lock", path)?;
                }
            }
            // Whoever had the lock may have removed the file; then it locks nothing any more.
            if is_at(&file, path) {
                return Ok(Self(file));
            }
        }
    }

    fn open(path: &Path) -> Result<File, PathError> {
        open_private_file(path, "lock")
    }
}

/// Files of one kind that are written in a directory before they get their names, by one process
/// at a time.
///
/// They are called `.<kind>-...`, and while this exists, `.<kind>.lock` is locked. Such files that
/// are there at the beginning were left by a process that was killed, and go.
#[derive(Debug)]
pub struct Drafts {
    directory: PathBuf,
    lock_path: PathBuf,
    prefix: String,
    _lock: Lock,
}

impl Drafts {
    /// Waits until nobody else writes files of this kind.
    pub fn begin(directory: &Path, kind: &str) -> Result<Self, PathError> {
        let lock_path = directory.join(format!(".{kind}.lock"));
        let lock = Lock::acquire(&lock_path)?;
        let (directory, prefix) = (directory.to_owned(), format!(".{kind}-"));
        for name in list_dir(&directory)? {
            let path = directory.join(&name);
            // Collections with longer names have directories here, which may be called anything.
            if name.as_encoded_bytes().starts_with(prefix.as_bytes()) && !path.is_dir() {
                remove_file(&path)?;
            }
        }
        Ok(Self { directory, lock_path, prefix, _lock: lock })
    }

    /// Writes a file for each of `items` to the disk. It goes away unless it gets a name.
    ///
    /// Flushing is what takes time; done by several threads, the disk merges it. No file stays
    /// open: there may be more of them than a process may have open.
    pub fn write_all<'a, T: Sync, B: AsRef<[u8]>>(
        &self,
        items: &'a [T],
        bytes: impl Fn(&'a T) -> B + Sync,
    ) -> Result<Vec<TempPath>, PathError> {
        const WRITERS: usize = 8;
        let write = |item| {
            let file = write_prefixed(&self.directory, &self.prefix, bytes(item).as_ref())?;
            Ok(file.into_temp_path())
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

    /// Puts files in place of whatever files have the names, in their order, once all of them are
    /// on the disk.
    pub fn replace_all(&self, files: &[(PathBuf, &[u8])]) -> Result<(), PathError> {
        let written = self.write_all(files, |(_, bytes)| bytes)?;
        let directories: BTreeSet<&Path> = files.iter().map(|(path, _)| parent(path)).collect();
        directories.iter().try_for_each(|directory| create_private_dir(directory))?;
        for (file, (path, _)) in written.into_iter().zip(files) {
            file.persist(path).map_err(|error| error.error).on("write", path)?;
        }
        directories.into_iter().try_for_each(sync)
    }

    /// Ends this for good, so that nothing is left in the directory.
    pub fn abandon(self) -> Result<(), PathError> {
        remove_file(&self.lock_path).map(drop)
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
        thread::sleep(Duration::from_millis(50));
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
        thread::sleep(Duration::from_millis(50));
        fs::remove_file(&path).unwrap();
        drop(held);
        assert!(waiting.join().unwrap().unwrap());
    }

    #[test]
    fn drafts_of_a_killed_process_go_and_those_of_others_stay() {
        let directory = tempfile::tempdir().unwrap();
        let drafts = Drafts::begin(directory.path(), "one").unwrap();
        // As if the process had been killed here.
        let killed = drafts.write_all(&["a", "b"], |text| text).unwrap();
        drop(drafts);
        let killed: Vec<_> = killed.into_iter().map(|path| path.keep().unwrap()).collect();
        let other = Drafts::begin(directory.path(), "other").unwrap();
        let files = other.write_all(&["c"], |text| text).unwrap();
        assert!(killed.iter().all(|path| path.exists()));

        let drafts = Drafts::begin(directory.path(), "one").unwrap();
        assert!(killed.iter().all(|path| !path.exists()) && files[0].exists());
        drafts.replace_all(&[(directory.path().join("d/e"), b"new".as_slice())]).unwrap();
        drafts.abandon().unwrap();
        drop(files);
        other.abandon().unwrap();
        assert_eq!(list_dir(directory.path()).unwrap(), ["d"]);
        assert_eq!(list_dir(&directory.path().join("d")).unwrap(), ["e"]);
    }
}
