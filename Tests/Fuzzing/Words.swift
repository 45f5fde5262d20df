/// Words that more than one format knows.
enum Words {
    static let json = of(
        "{\"", "\":", "\",\"", "\\u00", "\\ud83d\\ude00", "null", "true", "false", "[[[[[[[[", "1e9",
        "18446744073709551615")

    /// The bytes of texts.
    static func of(_ texts: String...) -> [[UInt8]] { texts.map { Array($0.utf8) } }
}
