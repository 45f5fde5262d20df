import Catalog
import IndexAPI
import Indexing
import LinuxSystem
import TestSupport
import Testing

@testable import APIServer

/// `pause`, `resume` and `verify`.
@Suite struct ReadingTests {
    @Test(arguments: ["pause", "resume"])
    func theAnswerIsTheStatussHashingPart(action: String) async throws {
        try await withIdleAPI { api in
            let answer = try await api.post(action, "{}")
            #expect(answer.status == 200, "\(answer.text)")
            _ = try answer.decode(HashingStatus.self)
        }
    }

    @Test(arguments: ["", "{}", #"{"seconds":null}"#, #"{"seconds":1}"#, #"{"seconds":315360000}"#])
    func aPauseHasAnEndOrNone(body: String) async throws {
        try await withIdleAPI { api in
            let answer = try await api.post("pause", body)
            #expect(answer.status == 200)
        }
    }

    @Test func whilePausedOnlyAWaitForHashesThatNothingWaitsForIsAnswered() async throws {
        try await withAPI { api in
            try await api.sync()
            #expect(try await api.post("pause", #"{"seconds":3600}"#).decode(HashingStatus.self).until != nil)
            #expect(try await api.post("pause", "{}").decode(HashingStatus.self).until == nil)
            let empty = try await api.post("sync", #"{"hashed":true}"#)
            #expect(try empty.decode(SyncAnswer.self) == SyncAnswer(synced: true, skipped: [], waiting: []))

            let path = api.library.appending("a.safetensors")
            try writeFile(path, safetensors(metadata: "{}"))
            try setAge(path, seconds: 3600)
            #expect(try await api.post("sync", "{}").decode(SyncAnswer.self).synced)
            let refused = try await api.post("sync", #"{"hashed":true,"timeout_seconds":86400}"#)
            #expect(refused.status == 409)
            let failure = try refused.decode(APIFailure.self)
            #expect(failure.code == "conflict")
            #expect(failure.error.contains("kikod-ctl resume"))

            #expect(try await api.post("resume", "{}").decode(HashingStatus.self).state != "paused")
            try await api.sync()
            let file = try #require(try await api.get("files?state=indexed", as: FilesAnswer.self).files.first)
            #expect(file.path == path.description)
        }
    }

    @Test func whereNothingHasBeenHashedThereIsNothingToVerify() async throws {
        try await withAPI { api in
            try makeDirectory(api.library.appending("empty"))
            let file = try await api.add("a.safetensors", safetensors(metadata: "{}"))
            #expect(try await api.post("verify", #"{"path":"\#(file.path)"}"#).status == 202)
            let refused = try await api.post("verify", #"{"path":"\#(api.library.appending("empty"))"}"#)
            #expect(refused.status == 404)
            #expect(try refused.decode(APIFailure.self).error.contains("nothing to verify"))
        }
    }

    @Test func aSinglePassReadsNothingASecondTime() async throws {
        try await withAPI(configured: { $0.isSinglePass = true }) { api in
            let refused = try await api.post("verify", "{}")
            #expect(refused.status == 409)
            #expect(try refused.decode(APIFailure.self).error.contains("--once"))
        }
    }

    @Test func whatTheCatalogueCallsDamagedIsDamagedToClients() async throws {
        try await withIdleAPI { api in
            let catalog = api.catalog
            let path = api.library.appending("a.safetensors")
            try writeFile(path, "bytes")
            let now = "2025-01-01T00:00:00.000Z"
            try await onThread {
                let root = try #require(
                    try catalog.write { writer in
                        try writer.setRoots([(path.parent, nil)], rules: "", at: now) { _, _ in true }
                    }.first)
                let file = ObservedFile(
                    path: path, rootID: root.id, folder: [], status: try FileStatus.of(path), fileSystemID: nil,
                    isSymbolicLink: false, placeType: nil, placeTypeSource: nil)
                let description = ContentDescription(format: "safetensors")
                try catalog.write {
                    _ = try $0.add(file, content: .new(description), held: false, scan: nil, at: now)
                }
                for (purpose, digits) in [(HashJob.Purpose.first, "aa"), (.verification, "bb")] {
                    try catalog.write { writer in
                        _ = try writer.beginVerification(of: nil, ofRoots: [root.id], at: now)
                    }
                    let jobs = try catalog.read { try $0.hashJobs(purpose, ofRoot: root.id, limit: 1, now: now) }
                    let job = try #require(jobs.first)
                    let digests = ContentDigests(
                        sha256: digits, autoV1: nil, autoV2: digits, autoV3: nil, autoV3Full: nil, crc32: digits)
                    _ = try catalog.write { try $0.store(digests, of: job, description: description, at: now) }
                }
            }
            let errors = try await api.get("errors", as: FilesAnswer.self)
            #expect(errors.files.map(\.isDamaged) == [true])
            #expect(errors.files.map(\.sha256) == ["aa"])
        }
    }
}
