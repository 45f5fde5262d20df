import Testing

@testable import ModelFormats

/// What a pickle would import, and what of it is dangerous.
@Suite struct PickleImportsTests {
    @Test(arguments: [
        ("os", "system"), ("posix", "system"), ("nt", "system"), ("subprocess", "Popen"), ("builtins", "eval"),
        ("builtins", "exec"), ("__builtin__", "eval"), ("builtins", "__import__"), ("builtins", "open"),
        ("builtins", "type"), ("importlib", "import_module"), ("runpy", "run_path"), ("socket", "socket"),
        ("requests.api", "get"), ("webbrowser", "open"), ("shutil", "rmtree"), ("sys", "modules"),
        ("functools", "partial"), ("operator", "attrgetter"), ("_operator", "methodcaller"), ("pickle", "loads"),
        ("_pickle", "loads"), ("torch", "load"), ("torch.hub", "load"), ("torch.storage", "_load_from_bytes"),
        ("torch.serialization", "load"), ("torch.jit", "load"), ("torch._inductor.codecache", "compile_file"),
        ("torch", "os"), ("torch.nn.modules.module", "functools"), ("numpy", "load"), ("numpy.f2py", "compile"),
        ("ctypes", "CDLL"), ("pip", "main"), ("types", "CodeType"), ("dill._dill", "_create_function"),
        ("somebody.module", "Something"), ("__main__", "Model"), ("ultralytics.models", "YOLO"),
        // A path leads from a harmless module anywhere.
        ("collections", "OrderedDict.__init__.__globals__"), ("torch.nn.modules.module", "Module.__init__"),
        ("torch.nn.modules", "Linear.os.forward"), ("torch._utils", "os.system"), ("torch", "_utils.os.system"),
        // Names that resemble known ones.
        ("torch.nn.modulesx", "Linear"), ("Torch", "FloatStorage"), ("torch.evil", "FloatStorage"),
        ("torch", "EvilStorage"), ("torch", "system"), ("__torch__x", "A"), ("collections ", "OrderedDict"),
    ])
    func whatIsNotKnownIsDangerous(module: String, name: String) throws {
        for object in [
            pickle { $0.call(module, name, "x") }, pickle { $0.global(module, name) },
            pickle { $0.put(.global, Array("\(module)\n\(name)\n".utf8)) },
            pickle(protocol: 4) {
                $0.text(module)
                $0.text(name)
                $0.put(.stackGlobal)
            },
            pickle(protocol: nil) {
                $0.put(.mark)
                $0.put(.instance, Array("\(module)\n\(name)\n".utf8))
            },
        ] {
            let file = try Inspected(archive(object))
            #expect(file.imports == ["\(module).\(name)"])
            #expect(file.dangerous == ["\(module).\(name)"])
        }
    }

    @Test(arguments: [
        ("collections", "OrderedDict"), ("collections", "defaultdict"), ("torch", "FloatStorage"),
        ("torch.cuda", "HalfStorage"), ("torch", "float16"), ("torch", "Size"), ("torch", "device"),
        ("torch", "LongTensor"), ("torch.storage", "UntypedStorage"), ("torch.nn.parameter", "Parameter"),
        ("torch._utils", "_rebuild_tensor_v2"), ("torch._utils", "_rebuild_qtensor"), ("_codecs", "encode"),
        ("numpy._core.multiarray", "_reconstruct"), ("numpy", "dtype"),
        ("builtins", "set"), ("__builtin__", "set"), ("builtins", "complex"), ("builtins", "bytearray"),
        ("datetime", "datetime"), ("pathlib", "PosixPath"), ("argparse", "Namespace"), ("fractions", "Fraction"),
        ("__torch__.torch.nn.modules.conv", "Conv2d"), ("torch.jit._pickle", "build_intlist"),
    ])
    func plainDataIsHarmless(module: String, name: String) throws {
        let file = try Inspected(archive(pickle { $0.call(module, name, "x") }))
        #expect(file.imports == ["\(module).\(name)"])
        #expect(file.dangerous.isEmpty)
    }

    @Test(arguments: [
        ("torch.nn.modules.conv", "Conv2d"), ("ultralytics.nn.tasks", "DetectionModel"),
        ("ultralytics.nn.modules.head", "Detect.forward"), ("omegaconf.dictconfig", "DictConfig"),
        ("pytorch_lightning.callbacks.model_checkpoint", "ModelCheckpoint"), ("models.yolo", "Model"),
    ])
    func layersAreHarmlessUnlessTheyAreCalled(module: String, name: String) throws {
        let shown = "\(module).\(name)"
        let made = pickle { $0.object(module, name, [("x", { $0.small(1) })]) }
        #expect(try Inspected(archive(made)).dangerous.isEmpty)
        let kept = pickle { $0.dictionary([("x", { $0.global(module, name) })]) }
        #expect(try Inspected(archive(kept)).dangerous.isEmpty)
        let reconstructed = pickle {
            $0.global("copyreg", "_reconstructor")
            $0.tuple {
                $0.global(module, name)
                $0.global("builtins", "object")
                $0.put(.none)
            }
            $0.put(.reduce)
        }
        #expect(try Inspected(archive(reconstructed)).dangerous.isEmpty)

        #expect(try Inspected(archive(pickle { $0.call(module, name, "x") })).dangerous == [shown])
        let passedOn = pickle {
            $0.global("collections", "defaultdict")
            $0.global(module, name)
            $0.put(.tuple1)
            $0.put(.reduce)
        }
        #expect(try Inspected(archive(passedOn)).dangerous == [shown])
        let changed = pickle {
            $0.global(module, name)
            $0.put(.emptyDictionary)
            $0.put(.build)
        }
        #expect(try Inspected(archive(changed)).dangerous == [shown])
    }

