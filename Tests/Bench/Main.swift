import Glibc

@main
struct Main {
    static func main() { exit(BenchCommand.run(Array(CommandLine.arguments.dropFirst()))) }
}
