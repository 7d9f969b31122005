CREATE TABLE tuf_files (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    deleted_at TEXT,
    gun TEXT NOT NULL,
    role TEXT NOT NULL,
    version INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    data BLOB NOT NULL,
    UNIQUE (gun, role, version)
);
CREATE INDEX tuf_files_sha256 ON tuf_files (sha256);
CREATE TABLE change_category (category TEXT PRIMARY KEY);
INSERT INTO change_category VALUES ('update'), ('deletion');
CREATE TABLE changefeed (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at TEXT NOT NULL,
    gun TEXT NOT NULL,
    version INTEGER NOT NULL,
    sha256 TEXT,
    category TEXT NOT NULL DEFAULT 'update' REFERENCES change_category (category)
);
CREATE INDEX changefeed_gun ON changefeed (gun);
CREATE TABLE private_keys (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    deleted_at TEXT,
    key_id TEXT NOT NULL UNIQUE,
    encryption_alg TEXT NOT NULL,
    keywrap_alg TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    passphrase_alias TEXT NOT NULL,
    public BLOB NOT NULL,
    private BLOB NOT NULL,
    gun TEXT NOT NULL,
    role TEXT NOT NULL,
    last_used TEXT
);
CREATE INDEX private_keys_gun_role ON private_keys (gun, role);
