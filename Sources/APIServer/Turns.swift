internal import LinuxSystem
internal import Synchronization

/// Lets so many do something at a time.
final class Turns: Sendable {
    /// Somebody's turn, for as long as it is held.
    final class Turn: Sendable {
        private let turns: Turns

        fileprivate init(_ turns: Turns) { self.turns = turns }

        deinit {
            turns.free.withLock { $0 += 1 }
            turns.changed.broadcast()
        }
    }

    private let free: Mutex<Int>
    private let changed = Condition()

    init(_ count: Int) { free = Mutex(count) }

    /// Nil when all turns are taken, and none is given back in time. With a time it blocks.
    func take(milliseconds: Int = 0) -> Turn? {
        let isMine = changed.wait(until: .now.advanced(milliseconds: milliseconds)) {
            free.withLock { free in
                guard free > 0 else { return false }
                free -= 1
                return true
            }
        }
        return isMine ? Turn(self) : nil
    }
}
