/// What a pickle may do with the things that it imports.
///
/// Python calls more than what a pickle asks it to call: BUILD and APPEND look for methods on the object itself, and some
/// functions call what they are given. So each instruction is judged by one rule: it is harmless when everything that it
/// touches is known, and anything else counts as dangerous.
extension PickleMachine {
    /// Arguments of a call that are looked at; no function that is known does anything with what a later one is.
    static let maximumArguments = 16
    /// Attributes that functions of tensors and of modules call on what they are given.
    private static let calledAttributes: [StaticString] = ["as_subclass", "detach", "forward"]

    /// Notes that something known was used in a way that is not: by name, where it has one.
    mutating func noteMisuse(_ value: PickleValue) {
        var value = value
        // Objects that were made by the result of a call have been noted when they were made.
        if case .object(let index) = value { value = memory.objects[Int(index)].callee }
        if case .global(let index) = value { imports.noteMisuse(index) } else { imports.note(PickleImports.computed) }
    }

    // MARK: - Values

    /// `getattr` may be called only; in any other place something else could call it.
    mutating func judgeKept(_ values: ArraySlice<PickleValue>) {
        for case .global(let index) in values {
            if case .attribute = imports.entries[Int(index)].use { imports.noteMisuse(index) }
        }
    }

    /// The names of attributes: Python looks for its own methods (`__setstate__`) among those of an object too.
    mutating func judgePairs(_ pairs: ArraySlice<PickleValue>) -> PickleTraits {
        var traits: PickleTraits = []
        judgeKept(pairs)
        var index = pairs.startIndex
        while index + 1 < pairs.endIndex {
            let key = pairs[index]
            let value = pairs[index + 1]
            index += 2
            if isCallable(value) { traits.insert(.objects) }
            switch key {
            case .text: if isMethod(key), !isPlain(value) { noteMisuse(value) }
            case .unknown, .object: if isCallable(value) { traits.insert(.computedKeys) }
            default: break
            }
        }
        return traits
    }

    private func isMethod(_ key: PickleValue) -> Bool {
        guard let name = memory.bytes(of: key) else { return false }
        if name.count >= 4, name.starts(with: "__".utf8), name.suffix(2).elementsEqual("__".utf8) { return true }
        return Self.calledAttributes.contains { memory.isText(key, $0) }
    }

    private func isCallable(_ value: PickleValue) -> Bool {
        switch value {
        case .global, .object: true
        case .dictionary(let container): memory.traits(container).contains(.computedKeys)
        default: false
        }
    }

    /// Whether it can neither be called nor hide the names of attributes.
    private func isPlain(_ value: PickleValue) -> Bool {
        switch value {
        case .object(let index):
            guard case .global(let callee) = memory.objects[Int(index)].callee else { return false }
            return imports.entries[Int(callee)].isPlainSet
        case .global, .unknown: return false
        default: return !isCallable(value)
        }
    }

    // MARK: - Calls

    /// Judges what a function or class is given. Functions ask objects for attributes, which the file chooses.
    mutating func judgeArguments(of callee: UInt32, _ arguments: PickleValue) {
        guard case .sequence = arguments else { return imports.noteMisuse(callee) }
        let values = memory.elements(arguments, limit: Self.maximumArguments)
        judgeGiven(values, to: callee)
        switch imports.entries[Int(callee)].role {
        case .rebuild(.fromType): judgeRebuilding(callee, values)
        case .rebuild(.sparse):
            if values.count > 1 { judgeGiven(memory.elements(values[1], limit: Self.maximumArguments), to: callee) }
        case .rebuild:
            // (data, …, hooks, state) of a parameter.
            if values.count == 4, imports.entries[Int(callee)].name.hasSuffix("_with_state") {
                judgeState(values[3], of: .global(callee))
            }
        case .typeTag:
            // Returns what it is given.
            switch values.first {
            case .dictionary, .sequence: break
            default: imports.noteMisuse(callee)
            }
        case .numpyBuffer(let place):
            if values.count <= place || !isHarmlessDataType(values[place]) { imports.noteMisuse(callee) }
        default: break
        }
    }

    private mutating func judgeGiven(_ values: [PickleValue], to callee: UInt32) {
        for value in values {
            switch value {
            case .global(let index): noteCall(index)
            case .object(let index) where hasAttributes(memory.objects[Int(index)]): imports.noteMisuse(callee)
            default: break
            }
        }
    }

    /// Notes that a name is called, or given to something that may call it.
    mutating func noteCall(_ index: UInt32) {
        switch imports.entries[Int(index)].use {
        case .asObject, .attribute: imports.noteMisuse(index)
        case .any, .none: break
        }
    }

    private func hasAttributes(_ object: PickleObject) -> Bool {
        guard case .global(let callee) = object.callee else { return true }
        let entry = imports.entries[Int(callee)]
        if case .any = entry.use, !entry.isNamespace {
            switch entry.role {
            case .numpyArray, .numpyDataType: return false
            default: break
            }
            if case .none = object.state { return false }
        }
        return !entry.isScript
    }

    /// (function, class, its arguments, state): it calls the function with the arguments.
    private mutating func judgeRebuilding(_ callee: UInt32, _ values: [PickleValue]) {
        guard values.count == 4, case .global(let function) = values[0], case .global = values[1],
            case .rebuild(let kind) = imports.entries[Int(function)].role
        else { return imports.noteMisuse(callee) }
        if case .fromType = kind { return imports.noteMisuse(callee) }
        judgeArguments(of: function, values[2])
        judgeState(values[3], of: .global(callee))
    }

