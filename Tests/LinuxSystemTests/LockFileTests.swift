import Glibc
import TestSupport
import Testing

@testable import LinuxSystem

@Suite struct LockFileTests {
    @Test func secondLockIsToldWhoHoldsTheFirst() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("lock")
            let lock = try LockFile.acquire(path)
            #expect(try readFile(path, limit: 100) == Array("\(getpid())\n".utf8))
            #expect(throws: LockFileError.held(path, process: getpid())) { try LockFile.acquire(path) }
            let name = try #require(processName(getpid()))
            let message = LockFileError.held(path, process: getpid()).description
            #expect(message == "\(path): locked by process \(getpid()) (\(name))")
            lock.release()
        }
    }

    @Test func releaseLetsTheNextOneInThoughTheFileIsStillOpenElsewhere() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("lock")
            let lock = try LockFile.acquire(path)
            // As a child or a thread stuck in the kernel would hold it.
            let file = try FileStatus.of(path)
            let open = (3..<1024).filter { number in
                guard let status = try? FileStatus.of(descriptor: Int32(number)) else { return false }
                return status.inode == file.inode && status.device == file.device
            }
            let copy = dup(Int32(try #require(open.first)))
            defer { close(copy) }
            lock.release()
            lock.release()
            let next = try LockFile.acquire(path)
            withExtendedLifetime(lock) {}
            next.release()
        }
    }

    @Test func lockEndsWithItsOwnerAndTheFileStays() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("lock")
            do { _ = try LockFile.acquire(path) }
            #expect(try readFile(path, limit: 100) == [])
            try writeFile(path, "999999999999 of somebody long gone")
            let lock = try LockFile.acquire(path)
            #expect(try readFile(path, limit: 100) == Array("\(getpid())\n".utf8))
            lock.release()
        }
    }

    @Test func unreadableHolderIsNotInvented() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("lock")
            let lock = try LockFile.acquire(path)
            try writeFile(path, "-3\n")
            #expect(throws: LockFileError.held(path, process: nil)) { try LockFile.acquire(path) }
            lock.release()
        }
    }

    @Test func linkIsNotFollowed() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("lock")
            try makeSymbolicLink(path, to: directory.appending("elsewhere"))
            #expect(throws: LockFileError.self) { try LockFile.acquire(path) }
            #expect(try directoryNames(directory).count == 1)
        }
    }
}
