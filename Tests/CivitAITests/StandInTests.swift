import CivitAIRecords
import StandInCivitAI
import Testing

@testable import CivitAI

/// The client against the stand-in, which was written from the API's description apart from it.
@Suite(.timeLimit(.minutes(1))) struct StandInTests {
    private let digests = (0..<3).map { String(repeating: "a\($0)", count: 32) }

    /// It stops when nobody holds it any more.
    private let server: StandInCivitAI

    init() throws {
        server = try StandInCivitAI()
        for (index, digest) in digests.dropLast().enumerated() {
            let id = Int64(index) + 1
            server.add(.lora(id: id, version: id * 10, name: "Lora \(id)", sha256: digest, bytes: 24_655))
        }
        server.configure { $0.validTokens = ["good"] }
    }

    private func client(apiKey: String? = nil) throws -> CivitAIClient {
        try CivitAIClient(baseURL: server.baseURL, userAgent: "kikod/test", apiKey: apiKey)
    }

    @Test func everyQuestionIsAnswered() throws {
        let client = try client()
        let candidates = try client.candidates(forDigests: digests)
        #expect(
            Set(candidates) == [
                CivitAIHashMatch(sha256: digests[0], versionID: 10, modelID: 1),
                CivitAIHashMatch(sha256: digests[1], versionID: 20, modelID: 2),
            ])
        let versions = try client.versions(forDigests: digests).map(\.record)
        #expect(Set(versions.map(\.id)) == [10, 20])
        #expect(versions.allSatisfy { $0.files?.first?.bytes == 24_655 && $0.model?.type == "LORA" })
        #expect(Set(try client.models(ids: [1, 2, 3]).map(\.record.id)) == [1, 2])
        let model = try #require(try client.model(id: 2)).record
        #expect(model.versions.first?.files?.first?.hashes["SHA256"] == digests[1].uppercased())
        #expect(try client.version(id: 20)?.record.modelID == 2)
        #expect(try client.version(hash: digests[0])?.record.id == 10)
        #expect(try client.model(id: 3) == nil && client.version(id: 30) == nil)
        #expect(try client.version(hash: digests[2]) == nil)
    }

    @Test func theKeyIsChecked() throws {
        #expect(try client(apiKey: "good").isKeyValid())
        #expect(try !client(apiKey: "bad").isKeyValid())
    }

    @Test(
        arguments: [
            (.tooManyRequests(), .rateLimited), (.regionBlocked, .regionBlocked), (.challenge(), .challenged),
            (.challenge(status: 503), .challenged), (.challenge(status: 200), .challenged), (.notFoundPage, .malformed),
            (.redirect(to: "http://127.0.0.1:9/"), .redirected), (.reset, .connectionLost),
            (.truncatedJSON, .malformed),
            (.cutShort, .connectionLost), (.invalidJSON, .malformed), (.otherShape, .malformed),
            (.emptyBody, .malformed),
            (.hugeBody(), .tooLarge), (.gzippedGarbage, .connectionLost), (.contentType("text/html"), .malformed),
            (.status(500), .unavailable), (.status(503), .unavailable), (.status(524), .unavailable),
            (.status(403), .refused), (.status(400), .badRequest),
        ] as [(FaultKind, CivitAIError.Code)])
    func everyFaultIsTold(fault: FaultKind, code: CivitAIError.Code) throws {
        let client = try client()
        server.faults.add(Fault(kind: fault))
        for question in [
            { _ = try client.model(id: 1) }, { _ = try client.models(ids: [1]) },
            { _ = try client.candidates(forDigests: digests) }, { _ = try client.versions(forDigests: digests) },
        ] as [() throws -> Void] {
            let error = #expect(throws: CivitAIError.self) { try question() }
            #expect(error?.code == code, "\(error?.message ?? "")")
        }
        server.faults.removeAll()
        #expect(try client.model(id: 1)?.record.id == 1, "it goes on afterwards")
    }
}
