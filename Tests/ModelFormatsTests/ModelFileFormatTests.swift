import Testing

@testable import ModelFormats

@Suite struct ModelFileFormatTests {
    @Test(arguments: [
        ("a.safetensors", ModelFileFormat.safetensors), ("A.SafeTensors", .safetensors), ("a.b.SFT", .safetensors),
        ("m.gguf", .gguf), ("m.ckpt", .pytorch), ("m.pt", .pytorch), ("m.PT2", .pytorch), ("m.pth", .pytorch),
        ("pytorch_model.bin", .pytorch),
    ])
    func namesTellTheFormat(name: String, format: ModelFileFormat) {
        #expect(ModelFileFormat(name: Array(name.utf8)) == format)
        #expect(ModelFileFormat.isModelFile(name: Array(name.utf8)))
    }

    @Test(arguments: ["", "safetensors", "a.safetensors.part", "a.txt", "a.pt3", "a.ptx", "gguf", "a.safetensor"])
    func otherNamesAreNoModels(name: String) {
        #expect(!ModelFileFormat.isModelFile(name: Array(name.utf8)))
    }

    @Test func namesThatAreNotUTF8AreNames() {
        #expect(ModelFileFormat(name: [0xE9, 0xFF] + Array(".gguf".utf8)) == .gguf)
    }

    @Test func firstBytesTellPyTorchFromPickle() {
        #expect(ModelFileFormat.pytorch.refined(firstBytes: [0x50, 0x4B, 0x03, 0x04, 0]) == .pytorch)
        #expect(ModelFileFormat.pytorch.refined(firstBytes: [0x80, 0x02]) == .pickle)
        #expect(ModelFileFormat.pytorch.refined(firstBytes: []) == .pickle)
        #expect(ModelFileFormat.safetensors.refined(firstBytes: [0x50, 0x4B, 0x03, 0x04]) == .safetensors)
        #expect(ModelFileFormat.gguf.refined(firstBytes: [0x80]) == .gguf)
    }
}
