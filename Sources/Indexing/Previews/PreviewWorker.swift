internal import Catalog
internal import CivitAI
internal import LinuxSystem
internal import Logging
internal import ModelFormats
internal import Synchronization

/// The thread of a `PreviewService`. Used by one thread only.
final class PreviewWorker {
    /// Larger images of this width are none.
    private static let maximumSize = 4 << 20
    /// So many are looked for at once.
    private static let previewsAtOnce = 50
    /// A look for work goes over all that is linked: it is repeated after so long at the earliest, and so many times what it
    /// took.
    private static let pauseTime: Int64 = 1_000_000_000
    private static let pauseFactor: Int64 = 50

    private let service: PreviewService
    private var settings: PreviewSettings
    private var settingsGeneration = -1
    private var client: ImageClient?
    private var pacing: HostPacing
    private var due: [DuePreview] = []
    /// Nanoseconds that the last look for work took.
    private var timeOfLook: Int64 = 0
    /// Directories in which nothing can be written, so that it is told once of each; there are no more of them than in the
    /// catalogue.
    private var refusals: Set<FilePath> = []
    private let refusalBudget = LogBudget(limit: 20, perMinutes: 60)

    init(_ service: PreviewService) {
        self.service = service
        settings = service.state.withLock { $0.settings }
        pacing = HostPacing(requestsPerSecond: settings.requestsPerSecond)
    }

    private var indexer: Indexer { service.indexer }

    func run() {
        while !service.state.withLock({ $0.isStopping }) {
            let generation = indexer.generation
            do {
                try takeSettings()
                guard settings.mode != .off, let client else {
                    pause(.max)
                    continue
                }
                let now = WallClock.now
                let earliest = pacing.earliest(now: now)
                if earliest > now {
                    pause(earliest - now)
                } else if let preview = try next(now: now) {
                    try fetch(preview, client)
                } else {
                    try rest(after: generation, now: now)
                }
            } catch {
                indexer.logger.warning("previews: \(error)")
                pause(60_000_000_000)
            }
        }
    }

    // MARK: - Waiting

    private func pause(_ nanoseconds: Int64) {
        let known = settingsGeneration
        service.changed.wait(until: .now.advanced(nanoseconds: max(0, nanoseconds))) {
            service.state.withLock { $0.isStopping || $0.settingsGeneration != known }
        }
    }

    private func rest(after generation: Int, now: Int64) throws {
        let time = Timestamp.text(nanoseconds: now)
        let next = try indexer.catalog.read { try $0.nextPreviewTime(after: time) }.flatMap(Timestamp.nanoseconds)
        let deadline = next.map { MonotonicTime.now.advanced(nanoseconds: max(0, $0 - now)) } ?? .distantFuture
        _ = indexer.waitForChange(after: generation, until: deadline)
        pause(max(Self.pauseTime, timeOfLook * Self.pauseFactor))
    }

    private func takeSettings() throws {
        let (settings, generation) = service.state.withLock { ($0.settings, $0.settingsGeneration) }
        guard generation != settingsGeneration else { return }
        // First of all, and again if it fails: what is above the level is not shown any more.
        let level = settings.maximumLevel
        service.cache.remove(try indexer.catalog.write { try $0.forgetPreviews(aboveLevel: level) })
        self.settings = settings
        settingsGeneration = generation
        due = []
        pacing.setRate(settings.requestsPerSecond)
        client =
            settings.mode == .off
            ? nil
            : try ImageClient(
                userAgent: settings.userAgent, timeoutMilliseconds: settings.timeoutMilliseconds,
                cancellation: service.cancellation)
    }

    // MARK: - Images

    private func next(now: Int64) throws -> DuePreview? {
        if due.isEmpty {
            let began = MonotonicTime.now
            defer { timeOfLook = MonotonicTime.now.since(began) }
            let (level, time) = (settings.maximumLevel, Timestamp.text(nanoseconds: now))
            due = try indexer.catalog.read {
                try $0.duePreviews(upToLevel: level, at: time, limit: Self.previewsAtOnce)
            }.reversed()
        }
        return due.popLast()
    }

    private func fetch(_ preview: DuePreview, _ client: ImageClient) throws {
        guard let url = PreviewURL(preview.url, baseURL: settings.baseURL) else {
            return try fail(preview, "Its address is not one of CivitAI's.", wait: .long)
        }
        pacing.noteSent(now: WallClock.now)
        let bytes: [UInt8]?
        do throws(CivitAIError) {
            bytes = try client.image(origin: url.origin, target: url.target, limit: Self.maximumSize)
            pacing.noteSuccess(now: WallClock.now)
        } catch {
            if error.code == .cancelled { return }
            pacing.note(error, now: WallClock.now, jitter: .random(in: 0..<1))
            switch error.code {
            // A host that is away says nothing about the image.
            case .cannotConnect, .rateLimited, .regionBlocked: break
            // A refusal may be meant for the host or for one image: the others come first in any case.
            default: try fail(preview, error.message, wait: .short)
            }
            return
        }
        do {
            try take(bytes, for: preview)
        } catch let error as SystemError {
            try fail(preview, "It cannot be kept: \(error)", wait: .short)
        }
    }

    private func take(_ bytes: [UInt8]?, for preview: DuePreview) throws {
        guard let bytes else { return try fail(preview, "CivitAI has the image no more.", wait: .long) }
        guard let mediaType = PreviewFormat.mediaType(of: bytes), mediaType.hasPrefix("image/") else {
            return try fail(preview, "What came is no image.", wait: .long)
        }
        let mayBeBeside = settings.mode == .beside && mediaType == "image/jpeg"
        let isBeside = try mayBeBeside && placeBeside(bytes, preview)
        if !isBeside { try service.cache.store(bytes, of: preview.sha256) }
        try indexer.catalog.write {
            try $0.notePreview(
                preview, mediaType: mediaType, bytes: bytes.count, isBeside: isBeside,
                at: Timestamp.text(nanoseconds: WallClock.now))
        }
        indexer.noteProgress()
    }

    private enum Wait { case short, long }

    private func fail(_ preview: DuePreview, _ message: String, wait: Wait) throws {
        try indexer.catalog.write { writer in
            let now = WallClock.now
            let next =
                wait == .long
                ? LookupSchedule.afterUselessImage(now: now)
                : LookupSchedule.afterFailure(attempts: preview.attempts, now: now)
            try writer.notePreviewFailure(
                preview, message: message, next: Timestamp.text(nanoseconds: next),
                at: Timestamp.text(nanoseconds: now))
        }
    }

    /// Writes the image beside each file of the content where no image is; true when it lies beside one of them now.
    private func placeBeside(_ bytes: [UInt8], _ preview: DuePreview) throws -> Bool {
        let paths = try indexer.catalog.read { try $0.filesWithoutPreview(ofContent: preview.contentID) }
        var isThere = false
        for path in paths where indexer.isOnline(path) {
            let stem = CompanionName.stem(ofModelFile: path.name)
            let image = path.parent.appending(stem + Array(".preview.jpeg".utf8))
            do throws(SystemError) {
                // A file that anybody may read has an image that anybody may read.
                try AtomicFile.create(image, with: bytes, mode: 0o644)
                isThere = true
                refusals.remove(path.parent)
            } catch {
                if error.errno == .exists {
                    isThere = true
                } else if refusals.insert(path.parent).inserted {
                    indexer.logger.log(
                        .warning, "no preview can be written beside models, so it is kept in the cache: \(error)",
                        event: .previewNotBeside, within: refusalBudget, [.init("path", path.parent)])
                }
            }
        }
        return isThere
    }
}
