internal import APIServer
internal import Catalog
internal import Configuration
internal import Glibc
internal import HTTPServer
internal import IndexAPI
internal import Indexing
internal import LinuxSystem
internal import Logging
internal import ServiceLifecycle
internal import Synchronization
internal import Systemd

/// The composition root: takes what the process needs, builds each part, runs them, and puts everything back.
struct DaemonProcess: Sendable {
    private let loaded: LoadedSettings
    private let isSinglePass: Bool
    private let reload: @Sendable () throws -> LoadedSettings
    private let manager: ServiceManager
    private let requests: ProcessRequests

    /// Everything has to be put away in two seconds; this leaves half of one for the database.
    private static let stopDeadline = Duration.milliseconds(1300)

    init(
        loaded: LoadedSettings, isSinglePass: Bool, reload: @escaping @Sendable () throws -> LoadedSettings,
        manager: ServiceManager, requests: ProcessRequests
    ) {
        self.loaded = loaded
        self.isSinglePass = isSinglePass
        self.reload = reload
        self.manager = manager
        self.requests = requests
    }

    /// Runs until a signal or, with `--once`, until the work is done.
    func run() async throws -> ExitStatus {
        let settings = loaded.settings
        let threshold = LogThreshold(LogLevel(settings.logLevel))
        let logger = Logger(threshold: threshold, handler: JournalHandler() ?? StandardErrorHandler())
        for note in loaded.notes { logger.notice("\(note)") }

        let held = try await requests.unlessEnding("start") { try takeWhatIsNeeded(settings) }
        defer { held.release() }
        for note in held.sockets.notes { logger.notice(note) }
        let catalog = try await requests.unlessEnding("catalog-open") { try openCatalog(settings.dataDirectory) }

        let indexer = Indexer(
            catalog: catalog, settings: IndexingSettings(settings, isSinglePass: isSinglePass),
            runtimeDirectory: settings.dataDirectory, logger: logger)
        let lookups = LookupService(indexer: indexer, settings: held.lookupSettings)
        let previews = PreviewService(indexer: indexer, settings: PreviewSettings(settings))
        let access = held.access
        let handler = APIRequestHandler(
            index: APIIndex(
                catalog: catalog, indexer: indexer, lookups: lookups, previews: previews, started: .now),
            access: { access.rules }, logger: logger)
        let server = HTTPRequestServer(handler: handler, limits: HTTPServerLimits(threads: 2), logger: logger)
        let group = ServiceGroup(
            [
                APIService(sockets: held.sockets, server: server),
                IndexingService(indexer: indexer),
                LookupsService(lookups: lookups, previews: isSinglePass ? nil : previews),
                SupervisionService(indexer: indexer, catalog: catalog, server: server, manager: manager),
            ], logger: logger)
        let reloader = Reloader(
            current: settings, load: reload, indexer: indexer, lookups: lookups, previews: previews, access: access,
            threshold: threshold,
            isSinglePass: isSinglePass, manager: manager, logger: logger)
        Task {
            await requests.termination.wait()
            group.requestStop()
        }
        let passed = Mutex(true)
        if isSinglePass {
            try watchFirstPass(indexer, lookups, group, logger) { isWell in passed.withLock { $0 = isWell } }
        }

        logger.notice(
            "kikod \(kikodVersion) started", event: .started, .init("data_dir", settings.dataDirectory),
            .init("socket", held.sockets.path)
        )
        let outcome = await Result {
            try await group.run(
                stopDeadline: Self.stopDeadline,
                onStarted: {
                    manager.ready()
                    requests.reloads(by: reloader.request)
                }, onStopping: { manager.stopping() })
        }
        await close(catalog, logger)
        try outcome.get()
        logger.notice("kikod ended", event: .ended)
        let isComplete = passed.withLock { $0 } && !requests.termination.hasFired
        return isSinglePass && !isComplete ? .failure : .success
    }

    // MARK: - What the process needs

