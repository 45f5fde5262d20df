internal import Glibc
package import LinuxSystem
package import Logging
internal import Synchronization

/// Tells of what happens to the whole system and may have changed files without an event: mounts, clock, suspend.
///
/// A thread of its own waits in poll(2); nothing wakes it while nothing happens.
package final class SystemChangeWatcher: Sendable {
    /// What happened.
    package enum Change: Hashable, Sendable {
        /// The mount table of this process changed.
        case mounts
        /// Somebody set the wall clock.
        case clockSet
        /// The system was suspended and goes on.
        case resumed
    }

    private let mountTable: FileDescriptor?
    private let clock: ClockChangeDescriptor?
    /// Their numbers, -1 for what is not there, which poll(2) passes over.
    private let mountTableNumber: Int32
    private let clockNumber: Int32
    private let stopping: EventDescriptor
    private let isStopping = Mutex(false)
    private let logger: Logger
    private let consume: @Sendable (Change) -> Void
    private let thread = Mutex<SystemThread?>(nil)

    /// Changes after this call are told as soon as `start` was called. What cannot be watched is logged once and left out.
    ///
    /// - Parameters:
    ///   - mountInfo: the mount table of proc_pid_mountinfo(5).
    ///   - consume: called on the watcher's thread; must return at once.
    package init(
        logger: Logger, mountInfo: FilePath = FilePath("/proc/self/mountinfo"),
        consume: @escaping @Sendable (Change) -> Void
    ) throws(SystemError) {
        stopping = try EventDescriptor()
        do throws(SystemError) {
            let opened = try FileDescriptor.open(mountInfo, O_RDONLY)
            mountTableNumber = opened.number
            mountTable = consume opened
        } catch {
            mountTable = nil
            mountTableNumber = -1
            logger.warning("changes of mounts are noticed by scans only: \(error)", event: .watchingFailed)
        }
        do throws(SystemError) {
            let made = try ClockChangeDescriptor()
            clockNumber = made.descriptor.number
            clock = consume made
        } catch {
            clock = nil
            clockNumber = -1
            logger.warning("suspend and changes of the clock are not noticed: \(error)", event: .watchingFailed)
        }
        self.logger = logger
        self.consume = consume
    }

    /// Starts the thread.
    package func start() throws(SystemError) {
        let before = ClockReading.now
        let started = try SystemThread(name: "system-changes") { [self] in
            do throws(SystemError) {
                try watch(since: before)
            } catch {
                logger.error("cannot watch for changes of mounts and clock any more: \(error)", event: .watchingFailed)
            }
        }
        thread.withLock { $0 = started }
    }

    /// Ends the thread; waits for it at most a second.
    package func stop() {
        isStopping.withLock { $0 = true }
        stopping.signal()
        _ = thread.withLock { $0 }?.join(milliseconds: 1000)
    }

    private func watch(since start: ClockReading) throws(SystemError) {
        var last = start
        let mountRequest = (descriptor: mountTableNumber, events: [.exceptional, .error] as DescriptorEvents)
        let clockRequest = (descriptor: clockNumber, events: DescriptorEvents.readable)
        let stopRequest = (descriptor: stopping.descriptor.number, events: DescriptorEvents.readable)
        while true {
            let events = try waitForEvents([mountRequest, clockRequest, stopRequest])
            if isStopping.withLock({ $0 }) { return }
            var wasCancelled = false
            if !events[1].isEmpty, let changed = try clock?.takeChange() { wasCancelled = changed }
            let now = ClockReading.now
            for change in Self.changes(from: last, to: now, wasCancelled: wasCancelled) { consume(change) }
            last = now
            // The kernel takes the poll itself for the look at the change; nothing has to be read.
            if !events[0].isEmpty { consume(.mounts) }
        }
    }

    /// Longer than clocks differ when the system wakes, shorter than a suspend that matters.
    private static let tolerance: Int64 = 1_000_000_000

    /// What two readings and the timer say: waking moves all clocks but the monotonic one, setting only the wall clock.
    static func changes(from last: ClockReading, to now: ClockReading, wasCancelled: Bool) -> [Change] {
        var changes: [Change] = []
        if now.suspended.subtractingReportingOverflow(last.suspended).partialValue > tolerance {
            changes.append(.resumed)
        }
        let (shift, overflow) = now.wallAtBoot.subtractingReportingOverflow(last.wallAtBoot)
        let isShifted = overflow || shift.magnitude > UInt64(tolerance)
        // A wake-up cancels the timer too, and corrects the clock by what the hardware's clock is exact to.
        if isShifted || (wasCancelled && changes.isEmpty) { changes.append(.clockSet) }
        return changes
    }
}
