import Glibc
import LinuxSystem

@main
struct Main {
    static func main() {
        // The memory of a measured program can only be told while this one is smaller.
        limitHeapArenas()
        exit(BenchCommand.run(Array(CommandLine.arguments.dropFirst())))
    }
}
