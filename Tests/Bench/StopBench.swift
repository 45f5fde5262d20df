import Glibc
import LinuxSystem
import TestSupport

/// From SIGTERM to exit while a huge file is being read.
struct StopBench {
    private let options: BenchOptions
    private let place: BenchPlace

    init(_ options: BenchOptions, _ directory: FilePath) throws {
        self.options = options
        place = try BenchPlace(directory)
    }

    func rows() throws -> [BenchRow] {
        try ModelFiles.writeSparse(place.root.appending("huge.ckpt"))
        let hogs = max(4, processorCount())
        return [
            BenchRow("stop: nothing else runs", try times(hogs: 0), goal: "< 2000 ms"),
            BenchRow("stop: beside \(hogs) busy processes", try times(hogs: hogs), goal: "< 2000 ms"),
        ]
    }

    private func times(hogs count: Int) throws -> Samples {
        var times = Samples("ms")
        for _ in 0..<options.runs {
            let daemon = try place.startDaemon()
            // What the program itself and the catalogue read is far less.
            try daemon.wait("reading") { try daemon.number("rchar", in: "io") > 256 << 20 }
            var hogs: [ChildProcess] = []
            defer { hogs.forEach { $0.destroy() } }
            for _ in 0..<count { hogs.append(try place.start("/bin/sh", ["-c", "while :; do :; done"])) }
            // Idle threads get almost nothing from now on, and hold what they hold for long.
            usleep(200_000)
            let began = MonotonicTime.now
            daemon.process.send(signal: SIGTERM)
            guard daemon.process.wait(until: .now.advanced(milliseconds: 60_000)) == .exited(0) else {
                throw TestFailure("kikod did not end in good order within a minute")
            }
            times.add(milliseconds(since: began))
        }
        return times
    }
}
