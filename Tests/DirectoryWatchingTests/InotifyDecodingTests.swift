import Glibc
import Testing

@testable import DirectoryWatching

@Suite struct InotifyDecodingTests {
    private let first = InotifyEvent(watch: 1, mask: UInt32(IN_CREATE), cookie: 0, name: Array("a.safetensors".utf8))
    private let second = InotifyEvent(watch: -1, mask: UInt32(IN_Q_OVERFLOW), cookie: 0, name: [])
    private let third = InotifyEvent(watch: .max, mask: UInt32(IN_MOVED_TO), cookie: .max, name: [0xE9, 0x0A, 0xFF])

    @Test func eventsAreReadOneAfterTheOther() {
        let bytes = encode(first, padding: 3) + encode(second) + encode(third, padding: 1)
        #expect(InotifyInstance.decode(bytes[...]) == [first, second, third])
    }

    @Test func sliceThatDoesNotBeginAtZeroIsReadTheSameWay() {
        let bytes = [0xAA, 0xBB, 0xCC] + encode(first, padding: 3) + encode(third, padding: 13)
        #expect(InotifyInstance.decode(bytes.dropFirst(3)) == [first, third])
    }

    @Test func noBytesAreNoEvents() { #expect(InotifyInstance.decode([]) == []) }

    @Test func whatIsCutOffAtTheEndIsDropped() {
        let whole = encode(first, padding: 3)
        let bytes = whole + encode(third, padding: 1)
        for count in 0..<bytes.count {
            #expect(InotifyInstance.decode(bytes[..<count]) == (count < whole.count ? [] : [first]), "\(count) bytes")
        }
    }

    @Test func lengthThatReachesBeyondTheEndIsDropped() {
        var bytes = encode(first, padding: 3)
        for length: UInt32 in [17, 0x7FFF_FFFF, 0x8000_0000, .max] {
            bytes.replaceSubrange(12..<16, with: word(length))
            #expect(InotifyInstance.decode(bytes[...]) == [], "length \(length)")
        }
    }

    @Test func flagsAreTestedOneByOne() {
        let event = InotifyEvent(watch: 1, mask: UInt32(IN_ISDIR) | UInt32(IN_DELETE), cookie: 0, name: [])
        #expect(event.has(Int(IN_ISDIR)))
        #expect(event.has(Int(IN_DELETE)))
        #expect(!event.has(Int(IN_CREATE)))
    }

    /// `struct inotify_event`: watch, mask, cookie, length of the name with its NULs, name (inotify(7)).
    private func encode(_ event: InotifyEvent, padding: Int = 0) -> [UInt8] {
        word(UInt32(bitPattern: event.watch)) + word(event.mask) + word(event.cookie)
            + word(UInt32(event.name.count + padding)) + event.name + [UInt8](repeating: 0, count: padding)
    }

    private func word(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
}
