import LinuxSystem
import Testing

@testable import Catalog
@testable import LinuxSystem

/// The question which file has a hash.
@Suite struct LookupTests {
    private static let full = ContentDigests(
        sha256: "a1" + String(repeating: "0", count: 62), autoV1: "b2000000", autoV2: "a100000000",
        autoV3: "c30000000000", autoV3Full: "c3" + String(repeating: "0", count: 62), crc32: "d4000000",
        blake3: "e5" + String(repeating: "0", count: 62))

    @Test(arguments: [
        (full.sha256, ["SHA256"]), (String(full.sha256.prefix(8)), ["SHA256"]),
        (String(full.sha256.prefix(63)), ["SHA256"]),
        ("a1000000001", []), ("a100000000", ["SHA256", "AutoV2"]), ("b2000000", ["AutoV1"]), ("d4000000", ["CRC32"]),
        ("c30000000000", ["AutoV3"]), (full.autoV3Full ?? "", ["AutoV3"]), (full.blake3 ?? "", ["BLAKE3"]),
        ("c3000000", []), ("e5000000", []), ("a100000", []), ("", []), (String(repeating: "a", count: 65), []),
        ("c3" + String(repeating: "0", count: 61) + "1", []),
    ])
    func everyKindIsTriedThatTheLengthAllows(hash: String, kinds: [String]) async throws {
        try await withCatalog { fixture in
            try fixture.addIndexed("a.safetensors", Self.full)
            try fixture.addIndexed("other.safetensors", .sample("ff"), .sample(inode: 2))
            let answer = try fixture.read { try $0.lookup(hash) }
            #expect(answer.matched == kinds)
            #expect(answer.files.map(\.path) == (kinds.isEmpty ? [] : [FilePath("/m/a.safetensors")]))
        }
    }

    @Test func eightDigitsMayMeanSeveralContents() async throws {
        try await withCatalog { fixture in
            let digits = "12345678"
            try fixture.addIndexed("sha", .sample(digits + "a"), .sample(inode: 1))
            try fixture.addIndexed("sha too", .sample(digits + "b"), .sample(inode: 2))
            try fixture.addIndexed("autov1", .sample("aa", autoV1: digits), .sample(inode: 3))
            try fixture.addIndexed("crc32", .sample("bb", crc32: digits), .sample(inode: 4))
            try fixture.addIndexed("no", .sample("cc"), .sample(inode: 5))
            let answer = try fixture.read { try $0.lookup(digits) }
            #expect(answer.matched == ["SHA256", "AutoV1", "CRC32"])
            #expect(
                Set(answer.files.map { String(decoding: $0.path.name, as: UTF8.self) }) == [
                    "sha", "sha too", "autov1", "crc32",
                ])
            #expect(try fixture.read { try $0.lookup(digits + "a") }.files.count == 1)
        }
    }

    @Test func presentFilesComeFirstAndEachOnce() async throws {
        try await withCatalog { fixture in
            let gone = try fixture.addIndexed("a", .sample("aa", autoV1: "aa000000"))
            try fixture.addIndexed("b", .sample("aa"), .sample(inode: 2))
            try fixture.write { try $0.markMissing([gone], at: Fixture.now) }
            let answer = try fixture.read { try $0.lookup("aa000000") }
            #expect(answer.matched == ["SHA256", "AutoV1"])
            #expect(answer.files.map(\.path) == [FilePath("/m/b"), FilePath("/m/a")])
        }
    }

    @Test func aContentWithoutAFileIsNoMatch() async throws {
        try await withCatalog { fixture in
            let id = try fixture.addIndexed("a", .sample("aa"))
            try fixture.write { try $0.remove(id) }
            let answer = try fixture.read { try $0.lookup("aa000000") }
            #expect(answer.matched == [])
            #expect(answer.files.isEmpty)
        }
    }

    @Test func lookupsUseAnIndex() async throws {
        try await withCatalog { fixture in
            for digits in [8, 10, 12, 64] {
                for (_, condition) in CatalogReader.lookupConditions(digits: digits) {
                    let numbered = condition.replacing("?1", with: "'a'").replacing("?2", with: "'b'")
                    let plan = try fixture.plan("SELECT id FROM contents WHERE \(numbered)")
                    #expect(plan.allSatisfy { $0.hasPrefix("SEARCH") }, "\(condition): \(plan)")
                }
            }
        }
    }
}
