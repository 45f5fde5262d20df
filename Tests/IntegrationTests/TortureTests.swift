import LinuxSystem
import TestSupport
import Testing

/// A short run of `scripts/torture`; what fails tells how to repeat it.
@Suite(.timeLimit(.minutes(6))) struct TortureTests {
    /// Always the same, so that a failure comes from what has changed; `scripts/torture` itself tries others.
    private static let seed = "202"

    @Test func indexEqualsPlainWalkWhateverHappens() async throws {
        try await withTemporaryDirectory { place in
            let result = try await run(
                Programs.path("torture"), ["--operations", "500", "--seed", Self.seed].map { Array($0.utf8) },
                in: place,
                environment: ["TMPDIR": place.description], milliseconds: 300_000)
            print(result.text)
            #expect(result.status == 0, "\(result.text)\n\(result.errors)")
        }
    }
}
