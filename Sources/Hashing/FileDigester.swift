internal import CDeflate

/// Computes all digests of a file in one pass over its bytes, which are fed in order.
package final class FileDigester {
    /// Every digest takes a piece while it is in the core's own cache.
    private static let pieceSize = 128 * 1024

    private let plan: DigestPlan
    private var offset: UInt64 = 0
    private var crc32: UInt32 = 0
    private let whole: SHA256Stream
    private let sample: SHA256Stream?
    private let tail: SHA256Stream?
    private let blake3: BLAKE3Stream?

    /// Throws `libraryFailure` when the cryptographic library offers no SHA-256.
    package convenience init(plan: DigestPlan) throws(HashingError) {
        try self.init(plan: plan, engine: SHA256Stream.Engine.available[0])
    }

    /// For tests: another engine than the fastest.
    init(plan: DigestPlan, engine: SHA256Stream.Engine) throws(HashingError) {
        self.plan = plan
        whole = try SHA256Stream(engine: engine)
        sample = plan.hasAutoV1 ? try SHA256Stream(engine: engine) : nil
        tail = plan.autoV3Start != nil ? try SHA256Stream(engine: engine) : nil
        blake3 = plan.blake3 ? BLAKE3Stream() : nil
    }

    /// Takes the next bytes of the file; nothing of them is kept.
    ///
    /// Throws `libraryFailure` when the cryptographic library refuses, and `changed` beyond 2^64 bytes.
    @unsafe package func update(_ bytes: UnsafeRawBufferPointer) throws(HashingError) {
        var rest = unsafe bytes
        while let piece = unsafe Self.takePiece(Self.pieceSize, of: &rest) {
            try unsafe SHA256Feed.run(feeds(piece))
            try unsafe absorb(piece)
        }
    }

    /// Takes the next bytes of two different files, best equally many of both: together they take less time than one
    /// after the other.
    ///
    /// Throws as `update` of one file does; then neither has digests.
    @unsafe package static func update(
        _ first: FileDigester, _ firstBytes: UnsafeRawBufferPointer,
        _ second: FileDigester, _ secondBytes: UnsafeRawBufferPointer
    ) throws(HashingError) {
        precondition(first !== second, "one file cannot take two blocks at once")
        var firstRest = unsafe firstBytes
        var secondRest = unsafe secondBytes
        while true {
            let size = min(pieceSize / 2, firstRest.count, secondRest.count)
            guard let piece = unsafe takePiece(size, of: &firstRest),
                let other = unsafe takePiece(size, of: &secondRest)
            else { break }
            try unsafe SHA256Feed.run(first.feeds(piece) + second.feeds(other))
            try unsafe first.absorb(piece)
            try unsafe second.absorb(other)
        }
        try unsafe first.update(firstRest)
        try unsafe second.update(secondRest)
    }

    /// The digests, to be asked for once; throws `changed` when the bytes fed were not as many as the plan says, and
    /// `libraryFailure` when the cryptographic library refuses.
    package func finish() throws(HashingError) -> Digests {
        guard offset == plan.size else { throw .changed(expectedSize: plan.size) }
        return Digests(
            sha256: try whole.finish(),
            autoV1: try sample?.finish().prefix(8).description,
            untruncatedAutoV3: try tail?.finish(),
            crc32: hexadecimal((0..<4).map { UInt8(truncatingIfNeeded: crc32 >> ($0 * 8)) }),
            blake3: blake3?.finish())
    }

    /// The next bytes, at most `size`; nil when there are none.
    private static func takePiece(_ size: Int, of rest: inout UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        let piece = unsafe UnsafeRawBufferPointer(rebasing: rest.prefix(size))
        unsafe rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(size))
        return unsafe piece.isEmpty ? nil : piece
    }

    /// What the SHA-256 streams take of the piece at `offset`.
    private func feeds(_ piece: UnsafeRawBufferPointer) -> [SHA256Feed] {
        var feeds = unsafe [SHA256Feed(stream: whole, rest: piece)]
        if let tail, let start = plan.autoV3Start {
            unsafe feeds.append(SHA256Feed(stream: tail, rest: part(of: piece, in: start..<UInt64.max)))
        }
        if let sample {
            unsafe feeds.append(SHA256Feed(stream: sample, rest: part(of: piece, in: DigestPlan.autoV1Range)))
        }
        return unsafe feeds
    }

    /// The other digests of the piece at `offset`, which then is behind it.
    private func absorb(_ piece: UnsafeRawBufferPointer) throws(HashingError) {
        unsafe crc32 = libdeflate_crc32(crc32, piece.baseAddress, piece.count)
        unsafe blake3?.update(piece)
        let (end, overflow) = offset.addingReportingOverflow(UInt64(piece.count))
        guard !overflow else { throw .changed(expectedSize: plan.size) }
        offset = end
    }

    /// The bytes of the piece at `offset` that lie in `wanted`.
    private func part(of piece: UnsafeRawBufferPointer, in wanted: Range<UInt64>) -> UnsafeRawBufferPointer {
        let (end, overflow) = offset.addingReportingOverflow(UInt64(piece.count))
        let common = (offset..<(overflow ? .max : end)).clamped(to: wanted)
        guard !common.isEmpty else { return unsafe UnsafeRawBufferPointer(start: nil, count: 0) }
        let start = Int(common.lowerBound - offset)
        return unsafe UnsafeRawBufferPointer(rebasing: piece[start..<(start + common.count)])
    }
}
