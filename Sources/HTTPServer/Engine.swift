internal import CMicroHTTPD
internal import Glibc
internal import LinuxSystem
internal import Logging
internal import Synchronization

/// libmicrohttpd at work on a listening socket, on a thread of ours. Where several share the socket, a connection belongs
/// to the one that accepts it.
///
/// Its own thread has two faults (0.9.75): stopped by another thread while it refuses a malformed request, it reads from
/// nowhere (MHD_queue_response takes no response any more, which transmit_error_response_len goes on to use); and when
/// 128 connections become ready at the same time, it waits for one more event before it serves them (MHD_epoll).
///
/// `@unchecked Sendable`: the pointer is set once by `start`, before anybody else has the object; afterwards it and
/// `hasClosed` are only used by the thread, which the callbacks run on.
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
    }

    let core: ServerCore
    let kind: ListenerKind
    let watch: ConnectionWatch
    private let descriptor: FileDescriptor
    /// Another descriptor of the same socket for the engine, which closes it in some of its failures to start.
    private let lent: Int32
    private var daemon: OpaquePointer?
    /// Whether a connection has ended since the thread last looked at this. Only then the engine listens again if all
    /// places were taken, when it is run once more.
    fileprivate var hasClosed = false
    private let state = Mutex(State())
    private let reached = Condition()
    /// Wakes the thread. The engine has such a descriptor too, but clears it after it has looked.
    private let waking: EventDescriptor

    private init(
        core: ServerCore, kind: ListenerKind, watch: ConnectionWatch, descriptor: consuming FileDescriptor, lent: Int32,
        waking: consuming EventDescriptor
    ) {
        self.core = core
        self.kind = kind
        self.watch = watch
        self.descriptor = descriptor
        self.lent = lent
        self.waking = waking
    }

    /// Begins to accept connections on the socket, which is closed when the engine has stopped.
    static func start(
        _ descriptor: consuming FileDescriptor, kind: ListenerKind, core: ServerCore
    ) throws(SystemError) -> Engine {
        let number = descriptor.number
        let flags = fcntl(number, F_GETFL)
        try systemCall("fcntl") { fcntl(number, F_SETFL, flags | O_NONBLOCK) }
        let waking = try EventDescriptor()
        let places = max(1, core.limits.connections / core.limits.threads)
        let watch = try ConnectionWatch(limits: core.limits, places: places)
        let lent: Int32
        do throws(SystemError) {
            lent = try systemCall("fcntl") { fcntl(number, F_DUPFD_CLOEXEC, 0) }
        } catch {
            watch.stop()
            throw error
        }
        let engine = Engine(
            core: core, kind: kind, watch: watch, descriptor: descriptor, lent: lent, waking: waking)
        let limits = microhttpd_limits(
            connection_memory: core.limits.connectionMemory, connections: UInt32(clamping: places),
            idle_seconds: UInt32(clamping: core.limits.idleSeconds))
        let callbacks = unsafe microhttpd_callbacks(
            notify: watchConnection, begin: beginExchange, handle: handleExchange, complete: completeExchange,
            log: logEngineMessage)
        // The thread keeps the object while there are callbacks.
        guard
            let daemon = unsafe microhttpd_start(lent, limits, callbacks, Unmanaged.passUnretained(engine).toOpaque())
        else {
            let error = SystemError(.current, call: "MHD_start_daemon")
            watch.stop()
            throw error
        }
        unsafe engine.daemon = daemon
        do throws(SystemError) {
            _ = try SystemThread(name: "http") { engine.run() }
        } catch {
            engine.end()
            throw error
        }
        return engine
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

    /// Waits until the thread has come as far as this.
    private func reach(_ phase: Phase) {
        state.withLock { $0.wanted = phase }
        wake()
        reached.wait { state.withLock { $0.reached.rawValue >= phase.rawValue } }
    }

    private func run() {
        guard let daemon = unsafe daemon else { return }
        var phase = Phase.serving
        while phase != .stopped {
            let (wanted, isAsked) = state.withLock { state in
                defer { state.answered = state.asked }
                return (state.wanted, state.answered != state.asked)
            }
            if isAsked { reached.broadcast() }
            if wanted == .quiesced, wanted != phase {
                acceptWaiting()
                unsafe _ = MHD_quiesce_daemon(daemon)
            }
            unsafe _ = MHD_run(daemon)
            if wanted == .stopped { end() }
            if wanted != phase {
                phase = wanted
                state.withLock { $0.reached = phase }
                reached.broadcast()
            } else if hasClosed {
                hasClosed = false
            } else if unsafe microhttpd_wait(daemon, waking.descriptor.number) != 0 {
                waking.clear()
            }
        }
    }

    /// Accepts who has connected until now: when the socket is closed, they would get no answer at all. As many as may
    /// wait (SOMAXCONN), since others may come meanwhile; the engine takes ten in a turn.
    private func acceptWaiting() {
        for _ in 0..<410 {
            guard (try? waitUntilReadable([lent], until: .now)) == [true] else { return }
            unsafe _ = MHD_run(daemon)
        }
    }

    private func end() {
        // First, for the engine would close the socket by itself.
        unsafe _ = MHD_quiesce_daemon(daemon)
        unsafe MHD_stop_daemon(daemon)
        watch.stop()
        close(lent)
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
        engine.hasClosed = true
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
        core: engine.core, kind: engine.kind, target: parsed,
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
