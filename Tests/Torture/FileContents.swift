import TestSupport

/// What is written into files. No two are equal but by accident.
enum FileContents {
    /// A whole file: a valid safetensors file, or bytes that no reader takes for the beginning of something.
    static func whole(_ generator: inout SeededGenerator) -> [UInt8] {
        switch Int.random(in: 0..<12, using: &generator) {
        case 0: []
        case 1: unreadable(Int.random(in: 1...16, using: &generator), &generator)
        case 2: unreadable(Int.random(in: 1 << 20...3 << 20, using: &generator), &generator)
        case 3...7: safetensors(&generator)
        default: unreadable(Int.random(in: 16...65_536, using: &generator), &generator)
        }
    }

    /// Bytes that are no format and promise nothing, however they are cut.
    static func unreadable(_ count: Int, _ generator: inout SeededGenerator) -> [UInt8] {
        // Read as the length of a safetensors header, it is beyond any limit.
        let start = [UInt8](repeating: 0xEE, count: min(count, 8))
        return start + generator.bytes(count - start.count)
    }

    /// A valid safetensors file: eight bytes of length, JSON, one tensor (github.com/huggingface/safetensors).
    static func safetensors(_ generator: inout SeededGenerator) -> [UInt8] {
        let data = generator.bytes(2 * Int.random(in: 512...8192, using: &generator))
        let header = Array(
            #"{"weight":{"dtype":"F16","shape":[\#(data.count / 2)],"data_offsets":[0,\#(data.count)]}}"#.utf8)
        return (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header + data
    }

    /// True when these are the first bytes of a file that `safetensors` made, and it is shorter than it was made.
    static func isCutShort(start: [UInt8], size: Int64) -> Bool {
        guard start.count >= 8 else { return false }
        let length = (0..<8).reduce(0) { $0 | UInt64(start[$1]) << (8 * UInt64($1)) }
        guard length < 1024 else { return false }
        let end = 8 + Int(length)
        guard size >= end, start.count >= end else { return true }
        let text = String(decoding: start[8..<end], as: UTF8.self)
        guard let comma = text.lastIndex(of: ","),
            let promised = Int64(text[text.index(after: comma)...].prefix { $0.isNumber })
        else { return false }
        return size < Int64(end) + promised
    }
}
