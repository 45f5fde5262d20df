/// Digests beyond those that every content gets.
package struct WantedDigests: Sendable, Hashable {
    package var blake3: Bool
    /// AutoV3 is wanted of valid safetensors files of at most so many bytes.
    package var autoV3Limit: Int64

    package init(blake3: Bool = false, autoV3UpTo autoV3Limit: Int64 = 0) {
        self.blake3 = blake3
        self.autoV3Limit = autoV3Limit
    }

    /// How contents are found that lack a digest.
    struct Lack {
        /// Holds only those that might, and mostly nothing.
        let index: String
        /// On a row of `contents`.
        let condition: String
    }

    /// One for each kind of these digests.
    ///
    /// - Parameter asked: what a reading was to compute. Where it did not find that, it does not apply.
    func lacks(beyond asked: WantedDigests? = nil) -> [Lack] {
        var lacks: [Lack] = []
        if autoV3Limit > asked?.autoV3Limit ?? -1 {
            let condition = """
                autov3_full IS NULL AND sha256 IS NOT NULL AND format = 'safetensors' AND header_size IS NOT NULL
                    AND message IS NULL AND size <= \(autoV3Limit) AND size > \(asked?.autoV3Limit ?? -1)
                    AND header_size <= size - 8
                """
            lacks.append(Lack(index: "contents_without_autov3", condition: condition))
        }
        if blake3, asked?.blake3 != true {
            lacks.append(
                Lack(index: "contents_without_blake3", condition: "blake3 IS NULL AND sha256 IS NOT NULL"))
        }
        return lacks
    }
}
