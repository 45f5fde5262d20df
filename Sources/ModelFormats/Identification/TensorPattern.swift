/// What is known of all modules whose names differ only in their numbers.
struct TensorPattern {
    /// The shape of a tensor of the module with the smallest numbers.
    private struct Sample {
        var role: TensorRole
        var numbers: [Int]
        var shape: [UInt64]
    }

    /// Data types that hold several weights in one element, or bytes of a compressed form.
    private static let packedTypes: Set<String> = ["U8", "U32", "I32", "I64", "F4", "I4", "U4"]

    private var samples: [Sample] = []
    /// Whether a model has it, and whether an adapter has.
    private(set) var isWhole = false
    private(set) var isAdapter = false
    /// Of each number in the names the least and the greatest.
    private var ranges: [ClosedRange<Int>] = []
    /// The different first numbers, as long as they are few.
    private var firstNumbers: [Int] = []
    private static let maximumFirstNumbers = 64

    mutating func add(_ name: TensorName, _ tensor: Tensor) {
        if name.isAdapter { isAdapter = true } else { isWhole = true }
        for (index, number) in name.numbers.enumerated() {
            if index == ranges.count {
                ranges.append(number...number)
            } else {
                ranges[index] =
                    min(ranges[index].lowerBound, number)...max(ranges[index].upperBound, number)
            }
        }
        if let first = name.numbers.first, firstNumbers.count < Self.maximumFirstNumbers, !firstNumbers.contains(first)
        {
            firstNumbers.append(first)
        }
        let role =
            name.role == .weight && Self.packedTypes.contains(tensor.dataType) ? .packed : name.role
        let sample = Sample(role: role, numbers: name.numbers, shape: tensor.shape)
        guard let index = samples.firstIndex(where: { $0.role == role }) else {
            return samples.append(sample)
        }
        if name.numbers.lexicographicallyPrecedes(samples[index].numbers) { samples[index] = sample }
    }

    /// Whether some name's n-th number lies in the range; for others than the first, and for very many, whether the
    /// range lies between the least and the greatest.
    func hasNumber(_ index: Int, in range: ClosedRange<Int>) -> Bool {
        guard ranges.indices.contains(index), ranges[index].overlaps(range) else { return false }
        let isExact = index == 0 && firstNumbers.count < Self.maximumFirstNumbers
        return !isExact || firstNumbers.contains { range.contains($0) }
    }

    private func shape(_ roles: TensorRole...) -> [UInt64]? {
        for role in roles {
            if let sample = samples.first(where: { $0.role == role }) { return sample.shape }
        }
        return nil
    }

    /// The number of dimensions of the weight, or of an adapter's first half.
    var rank: Int? { shape(.weight, .down, .difference)?.count }

    /// What goes into the module; nil when the shapes do not tell.
    var input: UInt64? { side(1, half: shape(.down, .hadamardDown)) }

    /// What comes out of it.
    var output: UInt64? { side(0, half: shape(.up, .hadamardUp)) ?? shape(.bias)?.first }

    /// The size of a tensor's dimension, of one that is no module's.
    func dimension(_ index: Int) -> UInt64? {
        guard let shape = shape(.bare, .weight), shape.indices.contains(index) else { return nil }
        return shape[index]
    }

    /// The length of a vector, or of those that a matrix is a stack of, which is no module's.
    var vectorLength: UInt64? {
        guard samples.count == 1, let shape = shape(.bare), shape.count <= 2 else { return nil }
        return shape.last
    }

    private func side(_ index: Int, half: [UInt64]?) -> UInt64? {
        if let weight = shape(.weight, .difference) {
            return weight.count == 1 ? weight[0] : Self.element(weight, index)
        }
        if let half { return Self.element(half, index) }
        let first = shape(.kronecker1) ?? shape(index == 0 ? .kronecker1Up : .kronecker1Down)
        let second = shape(.kronecker2) ?? shape(index == 0 ? .kronecker2Up : .kronecker2Down)
        guard let left = first.flatMap({ Self.element($0, index) }),
            let right = second.flatMap({ Self.element($0, index) })
        else { return nil }
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        return overflow ? nil : product
    }

    private static func element(_ shape: [UInt64], _ index: Int) -> UInt64? {
        shape.indices.contains(index) ? shape[index] : nil
    }
}
