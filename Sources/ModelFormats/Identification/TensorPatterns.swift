/// The patterns in the names of one component's tensors.
struct TensorPatterns {
    /// Models have at most a few hundred; what a hostile file has beyond this is not looked at.
    private static let maximumCount = 4_096

    private var patterns: [String: TensorPattern] = [:]
    /// In order, for looking up by how they begin.
    private var names: [String] = []
    private(set) var tensorCount = 0
    /// Whether some tensor is a model's own, not an adapter's.
    private(set) var holdsModel = false

    var isEmpty: Bool { tensorCount == 0 }
    /// Different patterns.
    var count: Int { patterns.count }

    mutating func add(_ name: TensorName, _ tensor: Tensor) {
        tensorCount += 1
        if name.role == .ignored { return }
        if !name.isAdapter { holdsModel = true }
        if patterns.count >= Self.maximumCount, patterns[name.pattern] == nil { return }
        patterns[name.pattern, default: TensorPattern()].add(name, tensor)
    }

    /// Has to be called before the first question.
    mutating func finish() { names = patterns.keys.sorted() }

    var all: some Sequence<TensorPattern> { patterns.values }

    /// The pattern with exactly this name.
    func pattern(_ name: String) -> TensorPattern? { patterns[name] }

    /// Every pattern whose name begins so.
    func patterns(beginning prefix: String) -> some Sequence<TensorPattern> {
        var low = 0
        var high = names.count
        while low < high {
            let middle = low + (high - low) / 2
            if names[middle] < prefix { low = middle + 1 } else { high = middle }
        }
        return names[low...].lazy.prefix { $0.hasPrefix(prefix) }.compactMap { patterns[$0] }
    }
}
