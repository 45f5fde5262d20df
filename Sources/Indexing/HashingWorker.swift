internal import Catalog
internal import Glibc
internal import Hashing
internal import LinuxSystem

/// What came of reading one file.
enum HashingOutcome: Sendable {
    /// `changed`: when the inode had last changed as the reading began.
    case digests(ContentDigests, ContentDescription, changed: Int64, seconds: Double)
    /// The file is not what the catalogue says: it has to be looked at again.
    case changed
    /// It is not at its path, perhaps because it moved.
    case absent
    case failed(String)
    /// Larger than the configuration wants to read.
    case tooLarge(String)
    case cancelled
}

/// Reads files one after the other on a thread of the idle class.
final class HashingWorker: Sendable {
    /// From 1 on.
    let number: Int
    let control = ReplaceableControl()

    /// - Parameters:
    ///   - take: the next file; nil ends the worker. Blocks until there is one.
    ///   - deliver: takes the outcome.
    init(
        number: Int, options: @escaping @Sendable () -> IndexingOptions,
        take: @escaping @Sendable (HashingWorker) -> HashJob?,
        deliver: @escaping @Sendable (HashingWorker, HashJob, HashingOutcome) -> Void
    ) throws(SystemError) {
        self.number = number
        _ = try SystemThread(name: "hash-\(number)") { [self] in
            SystemThread.makeCurrentIdle()
            let hasher = FileHasher()
            while let job = take(self) {
                deliver(self, job, Self.read(job, hasher: hasher, control: control.renew(), options: options()))
            }
        }
    }

    private static func read(
        _ job: HashJob, hasher: FileHasher, control: HashingControl, options: IndexingOptions
    ) -> HashingOutcome {
        if options.maximumFileSize > 0, job.size > options.maximumFileSize {
            return .tooLarge(
                "Not hashed: its \(job.size) bytes are more than hashing.max_file_size (\(options.maximumFileSize)).")
        }
        let began = MonotonicTime.now
        do {
            // Without O_NONBLOCK a pipe that took the file's place would hold the thread for ever.
            let file = try FileDescriptor.open(job.path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
            let before = try file.status()
            guard before.kind == .regular, before.size == job.size, before.modified == job.modified else {
                return .changed
            }
            // The same size and time on another inode is another file.
            guard before.inode == job.inode || !file.fileSystemType().hasLastingInodes else { return .changed }
            var look = FileInspector.inspect(file, size: job.size, path: job.path)
            let mark = job.path.parent.appending(job.path.name + FileNameRules.mark)
            if (try? FileStatus.of(mark)) != nil { look.noteAbandoned(mark: mark.name) }
            let plan = DigestPlan(
                size: UInt64(job.size), safetensorsHeaderSize: look.safetensorsHeaderSize,
                autoV3MaximumSize: UInt64(options.autoV3MaximumSize))
            let digests = try hasher.hash(file, path: job.path, plan: plan, control: control)
            let after = try file.status()
            guard after.size == before.size, after.modified == before.modified, after.inode == before.inode else {
                return .changed
            }
            let seconds = Double(MonotonicTime.now.since(began)) / 1e9
            return .digests(ContentDigests(digests), look.description, changed: before.changed, seconds: seconds)
        } catch let error as SystemError {
            return error.errno == .noEntry || error.errno == .notDirectory ? .absent : .failed("\(error)")
        } catch let error as HashingError {
            switch error {
            case .cancelled: return .cancelled
            case .changed: return .changed
            case .libraryFailure: return .failed("\(error)")
            }
        } catch {
            return .failed("\(error)")
        }
    }
}

extension ContentDigests {
    init(_ digests: Digests) {
        self.init(
            sha256: digests.sha256, autoV1: digests.autoV1, autoV2: digests.autoV2, autoV3: digests.autoV3,
            autoV3Full: digests.untruncatedAutoV3, crc32: digests.crc32)
    }
}
