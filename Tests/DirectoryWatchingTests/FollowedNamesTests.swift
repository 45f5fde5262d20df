import LinuxSystem
import TestSupport
import Testing

@testable import DirectoryWatching

@Suite struct FollowedNamesTests {
    private let link = FilePath("/m/a.safetensors")
    private let other = FilePath("/m/b.safetensors")
    private let root = FilePath("/n")
    private let name = Array("x.safetensors".utf8)

    private func identity(_ inode: UInt64) -> DirectoryIdentity { DirectoryIdentity(device: 1, inode: inode) }

    /// `link` and `other` follow the same name in directory 1; `other` follows a second one in directory 2.
    private func makeNames() -> FollowedNames {
        var names = FollowedNames()
        names.insert(name, watch: 1, identity: identity(10), subject: link, kind: .file)
        names.insert(name, watch: 1, identity: identity(10), subject: other, kind: .file)
        names.insert([1], watch: 2, identity: identity(20), subject: other, kind: .directory)
        return names
    }

    @Test func interestsAreThoseOfTheNameInItsDirectory() {
        let names = makeNames()
        #expect(names.interests(watch: 1, name: name) == [link: .file, other: .file])
        #expect(names.interests(watch: 1, name: [1]) == [:])
        #expect(names.interests(watch: 2, name: name) == [:])
        #expect(names.interests(watch: 3, name: name) == [:])
        #expect(names.interests(watch: 2) == [other: .directory])
        #expect(names.watch(of: identity(20)) == 2)
        #expect(names.watch(of: identity(30)) == nil)
    }

    @Test func watchEndsWithTheLastNameThatNeedsIt() {
        var names = makeNames()
        #expect(names.remove(link) == [])
        #expect(names.interests(watch: 1, name: name) == [other: .file])
        #expect(Set(names.remove(other)) == [1, 2])
        #expect(names.subjectCount == 0)
        #expect(names.watches.isEmpty)
        #expect(names.watch(of: identity(10)) == nil)
        #expect(names.remove(other) == [])
    }

    @Test func subjectsBelowAPathAreRemovedAtOnce() {
        var names = makeNames()
        names.insert([2], watch: 3, identity: identity(30), subject: root, kind: .directory)
        #expect(Set(names.remove(below: FilePath("/m"))) == [1, 2])
        #expect(names.remove(below: FilePath("/m")) == [])
        #expect(names.remove(below: FilePath("/")) == [3])
        #expect(names.subjectCount == 0)
    }

    @Test func endOfAWatchEndsItsNamesAlone() {
        var names = makeNames()
        names.watchEnded(1)
        #expect(!names.contains(watch: 1))
        #expect(names.watch(of: identity(10)) == nil)
        #expect(names.subjectCount == 1)
        #expect(names.interests(watch: 2, name: [1]) == [other: .directory])
        #expect(names.remove(link) == [])
        #expect(names.remove(other) == [2])
        names.watchEnded(1)
    }

    @Test func sameNameIsFollowedOnceHoweverOftenItIsAsked() {
        var names = FollowedNames()
        for _ in 0..<100 {
            names.insert(name, watch: 1, identity: identity(10), subject: link, kind: .file)
        }
        names.insert(name, watch: 1, identity: identity(10), subject: link, kind: .directory)
        #expect(names.interests(watch: 1, name: name) == [link: .directory])
        #expect(names.remove(link) == [1])
        #expect(names.watches.isEmpty)
    }

    @Test func directoryWatchedAnewKeepsItsNewWatch() {
        var names = makeNames()
        // The watch ended and another one came before the end was told.
        names.insert(name, watch: 7, identity: identity(10), subject: link, kind: .file)
        names.watchEnded(1)
        #expect(names.watch(of: identity(10)) == 7)
        #expect(names.interests(watch: 7, name: name) == [link: .file])
    }

    /// Whatever is inserted and removed, what is left is exactly what a plain list says.
    @Test func anySequenceLeavesWhatWasNotRemoved() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededGenerator(seed: seed)
        struct Entry: Hashable {
            let watch: Int32
            let name: [UInt8]
            let subject: FilePath
        }
        var names = FollowedNames()
        var expected: Set<Entry> = []
        for _ in 0..<2000 {
            let watch = Int32.random(in: 1...5, using: &random)
            let name = [UInt8.random(in: 1...3, using: &random)]
            let subject = FilePath("/\(Int.random(in: 0..<3, using: &random))/\(Int.random(in: 0..<4, using: &random))")
            let before = Set(expected.map(\.watch))
            var orphans: [Int32] = []
            switch Int.random(in: 0..<10, using: &random) {
            case 0:
                orphans = names.remove(subject)
                expected = expected.filter { $0.subject != subject }
            case 1:
                orphans = names.remove(below: subject.parent)
                expected = expected.filter { !$0.subject.isWithin(subject.parent) }
            case 2:
                names.watchEnded(watch)
                expected = expected.filter { $0.watch != watch }
                orphans = before.contains(watch) ? [watch] : []
            default:
                names.insert(name, watch: watch, identity: identity(UInt64(watch)), subject: subject, kind: .file)
                expected.insert(Entry(watch: watch, name: name, subject: subject))
            }
            #expect(Set(orphans) == before.subtracting(expected.map(\.watch)), "seed \(seed)")
            #expect(orphans.count == Set(orphans).count, "seed \(seed)")
            #expect(Set(names.watches) == Set(expected.map(\.watch)), "seed \(seed)")
            #expect(names.subjectCount == Set(expected.map(\.subject)).count, "seed \(seed)")
            let subjects = Set(expected.filter { $0.watch == watch && $0.name == name }.map(\.subject))
            #expect(Set(names.interests(watch: watch, name: name).keys) == subjects, "seed \(seed)")
        }
    }
}
