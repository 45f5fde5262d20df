/// Something that is asked of the tensors of a file.
///
/// Names are written as the model's definition writes them, numbers as `#`, and without what programs put before
/// them; `name.*` stands for all names that begin so. Shapes that are packed or otherwise not told satisfy nothing.
indirect enum Condition: Sendable {
    case has(Name)
    case lacks(Name)
    case any([Condition])
    case all([Condition])
    /// What goes into a module: a layer's features, a convolution's channels.
    case input(Name, Set<UInt64>)
    /// What goes in is told, and none of these.
    case otherInput(Name, Set<UInt64>)
    /// What comes out of it.
    case output(Name, Set<UInt64>)
    case dimension(Name, Int, Set<UInt64>)
    /// The number of dimensions of a weight.
    case rank(Name, Int)
    /// Some module's n-th number, the first being 0, lies in the range (see `TensorPattern.hasNumber`).
    case number(Name, Int, ClosedRange<Int>)
    /// There is such a module, and the n-th number of none lies in the range.
    case lacksNumber(Name, Int, ClosedRange<Int>)
    /// Nothing but vectors of this length, or stacks of such, none of them a module's weight.
    case onlyVectors(UInt64)
    /// How many tensors there are.
    case tensors(ClosedRange<Int>)

    /// A name or the beginning of names, ready to be looked up.
    struct Name: Sendable, Hashable, ExpressibleByStringLiteral {
        let text: String
        let isPrefix: Bool

        init(stringLiteral name: String) {
            isPrefix = name.hasSuffix(".*")
            var text: [UInt8] = []
            TensorName.appendPattern(of: Array(name.utf8)[...].dropLast(isPrefix ? 2 : 0), to: &text) { _ in }
            if isPrefix { text.append(UInt8(ascii: "_")) }
            self.text = String(decoding: text, as: UTF8.self)
        }
    }

    static func input(_ name: Name, _ size: UInt64...) -> Condition { .input(name, Set(size)) }
    static func output(_ name: Name, _ size: UInt64...) -> Condition { .output(name, Set(size)) }
    static func dimension(_ name: Name, _ index: Int, _ size: UInt64...) -> Condition {
        .dimension(name, index, Set(size))
    }
    /// One of several modules with the same input.
    static func input(anyOf names: [Name], _ size: UInt64...) -> Condition {
        .any(names.map { .input($0, Set(size)) })
    }
    static func rank(anyOf names: [Name], _ rank: Int) -> Condition {
        .any(names.map { .rank($0, rank) })
    }
    static func has(anyOf names: Name...) -> Condition { .any(names.map { .has($0) }) }

    /// Whether the tensors are as asked. With `inAdapter` only what adapters add counts, else only what is a model's.
    func isTrue(of patterns: TensorPatterns, inAdapter: Bool = false) -> Bool {
        func some(_ name: Name, _ test: (TensorPattern) -> Bool = { _ in true }) -> Bool {
            func counts(_ pattern: TensorPattern) -> Bool {
                (inAdapter ? pattern.isAdapter : pattern.isWhole) && test(pattern)
            }
            if name.isPrefix { return patterns.patterns(beginning: name.text).contains(where: counts) }
            return patterns.pattern(name.text).map(counts) ?? false
        }
        return switch self {
        case .has(let name): some(name)
        case .lacks(let name): !some(name)
        case .any(let conditions): conditions.contains { $0.isTrue(of: patterns, inAdapter: inAdapter) }
        case .all(let conditions):
            conditions.allSatisfy { $0.isTrue(of: patterns, inAdapter: inAdapter) }
        case .input(let name, let sizes): some(name) { $0.input.map(sizes.contains) ?? false }
        case .otherInput(let name, let sizes): some(name) { $0.input.map { !sizes.contains($0) } ?? false }
        case .output(let name, let sizes): some(name) { $0.output.map(sizes.contains) ?? false }
        case .dimension(let name, let index, let sizes):
            some(name) { $0.dimension(index).map(sizes.contains) ?? false }
        case .rank(let name, let rank): some(name) { $0.rank == rank }
        case .number(let name, let index, let range):
            some(name) { $0.hasNumber(index, in: range) }
        case .lacksNumber(let name, let index, let range):
            some(name)
                && !some(name) { $0.hasNumber(index, in: range) }
        case .onlyVectors(let length): patterns.all.allSatisfy { $0.vectorLength == length }
        case .tensors(let range): range.contains(patterns.tensorCount)
        }
    }
}

extension Condition: ExpressibleByStringLiteral {
    init(stringLiteral name: String) { self = .has(Name(stringLiteral: name)) }
}
