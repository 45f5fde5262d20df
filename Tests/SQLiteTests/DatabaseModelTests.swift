import TestSupport
import Testing

@testable import SQLite

/// Random writes, some of which fail half-way, against a dictionary; readers look on meanwhile.
@Suite struct DatabaseModelTests {
    /// What a job does: moves amounts between keys, so that the sum of all values stays 0, and then how it ends.
    private struct Plan: Sendable {
        enum End: CaseIterable { case success, refusal, refusalHalfWay, constraint, brokenReference, endsTransaction }

        let number: Int
        let transfers: [(from: Int64, to: Int64, amount: Int64)]
        let end: End
        let isDurable: Bool

        init(_ number: Int, _ random: inout SeededGenerator) {
            self.number = number
            transfers = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                (
                    .random(in: 0..<20, using: &random), .random(in: 0..<20, using: &random),
                    .random(in: 1...9, using: &random)
                )
            }
            // Half of the jobs succeed.
            end = Bool.random(using: &random) ? .success : End.allCases.randomElement(using: &random) ?? .success
            isDurable = Int.random(in: 0..<10, using: &random) == 0
        }

        func run(_ connection: Connection) throws {
            for (from, to, amount) in transfers {
                try add(connection, from, -amount)
                if end == .refusalHalfWay { throw Refusal() }
                try add(connection, to, amount)
            }
            switch end {
            case .success, .refusalHalfWay: break
            case .refusal: throw Refusal()
            case .constraint: try connection.run("INSERT INTO items VALUES (0, 0), (0, 1)")
            case .brokenReference: try connection.run("INSERT INTO children VALUES (99)")
            case .endsTransaction: try connection.run("ROLLBACK")
            }
        }

        func apply(to model: inout [Int64: Int64]) {
            for (from, to, amount) in transfers {
                model[from, default: 0] -= amount
                model[to, default: 0] += amount
            }
        }

        private func add(_ connection: Connection, _ key: Int64, _ amount: Int64) throws {
            try connection.run(
                "INSERT INTO items VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = value + excluded.value",
                [.integer(key), .integer(amount)])
        }
    }

    @Test func whatSucceededAndOnlyThatIsInTheDatabase() async throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("whatSucceededAndOnlyThatIsInTheDatabase: seed \(seed)")
        var random = SeededGenerator(state: seed)
        let plans = (0..<400).map { Plan($0, &random) }

        try await withDatabase(DatabaseConfiguration(readers: 2)) { database, path async throws in
            try await database.write {
                try $0.execute("CREATE TABLE children (key REFERENCES items DEFERRABLE INITIALLY DEFERRED)")
            }
            let isDone = Gate()
            async let looks = onThread { try look(database, until: isDone) }
            let succeeded = await write(plans, to: database)
            isDone.open()
            #expect(try await looks > 0)
            #expect(!succeeded.isEmpty)

            var model: [Int64: Int64] = [:]
            for plan in plans where succeeded.contains(plan.number) { plan.apply(to: &model) }
            for plan in plans where plan.end != .success { #expect(!succeeded.contains(plan.number), "seed \(seed)") }
            database.close()
            let reopened = try Connection(path, .readOnly)
            let stored = try reopened.rows("SELECT key, value FROM items") { ($0.integer(0), $0.integer(1)) }
            #expect(Dictionary(uniqueKeysWithValues: stored) == model, "seed \(seed)")
            #expect(try reopened.number("SELECT count(*) FROM children") == 0)
            #expect(try reopened.quickCheck() == [])
        }
    }

    /// Writes from eight tasks at a time; the numbers of the plans that succeeded.
    private func write(_ plans: [Plan], to database: Database) async -> Set<Int> {
        await withTaskGroup(of: [Int].self) { group in
            for lane in 0..<8 {
                group.addTask {
                    var succeeded: [Int] = []
                    for plan in plans where plan.number % 8 == lane {
                        let isDone: Void? = try? await database.write(isDurable: plan.isDurable) { try plan.run($0) }
                        if isDone != nil { succeeded.append(plan.number) }
                    }
                    return succeeded
                }
            }
            return await group.reduce(into: []) { $0.formUnion($1) }
        }
    }

    /// Reads the sum twice in each of many reads: no half of a job is ever seen, and nothing moves within a read.
    private func look(_ database: Database, until isDone: Gate) throws -> Int {
        var looks = 0
        repeat {
            try database.readBlocking { connection in
                let dump = "SELECT key, value FROM items ORDER BY key"
                let first = try connection.rows(dump) { [$0.integer(0), $0.integer(1)] }
                #expect(try connection.number("SELECT ifnull(sum(value), 0) FROM items") == 0)
                #expect(try connection.rows(dump) { [$0.integer(0), $0.integer(1)] } == first)
            }
            looks += 1
        } while !isDone.isOpenNow
        return looks
    }
}

/// SplitMix64, so that a seed says which numbers come.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
