import LinuxSystem
import Testing

@testable import Configuration

@Suite struct SettingsDecoderTests {
    @Test func everyKeyIsRead() throws {
        let yaml = """
            roots:
              - /srv/models
              - path: loras/../loras/./
                type: lora
                watch: poll
                civitai: false
              - ~/models
            comfyui: [/c/extra.yaml]
            data_dir: data
            socket: ~/run/k.sock
            http:
              listen: 0.0.0.0:3000
              token_file: token
              hosts: [Host.docker.internal]
            watch:
              settle: 500ms
              poll_interval: 1m
              rescan_interval: 12h
              follow_symlinks: no
              keep_missing: 7d
              ignore: ["*.bak", tmp*]
            hashing:
              workers: 3
              queue_capacity: 7
              max_file_size: 1MB
              max_rate: 200MiB
              autov3_max_size: 1000
              blake3: true
            civitai:
              enabled: false
              base_url: http://127.0.0.1:8080/api/
              api_key_file: key
              requests_per_second: 0.5
              timeout: 5s
            previews: cache
            previews_max_nsfw_level: 4
            log_level: debug
            """
        let files = MemoryFiles(["/c/extra.yaml": "a:\n  vae: v\n", "/c/token": "t\n", "/c/key": "k"])
        let outcome = load(yaml: yaml, files)
        #expect(outcome.faults == [])
        let loaded = try #require(outcome.loaded)
        let origin = SettingOrigin(source: "", line: nil)
        var expected = Settings(dataDirectory: FilePath("/c/data"), socket: FilePath("/home/me/run/k.sock"))
        expected.cacheDirectory = FilePath("/home/me/.cache/kikod")
        expected.roots = [
            RootSetting(path: FilePath("/srv/models"), origin: origin),
            RootSetting(path: FilePath("/c/loras"), type: .lora, watch: .poll, civitai: false, origin: origin),
            RootSetting(path: FilePath("/home/me/models"), origin: origin),
            RootSetting(path: FilePath("/c/v"), type: .vae, origin: origin),
        ]
        expected.http.listen = ListenAddress("0.0.0.0:3000")
        expected.http.tokenFile = FilePath("/c/token")
        expected.http.hosts = ["host.docker.internal"]
        expected.watch = WatchSettings(
            settle: .milliseconds(500), pollInterval: .seconds(60), rescanInterval: .seconds(43200),
            followSymlinks: false, keepMissing: .seconds(604_800), ignore: ["*.bak", "tmp*"])
        expected.hashing = HashingSettings(
            workers: 3, queueCapacity: 7, maximumFileSize: 1_000_000, maximumRate: 200 << 20, autoV3MaximumSize: 1000,
            blake3: true)
        expected.civitai = CivitAISettings(
            enabled: false, baseURL: "http://127.0.0.1:8080/api", apiKeyFile: FilePath("/c/key"),
            requestsPerSecond: 0.5, timeout: .seconds(5))
        expected.previews = .cache
        expected.previewsMaximumNSFWLevel = 4
        expected.logLevel = .debug
        #expect(loaded.settings == expected)
        #expect(loaded.settings.roots[1].origin.description == "/c/kikod.yaml:3")
        #expect(loaded.settings.roots[3].origin.description == "/c/extra.yaml:2")
        #expect(loaded.file == FilePath("/c/kikod.yaml"))
        #expect(loaded.rootsAreNamed)
    }

    @Test(arguments: ["", "# nothing\n", "---\n", "watch:\nhashing:\n", "data_dir: null\nsocket: ~\n"])
    func whatIsLeftOutHasItsDefault(_ yaml: String) throws {
        let loaded = try #require(load(yaml: yaml).loaded)
        let defaults = try #require(load(MemoryFiles()).loaded)
        #expect(loaded.settings == defaults.settings)
        #expect(!loaded.rootsAreNamed)
    }

