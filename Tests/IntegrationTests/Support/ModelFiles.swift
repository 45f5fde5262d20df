import LinuxSystem
import TestSupport

/// A valid safetensors file: one F16 tensor over all of `data`, which has an even number of bytes.
func safetensorsFile(metadata: String = "{}", data: [UInt8]) -> [UInt8] {
    let tensor = #""weight":{"dtype":"F16","shape":[\#(data.count / 2)],"data_offsets":[0,\#(data.count)]}"#
    let header = Array(#"{"__metadata__":\#(metadata),\#(tensor)}"#.utf8)
    return (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header + data
}

/// Bytes that look like nothing, the same for the same seed.
func noise(_ count: Int, seed: UInt64) -> [UInt8] {
    // SplitMix64, eight bytes a step.
    var state = seed
    var bytes = [UInt8]()
    bytes.reserveCapacity(count + 8)
    while bytes.count < count {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        word ^= word >> 31
        for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: word >> (8 * UInt64(shift)))) }
    }
    return Array(bytes.prefix(count))
}

/// The SHA-256 of each file as sha256sum(1) computes it, by path.
func sha256(of paths: [FilePath], in directory: FilePath) async throws -> [String: String] {
    // --zero: without it, unusual names are escaped.
    let result = try await run(
        FilePath("/usr/bin/sha256sum"), [Array("--zero".utf8)] + paths.map(\.bytes), in: directory)
    guard result.status == 0 else { throw IntegrationFailure(result.errors) }
    let lines = result.output.split(separator: 0)
    return Dictionary(
        uniqueKeysWithValues: lines.map { line in
            (escapedText(Array(line.dropFirst(66))), String(decoding: line.prefix(64), as: UTF8.self))
        })
}
