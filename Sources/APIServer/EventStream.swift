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
        var isOver = false
    }

    /// Events in one piece, so that a piece is bounded.
    private static let pieceSize = 64

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
            guard state.hasBegun else { return .bytes(try begin(&state, waker)) }
            guard let position = state.position,
                let entries = streams.log.read(after: position, limit: Self.pieceSize)
            else {
                // The client reads more slowly than things happen. Nobody waits for it: it is told, and dropped.
                state.isOver = true
                return .bytes(try lost(upTo: streams.log.newest))
            }
            let beats = streams.beats
            defer { state.beats = beats }
            if let last = entries.last {
                state.position = last.id
                return .bytes(try bytes(entries))
            }
            return beats > state.beats ? .bytes(EventFrame.heartbeat) : .later
        }
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
        let newest = log.newest
        state.position = newest
        return try lost(upTo: newest)
    }

    private func lost(upTo id: Int64) throws -> [UInt8] {
        var object = EventObject(
            id: id, event: Vocabulary.eventsLost, at: Timestamp.text(nanoseconds: WallClock.now))
        object.message = "Events were lost. List the files again."
        return try EventFrame(id: streams.log.text(of: id), object).bytes
    }

    private func bytes(_ entries: [EventLog.Entry]) throws -> [UInt8] {
        let reading = streams.index.indexer.readingFiles
        let objects = try streams.index.catalog.read { reader in
            try entries.map { try EventObject($0, reader, reading: reading) }
        }
        return try objects.flatMap { try EventFrame(id: streams.log.text(of: $0.id), $0).bytes }
    }
}

extension EventObject {
    /// An event with its file or scan as the catalogue has it now.
    fileprivate init(_ entry: EventLog.Entry, _ reader: CatalogReader, reading: Set<Int64>) throws {
        let event = entry.event
        self.init(id: entry.id, event: event.kind.rawValue, at: Timestamp.text(nanoseconds: event.at))
        path = event.path?.description
        pathBase64 = event.path?.base64UnlessUTF8
        oldPath = event.oldPath?.description
        oldPathBase64 = event.oldPath?.base64UnlessUTF8
        file = try event.fileID.flatMap { try reader.file(id: $0) }.map {
            FileObject($0, isBeingRead: reading.contains($0.id))
        }
        scan = try event.scanID.flatMap { try reader.scan(id: $0) }.map(ScanRecord.init)
        message = event.message
    }
}
