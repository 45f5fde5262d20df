/// Files that are two things at once, of which loaders may take the other one.
extension PyTorchReader {
    /// The parts of a tar archive's header (POSIX, `pax`: ustar interchange format).
    private static let tarHeader = (size: 512, checksum: 148..<156, magic: 257..<262)

    // MARK: - Tar archives

    /// PyTorch still loads these, and the pickles in them; it looks for them before it looks for pickles.
    mutating func noteTar(_ beginning: [UInt8]) {
        guard Self.isTar(beginning) else { return }
        imports.note(PickleImports.unexamined)
        note(.invalid("it is a tar archive, as PyTorch wrote them before 2017; its contents are not examined"))
    }

    /// Whether this is the first header of a tar archive. Old ones are known by their checksum alone: the sum of all
    /// bytes, with or without sign, with spaces in place of itself (CPython: Lib/tarfile.py, `TarInfo.frombuf`).
    private static func isTar(_ beginning: [UInt8]) -> Bool {
        guard beginning.count == tarHeader.size else { return false }
        if beginning[tarHeader.magic].elementsEqual("ustar".utf8) { return true }
        guard let checksum = tarNumber(beginning[tarHeader.checksum]) else { return false }
        let spaces = tarHeader.checksum.count * Int(UInt8(ascii: " "))
        let others = beginning[..<tarHeader.checksum.lowerBound] + beginning[tarHeader.checksum.upperBound...]
        return checksum == others.reduce(spaces) { $0 + Int($1) }
            || checksum == others.reduce(spaces) { $0 + Int(Int8(bitPattern: $1)) }
    }

    /// A number as Python reads it: octal digits, or as bytes where the first one says so.
    private static func tarNumber(_ field: ArraySlice<UInt8>) -> Int? {
        guard let first = field.first else { return nil }
        if first == 0x80 || first == 0xFF {
            let bytes = field.dropFirst()
            let number = bytes.reduce(0) { $0 << 8 | Int($1) }
            return first == 0x80 ? number : number - (1 << (8 * bytes.count))
        }
        // Python's `int` accepts more than digits: space around them, a sign, a prefix, and lines between them.
        func isSpace(_ byte: UInt8) -> Bool {
            byte == 0x20 || (0x09...0x0D).contains(byte) || (0x1C...0x1F).contains(byte)
        }
        let text = field.prefix { $0 != 0 }.filter { !isSpace($0) && $0 != UInt8(ascii: "_") }
        if text.isEmpty { return 0 }
        let digits = String(decoding: text, as: UTF8.self).replacing("0o", with: "0").replacing("0O", with: "0")
        return Int(digits, radix: 8)
    }

    // MARK: - Zip archives

    /// An archive may lie behind anything: `zipfile` and `torch.jit.load` look for its end only.
    mutating func noteArchiveAtEnd() throws {
        // Of files in an archive there may be many.
        guard depth == 0 || allowance.spend(ZipDirectory.tailSize(fileSize: fileSize) / 64) else {
            return imports.note(PickleImports.unexamined)
        }
        guard try ZipDirectory.isPresent(fileSize: fileSize, read: fetch) else { return }
        imports.note(PickleImports.unexamined)
        note(.invalid("a zip archive lies at its end"))
    }

    // MARK: - Other formats

    /// What a file that begins like one of another format would load if it were taken for a PyTorch file; nil when
    /// that is nothing. Throws only what `fetch` throws.
    mutating func readDisguise() throws -> PickleReport? {
        do {
            let beginning = try fetch(0, Int(min(fileSize, Self.beginningSize)))
            noteTar(beginning)
            if Self.mayBeginPickle(beginning) {
                var stream = stream(0..<fileSize)
                if try followPickle(&stream).fault == nil { try readTrailingPickles(&stream) }
            }
            try noteArchiveAtEnd()
        } catch is ModelFormatError {
            // The file became shorter; whoever reads the other format says so.
        }
        return imports.isEmpty ? nil : imports.report
    }

    /// False where Python stops at the first instruction: with values that are not there yet, names for what is
    /// elsewhere, or a version that it does not know. The lengths of safetensors headers look like some of these.
    private static func mayBeginPickle(_ beginning: [UInt8]) -> Bool {
        guard let first = beginning.first, let opcode = PickleOpcode(rawValue: first) else { return false }
        return switch opcode {
        case .put, .put1, .put4, .get, .get1, .get4, .persistentLine: false
        case .proto: beginning.count > 1 && beginning[1] <= PickleMachine.maximumProtocol
        default: true
        }
    }
}
