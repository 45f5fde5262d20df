internal import Glibc

/// A way to a Unix socket that fits into `sun_path` (108 bytes with the NUL, unix(7)): the path itself or, for a
/// longer one, the socket's entry in /proc/self/fd, which lasts as long as this object.
final class ShortSocketPath {
    private static let longest = 107
    /// O_PATH (asm-generic/fcntl.h), which Swift's Glibc module does not show: needs no right to read the file.
    private static let openPath: Int32 = 0o10_000_000

    /// NUL-terminated.
    let text: [CChar]
    private let descriptor: Int32

    init(_ path: [UInt8]) throws(HTTPClientError) {
        guard !path.isEmpty, !path.contains(0) else {
            throw HTTPClientError(.invalidRequest, "The path of a socket is neither empty nor contains a NUL byte.")
        }
        let terminated = path.map { CChar(bitPattern: $0) } + [0]
        guard path.count > Self.longest else {
            text = terminated
            descriptor = -1
            return
        }
        descriptor = unsafe terminated.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return -1 }
            return unsafe open(start, Self.openPath | O_CLOEXEC)
        }
        let number = errno
        guard descriptor >= 0 else {
            throw HTTPClientError(.cannotConnect, errno: number, systemMessage(number))
        }
        text = "/proc/self/fd/\(descriptor)".utf8CString.map { $0 }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }
}

/// The C library's sentence for an error number.
func systemMessage(_ number: Int32) -> String {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
        guard let start = buffer.baseAddress, unsafe strerror_r(number, start, 256) == 0 else {
            return "error \(number)"
        }
        return unsafe String(cString: start)
    }
}
