-- What is to be read is asked for root by root, the smallest first.
DROP INDEX local_files_to_hash;
DROP INDEX local_files_to_read;
CREATE INDEX local_files_to_hash ON local_files (root_id, size, id) WHERE state IN ('pending', 'error') AND held = 0;
CREATE INDEX local_files_to_read ON local_files (root_id, size, id) WHERE read_again = 1;

-- 1 where a digest is missing that is wanted now. Nothing is in doubt: the file is read as for a verification, last of all.
ALTER TABLE local_files ADD COLUMN lacks_digests INTEGER NOT NULL DEFAULT 0 CHECK (lacks_digests IN (0, 1));

CREATE INDEX local_files_to_complete ON local_files (root_id, size, id) WHERE lacks_digests = 1;

-- The verification that waits for this file: it is to be read and compared with the digest that it has.
ALTER TABLE local_files ADD COLUMN verify_id INTEGER REFERENCES scan_history (id) ON DELETE SET NULL;
-- 1 where bytes were found that are not those of the digest, although size and mtime stand. The digest stays.
ALTER TABLE local_files ADD COLUMN damaged INTEGER NOT NULL DEFAULT 0 CHECK (damaged IN (0, 1));

CREATE INDEX local_files_to_verify    ON local_files (root_id, size, id) WHERE verify_id IS NOT NULL;
CREATE INDEX local_files_verification ON local_files (verify_id) WHERE verify_id IS NOT NULL;

-- Files that a verification could not have, by what came between; told in the errors of its row when it is complete.
CREATE TABLE verification_losses (
    verify_id INTEGER NOT NULL REFERENCES scan_history (id) ON DELETE CASCADE,
    reason    TEXT    NOT NULL,
    files     INTEGER NOT NULL,
    PRIMARY KEY (verify_id, reason)
) STRICT, WITHOUT ROWID;

-- Contents that lack a digest which may be wanted now; there is nothing here on most starts.
CREATE INDEX contents_without_blake3 ON contents (id) WHERE blake3 IS NULL AND sha256 IS NOT NULL;
CREATE INDEX contents_without_autov3 ON contents (size)
    WHERE autov3_full IS NULL AND sha256 IS NOT NULL AND format = 'safetensors' AND header_size IS NOT NULL
        AND message IS NULL;
