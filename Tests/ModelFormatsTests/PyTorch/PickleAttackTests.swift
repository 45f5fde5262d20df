import Testing

@testable import ModelFormats

/// Pickles that run code with nothing but names that are harmless by themselves, and ordinary ones that resemble them.
@Suite struct PickleAttackTests {
    typealias Part = @Sendable (inout PickleWriter) -> Void

    struct Fixture: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let parts: [Part]

        init(_ description: String, _ parts: Part...) {
            testDescription = description
            self.parts = parts
        }

        var bytes: [UInt8] {
            pickle(protocol: 4) { writer in for part in parts { part(&writer) } }
        }
    }

    // MARK: - Parts

    static func name(_ module: String, _ name: String) -> Part { { $0.global(module, name) } }
    static func text(_ text: String) -> Part { { $0.text(text) } }
    static func put(_ opcode: PickleOpcode) -> Part { { $0.put(opcode) } }

    static func tuple(_ values: Part...) -> Part { tuple(values) }
    static func tuple(_ values: [Part]) -> Part {
        { $0.tuple { for value in values { value(&$0) } } }
    }
    static func dictionary(_ members: (String, Part)...) -> Part { { $0.dictionary(members.map { ($0.0, $0.1) }) } }

    static func apply(_ callee: @escaping Part, _ arguments: @escaping Part) -> Part {
        {
            callee(&$0)
            arguments(&$0)
            $0.put(.reduce)
        }
    }
    static func call(_ callee: @escaping Part, _ arguments: Part...) -> Part { apply(callee, tuple(arguments)) }
    static func made(_ type: @escaping Part, _ state: Part? = nil) -> Part {
        {
            type(&$0)
            $0.put(.emptyTuple)
            $0.put(.newObject)
            guard let state else { return }
            state(&$0)
            $0.put(.build)
        }
    }

    static let none = put(.none)
    static let build = put(.build)
    static let setItem = put(.setItem)
    static let model = name("ultralytics.nn.tasks", "DetectionModel")
    static let namespace = name("argparse", "Namespace")
    static let ordered = name("collections", "OrderedDict")
    static let attributes = name("pytorch_lightning.utilities.parsing", "AttributeDict")
    static let tensorType = name("torch", "Tensor")
    static let rebuildType = name("torch._tensor", "_rebuild_from_type_v2")
    static let reconstructor = name("copyreg", "_reconstructor")
    static let getattr = name("builtins", "getattr")
    static let layer = name("torch.nn.modules.linear", "Linear")
    static let forward = call(getattr, layer, text("forward"))
    static let scalar = name("numpy.core.multiarray", "scalar")
    static let configuration = dictionary(("activation", text("__import__('os')")))
    static let methodKey = call(name("_codecs", "encode"), text("__frgfgngr__"), text("rot13"))
    static let tensor: Part = { $0.tensor("FloatStorage", [2]) }

    static func number(_ number: UInt16) -> Part { { $0.small(number) } }
    static func numpyState(flags: UInt16, base: @escaping Part) -> Part {
        tuple(number(3), text("<"), base, none, none, number(8), number(8), number(flags))
    }
    /// As numpy writes it: by a call, whose first argument says the type.
    static func numpyType(_ code: String, flags: UInt16 = 0, base: @escaping Part = none) -> Part {
        let type = call(name("numpy", "dtype"), text(code), put(.newFalse), put(.newTrue))
        let state = numpyState(flags: flags, base: base)
        return {
            type(&$0)
            state(&$0)
            $0.put(.build)
        }
    }

    // MARK: - Attacks

    static let attacks: [Fixture] = [
        // BUILD, APPEND and ADDITEMS look for their methods on the object.
        Fixture("a method in a namespace", made(namespace, dictionary(("__setstate__", model))), configuration, build),
        Fixture("a method in a dictionary", call(ordered), dictionary(("__setstate__", model)), build),
        Fixture("a method by item", made(attributes), text("__setstate__"), model, setItem, configuration, build),
        Fixture("a method that is an object", made(namespace, dictionary(("__setstate__", made(layer))))),
        Fixture("a method that is a function", made(namespace, dictionary(("__setstate__", forward)))),
        Fixture("a method in the second state", made(namespace, tuple(none, dictionary(("__class__", model))))),
        Fixture("append", made(namespace, dictionary(("append", model))), configuration, put(.append)),
        Fixture("append to a dictionary", call(ordered), configuration, put(.append)),
        Fixture("items of a dictionary", call(ordered), dictionary(("items", model)), build),
        Fixture("a computed key", made(namespace), put(.emptyDictionary), methodKey, model, setItem, build),
        Fixture("a computed key by item", made(attributes), methodKey, model, setItem),
        Fixture(
            "a computed key in a pair",
            made(namespace, call(ordered, tuple(tuple(methodKey, model))))),
        Fixture("a computed state", made(namespace, call(name("builtins", "dict"), tuple(tuple(methodKey, model))))),
        Fixture(
            "a dictionary instead of the own one",
            made(
                namespace,
                tuple(
                    none,
                    dictionary(
                        (
                            "__dict__",
                            {
                                $0.put(.emptyDictionary)
                                methodKey(&$0)
                                model(&$0)
                                $0.put(.setItem)
                            }
                        ))))),
        // Functions that call what they are given.
        Fixture("a function in itself", call(rebuildType, rebuildType, tensorType, tuple(model, tensorType), none)),
        Fixture("a class as function", call(rebuildType, model, tensorType, tuple(configuration), none)),
        Fixture("another function", call(rebuildType, name("builtins", "dict"), tensorType, tuple(), none)),
        Fixture("an object as function", call(rebuildType, made(namespace), tensorType, tuple(configuration), none)),
        Fixture("a known object as function", call(rebuildType, made(layer), tensorType, tuple(configuration), none)),
        Fixture("computed arguments", apply(rebuildType, call(name("builtins", "tuple"), tuple(model)))),
        Fixture(
            "computed inner arguments",
            call(
                rebuildType, name("torch._utils", "_rebuild_parameter"), tensorType,
                call(name("builtins", "tuple"), tuple(model)), none)),
        Fixture("a class of the file's own", call(reconstructor, namespace, made(namespace), none)),
        Fixture("another base class", call(reconstructor, namespace, model, configuration)),
        Fixture(
            "an object for a base class", call(reconstructor, namespace, name("builtins", "list"), made(namespace))),
        Fixture("computed arguments of a new object", apply(reconstructor, call(name("builtins", "tuple"), tuple()))),
        Fixture(
            "what a function asks for", call(name("uuid", "UUID"), made(namespace, dictionary(("replace", model))))),
        Fixture("what returns its argument", call(name("torch.jit._pickle", "restore_type_tag"), namespace, text(""))),
        Fixture("a factory", call(name("collections", "defaultdict"), model)),
        Fixture("a keyword", layer, put(.emptyTuple), configuration, put(.newObjectWithKeywords)),
        Fixture("a function of a class", call(forward, configuration)),
        // `getattr` in other places than its one proper call, which is there too.
        Fixture("getattr in a list", forward, put(.pop), put(.emptyList), getattr, put(.append)),
        Fixture("getattr in a dictionary", forward, put(.pop), dictionary(("a", getattr))),
        Fixture("getattr in a state", forward, put(.pop), made(namespace, tuple(none, getattr))),
        Fixture("getattr as argument", forward, put(.pop), call(ordered, getattr)),
        Fixture("getattr as result", forward, put(.pop), getattr),
        Fixture("getattr as class", forward, put(.pop), made(getattr)),
        // What belongs to the running program.
        Fixture("a setting", name("torchvision.models", "Settings"), text("a"), text("b"), setItem),
        Fixture("a list of the program", name("torch.nn.modules", "List"), text("a"), put(.append)),
        Fixture("a function with state", forward, dictionary(("a", none)), build),
        Fixture("a file", made(name("ultralytics.utils", "JSONDict")), text("a"), text("b"), setItem),
        Fixture("an item of a layer", made(layer), text("a"), text("b"), setItem),
        Fixture("a constant", name("torchvision.models._api", "BUILTIN_MODELS")),
        Fixture("a class of a library's own imports", name("torch.nn.modules.utils", "ThreadPool")),
        // Numbers that numpy takes for objects.
        Fixture("an object of bytes", call(scalar, numpyType("O8", flags: 63), text("12345678"))),
        Fixture("a structure of bytes", call(scalar, numpyType("V8"), text("12345678"))),
        Fixture("no type", call(scalar, none, text("12345678"))),
        Fixture("forged flags", numpyType("i8", flags: 63)),
        Fixture("missing flags", numpyType("O8", flags: 0)),
        Fixture("a base type", numpyType("i8", base: numpyType("O8", flags: 63))),
        Fixture("several types", numpyType("O,i8")),
        Fixture("a type without a code", made(name("numpy", "dtype"), numpyState(flags: 0, base: none))),
        Fixture("forged flags of a class", made(name("numpy.dtypes", "Int64DType"), numpyState(flags: 63, base: none))),
        Fixture(
            "an array of bytes",
            call(name("numpy", "ndarray"), tuple(number(1)), numpyType("O8", flags: 63), text("12345678"))),
        Fixture(
            "objects in a buffer",
            call(name("numpy.core.numeric", "_frombuffer"), text("12345678"), numpyType("O8", flags: 63))),
    ]

    @Test(arguments: attacks) func attacksAreDangerous(attack: Fixture) throws {
        let file = try Inspected(archive(attack.bytes))
        #expect(!file.dangerous.isEmpty)
        #expect(file.problem.isEmpty)
    }

    // MARK: - Ordinary files

    static let ordinary: [Fixture] = [
        Fixture("a state dictionary", call(ordered), dictionary(("_metadata", call(ordered))), build),
        Fixture("a parameter", call(name("torch._utils", "_rebuild_parameter"), tensor, put(.newTrue), call(ordered))),
        Fixture(
            "a parameter with state",
            call(
                name("torch._utils", "_rebuild_parameter_with_state"), tensor, put(.newTrue), call(ordered),
                dictionary(("a", none)))),
        Fixture(
            "a tensor with state",
            call(
                rebuildType, name("torch._utils", "_rebuild_parameter"), name("torch.nn.parameter", "Parameter"),
                tuple(tensor, put(.newTrue), call(ordered)), dictionary(("a", none)))),
        Fixture("a number of numpy", call(scalar, numpyType("f8"), text("12345678"))),
        Fixture("a text of numpy", call(scalar, numpyType("U2", flags: 8), text("12345678"))),
        Fixture(
            "an array of numpy",
            call(
                name("numpy.core.multiarray", "_reconstruct"), name("numpy", "ndarray"), tuple(number(0)), text("b")),
            tuple(number(1), tuple(number(2)), numpyType("f4"), put(.newFalse), text("12345678")), build),
        Fixture("objects of numpy", numpyType("O8", flags: 63)),
        Fixture(
            "an old object", call(reconstructor, layer, name("builtins", "object"), none), configuration, build),
        Fixture(
            "an old dictionary", call(reconstructor, attributes, name("builtins", "dict"), configuration), text("a"),
            none, setItem),
        Fixture("hyperparameters", made(attributes), text("config"), made(namespace, configuration), setItem),
        Fixture(
            "a layer", made(layer, dictionary(("_forward_hooks", call(ordered)), ("act", made(layer)), ("f", forward)))),
        Fixture(
            "settings with sets",
            made(layer, dictionary(("__fields_set__", call(name("builtins", "set"), put(.emptyList)))))),
        Fixture("a queue", call(name("collections", "deque"), tuple(), none), tensor, put(.append)),
        Fixture("a list of a script", call(name("torch.jit._pickle", "restore_type_tag"), tuple(), text("List[int]"))),
        Fixture("an object of a script", made(name("__torch__.A", "B"), tensor)),
    ]

    @Test(arguments: ordinary) func ordinaryFilesAreNotDangerous(fixture: Fixture) throws {
        let file = try Inspected(archive(fixture.bytes))
        #expect(file.dangerous == [])
        #expect(file.problem.isEmpty)
    }

    @Test(arguments: [
        ("fairseq.data.dictionary", "Dictionary"), ("deepspeed.runtime.fp16.loss_scaler", "LossScaler"),
        ("torch.nn.parallel.data_parallel", "DataParallel"), ("torch.nn.utils.weight_norm", "WeightNorm"),
        ("torch.nn.utils.spectral_norm", "SpectralNorm"), ("basicsr.archs.rrdbnet_arch", "RRDBNet"),
        ("clip.model", "CLIP"), ("transformers.trainer_pt_utils", "AcceleratorConfig"),
        ("accelerate.utils.deepspeed", "HfDeepSpeedConfig"), ("ultralytics.yolo.v8.detect.train", "Loss"),
        ("ultralytics.yolo.utils.loss", "v8DetectionLoss"), ("ultralytics.utils.tal", "TaskAlignedAssigner"),
    ])
    func objectsOfWellKnownProgramsAreNotDangerous(module: String, name: String) throws {
        let object = pickle { $0.object(module, name, [("a", { $0.small(1) })]) }
        #expect(try Inspected(archive(object)).dangerous.isEmpty)
    }
}
