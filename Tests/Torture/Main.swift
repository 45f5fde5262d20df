import Glibc

@main
struct Main {
    static func main() { exit(TortureCommand.run(Array(CommandLine.arguments.dropFirst()))) }
}
