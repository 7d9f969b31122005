//! Collections in an SQLite database.
//!
//! Tables and columns are those of the databases of Notary 0.7 servers and signers (`formats.md`
//! §11.6), so that rows can be copied from one to the other. Several processes may use one database
//! at once.
//!
//! A commit that was reported as done survives a crash, also of the machine. SQLite appends it to
//! the log of the database, `-wal`; the log is flushed to the disk here, so that one flush serves
//! all commits that came while the one before was under way.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, TransactionBehavior, params};
use thiserror::Error;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use zeroize::Zeroizing;

use super::storage::{
    ChangeRecord, NewFile, Range, Storage, StorageError, StoredFile, StoredKey, StoredSecret,
    Update, Which, outdated,
};
use crate::fsutil;
use crate::tuf::key::{KeyId, KeyType, PublicKey};
use crate::tuf::role::{Gun, RoleName};

/// How long to wait for another process that is writing.
const PATIENCE: Duration = Duration::from_secs(30);

/// The steps from an empty database to the present one. What is large comes last in a row: SQLite
/// reads everything in front of what it looks for.
///
/// Their number is the schema's version, which SQLite keeps as `user_version`; a step that was
/// released is never changed.
const MIGRATIONS: &[&str] = &[include_str!("schema/1.sql")];

/// The values of `encryption_alg` and `keywrap_alg` of encrypted keys.
const JWE: (&str, &str) = ("A256GCM", "PBES2-HS256+A128KW");

/// A database file.
#[derive(Debug)]
pub struct SqliteStorage {
    path: PathBuf,
    /// Connections that nobody uses now.
    idle: Mutex<Vec<Connection>>,
    /// How many commits were made. Held while this process writes: its threads need not wait for
    /// each other by polling.
    committed: Mutex<u64>,
    /// How many of them are on the disk. Held while the log is flushed.
    flushed: Mutex<u64>,
}

impl SqliteStorage {
    /// Opens the database at `path`, which is made if it is not there, and brings its tables up to
    /// date.
    pub fn open(path: &Path) -> Result<Self, StorageError> {
        fsutil::create_private_file(path).map_err(|error| StorageError::Failed(error.into()))?;
        let storage = Self {
            path: path.to_owned(),
            idle: Mutex::default(),
            committed: Mutex::default(),
            flushed: Mutex::default(),
        };
        storage.with(|connection| {
            connection.pragma_update(None, "journal_mode", "wal").map_err(failed)?;
            storage.migrate(connection)
        })?;
        // The log has its name from now on, as long as there is a connection.
        storage.flush(0)?;
        fsutil::sync_parent(path).map_err(|error| StorageError::Failed(error.into()))?;
        Ok(storage)
    }

    fn connect(&self) -> Result<Connection, StorageError> {
        let connection = Connection::open(&self.path).map_err(failed)?;
        connection.busy_timeout(PATIENCE).map_err(failed)?;
        connection.pragma_update(None, "foreign_keys", true).map_err(failed)?;
        // The log is flushed by us before a commit is reported, and by SQLite before it is cleared.
        connection.pragma_update(None, "synchronous", "normal").map_err(failed)?;
        Ok(connection)
    }

    fn migrate(&self, connection: &mut Connection) -> Result<(), StorageError> {
        let transaction =
            connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        let version: u32 = transaction
            .pragma_query_value(None, "user_version", |row| row.get(0))
            .map_err(failed)?;
        let Some(missing) = MIGRATIONS.get(version as usize..) else {
            let what = "it was written by a newer version of this program";
            return Err(StorageError::damaged(what));
        };
        for step in missing {
            transaction.execute_batch(step).map_err(failed)?;
        }
        if !missing.is_empty() {
            let version = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
            transaction.pragma_update(None, "user_version", version).map_err(failed)?;
        }
        transaction.commit().map_err(failed)
    }

