internal import Catalog
internal import Glibc
internal import HTTPServer
internal import IndexAPI
internal import Indexing
internal import LinuxSystem

/// `GET /metrics`. Names and units by Prometheus' conventions (prometheus.io/docs/practices/naming).
extension APIRequestHandler {
    func answerWithMetrics(_ route: APIRoute) throws -> HTTPResponse {
        var metrics = MetricsText()
        let status = try status()
        let files = try index.catalog.read { try $0.countsByStateAndType() }
        metrics.family("kikod_build_info", .gauge, "The version that runs; always 1.")
        metrics.sample("kikod_build_info", ["version": status.version], 1)
        metrics.family("kikod_state", .gauge, "1 for the state that the daemon is in.")
        for state in Vocabulary.daemonStates {
            metrics.sample("kikod_state", ["state": state], state == status.state ? 1 : 0)
        }
        metrics.family(
            "kikod_files", .gauge,
            "Files of the roots by state and type; those being read for the first time are pending.")
        for (state, type, count) in files {
            let type = type.isEmpty ? Vocabulary.unknown : type
            metrics.sample("kikod_files", ["state": state, "type": type], count)
        }
        metrics.add("kikod_files_bytes", .gauge, status.files.bytes, "Size of the files that are there.")
        metrics.family("kikod_roots", .gauge, "Roots by state.")
        for state in Vocabulary.rootStates {
            metrics.sample("kikod_roots", ["state": state], status.roots.count { $0.state == state })
        }
        addHashing(status, to: &metrics)
        addCivitAI(status.civitai, to: &metrics)
        metrics.add("kikod_database_bytes", .gauge, status.database.bytes, "Size of the database and its log.")
        addEvents(to: &metrics)
        addRequests(to: &metrics)
        addProcess(to: &metrics)
        return HTTPResponse(headers: Self.headers(mediaType: route.mediaType), body: .bytes(Array(metrics.text.utf8)))
    }

    private func addHashing(_ status: StatusAnswer, to metrics: inout MetricsText) {
        let hashing = status.hashing
        metrics.add("kikod_hashed_bytes_total", .counter, hashing.bytesTotal, "Bytes read for hashes.")
        metrics.add("kikod_hashed_files_total", .counter, hashing.filesTotal, "Files read for hashes.")
        metrics.add(
            "kikod_hashing_bytes_per_second", .gauge, hashing.bytesPerSecond,
            "Bytes read a second, of the last seconds.")
        metrics.add("kikod_hashing_workers", .gauge, hashing.workers, "Threads that hash.")
        metrics.add("kikod_hashing_current_files", .gauge, hashing.current.count, "Files that are being read.")
        metrics.family("kikod_hashing_state", .gauge, "1 for the state that hashing is in.")
        for state in Vocabulary.hashingStates {
            metrics.sample("kikod_hashing_state", ["state": state], state == hashing.state ? 1 : 0)
        }
        metrics.add("kikod_hashing_queue_files", .gauge, status.queue.depth, "Files in the queue in memory.")
        metrics.add("kikod_hashing_queue_capacity_files", .gauge, status.queue.capacity, "The most that it takes.")
        metrics.add(
            "kikod_hashing_pending_bytes", .gauge, status.queue.pendingBytes, "Size of all files that wait to be read.")
    }

    private func addCivitAI(_ civitai: CivitaiStatus, to metrics: inout MetricsText) {
        metrics.add(
            "kikod_civitai_requests_total", .counter, civitai.requestsTotal,
            "Requests to CivitAI, those for images apart.")
        metrics.family("kikod_civitai_contents", .gauge, "Contents by what came of the question to CivitAI.")
        let outcomes = [
            ("pending", civitai.pending), ("found", civitai.found), ("not_found", civitai.notFound),
            ("error", civitai.error),
        ]
        for (state, count) in outcomes { metrics.sample("kikod_civitai_contents", ["state": state], count) }
    }

    private func addEvents(to metrics: inout MetricsText) {
        metrics.add(
            "kikod_watch_overflows_total", .counter, index.indexer.watchOverflows,
            "How often the kernel's queue of file events was full, which has everything looked through.")
        metrics.add("kikod_event_streams", .gauge, events.count, "Clients that follow the events.")
        metrics.add("kikod_events_total", .counter, events.log.newest, "Events that were told.")
        metrics.add(
            "kikod_event_streams_lost_total", .counter, events.losses,
            "How often a client learned that it has missed events.")
    }

    private func addRequests(to metrics: inout MetricsText) {
        let measured = requests.measured
        metrics.family("kikod_http_requests_total", .counter, "Requests by route and status.")
        for (route, figures) in measured {
            for (status, count) in figures.statuses.sorted(by: { $0.key < $1.key }) {
                metrics.sample(
                    "kikod_http_requests_total",
                    ["method": route?.method.rawValue ?? "", "route": route?.template ?? "", "status": String(status)],
                    count)
            }
        }
        let name = "kikod_http_request_duration_seconds"
        metrics.family(name, .histogram, "From the whole request to the beginning of its answer.")
        for (route, figures) in measured {
            let (method, path) = (route?.method.rawValue ?? "", route?.template ?? "")
            var count = 0
            for (bucket, number) in figures.buckets.enumerated() {
                count += number
                let bound = bucket < RequestMetrics.bounds.count ? "\(RequestMetrics.bounds[bucket])" : "+Inf"
                metrics.sample(name + "_bucket", ["method": method, "route": path, "le": bound], count)
            }
            metrics.sample(name + "_sum", ["method": method, "route": path], Double(figures.nanoseconds) / 1e9)
            metrics.sample(name + "_count", ["method": method, "route": path], count)
        }
    }

    /// What Prometheus' own client libraries tell of a process.
    private func addProcess(to metrics: inout MetricsText) {
        let usage = ProcessUsage.now
        metrics.add("process_cpu_seconds_total", .counter, usage.cpuSeconds, "User and system time.")
        if let bytes = usage.residentBytes {
            metrics.add("process_resident_memory_bytes", .gauge, bytes, "Memory in use.")
        }
        if let descriptors = usage.openDescriptors {
            metrics.add("process_open_fds", .gauge, descriptors, "Open file descriptors.")
        }
        metrics.add(
            "process_start_time_seconds", .gauge, requests.startedAt, "When the process began, in seconds since 1970.")
    }
}
