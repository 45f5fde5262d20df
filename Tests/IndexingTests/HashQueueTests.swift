import LinuxSystem
import Testing

@testable import Catalog
@testable import Indexing

@Suite struct HashQueueTests {
    @Test func itLooksIntoTheCatalogueOnlyWhenThatMayHaveMore() {
        var queue = HashQueue(capacity: 2)
        #expect(isDue(queue))
        #expect(!queue.isIdle)
        refill(&queue, [])
        #expect(queue.nextRefill == nil)
        #expect(queue.isIdle)
        queue.catalogueChanged()
        #expect(isDue(queue))
        #expect(!queue.isIdle)
    }

    @Test func anUnfinishedLookIsNotIdleness() {
        var queue = HashQueue(capacity: 2)
        queue.beginRefill()
        #expect(!queue.isIdle)
        #expect(queue.nextRefill == nil)
        queue.catalogueChanged()
        queue.endRefill(HashQueue.Window())
        #expect(!queue.isIdle)
        #expect(isDue(queue))
    }

    @Test func aFullWindowMeansThatThereMayBeMore() throws {
        var queue = HashQueue(capacity: 2)
        refill(&queue, [[job(1), job(2)]], isCut: true)
        #expect(queue.depth == 2)
        #expect(queue.nextRefill == nil)
        let first = try #require(take(&queue))
        #expect(first.fileID == 1)
        #expect((queue.depth, Set(queue.reading.keys)) == (1, [1]))
        queue.finish(first)
        let second = try #require(take(&queue))
        #expect(take(&queue) == nil)
        #expect(isDue(queue))
        refill(&queue, [])
        #expect(!queue.isIdle)
        queue.finish(second)
        #expect(queue.isIdle)
    }

    @Test func theWindowIsNeverWithoutRoom() {
        #expect(HashQueue(capacity: 0).capacity == 1)
    }

    @Test func rootsTakeTurns() {
        var queue = HashQueue(capacity: 10)
        refill(&queue, [[job(1), job(2), job(3)], [job(4)], [job(5), job(6)]])
        #expect(takeAll(&queue) == [1, 4, 5, 2, 6, 3])
    }

    @Test func whatIsNotAllowedIsPassedOver() {
        var queue = HashQueue(capacity: 10)
        refill(&queue, [[job(1), job(2)], [job(3)]])
        for expected in [2, nil] as [Int64?] {
            let job = queue.next { $0.fileID == 2 }
            #expect(job?.fileID == expected)
        }
        #expect(queue.depth == 2)
        #expect(takeAll(&queue) == [3, 1])
    }

    @Test func filesThatSomebodyAskedForComeFirstAndOnce() {
        var queue = HashQueue(capacity: 10)
        refill(&queue, [[job(1), job(2), job(3)]])
        // Asked again, it is no news.
        #expect([prefer(3, &queue), prefer(3, &queue)] == [true, false])
        #expect(queue.preferred == [3])
        #expect(queue.nextRefill != nil)
        queue.beginRefill()
        queue.endRefill(HashQueue.Window(asked: [job(3)], roots: [[job(1), job(2), job(3)]], isCut: false))
        #expect(takeAll(&queue) == [3, 1, 2])
        #expect(queue.preferred == [])
        // It is being read.
        #expect(!prefer(3, &queue))
    }

    @Test func wishesThatTheCatalogueDoesNotKnowAreForgotten() {
        var queue = HashQueue(capacity: 10)
        for number in 1...200 { _ = queue.prefer(Int64(number)) }
        #expect(queue.preferred.count == 100)
        #expect(queue.preferred.last == 200)
        refill(&queue, [])
        #expect(queue.preferred == [])
    }

    @Test func newWorkIsLookedForWhileThereIsOther() {
        var queue = HashQueue(capacity: 10)
        queue.beginRefill(at: MonotonicTime(nanoseconds: 5))
        queue.endRefill(HashQueue.Window(asked: [], roots: [[job(1)]], isCut: false))
        queue.catalogueChanged()
        #expect(queue.nextRefill == nil)
        queue.newWork()
        #expect(queue.nextRefill == MonotonicTime(nanoseconds: 1_000_000_005))
        _ = take(&queue)
        #expect(isDue(queue))
    }

