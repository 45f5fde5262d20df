import IndexAPI
import Testing

@testable import ControlCommands

@Suite struct StatsCommandTests {
    @Test func countsAreToldWithTheMostFrequentFirst() throws {
        var stats = StatsAnswer()
        (stats.files, stats.bytes, stats.contents, stats.wastedBytes) = (12, 5 << 30, 11, 1 << 20)
        stats.byType = ["lora": 9, "checkpoint": 2, "unknown": 1, "vae": 0]
        stats.byBaseModel = ["Pony": 6, "Illustrious": 6]
        stats.byState = ["indexed": 12, "missing": 3, "error": 0, "pending": 0, "hashing": 0]
        stats.byCivitaiState = ["not_found": 12]
        stats.lastScan = LastScan(id: 1, startedAt: "2025-01-01T11:00:00.000Z", completedAt: "2025-01-01T11:55:00.000Z")
        let daemon = CannedDaemon()
        try daemon.answer("GET /api/v1/stats", stats)
        let outcome = runCommand(["stats"], daemon)
        #expect(
            outcome.output == """
                Files      12 (5.0 GiB)
                Contents   11 different ones
                Wasted     1.0 MiB by copies
                Last scan  5 min ago

                TYPE        FILES
                lora            9
                checkpoint      2
                unknown         1

                BASE MODEL   FILES
                Illustrious      6
                Pony             6

                STATE    FILES
                indexed     12
                missing      3

                CIVITAI    FILES
                not found     12

                """)
        #expect(outcome.code == .done)
    }

    @Test func anEmptyIndexHasNoTables() throws {
        let daemon = CannedDaemon()
        try daemon.answer("GET /api/v1/stats", StatsAnswer())
        #expect(
            runCommand(["stats"], daemon).output == """
                Files      0 (0 B)
                Contents   0 different ones
                Wasted     nothing
                Last scan  none yet

                """)
        #expect(runCommand(["stats", "--json"], daemon).output.contains(#""by_type":{}"#))
    }
}
