import Glibc
import TestSupport
import Testing

@testable import LinuxSystem

@Suite struct UnixSocketTests {
    private func permissions(_ path: FilePath) throws -> UInt32 {
        try FileStatus.of(path, followLinks: false).mode & 0o7777
    }

    @Test(arguments: [0o600, 0o660, 0o666] as [UInt32])
    func permissionsAreExactlyThoseAskedFor(_ mode: UInt32) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("socket")
            let listener = try UnixSocket.listen(at: path, mode: mode)
            #expect(try permissions(path) == mode)
            _ = listener
        }
    }

    @Test func bindNeverGivesMoreThanTheSocketItselfHas() async throws {
        try await withTemporaryDirectory { directory throws in
            // What `listen` relies on: the file has its narrow permissions when bind(2) makes it, before chmod(2).
            let path = directory.appending("socket")
            let number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(number) }
            #expect(fchmod(number, 0) == 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.bytes) }
            let copy = address
            let result = unsafe withUnsafePointer(to: copy) { pointer in
                unsafe UnsafeRawPointer(pointer).withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe bind(number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            #expect(result == 0)
            #expect(try permissions(path) == 0)
        }
    }

    @Test(arguments: [1, 60, 106, 107, 108, 109, 200, 1000])
    func pathsOfAnyLengthWork(_ length: Int) async throws {
        try await withTemporaryDirectory { directory in
            var path = directory
            while path.bytes.count + 3 < length {
                path = path.appending(String(repeating: "d", count: min(100, length - path.bytes.count - 3)))
            }
            try makeDirectory(path)
            path = path.appending("s")
            let listener = try UnixSocket.listen(at: path, mode: 0o600)
            let connection = try UnixSocket.connect(to: path)
            let peer = try PeerCredentials.of(socket: connection.number)
            #expect(peer == PeerCredentials(process: getpid(), user: getuid(), group: getgid()))
            #expect(try permissions(path) == 0o600)
            listener.file.remove()
            #expect(try directoryNames(path.parent) == [])
        }
    }

    @Test func nameThatFillsTheAddressAloneIsAnError() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending(String(repeating: "n", count: 120))
            #expect { _ = try UnixSocket.listen(at: path, mode: 0o600) } throws: { error in
                guard case .system(let error)? = error as? UnixSocketError else { return false }
                return error.errno == .nameTooLong
            }
        }
    }

    @Test func staleSocketIsReplaced() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("socket")
            // Ends with the scope, and leaves its file as a killed process does.
            do { _ = try UnixSocket.listen(at: path, mode: 0o600) }
            // A child that another test has just begun holds all sockets of this process, until it is another program.
            let deadline = MonotonicTime.now.advanced(milliseconds: 60_000)
            while (try? UnixSocket.connect(to: path)) != nil { try #require(MonotonicTime.now < deadline) }
            let listener = try UnixSocket.listen(at: path, mode: 0o600)
            _ = try UnixSocket.connect(to: path)
            _ = listener
        }
    }

    @Test func secondListenerIsToldWhoHoldsTheSocket() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("socket")
            let listener = try UnixSocket.listen(at: path, mode: 0o600)
            #expect(throws: UnixSocketError.inUse(path, process: getpid())) {
                _ = try UnixSocket.listen(at: path, mode: 0o600)
            }
            let name = try #require(processName(getpid()))
            let message = UnixSocketError.inUse(path, process: getpid()).description
            #expect(message == "\(path): process \(getpid()) (\(name)) listens here already")
            _ = try UnixSocket.connect(to: path)
            _ = listener
        }
    }

    @Test func listenerWithAFullQueueIsNotStale() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("socket")
            let listener = try UnixSocket.listen(at: path, mode: 0o600, backlog: 0)
            let first = try UnixSocket.connect(to: path)
            #expect(throws: UnixSocketError.inUse(path, process: nil)) {
                _ = try UnixSocket.listen(at: path, mode: 0o600)
            }
            _ = listener
            _ = first
        }
    }

    @Test func whatIsNoSocketIsNeverRemoved() async throws {
        try await withTemporaryDirectory { directory in
            let file = directory.appending("file")
            try writeFile(file, "precious")
            let link = directory.appending("link")
            try makeSymbolicLink(link, to: directory.appending("nothing"))
            for path in [file, link, directory] {
                #expect(throws: UnixSocketError.notASocket(path)) { _ = try UnixSocket.listen(at: path, mode: 0o600) }
            }
            #expect(try readFile(file, limit: 100) == Array("precious".utf8))
            #expect(try directoryNames(directory).count == 2)
        }
    }

    @Test func socketOfASuccessorIsNotRemoved() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("socket")
            let first = try UnixSocket.listen(at: path, mode: 0o600)
            removeFile(path)
            let second = try UnixSocket.listen(at: path, mode: 0o600)
            first.file.remove()
            _ = try UnixSocket.connect(to: path)
            second.file.remove()
            #expect(try directoryNames(directory) == [])
        }
    }
}
