import Testing

@testable import ModelFormats

/// What else lies in archives, and where their directories lie.
@Suite struct PyTorchArchiveLayoutTests {
    private let object = pickle { $0.dictionary([("a", { $0.tensor("FloatStorage", [4]) })]) }
    private let payload = pickle { $0.call("os", "system", "x") }

    private func dangerous(_ entries: [(String, [UInt8])]) throws -> [String] {
        var zip = ZipWriter()
        zip.add("r/data.pkl", object)
        for (name, data) in entries { zip.add(name, data) }
        return try Inspected(zip.bytes).dangerous
    }

    // MARK: - Ordinary archives

    @Test(arguments: [false, true])
    func whatTorchSaveWritesIsHarmless(isZip64: Bool) throws {
        var zip = ZipWriter()
        zip.isZip64 = isZip64
        zip.add("r/data.pkl", object)
        zip.add("r/.format_version", Array("1".utf8))
        zip.add("r/.storage_alignment", Array("64".utf8))
        zip.add("r/byteorder", Array("little".utf8))
        // Numbers may look like anything.
        for number in 0..<3000 { zip.add("r/data/\(number)", payload) }
        zip.add("r/version", Array("3\n".utf8))
        zip.add("r/.data/serialization_id", Array("0123456789".utf8))
        let file = try Inspected(zip.bytes)
        #expect(file.problem.isEmpty)
        #expect(file.dangerous.isEmpty)
        #expect(file.names == ["a"])
    }

    @Test func scriptedModelsAreHarmless() throws {
        var zip = ZipWriter()
        zip.add("m/data.pkl", object)
        zip.add("m/code/__torch__/net.py", Array("class Upscaler(Module)".utf8), deflated: true)
        zip.add("m/code/__torch__/net.py.debug_pkl", payload, deflated: true)
        zip.add("m/constants.pkl", pickle { $0.put(.emptyTuple) })
        zip.add("m/constants/0", payload)
        zip.add("m/extra/config.json", Array("{}".utf8))
        zip.add("m/extra/names.bin", Array("cat\ndog\n".utf8))
        let file = try Inspected(zip.bytes)
        #expect(file.problem.isEmpty)
        #expect(file.dangerous.isEmpty)
    }

    @Test func exportedProgramsAreHarmless() throws {
        var zip = ZipWriter()
        zip.add("m/archive_format", Array("pt2".utf8))
        zip.add("m/models/model.json", Array("{}".utf8))
        zip.add("m/data/sample_inputs/model.pt", archive(pickle { $0.put(.emptyTuple) }))
        zip.add("m/data/weights/weight_0", payload)
        zip.add("m/data/constants/tensor_0", payload)
        zip.add("m/data/constants/model_constants_config.json", Array(#"{"config":{}}"#.utf8))
        zip.add("m/archive_version", Array("0".utf8))
        let file = try Inspected(zip.bytes)
        #expect(file.problem.isEmpty)
        #expect(file.dangerous.isEmpty)
        zip.add("m/data/constants/x_constants_config.json", Array(#"{"config":{"a":{"use_pickle":true}}}"#.utf8))
        #expect(try Inspected(zip.bytes).dangerous == ["(not examined)"])
    }

    @Test func halfOfAnArchiveIsIncompleteOnly() throws {
        var zip = ZipWriter()
        zip.add("r/data.pkl", payload)
        zip.add("r/data/0", [UInt8](repeating: 0, count: 100_000))
        let file = try Inspected(Array(zip.bytes.dropLast(60_000)))
        #expect(file.problem == "the zip archive has no directory: its end is missing")
        #expect(file.header.pickle == nil)
    }

    // MARK: - Code and hidden pickles

    @Test(arguments: [
        ("p/module.py", "(Python source)"), ("__main__.pyc", "(Python source)"), ("code/a.py", "(Python source)"),
        ("p/.DATA/extern_modules", "(Python source)"), ("m/data/aotinductor/model/a.so", "(native code)"),
        ("m/data/aotinductor/model/a.wrapper.cpp", "(native code)"),
    ])
    func codeIsNamed(name: String, what: String) throws {
        #expect(try dangerous([(name, Array("x".utf8))]) == [what])
    }

    @Test(arguments: ["p/models/obj", "r/data/model", "r/x.pt", "r/x.PKL", "r/weights", "obj", "r/code/x.py.obj"])
    func picklesOfAnyNameAreFollowed(name: String) throws {
        #expect(try dangerous([(name, payload)]) == ["os.system"])
        var zip = ZipWriter()
        zip.add("r/data.pkl", object)
        zip.add(name, payload, deflated: true)
        // What is packed in a file of its own is not unpacked.
        #expect(try Inspected(zip.bytes).dangerous == (name.hasSuffix(".pt") ? ["(not examined)"] : ["os.system"]))
    }

    @Test func archivesOfAnyNameAreExamined() throws {
        #expect(try dangerous([("r/inner", archive(payload))]) == ["os.system"])
        #expect(try dangerous([("r/inner.pt", archive(payload))]) == ["os.system"])
        #expect(try dangerous([("r/inner", archive(object))]).isEmpty)
        var zip = ZipWriter()
        zip.add("deeper", archive(payload))
        #expect(try dangerous([("r/inner", zip.bytes)]) == ["(not examined)"])
    }

    /// Their names mean nothing, but protocol 0 has no beginning of its own.
    @Test func modelsInsideOfOtherArchivesAreRead() throws {
        #expect(try dangerous([("r/x.bin", Array("cposix\nsystem\n.".utf8))]) == ["posix.system"])
        #expect(try dangerous([("r/x.bin", Array("hello".utf8)), ("r/y.pt", [])]).isEmpty)
    }

    @Test func namesThatAreReadDifferentlyAreNoticed() throws {
        #expect(try dangerous([("data.pkl\0.txt", payload)]).contains("(not examined)"))
    }

    @Test func tooManyFilesAreNotForgotten() throws {
        #expect(try dangerous((0..<2100).map { ("r/\($0).txt", []) }) == ["(not examined)"])
    }

    // MARK: - Directories

    /// Python takes the directory that lies directly before the end record, and moves all offsets accordingly.
    @Test(arguments: [false, true])
    func twoArchivesOneAfterTheOtherAreNoticed(isZip64: Bool) throws {
        var harmless = ZipWriter()
        let empty = pickle { $0.put(.none) }
        harmless.add("r/data.pkl", empty + [UInt8](repeating: 0x20, count: payload.count - empty.count))
        var harmful = ZipWriter()
        harmful.isZip64 = isZip64
        harmful.add("r/data.pkl", payload)
        let first = harmless.bytes.dropLast(22)
        let file = try Inspected(first + harmful.bytes)
        #expect(file.dangerous.contains("(not examined)"))
        #expect(!file.problem.isEmpty)
    }

    @Test func directoriesElsewhereAreNoticed() throws {
        var zip = ZipWriter()
        zip.add("r/data.pkl", object)
        #expect(try Inspected(zip.bytes).dangerous.isEmpty)
        let whole = zip.bytes
        let gap = whole.dropLast(22) + [0] + whole.suffix(22)
        let file = try Inspected(Array(gap))
        #expect(file.dangerous == ["(not examined)"])
        #expect(file.problem.contains("does not lie directly before its end"))
        zip.claimedOffset = 0xFFFF_FFF0
        #expect(try Inspected(zip.bytes).dangerous == ["(not examined)"])
        zip.claimedOffset = 3
        #expect(try Inspected(zip.bytes).dangerous == ["(not examined)"])
    }
}
