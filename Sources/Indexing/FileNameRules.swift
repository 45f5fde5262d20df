package import DirectoryWatching
internal import Glibc
internal import LinuxSystem
internal import ModelFormats

/// Which names in a root are model files, and which are none of kikod's business.
package struct FileNameRules: Sendable, Hashable {
    /// Names that programs use for what is not finished or not theirs to show, besides all hidden names.
    static let builtInPatterns = [
        "*.part", "*.partial", "*.crdownload", "*.aria2", "*.tmp", "*.download", "*.incomplete", "*.!qB",
        "lost+found", "$RECYCLE.BIN", "System Volume Information",
    ]

    /// The configuration's own patterns, as in fnmatch(3), in addition to the built-in ones.
    package let patterns: [String]
    /// The patterns that only name an ending or are plain names, which is nearly all of them: comparing bytes is much
    /// faster than fnmatch.
    private let endings: [[UInt8]]
    private let plainNames: [[UInt8]]
    private let otherPatterns: [String]

    package init(patterns: [String]) {
        self.patterns = patterns
        let all = Self.builtInPatterns + patterns
        endings = all.filter(Self.isEnding).map { Array($0.utf8.dropFirst()) }
        plainNames = all.filter(Self.isPlain).map { Array($0.utf8) }
        otherPatterns = all.filter { !Self.isEnding($0) && !Self.isPlain($0) }
    }

    /// True for a name that is neither listed nor descended into.
    package func isIgnored(_ name: [UInt8]) -> Bool {
        name.first == UInt8(ascii: ".")
            || endings.contains { Self.ends(name, with: $0) }
            || plainNames.contains(name)
            || otherPatterns.contains { matches(name, pattern: $0) }
    }

    /// True for `*` and then plain characters.
    private static func isEnding(_ pattern: String) -> Bool {
        pattern.first == "*" && isPlain(pattern.dropFirst())
    }

    /// True for plain characters only.
    private static func isPlain(_ pattern: some StringProtocol) -> Bool { !pattern.contains { "*?[\\".contains($0) } }

    /// Compares in place, from the last byte on: it is asked for every name that a walk meets.
    private static func ends(_ name: [UInt8], with ending: [UInt8]) -> Bool {
        guard name.count >= ending.count else { return false }
        let start = name.count - ending.count
        return ending.indices.reversed().allSatisfy { name[start + $0] == ending[$0] }
    }

    /// True for a regular file that belongs into the index.
    package func isModelFile(_ name: [UInt8]) -> Bool {
        ModelFileFormat.isModelFile(name: name) && !isIgnored(name)
    }

    /// True when no component of `path` below `root` is ignored and the last one is a model file's name.
    func covers(_ path: FilePath, below root: FilePath) -> Bool {
        path != root && path.isWithin(root) && isModelFile(path.name) && !excludes(path, below: root)
    }

    /// True when a component of `path` below `root` is ignored.
    func excludes(_ path: FilePath, below root: FilePath) -> Bool {
        let relative = path.relative(to: root) ?? []
        return relative.split(separator: UInt8(ascii: "/")).contains { isIgnored(Array($0)) }
    }

    /// What aria2 adds to the name of a file for its notes about what is still to come.
    static let mark = Array(".aria2".utf8)

    /// The file that a name marks as unfinished: aria2 keeps `X.aria2` beside a sparse X of full length.
    static func marked(by name: [UInt8]) -> [UInt8]? {
        guard name.count > mark.count, name.suffix(mark.count).elementsEqual(mark) else { return nil }
        return Array(name.dropLast(mark.count))
    }

    /// The rules as the watcher takes them.
    package var watchedNames: WatchedNames {
        WatchedNames(
            isReported: { isModelFile($0) }, isIgnored: { isIgnored($0) }, marked: { Self.marked(by: $0) },
            stems: { CompanionName.readings(of: $0).map(\.stem) }, stem: { CompanionName.stem(ofModelFile: $0) })
    }

    private func matches(_ name: [UInt8], pattern: String) -> Bool {
        let terminated = name.map { CChar(bitPattern: $0) } + [0]
        return unsafe pattern.withCString { pattern in
            unsafe terminated.withUnsafeBufferPointer { buffer in
                guard let start = buffer.baseAddress else { return false }
                return unsafe fnmatch(pattern, start, 0) == 0
            }
        }
    }
}
