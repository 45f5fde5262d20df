import Glibc

@main
struct Main {
    static func main() { exit(StandInProgram.run(Array(CommandLine.arguments.dropFirst()))) }
}
