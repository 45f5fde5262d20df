extension String {
    /// Reads bytes that should be UTF-8; what is not becomes U+FFFD, once for each piece that cannot go on (Unicode,
    /// section 3.9, as `String(decoding:as:)` has it too, which however takes ten times as long for such bytes).
    package init(repairing bytes: [UInt8]) {
        var utf8 = UTF8Validator()
        if utf8.firstFault(in: bytes) == nil, utf8.isComplete {
            self.init(decoding: bytes, as: UTF8.self)
            return
        }
        let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]
        var repaired: [UInt8] = []
        repaired.reserveCapacity(bytes.count)
        utf8 = UTF8Validator()
        // Where the character under way begins.
        var start = 0
        for index in bytes.indices {
            if !utf8.accept(bytes[index]) {
                repaired += replacement
                utf8 = UTF8Validator()
                let isFirst = start == index
                start = index
                // After a broken character this may be the first byte of another.
                if isFirst || !utf8.accept(bytes[index]) {
                    if !isFirst { repaired += replacement }
                    utf8 = UTF8Validator()
                    start = index + 1
                    continue
                }
            }
            if utf8.isComplete {
                repaired += bytes[start...index]
                start = index + 1
            }
        }
        if start < bytes.count { repaired += replacement }
        self.init(decoding: repaired, as: UTF8.self)
    }
}
