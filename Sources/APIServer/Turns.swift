internal import Synchronization

/// Lets so many do something at a time, and nobody wait for it.
final class Turns: Sendable {
    /// Somebody's turn, for as long as it is held.
    final class Turn: Sendable {
        private let turns: Turns

        fileprivate init(_ turns: Turns) { self.turns = turns }

        deinit { turns.free.withLock { $0 += 1 } }
    }

    private let free: Mutex<Int>

    init(_ count: Int) { free = Mutex(count) }

    /// Nil when all turns are taken.
    func take() -> Turn? {
        let isMine = free.withLock { free in
            guard free > 0 else { return false }
            free -= 1
            return true
        }
        return isMine ? Turn(self) : nil
    }
}
