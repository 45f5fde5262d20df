import LinuxSystem
import SQLite
import TestSupport
import Testing

@testable import Catalog

/// People open the database with sqlite3, so that its names are a contract.
@Suite struct SchemaTests {
    private static let tables: [String: [String]] = [
        "local_files": [
            "id", "file_path", "root_id", "folder", "name", "type", "size", "mtime_ns", "inode", "device",
            "file_system_id", "birth_time_ns", "content_id", "state", "error", "created_at", "updated_at",
            "missing_since",
        ],
        "contents": [
            "id", "sha256", "size", "autov1", "autov2", "autov3", "crc32", "blake3", "format", "header_size",
            "tensor_count",
        ],
        "safetensor_metadata": ["content_id", "key", "value"],
        "scan_history": [
            "id", "kind", "root", "started_at", "completed_at", "duration_ms", "files_seen", "files_added",
            "files_changed", "files_moved", "files_missing", "files_hashed", "files_damaged", "bytes_hashed",
            "checkpoints_found", "loras_found", "embeddings_found", "lookups", "errors",
        ],
        "app_metadata": ["key", "value", "updated_at"],
        "creators": ["id", "username", "image_url"],
        "models": [
            "id", "civitai_id", "name", "type", "description", "nsfw", "nsfw_level", "creator_id", "download_count",
            "thumbs_up_count", "raw",
        ],
        "model_versions": ["id", "civitai_id", "model_id", "name", "base_model", "version_index", "download_url"],
        "trained_words": ["version_id", "position", "word"],
        "version_files": [
            "id", "civitai_id", "version_id", "name", "size_kb", "format", "fp", "is_primary", "download_url",
        ],
        "file_hashes": ["file_id", "hash_type", "hash_value"],
        "tags": ["id", "name"],
        "model_tags": ["model_id", "tag_id"],
        "version_images": ["id", "version_id", "url", "width", "height", "nsfw_level"],
        "image_generation_params": ["image_id", "key", "value"],
        "image_resources": ["image_id", "name", "type", "hash", "weight"],
        "civitai_lookups": [
            "content_id", "state", "model_id", "version_id", "attempts", "checked_at", "next_check_at", "message",
        ],
        "v_models_with_latest": [
            "id", "civitai_id", "name", "type", "nsfw", "creator", "latest_version", "base_model", "download_count",
            "thumbs_up_count",
        ],
        "v_local_files_full": [
            "file_path", "sha256", "model_name", "model_type", "version_name", "base_model", "creator",
        ],
    ]

    @Test(arguments: tables.keys.sorted())
    func aNewDatabaseHasTheNamesThatPeopleKnow(table: String) async throws {
        try await withCatalog { fixture in
            let columns = Set(try fixture.texts("SELECT name FROM pragma_table_xinfo('\(table)')"))
            let missing = Set(Self.tables[table] ?? []).subtracting(columns)
            #expect(missing.isEmpty)
        }
    }

    @Test func everyTableIsStrict() async throws {
        try await withCatalog { fixture in
            let lax = try fixture.texts(
                "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0"
                    + " AND name NOT LIKE 'sqlite_%'")
            #expect(lax == [])
        }
    }

    @Test func theFileIsMarkedAndInWriteAheadMode() async throws {
        try await withCatalog { fixture in
            #expect(try fixture.value("PRAGMA application_id") == .integer(0x4B69_6B6F))
            #expect(try fixture.value("PRAGMA user_version") == .integer(Int64(ModelCatalog.schemaVersion)))
            #expect(try fixture.value("PRAGMA journal_mode") == "wal")
            let mode = try FileStatus.of(fixture.catalog.path).mode
            #expect(mode & 0o777 == 0o600)
            #expect(try fixture.read { try $0.metadata("schema_version") } == "\(ModelCatalog.schemaVersion)")
            #expect(fixture.catalog.bytes > 4096)
        }
    }

