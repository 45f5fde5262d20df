internal import Glibc

/// What a process was started with, as text that tells every byte: bytes that are not UTF-8 stand as `escapedText` shows
/// them, so that any path can be named.
package enum StartingConditions {
    /// The arguments without the program's name.
    package static var arguments: [String] {
        let vector = unsafe CommandLine.unsafeArgv
        return (1..<max(1, Int(CommandLine.argc))).compactMap { index in
            unsafe vector[index].map { escapedText(unsafe bytes($0)) }
        }
    }

    /// The value of an environment variable; nil when it is not set.
    package static func variable(_ name: String) -> String? {
        unsafe getenv(name).map { escapedText(unsafe bytes($0)) }
    }

    /// The working directory, the root where it cannot be told.
    package static var workingDirectory: FilePath {
        guard let text = unsafe getcwd(nil, 0) else { return .root }
        defer { unsafe free(text) }
        return unsafe FilePath(bytes: bytes(text)) ?? .root
    }

    private static func bytes(_ text: UnsafePointer<CChar>) -> [UInt8] {
        unsafe UnsafeBufferPointer(start: text, count: strlen(text)).map { UInt8(bitPattern: $0) }
    }
}

extension FilePath {
    /// The path that `escapedText` shows as `text`: `\xNN` is a byte where bytes that are not UTF-8 are shown, and as it
    /// stands everywhere else. Cut at the first NUL.
    package init(escaped text: String) {
        self = unescapedBytes(text).flatMap { FilePath(bytes: $0) } ?? FilePath(text)
    }
}
