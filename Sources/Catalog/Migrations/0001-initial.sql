-- The catalogue: what lies where (local_files), what it holds (contents), and what was done (scan_history).
-- Tables and columns are named for people who open this file with sqlite3; their names are stable.
-- Times are ISO-8601 text in UTC; columns that end in _ns are nanoseconds since 1970.
-- inode, device and file_system_id hold 64 unsigned bits as SQLite's signed integers.

CREATE TABLE roots (
    id              INTEGER PRIMARY KEY,
    path            TEXT    NOT NULL UNIQUE,          -- the raw bytes of the path
    type            TEXT,                             -- model type for files whose content does not decide
    configured      INTEGER NOT NULL DEFAULT 1 CHECK (configured IN (0, 1)),
    file_system_id  TEXT,                             -- identity of the place when last seen
    inode           INTEGER,
    last_scan_at    TEXT
) STRICT;

-- What a file holds. sha256 is NULL until it has been read to its end.
CREATE TABLE contents (
    id               INTEGER PRIMARY KEY,
    sha256           TEXT UNIQUE,                     -- lower-case hexadecimal, like the other digests
    size             INTEGER NOT NULL,
    autov1           TEXT,
    autov2           TEXT,
    autov3           TEXT,                            -- the first 12 digits, as CivitAI keeps them
    autov3_full      TEXT,
    crc32            TEXT,                            -- CivitAI's byte order
    blake3           TEXT,
    format           TEXT,
    header_size      INTEGER,
    tensor_count     INTEGER,
    parameter_count  INTEGER,                         -- 64 unsigned bits
    dtypes           TEXT,                            -- JSON: {"F16": 3}
    message          TEXT,                            -- what is wrong with a content that was read but not understood
    created_at       TEXT NOT NULL
) STRICT;

CREATE INDEX contents_autov1      ON contents (autov1)      WHERE autov1 IS NOT NULL;
CREATE INDEX contents_autov2      ON contents (autov2)      WHERE autov2 IS NOT NULL;
CREATE INDEX contents_autov3      ON contents (autov3)      WHERE autov3 IS NOT NULL;
CREATE INDEX contents_crc32       ON contents (crc32)       WHERE crc32 IS NOT NULL;
CREATE INDEX contents_blake3      ON contents (blake3)      WHERE blake3 IS NOT NULL;

-- The safetensors __metadata__ of a content, verbatim.
CREATE TABLE safetensor_metadata (
    content_id  INTEGER NOT NULL REFERENCES contents (id) ON DELETE CASCADE,
    key         TEXT    NOT NULL,
    value       TEXT    NOT NULL,
    PRIMARY KEY (content_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE scan_history (
    id                 INTEGER PRIMARY KEY,
    kind               TEXT    NOT NULL CHECK (kind IN ('scan', 'rehash', 'verify')),
    root               TEXT,                          -- the directory or file that was scanned, as text
    started_at         TEXT    NOT NULL,
    walked_at          TEXT,                          -- when the walk was over; hashing may go on
    completed_at       TEXT,
    duration_ms        INTEGER,
    files_seen         INTEGER NOT NULL DEFAULT 0,
    files_added        INTEGER NOT NULL DEFAULT 0,
    files_changed      INTEGER NOT NULL DEFAULT 0,
    files_moved        INTEGER NOT NULL DEFAULT 0,
    files_missing      INTEGER NOT NULL DEFAULT 0,
    files_hashed       INTEGER NOT NULL DEFAULT 0,
    files_damaged      INTEGER NOT NULL DEFAULT 0,
    bytes_hashed       INTEGER NOT NULL DEFAULT 0,
    checkpoints_found  INTEGER NOT NULL DEFAULT 0,
    loras_found        INTEGER NOT NULL DEFAULT 0,
    embeddings_found   INTEGER NOT NULL DEFAULT 0,
    lookups            INTEGER NOT NULL DEFAULT 0,
    errors             TEXT                           -- JSON array of sentences, NULL when there are none
) STRICT;

-- One path below a root. A path that no root covers any more keeps its row with root_id NULL and is in no answer.
CREATE TABLE local_files (
    id               INTEGER PRIMARY KEY,
    file_path        TEXT    NOT NULL UNIQUE,         -- the raw bytes of the path
    shown_path       TEXT,                            -- the path as text where its bytes are not UTF-8, else NULL
    root_id          INTEGER REFERENCES roots (id),
    folder           TEXT    NOT NULL,                -- below the root; empty for the root's own files
    name             TEXT    NOT NULL,
    type             TEXT,
    type_source      TEXT,
    size             INTEGER NOT NULL,
    mtime_ns         INTEGER NOT NULL,
    ctime_ns         INTEGER NOT NULL,
    inode            INTEGER NOT NULL,
    device           INTEGER NOT NULL,
    file_system_id   TEXT,
    birth_time_ns    INTEGER,
    links            INTEGER NOT NULL DEFAULT 1,
    symlink          INTEGER NOT NULL DEFAULT 0 CHECK (symlink IN (0, 1)),
    content_id       INTEGER REFERENCES contents (id),
    state            TEXT    NOT NULL CHECK (state IN ('pending', 'indexed', 'error', 'missing')),
    error            TEXT,
    held             INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0, 1)),    -- pending, but not complete yet
    read_again       INTEGER NOT NULL DEFAULT 0 CHECK (read_again IN (0, 1)),  -- indexed; to be read once more, last of all
    attempts         INTEGER NOT NULL DEFAULT 0,
    next_attempt_at  TEXT,
    scan_id          INTEGER REFERENCES scan_history (id) ON DELETE SET NULL,  -- the scan that waits for its digest
    created_at       TEXT    NOT NULL,
    updated_at       TEXT    NOT NULL,
    missing_since    TEXT
) STRICT;

CREATE INDEX local_files_folder   ON local_files (root_id, folder);
CREATE INDEX local_files_content  ON local_files (content_id);
CREATE INDEX local_files_name     ON local_files (name COLLATE NOCASE);
CREATE INDEX local_files_identity ON local_files (inode, size);
CREATE INDEX local_files_to_hash  ON local_files (size, id) WHERE state IN ('pending', 'error') AND held = 0;
CREATE INDEX local_files_to_read  ON local_files (size, id) WHERE read_again = 1;
CREATE INDEX local_files_held     ON local_files (file_path) WHERE held = 1;
CREATE INDEX local_files_scan     ON local_files (scan_id) WHERE scan_id IS NOT NULL;
CREATE INDEX local_files_state    ON local_files (state, size);

CREATE TABLE app_metadata (
    key         TEXT PRIMARY KEY,
    value       TEXT NOT NULL,
    updated_at  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- For people: every file with what is known of it. The CivitAI columns are filled by a later schema.
CREATE VIEW v_local_files_full AS
SELECT f.id,
       coalesce(f.shown_path, f.file_path) AS file_path,
       f.name,
       f.folder,
       f.type,
       f.state,
       coalesce(f.error, c.message) AS error,
       f.size,
       f.missing_since,
       c.sha256,
       c.autov1,
       c.autov2,
       c.autov3,
       c.crc32,
       c.blake3,
       c.format,
       c.header_size,
       c.tensor_count,
       NULL AS model_name,
       NULL AS model_type,
       NULL AS version_name,
       NULL AS base_model,
       NULL AS creator
FROM local_files f
LEFT JOIN contents c ON c.id = f.content_id
WHERE f.root_id IS NOT NULL;
