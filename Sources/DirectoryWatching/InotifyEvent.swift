internal import Glibc

/// One event as the kernel gives it (inotify(7)).
struct InotifyEvent: Hashable, Sendable {
    let watch: Int32
    let mask: UInt32
    let cookie: UInt32
    /// Empty when the event is about the watched directory itself.
    let name: [UInt8]

    func has(_ flag: Int) -> Bool { mask & UInt32(flag) != 0 }

    /// The watched directory was deleted, moved or unmounted.
    var isEndOfDirectory: Bool { has(Int(IN_DELETE_SELF)) || has(Int(IN_MOVE_SELF)) || has(Int(IN_UNMOUNT)) }

    /// The name stands for something else than before, or for nothing.
    var isChangeOfName: Bool {
        has(Int(IN_CREATE)) || has(Int(IN_DELETE)) || has(Int(IN_MOVED_FROM)) || has(Int(IN_MOVED_TO))
    }

    /// What it says of a file.
    var kinds: [ChangeSettling.Event] {
        var kinds: [ChangeSettling.Event] = []
        if has(Int(IN_CREATE)) { kinds.append(.created) }
        if has(Int(IN_MODIFY)) { kinds.append(.modified) }
        if has(Int(IN_CLOSE_WRITE)) { kinds.append(.closedAfterWriting) }
        if has(Int(IN_ATTRIB)) { kinds.append(.attributes) }
        if has(Int(IN_MOVED_TO)) { kinds.append(.movedIn(cookie: cookie)) }
        if has(Int(IN_MOVED_FROM)) { kinds.append(.movedOut(cookie: cookie)) }
        if has(Int(IN_DELETE)) { kinds.append(.deleted) }
        return kinds
    }
}
