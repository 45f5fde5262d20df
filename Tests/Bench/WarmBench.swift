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
        for _ in 0..<options.runs {
            guard try file.fill() == 1 else {
                return [BenchRow(title, text: "not measured: the file does not stay there", goal: "100 %")]
            }
            _ = try place.firstIndex()
            shares.add(try file.share() * 100)
        }
        return [BenchRow(title, shares, goal: "100 %")]
    }
}
