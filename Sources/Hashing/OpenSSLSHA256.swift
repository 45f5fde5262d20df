internal import CCrypto

/// One incremental SHA-256 of OpenSSL: the reference, and what every CPU has.
@safe final class OpenSSLSHA256 {
    private let context: OpaquePointer

    init() throws(HashingError) {
        guard let context = unsafe EVP_MD_CTX_new() else { throw .libraryFailure("EVP_MD_CTX_new") }
        guard unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            unsafe EVP_MD_CTX_free(context)
            throw .libraryFailure("EVP_DigestInit_ex")
        }
        unsafe self.context = context
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    @unsafe func update(_ bytes: UnsafeRawBufferPointer) throws(HashingError) {
        guard unsafe EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1 else {
            throw .libraryFailure("EVP_DigestUpdate")
        }
    }

    /// The 32 bytes of the digest.
    func finish() throws(HashingError) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        let done = unsafe digest.withUnsafeMutableBufferPointer { buffer in
            unsafe EVP_DigestFinal_ex(context, buffer.baseAddress, nil)
        }
        guard done == 1 else { throw .libraryFailure("EVP_DigestFinal_ex") }
        return digest
    }
}
