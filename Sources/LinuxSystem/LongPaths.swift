internal import Glibc

/// The end of a path that the kernel takes only in pieces.
struct SteppedPath: ~Copyable {
    /// The directory that holds the last piece.
    let directory: FileDescriptor
    /// A path below it that is short enough.
    let name: [UInt8]
}

/// Opens the directories on a path that is longer than PATH_MAX, as many components at a time as the kernel takes.
func openStepwise(_ directory: Int32, _ path: [UInt8], shown: FilePath?) throws(SystemError) -> SteppedPath {
    let shown = shown ?? FilePath(unchecked: path)
    var rest = path[...]
    let first = try openPiece(&rest, in: directory, shown: shown)
    var opened = first
    while rest.count >= Int(PATH_MAX) { opened = try openPiece(&rest, in: opened.number, shown: shown) }
    return SteppedPath(directory: opened, name: Array(rest))
}

private func openPiece(
    _ rest: inout ArraySlice<UInt8>, in directory: Int32, shown: FilePath
) throws(SystemError) -> FileDescriptor {
    let slash = UInt8(ascii: "/")
    guard let end = rest.prefix(Int(PATH_MAX) - 1).lastIndex(of: slash), end > rest.startIndex else {
        throw SystemError(.nameTooLong, call: "open", subject: shown.description)
    }
    let piece = Array(rest[..<end])
    // What follows is relative to the piece, so it must not begin with a slash.
    rest = rest[end...].drop { $0 == slash }
    return try FileDescriptor.openAt(directory, piece, pathOnlyFlag | O_DIRECTORY, shown: shown)
}
