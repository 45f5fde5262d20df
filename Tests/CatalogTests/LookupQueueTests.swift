import LinuxSystem
import SQLite
import Testing

@testable import Catalog

/// Which contents CivitAI is asked about, and when.
@Suite struct LookupQueueTests {
    private static let later = "2025-06-01T00:00:00.000Z"

    @Test func aDigestMakesAQuestionAndCopiesMakeNoSecondOne() async throws {
        try await withCatalog { fixture in
            try fixture.add("unread.safetensors", .sample(inode: 9))
            #expect(try fixture.due() == [])
            try fixture.addIndexed("a.safetensors", .sample("aa"))
            try fixture.addIndexed("b.safetensors", .sample("aa"), .sample(inode: 2))
            #expect(try fixture.due() == ["aa"])
        }
    }

    @Test func theDigestOfNothingIsNoQuestion() async throws {
        try await withCatalog { fixture in
            let digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
            try fixture.addIndexed("empty.safetensors", .sample(digest))
            #expect(try fixture.due() == [])
            #expect(try fixture.value("SELECT count(*) FROM civitai_lookups") == 0)
        }
    }

    @Test func aFileThatMayStillBeWrittenWaits() async throws {
        try await withCatalog { fixture in
            let id = try fixture.add("a.safetensors")
            let job = try fixture.job(id)
            let moment = try #require(Timestamp.nanoseconds("2099-06-01T00:00:00.000Z"))
            _ = try fixture.write {
                try $0.store(
                    .sample("aa"), of: job, read: ReadingCircumstances(lookupNotBefore: moment), description: .sample,
                    at: Fixture.now)
            }
            #expect(try fixture.due(at: "2099-05-31T23:59:59.000Z") == [])
            #expect(try fixture.due(at: "2099-06-01T00:00:00.000Z") == ["aa"])
        }
    }

    @Test func nobodyIsAskedAboutFilesThatNoRootCovers() async throws {
        try await withCatalog { fixture in
            try fixture.addIndexed("a.safetensors", .sample("aa"))
            try fixture.write { _ = try $0.setRoots([]) { _, _ in true } }
            #expect(try fixture.due() == [])
            try fixture.write { _ = try $0.setRoots([(fixture.root.path, nil)]) { _, _ in true } }
            #expect(try fixture.due() == ["aa"])
        }
    }

    @Test func answersAreStates() async throws {
        try await withCatalog { fixture in
            let content = try fixture.content(try fixture.addIndexed("a.safetensors", .sample("aa")))
            func miss(_ next: String) throws -> Bool {
                try fixture.write {
                    try $0.noteNotFound(content: content, message: nil, next: next, at: Fixture.now)
                }
            }
            #expect(try miss(Self.later))
            #expect(try fixture.due(at: Fixture.tomorrow) == [])
            #expect(try fixture.due(at: Self.later) == ["aa"])
            #expect(try !miss(Self.later))
            #expect(try fixture.value("SELECT attempts FROM civitai_lookups") == 2)
            // A failure is no answer.
            try fixture.write {
                try $0.noteLookupFailure(content: content, message: "no", next: Self.later)
            }
            #expect(try fixture.value("SELECT state FROM civitai_lookups") == "not_found")
            #expect(try fixture.value("SELECT attempts FROM civitai_lookups") == 2)
        }
    }

    @Test func nothingIsDecidedWithoutACandidateThatFailed() async throws {
        try await withCatalog { fixture in
            let content = try fixture.content(try fixture.addIndexed("a.safetensors", .sample("aa")))
            let candidates = [1, 2].map {
                LookupCandidate(contentID: content, versionID: $0, modelID: 10, match: .sha256)
            }
            try fixture.write {
                try $0.note(candidates)
                try $0.closeCandidates(ofContents: [content])
                #expect(try $0.failCandidates(withVersion: 1) == [content])
                #expect(try $0.closeCandidates(withVersion: 2) == [content])
            }
            #expect(try fixture.read { try $0.isDescribed(content: content) } == false)
            #expect(try fixture.read { try $0.missedVersions(limit: 9) } == [])
            // When it is due again, it is asked from the beginning.
            #expect(try fixture.due() == ["aa"])
        }
    }

    @Test func theDigestOfNothingIsNotAskedAboutOnRequestEither() async throws {
        try await withCatalog { fixture in
            let digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
            let id = try fixture.addIndexed("empty.safetensors", .sample(digest), .sample(size: 0))
            let content = try fixture.content(id)
            try fixture.write { try $0.askAgain(aboutContent: content, at: Fixture.now) }
            #expect(try fixture.due() == [])
            #expect(try fixture.read { try $0.lookup(ofContent: content) } == nil)
        }
    }

    @Test func aLinkOutlivesANotFound() async throws {
        try await withCatalog { fixture in
            try fixture.store(.sample(versions: [.sample(1)]))
            let content = try fixture.content(try fixture.addLinked("a.safetensors", "aa", to: 1))
            let isNew = try fixture.write {
                try $0.noteNotFound(content: content, message: nil, next: Self.later, at: Fixture.now)
            }
            #expect(!isNew)
            #expect(try fixture.value("SELECT state FROM civitai_lookups") == "found")
            #expect(try fixture.value("SELECT message IS NOT NULL FROM civitai_lookups") == 1)
        }
    }

