//! Describes files by length and hashes: each file is read once, in pieces of a fixed size.
//!
//! Large files keep two cores busy, one for each hash, so that the slower of the two is the limit.
//! Many files keep all cores busy with whole files.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use aws_lc_rs::digest::{Context, SHA256, SHA512};

use crate::fsutil::{self, IoContext as _, PathError};
use crate::progress::Task;
use crate::tuf::metadata::FileMeta;

const PIECE_BYTES: usize = 256 << 10;
/// Pieces that are on their way to the second hash.
const PIECES_IN_FLIGHT: usize = 4;
/// Below this, a second thread costs more than it saves.
const PARALLEL_FROM_BYTES: u64 = 4 << 20;

/// Describes what `reader` yields; every piece also goes to `sink`.
pub fn describe(
    mut reader: impl Read,
    mut sink: impl FnMut(&[u8]) -> io::Result<()>,
    task: &dyn Task,
) -> io::Result<FileMeta> {
    let mut hashes = (Context::new(&SHA256), Context::new(&SHA512));
    let mut length = 0;
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        let read = read_piece(&mut reader, &mut piece)?;
        hashes.0.update(&piece[..read]);
        hashes.1.update(&piece[..read]);
        sink(&piece[..read])?;
        task.advance(read as u64);
        length += read as u64;
        // A terminal that said once that this is the end would go on if it was asked again.
        if read < piece.len() {
            return Ok(finish(length, hashes));
        }
    }
}

/// Like [`describe`] without a sink, with one thread for each hash.
fn describe_on_two_cores(mut reader: impl Read, task: &dyn Task) -> io::Result<FileMeta> {
    let (full, to_hash): (SyncSender<(Vec<u8>, usize)>, _) = sync_channel(PIECES_IN_FLIGHT);
    let (empty, free): (SyncSender<Vec<u8>>, _) = sync_channel(PIECES_IN_FLIGHT + 1);
    for _ in 0..=PIECES_IN_FLIGHT {
        empty.send(vec![0; PIECE_BYTES]).expect("the channel has room for every piece");
    }
    thread::scope(|scope| {
        let second = scope.spawn(move || {
            let mut sha512 = Context::new(&SHA512);
            for (piece, read) in to_hash {
                sha512.update(&piece[..read]);
                // Nobody takes pieces back once the file is read.
                let _ = empty.send(piece);
            }
            sha512
        });
        let first = hash_and_pass_on(&mut reader, &full, &free, task);
        drop(full);
        let sha512 = second.join().expect("hashing does not panic");
        let (length, sha256) = first?;
        Ok(finish(length, (sha256, sha512)))
    })
}

fn hash_and_pass_on(
    reader: &mut impl Read,
    full: &SyncSender<(Vec<u8>, usize)>,
    free: &Receiver<Vec<u8>>,
    task: &dyn Task,
) -> io::Result<(u64, Context)> {
    let mut sha256 = Context::new(&SHA256);
    let mut length = 0;
    loop {
        let mut piece = free.recv().map_err(io::Error::other)?;
        let read = read_piece(reader, &mut piece)?;
        if read == 0 {
            return Ok((length, sha256));
        }
        sha256.update(&piece[..read]);
        task.advance(read as u64);
        length += read as u64;
        full.send((piece, read)).map_err(io::Error::other)?;
    }
}

/// Fills `piece` as far as the reader goes, so that pipes do not make tiny pieces.
fn read_piece(reader: &mut impl Read, piece: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < piece.len() {
        match reader.read(&mut piece[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

fn finish(length: u64, (sha256, sha512): (Context, Context)) -> FileMeta {
    let raw = |hash: Context| Some(hash.finish().as_ref().to_vec());
    FileMeta::new(length, raw(sha256), raw(sha512))
}

/// Describes all `paths`, in their order; the first failure ends it.
pub fn describe_files(paths: &[PathBuf], task: &dyn Task) -> Result<Vec<FileMeta>, PathError> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    if paths.len() < 2 || cores == 1 {
        return paths.iter().map(|path| describe_file(path, task)).collect();
    }
    let next = Mutex::new(0..paths.len());
    let work = || {
        let mut described = Vec::new();
        loop {
            let index = next.lock().map_err(poisoned).ok().and_then(|mut next| next.next());
            let Some(index) = index else { return Ok(described) };
            match describe_file(&paths[index], task) {
                Ok(meta) => described.push((index, meta)),
                Err(error) => {
                    // The others stop after the file they are at.
                    if let Ok(mut next) = next.lock() {
                        *next = 0..0;
                    }
                    return Err(error);
                }
            }
        }
    };
    let mut described = Vec::with_capacity(paths.len());
    thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            described.extend(worker.join().expect("hashing does not panic")?);
        }
        Ok(())
    })?;
    described.sort_by_key(|(index, _)| *index);
    Ok(described.into_iter().map(|(_, meta)| meta).collect())
}

fn poisoned<T>(_: T) {}

fn describe_file(path: &Path, task: &dyn Task) -> Result<FileMeta, PathError> {
    let file = fsutil::open_file(path)?.ok_or_else(|| fsutil::missing(path))?;
    let length = |file: &File| file.metadata().map_or(0, |metadata| metadata.len());
    if length(&file) < PARALLEL_FROM_BYTES {
        describe(file, |_| Ok(()), task).on("read", path)
    } else {
        describe_on_two_cores(file, task).on("read", path)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::progress::Silent;

    /// Yields one byte less than asked for, as pipes may.
    struct Dribble<'a>(&'a [u8]);

    impl Read for Dribble<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let most = out.len().saturating_sub(1).max(1);
            self.0.read(&mut out[..most])
        }
    }

    #[test]
    fn both_ways_of_hashing_agree_with_the_engine() {
        for length in [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 10 * PIECE_BYTES + 7] {
            let data: Vec<u8> = (0..length).map(|index| (index * 31 % 251) as u8).collect();
            let expected = FileMeta::of(&data);
            let mut copy = Vec::new();
            let sink = |piece: &[u8]| copy.write_all(piece);
            assert_eq!(describe(Dribble(&data), sink, &Silent).unwrap(), expected);
            assert_eq!(copy, data);
            assert_eq!(describe_on_two_cores(Dribble(&data), &Silent).unwrap(), expected);
        }
    }

    #[test]
    fn a_failing_reader_ends_both_threads() {
        struct Failing;
        impl Read for Failing {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("torn cable"))
            }
        }
        assert!(describe_on_two_cores(Failing, &Silent).is_err());
        assert!(describe(Failing, |_| Ok(()), &Silent).is_err());
    }

    #[test]
    fn many_files_keep_their_order() {
        let directory = tempfile::tempdir().unwrap();
        let paths: Vec<_> = (0..50).map(|index| directory.path().join(index.to_string())).collect();
        for (index, path) in paths.iter().enumerate() {
            fsutil::write_atomic(path, &vec![b'x'; index]).unwrap();
        }
        let described = describe_files(&paths, &Silent).unwrap();
        assert!(described.iter().enumerate().all(|(index, meta)| meta.length == index as i64));

        let mut paths = paths;
        paths[25] = directory.path().join("missing");
        assert!(describe_files(&paths, &Silent).unwrap_err().is_not_found());
    }
}
