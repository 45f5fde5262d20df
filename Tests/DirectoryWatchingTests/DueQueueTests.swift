import LinuxSystem
import TestSupport
import Testing

@testable import DirectoryWatching

@Suite struct DueQueueTests {
    @Test func emptyQueueHasNoFirst() {
        var queue = DueQueue<Int>()
        #expect(queue.first == nil)
        queue.removeFirst()
        queue.insert(1, at: moment(5))
        queue.removeFirst()
        queue.removeFirst()
        #expect(queue.first == nil)
        #expect(queue.count == 0)
    }

    @Test func entriesComeInTheOrderOfTheirMoments() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededGenerator(seed: seed)
        var queue = DueQueue<Int64>()
        var expected: [Int64] = []
        for round in 0..<5000 {
            // Grows at first and shrinks at the end.
            if Int.random(in: 0..<5000, using: &random) > round {
                let at = Int64.random(in: 0..<500, using: &random)
                queue.insert(at, at: moment(at))
                expected.append(at)
            } else if let least = expected.min(), let index = expected.firstIndex(of: least) {
                #expect(queue.first?.at == moment(least), "seed \(seed)")
                #expect(queue.first?.key == least, "seed \(seed)")
                queue.removeFirst()
                expected.remove(at: index)
            }
            #expect(queue.count == expected.count, "seed \(seed)")
        }
        var rest: [Int64] = []
        while let first = queue.first {
            rest.append(first.key)
            queue.removeFirst()
        }
        #expect(rest == expected.sorted(), "seed \(seed)")
    }
}
