import LinuxSystem
import Testing
import YAML

@testable import Configuration

@Suite struct SettingValueTests {
    private func read<Value>(_ text: String, _ reader: SettingValue.Reader<Value>) -> Value? {
        guard let node = try? YAMLDocument.parse(Array(text.utf8)) else { return nil }
        return try? reader(node)
    }

    @Test(
        arguments: [
            ("500ms", .milliseconds(500)), ("2s", .seconds(2)), ("5m", .seconds(300)), ("24h", .seconds(86400)),
            ("30d", .seconds(2_592_000)), ("0", .zero), ("0s", .zero), ("'2 s'", .seconds(2)), ("2", nil), ("2 S", nil),
            ("s", nil), ("1.5s", nil), ("2ss", nil), ("٢s", nil), ("106752d", nil),
        ] as [(String, Duration?)])
    func durations(_ text: String, _ value: Duration?) {
        #expect(read(text, SettingValue.duration(in: .zero ... .seconds(1 << 40))) == value)
    }

    @Test(
        arguments: [
            ("0", 0), ("1000", 1000), ("1MB", 1_000_000), ("200MiB", 209_715_200), ("2GiB", 2_147_483_648),
            ("1 kB", 1000), ("1KB", 1000), ("3TiB", 3_298_534_883_328), ("7B", 7), ("1M", nil), ("-1", nil),
            ("1e3", nil),
            ("9223372036854775807", .max), ("9223372036854775808", nil), ("8388608TiB", nil), ("[1]", nil),
        ] as [(String, Int64?)])
    func byteSizes(_ text: String, _ value: Int64?) {
        #expect(read(text, SettingValue.byteSize) == value)
    }

    @Test(
        arguments: [
            ("true", true), ("Yes", true), ("on", true), ("false", false), ("NO", false), ("off", false), ("1", nil),
            ("'yes'", nil), ("y", nil), ("~", nil),
        ] as [(String, Bool?)])
    func booleans(_ text: String, _ value: Bool?) {
        #expect(read(text, SettingValue.boolean) == value)
    }

    @Test(arguments: [
        ("127.0.0.1:3000", "127.0.0.1:3000", true), ("localhost:1", "127.0.0.1:1", true),
        ("[::1]:80", "[::1]:80", true),
        ("127.9.9.9:0", "127.9.9.9:0", true), ("[0:0:0:0:0:0:0:1]:80", "[::1]:80", true),
        ("0.0.0.0:3000", "0.0.0.0:3000", false), ("[::]:3000", "[::]:3000", false),
        ("[::ffff:127.0.0.1]:1", "[::ffff:127.0.0.1]:1", false),
    ])
    func listenAddresses(_ text: String, _ shown: String, _ isLoopback: Bool) {
        #expect(ListenAddress(text)?.description == shown)
        #expect(ListenAddress(text)?.isLoopback == isLoopback)
    }

    @Test(arguments: [
        "", "3000", ":3000", "example.org:80", "127.1:80", "::1:80", "127.0.0.1:", "127.0.0.1:65536",
        "127.0.0.1:+1", "127.0.0.1:-1", "[::1]", "[127.0.0.1]:1", "127.0.0.1:8٠",
    ])
    func otherAddressesAreRefused(_ text: String) {
        #expect(ListenAddress(text) == nil)
    }

    @Test func nearWordsAreSuggestedAndFarOnesNot() {
        #expect(nearestWord(to: "setlte", among: ["settle", "socket"]) == "settle")
        #expect(nearestWord(to: "Socket", among: ["settle", "socket"]) == "socket")
        #expect(nearestWord(to: "zzzzzz", among: ["settle", "socket"]) == nil)
        #expect(nearestWord(to: String(repeating: "a", count: 100_000), among: ["settle"]) == nil)
        #expect(editDistance(Array("ab".utf8), Array("ba".utf8)) == 1)
        #expect(editDistance([], Array("abc".utf8)) == 3)
    }

    @Test func secretsDoNotPrint() {
        let secret = Secret("hunter2")
        var dumped = ""
        dump(["key": secret], to: &dumped)
        var settings = CivitAISettings()
        settings.environmentKey = secret
        for text in ["\(secret)", String(reflecting: secret), "\(settings)", String(reflecting: settings), dumped] {
            #expect(!text.contains("hunter2"))
        }
        #expect("\(secret)" == "(secret)")
        #expect(secret.value == "hunter2")
    }

    @Test(
        arguments: [
            ("/a", "/a", nil), ("/a:lora", "/a", .lora), ("/a:b", "/a:b", nil), ("/a:b:vae", "/a:b", .vae),
            ("/a:lora/", "/a:lora/", nil), ("x:text_encoder", "x", .textEncoder), ("/a:LORA", "/a:LORA", nil),
            ("/a:", "/a:", nil), ("C:\\x", "C:\\x", nil),
        ] as [(String, String, ModelType?)])
    func rootArguments(_ text: String, _ directory: String, _ type: ModelType?) {
        let argument = RootArgument(text)
        #expect(argument?.directory.description == directory)
        #expect(argument?.type == type)
    }

    @Test(arguments: ["", ":lora", "a\u{0}b"]) func rootArgumentsWithoutDirectoryAreRefused(_ text: String) {
        #expect(RootArgument(text) == nil)
    }

    @Test func modelTypesAreTheWordsOfTheAPI() {
        #expect(
            ModelType.allCases.map(\.rawValue).joined(separator: " ")
                == "checkpoint lora embedding hypernetwork vae controlnet upscaler text_encoder clip_vision "
                + "diffusion_model motion_module ip_adapter detection other")
    }
}
