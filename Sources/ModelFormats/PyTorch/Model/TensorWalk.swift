/// Goes through a value of a pickle and finds every tensor with its name: the keys that lead to it, joined by dots, as
/// `state_dict()` would name it.
///
/// Without recursion, and bounded in depth and steps: values may contain themselves.
struct TensorWalk {
    private static let maximumDepth = 128
    /// Bytes of a name that cost as much as a step.
    private static let bytesPerStep = 64
    private static let maximumNameLength = 64 * 1024
    /// Attributes of an object that are looked at to find out whether it is a layer.
    private static let layerCost = 16
    /// Steps that it takes to show a tensor.
    private static let tensorCost = 3

    let memory: PickleMemory
    let imports: PickleImports
    /// True when something was left out.
    private(set) var isCutShort = false
    /// Values that may still be looked at.
    private(set) var steps: Int
    private var frames: [Frame] = []
    private var path: [UInt8] = []

    private struct Frame {
        enum Kind {
            case dictionary
            /// The attributes of a layer: its parameters, buffers and inner layers are dictionaries that give no part of
            /// a name (PyTorch: torch/nn/modules/module.py, `state_dict`).
            case layer
            case sequence
        }

        let kind: Kind
        var cursor: PickleMemory.Cursor
        let pathLength: Int
        var index = 0
    }

    init(memory: PickleMemory, imports: PickleImports, steps: Int) {
        self.memory = memory
        self.imports = imports
        self.steps = steps
    }

    /// Shows every tensor with the bytes of its name, until `visit` returns false.
    mutating func forEachTensor(
        in root: PickleValue, visit: (_ name: [UInt8], TorchDataType, _ shape: [UInt64]) throws -> Bool
    ) throws {
        frames = []
        path = []
        guard try enter(root, visit) else { return }
        while var frame = frames.popLast() {
            guard let first = memory.next(&frame.cursor) else { continue }
            steps -= 1 + path.count / Self.bytesPerStep
            guard steps > 0 else {
                isCutShort = true
                return
            }
            path.removeSubrange(frame.pathLength...)
            var value = first
            switch frame.kind {
            case .sequence:
                appendName(Array(String(frame.index).utf8)[...])
                frame.index += 1
            case .dictionary, .layer:
                guard let second = memory.next(&frame.cursor) else { continue }
                value = second
                if frame.kind == .layer {
                    guard Self.isLayerPart(memory, first) else {
                        frames.append(frame)
                        continue
                    }
                } else {
                    appendName(name(of: first))
                }
            }
            frames.append(frame)
            guard path.count <= Self.maximumNameLength, frames.count < Self.maximumDepth else {
                isCutShort = true
                continue
            }
            guard try enter(value, visit) else { return }
        }
    }

    /// Shows a tensor, or puts a value that may hold some on the list.
    private mutating func enter(
        _ value: PickleValue, _ visit: ([UInt8], TorchDataType, [UInt64]) throws -> Bool
    ) throws -> Bool {
        switch value {
        case .tensor(let index):
            steps -= Self.tensorCost
            let tensor = memory.tensors[Int(index)]
            return try visit(path, tensor.dataType, memory.shape(of: tensor))
        case .dictionary(let container): enter(container, .dictionary)
        case .sequence(let container): enter(container, .sequence)
        case .object(let index):
            if let array = memory.array(value, imports) {
                let shape = memory.elements(array.shape).compactMap { memory.number($0).flatMap(UInt64.init(exactly:)) }
                return try visit(path, array.dataType, shape)
            }
            steps -= Self.layerCost
            let object = memory.objects[Int(index)]
            if let items = object.items { enter(items, .dictionary) }
            switch object.state {
            case .dictionary(let container): enter(container, isLayer(container) ? .layer : .dictionary)
            case .sequence(let container): enter(container, .sequence)
            default: break
            }
        default: break
        }
        return true
    }

    private mutating func enter(_ container: UInt32, _ kind: Frame.Kind) {
        frames.append(Frame(kind: kind, cursor: memory.cursor(container), pathLength: path.count))
    }

    // MARK: - Names

    private mutating func appendName(_ name: ArraySlice<UInt8>) {
        if !path.isEmpty { path.append(UInt8(ascii: ".")) }
        path.append(contentsOf: name)
    }

    private func name(of key: PickleValue) -> ArraySlice<UInt8> {
        if let bytes = memory.bytes(of: key) { return bytes }
        if let number = memory.number(key) { return Array(String(number).utf8)[...] }
        return [UInt8(ascii: "?")]
    }

    private func isLayer(_ container: UInt32) -> Bool {
        var cursor = memory.cursor(container)
        // The parts are among the first attributes of every layer.
        for _ in 0..<Self.layerCost {
            guard let key = memory.next(&cursor), memory.next(&cursor) != nil else { return false }
            if Self.isLayerPart(memory, key) { return true }
        }
        return false
    }

    private static func isLayerPart(_ memory: PickleMemory, _ key: PickleValue) -> Bool {
        memory.isText(key, "_parameters") || memory.isText(key, "_buffers") || memory.isText(key, "_modules")
    }
}
