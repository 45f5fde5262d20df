/// Counts tensors while they are shown to somebody else.
struct TensorSummary {
    private(set) var count = 0
    /// nil when they are more than 64 bits can count.
    private(set) var parameterCount: UInt64? = 0
    private(set) var dataTypes: [String: Int] = [:]

    mutating func add(_ tensor: Tensor) {
        count += 1
        dataTypes[tensor.dataType, default: 0] += 1
        add(parameters: tensor.shape.contains(0) ? 0 : tensor.shape.reduce(UInt64?(1), Self.product))
    }

    mutating func add(_ other: TensorSummary) {
        count += other.count
        dataTypes.merge(other.dataTypes, uniquingKeysWith: +)
        add(parameters: other.parameterCount)
    }

    private mutating func add(parameters: UInt64?) {
        guard let parameters, let sum = parameterCount?.addingReportingOverflow(parameters), !sum.overflow else {
            parameterCount = nil
            return
        }
        parameterCount = sum.partialValue
    }

    private static func product(_ left: UInt64?, _ right: UInt64) -> UInt64? {
        let result = left?.multipliedReportingOverflow(by: right)
        return result?.overflow == false ? result?.partialValue : nil
    }
}
