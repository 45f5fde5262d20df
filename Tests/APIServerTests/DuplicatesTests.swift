import Catalog
import FoundationEssentials
import Glibc
import IndexAPI
import LinuxSystem
import TestSupport
import Testing

@testable import APIServer

/// `GET duplicates`.
@Suite struct DuplicatesTests {
    @Test func anEmptyIndexHasEveryKey() async throws {
        try await withAPI { api in
            let answer = try await api.get("duplicates")
            #expect(answer.status == 200)
            #expect(answer.header("Content-Type") == "application/json")
            #expect(answer.text == #"{"groups":[],"same_weights":[],"wasted_bytes":0}"#)
        }
    }

    @Test func copiesHardLinksAndLinksAreToldApart() async throws {
        try await withAPI { api in
            let original = try await api.add("a.pt", Array("twice".utf8))
            try makeHardLink(api.library.appending("b.pt"), to: api.library.appending("a.pt"))
            try makeSymbolicLink(api.library.appending("c.pt"), to: api.library.appending("a.pt"))
            try await api.add("sub/d.pt", Array("twice".utf8))
            try await api.add("other.pt", Array("once".utf8))
            let text = try await api.get("duplicates")
            #expect(try keys(text.body) == ["groups", "same_weights", "wasted_bytes"])
            let answer = try text.decode(DuplicatesAnswer.self)
            let group = try #require(answer.groups.first)
            #expect((answer.groups.count, answer.wastedBytes, answer.sameWeights) == (1, 5, []))
            #expect((group.sha256, group.size, group.wastedBytes) == (original.sha256, 5, 5))
            let names = ["a.pt", "b.pt", "c.pt", "sub/d.pt"]
            #expect(group.files.map(\.path) == names.map { api.library.appending($0).description })
            #expect(group.files.map(\.symlink) == [false, false, true, false])
            for file in group.files {
                let (device, inode) = try deviceAndInode(FilePath(file.path))
                #expect((file.device, file.inode) == (device, String(inode)))
                #expect(try keys(WireJSON.encode(file).map(\.self)) == ["path", "device", "inode", "symlink"])
            }
        }
    }

    @Test func otherHeadersWithTheSameWeightsAreFound() async throws {
        try await withAPI { api in
            let first = try await api.add("a.safetensors", safetensors(metadata: #"{"a":"1"}"#))
            try await api.add("b.safetensors", safetensors(metadata: #"{"b":"2"}"#))
            let answer = try await api.get("duplicates", as: DuplicatesAnswer.self)
            #expect(answer.groups.isEmpty)
            #expect(answer.sameWeights.map(\.autoV3) == [first.hashes.autoV3?.lowercased()])
            #expect(
                answer.sameWeights.map(\.files) == [
                    ["a.safetensors", "b.safetensors"].map { api.library.appending($0).description }
                ])
        }
    }

    @Test func aPathThatIsNotUTF8HasItsBytes() async throws {
        try await withAPI { api in
            let path = api.library.appending([0xFF] + Array("\"\\.pt".utf8))
            try await api.add("z.pt", Array("x".utf8))
            try writeFile(path, "x")
            try setAge(path, seconds: 3600)
            try await api.sync()
            let files = try #require(try await api.get("duplicates", as: DuplicatesAnswer.self).groups.first?.files)
            let file = try #require(files.first { $0.pathBase64 != nil })
            #expect(file.path == path.description)
            #expect(file.pathBase64 == Data(path.bytes).base64EncodedString())
        }
    }

    /// Pieces end at 500 files: between groups, within them, and just behind one.
    @Test(arguments: [[499, 3], [500, 2], [501], [2, 1100, 2], [250, 250, 250]])
    func aLongAnswerIsSentInPieces(_ sizes: [Int]) async throws {
        try await withIdleAPI { api in
            let paths = sizes.indices.map { group in
                (0..<sizes[group]).map { api.library.appending("g\(group)-\(1000 + $0).safetensors") }
            }
            let catalog = api.catalog
            try await onThread { try fill(catalog, root: api.library, paths) }
            let answer = try await api.get("duplicates", as: DuplicatesAnswer.self)
            let expected = paths.map { $0.map(\.description) }
            // The first group has the lowest digest.
            #expect(answer.groups.map { $0.files.map(\.path) } == expected)
            #expect(answer.groups.map(\.wastedBytes) == sizes.map { _ in 0 })
            #expect(answer.sameWeights.map(\.files) == (sizes.count > 1 ? [expected.flatMap(\.self)] : []))
        }
    }

    /// Has the catalogue know groups of hard links, each with a content of its own and all with the same weights.
    private func fill(_ catalog: ModelCatalog, root: FilePath, _ groups: [[FilePath]]) throws {
        let now = "2025-01-01T00:00:00.000Z"
        let roots = try catalog.write { try $0.setRoots([(root, nil)], rules: "", at: now) { _, _ in true } }
        let rootID = try #require(roots.first).id
        let description = ContentDescription(format: "safetensors")
        for (number, paths) in groups.enumerated() {
            let file = root.parent.appending("inode-\(number)")
            try writeFile(file, "x")
            try makeHardLink(root.parent.appending("link-\(number)"), to: file)
            let status = try FileStatus.of(file)
            let files = paths.map {
                ObservedFile(
                    path: $0, rootID: rootID, folder: [], status: status, fileSystemID: nil, isSymbolicLink: false,
                    placeType: nil, placeTypeSource: nil)
            }
            let first = try #require(files.first)
            _ = try catalog.write { try $0.add(first, content: .new(description), held: false, scan: nil, at: now) }
            let job = try catalog.read { try $0.hashJobs(.first, ofRoot: rootID, limit: 1, now: now) }.first
            let (digest, weights) = ("\(number)", String(repeating: "7", count: 64))
            let digests = ContentDigests(
                sha256: String(repeating: digest, count: 64), autoV1: nil, autoV2: digest,
                autoV3: String(weights.prefix(12)), autoV3Full: weights, crc32: digest)
            let wanted = try #require(job)
            _ = try catalog.write { try $0.store(digests, of: wanted, description: description, at: now) }
            let known = try catalog.read { try $0.file(at: first.path) }
            let content = try #require(known?.contentID)
            try catalog.write { writer in
                for file in files.dropFirst() {
                    try writer.add(file, content: .shared(id: content), held: false, scan: nil, at: now)
                }
            }
        }
    }

    @Test func itTakesNoParameterAndNoBody() async throws {
        try await withIdleAPI { api in
            let narrowed = try await api.get("duplicates?limit=1")
            let posted = try await api.post("duplicates", "")
            #expect((narrowed.status, posted.status) == (400, 405))
        }
    }

    private func deviceAndInode(_ path: FilePath) throws -> (Int64, UInt64) {
        var status = stat()
        let result = unsafe stat(path.description, &status)
        try #require(result == 0)
        return (Int64(status.st_dev), UInt64(status.st_ino))
    }
}
