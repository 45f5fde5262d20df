internal import APIClient
internal import FoundationEssentials
internal import IndexAPI

/// What `export FILE` and `backup FILE` have written; with --json printed as it is.
struct WrittenFile: Encodable {
    let path: String
    let bytes: Int64
}

extension CommandRun {
    /// Says what was written where.
    func print(_ written: WrittenFile, _ text: String) throws {
        if wantsJSON {
            print(body: Array(try WireJSON.encode(written)))
        } else {
            print(sentence: "\(text) (\(sizeText(written.bytes))).")
        }
    }

    /// Runs an exchange whose answer is worth nothing unless it is complete, and returns what it returns; nil when who
    /// receives it wants no more.
    ///
    /// - Parameter exchange: sets its argument when the answer has begun to come. A daemon that goes away after that is
    ///   a failure of the command, not a daemon that cannot be reached.
    func completeAnswer<Value>(_ exchange: (_ hasBegun: inout Bool) throws -> Value) throws -> Value? {
        var hasBegun = false
        do {
            return try exchange(&hasBegun)
        } catch APIClientError.cancelled {
            return nil
        } catch APIClientError.unreachable(let tried) where hasBegun {
            let reason = tried.last.map { " " + displayed($0.message) } ?? ""
            throw CommandFailure(message: "The daemon's answer ended before its end." + reason)
        }
    }
}
