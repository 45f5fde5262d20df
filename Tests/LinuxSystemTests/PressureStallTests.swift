import TestSupport
import Testing

@testable import LinuxSystem

@Suite struct PressureStallTests {
    @Test(arguments: [
        ("some avg10=0.00 avg60=0.35 avg300=1.84 total=369835739\nfull avg10=0.00 total=1\n", 369_835_739),
        ("full avg10=0.00 total=1\nsome avg10=0.00 total=2", 2),
        ("some total=0\n", 0),
        ("full avg10=0.00 avg60=0.00 avg300=0.00 total=7\n", nil),
        ("some avg10=0.00 avg60=0.00\n", nil),
        ("some total=many\n", nil),
        ("some total=99999999999999999999\n", nil),
        ("something total=3\n", nil),
        ("", nil),
    ])
    func theTotalOfTheFirstLineIsTaken(text: String, microseconds: Int64?) async throws {
        try await withTemporaryDirectory { directory in
            let file = directory.appending("io.pressure")
            try writeFile(file, text)
            #expect(PressureStall.microseconds(in: file) == microseconds)
        }
    }

    @Test func aFileThatIsNotThereTellsNothing() async throws {
        try await withTemporaryDirectory { directory in
            #expect(PressureStall.microseconds(in: directory.appending("io.pressure")) == nil)
            #expect(PressureStall.microseconds(in: directory) == nil)
        }
    }

    @Test(.enabled(if: (try? readFile(PressureStall.systemFile, limit: 4096)) != nil, "the kernel does not tell"))
    func theFileOfTheSystemIsUnderstoodAndGrows() throws {
        let first = try #require(PressureStall.microseconds(in: PressureStall.systemFile))
        let second = try #require(PressureStall.microseconds(in: PressureStall.systemFile))
        #expect(first >= 0)
        #expect(second >= first)
    }

    @Test func theGroupOfAllTasksIsNotKikodsOwn() {
        #expect(PressureStall.ownFile(mounts: MountTable([])) == nil)
    }
}