    /// What nobody else may have at the same time, and what was read from files that may lie on a drive that hangs.
    private struct Held: Sendable {
        let lock: LockFile
        let sockets: Sockets
        let access: AccessRulesSource
        let lookupSettings: LookupSettings

        func release() {
            sockets.remove()
            lock.release()
        }
    }

    private func takeWhatIsNeeded(_ settings: Settings) throws(DaemonFailure) -> Held {
        // The sockets of the service manager first: other descriptors could have their numbers where they are not there.
        let passed = try Sockets.takePassed()
        let lock = try lockDataDirectory(settings.dataDirectory)
        let sockets = try Sockets.open(settings, passed: passed)
        do {
            return Held(
                lock: lock, sockets: sockets, access: try AccessRulesSource(settings.http),
                lookupSettings: try LookupSettings(settings))
        } catch {
            sockets.remove()
            throw DaemonFailure(.configuration, "\(error)")
        }
    }

    private func lockDataDirectory(_ directory: FilePath) throws(DaemonFailure) -> LockFile {
        do throws(SystemError) {
            try makeDirectories(directory, mode: 0o700)
        } catch {
            throw DaemonFailure("the data directory cannot be made", error)
        }
        do throws(LockFileError) {
            return try LockFile.acquire(directory.appending("kikod.lock"), mode: 0o600)
        } catch {
            switch error {
            case .held: throw DaemonFailure(.unavailable, "another kikod uses \(directory): \(error)")
            case .system(let error): throw DaemonFailure("the data directory \(directory) cannot be written", error)
            }
        }
    }

    /// The database of an earlier release may take its time: the service manager waits for as long as it gets on.
    private func openCatalog(_ directory: FilePath) throws(DaemonFailure) -> ModelCatalog {
        var next = MonotonicTime.now
        let onProgress = {
            guard MonotonicTime.now >= next else { return }
            manager.show("Bringing the database up to this release")
            manager.extendTimeout(seconds: 60)
            next = .now.advanced(milliseconds: 5000)
        }
        do throws(CatalogError) {
            return try ModelCatalog.open(directory: directory, onProgress: onProgress)
        } catch {
            let isConfiguration = error.code != .database
            throw DaemonFailure(isConfiguration ? .configuration : .failure, "\(error)", errno: error.errno)
        }
    }

    // MARK: - Beginning and end

    /// Ends the group when the pass is over; tells whether everything was well.
    private func watchFirstPass(
        _ indexer: Indexer, _ lookups: LookupService, _ group: ServiceGroup, _ logger: Logger,
        passed: @escaping @Sendable (Bool) -> Void
    ) throws {
        _ = try SystemThread(name: "once") {
            let isComplete = indexer.waitForFirstPass()
            lookups.finishPass()
            if let message = lookups.status().message { logger.warning("CivitAI: \(message)") }
            do {
                let shortfalls = try indexer.status().shortfalls
                for shortfall in shortfalls { logger.error(shortfall) }
                passed(isComplete && shortfalls.isEmpty)
            } catch {
                logger.error("cannot tell how the pass went: \(error)")
                passed(false)
            }
            group.requestStop()
        }
    }

    /// Closes the database, but does not wait for it for ever.
    private func close(_ catalog: ModelCatalog, _ logger: Logger) async {
        let closed = Signal()
        do {
            _ = try SystemThread(name: "catalog-close") {
                catalog.close()
                closed.fire()
            }
        } catch {
            logger.error("cannot close the catalogue: \(error)")
            return
        }
        let timer = Task {
            try? await Task.sleep(for: .milliseconds(500))
            closed.fire()
        }
        await closed.wait()
        timer.cancel()
    }
}

extension LogLevel {
    init(_ setting: LogLevelSetting) {
        switch setting {
        case .debug: self = .debug
        case .info: self = .info
        case .notice: self = .notice
        case .warning: self = .warning
        case .error: self = .error
        }
    }
}

extension Result where Failure == any Error {
    /// The outcome of an asynchronous body.
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
