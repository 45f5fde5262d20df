import Catalog
import FoundationEssentials
import HTTPServer
import IndexAPI
import LinuxSystem
import TestSupport
import Testing

@testable import APIServer

/// What each route answers.
@Suite struct AnswerTests {
    @Test func statusTellsEverythingAndEveryKey() async throws {
        try await withAPI { api in
            try await api.add("loras/a.safetensors", Array("x".utf8))
            let answer = try await api.get("status")
            #expect(answer.header("Content-Type") == "application/json")
            let expected: Set = [
                "version", "state", "uptime_seconds", "pid", "roots", "files", "queue", "hashing", "civitai",
                "database", "last_scan",
            ]
            #expect(try keys(answer.body) == expected)
            let status = try answer.decode(StatusAnswer.self)
            #expect(status.state == "ready")
            #expect((status.files.total, status.files.indexed, status.files.bytes) == (1, 1, 1))
            #expect(status.roots.map(\.path) == [api.library.description])
            let root = try #require(status.roots.first)
            #expect((root.state, root.watch, root.files, root.directories) == ("online", "inotify", 1, 2))
            #expect((root.message, root.polledDirectories) == (nil, 0))
            #expect((status.queue.depth, status.queue.capacity, status.queue.pendingBytes) == (0, 1024, 0))
            #expect((status.hashing.state, status.hashing.filesTotal, status.hashing.bytesTotal) == ("idle", 1, 1))
            #expect(status.hashing.bytesPerSecond == 0)
            #expect((status.civitai.state, status.civitai.key) == ("off", "none"))
            #expect(status.database.path == api.catalog.path.description)
            #expect(status.database.bytes > 0)
            #expect(status.lastScan?.completedAt != nil)
            #expect(answer.text.contains(#""message":null"#))
            #expect(try await api.get("roots", as: RootsAnswer.self).roots == status.roots)
        }
    }