    fn give_back(&self, connection: Connection) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
    }

    /// Runs `work` on a connection.
    fn with<T>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut connection =
            idle.map_or_else(|| self.connect(), Ok).map_err(|why| self.name(why))?;
        let result = work(&mut connection);
        self.give_back(connection);
        result.map_err(|why| self.name(why))
    }

    /// Says which file it is that failed.
    fn name(&self, error: StorageError) -> StorageError {
        match error {
            StorageError::Failed(source) => {
                StorageError::Failed(Box::new(DatabaseError { path: self.path.clone(), source }))
            }
            conflict @ StorageError::Conflict { .. } => conflict,
        }
    }

    /// Runs `work` in a transaction that is undone when it fails.
    fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        let (result, number) = {
            let mut committed = self.committed.lock().unwrap_or_else(PoisonError::into_inner);
            let result = self.with(|connection| {
                let transaction = connection
                    .transaction_with_behavior(TransactionBehavior::Immediate)
                    .map_err(failed)?;
                let result = work(&transaction)?;
                transaction.commit().map_err(failed)?;
                Ok(result)
            })?;
            *committed += 1;
            (result, *committed)
        };
        self.flush(number)?;
        Ok(result)
    }

    /// Returns when the commit with this number is on the disk.
    fn flush(&self, number: u64) -> Result<(), StorageError> {
        let mut flushed = self.flushed.lock().unwrap_or_else(PoisonError::into_inner);
        if number > 0 && *flushed >= number {
            return Ok(());
        }
        // All that was committed until now is in the log, and will be flushed with it.
        let committed = *self.committed.lock().unwrap_or_else(PoisonError::into_inner);
        let mut log = self.path.clone().into_os_string();
        log.push("-wal");
        // Without a log, SQLite has just moved all of it into the database, and flushed that.
        fsutil::sync_file(Path::new(&log)).map_err(|error| StorageError::Failed(error.into()))?;
        *flushed = committed;
        Ok(())
    }
}

/// What went wrong with which file.
#[derive(Debug, Error)]
#[error("`{}` cannot be read or written", path.display())]
struct DatabaseError {
    path: PathBuf,
    #[source]
    source: Box<dyn std::error::Error + Send + Sync>,
}

fn failed(error: rusqlite::Error) -> StorageError {
    StorageError::Failed(error.into())
}

/// A value of a row that cannot be understood.
fn garbled(column: &'static str) -> rusqlite::Error {
    let what = format!("the column `{column}` has an unexpected value");
    rusqlite::Error::FromSqlConversionFailure(0, Type::Text, what.into())
}

fn from_text(column: &'static str, text: &str) -> rusqlite::Result<OffsetDateTime> {
    OffsetDateTime::parse(text, &Rfc3339).map_err(|_| garbled(column))
}

fn to_text(at: OffsetDateTime) -> Result<String, StorageError> {
    at.format(&Rfc3339).map_err(|error| StorageError::Failed(error.into()))
}

fn role(text: &str) -> rusqlite::Result<RoleName> {
    RoleName::parse(text).map_err(|_| garbled("role"))
}

fn version(row: &Row<'_>) -> rusqlite::Result<u64> {
    u64::try_from(row.get::<_, i64>("version")?).map_err(|_| garbled("version"))
}

fn file(row: &Row<'_>) -> rusqlite::Result<StoredFile> {
    let file = NewFile {
        role: role(&row.get::<_, String>("role")?)?,
        version: version(row)?,
        sha256: row.get("sha256")?,
        bytes: row.get("data")?,
    };
    let stored_at = from_text("created_at", &row.get::<_, String>("created_at")?)?;
    Ok(StoredFile { file, stored_at })
}

fn change(row: &Row<'_>) -> rusqlite::Result<ChangeRecord> {
    let timestamp = match row.get::<_, String>("category")?.as_str() {
        "deletion" => None,
        _ => Some((version(row)?, row.get("sha256")?)),
    };
    let at = from_text("created_at", &row.get::<_, String>("created_at")?)?;
    Ok(ChangeRecord { id: row.get("id")?, at, gun: row.get("gun")?, timestamp })
}

fn key(row: &Row<'_>) -> rusqlite::Result<StoredKey> {
    let gun: String = row.get("gun")?;
    let id: String = row.get("key_id")?;
    let algorithm: String = row.get("algorithm")?;
    let private: Zeroizing<Vec<u8>> = Zeroizing::new(row.get("private")?);
    let private = match row.get::<_, String>("encryption_alg")?.as_str() {
        "" => StoredSecret::Plain(private),
        _ => StoredSecret::Encrypted {
            jwe: String::from_utf8(private.to_vec()).map_err(|_| garbled("private"))?,
            alias: row.get("passphrase_alias")?,
        },
    };
    Ok(StoredKey {
        id: KeyId::parse(&id).ok_or_else(|| garbled("key_id"))?,
        gun: Gun::parse(&gun).map_err(|_| garbled("gun"))?,
        role: role(&row.get::<_, String>("role")?)?,
        public: PublicKey::new(KeyType::from(algorithm), row.get("public")?),
        private,
        is_used: row.get::<_, Option<String>>("last_used")?.is_some(),
    })
}

