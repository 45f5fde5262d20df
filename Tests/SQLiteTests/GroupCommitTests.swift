import LinuxSystem
import Synchronization
import Testing

@testable import SQLite

@Suite struct GroupCommitTests {
    /// Runs bodies as one group on a connection and answers, for each, whether it ended well, in order of the ends.
    private func run(
        _ connection: Connection, _ bodies: [@Sendable (Connection) throws -> Void], kind: WriterJob.Kind? = nil
    ) -> [(job: Int, error: (any Error)?)] {
        let ends = Mutex<[(job: Int, error: (any Error)?)]>([])
        let jobs = bodies.enumerated().map { number, body in
            WriterJob(kind ?? .transaction(isDurable: false), body) { result in
                ends.withLock { ends in
                    if case .failure(let error) = result {
                        ends.append((number, error))
                    } else {
                        ends.append((number, nil))
                    }
                }
            }
        }
        GroupCommit(connection: connection, willRun: {}).run(jobs)
        return ends.withLock { $0 }
    }

    private func withItems(_ body: (Connection) throws -> Void) async throws {
        try await withConnection { connection throws in
            try connection.useWriteAheadLog()
            try connection.execute("CREATE TABLE items (key INTEGER PRIMARY KEY, value)")
            try body(connection)
        }
    }

    @Test func jobsOfAGroupShareOneCommit() async throws {
        try await withItems { connection throws in
            let before = try connection.integerPragma("data_version")
            let observer = try CommitCounter.installed(on: connection)
            let ends = run(connection, (0..<10).map { key in { try $0.put(Int64(key), 0) } })
            #expect(ends.map(\.job) == Array(0..<10) && ends.allSatisfy { $0.error == nil })
            #expect(observer.commits == 1)
            #expect(try connection.keys() == Array(0..<10))
            #expect(try connection.integerPragma("data_version") == before)
        }
    }

    @Test func aJobThatThrowsUndoesOnlyItself() async throws {
        try await withItems { connection throws in
            let ends = run(
                connection,
                [
                    { try $0.put(1, 1) },
                    {
                        try $0.put(2, 2)
                        throw Refusal()
                    },
                    { try $0.put(1, 3) },
                    { try $0.put(4, 4) },
                ])
            #expect(ends[0].error == nil && ends[3].error == nil)
            #expect(ends[1].error is Refusal)
            #expect((ends[2].error as? SQLiteError)?.code == .constraintPrimaryKey)
            #expect(try connection.keys() == [1, 4])
        }
    }

    @Test func aBrokenDeferredReferenceFailsOnlyItsJob() async throws {
        try await withItems { connection throws in
            try connection.execute("CREATE TABLE child (key REFERENCES items DEFERRABLE INITIALLY DEFERRED)")
            let ends = run(
                connection,
                [
                    { try $0.put(1, 1) },
                    { try $0.run("INSERT INTO child VALUES (9)") },
                    { try $0.run("INSERT INTO child VALUES (1)") },
                ])
            #expect((ends[1].error as? SQLiteError)?.code == .constraintForeignKey)
            #expect(ends[0].error == nil && ends[2].error == nil)
            #expect(try connection.rows("SELECT key FROM child") { $0.integer(0) } == [1])
        }
    }

    @Test func whenTheCommitFailsEveryJobFailsAndNothingStays() async throws {
        try await withItems { connection throws in
            let observer = try CommitCounter.installed(on: connection)
            observer.refuse(true)
            let ends = run(connection, [{ try $0.put(1, 1) }, { _ in throw Refusal() }, { try $0.put(3, 3) }])
            #expect(ends.map(\.job) == [0, 1, 2])
            #expect(ends[1].error is Refusal)
            for end in [ends[0], ends[2]] {
                #expect((end.error as? SQLiteError).map { ResultCode.constraint ~= $0.code } == true)
            }
            observer.refuse(false)
            #expect(try connection.keys() == [])
            #expect(run(connection, [{ try $0.put(1, 1) }]).map { $0.error == nil } == [true])
            #expect(try connection.keys() == [1])
        }
    }

    @Test func aJobThatEndsTheTransactionFailsThoseBeforeItAndNotThoseAfter() async throws {
        try await withItems { connection throws in
            let ends = run(
                connection,
                [{ try $0.put(1, 1) }, { try $0.run("ROLLBACK") }, { try $0.put(3, 3) }, { try $0.put(4, 4) }])
            #expect(ends.map(\.job) == [0, 1, 2, 3])
            #expect(ends.map { $0.error == nil } == [false, false, true, true])
            #expect((ends[0].error as? SQLiteError)?.code == .misuse)
            #expect(try connection.keys() == [3, 4])
        }
    }

    @Test func aJobOnItsOwnRunsOutsideOfTransactionsInItsTurn() async throws {
        try await withItems { connection throws in
            let states = Mutex<[Bool]>([])
            let ends = Mutex<[Int]>([])
            let kinds: [WriterJob.Kind] = [
                .transaction(isDurable: true), .alone, .transaction(isDurable: false), .transaction(isDurable: false),
            ]
            let jobs = kinds.enumerated().map { number, kind in
                WriterJob(kind, { connection in states.withLock { $0.append(connection.isInTransaction) } }) { _ in
                    ends.withLock { $0.append(number) }
                }
            }
            GroupCommit(connection: connection, willRun: {}).run(jobs)
            #expect(states.withLock { $0 } == [true, false, true, true])
            #expect(ends.withLock { $0 } == [0, 1, 2, 3])
            #expect(try connection.integerPragma("synchronous") == 1)
        }
    }

    @Test func aLockThatCannotBeHadFailsEveryJobUnrun() async throws {
        try await withItems { connection throws in
            try connection.setBusyTimeout(milliseconds: 0)
            let path = try #require(try connection.firstRow("PRAGMA database_list") { $0.bytes(2) })
            let other = try Connection(try #require(FilePath(bytes: path)), .readWriteCreate)
            let ran = Mutex(0)
            try other.transaction {
                let body: @Sendable (Connection) -> Void = { _ in ran.withLock { $0 += 1 } }
                let ends = run(connection, [body, body])
                #expect(ends.allSatisfy { ($0.error as? SQLiteError).map { ResultCode.busy ~= $0.code } == true })
                #expect(ends.count == 2)
            }
            #expect(ran.withLock { $0 } == 0)
        }
    }
}
