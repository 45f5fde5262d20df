-- The rules by which a content was last described; a later number knows more.
ALTER TABLE contents ADD COLUMN described_by INTEGER NOT NULL DEFAULT 0;
-- What a content is, by its own bytes; types and base models in the words of the answers.
ALTER TABLE contents ADD COLUMN content_type TEXT;             -- NULL where the content does not decide
ALTER TABLE contents ADD COLUMN content_base_model TEXT;       -- NULL where the tensors fit several architectures
ALTER TABLE contents ADD COLUMN possible_base_models TEXT;     -- JSON array: the names that the tensors allow
ALTER TABLE contents ADD COLUMN content_architecture TEXT;     -- the family of models that the tensors belong to
ALTER TABLE contents ADD COLUMN base_model_type TEXT;          -- Standard, Inpainting, Refiner, Pix2Pix
ALTER TABLE contents ADD COLUMN prediction TEXT;               -- epsilon, v, flow
ALTER TABLE contents ADD COLUMN components TEXT;               -- JSON: ["unet", "vae", "text_encoder"]
ALTER TABLE contents ADD COLUMN architecture TEXT;             -- GGUF: general.architecture
ALTER TABLE contents ADD COLUMN quantization TEXT;             -- GGUF: such as Q4_K_M
ALTER TABLE contents ADD COLUMN split_index INTEGER;           -- GGUF: which part of a model it is, from 1
ALTER TABLE contents ADD COLUMN split_count INTEGER;
ALTER TABLE contents ADD COLUMN pickle_imports TEXT;           -- JSON array; NULL for formats without a pickle
ALTER TABLE contents ADD COLUMN pickle_dangerous TEXT;         -- JSON array of those not known to be harmless
-- What a content says of itself.
ALTER TABLE contents ADD COLUMN embedded_type TEXT;
ALTER TABLE contents ADD COLUMN embedded_base_models TEXT;     -- JSON array in order of belief
ALTER TABLE contents ADD COLUMN embedded_words TEXT;           -- JSON array of trained words
ALTER TABLE contents ADD COLUMN top_tags TEXT;                 -- JSON: [{"tag": "cat", "count": 3}]
ALTER TABLE contents ADD COLUMN trained_on_sha256 TEXT;        -- the model that it was trained on
ALTER TABLE contents ADD COLUMN trained_on_name TEXT;
ALTER TABLE contents ADD COLUMN has_thumbnail INTEGER NOT NULL DEFAULT 0 CHECK (has_thumbnail IN (0, 1));

CREATE INDEX contents_trained_on ON contents (trained_on_sha256) WHERE trained_on_sha256 IS NOT NULL;

-- `type` and `base_model` are what is answered, judged of all that is known; these are what the place says.
ALTER TABLE local_files ADD COLUMN place_type TEXT;
ALTER TABLE local_files ADD COLUMN place_type_source TEXT;
UPDATE local_files SET place_type = type, place_type_source = type_source;
ALTER TABLE local_files ADD COLUMN base_model TEXT;
ALTER TABLE local_files ADD COLUMN base_model_source TEXT;
ALTER TABLE local_files ADD COLUMN dangerous INTEGER NOT NULL DEFAULT 0 CHECK (dangerous IN (0, 1));
ALTER TABLE local_files ADD COLUMN part_index INTEGER;         -- from 1; NULL for a file that is a model by itself
ALTER TABLE local_files ADD COLUMN part_count INTEGER;
ALTER TABLE local_files ADD COLUMN part_complete INTEGER;      -- 1 when every part lies there
ALTER TABLE local_files ADD COLUMN preview TEXT;               -- the name of an image beside it, raw bytes
-- What the last look at the file and at what lies beside it went by; NULL for a file that is to be looked at again.
ALTER TABLE local_files ADD COLUMN look INTEGER;

CREATE INDEX local_files_base_model ON local_files (base_model COLLATE NOCASE);

-- What lies beside a model, written by other programs. It belongs to the content: every copy is answered with it.
CREATE TABLE sidecars (
    file_id           INTEGER NOT NULL REFERENCES local_files (id) ON DELETE CASCADE,
    rank              INTEGER NOT NULL,            -- the first one that says something is believed
    name              TEXT    NOT NULL,            -- of the sidecar, raw bytes
    source            TEXT    NOT NULL CHECK (source IN ('user', 'civitai')),
    type              TEXT,
    base_model        TEXT,
    description       TEXT,
    notes             TEXT,
    activation_text   TEXT,
    negative_text     TEXT,
    preferred_weight  REAL,
    model_id          INTEGER,
    version_id        INTEGER,
    model_name        TEXT,
    version_name      TEXT,
    model_type        TEXT,
    trained_words     TEXT,                        -- JSON array
    creator           TEXT,
    nsfw_level        INTEGER,
    page_url          TEXT,
    sha256            TEXT,                        -- JSON array: of the files that it is about, or the beginnings
    blake3            TEXT,
    PRIMARY KEY (file_id, rank, source)
) STRICT, WITHOUT ROWID;

-- Files whose type and base model are to be judged again, as a rule before the transaction ends; filled by the triggers
-- below, so that no change of what is known can be forgotten.
CREATE TABLE files_to_judge (file_id INTEGER PRIMARY KEY) STRICT;

INSERT INTO files_to_judge SELECT id FROM local_files;

CREATE TRIGGER judge_added_file AFTER INSERT ON local_files BEGIN
    INSERT OR IGNORE INTO files_to_judge VALUES (new.id);
END;

