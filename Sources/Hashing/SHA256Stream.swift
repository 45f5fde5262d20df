internal import CCrypto

/// One incremental SHA-256.
///
/// This is the seam behind which the digest engine lies: nothing else here knows OpenSSL.
@safe final class SHA256Stream {
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

    func update(_ bytes: UnsafeRawBufferPointer) throws(HashingError) {
        guard unsafe EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1 else {
            throw .libraryFailure("EVP_DigestUpdate")
        }
    }

    /// The digest as 64 lower-case hexadecimal digits. The stream takes no more bytes after it.
    func finish() throws(HashingError) -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        let done = unsafe digest.withUnsafeMutableBufferPointer { buffer in
            unsafe EVP_DigestFinal_ex(context, buffer.baseAddress, nil)
        }
        guard done == 1 else { throw .libraryFailure("EVP_DigestFinal_ex") }
        return hexadecimal(digest)
    }
}

/// Two lower-case digits a byte.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}
