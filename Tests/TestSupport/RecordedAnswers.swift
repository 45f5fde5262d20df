package import LinuxSystem

/// The folder with recorded answers of CivitAI, where the checkout lies beside one; nil elsewhere.
package var recordedAnswersFolder: FilePath? {
    guard let folder = Programs.packageDirectory?.parent.appending("shared/fixtures/civitai"),
        (try? FileStatus.of(folder).kind) == .directory
    else { return nil }
    return folder
}

/// A recorded answer or sidecar; nil where there are none.
package func recordedAnswer(_ name: String) -> [UInt8]? {
    recordedAnswersFolder.flatMap { try? readFile($0.appending(name), limit: 1 << 20) }
}
