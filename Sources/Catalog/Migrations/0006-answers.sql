-- What people say of contents, and the full-text index that `search` answers from.

-- Stands above everything that files, sidecars and CivitAI say; NULL is what the person has not said.
CREATE TABLE user_fields (
    content_id        INTEGER PRIMARY KEY REFERENCES contents (id) ON DELETE CASCADE,
    type              TEXT,
    base_model        TEXT,
    trained_words     TEXT,                        -- JSON array
    notes             TEXT,
    preferred_weight  REAL,
    updated_at        TEXT NOT NULL
) STRICT;

CREATE TRIGGER judge_added_user_fields AFTER INSERT ON user_fields BEGIN
    INSERT INTO files_to_judge
        SELECT id FROM local_files WHERE content_id = new.content_id ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER judge_changed_user_fields AFTER UPDATE OF type, base_model ON user_fields
WHEN (old.type, old.base_model) IS NOT (new.type, new.base_model)
BEGIN
    INSERT INTO files_to_judge
        SELECT id FROM local_files WHERE content_id = new.content_id ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER judge_removed_user_fields AFTER DELETE ON user_fields BEGIN
    INSERT INTO files_to_judge
        SELECT id FROM local_files WHERE content_id = old.content_id ON CONFLICT DO NOTHING;
END;

-- The texts that are searched, made alike: in lower case, with one blank in place of everything that separates words.
-- The row's number is that of the file, of the version, of the model. Trigrams find what is inside of words, too.
CREATE VIRTUAL TABLE search_files    USING fts5 (name, folder, model, words, creator, notes, tokenize = 'trigram');
CREATE VIRTUAL TABLE search_versions USING fts5 (name, words, tokenize = 'trigram');
CREATE VIRTUAL TABLE search_models   USING fts5 (name, creator, tags, description, tokenize = 'trigram');

-- What is to be written into them anew before the transaction ends; filled by the triggers below, so that no change of
-- what is known can be forgotten.
CREATE TABLE search_queue (
    kind  TEXT    NOT NULL CHECK (kind IN ('file', 'version', 'model')),
    id    INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

INSERT INTO search_queue SELECT 'file', id FROM local_files;
INSERT INTO search_queue SELECT 'version', id FROM model_versions;
INSERT INTO search_queue SELECT 'model', id FROM models;

CREATE TRIGGER search_added_file AFTER INSERT ON local_files BEGIN
    INSERT INTO search_queue VALUES ('file', new.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER search_changed_file AFTER UPDATE OF name, folder, content_id, root_id ON local_files
WHEN (old.name, old.folder, old.content_id, old.root_id IS NULL)
    IS NOT (new.name, new.folder, new.content_id, new.root_id IS NULL)
BEGIN
    INSERT INTO search_queue VALUES ('file', new.id) ON CONFLICT DO NOTHING;
    -- What lies beside a file belongs to its content.
    INSERT INTO search_queue
        SELECT 'file', id FROM local_files
        WHERE content_id IN (old.content_id, new.content_id) AND EXISTS (SELECT 1 FROM sidecars WHERE file_id = new.id)
        ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER search_removed_file AFTER DELETE ON local_files BEGIN
    INSERT INTO search_queue VALUES ('file', old.id) ON CONFLICT DO NOTHING;
    INSERT INTO search_queue
        SELECT 'file', id FROM local_files WHERE content_id = old.content_id ON CONFLICT DO NOTHING;
END;

-- A digest tells which sidecars are about another file.
CREATE TRIGGER search_described_content AFTER UPDATE OF embedded_words, sha256, blake3 ON contents
WHEN old.embedded_words IS NOT new.embedded_words
    OR (old.sha256, old.blake3) IS NOT (new.sha256, new.blake3) AND EXISTS (
        SELECT 1 FROM local_files o JOIN sidecars s ON s.file_id = o.id WHERE o.content_id = new.id)
BEGIN
    INSERT INTO search_queue SELECT 'file', id FROM local_files WHERE content_id = new.id ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER search_added_sidecar AFTER INSERT ON sidecars BEGIN
    INSERT INTO search_queue
        SELECT 'file', id FROM local_files
        WHERE id = new.file_id OR content_id = (SELECT content_id FROM local_files WHERE id = new.file_id)
        ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER search_removed_sidecar AFTER DELETE ON sidecars BEGIN
    INSERT INTO search_queue
        SELECT 'file', id FROM local_files
        WHERE id = old.file_id OR content_id = (SELECT content_id FROM local_files WHERE id = old.file_id)
        ON CONFLICT DO NOTHING;
END;

-- What a sidecar tells of CivitAI counts only as far as it is not denied.
CREATE TRIGGER search_linked_content AFTER UPDATE OF state, role, version_id, match ON civitai_lookups
WHEN (old.state, old.role, old.version_id, old.match) IS NOT (new.state, new.role, new.version_id, new.match)
    AND EXISTS (SELECT 1 FROM local_files o JOIN sidecars s ON s.file_id = o.id WHERE o.content_id = new.content_id)
BEGIN
    INSERT INTO search_queue SELECT 'file', id FROM local_files WHERE content_id = new.content_id
        ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER search_added_user_fields AFTER INSERT ON user_fields BEGIN
    INSERT INTO search_queue SELECT 'file', id FROM local_files WHERE content_id = new.content_id
        ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER search_changed_user_fields AFTER UPDATE ON user_fields BEGIN
    INSERT INTO search_queue SELECT 'file', id FROM local_files WHERE content_id = new.content_id
        ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER search_removed_user_fields AFTER DELETE ON user_fields BEGIN
    INSERT INTO search_queue SELECT 'file', id FROM local_files WHERE content_id = old.content_id
        ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER search_added_version AFTER INSERT ON model_versions BEGIN
    INSERT INTO search_queue VALUES ('version', new.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER search_changed_version AFTER UPDATE OF name ON model_versions WHEN old.name != new.name BEGIN
    INSERT INTO search_queue VALUES ('version', new.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER search_removed_version AFTER DELETE ON model_versions BEGIN
    INSERT INTO search_queue VALUES ('version', old.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER search_added_word AFTER INSERT ON trained_words BEGIN
    INSERT INTO search_queue VALUES ('version', new.version_id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER search_changed_word AFTER UPDATE ON trained_words BEGIN
    INSERT INTO search_queue VALUES ('version', new.version_id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER search_removed_word AFTER DELETE ON trained_words BEGIN
    INSERT INTO search_queue VALUES ('version', old.version_id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER search_added_model AFTER INSERT ON models BEGIN
    INSERT INTO search_queue VALUES ('model', new.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER search_changed_model AFTER UPDATE OF name, description, creator_id ON models
WHEN (old.name, old.description, old.creator_id) IS NOT (new.name, new.description, new.creator_id)
BEGIN
    INSERT INTO search_queue VALUES ('model', new.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER search_removed_model AFTER DELETE ON models BEGIN
    INSERT INTO search_queue VALUES ('model', old.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER search_renamed_creator AFTER UPDATE OF username ON creators WHEN old.username != new.username BEGIN
    INSERT INTO search_queue SELECT 'model', id FROM models WHERE creator_id = new.id ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER search_added_tag AFTER INSERT ON model_tags BEGIN
    INSERT INTO search_queue VALUES ('model', new.model_id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER search_removed_tag AFTER DELETE ON model_tags BEGIN
    INSERT INTO search_queue VALUES ('model', old.model_id) ON CONFLICT DO NOTHING;
END;
