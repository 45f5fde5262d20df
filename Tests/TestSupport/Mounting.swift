internal import CTestSupport
internal import Glibc
package import LinuxSystem
internal import Synchronization

/// Mounts that nobody else sees: in a namespace of its own, which ends with its last process and takes them along.
package enum Mounting {
    /// True when this process may make mount namespaces and mount in them, which is tried in a child.
    package static let isPossible: Bool = {
        guard geteuid() == 0 else { return false }
        let launch = ChildProcess.Launch(
            program: FilePath(wrapper[0]),
            arguments: (wrapper.dropFirst() + ["mount", "-t", "tmpfs", "kikod-test", "/mnt"]).map { Array($0.utf8) },
            environment: ["PATH=/usr/bin:/bin:/usr/sbin:/sbin"], workingDirectory: .root,
            output: .file(FilePath("/dev/null")), errors: FilePath("/dev/null"))
        guard let process = try? ChildProcess(launch) else { return false }
        return process.wait(until: .now.advanced(milliseconds: 10_000)) == .exited(0)
    }()

    /// The words before a program that give it a mount namespace of its own, in which no mount of others appears.
    package static let wrapper = ["/usr/bin/unshare", "--mount", "--propagation", "private"]

    /// Moves the calling thread, which has to end afterwards, to the mount namespace of a process.
    package static func enterNamespace(ofProcess id: Int32) throws {
        let namespace = try FileDescriptor.open(FilePath("/proc/\(id)/ns/mnt"), O_RDONLY)
        try systemCall("setns") { test_enter_mount_namespace(namespace.number) }
    }

    package static func mountMemory(_ target: FilePath, options: String = "size=16m") throws {
        try mount("kikod-test", target, type: "tmpfs", data: options)
    }

    package static func bind(_ source: FilePath, at target: FilePath) throws {
        try mount(source.description, target, flags: test_mount_bind)
    }

    /// Forbids to write below a mount point, or allows it again.
    package static func setReadOnly(_ target: FilePath, _ isReadOnly: Bool) throws {
        try mount("none", target, flags: test_mount_remount | (isReadOnly ? test_mount_read_only : 0))
    }

    package static func unmount(_ target: FilePath, lazily: Bool = false) throws {
        try systemCall("umount2", target.description) {
            unsafe test_unmount(target.description, lazily ? test_unmount_lazily : 0)
        }
    }

    private static func mount(
        _ source: String, _ target: FilePath, type: String? = nil, flags: UInt = 0, data: String? = nil
    ) throws {
        try systemCall("mount", target.description) {
            unsafe test_mount(source, target.description, type, flags, data)
        }
    }

    /// A drive that hangs: every question about it waits until the object ends, and fails from then on.
    ///
    /// It is a file system whose server never answers (fuse(4)).
    package final class HungDrive: Sendable {
        private let server: Int32
        private let isOpen = Mutex(true)

        /// Mounts it.
        package init(_ target: FilePath) throws {
            server = try systemCall("open", "/dev/fuse") { unsafe open("/dev/fuse", O_RDWR | O_CLOEXEC) }
            do {
                try mount(
                    "kikod-test", target, type: "fuse",
                    data: "fd=\(server),rootmode=40000,user_id=0,group_id=0")
            } catch {
                close(server)
                throw error
            }
        }

        /// Ends the server: whoever waits gets an error, as everybody does from now on.
        package func end() {
            isOpen.withLock { isOpen in
                if isOpen { close(server) }
                isOpen = false
            }
        }

        deinit { end() }
    }
}
