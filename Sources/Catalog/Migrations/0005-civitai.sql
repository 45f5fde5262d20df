-- What CivitAI says of models, one row a thing, and what was asked of it about contents.
-- Ids are CivitAI's own. A refresh adds and replaces; it never erases: what is gone there stays here, marked.
-- NULL is what CivitAI has not said. Words of its vocabularies are kept as they are.

-- 0 where no hash of what lies below is ever sent.
ALTER TABLE roots ADD COLUMN civitai INTEGER NOT NULL DEFAULT 1 CHECK (civitai IN (0, 1));

CREATE TABLE creators (
    id          INTEGER PRIMARY KEY,
    username    TEXT NOT NULL UNIQUE,
    image_url   TEXT,
    updated_at  TEXT NOT NULL
) STRICT;

CREATE TABLE models (
    id                       INTEGER PRIMARY KEY,
    civitai_id               INTEGER GENERATED ALWAYS AS (id) VIRTUAL,
    name                     TEXT NOT NULL,
    type                     TEXT,
    description              TEXT,             -- HTML
    nsfw                     INTEGER,
    nsfw_level               INTEGER,          -- bits: 1 PG, 2 PG-13, 4 R, 8 X, 16 XXX, 32 blocked; 0 is unrated
    poi                      INTEGER,
    minor                    INTEGER,
    sfw_only                 INTEGER,
    mode                     TEXT,             -- Archived, TakenDown
    availability             TEXT,
    supports_generation      INTEGER,
    creator_id               INTEGER REFERENCES creators (id),
    allow_no_credit          INTEGER,
    allow_commercial_use     TEXT,             -- JSON array
    allow_derivatives        INTEGER,
    allow_different_license  INTEGER,
    download_count           INTEGER,
    thumbs_up_count          INTEGER,
    thumbs_down_count        INTEGER,
    comment_count            INTEGER,
    tipped_amount_count      INTEGER,
    stats                    TEXT,             -- JSON, as it was sent
    checked_at               TEXT,             -- when the whole model was asked for last; NULL: only versions were
    next_check_at            TEXT,             -- NULL for a model that is not kept fresh
    attempts                 INTEGER NOT NULL DEFAULT 0,   -- questions since the last answer that failed
    gone_since               TEXT,             -- when CivitAI was found to have it no more
    raw                      BLOB,             -- the last whole answer: JSON, compressed (zlib, RFC 1950)
    created_at               TEXT NOT NULL,
    updated_at               TEXT NOT NULL
) STRICT;

CREATE INDEX models_creator ON models (creator_id);
CREATE INDEX models_due     ON models (next_check_at) WHERE next_check_at IS NOT NULL;

CREATE TABLE model_versions (
    id                    INTEGER PRIMARY KEY,
    civitai_id            INTEGER GENERATED ALWAYS AS (id) VIRTUAL,
    model_id              INTEGER NOT NULL REFERENCES models (id),
    name                  TEXT NOT NULL,
    version_index         INTEGER,             -- its place in the creator's order, from 0; not an order in time
    base_model            TEXT,
    base_model_type       TEXT,
    description           TEXT,                -- HTML
    status                TEXT,
    availability          TEXT,
    air                   TEXT,
    usage_control         TEXT,
    upload_type           TEXT,
    training_status       TEXT,
    training_details      TEXT,                -- JSON
    nsfw_level            INTEGER,
    published_at          TEXT,
    early_access          INTEGER NOT NULL DEFAULT 0 CHECK (early_access IN (0, 1)),
    early_access_ends_at  TEXT,                -- NULL with early_access 1: no end is known
    paid_access           TEXT,                -- JSON
    download_url          TEXT,
    download_count        INTEGER,
    thumbs_up_count       INTEGER,
    thumbs_down_count     INTEGER,
    stats                 TEXT,                -- JSON, as it was sent
    version_created_at    TEXT,
    version_updated_at    TEXT,
    gone_since            TEXT,                -- when the model was found without it
    raw                   BLOB,                -- the last answer about the version alone: JSON, compressed as above
    created_at            TEXT NOT NULL,
    updated_at            TEXT NOT NULL
) STRICT;

CREATE INDEX model_versions_model ON model_versions (model_id, base_model, published_at);

