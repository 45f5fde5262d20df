import TestSupport
import Testing

@testable import ModelFormats

@Suite struct GGUFFaultTests {
    private func problem(_ fixture: GGUFFixture, data: Int = 0) throws -> String {
        try inspectGGUF(fixture.file(data: data)).header.problem?.message ?? ""
    }

    private func fixture(_ tensors: [GGUFFixture.TensorEntry]) -> GGUFFixture {
        var fixture = GGUFFixture()
        fixture.tensors = tensors
        return fixture
    }

    // MARK: - Files that are too short

    @Test(arguments: GGUFInspectionTests.kinds)
    func everyPrefixOfAFileIsIncomplete(version: UInt32, isBigEndian: Bool) throws {
        var fixture = GGUFFixture.imageModel
        fixture.version = version
        fixture.isBigEndian = isBigEndian
        let whole = fixture.file
        for count in 1..<whole.count {
            let header = try inspectGGUF(Array(whole.prefix(count))).header
            guard case .incomplete(let promised) = header.problem?.code else {
                Issue.record("\(count) bytes are not the whole file: \(String(describing: header.problem))")
                continue
            }
            #expect(promised > UInt64(count) && promised <= UInt64(whole.count))
            #expect((header.tensorCount != nil) == (count >= fixture.header.count))
        }
        #expect(try inspectGGUF([]).header.problem?.code == .empty)
    }

    @Test func whatWasReadOfAShortHeaderIsKept() throws {
        let bytes = GGUFFixture.imageModel.file.prefix(150)
        let inspection = try inspectGGUF(Array(bytes))
        #expect(inspection.architecture == "sdxl")
        #expect(inspection.header.tensorCount == nil)
        #expect(inspection.quantization == nil)
    }

    @Test func aFileThatShrinksWhileItIsReadIsIncomplete() throws {
        let bytes = Array(GGUFFixture.imageModel.file.prefix(100))
        for count in 0...100 {
            let problem = try inspectGGUF(Array(bytes.prefix(count)), size: 1000).header.problem
            #expect(problem?.code == .incomplete(promised: 1000))
        }
    }

    // MARK: - Files that are something else

    @Test(
        arguments: [
            ("PK\u{3}\u{4}\u{14}\0\u{8}\u{8}", "a zip archive"), ("<!DOCTYPE html>", "a web page"),
            ("version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer"), ("lmgg", "GGML"), ("ggml", "GGML"),
            ("tjgg\u{3}\0\0\0", "GGJT"), ("ggjt\u{3}\0\0\0", "GGJT"), ("fmgg", "GGMF"),
            ("\u{10}\0\0\0\0\0\0\0{\"a\":", "a safetensors file"), ("\0\0\0\0", "does not begin with “GGUF”"),
            ("GGUE", "does not begin with “GGUF”"), ("gguf", "does not begin with “GGUF”"),
        ])
    func otherThingsWithTheNameOfAGGUFFileAreNamed(content: String, name: String) throws {
        let header = try inspectGGUF(Array(content.utf8) + [UInt8](repeating: 0, count: 100)).header
        #expect(header.problem?.code == .invalid)
        #expect(header.problem?.message.contains(name) == true)
    }

    @Test(arguments: [0, 4, 65535, 0x0400_0000, 0xFFFF_FFFF] as [UInt32])
    func otherVersionsAreRefused(version: UInt32) throws {
        var fixture = GGUFFixture.imageModel
        fixture.version = version
        #expect(try problem(fixture).contains("only 1 to 3 are known"))
    }

    // MARK: - Numbers without measure

    @Test(arguments: [65_537, 1 << 40, .max] as [UInt64])
    func countsThatNoModelHasAreRefused(count: UInt64) throws {
        var fixture = GGUFFixture.imageModel
        fixture.tensorCount = count
        #expect(try problem(fixture).contains("claims to have \(count) tensors"))
        fixture.tensorCount = nil
        fixture.valueCount = count
        #expect(try problem(fixture).contains("claims to have \(count) key-values"))
    }

