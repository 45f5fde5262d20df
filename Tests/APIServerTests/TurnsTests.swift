import FoundationEssentials
import IndexAPI
import Testing

@testable import APIServer

/// What only so many may do at a time.
@Suite struct TurnsTests {
    @Test func turnsComeBack() {
        let turns = Turns(2)
        var held = [turns.take(), turns.take()]
        #expect(!held.contains { $0 == nil })
        #expect(turns.take() == nil)
        held.removeLast()
        #expect(turns.take() != nil)
        withExtendedLifetime(held) {}
    }

    @Test func whoWaitsForChangesNeverKeepsEverybodyElseOut() async throws {
        try await withAPI { api in
            let held = (0..<64).map { _ in api.handler.syncs.take() }
            #expect(!held.contains { $0 == nil })
            let answer = try await api.post("sync", "{}")
            #expect(answer.status == 503)
            #expect(try answer.decode(APIFailure.self).code == "unavailable")
            withExtendedLifetime(held) {}
        }
        try await withAPI { api in
            for _ in 0..<70 {
                let answer = try await api.post("sync", "{}")
                #expect(answer.status == 200)
            }
        }
    }
}
