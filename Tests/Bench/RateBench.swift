import Glibc
import LinuxSystem
import TestSupport

/// Whether `hashing.max_rate` is kept.
struct RateBench {
    private let options: BenchOptions
    private let place: BenchPlace
    private let limit = 64 << 20

    init(_ options: BenchOptions, _ directory: FilePath) throws {
        self.options = options
        place = try BenchPlace(directory, settings: "hashing: {max_rate: 64MiB}")
    }

    func rows() throws -> [BenchRow] {
        try ModelFiles.writeSparse(place.root.appending("huge.ckpt"))
        let daemon = try place.startDaemon()
        try daemon.wait("reading") { try daemon.number("rchar", in: "io") > limit / 4 }
        var rates = Samples("MB/s")
        var reads = try daemon.number("rchar", in: "io")
        var began = MonotonicTime.now
        for _ in 0..<options.runs {
            usleep(options.isQuick ? 1_500_000 : 3_000_000)
            let now = MonotonicTime.now
            let readsNow = try daemon.number("rchar", in: "io")
            rates.add(Double(readsNow - reads) / 1e6 / (Double(now.since(began)) / 1e9))
            (reads, began) = (readsNow, now)
        }
        try daemon.stop()
        return [
            BenchRow(
                "rate: read with max_rate: 64MiB", text: rates.text, reference: "\(shown(Double(limit) / 1e6)) MB/s",
                ratio: "\(shown(rates.median / (Double(limit) / 1e6))) ×", goal: "0.85 to 1.15 ×")
        ]
    }
}
