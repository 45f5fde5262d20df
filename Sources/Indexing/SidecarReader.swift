internal import Catalog
internal import DirectoryWatching
internal import Glibc
internal import LinuxSystem
internal import ModelFormats

/// Reads what lies beside a model file.
enum SidecarReader {
    static func read(_ files: [FoundFile], in directory: Int32, into surroundings: inout FileSurroundings) {}
}
