/// Imports and calls.
extension PickleMachine {
    /// What a name costs beside its bytes: it is looked up.
    private static let importCost = 8

    mutating func makeObject(_ opcode: PickleOpcode) throws {
        switch opcode {
        case .global:
            push(try importLines())
        case .stackGlobal:
            let name = try pop()
            let module = try pop()
            push(try importName(module, name))
        case .instance:
            let callee = try importLines()
            push(try call(callee, sequence(try popToMark())))
        case .object:
            let values = try popToMark()
            guard let callee = values.first else { throw Self.underflow }
            push(try call(callee, sequence(values.dropFirst())))
        case .reduce:
            let arguments = try pop()
            let callee = try pop()
            push(try call(callee, arguments))
        case .newObjectWithKeywords:
            let keywords = try pop()
            let arguments = try pop()
            let callee = try pop()
            judgeKeywords(of: callee, keywords)
            push(instantiate(callee, arguments))
        case .newObject:
            let arguments = try pop()
            push(instantiate(try pop(), arguments))
        case .build:
            let state = try pop()
            build(try top(), state)
        case .extension1: try pushExtension(1)
        case .extension2: try pushExtension(2)
        case .extension4: try pushExtension(4)
        case .persistentLine:
            _ = try line()
            push(.unknown)
        case .persistent: push(persistent(try pop()))
        default: break
        }
    }

    // MARK: - Names

    /// Python stops at lines that are not UTF-8; mostly what has them is not a pickle at all.
    private mutating func importLines() throws -> PickleValue {
        let module = try line()
        let name = try line()
        guard let moduleName = String(validating: module, as: UTF8.self),
            let ownName = String(validating: name, as: UTF8.self)
        else { throw Fault.broken("imports something whose name is not UTF-8") }
        return try importName(moduleName, ownName)
    }

    private mutating func importName(_ module: PickleValue, _ name: PickleValue) throws -> PickleValue {
        let moduleBytes = memory.bytes(of: module)
        let nameBytes = memory.bytes(of: name)
        guard let moduleBytes, let nameBytes else {
            func shown(_ bytes: ArraySlice<UInt8>?) -> String {
                bytes.map { String(decoding: $0.prefix(64), as: UTF8.self) } ?? PickleImports.computed
            }
            imports.note(
                moduleBytes == nil && nameBytes == nil
                    ? PickleImports.computed : shown(moduleBytes) + "." + shown(nameBytes))
            return .unknown
        }
        return try importName(
            String(decoding: moduleBytes, as: UTF8.self), String(decoding: nameBytes, as: UTF8.self))
    }

    private mutating func importName(_ module: String, _ name: String) throws -> PickleValue {
        try spend(Self.importCost + (module.utf8.count + name.utf8.count) / 16)
        return imports.index(module: module, name: name).map { .global($0) } ?? .unknown
    }

    /// A number that stands for a name that Python was told elsewhere.
    private mutating func pushExtension(_ size: Int) throws {
        imports.note("(extension \(try stream.number(bytes: size)))")
        push(.unknown)
    }

    // MARK: - Calls

    /// Notes the call of a function or class, and what is known of its result.
    private mutating func call(_ callee: PickleValue, _ arguments: PickleValue) throws -> PickleValue {
        guard case .global(let index) = callee else {
            imports.note(PickleImports.computed)
            return .unknown
        }
        let values = memory.elements(arguments, limit: Self.maximumArguments)
        let entry = imports.entries[Int(index)]
        switch entry.role {
        case .attribute: return attribute(index, callee, arguments)
        case .reconstructor:
            guard isReconstruction(values) else {
                imports.noteMisuse(index)
                return .unknown
            }
            return instantiate(values[0], sequence([]))
        default: break
        }
        noteCall(index)
        if !entry.isScript { judgeArguments(of: index, arguments) }

        switch entry.role {
        case .orderedDictionary:
            guard let dictionary = try dictionary(values.first) else { break }
            return .dictionary(dictionary)
        case .dictionary:
            guard values.count <= 1 else { break }
            return .dictionary(memory.makeContainer())
        case .typeTag: return values.first ?? .unknown
        case .rebuild(let kind):
            if let tensor = rebuild(kind, values) { return tensor }
        default: break
        }
        return memory.makeObject(callee, arguments)
    }

    /// Whole segmentation models of ultralytics keep `Detect.forward`, and so call `getattr(Detect, "forward")`.
    private mutating func attribute(_ index: UInt32, _ callee: PickleValue, _ arguments: PickleValue) -> PickleValue {
        let values = memory.elements(arguments, limit: Self.maximumArguments)
        if values.count == 2, case .global(let owner) = values[0],
            case .asObject = imports.entries[Int(owner)].use, memory.isText(values[1], "forward")
        {
            imports.noteProperUse(index)
        } else {
            imports.noteMisuse(index)
        }
        return memory.makeObject(callee, arguments)
    }

    /// Notes a new object of a class, whose initialiser is not called.
    private mutating func instantiate(_ callee: PickleValue, _ arguments: PickleValue) -> PickleValue {
        guard case .global(let index) = callee else {
            imports.note(PickleImports.computed)
            return .unknown
        }
        let entry = imports.entries[Int(index)]
        if case .attribute = entry.use { imports.noteMisuse(index) }
        if !entry.isScript { judgeArguments(of: index, arguments) }
        switch entry.role {
        case .orderedDictionary, .dictionary: return .dictionary(memory.makeContainer())
        default: return memory.makeObject(callee, arguments)
        }
    }

    /// Nothing that models are saved with needs any.
    private mutating func judgeKeywords(of callee: PickleValue, _ keywords: PickleValue) {
        if case .dictionary(let container) = keywords {
            var cursor = memory.cursor(container)
            if memory.next(&cursor) == nil { return }
        }
        noteMisuse(callee)
    }

    /// Python 2 gave an ordered dictionary its pairs as a list; nil for what is not written out in the pickle.
    private mutating func dictionary(_ pairs: PickleValue?) throws -> UInt32? {
        guard let pairs else { return memory.makeContainer() }
        guard case .sequence(let list) = pairs else { return nil }
        let dictionary = memory.makeContainer()
        var cursor = memory.cursor(list)
        while let pair = memory.next(&cursor) {
            try spend(1)
            let parts = memory.elements(pair, limit: 3)
            guard parts.count == 2 else { return nil }
            memory.note(judgePairs(parts[...]), of: dictionary)
            memory.append(parts[...], to: dictionary)
        }
        return dictionary
    }

    /// What a file of PyTorch keeps outside the pickle (torch/serialization.py, `persistent_id`).
    private mutating func persistent(_ identifier: PickleValue) -> PickleValue {
        let parts = memory.elements(identifier)
        guard parts.count >= 2, let kind = parts.first else { return .unknown }
        // A class together with its source, which is only compared.
        if memory.isText(kind, "module") { return parts[1] }
        guard memory.isText(kind, "storage"), parts.count >= 5, case .global(let index) = parts[1],
            case .storage(let type) = imports.entries[Int(index)].role, let count = memory.number(parts[4]), count >= 0
        else { return .unknown }
        return memory.makeStorage(type, key: parts[2], elementCount: UInt64(count))
    }
}
