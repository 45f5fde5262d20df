import LinuxSystem
import TestSupport

/// The same questions to the same database without kikod, by Python's sqlite3: one statement a question, prepared once,
/// whose rows hold what an answer needs of the file and its content, and become Python's values and no JSON.
struct IndexFloor {
    let lookupMedian: Double
    let lookupTail: Double
    let lookupsPerSecond: Double
    /// Milliseconds for all files.
    let list: Double

    private static let script = """
        import random, sqlite3, sys, time
        path, hashes, count = sys.argv[1], open(sys.argv[2]).read().split(), int(sys.argv[3])
        database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        columns = "SELECT f.*, c.* FROM local_files f JOIN contents c ON c.id = f.content_id "
        times = []
        for _ in range(count):
            hash, began = random.choice(hashes), time.perf_counter()
            if not database.execute(columns + "WHERE c.sha256 = ?", (hash,)).fetchall(): sys.exit("no file has " + hash)
            times.append(time.perf_counter() - began)
        times.sort()
        began = time.perf_counter()
        for _ in database.execute(columns + "ORDER BY f.file_path"): pass
        listed = time.perf_counter() - began
        print(times[count // 2] * 1000, times[count * 99 // 100] * 1000, count / sum(times), listed * 1000)
        """

    /// nil where Python is missing.
    init?(_ place: BenchPlace, hashes: FilePath, lookups: Int) throws {
        guard let python = HashTool.program("python3") else { return nil }
        let output = place.directory.appending("floor")
        _ = try MeasuredProcess.run(
            [
                python, "-c", Self.script, place.directory.appending("data/models.db").description, hashes.description,
                "\(lookups)",
            ], environment: Programs.environment(home: place.directory.appending("home"), [:]), output: output)
        let numbers = String(decoding: try readFile(output, limit: 4096), as: UTF8.self)
            .split { $0 == " " || $0 == "\n" }.compactMap { Double($0) }
        guard numbers.count == 4 else { throw TestFailure("python3 printed \(numbers)") }
        (lookupMedian, lookupTail, lookupsPerSecond, list) = (numbers[0], numbers[1], numbers[2], numbers[3])
    }
}
