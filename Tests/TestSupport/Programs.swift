internal import Glibc
package import LinuxSystem

/// Something that a test needs and did not get; with what the programs said.
package struct TestFailure: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}

/// The built programs, which lie beside the tests.
package enum Programs {
    /// Where a built program lies.
    package static func path(_ name: String) throws -> FilePath {
        for directory in candidates {
            let path = directory.appending(name)
            if (try? FileStatus.of(path).kind) == .regular { return path }
        }
        throw TestFailure("\(name) is in none of \(candidates)")
    }

    /// The directory of the running test program, and those of its arguments, one of which names the test bundle.
    private static var candidates: [FilePath] {
        let named = CommandLine.arguments.filter { $0.hasSuffix(".xctest") }.map { FilePath($0) }
        var directories = named.map { $0.absolute(from: currentDirectory).parent }
        if let own = realPath(of: FilePath("/proc/self/exe")) { directories.append(own.parent) }
        return directories
    }

    /// The directory that holds Package.swift.
    package static var packageDirectory: FilePath? {
        var directory = FilePath(#filePath).parent
        while directory != .root {
            if (try? FileStatus.of(directory.appending("Package.swift")).kind) == .regular { return directory }
            directory = directory.parent
        }
        return nil
    }

    private static var currentDirectory: FilePath { realPath(of: FilePath(".")) ?? .root }

    private static func realPath(of path: FilePath) -> FilePath? {
        guard let descriptor = try? FileDescriptor.open(path, pathOnlyFlag) else { return nil }
        return LinuxSystem.realPath(ofDescriptor: descriptor.number)
    }

    /// The environment of every program: nothing of the caller's but what tools that watch the tests need.
    package static func environment(home: FilePath, _ more: [String: String]) -> [String] {
        var environment = ["HOME": home.description, "PATH": "/usr/bin:/bin", "TZ": "UTC"]
        for name in ["LLVM_PROFILE_FILE", "TSAN_OPTIONS", "ASAN_OPTIONS", "LD_LIBRARY_PATH"] {
            if let value = unsafe getenv(name) { unsafe environment[name] = String(cString: value) }
        }
        return environment.merging(more) { _, new in new }.map { "\($0)=\($1)" }
    }
}
