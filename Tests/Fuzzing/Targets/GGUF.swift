// with: Tests/ModelFormatsTests/GGUF/GGUFFixture.swift
@testable import ModelFormats

/// Headers of GGUF files.
enum Target: FuzzTarget {
    static var seeds: [[UInt8]] {
        var fixtures: [GGUFFixture] = [.imageModel]
        var everything = GGUFFixture.imageModel
        everything.alignment = 8
        everything.add("general.alignment", .uint32(8))
        everything.add("split.no", .uint16(1))
        everything.add("split.count", .uint16(2))
        everything.add("split.tensors.count", .int32(9))
        everything.add("a", .float64(0.5))
        everything.add("b", .array(type: 9, [.array(type: 8, [.string("x\"")]), .array(type: 6, [.float32(1)])]))
        everything.add("c", .array(type: 7, [.bool(1)]))
        fixtures.append(everything)
        for (version, isBigEndian) in [(1, false), (2, false), (3, true)] as [(UInt32, Bool)] {
            var fixture = everything
            fixture.version = version
            fixture.isBigEndian = isBigEndian
            fixtures.append(fixture)
        }
        // Small ones, in which more of what chance changes matters.
        var small = GGUFFixture()
        small.tensors = [
            GGUFFixture.TensorEntry("t", [2], size: 8), GGUFFixture.TensorEntry("u", [1], type: 99, size: 1),
        ]
        fixtures.append(small)
        return fixtures.flatMap { [$0.file + [0], $0.header + [1]] } + [Array("lmgg....".utf8)]
    }

    static var words: [[UInt8]] {
        Words.of(
            "GGUF", "general.architecture", "general.file_type", "general.alignment", "split.no", "split.count",
            "split.tensors.count", "comfy.gguf.orig_shape.")
            + (0..<16).map { [$0, 0, 0, 0] } + [[UInt8](repeating: 0, count: 8), [UInt8](repeating: 255, count: 8)]
    }

    static func run(_ input: [UInt8]) {
        let file = VirtualFile(input: input, maximumRead: 100_000_000 + 65536)
        var visited = 0
        guard
            let inspection = try? GGUFInspection(
                fileSize: file.size, read: file.read,
                visit: { tensor in
                    visited += 1
                    // What is not UTF-8 becomes three bytes.
                    require(
                        tensor.name.utf8.count <= 3 * 65536 && tensor.shape.count <= 4096, "a tensor without measure")
                })
        else { fatalError("it throws what is wrong with the file") }
        let header = inspection.header
        require(header.problem != nil || header.tensorCount == visited, "a valid file with tensors that are not shown")
        require(visited <= 65_536, "\(visited) tensors")
        let bytes = header.metadata.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        require(bytes <= 3 * 16 << 20, "\(bytes) bytes of metadata")
        if let split = inspection.split {
            require(split.number >= 0 && split.number < split.count, "part \(split.number) of \(split.count)")
        }
        guard let count = header.tensorCount else { return }
        require(header.dataTypes.values.reduce(0, +) <= count, "more data types than tensors")
        require(header.headerSize != nil || header.problem != nil, "no size of the header")
        if header.problem == nil { require(header.headerSize ?? 0 <= file.size, "a header larger than the file") }
    }
}
