/// FNV-1a of 64 bits (RFC 9923), for values that are stored or shown: Swift's own hashes differ from run to run.
struct StableHash {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }

    mutating func add(_ number: Int64) {
        add(stride(from: 0, to: 64, by: 8).map { UInt8(truncatingIfNeeded: number >> $0) })
    }
}
