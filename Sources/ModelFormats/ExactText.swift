internal import Glibc

/// A text that equals another only if the bytes do; `String` also finds different spellings of a character equal, which
/// takes long to find out.
struct ExactText: Hashable, Comparable {
    let text: String

    init(text: String) {
        var native = text
        native.makeContiguousUTF8()
        self.text = native
    }

    static func == (left: ExactText, right: ExactText) -> Bool {
        guard left.text.utf8.count == right.text.utf8.count else { return false }
        return unsafe left.withBytes { left in
            unsafe right.withBytes { right in
                guard let start = left.baseAddress, let other = right.baseAddress else { return true }
                return unsafe memcmp(start, other, left.count) == 0
            }
        }
    }

    /// The order of their bytes.
    static func < (left: ExactText, right: ExactText) -> Bool {
        unsafe left.withBytes { left in
            unsafe right.withBytes { right in
                let count = min(left.count, right.count)
                guard count > 0, let start = left.baseAddress, let other = right.baseAddress else {
                    return left.count < right.count
                }
                let order = unsafe memcmp(start, other, count)
                return order == 0 ? left.count < right.count : order < 0
            }
        }
    }

    func hash(into hasher: inout Hasher) {
        unsafe withBytes { unsafe hasher.combine(bytes: $0) }
    }

    private func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let result = unsafe text.utf8.withContiguousStorageIfAvailable { unsafe body(UnsafeRawBufferPointer($0)) }
        if let result { return result }
        // Never reached: the initializer made the storage contiguous.
        return unsafe Array(text.utf8).withUnsafeBytes { unsafe body($0) }
    }
}
