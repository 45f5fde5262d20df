import Glibc
import LinuxSystem
import TestSupport
import Testing

@testable import Systemd

/// Against a real socket. Each test runs in a process of its own, since the environment is read there.
@Suite(.timeLimit(.minutes(1))) struct ServiceManagerTests {
    @Test func eachMessageIsOneDatagram() async throws {
        await #expect(processExitsWith: .success) {
            try await withTemporaryDirectory { directory in
                let socket = try NotifySocket(directory.appending("notify"))
                let manager = ServiceManager()
                manager.ready()
                manager.alive()
                manager.failed(ENOSPC)
                manager.stopping()
                #expect(try socket.messages() == ["READY=1", "WATCHDOG=1", "ERRNO=28", "STOPPING=1"])
            }
        }
    }

    @Test func reloadingBearsTheMonotonicTime() async throws {
        await #expect(processExitsWith: .success) {
            try await withTemporaryDirectory { directory in
                let socket = try NotifySocket(directory.appending("notify"))
                let manager = ServiceManager()
                manager.ready()
                let before = MonotonicTime.now.nanoseconds / 1000
                manager.reloading()
                let after = MonotonicTime.now.nanoseconds / 1000
                let message = try #require(try socket.messages().last)
                let start = "RELOADING=1\nMONOTONIC_USEC="
                #expect(message.hasPrefix(start))
                let time = try #require(Int64(message.dropFirst(start.count)))
                #expect((before...after).contains(time))
            }
        }
    }

    /// READY=1 would end the start, EXTEND_TIMEOUT_USEC put off the end of a process that is to stop.
    @Test func eachPhaseSaysWhatBelongsToIt() async throws {
        await #expect(processExitsWith: .success) {
            try await withTemporaryDirectory { directory in
                let socket = try NotifySocket(directory.appending("notify"))
                let manager = ServiceManager()
                manager.reloading()
                manager.reloaded()
                manager.extendTimeout(seconds: 60)
                #expect(try socket.messages() == ["EXTEND_TIMEOUT_USEC=60000000"])
                manager.ready()
                manager.ready()
                manager.extendTimeout(seconds: 60)
                manager.reloading()
                manager.reloaded()
                let running = try socket.messages()
                #expect(running.map { $0.prefix(9) } == ["READY=1", "RELOADING", "READY=1"])
                manager.stopping()
                manager.stopping()
                manager.reloading()
                manager.reloaded()
                manager.ready()
                manager.extendTimeout(seconds: 60)
                manager.show("last words")
                #expect(try socket.messages() == ["STOPPING=1", "STATUS=last words"])
            }
        }
    }

    @Test func statusIsShownWhenItIsAnother() async throws {
        await #expect(processExitsWith: .success) {
            try await withTemporaryDirectory { directory in
                let socket = try NotifySocket(directory.appending("notify"))
                let manager = ServiceManager()
                for line in ["one", "one", "two\nlines", "two\nlines", "one"] { manager.show(line) }
                #expect(try socket.messages() == ["STATUS=one", #"STATUS=two\nlines"#, "STATUS=one"])
            }
        }
    }

    @Test func noStatusCanSmuggleInAnAssignment() async throws {
        await #expect(processExitsWith: .success) {
            try await withTemporaryDirectory { directory in
                let socket = try NotifySocket(directory.appending("notify"))
                for line in ["a\nMAINPID=1", "a\r\nMAINPID=1", "a\n\u{301}MAINPID=1"] {
                    ServiceManager().show(line)
                    let message = try #require(try socket.messages().first)
                    #expect(message.hasPrefix("STATUS=a"))
                    #expect(!message.utf8.contains(UInt8(ascii: "\n")), "\(message.debugDescription)")
                }
            }
        }
    }

    @Test func withoutSystemdNothingIsSaid() async throws {
        await #expect(processExitsWith: .success) {
            try await withTemporaryDirectory { directory in
                unsafe unsetenv("NOTIFY_SOCKET")
                unsafe unsetenv("WATCHDOG_USEC")
                let manager = ServiceManager()
                let socket = try NotifySocket(directory.appending("notify"))
                manager.ready()
                manager.show("first")
                #expect(try socket.messages().isEmpty)
                #expect(manager.watchdogInterval == nil)
            }
        }
    }

    @Test func systemdThatDoesNotListenIsNoTrouble() async throws {
        await #expect(processExitsWith: .success) {
            unsafe setenv("NOTIFY_SOCKET", "/nowhere/notify", 1)
            let manager = ServiceManager()
            manager.ready()
            manager.show("first")
        }
    }

    @Test func watchdogIntervalIsInNanosecondsAndForThisProcessOnly() async throws {
        await #expect(processExitsWith: .success) {
            let manager = ServiceManager()
            unsafe unsetenv("WATCHDOG_PID")
            unsafe setenv("WATCHDOG_USEC", "30000000", 1)
            #expect(manager.watchdogInterval == 30_000_000_000)
            unsafe setenv("WATCHDOG_PID", "\(getpid())", 1)
            #expect(manager.watchdogInterval == 30_000_000_000)
            unsafe setenv("WATCHDOG_PID", "1", 1)
            #expect(manager.watchdogInterval == nil)
            unsafe unsetenv("WATCHDOG_PID")
            for nonsense in ["0", "", "x", "-1"] {
                unsafe setenv("WATCHDOG_USEC", nonsense, 1)
                #expect(manager.watchdogInterval == nil, "\(nonsense)")
            }
            unsafe setenv("WATCHDOG_USEC", "18446744073709551614", 1)
            #expect(manager.watchdogInterval == .max)
        }
    }
}
