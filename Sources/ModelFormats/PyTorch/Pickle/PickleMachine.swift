/// Follows the instructions of one pickle without doing anything that they ask for.
///
/// Names are noted, what is done with them is judged, and calls are kept as values; nothing is imported or called. What the instructions do to the stack is
/// taken from CPython's Modules/_pickle.c, so that what Python would load is what is seen here.
struct PickleMachine {
    /// Why a pickle was not followed to its end.
    enum Fault: Error {
        case ended
        /// Python would stop here too; the text continues "its pickle …".
        case broken(String)
        /// Longer or larger than what is followed, so that what comes after is not known.
        case exhausted
    }

    private static let maximumMemo = 1 << 20
    static let maximumProtocol: UInt8 = 5

    var stream: ByteStream
    /// Instructions that may still be followed. A million is some 29,000 tensors.
    private(set) var steps: Int
    var imports: PickleImports
    var memory = PickleMemory()
    private(set) var result = PickleValue.unknown
    private(set) var stack: [PickleValue] = []
    private var marks: [Int] = []
    private var memo: [PickleValue?] = []
    private var memoCount = 0

    init(stream: ByteStream, imports: PickleImports, steps: Int) {
        self.stream = stream
        self.imports = imports
        self.steps = steps
    }

    /// Follows the pickle to its end; returns why not. Throws only what reading throws.
    mutating func run() throws -> Fault? {
        do {
            while true {
                try spend(1)
                let start = stream.offset
                let byte = try stream.next()
                guard let opcode = PickleOpcode(rawValue: byte) else {
                    throw Fault.broken("has no instruction at byte \(start)")
                }
                if opcode == .stop {
                    result = try pop()
                    judgeKept([result])
                    return nil
                }
                try perform(opcode)
            }
        } catch let fault as Fault {
            return fault
        } catch ByteStream.Fault.ended {
            return .ended
        } catch ByteStream.Fault.exhausted {
            return .exhausted
        }
    }

    /// Counts what an instruction costs.
    mutating func spend(_ count: Int) throws {
        guard steps >= count else { throw Fault.exhausted }
        steps -= count
    }

    // MARK: - Stack

    /// Values below the last mark are out of reach.
    private var fence: Int { marks.last ?? 0 }

    static var underflow: Fault { .broken("takes more values than there are") }

    mutating func push(_ value: PickleValue) { stack.append(value) }

    mutating func pop() throws -> PickleValue {
        guard stack.count > fence else { throw Self.underflow }
        return stack.removeLast()
    }

    func top() throws -> PickleValue {
        guard stack.count > fence, let last = stack.last else { throw Self.underflow }
        return last
    }

    mutating func replaceTop(_ value: PickleValue) throws {
        _ = try pop()
        push(value)
    }

    /// Where the topmost values begin that are so many.
    func place(below count: Int) throws -> Int {
        guard stack.count - fence >= count else { throw Self.underflow }
        return stack.count - count
    }

    mutating func replaceAll(from start: Int, by value: PickleValue) {
        stack.removeSubrange(start...)
        stack.append(value)
    }

    mutating func mark() { marks.append(stack.count) }

    /// Takes everything above the last mark, and the mark.
    mutating func popToMark() throws -> ArraySlice<PickleValue> {
        guard let mark = marks.popLast() else { throw Fault.broken("has no mark where it needs one") }
        let values = Array(stack[mark...])
        stack.removeSubrange(mark...)
        return values[...]
    }

    /// POP takes a mark too when that is on top.
    mutating func popValueOrMark() throws {
        if marks.last == stack.count { marks.removeLast() } else { _ = try pop() }
    }

    // MARK: - Memo

    mutating func memoize(at place: UInt64? = nil) throws {
        let place = place ?? UInt64(memoCount)
        guard place < UInt64(Self.maximumMemo) else { throw Fault.exhausted }
        let index = Int(place)
        if index >= memo.count {
            memo.append(contentsOf: repeatElement(nil, count: index + 1 - memo.count))
        }
        if memo[index] == nil { memoCount += 1 }
        memo[index] = try top()
    }

    mutating func recall(_ place: UInt64) throws {
        guard place < UInt64(memo.count), let value = memo[Int(place)] else {
            throw Fault.broken("asks for a value that it has not kept")
        }
        push(value)
    }

    // MARK: - Instructions

    private mutating func perform(_ opcode: PickleOpcode) throws {
        switch opcode {
        case .stop: break
        case .proto:
            let version = try stream.next()
            // A later Python may know it.
            guard version <= Self.maximumProtocol else { throw Fault.exhausted }
        case .frame: _ = try stream.number(bytes: 8)

        case .mark: mark()
        case .pop: try popValueOrMark()
        case .popMark: _ = try popToMark()
        case .duplicate: push(try top())

        case .put: try memoize(at: try decimalPlace())
        case .put1: try memoize(at: try stream.number(bytes: 1))
        case .put4: try memoize(at: try stream.number(bytes: 4))
        case .memoize: try memoize()
        case .get: try recall(try decimalPlace())
        case .get1: try recall(try stream.number(bytes: 1))
        case .get4: try recall(try stream.number(bytes: 4))

        case .none, .newTrue, .newFalse, .integer, .integer1, .integer2, .integer4, .long, .long1, .long4, .float,
            .float8, .string, .string1, .string4, .unicode, .unicode1, .unicode4, .unicode8, .bytes1, .bytes4, .bytes8,
            .byteArray8, .nextBuffer, .readOnlyBuffer:
            try pushLiteral(opcode)

        case .emptyList, .emptyTuple, .emptySet, .emptyDictionary, .list, .tuple, .tuple1, .tuple2, .tuple3, .frozenSet,
            .dictionary, .append, .appends, .addItems, .setItem, .setItems:
            try buildContainer(opcode)

        case .global, .stackGlobal, .instance, .object, .newObject, .newObjectWithKeywords, .reduce, .build,
            .extension1, .extension2, .extension4, .persistent, .persistentLine:
            try makeObject(opcode)
        }
    }
}
