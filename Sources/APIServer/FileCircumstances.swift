internal import Indexing

/// What answers about files go by besides the catalogue, as it was at one moment.
struct FileCircumstances: Sendable {
    /// Numbers of the files that workers read.
    let reading: Set<Int64>
    /// False while requests to CivitAI are switched off.
    let isAskingCivitAI: Bool
}

extension APIIndex {
    /// As it is now.
    var circumstances: FileCircumstances {
        FileCircumstances(reading: indexer.readingFiles, isAskingCivitAI: isAskingCivitAI)
    }

    /// False while requests to CivitAI are switched off.
    var isAskingCivitAI: Bool { lookups.isAsking }
}
