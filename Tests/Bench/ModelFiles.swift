import Glibc
import LinuxSystem
import TestSupport

/// Makes files for measurements; their contents differ and cannot be compressed.
enum ModelFiles {
    /// A file of random bytes after a head, of an age in seconds at which nobody waits for more to be written.
    static func writeRandom(
        _ path: FilePath, size: Int, seed: UInt64, head: [UInt8] = [], age: Int = 3600
    ) throws {
        let file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644)
        try file.writeAll(head, shown: path)
        var generator = SeededGenerator(seed: seed)
        // Small pieces, so that this program stays smaller than those whose memory it measures.
        var words = [UInt64](repeating: 0, count: 1 << 15)
        var left = size - head.count
        while left > 0 {
            for index in words.indices { words[index] = generator.next() }
            let piece = unsafe words.withUnsafeBytes { unsafe Array($0.prefix(left)) }
            try file.writeAll(piece, shown: path)
            left -= piece.count
        }
        try setAge(path, seconds: age)
    }

    /// A valid safetensors file: the length of the header, the header, one tensor.
    static func writeSafetensors(_ path: FilePath, size: Int, seed: UInt64) throws {
        let headerLength = 256
        let data = size - 8 - headerLength
        var header = Array(#"{"weight":{"dtype":"U8","shape":[\#(data)],"data_offsets":[0,\#(data)]}}"#.utf8)
        header += [UInt8](repeating: UInt8(ascii: " "), count: headerLength - header.count)
        let length = (0..<8).map { UInt8(truncatingIfNeeded: headerLength >> ($0 * 8)) }
        try writeRandom(path, size: size, seed: seed, head: length + header)
    }

    /// So many tiny files, ten a directory.
    static func writeTiny(_ count: Int, in root: FilePath) throws {
        for number in 0..<count {
            let folder = root.appending("d\(number / 10)")
            if number % 10 == 0 { try makeDirectory(folder) }
            let path = folder.appending("model-\(number).safetensors")
            try writeFile(path, "model \(number)")
            try setAge(path, seconds: 3600)
        }
    }

    /// So many small LoRAs with what trainers write into them, no two alike, a hundred a directory.
    static func writeLoRAs(_ count: Int, in root: FilePath) throws {
        try checkFreeSpace(count * 8192, in: root)
        for number in 0..<count {
            let folder = root.appending("d\(number / 100)")
            if number % 100 == 0 { try makeDirectory(folder) }
            let path = folder.appending("model-\(number).safetensors")
            let metadata = [
                "ss_base_model_version": "sdxl_base_v1-0", "ss_network_dim": "1", "ss_network_module": "networks.lora",
                "ss_sd_model_name": "sd_xl_base_1.0.safetensors", "ss_output_name": "model \(number)",
                "modelspec.title": "Model \(number)",
            ]
            try writeFile(path, ModelBytes.sdxlLoRA(metadata: metadata, rank: 1))
            try setAge(path, seconds: 3600)
        }
    }

    /// A file that is larger than any memory and takes no room.
    static func writeSparse(_ path: FilePath, gibibytes: Int = 25) throws {
        let file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644)
        try systemCall("ftruncate", path.description) { ftruncate(file.number, gibibytes << 30) }
        try setAge(path, seconds: 3600)
    }
}
