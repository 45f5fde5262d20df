import Testing

@testable import ModelFormats

/// Zip archives, as PyTorch and others write them.
@Suite struct PyTorchArchiveTests {
    private let object = pickle { $0.dictionary([("a", { $0.tensor("FloatStorage", [4]) })]) }

    @Test func theOutermostObjectIsTheModel() throws {
        var zip = ZipWriter()
        zip.add("r/inner/data.pkl", pickle { $0.dictionary([("b", { $0.tensor("FloatStorage", [4]) })]) })
        zip.add("r/DATA.pkl", object)
        #expect(try Inspected(zip.bytes).names == ["a"])
    }

    @Test func largeArchivesAreRead() throws {
        var zip = ZipWriter()
        zip.isZip64 = true
        zip.add("r/data.pkl", object, deflated: true)
        zip.comment = Array("comment".utf8)
        let file = try Inspected(zip.bytes)
        #expect(file.problem.isEmpty)
        #expect(file.names == ["a"])
    }

    @Test func anArchiveWithoutItsEndIsIncomplete() throws {
        let whole = archive(object)
        for count in [4, 30, 100, whole.count - 1] {
            let file = try Inspected(Array(whole.prefix(count)))
            #expect(file.header.format == .pytorch)
            #expect(file.header.problem?.code == .incomplete(promised: UInt64(count) + 22))
            #expect(file.header.pickle == nil)
        }
    }

    @Test func otherArchivesAreNamedSo() throws {
        var zip = ZipWriter()
        zip.add("image.png", [1, 2, 3])
        let file = try Inspected(zip.bytes)
        #expect(file.problem == "it is a zip archive, but not one of PyTorch: it holds no data.pkl")
        #expect(file.header.pickle == nil)
        #expect(file.header.tensorCount == nil)
    }

    /// PyTorch reads what these describe, so it is read here.
    @Test func flagsAndNamesThatDisagreeHideNothing() throws {
        let payload = pickle { $0.global("os", "system") }
        var zip = ZipWriter()
        for flag in [0x1, 0x20, 0x40, 0x2000] as [UInt16] {
            zip.entries = [.init(name: "r/data.pkl", data: payload, flags: flag)]
            #expect(try Inspected(zip.bytes).dangerous == ["os.system"])
        }
        zip.entries = [.init(name: "r/data.pkl", data: payload, nameInHeader: "r/image.png")]
        let file = try Inspected(zip.bytes)
        #expect(file.dangerous == ["(not examined)", "os.system"])
        #expect(file.problem == "the zip archive is damaged: “r/data.pkl” is described in two ways")
        // Of stored entries the size after unpacking is believed.
        zip.entries = [.init(name: "r/data.pkl", data: payload, compressedSize: 1)]
        #expect(try Inspected(zip.bytes).dangerous == ["os.system"])
    }

