/// Files that are no zip archive: pickles one after the other, as PyTorch wrote them before version 1.6.
///
/// The five pickles are the magic number, the version of the format, what the machine was like, the object, and the
/// names of the storages that follow it (PyTorch: torch/serialization.py, `_legacy_save`).
extension PyTorchReader {
    private static let proto: UInt8 = 0x80
    private static let maximumPickles = 64

    mutating func readStream(beginning: [UInt8]) throws {
        var stream = stream(0..<fileSize)
        let first = try followPickle(&stream)
        if let fault = first.fault { return noteFirstFault(fault, beginning) }
        guard case .magic = first.root else {
            try take(first)
            return try readTrailingPickles(&stream)
        }
        for _ in 0..<2 {
            let pickle = try followPickle(&stream)
            if let fault = pickle.fault { return note(problem(ofStream: fault)) }
        }
        let object = try followPickle(&stream)
        if let fault = object.fault { return note(problem(ofStream: fault)) }
        try take(object)
        let keys = try followPickle(&stream)
        if let fault = keys.fault { return note(problem(ofStream: fault)) }
        checkStorages(object.memory, keys, from: stream.offset)
    }

    /// The first pickle decides whether this is a PyTorch file at all.
    private mutating func noteFirstFault(_ fault: PickleMachine.Fault, _ beginning: [UInt8]) {
        if beginning.first == Self.proto || !imports.isEmpty { return note(problem(ofStream: fault)) }
        hasPickle = false
        if let impostor = impostor(beginning) {
            note(.invalid("this is not a PyTorch file but \(impostor)"))
        } else {
            note(.invalid("it does not begin like a PyTorch file"))
        }
    }

    private func impostor(_ beginning: [UInt8]) -> String? {
        if let impostor = FirstBytes.impostor(beginning) { return impostor }
        let isSafetensors =
            beginning.count > 8 && beginning[8] == UInt8(ascii: "{") && beginning[5..<8].allSatisfy { $0 == 0 }
        return isSafetensors ? "a safetensors file" : nil
    }

    private func problem(ofStream fault: PickleMachine.Fault) -> ModelFormatError {
        guard case .ended = fault else { return problem(fault, in: "its pickle") }
        return ModelFormatError(.incomplete(promised: fileSize.advanced(clampedBy: 1)), "its pickle ends too early")
    }

    /// What follows a file's only pickle might be loaded by whoever reads on.
    mutating func readTrailingPickles(_ stream: inout ByteStream) throws {
        for _ in 0..<Self.maximumPickles where stream.remaining > 0 {
            let start = stream.offset
            if try followPickle(&stream).fault != nil {
                return note(.invalid("something that is no pickle follows its pickle at byte \(start)"))
            }
        }
        if stream.remaining > 0 { imports.note(PickleImports.unexamined) }
        note(.invalid("it is a pickle, but not one that PyTorch wrote"))
    }

    /// The numbers of each storage follow the pickles, each after its count.
    private mutating func checkStorages(_ memory: PickleMemory, _ keys: Pickle, from offset: UInt64) {
        var sizes: [ArraySlice<UInt8>: UInt64] = [:]
        for storage in memory.storages {
            guard let key = memory.bytes(of: storage.key) else { continue }
            let size = storage.elementCount.multipliedReportingOverflow(by: storage.dataType.size)
            sizes[key] = size.overflow ? .max : size.partialValue
        }
        guard case .sequence(let list) = keys.root else { return }
        var promised = offset
        var cursor = keys.memory.cursor(list)
        while let key = keys.memory.next(&cursor) {
            guard let name = keys.memory.bytes(of: key), let size = sizes[name] else { continue }
            promised = promised.advanced(clampedBy: 8).advanced(clampedBy: size)
        }
        guard promised > fileSize else { return }
        guard promised < .max else { return note(.invalid("its tensors are larger than any file")) }
        note(
            ModelFormatError(
                .incomplete(promised: promised), "the file has \(fileSize) bytes, but its pickle promises \(promised)"))
    }
}

extension UInt64 {
    /// The sum, or the largest number when that is larger.
    func advanced(clampedBy count: UInt64) -> UInt64 {
        let sum = addingReportingOverflow(count)
        return sum.overflow ? .max : sum.partialValue
    }
}
