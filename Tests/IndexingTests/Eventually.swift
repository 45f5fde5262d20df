import LinuxSystem
import Testing

/// Waits for what no event tells; a failure when it does not come.
func eventually(
    sourceLocation: SourceLocation = #_sourceLocation, _ isMet: @escaping @Sendable () throws -> Bool
) async throws {
    let isMetInTime = try await onThread {
        let deadline = MonotonicTime.now.advanced(milliseconds: IndexerFixture.patience)
        let nothing = Condition()
        while try !isMet() {
            if MonotonicTime.now > deadline { return false }
            // Threads of the idle class get on only while others sleep.
            nothing.wait(until: .now.advanced(milliseconds: 1)) { false }
        }
        return true
    }
    #expect(isMetInTime, sourceLocation: sourceLocation)
}
