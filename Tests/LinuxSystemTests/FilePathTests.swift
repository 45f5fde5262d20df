import TestSupport
import Testing

@testable import LinuxSystem

@Suite struct FilePathTests {
    @Test func pathIsItsBytes() throws {
        #expect(try #require(FilePath(bytes: [0x2F, 0xFF, 0x0A])).bytes == [0x2F, 0xFF, 0x0A])
        #expect(FilePath(bytes: []) == nil)
        #expect(FilePath(bytes: [0x61, 0, 0x62]) == nil)
        #expect(FilePath("/ä").bytes == [0x2F, 0xC3, 0xA4])
        #expect(FilePath("a\0b") == FilePath("a"))
        #expect(FilePath("") == FilePath("."))
        #expect(FilePath("\0") == FilePath("."))
    }

    @Test func pathsAreEqualAndOrderedByTheirBytes() {
        // The same letter to Unicode, two names to the kernel.
        #expect(FilePath("/e\u{301}") != FilePath("/\u{E9}"))
        #expect(
            [FilePath("/b"), FilePath("/a/z"), FilePath("/a"), FilePath("/a b")].sorted().map(\.description)
                == ["/a", "/a b", "/a/z", "/b"])
    }

    @Test(arguments: [
        ("/a/b", "b", "/a"), ("/a", "a", "/"), ("/", "", "/"), ("a", "a", "."), ("a/b", "b", "a"), (".", ".", "."),
    ])
    func nameAndParent(path: String, name: String, parent: String) {
        #expect(FilePath(path).name == Array(name.utf8))
        #expect(FilePath(path).parent == FilePath(parent))
    }

    @Test func appendingPutsOneSlashBetween() {
        #expect(FilePath("/a").appending("b") == FilePath("/a/b"))
        #expect(FilePath.root.appending("b") == FilePath("/b"))
        #expect(FilePath("/a/").appending("b/c") == FilePath("/a/b/c"))
        #expect(FilePath("/a").appending("") == FilePath("/a"))
        #expect(FilePath("/a").appending([0xFF]).bytes == [0x2F, 0x61, 0x2F, 0xFF])
    }

    @Test(
        arguments: [
            ("/a/b/c", "/a", "b/c"), ("/a", "/a", ""), ("/ab", "/a", nil), ("/a", "/a/b", nil), ("/a/b", "/", "a/b"),
            ("/", "/", ""), ("a/b", "/", nil), ("a/b", "a", "b"), ("/b", "/a", nil),
        ] as [(String, String, String?)])
    func relativePathIsWhatFollowsTheAncestor(path: String, ancestor: String, expected: String?) {
        #expect(FilePath(path).relative(to: FilePath(ancestor)) == expected.map { Array($0.utf8) })
        #expect(FilePath(path).isWithin(FilePath(ancestor)) == (expected != nil))
    }

    /// Expected values are those of Python's `os.path.normpath`.
    @Test(arguments: [
        ("/", "/"), ("/a/", "/a"), ("/a//b", "/a/b"), ("/a/./b", "/a/b"), ("/a/../b", "/b"), ("/..", "/"),
        ("/../../a", "/a"), ("a", "a"), ("a/..", "."), ("./a", "a"), ("../a", "../a"), ("a/../../b", "../b"),
        ("../..", "../.."), ("./", "."), ("a/b/../../..", ".."), ("...", "..."), ("/a/.../b", "/a/.../b"),
        ("..a/b", "..a/b"), ("a/..b", "a/..b"),
    ])
    func normalizingIsDoneByText(path: String, expected: String) {
        #expect(FilePath(path).normalized == FilePath(expected))
        #expect(FilePath(expected).normalized == FilePath(expected))
    }

    @Test func absolutePathIsJoinedToTheBaseOnlyIfItIsNotAbsolute() {
        let base = FilePath("/home/me")
        #expect(FilePath("../you/./x").absolute(from: base) == FilePath("/home/you/x"))
        #expect(FilePath("/x/../y").absolute(from: base) == FilePath("/y"))
        #expect(FilePath(".").absolute(from: base) == base)
    }

    // MARK: - Escapes

    @Test(
        arguments: [
            ([0x2F, 0x61], "/a"), ([0xC3, 0xA4], "ä"), ([0xFF], "\\xff"), ([0x61, 0xE9, 0x0A], "a\\xe9\n"),
            // A backslash is doubled only where something is escaped.
            ([0x5C, 0x78, 0x66, 0x66], "\\xff"), ([0x5C, 0xFF], "\\\\\\xff"),
            // Cut off, overlong, surrogate and beyond Unicode (RFC 3629, section 3).
            ([0xE2, 0x82], "\\xe2\\x82"), ([0xC0, 0xAF], "\\xc0\\xaf"), ([0xED, 0xA0, 0x80], "\\xed\\xa0\\x80"),
            ([0xF4, 0x90, 0x80, 0x80], "\\xf4\\x90\\x80\\x80"), ([0xF0, 0x9F, 0x98, 0x80, 0x80], "😀\\x80"),
        ] as [([UInt8], String)])
    func bytesThatAreNotUTF8AreEscaped(bytes: [UInt8], expected: String) throws {
        let path = try #require(FilePath(bytes: bytes))
        #expect(path.description == expected)
        #expect(path.isUTF8 == (Array(expected.utf8) == bytes))
    }

    @Test func escapesCanBeUndone() throws {
        var random = SystemRandomNumberGenerator()
        let alphabet: [UInt8] = [0x5C, 0x78, 0x66, 0x30, 0x2F, 0xC3, 0xA4, 0xFF, 0xE2, 0x82, 0xAC, 0xF0, 0x9F]
        for _ in 0..<2000 {
            let count = Int.random(in: 1...12, using: &random)
            let bytes = (0..<count).map { _ in alphabet.randomElement(using: &random) ?? 0 }
            let path = try #require(FilePath(bytes: bytes))
            if path.isUTF8 {
                #expect(Array(path.description.utf8) == bytes)
            } else {
                #expect(unescapedBytes(path.description) == bytes, "\(bytes)")
            }
        }
    }

    @Test(arguments: [
        "", "/a", "/a\\\\b", "\\x41", "\\", "\\x", "\\xf", "\\xff\\", "\\xff\\n", "\\xgg", "\\x+f\\xff", "\\x-0\\xff",
        "\\xff\\x f",
    ])
    func textThatShowsNoBadBytesIsNotUndone(text: String) { #expect(unescapedBytes(text) == nil) }

    @Test func upperCaseEscapesAreRead() { #expect(unescapedBytes("a\\xFF") == [0x61, 0xFF]) }

    @Test func hexadecimalHasTwoDigitsAByte() {
        #expect(hexadecimal([0x00, 0x0F, 0xA0, 0xFF]) == "000fa0ff")
        #expect(hexadecimal([]) == "")
    }

    @Test func errorsNameTheirSubjectReadably() throws {
        let path = try #require(FilePath(bytes: Array("/nowhere/".utf8) + [0xFF]))
        let error = SystemError(.noEntry, call: "statx", subject: path.description)
        #expect(throws: error) { try FileStatus.of(path) }
        #expect("\(error)" == "/nowhere/\\xff: No such file or directory (statx)")
        #expect("\(SystemError(.noSpace, call: "fsync"))" == "fsync: No space left on device")
    }
}
