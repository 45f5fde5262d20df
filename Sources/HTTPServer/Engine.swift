internal import CMicroHTTPD
internal import Glibc
internal import LinuxSystem
internal import Logging

/// libmicrohttpd at work on one listening socket, in one thread of its own.
///
/// `@unchecked Sendable`: the pointer is set once by `start`, before anybody else has the object, and afterwards only
/// used by `quiesce` and `stop`, which the server calls once each under its lock.
@safe final class Engine: @unchecked Sendable {
    let core: ServerCore
    let kind: ListenerKind
    let watch: ConnectionWatch
    private let descriptor: FileDescriptor
    /// Another descriptor of the same socket for the engine, which closes it in some of its failures to start.
    private let lent: Int32
    private var daemon: OpaquePointer?

    private init(
        core: ServerCore, kind: ListenerKind, watch: ConnectionWatch, descriptor: consuming FileDescriptor, lent: Int32
    ) {
        self.core = core
        self.kind = kind
        self.watch = watch
        self.descriptor = descriptor
        self.lent = lent
    }

    /// Begins to accept connections on the socket, which is closed when the engine has stopped.
    static func start(
        _ descriptor: consuming FileDescriptor, kind: ListenerKind, core: ServerCore
    ) throws(SystemError) -> Engine {
        let number = descriptor.number
        let flags = fcntl(number, F_GETFL)
        try systemCall("fcntl") { fcntl(number, F_SETFL, flags | O_NONBLOCK) }
        let lent = try systemCall("fcntl") { fcntl(number, F_DUPFD_CLOEXEC, 0) }
        let watch: ConnectionWatch
        do throws(SystemError) {
            watch = try ConnectionWatch(limits: core.limits)
        } catch {
            close(lent)
            throw error
        }
        let engine = Engine(core: core, kind: kind, watch: watch, descriptor: descriptor, lent: lent)
        // The engine's own reference, which `stop` takes back when no thread of it is left.
        let context = unsafe Unmanaged.passRetained(engine)
        let limits = microhttpd_limits(
            connection_memory: core.limits.connectionMemory, connections: UInt32(clamping: core.limits.connections),
            idle_seconds: UInt32(clamping: core.limits.idleSeconds))
        let callbacks = unsafe microhttpd_callbacks(
            notify: watchConnection, begin: beginExchange, handle: handleExchange, complete: completeExchange,
            log: logEngineMessage)
        guard
            let daemon = unsafe microhttpd_start(lent, limits, callbacks, context.toOpaque())
        else {
            let error = SystemError(.current, call: "MHD_start_daemon")
            watch.stop()
            unsafe context.release()
            throw error
        }
        unsafe engine.daemon = daemon
        return engine
    }

    /// Accepts no more connections. From here on the engine leaves the socket to be closed by others.
    func quiesce() {
        guard let daemon = unsafe daemon else { return }
        unsafe _ = MHD_quiesce_daemon(daemon)
    }

    /// Closes every connection and ends the thread. No connection may rest. After `quiesce`.
    func stop() {
        guard let daemon = unsafe daemon else { return }
        unsafe self.daemon = nil
        unsafe MHD_stop_daemon(daemon)
        watch.stop()
        close(lent)
        unsafe Unmanaged.passUnretained(self).release()
    }
}

/// The engine has accepted a connection, or is about to close its descriptor.
private func watchConnection(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
    _ own: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ what: MHD_ConnectionNotificationCode
) {
    guard let context = unsafe context, let connection = unsafe connection else { return }
    let watch = unsafe Unmanaged<Engine>.fromOpaque(context).takeUnretainedValue().watch
    let descriptor = unsafe microhttpd_socket(connection)
    switch what {
    case .CONNECTION_NOTIFY_STARTED: watch.open(descriptor)
    case .CONNECTION_NOTIFY_CLOSED: watch.close(descriptor)
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
        gate: ConnectionGate(connection, watch: engine.watch))
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
