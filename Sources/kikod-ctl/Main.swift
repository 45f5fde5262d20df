internal import ControlCommands
internal import Glibc

@main
struct Main {
    static func main() { exit(ControlProcess.run()) }
}