    @Test func attributesAreDangerousButForOne() throws {
        func attribute(of module: String, _ name: String, _ attribute: String) -> [UInt8] {
            pickle {
                $0.global("builtins", "getattr")
                $0.global(module, name)
                $0.text(attribute)
                $0.put(.tuple2)
                $0.put(.reduce)
            }
        }
        let layer = ("ultralytics.nn.modules.head", "Detect")
        #expect(try Inspected(archive(attribute(of: layer.0, layer.1, "forward"))).dangerous.isEmpty)
        let other = try Inspected(archive(attribute(of: layer.0, layer.1, "__init__")))
        #expect(other.dangerous == ["builtins.getattr"])
        let unknown = try Inspected(archive(attribute(of: "a", "B", "forward")))
        #expect(unknown.dangerous == ["a.B", "builtins.getattr"])
        #expect(try Inspected(archive(pickle { $0.global("builtins", "getattr") })).dangerous == ["builtins.getattr"])
    }

    @Test func computedNamesAreDangerous() throws {
        let file = try Inspected(
            archive(
                pickle(protocol: 4) {
                    $0.call("_codecs", "encode", "os")
                    $0.text("system")
                    $0.put(.stackGlobal)
                }))
        #expect(file.dangerous == ["(computed).system"])
        // An escape may hide a letter.
        let escaped = try Inspected(
            archive(
                pickle(protocol: 4) {
                    $0.put(.unicode, Array("o\\u0073\n".utf8))
                    $0.put(.string, Array("'s\\x79stem'\n".utf8))
                    $0.put(.stackGlobal)
                }))
        #expect(escaped.dangerous == ["(computed)"])
    }

    @Test func callsOfResultsAreDangerous() throws {
        for opcode in [PickleOpcode.reduce, .newObject] {
            let file = try Inspected(
                archive(
                    pickle {
                        $0.call("torch", "Size", "x")
                        $0.put(.emptyTuple)
                        $0.put(opcode)
                    }))
            #expect(file.dangerous == ["(computed)"])
        }
    }

    @Test func extensionsAreDangerous() throws {
        let file = try Inspected(archive(pickle { $0.put(.extension2, [2, 1]) }))
        #expect(file.dangerous == ["(extension 258)"])
    }

    @Test func namesAreFoundThroughTheMemo() throws {
        let object = pickle(protocol: 4) {
            $0.text("os")
            $0.put(.memoize)
            $0.text("system")
            $0.put(.memoize)
            $0.put(.pop)
            $0.put(.pop)
            $0.put(.get1, [0])
            $0.put(.get1, [1])
            $0.put(.stackGlobal)
        }
        #expect(try Inspected(archive(object)).dangerous == ["os.system"])
    }

    /// Python runs a payload before it finds that the rest is broken.
    @Test func importsBeforeAFaultCount() throws {
        for rest in [[0xFF], [0x68, 9], [0x74], [0x52], []] as [[UInt8]] {
            var writer = PickleWriter()
            writer.call("os", "system", "x")
            let file = try Inspected(archive(writer.bytes + rest))
            #expect(file.dangerous == ["os.system"])
            #expect(file.problem.contains("data.pkl"))
        }
    }

    /// What Python reads and this machine does not, hides nothing.
    @Test func oddSpellingsAreDangerous() throws {
        let spaces = pickle {
            $0.put(.none)
            $0.put(.put, Array(" 5\n".utf8))
            $0.call("os", "system", "x")
        }
        #expect(try Inspected(archive(spaces)).dangerous == ["(not examined)"])
        let later = pickle(protocol: 6) { $0.call("os", "system", "x") }
        #expect(try Inspected(archive(later)).dangerous == ["(not examined)"])
        let control = pickle {
            $0.global("", "a\u{1}b")
            $0.call("os", "system", "x")
        }
        #expect(try Inspected(archive(control)).dangerous == [".a\u{FFFD}b", "os.system"])
    }

    @Test func everyPickleOfAnArchiveIsFollowed() throws {
        var zip = ZipWriter()
        zip.add("a/data.pkl", pickle { $0.put(.emptyDictionary) })
        zip.add("a/constants.pkl", pickle { $0.global("os", "system") })
        zip.add("a/b/c/OTHER.PKL", pickle { $0.global("subprocess", "run") }, deflated: true)
        zip.add("a/data.pkl", pickle { $0.global("builtins", "eval") })
        zip.add("a/data/0", pickle { $0.global("not", "loaded") })
        let file = try Inspected(zip.bytes)
        #expect(file.dangerous == ["builtins.eval", "os.system", "subprocess.run"])
    }

    @Test func whatFollowsAPickleIsFollowedToo() throws {
        let second = pickle { $0.global("os", "system") }
        let inArchive = try Inspected(archive(pickle { $0.put(.none) } + second))
        #expect(inArchive.dangerous == ["os.system"])
        #expect(inArchive.problem.contains("something follows"))
        let bare = try Inspected(pickle { $0.put(.none) } + pickle { $0.put(.none) } + second)
        #expect(bare.dangerous == ["os.system"])
    }

    @Test func theNumberOfNamesIsBounded() throws {
        let object = pickle { writer in
            for index in 0..<5000 {
                writer.global("m", "n\(index)")
                writer.put(.pop)
            }
            writer.put(.none)
        }
        let file = try Inspected(archive(object))
        #expect(file.imports.count == 4097)
        #expect(file.dangerous.contains("(not examined)"))
    }

    @Test func namesAreShownSafely() throws {
        let name = String(repeating: "é", count: 3000)
        let file = try Inspected(archive(pickle { $0.global("m\u{85}", name) }))
        #expect(file.dangerous == ["m\u{FFFD}." + String(repeating: "é", count: 253) + "…"])
    }
}