impl Storage for SqliteStorage {
    fn file(
        &self,
        gun: &Gun,
        role: &RoleName,
        which: Which<'_>,
    ) -> Result<Option<StoredFile>, StorageError> {
        const COLUMNS: &str = "SELECT role, version, sha256, data, created_at FROM tuf_files
            WHERE gun = ?1 AND role = ?2";
        let (gun, role) = (gun.as_str(), role.as_str());
        self.with(|connection| {
            let query = |rest: &str, which: &dyn rusqlite::ToSql| {
                connection
                    .prepare_cached(&format!("{COLUMNS} {rest}"))?
                    .query_row(params![gun, role, which], file)
                    .optional()
            };
            match which {
                Which::Newest => query("ORDER BY version DESC LIMIT ?3", &1),
                Which::Version(version) => match i64::try_from(version) {
                    Ok(version) => query("AND version = ?3", &version),
                    // No database has such a number.
                    Err(_) => Ok(None),
                },
                Which::Hash(sha256) => query("AND sha256 = ?3 LIMIT 1", &sha256),
            }
            .map_err(failed)
        })
    }

    fn newest_hashes(&self, gun: &Gun) -> Result<Vec<(RoleName, String)>, StorageError> {
        // SQLite takes the other columns from the row that has the maximum.
        const QUERY: &str =
            "SELECT role, sha256, max(version) FROM tuf_files WHERE gun = ?1 GROUP BY role";
        self.with(|connection| {
            let mut statement = connection.prepare_cached(QUERY).map_err(failed)?;
            let entry = |row: &Row<'_>| Ok((role(&row.get::<_, String>(0)?)?, row.get(1)?));
            let rows = statement.query_map([gun.as_str()], entry).map_err(failed)?;
            rows.collect::<Result<_, _>>().map_err(failed)
        })
    }

