import Glibc
import IndexAPI
import LinuxSystem
import TestSupport
import Testing

/// File systems that come and go, in a mount namespace of the daemon's own.
@Suite(
    .serialized, .timeLimit(.minutes(5)),
    .enabled(if: Mounting.isPossible, "to mount in a namespace of one's own needs root"))
struct MountTests {
    @Test func mountBelowARootIsAPlaceOfItsOwn() async throws {
        try await withPlace { place in
            let point = place.models.appending("usb/drive")
            try makeDirectory(point)
            try place.addFile("a.pt", "a")
            try await withDaemon(place, .apart) { daemon in
                try await daemon.sync()
                try await daemon.inNamespace {
                    try Mounting.mountMemory(point)
                    try place.addFile("usb/drive/sub/b.pt", "b")
                }
                try await daemon.sync()
                #expect(
                    try await daemon.states() == [
                        "models/a.pt": "indexed", "models/usb/drive/sub/b.pt": "indexed",
                    ])
                // Its changes are seen.
                try await daemon.inNamespace { _ = try place.addFile("usb/drive/sub/c.pt", "c") }
                try await daemon.sync()
                #expect(try await daemon.states()["models/usb/drive/sub/c.pt"] == "indexed")

                try await daemon.inNamespace { try Mounting.unmount(point) }
                #expect(try await daemon.sync().skipped == [point.description])
                #expect(
                    try await daemon.states() == [
                        "models/a.pt": "indexed", "models/usb/drive/sub/b.pt": "missing",
                        "models/usb/drive/sub/c.pt": "missing",
                    ])
                let root = try #require(try await daemon.status().roots.first)
                #expect(root.state == "online")
                #expect(root.message?.contains("\(point) is offline: ") == true)
            }
        }
    }

    @Test func bindMountComesBackUnread() async throws {
        try await withPlace { place in
            let (point, drive) = (place.models.appending("loras"), place.directory.appending("drive"))
            let file = drive.appending("set/a.pt")
            try makeDirectory(point)
            try makeDirectory(drive)
            try await withDaemon(place, .apart) { daemon in
                try await daemon.sync()
                try await daemon.inNamespace {
                    try Mounting.mountMemory(drive)
                    try makeDirectory(file.parent)
                    try writeFile(file, "a")
                    try setAge(file, seconds: 3600)
                    try Mounting.bind(file.parent, at: point)
                }
                try await daemon.sync()
                let before = try await daemon.file(point.appending("a.pt"))
                #expect(before.state == "indexed")
                for isLazy in [false, true] {
                    try await daemon.inNamespace { try Mounting.unmount(point, lazily: isLazy) }
                    #expect(try await daemon.sync().skipped == [point.description])
                    #expect(try await daemon.states() == ["models/loras/a.pt": "missing"])
                    try await daemon.inNamespace { try Mounting.bind(file.parent, at: point) }
                    #expect(try await daemon.sync().skipped == [])
                    #expect(try await daemon.file(point.appending("a.pt")) == before)
                }
                #expect(try await daemon.status().hashing.filesTotal == 1)
                #expect(try await daemon.status().state == "ready")
            }
        }
    }

    /// While a file there is open, only the mount table tells of a lazy unmount.
    @Test func lazyUnmountIsSeenThoughAFileIsOpen() async throws {
        try await withPlace { place in
            let point = place.models.appending("drive")
            try makeDirectory(point)
            try await withDaemon(place, .apart) { daemon in
                let file = try await daemon.inNamespace {
                    try Mounting.mountMemory(point)
                    return HeldFile(try FileDescriptor.open(place.addFile("drive/a.pt", "a"), O_RDONLY))
                }
                try await daemon.sync()
                try await daemon.inNamespace { try Mounting.unmount(point, lazily: true) }
                // Nobody asks for anything; the mount table tells.
                try await daemon.wait("at the end of the mount") {
                    try await daemon.states() == ["models/drive/a.pt": "missing"]
                }
                #expect(try await daemon.message().contains("\(point) is offline: "))
                withExtendedLifetime(file) {}
            }
        }
    }

    @Test func mountOverADirectoryHidesItsFilesUntilItGoes() async throws {
        try await withPlace { place in
            let point = place.models.appending("drive")
            try place.addFile("drive/under.pt", "under")
            try await withDaemon(place, .apart) { daemon in
                try await daemon.sync()
                try await daemon.inNamespace {
                    try Mounting.mountMemory(point)
                    try place.addFile("drive/over.pt", "over")
                }
                try await daemon.sync()
                #expect(
                    try await daemon.states() == [
                        "models/drive/under.pt": "missing", "models/drive/over.pt": "indexed",
                    ])
                try await daemon.inNamespace { try Mounting.unmount(point) }
                try await daemon.sync()
                // What lies there holds a model file, so it is believed.
                #expect(
                    try await daemon.states() == [
                        "models/drive/under.pt": "indexed", "models/drive/over.pt": "missing",
                    ])
                #expect(try await daemon.status().hashing.filesTotal == 2)
                #expect(try await daemon.status().state == "ready")
            }
        }
    }

    @Test func rootThatIsAMountPointIsOfflineWithoutIt() async throws {
        try await withPlace { place in
            let drive = place.directory.appending("drive")
            try makeDirectory(drive.appending("models"))
            let file = drive.appending("models/a.pt")
            try writeFile(file, "a")
            try setAge(file, seconds: 3600)
            try await withDaemon(place, .apart) { daemon in
                try await daemon.inNamespace { try Mounting.bind(file.parent, at: place.models) }
                try await daemon.sync()
                #expect(try await daemon.states() == ["models/a.pt": "indexed"])
                try await daemon.inNamespace { try Mounting.unmount(place.models) }
                #expect(try await daemon.sync().skipped == [place.models.description])
                #expect(try await daemon.states() == ["models/a.pt": "missing"])
                #expect(try await daemon.message().contains("--accept-empty"))
            }
            // Nor is it an emptied library for a daemon that starts now.
            try await withDaemon(place, .apart) { daemon in
                #expect(try await daemon.sync().skipped == [place.models.description])
                #expect(try await daemon.states() == ["models/a.pt": "missing"])
                try await daemon.inNamespace { try Mounting.bind(file.parent, at: place.models) }
                #expect(try await daemon.sync().skipped == [])
                #expect(try await daemon.states() == ["models/a.pt": "indexed"])
                #expect(try await daemon.status().hashing.filesTotal == 0)
                #expect(try await daemon.status().state == "ready")
            }
        }
    }

    @Test func linksIntoAMountComeAndGoWithIt() async throws {
        try await withPlace { place in
            let (point, drive) = (place.directory.appending("usb"), place.directory.appending("drive"))
            try makeDirectory(point)
            try makeDirectory(drive.appending("loras"))
            for name in ["loras/a.pt", "single"] {
                try writeFile(drive.appending(name), name)
                try setAge(drive.appending(name), seconds: 3600)
            }
            try makeSymbolicLink(place.models.appending("loras"), to: point.appending("loras"))
            try makeSymbolicLink(place.models.appending("b.pt"), to: point.appending("single"))
            try await withDaemon(place, .apart) { daemon in
                try await daemon.sync()
                #expect(try await daemon.states() == [:])
                for _ in 0..<2 {
                    try await daemon.inNamespace { try Mounting.bind(drive, at: point) }
                    try await daemon.sync()
                    #expect(
                        try await daemon.states() == ["models/loras/a.pt": "indexed", "models/b.pt": "indexed"])
                    #expect(try await daemon.status().state == "ready")
                    try await daemon.inNamespace { try Mounting.unmount(point) }
                    try await daemon.sync()
                    #expect(
                        try await daemon.states() == ["models/loras/a.pt": "missing", "models/b.pt": "missing"])
                }
                #expect(try await daemon.status().hashing.filesTotal == 2)
            }
        }
    }

    @Test func mountThatForbidsWritingIsReadAllTheSame() async throws {
        try await withPlace { place in
            let point = place.models.appending("drive")
            try makeDirectory(point)
            try await withDaemon(place, .apart) { daemon in
                try await daemon.inNamespace {
                    try Mounting.mountMemory(point)
                    try place.addFile("drive/a.pt", "a")
                    try Mounting.setReadOnly(point, true)
                }
                try await daemon.sync()
                #expect(try await daemon.states() == ["models/drive/a.pt": "indexed"])
                #expect(try await daemon.status().state == "ready")
                try await daemon.inNamespace {
                    try Mounting.setReadOnly(point, false)
                    try place.addFile("drive/b.pt", "b")
                }
                try await daemon.sync()
                #expect(
                    try await daemon.states() == ["models/drive/a.pt": "indexed", "models/drive/b.pt": "indexed"])
                #expect(try await daemon.status().hashing.filesTotal == 2)
            }
        }
    }
}

/// A file that is open as long as this lives.
private final class HeldFile: Sendable {
    private let descriptor: FileDescriptor

    init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }
}
