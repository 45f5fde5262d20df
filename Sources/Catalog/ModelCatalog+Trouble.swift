internal import SQLite

extension ModelCatalog {
    /// True for an error that says nothing of what was to be written: the same may be written later, when there is room
    /// on the disk again.
    package static func isPassing(_ error: any Error) -> Bool {
        guard let code = (error as? SQLiteError)?.code.primary else { return false }
        return [.full, .inputOutput, .readOnly, .cannotOpen, .busy, .locked, .outOfMemory].contains(code)
    }
}