    @Test func whatPeopleWantStands() async throws {
        try await withCatalog { fixture in
            try fixture.store(.sample(versions: [.sample(1), .sample(2)]))
            let content = try fixture.content(try fixture.addIndexed("a.safetensors", .sample("aa")))
            let link = ContentLink(versionID: 1, modelID: 10, fileID: nil, match: .sha256, role: .model)
            let pin = ContentLink(versionID: 2, modelID: 10, fileID: nil, match: .pinned, role: .model)
            try fixture.write { try $0.unlink(content: content) }
            #expect(try !fixture.write { try $0.link(content: content, to: link, at: Fixture.now) })
            #expect(try fixture.value("SELECT state FROM civitai_lookups") == "unlinked")
            #expect(try fixture.due() == [])
            try fixture.write { try $0.pin(content: content, toVersion: 2, at: Fixture.now) }
            #expect(try fixture.read { try $0.duePins(at: Fixture.now, limit: 9) }.map(\.version) == [2])
            #expect(try fixture.due() == [])
            #expect(try fixture.write { try $0.link(content: content, to: pin, at: Fixture.now) })
            #expect(try !fixture.write { try $0.link(content: content, to: link, at: Fixture.now) })
            #expect(try fixture.value("SELECT version_id FROM civitai_lookups") == 2)
            // Taken back.
            try fixture.write { try $0.askAgain(aboutContent: content, at: Fixture.now) }
            #expect(try fixture.due() == ["aa"])
        }
    }

    @Test func whatWasSaidOfAnUnreadFileHoldsForItsContent() async throws {
        try await withCatalog { fixture in
            try fixture.addIndexed("a.safetensors", .sample("aa"))
            let second = try fixture.add("b.safetensors", .sample(inode: 2))
            let unread = try fixture.content(second)
            try fixture.write { try $0.unlink(content: unread) }
            let job = try fixture.job(second)
            _ = try fixture.write { try $0.store(.sample("aa"), of: job, description: .sample, at: Fixture.now) }
            #expect(try fixture.texts("SELECT state FROM civitai_lookups") == ["unlinked"])
        }
    }

    @Test func candidatesAreNotAskedForTwice() async throws {
        try await withCatalog { fixture in
            let content = try fixture.content(try fixture.addIndexed("a.safetensors", .sample("aa")))
            let candidate = LookupCandidate(contentID: content, versionID: 1, modelID: 10, match: .sha256)
            try fixture.write { try $0.note([candidate]) }
            #expect(try fixture.due() == [])
            #expect(try fixture.read { try $0.contentsWithWantedCandidates(limit: 9) }.map(\.contentID) == [content])
            // The answer about many left it out.
            try fixture.write { try $0.closeCandidates(ofContents: [content]) }
            #expect(try fixture.read { try $0.missedVersions(limit: 9) } == [1])
            try fixture.store(.sample(versions: [.sample(1)]))
            #expect(try fixture.write { try $0.closeCandidates(withVersion: 1) } == [content])
            #expect(try fixture.read { try $0.isDescribed(content: content) })
            #expect(try fixture.read { try $0.linkEvidence(ofContent: content) }?.candidates.map(\.versionID) == [1])
        }
    }

    @Test func theCacheAnswersForVersionsThatItLists() async throws {
        try await withCatalog { fixture in
            try fixture.store(.sample(versions: [.sample(1, sha256: "aa")]))
            let content = try fixture.content(try fixture.addIndexed("a.safetensors", .sample("aa")))
            let digits = ContentDigests.sample("aa").sha256
            let found = try fixture.read {
                try $0.cachedCandidates(ofContent: content, digits: digits, match: .sha256)
            }
            #expect(found.map(\.versionID) == [1])
            try fixture.write { try $0.note(found) }
            let evidence = try #require(try fixture.read { try $0.linkEvidence(ofContent: content) })
            #expect(evidence.candidates.first?.file?.id == 10)
            #expect(evidence.names == [Array("a.safetensors".utf8)])
        }
    }

    @Test func theNextMomentIsTheEarliestThatIsToCome() async throws {
        try await withCatalog { fixture in
            func next() throws -> String? { try fixture.read { try $0.nextLookupTime(after: Fixture.now) } }
            #expect(try next() == nil)
            try fixture.store(.sample(versions: [.sample(1)]))
            try fixture.addLinked("a.safetensors", "aa", to: 1)
            try fixture.store(.sample(versions: [.sample(1)]))
            #expect(try next() == Fixture.tomorrow)
            // One that is due and must not be asked does not hide those that come later.
            let content = try fixture.content(try fixture.addIndexed("b.safetensors", .sample("bb"), .sample(inode: 2)))
            try fixture.write { try $0.askAgain(aboutContent: content, at: Fixture.now) }
            #expect(try next() == Fixture.tomorrow)
        }
    }

    @Test func whatWasChosenMayBeTakenBack() async throws {
        try await withCatalog { fixture in
            let first = try fixture.content(try fixture.addIndexed("a.safetensors", .sample("aa")))
            let second = try fixture.content(try fixture.addIndexed("b.safetensors", .sample("bb"), .sample(inode: 2)))
            let due = try fixture.read { try $0.dueLookups(at: "2100", limit: 9) }
            try fixture.write { try $0.unlink(content: first) }
            #expect(try fixture.read { try $0.askable(due) } == [second])
        }
    }

}
