/// The bytes of a JSON text while `Encodable` values are written into them, one after the other.
///
/// What a value writes goes straight to its place. Only the members of an object are moved, when it is closed, unless
/// they came in the order of their keys.
struct JSONOutput {
    /// Where a value goes, or has gone.
    struct Place: Equatable {
        /// How many containers are around it, with the one that stands for the whole text.
        let depth: Int
        /// No other place has it.
        let number: Int
    }

    enum Kind {
        case text, array, object
    }

    private struct Container {
        let kind: Kind
        /// Where it stands itself.
        let place: Place
        /// Where its bracket is in the text.
        let start: Int
        /// Its first member is the one at this index, or will be.
        let firstMember: Int
        /// How many places there have been in it.
        var count = 0
        /// The last place in it, and where that begins in the text.
        var last = 0
        var lastStart = 0

        /// Counts a member that needs no place, since its value is written at once.
        mutating func noteMember(at start: Int) {
            count += 1
            (last, lastStart) = (0, start)
        }
    }

    private struct Member {
        let key: String
        /// Where the key begins in the text.
        let start: Int
        /// Where the value ends, once that is known.
        var end = 0
    }

    private(set) var bytes: [UInt8] = []
    /// The containers that are not complete, from the outermost to the innermost; the first is the whole text.
    private var open: [Container] = []
    /// The members of the open objects.
    private var members: [Member] = []
    private var lastNumber = 0
    /// The first use of a container that cannot be answered with a value in its place.
    private(set) var misuse: EncodingError?

    init() {
        bytes.reserveCapacity(2048)
        open.append(
            Container(kind: .text, place: Place(depth: 0, number: 0), start: -1, firstMember: 0))
    }

    /// The place of the whole text's value.
    mutating func firstPlace() -> Place { newPlace(in: 0) }

    /// Closes what is open.
    mutating func finish() {
        while open.count > 1 { close() }
        if bytes.isEmpty { note("no value was written") }
    }

    // MARK: - Places

    /// The next place of an array.
    mutating func place(inArrayAt place: Place) -> Place {
        guard select(.array, at: place) else { return place }
        separate()
        return newPlace(in: place.depth)
    }

    /// The place of a member of an object.
    mutating func place(of key: String, inObjectAt place: Place) -> Place {
        guard begin(key, inObjectAt: place) else { return place }
        return newPlace(in: place.depth)
    }

    /// Writes a key; false when the object is closed.
    private mutating func begin(_ key: String, inObjectAt place: Place) -> Bool {
        guard select(.object, at: place) else { return false }
        separate()
        members.append(Member(key: key, start: bytes.count))
        bytes.append(quoted: key)
        bytes.append(UInt8(ascii: ":"))
        return true
    }

    /// Opens a container at a place, or goes on with the one of its kind that is open there.
    mutating func open(_ kind: Kind, at place: Place) {
        if open.count > place.depth, open[place.depth].place == place, open[place.depth].kind == kind { return }
        guard beginValue(at: place) else { return }
        open.append(Container(kind: kind, place: place, start: bytes.count, firstMember: members.count))
        bytes.append(kind == .object ? UInt8(ascii: "{") : UInt8(ascii: "["))
    }

    /// How many elements the array at a place has.
    func count(inArrayAt place: Place) -> Int {
        open.count > place.depth && open[place.depth].place == place ? open[place.depth].count : 0
    }

    /// The keys that lead to a place.
    func path(to place: Place) -> [any CodingKey] {
        (1..<max(1, min(place.depth, open.count))).map { depth in
            let container = open[depth]
            guard container.kind == .object else { return PathKey(index: container.count - 1) }
            let next = depth + 1 < open.count ? open[depth + 1].firstMember : members.count
            return PathKey(stringValue: members[next - 1].key)
        }
    }

    private mutating func newPlace(in depth: Int) -> Place {
        lastNumber += 1
        open[depth].count += 1
        open[depth].last = lastNumber
        open[depth].lastStart = bytes.count
        return Place(depth: depth + 1, number: lastNumber)
    }

    private mutating func separate() {
        if open[open.count - 1].count > 0 { bytes.append(UInt8(ascii: ",")) }
    }

    /// Makes a container the innermost one; false when it is closed.
    private mutating func select(_ kind: Kind, at place: Place) -> Bool {
        guard open.count > place.depth, open[place.depth].place == place, open[place.depth].kind == kind else {
            note("a container was used after the one around it had gone on, or as another kind")
            return false
        }
        while open.count > place.depth + 1 { close() }
        fillLastPlace()
        return true
    }

    /// True when a value may be written at a place: it is the last one, and empty.
    private mutating func beginValue(at place: Place) -> Bool {
        guard open.count == place.depth, open[place.depth - 1].last == place.number,
            open[place.depth - 1].lastStart == bytes.count
        else {
            note("a value was written twice, or after the container around it had gone on")
            return false
        }
        return true
    }

