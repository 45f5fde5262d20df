/// The functions that put tensors together again, by where their arguments say type and shape.
///
/// Source: PyTorch, torch/_utils.py and torch/_tensor.py.
enum TensorRebuilding {
    /// (storage, offset, size, …)
    case tensor
    /// (storage, offset, size, stride, requires gradient, hooks, data type, …)
    case tensorWithType
    /// (data type, size, …)
    case meta
    /// (class, data type, size, …)
    case subclass
    /// (layout, (…, values, size, …))
    case sparse
    /// (tensor or array, data type, …)
    case onDevice
    /// (tensor, …)
    case parameter
    /// (function, class, its arguments, state)
    case fromType

    init?(module: String, name: String) {
        switch (module, name) {
        case ("torch._utils", "_rebuild_tensor"), ("torch._utils", "_rebuild_tensor_v2"),
            ("torch._utils", "_rebuild_qtensor"):
            self = .tensor
        case ("torch._utils", "_rebuild_tensor_v3"): self = .tensorWithType
        case ("torch._utils", "_rebuild_meta_tensor_no_storage"): self = .meta
        case ("torch._utils", "_rebuild_wrapper_subclass"): self = .subclass
        case ("torch._utils", "_rebuild_sparse_tensor"): self = .sparse
        case ("torch._utils", "_rebuild_device_tensor_from_numpy"), ("torch._utils", "_rebuild_xla_tensor"),
            ("torch._utils", "_rebuild_device_tensor_from_cpu_tensor"):
            self = .onDevice
        case ("torch._utils", "_rebuild_parameter"), ("torch._utils", "_rebuild_parameter_with_state"),
            ("torch.nn.parameter", "Parameter"), ("torch.nn", "Parameter"), ("torch.nn.parameter", "Buffer"):
            self = .parameter
        case (_, "_rebuild_from_type"), (_, "_rebuild_from_type_v2"): self = .fromType
        default: return nil
        }
    }
}

extension PickleMachine {
    /// The tensor that a function makes of these arguments; nil when they are not what they should be.
    mutating func rebuild(_ kind: TensorRebuilding, _ arguments: [PickleValue], isInner: Bool = false) -> PickleValue? {
        func argument(_ index: Int) -> PickleValue { index < arguments.count ? arguments[index] : .none }
        switch kind {
        case .tensor: return storedType(argument(0)).flatMap { tensor($0, argument(2)) }
        case .tensorWithType: return dataType(argument(6)).flatMap { tensor($0, argument(2)) }
        case .meta: return dataType(argument(0)).flatMap { tensor($0, argument(1)) }
        case .subclass: return dataType(argument(1)).flatMap { tensor($0, argument(2)) }
        case .sparse:
            let parts = memory.elements(argument(1))
            // Indices, values, size; or, compressed, two lists of indices, values, size.
            guard let size = parts.firstIndex(where: isShape), size >= 2, case .tensor(let values) = parts[size - 1]
            else { return nil }
            return tensor(memory.tensors[Int(values)].dataType, parts[size])
        case .onDevice:
            guard let type = dataType(argument(1)) else { return nil }
            if case .tensor(let index) = argument(0) {
                return memory.makeTensor(type, memory.tensors[Int(index)].dimensions)
            }
            return memory.array(argument(0), imports).flatMap { tensor(type, $0.shape) }
        case .parameter:
            guard case .tensor = argument(0) else { return nil }
            return argument(0)
        case .fromType:
            guard !isInner, case .global(let function) = argument(0),
                case .rebuild(let kind) = imports.entries[Int(function)].role
            else { return nil }
            return rebuild(kind, memory.elements(argument(2)), isInner: true)
        }
    }

    private mutating func tensor(_ type: TorchDataType, _ size: PickleValue) -> PickleValue? {
        var shape = size
        if case .object(let index) = size, case .global(let callee) = memory.objects[Int(index)].callee,
            case .size = imports.entries[Int(callee)].role
        {
            shape = memory.elements(memory.objects[Int(index)].arguments).first ?? .none
        }
        return memory.makeTensor(type, shape: shape)
    }

    private func isShape(_ value: PickleValue) -> Bool {
        switch value {
        case .sequence: return true
        case .object(let index):
            guard case .global(let callee) = memory.objects[Int(index)].callee,
                case .size = imports.entries[Int(callee)].role
            else { return false }
            return true
        default: return false
        }
    }

    private func storedType(_ value: PickleValue) -> TorchDataType? {
        guard case .storage(let index) = value else { return nil }
        return memory.storages[Int(index)].dataType
    }

    private func dataType(_ value: PickleValue) -> TorchDataType? {
        guard case .global(let index) = value, case .dataType(let type) = imports.entries[Int(index)].role
        else { return nil }
        return type
    }
}

extension PickleMemory {
    /// The shape and type of an array of numpy, which BUILD gave it: (version, shape, type, …).
    func array(_ value: PickleValue, _ imports: PickleImports) -> (shape: PickleValue, dataType: TorchDataType)? {
        guard case .object(let index) = value, case .global(let callee) = objects[Int(index)].callee,
            case .numpyArray = imports.entries[Int(callee)].role
        else { return nil }
        let state = elements(objects[Int(index)].state)
        guard state.count >= 3, case .object(let type) = state[2],
            case .global(let typeCallee) = objects[Int(type)].callee,
            case .numpyDataType = imports.entries[Int(typeCallee)].role,
            let code = elements(objects[Int(type)].arguments).first.flatMap({ bytes(of: $0) }),
            let dataType = TorchDataType.byNumpyCode[String(decoding: code, as: UTF8.self)]
        else { return nil }
        return (state[1], dataType)
    }
}
