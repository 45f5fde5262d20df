import Testing

@testable import SQLite

@Suite struct StatementCacheTests {
    @Test func theStatementUnusedForLongestGivesWay() async throws {
        try await withConnection { connection throws in
            var cache = StatementCache(capacity: 2)
            cache.put(try connection.prepare("SELECT 1"))
            cache.put(try connection.prepare("SELECT 2"))
            let taken = cache.take("SELECT 1")
            let first = try #require(taken)
            cache.put(first)
            cache.put(try connection.prepare("SELECT 3"))
            #expect(cache.count == 2)
            #expect(cache.take("SELECT 2") == nil)
            #expect(cache.take("SELECT 1") === first)
            #expect(cache.take("SELECT 1") == nil)
            #expect(cache.take("SELECT 3") != nil)
        }
    }

    @Test func theSameTextIsCompiledOnce() async throws {
        try await withConnection { connection throws in
            var seen: [Statement] = []
            for _ in 0..<3 { try connection.withStatement("SELECT 1") { seen.append($0) } }
            #expect(seen[0] === seen[1] && seen[1] === seen[2])
        }
    }

    @Test func aStatementUsedInsideItsOwnRowsIsAnother() async throws {
        try await withConnection { connection throws in
            let numbers = "SELECT column1 FROM (VALUES (1), (2), (3))"
            var pairs: [[Int64]] = []
            try connection.query(numbers) { outer throws(SQLiteError) in
                let left = outer.integer(0)
                try connection.query(numbers) { pairs.append([left, $0.integer(0)]) }
            }
            #expect(pairs == [[1, 1], [1, 2], [1, 3], [2, 1], [2, 2], [2, 3], [3, 1], [3, 2], [3, 3]])
        }
    }

    @Test func aConnectionKeepsABoundedNumber() async throws {
        try await withConnection { connection throws in
            for number in 0..<200 {
                let answer = try connection.number("SELECT \(number)")
                #expect(answer == Int64(number))
            }
            #expect(connection.cachedStatementCount == Connection.cachedStatements)
        }
    }
}
