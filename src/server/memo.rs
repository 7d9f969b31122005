//! What is worth remembering and can be found out again.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Values by key, in bounded memory: when it is full, everything is forgotten.
#[derive(Debug)]
pub struct Memo<K, V> {
    known: Mutex<HashMap<K, V>>,
    most: usize,
}

impl<K: Eq + Hash, V: Clone> Memo<K, V> {
    /// Remembers at most so many values.
    pub fn new(most: usize) -> Self {
        Self { known: Mutex::default(), most }
    }

    fn known(&self) -> MutexGuard<'_, HashMap<K, V>> {
        // Whoever panicked left complete values behind.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The value that was remembered last for this key.
    pub fn get(&self, key: &K) -> Option<V> {
        self.known().get(key).cloned()
    }

    /// Remembers a value.
    pub fn insert(&self, key: K, value: V) {
        let mut known = self.known();
        if known.len() >= self.most {
            known.clear();
        }
        known.insert(key, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_value_counts_until_there_is_no_room() {
        let memo = Memo::new(2);
        for (key, value) in [("a", 1), ("a", 2)] {
            memo.insert(key, value);
        }
        assert_eq!((memo.get(&"a"), memo.get(&"b")), (Some(2), None));
        memo.insert("b", 3);
        memo.insert("c", 4);
        assert_eq!((memo.get(&"a"), memo.get(&"b"), memo.get(&"c")), (None, None, Some(4)));
    }
}