    fn commit(
        &self,
        gun: &Gun,
        update: &Update,
        keep: u32,
        at: OffsetDateTime,
    ) -> Result<(), StorageError> {
        const NEWEST: &str = "SELECT sha256 FROM tuf_files WHERE gun = ?1 AND role = 'timestamp'
            ORDER BY version DESC LIMIT 1";
        const INSERT: &str = "INSERT INTO tuf_files
            (created_at, updated_at, gun, role, version, data, sha256)
            SELECT ?1, ?1, ?2, ?3, ?4, ?5, ?6 WHERE ?4 > (
                SELECT coalesce(max(version), 0) FROM tuf_files WHERE gun = ?2 AND role = ?3)";
        const PRUNE: &str = "DELETE FROM tuf_files WHERE gun = ?1 AND role = ?2 AND version <= (
            SELECT version FROM tuf_files WHERE gun = ?1 AND role = ?2
            ORDER BY version DESC LIMIT 1 OFFSET ?3)";
        const NOTE: &str = "INSERT INTO changefeed (created_at, gun, version, sha256, category)
            VALUES (?1, ?2, ?3, ?4, 'update')";
        let now = to_text(at)?;
        self.write(|transaction| {
            let newest: Option<String> = transaction
                .prepare_cached(NEWEST)
                .and_then(|mut newest| {
                    newest.query_row([gun.as_str()], |row| row.get(0)).optional()
                })
                .map_err(failed)?;
            if newest != update.after {
                return Err(outdated(update));
            }
            for NewFile { role, version, sha256, bytes } in &update.files {
                let conflict = || StorageError::Conflict { role: role.clone(), version: *version };
                let number = i64::try_from(*version).map_err(|_| conflict())?;
                let stored = transaction
                    .prepare_cached(INSERT)
                    .and_then(|mut insert| {
                        insert.execute(params![
                            now,
                            gun.as_str(),
                            role.as_str(),
                            number,
                            bytes,
                            sha256
                        ])
                    })
                    .map_err(failed)?;
                if stored == 0 {
                    return Err(conflict());
                }
                if *role != RoleName::ROOT {
                    transaction
                        .prepare_cached(PRUNE)
                        .and_then(|mut prune| {
                            prune.execute(params![gun.as_str(), role.as_str(), keep])
                        })
                        .map_err(failed)?;
                }
                if *role == RoleName::TIMESTAMP {
                    transaction
                        .prepare_cached(NOTE)
                        .and_then(|mut note| {
                            note.execute(params![now, gun.as_str(), number, sha256])
                        })
                        .map_err(failed)?;
                }
            }
            Ok(())
        })
    }

    fn delete(&self, gun: &Gun, at: OffsetDateTime) -> Result<(), StorageError> {
        const NOTE: &str = "INSERT INTO changefeed (created_at, gun, version, sha256, category)
            VALUES (?1, ?2, 0, '', 'deletion')";
        let now = to_text(at)?;
        self.write(|transaction| {
            let removed = transaction
                .execute("DELETE FROM tuf_files WHERE gun = ?1", [gun.as_str()])
                .map_err(failed)?;
            if removed > 0 {
                transaction.execute(NOTE, params![now, gun.as_str()]).map_err(failed)?;
            }
            Ok(())
        })
    }

    fn changes(
        &self,
        gun: Option<&Gun>,
        range: Range,
        most: u32,
    ) -> Result<Vec<ChangeRecord>, StorageError> {
        const COLUMNS: &str = "SELECT id, created_at, gun, version, sha256, category
            FROM changefeed WHERE (?1 IS NULL OR gun = ?1)";
        let (condition, bound) = match range {
            Range::After(id) => ("id > ?2 ORDER BY id", id),
            Range::Before(id) => ("id < ?2 ORDER BY id DESC", id),
            Range::Newest => ("id <= ?2 ORDER BY id DESC", i64::MAX),
        };
        let query = format!("{COLUMNS} AND {condition} LIMIT ?3");
        let mut found: Vec<ChangeRecord> = self.with(|connection| {
            let mut statement = connection.prepare_cached(&query).map_err(failed)?;
            let rows = statement
                .query_map(params![gun.map(Gun::as_str), bound, most], change)
                .map_err(failed)?;
            rows.collect::<Result<_, _>>().map_err(failed)
        })?;
        if !matches!(range, Range::After(_)) {
            found.reverse();
        }
        Ok(found)
    }

    fn keys_for(&self, gun: &Gun, role: &RoleName) -> Result<Vec<StoredKey>, StorageError> {
        const QUERY: &str = "SELECT * FROM private_keys WHERE gun = ?1 AND role = ?2 ORDER BY id";
        self.with(|connection| {
            let mut statement = connection.prepare_cached(QUERY).map_err(failed)?;
            let rows = statement.query_map([gun.as_str(), role.as_str()], key).map_err(failed)?;
            rows.collect::<Result<_, _>>().map_err(failed)
        })
    }

    fn key(&self, id: &KeyId) -> Result<Option<StoredKey>, StorageError> {
        const QUERY: &str = "SELECT * FROM private_keys WHERE key_id = ?1";
        self.with(|connection| {
            let mut statement = connection.prepare_cached(QUERY).map_err(failed)?;
            statement.query_row([id.as_str()], key).optional().map_err(failed)
        })
    }

    fn add_key(&self, key: &StoredKey, at: OffsetDateTime) -> Result<(), StorageError> {
        const INSERT: &str = "INSERT INTO private_keys
            (created_at, updated_at, key_id, encryption_alg, keywrap_alg, algorithm,
             passphrase_alias, public, private, gun, role)
            VALUES (?1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
        let ((encryption, key_wrap), private, alias) = match &key.private {
            StoredSecret::Plain(der) => (("", ""), der.as_slice(), ""),
            StoredSecret::Encrypted { jwe, alias } => (JWE, jwe.as_bytes(), alias.as_str()),
        };
        let now = to_text(at)?;
        self.write(|transaction| {
            transaction
                .execute(
                    INSERT,
                    params![
                        now,
                        key.id.as_str(),
                        encryption,
                        key_wrap,
                        key.public.key_type().as_str(),
                        alias,
                        key.public.bytes(),
                        private,
                        key.gun.as_str(),
                        key.role.as_str()
                    ],
                )
                .map(drop)
                .map_err(failed)
        })
    }

    fn mark_used(&self, id: &KeyId, at: OffsetDateTime) -> Result<(), StorageError> {
        const UPDATE: &str =
            "UPDATE private_keys SET last_used = ?2, updated_at = ?2 WHERE key_id = ?1";
        let now = to_text(at)?;
        self.write(|transaction| {
            transaction.execute(UPDATE, params![id.as_str(), now]).map(drop).map_err(failed)
        })
    }
}
