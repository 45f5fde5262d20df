/// Cuts the objects of a list out of a JSON answer as it arrives, so that a long one is never held as a whole.
///
/// The answer is an object; the objects in any array directly in it are the elements.
struct ListSplitter {
    /// What the answer may hold besides its elements, in bytes.
    static let envelopeLimit = 1 << 20
    /// The longest element, in bytes.
    static let elementLimit = 64 << 20

    /// The answer without the elements: their array is empty in it.
    private(set) var envelope: [UInt8] = []
    /// True when a limit was passed; nothing more is taken then.
    private(set) var isTooLong = false
    private var element: [UInt8] = []
    private var depth = 0
    private var isInArray = false
    private var isInString = false
    private var isEscaped = false

    /// Takes the next piece and hands each element that ends in it to `receive`, which returns false to end.
    mutating func take(_ bytes: [UInt8], _ receive: ([UInt8]) -> Bool) -> Bool {
        for byte in bytes {
            let wasInElement = isInArray && depth >= 3
            track(byte)
            let isInElement = isInArray && depth >= 3
            if wasInElement || isInElement {
                element.append(byte)
                if !isInElement {
                    guard receive(element) else { return false }
                    element.removeAll(keepingCapacity: true)
                }
            } else if !(isInArray && depth == 2 && byte == UInt8(ascii: ",")) {
                envelope.append(byte)
            }
            isTooLong = element.count > Self.elementLimit || envelope.count > Self.envelopeLimit
            if isTooLong { return false }
        }
        return true
    }

    /// Follows nesting and strings; depth 1 is in the answer, 2 in the list, 3 in an element.
    private mutating func track(_ byte: UInt8) {
        if isInString {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isInString = false
            }
            return
        }
        switch byte {
        case UInt8(ascii: "\""): isInString = true
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            if depth == 1 { isInArray = byte == UInt8(ascii: "[") }
            depth += 1
        case UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(0, depth - 1)
        default: break
        }
    }
}
