internal import JSON

/// What was understood of a safetensors file, and what is wrong with it.
package struct SafetensorsInspection: Sendable {
    /// The longest header that the format's reference implementation reads.
    static let maximumHeaderSize: UInt64 = 100_000_000
    /// The longest header that is read here, within a tenth of a second: what the Hub's own library reads
    /// (huggingface/huggingface_hub: constants.py, SAFETENSORS_MAX_HEADER_LENGTH). That of DeepSeek V3, were it a single
    /// file, would have 12 MB.
    static let longestReadHeader: UInt64 = 25_000_000
    /// Bytes before the header: its length, least significant byte first.
    private static let lengthSize = 8

    /// Bytes of JSON as the file claims; nil when no header can have so many.
    package private(set) var headerSize: UInt64?
    /// nil when the header could not be read to its end.
    package private(set) var header: SafetensorsHeader?
    /// The first thing found wrong; nil for a valid, complete file.
    package private(set) var problem: ModelFormatError?

    package var isValid: Bool { header != nil && problem == nil }

    /// Reads the header of a file of `fileSize` bytes, in chunks and with bounded memory, whatever it claims.
    ///
    /// - Parameters:
    ///   - read: returns `count` bytes at `offset`, fewer only where the file ends; asked for at most 64 KiB at a time.
    ///   - visit: is shown each well described tensor in the order of the header.
    /// - Throws: only what `read` and `visit` throw; what is wrong with the file is `problem`.
    package init(
        fileSize: UInt64, read: (_ offset: UInt64, _ count: Int) throws -> [UInt8],
        visit: ((SafetensorsTensor) throws -> Void)? = nil
    ) throws {
        guard let size = try readHeaderSize(fileSize, read) else { return }
        headerSize = size
        let end = size + UInt64(Self.lengthSize)
        guard end <= fileSize else {
            problem = ModelFormatError(
                .incomplete(promised: end),
                "the header claims to have \(size) bytes, but the whole file has only \(fileSize)")
            return
        }
        guard size <= Self.longestReadHeader else {
            problem = .invalid("the header has \(size) bytes; kikod reads at most \(Self.longestReadHeader)")
            return
        }
        try withoutActuallyEscaping(read) { read in
            let text = TextStream(range: UInt64(Self.lengthSize)..<end, fetch: read)
            var reader = SafetensorsReader(JSONTokenizer(text), visit: visit)
            do {
                let header = try reader.read(headerSize: size)
                self.header = header
                problem = reader.problem ?? Self.problem(with: header, fileSize)
            } catch let error as ModelFormatError {
                problem = error
            } catch let error as JSONError {
                problem = ModelFormatError(error)
            }
        }
    }

    /// The header's length when header and file can be what they should; otherwise `problem` is set.
    private mutating func readHeaderSize(
        _ fileSize: UInt64, _ read: (UInt64, Int) throws -> [UInt8]
    ) throws -> UInt64? {
        guard fileSize > 0 else {
            problem = ModelFormatError(.empty, "the file is empty")
            return nil
        }
        let start = try read(0, Int(min(fileSize, 32)))
        guard start.count >= Self.lengthSize else {
            problem = .invalid(
                "the file has only \(start.count) bytes, fewer than the \(Self.lengthSize) of the header's length")
            return nil
        }
        let size = start.prefix(Self.lengthSize).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let beginsLikeHeader = start.count == Self.lengthSize || start[Self.lengthSize] == UInt8(ascii: "{")
        if size > Self.maximumHeaderSize || !beginsLikeHeader, let impostor = FirstBytes.impostor(start) {
            problem = .invalid("this is not a safetensors file but \(impostor)")
        } else if size > Self.maximumHeaderSize {
            problem = .invalid(
                "the header claims to have \(size) bytes (the file has \(fileSize)); "
                    + "more than \(Self.maximumHeaderSize) are not allowed")
        } else if size == 0 {
            problem = .invalid("the header is empty")
        } else if !beginsLikeHeader {
            problem = .invalid("the header is not JSON: it does not begin with “{” at byte \(Self.lengthSize)")
        } else {
            return size
        }
        return nil
    }

    private static func problem(with header: SafetensorsHeader, _ fileSize: UInt64) -> ModelFormatError? {
        let promised = header.promisedFileSize
        if fileSize < promised {
            return ModelFormatError(
                .incomplete(promised: promised),
                "the file has \(fileSize) bytes, but its header promises \(promised)")
        }
        if fileSize > promised {
            return .invalid("the file goes on for \(fileSize - promised) bytes after its last tensor")
        }
        return nil
    }
}
