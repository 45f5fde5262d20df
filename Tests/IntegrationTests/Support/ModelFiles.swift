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
    var generator = SeededGenerator(seed: seed)
    return generator.bytes(count)
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
