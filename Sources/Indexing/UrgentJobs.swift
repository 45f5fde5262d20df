internal import LinuxSystem

/// Changes that somebody waits for, in the order in which they came; a directory waits to be listed only once.
struct UrgentJobs: Sendable {
    private struct Directory: Hashable, Sendable {
        /// A job for a place that is no more is not done.
        let place: Int
        let path: FilePath
    }

    private var jobs = FirstInFirstOut<WalkJob>()
    /// Directories that wait to be listed, and whether with everything below them.
    private var directories: [Directory: Bool] = [:]

    var isEmpty: Bool { jobs.isEmpty }
    var count: Int { jobs.count }

    /// Adds a job; false when one that waits does the same.
    mutating func append(_ job: WalkJob) -> Bool {
        if case .directory(let place, let path, let recursive) = job {
            let directory = Directory(place: place.number, path: path)
            if let waiting = directories[directory], waiting || !recursive { return false }
            directories[directory] = recursive
        } else if let last = jobs.last, job.isCovered(by: last) {
            return false
        }
        jobs.append(job)
        return true
    }

    mutating func popFirst() -> WalkJob? {
        let job = jobs.popFirst()
        if case .directory(let place, let path, let recursive) = job {
            let directory = Directory(place: place.number, path: path)
            if directories[directory] == recursive { directories[directory] = nil }
        }
        return job
    }

    mutating func removeAll() -> [WalkJob] {
        directories = [:]
        return jobs.removeAll()
    }
}