    @Test func lengthsBeyondTheFileAreRefusedUnread() throws {
        let start = Array("GGUF".utf8) + [3, 0, 0, 0]
        for length in [1025, .max] as [UInt64] {
            let bytes = start + lengthBytes(1) + lengthBytes(0) + lengthBytes(length)
            #expect(
                try inspectGGUF(bytes).header.problem
                    == .invalid("the name of a tensor claims to have \(length) bytes"))
        }
        let key = start + lengthBytes(1) + lengthBytes(1) + lengthBytes(1) + [0x61]
        for length in [1 << 30, 1 << 62, .max] as [UInt64] {
            for type in [8, 9] as [UInt8] {
                let value = type == 9 ? [type, 0, 0, 0, 10, 0, 0, 0] : [type, 0, 0, 0]
                let bytes = key + value + lengthBytes(length) + [UInt8](repeating: 0, count: 4096)
                #expect(try inspectGGUF(bytes).header.problem?.code == .invalid)
            }
        }
        let bytes = key + [9, 0, 0, 0, 8, 0, 0, 0] + lengthBytes(1000) + [UInt8](repeating: 0, count: 4096)
        #expect(try inspectGGUF(bytes).header.problem?.code == .incomplete(promised: UInt64(key.count + 16 + 8000)))
    }

    @Test func typesOfValuesThatDoNotExistAreRefused() throws {
        var fixture = GGUFFixture()
        fixture.add("a", .array(type: 13, [.uint8(0)]))
        #expect(try problem(fixture) == "a value has the type 13, which is not known")
    }

    @Test(arguments: [0, 3, 48] as [UInt32])
    func alignmentsThatAreNoPowerOfTwoAreAFault(alignment: UInt32) throws {
        var fixture = GGUFFixture.imageModel
        fixture.add("general.alignment", .uint32(alignment))
        #expect(try problem(fixture, data: 1000) == "its alignment of \(alignment) is not a power of two")
    }

    // MARK: - Tensors that cannot be

    @Test func tensorsMustBeAligned() throws {
        let tensors = [GGUFFixture.TensorEntry("a", [1], size: 4, offset: 16)]
        #expect(
            try problem(fixture(tensors), data: 64)
                == "the tensor “a” begins at byte 16 of the data, which is no multiple of 32")
    }

    @Test func tensorsThatShareBytesAreAFault() throws {
        let tensors = [
            GGUFFixture.TensorEntry("a", [16], size: 64), GGUFFixture.TensorEntry("b", [1], size: 4, offset: 32),
        ]
        #expect(try problem(fixture(tensors), data: 64) == "two tensors share the data from byte 32 on")
    }

    @Test func bytesThatBelongToNoTensorAreAFault() throws {
        let tensors = [
            GGUFFixture.TensorEntry("a", [1], size: 4), GGUFFixture.TensorEntry("b", [1], size: 4, offset: 64),
        ]
        #expect(try problem(fixture(tensors), data: 68) == "no tensor has the bytes 32 to 64 of the data")
    }

    @Test func theOrderOfTensorsInTheHeaderDoesNotMatter() throws {
        let tensors = [
            GGUFFixture.TensorEntry("a", [1], size: 4, offset: 64),
            GGUFFixture.TensorEntry("b", [9], size: 36, offset: 0),
            GGUFFixture.TensorEntry("c", [0, 5], size: 0, offset: 32),
        ]
        #expect(try problem(fixture(tensors), data: 68) == "")
    }

    @Test func rowsMustBeWholeBlocks() throws {
        let tensors = [GGUFFixture.TensorEntry("a", [128, 2], type: 12, size: 144)]
        #expect(
            try problem(fixture(tensors), data: 144)
                == "the tensor “a” has rows of 128 elements, which is no multiple of the 256 of a block of Q4_K")
    }

    @Test func numbersBeyondSixtyFourBitsDoNotTrap() throws {
        let maximum = UInt64.max
        for tensor in [
            GGUFFixture.TensorEntry("a", [maximum, maximum], type: 24, size: 0),
            GGUFFixture.TensorEntry("a", [maximum], type: 28, size: 0),
            GGUFFixture.TensorEntry("a", [maximum], type: 24, size: 0, offset: maximum - 31),
            GGUFFixture.TensorEntry("a", [1], type: 24, size: 0, offset: maximum - 31),
        ] {
            let header = try inspectGGUF(fixture([tensor]).file(data: 32)).header
            #expect(header.problem == .invalid("the tensor “a” ends beyond any possible size of a file"))
            #expect(header.tensorCount == 1)
        }
        let unknown = GGUFFixture.TensorEntry("a", [maximum], type: 99, size: 0, offset: maximum - 31)
        let header = try inspectGGUF(fixture([unknown, unknown]).file(data: 32)).header
        #expect(header.problem == .invalid("its tensors end beyond any possible size of a file"))
        #expect(header.parameterCount == nil)
    }

    @Test func tooManyDimensionsAreRefused() throws {
        let tensors = [GGUFFixture.TensorEntry("a", [UInt64](repeating: 1, count: 33), size: 4)]
        #expect(try problem(fixture(tensors), data: 4) == "the tensor “a” claims to have 33 dimensions")
        let fewer = [GGUFFixture.TensorEntry("a", [UInt64](repeating: 1, count: 32), size: 4)]
        #expect(try problem(fixture(fewer), data: 4) == "")
    }

    @Test func tooManyDataTypesAreAFault() throws {
        let tensors = (0..<100).map { GGUFFixture.TensorEntry("t\($0)", [1], type: 1000 + $0, size: 4) }
        let header = try inspectGGUF(fixture(tensors).file(data: 3200)).header
        #expect(header.problem?.message.contains("too many different") == true)
        #expect(header.dataTypes.count == 64)
        #expect(header.tensorCount == 100)
    }

    // MARK: - Chance

    @Test func mutatedFilesNeverTrap() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        print("seed \(seed)")
        let interesting: [UInt8] = [0, 1, 2, 3, 4, 7, 8, 9, 12, 31, 32, 33, 64, 127, 128, 254, 255]
        for (version, isBigEndian) in GGUFInspectionTests.kinds {
            var fixture = GGUFFixture.imageModel
            fixture.version = version
            fixture.isBigEndian = isBigEndian
            let valid = fixture.file
            for _ in 0..<1000 {
                var bytes = valid
                for _ in 0...Int.random(in: 0...4, using: &generator) {
                    let index = Int.random(in: 4..<bytes.count, using: &generator)
                    switch Int.random(in: 0..<4, using: &generator) {
                    case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
                    case 1: bytes[index] = interesting.randomElement(using: &generator) ?? 0
                    case 2: bytes.insert(interesting.randomElement(using: &generator) ?? 0, at: index)
                    default: bytes.remove(at: index)
                    }
                }
                let header = try inspectGGUF(bytes) { _ in }.header
                #expect(header.problem != nil || header.tensorCount != nil, "seed \(seed)")
                if header.problem == nil { #expect(header.headerSize ?? 0 <= UInt64(bytes.count), "seed \(seed)") }
            }
        }
    }
}
