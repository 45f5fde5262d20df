internal import CMicroHTTPD
internal import Glibc
internal import LinuxSystem
internal import Logging
internal import Synchronization

/// libmicrohttpd at work on connections of a listening socket, on a thread of ours.
///
/// Its own thread has two faults (0.9.75): stopped by another thread while it refuses a malformed request, it reads from
/// nowhere (MHD_queue_response takes no response any more, which transmit_error_response_len goes on to use); and when
/// 128 connections become ready at the same time, it waits for one more event before it serves them (MHD_epoll).
///
/// `@unchecked Sendable`: the pointer is set once by `init`, before anybody else has the object; it and `closed` are
/// afterwards only used by the thread, which the callbacks run on.
@safe final class Engine: @unchecked Sendable {
    private enum Phase: Int {
        case serving, quiesced, stopped
    }

    private struct State {
        var wanted = Phase.serving
        var reached = Phase.serving
        /// How often somebody has asked whether the thread turns, and up to which of these it has answered.
        var asked = 0
        var answered = 0
        /// Connections that have been accepted and not yet taken up.
        var newcomers: [Int32] = []
    }

    /// How long nothing is accepted after the system had no descriptor left, or no memory.
    private static let shortageMilliseconds = 100

    let core: ServerCore
    let watch: ConnectionWatch
    let listener: Listener
    private let accepts: Bool
    private let connections = Atomic(0)
    private let state = Mutex(State())
    private let reached = Condition()
    /// Wakes the thread. The engine has such a descriptor too, but clears it after it has looked.
    private let waking: EventDescriptor
    private var daemon: OpaquePointer?
    /// How many connections the engine has ended.
    private var closed = 0

    /// An engine whose thread does not run yet; `start` or `abandon` must follow.
    ///
    /// - Parameter accepts: it accepts for all that share the socket.
    init(_ listener: Listener, core: ServerCore, accepts: Bool) throws(SystemError) {
        self.core = core
        self.listener = listener
        self.accepts = accepts
        waking = try EventDescriptor()
        watch = try ConnectionWatch(limits: core.limits, places: listener.places)
        let limits = microhttpd_limits(
            connection_memory: core.limits.connectionMemory, connections: UInt32(clamping: listener.places),
            idle_seconds: UInt32(clamping: core.limits.idleSeconds))
        let callbacks = unsafe microhttpd_callbacks(
            notify: watchConnection, begin: beginExchange, handle: handleExchange, complete: completeExchange,
            log: logEngineMessage)
        // Whoever runs the thread keeps the object while there are callbacks.
        unsafe daemon = microhttpd_start(limits, callbacks, Unmanaged.passUnretained(self).toOpaque())
        guard unsafe daemon != nil else {
            let error = SystemError(.current, call: "MHD_start_daemon")
            watch.stop()
            throw error
        }
    }

    /// Starts the thread, which ends with `stop`.
    func start() throws(SystemError) { _ = try SystemThread(name: "http") { [self] in run() } }

    /// Puts away an engine that was not started.
    func abandon() { end() }

    /// How many connections it has, or is about to have.
    var connectionCount: Int { connections.load(ordering: .sequentiallyConsistent) }

    /// Takes over a connection.
    func take(_ descriptor: Int32) {
        connections.add(1, ordering: .sequentiallyConsistent)
        state.withLock { $0.newcomers.append(descriptor) }
        wake()
    }

    /// Accepts no more connections than those that have been made until now.
    func quiesce() { reach(.quiesced) }

    /// Closes every connection and ends the thread. No connection may rest.
    func stop() { reach(.stopped) }

    /// Has the thread look: another phase is wanted, or a connection does not rest any more.
    func wake() { waking.signal() }

    /// Whether the thread comes round within this time: no handler holds it.
    func turns(milliseconds: Int) -> Bool {
        let number = state.withLock { state in
            state.asked += 1
            return state.asked
        }
        wake()
        return reached.wait(until: .now.advanced(milliseconds: milliseconds)) {
            state.withLock { $0.answered >= number || $0.reached == .stopped }
        }
    }

    /// The engine has ended a connection.
    fileprivate func noteClosed() {
        closed += 1
        giveBack()
    }

    private func giveBack() {
        connections.subtract(1, ordering: .sequentiallyConsistent)
        listener.giveBack()
    }

    /// Waits until the thread has come as far as this.
    private func reach(_ phase: Phase) {
        state.withLock { $0.wanted = phase }
        wake()
        reached.wait { state.withLock { $0.reached.rawValue >= phase.rawValue } }
    }

    private func run() {
        guard let daemon = unsafe daemon else { return }
        var phase = Phase.serving
        var shortageEnds: MonotonicTime?
        /// Whether the last attempt to accept failed, so that a shortage is told once.
        var isShort = false
        while phase != .stopped {
            let (wanted, isAsked) = state.withLock { state in
                defer { state.answered = state.asked }
                return (state.wanted, state.answered != state.asked)
            }
            if isAsked { reached.broadcast() }
            if let end = shortageEnds, MonotonicTime.now >= end { shortageEnds = nil }
            // After it is known what is wanted: whoever has connected before the end is served.
            if accepts, phase == .serving, shortageEnds == nil {
                do throws(SystemError) {
                    try listener.accept()
                    isShort = false
                } catch {
                    if !isShort { core.logger.warning("the API cannot take new connections for now: \(error)") }
                    isShort = true
                    shortageEnds = .now.advanced(milliseconds: Self.shortageMilliseconds)
                }
            }
            let newcomers = state.withLock { state in
                defer { state.newcomers = [] }
                return state.newcomers
            }
            let family = listener.kind == .unix ? AF_UNIX : AF_INET
            for newcomer in newcomers {
                let before = closed
                // Some that it refuses it has begun, and so ends as any other.
                if unsafe microhttpd_add(daemon, newcomer, family) != .YES, closed == before { giveBack() }
            }
            unsafe _ = MHD_run(daemon)
            if wanted != phase {
                phase = wanted
                if phase == .stopped { end() }
                state.withLock { $0.reached = phase }
                reached.broadcast()
                continue
            }
            let listens = accepts && phase == .serving && shortageEnds == nil
            let isWoken = unsafe microhttpd_wait(
                daemon, waking.descriptor.number, listens ? listener.waitDescriptor : -1,
                shortageEnds == nil ? -1 : Int32(Self.shortageMilliseconds))
            if isWoken != 0 { waking.clear() }
        }
    }

