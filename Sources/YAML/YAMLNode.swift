/// A node of a YAML document and the place where it stands.
package struct YAMLNode: Hashable, Sendable {
    /// What a node holds.
    package enum Content: Hashable, Sendable {
        /// A single value, always as text: this reader gives a scalar no type.
        case scalar(YAMLScalar)
        /// An ordered list.
        case sequence([YAMLNode])
        /// Keys and values in the order of the document; a key may occur twice, so that a reader can refuse it.
        case mapping([YAMLPair])
    }

    /// What the node holds.
    package let content: Content
    /// The explicit tag (`!!str` in its long form, `tag:yaml.org,2002:str`), nil for almost every node.
    package let tag: String?
    /// The line where the node starts, from 1. A node that came by an alias stands where its anchor stands.
    package let line: Int
    /// The column in characters where the node starts, from 1.
    package let column: Int

    /// The scalar, or nil for a list or mapping.
    package var scalar: YAMLScalar? {
        if case .scalar(let scalar) = content { scalar } else { nil }
    }

    /// The elements of a list, or nil for anything else.
    package var sequence: [YAMLNode]? {
        if case .sequence(let elements) = content { elements } else { nil }
    }

    /// The pairs of a mapping, or nil for anything else.
    package var mapping: [YAMLPair]? {
        if case .mapping(let pairs) = content { pairs } else { nil }
    }

    /// True for nothing at all, `~` and `null` (YAML 1.1, "Null Language-Independent Type").
    package var isNull: Bool {
        guard let scalar, !scalar.isQuoted, tag == nil else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.text)
    }
}

/// A key of a mapping with its value.
package struct YAMLPair: Hashable, Sendable {
    /// The key: nearly always a scalar, though YAML allows any node.
    package let key: YAMLNode
    /// The value; a null scalar where the document has none.
    package let value: YAMLNode
}

/// A single value as text.
package struct YAMLScalar: Hashable, Sendable {
    /// How a scalar was written.
    package enum Style: Hashable, Sendable {
        /// Without quotes.
        case plain
        /// In 'single' or "double" quotes.
        case quoted
        /// A block after `|`, its line breaks kept.
        case literal
        /// A block after `>`, its line breaks turned to blanks.
        case folded
    }

    /// The value, escapes undone and line breaks as `\n`; never with a NUL.
    package let text: String
    /// How it was written.
    package let style: Style

    /// True when only text can be meant: `"true"` is a word, `true` a truth value.
    package var isQuoted: Bool { style != .plain }
}
