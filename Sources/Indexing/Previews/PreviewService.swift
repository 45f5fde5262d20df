internal import HTTPClient
internal import LinuxSystem
internal import Synchronization

/// Fetches preview images from CivitAI, one after the other on a thread of its own, where the configuration asks for it.
///
/// What there is to fetch stands in the catalogue. All methods are safe from any thread.
package final class PreviewService: Sendable {
    struct State: Sendable {
        var settings: PreviewSettings
        /// Counts the settings.
        var settingsGeneration = 0
        var isStopping = false
    }

    let indexer: Indexer
    let cancellation = HTTPCancellation()
    let state: Mutex<State>
    /// Woken at the end and by other settings.
    let changed = Condition()

    package init(indexer: Indexer, settings: PreviewSettings) {
        self.indexer = indexer
        state = Mutex(State(settings: settings))
    }

    /// Begins to fetch.
    package func start() throws {
        _ = try SystemThread(name: "previews") { [self] in PreviewWorker(self).run() }
    }

    /// Ends whatever is being fetched. Does not wait: the thread ends by itself within a second.
    package func requestStop() {
        state.withLock { $0.isStopping = true }
        cancellation.cancel()
        changed.broadcast()
        indexer.noteProgress()
    }

    /// Goes by other settings from the next image on.
    package func reload(_ settings: PreviewSettings) {
        state.withLock { state in
            guard state.settings != settings else { return }
            state.settings = settings
            state.settingsGeneration += 1
        }
        changed.broadcast()
        indexer.noteProgress()
    }

    /// Where fetched images lie.
    package var cache: PreviewCache {
        PreviewCache(cacheDirectory: state.withLock { $0.settings.cacheDirectory })
    }
}
