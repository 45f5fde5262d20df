import LinuxSystem
import TestSupport
import Testing

@testable import SQLite

@Suite struct DatabaseClosingTests {
    @Test func jobsBeforeCloseAreDoneAndJobsAfterItRefused() async throws {
        try await withDatabase { database, path async throws in
            let isHeld = Gate()
            let letGo = Gate()
            async let first: Void = database.write { connection in
                isHeld.open()
                letGo.wait()
                try connection.put(1, 1)
            }
            try await onThread { _ = isHeld.wait() }
            async let closed: Void = onThread { database.close() }
            // The writer is closed to others once a job is refused, while the first still runs.
            while (try? await database.read({ _ in })) != nil { await Task.yield() }
            letGo.open()
            try await first
            try await closed
            for attempt in 0..<4 {
                let error = await #expect(throws: SQLiteError.self) {
                    switch attempt {
                    case 0: try await database.write { try $0.put(2, 2) }
                    case 1: _ = try await database.read { try $0.keys() }
                    case 2: try await onThread { _ = try database.readBlocking { try $0.keys() } }
                    default: _ = try await database.checkpoint()
                    }
                }
                #expect(error == .closed)
            }
            #expect(!database.ping(timeoutMilliseconds: 60_000))
            database.close()
            // All is in the one file: the log was emptied and removed.
            #expect(try directoryNames(path.parent) == [path.name])
            #expect(try Connection(path, .readOnly).keys() == [1])
        }
    }

    @Test func closeWaitsForRunningReads() async throws {
        try await withDatabase { database, _ async throws in
            let isRunning = Gate()
            let letGo = Gate()
            async let seen = onThread {
                try database.readBlocking { connection in
                    isRunning.open()
                    letGo.wait()
                    return try connection.keys()
                }
            }
            try await onThread { _ = isRunning.wait() }
            async let closed: Void = onThread { database.close() }
            while (try? await database.write({ _ in })) != nil { await Task.yield() }
            letGo.open()
            #expect(try await seen == [])
            try await closed
        }
    }

    @Test func aDatabaseThatIsForgottenClosesItsFile() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("test.db")
            var database: Database? = try Database(path)
            try await database?.write { try $0.execute("CREATE TABLE t (a)") }
            database = nil
            // The writing thread removes the log as its last act.
            while try directoryNames(directory) != [path.name] { await Task.yield() }
            #expect(try Connection(path, .readOnly).number("SELECT count(*) FROM t") == 0)
        }
    }

    @Test func aFileThatCannotBeOpenedIsAnErrorOfInit() async throws {
        try await withTemporaryDirectory { directory in
            let error = #expect(throws: SQLiteError.self) { try Database(directory.appending("no/test.db")) }
            #expect(error?.code == .cannotOpen)
            let text = directory.appending("text.db")
            try writeFile(text, String(repeating: "x", count: 4096))
            let other = #expect(throws: SQLiteError.self) { try Database(text) }
            #expect(other?.code == .notADatabase)
        }
    }

    @Test func aPingIsAnsweredBetweenJobsAndNotDuringOne() async throws {
        try await withDatabase { database, _ async throws in
            #expect(try await onThread { database.ping(timeoutMilliseconds: 60_000) })
            let isHeld = Gate()
            let letGo = Gate()
            async let job: Void = database.write { _ in
                isHeld.open()
                letGo.wait()
            }
            try await onThread { _ = isHeld.wait() }
            #expect(try await onThread { !database.ping(timeoutMilliseconds: 1) })
            async let late = onThread { database.ping(timeoutMilliseconds: 60_000) }
            letGo.open()
            #expect(try await late)
            try await job
        }
    }
}
