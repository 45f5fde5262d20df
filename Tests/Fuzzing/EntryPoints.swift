import Glibc

/// What libFuzzer calls for every input (llvm.org/docs/LibFuzzer.html).
@_cdecl("LLVMFuzzerTestOneInput")
func runInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    Target.run(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}

/// What libFuzzer calls once: writes the seeds and the words into the directory of which the environment tells.
@_cdecl("LLVMFuzzerInitialize")
func prepare(_ count: UnsafeMutablePointer<CInt>?, _ arguments: UnsafeMutableRawPointer?) -> CInt {
    guard let value = getenv("FUZZ_SEEDS") else { return 0 }
    let directory = String(cString: value)
    for (index, seed) in Target.seeds.enumerated() { write(seed, to: "\(directory)/seed-\(index)") }
    let lines = Target.words.map { word in
        "\"" + word.map { "\\x" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "\"\n"
    }
    write(Array(lines.joined().utf8), to: "\(directory).words")
    return 0
}

private func write(_ bytes: [UInt8], to path: String) {
    guard let file = fopen(path, "w") else { fatalError("cannot write \(path)") }
    require(fwrite(bytes, 1, bytes.count, file) == bytes.count && fclose(file) == 0, "cannot write \(path)")
}
