internal import Catalog
internal import HTTPServer
internal import IndexAPI
internal import Indexing
internal import LinuxSystem
internal import Synchronization

/// The events that one client follows. Asked for its pieces on the server's thread, when the client has taken the last.
final class EventStream: Sendable {
    private struct State {
        /// The event that was sent last; nil when it is none that this log holds.
        var position: Int64?
        var hasBegun = false
        /// Signs of life that were sent, or not needed.
        var beats = 0
        /// Until when the client should have taken the last piece; nil while it waits for the next.
        var patience: MonotonicTime?
        var isOver = false
    }

    /// Events in one piece: a millisecond or two of the thread that answers everybody.
    private static let pieceSize = 16

    private let streams: EventStreams
    private let number: Int
    private let state: Mutex<State>

    init(_ streams: EventStreams, number: Int, after position: Int64?) {
        self.streams = streams
        self.number = number
        state = Mutex(State(position: position))
    }

    deinit { streams.close(number) }

    /// The next frames, or the sign of life that is due.
    func next(_ waker: HTTPStreamWaker) throws -> HTTPBodyPiece {
        try state.withLock { state in
            if state.isOver || waker.isStopping { return .end }
            let piece = try state.hasBegun ? following(&state) : begin(&state, waker)
            state.patience = piece == nil ? nil : .now.advanced(milliseconds: streams.patienceMilliseconds)
            return piece.map { .bytes($0) } ?? .later
        }
    }

    private func following(_ state: inout State) throws -> [UInt8]? {
        guard let entries = streams.log.read(after: state.position ?? -1, limit: Self.pieceSize) else {
            // The log has run past it, and nobody waits. One that does not even take what it gets is dropped.
            state.isOver = state.patience.map { $0 <= .now } ?? false
            return try lost(&state)
        }
        let beats = streams.beats
        defer { state.beats = beats }
        if let last = entries.last {
            state.position = last.id
            return try bytes(entries)
        }
        return beats > state.beats ? EventFrame.heartbeat : nil
    }

    /// The first piece tells where the stream begins, so that a client that loses the connection before the first event
    /// misses nothing; or that there is something that it has missed.
    private func begin(_ state: inout State, _ waker: HTTPStreamWaker) throws -> [UInt8] {
        // Before the log is read, so that no event comes between unnoticed.
        state.beats = streams.register(waker, of: number)
        state.hasBegun = true
        let log = streams.log
        if let position = state.position, log.read(after: position, limit: 0) != nil {
            return EventFrame(id: log.text(of: position)).bytes
        }
        return try lost(&state)
    }

    private func lost(_ state: inout State) throws -> [UInt8] {
        streams.noteLoss()
        let id = streams.log.newest
        state.position = id
        var object = EventObject(
            id: id, event: Vocabulary.eventsLost, at: Timestamp.text(nanoseconds: WallClock.now))
        object.message = "Events were lost. List the files again."
        return try EventFrame(id: streams.log.text(of: id), object).bytes
    }

    private func bytes(_ entries: [EventLog.Entry]) throws -> [UInt8] {
        let circumstances = streams.index.circumstances
        let objects = try streams.index.catalog.readPromptly { reader in
            try entries.map { try EventObject($0, reader, circumstances) }
        }
        return try objects.flatMap { try EventFrame(id: streams.log.text(of: $0.id), $0).bytes }
    }
}

extension EventObject {
    /// An event with its file or scan as the catalogue has it now.
    fileprivate init(_ entry: EventLog.Entry, _ reader: CatalogReader, _ circumstances: FileCircumstances) throws {
        let event = entry.event
        self.init(id: entry.id, event: event.kind.rawValue, at: Timestamp.text(nanoseconds: event.at))
        path = event.path?.description
        pathBase64 = event.path?.base64UnlessUTF8
        oldPath = event.oldPath?.description
        oldPathBase64 = event.oldPath?.base64UnlessUTF8
        file = try event.fileID.flatMap { try reader.file(id: $0) }.map {
            FileObject($0, circumstances)
        }
        scan = try event.scanID.flatMap { try reader.scan(id: $0) }.map(ScanRecord.init)
        message = event.message
    }
}
