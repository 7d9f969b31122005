//! How long-running work reports what it has done, without knowing who watches.

/// Somebody who may want to show progress.
pub trait Progress: Send + Sync {
    /// Announces a task of `total` bytes, if that is known; the task ends when it is dropped.
    fn begin(&self, what: &str, total: Option<u64>) -> Box<dyn Task>;
}

/// One announced task.
pub trait Task: Send + Sync {
    /// Says that `bytes` more are done.
    fn advance(&self, bytes: u64);
}

/// Shows nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: &str, _: Option<u64>) -> Box<dyn Task> {
        Box::new(Self)
    }
}

impl Task for Silent {
    fn advance(&self, _: u64) {}
}
