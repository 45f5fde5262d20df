internal import LinuxSystem
internal import Synchronization

/// Measures how fast a drive reads, whatever the number of its readers: bytes per time in which anybody waited for it.
package final class DriveMeter: Sendable {
    private struct State {
        var readers = 0
        var busySince = MonotonicTime(nanoseconds: 0)
        var busy: Int64 = 0
        var bytes: Int64 = 0
    }

    /// So much is read before a rate is believed; then the next measurement begins.
    private static let sampleSize: Int64 = 32 << 20

    private let state = Mutex(State())
    /// 0 before the first measurement is over. No lock: who asks must not wait for a reader of the idle class.
    private let rate = Atomic<Int64>(0)

    private let wasMeasured: @Sendable () -> Void

    /// - Parameter wasMeasured: called by a reader as soon as the first measurement is over.
    package init(wasMeasured: @escaping @Sendable () -> Void = {}) { self.wasMeasured = wasMeasured }

    /// Bytes per second as last measured; nil before the first measurement is over.
    package var bytesPerSecond: Int64? {
        let rate = rate.load(ordering: .relaxed)
        return rate > 0 ? rate : nil
    }

    /// Somebody waits for the drive from now on.
    func begin(at now: MonotonicTime = .now) {
        state.withLock { state in
            if state.readers == 0 { state.busySince = now }
            state.readers += 1
        }
    }

    /// Somebody who waited has got so many bytes.
    func end(bytes: Int, at now: MonotonicTime = .now) {
        let isFirst = state.withLock { state in
            state.readers -= 1
            state.busy += now.since(state.busySince)
            // The time up to here is counted, whoever goes on waiting.
            state.busySince = now
            state.bytes += Int64(bytes)
            guard state.bytes >= Self.sampleSize, state.busy > 0 else { return false }
            let measured = max(1, Int64(Double(state.bytes) / Double(state.busy) * 1e9))
            (state.bytes, state.busy) = (0, 0)
            return rate.exchange(measured, ordering: .relaxed) == 0
        }
        if isFirst { wasMeasured() }
    }
}
