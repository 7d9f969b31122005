//! A storage that forgets everything when it is dropped.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use time::OffsetDateTime;

use super::storage::{
    ChangeRecord, Range, Storage, StorageError, StoredFile, StoredKey, Update, Which, outdated,
};
use crate::tuf::key::KeyId;
use crate::tuf::role::{Gun, RoleName};

/// Collections in memory.
#[derive(Debug, Default)]
pub struct MemoryStorage(Mutex<Content>);

/// The files of a collection: by role, and then by version.
type Collection = BTreeMap<RoleName, BTreeMap<u64, StoredFile>>;

#[derive(Debug, Default)]
struct Content {
    changes: Vec<ChangeRecord>,
    collections: BTreeMap<Gun, Collection>,
    keys: Vec<StoredKey>,
}

impl MemoryStorage {
    fn content(&self) -> MutexGuard<'_, Content> {
        // Whoever panicked left complete values behind.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Content {
    fn note(&mut self, gun: &Gun, timestamp: Option<(u64, String)>, at: OffsetDateTime) {
        let id = i64::try_from(self.changes.len()).unwrap_or(i64::MAX).saturating_add(1);
        self.changes.push(ChangeRecord { id, at, gun: gun.to_string(), timestamp });
    }
}

impl Storage for MemoryStorage {
    fn file(
        &self,
        gun: &Gun,
        role: &RoleName,
        which: Which<'_>,
    ) -> Result<Option<StoredFile>, StorageError> {
        let content = self.content();
        let Some(versions) = content.collections.get(gun).and_then(|files| files.get(role)) else {
            return Ok(None);
        };
        let found = match which {
            Which::Newest => versions.values().next_back(),
            Which::Version(version) => versions.get(&version),
            Which::Hash(sha256) => versions.values().find(|stored| stored.file.sha256 == sha256),
        };
        Ok(found.cloned())
    }

    fn newest_hashes(&self, gun: &Gun) -> Result<Vec<(RoleName, String)>, StorageError> {
        let content = self.content();
        let roles = content.collections.get(gun).into_iter().flatten();
        let newest = roles.filter_map(|(role, versions)| {
            Some((role.clone(), versions.values().next_back()?.file.sha256.clone()))
        });
        Ok(newest.collect())
    }

    fn commit(
        &self,
        gun: &Gun,
        update: &Update,
        keep: u32,
        at: OffsetDateTime,
    ) -> Result<(), StorageError> {
        let mut content = self.content();
        let mut collection = content.collections.get(gun).cloned().unwrap_or_default();
        let newest = collection.get(&RoleName::TIMESTAMP).and_then(|files| files.values().last());
        if newest.map(|stored| &stored.file.sha256) != update.after.as_ref() {
            return Err(outdated(update));
        }
        for file in &update.files {
            let versions = collection.entry(file.role.clone()).or_default();
            if versions.keys().next_back().is_some_and(|newest| file.version <= *newest) {
                let (role, version) = (file.role.clone(), file.version);
                return Err(StorageError::Conflict { role, version });
            }
            versions.insert(file.version, StoredFile { file: file.clone(), stored_at: at });
            while file.role != RoleName::ROOT && versions.len() > keep as usize {
                versions.pop_first();
            }
        }
        content.collections.insert(gun.clone(), collection);
        for file in update.files.iter().filter(|file| file.role == RoleName::TIMESTAMP) {
            content.note(gun, Some((file.version, file.sha256.clone())), at);
        }
        Ok(())
    }

    fn delete(&self, gun: &Gun, at: OffsetDateTime) -> Result<(), StorageError> {
        let mut content = self.content();
        if content.collections.remove(gun).is_some() {
            content.note(gun, None, at);
        }
        Ok(())
    }

    fn changes(
        &self,
        gun: Option<&Gun>,
        range: Range,
        most: u32,
    ) -> Result<Vec<ChangeRecord>, StorageError> {
        let content = self.content();
        let is_wanted = |record: &&ChangeRecord| {
            let in_range = match range {
                Range::After(id) => record.id > id,
                Range::Before(id) => record.id < id,
                Range::Newest => true,
            };
            in_range && gun.is_none_or(|gun| record.gun == gun.as_str())
        };
        let wanted = content.changes.iter().filter(is_wanted).cloned();
        if matches!(range, Range::After(_)) {
            return Ok(wanted.take(most as usize).collect());
        }
        let mut newest: Vec<_> = wanted.rev().take(most as usize).collect();
        newest.reverse();
        Ok(newest)
    }

    fn keys_for(&self, gun: &Gun, role: &RoleName) -> Result<Vec<StoredKey>, StorageError> {
        let content = self.content();
        let keys = content.keys.iter().filter(|key| key.gun == *gun && key.role == *role);
        Ok(keys.cloned().collect())
    }

    fn key(&self, id: &KeyId) -> Result<Option<StoredKey>, StorageError> {
        Ok(self.content().keys.iter().find(|key| key.id == *id).cloned())
    }

    fn add_key(&self, key: &StoredKey, _: OffsetDateTime) -> Result<(), StorageError> {
        self.content().keys.push(key.clone());
        Ok(())
    }

    fn mark_used(&self, id: &KeyId, _: OffsetDateTime) -> Result<(), StorageError> {
        for key in self.content().keys.iter_mut().filter(|key| key.id == *id) {
            key.is_used = true;
        }
        Ok(())
    }
}
