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

    /// Throws `libraryFailure` when the cryptographic library offers no SHA-256.
    package init(plan: DigestPlan) throws(HashingError) {
        self.plan = plan
        whole = try SHA256Stream()
        sample = plan.hasAutoV1 ? try SHA256Stream() : nil
        tail = plan.autoV3Start != nil ? try SHA256Stream() : nil
    }

    /// Takes the next bytes of the file; nothing of them is copied or kept.
    @unsafe package func update(_ bytes: UnsafeRawBufferPointer) throws(HashingError) {
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + Self.pieceSize)
            try unsafe absorb(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
            start = end
        }
    }

    /// The digests, to be asked for once; throws `changed` when the bytes fed were not as many as the plan says.
    package func finish() throws(HashingError) -> Digests {
        guard offset == plan.size else { throw .changed(expectedSize: plan.size) }
        return Digests(
            sha256: try whole.finish(),
            autoV1: try sample?.finish().prefix(8).description,
            untruncatedAutoV3: try tail?.finish(),
            crc32: hexadecimal((0..<4).map { UInt8(truncatingIfNeeded: crc32 >> ($0 * 8)) }))
    }

    private func absorb(_ piece: UnsafeRawBufferPointer) throws(HashingError) {
        let range = offset..<(offset + UInt64(piece.count))
        try unsafe whole.update(piece)
        unsafe crc32 = libdeflate_crc32(crc32, piece.baseAddress, piece.count)
        if let sample, let part = unsafe Self.part(of: piece, at: range, in: DigestPlan.autoV1Range) {
            try unsafe sample.update(part)
        }
        if let tail, let start = plan.autoV3Start,
            let part = unsafe Self.part(of: piece, at: range, in: start..<UInt64.max)
        {
            try unsafe tail.update(part)
        }
        offset = range.upperBound
    }

    /// The bytes of a piece that lie in `wanted`; nil when there are none.
    private static func part(
        of piece: UnsafeRawBufferPointer, at range: Range<UInt64>, in wanted: Range<UInt64>
    ) -> UnsafeRawBufferPointer? {
        let common = range.clamped(to: wanted)
        guard !common.isEmpty else { return nil }
        let start = Int(common.lowerBound - range.lowerBound)
        return unsafe UnsafeRawBufferPointer(rebasing: piece[start..<(start + common.count)])
    }
}
