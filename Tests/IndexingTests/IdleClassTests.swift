import CTestSupport
import Catalog
import LinuxSystem
import TestSupport
import Testing

@testable import Indexing

/// Nobody is to notice that files are hashed.
@Suite struct IdleClassTests {
    /// In a process of its own, as those of other tests begin and end.
    @Test func onlyThreadsThatReadAndHashAreOfTheIdleClasses() async {
        await #expect(processExitsWith: .success) {
            try await withIndexer(configured: { $0.workers = 2 }) { library in
                for name in ["a", "b", "c"] { try writeModel(library.appending("\(name).pt"), [1, 2, 3]) }
            } _: { fixture in
                try await fixture.sync()
                // At a byte a second the first piece takes the time of the next hour.
                fixture.indexer.running?.hashing.setMaximumRate(1)
                try writeModel(fixture.path("d.pt"), [UInt8](repeating: 4, count: 8192))
                // A worker has a file that its reader may not read yet.
                let hashing = try #require(fixture.indexer.running).hashing
                try await eventually {
                    try hashing.readingFiles.count == 1
                        && ThreadClass.all().count { $0.name == "file-reader" } == 1
                }
                let threads = try ThreadClass.all()
                for thread in threads {
                    let isToBeIdle = ["hash-1", "hash-2"].contains(thread.name)
                    #expect(thread.isIdle == (isToBeIdle || thread.name == "file-reader"), "\(thread)")
                    if thread.isIdle {
                        #expect((thread.niceness, thread.inputOutputClass) == (19, 3), "\(thread)")
                    } else {
                        #expect(thread.niceness < 19 && thread.inputOutputClass != 3, "\(thread)")
                    }
                }
                let idle = threads.filter(\.isIdle).map(\.name).sorted()
                #expect(idle == ["file-reader", "hash-1", "hash-2"])
                fixture.indexer.running?.hashing.setMaximumRate(0)
                try await fixture.sync()
                #expect(try fixture.states().values.allSatisfy { $0 == .indexed })
            }
        }
    }
}

/// How a thread is treated by the kernel.
private struct ThreadClass {
    let name: String
    /// SCHED_IDLE, which is 5 (sched(7)).
    let isIdle: Bool
    let niceness: Int
    /// 3 is that of idle threads (ioprio_get(2)).
    let inputOutputClass: Int32

    /// All threads of this process.
    static func all() throws -> [ThreadClass] {
        let directory = FilePath("/proc/self/task")
        return try directoryNames(directory).compactMap { thread in
            guard let number = Int32(String(decoding: thread, as: UTF8.self)),
                let bytes = try? readFile(directory.appending(thread).appending("stat"), limit: 4096)
            else { return nil }
            // The name stands in parentheses; the state after it is the third field (proc_pid_stat(5)).
            let text = String(decoding: bytes, as: UTF8.self)
            guard let start = text.firstIndex(of: "("), let end = text.lastIndex(of: ")") else { return nil }
            let fields = text[end...].split(separator: " ").dropFirst().map(String.init)
            guard fields.count > 38, let niceness = Int(fields[19 - 3]) else { return nil }
            return ThreadClass(
                name: String(text[text.index(after: start)..<end]), isIdle: fields[41 - 3] == "5",
                niceness: niceness, inputOutputClass: test_io_priority(number) >> 13)
        }
    }
}
