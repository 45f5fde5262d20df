internal import APIServer
internal import Configuration
internal import Indexing
internal import LinuxSystem
internal import Logging
internal import Synchronization
internal import Systemd

/// Reads the configuration again on SIGHUP. A file with faults changes nothing and is reported.
final class Reloader: Sendable {
    private let current: Mutex<Settings>
    private let load: @Sendable () throws -> LoadedSettings
    private let indexer: Indexer
    private let lookups: LookupService
    private let previews: PreviewService
    private let access: AccessRulesSource
    private let threshold: LogThreshold
    private let isSinglePass: Bool
    private let manager: ServiceManager
    private let logger: Logger
    private let work = Mutex(Work.none)

    private enum Work {
        case none, running
        /// Somebody has asked again meanwhile.
        case runningAndWanted
    }

    init(
        current: Settings, load: @escaping @Sendable () throws -> LoadedSettings, indexer: Indexer,
        lookups: LookupService, previews: PreviewService, access: AccessRulesSource, threshold: LogThreshold,
        isSinglePass: Bool,
        manager: ServiceManager, logger: Logger
    ) {
        self.current = Mutex(current)
        self.load = load
        self.indexer = indexer
        self.lookups = lookups
        self.previews = previews
        self.access = access
        self.threshold = threshold
        self.isSinglePass = isSinglePass
        self.manager = manager
        self.logger = logger
    }

    /// Starts a reload on a thread of its own, or has the one that runs followed by another.
    func request() {
        let isFirst = work.withLock { work in
            defer { work = work == .none ? .running : .runningAndWanted }
            return work == .none
        }
        guard isFirst else { return }
        do {
            _ = try SystemThread(name: "reload") { [self] in
                repeat { reload() } while isWantedAgain()
            }
        } catch {
            work.withLock { $0 = .none }
            manager.reloading()
            logger.error("the configuration was not reloaded: \(error)", event: .configurationRefused)
            manager.reloaded()
        }
    }

    private func isWantedAgain() -> Bool {
        work.withLock { work in
            defer { work = work == .runningAndWanted ? .running : .none }
            return work == .runningAndWanted
        }
    }

    private func reload() {
        manager.reloading()
        defer { manager.reloaded() }
        do {
            let loaded = try load()
            let change = SettingsChange(from: current.withLock { $0 }, to: loaded.settings)
            let settings = change.effective
            // All that may be refused comes before the first change.
            let lookupSettings = try LookupSettings(settings)
            let rules = try AccessRulesSource.read(settings.http)
            try indexer.reload(IndexingSettings(settings, isSinglePass: isSinglePass))
            access.rules = rules
            lookups.reload(lookupSettings)
            previews.reload(PreviewSettings(settings))
            threshold.level = LogLevel(settings.logLevel)
            current.withLock { $0 = settings }
            for message in change.messages { logger.warning(message, event: .restartNeeded) }
            for note in loaded.notes { logger.notice("\(note)") }
            logger.notice("configuration reloaded", event: .configurationReloaded)
        } catch let faults as ConfigurationFaults {
            for fault in faults.faults { logger.error("\(fault)") }
            logger.error("the configuration has faults; the old one stays in force", event: .configurationRefused)
        } catch {
            logger.error("the configuration was not reloaded: \(error)", event: .configurationRefused)
        }
    }
}