    @Test func aFileHasEveryKey() async throws {
        try await withAPI { api in
            let content = safetensors(metadata: #"{"ss_output_name":"ä"}"#)
            let file = try await api.add("loras/a.safetensors", content)
            let answer = try await api.get("files/\(file.id)")
            let expected: Set = [
                "id", "path", "name", "root", "folder", "type", "type_source", "base_model", "base_model_source",
                "base_model_type", "format", "size", "modified_at", "state", "error", "sha256", "hashes", "header",
                "part", "metadata", "top_tags", "pickle", "trained_words", "trained_words_source", "trained_on",
                "user", "preview", "hard_links", "symlink", "copies", "civitai",
            ]
            #expect(try keys(answer.body) == expected)
            let shown = try answer.decode(FileObject.self)
            #expect(shown.path == api.library.appending("loras/a.safetensors").description)
            #expect((shown.name, shown.root, shown.folder) == ("a.safetensors", api.library.description, "loras"))
            #expect((shown.type, shown.typeSource, shown.format) == ("lora", "folder", "safetensors"))
            #expect((shown.state, shown.error, shown.size) == ("indexed", nil, Int64(content.count)))
            #expect(shown.sha256 == shown.hashes.sha256?.lowercased())
            #expect(shown.hashes.sha256 == shown.sha256?.uppercased())
            #expect(shown.hashes.autoV2 == shown.hashes.sha256.map { String($0.prefix(10)) })
            #expect(shown.hashes.autoV3?.utf8.count == 12)
            #expect((shown.hashes.autoV1, shown.hashes.blake3) == (nil, nil))
            #expect(!answer.text.contains("AutoV1"))
            #expect((shown.header?.tensorCount, shown.header?.parameterCount) == (1, 8))
            #expect(shown.header?.dtypes == ["F16": 1])
            #expect(shown.header?.size == Int64(content.count - 16 - 8))
            #expect(shown.metadata == ["ss_output_name": "ä"])
            #expect(shown.civitai.state == "off")
            #expect(shown.modifiedAt.hasSuffix("Z"))

            var listed = try #require(try await api.get("files", as: FilesAnswer.self).files.first)
            #expect(listed.metadata == nil)
            #expect(listed.topTags == nil)
            (listed.metadata, listed.topTags) = (shown.metadata, shown.topTags)
            #expect(listed == shown)
        }
    }

    @Test func aPathThatIsNotUTF8IsShownEscapedAndFoundInBothForms() async throws {
        try await withAPI { api in
            let path = api.library.appending([0xFF] + Array("\\.pt".utf8))
            try writeFile(path, "x")
            try setAge(path, seconds: 3600)
            try await api.sync()
            let file = try #require(try await api.get("files", as: FilesAnswer.self).files.first)
            #expect(file.name == #"\xff\\.pt"#)
            #expect(file.path == path.description)
            #expect(file.pathBase64 == Data(path.bytes).base64EncodedString())
            let escaped = file.path.replacing("\\", with: "%5C").replacing("/", with: "%2F")
            #expect(try await api.get("files?path=\(escaped)", as: FilesAnswer.self).files == [file])
            #expect(try await api.get("files?path_base64=\(api.base64(path))", as: FilesAnswer.self).files == [file])
        }
    }

    @Test func aPathByWayOfALinkIsAnswered() async throws {
        try await withAPI { api in
            let file = try await api.add("a.pt", Array("x".utf8))
            let link = api.library.parent.appending("link")
            try makeSymbolicLink(link, to: api.library)
            #expect(try await api.get("files?path=\(link)/a.pt", as: FilesAnswer.self).files == [file])
            #expect(try await api.get("files?path=\(api.library)/./x/../a.pt", as: FilesAnswer.self).files == [file])
            let none = try await api.get("files?path=\(link)/none.pt", as: FilesAnswer.self)
            #expect((none.files, none.total) == ([], 0))
        }
    }

    @Test func aListIsNarrowed() async throws {
        try await withAPI { api in
            try await api.add("loras/a.safetensors", Array("a".utf8))
            try await api.add("loras/sub/b.safetensors", Array("b".utf8))
            try await api.add("vae/c.pt", Array("c".utf8))
            removeFile(api.library.appending("vae/c.pt"))
            try await api.sync()
            func names(_ query: String) async throws -> [String] {
                let answer = try await api.get("files?" + query, as: FilesAnswer.self)
                if !query.contains("limit"), !query.contains("offset") { #expect(answer.total == answer.files.count) }
                return answer.files.map(\.name)
            }
            let (a, b, c) = ("a.safetensors", "b.safetensors", "c.pt")
            #expect(try await names("") == [a, b, c])
            #expect(try await names("state=present") == [a, b])
            #expect(try await names("state=missing") == [c])
            #expect(try await names("state=indexed,missing") == [a, b, c])
            #expect(try await names("state=hashing") == [])
            #expect(try await names("state=pending") == [])
            #expect(try await names("state=pending,hashing,error") == [])
            #expect(try await names("type=lora") == [a, b])
            #expect(try await names("type=vae&state=present") == [])
            #expect(try await names("folder=LORAS%5Csub") == [b])
            #expect(try await names("folder=") == [])
            #expect(try await names("name=A") == [a])
            #expect(try await names("name=sub/b.safetensors") == [b])
            #expect(try await names("name=%25") == [])
            #expect(try await names("base=Pony") == [])
            #expect(try await names("civitai=off") == [a, b, c])
            #expect(try await names("civitai=found") == [])
            #expect(try await names("limit=1") == [a])
            #expect(try await names("limit=1&offset=1") == [b])
            #expect(try await names("limit=0") == [])
            #expect(try await names("offset=2") == [c])
            #expect(try await names("offset=9223372036854775807&limit=9223372036854775807") == [])
            let page = try await api.get("files?limit=1&offset=5", as: FilesAnswer.self)
            #expect((page.files.count, page.total) == (0, 3))
        }
    }

    @Test(arguments: [199, 200, 201, 400, 450])
    func aLongListIsSentInPages(count: Int) async throws {
        try await withAPI { api in
            let names = (0..<count).map { "f\($0).pt" }
            for name in names {
                try writeFile(api.library.appending(name), name)
                try setAge(api.library.appending(name), seconds: 3600)
            }
            try await api.sync()
            let all = try await api.get("files", as: FilesAnswer.self)
            #expect(all.files.map(\.name) == names.sorted())
            #expect(all.total == count)
            let part = try await api.get("files?limit=200&offset=3", as: FilesAnswer.self)
            #expect(part.files == Array(all.files.dropFirst(3).prefix(200)))
            #expect(part.total == count)
        }
    }

    @Test func errorsAreTheFilesWithWhichSomethingIsWrong() async throws {
        try await withAPI { api in
            try await api.add("fine.pt", pyTorchFile("x"))
            try await api.add("broken.safetensors", Array("y".utf8))
            let answer = try await api.get("errors", as: FilesAnswer.self)
            #expect(answer.files.map(\.name) == ["broken.safetensors"])
            #expect(answer.total == 1)
            #expect(answer.files.first?.state == "indexed")
            #expect(answer.files.first?.error?.isEmpty == false)
        }
    }

    @Test func aHashIsLookedUpInAnyCase() async throws {
        try await withAPI { api in
            let file = try await api.add("abc.pt", Array("abc".utf8))
            let copy = try await api.add("copy.pt", Array("abc".utf8))
            let sha256 = try #require(file.sha256)
            for hash in [sha256, sha256.uppercased(), "BA7816BF", "ba7816bf8f01cfea4"] {
                let answer = try await api.get("lookup?hash=\(hash)", as: LookupAnswer.self)
                #expect(answer.hash == hash)
                #expect(answer.files.map(\.id) == [file.id, copy.id])
                #expect((answer.total, answer.matched) == (2, ["SHA256"]))
                #expect(answer.files.map(\.copies) == [[copy.path], [file.path]])
            }
            #expect(try await api.get("lookup?hash=BA7816BF8F", as: LookupAnswer.self).matched == ["SHA256", "AutoV2"])
            // CivitAI's byte order.
            #expect(try await api.get("lookup?hash=c2412435", as: LookupAnswer.self).matched == ["CRC32"])
        }
    }

    @Test func manyHashesAreLookedUpInTheirOrder() async throws {
        try await withAPI { api in
            let file = try await api.add("abc.pt", Array("abc".utf8))
            let answer = try await api.post("lookup", #"{"hashes":["00000000","BA7816BF","ba7816bf"]}"#)
            #expect(answer.status == 200)
            let results = try answer.decode(LookupResults.self).results
            #expect(results.map(\.hash) == ["00000000", "BA7816BF", "ba7816bf"])
            #expect(results.map(\.matched) == [[], ["SHA256"], ["SHA256"]])
            #expect(results.map { $0.files.map(\.id) } == [[], [file.id], [file.id]])
            #expect(try await api.post("lookup", #"{"hashes":[]}"#).text == #"{"results":[]}"#)
        }
    }

    @Test func aScanIsStartedAndWrittenDown() async throws {
        try await withAPI { api in
            try await api.add("sub/a.pt", Array("a".utf8))
            for body in ["", "{}", #"{"path":null}"#, #"{"path":"\#(api.library)/sub","rehash":true}"#] {
                let answer = try await api.post("scan", body)
                #expect(answer.status == 202)
                let started = try answer.decode(ScanAnswer.self).scans
                #expect(started.count == 1)
                try await api.sync()
                let history = try await api.get("scan-history?limit=1", as: ScanHistoryAnswer.self)
                let scan = try #require(history.scans.first)
                #expect(scan.id == started.first?.id)
                #expect(scan.root == started.first?.root)
                #expect(scan.kind == (body.contains("rehash") ? "rehash" : "scan"))
                #expect(scan.completedAt != nil)
                #expect(scan.filesSeen == 1)
                #expect(scan.errors == [])
            }
            let all = try await api.get("scan-history", as: ScanHistoryAnswer.self)
            #expect(all.scans.count == all.total)
            #expect(all.scans.map(\.id) == all.scans.map(\.id).sorted(by: >))
            let later = try await api.get("scan-history?offset=1&limit=2", as: ScanHistoryAnswer.self)
            #expect(later.scans == Array(all.scans.dropFirst().prefix(2)))
            let expected: Set = [
                "id", "kind", "root", "started_at", "completed_at", "duration_ms", "files_seen", "files_added",
                "files_changed", "files_moved", "files_missing", "files_hashed", "files_damaged", "bytes_hashed",
                "checkpoints_found", "loras_found", "embeddings_found", "lookups", "errors",
            ]
            #expect(try keys(Array(WireJSON.encode(try #require(all.scans.first)))) == expected)
        }
    }

    @Test func syncWaitsForTheFileSystem() async throws {
        try await withAPI { api in
            try writeFile(api.library.appending("a.pt"), "x")
            try setAge(api.library.appending("a.pt"), seconds: 3600)
            let answer = try await api.post("sync", #"{"hashed":true,"timeout_seconds":60}"#)
            #expect(answer.text == #"{"skipped":[],"synced":true,"waiting":[]}"#)
            #expect(try await api.get("files", as: FilesAnswer.self).files.map(\.state) == ["indexed"])
            #expect(try await api.post("sync", "").decode(SyncAnswer.self).synced)
        }
    }
}
