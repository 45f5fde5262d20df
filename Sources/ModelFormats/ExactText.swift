/// A text that equals another only if the bytes do; `String` also finds different spellings of a character equal.
struct ExactText: Hashable {
    let text: String

    static func == (left: ExactText, right: ExactText) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

    func hash(into hasher: inout Hasher) {
        let isHashed: Void? = unsafe text.utf8.withContiguousStorageIfAvailable { bytes in
            unsafe hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
        }
        // Only bridged strings have no storage of their own, and there are none on Linux.
        if isHashed == nil { for byte in text.utf8 { hasher.combine(byte) } }
    }
}
