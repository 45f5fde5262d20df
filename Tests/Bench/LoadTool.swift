import LinuxSystem
import TestSupport

/// wrk(1), which asks over TCP on several connections at once.
struct LoadTool {
    private let program: String
    private let place: BenchPlace

    /// nil where the program is missing.
    init?(_ place: BenchPlace) {
        guard let program = HashTool.program("wrk") else { return nil }
        self.program = program
        self.place = place
    }

    /// Answers a second to questions by random hashes of the file, with one thread; each has to be a success.
    func rate(port: UInt16, hashes: FilePath, connections: Int, seconds: Int) throws -> Double {
        let script = place.directory.appending("lookup.lua")
        try writeFile(
            script,
            """
            local hashes = {}
            for line in io.lines("\(hashes)") do hashes[#hashes + 1] = line end
            function request() return wrk.format("GET", "/api/v1/lookup?hash=" .. hashes[math.random(#hashes)]) end
            """)
        let output = place.directory.appending("wrk")
        _ = try MeasuredProcess.run(
            [
                program, "-t1", "-c\(connections)", "-d\(seconds)s", "-s", script.description,
                "http://127.0.0.1:\(port)",
            ], environment: Programs.environment(home: place.directory.appending("home"), [:]), output: output)
        let text = String(decoding: try readFile(output, limit: 1 << 20), as: UTF8.self)
        let line = text.split(separator: "\n").first { $0.hasPrefix("Requests/sec:") }
        guard let rate = line.flatMap({ Double($0.dropFirst("Requests/sec:".count).filter { $0 != " " }) }),
            !text.contains("Non-2xx"), !text.contains("Socket errors")
        else { throw TestFailure("wrk: \(text)") }
        return rate
    }
}
