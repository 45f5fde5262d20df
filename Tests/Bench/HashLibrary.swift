import LinuxSystem

/// A library whose first index is measured.
struct HashLibrary {
    let name: String
    let count: Int
    /// Of one file, in bytes.
    let size: Int
    /// True for LoRAs, which have AutoV3 as well; else AutoV1.
    let isSafetensors: Bool
    /// Lines of the configuration.
    let settings: String
    /// At least so many times the bytes per CPU-second of `openssl dgst`.
    let goal: Double

    var bytes: Int { count * size }

    /// The three kinds; `scale` in percent.
    static func all(scale: Int) -> [HashLibrary] {
        [
            HashLibrary(
                name: "pairs", count: 4, size: (512 << 20) * scale / 100, isSafetensors: false,
                settings: "hashing: {workers: 2}", goal: 1.2),
            HashLibrary(
                name: "alone", count: 1, size: (1 << 30) * scale / 100, isSafetensors: false, settings: "", goal: 0.9),
            HashLibrary(
                name: "LoRAs", count: 8, size: (128 << 20) * scale / 100, isSafetensors: true, settings: "", goal: 0.75),
        ]
    }

    /// Makes the files and returns the place, which nothing has indexed.
    func make(in directory: FilePath) throws -> BenchPlace {
        let place = try BenchPlace(directory.appending("hash-\(name)"), settings: settings)
        try checkFreeSpace(bytes, in: place.root)
        for number in 0..<count {
            let path = place.root.appending("\(number)." + (isSafetensors ? "safetensors" : "ckpt"))
            if isSafetensors {
                try ModelFiles.writeSafetensors(path, size: size, seed: UInt64(number))
            } else {
                try ModelFiles.writeRandom(path, size: size, seed: UInt64(number))
            }
        }
        return place
    }
}
