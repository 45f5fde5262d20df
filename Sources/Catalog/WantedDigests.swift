/// Digests beyond those that every content gets.
package struct WantedDigests: Sendable, Hashable {
    package var blake3: Bool
    /// AutoV3 is wanted of valid safetensors files of at most so many bytes.
    package var autoV3Limit: Int64

    package init(blake3: Bool = false, autoV3UpTo autoV3Limit: Int64 = 0) {
        self.blake3 = blake3
        self.autoV3Limit = autoV3Limit
    }

    /// Conditions on a row of `contents`: each finds those that lack one kind of these digests.
    ///
    /// - Parameter asked: what a reading was to compute. Where it did not find that, it does not apply.
    func lacking(beyond asked: WantedDigests? = nil) -> [String] {
        var conditions: [String] = []
        if autoV3Limit > asked?.autoV3Limit ?? -1 {
            conditions.append(
                """
                autov3_full IS NULL AND sha256 IS NOT NULL AND format = 'safetensors' AND header_size IS NOT NULL
                    AND message IS NULL AND size <= \(autoV3Limit) AND size > \(asked?.autoV3Limit ?? -1)
                    AND header_size <= size - 8
                """)
        }
        if blake3, asked?.blake3 != true { conditions.append("blake3 IS NULL AND sha256 IS NOT NULL") }
        return conditions
    }
}