    private func end() {
        unsafe MHD_stop_daemon(daemon)
        watch.stop()
        if accepts { listener.close() }
    }
}

/// The engine has accepted a connection, or is about to close its descriptor.
private func watchConnection(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
    _ own: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ what: MHD_ConnectionNotificationCode
) {
    guard let context = unsafe context, let connection = unsafe connection else { return }
    let engine = unsafe Unmanaged<Engine>.fromOpaque(context).takeUnretainedValue()
    let descriptor = unsafe microhttpd_socket(connection)
    switch what {
    case .CONNECTION_NOTIFY_STARTED: engine.watch.open(descriptor)
    case .CONNECTION_NOTIFY_CLOSED:
        engine.watch.close(descriptor)
        engine.noteClosed()
    }
}

/// The engine has read a request line. The exchange belongs to the engine until `completeExchange`.
private func beginExchange(
    _ context: UnsafeMutableRawPointer?, _ target: UnsafePointer<CChar>?, _ connection: OpaquePointer?
) -> UnsafeMutableRawPointer? {
    guard let context = unsafe context, let target = unsafe target, let connection = unsafe connection else {
        return nil
    }
    let engine = unsafe Unmanaged<Engine>.fromOpaque(context).takeUnretainedValue()
    let text = unsafe UnsafeRawBufferPointer(start: target, count: strlen(target))
    let isCut = unsafe microhttpd_target_has_nul(target) != 0
    let parsed = Result { () throws(HTTPTarget.Fault) in
        if isCut { throw .nul }
        return unsafe try HTTPTarget(text)
    }
    unsafe microhttpd_drop_query(target)
    let exchange = unsafe Exchange(
        core: engine.core, kind: engine.listener.kind, target: parsed,
        gate: ConnectionGate(connection, engine: engine))
    return unsafe Unmanaged.passRetained(exchange).toOpaque()
}

/// The engine has the headers, a part of the body, or all of it, or a resting connection goes on.
private func handleExchange(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _ target: UnsafePointer<CChar>?,
    _ method: UnsafePointer<CChar>?, _ version: UnsafePointer<CChar>?, _ upload: UnsafePointer<CChar>?,
    _ uploadSize: UnsafeMutablePointer<Int>?, _ own: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let own = unsafe own?.pointee, let method = unsafe method, let uploadSize = unsafe uploadSize else {
        return .NO
    }
    let exchange = unsafe Unmanaged<Exchange>.fromOpaque(own).takeUnretainedValue()
    guard exchange.hasHead else {
        var headers: [HTTPField] = []
        unsafe withUnsafeMutablePointer(to: &headers) {
            _ = unsafe MHD_get_connection_values(connection, .HEADER_KIND, collectHeader, $0)
        }
        return unsafe exchange.take(method: String(cString: method), headers: headers) ? .YES : .NO
    }
    guard unsafe uploadSize.pointee > 0 else { return exchange.proceed() ? .YES : .NO }
    let bytes = unsafe UnsafeRawBufferPointer(start: upload, count: uploadSize.pointee)
    unsafe uploadSize.pointee = 0
    return unsafe exchange.take(bytes) ? .YES : .NO
}

/// The context is a `[HTTPField]` on the stack of `handleExchange`.
private func collectHeader(
    _ context: UnsafeMutableRawPointer?, _ kind: MHD_ValueKind, _ name: UnsafePointer<CChar>?,
    _ value: UnsafePointer<CChar>?
) -> MHD_Result {
    guard let context = unsafe context, let name = unsafe name else { return .YES }
    let field = unsafe HTTPField(String(cString: name), value.map { unsafe String(cString: $0) } ?? "")
    unsafe context.assumingMemoryBound(to: [HTTPField].self).pointee.append(field)
    return .YES
}

/// The last that the engine says of a request, whether answered or not.
private func completeExchange(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
    _ own: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ reason: MHD_RequestTerminationCode
) {
    guard let own = unsafe own, let pointer = unsafe own.pointee else { return }
    unsafe own.pointee = nil
    unsafe Unmanaged<Exchange>.fromOpaque(pointer).takeRetainedValue().finish()
}

private func logEngineMessage(
    _ context: UnsafeMutableRawPointer?, _ format: UnsafePointer<CChar>?, _ arguments: CVaListPointer?
) {
    guard let context = unsafe context, let format = unsafe format, let arguments = unsafe arguments
    else { return }
    let engine = unsafe Unmanaged<Engine>.fromOpaque(context).takeUnretainedValue()
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { buffer in
        guard let start = buffer.baseAddress, unsafe vsnprintf(start, 512, format, arguments) >= 0 else { return }
        let message = unsafe String(cString: start)
        engine.core.logger.debug("libmicrohttpd: \(message)")
    }
}
