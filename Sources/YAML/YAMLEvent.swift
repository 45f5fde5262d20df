internal import CYAML

/// One step through a document, copied out of libyaml's memory.
struct YAMLEvent {
    enum Kind {
        case documentStart
        case scalar(YAMLScalar)
        case alias(String)
        case sequenceStart, sequenceEnd
        case mappingStart, mappingEnd
        case streamEnd
        /// Start of the stream or end of a document: nothing to act upon.
        case other
    }

    let kind: Kind
    let anchor: String?
    let tag: String?
    let line: Int
    let column: Int

    /// Copies a libyaml event; throws for a scalar with a NUL, which an escape in double quotes can make.
    init(_ event: yaml_event_t) throws(YAMLError) {
        line = Int(clamping: unsafe event.start_mark.line) + 1
        column = Int(clamping: unsafe event.start_mark.column) + 1
        switch unsafe event.type {
        case YAML_DOCUMENT_START_EVENT: (kind, anchor, tag) = (.documentStart, nil, nil)
        case YAML_SCALAR_EVENT:
            let scalar = unsafe event.data.scalar
            let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            guard !(unsafe bytes.contains(0)) else {
                throw YAMLError(line: line, column: column, message: "a NUL character is not allowed")
            }
            guard let text = unsafe String(validating: bytes, as: UTF8.self) else {
                throw YAMLError(line: line, column: column, message: "the text is not UTF-8")
            }
            let style: YAMLScalar.Style =
                switch unsafe scalar.style {
                case YAML_LITERAL_SCALAR_STYLE: .literal
                case YAML_FOLDED_SCALAR_STYLE: .folded
                case YAML_SINGLE_QUOTED_SCALAR_STYLE, YAML_DOUBLE_QUOTED_SCALAR_STYLE: .quoted
                default: .plain
                }
            kind = .scalar(YAMLScalar(text: text, style: style))
            anchor = unsafe copy(scalar.anchor)
            tag = unsafe copy(scalar.tag)
        case YAML_ALIAS_EVENT: (kind, anchor, tag) = (.alias(unsafe copy(event.data.alias.anchor) ?? ""), nil, nil)
        case YAML_SEQUENCE_START_EVENT:
            kind = .sequenceStart
            anchor = unsafe copy(event.data.sequence_start.anchor)
            tag = unsafe copy(event.data.sequence_start.tag)
        case YAML_MAPPING_START_EVENT:
            kind = .mappingStart
            anchor = unsafe copy(event.data.mapping_start.anchor)
            tag = unsafe copy(event.data.mapping_start.tag)
        case YAML_SEQUENCE_END_EVENT: (kind, anchor, tag) = (.sequenceEnd, nil, nil)
        case YAML_MAPPING_END_EVENT: (kind, anchor, tag) = (.mappingEnd, nil, nil)
        case YAML_STREAM_END_EVENT: (kind, anchor, tag) = (.streamEnd, nil, nil)
        default: (kind, anchor, tag) = (.other, nil, nil)
        }
    }
}

/// A C string of libyaml's as a Swift one.
private func copy(_ text: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    guard let text = unsafe text else { return nil }
    return unsafe String(cString: text)
}
