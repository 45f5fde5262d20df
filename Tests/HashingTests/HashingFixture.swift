import Glibc
import LinuxSystem
import Synchronization
import TestSupport

@testable import Hashing

/// A file that is to be hashed, as the pipeline would describe it.
final class TestFile: FileToHash {
    let path: FilePath
    let control = HashingControl()
    let meter = DriveMeter()
    let size: Int64
    private let isReadAhead: Bool
    private let lookAfter: @Sendable () throws -> Void
    private let isFree = Mutex(false)

    init(
        _ path: FilePath, size: Int, isReadAhead: Bool = true, lookAfter: @escaping @Sendable () throws -> Void = {}
    ) {
        self.size = Int64(size)
        self.isReadAhead = isReadAhead
        self.path = path
        self.lookAfter = lookAfter
    }

    /// True when no thread makes a call for it any more.
    var hasBeenLetGo: Bool { isFree.withLock { $0 } }

    func open() throws -> FileDescriptor {
        let file = try FileDescriptor.open(path, O_RDONLY)
        if !isReadAhead { posix_fadvise(file.number, 0, 0, POSIX_FADV_RANDOM) }
        return file
    }

    func plan(_ file: borrowing FileDescriptor) throws -> DigestPlan { DigestPlan(size: UInt64(size)) }
    func check(_ file: borrowing FileDescriptor) throws { try lookAfter() }
    func letGo() { isFree.withLock { $0 = true } }
}

/// Hashes files one after the other, or as they come, on a thread that ends when this does.
final class HashingFixture: Sendable {
    private struct State: Sendable {
        var outcomes: [FilePath: Result<Digests, any Error>] = [:]
    }

    let governor = ReadingGovernor()
    private let state = Mutex(State())
    private let condition = Condition()
    private let thread: Mutex<HashingThread?> = Mutex(nil)

    init(_ options: BlockReader.Options) throws {
        let made = try HashingThread(
            name: "hash-test", governor: governor, options: options,
            ended: { [weak self] in self?.ended($0, $1) })
        thread.withLock { $0 = made }
    }

    deinit { thread.withLock { $0 }?.end() }

    /// Begins files.
    func begin(_ files: [TestFile]) {
        for file in files { thread.withLock { $0 }?.give([file]) {} }
    }

    /// Waits for the outcome of a file.
    func outcome(of file: TestFile) async throws -> Digests {
        let result = try await onOwnThread("outcome") { [self] in
            condition.wait { self.state.withLock { $0.outcomes[file.path] != nil } }
            return Outcome(self.state.withLock { $0.outcomes.removeValue(forKey: file.path) })
        }
        guard let result = result.value else { throw TestFailure("no outcome of \(file.path)") }
        return try result.get()
    }

    /// Hashes a file.
    func hash(_ file: TestFile) async throws -> Digests {
        begin([file])
        return try await outcome(of: file)
    }

    private struct Outcome: Sendable {
        let value: Result<Digests, any Error>?
        init(_ value: Result<Digests, any Error>?) { self.value = value }
    }

    private func ended(_ file: any FileToHash, _ result: Result<Digests, any Error>) {
        state.withLock { $0.outcomes[file.path] = result }
        condition.broadcast()
    }
}

/// Waits for what no event tells.
func wait(_ isMet: () -> Bool) async throws {
    while !isMet() { await Task.yield() }
}
