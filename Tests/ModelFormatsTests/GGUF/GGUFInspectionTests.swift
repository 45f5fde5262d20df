import Testing

@testable import ModelFormats

/// The inspection of a file with these bytes, of which `size` is what the file system says.
func inspectGGUF(
    _ bytes: [UInt8], size: UInt64? = nil, visit: ((Tensor) throws -> Void)? = nil
) throws -> GGUFInspection {
    try GGUFInspection(
        fileSize: size ?? UInt64(bytes.count),
        read: { offset, count in
            let start = Int(min(UInt64(bytes.count), offset))
            return Array(bytes[start..<min(bytes.count, start + count)])
        }, visit: visit)
}

@Suite struct GGUFInspectionTests {
    /// The versions, and whether the most significant byte is first.
    static let kinds: [(UInt32, Bool)] = [(1, false), (2, false), (3, false), (3, true)]

    @Test(arguments: kinds)
    func aValidFileIsUnderstood(version: UInt32, isBigEndian: Bool) throws {
        var fixture = GGUFFixture.imageModel
        fixture.version = version
        fixture.isBigEndian = isBigEndian
        var tensors: [Tensor] = []
        let inspection = try inspectGGUF(fixture.file) { tensors.append($0) }
        let header = inspection.header
        #expect(header.problem == nil)
        #expect(header.format == .gguf)
        #expect(header.tensorCount == 4)
        #expect(header.parameterCount == 5 + 512 + 192 + 72)
        #expect(header.dataTypes == ["F32": 1, "Q4_K": 1, "Q8_0": 1, "F16": 1])
        #expect(header.headerSize == UInt64(fixture.header.count + 31) / 32 * 32)
        #expect(
            tensors == [
                Tensor(name: "input_blocks.0.bias", dataType: "F32", shape: [5]),
                Tensor(name: "input_blocks.1.weight", dataType: "Q4_K", shape: [2, 64, 2, 2]),
                Tensor(name: "input_blocks.2.weight", dataType: "Q8_0", shape: [3, 64]),
                Tensor(name: "out.weight", dataType: "F16", shape: [4, 2, 3, 3]),
            ])
        #expect(inspection.architecture == "sdxl")
        #expect(inspection.quantization == "Q4_K_M")
        #expect(inspection.split == nil)
        #expect(inspection.droppedMetadataCount == 0)
        #expect(
            header.metadata.map(\.key) == [
                "general.architecture", "general.quantization_version", "general.file_type",
                "comfy.gguf.orig_shape.input_blocks.1.weight",
            ])
        #expect(header.metadata.map(\.value) == ["sdxl", "2", "15", "[2,64,2,2]"])
    }

    @Test func aFileOfMetadataOnlyIsValid() throws {
        var fixture = GGUFFixture()
        fixture.add("general.architecture", .string("llama"))
        fixture.add("general.file_type", .uint32(7))
        let inspection = try inspectGGUF(fixture.header)
        #expect(inspection.header.problem == nil)
        #expect(inspection.header.tensorCount == 0)
        #expect(inspection.header.headerSize == UInt64(fixture.header.count))
        #expect(inspection.quantization == "Q8_0")
    }

    @Test func theLastTensorNeedNotBeFilledUpAndMoreMayFollow() throws {
        var fixture = GGUFFixture()
        fixture.tensors = [GGUFFixture.TensorEntry("a", [3], size: 12)]
        #expect(try inspectGGUF(fixture.file).header.problem == nil)
        #expect(try inspectGGUF(fixture.file + [0, 0, 0]).header.problem == nil)
    }

    @Test func theAlignmentOfTheFileCounts() throws {
        var fixture = GGUFFixture()
        fixture.alignment = 8
        fixture.add("general.alignment", .uint32(8))
        fixture.tensors = [
            GGUFFixture.TensorEntry("a", [3], size: 12), GGUFFixture.TensorEntry("b", [1], size: 4),
        ]
        let inspection = try inspectGGUF(fixture.file)
        #expect(inspection.header.problem == nil)
        #expect(inspection.header.headerSize == UInt64(fixture.header.count + 7) / 8 * 8)
    }

    @Test func originalShapesOfOtherSizeAreNotBelieved() throws {
        var fixture = GGUFFixture()
        fixture.add("comfy.gguf.orig_shape.a", .array(type: 5, [.int32(2), .int32(3)]))
        fixture.add("comfy.gguf.orig_shape.b", .array(type: 5, [.int32(-2), .int32(-2)]))
        fixture.add("comfy.gguf.orig_shape.c", .array(type: 11, [.int64(4), .int64(1)]))
        fixture.add("comfy.gguf.orig_shape.d", .string("x"))
        fixture.add("comfy.gguf.orig_shape.e", .array(type: 5, []))
        fixture.tensors = ["a", "b", "c", "d", "e"].map { GGUFFixture.TensorEntry($0, [2, 2], size: 16) }
        var shapes: [[UInt64]] = []
        let inspection = try inspectGGUF(fixture.file) { shapes.append($0.shape) }
        #expect(inspection.header.problem == nil)
        #expect(shapes == [[2, 2], [2, 2], [4, 1], [2, 2], [2, 2]])
    }

    @Test func unknownDataTypesHaveANameAndAreNotChecked() throws {
        var fixture = GGUFFixture()
        fixture.tensors = [
            GGUFFixture.TensorEntry("a", [2], size: 8), GGUFFixture.TensorEntry("b", [7], type: 1000, size: 5),
            GGUFFixture.TensorEntry("c", [2], size: 8), GGUFFixture.TensorEntry("d", [2], type: 4, size: 8),
            GGUFFixture.TensorEntry("e", [2], size: 8), GGUFFixture.TensorEntry("f", [7], type: .max, size: 1),
        ]
        let inspection = try inspectGGUF(fixture.file)
        #expect(inspection.header.problem == nil)
        #expect(inspection.header.dataTypes == ["F32": 3, "TYPE_1000": 1, "TYPE_4": 1, "TYPE_4294967295": 1])
    }

    // MARK: - Parts of a model

    @Test func aPartKnowsItsPlace() throws {
        var fixture = GGUFFixture()
        fixture.add("split.no", .uint16(1))
        fixture.add("split.count", .uint16(3))
        fixture.add("split.tensors.count", .int32(1095))
        #expect(try inspectGGUF(fixture.header).split == GGUFSplit(number: 1, count: 3, tensors: 1095))
    }

    @Test(arguments: [(3, 3), (0, 1), (0, 0), (-1, 2)])
    func impossiblePlacesAreNone(number: Int64, count: Int64) throws {
        var fixture = GGUFFixture()
        fixture.add("split.no", .int64(number))
        fixture.add("split.count", .int64(count))
        #expect(try inspectGGUF(fixture.header).split == nil)
    }

    // MARK: - Quantisation

    /// File type as written, data types of the tensors with their elements, what people call it.
    @Test(
        arguments: [
            (15, [(12, 1024), (14, 512), (0, 100)], "Q4_K_M"), (1, [(1, 1024), (0, 64)], "F16"),
            (0, [(0, 64)], "F32"), (nil, [(0, 64), (12, 512), (14, 256)], "Q4_K"), (nil, [(30, 64)], "BF16"),
            // The number of the data type in place of that of the file type.
            (8, [(8, 64), (0, 32)], "Q8_0"), (12, [(12, 512)], "Q4_K"), (14, [(14, 512)], "Q6_K"),
            // Left as it was before the tensors were quantised.
            (1, [(8, 640), (1, 32)], "Q8_0"), (0, [(12, 512), (0, 32)], "Q4_K"),
            // Mixtures in which another type has more.
            (29, [(22, 256), (17, 512)], "IQ2_M"), (28, [(17, 256), (21, 512)], "IQ2_S"),
            (4, [(39, 320)], "MXFP4"), (1024, [(2, 32)], "Q4_0"), (999, [(34, 256)], "TQ1_0"),
            (7, [(99, 64)], "TYPE_99"),
        ] as [(UInt32?, [(UInt32, UInt64)], String)])
    func theQuantisationIsCalledAsPeopleDo(fileType: UInt32?, tensors: [(UInt32, UInt64)], name: String) throws {
        var fixture = GGUFFixture()
        if let fileType { fixture.add("general.file_type", .uint32(fileType)) }
        for (type, elements) in tensors {
            let block = GGMLDataTypes.entry(of: type).block ?? (1, 1)
            fixture.tensors.append(
                GGUFFixture.TensorEntry(
                    "t\(type)", [elements], type: type, size: elements.dividedRoundingUp(by: block.0) * block.1))
        }
        #expect(try inspectGGUF(fixture.file).quantization == name)
    }

    // MARK: - Sources

    @Test func whatReadingThrowsGoesToTheCaller() throws {
        struct Broken: Error {}
        #expect(throws: Broken.self) { try GGUFInspection(fileSize: 100, read: { _, _ in throw Broken() }) }
        #expect(throws: Broken.self) { try inspectGGUF(GGUFFixture.imageModel.file) { _ in throw Broken() } }
    }

    @Test func itAsksForBoundedChunksAndSkipsWhatIsNotNeeded() throws {
        var fixture = GGUFFixture()
        let numbers = [GGUFFixture.Value](repeating: .float32(1), count: 200_000)
        fixture.add("tokenizer.ggml.scores", .array(type: 6, numbers))
        fixture.add("general.architecture", .string("t5encoder"))
        fixture.add("general.name", .string(String(repeating: "y", count: 150_000)))
        fixture.tensors = [GGUFFixture.TensorEntry("a", [1 << 20], size: 4 << 20)]
        let bytes = fixture.file
        var total = 0
        var end: UInt64 = 0
        let inspection = try GGUFInspection(
            fileSize: UInt64(bytes.count),
            read: { offset, count in
                #expect(count <= 64 * 1024)
                #expect(end <= 64 || offset >= end, "it goes forwards only")
                total += count
                end = offset + UInt64(count)
                return Array(bytes[Int(offset)..<Int(offset) + count])
            })
        #expect(inspection.header.problem == nil)
        #expect(inspection.architecture == "t5encoder")
        #expect(inspection.droppedMetadataCount == 1)
        #expect(inspection.header.metadata.last?.value.utf8.count == 150_000)
        #expect(total < 64 * 1024 * 5)
    }
}

extension UInt64 {
    fileprivate func dividedRoundingUp(by divisor: UInt64) -> UInt64 { (self + divisor - 1) / divisor }
}
