/// One incremental SHA-256.
///
/// This is the seam behind which the engines lie: nothing else here knows OpenSSL or the CPU.
final class SHA256Stream {
    /// What computes the digest.
    enum Engine {
        case interleaved
        case openSSL

        /// Those that run on this CPU, the fastest first.
        static let available: [Engine] = InterleavedSHA256.isAvailable ? [.interleaved, .openSSL] : [.openSSL]
    }

    private enum Implementation {
        case interleaved(InterleavedSHA256)
        case openSSL(OpenSSLSHA256)
    }

    private let implementation: Implementation

    /// Throws `libraryFailure` when OpenSSL offers no SHA-256. The engine is one of `Engine.available`.
    init(engine: Engine = Engine.available[0]) throws(HashingError) {
        switch engine {
        case .interleaved: implementation = .interleaved(InterleavedSHA256())
        case .openSSL: implementation = .openSSL(try OpenSSLSHA256())
        }
    }

    /// Throws `libraryFailure` when OpenSSL refuses.
    @unsafe func update(_ bytes: UnsafeRawBufferPointer) throws(HashingError) {
        switch implementation {
        case .interleaved(let stream): unsafe stream.update(bytes)
        case .openSSL(let stream): try unsafe stream.update(bytes)
        }
    }

    /// Feeds two different streams at once, each with bytes of its own length, which may overlap the other's.
    @unsafe static func update(
        _ first: SHA256Stream, _ firstBytes: UnsafeRawBufferPointer,
        _ second: SHA256Stream, _ secondBytes: UnsafeRawBufferPointer
    ) throws(HashingError) {
        if case .interleaved(let one) = first.implementation, case .interleaved(let other) = second.implementation {
            unsafe InterleavedSHA256.update(one, firstBytes, other, secondBytes)
        } else {
            try unsafe first.update(firstBytes)
            try unsafe second.update(secondBytes)
        }
    }

    /// The digest as 64 lower-case hexadecimal digits; throws `libraryFailure` when OpenSSL refuses.
    ///
    /// The stream takes no more bytes after it.
    func finish() throws(HashingError) -> String {
        switch implementation {
        case .interleaved(let stream): hexadecimal(stream.finish())
        case .openSSL(let stream): hexadecimal(try stream.finish())
        }
    }
}