    @Test func anExplicitEmptyListNamesRoots() {
        #expect(load(yaml: "roots: []\n").loaded?.rootsAreNamed == true)
        #expect(load(yaml: "comfyui: []\n").loaded?.rootsAreNamed == false)
    }

    /// Each fault as it is printed, behind the file's name.
    @Test(
        arguments: [
            ("setle: 1\n", "1: unknown key “setle”; known here: \(Self.topLevelKeys)"),
            ("\nsockets: 1\n", "2: unknown key “sockets”; did you mean socket?"),
            ("watch:\n  setle: 2s\n", "2: unknown key “setle” in watch; did you mean settle?"),
            ("watch:\n  poll-interval: 2s\n", "2: unknown key “poll-interval” in watch; did you mean poll_interval?"),
            ("http:\n  x: 1\n", "2: unknown key “x” in http; known here: listen, token_file, hosts"),
            ("socket: /a\n\nsocket: /a\n", "3: socket is given twice, first in line 1"),
            ("watch:\n  settle: 2s\n  settle: 2s\n", "3: watch.settle is given twice, first in line 2"),
            ("- a\n", "1: expected keys and values, found a list"),
            ("watch: fast\n", "1: watch: expected keys and values, found “fast”"),
            ("[a]: b\n", "1: a key must be a word"),
            ("!!map {}\n", "1: the tag “tag:yaml.org,2002:map” has no meaning here"),
            ("roots: /srv\n", "1: roots: expected a list of directories, found “/srv”"),
            ("roots:\n", "1: roots: expected a list of directories, found nothing"),
            ("roots:\n  - [a]\n", "2: roots: expected a directory, found a list"),
            ("roots:\n  - ''\n", "2: roots: expected a directory, found “”"),
            ("roots:\n  - type: lora\n", "2: roots: a root that has keys needs the key path"),
            ("roots:\n  - path: /a\n    typ: vae\n", "3: unknown key “typ” in roots; did you mean type?"),
            (
                "roots:\n  - path: /a\n    type: loras\n",
                "3: roots.type: expected one of \(Self.types), found “loras”; did you mean lora?"
            ),
            ("roots:\n  - path: /a\n    watch: x\n", "3: roots.watch: expected one of auto, inotify, poll, found “x”"),
            ("roots:\n  - path: /a\n    civitai: 1\n", "3: roots.civitai: expected true or false, found “1”"),
            ("roots:\n  - ~bob/x\n", "2: roots: no home directory is known for “~bob/x”"),
            (
                "roots:\n  - {path: /a, type: lora}\n  - {path: /b/../a/, type: vae}\n",
                "3: /a is named twice with different types: vae here, lora at /c/kikod.yaml:2"
            ),
            (
                "roots:\n  - {path: /a, watch: poll}\n  - {path: /a, watch: auto}\n",
                "3: /a is named twice with different watch modes: auto here, poll at /c/kikod.yaml:2"
            ),
            (
                "roots:\n  - {path: /a, civitai: no}\n  - {path: /a, civitai: yes}\n",
                "3: /a is named twice with different civitai settings: true here, false at /c/kikod.yaml:2"
            ),
            ("comfyui: /opt\n", "1: comfyui: expected a list of directories, found “/opt”"),
            ("data_dir: [a]\n", "1: data_dir: expected a directory, found a list"),
            ("socket: {a: b}\n", "1: socket: expected a path, found keys and values"),
            (
                "http:\n  listen: 3000\n",
                "2: http.listen: expected an address and port such as 127.0.0.1:3000 or [::1]:3000, found “3000”"
            ),
            (
                "http:\n  listen: 0.0.0.0:3000\n",
                "2: http.listen: 0.0.0.0:3000 can be reached from other machines, so http.token_file is needed"
            ),
            (
                "http:\n  listen: \"[::]:1\"\n  token_file: null\n",
                "2: http.listen: [::]:1 can be reached from other machines, so http.token_file is needed"
            ),
            ("http:\n  hosts: [\"a:1\"]\n", "2: http.hosts: expected a host name without a port, found “a:1”"),
            ("watch:\n  settle: 2\n", "2: watch.settle: expected \(Self.durations), found “2”"),
            ("watch:\n  settle: fast\n", "2: watch.settle: expected \(Self.durations), found “fast”"),
            ("watch:\n  settle: 2h\n", "2: watch.settle: expected a duration from 0 to 1h, found “2h”"),
            ("watch:\n  settle: -1s\n", "2: watch.settle: expected \(Self.durations), found “-1s”"),
            (
                "watch:\n  poll_interval: 99999999999999999999d\n",
                "2: watch.poll_interval: expected a duration from 100ms to 30d, found “99999999999999999999d”"
            ),
            (
                "watch:\n  rescan_interval: 9223372036854775807d\n",
                "2: watch.rescan_interval: expected a duration from 1s to 365d, found “9223372036854775807d”"
            ),
            ("watch:\n  keep_missing:\n", "2: watch.keep_missing: expected \(Self.durations), found nothing"),
            (
                "watch:\n  follow_symlinks: \"true\"\n",
                "2: watch.follow_symlinks: expected true or false, found “true”"
            ),
            ("watch:\n  ignore: '*.bak'\n", "2: watch.ignore: expected a list of patterns, found “*.bak”"),
            (
                "watch:\n  ignore:\n  - a\n  - [b]\n",
                "4: watch.ignore: expected a pattern such as \"*.bak\", found a list"
            ),
            (
                "hashing:\n  workers: 0\n",
                "2: hashing.workers: expected auto or a whole number from 1 to 64, found “0”"
            ),
            (
                "hashing:\n  queue_capacity: 1.5\n",
                "2: hashing.queue_capacity: expected a whole number from 1 to 1000000, found “1.5”"
            ),
            ("hashing:\n  max_rate: 200Mi\n", "2: hashing.max_rate: expected \(Self.sizes), found “200Mi”"),
            ("hashing:\n  max_file_size: -1\n", "2: hashing.max_file_size: expected \(Self.sizes), found “-1”"),
            (
                "hashing:\n  autov3_max_size: 9999999999TiB\n",
                "2: hashing.autov3_max_size: expected a size of at most 9223372036854775807 bytes, "
                    + "found “9999999999TiB”"
            ),
            ("hashing:\n  blake3: maybe\n", "2: hashing.blake3: expected true or false, found “maybe”"),
            (
                "civitai:\n  requests_per_second: 0\n",
                "2: civitai.requests_per_second: expected a number from 0.01 to 100.0, found “0”"
            ),
            (
                "civitai:\n  requests_per_second: nan\n",
                "2: civitai.requests_per_second: expected a number from 0.01 to 100.0, found “nan”"
            ),
            (
                "civitai:\n  base_url: ftp://x\n",
                "2: civitai.base_url: expected an address such as https://civitai.com, found “ftp://x”"
            ),
            (
                "civitai:\n  timeout: 1ms\n",
                "2: civitai.timeout: expected a duration from 100ms to 10m, found “1ms”"
            ),
            ("civitai:\n  api_key_file: []\n", "2: civitai.api_key_file: expected a file, found a list"),
            (
                "civitai:\n  api_key_file: none\n",
                "2: civitai.api_key_file: /c/none: No such file or directory (open)"
            ),
            (
                "http:\n  listen: 0.0.0.0:1\n  token_file: kikod.yaml\n",
                "3: http.token_file: /c/kikod.yaml must hold one word of printable characters"
            ),
            ("previews: on\n", "1: previews: expected one of off, cache, beside, found “on”"),
            (
                "previews_max_nsfw_level: 64\n",
                "1: previews_max_nsfw_level: expected a whole number from 1 to 63, found “64”"
            ),
            (
                "log_level: warn\n",
                "1: log_level: expected one of debug, info, notice, warning, error, found “warn”"
            ),
            ("a: *b\n", "1: the alias *b has no finished anchor &b before it"),
            ("a: [1\n", "2: did not find expected ',' or ']' (while parsing a flow sequence)"),
        ])
    func faultsAreToldWithFileAndLine(_ yaml: String, _ fault: String) {
        #expect(load(yaml: yaml).faults == ["/c/kikod.yaml:" + fault])
    }

