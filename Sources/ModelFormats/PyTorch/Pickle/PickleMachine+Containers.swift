/// Lists, tuples, sets and dictionaries.
extension PickleMachine {
    mutating func buildContainer(_ opcode: PickleOpcode) throws {
        switch opcode {
        case .emptyList, .emptyTuple, .emptySet: push(.sequence(memory.makeContainer()))
        case .emptyDictionary: push(.dictionary(memory.makeContainer()))
        case .list, .tuple, .frozenSet: push(sequence(try popToMark()))
        case .tuple1: try pushTuple(1)
        case .tuple2: try pushTuple(2)
        case .tuple3: try pushTuple(3)
        case .dictionary:
            let values = try popToMark()
            let dictionary = PickleValue.dictionary(memory.makeContainer())
            set(try Self.pairs(values), of: dictionary)
            push(dictionary)
        case .append: add([try pop()], to: try top())
        case .appends, .addItems:
            let values = try popToMark()
            add(values, to: try top())
        case .setItem:
            let value = try pop()
            let key = try pop()
            set([key, value], of: try top())
        case .setItems:
            let values = try Self.pairs(try popToMark())
            set(values, of: try top())
        default: break
        }
    }

    private mutating func pushTuple(_ count: Int) throws {
        let start = try place(below: count)
        replaceAll(from: start, by: sequence(stack[start...]))
    }

    mutating func sequence(_ values: ArraySlice<PickleValue>) -> PickleValue {
        judgeKept(values)
        return .sequence(memory.makeContainer(values))
    }

    private static func pairs(_ values: ArraySlice<PickleValue>) throws -> ArraySlice<PickleValue> {
        guard values.count.isMultiple(of: 2) else { throw Fault.broken("has a key without a value") }
        return values
    }

    /// Objects that are a kind of list are not followed.
    private mutating func add(_ values: ArraySlice<PickleValue>, to target: PickleValue) {
        judgeKept(values)
        judgeAppending(to: target)
        if case .sequence(let container) = target { memory.append(values, to: container) }
    }

    private mutating func set(_ values: ArraySlice<PickleValue>, of target: PickleValue) {
        let traits = judgePairs(values)
        judgeSetting(of: target, traits)
        switch target {
        case .dictionary(let container):
            memory.append(values, to: container)
            memory.note(traits, of: container)
        case .object(let index):
            let items = memory.objects[Int(index)].items ?? memory.makeContainer()
            memory.objects[Int(index)].items = items
            memory.append(values, to: items)
        default: break
        }
    }
}
