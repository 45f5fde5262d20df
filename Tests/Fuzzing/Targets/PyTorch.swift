@testable import ModelFormats

/// PyTorch files: zip archives and what is in them, and pickles.
enum Target: FuzzTarget {
    /// A state dictionary of one tensor, as `torch.save` writes it: protocol 2, a storage by its persistent id.
    private static let pickle: [UInt8] =
        [0x80, 2] + Array("}(X".utf8) + [1, 0, 0, 0] + Array("wctorch._utils\n_rebuild_tensor_v2\n((X".utf8)
        + [7, 0, 0, 0] + Array("storagectorch\nFloatStorage\nX".utf8) + [1, 0, 0, 0] + Array("0X".utf8) + [3, 0, 0, 0]
        + Array("cpuK".utf8) + [4] + Array("tQK".utf8) + [0, 0x4B, 2, 0x4B, 2, 0x86, 0x4B, 2, 0x4B, 1, 0x86, 0x89]
        + Array("ccollections\nOrderedDict\n)RtRu.".utf8)

    static var seeds: [[UInt8]] {
        let data = [UInt8](repeating: 1, count: 16)
        let archive = zip([("a/data.pkl", pickle), ("a/byteorder", Array("little".utf8)), ("a/data/0", data)])
        let dangerous = Array("cos\nsystem\n(X".utf8) + [1, 0, 0, 0] + Array("xtR.".utf8)
        // The earlier format: magic number, version, what wrote it, the object, the keys of its storages, their data.
        let stream =
            [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E] as [UInt8]
            + [0x80, 2, 0x4D, 0xE9, 3, 0x2E] + [0x80, 2, 0x7D, 0x2E] + pickle + [0x80, 2] + Array("](X".utf8)
            + [1, 0, 0, 0] + Array("0e.".utf8) + [4, 0, 0, 0, 0, 0, 0, 0] + data
        return [archive, zip([("a/data.pkl", dangerous)]), zip([]), pickle, dangerous, stream].map { $0 + [0] }
    }

    static var words: [[UInt8]] {
        Words.of(
            "PK\u{1}\u{2}", "PK\u{3}\u{4}", "PK\u{5}\u{6}", "PK\u{6}\u{6}", "PK\u{6}\u{7}", "data.pkl",
            "ctorch._utils\n_rebuild_tensor_v2\n", "ctorch\nHalfStorage\n", "ccollections\nOrderedDict\n",
            "c__builtin__\neval\n", "cnumpy.core.multiarray\n_reconstruct\n", "ctorch._utils\n_rebuild_parameter\n",
            "storage")
            + [[0x80, 2], [0x80, 4, 0x95], [0x8C, 1], [0x93], [0x81], [0x94], [0x68], [0x71], [0x8A, 8]]
    }

    static func run(_ input: [UInt8]) {
        let file = VirtualFile(input: input, maximumChunk: 1 << 20, maximumRead: 256 << 20)
        var visited = 0
        guard
            let inspection = try? PyTorchInspection(
                fileSize: file.size, read: file.read,
                visit: { tensor in
                    visited += 1
                    require(tensor.name.utf8.count <= 1 << 20 && tensor.shape.count <= 4096, "a tensor without measure")
                })
        else { fatalError("it throws what is wrong with the file") }
        let header = inspection.header
        require(
            header.dataTypes.values.reduce(0, +) <= max(visited, header.tensorCount ?? 0),
            "more data types than tensors")
        if let pickle = header.pickle {
            require(Set(pickle.dangerous).isSubset(of: pickle.imports), "dangerous imports that are none")
            require(
                pickle.imports == pickle.imports.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) },
                "imports without order")
        }
    }

    /// A zip archive of files that are stored as they are.
    private static func zip(_ files: [(name: String, bytes: [UInt8])]) -> [UInt8] {
        var archive: [UInt8] = []
        var directory: [UInt8] = []
        for (name, bytes) in files {
            let common =
                number(20, 2) + number(0, 8) + number(0, 4) + number(bytes.count, 4) + number(bytes.count, 4)
                + number(name.utf8.count, 2) + number(0, 2)
            directory += [0x50, 0x4B, 1, 2] + number(20, 2) + common + number(0, 10) + number(archive.count, 4)
            directory += name.utf8
            archive += [0x50, 0x4B, 3, 4] + common + name.utf8 + bytes
        }
        let end =
            number(0, 4) + number(files.count, 2) + number(files.count, 2) + number(directory.count, 4)
            + number(archive.count, 4) + number(0, 2)
        return archive + directory + [0x50, 0x4B, 5, 6] + end
    }

    /// Least significant byte first.
    private static func number(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { $0 < 8 ? UInt8(truncatingIfNeeded: value >> (8 * $0)) : 0 }
    }
}