    private static let topLevelKeys =
        "roots, comfyui, data_dir, socket, http, watch, hashing, civitai, previews, previews_max_nsfw_level, log_level"
    private static let types = ModelType.allCases.map(\.rawValue).joined(separator: ", ")
    private static let durations = "a duration such as 500ms, 2s, 5m, 24h or 30d"
    private static let sizes = "a size such as 0, 1000, 1MB, 200MiB or 2GiB"

    @Test func allFaultsAreToldInTheOrderOfTheFile() {
        let yaml = "log_level: x\nwatch:\n  settle: y\n  foo: 1\nroots: 7\nsocket: [a]\n"
        let lines = load(yaml: yaml).faults.map { $0.split(separator: ":")[1] }
        #expect(lines == ["1", "3", "4", "5", "6"])
    }

    @Test func textOfTheFileCannotForgeLinesOfTheMessage() {
        let faults = load(yaml: "\"a\\nb: c\": 1\n").faults
        #expect(faults.count == 1)
        #expect(faults.allSatisfy { !$0.contains("\n") })
    }

    @Test func aRepeatedRootMayAddWhatTheFirstLeftOpen() throws {
        let yaml = "roots:\n  - /a\n  - {path: /a, type: lora}\n  - {path: /a/, watch: poll}\n"
        let roots = try #require(load(yaml: yaml).loaded?.settings.roots)
        #expect(roots.count == 1)
        #expect(roots.first?.type == .lora)
        #expect(roots.first?.watch == .poll)
    }

