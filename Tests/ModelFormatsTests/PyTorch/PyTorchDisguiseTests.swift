import Testing

@testable import ModelFormats

/// Files that are two things at once.
@Suite struct PyTorchDisguiseTests {
    private let payload = Array("cposix\nsystem\n(S'x'\ntR.".utf8)

    private func inspect(_ bytes: [UInt8], named format: ModelFileFormat = .pytorch) throws -> ModelInspection {
        try ModelInspection(named: format, fileSize: UInt64(bytes.count)) { offset, count in
            let start = Int(min(UInt64(bytes.count), offset))
            return Array(bytes[start..<min(bytes.count, start + count)])
        }
    }

    // MARK: - Other formats

    /// The letter G begins a number of eight bytes.
    @Test func picklesThatBeginLikeGGUFAreFollowed() throws {
        let bytes = Array("GGUF".utf8) + [3, 0, 0, 0, 1] + Array("0".utf8) + payload
        #expect(try inspect(bytes).header.format == .gguf)
        #expect(try inspect(bytes).header.pickle?.dangerous == ["posix.system"])
        #expect(try inspect(bytes, named: .gguf).header.pickle == nil)
    }

    @Test func picklesThatBeginLikeSafetensorsAreFollowed() throws {
        let bytes = [0x47, 0x20, 1, 0, 0, 0, 0, 0] + Array("{}00".utf8) + payload
        #expect(try inspect(bytes).header.format == .safetensors)
        // The number takes `{`; `}` is an empty dictionary, which the first zero removes.
        let followed = [0x47, 0x20, 1, 0, 0, 0, 0, 0] + Array("{}0".utf8) + payload
        for file in [followed, followed + [UInt8](repeating: 0x20, count: 80_000)] {
            #expect(try inspect(file).header.pickle?.dangerous == ["posix.system"])
            #expect(try inspect(file, named: .safetensors).header.pickle == nil)
        }
    }

    /// A text that ends in the middle of the header is the pickle's first value.
    @Test func aValidHeaderMayBeAPickleToo() throws {
        let skipped = 0x1_0000 - 3
        let json = Array(#"{"__metadata__":{"a":""#.utf8) + [UInt8](repeating: 0x20, count: skipped - 22) + payload
        // X, and then in four bytes of the header's length the number of those that the text has.
        let bytes = [0x58, 0, 0, 1, 0, 0, 0, 0] + json
        #expect(try inspect(bytes).header.pickle?.dangerous == ["posix.system"])
    }

    @Test func whatCannotBeFollowedToItsEndIsSaid() throws {
        let endless = [UInt8](repeating: PickleOpcode.none.rawValue, count: 900_000)
        let bytes = [0x47, 0x20, 1, 0, 0, 0, 0, 0] + Array("{}0".utf8) + endless
        #expect(try inspect(bytes).header.pickle?.dangerous == ["(not examined)"])
    }

    /// Whatever the length of its header looks like as an instruction.
    @Test func safetensorsUnderOtherNamesHoldNoPickles() throws {
        for length in (24..<600).filter({ $0 % 8 == 0 }) + [70_480, 71_808, 0x1480, 0xFF80] {
            let tensor = #"{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}"#
            let json = tensor + (length < 56 ? "" : String(repeating: " ", count: length - tensor.utf8.count - 1)) + "}"
            let file = try inspect(safetensors(json, data: 4))
            #expect(file.header.problem == nil, "\(length)")
            #expect(file.header.tensorCount == 1)
            #expect(file.header.pickle == nil, "\(length)")
        }
    }

    @Test func ggufUnderOtherNamesHoldsNoPickles() throws {
        for count in [0, 1, 3, 255, 256, 1_000, 0x2E00] {
            let file = try inspect(Array("GGUF".utf8) + [3, 0, 0, 0] + lengthBytes(UInt64(count)) + lengthBytes(0))
            #expect(file.header.format == .gguf)
            #expect(file.header.pickle == nil, "\(count)")
        }
    }

    @Test func archivesAtTheEndsOfOtherFilesAreNoticed() throws {
        let zip = archive(pickle { $0.call("os", "system", "x") })
        let safetensorsFile = safetensors(#"{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}"#, data: 4)
        for bytes in [safetensorsFile, stream(pickle { $0.put(.none) }), Array("hello".utf8)] {
            #expect(try inspect(bytes + zip).header.pickle?.dangerous == ["(not examined)"])
            #expect(try inspect(bytes).header.pickle?.dangerous.isEmpty != false)
        }
        var wide = ZipWriter()
        wide.isZip64 = true
        wide.add("r/data.pkl", payload)
        #expect(try inspect([0x4E] + wide.bytes).header.pickle?.dangerous == ["(not examined)"])
        // Four bytes alone are no archive.
        let letters = [0x50, 0x4B, 5, 6] + [UInt8](repeating: 7, count: 30)
        #expect(try inspect(stream(pickle { $0.put(.none) }) + letters).header.pickle?.dangerous == [])
    }

    // MARK: - Tar archives

    /// A header whose name is a pickle that steps over the rest, with a checksum written in each way that Python reads.
    @Test(arguments: ["octal", "signed", "binary", "spaces", "ustar", "negative"])
    func tarArchivesAreNoticed(checksum: String) throws {
        var header =
            pickle(protocol: 2) { _ in }.dropLast() + [0x58, 0xF9, 9, 0, 0] + [UInt8](repeating: 0, count: 505)
        if checksum == "negative" { header.replaceSubrange(200..<500, with: [UInt8](repeating: 0x81, count: 300)) }
        let unsigned = header.reduce(8 * 0x20) { $0 + Int($1) }
        let signed = header.reduce(8 * 0x20) { $0 + Int(Int8(bitPattern: $1)) }
        #expect(header.count == 512 && unsigned != signed)
        let field: [UInt8] =
            switch checksum {
            case "octal": Array(String(unsigned, radix: 8).utf8) + [0, 0x20]
            case "signed": Array(String(signed, radix: 8).utf8) + [0, 0x20]
            case "binary": [0x80, 0, 0, 0, 0, 0, UInt8(unsigned >> 8), UInt8(unsigned & 0xFF)]
            case "spaces": Array(" +0o\(String(unsigned, radix: 8))".utf8)
            case "negative": [0xFF] + lengthBytes(UInt64(bitPattern: Int64(signed))).prefix(7).reversed()
            default: Array("9".utf8)
            }
        header.replaceSubrange(148..<148 + field.count, with: field)
        if checksum == "ustar" { header.replaceSubrange(257..<262, with: Array("ustar".utf8)) }
        let file = try Inspected(header + [UInt8](repeating: 0, count: 2048) + payload)
        #expect(file.dangerous.contains("(not examined)"))
        #expect(file.problem.contains("it is a tar archive"))
    }

    @Test func whatIsAPickleTooIsFollowed() throws {
        var bytes = pickle { $0.call("os", "system", "x") } + [UInt8](repeating: 0, count: 1024)
        bytes.replaceSubrange(257..<262, with: Array("ustar".utf8))
        #expect(try Inspected(bytes).dangerous == ["(not examined)", "os.system"])
    }
}