    @Test func foreignKeysHold() async throws {
        try await withCatalog { fixture in
            let id = try fixture.add("a.safetensors")
            #expect(throws: SQLiteError.self) {
                try fixture.write { try $0.connection.run("DELETE FROM contents") }
            }
            #expect(throws: SQLiteError.self) {
                try fixture.write {
                    try $0.connection.run("UPDATE local_files SET root_id = 99 WHERE id = ?", [.integer(id)])
                }
            }
            #expect(try fixture.state(id) == .pending)
        }
    }

    @Test func pathsAndDigestsAreUniqueAndStatesAreWords() async throws {
        try await withCatalog { fixture in
            let id = try fixture.addIndexed("a.safetensors", .sample("aa"))
            let other = try fixture.add("b.safetensors", .sample(inode: 2))
            #expect(throws: SQLiteError.self) {
                try fixture.write {
                    try $0.connection.run(
                        "UPDATE local_files SET file_path = (SELECT file_path FROM local_files WHERE id = ?1) WHERE id = ?2",
                        [.integer(id), .integer(other)])
                }
            }
            #expect(throws: SQLiteError.self) {
                try fixture.write {
                    try $0.connection.run(
                        "INSERT INTO contents (sha256, size, created_at) SELECT sha256, 1, '' FROM contents")
                }
            }
            #expect(throws: SQLiteError.self) {
                try fixture.write { try $0.connection.run("UPDATE local_files SET state = 'hashing'") }
            }
            #expect(try fixture.state(id) == .indexed)
        }
    }

    @Test func theViewShowsPathsAsTextAndOnlyCoveredFiles() async throws {
        try await withCatalog { fixture in
            let bytes = Array("/m/loras/".utf8) + [0xFF] + Array("\\.safetensors".utf8)
            let path = try #require(FilePath(bytes: bytes))
            let file = fixture.observe(path)
            let id = try fixture.write { try $0.add(file, content: .unknown, held: false, scan: nil, at: Fixture.now) }
            #expect(try fixture.value("SELECT file_path FROM local_files") == .textBytes(bytes))
            #expect(try fixture.value("SELECT typeof(file_path) FROM local_files") == "text")
            #expect(try fixture.value("SELECT file_path FROM v_local_files_full") == #"/m/loras/\xff\\.safetensors"#)
            #expect(
                try fixture.value("SELECT name FROM local_files") == .textBytes([0xFF] + Array("\\.safetensors".utf8)))
            #expect(try fixture.details(id)?.path == path)
            #expect(try fixture.read { try $0.file(at: path)?.id } == id)
            _ = try fixture.write { try $0.setRoots([]) { _, _ in true } }
            #expect(try fixture.value("SELECT count(*) FROM v_local_files_full") == 0)
            #expect(try fixture.value("SELECT count(*) FROM local_files") == 1)
        }
    }
}

@Suite struct OpeningTests {
    @Test func aSecondStartFindsWhatTheFirstLeft() async throws {
        try await withTemporaryDirectory { directory in
            let first = try ModelCatalog.open(directory: directory)
            _ = try first.write { try $0.setRoots([(FilePath("/m"), "lora")]) { _, _ in true } }
            first.close()
            let second = try ModelCatalog.open(directory: directory)
            defer { second.close() }
            #expect(try second.read { try $0.root(id: 1)?.path } == FilePath("/m"))
            #expect(try directoryNames(directory).allSatisfy { !String(decoding: $0, as: UTF8.self).hasSuffix(".bak") })
            #expect(second.ping(milliseconds: 60_000))
            #expect(second.checkpoint())
        }
    }

    @Test func aDatabaseOfALaterReleaseIsRefused() async throws {
        try await refusal(code: .notOurs, says: "later release") { connection in
            try connection.execute("PRAGMA application_id = \(0x4B69_6B6F); PRAGMA user_version = 99;")
        }
    }

    @Test func aDatabaseOfAnotherProgramIsRefused() async throws {
        try await refusal(code: .notOurs, says: "another program") { connection in
            try connection.execute("PRAGMA application_id = 7; CREATE TABLE mine (id);")
        }
        try await refusal(code: .notOurs, says: "another program") { connection in
            try connection.execute("CREATE TABLE mine (id);")
        }
    }

    @Test func aFileThatIsNoDatabaseIsRefusedAndLeftAlone() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("models.db")
            let text = String(repeating: "not a database ", count: 500)
            try writeFile(path, text)
            let error = #expect(throws: CatalogError.self) { try ModelCatalog.open(directory: directory) }
            #expect(error?.description.contains("\(path)") == true)
            #expect(try readFile(path, limit: 1 << 20) == Array(text.utf8))
        }
    }

    @Test func aPlaceThatCannotHoldADatabaseIsNamed() async throws {
        try await withTemporaryDirectory { directory in
            let nowhere = directory.appending("nowhere")
            let absent = #expect(throws: CatalogError.self) { try ModelCatalog.open(directory: nowhere) }
            #expect(absent?.code == .unsuitablePlace)
            #expect(absent?.description.contains("\(nowhere)") == true)
            let file = directory.appending("file")
            try writeFile(file, "x")
            let notADirectory = #expect(throws: CatalogError.self) { try ModelCatalog.open(directory: file) }
            #expect(notADirectory?.code == .unsuitablePlace)
        }
    }

    private func refusal(
        code: CatalogError.Code, says words: String, _ prepare: (Connection) throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("models.db")
            let connection = try Connection(path, .readWriteCreate)
            try prepare(connection)
            connection.close()
            let before = try readFile(path, limit: 1 << 20)
            let error = #expect(throws: CatalogError.self) { try ModelCatalog.open(directory: directory) }
            #expect(error?.code == code)
            #expect(error?.description.contains(words) == true)
            #expect(error?.description.contains("\(path)") == true)
            #expect(try readFile(path, limit: 1 << 20) == before)
        }
    }
}
