import APIClient
import IndexAPI
import LinuxSystem
import StandInCivitAI
import TestSupport

/// What it takes to link a library to CivitAI.
struct LookupBench {
    private let options: BenchOptions
    private let directory: FilePath

    init(_ options: BenchOptions, _ directory: FilePath) {
        self.options = options
        self.directory = directory
    }

    func rows() throws -> [BenchRow] {
        var rows = try rows(files: 136, goal: "≤ 8")
        if !options.isQuick { rows += try self.rows(files: 5000, goal: "≤ 150") }
        return rows
    }

    private func rows(files: Int, goal: String) throws -> [BenchRow] {
        let server = try StandInCivitAI()
        defer { server.stop() }
        let place = try BenchPlace(directory.appending("lookups-\(files)"))
        defer { removeTree(place.directory) }
        for number in 0..<files {
            let path = place.root.appending("\(number).safetensors")
            try writeFile(path, ModelBytes.sdxlLoRA(metadata: ["number": "\(number)"]))
            try setAge(path, seconds: 3600)
        }
        try place.index()
        try serve(place, server)

        // The library is hashed; what is measured is the asking alone.
        let asking = try BenchPlace(
            place.directory, civitai: "base_url: \"\(server.baseURL)\", requests_per_second: 100")
        let usage = try asking.measuredIndex()
        let requests = Double(server.requests.count)
        let what = "lookups, \(files) files"
        return [
            BenchRow(
                "\(what): requests", Samples("requests", [requests]),
                against: ("two a file", Samples("requests", [Double(2 * files)])), goal: goal),
            BenchRow("\(what): wall", Samples("ms", [usage.wallSeconds * 1000]), goal: "-"),
            BenchRow("\(what): CPU", Samples("ms", [usage.processorSeconds * 1000]), goal: "-"),
            BenchRow(peakOf: [usage], "\(what): peak memory", goal: "-"),
        ]
    }

    /// Has the stand-in know every file of the library, each as a model of its own with a picture or two.
    private func serve(_ place: BenchPlace, _ server: StandInCivitAI) throws {
        let daemon = try place.startDaemon()
        try daemon.waitUntilReady()
        let files = try daemon.client.files(.init()).value.files
        try daemon.stop()
        for (number, file) in files.enumerated() {
            var model = StandInModel.lora(
                id: Int64(number + 1), version: Int64(number + 1) * 10, name: "Model \(number)",
                sha256: file.sha256 ?? "", bytes: file.size, fileName: file.name)
            model.tags = ["style", "anime"]
            model.versions[0].images = (0..<10).map { StandInImage(id: Int64(number * 10 + $0 + 1)) }
            model.versions[0].trainedWords = ["word"]
            server.add(model)
        }
    }
}
