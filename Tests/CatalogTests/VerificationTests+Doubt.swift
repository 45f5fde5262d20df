import LinuxSystem
import SQLite
import Testing

@testable import Catalog
@testable import LinuxSystem

/// What is made of files whose inode or ctime is in doubt.
extension VerificationTests {
    @Test func aReadingForDoubtDoesNotBelieveADamagedFile() async throws {
        try await withCatalog { fixture in
            let id = try damagedFile(fixture)
            let file = fixture.observe("a", .sample(changed: 3000))
            try fixture.write { try $0.keepContent(of: id, file, readAgain: true, at: Fixture.now) }
            #expect(try store(bb, id, fixture, .again) == .damaged(files: [], scans: []))
            #expect(try fixture.details(id)?.digests.sha256 == aa.sha256)
            #expect(try fixture.jobs() == [])
        }
    }

    @Test func aFileInDoubtIsBelievedAndCountedAsChanged() async throws {
        try await withCatalog { fixture in
            let id = try fixture.addIndexed("a", aa)
            let begun = try begin(fixture)
            let file = fixture.observe("a", .sample(changed: 3000))
            try fixture.write { try $0.keepContent(of: id, file, readAgain: true, at: Fixture.now) }
            // It does not have to wait behind everything else that is in doubt.
            #expect(try waiting(fixture) == ["a"])
            let outcome = try store(bb, id, fixture)
            #expect(outcome == .foundOther(files: [id], content: try #require(try fixture.known(id)?.contentID)))
            #expect(try complete(fixture) == [begun.id])
            let row = try row(begun.id, fixture)
            #expect((row.filesHashed, row.filesDamaged, row.counts.changed) == (1, 0, 1))
            #expect(try fixture.jobs() == [])
        }
    }

    @Test func aReadingForDoubtAnswersAVerification() async throws {
        try await withCatalog { fixture in
            let id = try fixture.addIndexed("a", aa)
            let begun = try begin(fixture)
            let file = fixture.observe("a", .sample(changed: 3000))
            try fixture.write { try $0.keepContent(of: id, file, readAgain: true, at: Fixture.now) }
            #expect(try store(aa, id, fixture, .again) == .stored(files: [id], scans: [begun.id]))
            #expect(try complete(fixture) == [begun.id])
            #expect(try fixture.jobs() == [])
        }
    }

    @Test func aFileThatChangedWhileItWasReadIsReadOnceMore() async throws {
        try await withCatalog { fixture in
            let id = try fixture.addIndexed("a", aa)
            _ = try begin(fixture)
            #expect(try store(bb, id, fixture, changed: 1999) == .stored(files: [], scans: []))
            #expect(try fixture.known(id)?.isReadAgain == true)
            #expect(try waiting(fixture) == ["a"])
            #expect(try fixture.details(id)?.error == nil)
        }
    }

    @Test func otherBytesOfAnInodeThatChangedWhileItWasReadAreNeitherDamageNorBelieved() async throws {
        try await withCatalog { fixture in
            let id = try fixture.addIndexed("a", aa)
            let begun = try begin(fixture)
            #expect(try store(bb, id, fixture, changed: 2000, 2001) == .stored(files: [], scans: []))
            #expect(try fixture.details(id)?.digests.sha256 == aa.sha256)
            // It is read once more, and then believed, for the same verification.
            guard case .foundOther = try store(bb, id, fixture, changed: 2001) else { return #expect(Bool(false)) }
            #expect(try complete(fixture) == [begun.id])
            #expect(try row(begun.id, fixture).counts.changed == 1)
            #expect(try fixture.details(id)?.error == nil)
        }
    }

    @Test func otherBytesOfAnInodeThatChangedBeforeItWasReadAreBelieved() async throws {
        try await withCatalog { fixture in
            let id = try fixture.addIndexed("a", aa)
            let begun = try begin(fixture)
            guard case .foundOther = try store(bb, id, fixture, changed: 2001) else { return #expect(Bool(false)) }
            #expect(try fixture.details(id)?.digests.sha256 == bb.sha256)
            #expect(try complete(fixture) == [begun.id])
            #expect(try row(begun.id, fixture).counts.changed == 1)
        }
    }

    @Test(arguments: [HashJob.Purpose.first, .again, .verification, .completion])
    func whatWasReadWhileTheInodeChangedIsStoredAndReadOnceMore(purpose: HashJob.Purpose) async throws {
        try await withCatalog { fixture in
            let id = purpose == .first ? try fixture.add("a") : try fixture.addIndexed("a", aa)
            #expect(try store(aa, id, fixture, purpose, changed: 2000, 2001) == .stored(files: [id], scans: []))
            #expect(try fixture.details(id)?.digests.sha256 == aa.sha256)
            #expect(try fixture.jobs().map(\.purpose) == [.again])
        }
    }

    @Test func hardLinksInDoubtAreReadOnceAndBelievedTogether() async throws {
        try await withCatalog { fixture in
            let id = try fixture.addIndexed("a", aa)
            let content = try #require(try fixture.known(id)?.contentID)
            let link = try fixture.add("link", content: .shared(id: content))
            for digests in [aa, bb] {
                for (file, name) in [(id, "a"), (link, "link")] {
                    let changed = fixture.observe(name, .sample(changed: 3000))
                    try fixture.write { try $0.keepContent(of: file, changed, readAgain: true, at: Fixture.now) }
                }
                #expect(try fixture.jobs().map(\.fileID) == [id])
                let outcome = try store(digests, id, fixture, .again)
                let stored = try #require(try fixture.known(link)?.contentID)
                #expect(
                    outcome
                        == (digests == aa
                            ? .stored(files: [id, link], scans: [])
                            : .foundOther(files: [id, link], content: stored)))
                #expect(try fixture.details(link)?.digests.sha256 == digests.sha256)
                #expect(try fixture.jobs() == [])
            }
        }
    }
}
