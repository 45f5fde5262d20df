/// The tensors by which a model is identified: those of one file, or of all parts of one model.
///
/// Takes a bounded amount of memory (about 25 MB) whatever a file claims to hold; real models have a few thousand.
package struct TensorTable: Sendable {
    private static let maximumCount = 65_536
    /// Of names and shapes.
    private static let maximumBytes = 10 << 20

    package private(set) var tensors: [Tensor] = []
    /// Tensors that were left out.
    package private(set) var droppedCount = 0
    private var bytes = 0

    package init() {}

    package var isEmpty: Bool { tensors.isEmpty }

    /// Takes a tensor as long as there is room.
    package mutating func add(_ tensor: Tensor) {
        let size = tensor.name.utf8.count + 8 * tensor.shape.count
        guard tensors.count < Self.maximumCount, bytes + size <= Self.maximumBytes else {
            droppedCount += 1
            return
        }
        bytes += size
        tensors.append(tensor)
    }

    /// Takes the tensors of another part of the same model.
    package mutating func add(_ other: TensorTable) {
        for tensor in other.tensors { add(tensor) }
        droppedCount += other.droppedCount
    }
}