    /// A value that has written nothing is an object without members.
    private mutating func fillLastPlace() {
        let container = open[open.count - 1]
        if container.count > 0, container.lastStart == bytes.count { bytes += "{}".utf8 }
    }

    private mutating func close() {
        fillLastPlace()
        let container = open.removeLast()
        if container.kind == .object {
            sortMembers(from: container.firstMember, start: container.start + 1)
            bytes.append(UInt8(ascii: "}"))
        } else {
            bytes.append(UInt8(ascii: "]"))
        }
    }

    /// Moves the members of the innermost object into the order of their keys; of several with one key the last stays.
    private mutating func sortMembers(from first: Int, start: Int) {
        defer { members.removeSubrange(first...) }
        let isSorted = members.indices.dropFirst(first + 1).allSatisfy { index in
            Self.precedes(members[index - 1].key, members[index].key)
        }
        if isSorted { return }
        for index in first..<members.count {
            members[index].end = index + 1 < members.count ? members[index + 1].start - 1 : bytes.count
        }
        // The sort is stable, so that the last of several stays the last.
        members[first...].sort { Self.precedes($0.key, $1.key) }
        var sorted: [UInt8] = []
        sorted.reserveCapacity(bytes.count - start)
        for index in first..<members.count {
            let member = members[index]
            if index + 1 < members.count, members[index + 1].key == member.key { continue }
            if !sorted.isEmpty { sorted.append(UInt8(ascii: ",")) }
            sorted += bytes[member.start..<member.end]
        }
        bytes.replaceSubrange(start..., with: sorted)
    }

    /// True when one key's UTF-8 bytes come before those of another.
    static func precedes(_ left: String, _ right: String) -> Bool {
        // Compared where they are, as long as they are stored as UTF-8; character by character takes longer.
        let outcome: Bool?? = unsafe left.utf8.withContiguousStorageIfAvailable { left in
            unsafe right.utf8.withContiguousStorageIfAvailable { right in
                unsafe left.lexicographicallyPrecedes(right)
            }
        }
        return (outcome ?? nil) ?? left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    private mutating func note(_ description: String) {
        guard misuse == nil else { return }
        misuse = .invalidValue("", EncodingError.Context(codingPath: [], debugDescription: description))
    }

    // MARK: - Values

    /// A value that needs no escapes, such as a number.
    mutating func write(_ text: String, at place: Place) {
        guard beginValue(at: place) else { return }
        bytes += text.utf8
    }

    mutating func write(string: String, at place: Place) {
        guard beginValue(at: place) else { return }
        bytes.append(quoted: string)
    }

    /// A member whose value needs no escapes; as if written at a place of its own.
    mutating func write(_ text: String, for key: String, inObjectAt place: Place) {
        guard begin(key, inObjectAt: place) else { return }
        open[place.depth].noteMember(at: bytes.count)
        bytes += text.utf8
    }

    mutating func write(string: String, for key: String, inObjectAt place: Place) {
        guard begin(key, inObjectAt: place) else { return }
        open[place.depth].noteMember(at: bytes.count)
        bytes.append(quoted: string)
    }
}

extension [UInt8] {
    /// Appends a string with its quotes; of the characters only those are escaped that have to be (RFC 8259, section 7).
    mutating func append(quoted string: String) {
        append(UInt8(ascii: "\""))
        var string = string
        string.withUTF8 { text in
            // Most texts have none to escape, and counting them all takes less than stopping at each byte.
            guard unsafe text.count(where: Self.isEscaped) > 0 else { return unsafe append(contentsOf: text) }
            var written = 0
            for index in 0..<text.count {
                let byte = unsafe text[index]
                guard Self.isEscaped(byte) else { continue }
                unsafe append(contentsOf: UnsafeBufferPointer(rebasing: text[written..<index]))
                self += Self.escaped(byte).utf8
                written = index + 1
            }
            unsafe append(contentsOf: UnsafeBufferPointer(rebasing: text[written...]))
        }
        append(UInt8(ascii: "\""))
    }

    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private static func escaped(_ byte: UInt8) -> String {
        switch byte {
        case UInt8(ascii: "\""): "\\\""
        case UInt8(ascii: "\\"): "\\\\"
        case 0x08: "\\b"
        case 0x09: "\\t"
        case 0x0A: "\\n"
        case 0x0C: "\\f"
        case 0x0D: "\\r"
        default: "\\u00" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16)
        }
    }
}

/// A key on the way to a place.
private struct PathKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(stringValue: String) { (self.stringValue, intValue) = (stringValue, nil) }
    init(index: Int) { (stringValue, intValue) = ("Index \(index)", index) }
    init?(intValue: Int) { self.init(index: intValue) }
}
