internal import Glibc

/// Where a command writes to.
package protocol OutputSink: AnyObject {
    /// Writes bytes; false when nobody reads them any more or they cannot be written.
    func write(_ bytes: [UInt8]) -> Bool

    /// Lets readers see what was written so far; false as for `write`.
    @discardableResult
    func flush() -> Bool
}

/// A descriptor of the process, written to in large pieces.
package final class DescriptorSink: OutputSink {
    private static let capacity = 64 << 10

    private let descriptor: Int32
    private var buffer: [UInt8] = []
    /// The error number of the write that failed; 0 while all is well. Nothing is written after a failure.
    package private(set) var failure: Int32 = 0

    /// Borrows the descriptor. SIGPIPE must be ignored, so that a closed pipe is an error and not a signal.
    package init(_ descriptor: Int32) { self.descriptor = descriptor }

    package func write(_ bytes: [UInt8]) -> Bool {
        guard failure == 0 else { return false }
        buffer += bytes
        return buffer.count < Self.capacity || flush()
    }

    /// Writes what is still in memory.
    @discardableResult
    package func flush() -> Bool {
        var rest = buffer[...]
        while failure == 0, !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                failure = errno
            }
        }
        buffer.removeAll(keepingCapacity: true)
        return failure == 0
    }
}

/// Keeps what is written; for tests.
package final class MemorySink: OutputSink {
    private var bytes: [UInt8] = []

    /// What was written so far.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    package init() {}

    package func write(_ bytes: [UInt8]) -> Bool {
        self.bytes += bytes
        return true
    }

    package func flush() -> Bool { true }
}
