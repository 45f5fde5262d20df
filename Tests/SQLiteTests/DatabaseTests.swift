import LinuxSystem
import Synchronization
import TestSupport
import Testing

@testable import SQLite

@Suite struct DatabaseTests {
    @Test func aWriteIsReadBack() async throws {
        try await withDatabase { database, _ async throws in
            let id = try await database.write { connection in
                #expect(connection.isInTransaction)
                try connection.put(1, 10)
                return connection.lastInsertedRowID
            }
            #expect(id == 1)
            #expect(try await database.read { try $0.keys() } == [1])
            try await onThread {
                try database.writeBlocking { try $0.put(2, 20) }
                #expect(try database.readBlocking { try $0.keys() } == [1, 2])
            }
        }
    }

    @Test func aWriteThatThrowsChangesNothing() async throws {
        try await withDatabase { database, _ async throws in
            await #expect(throws: Refusal()) {
                try await database.write { connection in
                    try connection.put(1, 10)
                    throw Refusal()
                }
            }
            #expect(try await database.read { try $0.keys() } == [])
            try await database.write { try $0.put(2, 20) }
            #expect(try await database.read { try $0.keys() } == [2])
        }
    }

    @Test func writesThatQueueDuringAnotherShareItsSuccessorsCommit() async throws {
        try await withDatabase { database, _ async throws in
            let counter = CommitCounter()
            let isHeld = Gate()
            let letGo = Gate()
            async let first: Void = database.write { connection in
                try counter.install(on: connection)
                isHeld.open()
                letGo.wait()
            }
            try await onThread { _ = isHeld.wait() }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for key in 0..<10 as Range<Int64> {
                    group.addTask { try await database.write { try $0.put(key, key) } }
                }
                while database.waitingWrites < 10 { await Task.yield() }
                letGo.open()
                try await group.waitForAll()
            }
            try await first
            #expect(counter.commits == 2)
            #expect(try await database.read { try $0.keys() } == Array(0..<10))
        }
    }

    @Test func aDurableWriteIsAsAnyOther() async throws {
        try await withDatabase { database, _ async throws in
            let level = try await database.write(isDurable: true) { connection in
                try connection.put(1, 1)
                return try connection.integerPragma("synchronous")
            }
            #expect(level == 2)
            #expect(try await database.write { try $0.integerPragma("synchronous") } == 1)
            #expect(try await database.read { try $0.keys() } == [1])
        }
    }

    @Test func readersCannotWriteNorCheckpoint() async throws {
        try await withDatabase { database, _ async throws in
            let error = await #expect(throws: SQLiteError.self) { try await database.read { try $0.put(1, 1) } }
            #expect(error.map { ResultCode.readOnly ~= $0.code } == true)
            #expect(try await database.read { try $0.integerPragma("wal_autocheckpoint") } == 0)
            #expect(try await database.read { try $0.integerPragma("query_only") } == 1)
        }
    }

    @Test func aReaderSeesOneStateWhileTheWriterGoesOn() async throws {
        try await withDatabase { database, _ async throws in
            try await database.write { try $0.put(1, 1) }
            let hasRead = Gate()
            let hasWritten = Gate()
            async let seen = onThread {
                try database.readBlocking { connection in
                    let before = try connection.keys()
                    hasRead.open()
                    hasWritten.wait()
                    return (before, try connection.keys())
                }
            }
            try await onThread { _ = hasRead.wait() }
            try await database.write { try $0.put(2, 2) }
            #expect(try await database.read { try $0.keys() } == [1, 2])
            // The log is pinned by the reader, and nobody waits for it.
            #expect(try await database.checkpoint().isComplete == false)
            hasWritten.open()
            let (before, after) = try await seen
            #expect(before == [1] && after == [1])
            #expect(try await database.checkpoint().isComplete)
            #expect(try await database.read { try $0.keys() } == [1, 2])
        }
    }

    @Test func aFurtherReaderWaitsForAConnection() async throws {
        try await withDatabase(DatabaseConfiguration(readers: 2)) { database, _ async throws in
            let meter = Meter()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        try await onThread {
                            try database.readBlocking { connection in
                                meter.enter()
                                for _ in 0..<20 { _ = try connection.keys() }
                                meter.leave()
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect((1...2).contains(meter.most))
        }
    }

    @Test func aPromptReadDoesNotWaitForLongOnes() async throws {
        try await withDatabase(DatabaseConfiguration(readers: 1, reservedReaders: 1)) { database, _ async throws in
            let isRunning = Gate()
            let isRead = Gate()
            async let wasRead = onThread {
                try database.readBlocking { connection in
                    _ = try connection.keys()
                    isRunning.open()
                    return isRead.wait()
                }
            }
            let keys = try await onThread {
                _ = isRunning.wait()
                defer { isRead.open() }
                return try database.readBlocking(isPrompt: true) { try $0.keys() }
            }
            #expect(keys == [])
            #expect(try await wasRead)
        }
    }

    @Test func aReadThatThrowsGivesItsConnectionBack() async throws {
        try await withDatabase(DatabaseConfiguration(readers: 1)) { database, _ async throws in
            for _ in 0..<5 {
                await #expect(throws: Refusal()) { try await database.read { _ in throw Refusal() } as Void }
            }
            #expect(try await database.read { try $0.keys() } == [])
        }
    }

    @Test func aReaderThatClosedItsConnectionSpoilsNoLaterRead() async throws {
        try await withDatabase(DatabaseConfiguration(readers: 1)) { database, _ async throws in
            await #expect(throws: SQLiteError.closed) { try await database.read { $0.close() } }
            #expect(try await database.read { try $0.keys() } == [])
        }
    }

    @Test func runningReadsCanBeInterrupted() async throws {
        try await withDatabase { database, _ async throws in
            let isRunning = Gate()
            async let outcome = onThread { () -> SQLiteError? in
                do {
                    try database.readBlocking { connection in
                        let endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
                        try connection.query(endless) { _ in isRunning.open() }
                    }
                    return nil
                } catch { return error as? SQLiteError }
            }
            try await onThread { _ = isRunning.wait() }
            database.interruptReads()
            #expect(try await outcome?.code == .interrupted)
            #expect(try await database.read { try $0.keys() } == [])
        }
    }

    @Test func aFullDiskFailsTheWriteAndLaterOnesWorkAgain() async throws {
        try await withDatabase { database, _ async throws in
            try await database.write { try $0.put(1, 1) }
            try await database.write { connection in
                let pages = try connection.integerPragma("page_count")
                try connection.setPragma("max_page_count", pages + 4)
            }
            let blob = [UInt8](repeating: 1, count: 100_000)
            let error = await #expect(throws: SQLiteError.self) {
                try await database.write { connection in
                    try connection.put(2, 2)
                    try connection.run("INSERT INTO items VALUES (3, ?)", [.blob(blob)])
                }
            }
            #expect(error?.code == .full)
            #expect(try await database.read { try $0.keys() } == [1])
            #expect(try await database.read { try $0.quickCheck() } == [])
            try await database.write { try $0.setPragma("max_page_count", 1_000_000) }
            try await database.write { try $0.run("INSERT INTO items VALUES (3, ?)", [.blob(blob)]) }
            #expect(try await database.read { try $0.keys() } == [1, 3])
        }
    }

    @Test func aBackupIsCompletePrivateAndReplacesAnOldOne() async throws {
        try await withDatabase { database, path async throws in
            let copy = path.parent.appending("copy.db")
            try await database.write { try $0.put(1, 1) }
            try await database.backup(to: copy)
            try await database.write { try $0.put(2, 2) }
            try await database.backup(to: copy)
            try await onThread { try database.backupBlocking(to: copy) }
            #expect(try Connection(copy, .readOnly).keys() == [1, 2])
            #expect(try FileStatus.of(copy).mode & 0o777 == 0o600)
            #expect(try !directoryNames(path.parent).contains(Array("copy.db.partial".utf8)))
            await #expect(throws: SQLiteError.self) {
                try await database.backup(to: path.parent.appending("no/copy.db"))
            }
        }
    }
}

/// Counts who is inside at the same time.
private final class Meter: Sendable {
    private let counts = Mutex((inside: 0, most: 0))

    var most: Int { counts.withLock { $0.most } }

    func enter() {
        counts.withLock { counts in
            counts.inside += 1
            counts.most = max(counts.most, counts.inside)
        }
    }

    func leave() { counts.withLock { $0.inside -= 1 } }
}
