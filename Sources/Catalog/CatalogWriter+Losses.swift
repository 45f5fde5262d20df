internal import SQLite

/// Files that a verification waits for and does not get.
extension CatalogWriter {
    /// What came between a verification and a file.
    enum Loss: String {
        case changed, missing, uncovered, rehashed

        func sentence(files: Int64) -> String {
            let (subject, were, they) =
                files == 1 ? ("1 file", "was", "it was") : ("\(files) files", "were", "they were")
            return switch self {
            case .changed: "\(subject) \(were) changed or replaced before \(they) read"
            case .missing: "\(subject) went missing before \(they) read"
            case .uncovered: "\(subject) left the roots before \(they) read"
            case .rehashed: "\(subject) \(were) left to a rehash, which believes what it finds, before \(they) read"
            }
        }
    }

    /// Verifications wait no more for the files that meet a condition, and will say so.
    func loseVerifications(_ loss: Loss, where condition: String, _ bindings: [Value] = []) throws {
        let lost = try connection.rows(
            """
            SELECT verify_id, count(*) FROM local_files WHERE verify_id IS NOT NULL AND (\(condition))
            GROUP BY verify_id
            """, bindings
        ) { (verification: $0.integer(0), files: $0.integer(1)) }
        guard !lost.isEmpty else { return }
        for (verification, files) in lost {
            try connection.run(
                """
                INSERT INTO verification_losses (verify_id, reason, files) VALUES (?1, ?2, ?3)
                ON CONFLICT (verify_id, reason) DO UPDATE SET files = files + excluded.files
                """, [.integer(verification), .text(loss.rawValue), .integer(files)])
        }
        try connection.run(
            "UPDATE local_files SET verify_id = NULL WHERE verify_id IS NOT NULL AND (\(condition))", bindings)
    }

    /// Writes what a verification has lost into the errors of its row.
    func tellLosses(of verification: Int64) throws {
        let losses = try connection.rows(
            "SELECT reason, files FROM verification_losses WHERE verify_id = ? ORDER BY reason",
            [.integer(verification)]
        ) { (loss: Loss(rawValue: $0.text(0)), files: $0.integer(1)) }
        // There are few reasons, so that they stand even behind a long list.
        for case (let loss?, let files) in losses {
            try addError(loss.sentence(files: files), to: verification, limit: .max)
        }
        guard !losses.isEmpty else { return }
        try connection.run("DELETE FROM verification_losses WHERE verify_id = ?", [.integer(verification)])
    }
}
