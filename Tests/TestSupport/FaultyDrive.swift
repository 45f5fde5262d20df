internal import CTestSupport
internal import Glibc
package import LinuxSystem
internal import Synchronization

/// A drive that has faults: a file system in one directory, mounted for everybody, whose server is a thread of the test
/// (fuse(4), linux/fuse.h).
///
/// Its files are made up, not stored. They are read past the page cache, and nothing that the server says of them is
/// kept by the kernel, so that it is asked each time.
package final class FaultyDrive: Sendable {
    /// What happens to those who read a file.
    package enum Fault: Sendable, Hashable {
        /// Whoever wants a byte from this offset on gets EIO.
        case fails(from: Int)
        /// Whoever wants a byte from this offset on waits until the fault is taken away.
        case hangs(from: Int)
        /// As soon as somebody wants a byte from this offset on, the file has only so many bytes, and a new time.
        case shrinks(from: Int, to: Int)
    }

    /// True where a drive can be mounted.
    package static let isPossible = Mounting.isPossible && (try? FileStatus.of(FilePath("/dev/fuse"))) != nil

    fileprivate struct State {
        var files: [DriveFile]
        /// What is not answered yet.
        var held: [DriveRequest] = []
        var mostReadsHeld = 0
        var isSilent = false
        var isOver = false
    }

    package let path: FilePath
    private let server: Int32
    private let guardian = Mutex<pid_t>(0)
    private let state: Mutex<State>
    private let condition = Condition()

    /// Mounts it on an existing directory.
    ///
    /// - Parameters:
    ///   - files: their names and sizes.
    ///   - type: as the mount table will show it; `fuse.sshfs` makes it a drive on a server.
    package init(
        _ path: FilePath, files: KeyValuePairs<String, Int>, type: String = "fuse", source: String = "kikod-test"
    ) throws {
        self.path = path
        state = Mutex(
            State(
                files: files.enumerated().map { index, file in
                    DriveFile(name: Array(file.key.utf8), inode: UInt64(index) + 2, size: file.value)
                }))
        server = try systemCall("open", "/dev/fuse") { unsafe open("/dev/fuse", O_RDWR | O_CLOEXEC) }
        do {
            let data = "fd=\(server),rootmode=40000,user_id=0,group_id=0"
            try systemCall("mount", path.description) {
                unsafe test_mount(source, path.description, type, 0, data)
            }
            _ = try SystemThread(name: "faulty-drive") { [self] in serve() }
        } catch {
            try? Mounting.unmount(path, lazily: true)
            close(server)
            throw error
        }
        condition.wait { guardian.withLock { $0 != 0 } }
    }

    // MARK: - Orders

    /// Gives a file a fault, or takes it away; who waited for it gets an answer then.
    package func setFault(_ fault: Fault?, of name: String) {
        change { state in
            guard let index = state.files.firstIndex(where: { $0.name == Array(name.utf8) }) else { return }
            state.files[index].fault = fault
        }
    }

    /// Lets the drive answer nothing at all, or goes on.
    package func setSilent(_ isSilent: Bool) { change { $0.isSilent = isSilent } }

    /// Takes the mount away; whoever waits for an answer gets an error. To be called in every case.
    package func end() {
        let process = guardian.withLock { guardian in
            defer { guardian = -1 }
            return guardian
        }
        guard process > 0 else { return }
        kill(process, SIGTERM)
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) == -1, errno == EINTR {}
    }

    private func change(_ body: (inout State) -> Void) {
        state.withLock { state in
            body(&state)
            let held = state.held
            state.held = []
            for request in held { answer(request, &state) }
        }
        condition.broadcast()
    }

    // MARK: - How it is

    /// Readings that wait for an answer now.
    package var readsHeld: Int { state.withLock { $0.readsHeld } }

    /// The most readings that ever waited at once.
    package var mostReadsHeld: Int { state.withLock { $0.mostReadsHeld } }

    /// Waits until so many readings wait for an answer; false when that takes too long. Blocks.
    package func waitUntil(readsHeld count: Int, milliseconds: Int = 60_000) -> Bool {
        condition.wait(until: .now.advanced(milliseconds: milliseconds)) { readsHeld == count }
    }

    /// The bytes of a file as it is now.
    package func content(of name: String) -> [UInt8] {
        state.withLock { $0.files.first { $0.name == Array(name.utf8) }?.bytes(from: 0, upTo: .max) } ?? []
    }

    // MARK: - The server

    private func serve() {
        let process = unsafe test_start_mount_guardian(path.description)
        guardian.withLock { $0 = process }
        condition.broadcast()
        var buffer = [UInt8](repeating: 0, count: 256 * 1024)
        while true {
            let count = unsafe read(server, &buffer, buffer.count)
            if count < 0, [EINTR, ENOENT, EAGAIN].contains(errno) { continue }
            guard count > 0, let request = DriveRequest(buffer[..<count]) else { break }
            state.withLock { answer(request, &$0) }
            condition.broadcast()
        }
        // The mount is gone.
        state.withLock { state in
            state.isOver = true
            state.held = []
            close(server)
        }
        condition.broadcast()
    }

    private func answer(_ request: DriveRequest, _ state: inout State) {
        guard !state.isOver else { return }
        var answer = state.isSilent && request.operation != FUSE_INIT ? .held : request.answer(&state.files)
        if request.operation == FUSE_FORGET || request.operation == FUSE_BATCH_FORGET { answer = .none }
        switch answer {
        case .none: break
        case .held:
            state.held.append(request)
            state.mostReadsHeld = max(state.mostReadsHeld, state.readsHeld)
        case .error(let number): reply(to: request, error: -number, [])
        case .bytes(let bytes): reply(to: request, error: 0, bytes)
        }
    }

    private func reply(to request: DriveRequest, error: Int32, _ bytes: [UInt8]) {
        let header = fuse_out_header(
            len: UInt32(MemoryLayout<fuse_out_header>.size + bytes.count), error: error, unique: request.unique)
        let message = rawBytes(header) + bytes
        // Who asked may have given up meanwhile.
        _ = unsafe message.withUnsafeBytes { unsafe write(server, $0.baseAddress, $0.count) }
    }
}

extension FaultyDrive.State {
    fileprivate var readsHeld: Int { held.count { $0.operation == FUSE_READ } }
}
