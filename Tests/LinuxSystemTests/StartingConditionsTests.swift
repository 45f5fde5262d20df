import Glibc
import Testing

@testable import LinuxSystem

@Suite struct StartingConditionsTests {
    @Test(
        arguments: [
            [0x2F, 0x61], [0x2F, 0xFF, 0x5C], [0x2F, 0xC3], Array(#"/back\slash"#.utf8), Array(#"\x41"#.utf8),
            Array("模".utf8),
        ] as [[UInt8]])
    func aPathIsWhatItsTextShows(_ bytes: [UInt8]) {
        #expect(FilePath(escaped: escapedText(bytes)).bytes == bytes)
    }

    @Test func emptyTextAndNULAreTakenAsInAnyPath() {
        #expect(FilePath(escaped: "") == FilePath(""))
        #expect(FilePath(escaped: "a\0b") == FilePath("a"))
        #expect(FilePath(escaped: #"\xff\x00"#) == FilePath(#"\xff\x00"#))
    }

    @Test func theProcessIsAsked() {
        #expect(StartingConditions.workingDirectory.isAbsolute)
        #expect(StartingConditions.arguments.count == Int(CommandLine.argc) - 1)
        #expect(StartingConditions.variable("NO_SUCH_VARIABLE_IS_SET") == nil)
    }
}
