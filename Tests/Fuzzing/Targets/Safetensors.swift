// with: Tests/ModelFormatsTests/Safetensors/SafetensorsFixture.swift
@testable import ModelFormats

/// Headers of safetensors files.
enum Target: FuzzTarget {
    static var seeds: [[UInt8]] {
        let json = #"""
            {"__metadata__":{"ss_tag_frequency":"{\"a\": {\"b\": 1}}","n":[1,{"x":null}],"é":"\ud83d\ude00\n"},
             "lora.up":{"dtype":"F16","shape":[2,3],"data_offsets":[0,12]},
             "lora.down":{"dtype":"BF16","shape":[1,1,4],"data_offsets":[12,20],"x":-1.5e3},
             "alpha":{"dtype":"F32","shape":[],"data_offsets":[20,24]}}
            """#
        return [
            safetensors(json, data: 24), safetensors("{}"), safetensors(#"{"a":{"dtype":"NEW","shape":[0]}}"#),
            safetensors(#"{"b":{"dtype":"F4","shape":[4],"data_offsets":[0,2]}}  "#, data: 2),
        ].map { $0 + [0] }
    }

    static var words: [[UInt8]] {
        Words.json
            + Words.of("__metadata__", "\"dtype\":", "\"shape\":[", "\"data_offsets\":[", "\"F16\"", "\"F6_E2M3\"")
    }

    static func run(_ input: [UInt8]) {
        let file = VirtualFile(input: input, maximumRead: 100_000_000 + 65536)
        var visited = 0
        guard
            let inspection = try? SafetensorsInspection(
                fileSize: file.size, read: file.read,
                visit: { tensor in
                    visited += 1
                    require(tensor.name.utf8.count <= 65536 && tensor.shape.count <= 256, "a tensor without measure")
                })
        else { fatalError("it throws what is wrong with the file") }
        let header = inspection.header
        require(header != nil || inspection.problem != nil, "no header and no problem")
        guard let header else { return }
        require(visited <= header.tensorCount, "more tensors are shown than counted")
        require(header.dataTypes.values.reduce(0, +) <= header.tensorCount, "more data types than tensors")
        let bytes = header.metadata.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        require(bytes <= 16 << 20, "\(bytes) bytes of metadata")
        if inspection.isValid {
            require(header.promisedFileSize == file.size, "a valid file of another size than promised")
            require(visited == header.tensorCount, "not every tensor of a valid file is shown")
        }
    }
}