    /// Whether it makes an empty object of a class: (class, base class, what that is given). Anything but Python's own
    /// base classes could have methods that the file chooses, and would be asked for them.
    func isReconstruction(_ values: [PickleValue]) -> Bool {
        guard values.count == 3, case .global = values[0], case .global(let base) = values[1],
            imports.entries[Int(base)].isPlainType
        else { return false }
        switch values[2] {
        case .global, .object: return false
        default: return true
        }
    }

    // MARK: - State

    /// Gives an object its state. A class or function that gets one is changed for the whole program.
    mutating func build(_ target: PickleValue, _ state: PickleValue) {
        switch target {
        case .object(let index):
            let object = memory.objects[Int(index)]
            if case .global(let callee) = object.callee {
                let entry = imports.entries[Int(callee)]
                if !entry.isScript { judgeState(state, of: target) }
                if case .numpyDataType = entry.role, !isHarmlessState(state, ofDataType: object) {
                    imports.noteMisuse(callee)
                }
                if case .attribute = entry.use { imports.noteMisuse(callee) }
            } else {
                imports.note(PickleImports.computed)
            }
            memory.objects[Int(index)].state = state
        case .global(let index): imports.noteMisuse(index)
        case .unknown: imports.note(PickleImports.computed)
        default: judgeState(state, of: target)
        }
    }

    /// A state is written out in the pickle, as a dictionary, a pair of them, or what a class has of its own.
    private mutating func judgeState(_ state: PickleValue, of target: PickleValue) {
        let refused = refusedTraits(of: target)
        switch state {
        case .global, .object, .storage, .tensor: noteMisuse(target)
        case .dictionary(let container): if !memory.traits(container).isDisjoint(with: refused) { noteMisuse(target) }
        case .sequence:
            let parts = memory.elements(state, limit: Self.maximumArguments)
            for part in parts {
                switch part {
                case .dictionary(let container):
                    if !memory.traits(container).isDisjoint(with: refused) { noteMisuse(target) }
                // Attributes of two kinds.
                case .global, .object: if parts.count == 2 { noteMisuse(target) }
                default: break
                }
            }
        default: break
        }
    }

    /// Dictionaries and tensors have few attributes, and functions that are given them call their methods.
    private func refusedTraits(of target: PickleValue) -> PickleTraits {
        switch target {
        case .object, .global: [.computedKeys]
        default: [.computedKeys, .objects]
        }
    }

    // MARK: - Containers

    /// Appends to a list, which others could have their own idea of.
    mutating func judgeAppending(to target: PickleValue) {
        switch target {
        case .object(let index):
            if case .global(let callee) = memory.objects[Int(index)].callee, imports.entries[Int(callee)].isList {
                break
            }
            noteMisuse(target)
        case .global, .dictionary, .unknown, .storage, .tensor: noteMisuse(target)
        default: break
        }
    }

    /// Sets the values of a dictionary, which others could have their own idea of.
    mutating func judgeSetting(of target: PickleValue, _ traits: PickleTraits) {
        switch target {
        case .object(let index):
            if !traits.contains(.computedKeys), case .global(let callee) = memory.objects[Int(index)].callee,
                imports.entries[Int(callee)].isDictionary
            {
                break
            }
            noteMisuse(target)
        case .global, .unknown, .storage, .tensor: noteMisuse(target)
        default: break
        }
    }

    // MARK: - Types of numpy

    /// The letter of a type of numpy that has one ("<f4"); nil for types made of others and what is not known.
    private func kind(ofDataType object: PickleObject) -> UInt8? {
        guard var code = memory.elements(object.arguments).first.flatMap({ memory.bytes(of: $0) }) else { return nil }
        if let order = code.first, "<>|=".utf8.contains(order) { code = code.dropFirst() }
        guard let kind = code.popFirst(), "?bBiIuUlLqQhHefdgcFDGSaMmVO".utf8.contains(kind) else { return nil }
        if kind == UInt8(ascii: "M") || kind == UInt8(ascii: "m") { return kind }
        return code.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? kind : nil
    }

    /// (version, byte order, base, names, fields, size, alignment, flags, …). The flags say whether memory holds
    /// references: those of a type must be its own, or numbers of the file would be taken for objects.
    private func isHarmlessState(_ state: PickleValue, ofDataType object: PickleObject) -> Bool {
        let parts = memory.elements(state)
        guard parts.count >= 8, let kind = kind(ofDataType: object), let flags = memory.number(parts[7]) else {
            return false
        }
        for part in parts[2...4] { guard case .none = part else { return false } }
        return kind == UInt8(ascii: "O") ? flags == 63 : flags == 0 || flags == 8
    }

    /// Whether bytes may be taken for values of the type; of objects it would be the objects themselves.
    private func isHarmlessDataType(_ value: PickleValue) -> Bool {
        guard case .object(let index) = value, case .global(let callee) = memory.objects[Int(index)].callee,
            case .numpyDataType = imports.entries[Int(callee)].role,
            let kind = kind(ofDataType: memory.objects[Int(index)])
        else { return false }
        return kind != UInt8(ascii: "O") && kind != UInt8(ascii: "V")
    }
}