    @Test func aDriveThatHasFilledTheWindowLeavesItToOthers() throws {
        var queue = HashQueue(capacity: 2)
        refill(&queue, [[job(1, device: 7), job(2, device: 7)]], isCut: true)
        #expect(queue.next { $0.device != 7 } == nil)
        queue.avoid([7])
        #expect(queue.nextRefill != nil)
        queue.beginRefill()
        #expect(queue.avoidedDevices == [7])
        queue.endRefill(HashQueue.Window(asked: [], roots: [[job(3)]], isCut: false))
        // Others have their turn, and its own files are there as soon as it can be read.
        let other = queue.next { $0.device != 7 }
        #expect(other?.fileID == 3)
        #expect(queue.nextRefill != MonotonicTime(nanoseconds: 0))
        #expect(takeAll(&queue) == [1, 2])
        #expect(!queue.isIdle)
        queue.beginRefill()
        #expect(queue.avoidedDevices == [])
    }

    @Test func aDriveThatHasNotFilledTheWindowIsNotAvoided() {
        var queue = HashQueue(capacity: 2)
        refill(&queue, [[job(1, device: 7)]])
        queue.avoid([7])
        #expect(queue.avoidedDevices == [])
        #expect(queue.nextRefill == nil)
    }

    @Test func verificationsAreNoFilesThatAreUnknown() throws {
        var queue = HashQueue(capacity: 1)
        #expect(queue.hasUnknownFiles { _ in true })
        refill(&queue, [[job(1, purpose: .verification)]], purpose: .verification, isCut: true)
        #expect(!queue.hasUnknownFiles { _ in true })
        refill(&queue, [[job(1, purpose: .verification)]], purpose: .verification, hasDoubtful: true)
        #expect(queue.hasUnknownFiles { _ in true })
        refill(&queue, [[job(1)]])
        #expect(queue.hasUnknownFiles { _ in true })
        // Its drive hangs.
        #expect(!queue.hasUnknownFiles { _ in false })
        let begun = try #require(take(&queue))
        #expect(queue.hasUnknownFiles { _ in false })
        refill(&queue, [])
        queue.finish(begun)
        #expect(!queue.hasUnknownFiles { _ in true })
    }

    @Test func aLookDoesNotBringBackWhatWasBegunMeanwhile() {
        var queue = HashQueue(capacity: 10)
        refill(&queue, [[job(1, content: 7), job(2)]])
        queue.beginRefill()
        #expect(take(&queue)?.fileID == 1)
        // The second one is another name of the file that is being read.
        let found = [job(1, content: 7), job(3, content: 7), job(2)]
        queue.endRefill(HashQueue.Window(asked: [], roots: [found], isCut: false))
        #expect(takeAll(&queue) == [2])
    }

    @Test func aLookDoesNotBringBackWhatWasFinishedMeanwhile() throws {
        var queue = HashQueue(capacity: 10)
        refill(&queue, [[job(1), job(2)]])
        queue.beginRefill()
        queue.finish(try #require(take(&queue)))
        queue.endRefill(HashQueue.Window(asked: [], roots: [[job(1), job(2)]], isCut: false))
        #expect(takeAll(&queue) == [2])
        refill(&queue, [[job(1)]])
        #expect(takeAll(&queue) == [1])
    }

    // MARK: - Helpers

    private func isDue(_ queue: HashQueue) -> Bool { queue.nextRefill == MonotonicTime(nanoseconds: 0) }

    private func refill(
        _ queue: inout HashQueue, _ roots: [[HashJob]], purpose: HashJob.Purpose = .first, hasDoubtful: Bool = false,
        isCut: Bool = false
    ) {
        queue.beginRefill()
        queue.endRefill(
            HashQueue.Window(asked: [], roots: roots, purpose: purpose, hasDoubtful: hasDoubtful, isCut: isCut))
    }

    private func prefer(_ file: Int64, _ queue: inout HashQueue) -> Bool { queue.prefer(file) }

    private func take(_ queue: inout HashQueue) -> HashJob? { queue.next() }

    private func takeAll(_ queue: inout HashQueue) -> [Int64] {
        var taken: [Int64] = []
        while let job = queue.next() { taken.append(job.fileID) }
        return taken
    }

    private func job(
        _ id: Int64, content: Int64? = nil, device: UInt64 = 1, purpose: HashJob.Purpose = .first
    ) -> HashJob {
        HashJob(
            fileID: id, path: FilePath("/m/\(id)"), rootID: 1, contentID: content, size: 1, modified: 1,
            inode: content == nil ? UInt64(id) : 99, device: device, attempts: 0, purpose: purpose)
    }
}
