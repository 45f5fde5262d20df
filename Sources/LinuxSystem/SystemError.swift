internal import Glibc

/// A code of errno(3). A struct and not an enum, since a kernel may answer with any number.
package struct Errno: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    package let rawValue: Int32

    package init(rawValue: Int32) { self.rawValue = rawValue }

    /// The calling thread's errno.
    package static var current: Errno { Errno(rawValue: Glibc.errno) }

    package static let accessDenied = Errno(rawValue: EACCES)
    package static let addressInUse = Errno(rawValue: EADDRINUSE)
    package static let again = Errno(rawValue: EAGAIN)
    package static let connectionRefused = Errno(rawValue: ECONNREFUSED)
    package static let crossDevice = Errno(rawValue: EXDEV)
    package static let exists = Errno(rawValue: EEXIST)
    package static let interrupted = Errno(rawValue: EINTR)
    package static let invalidArgument = Errno(rawValue: EINVAL)
    package static let nameTooLong = Errno(rawValue: ENAMETOOLONG)
    package static let noEntry = Errno(rawValue: ENOENT)
    package static let noSpace = Errno(rawValue: ENOSPC)
    package static let notDirectory = Errno(rawValue: ENOTDIR)
    package static let notPermitted = Errno(rawValue: EPERM)
    package static let notSupported = Errno(rawValue: EOPNOTSUPP)
    package static let tooManyLinks = Errno(rawValue: ELOOP)

    /// The C library's sentence for the code.
    package var description: String {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let base = buffer.baseAddress, unsafe strerror_r(rawValue, base, 256) == 0 else {
                return "error \(rawValue)"
            }
            return unsafe String(cString: base)
        }
    }
}

/// A system call that failed: which one, on what, and why.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    package let errno: Errno
    /// The name of the system call or library function.
    package let call: String
    /// The path or other thing that the call was about, as shown to people.
    package let subject: String?

    package init(_ errno: Errno, call: String, subject: String? = nil) {
        self.errno = errno
        self.call = call
        self.subject = subject
    }

    package var description: String {
        guard let subject else { return "\(call): \(errno)" }
        return "\(subject): \(errno) (\(call))"
    }
}

/// Runs a system call until it is not interrupted by a signal, and turns -1 into a `SystemError`.
@discardableResult
package func systemCall<Result: SignedInteger>(
    _ name: String, _ subject: @autoclosure () -> String? = nil, _ body: () -> Result
) throws(SystemError) -> Result {
    while true {
        let result = body()
        if result != -1 { return result }
        let errno = Errno.current
        if errno != .interrupted { throw SystemError(errno, call: name, subject: subject()) }
    }
}
