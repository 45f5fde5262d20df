internal import CMicroHTTPD
internal import Logging

/// The engine's form of a response. It has one owner, this value; the engine counts its own reference.
@safe struct EngineResponse: ~Copyable {
    /// Bodies up to this size are copied into the engine; longer ones stay where they are and are read piece by piece.
    private static let copiedSize = 32 << 10
    /// The engine's buffer for one piece.
    private static let blockSize = 64 << 10

    private let pointer: OpaquePointer
    private let status: UInt32

    /// Nil when the engine has no memory left.
    init?(_ response: HTTPResponse, isHead: Bool, gate: ConnectionGate, logger: Logger) {
        let pointer: OpaquePointer?
        switch response.body {
        case .bytes(let bytes) where bytes.count <= Self.copiedSize:
            unsafe pointer = bytes.withUnsafeBytes { unsafe microhttpd_response_copying($0.baseAddress, $0.count) }
        case .bytes(let bytes):
            let reader = BodyReader(bytes, gate: gate)
            unsafe pointer = Self.reading(reader, length: UInt64(bytes.count))
        case .stream(let length, let next):
            let reader = BodyReader([], gate: gate, next: next) { error in
                logger.info("a response was cut short: \(error)")
            }
            unsafe pointer = Self.reading(reader, length: length.map { UInt64(max(0, $0)) } ?? .max)
            // Engines before 1.0 would send the last chunk of a body that they keep back, amid what follows.
            if isHead, length == nil, let pointer = unsafe pointer { unsafe microhttpd_response_unchunked(pointer) }
        }
        guard let pointer = unsafe pointer else { return nil }
        unsafe self.pointer = pointer
        status = (200...599).contains(response.status) ? UInt32(response.status) : 500
        for field in response.headers
        where unsafe MHD_add_response_header(pointer, field.name, field.value) == .NO {
            logger.info("a response header was left out", .init("header", field.name))
        }
    }

    deinit { unsafe MHD_destroy_response(pointer) }

    /// Gives the response to the engine; false when it refuses it.
    consuming func queue(on gate: ConnectionGate) -> Bool {
        unsafe MHD_queue_response(gate.connection, status, pointer) == .YES
    }

    /// A response that asks `reader`; the largest number stands for an unknown length (MHD_SIZE_UNKNOWN).
    private static func reading(_ reader: BodyReader, length: UInt64) -> OpaquePointer? {
        let context = unsafe Unmanaged.passRetained(reader)
        let response = unsafe MHD_create_response_from_callback(
            length, blockSize, readBody, context.toOpaque(), releaseBody)
        if unsafe response == nil { unsafe context.release() }
        return unsafe response
    }
}

/// File-level, as every function that C calls: a closure would inherit its surroundings' isolation.
private func readBody(
    _ context: UnsafeMutableRawPointer?, _ position: UInt64, _ buffer: UnsafeMutablePointer<CChar>?, _ size: Int
) -> Int {
    guard let context = unsafe context else { return MHD_CONTENT_READER_END_WITH_ERROR }
    let reader = unsafe Unmanaged<BodyReader>.fromOpaque(context).takeUnretainedValue()
    switch unsafe reader.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: size)) {
    case .filled(let count): return count
    case .resting: return 0
    case .end: return MHD_CONTENT_READER_END_OF_STREAM
    case .failed: return MHD_CONTENT_READER_END_WITH_ERROR
    }
}

/// Called once, when the engine drops the response.
private func releaseBody(_ context: UnsafeMutableRawPointer?) {
    guard let context = unsafe context else { return }
    unsafe Unmanaged<BodyReader>.fromOpaque(context).release()
}
