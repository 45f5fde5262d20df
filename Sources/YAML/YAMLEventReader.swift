internal import CYAML

/// libyaml's event parser over bytes that it owns.
///
/// The parser holds pointers into itself and into its input, so both live at fixed places until the reader ends.
@safe struct YAMLEventReader: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>

    init(_ bytes: [UInt8]) throws(YAMLError) {
        unsafe parser = .allocate(capacity: 1)
        unsafe input = .allocate(capacity: max(1, bytes.count))
        guard unsafe yaml_parser_initialize(parser) != 0 else {
            unsafe parser.deallocate()
            unsafe input.deallocate()
            throw YAMLError(line: 1, column: 1, message: "not enough memory")
        }
        _ = unsafe input.update(fromContentsOf: bytes)
        // Without this a UTF-16 byte order mark would change the meaning of all that follows.
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        unsafe yaml_parser_set_input_string(parser, input.baseAddress, bytes.count)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
        unsafe input.deallocate()
    }

    /// The next event; MUST NOT be called again after an error or the end of the stream.
    mutating func next() throws(YAMLError) -> YAMLEvent {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) != 0 else { throw failure() }
        defer { unsafe yaml_event_delete(&event) }
        return try unsafe YAMLEvent(event)
    }

    /// What libyaml says of the place where it stopped.
    private func failure() -> YAMLError {
        let problem = unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? "not enough memory"
        if unsafe parser.pointee.error == YAML_READER_ERROR {
            // The reader runs ahead of the marks and knows only a byte offset.
            let (line, column) = unsafe place(of: parser.pointee.problem_offset)
            return YAMLError(line: line, column: column, message: problem)
        }
        let mark = unsafe parser.pointee.problem_mark
        let context = unsafe parser.pointee.context.map { unsafe " (" + String(cString: $0) + ")" } ?? ""
        return YAMLError(
            line: Int(clamping: mark.line) + 1, column: Int(clamping: mark.column) + 1, message: problem + context)
    }

    private func place(of offset: Int) -> (line: Int, column: Int) {
        var line = 1
        var column = 1
        for byte in unsafe Array(input.prefix(offset)) {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        return (line, column)
    }
}
