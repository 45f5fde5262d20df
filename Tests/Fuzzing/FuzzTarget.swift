/// Something that reads bytes of unknown origin. Each file in `Targets` has one, named `Target`.
protocol FuzzTarget {
    /// Inputs to begin with: small, and valid for the most part.
    static var seeds: [[UInt8]] { get }
    /// Words that chance would hardly find.
    static var words: [[UInt8]] { get }

    /// Reads an input and ends the process when something is wrong with what comes out.
    static func run(_ input: [UInt8])
}

/// Ends the process with a sentence if something is not as it must be.
func require(_ condition: Bool, _ message: @autoclosure () -> String) {
    if !condition { fatalError(message()) }
}
