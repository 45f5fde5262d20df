import Glibc
import LinuxSystem
import TestSupport

/// Whether what others have in the page cache stays there when kikod reads it.
struct WarmBench {
    private let options: BenchOptions
    private let place: BenchPlace

    init(_ options: BenchOptions, _ directory: FilePath) throws {
        self.options = options
        place = try BenchPlace(directory)
    }

    func rows() throws -> [BenchRow] {
        let size = (512 << 20) * options.scale / 100
        let path = place.root.appending("model.ckpt")
        let title = "warm: still in the page cache, of \(size >> 20) MiB"
        try checkFreeSpace(size, in: place.root)
        try ModelFiles.writeRandom(path, size: size, seed: 1)
        let file = CachedFiles(paths: [path])
        // Written back first: dirty pages would stay in any case.
        _ = try file.drop()
        var shares = Samples("%")
        var controls = Samples("%")
        for _ in 0..<options.runs {
            guard try file.fill() else { return [absence(title)] }
            let usage = try place.firstIndex()
            shares.add(try file.share() * 100)
            // What others take away in as long a time is not kikod's doing.
            guard try file.fill() else { return [absence(title)] }
            usleep(useconds_t(usage.wallSeconds * 1e6))
            controls.add(try file.share() * 100)
        }
        return [BenchRow(title, shares, against: ("without kikod", controls), goal: "100 %")]
    }

    private func absence(_ title: String) -> BenchRow {
        BenchRow(title, text: "not measured: the file does not stay there by itself", goal: "100 %")
    }
}
