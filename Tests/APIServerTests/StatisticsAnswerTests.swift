import FoundationEssentials
import IndexAPI
import TestSupport
import Testing

@testable import APIServer

/// `GET stats` and `GET /metrics`.
@Suite struct StatisticsAnswerTests {
    @Test func filesAreCounted() async throws {
        try await withAPI { api in
            let bytes = safetensors(metadata: "{}")
            try await api.add("loras/a.safetensors", bytes)
            try await api.add("loras/b.safetensors", bytes)
            try await api.add("c.safetensors", safetensors(metadata: #"{"a":"b"}"#))
            let answer = try await api.get("stats")
            #expect(
                try keys(answer.body) == [
                    "files", "bytes", "by_type", "by_base_model", "by_state", "by_civitai_state", "contents",
                    "wasted_bytes", "last_scan",
                ])
            let stats = try answer.decode(StatsAnswer.self)
            #expect((stats.files, stats.contents, stats.wastedBytes) == (3, 2, Int64(bytes.count)))
            #expect(stats.byType == ["lora": 2, "unknown": 1])
            #expect(stats.byBaseModel == ["unknown": 3])
            #expect(stats.byState == ["pending": 0, "hashing": 0, "indexed": 3, "error": 0, "missing": 0])
            #expect(
                stats.byCivitaiState
                    == ["off": 3, "pending": 0, "found": 0, "not_found": 0, "error": 0, "unlinked": 0])
            #expect(stats.lastScan?.completedAt != nil)
        }
    }

    @Test func metricsAreInPrometheusFormat() async throws {
        try await withAPI { api in
            try await api.add("loras/a.safetensors", safetensors(metadata: "{}"))
            _ = try await api.get("lookup?hash=00000000")
            _ = try await api.get("nothing")
            _ = try await api.get("lookup?hash=x")
            _ = api.handler.failure(status: 413, reason: "too large")
            let answer = try await api.get("/metrics")
            #expect(answer.status == 200)
            #expect(answer.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8")
            var types: [String: String] = [:]
            var values: [String: Double] = [:]
            for line in answer.text.split(separator: "\n") {
                if line.hasPrefix("# TYPE ") {
                    let words = line.split(separator: " ")
                    #expect(types.updateValue(String(words[3]), forKey: String(words[2])) == nil)
                    continue
                }
                if line.hasPrefix("# HELP ") { continue }
                let space = try #require(line.lastIndex(of: " "))
                let series = String(line[..<space])
                #expect(values.updateValue(try #require(Double(line[space...].dropFirst())), forKey: series) == nil)
                let name = String(series.prefix { $0 != "{" })
                let base = ["_bucket", "_sum", "_count"].first {
                    name.hasSuffix($0) && types[String(name.dropLast($0.count))] != nil
                }
                #expect(types[base.map { String(name.dropLast($0.count)) } ?? name] != nil, "\(line)")
                // Counters, and nothing else, end with the unit "total".
                #expect((types[name] == "counter") == name.hasSuffix("_total"), "\(line)")
            }
            #expect(values[#"kikod_files{state="indexed",type="lora"}"#] == 1)
            #expect(values["kikod_hashed_files_total"] == 1)
            #expect(values[#"kikod_state{state="ready"}"#] == 1)
            #expect(values["kikod_watch_overflows_total"] == 0)
            #expect(values["kikod_database_bytes"] ?? 0 > 0)
            #expect(values["process_open_fds"] ?? 0 > 2)
            #expect(values["process_resident_memory_bytes"] ?? 0 > 1_000_000)
            let lookup = #"method="GET",route="/api/v1/lookup""#
            #expect(values[#"kikod_http_requests_total{\#(lookup),status="404"}"#] == 1)
            #expect(values[#"kikod_http_requests_total{\#(lookup),status="400"}"#] == 1)
            #expect(values[#"kikod_http_requests_total{method="",route="",status="404"}"#] == 1)
            #expect(values[#"kikod_http_requests_total{method="",route="",status="413"}"#] == 1)
            #expect(values[#"kikod_http_request_duration_seconds_bucket{\#(lookup),le="+Inf"}"#] == 2)
            #expect(values[#"kikod_http_request_duration_seconds_count{\#(lookup)}"#] == 2)
            #expect(values["process_start_time_seconds"] == api.handler.requests.startedAt)
            let buckets = RequestMetrics.bounds.map {
                values[#"kikod_http_request_duration_seconds_bucket{\#(lookup),le="\#($0)"}"#] ?? -1
            }
            #expect(buckets == buckets.sorted() && !buckets.contains(-1))
        }
    }

    @Test func labelsAreEscaped() {
        var metrics = MetricsText()
        metrics.family("a", .gauge, "Help.")
        metrics.sample("a", ["b": "c\"\\\nd"], 1.5)
        #expect(metrics.text == "# HELP a Help.\n# TYPE a gauge\na{b=\"c\\\"\\\\\\nd\"} 1.5\n")
    }
}
