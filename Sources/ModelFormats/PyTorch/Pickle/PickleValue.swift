/// A value on the stack of a `PickleMachine`; eight bytes, the rest lies in its `PickleMemory`.
enum PickleValue {
    case none
    /// Something that is not followed: bytes, texts that are too long, results of functions.
    case unknown
    case boolean(Bool)
    case integer(Int32)
    /// An index into `PickleMemory.wideIntegers`.
    case wideInteger(UInt32)
    /// The number with which files of PyTorch before 1.6 begin.
    case magic
    /// An index into `PickleMemory.floats`.
    case float(UInt32)
    /// An index into `PickleMemory.texts`.
    case text(UInt32)
    /// A tuple, list or set: an index into `PickleMemory.containers`.
    case sequence(UInt32)
    /// Keys and values by turns: an index into `PickleMemory.containers`.
    case dictionary(UInt32)
    /// A class or function: an index into `PickleImports.entries`.
    case global(UInt32)
    /// What a call made: an index into `PickleMemory.objects`.
    case object(UInt32)
    /// An index into `PickleMemory.storages`.
    case storage(UInt32)
    /// An index into `PickleMemory.tensors`.
    case tensor(UInt32)
}

/// An object of which only is known how it was made.
struct PickleObject {
    let callee: PickleValue
    let arguments: PickleValue
    /// What BUILD gave it.
    var state = PickleValue.none
    /// The container of keys and values that it was given as a dictionary.
    var items: UInt32?
}

/// Where the numbers of tensors lie.
struct PickleStorage {
    let dataType: TorchDataType
    /// Its name in the file; a text.
    let key: PickleValue
    let elementCount: UInt64
}

/// The shape and type of a tensor.
struct PickleTensor {
    let dataType: TorchDataType
    /// Indices into `PickleMemory.dimensions`.
    let dimensions: Range<UInt32>
}

/// What matters of a dictionary once its members are the attributes of an object.
struct PickleTraits: OptionSet {
    let rawValue: UInt8

    /// It has members that could be called or be asked for attributes.
    static let objects = PickleTraits(rawValue: 1)
    /// It has such members under names that the pickle computes.
    static let computedKeys = PickleTraits(rawValue: 2)
}
