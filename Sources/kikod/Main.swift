import Daemon

@main
struct Main {
    static func main() async { await Program.run(arguments: Array(CommandLine.arguments.dropFirst())) }
}
