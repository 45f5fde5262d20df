import LinuxSystem
import Testing

@testable import Catalog
@testable import Indexing
@testable import LinuxSystem

@Suite struct RateMeterTests {
    private func second(_ seconds: Double) -> MonotonicTime { MonotonicTime(nanoseconds: Int64((100 + seconds) * 1e9)) }

    @Test func theRateIsThatOfTheLastTenSeconds() {
        var meter = RateMeter()
        #expect(meter.rate(total: 0, at: second(0)) == 0)
        #expect(meter.rate(total: 1000, at: second(1)) == 1000)
        #expect(meter.rate(total: 1000, at: second(2)) == 500)
        for time in 3...30 { _ = meter.rate(total: 1000, at: second(Double(time))) }
        #expect(meter.rate(total: 1000, at: second(31)) == 0)
        #expect(meter.rate(total: 11_000, at: second(32)) == 1000)
    }

    @Test func noTimeAndASmallerTotalAreNoRate() {
        var meter = RateMeter()
        _ = meter.rate(total: 5000, at: second(0))
        #expect(meter.rate(total: 6000, at: second(0)) == 0)
        #expect(meter.rate(total: 10, at: second(1)) == 0)
    }

    @Test func anyTotalIsARate() {
        var meter = RateMeter()
        _ = meter.rate(total: 0, at: MonotonicTime(nanoseconds: 1))
        #expect(meter.rate(total: .max, at: MonotonicTime(nanoseconds: 2)) > 0)
    }
}

@Suite struct FileNameRulesTests {
    @Test(arguments: [
        "a.safetensors", "A.SafeTensors", "a.sft", "a.ckpt", "a.PT", "a.pt2", "a.pth", "a.bin", "a.gguf", "a b.c.gguf",
        "\u{FC}.safetensors", "line\nbreak.pt",
    ])
    func modelFilesAreKnownByTheirEnding(name: String) {
        #expect(FileNameRules(patterns: []).isModelFile(Array(name.utf8)))
    }

    @Test(arguments: [
        "a.txt", "safetensors", "a.safetensors.part", "a.safetensors.crdownload", "a.safetensors.aria2",
        "a.safetensors.tmp", ".a.safetensors", "a.safetensors~", "", "a.", "a.jpg", "a.safetensors.download",
    ])
    func othersAreNot(name: String) { #expect(!FileNameRules(patterns: []).isModelFile(Array(name.utf8))) }

    @Test func bytesThatAreNotUTF8AreNamesToo() {
        #expect(FileNameRules(patterns: []).isModelFile([0xFF, 0xFE] + Array(".safetensors".utf8)))
    }

    @Test func ownPatternsAreAddedToTheBuiltInOnes() {
        let rules = FileNameRules(patterns: ["*.bak", "old-?", "[ab].pt"])
        for name in ["x.bak", "old-1", "a.pt", ".hidden", "x.part", "lost+found", "$RECYCLE.BIN"] {
            #expect(rules.isIgnored(Array(name.utf8)), "\(name)")
        }
        for name in ["x.bak2", "old-12", "c.pt", "x.safetensors"] {
            #expect(!rules.isIgnored(Array(name.utf8)), "\(name)")
        }
        #expect(rules.isIgnored([0xFF] + Array(".bak".utf8)))
    }

    @Test func aPathIsCoveredWhenNoPartOfItIsIgnored() {
        let rules = FileNameRules(patterns: ["old"])
        func covers(_ path: String, below root: String = "/m") -> Bool {
            rules.covers(FilePath(path), below: FilePath(root))
        }
        #expect(covers("/m/a.safetensors"))
        #expect(covers("/m/b/a.safetensors"))
        #expect(covers("/m/.hidden/old/a.safetensors", below: "/m/.hidden/old"))
        #expect(!covers("/m/old/a.safetensors"))
        #expect(!covers("/m/.cache/a.safetensors"))
        #expect(!covers("/m/a.txt"))
        #expect(!covers("/m"))
        #expect(!covers("/elsewhere/a.safetensors"))
    }

    @Test func aMarkOfAria2NamesTheFileBesideIt() {
        #expect(FileNameRules.marked(by: Array("a.safetensors.aria2".utf8)) == Array("a.safetensors".utf8))
        #expect(FileNameRules.marked(by: Array(".aria2".utf8)) == nil)
        #expect(FileNameRules.marked(by: Array("a.safetensors".utf8)) == nil)
    }
}

@Suite struct FolderTypesTests {
    @Test(arguments: [
        ("checkpoints", "checkpoint"), ("Stable-diffusion", "checkpoint"), ("loras", "lora"), ("Lora/sdxl", "lora"),
        ("loras/vae", "vae"), ("embeddings/x/y", "embedding"), ("unet", "diffusion_model"),
        ("clip_vision", "clip_vision"),
        ("text_encoders", "text_encoder"), ("ESRGAN", "upscaler"), ("models/ControlNet", "controlnet"),
    ])
    func theInnermostTellingFolderSaysTheType(folder: String, type: String) {
        #expect(FolderTypes.type(ofFolder: Array(folder.utf8)) == type)
    }

    @Test(arguments: ["", "models", "my loras", "x/y", "///"])
    func othersSayNothing(folder: String) { #expect(FolderTypes.type(ofFolder: Array(folder.utf8)) == nil) }

    @Test func bytesThatAreNotUTF8SayNothing() { #expect(FolderTypes.type(ofFolder: [0xFF]) == nil) }
}

@Suite struct BackOffTests {
    @Test func aFileThatFailsIsLeftAloneForLongerAndLonger() {
        let minute: Int64 = 60_000_000_000
        #expect((0...3).map(ReadingOutcomes.backOff) == [minute, 2 * minute, 4 * minute, 8 * minute])
        #expect(ReadingOutcomes.backOff(attempts: 11) == 24 * 60 * minute)
        #expect(ReadingOutcomes.backOff(attempts: .max) == 24 * 60 * minute)
        #expect(ReadingOutcomes.backOff(attempts: -1) == minute)
    }
}

@Suite struct PlaceIdentityTests {
    private let ext4 = FileSystemType(rawValue: 0xEF53)
    private let overlay = FileSystemType(rawValue: 0x794C_7630)

    @Test func anotherPlaceHasAnotherUUIDOrInode() {
        func isOther(_ id: String?, _ inode: UInt64, than stored: String?) -> Bool {
            PlaceIdentity.isOther(fileSystemID: id, inode: inode, than: (stored, 1), on: ext4)
        }
        #expect(!isOther("uuid:1", 1, than: "uuid:1"))
        #expect(isOther("uuid:2", 1, than: "uuid:1"))
        #expect(isOther("uuid:1", 2, than: "uuid:1"))
        #expect(!isOther("fsid:2", 1, than: "fsid:1"))
        #expect(isOther("fsid:1", 2, than: "fsid:1"))
        #expect(!isOther(nil, 1, than: "uuid:1"))
        #expect(!isOther("uuid:1", 1, than: nil))
    }

    @Test func whereInodesDoNotLastTheyProveNothing() {
        #expect(!PlaceIdentity.isOther(fileSystemID: "fsid:1", inode: 2, than: ("fsid:1", 1), on: overlay))
        #expect(PlaceIdentity.isOther(fileSystemID: "uuid:2", inode: 1, than: ("uuid:1", 1), on: overlay))
    }
}
