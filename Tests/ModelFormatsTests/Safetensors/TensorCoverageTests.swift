import TestSupport
import Testing

@testable import ModelFormats

@Suite struct TensorCoverageTests {
    @Test func shuffledTensorsWithoutGapsAreFine() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        var coverage = TensorCoverage()
        for start in (0..<UInt64(1000)).shuffled(using: &generator) {
            try coverage.add((start * 10)..<(start * 10 + 10))
        }
        #expect(throws: Never.self, "seed \(seed)") { try coverage.check() }
        #expect(coverage.extent == 10_000)
    }

    @Test func shuffledTensorsThatOverlapAreFoundWhereverTheyAre() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<50 {
            var ranges = (0..<UInt64(200)).map { ($0 * 10)..<($0 * 10 + 10) }
            let index = Int.random(in: 0..<199, using: &generator)
            ranges[index] = ranges[index].lowerBound..<(ranges[index].upperBound + 1)
            ranges.shuffle(using: &generator)
            #expect(throws: ModelFormatError.self, "seed \(seed)") {
                var coverage = TensorCoverage(maximumPieces: 64)
                for range in ranges { try coverage.add(range) }
                try coverage.check()
            }
        }
    }

    @Test func piecesAreJoinedWhenTheyBecomeMany() throws {
        var coverage = TensorCoverage(maximumPieces: 8)
        for start in stride(from: UInt64(100), to: 0, by: -1) { try coverage.add((start - 1)..<start) }
        try coverage.check()
    }

    @Test func tooManySeparatePiecesAreAFaultOnce() throws {
        var coverage = TensorCoverage(maximumPieces: 8)
        for start in 0..<UInt64(7) { try coverage.add((start * 2)..<(start * 2 + 1)) }
        #expect(throws: ModelFormatError.self) { try coverage.add(14..<15) }
        try coverage.add(16..<17)
        try coverage.check()
        #expect(coverage.extent == 17)
    }
}
