import LinuxSystem
import TestSupport
import Testing

@testable import ModelFormats

/// What the files of real programs look like, and how their tensors are named.
@Suite struct PyTorchInspectionTests {
    private func weights(_ names: String...) -> (inout PickleWriter) -> Void {
        { writer in writer.dictionary(names.map { name in (name, { $0.tensor("HalfStorage", [2, 3]) }) }) }
    }

    private func text(_ text: String) -> (inout PickleWriter) -> Void { { $0.text(text) } }

    @Test(arguments: [false, true])
    func aStateDictionaryIsRead(deflated: Bool) throws {
        let object = pickle {
            $0.dictionary([
                ("a.weight", { $0.tensor("FloatStorage", [320, 4, 3, 3]) }),
                ("a.bias", { $0.tensor("BFloat16Storage", [320]) }), ("steps", { $0.tensor("LongStorage", []) }),
            ])
        }
        let file = try Inspected(archive(object, deflated: deflated))
        #expect(file.problem.isEmpty)
        #expect(file.header.format == .pytorch)
        #expect(
            file.tensors == [
                Tensor(name: "a.weight", dataType: "F32", shape: [320, 4, 3, 3]),
                Tensor(name: "a.bias", dataType: "BF16", shape: [320]),
                Tensor(name: "steps", dataType: "I64", shape: []),
            ])
        #expect(file.header.tensorCount == 3)
        #expect(file.header.parameterCount == 320 * 36 + 320 + 1)
        #expect(file.header.dataTypes == ["F32": 1, "BF16": 1, "I64": 1])
        #expect(file.imports.contains("torch._utils._rebuild_tensor_v2"))
        #expect(file.dangerous.isEmpty)
    }

    @Test func aLightningCheckpointIsUnwrapped() throws {
        let object = pickle {
            $0.dictionary([
                ("epoch", { $0.small(3) }), ("global_step", { $0.integer(470_000) }),
                ("pytorch-lightning_version", text("1.4.2")), ("state_dict", weights("model.a", "model.b")),
                (
                    "callbacks",
                    {
                        $0.put(.emptyDictionary)
                        $0.global("pytorch_lightning.callbacks.model_checkpoint", "ModelCheckpoint")
                        $0.put(.emptyDictionary)
                        $0.put(.setItem)
                    }
                ),
                ("optimizer_states", weights("exp_avg")),
            ])
        }
        let file = try Inspected(archive(object))
        #expect(file.problem.isEmpty)
        #expect(file.names == ["model.a", "model.b"])
        #expect(
            file.metadata == ["epoch": "3", "global_step": "470000", "pytorch-lightning_version": "1.4.2"])
        #expect(file.imports.contains("pytorch_lightning.callbacks.model_checkpoint.ModelCheckpoint"))
        #expect(file.dangerous.isEmpty)
    }

    @Test func ofAnUpscalerTheAveragedWeightsCount() throws {
        let object = pickle { $0.dictionary([("params", weights("a")), ("params_ema", weights("b"))]) }
        #expect(try Inspected(archive(object)).names == ["b"])
    }

    @Test func wrappersWithoutTensorsAreNone() throws {
        let object = pickle {
            $0.dictionary([
                ("model", text("unet")), ("params", { $0.dictionary([("lr", { $0.small(1) })]) }),
                ("net", weights("a")),
            ])
        }
        let file = try Inspected(archive(object))
        #expect(file.names == ["a"])
        #expect(file.metadata == ["model": "unet"])
    }

    @Test func aPrefixOfAllNamesIsLeftOut() throws {
        let all = pickle { $0.dictionary([("state_dict", weights("module.a", "module.b"))]) }
        #expect(try Inspected(archive(all)).names == ["a", "b"])
        let some = pickle { $0.dictionary([("state_dict", weights("module.a", "b"))]) }
        #expect(try Inspected(archive(some)).names == ["module.a", "b"])
    }

    @Test func anEmbeddingKeepsItsNames() throws {
        let object = pickle {
            $0.dictionary([
                ("string_to_token", { $0.dictionary([("*", { $0.small(265) })]) }),
                ("string_to_param", { $0.dictionary([("*", { $0.tensor("FloatStorage", [75, 768]) })]) }),
                ("name", text("bad \"hands\"")), ("step", { $0.small(15001) }), ("sd_checkpoint", text("72f558e947")),
                ("sd_checkpoint_name", { $0.put(.none) }),
            ])
        }
        let file = try Inspected(archive(object))
        #expect(file.tensors == [Tensor(name: "string_to_param.*", dataType: "F32", shape: [75, 768])])
        #expect(file.metadata == ["name": "bad \"hands\"", "step": "15001", "sd_checkpoint": "72f558e947"])

        let alone = pickle { $0.dictionary([("string_to_param", weights("*"))]) }
        #expect(try Inspected(archive(alone)).names == ["string_to_param.*"])
        let diffusers = pickle { $0.dictionary([("<cat>", { $0.tensor("FloatStorage", [768]) })]) }
        #expect(try Inspected(archive(diffusers)).names == ["<cat>"])
    }

    @Test func anOldEmbeddingHoldsALayer() throws {
        let object = pickle {
            $0.dictionary([
                (
                    "string_to_param",
                    {
                        $0.object(
                            "torch.nn.modules.container", "ParameterDict",
                            [
                                ("training", { $0.put(.newTrue) }), ("_parameters", weights("*")),
                                ("_modules", weights()), ("unsaved", weights("other")),
                            ])
                    }
                )
            ])
        }
        let file = try Inspected(archive(object))
        #expect(file.names == ["string_to_param.*"])
        #expect(file.dangerous.isEmpty)
    }

    @Test func aHypernetworkHasNumbersForKeys() throws {
        let object = pickle {
            $0.put(.emptyDictionary)
            $0.put(.mark)
            $0.small(768)
            $0.tuple {
                weights("linear.0.weight")(&$0)
                weights("linear.0.weight")(&$0)
            }
            $0.text("layer_structure")
            $0.tuple {
                $0.small(1)
                $0.put(.float8, [0x40, 0, 0, 0, 0, 0, 0, 0])
                $0.text("a\"\\\n")
            }
            $0.put(.setItems)
        }
        let file = try Inspected(archive(object))
        #expect(file.names == ["768.0.linear.0.weight", "768.1.linear.0.weight"])
        #expect(file.metadata == ["layer_structure": "[1,2.0,\"a\\\"\\\\\\u000a\"]"])
    }

    /// Detection models are saved as whole objects, whose layers are found as `state_dict()` would.
    @Test func aWholeModelIsNamedLikeItsStateDictionary() throws {
        let layer: (inout PickleWriter) -> Void = { [weights] in
            $0.object(
                "ultralytics.nn.modules.head", "Segment",
                [("_parameters", weights("weight")), ("_buffers", weights("mean")), ("anchors", weights("x"))])
        }
        let object = pickle {
            $0.dictionary([
                ("ema", { $0.put(.none) }),
                (
                    "model",
                    {
                        $0.object(
                            "ultralytics.nn.tasks", "SegmentationModel",
                            [("_parameters", weights()), ("_modules", { $0.dictionary([("model", layer)]) })])
                    }
                ),
                (
                    "detect",
                    {
                        $0.global("__builtin__", "getattr")
                        $0.global("ultralytics.nn.modules.head", "Detect")
                        $0.text("forward")
                        $0.put(.tuple2)
                        $0.put(.reduce)
                    }
                ),
            ])
        }
        let file = try Inspected(archive(object))
        #expect(file.names == ["model.weight", "model.mean"])
        #expect(file.imports.contains("__builtin__.getattr"))
        #expect(file.dangerous.isEmpty)
    }

    @Test func otherWaysToRebuildTensorsAreKnown() throws {
        func call(_ module: String, _ name: String, _ arguments: @escaping (inout PickleWriter) -> Void)
            -> (inout PickleWriter) -> Void
        {
            {
                $0.global(module, name)
                $0.tuple(arguments)
                $0.put(.reduce)
            }
        }
        let inner: (inout PickleWriter) -> Void = { $0.tensor("HalfStorage", [2, 3]) }
        let array = call("numpy.core.multiarray", "_reconstruct") { _ in }
        let type = call("numpy", "dtype") { $0.text("f4") }
        let object = pickle {
            $0.dictionary([
                ("parameter", call("torch._utils", "_rebuild_parameter") { inner(&$0) }),
                (
                    "v3",
                    call("torch._utils", "_rebuild_tensor_v3") {
                        $0.storage("UntypedStorage", count: 6)
                        $0.small(0)
                        $0.shape([2, 3])
                        $0.shape([3, 1])
                        $0.put(.newFalse)
                        $0.put(.emptyDictionary)
                        $0.global("torch", "float8_e4m3fn")
                    }
                ),
                (
                    "meta",
                    call("torch._utils", "_rebuild_meta_tensor_no_storage") {
                        $0.global("torch", "bfloat16")
                        call("torch", "Size") { $0.shape([7]) }(&$0)
                    }
                ),
                (
                    "sparse",
                    call("torch._utils", "_rebuild_sparse_tensor") {
                        $0.put(.none)
                        $0.tuple {
                            inner(&$0)
                            inner(&$0)
                            $0.shape([90, 90])
                        }
                    }
                ),
                (
                    "subclass",
                    call("torch._tensor", "_rebuild_from_type_v2") {
                        $0.global("torch._utils", "_rebuild_parameter")
                        $0.global("torch.nn.parameter", "Parameter")
                        $0.tuple { inner(&$0) }
                        $0.put(.emptyDictionary)
                    }
                ),
                (
                    "array",
                    {
                        array(&$0)
                        $0.tuple {
                            $0.small(1)
                            $0.shape([5])
                            type(&$0)
                            $0.put(.newFalse)
                        }
                        $0.put(.build)
                    }
                ),
            ])
        }
        let file = try Inspected(archive(object))
        #expect(
            file.tensors == [
                Tensor(name: "parameter", dataType: "F16", shape: [2, 3]),
                Tensor(name: "v3", dataType: "F8_E4M3", shape: [2, 3]),
                Tensor(name: "meta", dataType: "BF16", shape: [7]),
                Tensor(name: "sparse", dataType: "F16", shape: [90, 90]),
                Tensor(name: "subclass", dataType: "F16", shape: [2, 3]),
                Tensor(name: "array", dataType: "F32", shape: [5]),
            ])
        #expect(file.dangerous.isEmpty)
    }

    @Test func aTensorUnderTwoNamesCountsTwice() throws {
        let object = pickle {
            $0.dictionary([
                (
                    "a",
                    {
                        $0.tensor("FloatStorage", [4])
                        $0.put(.put1, [7])
                    }
                ), ("b", { $0.put(.get1, [7]) }),
            ])
        }
        let file = try Inspected(archive(object))
        #expect(file.names == ["a", "b"])
        #expect(file.header.parameterCount == 8)
    }

    /// A file of several gigabytes costs its end, its directory and its pickle.
    @Test func theNumbersAreNotRead() throws {
        var zip = ZipWriter()
        zip.isZip64 = true
        zip.add("archive/data.pkl", pickle { $0.dictionary([("a", { $0.tensor("FloatStorage", [1]) })]) })
        for index in 0..<50 { zip.add("archive/data/\(index)", [UInt8](repeating: 0, count: 100_000)) }
        let file = try Inspected(zip.bytes)
        #expect(file.problem.isEmpty)
        #expect(file.names == ["a"])
        #expect(file.readCount <= 8)
        #expect(file.bytesRead < 100_000)
        #expect(file.largestRead <= 1 << 20)
    }

    /// A real file, where the checkout lies beside a folder of such files.
    @Test func aRealEmbeddingIsUnderstood() throws {
        var root = FilePath(#filePath)
        for _ in 0..<4 { root = root.parent }
        let path = root.appending("../shared/fixtures/models/badhandv4.pt")
        guard let bytes = try? readFile(path, limit: 1 << 20) else { return }
        let file = try Inspected(bytes)
        #expect(file.problem.isEmpty)
        #expect(file.tensors == [Tensor(name: "string_to_param.*", dataType: "F32", shape: [6, 768])])
        #expect(file.metadata["name"] == "badhandv3")
        #expect(file.dangerous.isEmpty)
    }
}
