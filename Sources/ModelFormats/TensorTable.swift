/// The tensors by which a model is identified: those of one file, or of all parts of one model.
///
/// Takes a bounded amount of memory (about 25 MB) whatever a file claims to hold; real models have a few thousand.
package struct TensorTable: Sendable {
    private static let maximumCount = 65_536
    private static let maximumNameBytes = 8 << 20

    package private(set) var tensors: [Tensor] = []
    /// Tensors that were left out.
    package private(set) var droppedCount = 0
    private var nameBytes = 0

    package init() {}

    package var isEmpty: Bool { tensors.isEmpty }

    /// Takes a tensor as long as there is room.
    package mutating func add(_ tensor: Tensor) {
        let bytes = tensor.name.utf8.count
        guard tensors.count < Self.maximumCount, nameBytes + bytes <= Self.maximumNameBytes else {
            droppedCount += 1
            return
        }
        nameBytes += bytes
        tensors.append(tensor)
    }

    /// Takes the tensors of another part of the same model.
    package mutating func add(_ other: TensorTable) {
        for tensor in other.tensors { add(tensor) }
        droppedCount += other.droppedCount
    }
}
