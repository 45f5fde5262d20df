/// Lets so many tests at a time use what the system has few of; the others wait without holding a thread.
package actor TakingTurns {
    /// For tests that watch directories: a user has 128 inotify instances by default, in all processes together.
    package static let watching = TakingTurns(places: 8)

    private var places: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    package init(places: Int) { self.places = places }

    /// Runs `body` when it is its turn.
    package nonisolated func run<Result>(_ body: () async throws -> Result) async rethrows -> Result {
        await begin()
        do {
            let result = try await body()
            await end()
            return result
        } catch {
            await end()
            throw error
        }
    }

    private func begin() async {
        if places > 0 {
            places -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    private func end() {
        if waiting.isEmpty { places += 1 } else { waiting.removeFirst().resume() }
    }
}
