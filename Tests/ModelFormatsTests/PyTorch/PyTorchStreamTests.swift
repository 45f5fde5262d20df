import Testing

@testable import ModelFormats

/// Files that are no zip archive.
@Suite struct PyTorchStreamTests {
    private let object = pickle {
        $0.dictionary([
            ("a", { $0.tensor("FloatStorage", [4], key: "k1") }), ("b", { $0.tensor("HalfStorage", [3], key: "k2") }),
            ("c", { $0.tensor("HalfStorage", [3], key: "k2") }), ("epoch", { $0.small(2) }),
        ])
    }
    /// Two storages with the counts before them.
    private let dataSize = 8 + 4 * 4 + 8 + 3 * 2

    @Test func fivePicklesAreAModel() throws {
        let file = try Inspected(
            stream(object, keys: ["k1", "k2"], data: [UInt8](repeating: 0, count: dataSize)))
        #expect(file.problem.isEmpty)
        #expect(file.header.format == .pickle)
        #expect(file.names == ["a", "b", "c"])
        #expect(file.metadata == ["epoch": "2"])
        #expect(file.dangerous.isEmpty)
    }

    @Test func missingNumbersAreNoticed() throws {
        let whole = stream(object, keys: ["k1", "k2"], data: [UInt8](repeating: 0, count: dataSize))
        let file = try Inspected(Array(whole.dropLast()))
        #expect(file.header.problem?.code == .incomplete(promised: UInt64(whole.count)))
        #expect(file.names == ["a", "b", "c"])
    }

    @Test func aStreamIsIncompleteWhereverItEnds() throws {
        let whole = stream(object, keys: ["k1", "k2"], data: [UInt8](repeating: 0, count: dataSize))
        for count in 1..<whole.count {
            let code = try Inspected(Array(whole.prefix(count))).header.problem?.code
            guard case .incomplete(let promised) = code else {
                Issue.record("\(count) bytes are not the whole file")
                continue
            }
            #expect(promised > UInt64(count) && promised <= UInt64(whole.count))
        }
    }

    @Test func hugeStoragesDoNotOverflow() throws {
        let object = pickle {
            $0.tuple {
                $0.text("storage")
                $0.global("torch", "DoubleStorage")
                $0.text("k")
                $0.text("cpu")
                $0.integer(UInt64(Int64.max))
            }
            $0.put(.persistent)
        }
        #expect(try Inspected(stream(object, keys: ["k", "k"])).problem == "its tensors are larger than any file")
    }

    @Test func everyPickleOfAStreamIsFollowed() throws {
        let payload = pickle { $0.call("os", "system", "x") }
        #expect(try Inspected(stream(payload)).dangerous == ["os.system"])
        let magic = Array(stream([]).prefix(15))
        #expect(try Inspected(magic + payload).dangerous == ["os.system"])
        #expect(try Inspected(magic + pickle { $0.small(1001) } + payload).dangerous == ["os.system"])
        let beforeKeys = stream(object).dropLast(pickle { $0.put(.emptyList) }.count + 2)
        #expect(try Inspected(Array(beforeKeys) + payload).dangerous == ["os.system"])
    }

    @Test func aPickleAloneIsFollowed() throws {
        for version in [nil, 0, 1, 2, 3, 4, 5] as [UInt8?] {
            let file = try Inspected(pickle(protocol: version) { $0.call("os", "system", "x") })
            #expect(file.dangerous == ["os.system"])
            #expect(file.problem == "it is a pickle, but not one that PyTorch wrote")
        }
    }

    @Test(arguments: [
        ("<!DOCTYPE html>", "this is not a PyTorch file but a web page"),
        ("version https://git-lfs.github.com/spec/v1", "a Git LFS pointer in place of the file itself"),
        ("GGUF\u{3}\u{0}\u{0}\u{0}aaaaaaaaaaaaaaaaaaaaaaaa", "this is not a PyTorch file but a GGUF file"),
        ("{\"a\": 1}", "this is not a PyTorch file but JSON text"),
        ("\u{8}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}{\"a\":{}}", "this is not a PyTorch file but a safetensors file"),
        ("hello", "it does not begin like a PyTorch file"), ("\u{0}\u{0}", "it does not begin like a PyTorch file"),
    ])
    func otherFilesAreNamed(text: String, problem: String) throws {
        let file = try Inspected(Array(text.utf8))
        #expect(file.problem.contains(problem))
        #expect(file.header.pickle == nil)
        #expect(file.header.tensorCount == nil)
    }

    @Test func emptyFilesAreEmpty() throws {
        #expect(try Inspected([]).header.problem?.code == .empty)
    }

    /// PyTorch still loads them, by their checksum alone.
    @Test func tarArchivesAreNotExamined() throws {
        var header = Array("pickle".utf8) + [UInt8](repeating: 0, count: 506)
        let sum = header.reduce(8 * 0x20) { $0 + Int($1) }
        let digits = String(sum, radix: 8)
        for (index, digit) in digits.utf8.enumerated() { header[148 + index] = digit }
        let file = try Inspected(header + [UInt8](repeating: 0, count: 900))
        #expect(file.problem.contains("it is a tar archive"))
        #expect(file.dangerous == ["(not examined)"])
        header[0] += 1
        #expect(try Inspected(header).problem == "it does not begin like a PyTorch file")
    }
}
