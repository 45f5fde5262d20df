/// Why a file has no digests, other than a failed system call.
package enum HashingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// `HashingControl.cancel()` was called.
    case cancelled
    /// The file was not as long as expected: it ended or went on at another byte.
    case changed(expectedSize: UInt64)
    /// The cryptographic library refused; the name of its function.
    case libraryFailure(String)

    package var description: String {
        switch self {
        case .cancelled: "hashing was cancelled"
        case .changed(let size): "the file changed while it was read (it had \(size) bytes before)"
        case .libraryFailure(let function): "\(function) of the OpenSSL library failed"
        }
    }
}