CREATE TRIGGER judge_changed_file AFTER UPDATE OF content_id, place_type, place_type_source ON local_files
WHEN (old.content_id, old.place_type, old.place_type_source)
    IS NOT (new.content_id, new.place_type, new.place_type_source)
BEGIN
    INSERT OR IGNORE INTO files_to_judge VALUES (new.id);
END;

CREATE TRIGGER judge_described_content AFTER UPDATE OF content_type, content_base_model, content_architecture,
    possible_base_models, embedded_type, embedded_base_models, pickle_dangerous, trained_on_sha256 ON contents
WHEN (old.content_type, old.content_base_model, old.content_architecture, old.possible_base_models, old.embedded_type,
        old.embedded_base_models, old.pickle_dangerous, old.trained_on_sha256)
    IS NOT (new.content_type, new.content_base_model, new.content_architecture, new.possible_base_models,
        new.embedded_type, new.embedded_base_models, new.pickle_dangerous, new.trained_on_sha256)
BEGIN
    INSERT OR IGNORE INTO files_to_judge SELECT id FROM local_files WHERE content_id = new.id;
END;

-- A digest tells which sidecars are about another file, and which contents were trained on this one.
CREATE TRIGGER judge_hashed_content AFTER UPDATE OF sha256, blake3 ON contents
WHEN (old.sha256, old.blake3) IS NOT (new.sha256, new.blake3)
BEGIN
    INSERT OR IGNORE INTO files_to_judge
        SELECT id FROM local_files WHERE content_id = new.id AND EXISTS (
            SELECT 1 FROM local_files o JOIN sidecars s ON s.file_id = o.id WHERE o.content_id = new.id);
    INSERT OR IGNORE INTO files_to_judge
        SELECT f.id FROM contents c JOIN local_files f ON f.content_id = c.id
        WHERE c.trained_on_sha256 = new.sha256;
END;

-- What lies beside a file belongs to its content: the copies lose it and win it with the file. What was trained on the
-- content is judged by a file of it, too.
CREATE TRIGGER judge_relatives_of_changed_file AFTER UPDATE OF content_id, root_id ON local_files
WHEN (old.content_id, old.root_id IS NULL) IS NOT (new.content_id, new.root_id IS NULL)
BEGIN
    INSERT OR IGNORE INTO files_to_judge
        SELECT id FROM local_files
        WHERE content_id IN (old.content_id, new.content_id)
            AND EXISTS (SELECT 1 FROM sidecars WHERE file_id = new.id);
    INSERT OR IGNORE INTO files_to_judge
        SELECT f.id FROM contents m JOIN contents c ON c.trained_on_sha256 = m.sha256
            JOIN local_files f ON f.content_id = c.id
        WHERE new.base_model IS NOT NULL AND m.id IN (old.content_id, new.content_id);
END;

CREATE TRIGGER judge_relatives_of_removed_file AFTER DELETE ON local_files BEGIN
    INSERT OR IGNORE INTO files_to_judge SELECT id FROM local_files WHERE content_id = old.content_id;
    INSERT OR IGNORE INTO files_to_judge
        SELECT f.id FROM contents m JOIN contents c ON c.trained_on_sha256 = m.sha256
            JOIN local_files f ON f.content_id = c.id
        WHERE old.base_model IS NOT NULL AND m.id = old.content_id;
END;

CREATE TRIGGER judge_after_base_model AFTER UPDATE OF base_model ON local_files
WHEN old.base_model IS NOT new.base_model
BEGIN
    INSERT OR IGNORE INTO files_to_judge
        SELECT f.id FROM contents c JOIN local_files f ON f.content_id = c.id
        WHERE c.trained_on_sha256 = (SELECT sha256 FROM contents WHERE id = new.content_id);
END;

CREATE TRIGGER judge_added_sidecar AFTER INSERT ON sidecars BEGIN
    INSERT OR IGNORE INTO files_to_judge
        SELECT id FROM local_files WHERE id = new.file_id
            OR content_id = (SELECT content_id FROM local_files WHERE id = new.file_id);
END;

CREATE TRIGGER judge_removed_sidecar AFTER DELETE ON sidecars BEGIN
    INSERT OR IGNORE INTO files_to_judge
        SELECT id FROM local_files WHERE id = old.file_id
            OR content_id = (SELECT content_id FROM local_files WHERE id = old.file_id);
END;

-- For people.
CREATE VIEW gguf_metadata AS
SELECT m.content_id, m.key, m.value FROM safetensor_metadata m JOIN contents c ON c.id = m.content_id
WHERE c.format = 'gguf';

CREATE VIEW pytorch_metadata AS
SELECT m.content_id, m.key, m.value FROM safetensor_metadata m JOIN contents c ON c.id = m.content_id
WHERE c.format IN ('pytorch', 'pickle');

DROP VIEW v_local_files_full;
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
       s.model_name,
       s.model_type,
       s.version_name,
       f.base_model,
       s.creator
FROM local_files f
LEFT JOIN contents c ON c.id = f.content_id
LEFT JOIN sidecars s ON s.file_id = f.id AND s.source = 'civitai'
    AND s.rank = (SELECT min(o.rank) FROM sidecars o WHERE o.file_id = f.id AND o.source = 'civitai'
        AND (o.sha256 IS NULL OR c.sha256 IS NULL
            OR EXISTS (SELECT 1 FROM json_each(o.sha256) WHERE substr(c.sha256, 1, length(value)) = value))
        AND (o.blake3 IS NULL OR c.blake3 IS NULL OR c.blake3 = o.blake3))
WHERE f.root_id IS NOT NULL;