    @Test func impossibleEntriesAreRefused() throws {
        func problem(_ entry: ZipWriter.Entry) throws -> String {
            var zip = ZipWriter()
            zip.entries = [entry]
            let file = try Inspected(zip.bytes)
            // Another program may be able to read it.
            #expect(file.dangerous == ["(not examined)"])
            return file.problem
        }
        let name = "r/data.pkl"
        #expect(try problem(.init(name: name, data: object, offset: 1 << 40)).contains("lies outside the file"))
        #expect(try problem(.init(name: name, data: object, offset: 7)).contains("has no header where it should lie"))
        #expect(try problem(.init(name: name, data: object, size: 1 << 50)).contains("leaves the file"))
        #expect(try problem(.init(name: name, data: object, size: .max)).contains("leaves the file"))
        #expect(try problem(.init(name: name, data: object, method: 12)).contains("does not know (12)"))
        #expect(try problem(.init(name: name, data: object, method: 8)).contains("cannot be unpacked"))
        #expect(
            try problem(.init(name: name, data: ZipWriter.storedBlock(object), method: 8, size: 3)).contains(
                "cannot be unpacked to 3 bytes"))
    }

    @Test func bombsAreNotUnpacked() throws {
        var zip = ZipWriter()
        let honest = ZipWriter.bomb(repetitions: 80_000)
        zip.entries = [.init(name: "r/data.pkl", data: honest, method: 8, size: 1 + 258 * 80_000)]
        let file = try Inspected(zip.bytes)
        #expect(file.problem.contains("which is too much"))
        #expect(file.dangerous == ["(not examined)"])
        // PyTorch cannot load it, but Python reads as many bytes as are promised.
        zip.entries = [.init(name: "r/data.pkl", data: honest, method: 8, size: 1000)]
        let liar = try Inspected(zip.bytes)
        #expect(liar.problem.contains("cannot be unpacked to 1000 bytes"))
        #expect(liar.dangerous == ["(not examined)"])
        // Many that are small enough one by one.
        let small = ZipWriter.bomb(repetitions: 60_000)
        zip.entries = (0..<20).map {
            .init(name: "r/\($0).pkl", data: small, method: 8, size: 1 + 258 * 60_000)
        }
        #expect(try Inspected(zip.bytes).dangerous == ["(not examined)"])
    }

    @Test func endRecordsThatLieAreRefused() throws {
        func problem(_ change: (inout ZipWriter) -> Void) throws -> String {
            var problems: Set<String> = []
            for isZip64 in [false, true] {
                var zip = ZipWriter()
                zip.isZip64 = isZip64
                zip.add("r/data.pkl", object)
                change(&zip)
                problems.insert(try Inspected(zip.bytes).problem)
            }
            return problems.count == 1 ? problems.first ?? "" : "\(problems)"
        }
        #expect(try problem { $0.claimedOffset = 0xFFFF_FFF0 }.contains("leaves the file"))
        #expect(try problem { $0.claimedSize = 0xFFFF_FFF0 }.contains("leaves the file"))
        #expect(try problem { $0.claimedOffset = 3 }.contains("has no entry 1"))
        #expect(try problem { $0.claimedSize = 20 }.contains("ends within an entry"))
        #expect(try problem { $0.claimedCount = 2 }.contains("has 1 entries in place of 2"))
        #expect(try problem { $0.claimedCount = 0 }.contains("has 1 entries in place of 0"))
        #expect(try problem { $0.claimedSize = 0 } == "the zip archive is damaged: it has 0 entries in place of 1")
    }

    @Test func sizesUpTo64BitsAreHarmless() throws {
        var zip = ZipWriter()
        zip.isZip64 = true
        zip.add("r/data.pkl", object)
        for number in [.max, .max - 1, 1 << 63, 1 << 32] as [UInt64] {
            zip.claimedOffset = number
            #expect(try Inspected(zip.bytes).problem.contains("leaves the file"))
            zip.claimedOffset = nil
            zip.claimedSize = number
            #expect(try Inspected(zip.bytes).problem.contains("leaves the file"))
            zip.claimedSize = nil
            var entry = zip.entries[0]
            entry.offset = number
            var other = zip
            other.entries = [entry]
            #expect(try Inspected(other.bytes).problem.contains("lies outside the file"))
        }
    }

    /// PyTorch reads as many entries as the end record counts, whatever follows them, and finds the 64-bit end record
    /// wherever it is said to lie.
    @Test func whatPyTorchFindsIsExamined() throws {
        let payload = pickle { $0.global("os", "system") }
        var zip = ZipWriter()
        zip.add("r/data.pkl", payload)
        let plain = zip.bytes
        // The directory is said to go on into the end record.
        zip.claimedSize = UInt64(plain.count) - 22 - UInt64(30 + 10 + payload.count) + 10
        let longer = try Inspected(zip.bytes)
        #expect(longer.dangerous == ["(not examined)", "os.system"])
        #expect(longer.problem.contains("has no entry 2"))
        zip.claimedSize = nil

        zip.isZip64 = true
        let whole = zip.bytes
        let record = Array(whole[(whole.count - 22 - 20 - 56)...].prefix(56))
        var moved = whole
        let recordOffset = UInt64(whole.count)
        moved.replaceSubrange(
            whole.count - 22 - 20 - 56..<whole.count - 22 - 20, with: [UInt8](repeating: 0, count: 56))
        moved.replaceSubrange(whole.count - 22 - 12..<whole.count - 22 - 4, with: lengthBytes(recordOffset))
        moved[whole.count - 2] = 56
        let inComment = try Inspected(moved + record)
        #expect(inComment.dangerous == ["(not examined)", "os.system"])
    }

    // MARK: - Other programs

    @Test func aScriptedModelIsNamedByItsAttributes() throws {
        var zip = ZipWriter()
        zip.add(
            "m/data.pkl",
            pickle {
                $0.object(
                    "__torch__.net", "Upscaler",
                    [
                        ("training", { $0.put(.newFalse) }),
                        (
                            "conv",
                            {
                                $0.object(
                                    "__torch__.torch.nn.modules.conv", "Conv2d",
                                    [("weight", { $0.tensor("HalfStorage", [3]) })])
                            }
                        ),
                    ])
            })
        zip.add("m/code/__torch__/net.py", Array("class Upscaler(Module)".utf8), deflated: true)
        zip.add("m/constants.pkl", pickle { $0.put(.emptyTuple) })
        let file = try Inspected(zip.bytes)
        #expect(file.problem.isEmpty)
        #expect(file.tensors == [Tensor(name: "conv.weight", dataType: "F16", shape: [3])])
        #expect(file.dangerous.isEmpty)
    }

    @Test func anExportedProgramListsItsWeights() throws {
        let list = """
            {"config": {"p.w": {"path_name": "weight_0", "is_param": true, "use_pickle": false, "tensor_meta":
            {"dtype": 13, "sizes": [{"as_int": 8}, {"as_int": 2}], "requires_grad": false, "device": {"type": "cpu"}}},
            "n": {"path_name": "weight_1", "use_pickle": false, "tensor_meta": {"dtype": 5, "sizes": []}},
            "o": {"path_name": "weight_2", "use_pickle": false, "tensor_meta": null}}}
            """
        var zip = ZipWriter()
        zip.add("m/archive_format", Array("pt2".utf8))
        zip.add("m/models/model.json", Array("{}".utf8))
        zip.add("m/data/weights/model_weights_config.json", Array(list.utf8))
        let file = try Inspected(zip.bytes)
        #expect(file.problem.isEmpty)
        #expect(file.header.pickle == nil)
        #expect(
            file.tensors == [
                Tensor(name: "p.w", dataType: "BF16", shape: [8, 2]), Tensor(name: "n", dataType: "I64", shape: []),
            ])
        #expect(file.header.tensorCount == 2)

        zip.add("m/data/weights/x_weights_config.json", Array("{\"config\": {\"a\": {\"use_pickle\": true}}}".utf8))
        #expect(try Inspected(zip.bytes).dangerous == ["(not examined)"])
        zip.add("m/data/weights/y_weights_config.json", Array("[]".utf8))
        #expect(try Inspected(zip.bytes).problem.contains("is no list of weights"))
    }

    @Test func filesInsideAnExportedProgramAreExamined() throws {
        var zip = ZipWriter()
        zip.add("serialized_exported_program.json", Array("{}".utf8))
        #expect(try Inspected(zip.bytes).header.tensorCount == nil)
        zip.add("serialized_state_dict.pt", archive(object))
        zip.add("serialized_constants.pt", archive(pickle { $0.dictionary([("c", { $0.global("os", "system") })]) }))
        let file = try Inspected(zip.bytes)
        #expect(file.problem.isEmpty)
        #expect(file.names == ["a"])
        #expect(file.header.parameterCount == 4)
        #expect(file.dangerous == ["os.system"])
        #expect(file.imports.contains("torch.FloatStorage"))
    }
}
