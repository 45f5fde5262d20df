internal import CommandLineParsing
internal import ControlCommands
internal import Daemon
internal import Glibc
internal import IndexAPI
internal import LinuxSystem

/// Writes the manual pages and the completion scripts of both programs for packagers; scripts/documentation calls it.
@main
struct Main {
    private static let specification = CommandSpecification(
        name: "write-documentation", summary: "writes manual pages and completion scripts",
        options: [
            OptionSpecification(
                "date", value: ValueSpecification("YYYY-MM-DD"), help: "The day that the manual pages bear")
        ],
        operands: [OperandSpecification(ValueSpecification("DIR", .directory), help: "Where to; it is made if need be")]
    )

    /// The programs with the chapters of their manual pages.
    private static let programs = [(DaemonCommand.specification, 8), (ControlProgram.specification, 1)]

    static func main() {
        do {
            switch try specification.parse(StartingConditions.arguments) {
            case .help(let text), .version(let text): print(text, terminator: "")
            case .run(let command):
                try write(to: FilePath(command.operands.first ?? "."), date: command.value("date") ?? "")
            }
        } catch let error as UsageError {
            fail("\(error)", 64)
        } catch {
            fail("\(error)", 1)
        }
    }

    private static func write(to directory: FilePath, date: String) throws {
        try makeDirectories(directory, mode: 0o755)
        for (program, section) in programs {
            var others = programs.filter { $0.0.name != program.name }.map { (name: $0.0.name, section: $0.1) }
            // Written by hand: etc/kikod.yaml.5.
            others.append((name: "kikod.yaml", section: 5))
            let page = program.manualPage(
                section: section, date: date, release: "kikod \(kikodVersion)", seeAlso: others)
            try write("\(program.name).\(section)", page, directory)
            for shell in Shell.allCases {
                try write(
                    "\(shell.rawValue)/" + shell.fileName(for: program.name), program.completion(for: shell), directory)
            }
        }
    }

    private static func write(_ name: String, _ text: String, _ directory: FilePath) throws {
        let path = directory.appending(name)
        try makeDirectories(path.parent, mode: 0o755)
        try AtomicFile.replace(path, with: Array(text.utf8), mode: 0o644)
        print(path)
    }

    private static func fail(_ message: String, _ status: Int32) -> Never {
        let bytes = Array("write-documentation: \(message)\n".utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(2, $0.baseAddress, $0.count) }
        exit(status)
    }
}
