import TestSupport
import Testing

@testable import ModelFormats

/// Files that are made to be expensive, endless or wrong.
@Suite struct HostilePyTorchTests {
    private func repeated(_ count: Int, _ body: (inout PickleWriter) -> Void) -> [UInt8] {
        pickle { writer in for _ in 0..<count { body(&writer) } }
    }

    @Test func mutatedFilesNeverTrap() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        print("seed \(seed)")
        let object = pickle {
            $0.dictionary([
                ("state_dict", { $0.dictionary([("a", { $0.tensor("FloatStorage", [4, 2]) })]) }),
                ("layer", { $0.object("torch.nn.modules.conv", "Conv2d", [("_parameters", { $0.put(.none) })]) }),
                ("n", { $0.integer(1 << 40) }),
            ])
        }
        var zip = ZipWriter()
        zip.isZip64 = true
        zip.add("r/data.pkl", object)
        zip.add("r/constants.pkl", object, deflated: true)
        zip.add(
            "r/weights_config.json", Array("{\"config\":{\"a\":{\"tensor_meta\":{\"dtype\":7,\"sizes\":[]}}}}".utf8))
        zip.add("r/archive_format", [])
        zip.add("r/b.pt", stream(object, keys: ["0"], data: [UInt8](repeating: 0, count: 40)))
        for valid in [zip.bytes, stream(object, keys: ["0"], data: [UInt8](repeating: 0, count: 40)), archive(object)] {
            #expect(try Inspected(valid).problem.isEmpty)
            for _ in 0..<3000 {
                var bytes = valid
                for _ in 0...Int.random(in: 0...3, using: &generator) {
                    let index = Int.random(in: 0..<bytes.count, using: &generator)
                    switch Int.random(in: 0..<4, using: &generator) {
                    case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
                    case 1: bytes[index] = [0, 1, 0x28, 0x2E, 0x52, 0x74, 0x7F, 0x80, 0xFF][index % 9]
                    case 2: bytes.remove(at: index)
                    default: bytes.removeSubrange(Int.random(in: 0...index, using: &generator)..<index)
                    }
                    if bytes.isEmpty { break }
                }
                _ = try Inspected(bytes)
                _ = try Inspected(bytes, size: UInt64.random(in: 0...UInt64.max, using: &generator))
            }
        }
    }

    @Test func randomInstructionsNeverTrap() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        print("seed \(seed)")
        let opcodes = (UInt8.min...UInt8.max).filter { PickleOpcode(rawValue: $0) != nil && $0 != 0x2E }
        for _ in 0..<3000 {
            var writer = PickleWriter(protocol: 4)
            for _ in 0..<40 {
                switch Int.random(in: 0..<8, using: &generator) {
                case 0:
                    writer.text(
                        ["os", "torch", "forward", "storage", "_parameters"].randomElement(using: &generator) ?? "")
                case 1:
                    writer.global(
                        "torch._utils",
                        ["_rebuild_tensor_v2", "_rebuild_sparse_tensor"].randomElement(using: &generator) ?? "")
                case 2: writer.put(.mark)
                case 3: writer.put(.memoize)
                default:
                    let opcode = opcodes.randomElement(using: &generator).flatMap(PickleOpcode.init) ?? .none
                    writer.put(opcode, (0..<8).map { _ in UInt8.random(in: 0...3, using: &generator) })
                }
            }
            writer.put(.stop)
            _ = try Inspected(writer.bytes)
            _ = try Inspected(archive(writer.bytes))
        }
    }

    @Test func everyTruncationOfAnArchiveHasAProblem() throws {
        let whole = archive(pickle { $0.dictionary([("a", { $0.tensor("FloatStorage", [1]) })]) })
        for count in 0..<whole.count { #expect(try Inspected(Array(whole.prefix(count))).header.problem != nil) }
    }

    @Test func nestingIsNotFollowedByRecursion() throws {
        let deep = pickle { writer in
            for _ in 0..<200_000 {
                writer.put(.emptyList)
            }
            for _ in 1..<200_000 { writer.put(.append) }
        }
        let file = try Inspected(archive(deep))
        #expect(file.problem == "its tensors are nested too deeply, or there are too many, to find them all")
        #expect(file.header.tensorCount == nil)
    }

    @Test func valuesMayContainThemselves() throws {
        let object = pickle {
            $0.put(.emptyDictionary)
            $0.put(.memoize)
            $0.text("self")
            $0.put(.get1, [0])
            $0.put(.setItem)
            $0.text("a")
            $0.tensor("FloatStorage", [2])
            $0.put(.setItem)
        }
        let file = try Inspected(archive(object))
        #expect(file.problem.contains("nested too deeply"))
        #expect(file.names.contains("a"))
    }

    /// Thirty lists, each of which holds the one before ten times: 10^30 tensors.
    @Test func repeatedContentsAreBounded() throws {
        let object = pickle(protocol: 4) { writer in
            writer.tensor("FloatStorage", [2])
            for _ in 0..<30 {
                writer.put(.put1, [0])
                writer.put(.mark)
                for _ in 0..<10 { writer.put(.get1, [0]) }
                writer.put(.list)
            }
        }
        let file = try Inspected(archive(object))
        #expect(file.problem.contains("too many"))
        #expect(file.tensors.count <= 1_000_000)
    }

    @Test(arguments: [
        [PickleOpcode.none], [.emptyDictionary], [.mark], [.emptyTuple, .memoize], [.none, .duplicate, .tuple2],
    ])
    func endlessPicklesAreCutShort(opcodes: [PickleOpcode]) throws {
        let long = repeated(1_200_000 / opcodes.count) { for opcode in opcodes { $0.put(opcode) } }
        let file = try Inspected(archive(long))
        #expect(file.problem.contains("is too large to examine it to its end"))
        #expect(file.dangerous == ["(not examined)"])
        #expect(file.bytesRead < 2_000_000)
    }

    @Test func placesOfTheMemoAreBounded() throws {
        for place in [UInt64(1 << 20), 0xFFFF_FFFF] {
            let file = try Inspected(
                archive(
                    pickle {
                        $0.put(.none)
                        $0.put(.put4, Array(lengthBytes(place).prefix(4)))
                    }))
            #expect(file.dangerous == ["(not examined)"])
        }
    }

    @Test func lengthsUpTo64BitsAreHarmless() throws {
        for opcode in [PickleOpcode.unicode8, .bytes8, .byteArray8, .frame] {
            for length in [UInt64.max, 1 << 63, 1 << 40] {
                let file = try Inspected(archive(pickle { $0.put(opcode, lengthBytes(length)) }))
                #expect(file.problem.contains("data.pkl"))
            }
        }
        for opcode in [PickleOpcode.string4, .long4] {
            let file = try Inspected(archive(pickle { $0.put(opcode, [0, 0, 0, 0x80]) }))
            #expect(file.problem.contains("negative length"))
        }
    }

    /// Bytes inside a pickle are stepped over.
    @Test func longConstantsAreNotRead() throws {
        let object = pickle(protocol: 3) {
            $0.put(.bytes4, [0, 0, 0x80, 0] + [UInt8](repeating: 7, count: 0x80_0000))
            $0.put(.unicode4, [0, 0, 0x80, 0] + [UInt8](repeating: 0x61, count: 0x80_0000))
            $0.put(.tuple2)
        }
        let file = try Inspected(archive(object))
        #expect(file.problem.isEmpty)
        #expect(file.bytesRead < 200_000)
    }

    @Test func longLinesAreCutShort() throws {
        let object = repeated(1) { $0.put(.string, [UInt8](repeating: 0x27, count: 70_000) + [0x0A]) }
        #expect(try Inspected(archive(object)).dangerous == ["(not examined)"])
    }

    @Test func shapesThatOverflowAreCountedAsUnknown() throws {
        let object = pickle {
            $0.dictionary([
                (
                    "a",
                    {
                        $0.global("torch._utils", "_rebuild_tensor_v2")
                        $0.tuple {
                            $0.storage("FloatStorage", count: 1)
                            $0.small(0)
                            $0.tuple { for _ in 0..<5 { $0.integer(1 << 40) } }
                        }
                        $0.put(.reduce)
                    }
                ),
                ("b", { $0.tensor("FloatStorage", [UInt64](repeating: 1, count: 17)) }),
            ])
        }
        let file = try Inspected(archive(object))
        #expect(file.names == ["a"])
        #expect(file.header.tensorCount == 1)
        #expect(file.header.parameterCount == nil)
    }

    @Test func largeDirectoriesAreNotRead() throws {
        var zip = ZipWriter()
        zip.add("r/data.pkl", pickle { $0.put(.none) })
        zip.entries[0].data += [UInt8](repeating: 0, count: 17 << 20)
        zip.claimedOffset = 40
        zip.claimedSize = 17 << 20
        let file = try Inspected(zip.bytes)
        #expect(file.problem.contains("which is too much"))
        #expect(file.dangerous == ["(not examined)"])
    }

    @Test func aFileThatShrinksIsIncomplete() throws {
        let whole = archive(pickle { $0.put(.none) })
        #expect(try Inspected(whole, size: UInt64(whole.count) + 1_000_000).header.problem != nil)
        let shrunk = try Inspected(stream(pickle { $0.put(.none) }), size: 1 << 40)
        guard case .incomplete = shrunk.header.problem?.code else {
            Issue.record("\(shrunk.problem)")
            return
        }
    }
}
