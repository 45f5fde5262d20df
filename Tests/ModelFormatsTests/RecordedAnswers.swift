import LinuxSystem
import TestSupport

/// A recorded answer or sidecar, where the checkout lies beside a folder of such files; nil elsewhere.
func recordedAnswer(_ name: String) -> [UInt8]? {
    guard let folder = Programs.packageDirectory?.parent.appending("shared/fixtures/civitai") else { return nil }
    return try? readFile(folder.appending(name), limit: 1 << 20)
}