    @Test func theNumberOfFaultsIsBounded() {
        let yaml = (0..<2000).map { "key\($0): 1\n" }.joined()
        let faults = load(yaml: yaml).faults
        #expect(faults.count == 1001)
        #expect(faults.last == "/c/kikod.yaml:1001: there are more faults than are told here")
    }

    /// Every mix of known keys and odd values loads or is refused with a line; nothing traps.
    @Test func randomSettingsNeverTrap() {
        var generator = SystemRandomNumberGenerator()
        let seed = generator.next()
        print("seed \(seed)")
        var state = seed
        func pick(_ words: [String]) -> String {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return words[Int((state >> 33) % UInt64(words.count))]
        }
        let keys = [
            "roots", "comfyui", "data_dir", "http", "watch", "hashing", "civitai", "previews", "log_level", "x", "~",
        ]
        let inner = ["path", "type", "listen", "settle", "workers", "max_rate", "base_url", "timeout", "hosts", "[]"]
        let values = [
            "1", "-9223372036854775808", "9223372036854775807TiB", "1e999", "~", "~/", "~nobody", "$", "${", "[[], {}]",
            "http://", "[::1]:99999", "''", "\"\\u2028\"", "106751d", "{a: b}", "&a [*a]", "é", "|\n    x\n",
        ]
        for _ in 0..<2000 {
            let yaml =
                "\(pick(keys)):\n  \(pick(["- ", ""]))\(pick(inner)): \(pick(values))\n\(pick(keys)): \(pick(values))\n"
            let files = MemoryFiles(["/c/e.yaml": yaml, "/c/kikod.yaml": "comfyui: [e.yaml]\n"])
            for outcome in [load(yaml: yaml), load(files) { $0.configurationFile = "/c/kikod.yaml" }] {
                #expect(outcome.loaded != nil || outcome.faults.allSatisfy { $0.hasPrefix("/c/") })
                #expect(outcome.loaded != nil || !outcome.faults.isEmpty)
            }
        }
    }
}
