import TestSupport
import Testing

@testable import Indexing

/// Halving questions about many things until those are alone that cannot be answered.
@Suite struct BatchQueueTests {
    /// Asks until nothing is left.
    ///
    /// - Parameter answer: nil for an answer, else why there is none.
    private func run(
        _ elements: [Int], limit: Int = 10_000, _ answer: ([Int]) -> QuestionFailure?
    ) -> (answered: [Int], givenUp: [Int], requests: Int) {
        var queue = BatchQueue<Int>()
        queue.add(elements)
        var answered: [Int] = []
        var givenUp: [Int] = []
        var requests = 0
        while let batch = queue.next, requests < limit {
            requests += 1
            if let failure = answer(batch) {
                givenUp += queue.fail(failure)
            } else {
                answered += batch
                queue.succeed()
            }
        }
        return (answered.sorted(), givenUp, requests)
    }

    @Test func oneQuestionIsEnoughWhereAllIsWell() {
        let outcome = run(Array(0..<5000)) { _ in nil }
        #expect(outcome.answered == Array(0..<5000))
        #expect(outcome.givenUp == [])
        #expect(outcome.requests == 1)
    }

    @Test(arguments: [QuestionFailure.broken, .tooMuch]) func onePoisonousElementIsLeftAlone(
        failure: QuestionFailure
    ) {
        let outcome = run(Array(0..<100)) { $0.contains(37) ? failure : nil }
        #expect(outcome.givenUp == [37])
        #expect(outcome.answered == (0..<100).filter { $0 != 37 })
        #expect(outcome.requests < 30)
    }

    @Test func aBadMomentHalvesNothing() {
        var failures = 1
        let outcome = run(Array(0..<100)) { _ in
            failures -= 1
            return failures >= 0 ? .broken : nil
        }
        #expect(outcome.requests == 2)
        #expect(outcome.givenUp == [])
    }

    @Test func whatIsTooMuchIsHalvedAtOnce() {
        let outcome = run(Array(0..<100)) { $0.count > 30 ? .tooMuch : nil }
        #expect(outcome.answered == Array(0..<100))
        #expect(outcome.givenUp == [])
        // 100, 50, 25, 25, 50, 25, 25.
        #expect(outcome.requests == 7)
    }

    @Test func aHostThatIsAwaySaysNothingAboutTheQuestion() {
        let outcome = run(Array(0..<100), limit: 50) { _ in .hostAway }
        #expect(outcome.answered == [])
        #expect(outcome.givenUp == [])
    }

    @Test func whileNothingIsAnsweredNothingIsGivenUpSoon() {
        var queue = BatchQueue<Int>()
        queue.add([1, 2])
        // 2 × [1, 2], then each alone, again and again: both could be a bad host's.
        for _ in 0..<9 { #expect(queue.fail(.broken) == []) }
        queue.noteAnswer()
        let first = queue.next
        #expect(queue.fail(.broken) == first)
    }

    @Test func theOnlyQuestionIsGivenUpAfterFiveTries() {
        let outcome = run([7]) { _ in .broken }
        #expect(outcome.givenUp == [7])
        #expect(outcome.requests == 5)
    }

    @Test func aRefusalByAHostThatAnswersIsBelievedTheSecondTime() {
        var queue = BatchQueue<Int>()
        queue.add([7])
        queue.noteAnswer()
        #expect(queue.fail(.broken) == [])
        queue.noteAnswer()
        #expect(queue.fail(.broken) == [7])
        #expect(queue.isEmpty)
    }

    @Test func whereNothingIsAnsweredHalvingEnds() {
        var queue = BatchQueue<Int>()
        queue.add(Array(0..<5000))
        for _ in 0..<100 { #expect(queue.fail(.broken) == []) }
        #expect(queue.isHopeless)
        queue.succeed()
        #expect(!queue.isHopeless)
    }

    @Test func anyMixtureOfFaultsComesToItsEnd() {
        for seed in 0..<50 {
            var generator = SeededGenerator(seed: UInt64(seed))
            let poison = Set((0..<64).filter { _ in Int.random(in: 0..<10, using: &generator) == 0 })
            let outcome = run(Array(0..<64)) { batch in
                if Int.random(in: 0..<5, using: &generator) == 0 { return .hostAway }
                if batch.contains(where: poison.contains) { return Bool.random(using: &generator) ? .broken : .tooMuch }
                return nil
            }
            #expect(Set(outcome.givenUp) == poison, "seed \(seed)")
            #expect(outcome.answered == (0..<64).filter { !poison.contains($0) }, "seed \(seed)")
        }
    }
}