CREATE TABLE trained_words (
    version_id  INTEGER NOT NULL REFERENCES model_versions (id) ON DELETE CASCADE,
    position    INTEGER NOT NULL,              -- from 0
    word        TEXT    NOT NULL,
    PRIMARY KEY (version_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE version_files (
    id                   INTEGER PRIMARY KEY,
    civitai_id           INTEGER GENERATED ALWAYS AS (id) VIRTUAL,
    version_id           INTEGER NOT NULL REFERENCES model_versions (id) ON DELETE CASCADE,
    name                 TEXT,                 -- for a download; often not that of the uploaded file
    size_kb              REAL,
    type                 TEXT,                 -- Model, Pruned Model, VAE, Text Encoder, ...
    format               TEXT,
    fp                   TEXT,
    size                 TEXT,                 -- full, pruned
    quant_type           TEXT,
    is_primary           INTEGER,
    pickle_scan_result   TEXT,
    pickle_scan_message  TEXT,
    virus_scan_result    TEXT,
    virus_scan_message   TEXT,
    scanned_at           TEXT,
    metadata             TEXT,                 -- JSON
    download_url         TEXT,
    updated_at           TEXT NOT NULL
) STRICT;

CREATE INDEX version_files_version ON version_files (version_id);

CREATE TABLE file_hashes (
    file_id     INTEGER NOT NULL REFERENCES version_files (id) ON DELETE CASCADE,
    hash_type   TEXT    NOT NULL,              -- SHA256, AutoV1, AutoV2, AutoV3, CRC32, BLAKE3
    hash_value  TEXT    NOT NULL COLLATE NOCASE,
    PRIMARY KEY (file_id, hash_type)
) STRICT, WITHOUT ROWID;

CREATE INDEX file_hashes_value ON file_hashes (hash_value, hash_type);

CREATE TABLE tags (
    id    INTEGER PRIMARY KEY,
    name  TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE model_tags (
    model_id  INTEGER NOT NULL REFERENCES models (id) ON DELETE CASCADE,
    tag_id    INTEGER NOT NULL REFERENCES tags (id),
    PRIMARY KEY (model_id, tag_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX model_tags_tag ON model_tags (tag_id);

CREATE TABLE version_images (
    id                   INTEGER PRIMARY KEY,
    version_id           INTEGER NOT NULL REFERENCES model_versions (id) ON DELETE CASCADE,
    position             INTEGER NOT NULL,     -- the creator's order, from 0
    url                  TEXT    NOT NULL,
    image_key            TEXT    NOT NULL,     -- of the url what is the same for every size of the image
    width                INTEGER,
    height               INTEGER,
    nsfw_level           INTEGER,
    type                 TEXT,                 -- image, video, audio
    blurhash             TEXT,
    has_meta             INTEGER,
    has_positive_prompt  INTEGER,
    on_site              INTEGER,
    minor                INTEGER,
    poi                  INTEGER,
    availability         TEXT,
    remix_of_id          INTEGER,
    updated_at           TEXT    NOT NULL,
    UNIQUE (version_id, image_key)
) STRICT;

CREATE INDEX version_images_key ON version_images (image_key);

CREATE TABLE image_generation_params (
    image_id  INTEGER NOT NULL REFERENCES version_images (id) ON DELETE CASCADE,
    key       TEXT    NOT NULL,                -- prompt, negativePrompt, sampler, steps, cfgScale, seed, Size, ...
    value     TEXT    NOT NULL,
    PRIMARY KEY (image_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE image_resources (
    image_id          INTEGER NOT NULL REFERENCES version_images (id) ON DELETE CASCADE,
    position          INTEGER NOT NULL,
    type              TEXT,
    name              TEXT,
    hash              TEXT,
    weight            REAL,
    model_version_id  INTEGER,
    PRIMARY KEY (image_id, position)
) STRICT, WITHOUT ROWID;

-- The question to CivitAI about a content, and what came of it. A content with a digest has its row from the moment
-- that it has the digest; one without has a row only where somebody has pinned or unlinked it.
CREATE TABLE civitai_lookups (
    content_id       INTEGER PRIMARY KEY REFERENCES contents (id) ON DELETE CASCADE,
    state            TEXT    NOT NULL DEFAULT 'pending'
                     CHECK (state IN ('pending', 'found', 'not_found', 'error', 'unlinked')),
    model_id         INTEGER,
    version_id       INTEGER,                  -- of a pinned content from the start, of others once it is found
    file_id          INTEGER,                  -- the file of the version; NULL where CivitAI does not list it
    match            TEXT    CHECK (match IN ('SHA256', 'AutoV3', 'pinned')),
    role             TEXT    CHECK (role IN ('model', 'component')),
    attempts         INTEGER NOT NULL DEFAULT 0,
    checked_at       TEXT,                     -- when CivitAI answered last
    next_check_at    TEXT,                     -- when to ask; NULL for what needs no asking
    message          TEXT,
    autov3_asked_at  TEXT,                     -- when it was asked by AutoV3 what SHA256 had not found
    second_chance    INTEGER NOT NULL DEFAULT 0 CHECK (second_chance IN (0, 1)),   -- 1: is to be asked so
    dormant          INTEGER NOT NULL DEFAULT 0 CHECK (dormant IN (0, 1)),  -- 1: no file of a root has the content
    private          INTEGER NOT NULL DEFAULT 0 CHECK (private IN (0, 1))   -- 1: it stands in private_contents
) STRICT;

CREATE INDEX civitai_lookups_due     ON civitai_lookups (next_check_at)
    WHERE next_check_at IS NOT NULL AND dormant = 0 AND private = 0;
CREATE INDEX civitai_lookups_pins    ON civitai_lookups (next_check_at)
    WHERE match = 'pinned' AND state IN ('pending', 'error');
CREATE INDEX civitai_lookups_state   ON civitai_lookups (dormant, state, private, checked_at, match);
CREATE INDEX civitai_lookups_model   ON civitai_lookups (model_id) WHERE model_id IS NOT NULL;
CREATE INDEX civitai_lookups_version ON civitai_lookups (version_id) WHERE version_id IS NOT NULL;
CREATE INDEX civitai_lookups_second  ON civitai_lookups (content_id)
    WHERE second_chance = 1 AND dormant = 0 AND private = 0;

-- Every version that CivitAI has for the digest of a content. The answer about the hash is kept before anything is
-- known of the versions, so that it is not asked for twice.
CREATE TABLE lookup_candidates (
    content_id  INTEGER NOT NULL REFERENCES contents (id) ON DELETE CASCADE,
    version_id  INTEGER NOT NULL,
    model_id    INTEGER,
    match       TEXT    NOT NULL CHECK (match IN ('SHA256', 'AutoV3')),
    -- wanted: its description has yet to be asked for; missed: a question about many left it out, so it is to be asked
    -- for alone; failed: that failed, and the content is in error; known: it stands in model_versions; absent: CivitAI
    -- has no description of it
    state       TEXT    NOT NULL CHECK (state IN ('wanted', 'missed', 'failed', 'known', 'absent')),
    PRIMARY KEY (content_id, version_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX lookup_candidates_open    ON lookup_candidates (state, content_id) WHERE state IN ('wanted', 'missed');

CREATE INDEX lookup_candidates_version ON lookup_candidates (version_id);

-- Contents that were seen below a root with civitai = 0: their hashes are not sent, wherever copies lie.
CREATE TABLE private_contents (
    content_id  INTEGER NOT NULL REFERENCES contents (id) ON DELETE CASCADE,
    root_id     INTEGER NOT NULL REFERENCES roots (id),
    PRIMARY KEY (content_id, root_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX private_contents_root ON private_contents (root_id);

-- Of which newer versions people have been told.
CREATE TABLE announced_updates (
    model_id    INTEGER NOT NULL REFERENCES models (id) ON DELETE CASCADE,
    base_model  TEXT    NOT NULL,
    version_id  INTEGER NOT NULL,
    announced_at TEXT   NOT NULL,
    PRIMARY KEY (model_id, base_model)
) STRICT, WITHOUT ROWID;

-- The preview image of a content, fetched from CivitAI.
CREATE TABLE content_previews (
    content_id     INTEGER PRIMARY KEY REFERENCES contents (id) ON DELETE CASCADE,
    state          TEXT    NOT NULL CHECK (state IN ('stored', 'beside', 'error')),   -- beside: it lies beside the files
    image_key      TEXT    NOT NULL,           -- of version_images
    media_type     TEXT,
    bytes          INTEGER,
    attempts       INTEGER NOT NULL DEFAULT 0,
    next_check_at  TEXT,                       -- after an error: when to try again
    message        TEXT,
    updated_at     TEXT    NOT NULL
) STRICT;

-- Contents of an earlier release. e3b0c442… is the digest of nothing, which says nothing.
INSERT INTO civitai_lookups (content_id, next_check_at, dormant)
SELECT c.id, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'),
    NOT EXISTS (SELECT 1 FROM local_files WHERE content_id = c.id AND root_id IS NOT NULL)
FROM contents c
WHERE c.sha256 IS NOT NULL AND c.sha256 != 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

-- In a trigger an OR IGNORE means nothing when the statement that fires it is an upsert (sqlite.org/lang_createtrigger.html,
-- section 2.1); ON CONFLICT always holds.
CREATE TRIGGER ask_about_hashed_content AFTER UPDATE OF sha256 ON contents
WHEN old.sha256 IS NULL AND new.sha256 IS NOT NULL
    AND new.sha256 != 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
BEGIN
    INSERT INTO civitai_lookups (content_id, next_check_at, dormant, private)
    VALUES (new.id, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'),
        NOT EXISTS (SELECT 1 FROM local_files WHERE content_id = new.id AND root_id IS NOT NULL),
        EXISTS (SELECT 1 FROM private_contents WHERE content_id = new.id))
    ON CONFLICT DO NOTHING;
END;

-- Which contents files of the roots have, and which were seen where nothing may be told of them.
CREATE TRIGGER note_content_of_added_file AFTER INSERT ON local_files
WHEN new.content_id IS NOT NULL AND new.root_id IS NOT NULL
BEGIN
    UPDATE civitai_lookups SET dormant = 0 WHERE content_id = new.content_id AND dormant = 1;
    INSERT INTO private_contents (content_id, root_id)
        SELECT new.content_id, id FROM roots WHERE id = new.root_id AND civitai = 0 ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER note_content_of_changed_file AFTER UPDATE OF content_id, root_id ON local_files
WHEN (old.content_id, old.root_id) IS NOT (new.content_id, new.root_id)
BEGIN
    UPDATE civitai_lookups SET dormant = 0
    WHERE content_id = new.content_id AND dormant = 1 AND new.root_id IS NOT NULL;
    UPDATE civitai_lookups SET dormant = 1
    WHERE content_id IN (old.content_id, new.content_id) AND dormant = 0
        AND NOT EXISTS (SELECT 1 FROM local_files f WHERE f.content_id = civitai_lookups.content_id
            AND f.root_id IS NOT NULL);
    INSERT INTO private_contents (content_id, root_id)
        SELECT new.content_id, id FROM roots
        WHERE new.content_id IS NOT NULL AND id = new.root_id AND civitai = 0 ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER note_content_of_removed_file AFTER DELETE ON local_files WHEN old.content_id IS NOT NULL BEGIN
    UPDATE civitai_lookups SET dormant = 1
    WHERE content_id = old.content_id
        AND NOT EXISTS (SELECT 1 FROM local_files WHERE content_id = old.content_id AND root_id IS NOT NULL);
END;

CREATE TRIGGER note_privacy_of_root AFTER UPDATE OF civitai ON roots WHEN old.civitai != new.civitai BEGIN
    DELETE FROM private_contents WHERE root_id = new.id AND new.civitai = 1;
    INSERT INTO private_contents (content_id, root_id)
        SELECT content_id, new.id FROM local_files
        WHERE root_id = new.id AND content_id IS NOT NULL AND new.civitai = 0 ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER note_private_content AFTER INSERT ON private_contents BEGIN
    UPDATE civitai_lookups SET private = 1 WHERE content_id = new.content_id AND private = 0;
END;

CREATE TRIGGER note_public_content AFTER DELETE ON private_contents BEGIN
    UPDATE civitai_lookups SET private = 0
    WHERE content_id = old.content_id AND private = 1
        AND NOT EXISTS (SELECT 1 FROM private_contents WHERE content_id = old.content_id);
END;

-- A model that is installed is kept fresh, also when its file has come back.
CREATE TRIGGER refresh_linked_model AFTER UPDATE OF state, version_id, dormant ON civitai_lookups
WHEN new.state = 'found' AND new.dormant = 0
    AND (old.state, old.version_id, old.dormant) IS NOT (new.state, new.version_id, new.dormant)
BEGIN
    UPDATE models SET next_check_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
    WHERE id = new.model_id AND next_check_at IS NULL AND (checked_at IS NULL OR new.role = 'model');
END;

CREATE TRIGGER follow_moved_version AFTER UPDATE OF model_id ON model_versions WHEN old.model_id != new.model_id BEGIN
    UPDATE civitai_lookups SET model_id = new.model_id WHERE version_id = new.id AND state = 'found';
    UPDATE models SET next_check_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
    WHERE id = new.model_id AND next_check_at IS NULL
        AND EXISTS (SELECT 1 FROM civitai_lookups WHERE version_id = new.id AND state = 'found' AND dormant = 0);
END;

-- What CivitAI says is evidence.
CREATE TRIGGER judge_linked_content AFTER UPDATE OF state, version_id, role, file_id ON civitai_lookups
WHEN (old.state, old.version_id, old.role, old.file_id) IS NOT (new.state, new.version_id, new.role, new.file_id)
BEGIN
    INSERT INTO files_to_judge
        SELECT id FROM local_files WHERE content_id = new.content_id ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER judge_after_version AFTER UPDATE OF base_model ON model_versions
WHEN old.base_model IS NOT new.base_model
BEGIN
    INSERT INTO files_to_judge
        SELECT f.id FROM civitai_lookups l JOIN local_files f ON f.content_id = l.content_id
        WHERE l.version_id = new.id AND l.state = 'found' ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER judge_after_model AFTER UPDATE OF type ON models WHEN old.type IS NOT new.type BEGIN
    INSERT INTO files_to_judge
        SELECT f.id FROM civitai_lookups l JOIN local_files f ON f.content_id = l.content_id
        WHERE l.model_id = new.id AND l.state = 'found' ON CONFLICT DO NOTHING;
END;

-- For people.
CREATE VIEW v_models_with_latest AS
SELECT m.id,
       m.civitai_id,
       m.name,
       m.type,
       m.nsfw,
       c.username AS creator,
       v.name AS latest_version,
       v.base_model,
       m.download_count,
       m.thumbs_up_count
FROM models m
LEFT JOIN creators c ON c.id = m.creator_id
LEFT JOIN model_versions v ON v.id = (
    SELECT o.id FROM model_versions o
    WHERE o.model_id = m.id AND o.gone_since IS NULL AND coalesce(o.status, 'Published') = 'Published'
    ORDER BY o.published_at DESC, o.id DESC LIMIT 1);

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
       coalesce(m.name, s.model_name) AS model_name,
       coalesce(m.type, s.model_type) AS model_type,
       coalesce(v.name, s.version_name) AS version_name,
       f.base_model,
       coalesce(a.username, s.creator) AS creator,
       l.state AS civitai_state,
       l.role AS civitai_role,
       coalesce(m.id, s.model_id) AS model_id,
       coalesce(v.id, s.version_id) AS version_id
FROM local_files f
LEFT JOIN contents c ON c.id = f.content_id
LEFT JOIN civitai_lookups l ON l.content_id = f.content_id
LEFT JOIN model_versions v ON v.id = l.version_id AND l.state = 'found'
LEFT JOIN models m ON m.id = v.model_id
LEFT JOIN creators a ON a.id = m.creator_id
LEFT JOIN sidecars s ON m.id IS NULL AND s.file_id = f.id AND s.source = 'civitai'
    AND s.rank = (SELECT min(o.rank) FROM sidecars o WHERE o.file_id = f.id AND o.source = 'civitai'
        AND (o.sha256 IS NULL OR c.sha256 IS NULL
            OR EXISTS (SELECT 1 FROM json_each(o.sha256) WHERE substr(c.sha256, 1, length(value)) = value))
        AND (o.blake3 IS NULL OR c.blake3 IS NULL OR c.blake3 = o.blake3))
WHERE f.root_id IS NOT NULL;
