import Daemon

@main
struct Main {
    // Not asynchronous: the runtime would park the main thread with all signals unblocked, where SIGTERM kills.
    static func main() { Program.run() }
}
