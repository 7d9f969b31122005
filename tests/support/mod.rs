//! What the tests share.

use std::path::{Path, PathBuf};

/// The data that the Go programs wrote.
pub fn golden(path: impl AsRef<Path>) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/golden").join(path)
}

/// Reads one of the golden files.
pub fn read_golden(path: impl AsRef<Path>) -> Vec<u8> {
    let path = golden(path);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
