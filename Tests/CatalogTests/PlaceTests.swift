import LinuxSystem
import Testing

@testable import Catalog

/// What the catalogue knows of folders and places.
@Suite struct PlaceTests {
    private let day: Int64 = 86_400_000_000_000

    // MARK: - Folders

    @Test func foldersComeWholeAndInBytewiseOrder() async throws {
        try await withCatalog { fixture in
            for (number, name) in ["a/x", "a/b/x", "a-b/x", "a0/x", "x", "a/w"].enumerated() {
                try fixture.add(name, .sample(inode: UInt64(number)))
            }
            func folders(from folder: String, limit: Int) throws -> [[String]] {
                try fixture.read { try $0.folders(ofRoot: fixture.root.id, from: Array(folder.utf8), limit: limit) }
                    .map { folder in [escapedText(folder.folder)] + folder.rows.map { escapedText($0.name) } }
            }
            #expect(
                try folders(from: "", limit: 100) == [
                    ["", "x"], ["a", "w", "x"], ["a-b", "x"], ["a/b", "x"], ["a0", "x"],
                ])
            #expect(try folders(from: "a-b", limit: 100) == [["a-b", "x"], ["a/b", "x"], ["a0", "x"]])
            // The last folder might be cut, so it is left to the next question.
            #expect(try folders(from: "", limit: 3) == [["", "x"]])
            #expect(try folders(from: "a", limit: 1) == [["a", "w", "x"]])
            #expect(try folders(from: "b", limit: 10) == [["b"]])
        }
    }

    @Test func aFolderIsAskedForByItsWholeName() async throws {
        try await withCatalog { fixture in
            for (number, name) in ["a/x", "a/b/x", "a-b/x", "a0/x", "x"].enumerated() {
                try fixture.add(name, .sample(inode: UInt64(number)))
            }
            let gone = try fixture.add("a/gone", .sample(inode: 99))
            try fixture.write { try $0.markMissing([gone], at: Fixture.now) }
            try fixture.read { reader throws in
                let root = fixture.root.id
                func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
                #expect(try reader.presentFiles(inFolder: bytes("a"), ofRoot: root).map(\.path) == [FilePath("/m/a/x")])
                #expect(try reader.rowCount(ofRoot: root, below: bytes("a")) == 3)
                #expect(try reader.rowCount(ofRoot: root, below: []) == 6)
                #expect(try reader.folderNames(ofRoot: root, below: bytes("a")) == [bytes("a"), bytes("a/b")])
                #expect(try reader.folderNames(ofRoot: root, below: []).count == 5)
                #expect(try reader.knowsFiles(below: FilePath("/m/a")))
                #expect(try reader.knowsFiles(below: FilePath("/m/b")) == false)
            }
        }
    }

    // MARK: - Places

    @Test func placesAreKeptWithTheirIdentity() async throws {
        try await withCatalog { fixture in
            let link = PlaceRecord(path: FilePath("/m/link"), kind: .link, fileSystemID: "uuid:9", inode: .max)
            let mount = PlaceRecord(path: FilePath("/m/mount"), kind: .mount, fileSystemID: nil, inode: 1)
            try fixture.write { writer in
                try writer.notePlace(mount, now: 1)
                try writer.notePlace(link, now: 1)
            }
            #expect(try fixture.read { try $0.places() } == [link, mount])
            try fixture.write { try $0.forgetPlace(mount.path) }
            #expect(try fixture.read { try $0.places() } == [link])
        }
    }

    @Test func whatIsFoundUnderAnotherPathLeavesTheAnswers() async throws {
        try await withCatalog { fixture in
            let hidden = try fixture.add("link/x", .sample(inode: 1))
            let shown = try fixture.add("link-2/x", .sample(inode: 2))
            try fixture.write { try $0.uncover(below: FilePath("/m/link")) }
            #expect(try fixture.details(hidden) == nil)
            #expect(try fixture.details(shown) != nil)
        }
    }

    // MARK: - keep_missing

    @Test func aMissingFileIsRemovedWhenItsTimeIsOver() async throws {
        try await withCatalog { fixture in
            let gone = try fixture.addIndexed("x", .sample("aa"))
            let kept = try fixture.addIndexed("y", .sample("bb"), .sample(inode: 2))
            let moment = try #require(Timestamp.nanoseconds(Fixture.now))
            try fixture.write { try $0.markMissing([gone], at: Fixture.now) }
            #expect(try fixture.read { try $0.firstMissing(outside: []) } == moment)
            #expect(try fixture.write { try $0.removeMissing(since: moment - 1, outside: [], limit: 10) } == [])
            #expect(
                try fixture.write { try $0.removeMissing(since: moment, outside: [], limit: 10) } == [FilePath("/m/x")])
            #expect(try fixture.details(gone) == nil)
            #expect(try fixture.details(kept) != nil)
            #expect(try fixture.read { try $0.firstMissing(outside: []) } == nil)
            // What it held is known for ever.
            #expect(try fixture.texts("SELECT sha256 FROM contents WHERE sha256 LIKE 'aa%'").count == 1)
        }
    }

    @Test func timeDoesNotCountWhileThePlaceIsOffline() async throws {
        try await withCatalog { fixture in
            let place = PlaceRecord(path: FilePath("/m/usb"), kind: .mount, fileSystemID: nil, inode: 1)
            let gone = try fixture.add("usb/x", .sample(inode: 1))
            let moment = try #require(Timestamp.nanoseconds(Fixture.now))
            try fixture.write { writer in
                try writer.notePlace(place, now: moment)
                try writer.markMissing([gone], at: Fixture.now)
                try writer.notePlaceOffline(place.path, now: moment + day)
                // Told again, it is still offline since then.
                try writer.notePlaceOffline(place.path, now: moment + 2 * day)
            }
            let late = moment + 100 * day
            #expect(try fixture.read { try $0.firstMissing(outside: [place.path]) } == nil)
            #expect(try fixture.write { try $0.removeMissing(since: late, outside: [place.path], limit: 10) } == [])
            try fixture.write { try $0.notePlace(place, now: moment + 50 * day) }
            #expect(try fixture.read { try $0.firstMissing(outside: []) } == moment + 49 * day)
            #expect(try fixture.write { try $0.removeMissing(since: moment + 48 * day, outside: [], limit: 10) } == [])
            #expect(
                try fixture.write { try $0.removeMissing(since: moment + 49 * day, outside: [], limit: 10) }.count == 1)
        }
    }
}
