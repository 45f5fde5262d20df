internal import Catalog
internal import Glibc
internal import Hashing
internal import LinuxSystem
internal import ModelFormats
internal import Synchronization

/// What came of reading one file.
enum HashingOutcome: Sendable {
    case digests(ContentDigests, ContentDescription, ReadingCircumstances, seconds: Double)
    /// The file is not what the catalogue says: it has to be looked at again.
    case changed
    /// It is not at its path, perhaps because it moved.
    case absent
    case failed(String)
    /// Larger than the configuration wants to read.
    case tooLarge(String)
    case cancelled
}

/// The reading of one file of the catalogue: only of the very file that the catalogue means.
final class FileReading: FileToHash {
    /// Why the reading came to nothing.
    private enum Failure: Error {
        case changed
        case tooLarge(String)
    }

    private struct State {
        /// How the file was before its first byte.
        var before: FileStatus?
        /// When its inode had last changed before its first byte and after its last, where that says anything.
        var changes: (before: Int64, after: Int64)?
        /// Until when nobody is asked about what it holds.
        var lookupNotBefore: Int64?
        var look: FileInspector.Result?
        var message: String?
    }

    let job: HashJob
    let control = HashingControl()
    let drive: KnownDrive
    private let options: IndexingOptions
    private let began = MonotonicTime.now
    private let state = Mutex(State())
    private let isFree = Atomic(false)
    private let hasLetGo: @Sendable (FileReading) -> Void

    init(
        _ job: HashJob, on drive: KnownDrive, options: IndexingOptions, letGo: @escaping @Sendable (FileReading) -> Void
    ) {
        self.job = job
        self.drive = drive
        self.options = options
        hasLetGo = letGo
    }

    var path: FilePath { job.path }
    var size: Int64 { job.size }
    var meter: DriveMeter { drive.meter }

    /// True when no thread makes a call for the file any more. No lock: who asks holds that of the whole service.
    var hasBeenLetGo: Bool {
        get { isFree.load(ordering: .relaxed) }
        set { isFree.store(newValue, ordering: .relaxed) }
    }

    /// Gives the file up, with the reason that becomes its error.
    func giveUp(_ message: String) {
        state.withLock { $0.message = message }
        control.cancel()
    }

    // MARK: - On the reading thread

    func open() throws -> FileDescriptor {
        if options.maximumFileSize > 0, job.size > options.maximumFileSize {
            throw Failure.tooLarge(
                "Not hashed: its \(job.size) bytes are more than hashing.max_file_size (\(options.maximumFileSize)).")
        }
        // Without O_NONBLOCK a pipe that took the file's place would hold the thread for ever.
        return try FileDescriptor.open(job.path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
    }

    func plan(_ file: borrowing FileDescriptor) throws -> DigestPlan {
        let before = try file.status()
        guard before.kind == .regular, before.size == job.size, before.modified == job.modified else {
            throw Failure.changed
        }
        // The same size and time on another inode is another file.
        guard before.inode == job.inode || !file.fileSystemType().hasLastingInodes else { throw Failure.changed }
        var look = FileInspector.inspect(file, size: job.size, path: job.path, others: otherParts())
        let mark = job.path.parent.appending(job.path.name + FileNameRules.mark)
        if (try? FileStatus.of(mark)) != nil { look.noteAbandoned(mark: mark.name) }
        state.withLock { [look] state in
            state.before = before
            state.look = look
        }
        return DigestPlan(
            size: UInt64(job.size), safetensorsHeaderSize: look.safetensorsHeaderSize,
            autoV3MaximumSize: UInt64(options.autoV3MaximumSize), blake3: options.blake3)
    }

    /// The tensors of the other parts, where the file is a part of a model.
    private func otherParts() -> TensorTable {
        let name = job.path.name
        guard let part = PartName(name),
            let directory = try? FileDescriptor.open(job.path.parent, O_RDONLY | O_DIRECTORY)
        else { return TensorTable() }
        return FileInspector.tensors(ofParts: part.allNames, in: directory.number)
    }

    func check(_ file: borrowing FileDescriptor) throws {
        let after = try file.status()
        guard let before = state.withLock({ $0.before }), after.size == before.size, after.modified == before.modified,
            after.inode == before.inode
        else { throw Failure.changed }
        let now = WallClock.now
        let quietAt = after.modified.addingReportingOverflow(Self.quietTime)
        if quietAt.overflow || quietAt.partialValue > now, file.isOpenForWriting() != false {
            // A time that lies ahead says nothing of when it was written.
            let moment = quietAt.overflow ? now + Self.quietTime : min(quietAt.partialValue, now + Self.quietTime)
            state.withLock { $0.lookupNotBefore = moment }
        }
        // An edit that puts the time back leaves a trace there; a chmod does too, so the digest is kept, in doubt.
        guard file.fileSystemType().hasLastingInodes else { return }
        state.withLock { $0.changes = (before.changed, after.changed) }
    }

    /// A file that nobody is known to have closed counts as finished when nothing was written for so long.
    private static let quietTime: Int64 = 60_000_000_000

    func letGo() { hasLetGo(self) }

    // MARK: - The outcome

    /// What the result of the reading means for the catalogue.
    func outcome(of result: Result<Digests, any Error>) -> HashingOutcome {
        let (changes, lookupNotBefore, look, message) = state.withLock {
            ($0.changes, $0.lookupNotBefore, $0.look, $0.message)
        }
        switch result {
        case .success(let digests):
            guard let look else { return .changed }
            let seconds = Double(MonotonicTime.now.since(began)) / 1e9
            let reading = ReadingCircumstances(
                changedBefore: changes?.before, changedAfter: changes?.after, asked: options.wantedDigests,
                lookupNotBefore: lookupNotBefore)
            return .digests(ContentDigests(digests), look.description, reading, seconds: seconds)
        case .failure(let error as SystemError):
            let isAbsent = error.errno == .noEntry || error.errno == .notDirectory
            return isAbsent ? .absent : .failed("\(error)")
        case .failure(Failure.changed), .failure(HashingError.changed): return .changed
        case .failure(Failure.tooLarge(let message)): return .tooLarge(message)
        case .failure(HashingError.cancelled): return message.map { .failed($0) } ?? .cancelled
        case .failure(let error): return .failed("\(error)")
        }
    }
}

extension ContentDigests {
    fileprivate init(_ digests: Digests) {
        self.init(
            sha256: digests.sha256, autoV1: digests.autoV1, autoV2: digests.autoV2, autoV3: digests.autoV3,
            autoV3Full: digests.untruncatedAutoV3, crc32: digests.crc32, blake3: digests.blake3)
    }
}
