@testable import ModelFormats

/// A file whose header is this text, followed by so many zero bytes.
func safetensors(_ json: String, data: Int = 0) -> [UInt8] { safetensors(Array(json.utf8), data: data) }

func safetensors(_ json: [UInt8], data: Int = 0) -> [UInt8] {
    lengthBytes(UInt64(json.count)) + json + [UInt8](repeating: 0, count: data)
}

func lengthBytes(_ length: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) }
}

/// The inspection of a file with these bytes, of which `size` is what the file system says.
func inspect(
    _ bytes: [UInt8], size: Int? = nil, visit: ((SafetensorsTensor) throws -> Void)? = nil
) throws -> SafetensorsInspection {
    try SafetensorsInspection(
        fileSize: UInt64(size ?? bytes.count),
        read: { offset, count in
            let start = min(bytes.count, Int(offset))
            return Array(bytes[start..<min(bytes.count, start + count)])
        }, visit: visit)
}

/// The message of what is wrong; empty when nothing is.
func problem(_ bytes: [UInt8]) throws -> String { try inspect(bytes).problem?.message ?? "" }
