internal import Catalog
internal import LinuxSystem

extension FileChange {
    /// The places that the change is about to alter.
    struct Places: Sendable {
        var file: FilePlace?
        var displaced: FilePlace?
    }

    /// What the catalogue has before the change; only what `events` needs is asked.
    func places(_ writer: CatalogWriter) throws -> Places {
        switch self {
        case .replace(let id, _, _, _), .keep(let id, _, _): Places(file: try writer.place(ofFile: id))
        case .move(let id, _, let displaced, _, _):
            Places(
                file: try writer.place(ofFile: id),
                displaced: try displaced.flatMap { $0 == id ? nil : try writer.place(ofFile: $0) })
        case .add, .setHeld, .retry, .trouble, .look: Places()
        }
    }

    /// What to tell of the change when it has been made.
    ///
    /// - Parameter id: the row that now stands for the file.
    func events(ofFile id: Int64, before: Places, _ writer: CatalogWriter) throws -> [IndexEvent] {
        switch self {
        case .add(let file, let content, _):
            return [IndexEvent(.fileAdded, fileID: id, path: file.path)] + (try indexed(id, file, content, writer))
        case .replace(_, let file, let content, _):
            return returned(id, file, before) + [IndexEvent(.fileChanged, fileID: id, path: file.path)]
                + (try indexed(id, file, content, writer))
        case .keep(_, let file, _): return returned(id, file, before)
        case .move(_, let file, let displaced, _, _):
            var events: [IndexEvent] = []
            if let displaced, let place = before.displaced, place.isPresent {
                events.append(IndexEvent(.fileMissing, fileID: displaced, path: place.path))
            }
            // The path of a row that another has displaced is not where its file was.
            guard let place = before.file, place.isCovered else { return events + returned(id, file, before) }
            events.append(IndexEvent(.fileMoved, fileID: id, path: file.path, oldPath: place.path))
            return events
        case .trouble(let id, let message):
            return [IndexEvent(.fileError, fileID: id, path: try writer.place(ofFile: id)?.path, message: message)]
        case .setHeld, .retry, .look: return []
        }
    }

    private func returned(_ id: Int64, _ file: ObservedFile, _ before: Places) -> [IndexEvent] {
        before.file?.isPresent == false ? [IndexEvent(.fileReturned, fileID: id, path: file.path)] : []
    }

    /// A link to a file that is known needs no reading.
    private func indexed(
        _ id: Int64, _ file: ObservedFile, _ content: CatalogWriter.Content, _ writer: CatalogWriter
    ) throws -> [IndexEvent] {
        guard case .shared = content, try writer.place(ofFile: id)?.state == .indexed else { return [] }
        return [IndexEvent(.fileIndexed, fileID: id, path: file.path)]
    }
}
