-- Roots, mounts below them and followed links to directories are places: each has its own identity and comes and goes
-- by itself.
CREATE TABLE places (
    path             TEXT PRIMARY KEY,                 -- the raw bytes of the path
    kind             TEXT NOT NULL CHECK (kind IN ('root', 'mount', 'link')),
    file_system_id   TEXT,                             -- identity of the directory when last seen
    inode            INTEGER NOT NULL,
    offline_since_ns INTEGER                           -- NULL while it is online
) STRICT, WITHOUT ROWID;

INSERT INTO places (path, kind, file_system_id, inode)
SELECT path, 'root', file_system_id, inode FROM roots WHERE inode IS NOT NULL;

ALTER TABLE roots DROP COLUMN file_system_id;
ALTER TABLE roots DROP COLUMN inode;

-- keep_missing counts from here: from when the file went, without the time for which its place was offline.
ALTER TABLE local_files ADD COLUMN missing_counted_from_ns INTEGER;
-- 1 for a row whose path another file has taken: in no answer, until its inode is found under another path.
ALTER TABLE local_files ADD COLUMN displaced INTEGER NOT NULL DEFAULT 0 CHECK (displaced IN (0, 1));

UPDATE local_files SET missing_counted_from_ns = CAST((julianday(missing_since) - 2440587.5) * 86400e9 AS INTEGER)
WHERE missing_since IS NOT NULL;

CREATE INDEX local_files_missing ON local_files (missing_counted_from_ns) WHERE state = 'missing';
